"""Asking a second person: maker is never checker, bound to the facts, lapsing after 24 h (B0.7)."""

from dataclasses import replace

import pytest

from bdesk.errors import BadInput, CaseMoved, DeskError, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseState,
    PaymentMethod,
    RefundState,
    Role,
)
from bdesk.models.tables import Approval, Payment, Refund
from bdesk.operations import evidence, parking, undoing
from bdesk.operations.approvals import decide
from bdesk.operations.ports import Answer, simulated
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, order, person
from tests.operations.desk import Desk, NotThere, met, must_add_up, refunded, status_of

LAPTOP = (Item(sku="LAPTOP-1", name="笔记本电脑", price_fen=90000),)


@pytest.fixture
def dear(desk: Desk, buyer: int) -> Placed:
    """A laptop for 900.00: above an agent's 500.00, within a senior's 2 000.00."""
    return order(desk.store, buyer, items=LAPTOP)


@pytest.fixture
def asked(desk: Desk, dear: Placed) -> int:
    """A case whose agent has asked for approval."""
    case_id = desk.to_decision(desk.opened(dear))
    desk.go(case_id, "approval", why="超出我的权限")
    return case_id


def approval(desk: Desk) -> Approval:
    return desk.rows(Approval)[-1]


def test_above_the_limit_one_can_only_ask(desk: Desk, dear: Placed) -> None:
    case_id = desk.to_decision(desk.opened(dear))
    assert desk.option(case_id, "approve").offer == "refused"
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approve")
    desk.go(case_id, "approval", why="超出我的权限")
    row = approval(desk)
    assert (row.amount_fen, row.needs_role, row.state) == (90000, "senior", ApprovalState.REQUESTED)
    assert desk.case(case_id).state is CaseState.WAITING_APPROVAL
    assert desk.step(case_id) == "assess/approval_wait"
    # Waiting for a colleague never stops the customer's clock (SLA.md).
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    assert desk.clock(case_id, "approval").run is RunState.RUNNING


def test_a_senior_approves_and_the_agent_carries_it_out(desk: Desk, dear: Placed, asked: int) -> None:
    senior = Desk(desk.store, person(desk.store, "1500", Role.SENIOR), desk.ports)
    parking.put_aside(desk.ctx, asked)
    decide(senior.ctx, 1, "approve")
    case = desk.case(asked)
    assert (case.state, case.aside) == (CaseState.IN_PROGRESS, False)
    assert met(desk.clock(asked, "approval"))
    assert desk.step(asked) == "assess/approved"
    desk.go(asked, "refund")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, dear) == (90000, 0)
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
def test_who_may_not_decide(desk: Desk, asked: int, role: Role) -> None:
    other = Desk(desk.store, person(desk.store, "1501", role), desk.ports)
    with pytest.raises(NotAllowed, match=r"role\.cannot_approve"):
        decide(other.ctx, 1, "approve")
    assert approval(desk).state is ApprovalState.REQUESTED


def test_nobody_approves_their_own_request(desk: Desk, dear: Placed, asked: int) -> None:
    """By person: a promotion in between changes nothing."""
    promoted = replace(desk.ctx, actor=replace(desk.ctx.actor, role=Role.SUPERVISOR))
    for verdict in ("approve", "refuse", "return"):
        with pytest.raises(NotAllowed, match=r"approval\.own"):
            decide(promoted, 1, verdict, "同意")
    assert approval(desk).state is ApprovalState.REQUESTED


def test_nobody_approves_their_own_matter(desk: Desk, dear: Placed, asked: int) -> None:
    owner = person(desk.store, "2002", Role.SUPERVISOR, customer_id=dear.customer_id)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decide(Desk(desk.store, owner).ctx, 1, "approve")


def test_above_the_decider_too(desk: Desk, chief: Desk, buyer: int) -> None:
    goods = (Item(sku="TV-1", name="电视机", price_fen=900000),)
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, items=goods)))
    desk.go(case_id, "approval", why="超出权限")
    senior = Desk(desk.store, person(desk.store, "1500", Role.SENIOR), desk.ports)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        decide(senior.ctx, 1, "approve")
    decide(chief.ctx, 1, "approve")
    desk.go(case_id, "refund")
    must_add_up(desk.store)


def test_a_very_large_sum_takes_the_deciders_note(desk: Desk, chief: Desk, buyer: int) -> None:
    goods = (Item(sku="RING-1", name="钻戒", price_fen=2500000),)
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, items=goods)))
    desk.go(case_id, "approval", why="超出权限")
    with pytest.raises(BadInput, match=r"approval\.no_words"):
        decide(chief.ctx, 1, "approve")
    decide(chief.ctx, 1, "approve", "财务已核对")
    desk.go(case_id, "refund")
    must_add_up(desk.store)


def test_refusing_and_sending_back_need_words_and_wake_the_case(desk: Desk, chief: Desk, asked: int) -> None:
    for verdict in ("refuse", "return"):
        with pytest.raises(BadInput, match=r"approval\.no_words"):
            decide(chief.ctx, 1, verdict)
    decide(chief.ctx, 1, "return", "请补一张开箱照片")
    assert desk.case(asked).state is CaseState.IN_PROGRESS
    assert desk.step(asked) == "assess/answered"
    assert desk.fact(asked, "approval.note") == "请补一张开箱照片"
    desk.go(asked, "again")
    desk.later(minutes=5)
    current = desk.stand(asked).walk.current
    assert current is not None
    offered = {one.capture.name: one.value for one in current.captures}
    assert offered["why"] is None, "the reason that was sent back is not sent again by itself"
    desk.go(asked, "approval", why="照片已补")
    decide(chief.ctx, 2, "refuse", "金额不对")
    desk.go(asked, "reject")
    assert desk.step(asked) == "reject/code"
    must_add_up(desk.store)


def test_decided_once(desk: Desk, chief: Desk, asked: int) -> None:
    decide(chief.ctx, 1, "approve")
    with pytest.raises(NotAllowed, match=r"approval\.decided"):
        decide(chief.ctx, 1, "refuse", "改主意了")
    with pytest.raises(BadInput, match=r"approval\.verdict"):
        decide(chief.ctx, 1, "perhaps")
    with pytest.raises(NotAllowed, match=r"approval\.unknown"):
        decide(chief.ctx, 99, "approve")


def test_a_request_lapses_after_a_day(desk: Desk, chief: Desk, asked: int) -> None:
    desk.later(hours=24)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decide(chief.ctx, 1, "approve")
    assert approval(desk).state is ApprovalState.LAPSED
    assert desk.case(asked).state is CaseState.IN_PROGRESS
    assert desk.step(asked) == "assess/decide"
    must_add_up(desk.store)


def test_whoever_decides_nothing_lets_none_lapse(desk: Desk, chief: Desk, asked: int) -> None:
    other = Desk(desk.store, person(desk.store, "1002"), desk.ports)
    desk.later(hours=24)
    before = len(desk.events(asked))
    with pytest.raises(NotAllowed, match=r"role\.cannot_approve"):
        decide(other.ctx, 1, "approve")
    assert (approval(desk).state, len(desk.events(asked))) == (ApprovalState.REQUESTED, before)
    assert sweep(chief.ctx).lapsed == 1


def test_the_sweep_lets_a_request_lapse_once(desk: Desk, chief: Desk, asked: int) -> None:
    parking.put_aside(desk.ctx, asked)
    desk.later(hours=25)
    assert sweep(chief.ctx).lapsed == 1
    assert sweep(chief.ctx).lapsed == 0
    case = desk.case(asked)
    assert (case.state, case.aside) == (CaseState.IN_PROGRESS, False)
    assert len(desk.events(asked, "approval.lapsed")) == 1
    must_add_up(desk.store)


def test_a_request_lapses_when_its_facts_change(desk: Desk, chief: Desk, dear: Placed, asked: int) -> None:
    with desk.store.write("shop") as unit:
        unit.session.get_one(Payment, dear.payments[0]).refunded_fen = 50000
        unit.commit()
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decide(chief.ctx, 1, "approve")
    assert approval(desk).state is ApprovalState.LAPSED


def test_an_approval_that_is_too_old_pays_nothing(desk: Desk, chief: Desk, dear: Placed, asked: int) -> None:
    decide(chief.ctx, 1, "approve")
    desk.later(hours=23, minutes=59)
    pending = desk.strip(asked, "refund")
    desk.later(minutes=2)
    with pytest.raises(DeskError):
        desk.press_f8(pending)
    assert desk.step(asked) == "assess/decide"
    assert refunded(desk.store, dear) == (0, 0)


def test_an_approval_pays_once(desk: Desk, chief: Desk, dear: Placed, asked: int) -> None:
    decide(chief.ctx, 1, "approve")
    done = desk.go(asked, "refund")
    desk.recall(done)
    assert desk.step(asked) == "assess/approved"
    pending = desk.strip(asked, "refund")
    desk.press_f8(pending)
    with pytest.raises(CaseMoved):
        desk.press_f8(pending)
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, dear) == (90000, 0)
    must_add_up(desk.store, [desk.ports])


def test_whoever_leaves_the_wait_takes_the_request_back(desk: Desk, chief: Desk, asked: int) -> None:
    desk.go(asked, "withdrawn")
    assert approval(desk).state is ApprovalState.WITHDRAWN
    assert desk.case(asked).state is CaseState.IN_PROGRESS
    assert desk.clock(asked, "approval").run is RunState.CANCELLED
    with pytest.raises(NotAllowed, match=r"approval\.decided"):
        decide(chief.ctx, 1, "approve")
    undoing.undo(desk.ctx, asked)
    assert approval(desk).state is ApprovalState.REQUESTED
    assert desk.clock(asked, "approval").run is RunState.RUNNING
    assert desk.step(asked) == "assess/approval_wait"
    decide(chief.ctx, 1, "approve")
    must_add_up(desk.store)


def test_undoing_a_request(desk: Desk, chief: Desk, asked: int) -> None:
    undoing.undo(desk.ctx, asked)
    assert approval(desk).state is ApprovalState.WITHDRAWN
    assert desk.step(asked) == "assess/decide"
    assert desk.case(asked).state is CaseState.IN_PROGRESS
    desk.later(minutes=1)
    desk.go(asked, "approval", why="再次提交")
    decide(chief.ctx, 2, "approve")
    with pytest.raises(NotAllowed, match=r"undo\.not_yours"):
        undoing.undo(desk.ctx, asked)
    must_add_up(desk.store)


# RF9a: another target


def closed_path(desk: Desk, buyer: int, days: int = 5) -> Placed:
    paid = {"payment_no": "PAY-CLOSED", "method": PaymentMethod.DEBIT_CARD}
    return order(desk.store, buyer, payments=(paid,), placed_days=days)


def to_another_target(desk: Desk, chief: Desk, case_id: int, amount: int) -> None:
    assert desk.step(case_id) == "other_target/ask"
    desk.go(case_id, "form")
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    desk.later(seconds=11)
    desk.release()
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        evidence.register_target(desk.ctx, case_id, "6222021234567890123")
    evidence.register_target(desk.ctx, case_id, "工商银行 尾号 0123")
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.step(case_id) == "other_target/request"
    desk.go(case_id, "ask", target_why="原卡已销户")
    row = approval(desk)
    assert (row.action, row.amount_fen) == ("refund_other_target", amount)
    own = replace(desk.ctx, actor=replace(desk.ctx.actor, role=Role.SUPERVISOR))
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decide(own, row.id or 0, "approve")
    decide(chief.ctx, row.id or 0, "approve", "已核对")
    assert desk.step(case_id) == "other_target/pay"
    desk.go(case_id, "refund")


def test_e21_the_card_was_closed_two_persons_pay_to_another_target(
    desk: Desk, chief: Desk, buyer: int
) -> None:
    """The channel refuses for good; the second attempt is a new decision with a second person."""
    placed = closed_path(desk, buyer)
    ports = simulated(script={"PAY-CLOSED": (Answer.FAILED, Answer.OK)})
    desk = Desk(desk.store, desk.ctx.actor, ports)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    with pytest.raises(NotThere):
        desk.go(case_id, "approve")
    to_another_target(desk, chief, case_id, 12800)
    desk.later(seconds=11)
    # The simulated channel scripts by number; the new number is asked once and accepted.
    ports.payment.script = {}  # type: ignore[attr-defined]
    desk.release()
    assert [(row.state, row.other_target) for row in desk.rows(Refund)] == [
        (RefundState.FAILED, None),
        (RefundState.ACCEPTED, "registered"),
    ]
    assert refunded(desk.store, placed) == (12800, 0)
    assert status_of(desk.store, placed) == "refunded"
    desk.go(case_id, "close")
    must_add_up(desk.store, [ports])


def test_e23_a_payment_of_more_than_a_year_ago_goes_to_another_target(
    desk: Desk, chief: Desk, buyer: int
) -> None:
    placed = closed_path(desk, buyer, days=400)
    case_id = desk.to_decision(desk.opened(placed))
    assert desk.option(case_id, "approve").offer == "refused"
    desk.go(case_id, "original_closed")
    to_another_target(desk, chief, case_id, 12800)
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (12800, 0)
    must_add_up(desk.store, [desk.ports])


def test_a_part_that_failed_is_paid_as_that_part(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = closed_path(desk, buyer)
    ports = simulated(script={"PAY-CLOSED": Answer.FAILED})
    desk = Desk(desk.store, desk.ctx.actor, ports)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve_part", amount=4000, why="划痕")
    desk.later(seconds=11)
    desk.release()
    ports.payment.script = {}  # type: ignore[attr-defined]
    to_another_target(desk, chief, case_id, 4000)
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (4000, 0)
    must_add_up(desk.store, [ports])


def test_no_target_no_money(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = closed_path(desk, buyer, days=400)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "original_closed")
    desk.go(case_id, "form")
    assert desk.step(case_id) == "other_target/target_wait"
    assert refunded(desk.store, placed) == (0, 0)


# A return past the window


def test_a_goodwill_return_is_decided_by_a_senior_once_a_year(desk: Desk, buyer: int) -> None:
    senior = Desk(desk.store, person(desk.store, "1500", Role.SENIOR), desk.ports)
    late = order(desk.store, buyer, signed_days=8, placed_days=12)
    case_id = desk.opened(late, reason=None)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "goodwill", state_of_goods="未拆封")
    assert approval(desk).action == "goodwill_return"
    decide(senior.ctx, 1, "approve")
    assert desk.step(case_id) == "to_returns"
    must_add_up(desk.store)


def test_a_senior_grants_goodwill_alone_once_a_year(desk: Desk, buyer: int) -> None:
    senior = Desk(desk.store, person(desk.store, "1500", Role.SENIOR), desk.ports)
    cases = []
    for _round in range(2):
        late = order(desk.store, buyer, signed_days=8, placed_days=12)
        case_id = senior.opened(late, reason=None)
        senior.go(case_id, "whole")
        senior.go(case_id, "no_reason")
        cases.append(case_id)
    first, second = cases
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(first, "goodwill_own", state_of_goods="未拆封")  # an agent only proposes
    senior.go(first, "goodwill_own", state_of_goods="未拆封")
    granted = approval(desk)
    assert (granted.state, granted.requested_by, granted.decided_by) == (
        ApprovalState.APPROVED,
        "1500",
        "1500",
    )
    assert desk.step(first) == "to_returns"
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        senior.go(second, "goodwill_own", state_of_goods="未拆封")  # once a year
    must_add_up(desk.store)
    undoing.undo(senior.ctx, first)
    assert approval(desk).state is ApprovalState.WITHDRAWN
    senior.go(second, "goodwill_own", state_of_goods="未拆封")
    must_add_up(desk.store)


def test_documents_need_evidence_before_anybody_decides(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with desk.store.write("test") as unit:
        row = Approval(
            case_id=case_id, step="s", option="o", action="documents", facts_digest="",
            needs_role="supervisor", requested_by="1001", requested_at=unit.now,
            lapses_at=unit.now.replace(year=2027),
        )  # fmt: skip
        unit.session.add(row)
        unit.commit()
    with pytest.raises(NotAllowed, match=r"limits\.evidence|approval\.lapsed"):
        decide(chief.ctx, 1, "approve")
