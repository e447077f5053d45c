"""Keys before a screen gets them: in their order, held during a write, no Hanzi outside a field."""

import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.widgets import Input, TextArea

from bdesk.screens.base import DeskScreen
from bdesk.screens.holding import HeldKeys, alt_digit, pressed
from bdesk.screens.typeahead import TypeAhead
from bdesk.widgets import strips


class Keyboard:
    """`play` gives a key to the screen. A line for the person is said on the screen that is shown."""

    def __init__(self, app: App[Any], play: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._play_there = play
        self._ahead = TypeAhead(app, self._play)
        self._held = HeldKeys(app, self._ahead.first, self._say)

    async def pressed(self, event: events.Key) -> None:
        """A key was pressed, or comes back from the widget that had no use for it."""
        if event.is_forwarded:
            await self._play(event)
        else:
            await self._ahead.pressed(event)

    def hold(self) -> None:
        """Hold keys from now on."""
        self._held.begin()

    def release(self, done: bool) -> None:
        """Play the held keys, or drop them after a refusal and say so."""
        self._held.end(done)

    def forget(self) -> None:
        """Nobody plays what is held."""
        self._held.forget()

    async def _play(self, event: events.Key) -> None:
        if not self._takes(event):
            await self._play_there(event)

    def _takes(self, event: events.Key) -> bool:
        """Keys that go no further as they are: held ones, Alt+digit, a committed Hanzi outside a field."""
        digit = alt_digit(event)
        if digit is not None:
            # Esc and a digit pressed quickly arrive as Alt+digit (UX, Keys).
            self._ahead.first([pressed("escape", "\x1b", self._app), pressed(digit, digit, self._app)])
            return True
        if self._held.holding:
            self._held.hold(event)
            return True
        han, screen = self._is_han(event), self._app.screen
        if isinstance(screen, DeskScreen):
            screen.hint(strips.ime_hint(event.character or "") if han else None)
        return han

    def _is_han(self, event: events.Key) -> bool:
        character = event.character or ""
        if len(character) != 1 or isinstance(self._app.focused, Input | TextArea):
            return False
        return unicodedata.name(character, "").startswith("CJK UNIFIED")

    def _say(self, text: str) -> None:
        if isinstance(self._app.screen, DeskScreen):
            self._app.screen.toast(text, "hint")
