"""Two processes on one store: nothing taken twice, everything noticed, nothing half written."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from bdesk.data.book.book import load_book
from bdesk.data.core import CASE
from bdesk.data.queries.taking import next_candidates
from bdesk.data.store import Store, open_store
from bdesk.data.verify import verify
from bdesk.models.kinds import Stream
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import ActorView
from tests.builders import make_store, open_case, person

pytestmark = pytest.mark.usefixtures("book_at_hand")

ROOT = Path(__file__).parents[2]
SPAWN = multiprocessing.get_context("spawn")
CASES = 12
DESKS = 4


def take(store: Store, actor: ActorView) -> int | None:
    """One guarded update inside an immediate transaction, as an operation does it."""
    with store.write(actor.number) as unit:
        for candidate in next_candidates(unit.session, actor, unit.now, load_book()):
            won = unit.session.execute(
                update(CASE)
                .where(CASE.c.id == candidate.case_id, CASE.c.owner_id.is_(None))
                .values(owner_id=actor.id)
                .returning(CASE.c.id)
            ).scalar()
            if won is not None:
                unit.on_case(unit.case(won), "case.claimed", {"by": actor.number})
                unit.commit()
                return int(won)
    return None


def take_all(url: str, actor: ActorView, start: Barrier, taken: "Queue[tuple[str, int | str]]") -> None:
    store = open_store(url)
    start.wait(timeout=60)
    try:
        while (case_id := take(store, actor)) is not None:
            taken.put((actor.number, case_id))
    except Exception as error:  # noqa: BLE001  the parent must hear of it
        taken.put((actor.number, repr(error)))
    store.close()
    taken.put((actor.number, "done"))


def test_desks_that_take_at_once_never_take_the_same(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    actors = [person(store) for _ in range(DESKS)]
    for _ in range(CASES):
        open_case(store)
    start, taken = SPAWN.Barrier(DESKS), SPAWN.Queue()
    desks = [SPAWN.Process(target=take_all, args=(store.url, actor, start, taken)) for actor in actors]
    for desk in desks:
        desk.start()
    heard: list[tuple[str, int | str]] = []
    while sum(what == "done" for _, what in heard) < DESKS:
        heard.append(taken.get(timeout=90))
    for desk in desks:
        desk.join(timeout=30)
    won = [(who, what) for who, what in heard if what != "done"]
    assert len(won) == CASES, won
    assert Counter(what for _, what in won).most_common(1)[0][1] == 1
    with store.read() as session:
        owners = {case.id: case.owner_id for case in session.exec(select(Case))}
    numbers = {actor.id: actor.number for actor in actors}
    assert {(numbers[owner or 0], case_id) for case_id, owner in owners.items()} == set(won)
    assert verify(store, load_book()).ok
    store.close()


def write_elsewhere(url: str) -> None:
    with open_store(url) as store, store.write("1009") as unit:
        unit.append(Stream.STAFF, "1009", "staff.state", {"state": "online"})
        unit.commit()


def test_another_process_is_noticed_and_oneself_is_not(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    assert store.poll() is False
    with store.write("1001") as unit:
        unit.append(Stream.STAFF, "1001", "staff.state")
        unit.commit()
    assert store.poll() is False
    other = SPAWN.Process(target=write_elsewhere, args=(store.url,))
    other.start()
    other.join(timeout=60)
    assert other.exitcode == 0
    assert store.poll() is True
    assert store.poll() is False
    store.close()


def test_a_write_between_two_of_ours_is_noticed_too(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.poll()
    other = open_store(store.url)
    for writer in (store, other, store):
        with writer.write("1001") as unit:
            unit.append(Stream.STAFF, "1001", "staff.state")
            unit.commit()
    assert store.poll() is True
    assert store.poll() is False
    other.close()
    store.close()


VICTIM = """
import sys, time
from bdesk.data.store import open_store
from bdesk.models.kinds import Stream
store = open_store(sys.argv[1])
for number in range(20):
    with store.write("1001") as unit:
        unit.append(Stream.STAFF, "1001", "staff.state", {"n": number})
        unit.commit()
with store.write("1001") as unit:
    for number in range(400):
        unit.append(Stream.STAFF, "1001", "staff.state", {"filler": "x" * 4000})
    unit.session.connection().exec_driver_sql("PRAGMA cache_spill = ON")
    print("in the middle", flush=True)
    time.sleep(60)
    unit.commit()
"""


def test_kill_9_in_a_transaction_leaves_what_was_committed(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, store.url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert victim.stdout is not None
    assert victim.stdout.readline().strip() == "in the middle"
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait(timeout=10)
    victim.stdout.close()
    assert store.newest_event() == 22
    verdict = verify(store, load_book())
    assert verdict.ok, verdict
    assert verdict.events == 22
    before = time.monotonic()
    with store.write("1002") as unit:
        unit.append(Stream.STAFF, "1002", "staff.state")
        unit.commit()
    assert time.monotonic() - before < 5
    store.close()
