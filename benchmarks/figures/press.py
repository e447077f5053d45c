"""From a key to what it paints, the desk's queue against a bare list; and a burst that must not lose a key.

Both run at once and take turns, key by key, so that the machine is the same for both. The time runs until
the selection has moved on the screen; the desk paints the preview beside it a frame later, and the detail
says when the last byte of that came.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bdesk.data.book.book import load_book
from bdesk.data.queries import queue
from bdesk.data.store import open_store
from bdesk.operations.context import Context
from bdesk.operations.staff.people import find_actor
from benchmarks.measure import Options, Result, bdesk, environment, floor, percentile
from benchmarks.stores import AGENT, home, thin, url_of
from benchmarks.terminal import Terminal

DOWN = b"\x1b[B"
KEYS, BURST = 200, 200
QUIET = 0.03
"""Seconds without output after which a key's painting is taken to be over."""


def measure(options: Options) -> Iterator[Result]:
    store = thin(1_000)
    env = environment(home("press"), url_of(store))
    with (
        Terminal(bdesk("open", "--as", AGENT), env) as desk,
        Terminal(floor("bare_list"), env) as bare,
    ):
        desk.wait_for(b"KT20")
        bare.wait_for(b"ROW0000")
        desk.drain(3), bare.drain(1)
        ours, theirs = _pairs(desk, bare, 80 if options.quick else KEYS)
    slow, quick = (percentile([first for first, _last in pairs], 0.95) for pairs in (ours, theirs))
    usual, bare_usual = (median(first for first, _last in pairs) for pairs in (ours, theirs))
    whole = percentile([last for _first, last in ours], 0.95)
    said = (
        f"p95 {slow * 1000:.1f} / {quick * 1000:.1f} ms; "
        f"median {usual * 1000:.1f} / {bare_usual * 1000:.1f} ms; with the preview p95 {whole * 1000:.1f} ms"
    )
    yield Result("key to paint, p95 / bare line-rendered list", 2.0, slow / quick, said)
    yield _burst(store)


def _pairs(
    desk: Terminal, bare: Terminal, keys: int
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Seconds from each key to the first and to the last bytes it painted."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for at in range(keys):
        for terminal, kept in ((desk, ours), (bare, theirs)) if at % 2 else ((bare, theirs), (desk, ours)):
            # The second's tick is not the key's doing: begin when both have nothing to say.
            terminal.quiet(QUIET)
            started = time.perf_counter()
            terminal.send(DOWN)
            first, last = terminal.quiet(QUIET)
            if last:
                kept.append((first - started, last - started))
    return ours, theirs


def _burst(store: Path) -> Result:
    """200 keys in one write: the case 200 rows on must then be the selected one."""
    wanted = _number_at(store, BURST)
    with Terminal(bdesk("open", "--as", AGENT), environment(home("press"), url_of(store))) as desk:
        desk.wait_for(b"KT20")
        desk.drain(2)
        started = time.perf_counter()
        desk.send(DOWN * BURST)
        before = len(desk.seen)
        while wanted not in desk.seen[before:] and time.perf_counter() - started < 20:
            desk.read(0.1)
        lost = wanted not in desk.seen[before:]
        seconds = time.perf_counter() - started
        desk.quiet(0.3)
        beyond = _number_at(store, BURST + 1) in desk.seen[before:]
    said = f"row {BURST + 1} selected after {seconds:.2f} s" if not lost else "the cursor stopped short"
    return Result(f"keys lost in a burst of {BURST}", 0, float(lost or beyond), said, unit="")


def _number_at(store: Path, index: int) -> bytes:
    with open_store(url_of(store)) as opened:
        ctx = Context(opened, load_book(), find_actor(opened, AGENT))
        with opened.read() as session:
            found = queue.page(session, "waiting", ctx.actor, limit=index + 1)
    return found.rows[index].case_no.encode()
