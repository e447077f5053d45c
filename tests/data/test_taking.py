"""Who is offered what, in which order, and why."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.queries.taking import next_candidates
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.views.snapshot import ActorView
from tests.builders import T0, customer, event, make_store, open_case, order, person


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def offered(store: Store, actor: ActorView) -> list[tuple[int, str]]:
    with store.read() as session:
        return [(one.case_id, one.reason) for one in next_candidates(session, actor, T0, load_book())]


def late_by(store: Store, clock: str, minutes: int, **values: object) -> int:
    """A case whose 24-hour clock is past due by so many minutes (less than none: due in so many)."""
    received = T0 - timedelta(hours=24, minutes=minutes)
    return open_case(store, clocks=(clock,), received_at=received, **values)  # type: ignore[arg-type]


def test_the_order_of_sla_md(store: Store) -> None:
    target, hard = "refund_review", "after_sale_response"
    rest = late_by(store, target, -300)
    target_breached = late_by(store, target, 60)
    target_soon = late_by(store, target, -10)
    hard_soon = late_by(store, hard, -20)
    hard_breached = late_by(store, hard, 5)
    urgent = late_by(store, target, -600, priority=1)
    assert offered(store, person(store)) == [
        (urgent, "priority"),
        (hard_breached, "hard_breached"),
        (hard_soon, "hard_soon"),
        (target_soon, "target_soon"),
        (target_breached, "target_breached"),
        (rest, "by_due_time"),
    ]


def test_held_aside_stopped_and_closed_cases_are_not_offered(store: Store) -> None:
    other = person(store)
    open_case(store, owner=other)
    stopped = open_case(store)
    event(store, stopped, "clock.paused", {"reason": "customer_material"})
    open_case(store, aside=True)
    open_case(store, open=False)
    assert offered(store, person(store)) == []


def test_skills_and_groups_bound_what_is_offered(store: Store) -> None:
    refund, appeal = open_case(store, priority=1), open_case(store, kind=CaseKind.APPEAL)
    hard = open_case(store, clocks=("after_sale_response",), received_at=T0 - timedelta(hours=25))
    risk = person(store, group="risk")
    with store.write() as unit:
        unit.case(refund).group_id = risk.group_id
        unit.commit()
    assert {case_id for case_id, _ in offered(store, person(store))} == {appeal, hard}
    assert {case_id for case_id, _ in offered(store, risk)} == {refund, appeal, hard}
    assert {case_id for case_id, _ in offered(store, person(store, role=Role.SUPERVISOR))} == {
        refund,
        appeal,
        hard,
    }
    assert {case_id for case_id, _ in offered(store, person(store, skills=(CaseKind.APPEAL,)))} == {appeal}


def test_nobody_is_offered_their_own_matter(store: Store) -> None:
    buyer = customer(store)
    own = open_case(store, order_id=order(store, buyer).id)
    strangers = open_case(store, order_id=order(store, customer(store)).id)
    nobodys = open_case(store)
    assert {case_id for case_id, _ in offered(store, person(store, customer_id=buyer))} == {
        strangers,
        nobodys,
    }
    assert {case_id for case_id, _ in offered(store, person(store))} == {own, strangers, nobodys}
