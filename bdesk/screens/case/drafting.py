"""What is half typed on a case: kept per case and step, untouched by anybody else's update (UX 9)."""

from collections.abc import Mapping

from bdesk.data.drafts import Drafts


class CaseDrafts:
    """The drafts of cases, by case. Factors never come here (B0.4): the form leaves them out."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self.saved = False
        """Whether anything half typed was kept since the case came up or its last answer was given."""

    def fields(self, case_id: int, step: str) -> dict[str, str]:
        """The raw texts of a step's fields."""
        kept = self._drafts.load(_place(case_id)).get(f"step:{step}")
        return {str(name): str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}

    def keep_fields(self, case_id: int, step: str, values: Mapping[str, str]) -> None:
        self._drafts.save(_place(case_id), f"step:{step}", dict(values))
        # What proves who calls is never kept, and so never said to be.
        self.saved = any(values.values())

    def forget_fields(self, case_id: int, step: str) -> None:
        self._drafts.save(_place(case_id), f"step:{step}", None)
        self.saved = False

    def text(self, case_id: int, field: str) -> str:
        """A note or the words of an overlay, as they were left."""
        return str(self._drafts.load(_place(case_id)).get(field, ""))

    def keep_text(self, case_id: int, field: str, text: str) -> None:
        """Keep words; an empty text forgets them."""
        self._drafts.save(_place(case_id), field, text)
        self.saved = bool(text)

    def forget(self, case_id: int) -> None:
        """The case is done with."""
        self._drafts.forget(_place(case_id))


def _place(case_id: int) -> str:
    return f"case:{case_id}"
