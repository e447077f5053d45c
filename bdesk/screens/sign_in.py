"""Signing in: number and password; one refusal for every cause (UX, Sign-in)."""

import asyncio
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
from bdesk.operations.people import change_password, has_han, must_change_password, sign_in
from bdesk.screens.working import start
from bdesk.speech import speak_error
from bdesk.widgets.fields import Field
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Words
from bdesk.widgets.strips import StatusLine, StatusValues


class SignInScreen(Screen[ActorView]):
    """Number, password, Enter. Nothing says which of them was wrong. Somebody whose password was chosen by
    an administrator chooses their own before the desk opens."""

    AUTO_FOCUS = None
    DEFAULT_CSS = """
    SignInScreen { background: $background; }
    SignInScreen #box {
        width: 64; max-width: 96%; height: auto; margin: 3 4; padding: 1 2; background: $panel;
    }
    SignInScreen Panel { height: auto; background: $panel; }
    SignInScreen Field { margin: 0 0 1 0; }
    SignInScreen #own { display: none; height: auto; }
    SignInScreen.-choosing #own { display: block; }
    SignInScreen.-choosing #given { display: none; }
    SignInScreen #given { height: auto; }
    SignInScreen #status { dock: bottom; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "app.focus_next", show=False),
        Binding("shift+tab,up", "app.focus_previous", show=False),
        Binding("ctrl+q", "leave", show=False, priority=True),
    ]

    def __init__(self, store: Store, on_signed_in: Callable[[ActorView], None]) -> None:
        super().__init__()
        self.store = store
        self.signed_in = on_signed_in
        self._busy = False
        self._actor: ActorView | None = None
        self._given = ""

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Sign in"), training=self.store.training), id="header")
        with Vertical(id="box"):
            yield Panel(self._rows(""), edge=0, id="says")
            with Vertical(id="given"):
                yield _label(_("Number"))
                yield Field(id="number", length=16)
                yield _label(_("Password"))
                yield Field(id="password", password=True, length=128)
            with Vertical(id="own"):
                yield _label(_("New password"))
                yield Field(id="new", password=True, length=128)
                yield _label(_("Once more"))
                yield Field(id="again", password=True, length=128)
        hints = (("Enter", _("sign in")), ("Tab", _("next field")), ("Ctrl+Q", _("leave")))
        yield StatusLine(StatusValues(hints=hints), id="status")

    def _rows(self, says: str) -> list[Row]:
        rows: list[Row] = [Heading(_("Sign in"), self.store.place), Gap()]
        if says:
            rows += [Words(((says, "warn"),)), Gap()]
        return rows

    def on_mount(self) -> None:
        self._field("number").focus()

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def say(self, text: str) -> None:
        """One line above the fields."""
        self.query_one("#says", Panel).show(self._rows(text))

    def on_field_submitted(self, event: Field.Submitted) -> None:
        next_field = {"number": "password", "new": "again"}.get(event.input.id or "")
        if next_field is not None:
            self._field(next_field).focus()
            return
        if has_han(event.value):
            self.say(_("The input method is on: Chinese characters in the password. Nothing was tried."))
            return
        if self._busy or not event.value:
            return
        if self._actor is not None:
            self._choose(event.value)
        elif self._field("number").value.strip():
            self._busy = True
            start(self, partial(self._try, self._field("number").value, event.value), "write")

    async def _try(self, number: str, password: str) -> None:
        try:
            # argon2id takes 25 ms and is meant to; it must not stop the screen.
            actor = await asyncio.to_thread(sign_in, self.store, number, password)
            own = not await asyncio.to_thread(must_change_password, self.store, actor)
        except DeskError as refused:
            self._field("password").put("")
            self.say(speak_error(refused))
        else:
            if own:
                self.signed_in(actor)
            else:
                self._ask_own(actor, password)
        finally:
            self._busy = False

    def _ask_own(self, actor: ActorView, given: str) -> None:
        """The password was chosen by somebody else: this person chooses their own now."""
        self._actor, self._given = actor, given
        self.add_class("-choosing")
        self.say(_("Choose a password of your own, eight characters or more"))
        self._field("new").focus()

    def _choose(self, again: str) -> None:
        if self._field("new").value != again:
            self._field("again").put("")
            self.say(_("The two are not the same; type the second once more"))
            return
        self._busy = True
        start(self, partial(self._change, again), "write")

    async def _change(self, new: str) -> None:
        assert self._actor is not None
        try:
            await asyncio.to_thread(change_password, self.store, self._actor, self._given, new)
        except DeskError as refused:
            self._field("new").put("")
            self._field("again").put("")
            self._field("new").focus()
            self.say(speak_error(refused))
        else:
            self.signed_in(self._actor)
        finally:
            self._busy = False

    def action_leave(self) -> None:
        self.app.exit(0)


def _label(text: str) -> Panel:
    return Panel([Words(((text, "dim"),))], edge=0)
