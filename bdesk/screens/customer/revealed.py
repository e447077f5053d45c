"""A customer's name and addresses, whole: asked for with a reason, gone after thirty seconds or any key."""

from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.timer import Timer

from bdesk.errors import DeskError, NotAllowed
from bdesk.i18n import _
from bdesk.models.kinds import RevealReason
from bdesk.models.labels import label_of
from bdesk.operations import revealing
from bdesk.rules import roles
from bdesk.screens.base import DeskScreen
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.moments import day
from bdesk.screens.working import start
from bdesk.widgets.panel import Field as Line
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Words


def ask(screen: DeskScreen, customer_id: int) -> None:
    """Ask why; who may not look is told so instead, and by the operation."""
    role = screen.place.desk.actor.role
    whole = roles.may(role, "revealing.reveal")
    try:
        if not whole and not roles.may(role, "revealing.reveal_to_ring"):
            roles.check(role, "revealing.reveal")
    except NotAllowed as refused:
        screen.say_refusal(refused)
        return
    if whole:
        _ask_why(screen, customer_id, whole=True)
        return

    async def first() -> None:
        """Nobody is asked for a reason that would open nothing."""
        try:
            await screen.place.desk.read(revealing.owes_a_call, customer_id)
        except DeskError as refused:
            screen.say_refusal(refused)
        else:
            _ask_why(screen, customer_id, whole=False)

    start(screen, first, "reveal", newest=True)


def _ask_why(screen: DeskScreen, customer_id: int, *, whole: bool) -> None:
    offered = RevealReason if whole else (RevealReason.CALL_BACK,)
    reasons = numbered(*((one.value, label_of(RevealReason, one.value)) for one in offered))
    note = _(
        "Put on record with your name; hidden again after {seconds} s",
        seconds=revealing.SHOWN_SECONDS,
    )
    question = Question(_("Why must it be seen?"), reasons, says=note)

    def asked(answer: Answered | None) -> None:
        if answer is not None and not whole:
            screen.perform(revealing.reveal_to_ring, customer_id, then=shown)
        elif answer is not None:
            screen.perform(revealing.reveal, customer_id, answer.code, then=shown)

    def shown(found: revealing.Revealed) -> None:
        screen.app.push_screen(RevealedModal(found))

    screen.app.push_screen(AskModal(question), asked)


class RevealedModal(ModalScreen[None]):
    """The values, until the time is over, a key is pressed or the terminal is left."""

    DEFAULT_CSS = """
    RevealedModal { align: center top; }
    RevealedModal > Vertical {
        width: 64; max-width: 96%; height: auto; margin: 3 0; padding: 1 2; background: $panel;
    }
    RevealedModal Panel { height: auto; background: $panel; }
    """
    seconds: Callable[[], float] = staticmethod(monotonic)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "hide", show=False, priority=True)]

    def __init__(self, found: revealing.Revealed) -> None:
        super().__init__()
        self._found: revealing.Revealed | None = found
        self._since = self.seconds()
        self.hiding: Timer | None = None

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Panel(self._rows(), edge=0)

    def _rows(self) -> list[Row]:
        found = self._found
        if found is None:
            return []
        hidden = _("hidden in {seconds} s", seconds=self._left)
        rows: list[Row] = [Heading(_("Customer"), f"Esc   {hidden}"), Gap()]
        if found.to_ring:
            told = _("Ring this number and no other. Any key hides it.")
            rows.append(Line(_("Phone"), found.phone, "strong"))
            return [*rows, Gap(), Words(((told, "warn"),))]
        values = (
            (_("Name"), found.name),
            (_("Phone"), found.phone),
            (_("E-mail"), found.email),
            (_("Address"), found.address),
        )
        rows += [Line(label, value or _("none"), "strong") for label, value in values]
        if found.changed_at is not None:
            words = _("Phone or e-mail changed {at}: may be another's", at=day(found.changed_at))
            rows += [Gap(), Words(((words, "bad"),))]
        words = _("Read nothing of it to a caller. Any key hides it.")
        return [*rows, Gap(), Words(((words, "warn"),))]

    def on_mount(self) -> None:
        self.hiding = self.set_timer(revealing.SHOWN_SECONDS, self.action_hide)
        self.set_interval(1, self.count)

    @property
    def _left(self) -> int:
        """Seconds of a person's until it is hidden, whatever pace the store's time has."""
        return max(0, revealing.SHOWN_SECONDS - int(self.seconds() - self._since))

    def count(self) -> None:
        """Say how long it is seen still."""
        if self._found is not None:
            self.query_one(Panel).show(self._rows())

    def on_app_blur(self) -> None:
        self.action_hide()

    def on_screen_suspend(self) -> None:
        """A lock stands over it: nothing of it is there when that is taken away."""
        self._empty()

    def on_screen_resume(self) -> None:
        if self._found is None:
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.action_hide()

    def action_hide(self) -> None:
        """Nothing of it stays in the program either."""
        if self._found is not None and self.is_active:
            self.dismiss(None)
        self._empty()

    def _empty(self) -> None:
        self._found = None
        for panel in self.query(Panel):
            panel.show([])
