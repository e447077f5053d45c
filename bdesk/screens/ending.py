"""Ending without being asked: told to by a signal, or the terminal gone; what was typed is on disk first."""

import asyncio
import os
import signal
from collections.abc import Callable
from threading import Timer

LEAVING_SECONDS = 3.0


def heed_signals(end: Callable[[int], None]) -> None:
    """`end` gets the number of a signal to end, unless somebody else listens to it already."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            loop.add_signal_handler(number, end, number)


def code_of(number: int) -> int:
    """The exit code of a program that a signal ended."""
    return 128 + number


def gone_at_last(code: int) -> None:
    """A terminal that is gone can keep the leaving from coming to its end: then the process goes."""
    last = Timer(LEAVING_SECONDS, os._exit, (code,))
    last.daemon = True
    last.start()
