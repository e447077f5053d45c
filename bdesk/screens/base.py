"""What every screen of the desk has: header, strips, footer, the keys, and how a write is done.

A write is one line in a screen: `self.perform(operations.some_verb, ...)`. While it runs, keys are held
in order and played after it (never F8); after a refusal they are dropped, visibly (UX 2).
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.screen import Screen

from bdesk import keys
from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _
from bdesk.models.kinds import PersonState
from bdesk.models.views.changed import Changed
from bdesk.screens import frame, navigation
from bdesk.screens.moments import clock_time
from bdesk.screens.place import Place
from bdesk.screens.working import start
from bdesk.screens.writing import write
from bdesk.speech import speak_error
from bdesk.widgets import strips
from bdesk.widgets.fields import Field
from bdesk.widgets.footer import Footer
from bdesk.widgets.header import Header
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.strips import StatusLine, StatusValues, StripBar
from bdesk.widgets.toast import Toast, ToastValues

TOAST_SECONDS = 6.0


class DeskScreen(Screen[Any]):
    """Base of the screens. Subclasses give `context`, `compose_body` and `reload`, and `do_*` methods
    named after the binding ids ("queue.call" -> `do_call`)."""

    AUTO_FOCUS = None
    context: ClassVar[keys.Context] = keys.Context.DESK
    DEFAULT_CSS = """
    DeskScreen { layers: base toast; background: $background; }
    DeskScreen > #body { height: 1fr; }
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self._toast_timer: Any = None
        self._said: ToastValues | None = None
        self._hint: strips.StripValues | None = None
        # Reads come one after the other and are never cut off half way: a pane is rebuilt whole.
        self._reading = asyncio.Lock()
        self._waiting = 0
        for key in keys.bindings(self.context):
            self._bind(key)

    def _bind(self, key: keys.Key) -> None:
        """Bind a key of the map, as this person has moved it. Function keys win in every field; what prints
        is the field's while one has focus."""
        bindings = self._bindings.key_to_bindings
        # Before the library's own Tab, which would keep a list of lists from ever being turned.
        first = hasattr(self, f"do_{key.id.partition('.')[2]}")
        strong, weak = keys.split_layers(keys.keys_for(key.id, self.place.settings.keymap))
        for name in (*strong, *weak):
            priority = key.priority and name in strong
            made = Binding(
                name, f"desk_key('{key.id}')", _(key.label), show=False, priority=priority, id=key.id
            )
            held = bindings.setdefault(name, [])
            held.insert(0 if first else len(held), made)

    # Shape

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield StripBar(id="alert")
        yield from self.compose_top()
        with Vertical(id="body"):
            yield from self.compose_body()
        yield StatusLine(id="status")
        yield StripBar(id="recall")
        yield StripBar(id="pending")
        yield Footer(id="footer")
        yield Toast(id="toast")

    def compose_top(self) -> ComposeResult:
        """Lines between the header and the body: tabs."""
        yield from ()

    def compose_body(self) -> ComposeResult:
        """The screen's own content."""
        yield from ()

    # Values a subclass may say

    def heading(self) -> str:
        """The screen's name in the header."""
        return ""

    def extra(self) -> str:
        """What stands beside it: the group, the case number."""
        return ""

    def footer_words(self) -> dict[str, str]:
        """Other words than the usual ones, by binding id."""
        return {}

    def footer_hot(self) -> str:
        """The binding id of the key that is the natural next one."""
        return ""

    def footer_off(self) -> dict[str, str]:
        """Why keys do nothing now, by binding id: they are dim and say this when pressed."""
        return {}

    def status(self) -> StatusValues:
        """The quiet line above the footer."""
        return StatusValues()

    def pending(self) -> strips.StripValues | None:
        """The pending strip of this screen."""
        return None

    async def reload(self) -> None:
        """Read again what this screen shows."""

    def tick(self, now: datetime) -> None:
        """Once a second while the screen is shown."""

    # Frame

    def on_mount(self) -> None:
        # It is read when it is shown, which is at once.
        self.frame()

    def on_screen_resume(self) -> None:
        self.frame()
        self.refresh_now()
        # What stood over it had the terminal's cursor, which the input method follows (MEASURED.md).
        self.call_after_refresh(self._place_cursor)

    def _place_cursor(self) -> None:
        if isinstance(self.focused, Field | NoteArea):
            self.focused.place_cursor()

    def refresh_now(self) -> None:
        """Read again in the background. A read that waits already will read the newest: one is enough."""
        if not self._waiting:
            start(self, self.read_again, "read")

    async def read_again(self) -> None:
        """Read what is shown again; returns when it is shown and can take a key."""
        if not self.is_mounted:
            return
        self._waiting += 1
        async with self._reading:
            self._waiting -= 1
            try:
                await self.reload()
            except DeskError as refused:
                self.say_refusal(refused)
            except NoMatches:
                # Taken away while it read: nobody sees what it would have shown.
                if self._stands():
                    raise
            else:
                self.place.offline_since = None
            if self._stands():
                self.frame()

    def _stands(self) -> bool:
        """Whether this screen is still one of an app that is not being left."""
        app = self.app
        return app.is_running and not app._exit and self in app.screen_stack

    def frame(self) -> None:
        """Say again what header, strips and footer say."""
        if not self.whole():
            return
        now, keymap = self.place.now(), self.place.settings.keymap
        header = frame.header(self.place, self.heading(), self.extra(), self.app_state(), now)
        footer = frame.footer(self.context, keymap, self.footer_words(), self.footer_off(), self.footer_hot())
        self.query_one("#header", Header).show(header)
        self.query_one("#footer", Footer).show(footer)
        self.query_one("#status", StatusLine).show(self.status())
        self.query_one("#pending", StripBar).show(self.pending())
        self.query_one("#recall", StripBar).show(frame.recall_strip(self.place, now))
        self._show_alert()
        if self._said is not None:
            self.query_one("#toast", Toast).show(self._said)
        self._place_toast()

    def whole(self) -> bool:
        """Whether all its parts are there: not while it is put together, nor while it is taken away."""
        return self.is_mounted and self._stands()

    def _show_alert(self) -> None:
        strip = self._hint or frame.alert_strip(self.place, self.size, self._waits())
        self.query_one("#alert", StripBar).show(strip)

    def _waits(self) -> bool:
        """Whether something waits for F8 or Esc; what is only told in its place does not."""
        strip = self.pending()
        return strip is not None and strip.kind == "pending"

    def app_state(self) -> PersonState:
        """My state, as the header shows it."""
        return getattr(self.app, "person_state", PersonState.ONLINE)

    @on(events.Resize)
    def _resized(self) -> None:
        self.frame()

    def second(self, now: datetime) -> None:
        """The app's tick, on the shown screen only."""
        clock = clock_time(now)
        # While it is being put together its parts come one by one: the next second finds them all.
        with suppress(NoMatches):
            self.query_one("#header", Header).tick(clock=clock, call=frame.call_time(self.place, now))
            self.query_one("#recall", StripBar).show(frame.recall_strip(self.place, now))
            self.tick(now)

    # Saying things

    def words(self) -> Mapping[str, str]:
        """Words for codes that only the book knows: facts, clocks."""
        from bdesk.operations.looking.words import book_words

        try:
            return book_words(self.place.desk.book)
        except BadInput:
            return {}  # the book itself cannot be read: what is said of that needs none of its words

    def toast(self, text: str, kind: str = "recall") -> None:
        """A short message over the lower right; it goes by itself."""
        self._said = ToastValues(text, kind)
        if self.whole():
            self.query_one("#toast", Toast).show(self._said)
            self._place_toast()
        if self._toast_timer is not None:
            self._toast_timer.stop()
        self._toast_timer = self.set_timer(TOAST_SECONDS, self.hush)

    def _place_toast(self) -> None:
        """Over the status line, never over a strip: what F8 or Ctrl+Z will do must stay readable."""
        cells = self.size.width
        below = sum(len(bar.strips(cells)) for bar in self.query(StripBar) if bar.id in ("recall", "pending"))
        self.query_one("#toast", Toast).styles.offset = (0, -(below + 1))

    def hush(self) -> None:
        """Nothing stands over the screen any more: its time is over, or it is mended."""
        self._said = None
        if self.whole():
            self.query_one("#toast", Toast).show(None)

    def say_refusal(self, refused: DeskError) -> None:
        """A refusal, in one line that says what to do."""
        if refused.code.startswith("store."):
            self.place.offline_since = self.place.offline_since or self.place.now()
        self.toast(speak_error(refused, self.words()), "alert")

    def hint(self, values: strips.StripValues | None) -> None:
        """A strip under the header: the input method, an alert."""
        if values == self._hint:
            return
        self._hint = values
        if self.whole():
            self._show_alert()

    def on_field_refused(self, message: Field.Refused) -> None:
        """What a field of digits does not take is lost, but not without a word."""
        if not message.typed.isascii():
            self.hint(strips.ime_hint(message.typed[-1]))
        elif not message.typed.isdigit():
            self.toast(_("This field takes digits only: type digits"), "hint")

    # Keys

    def action_desk_key(self, binding: str) -> None:
        """A key of the map: to `do_*` of this screen, unless it is dim and says why."""
        reason = self.footer_off().get(binding)
        if reason:
            self.toast(reason, "hint")
            return
        self.hint(None)
        if binding == "desk.back" and not self._waits() and frame.seen_above(self.place, self.size):
            self.frame()
            return
        name = binding.partition(".")[2]
        if name.startswith("choose_"):
            self.do_choose(int(name.removeprefix("choose_")))
            return
        handler = getattr(self, f"do_{name}", None)
        if handler is not None:
            handler()

    def do_choose(self, digit: int) -> None:
        """A digit outside a field."""

    def do_queue(self) -> None:
        """F2: the queue; what stands here comes back as it was."""
        self.app.show_queue()  # type: ignore[attr-defined]

    def do_find(self) -> None:
        """F3: the lookup."""
        navigation.push_lookup(self)

    def do_customer(self) -> None:
        """F4 where no customer is at hand; screens that have one say which."""
        navigation.no_customer(self)

    def do_call(self) -> None:
        """F5 on the queue: the call card."""
        navigation.push_call(self)

    def do_last_case(self) -> None:
        """Backtick: the case that was left for this screen, with what was half done there (UX, Keys)."""
        self._show_open(self.place.current)

    def do_next_case(self) -> None:
        """`=`: the open case after the current one, or the only one."""
        self._show_open(self.place.beside(1) or self.place.current)

    def do_previous_case(self) -> None:
        """`-`: the one before it."""
        self._show_open(self.place.beside(-1) or self.place.current)

    def _show_open(self, case_id: int | None) -> None:
        if case_id is None:
            self.toast(_("No case is open here: Enter opens one, F9 takes the next"), "hint")
            return
        self.place.go_to(case_id)
        self.app.show_case()  # type: ignore[attr-defined]

    def do_help(self) -> None:
        """F1: help about this screen."""
        navigation.push_help(self)

    def do_menu(self) -> None:
        """F10."""
        navigation.push_menu(self)

    def do_quit(self) -> None:
        """Ctrl+Q: asked for first."""
        navigation.ask_to_leave(self)

    def do_undo(self) -> None:
        """Ctrl+Z: recall while the recall strip shows, whatever has focus; else my newest act here."""
        from bdesk.operations import undoing
        from bdesk.operations.effects.recall import recall

        window = self.place.window()
        if window is not None:
            self.perform(recall, window.commit_event, then=self._recalled)
        elif self.place.current is not None:
            self.perform(undoing.undo, self.place.current, then=self.undone)

    def undone(self, changed: Changed) -> None:
        """An act was taken back. The words of a note become a draft again, before what was begun since."""
        if changed.words and changed.case_id is not None:
            drafts, place = self.place.desk.drafts, f"case:{changed.case_id}"
            since = str(drafts.load(place).get("note", ""))
            drafts.save(place, "note", f"{changed.words}\n{since}" if since else changed.words)

    def _recalled(self, _changed: Changed) -> Any:
        return self.app.refresh_windows()  # type: ignore[attr-defined]

    # Writing

    def perform(
        self,
        operation: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Do an operation on the writer; say what happened; read again. Keys that come meanwhile wait."""
        start(self, partial(write, self, operation, args, kwargs, then), "write")

    def foresee(self, operation: Callable[..., Any], *args: Any, then: Callable[[Any], object]) -> None:
        """Work out on the writer what an operation would do, while keys wait; its refusal is said."""

        async def looking() -> None:
            then(await self.place.desk.do(operation, *args))

        navigation.held(self, looking(), "read-preview")

    def refused(self, refused: DeskError) -> None:
        """A hook for what a screen does after a refusal, before it reads again."""
