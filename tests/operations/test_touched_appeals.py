"""An appeal is not offered to who had a hand in what it contests (P5: its owner is never who decided)."""

import pytest
from sqlalchemy import event

from bdesk.data.queries.taking import TRIES
from bdesk.data.snapshot.contested import before
from bdesk.data.snapshot.work import contested_by
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, LinkKind, Role
from bdesk.models.tables import CaseLink, Decision
from bdesk.operations import queue
from bdesk.operations.looking.queue import why_next
from bdesk.operations.staff.groups import ensure_groups
from tests.builders import T0, customer, open_case, person
from tests.operations.desk import Desk
from tests.operations.test_appeals import House as Appeals

FEW, MOST = 6, 10
"""Queries to say what is next: where nothing is passed over, and where something is."""


@pytest.fixture
def house(store: Store) -> Appeals:
    return Appeals(store)


def waiting(house: Appeals, case_id: int) -> int:
    """It waits where everybody sees it."""
    with house.store.write("test") as unit:
        case = unit.case(case_id)
        case.group_id, case.owner_id = None, None
        unit.commit()
    return case_id


def code_of(desk: Desk) -> tuple[str, dict[str, object]]:
    with pytest.raises(NotAllowed) as refused:
        queue.take_next(desk.ctx)
    return refused.value.code, dict(refused.value.params)


def test_the_next_after_it_is_taken_and_said_to_be_next(house: Appeals) -> None:
    appeal = waiting(house, house.assigned(house.agent))
    other = open_case(house.store, kind=CaseKind.COMPLAINT, clocks=())
    following = why_next(house.first.ctx)
    assert following is not None
    assert (following.case_id, following.touched) == (other, 1)
    assert queue.take_next(house.first.ctx).case_id == other
    mine = why_next(house.senior.ctx)
    assert mine is not None
    assert (mine.case_id, mine.touched) == (appeal, 0)
    assert queue.take_next(house.senior.ctx).case_id == appeal


def test_where_nothing_else_waits_it_is_said_why_and_who_takes_it(house: Appeals) -> None:
    appeal = waiting(house, house.assigned(house.agent))
    assert why_next(house.first.ctx) is None
    assert code_of(house.first) == ("queue.touched", {"count": 1, "role": Role.SENIOR.value})
    assert house.first.case(appeal).owner_id is None


def test_the_role_is_that_of_the_level_at_hand(house: Appeals) -> None:
    appeal = house.assigned(house.agent)
    house.decided(appeal, house.senior, "not_upheld")
    house.senior.go(appeal, "second", objection="仍不同意")
    waiting(house, appeal)
    assert code_of(house.senior) == ("queue.touched", {"count": 1, "role": Role.SUPERVISOR.value})
    assert queue.take_next(house.chief.ctx).case_id == appeal


def many(store: Store, count: int) -> tuple[list[int], Desk]:
    """Appeals, each against a case of its own that one senior decided, and that senior."""
    with store.write("test") as unit:
        ensure_groups(unit)
        unit.commit()
    senior = Desk(store, person(store, "1101", Role.SENIOR))
    buyer = customer(store)
    found = []
    for _ in range(count):
        earlier = open_case(store, customer_id=buyer, open=False)
        appeal = open_case(store, customer_id=buyer, kind=CaseKind.APPEAL, clocks=("appeal_preliminary",))
        with store.write("test") as unit:
            unit.session.add(CaseLink(from_id=appeal, to_id=earlier, kind=LinkKind.APPEAL_OF))
            unit.session.add(
                Decision(
                    case_id=earlier,
                    step="assess/decide",
                    option="reject",
                    outcome=CaseOutcome.REJECTED,
                    by="1101",
                    at=T0,
                )
            )
            unit.commit()
        found.append(appeal)
    return found, senior


def test_more_of_them_than_a_rule_looks_at_hide_nothing_behind_them(store: Store) -> None:
    touched, senior = many(store, TRIES + 3)
    behind = open_case(store, clocks=())
    following = why_next(senior.ctx)
    assert following is not None
    assert (following.case_id, following.touched) == (behind, len(touched))
    assert queue.take_next(senior.ctx).case_id == behind
    assert code_of(senior) == ("queue.touched", {"count": len(touched), "role": Role.SENIOR.value})


@pytest.mark.parametrize("count", [1, TRIES - 1])
def test_however_many_wait_they_are_asked_about_in_as_many_queries(store: Store, count: int) -> None:
    _, decider = many(store, count)
    behind = open_case(store, clocks=())
    stranger = Desk(store, person(store, "1102", Role.SENIOR))
    said: list[str] = []

    def heard(*_: object) -> None:
        said.append("")

    event.listen(store._reader, "before_cursor_execute", heard)
    try:
        why_next(stranger.ctx)
        few = len(said)
        following = why_next(decider.ctx)
    finally:
        event.remove(store._reader, "before_cursor_execute", heard)
    assert following is not None
    assert following.case_id == behind
    assert (few, len(said) - few) == (FEW, MOST)


def test_it_says_of_many_what_a_snapshot_says_of_one(house: Appeals) -> None:
    appeal = house.assigned(house.agent)
    house.decided(appeal, house.senior, "not_upheld")
    second = open_case(house.store, kind=CaseKind.APPEAL, customer_id=house.buyer)
    with house.store.read() as session:
        found = contested_by(session, [appeal, second])
    for case_id in (appeal, second):
        here, there = found[case_id], house.agent.stand(case_id).snapshot.contested
        assert here == there
        assert here.touched


def steps(store: Store, case_id: int) -> int:
    """Steps of SQLite's virtual machine to say what lies before a case, in tens."""
    with store.read() as session:
        before(session, case_id)
        driver = session.connection().connection.driver_connection
        assert driver is not None
        taken: list[int] = []
        driver.set_progress_handler(lambda: taken.append(1), 10)
        before(session, case_id)
        driver.set_progress_handler(None, 0)
    return len(taken)


def test_links_of_others_make_nothing_slower(store: Store) -> None:
    (appeal,), _ = many(store, 1)
    few = steps(store, appeal)
    ids = [open_case(store, clocks=()) for _ in range(40)]
    with store.write("test") as unit:
        for one in ids:
            unit.session.add_all(
                CaseLink(from_id=one, to_id=other, kind=LinkKind.DUPLICATE) for other in ids if other != one
            )
        unit.commit()
    assert steps(store, appeal) < few * 1.2
