"""Signing in: number and password; one refusal for every cause (UX, Sign-in)."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from bdesk.data.store import Store
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.people import has_han, sign_in
from bdesk.speech import speak_error
from bdesk.widgets.fields import Field
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Words
from bdesk.widgets.strips import StatusLine, StatusValues


class SignInScreen(Screen[ActorView]):
    """Number, password, Enter. Nothing says which of them was wrong."""

    AUTO_FOCUS = None
    DEFAULT_CSS = """
    SignInScreen { background: $background; }
    SignInScreen #box { width: 60; max-width: 96%; height: auto; margin: 3 4; padding: 1 2; background: $panel; }
    SignInScreen Panel { height: auto; background: $panel; }
    SignInScreen Field { margin: 0 0 1 0; }
    SignInScreen #status { dock: bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
        Binding("ctrl+q", "leave", show=False, priority=True),
    ]

    def __init__(self, store: Store, on_signed_in: Callable[[ActorView], None]) -> None:
        super().__init__()
        self.store = store
        self.signed_in = on_signed_in
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Sign in"), training=self.store.training), id="header")
        with Vertical(id="box"):
            yield Panel(self._rows(""), edge=0, id="says")
            yield Panel([Words(((_("Number"), "dim"),))], edge=0)
            yield Field(id="number", length=16)
            yield Panel([Words(((_("Password"), "dim"),))], edge=0)
            yield Field(id="password", password=True, length=128)
        yield StatusLine(
            StatusValues(hints=(("Enter", _("sign in")), ("Tab", _("next field")), ("Ctrl+Q", _("leave")))),
            id="status",
        )

    def _rows(self, says: str) -> list[Row]:
        rows: list[Row] = [Heading(_("Sign in"), self.store.place), Gap()]
        if says:
            rows += [Words(((says, "warn"),)), Gap()]
        return rows

    def on_mount(self) -> None:
        self.query_one("#number", Field).focus()

    def say(self, text: str) -> None:
        """One line above the fields."""
        self.query_one("#says", Panel).show(self._rows(text))

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if event.input.id == "number":
            self.query_one("#password", Field).focus()
            return
        number = self.query_one("#number", Field).value
        password = event.value
        if has_han(password):
            self.say(
                _("The input method is on: the password has Chinese characters in it. Nothing was tried.")
            )
            return
        if number.strip() and password and not self._busy:
            self._busy = True
            self.run_worker(partial(self._try, number, password), group="write")

    async def _try(self, number: str, password: str) -> None:
        import asyncio

        try:
            # argon2id takes 25 ms and is meant to; it must not stop the screen.
            actor = await asyncio.to_thread(sign_in, self.store, number, password)
        except DeskError as refused:
            self.query_one("#password", Field).put("")
            self.say(speak_error(refused))
        else:
            self.signed_in(actor)
        finally:
            self._busy = False

    def action_leave(self) -> None:
        self.app.exit(0)
