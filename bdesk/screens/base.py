"""What every screen of the desk has: header, strips, footer, the keys, and how a write is done.

A write is one line in a screen: `self.perform(operations.some_verb, ...)`. While it runs, keys are held
in order and played after it (never F8); after a refusal they are dropped, visibly (UX 2).
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen

from bdesk import keys
from bdesk.clock import LOCAL
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.kinds import PersonState
from bdesk.models.labels import label
from bdesk.models.views.changed import Changed
from bdesk.operations import undoing
from bdesk.operations.effects.recall import recall
from bdesk.screens.phrases import spoken_phrases
from bdesk.screens.place import Place
from bdesk.speech import speak, speak_error
from bdesk.widgets import strips
from bdesk.widgets.footer import Footer, FooterKey
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.strips import StatusLine, StatusValues, StripBar
from bdesk.widgets.toast import Toast, ToastValues

TOAST_SECONDS = 6.0
SLOW_SECONDS = 0.4


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
        self._alert: strips.StripValues | None = None
        self._hint: strips.StripValues | None = None
        for key in keys.bindings(self.context):
            self._bind(key)

    def _bind(self, key: keys.Key) -> None:
        bindings = self._bindings.key_to_bindings
        for name in key.keys:
            made = Binding(
                name, f"desk_key('{key.id}')", _(key.label), show=False, priority=key.priority, id=key.id
            )
            bindings.setdefault(name, []).append(made)
        for name in key.aliases:
            made = Binding(name, f"desk_key('{key.id}')", _(key.label), show=False, id=key.alias_id)
            bindings.setdefault(name, []).append(made)

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
        self.frame()
        self.refresh_now()

    def on_screen_resume(self) -> None:
        self.frame()
        self.refresh_now()

    def refresh_now(self) -> None:
        """Read again in the background; the newest read replaces the waiting one."""
        self.run_worker(self._reload, group="read", exclusive=True)

    async def _reload(self) -> None:
        try:
            await self.reload()
        except DeskError as refused:
            self.say_refusal(refused)
        else:
            self.place.offline_since = None
        self.frame()

    def frame(self) -> None:
        """Say again what header, strips and footer say."""
        if not self.is_mounted:
            return
        now = self.place.now()
        self.query_one("#header", Header).show(self._header(now))
        self.query_one("#footer", Footer).show(self._footer())
        self.query_one("#status", StatusLine).show(self.status())
        self.query_one("#pending", StripBar).show(self.pending())
        self._frame_recall(now)
        self.query_one("#alert", StripBar).show(self._hint or self._alert)

    def _header(self, now: datetime) -> HeaderValues:
        actor = self.place.desk.actor
        state = self.app_state()
        return HeaderValues(
            title=self.heading(),
            extra=self.extra(),
            training=self.place.desk.store.training,
            call=self._call_time(now),
            number=actor.number,
            person=actor.name,
            state=state.value,
            state_label=label(state),
            clock=now.astimezone(LOCAL).strftime("%H:%M"),
        )

    def app_state(self) -> PersonState:
        """My state, as the header shows it."""
        return getattr(self.app, "person_state", PersonState.ONLINE)

    def _call_time(self, now: datetime) -> str:
        call = self.place.call
        if call is None:
            return ""
        seconds = max(0, int((now - call.started_at).total_seconds()))
        return f"{seconds // 60:02d}:{seconds % 60:02d}"

    def _footer(self) -> list[FooterKey]:
        words, off, hot = self.footer_words(), self.footer_off(), self.footer_hot()
        return [
            FooterKey(slot.shown, words.get(slot.id, _(slot.short)), slot.id == hot, off.get(slot.id, ""))
            for slot in keys.footer(self.context, self.place.settings.keymap)
        ]

    def _frame_recall(self, now: datetime) -> None:
        window = self.place.window()
        bar = self.query_one("#recall", StripBar)
        if window is None:
            bar.show(None)
            return
        left = max(0, int((window.hold_until - now).total_seconds()) + 1)
        bar.show(strips.recall(spoken_phrases(window.phrases), left))

    def second(self, now: datetime) -> None:
        """The app's tick, on the shown screen only."""
        clock = now.astimezone(LOCAL).strftime("%H:%M")
        self.query_one("#header", Header).tick(clock=clock, call=self._call_time(now))
        self._frame_recall(now)
        self.tick(now)

    # Saying things

    def toast(self, text: str, kind: str = "recall") -> None:
        """A short message over the lower right; it goes by itself."""
        self.query_one("#toast", Toast).show(ToastValues(text, kind))
        if self._toast_timer is not None:
            self._toast_timer.stop()
        self._toast_timer = self.set_timer(TOAST_SECONDS, self._end_toast)

    def _end_toast(self) -> None:
        self.query_one("#toast", Toast).show(None)

    def say_refusal(self, refused: DeskError) -> None:
        """A refusal, in one line that says what to do."""
        if refused.code.startswith("store."):
            self.place.offline_since = self.place.offline_since or self.place.now()
        self.toast(speak_error(refused), "alert")

    def hint(self, values: strips.StripValues | None) -> None:
        """A strip under the header: the input method, an alert."""
        self._hint = values
        if self.is_mounted:
            self.query_one("#alert", StripBar).show(values or self._alert)

    # Keys

    def action_desk_key(self, binding: str) -> None:
        """A key of the map: to `do_*` of this screen, unless it is dim and says why."""
        reason = self.footer_off().get(binding)
        if reason:
            self.toast(reason, "hint")
            return
        self.hint(None)
        name = binding.partition(".")[2]
        if name.startswith("choose_"):
            self.do_choose(int(name.removeprefix("choose_")))
            return
        handler = getattr(self, f"do_{name}", None)
        if handler is not None:
            handler()

    def do_choose(self, digit: int) -> None:
        """A digit outside a field."""

    def do_undo(self) -> None:
        """Ctrl+Z: recall while the recall strip shows, whatever has focus; else my newest act here."""
        window = self.place.window()
        if window is not None:
            self.perform(recall, window.commit_event, then=self._recalled)
        elif self.place.current is not None:
            self.perform(undoing.undo, self.place.current)

    def _recalled(self, changed: Changed) -> None:
        self.place.windows = self.place.windows[1:]

    # Writing

    def perform(
        self,
        operation: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Do an operation on the writer; say what happened; read again. Keys that come meanwhile wait."""
        work = partial(self._perform, operation, args, kwargs, then)
        self.run_worker(work, group="write", exclusive=False)

    async def _perform(
        self, operation: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], then: Any
    ) -> None:
        app: Any = self.app
        app.begin_write()
        done = False
        slow = self.set_timer(SLOW_SECONDS, lambda: self.toast(_("Saving"), "hint"))
        try:
            changed = await self.place.desk.do(operation, *args, **kwargs)
            slow.stop()
            await self._performed(changed, then)
            done = True
        except DeskError as refused:
            slow.stop()
            self.say_refusal(refused)
            self.refused(refused)
            await self._reload()
        finally:
            app.end_write(done)

    async def _performed(self, changed: Any, then: Any) -> None:
        if isinstance(changed, Changed) and changed.code:
            self.toast(speak(changed.code, dict(changed.params)))
        if then is not None:
            result = then(changed)
            if isinstance(result, Coroutine):
                await result
        if self.is_current:
            await self._reload()

    def refused(self, refused: DeskError) -> None:
        """A hook for what a screen does after a refusal, before it reads again."""
