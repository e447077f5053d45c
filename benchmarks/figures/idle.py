"""An idle desk with 40 running timers on the screen: what it uses of a core, and what it writes.

The timers are due one a minute, so that about ten of them count seconds and thirty minutes, as in a queue
that is worked. The detail also says what is written when every one of them is in its last ten minutes.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Options, Result, bdesk, environment
from benchmarks.stores import AGENT, copy_of, home, timers, url_of
from benchmarks.terminal import Terminal

TIMERS = 40
ROWS = 56
"""So high that all 40 are in view: of those out of view nothing is painted."""

SETTLE = 6.0


def measure(options: Options) -> Iterator[Result]:
    seconds = 10.0 if options.quick else 40.0
    share, written = _idle(timers(TIMERS, 60), seconds)
    _share, most = _idle(timers(TIMERS, 10), min(seconds, 20.0))
    said = f"over {seconds:.0f} s, {TIMERS} timers in view of 120x{ROWS}"
    yield Result("idle desk, share of a core", 1.0, share, said, unit="%")
    said += f"; {most:.2f} kB/s when all count seconds"
    yield Result("idle desk, written to the terminal", 1.0, written, said, unit="kB/s")


def _idle(store: Path, seconds: float) -> tuple[float, float]:
    """Per cent of a core, and kB a second."""
    env = environment(home("idle"), url_of(copy_of(store, "idle")))
    with Terminal(bdesk("open", "--as", AGENT), env, rows=ROWS) as desk:
        desk.wait_for(b"KT20")
        desk.drain(SETTLE)
        cpu, started = desk.cpu(), time.perf_counter()
        written = desk.drain(seconds)
        passed = time.perf_counter() - started
        return 100 * (desk.cpu() - cpu) / passed, written / passed / 1000
