"""Keys in the order they were pressed, however fast they come.

A key of the footer is done at once, any other first travels through the widget that has focus. Pressed in
one go, the later one would overtake the earlier: F8 would do what Esc was to drop. So each key waits until
the one before has arrived (UX 1, 5).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode

PATIENCE = 0.25
"""Seconds after which the next key goes on although the one before has not arrived everywhere."""

ROUNDS = 2
"""Quiet rounds of the app's own messages after which a key has arrived."""


class TypeAhead:
    """Hands an app's keys to `play`, one after the other."""

    def __init__(self, app: App[Any], play: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._play = play
        self._waiting: deque[events.Key] = deque()
        self._busy = False
        self._quiet = 0
        self._until = 0.0
        self._went_to: DOMNode | None = None

    async def pressed(self, event: events.Key) -> None:
        """Play a key, now or when those before it have arrived."""
        if self._busy:
            self._waiting.append(event)
        else:
            await self._go(event)
            self._begin()

    def first(self, held: Sequence[events.Key]) -> None:
        """Play keys before those that wait."""
        self._waiting.extendleft(reversed(held))
        if self._waiting and not self._busy:
            self._begin()

    def _begin(self) -> None:
        self._busy = True
        self._app.call_later(self._round)

    async def _go(self, event: events.Key) -> None:
        self._quiet, self._until = 0, monotonic() + PATIENCE
        self._went_to = self._target()
        await self._play(event)

    async def _round(self) -> None:
        # Lets the widgets work; what they pass up to the app is then before the next round.
        await asyncio.sleep(0)
        self._quiet = self._quiet + 1 if self._arrived() else 0
        if self._quiet >= ROUNDS or monotonic() > self._until:
            if not self._waiting:
                self._busy = False
                return
            await self._go(self._waiting.popleft())
        self._app.call_later(self._round)

    def _target(self) -> DOMNode | None:
        app = self._app
        return app.focused or app.screen if app.screen_stack else None

    def _arrived(self) -> bool:
        nodes = {node for node in (self._went_to, self._target()) if node is not None}
        return not any(
            one.message_queue_size
            for node in nodes
            for one in node.ancestors_with_self
            if one is not self._app and one.is_running
        )
