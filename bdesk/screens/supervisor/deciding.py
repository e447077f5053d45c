"""From a digit to F8: what was chosen, for which requests, with which words, and whether F8 may do it now.

Nothing is decided by the digit. The strip stands once nothing is missing, and F8 counts 0.3 s after it was
painted (UX 5). For several requests count and sum are typed again (UX 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _
from bdesk.models.kinds import ApprovalState
from bdesk.models.labels import label_of
from bdesk.models.views.changed import Changed
from bdesk.models.views.supervision import WaitingRequest
from bdesk.operations import approvals
from bdesk.rules.money import parse_yuan
from bdesk.screens.supervisor import verdicts
from bdesk.screens.supervisor.answers import AnswersModal
from bdesk.screens.wallet.deciding import GONE, UNREADABLE_SECONDS, seconds
from bdesk.widgets import strips
from bdesk.widgets.lines import Piece

if TYPE_CHECKING:
    from bdesk.screens.supervisor.view import SupervisorView

PLACE, CHOSEN = "board", "chosen"
"""Where the choice is kept on disk, so that a strip is there on return and after a crash."""

MANY = "approval:many"

BRIEF = 12
"""Cells for what was decided, in the answer on many: beside the case and whose it is."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A verdict and the requests it is for."""

    code: str
    ids: tuple[int, ...]

    @property
    def place(self) -> str:
        """Where its words are kept."""
        return f"approval:{self.ids[0]}" if len(self.ids) == 1 else MANY


class Deciding:
    """What is pending on the board."""

    def __init__(self, screen: "SupervisorView") -> None:
        self.screen = screen
        self.chosen: Chosen | None = None
        self.flash = False
        self._painted_at: float | None = None
        self._came_back = False

    # Choosing

    def choose(self, code: str, ids: Sequence[int]) -> None:
        """Take a verdict for these requests; ask for what is missing."""
        self.chosen = Chosen(code, tuple(ids))
        self._forget_paint()
        if len(ids) == 1:
            self._drafts.save(PLACE, CHOSEN, {"code": code, "id": ids[0]}, at_once=True)
        self._ask()

    def come_back(self) -> None:
        """The choice of before: another screen was shown, or the desk was ended."""
        if self._came_back:
            return
        self._came_back = True
        kept = self._drafts.load(PLACE).get(CHOSEN)
        if not isinstance(kept, dict) or not isinstance(kept.get("id"), int):
            return
        one = self.screen.request(kept["id"])
        known = (verdicts.APPROVE, verdicts.REFUSE, verdicts.RETURN, verdicts.RISK, verdicts.ANSWER)
        if (
            one is None
            or one.alone
            or kept.get("code") not in known
            or self.screen.why_not(str(kept["code"]), one)
        ):
            self._drafts.save(PLACE, CHOSEN, None)
            return
        self.choose(str(kept["code"]), (one.id,))
        self.screen.body.list.focus()

    def check(self) -> None:
        """The board was read again: what was chosen may be decided by somebody else by now."""
        if self.chosen is not None and len(self.found) < len(self.chosen.ids):
            self.drop()
            self.screen.toast(_("It is decided or taken back by now; nothing was done here"), "hint")

    def drop(self) -> None:
        """Nothing is pending any more; words that were typed stay on disk."""
        self.chosen = None
        self._forget_paint()
        self._drafts.save(PLACE, CHOSEN, None, at_once=True)
        self.screen.body.ask_no_more()
        self.screen.body.list.focus()
        self.screen.show_verdicts()
        self.screen.frame()

    @property
    def found(self) -> list[WaitingRequest]:
        """The requests that are meant, as last read."""
        ids = self.chosen.ids if self.chosen is not None else ()
        return [one for number in ids if (one := self.screen.request(number)) is not None]

    def _ask(self) -> None:
        chosen, found, body = self.chosen, self.found, self.screen.body
        if chosen is None or not found:
            return
        many, words = len(chosen.ids) > 1, verdicts.wants_words(chosen.code, found)
        if many or words:
            kept = str(self._drafts.load(chosen.place).get("words", ""))
            title: list[Piece] = [("    ", "text"), *verdicts.phrase(chosen.code, found)]
            body.ask(title, words=kept, hint=verdicts.hint_of(chosen.code), many=many, wordless=not words)
            for name in ("count", "sum"):
                body.field(name).put("")
            self.screen.focus_field("count" if many else "words")
        else:
            body.ask_no_more()
            body.list.focus()
        self.screen.show_verdicts()
        self.typed()

    # Typing

    def typed(self) -> None:
        """What stands in the fields is another: the strip stands when nothing is missing."""
        chosen = self.chosen
        if chosen is None:
            return
        words = self._words
        if verdicts.wants_words(chosen.code, self.found):
            self._drafts.save(chosen.place, "words", words or None)
        self.flash = False
        if self.missing():
            self._painted_at = None
            self.screen.frame()
            return
        self.screen.frame()
        if self._painted_at is None:
            self.screen.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._painted_at = seconds()

    def _forget_paint(self) -> None:
        self.flash, self._painted_at = False, None

    @property
    def _words(self) -> str:
        asked = self.chosen is not None and verdicts.wants_words(self.chosen.code, self.found)
        return self.screen.body.field("words").value.strip() if asked else ""

    def missing(self) -> str:
        """What F8 still waits for; empty when nothing is."""
        chosen, found = self.chosen, self.found
        if chosen is None or not found:
            return _("Nothing is pending: 1 to 4 choose first")
        if len(chosen.ids) > 1:
            if self._typed_count() != len(found):
                return _("Type how many there are: {count} are marked", count=len(found))
            if self._typed_sum() != verdicts.total_fen(found):
                return _("Type the sum as it stands above")
        if verdicts.wants_words(chosen.code, found) and not self._words:
            return _("A few words are needed")
        return ""

    def _typed_count(self) -> int | None:
        text = self.screen.body.field("count").value
        return int(text) if text.isdecimal() else None

    def _typed_sum(self) -> int | None:
        try:
            return parse_yuan(self.screen.body.field("sum").value)
        except BadInput:
            return None

    def strip(self) -> strips.StripValues | None:
        """The pending strip: everything that F8 would do, to be read."""
        if self.chosen is None or self.missing():
            return None
        said: list[Piece] = verdicts.phrase(self.chosen.code, self.found)
        if len(self.found) > 1:
            said += verdicts.named(self.found)
        if words := self._words:
            said.append((f"  {words}", "text"))
        return strips.pending(said, flash=self.flash)

    # F8

    def commit(self) -> None:
        """F8: only what the strip says, only once it could be read."""
        if missing := self.missing():
            self.screen.toast(missing, "hint")
            return
        if self._painted_at is None or seconds() - self._painted_at < UNREADABLE_SECONDS:
            self.flash = True
            self.screen.frame()
            return
        self._painted_at = None  # a second F8 needs another painting
        chosen, words = self.chosen, self._words
        assert chosen is not None
        if len(chosen.ids) > 1:
            self._many(chosen, words)
            return
        (number,) = chosen.ids
        if chosen.code == verdicts.RISK:
            self.screen.perform(approvals.ask_risk, number, words, then=self._done)
        elif chosen.code == verdicts.ANSWER:
            self.screen.perform(approvals.answer_risk, number, words, then=self._done)
        else:
            self.screen.perform(approvals.decide, number, chosen.code, words, then=self._decided)

    def _many(self, chosen: Chosen, words: str) -> None:
        about = {one.id: f"{one.row.customer}  {verdicts.whose_words(one, BRIEF)}" for one in self.found}

        def answered(judged: tuple[approvals.Judged, ...]) -> None:
            self._done(judged)
            self.screen.unmark()
            self.screen.app.push_screen(AnswersModal(judged, about, self.screen.words()))

        self.screen.perform(
            approvals.decide_many,
            chosen.ids,
            chosen.code,
            words,
            count=self._typed_count(),
            total_fen=self._typed_sum(),
            then=answered,
        )

    def _decided(self, changed: Changed) -> None:
        state = label_of(ApprovalState, str(changed.params.get("state", "")))
        self.screen.toast(f"✓ {state}  {changed.case_no}", "hint")
        self._done(changed)

    def _done(self, _changed: Any) -> None:
        if self.chosen is not None:
            self._drafts.forget(self.chosen.place)
        self.drop()
        self.screen.settle()

    def refused(self, refused: DeskError) -> None:
        """It was not done: what is gone for good goes from here too, the rest stands to be done again."""
        if refused.code in GONE:
            if self.chosen is not None:
                self.drop()
                self.screen.settle()
        else:
            self.typed()

    @property
    def _drafts(self) -> Any:
        return self.screen.place.desk.drafts
