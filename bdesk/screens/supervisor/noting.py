"""F5 on the board: a note on the case of the selected row, the same draft as on the case itself."""

from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.operations import notes

if TYPE_CHECKING:
    from bdesk.screens.supervisor.screen import SupervisorScreen


class Noting:
    """The note that is written in the field above the list; `case` is the id of its case."""

    def __init__(self, screen: "SupervisorScreen") -> None:
        self.screen = screen
        self.case: int | None = None

    def begin(self, case_id: int, case_no: str) -> None:
        """Into the note; a choice that waits for words gives way, its words stay kept."""
        if self.screen.deciding.chosen is not None:
            self.screen.deciding.drop()
        self.case = case_id
        kept = str(self.screen.place.desk.drafts.load(f"case:{case_id}").get("note", ""))
        title = [("    ", "text"), (f"{_('Note')}  ", "strong"), (case_no, "soft")]
        self.screen.body.ask(
            title, words=kept, hint=_("Enter keeps it, Esc leaves it as a draft"), many=False, wordless=False
        )
        self.screen.focus_field("words")

    def typed(self, text: str) -> None:
        """A keystroke in the note."""
        if self.case is not None:
            self.screen.place.desk.drafts.save(f"case:{self.case}", "note", text)

    def keep(self, text: str) -> None:
        """Enter: the note is kept; until it is, it stays where it stands."""
        case_id = self.case
        if case_id is None or not text.strip():
            self.leave()
            return

        def kept(_changed: Changed) -> None:
            self.screen.place.desk.drafts.save(f"case:{case_id}", "note", None)
            self.leave()

        self.screen.perform(notes.add_note, case_id, text.strip(), then=kept)

    def leave(self) -> None:
        """Out of the note; what was typed is a draft."""
        if self.case is not None:
            self.case = None
            self.screen.body.ask_no_more()
            self.screen.body.list.focus()
