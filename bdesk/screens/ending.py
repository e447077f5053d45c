"""Ending without being asked: told to by a signal, or the terminal gone; what was typed is on disk first."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from select import POLLNVAL, poll
from threading import Thread, Timer

LEAVING_SECONDS = 3.0
LOOK_SECONDS = 1.0


def heed_signals(end: Callable[[int], None]) -> None:
    """`end` gets the number of a signal to end, unless somebody else listens to it already."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            loop.add_signal_handler(number, end, number)


def heed_end_of_keys(keys: int, end: Callable[[int], None]) -> None:
    """`end` gets the number of a hang-up once nobody can press keys any more at the terminal with this file
    number, also where no signal tells of it (a desk that was started away from its terminal, `nohup`). What
    reads the keys would ask for the next one without end."""
    loop = asyncio.get_running_loop()
    Thread(target=_watch, args=(keys, loop, end), name="end-of-keys", daemon=True).start()


def _watch(keys: int, loop: asyncio.AbstractEventLoop, end: Callable[[int], None]) -> None:
    watched = poll()
    watched.register(keys, 0)  # nothing but the end: the keys are for others
    ended: list[tuple[int, int]] = []
    while not ended:
        ended = watched.poll(LOOK_SECONDS * 1000)
        if loop.is_closed() or (keys, POLLNVAL) in ended:
            return
    gone_at_last(code_of(signal.SIGHUP))  # what paints may wait for the terminal for ever
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(end, signal.SIGHUP)


def code_of(number: int) -> int:
    """The exit code of a program that a signal ended."""
    return 128 + number


def gone_at_last(code: int) -> None:
    """A terminal that is gone can keep the leaving from coming to its end: then the process goes."""
    last = Timer(LEAVING_SECONDS, os._exit, (code,))
    last.daemon = True
    last.start()
