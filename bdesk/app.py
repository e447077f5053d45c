"""DeskApp: the composition root of the screens: theme, keymap, one tick, and keys held while writing."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.screen import Screen
from textual.worker import WorkerFailed

from bdesk import log
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.kinds import PersonState
from bdesk.screens import ending
from bdesk.screens.alerts import urgent
from bdesk.screens.arriving import Arriving
from bdesk.screens.base import DeskScreen
from bdesk.screens.errands import Errands
from bdesk.screens.idling import Idling
from bdesk.screens.keyboard import Keyboard
from bdesk.screens.place import Place
from bdesk.screens.starting import StartingScreen
from bdesk.screens.working import start
from bdesk.widgets import theme

if TYPE_CHECKING:
    from bdesk.models.views.queue import FirstRows

SETTLED_SECONDS = 3.0


class DeskApp(App[int]):
    """One desk. `first` makes the first screen once the app runs: sign-in, or the queue when signed in."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    TITLE = "bdesk"
    CSS = """
    Screen { background: $background; color: $foreground; }
    ModalScreen { background: #04070a 60%; }
    ModalScreen:ansi { background: ansi_default; }
    """
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(
        self,
        first: Callable[["DeskApp"], Screen[Any]],
        *,
        opening: Callable[[], None] | None = None,
        early: "Callable[[], FirstRows | None] | None" = None,
        key_test: bool = False,
        colours: str = "auto",
    ) -> None:
        """`opening` is done in a thread while an empty frame shows, before `first`: it opens the store and
        imports what works on it, which takes longer than the frame. `early` reads the first rows before that,
        where it can. `key_test`: the test of the terminal's
        keys stands over the first screen. `colours`: the theme a person chose in their settings."""
        look = theme.theme_for(os.environ, theme.detected(os.environ), colours)
        theme.use(look)
        super().__init__(ansi_color=look.ansi)
        self._look = look
        self._first = first
        self._opening = opening
        self._early = early
        self.refused: DeskError | None = None
        self.when_filled: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.place: Place | None = None
        self.person_state = PersonState.ONLINE
        self.told_at_door: frozenset[int] = frozenset()
        self._errands = Errands(self.published, self._say_refusal)
        self._keyboard = Keyboard(self, super().on_event)
        self._arriving = Arriving(self.refresh_windows, self.published, self._say, self._say_refusal)
        self._going = asyncio.Lock()
        self._titled = -1
        self._idling = Idling()
        self._log_file: Path | None = None
        self._key_test = key_test
        self.animation_level = "none"

    def on_mount(self) -> None:
        self._heed_signals()
        made = self._look.textual()
        self.register_theme(made)
        self.theme = made.name
        if self._opening is None:
            self.push_screen(self._first(self))
            self._begin()
            return
        self.push_screen(StartingScreen())
        self.begin_write()  # what is typed meanwhile waits for the first screen
        self.call_after_refresh(lambda: start(self, self._open, "opening"))

    async def _open(self) -> None:
        assert self._opening is not None
        await self._show_early()
        try:
            await asyncio.to_thread(self._opening)
            first = self._first(self)
        except DeskError as refused:
            self.refused = refused
            self.exit(1)
            return
        await self.switch_screen(first)
        self.end_write(True)
        self._begin()

    async def _show_early(self) -> None:
        """Paint the first rows before the imports keep the processor to themselves."""
        found = None if self._early is None else self._early()
        if found is not None and isinstance(self.screen, StartingScreen):
            await self.screen.show_rows(found)
            painted = asyncio.Event()
            self.screen.call_after_refresh(painted.set)
            await painted.wait()

    def _begin(self) -> None:
        if self._key_test:
            from bdesk.screens.first_run import FirstRunScreen

            self.push_screen(FirstRunScreen())
        self.set_interval(1.0, self._tick)
        self.set_timer(SETTLED_SECONDS, _settle)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        self._idling.saw(event)
        if not isinstance(event, events.Key):
            await super().on_event(event)
        else:
            await self._keyboard.pressed(event)

    def _say(self, text: str) -> None:
        if isinstance(self.screen, DeskScreen):
            self.screen.toast(text, "hint")

    def begin_write(self) -> None:
        """Hold keys from now on."""
        self._keyboard.hold()

    def end_write(self, done: bool) -> None:
        """Play the held keys, or drop them after a refusal and say so."""
        self._errands.outbox_changed()
        self._keyboard.release(done)

    async def action_quit(self) -> None:
        """Ctrl+Q, Textual's own binding of it included: guarded once somebody is at the desk."""
        if isinstance(self.screen, DeskScreen):
            self.screen.do_quit()
        elif self.place is None or self._is_shut:
            self.exit(0)

    # Leaving without being asked

    def _heed_signals(self) -> None:
        """Told to end, or the terminal gone: what was typed is on disk first. Not where a test drives, nor
        where somebody else listens already."""
        if not self.is_headless:
            ending.heed_signals(self._end_by)
            ending.heed_end_of_keys(sys.stdin.fileno(), self._end_by)

    def _end_by(self, number: int) -> None:
        if self.place is not None:
            self.place.desk.drafts.flush()
        code = ending.code_of(number)
        ending.gone_at_last(code)
        self.exit(return_code=code)

    def on_descendant_blur(self) -> None:
        """A field was left: what stands in it is written now."""
        self._flush_soon()

    def on_app_blur(self) -> None:
        """The terminal lost the focus; the library tells nobody else."""
        self._flush_soon()
        self.screen.post_message(events.AppBlur())

    def _flush_soon(self) -> None:
        if self.place is not None:
            self.place.desk.drafts.flush_soon()

    # Time

    async def _tick(self) -> None:
        if self.place is None or self.place.desk.locked:
            return
        if self._idling.is_due(self.place):
            self.lock_now()
        screen = self.screen
        now = self.place.now()
        if isinstance(screen, DeskScreen):
            screen.second(now)
            self._alert(screen, now)
        start(self, partial(self._errands.round, self.place), "background")

    def _alert(self, screen: DeskScreen, now: datetime) -> None:
        """A case of mine has turned urgent or late: one strip, one bell, the count in the window's title."""
        place = screen.place
        found = place.alerts.look(place.mine, now, in_call=place.call is not None, pace=place.pace)
        in_hand = found is not None and found.row.case_id == place.current and _shows_case(screen)
        if found is not None and not in_hand:
            place.alert = found
            screen.frame()
            if found.bell:
                self.bell()
        count = urgent(place.mine, now)
        if count != self._titled:
            self._titled = count
            self._set_window_title(f"bdesk {count}" if count else "bdesk")

    def _set_window_title(self, text: str) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]2;{text}\x07")

    def _say_refusal(self, refused: DeskError) -> None:
        if self.place is not None and self.place.desk.locked:
            self._lock(refused)
            return
        if isinstance(self.screen, DeskScreen):
            self.screen.say_refusal(refused)

    def _lock(self, why: DeskError) -> None:
        """Stand over everything, questions too; what lies below keeps its drafts and is shown no more."""
        from bdesk.screens.locked import LockedScreen

        assert self.place is not None
        if not isinstance(self.screen, LockedScreen):
            self._shut(LockedScreen(why, training=self.place.desk.store.training))

    def lock_now(self) -> None:
        """Lock the desk until its person gives their password; what is on the screens stays as it is."""
        from bdesk.screens.idle import IdleScreen

        if self.place is not None and not self._is_shut and not self.place.desk.store.training:
            self.place.desk.drafts.flush_soon()
            self._shut(IdleScreen(self.place))

    def _shut(self, over: Screen[Any]) -> None:
        self._keyboard.forget()
        self._titled = -1
        self._set_window_title("bdesk")
        self.push_screen(over)

    @property
    def _is_shut(self) -> bool:
        """Whether what stands on top hides everything: nothing is put over it, nothing takes it away."""
        return bool(getattr(self.screen, "shut", False))

    def tell(self, text: str) -> None:
        """One line on whatever shows, for what came to its end by itself."""
        self._say(text)

    # Going between screens

    def enter(self, place: Place) -> None:
        """Somebody is signed in: their queue comes, with the cases and strips they had open."""
        from bdesk.screens.queue.screen import QueueScreen

        self.place = place
        place.notices.read |= self.told_at_door
        self.begin_write()  # what is typed ahead waits for the queue
        start(self, partial(self._enter, QueueScreen(place)), "read-windows")

    async def _enter(self, first: Screen[Any]) -> None:
        try:
            await self.switch_screen(first)
        finally:
            self.end_write(True)
        if self.place is not None:
            await self._arriving.restored(self.place)

    def filled(self) -> None:
        """The queue is painted for the first time: what could wait for that begins."""
        work, self.when_filled = self.when_filled, None
        if work is not None:
            start(self, work, "seat")

    async def sat_down(self) -> None:
        """Somebody is at the desk: on duty, with the cases and strips they had open."""
        if self.place is not None:
            await self._arriving.sat_down(self.place)

    def show_queue(self) -> None:
        """Back to the queue, which never quits; whatever stood over it keeps its state in the place."""
        from bdesk.screens.queue.screen import QueueScreen

        if self._is_shut or (self.place is not None and self.place.desk.locked):
            return
        while len(self.screen_stack) > 2 and not isinstance(self.screen, QueueScreen):
            self.pop_screen()

    def show_case(self, then: str = "") -> None:
        """The case screen over the queue, on the place's current case. Keys wait until it is there, so that
        what is typed ahead meets the step it was meant for. `then`: the binding id of a key of that screen
        that was pressed for the case already."""
        if self._is_shut:
            return
        self.begin_write()
        start(self, partial(self._show_case, then), "read-go")

    async def _show_case(self, then: str) -> None:
        from bdesk.screens.case.screen import CaseScreen

        try:
            # One after the other: a case screen that is on its way has no parts to show another case in.
            async with self._going:
                if isinstance(self.screen, CaseScreen):
                    await self.screen.go_to_current()
                elif self.place is not None and not self.place.desk.locked:
                    self.show_queue()
                    shown = CaseScreen(self.place)
                    await self.push_screen(shown)
                    await shown.go_to_current()
            if then and isinstance(self.screen, CaseScreen):
                self.screen.action_desk_key(then)
        finally:
            self.end_write(True)

    async def refresh_windows(self) -> None:
        """Read again what can still be recalled."""
        from bdesk.operations.effects.recall import open_windows

        if self.place is not None:
            try:
                self.place.windows = await self.place.desk.read(open_windows)
            except DeskError as refused:
                self._say_refusal(refused)
            if isinstance(self.screen, DeskScreen):
                self.screen.frame()

    def published(self) -> None:
        """Cases changed: the shown screen reads again; the others when they are shown."""
        if isinstance(self.screen, DeskScreen):
            self.screen.refresh_now()

    def _handle_exception(self, error: Exception) -> None:
        # Textual wraps what a worker raised; the log wants the place it came from.
        self._log_file = log.record(error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own report shows locals, which may be a customer's: one line, and where the log is.
        self.bell()
        said = _("The desk stopped on an error; nothing is lost. The log is {path}", path=str(self._log_file))
        self._exit_renderables.append(Text(said))
        self._close_messages_no_wait()


def _settle() -> None:
    """The start is over: what it made stays for good, and garbage is looked for again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _shows_case(screen: Screen[Any]) -> bool:
    from bdesk.screens.case.screen import CaseScreen

    return isinstance(screen, CaseScreen)


def prepare_terminal() -> None:
    """UTF-8 whatever the locale says: GB18030 and Latin-1 would break the screen (MEASURED.md)."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
