"""A queue of a million thin cases against one of a thousand: reading and scrolling, the desk, its memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures.start import until
from benchmarks.measure import Cost, Options, Result, bdesk, environment, in_turns, ratio_of
from benchmarks.stores import AGENT, home, thin, url_of
from benchmarks.terminal import Terminal

SMALL = 1_000
READS, PAGES = 30, 12
MARK = b"KT20"
SETTLE = 2.0
"""Seconds from the filled queue until the desk has done all of its start."""


def measure(options: Options) -> Iterator[Result]:
    large = 100_000 if options.quick else 1_000_000
    small_store, large_store = thin(SMALL), thin(large)
    ours, theirs = in_turns(
        lambda: _reads(large_store), lambda: _reads(small_store), max(3, options.runs // 2)
    )
    ratio, _wall, said = ratio_of(ours, theirs)
    yield Result(f"{READS} first pages, {PAGES} further ones: {large:,} / {SMALL:,} cases", 1.15, ratio, said)
    desk = bdesk("open", "--as", AGENT)
    ours, theirs = in_turns(
        lambda: until(desk, large_store, MARK), lambda: until(desk, small_store, MARK), options.runs
    )
    ratio, _wall, said = ratio_of(ours, theirs)
    yield Result(f"filled queue: {large:,} / {SMALL:,} cases", 1.15, ratio, said)
    more, less = in_turns(lambda: _memory(large_store), lambda: _memory(small_store), 3)
    ratio = median(one / max(1, other) for one, other in zip(more, less, strict=True))
    said = f"{median(more) / 1024:.1f} / {median(less) / 1024:.1f} MiB at most"
    yield Result(f"memory of the desk: {large:,} / {SMALL:,} cases", 1.15, ratio, said)


def _memory(store: Path) -> float:
    with Terminal(bdesk("open", "--as", AGENT), environment(home("size"), url_of(store))) as terminal:
        terminal.wait_for(MARK)
        for _ in range(6):
            terminal.send(b"\x1b[6~")  # PageDown: pages that were not read yet
            terminal.quiet(0.15)
        terminal.drain(SETTLE)
        return float(terminal.memory())


def _reads(store: Path) -> Cost:
    command = [sys.executable, "-m", "benchmarks.figures.size", url_of(store)]
    env = environment(home("size"))
    said = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
    wall, cpu = json.loads(said)
    return Cost(wall, cpu)


def _child(url: str) -> None:
    """Read as the queue screen does: its first page many times, and on by keyset."""
    import time

    from bdesk.data.book.book import load_book
    from bdesk.data.queries import queue
    from bdesk.data.store import open_store
    from bdesk.operations.context import Context
    from bdesk.operations.looking.queue import first_page
    from bdesk.operations.staff.people import find_actor

    with open_store(url) as store:
        ctx = Context(store, load_book(), find_actor(store, AGENT))
        first_page(ctx)
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(READS):
            first_page(ctx)
        after = None
        for _ in range(PAGES):
            with store.read() as session:
                after = queue.page(session, "waiting", ctx.actor, after=after).next
        print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))


if __name__ == "__main__":
    _child(sys.argv[1])
