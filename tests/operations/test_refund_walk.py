"""The refund procedure walked by operations, from the form to the closed case (P1)."""

from datetime import timedelta

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseOutcome,
    CaseState,
    EvidenceKind,
    OrderStatus,
    ParcelState,
    RefundReason,
    RejectCode,
)
from bdesk.models.tables import (
    CaseItem,
    Decision,
    Notification,
    Parcel,
    Refund,
    RefundItem,
    StepAnswer,
    Task,
)
from bdesk.operations import approvals, evidence, tasks, undoing
from tests.builders import Item, Placed, order
from tests.operations.desk import Desk, letters_of, met, must_add_up, outbox_of, refunded, status_of

# S1


def test_s1_from_the_form_to_the_closed_case(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    done = desk.go(case_id, "approve")
    assert done.outbox == (1, 2)
    assert refunded(desk.store, placed) == (0, 12800)
    assert status_of(desk.store, placed) == "refunding"
    review = desk.clock(case_id, "refund_review")
    assert met(review)
    # Counted from the form, not from picking it up (SLA.md).
    assert review.start_at == desk.ctx.now() - timedelta(hours=3)
    assert review.stopped_at == desk.ctx.now()
    assert desk.step(case_id) == "paid"
    desk.later(seconds=11)
    assert desk.release() == ["ok", "ok"]
    assert refunded(desk.store, placed) == (12800, 0)
    assert status_of(desk.store, placed) == "refunded"
    assert desk.fact(case_id, "refund.state") == "accepted"
    desk.go(case_id, "close")
    case = desk.case(case_id)
    assert (case.state, case.open, case.outcome) == (CaseState.CLOSED, False, CaseOutcome.APPROVED_FULL)
    assert desk.rows(RefundItem)[0].quantity == 1
    desk.later(seconds=11)
    assert desk.release() == ["ok"]
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N2", "N17"]
    assert "128.00" in letters_of(desk, case_id)[0]
    assert [one[0] for one in desk.payment.asked] == [desk.rows(Refund)[0].refund_no]
    must_add_up(desk.store, [desk.ports])


def test_the_first_answer_claims_and_a_colleagues_case_refuses(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed, take=False)
    assert desk.case(case_id).owner_id is None
    desk.go(case_id, "whole")
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        chief.go(case_id, "quality")


def test_the_part_of_a_price_leaves_the_pieces(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve_part", amount=3000, why="外壳有划痕")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (3000, 0)
    assert status_of(desk.store, placed) == "partly_refunded"
    assert [(row.quantity, row.amount_fen) for row in desk.rows(RefundItem)] == [(0, 3000)]
    assert desk.rows(Decision)[0].outcome is CaseOutcome.APPROVED_PARTIAL
    assert desk.step(case_id) == "paid_part"
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_a_part_above_what_the_goods_are_worth_is_refused(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approve_part", amount=12801, why="多退")


def test_part_refunds_until_only_the_rest_is_left(desk: Desk, chief: Desk, placed: Placed) -> None:
    """E03: three part refunds, 12.50 left; the fourth is capped at the rest."""
    for amount in (5000, 4000, 2550):
        case_id = chief.to_decision(chief.opened(placed))
        chief.go(case_id, "approve_part", amount=amount, why="协商部分退")
        desk.later(seconds=11)
        desk.release()
        chief.go(case_id, "close")
    last = desk.to_decision(desk.opened(placed))
    assert desk.fact(last, "order.refundable_fen") == 1250
    assert desk.fact(last, "refund.proposed_fen") == 1250
    # What was refunded before is a flag, so an agent may only ask (B0.7).
    assert desk.option(last, "approve").offer == "refused"
    desk.go(last, "approval", why="第四次部分退款")
    approvals.decide(chief.ctx, 1, "approve")
    desk.go(last, "refund")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (12800, 0)
    assert status_of(desk.store, placed) == "refunded"
    must_add_up(desk.store, [desk.ports])


def test_money_on_an_order_that_contradicts_itself_is_a_supervisors(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    with desk.store.write("shop") as unit:
        unit.session.get_one(Parcel, placed.parcels[0]).state = ParcelState.PACKED
        unit.commit()
    assert desk.fact(case_id, "order.contradictions") == ("sent_without_parcel",)
    assert desk.option(case_id, "approve").offer == "refused"
    with pytest.raises(NotAllowed):
        desk.go(case_id, "approve")
    desk.go(case_id, "approval", why="资料矛盾，请核对")
    approvals.decide(chief.ctx, 1, "approve")
    desk.go(case_id, "refund")
    assert refunded(desk.store, placed) == (0, 12800)


def test_coupons_are_taken_off_in_proportion(desk: Desk, buyer: int) -> None:
    """E22: 300 of goods for 240; the kettle of 128 is worth 102.40 of it."""
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=17200))
    placed = order(desk.store, buyer, items=goods, coupon_fen=6000)
    case_id = desk.opened(placed)
    desk.go(case_id, "part", items=("1",))
    desk.go(case_id, "quality")
    desk.go(case_id, "complete")
    assert desk.fact(case_id, "refund.proposed_fen") == 10240
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 10240)
    assert [(row.item_id, row.quantity, row.amount_fen) for row in desk.rows(RefundItem)] == [
        (placed.items[0], 1, 10240)
    ]
    must_add_up(desk.store)


def test_the_freight_goes_with_the_first_piece_and_once(chief: Desk, buyer: int) -> None:
    desk = chief
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=5000))
    placed = order(desk.store, buyer, items=goods, freight_fen=1000)
    for number, amount in (("1", 13800), ("2", 5000)):
        case_id = desk.opened(placed)
        desk.go(case_id, "part", items=(number,))
        desk.go(case_id, "quality")
        desk.go(case_id, "complete")
        assert desk.fact(case_id, "refund.proposed_fen") == amount
        desk.go(case_id, "approve")
        desk.later(seconds=11)
        desk.release()
        desk.go(case_id, "close")
    assert refunded(desk.store, placed) == (18800, 0)
    must_add_up(desk.store, [desk.ports])


# Which goods


def test_lines_and_skus_choose_goods_and_pieces(desk: Desk, buyer: int) -> None:
    goods = (Item(quantity=3), Item(sku="FILTER-1", name="滤芯", price_fen=5000))
    placed = order(desk.store, buyer, items=goods)
    case_id = desk.opened(placed)
    desk.go(case_id, "part", items=("1*2", "filter-1"))
    kept = {row.item_id: row.quantity for row in desk.rows(CaseItem, case_id=case_id)}
    assert kept == {placed.items[0]: 2, placed.items[1]: 1}
    desk.go(case_id, "quality")
    desk.go(case_id, "complete")
    assert desk.fact(case_id, "refund.proposed_fen") == 30600
    desk.go(case_id, "approve")
    assert sorted(row.quantity for row in desk.rows(RefundItem)) == [1, 2]
    must_add_up(desk.store)


@pytest.mark.parametrize(
    ("typed", "code"),
    [(("9",), "item.not_of_order"), (("NOPE",), "item.not_of_order"), (("1*4",), "item.pieces"),
     (("1*0",), "item.pieces"), (("1*x",), "item.pieces")],
)  # fmt: skip
def test_goods_that_are_not_there_are_refused(
    desk: Desk, buyer: int, typed: tuple[str, ...], code: str
) -> None:
    placed = order(desk.store, buyer, items=(Item(quantity=3),))
    case_id = desk.opened(placed)
    with pytest.raises(BadInput) as refused:
        desk.go(case_id, "part", items=typed)
    assert refused.value.code == code
    assert desk.rows(CaseItem) == []
    assert desk.rows(StepAnswer) == []


def test_undo_brings_the_earlier_choice_of_goods_back(desk: Desk, buyer: int) -> None:
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=5000))
    placed = order(desk.store, buyer, items=goods)
    case_id = desk.opened(placed, item_ids=(placed.items[1],))
    desk.go(case_id, "part", items=("1",))
    assert [row.item_id for row in desk.rows(CaseItem)] == [placed.items[0]]
    undoing.undo(desk.ctx, case_id)
    assert [row.item_id for row in desk.rows(CaseItem)] == [placed.items[1]]
    assert desk.step(case_id) == "scope"
    desk.go(case_id, "whole")
    assert desk.rows(CaseItem) == []
    undoing.undo(desk.ctx, case_id)
    assert [row.item_id for row in desk.rows(CaseItem)] == [placed.items[1]]
    must_add_up(desk.store)


# Not shipped, in transit, not received


def test_an_unshipped_order_is_cancelled_and_refunded(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, status=OrderStatus.TO_SHIP, signed_days=None)
    case_id = desk.opened(placed, reason=None)
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "unshipped"
    desk.go(case_id, "cancel")
    assert desk.case(case_id).reason is RefundReason.UNSHIPPED_CANCEL
    desk.go(case_id, "approve")
    assert status_of(desk.store, placed) == "cancelled"
    desk.later(seconds=11)
    desk.release()
    assert status_of(desk.store, placed) == "cancelled"
    assert refunded(desk.store, placed) == (12800, 0)
    must_add_up(desk.store, [desk.ports])


def test_recalling_a_cancellation_brings_the_order_back(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, status=OrderStatus.TO_SHIP, signed_days=None)
    case_id = desk.opened(placed, reason=None)
    desk.go(case_id, "whole")
    desk.go(case_id, "cancel")
    desk.recall(desk.go(case_id, "approve"))
    assert status_of(desk.store, placed) == "to_ship"
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


@pytest.mark.parametrize("charges", [2, 1])
def test_who_asks_for_a_second_charge_need_not_wait_for_the_parcel(
    desk: Desk, buyer: int, charges: int
) -> None:
    placed = order(desk.store, buyer, status=OrderStatus.SHIPPED, payments=({},) * charges)
    with desk.store.write("shop") as unit:
        parcel = unit.session.get_one(Parcel, placed.parcels[0])
        parcel.state, parcel.signed_at, parcel.signed_by = ParcelState.IN_TRANSIT, None, None
        unit.commit()
    case_id = desk.opened(placed, reason=None)
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "transit"
    if charges == 1:
        assert desk.option(case_id, "twice").offer == "refused"
        return
    desk.go(case_id, "twice")
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    # The second charge alone: what is on its way is kept and stays paid.
    assert refunded(desk.store, placed) == (12800, 0)
    assert [row.payment_id for row in desk.rows(Refund)] == [placed.payments[1]]
    assert desk.rows(RefundItem) == []
    must_add_up(desk.store, [desk.ports])


def test_an_order_that_left_meanwhile_is_not_cancelled(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, status=OrderStatus.TO_SHIP, signed_days=None)
    case_id = desk.opened(placed, reason=None)
    desk.go(case_id, "whole")
    desk.go(case_id, "cancel")
    pending = desk.strip(case_id, "approve")
    with desk.store.write("shop") as unit:
        unit.session.add(
            Parcel(
                order_id=placed.id,
                waybill="SF1",
                carrier="顺丰",
                state=ParcelState.HANDED_OVER,
                shipped_at=unit.now,
            )
        )
        unit.commit()
    with pytest.raises(NotAllowed):
        desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, 0)
    assert status_of(desk.store, placed) == "to_ship"


def test_a_claim_to_the_courier_waits_for_its_answer(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, reason=RefundReason.NOT_RECEIVED, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "not_received")
    desk.go(case_id, "not_by_customer", statement="家里没人签收")
    assert desk.step(case_id) == "courier_wait"
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    task = desk.rows(Task)[0]
    with pytest.raises(BadInput, match=r"task\.finding"):
        tasks.answer_task(desk.ctx, task.id or 0, "快递员确认错投")
    tasks.answer_task(desk.ctx, task.id or 0, "快递员确认错投", "not_delivered")
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.step(case_id) == "assess/decide"
    with pytest.raises(NotAllowed, match=r"task\.done"):
        tasks.answer_task(desk.ctx, task.id or 0, "再答一次", "found")
    assert desk.events(case_id, "task.answered")[0].payload["finding"] == "not_delivered"
    must_add_up(desk.store)


# Evidence


def test_a_round_of_evidence_stops_the_clock_and_the_customer_starts_it(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    desk.go(case_id, "ask", materials="photo_label")
    case, clock = desk.case(case_id), desk.clock(case_id, "refund_review")
    assert (case.state, case.stopped, case.waiting_for) == (CaseState.WAITING_CUSTOMER, True, "customer")
    assert clock.run is RunState.PAUSED
    assert clock.resume_at == desk.ctx.now() + timedelta(days=7)
    due = clock.due_at
    desk.later(hours=30)
    desk.release()
    desk.picture(case_id)
    case, clock = desk.case(case_id), desk.clock(case_id, "refund_review")
    assert (case.state, case.stopped) == (CaseState.IN_PROGRESS, False)
    assert clock.run is RunState.RUNNING
    assert due is not None and clock.due_at is not None
    assert clock.due_at < due  # the stop had reckoned with seven days
    assert clock.due_at == desk.ctx.now() + timedelta(hours=21)
    assert desk.fact(case_id, "case.evidence_rounds") == 1
    assert desk.step(case_id) == "evidence"
    desk.go(case_id, "complete")
    desk.go(case_id, "approve")
    assert met(desk.clock(case_id, "refund_review"))
    must_add_up(desk.store)


def test_the_same_step_may_ask_again_in_another_round(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, description="", media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    for rounds in (1, 2):
        desk.go(case_id, "ask", materials="photo_label")
        desk.later(hours=1)
        desk.release()
        assert desk.fact(case_id, "case.evidence_rounds") == rounds
        desk.picture(case_id)
        desk.later(minutes=1)
    assert [row[1] for row in outbox_of(desk.store, case_id)] == ["accepted", "accepted"]
    must_add_up(desk.store)


def test_material_that_does_not_come_is_asked_for_and_then_rejected(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    assert desk.option(case_id, "reject").offer == "refused"
    desk.go(case_id, "ask", materials="photo_label")
    desk.later(hours=2)
    evidence.add_evidence(desk.ctx, case_id, EvidenceKind.STATEMENT, "说明", "https://evidence.example.com/2")
    desk.go(case_id, "reject")
    desk.go(case_id, "missing_voucher", detail="只有文字说明，没有照片")
    assert desk.case(case_id).reject_code is RejectCode.MISSING_VOUCHER
    assert "只有文字说明" in letters_of(desk, case_id)[-1]
