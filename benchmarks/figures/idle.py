"""An idle desk with 40 running timers on the screen: what it uses of a core, and what it writes."""

import time
from collections.abc import Iterator

from benchmarks.measure import Options, Result, bdesk, environment
from benchmarks.stores import AGENT, copy_of, home, timers, url_of
from benchmarks.terminal import Terminal

TIMERS = 40
ROWS = 56
"""So high that all 40 are in view: of those out of view nothing is painted."""

SETTLE = 6.0


def measure(options: Options) -> Iterator[Result]:
    store = copy_of(timers(TIMERS), "idle")
    seconds = 10.0 if options.quick else 40.0
    env = environment(home("idle"), url_of(store))
    with Terminal(bdesk("open", "--as", AGENT), env, rows=ROWS) as desk:
        desk.wait_for(b"KT20")
        desk.drain(SETTLE)
        cpu, started = desk.cpu(), time.perf_counter()
        written = desk.drain(seconds)
        used = (desk.cpu() - cpu) / (time.perf_counter() - started)
    said = f"over {seconds:.0f} s, {TIMERS} timers in view of 120x{ROWS}"
    yield Result("idle desk, share of a core", 1.0, used * 100, said, unit="%")
    yield Result("idle desk, written to the terminal", 1.0, written / seconds / 1000, said, unit="kB/s")
