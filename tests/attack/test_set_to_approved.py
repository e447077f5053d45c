"""A request that another program set to approved, or to another sum, pays nothing (decision 38): what is paid
above one's own limit rests on the journal's word of who asked for what, and who decided it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import ApprovalState, Role
from bdesk.models.tables import Approval
from bdesk.operations import approvals
from tests.builders import Item, Placed, order, person
from tests.operations.desk import Desk, must_add_up, refunded
from tests.operations.test_appeals import done

FEN = 80000
Tamper = Callable[[Approval], None]


@pytest.fixture
def dear(store: Store, buyer: int) -> Placed:
    return order(store, buyer, items=[Item(price_fen=FEN)])


@pytest.fixture
def boss(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "2001", Role.SUPERVISOR), desk.ports)


def asked(desk: Desk, placed: Placed) -> tuple[int, int]:
    """A case whose refund somebody else has to approve, and the request."""
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approval", why="贵")
    (request,) = desk.rows(Approval, case_id=case_id)
    assert request.id is not None
    return case_id, request.id


def set_by_another_program(desk: Desk, request: int, tamper: Tamper) -> None:
    with desk.store.write("intruder") as unit:
        tamper(unit.session.get_one(Approval, request))
        unit.commit()


def approve(row: Approval) -> None:
    row.state, row.decided_by, row.decided_at = ApprovalState.APPROVED, "2001", row.requested_at


def test_a_row_alone_approves_nothing(desk: Desk, dear: Placed, boss: Desk) -> None:
    case_id, request = asked(desk, dear)
    set_by_another_program(desk, request, approve)
    pays_nothing(desk, case_id, dear)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda row: setattr(row, "state", ApprovalState.APPROVED),
        lambda row: setattr(row, "decided_by", "3001"),
        lambda row: setattr(row, "decided_at", row.decided_at + timedelta(hours=1)),
        lambda row: setattr(row, "requested_by", "1002"),
        lambda row: setattr(row, "requested_at", row.requested_at + timedelta(minutes=5)),
    ],
    ids=["refused", "by", "at", "asked_by", "asked_at"],
)
def test_a_decision_is_the_journal_s(
    desk: Desk, dear: Placed, boss: Desk, tamper: Tamper, request: pytest.FixtureRequest
) -> None:
    refused = request.node.callspec.id == "refused"
    case_id, number = asked(desk, dear)
    approvals.decide(boss.ctx, number, "refuse" if refused else "approve", "看过")
    set_by_another_program(desk, number, tamper)
    pays_nothing(desk, case_id, dear)


def test_another_sum_than_was_asked_for_was_approved_by_nobody(desk: Desk, dear: Placed, boss: Desk) -> None:
    case_id, number = asked(desk, dear)
    approvals.decide(boss.ctx, number, "approve", "看过")
    set_by_another_program(desk, number, lambda row: setattr(row, "amount_fen", FEN - 100))
    pays_nothing(desk, case_id, dear, FEN - 100)


def test_what_was_decided_pays(desk: Desk, dear: Placed, boss: Desk) -> None:
    case_id, number = asked(desk, dear)
    approvals.decide(boss.ctx, number, "approve", "看过")
    desk.go(case_id, "refund")
    assert refunded(desk.store, dear) == (0, FEN)
    must_add_up(desk.store)


def pays_nothing(desk: Desk, case_id: int, placed: Placed, amount_fen: int = FEN) -> None:
    """Neither the effect itself nor what the walk offers."""
    money: dict[str, object] = {"amount_fen": amount_fen, "reason": "quality", "extent": "full"}
    assert done(desk, case_id, "refund", money) == "limits.above"
    assert refunded(desk.store, placed) == (0, 0)
