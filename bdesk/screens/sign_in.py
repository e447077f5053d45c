"""Signing in: number and password, then group, state and what was handed over (UX, Sign-in).

One refusal for every cause. What lies there for a person is shown once they are known, never before.
"""

import asyncio
import unicodedata
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from bdesk.data.store import Store
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff import staying
from bdesk.operations.staff.arriving import arrival, begin
from bdesk.operations.staff.passwords import has_han
from bdesk.operations.staff.people import change_password, must_change_password, sign_in
from bdesk.screens.aside import aside
from bdesk.screens.keeping import keep
from bdesk.screens.phrases import typed_in_chinese
from bdesk.screens.shift import Shift, ShiftPanel
from bdesk.screens.working import start
from bdesk.secrets.keyrings import State
from bdesk.speech import speak_error
from bdesk.widgets.fields import Field
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Text, Words
from bdesk.widgets.strips import StatusLine, StatusValues

KEYRING = "background"
"""The group of work that waits for a keyring: nobody else waits for it."""


class SignInScreen(Screen[ActorView]):
    """Number, password, Enter; then Enter again, or a digit first. Nothing says which of the two was wrong.
    Somebody whose password was chosen by an administrator chooses their own in between."""

    AUTO_FOCUS = None
    DEFAULT_CSS = """
    SignInScreen { background: $background; }
    SignInScreen #box {
        width: 68; max-width: 96%; height: auto; margin: 2 4; padding: 1 2; background: $panel;
    }
    SignInScreen Panel { height: auto; background: $panel; }
    SignInScreen Field { margin: 0 0 1 0; }
    SignInScreen #own, SignInScreen #shift { display: none; height: auto; }
    SignInScreen.-choosing #own, SignInScreen.-known #shift { display: block; }
    SignInScreen.-choosing #given, SignInScreen.-known #given, SignInScreen.-known #says { display: none; }
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
        self._shift: Shift | None = None
        self._by_password = False

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Sign in"), training=self.store.training), id="header")
        with Vertical(id="box"):
            yield Panel(self._rows(""), edge=0, id="says")
            with Vertical(id="given"):
                yield _label(_("Number"))
                yield Field(id="number", length=16, placeholder=" ")
                yield _label(_("Password"))
                yield Field(id="password", password=True, length=128)
            with Vertical(id="own"):
                yield _label(_("New password"))
                yield Field(id="new", password=True, length=128)
                yield _label(_("Once more"))
                yield Field(id="again", password=True, length=128)
            yield ShiftPanel(edge=0, id="shift")
        yield StatusLine(id="status")

    def _rows(self, says: str) -> list[Row]:
        rows: list[Row] = [Heading(_("Sign in"), self.store.place), Gap()]
        if says:
            rows += [Text(says, "warn"), Gap()]
        return rows

    def on_mount(self) -> None:
        self._say_keys()
        kept = "" if self.store.training else staying.who_was_here(self.store)
        self._field("number").put(kept)
        self._field("password" if kept else "number").focus()
        if kept:
            start(self, self._come_back, KEYRING)

    def _say_keys(self) -> None:
        hints: tuple[tuple[str, str], ...] = (
            ("Enter", _("sign in")),
            ("Tab", _("next field")),
            ("Ctrl+Q", _("leave")),
        )
        if self._shift is not None:
            hints = (("Enter", _("begin")), ("1-9", _("choose")), ("Esc", _("not me")), hints[-1])
        self.query_one("#status", StatusLine).show(StatusValues(hints=hints))

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def say(self, text: str) -> None:
        """One line above the fields."""
        if not self._is_whole:
            return
        if self._shift is not None:
            self.query_one("#shift", ShiftPanel).tell(self._shift, text)
        else:
            self.query_one("#says", Panel).show(self._rows(text))

    @property
    def _is_whole(self) -> bool:
        """Whether its parts are there: a keyring may tell when the queue has taken its place."""
        return bool(self.query("#shift")) and bool(self.query("#status"))

    # Number and password

    def on_field_submitted(self, event: Field.Submitted) -> None:
        next_field = {"number": "password", "new": "again"}.get(event.input.id or "")
        if next_field is not None:
            self._field(next_field).focus()
            return
        if has_han(event.value):
            self._typed_in_chinese()
            return
        if self._busy or not event.value:
            return
        if self._actor is not None:
            self._choose(event.value)
        elif self._field("number").value.strip():
            self._work(partial(self._try, self._field("number").value, event.value))

    def _typed_in_chinese(self) -> None:
        """Nobody sees what stands in such a field, or takes the right part of it away: it is typed anew."""
        if self._actor is not None:
            self._field("new").put("")
            self._field("again").put("")
            self._field("new").focus()
        else:
            self._field("password").put("")
        self.say(typed_in_chinese())

    def _work(self, work: Callable[[], Coroutine[Any, Any, bool]]) -> None:
        """Do it while keys wait: what is typed ahead meets what comes after it, nothing after a refusal."""
        app: Any = self.app
        self._busy = True
        app.begin_write()

        async def working() -> None:
            done = False
            try:
                done = await work()
            finally:
                self._busy = False
                app.end_write(done)

        start(self, working, "write")

    async def _try(self, number: str, password: str) -> bool:
        try:
            # argon2id takes 25 ms and is meant to; it must not stop the screen.
            actor = await asyncio.to_thread(sign_in, self.store, number, password, on_duty=False)
            own = not await asyncio.to_thread(must_change_password, self.store, actor)
            if own:
                await self._arrive(actor, by_password=True)
            else:
                self._ask_own(actor, password)
        except DeskError as refused:
            self._field("password").put("")
            self.say(speak_error(refused))
            return False
        return True

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
        self._work(partial(self._change, again))

    async def _change(self, new: str) -> bool:
        assert self._actor is not None
        try:
            await asyncio.to_thread(change_password, self.store, self._actor, self._given, new)
            await self._arrive(self._actor, by_password=True)
        except DeskError as refused:
            self._field("new").put("")
            self._field("again").put("")
            self._field("new").focus()
            self.say(speak_error(refused))
            return False
        return True

    # Staying signed in

    async def _come_back(self) -> None:
        """Whoever stayed signed in here needs no password, unless they type one before the keyring tells."""
        try:
            actor = await aside(partial(staying.come_back_here, self.store))
        except DeskError as refused:
            if self._shift is None and self._actor is None and not self._busy:
                self.say(speak_error(refused))
            return
        if not self._is_whole:
            return
        typing = self._busy or self._actor is not None or bool(self._field("password").value)
        if actor is not None and self._shift is None and not typing:
            try:
                await self._arrive(actor, by_password=False)
            except DeskError as refused:
                self.say(speak_error(refused))

    async def _look_for_keyring(self) -> None:
        found = await aside(partial(staying.whether_here, self.store))
        if self._shift is not None and found is not None and self._is_whole:
            kept = staying.is_kept_here(self.store, self._shift.actor)
            self._show(replace(self._shift, keyring=found, stays=kept and found is State.USABLE))

    # Group and state

    async def _arrive(self, actor: ActorView, *, by_password: bool) -> None:
        found = await asyncio.to_thread(arrival, self.store, actor)
        if not self._is_whole:
            return
        self._given, self._by_password = "", by_password
        for name in ("password", "new", "again"):
            self._field(name).put("")
        shift = Shift(actor, found, actor.group_code, training=self.store.training)
        self.remove_class("-choosing")
        self.add_class("-known")
        self.set_focus(None)
        self._show(shift)
        self._say_keys()
        if not self.store.training:
            start(self, self._look_for_keyring, KEYRING)

    def _show(self, shift: Shift) -> None:
        self._shift = shift
        self.query_one("#shift", ShiftPanel).tell(shift)

    def on_key(self, event: events.Key) -> None:
        if self._shift is None or self._busy:
            return
        typed = unicodedata.normalize("NFKC", event.character or "")
        if event.key == "enter":
            self._work(partial(self._begin, self._shift))
        elif event.key == "escape":
            self._somebody_else()
        elif event.key == "space" or typed == " ":
            self._show(self._shift.ticked())
        elif len(typed) == 1 and typed in "123456789":
            self._pick(int(typed))
        else:
            return
        event.stop()
        event.prevent_default()

    def _pick(self, digit: int) -> None:
        assert self._shift is not None
        chosen = self._shift.pressed(digit)
        other = chosen.group != self._shift.group
        self._show(chosen)
        if other:
            start(self, partial(self._look_at_group, chosen), "read", newest=True)

    async def _look_at_group(self, chosen: Shift) -> None:
        try:
            found = await asyncio.to_thread(arrival, self.store, chosen.actor, chosen.group)
        except DeskError as refused:
            self.say(speak_error(refused))
            return
        if self._shift is not None and self._shift.group == chosen.group and self._is_whole:
            self._show(replace(self._shift, found=found))

    async def _begin(self, shift: Shift) -> bool:
        try:
            actor = await asyncio.to_thread(begin, self.store, shift.actor, shift.group, shift.state)
        except DeskError as refused:
            self.say(speak_error(refused))
            return False
        app: Any = self.app
        app.person_state = shift.state
        app.told_at_door = self.query_one("#shift", ShiftPanel).told
        keeps = self._keeping(shift)
        self.signed_in(actor)
        if keeps is not None:
            keep(app, keeps)
        return True

    def _keeping(self, shift: Shift) -> Callable[[], object] | None:
        """What is to be done about staying: nothing, where what was kept before goes on as it is."""
        if shift.stays and self._by_password:
            return partial(staying.keep_here, self.store, shift.actor)
        if not shift.stays and shift.may_stay and staying.is_kept_here(self.store, shift.actor):
            return partial(staying.forget_here, self.store, shift.actor)
        return None

    def _somebody_else(self) -> None:
        """Back to the door; what was kept stays kept."""
        self._shift, self._actor = None, None
        self.remove_class("-known")
        self.query_one("#says", Panel).show(self._rows(""))
        self._field("number").put("")
        self._field("number").focus()
        self._say_keys()

    def action_leave(self) -> None:
        self.app.exit(0)


def _label(text: str) -> Panel:
    return Panel([Words(((text, "dim"),))], edge=0)
