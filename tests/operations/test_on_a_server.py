"""What two desks do at once on PostgreSQL, where only rows are locked and not the whole store."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from bdesk.clock import LOCAL, FrozenClock
from bdesk.data.store import Store, create_store
from bdesk.errors import CaseMoved, NotAllowed, StoreProblem
from bdesk.models.kinds import Role
from bdesk.operations import queue
from bdesk.operations.effects import recall, verifying
from bdesk.operations.staff import standing_in
from bdesk.operations.supervising.reassigning import take_over
from tests.builders import T0, customer, order, person
from tests.operations.desk import Desk, must_add_up, outbox_of, refunded
from tests.operations.test_verifying import RIGHT, WRONG, called
from tests.postgres import own_server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with own_server() as address:
        yield address


@pytest.fixture(scope="module")
def store(server: str) -> Iterator[Store]:
    with create_store(server, clock=FrozenClock(T0)) as made:
        yield made


def between(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], module: Any = recall, name: str = "_take_back"
) -> None:
    """Something that another desk does just before this function runs: by then the recall has read the case,
    and does not hold it yet."""
    before = getattr(module, name)

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(module, name, before)
        act()
        return before(*given)

    monkeypatch.setattr(module, name, meanwhile)


def test_a_colleague_who_takes_over_in_this_very_moment_keeps_the_case(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(store, person(store, "1001"))
    chief = Desk(store, person(store, "2001", Role.SUPERVISOR), desk.ports)
    placed = order(store, customer(store))
    case_id = desk.to_decision(desk.opened(placed))
    queue.release(desk.ctx, case_id)
    done = desk.go(case_id, "approve")
    between(monkeypatch, lambda: take_over(chief.ctx, case_id, "客户等得太久"))
    desk.recall(done)
    assert desk.case(case_id).owner_id == chief.ctx.actor.id
    assert (refunded(store, placed), desk.step(case_id)) == ((0, 0), "assess/decide")
    must_add_up(store, [desk.ports])
    # What the same person answered on top at another desk meanwhile refuses it, and nothing is half done.
    done = chief.go(case_id, "approve")
    held = outbox_of(store, case_id)
    between(monkeypatch, lambda: chief.go(case_id, "close"))
    with pytest.raises(CaseMoved):
        chief.recall(done)
    assert outbox_of(store, case_id)[: len(held)] == held
    chief.recall(done)
    assert refunded(store, placed) == (0, 0)
    must_add_up(store, [desk.ports])


def test_nobody_is_named_twice_for_one_day_by_two_managers_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    managers = [Desk(store, person(store, number, Role.MANAGER)) for number in ("4101", "4102")]
    stands_in = person(store, "1501", Role.SENIOR)
    first = store.now().astimezone(LOCAL).date()
    asked = standing_in._must_be_free

    def slowly(*given: Any) -> None:
        asked(*given)
        time.sleep(0.5)

    monkeypatch.setattr(standing_in, "_must_be_free", slowly)
    said: list[str] = []

    def name(desk: Desk) -> None:
        try:
            standing_in.name(desk.ctx, stands_in.number, Role.SUPERVISOR, first, first + timedelta(days=2))
            said.append("named")
        except NotAllowed as refused:
            said.append(refused.code)

    threads = [Thread(target=name, args=(desk,)) for desk in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(said) == ["named", "stand_in.overlaps"]
    assert len(standing_in.listed(managers[0].ctx)) == 1


def test_two_desks_at_once_have_no_more_tries_than_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer = customer(store, phone="15412346621")
    desks = [Desk(store, person(store, number)) for number in ("1301", "1302")]
    first, second = (called(desk, order(store, buyer)) for desk in desks)
    for case_id in (first, first):
        desks[0].go(case_id, "check", **WRONG)
    between(monkeypatch, lambda: desks[1].go(second, "check", **WRONG), verifying, "locked_until")
    with pytest.raises(StoreProblem, match=r"store\.stale"):
        desks[0].go(first, "check", **RIGHT)
    assert desks[0].fact(first, "verification.locked") is True
    assert desks[0].step(first) == "verify/locked"
    must_add_up(store)
