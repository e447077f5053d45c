"""Rejections with reason, fact, rule, next step and date, and the application made again (B0.8, RF12)."""

from datetime import timedelta

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseOutcome,
    OrderStatus,
    PaymentState,
    RefundReason,
    RejectCode,
    ReturnClass,
)
from bdesk.models.tables import (
    OrderItem,
)
from bdesk.operations import approvals, undoing
from tests.builders import Item, Placed, order
from tests.operations.desk import Desk, letters_of, met, must_add_up, refunded

# Rejections


def rejected(desk: Desk, case_id: int, code: str, letter: tuple[str, ...]) -> None:
    desk.later(seconds=11)
    desk.release()
    body = letters_of(desk, case_id)[-1]
    for part in letter:
        assert part in body, body
    case = desk.case(case_id)
    assert case.reject_code is RejectCode(code)
    assert met(desk.clock(case_id, "refund_review"))
    assert desk.step(case_id) == "rejected"
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REJECTED
    must_add_up(desk.store)


def test_r1_past_the_window_with_fact_rule_next_step_and_date(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, signed_days=12, placed_days=16)
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "past")
    desk.go(case_id, "past_deadline")
    signed = (desk.ctx.now() - timedelta(days=12)).astimezone().date()
    assert signed is not None
    rejected(desk, case_id, "past_deadline", ("超过申请期限", "签收", "7天", "签收次日起", "申诉", "12月3日"))


def test_r5_an_excluded_class_that_was_confirmed(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer)
    with desk.store.write("shop") as unit:
        item = unit.session.get_one(OrderItem, placed.items[0])
        item.return_class = ReturnClass.CUSTOM
        item.exclusion_confirmed_at = unit.now - timedelta(days=5)
        unit.commit()
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "excluded")
    desk.go(case_id, "excluded_class")
    rejected(desk, case_id, "excluded_class", ("不支持无理由退货", "下单时已确认", "第二十五条", "申诉"))


def test_r7_money_on_its_way_back_is_named_with_its_sum(desk: Desk, placed: Placed) -> None:
    """It left the order but has not arrived: nothing is refunded yet, and nothing is left."""
    first = desk.to_decision(desk.opened(placed))
    desk.go(first, "approve")
    assert refunded(desk.store, placed) == (0, 12800)
    case_id = desk.opened(placed)
    desk.go(case_id, "other", difference="客户又提了一次")
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "nothing_left"
    said = desk.stand(case_id).walk.current
    assert said is not None and said.say is not None
    assert "128.00元" in said.say.zh and " 0.00" not in said.say.zh
    desk.go(case_id, "reject")
    desk.go(case_id, "already_refunded")
    rejected(desk, case_id, "already_refunded", ("已经退过", "11月18日", "128.00元"))


def test_r7_the_part_that_was_refunded_may_be_refused_while_the_rest_may_not(desk: Desk, buyer: int) -> None:
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=5000))
    placed = order(desk.store, buyer, items=goods)
    first = desk.opened(placed)
    desk.go(first, "part", items=("1",))
    desk.go(first, "quality")
    desk.go(first, "complete")
    desk.go(first, "approve")
    later = desk.opened(placed)
    desk.go(later, "other", difference="客户又提了一次")
    desk.go(later, "part", items=("1",))
    assert desk.step(later) == "nothing_left"
    desk.go(later, "reject")
    assert desk.option(later, "already_refunded").offer == "offered"
    desk.go(later, "already_refunded")
    rejected(desk, later, "already_refunded", ("已经退过", "128.00元"))


def test_r7_is_no_reason_where_nothing_was_ever_paid(desk: Desk, buyer: int) -> None:
    unpaid = {"state": PaymentState.FAILED, "paid_at": None}
    placed = order(
        desk.store, buyer, payments=(unpaid,), status=OrderStatus.PENDING_PAYMENT, signed_days=None
    )
    case_id = desk.opened(placed)
    desk.go(case_id, "whole")
    desk.go(case_id, "reject")
    option = desk.option(case_id, "already_refunded")
    assert option.offer == "refused" and option.why is not None
    assert option.why.zh == "没有退过款，或还有可退金额"
    assert "0.00" not in option.label.zh
    assert desk.option(case_id, "not_paid").offer == "offered"


def test_a_contradiction_is_the_supervisors_alone(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "reject")
    desk.go(case_id, "fraud")  # what the evidence shows is asked once, and for the letter by who decides
    assert desk.step(case_id) == "reject/contradicts_ask"
    desk.go(case_id, "ask", proof="照片里的序列号不是这台")
    approvals.decide(chief.ctx, 1, "approve", "同意")
    desk.go(case_id, "reject", neutral="照片中的序列号与订单商品不一致")
    body = letters_of(desk, case_id)[-1]
    assert "序列号" in body
    assert "欺诈" not in body and "骗" not in body
    assert desk.case(case_id).reject_code is RejectCode.FRAUD


def test_a_supervisor_rejects_a_contradiction_with_a_note(chief: Desk, placed: Placed) -> None:
    case_id = chief.to_decision(chief.opened(placed))
    chief.go(case_id, "reject")
    chief.go(case_id, "fraud", detail="照片与商品不符")
    assert chief.step(case_id) == "reject/contradicts_tell"
    chief.go(case_id, "reject", neutral="照片中的序列号与订单商品不一致")
    assert chief.case(case_id).reject_code is RejectCode.FRAUD


# Another cycle


def test_a_rejected_application_is_made_again_and_refunded_in_cycle_2(
    desk: Desk, chief: Desk, buyer: int
) -> None:
    placed = order(desk.store, buyer, signed_days=12, placed_days=16)
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "past")
    desk.go(case_id, "past_deadline")
    desk.later(minutes=5)
    desk.release()
    desk.go(case_id, "reapply", new_proof="检测报告")
    first, second = desk.clock(case_id, "refund_review"), desk.clock(case_id, "refund_review", cycle=2)
    assert met(first) and second.run is RunState.RUNNING
    assert second.number == 1
    assert desk.case(case_id).cycle == 2
    assert desk.step(case_id) == "reapply"
    desk.later(minutes=5)
    desk.picture(case_id)
    # Whoever decided before does not review it while somebody else is there (RF12).
    assert desk.option(case_id, "review").offer == "refused"
    with desk.store.write("test") as unit:
        unit.case(case_id).owner_id = chief.ctx.actor.id
        unit.commit()
    chief.go(case_id, "review")
    chief.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (12800, 0)
    assert met(desk.clock(case_id, "refund_review", cycle=2))
    chief.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_undoing_a_re_application_leaves_the_first_cycle(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, signed_days=12, placed_days=16)
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON)
    for option in ("whole", "no_reason", "past", "past_deadline"):
        desk.go(case_id, option)
    desk.later(minutes=5)
    desk.release()
    desk.go(case_id, "reapply", new_proof="检测报告")
    undoing.undo(desk.ctx, case_id)
    assert desk.case(case_id).cycle == 1
    assert desk.fact(case_id, "case.reapply_count") == 0
    assert desk.step(case_id) == "rejected"
    must_add_up(desk.store)
