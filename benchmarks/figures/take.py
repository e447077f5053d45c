"""Take-next from 8 processes: none twice, none "locked", and how fast beside the same SQL without the desk.

The floor runs the statements of one take-next, as they were sent to the database, by `sqlite3` alone: the
same transaction, the same index walks, the same journal rows, the same commit to the disk. Each process takes
one case before the start, which warms its caches and is not timed.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from bdesk.data.book.book import load_book
from bdesk.data.core import STAFF
from bdesk.data.store import open_store
from bdesk.errors import StoreProblem
from bdesk.operations.context import Context
from bdesk.operations.queue import take_next
from bdesk.operations.staff.people import find_actor
from benchmarks.measure import FLOORS, Options, Result, environment
from benchmarks.stores import contested, copy_of, home, url_of

PROCESSES = 8
EACH = 20
"""Cases that each process takes."""


def measure(options: Options) -> Iterator[Result]:
    recorded = _recorded()
    ours: list[float] = []
    theirs: list[float] = []
    doubles = errors = 0
    for turn in range(3 if options.quick else 5):
        for desk in (True, False) if turn % 2 else (False, True):
            rate, twice, failed = _round(desk, recorded)
            (ours if desk else theirs).append(rate)
            if desk:
                doubles, errors = doubles + twice, errors + failed
    # The best round of each: whatever else the machine does can only slow a round, the desk's more than the
    # floor's, which mostly waits for the disk.
    best, bare = max(ours), max(theirs)
    said = f"{best:.0f} / {bare:.0f} a second, best of {len(ours)} rounds of {PROCESSES} x {EACH}"
    yield Result("take-next, rate / the same bare SQL", 60, 100 * best / bare, said, "%", better_below=False)
    yield Result("take-next, cases taken twice", 0, doubles, f"in {len(ours)} rounds", "")
    yield Result('take-next, refused as "locked"', 0, errors, f"in {len(ours)} rounds", "")


def _round(desk: bool, recorded: Path) -> tuple[float, int, int]:
    """All processes take their cases from a fresh store: cases a second, taken twice, errors."""
    store = copy_of(contested(), "take")
    env = environment(home("take"))
    script = [sys.executable, "-m", "benchmarks.figures.take"] if desk else [sys.executable]
    more = [] if desk else [str(FLOORS / "bare_take.py"), str(recorded)]
    command = [*script, *more, url_of(store) if desk else str(store), str(EACH)]
    people = _people(store)
    children = [
        subprocess.Popen(
            [*command, number], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in people
    ]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()  # it is ready
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [json.loads(child.communicate()[0]) for child in children]
    begun, ended = min(one["begun"] for one in said), max(one["ended"] for one in said)
    taken = Counter(case for one in said for case in one["taken"])
    twice = sum(times - 1 for times in taken.values())
    return (len(taken) - PROCESSES) / (ended - begun), twice, sum(one["errors"] for one in said)


def _people(store: Path) -> list[str]:
    """Agents of the group with most people, who all look at the same cases."""
    with open_store(url_of(store)) as opened, opened.read() as session:
        rows = session.execute(
            select(STAFF.c.group_id, func.group_concat(STAFF.c.number))
            .where(STAFF.c.role == "agent")
            .group_by(STAFF.c.group_id)
            .order_by(func.count().desc())
        ).all()
    return sorted(str(rows[0][1]).split(","))[:PROCESSES]


def _recorded() -> Path:
    """The statements of one take-next with their values, in a file for the floor."""
    store = copy_of(contested(), "take")
    sent: list[tuple[str, Any]] = []
    with open_store(url_of(store)) as opened:
        ctx = Context(opened, load_book(), find_actor(opened, _people(store)[0]))
        take_next(ctx)
        for engine in (opened._writer, opened._reader):
            event.listen(engine, "before_cursor_execute", lambda *a: sent.append((a[2], list(a[3]))))
        changed = take_next(ctx)
    place = store.with_name("take-recorded.json")
    sent = [one for one in sent if not one[0].startswith("BEGIN")]
    kept = {"case": changed.case_id, "statements": sent}
    place.write_text(json.dumps(kept, default=str), encoding="utf-8")
    return place


def _child(arguments: Sequence[str]) -> None:
    url, each, number = arguments[0], int(arguments[1]), arguments[2]
    with open_store(url) as store:
        ctx = Context(store, load_book(), find_actor(store, number))
        taken: list[int | None] = [take_next(ctx).case_id]
        print("ready", flush=True)
        sys.stdin.readline()
        errors, begun = 0, time.time()
        for _ in range(each):
            try:
                taken.append(take_next(ctx).case_id)
            except StoreProblem:
                errors += 1
        print(json.dumps({"taken": taken, "errors": errors, "begun": begun, "ended": time.time()}))


if __name__ == "__main__":
    _child(sys.argv[1:])
