"""What happens by itself, what is recalled and what dies in the middle, on PostgreSQL: once or not at all."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bdesk.data.engine import parse
from bdesk.data.store import Store
from bdesk.models.kinds import Role
from bdesk.models.views.changed import Changed
from bdesk.operations import outbox, parking, promises, tasks
from bdesk.operations.effects import commit, recall
from bdesk.operations.sweep import sweep
from tests.builders import customer, order
from tests.data.racing import DONE, House, Race, asked, order_of
from tests.operations.desk import Desk, must_add_up, refunded

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 18)


# By itself


def broken(desk: Desk) -> int:
    return desk.opened(order(desk.store, customer(desk.store)), hours=23)


def put_aside(desk: Desk) -> int:
    case_id = desk.opened(order(desk.store, customer(desk.store)))
    parking.put_aside(desk.ctx, case_id, desk.ctx.now() + timedelta(hours=1))
    return case_id


def silent(desk: Desk) -> int:
    """The customer was asked for photos and says nothing."""
    case_id = desk.opened(order(desk.store, customer(desk.store)), media=False)
    for option in ("whole", "quality"):
        desk.go(case_id, option)
    desk.go(case_id, "ask", materials="photo_label")
    desk.later(seconds=11)
    desk.release()
    return case_id


def owed(desk: Desk) -> int:
    case_id = desk.opened(order(desk.store, customer(desk.store)))
    tasks.ask(desk.ctx, case_id, "warehouse", "有货吗", 2)
    return case_id


def promised(desk: Desk) -> int:
    case_id = desk.opened(order(desk.store, customer(desk.store)))
    promises.make(desk.ctx, case_id, "回电", desk.ctx.now() + timedelta(hours=2))
    return case_id


DUE: dict[str, Callable[[Desk], int]] = {
    "clock.breached": broken,
    "case.taken_up": put_aside,
    "approval.lapsed": lambda desk: asked(desk).case_id,
    "timer.fired": silent,
    "task.overdue": owed,
    "promise.broken": promised,
}
"""An event that comes by itself, and a case of which it is due three days later."""


@pytest.mark.parametrize("kind", DUE)
def test_two_sweeps_write_everything_once(house: House, kind: str) -> None:
    desk, sweeper = house.desk(), house.desk("9009", Role.ADMIN)
    case_id = DUE[kind](desk)
    desk.later(days=3, hours=1)
    assert house.race.on("work_case", case_id, *[house.by(sweeper, sweep)] * 2) == [DONE, DONE]
    assert len(desk.events(case_id, kind)) == 1
    assert not sweep(desk.ctx).anything
    must_add_up(house.store)


# What was committed


def paying(desk: Desk) -> tuple[int, Changed]:
    case_id = desk.to_decision(desk.opened(order(desk.store, customer(desk.store))))
    return case_id, desk.go(case_id, "approve")


@pytest.mark.parametrize("turned", [False, True])
def test_recalled_in_the_moment_in_which_it_leaves(house: House, turned: bool) -> None:
    desk, other = house.desk(), house.desk("1002")
    case_id, done = paying(desk)
    desk.later(seconds=11)
    deeds = [house.by(desk, recall.recall, done.events[0]), house.by(other, outbox.release_due)]
    said = house.race.on("work_case", case_id, *(reversed(deeds) if turned else deeds))
    assert said == [DONE, "recall.too_late" if turned else DONE]
    placed = order_of(desk, case_id)
    assert refunded(desk.store, placed) == ((12800, 0) if turned else (0, 0))
    must_add_up(house.store, [house.ports])


@pytest.mark.parametrize("turned", [False, True])
def test_recalled_while_the_same_person_goes_on_at_another_desk(house: House, turned: bool) -> None:
    """Whoever comes second is told; recalled again, what was answered on top goes with it."""
    desk = house.desk()
    case_id, done = paying(desk)
    desk.later(seconds=1)
    assert desk.step(case_id) == "paid"

    def close(store: Store) -> None:
        Desk(store, desk.ctx.actor, house.ports).go(case_id, "close")

    deeds = [house.by(desk, recall.recall, done.events[0]), close]
    said = house.race.on("work_case", case_id, *(reversed(deeds) if turned else deeds))
    assert said == [DONE, "case.moved"]
    if turned:
        desk.recall(done)
    assert desk.case(case_id).open
    assert desk.step(case_id) == "assess/decide"
    assert refunded(desk.store, order_of(desk, case_id)) == (0, 0)
    must_add_up(house.store, [house.ports])


PRESSES = """
import sys
from datetime import datetime
from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.operations.context import Context
from bdesk.operations.effects.commit import commit
from bdesk.operations.effects.strip import plan_strip
from bdesk.operations.staff.people import find_actor

url, now, number, case_id = sys.argv[1:]
store = open_store(url, clock=FrozenClock(datetime.fromisoformat(now)))
ctx = Context(store, load_book(), find_actor(store, number))
commit(ctx, plan_strip(ctx, int(case_id), "assess/decide", "approve", {}))
"""


@pytest.mark.usefixtures("book_at_hand")
def test_killed_in_the_middle_of_f8(house: House) -> None:
    """It has locked the case and written half of it when its process dies: nothing is left of that, nobody
    waits for the dead, and the next desk does the whole."""
    desk = house.desk()
    placed = house.placed()
    case_id = desk.to_decision(desk.opened(placed))
    before = desk.store.newest_event()
    url = parse(house.store._url.render_as_string(hide_password=False))
    now = desk.ctx.now().isoformat()
    arguments = [url.render_as_string(hide_password=False), now, "1001", str(case_id)]
    with house.race.held("payment", placed.payments[0]):
        process = subprocess.Popen([sys.executable, "-c", PRESSES, *arguments], cwd=ROOT)
        try:
            house.race.until(lambda: house.race.waiting() == 1, seconds=30)
        finally:
            process.kill()
            process.wait()
    house.race.until(lambda: house.race.waiting() == 0)
    assert desk.store.newest_event() == before
    assert refunded(desk.store, placed) == (0, 0)
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (12800, 0)
    must_add_up(house.store, [house.ports])


def test_the_server_ends_a_session_in_the_middle_of_f8(house: House) -> None:
    """One clear line, nothing half done, and the same strip goes through as soon as the server is there."""
    desk = house.desk()
    placed = house.placed()
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    before = desk.store.newest_event()
    race = Race(house.race.watch, house.race.stores, ends=True)
    said = race.on("payment", placed.payments[0], house.by(desk, commit.commit, pending))
    assert said == ["store.unreachable"]
    assert desk.store.newest_event() == before
    desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, 12800)
    must_add_up(house.store)
