"""DeskApp: the composition root of the screens. Modes, theme, keymap, one tick, and keys held while writing."""

import os
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input, TextArea

from bdesk import log
from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.models.kinds import PersonState
from bdesk.operations.effects.recall import open_windows
from bdesk.operations.outbox import due as outbox_due
from bdesk.operations.outbox import release_due
from bdesk.operations.sweep import sweep
from bdesk.screens.base import DeskScreen
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.place import Place
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.restoring import restore
from bdesk.widgets import strips, theme

HELD_KEYS = 32
SWEEP_SECONDS = 20
BEAT_SECONDS = 60
NEVER_HELD = frozenset({"f8"})


class DeskApp(App[int]):
    """One desk. `first` makes the first screen once the app runs: sign-in, or the queue when signed in."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    TITLE = "bdesk"
    CSS = """
    Screen { background: $background; color: $foreground; }
    """
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(self, first: Callable[["DeskApp"], Screen[Any]]) -> None:
        look = theme.theme_for(os.environ, theme.detected(os.environ))
        theme.use(look)
        super().__init__(ansi_color=look.ansi)
        self._look = look
        self._first = first
        self.place: Place | None = None
        self.person_state = PersonState.ONLINE
        self._writing = 0
        self._held: list[events.Key] = []
        self._seconds = 0
        self._log_file: Path | None = None
        self.animation_level = "none"

    def on_mount(self) -> None:
        made = self._look.textual()
        self.register_theme(made)
        self.theme = made.name
        self.push_screen(self._first(self))
        self.set_interval(1.0, self._tick)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and self._takes(event):
            return
        await super().on_event(event)

    def _takes(self, event: events.Key) -> bool:
        """Keys that go no further as they are: held ones, Alt+digit, a committed Hanzi outside a field."""
        digit = _alt_digit(event)
        if digit is not None:
            # Esc and a digit pressed quickly arrive as Alt+digit (UX, Keys).
            for name, character in (("escape", "\x1b"), (digit, digit)):
                self.post_message(_key(name, character, self))
            return True
        if self._writing:
            self._hold(event)
            return True
        if self._is_han(event):
            screen = self.screen
            if isinstance(screen, DeskScreen):
                screen.hint(strips.ime_hint(event.character or ""))
            return True
        return False

    def _hold(self, event: events.Key) -> None:
        if event.key in NEVER_HELD:
            self._say(_("Saving; press F8 again when it is done"))
        elif len(self._held) < HELD_KEYS:
            self._held.append(event)
        else:
            self._say(_("Too many keys while saving; the last ones were dropped"))

    def _is_han(self, event: events.Key) -> bool:
        character = event.character or ""
        if len(character) != 1 or isinstance(self.focused, Input | TextArea):
            return False
        return unicodedata.name(character, "").startswith("CJK UNIFIED")

    def _say(self, text: str) -> None:
        if isinstance(self.screen, DeskScreen):
            self.screen.toast(text, "hint")

    def begin_write(self) -> None:
        """Hold keys from now on."""
        self._writing += 1

    def end_write(self, done: bool) -> None:
        """Play the held keys, or drop them after a refusal and say so."""
        self._writing -= 1
        if self._writing:
            return
        held, self._held = self._held, []
        if not done and held:
            self._say(_("{count} keys pressed meanwhile were dropped", count=len(held)))
            return
        for event in held:
            self.post_message(_key(event.key, event.character, self))

    # Time

    async def _tick(self) -> None:
        if self.place is None:
            return
        self._seconds += 1
        screen = self.screen
        if isinstance(screen, DeskScreen):
            screen.second(self.place.now())
        work = partial(self._errands, self.place, self._seconds)
        self.run_worker(work, group="background", exclusive=True)

    async def _errands(self, place: Place, seconds: int) -> None:
        """What happens by itself: others' commits, the outbox, the sweep, the training clock's beat."""
        desk = place.desk
        try:
            if await desk.changed_elsewhere():
                self.published()
            if await desk.errand(_has_due):
                await desk.errand(release_due)
                self.published()
            if seconds % SWEEP_SECONDS == 1:
                swept = await desk.errand(sweep)
                if swept.anything:
                    self.published()
            if seconds % BEAT_SECONDS == 0:
                await desk.errand(_beat)
        except DeskError as refused:
            if isinstance(self.screen, DeskScreen):
                self.screen.say_refusal(refused)

    # Going between screens

    def enter(self, place: Place) -> None:
        """Somebody is signed in: their queue comes, with the cases and strips they had open."""
        self.place = place
        restore(place)
        self.switch_screen(QueueScreen(place))
        self.run_worker(self.refresh_windows, group="read-windows")

    def show_queue(self) -> None:
        """Back to the queue, which never quits; whatever stood over it keeps its state in the place."""
        while len(self.screen_stack) > 2 and not isinstance(self.screen, QueueScreen):
            self.pop_screen()

    def show_case(self) -> None:
        """The case screen over the queue, on the place's current case."""
        if isinstance(self.screen, CaseScreen):
            self.screen.go_to_current()
            return
        self.show_queue()
        if self.place is not None:
            self.push_screen(CaseScreen(self.place))

    async def refresh_windows(self) -> None:
        """Read again what can still be recalled."""
        if self.place is not None:
            self.place.windows = await self.place.desk.read(open_windows)
            if isinstance(self.screen, DeskScreen):
                self.screen.frame()

    def published(self) -> None:
        """Cases changed: the shown screen reads again; the others when they are shown."""
        if isinstance(self.screen, DeskScreen):
            self.screen.refresh_now()

    def _handle_exception(self, error: Exception) -> None:
        self._log_file = log.record(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own report shows locals, which may be a customer's: one line, and where the log is.
        self.bell()
        said = _("The desk stopped on an error; nothing is lost. The log is {path}", path=str(self._log_file))
        self._exit_renderables.append(Text(said))
        self._close_messages_no_wait()


def _has_due(ctx: Any) -> bool:
    with ctx.store.read() as session:
        return outbox_due(session, ctx.store)


def _beat(ctx: Any) -> None:
    ctx.store.beat_clock(ctx.actor.number)


def _alt_digit(event: events.Key) -> str | None:
    name = event.key
    if name.startswith("alt+") and name[4:] in set("0123456789"):
        return name[4:]
    # What Alt+1 .. Alt+0 type on some keyboards.
    at = "º¡™£¢∞§¶•ª".find(event.character or " ")
    return str(at) if at >= 0 else None


def _key(name: str, character: str | None, app: App[Any]) -> events.Key:
    event = events.Key(name, character)
    event.set_sender(app)
    return event


def prepare_terminal() -> None:
    """UTF-8 whatever the locale says: GB18030 and Latin-1 would break the screen (MEASURED.md)."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
