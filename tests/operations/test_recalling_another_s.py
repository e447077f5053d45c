"""Recalling an F8 that had claimed the case itself, after a colleague got the case meanwhile."""

from collections.abc import Callable

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import CaseState
from bdesk.models.tables import ShiftItem
from bdesk.models.views.changed import Changed
from bdesk.operations import parking, queue, raising, undoing
from bdesk.operations.effects import adhoc
from bdesk.operations.shift_handover import accept, pack
from bdesk.operations.supervising.reassigning import reassign, take_over
from tests.builders import Placed, open_case, person
from tests.operations.desk import Desk, must_add_up, outbox_of, refunded


@pytest.fixture
def other(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1012", name="陈默", group="hotline"), desk.ports)


@pytest.fixture
def desk(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1011", name="林晓", group="hotline"), desk.ports)


def taken_over(desk: Desk, other: Desk, chief: Desk, case_id: int) -> Desk:
    take_over(chief.ctx, case_id, "客户等得太久")
    return chief


def reassigned(desk: Desk, other: Desk, chief: Desk, case_id: int) -> Desk:
    reassign(chief.ctx, case_id, "1012", "林晓今天请假")
    return other


def accepted(desk: Desk, other: Desk, chief: Desk, case_id: int) -> Desk:
    pack(desk.ctx, "hotline", "")
    (item,) = desk.rows(ShiftItem, case_id=case_id)
    accept(other.ctx, item.id or 0)
    return other


def raised_and_taken(desk: Desk, other: Desk, chief: Desk, case_id: int) -> Desk:
    raising.raise_case(desk.ctx, case_id, "supervisor", "客户要求")
    queue.claim(chief.ctx, case_id)
    return chief


def released_and_taken(desk: Desk, other: Desk, chief: Desk, case_id: int) -> Desk:
    queue.release(desk.ctx, case_id)
    queue.claim(other.ctx, case_id)
    return other


Way = Callable[[Desk, Desk, Desk, int], Desk]
WAYS = [taken_over, reassigned, accepted, raised_and_taken, released_and_taken]


def claimed_by_f8(desk: Desk, placed: Placed) -> tuple[int, Changed]:
    """A case that nobody holds until F8 claims it."""
    case_id = desk.to_decision(desk.opened(placed))
    queue.release(desk.ctx, case_id)
    done = desk.go(case_id, "approve")
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    return case_id, done


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seconds", [0, 4])
def test_the_case_stays_with_the_colleague_who_has_it_now(
    desk: Desk, other: Desk, chief: Desk, placed: Placed, way: Way, seconds: int
) -> None:
    case_id, done = claimed_by_f8(desk, placed)
    desk.later(seconds=seconds)
    holder = way(desk, other, chief, case_id)
    held = desk.case(case_id)
    desk.recall(done)
    case = desk.case(case_id)
    assert case.owner_id == holder.ctx.actor.id
    assert (case.claimed_at, case.aside, case.group_id) == (held.claimed_at, False, held.group_id)
    assert refunded(desk.store, placed) == (0, 0)
    assert {row[1] for row in outbox_of(desk.store, case_id)} == {"recalled"}
    assert holder.step(case_id) == "assess/decide"
    must_add_up(desk.store, [desk.ports])
    # And they go on with it.
    holder.go(case_id, "approve")
    must_add_up(desk.store, [desk.ports])


def test_without_a_colleague_the_case_is_nobodys_again(desk: Desk, placed: Placed) -> None:
    case_id, done = claimed_by_f8(desk, placed)
    desk.recall(done)
    case = desk.case(case_id)
    assert (case.owner_id, case.claimed_at) == (None, None)
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("way", WAYS)
def test_a_case_that_nobody_had_begun_is_begun_for_who_has_it_now(
    desk: Desk, other: Desk, chief: Desk, placed: Placed, way: Way
) -> None:
    case_id = open_case(desk.store, order_id=placed.id)
    assert (desk.case(case_id).owner_id, desk.case(case_id).state) == (None, CaseState.NEW)
    done = desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片", 3))
    holder = way(desk, other, chief, case_id)
    desk.recall(done)
    case = desk.case(case_id)
    assert (case.owner_id, case.state) == (holder.ctx.actor.id, CaseState.IN_PROGRESS)
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("way", [taken_over, reassigned])
def test_what_lay_aside_does_not_lie_aside_for_who_has_it_now(
    desk: Desk, other: Desk, chief: Desk, placed: Placed, way: Way
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    parking.put_aside(desk.ctx, case_id)
    done = desk.go(case_id, "approve")
    holder = way(desk, other, chief, case_id)
    desk.recall(done)
    case = desk.case(case_id)
    assert (case.owner_id, case.aside, case.aside_reason) == (holder.ctx.actor.id, False, None)
    must_add_up(desk.store, [desk.ports])


def test_a_colleague_who_gave_it_back_leaves_it_to_who_had_claimed_it(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id, done = claimed_by_f8(desk, placed)
    take_over(chief.ctx, case_id, "看错了")
    undoing.undo(chief.ctx, case_id)
    desk.recall(done)
    assert desk.case(case_id).owner_id is None
    must_add_up(desk.store, [desk.ports])
