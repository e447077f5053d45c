"""The second person's decision on a frozen wallet (P6, WU8) or on account data (P8, AC5): on facts read anew,
with a reason and their own password, by F8 alone. Who asked never gets here; the operation asks all of it
again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.kinds import ApprovalState, Role
from bdesk.models.labels import label_of
from bdesk.models.views.snapshot import ApprovalView
from bdesk.operations import approvals
from bdesk.operations.looking.case import CasePage, case_page
from bdesk.operations.staff.passwords import has_han
from bdesk.rules import roles
from bdesk.screens import navigation
from bdesk.screens.modals.ask import numbered
from bdesk.screens.wallet import card, change
from bdesk.screens.working import start
from bdesk.screens.writing import write
from bdesk.speech import speak_error
from bdesk.widgets import strips
from bdesk.widgets.choices import Choice, Choices
from bdesk.widgets.fields import Field
from bdesk.widgets.panel import Field as Line
from bdesk.widgets.panel import Heading, Panel, Row, Text, Words
from bdesk.widgets.strips import StripBar

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen
    from bdesk.screens.case.screen import CaseScreen

DECIDE = "wallet.decide"
"""The code of the one choice that a decider has on somebody else's case."""

BESIDE = 12
"""Lines beside title and facts: edges, choices, two labels and fields, the strip."""
AIR = 10
"""So many blank lines more, and the parts stand apart: where all of it is in sight with them."""

UNREADABLE_SECONDS = 0.3
"""F8 counts only when what it does could be read (UX 5)."""


def to_decide(page: CasePage) -> ApprovalView | None:
    """The request that waits for the signed-in person: not their own, and their role decides such things."""
    snap = page.standing.snapshot
    if not roles.may(snap.actor.role, "approvals.decide"):
        return None
    waiting = (
        one
        for one in snap.approvals
        if one.state is ApprovalState.REQUESTED
        and one.action in approvals.OWN_PASSWORD
        and one.requested_by != snap.actor.number
    )
    return next(waiting, None)


def offered(page: CasePage) -> list[Choice]:
    """What stands in the place of the walk's answers for a decider: those are the maker's."""
    if to_decide(page) is None:
        return []
    return [Choice(DECIDE, _("Read the request and decide"))]


def ask(screen: "CaseScreen") -> None:
    """Read the case on the screen anew, then ask for the verdict."""
    if screen.case_id is not None:
        ask_about(screen, screen.case_id)


def ask_about(screen: "DeskScreen", case_id: int, then: Callable[[], None] | None = None) -> None:
    """The same for a case that stands in a list; `then` is called when it was decided."""

    async def read() -> None:
        page = await screen.place.desk.read(case_page, case_id)
        row = to_decide(page)
        if row is None:
            screen.toast(_("Nothing waits for your decision here"), "hint")
            return
        drafts = screen.place.desk.drafts
        kept = str(drafts.load(f"case:{case_id}").get("decision", ""))
        modal = DecideModal(
            page, row, kept, lambda text: drafts.save(f"case:{case_id}", "decision", text or None)
        )
        modal.decide = partial(_decide, screen, modal, case_id, then)
        await screen.app.push_screen(modal)

    # What is typed ahead is for the question: 1, and 1 again, opens it and approves.
    navigation.held(screen, read(), "read-decision")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was chosen. The password goes no further than the operation that compares it."""

    code: str
    words: str
    password: str

    def __repr__(self) -> str:
        return f"Verdict({self.code!r})"


GONE = frozenset({"approval.lapsed", "approval.decided", "approval.unknown"})
"""Refusals after which there is nothing left to decide."""


def _decide(
    screen: "DeskScreen",
    modal: "DecideModal",
    case_id: int,
    then: Callable[[], None] | None,
    verdict: Verdict,
) -> None:
    """Do it while the question stands: what is typed after a refusal stays in its fields, and never becomes
    keys of the screen below."""

    def done(_changed: object) -> None:
        modal.dismiss()
        screen.place.desk.drafts.save(f"case:{case_id}", "decision", None)
        if then is not None:
            then()

    def refused(why: DeskError) -> bool:
        if why.code in GONE:
            modal.dismiss()
            return False
        modal.refused(_why_not(why, screen))
        return True

    args = (modal.row.id, verdict.code, verdict.words)
    more = {"password": verdict.password}
    start(screen, partial(write, screen, approvals.decide, args, more, done, refused), "write")


def _why_not(why: DeskError, screen: "DeskScreen") -> str:
    """A refusal as whoever decides reads it: their own password, and whose it is where it is not theirs."""
    if why.code == "approval.password_wrong":
        return _("This is not your password. Nothing was decided; type it again.")
    if why.code == "limits.above" and why.params.get("needs"):
        role = label_of(Role, str(why.params["needs"]))
        return _("Nothing was decided: this is for {role}. Raise it to them (F7).", role=role)
    return speak_error(why, screen.words())


class DecideModal(ModalScreen[None]):
    """The request with fresh facts; 1 to 3, the reason, the password, and F8."""

    DEFAULT_CSS = """
    DecideModal { align: center top; }
    DecideModal > Vertical {
        width: 76; max-width: 98%; height: auto; max-height: 100%; margin: 1 0; padding: 0 2;
        background: $panel;
    }
    DecideModal Panel { height: auto; background: $panel; }
    DecideModal #box { height: auto; scrollbar-size: 0 0; }
    DecideModal Choices { height: auto; background: $panel; margin: 1 0 0 0; }
    DecideModal .typed { display: none; }
    DecideModal.-typing .typed { display: block; }
    DecideModal #strip { margin: 1 0 0 0; }
    DecideModal.-roomy > Vertical { margin: 3 0; padding: 1 2; }
    DecideModal.-roomy #title, DecideModal.-roomy Field { margin: 0 0 1 0; }
    DecideModal.-roomy .label { margin: 1 0 0 0; }
    DecideModal.-roomy #strip { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("f8", "commit", show=False, priority=True),
        Binding("tab,down", "app.focus_next", show=False),
        Binding("shift+tab,up", "app.focus_previous", show=False),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
    ]

    def __init__(self, page: CasePage, row: ApprovalView, words: str, kept: Callable[[str], None]) -> None:
        super().__init__()
        self.page, self.row, self.words, self.kept = page, row, words, kept
        self.decide: Callable[[Verdict], None] = lambda _verdict: None
        """What F8 does with the verdict; it dismisses this, or says here why not."""
        self.code: str | None = None
        self._shown_at: float | None = None
        self._says, self._more = "", False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Panel(self._title(), edge=0, id="title")
            with VerticalScroll(id="box", can_focus=False):
                yield Panel(self._facts(), edge=0, id="facts")
            yield Choices(
                numbered(
                    ("approve", _("Approve: {extent}", extent=self._asks_for())),
                    ("refuse", _("Refuse")),
                    ("return", _("Back with a question")),
                ),
                ground="panel",
                id="choices",
            )
            yield _small(_("Reason or question"), classes="typed label")
            yield Field(self.words, length=200, id="words", classes="typed")
            yield _small(_("Your own password, then F8 decides"), classes="typed")
            yield Field(password=True, length=128, id="password", classes="typed")
            yield StripBar(id="strip")

    def _title(self) -> list[Row]:
        note = f"{self.page.standing.snapshot.case.case_no}  Esc"
        if self._more:
            note = f"{note}  PgUp PgDn"
        says: list[Row] = [Text(self._says, "warn")] if self._says else []
        title = _("Decide on the change") if self._is_change else _("Decide on the release")
        return [Heading(title, note), *says]

    @property
    def _is_change(self) -> bool:
        return change.is_change(self.row.action)

    def _asks_for(self) -> str:
        return change.what(self.page) if self._is_change else card.spelt(self.page, "approval.extent")

    def _facts(self) -> list[Row]:
        snap, row = self.page.standing.snapshot, self.row
        asked = f"{row.requested_by}  {self._asks_for()}"
        found: list[Row] = [
            Line(_("Asked by"), asked, "strong"),
            Line(_("Reason given"), row.reason, "text"),
            *card.risk_fields(self.page),
        ]
        found += change.rows(self.page) if self._is_change else card.facts(self.page)
        if not self._is_change:
            found.append(Line(_("Signs"), card.spelt(self.page, "unfreeze.signs"), "warn"))
            found += card.told(self.page)
        if not self._is_change and self.page.standing.facts.get("unfreeze.papers"):
            found.append(Line(_("Missing"), card.spelt(self.page, "unfreeze.papers"), "warn"))
        unseen = sum(1 for piece in snap.evidence if piece.id not in self.page.looked)
        seen = _("{count}, {unseen} unseen", count=len(snap.evidence), unseen=unseen)
        seen = seen if snap.evidence else _("none")
        found.append(Line(_("Evidence"), seen, "warn" if unseen else "text"))
        return found

    def on_resize(self, event: events.Resize) -> None:
        self._lay()

    def _lay(self) -> None:
        """The facts take what the rest leaves: what F8 does is never out of sight."""
        title, facts = self.query_one("#title", Panel), self.query_one("#facts", Panel)
        cells = min(76, self.size.width * 98 // 100) - 4
        taken = BESIDE + len(title.strips(cells))
        read = len(facts.strips(cells))
        self.set_class(taken + read + AIR <= self.size.height, "-roomy")
        room = max(3, self.size.height - taken)
        self._more = read > room
        self.query_one("#box", VerticalScroll).styles.max_height = room
        title.show(self._title())

    def action_scroll(self, pages: int) -> None:
        box = self.query_one("#box", VerticalScroll)
        box.scroll_relative(y=pages * max(1, box.size.height - 1), animate=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#choices", Choices))

    def say(self, text: str) -> None:
        """One line above the facts."""
        self._says = text
        self.query_one("#title", Panel).show(self._title())
        self._lay()

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        self.code = message.choice.code
        choices = self.query_one("#choices", Choices)
        choices.show(choices.choices, chosen=self.code)
        self.add_class("-typing")
        self.set_focus(self.query_one("#words", Field))
        self._pend()

    def on_field_changed(self, event: Field.Changed) -> None:
        if event.input.id == "words":
            self.kept(event.value)
        self._pend()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if event.input.id == "words":
            self.set_focus(self.query_one("#password", Field))

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value

    def _missing(self) -> str:
        """What F8 still waits for."""
        if self.code is None:
            return _("Choose 1, 2 or 3 first")
        if not self._value("words").strip():
            return _("A few words are needed")
        if has_han(self._value("password")):
            return _("The input method is on: Chinese characters in the password. Nothing was tried.")
        return "" if self._value("password") else _("Type your own password")

    def _pend(self) -> None:
        """The strip stands only when nothing is missing any more."""
        bar = self.query_one("#strip", StripBar)
        if self._missing() or self.code is None:
            bar.show(None)
            self._shown_at = None
            return
        chosen = self.query_one("#choices", Choices).choices
        words = next(one.label for one in chosen if one.code == self.code)
        bar.show(strips.pending(((words, "strong"),)))
        if self._shown_at is None:
            self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._shown_at = seconds()

    def action_commit(self) -> None:
        if missing := self._missing():
            self.say(missing)
            return
        bar = self.query_one("#strip", StripBar)
        if self._shown_at is None or seconds() - self._shown_at < UNREADABLE_SECONDS:
            bar.flash(_("press again"))
            return
        assert self.code is not None
        self._shown_at = None  # a second F8 needs another painting
        self.decide(Verdict(self.code, self._value("words").strip(), self._value("password")))

    def refused(self, text: str) -> None:
        """It was not done: why, and the password is asked for anew."""
        password = self.query_one("#password", Field)
        password.put("")
        self.set_focus(password)
        self.say(text)

    def action_leave(self) -> None:
        self.dismiss()


def seconds() -> float:
    """The clock of F8: the case screen's own, which tests move."""
    from bdesk.screens.case.screen import CaseScreen

    return CaseScreen.seconds()


def _small(text: str, classes: str) -> Panel:
    panel = Panel([Words(((text, "dim"),))], edge=0)
    panel.add_class(*classes.split())
    return panel
