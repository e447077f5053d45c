"""What somebody promised for today: theirs and that of the cases they hold, in a fixed number of queries."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bdesk.data.store import Store
from bdesk.models.kinds import PromiseState
from bdesk.models.tables import Promise
from bdesk.operations import notes, promises, queue
from bdesk.operations.looking.promises import for_today, night_after
from bdesk.operations.staff.arriving import arrival
from bdesk.operations.supervising.reassigning import reassign
from bdesk.operations.sweep import sweep
from tests.builders import Placed, customer, order, person
from tests.operations.desk import Desk

HOUR = timedelta(hours=1)


@pytest.fixture
def other(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1002", name="陈默"), desk.ports)


def promised(desk: Desk, case_id: int, hours: float, words: str = "回复进度", kind: str = "promise") -> int:
    promises.make(desk.ctx, case_id, words, desk.ctx.now() + hours * HOUR, kind)
    return desk.rows(Promise, case_id=case_id)[-1].id or 0


def listed(desk: Desk) -> list[int]:
    found = [one.promise_id for one in for_today(desk.ctx)]
    assert arrival(desk.store, desk.ctx.actor).promised == len(found)
    return found


def test_it_is_until_the_end_of_the_local_day_and_the_earliest_first(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    left = (night_after(desk.ctx.now()) - desk.ctx.now()) / HOUR
    last = promised(desk, case_id, left - 0.01)
    promised(desk, case_id, left)
    first = promised(desk, case_id, 1, kind="call_back")
    assert listed(desk) == [first, last]
    assert [one.kind for one in for_today(desk.ctx)] == ["call_back", "promise"]


def test_what_is_late_stays_until_it_is_done(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, 1)
    desk.later(days=2)
    sweep(desk.ctx)
    assert desk.row(Promise, number).state is PromiseState.BROKEN
    assert listed(desk) == [number]
    promises.keep(desk.ctx, number, "晚了，已致歉")
    assert listed(desk) == []


def test_it_is_the_makers_and_the_holders(desk: Desk, chief: Desk, other: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    number = promised(desk, case_id, 1)
    assert listed(other) == []
    reassign(chief.ctx, case_id, "1002", "换人")
    assert listed(desk) == listed(other) == [number]
    assert for_today(other.ctx)[0].owner == "1002"
    queue.release(other.ctx, case_id)
    assert listed(other) == []
    assert listed(desk) == [number]
    assert listed(chief) == []


def test_nothing_in_it_serves_as_a_factor(desk: Desk, store: Store) -> None:
    buyer = customer(store, phone="13912345678", city="杭州市", name="李晓明")
    placed = order(store, buyer)
    case_id = desk.opened(placed)
    promised(desk, case_id, 1, "今天退 128 元到尾号 5678，寄杭州，13912345678")
    (row,) = for_today(desk.ctx)
    assert not any(part in row.words for part in ("128", "5678", "杭州"))
    assert "晓" not in row.customer
    notes_before = row.words
    assert "****" in notes_before


def test_words_that_were_erased_are_empty(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    promised(desk, case_id, 1)
    (made,) = desk.events(case_id, "promise.made")
    notes.erase_text(chief.ctx, int(str(made.payload["text"])), "客户要求")
    assert for_today(desk.ctx)[0].words == ""


def test_it_costs_the_same_for_one_and_for_many(desk: Desk, store: Store) -> None:
    def statements() -> int:
        seen: list[str] = []
        engine = store._reader

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            for_today(desk.ctx)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    promised(desk, desk.opened(order(store, customer(store))), 1)
    few = statements()
    for _n in range(4):
        promised(desk, desk.opened(order(store, customer(store))), 2)
    assert statements() == few
    assert len(for_today(desk.ctx)) == 5
