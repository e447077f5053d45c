"""A person at the desk: presses keys, types, reads the screen. Waits until it is idle, never sleeps.

    async with driving(App(), size=(80, 24)) as desk:
        await desk.press("f9")
        await desk.type("7741")
        desk.shows("李**").shows_not("13912340482").widths_ok()
        assert (desk.keys, desk.digits) == (1, 4)

Idle means: every message pump of the shown screen has handled what it had, no callback or layout waits,
and no worker runs except those of `background` groups and those that wait for an answer of the person.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from time import monotonic
from typing import Any, Self
from unittest.mock import patch

from rich.style import Style
from textual import events
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.worker import Worker

from bdesk.text import clean

PATIENCE = 30.0
"""Seconds after which a desk that is not idle is a failure; what it waits for is said. Long, since others may
be at work on the machine; how fast a desk is the benchmarks measure."""


class Driver:
    """Drives an app through its pilot. `keys`, `digits` and `letters` count what the hand did.

    A press is a command (K in UX, also a digit that picks something); typing is data: digits (D), letters.
    """

    def __init__(self, pilot: Pilot[Any], *, background: frozenset[str] = frozenset({"background"})) -> None:
        self.pilot = pilot
        self.app: App[Any] = pilot.app
        self.background = background
        self.keys = 0
        self.digits = 0
        self.letters = 0

    # The hand

    async def press(self, *keys: str) -> Self:
        """Press command keys one after the other, each once the desk is idle again."""
        for key in keys:
            self.keys += 1
            self._send(key)
            await self.idle()
        return self

    async def burst(self, *keys: str) -> Self:
        """Press keys faster than the desk can answer; wait only after the last."""
        for key in keys:
            self.keys += 1
            self._send(key)
        await self.idle()
        return self

    async def type(self, text: str) -> Self:
        """Type data character by character; Han characters arrive as an input method commits them."""
        for character in text:
            if character.isdigit():
                self.digits += 1
            else:
                self.letters += 1
            self._send(character)
        await self.idle()
        return self

    async def paste(self, text: str) -> Self:
        """Paste, as the terminal's own paste key does."""
        self.app.post_message(events.Paste(text))
        await self.idle()
        return self

    async def resize(self, columns: int, rows: int) -> Self:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(columns, rows)
        await self.idle()
        return self

    async def run(self, callback: Callable[[], object]) -> Self:
        """Call something as the app would: pushing a screen, moving the focus."""
        self.app.call_later(callback)
        await self.idle()
        return self

    def forget_keys(self) -> Self:
        """Count from nothing again."""
        self.keys = self.digits = self.letters = 0
        return self

    def _send(self, key: str) -> None:
        if len(key) == 1 and not key.isalnum():
            key = _character_to_key(key)
        name = REPLACED_KEYS.get(key, key)
        try:
            character: str | None = unicodedata.lookup(_get_unicode_name_from_key(name))
        except KeyError:
            character = key if len(key) == 1 else None
        event = events.Key(key, character)
        event.set_sender(self.app)
        self.app.post_message(event)

    # Waiting

    async def idle(self) -> Self:
        """Wait until nothing is left to do. AssertionError, saying what is, when that takes too long."""
        until = monotonic() + PATIENCE
        quiet = 0
        while quiet < 2:
            if self.app._exit:
                return self
            if not await self.pilot._wait_for_screen():
                if not self.app.is_running:
                    return self
                # The app's first screen is still on its way.
                assert monotonic() < until, "no screen was shown"
                await asyncio.sleep(0)
                continue
            self.app.screen._on_timer_update()
            busy = self._busy()
            quiet = 0 if busy else quiet + 1
            if busy and monotonic() > until:
                raise AssertionError(self._because(f"not idle, but {', '.join(busy)}"))
            await self._worked()
        return self

    def _busy(self) -> list[str]:
        pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
        found = [f"messages for {pump}" for pump in pumps if pump.message_queue_size or pump._next_callbacks]
        if self.app.screen._layout_required:
            found.append("a layout")
        if self.app.animator._animations:
            found.append("an animation")
        return found + [f"worker {worker.name or worker.group}" for worker in self._workers()]

    def _workers(self) -> list[Worker[Any]]:
        """Workers that will end by themselves: one for each screen that is asked a question waits for us."""
        running = [
            worker
            for worker in self.app.workers
            if not worker.is_finished and worker.group not in self.background
        ]
        asked = sum(
            1
            for screen in self.app.screen_stack
            for result in screen._result_callbacks
            if result.future is not None and not result.future.done() and result.future._callbacks
        )
        return running[asked:]

    async def _worked(self) -> None:
        if self.app.animator._animations:
            await self.app.animator.wait_for_idle()
        tasks = [worker._task for worker in self._workers() if worker._task is not None]
        if tasks:
            # Bounded, since a worker may be waiting for messages that are handled in the next round.
            await asyncio.wait(tasks, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)

    # The eye

    def strips(self) -> list[Strip]:
        """The screen as the compositor would paint it now."""
        return self.app.screen._compositor.render_strips()

    def lines(self) -> list[str]:
        """The screen's lines."""
        return [strip.text for strip in self.strips()]

    def screen_text(self) -> str:
        """The screen as text, trailing blanks removed."""
        return "\n".join(text.rstrip() for text in self.lines())

    def shows(self, *texts: str) -> Self:
        """Each text stands on one line of the screen."""
        for text in texts:
            assert any(text in found for found in self.lines()), self._because(f"{text!r} is not shown")
        return self

    def shows_not(self, *texts: str) -> Self:
        """None of the texts stands on the screen."""
        for text in texts:
            assert not any(text in found for found in self.lines()), self._because(f"{text!r} is shown")
        return self

    def line_with(self, text: str) -> str:
        """The first line that has this text."""
        for found in self.lines():
            if text in found:
                return found
        raise AssertionError(self._because(f"no line with {text!r}"))

    def style_of(self, text: str) -> Style:
        """The style of the first character of this text where it is first shown."""
        for strip in self.strips():
            at = strip.text.find(text)
            if at >= 0:
                return next(style for index, style in _styled(strip) if index == at)
        raise AssertionError(self._because(f"{text!r} is not shown"))

    def widths_ok(self) -> Self:
        """Every strip is exactly as wide as the screen, and nothing on it could drive the terminal."""
        columns, rows = self.app.size
        strips = self.strips()
        assert len(strips) == rows, f"{len(strips)} lines on a screen of {rows}"
        for y, strip in enumerate(strips):
            fresh = Strip(list(strip)).cell_length
            assert fresh == columns, self._because(f"line {y} has {fresh} cells, not {columns}")
            assert clean(strip.text) == strip.text, (
                f"line {y} carries what must not be painted: {strip.text!r}"
            )
        return self

    def _because(self, what: str) -> str:
        return f"{what} on\n{self.screen_text()}"


def _styled(strip: Strip) -> Iterator[tuple[int, Style]]:
    index = 0
    for text, style, _control in strip:
        for _character in text:
            yield index, style or Style.null()
            index += 1


def _unpainted(
    self: Compositor,
    full: bool = False,
    screen_stack: list[Screen[Any]] | None = None,
    simplify: bool = False,
) -> None:
    """Stands in for `Compositor.render_update`: what has changed counts as painted."""
    visible_screen_stack.set(screen_stack or [])
    self._dirty_regions.clear()


@asynccontextmanager
async def driving(
    app: App[Any],
    size: tuple[int, int] = (80, 24),
    *,
    background: frozenset[str] = frozenset({"background"}),
    painting: bool = True,
) -> AsyncIterator[Driver]:
    """Run an app without a terminal and drive it; it is idle when the block begins.

    Without `painting` nothing is painted until somebody looks: no terminal is there, and for a whole desk the
    pictures that nobody sees take a quarter of the time. The eye paints every line anew each time it looks,
    and once at the end, so that a screen that cannot be painted is a failure even if nobody looked."""
    with nullcontext() if painting else patch.object(Compositor, "render_update", _unpainted):
        async with app.run_test(size=size) as pilot:
            driver = Driver(pilot, background=background)
            await driver.idle()
            yield driver
            if not app._exit:
                driver.strips()
