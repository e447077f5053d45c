"""The desk that locked itself: nothing of a customer shows; a password brings back what lay below."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.operations.staff import locking
from bdesk.operations.staff.passwords import has_han
from bdesk.screens.phrases import typed_in_chinese
from bdesk.screens.place import Place
from bdesk.screens.working import start
from bdesk.speech import speak_error
from bdesk.widgets.fields import Field
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Text, Words
from bdesk.widgets.strips import StatusLine, StatusValues


class IdleScreen(Screen[None]):
    """It stands over all screens, questions too. What was typed there stays; what was committed goes on."""

    shut = True
    AUTO_FOCUS = None
    DEFAULT_CSS = """
    IdleScreen { background: $background; }
    IdleScreen #box {
        width: 64; max-width: 96%; height: auto; margin: 3 4; padding: 1 2; background: $panel;
    }
    IdleScreen Panel { height: auto; background: $panel; }
    IdleScreen Field { margin: 0 0 1 0; }
    IdleScreen #status { dock: bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave", show=False, priority=True)]

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._busy = False

    def compose(self) -> ComposeResult:
        actor = self._place.desk.actor
        yield Header(HeaderValues(title=_("Locked"), number=actor.number, person=actor.name), id="header")
        with Vertical(id="box"):
            yield Panel(self._rows(""), edge=0, id="says")
            yield Field(id="password", password=True, length=128)
        hints = (("Enter", _("unlock")), ("Ctrl+Q", _("leave")))
        yield StatusLine(StatusValues(hints=hints), id="status")

    def _rows(self, says: str) -> list[Row]:
        actor = self._place.desk.actor
        who = f"{actor.number} {actor.name}"
        rows: list[Row] = [Heading(_("The desk is locked"), who), Gap()]
        rows.append(Text(says, "warn") if says else Text(_("Everything is as it was left"), "soft"))
        return [*rows, Gap(), Words(((_("Password"), "dim"),))]

    def on_mount(self) -> None:
        self._field.focus()
        start(self, self._tell, "background")

    @property
    def _field(self) -> Field:
        return self.query_one("#password", Field)

    async def _tell(self) -> None:
        """The store knows: a start without a password must not be a way round. One that cannot be reached
        keeps nobody from locking."""
        try:
            await self._place.desk.errand(locking.lock)
        except DeskError:
            return

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if self._busy or not event.value:
            return
        if has_han(event.value):
            self._field.put("")
            self._say(typed_in_chinese())
            return
        self._busy = True
        start(self.app, self._try, "write")  # the app's own: the screen is gone before it ends

    async def _try(self) -> None:
        app: Any = self.app
        password, done = self._field.value, False
        app.begin_write()  # what is typed ahead is for the screen below, or for nobody
        try:
            await self._place.desk.do(locking.unlock, password)
            done = True
        except DeskError as refused:
            self._field.put("")
            wrong = refused.code == "sign_in.refused"
            self._say(_("The password is wrong. Type it again.") if wrong else speak_error(refused))
        finally:
            self._busy = False
        if done:
            await self.app.pop_screen()
        app.end_write(done)

    def _say(self, text: str) -> None:
        for panel in self.query("#says").results(Panel):
            panel.show(self._rows(text))

    def action_leave(self) -> None:
        app: Any = self.app
        app.exit(0)
