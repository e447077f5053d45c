"""P2, not shipped, on a real store: payment, estimate, cause, then one remedy."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.errors import BadInput, FactsMoved, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    CompensationKind,
    OrderStatus,
    ParcelState,
    PaymentState,
    PromiseState,
    RefundReason,
    RefundState,
)
from bdesk.models.tables import (
    CaseItem,
    CaseText,
    ClockRow,
    Compensation,
    Customer,
    OrderDelay,
    OrderItem,
    Parcel,
    Promise,
    Substitution,
    Task,
)
from bdesk.operations import approvals, calls, promises, tasks
from bdesk.operations.opening import NewCase
from bdesk.operations.sweep import sweep
from tests.builders import Item, customer, order
from tests.operations.desk import Desk, letters_of, must_add_up, outbox_of, refunded, status_of
from tests.operations.late import CAUSE, ETA, asked, offered, shipped, stock_of, unshipped

HOUR = timedelta(hours=1)


# Payment first, then status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (PaymentState.FAILED, OrderStatus.PENDING_PAYMENT),
        (PaymentState.PROCESSING, OrderStatus.PENDING_PAYMENT),
        (PaymentState.CLOSED, OrderStatus.PENDING_PAYMENT),
        (PaymentState.SUCCESS, OrderStatus.PENDING_PAYMENT),
    ],
)
def test_what_was_not_paid_is_no_delay(
    desk: Desk, buyer: int, state: PaymentState, status: OrderStatus
) -> None:
    case_id = asked(desk, unshipped(desk.store, buyer, status=status, payments=({"state": state},)))
    assert desk.step(case_id) == "to_payment"
    desk.go(case_id, "go")
    assert desk.case(case_id).kind is CaseKind.PAYMENT_FAILURE
    must_add_up(desk.store)


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUNDING, OrderStatus.REFUNDED])
def test_an_order_that_ended_is_told_and_closed(desk: Desk, buyer: int, status: OrderStatus) -> None:
    case_id = asked(desk, unshipped(desk.store, buyer, status=status))
    assert desk.step(case_id) == "ended"
    desk.go(case_id, "letter")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED


# Not due


def test_what_is_still_in_time_gets_a_reminder_and_nothing_else(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, due=32 * HOUR)
    case_id = asked(desk, placed)
    assert desk.step(case_id) == "not_due"
    desk.go(case_id, "remind")
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.IN_TIME)
    assert desk.clock(case_id, "promise").run is RunState.RUNNING
    assert desk.clock(case_id, "promise").due_at == desk.ctx.now() + 32 * HOUR
    assert desk.clock(case_id, "ship_promise").due_at == desk.ctx.now() + 32 * HOUR
    assert "11月19日 18:00" in letters_of(desk, case_id)[0]
    assert desk.rows(Promise)[0].words == "Contact the customer if it is not shipped by then"
    assert not desk.rows(Compensation)
    must_add_up(desk.store)


def test_the_reminder_brings_the_case_back_before_the_promise(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, due=32 * HOUR)
    case_id = asked(desk, placed)
    desk.go(case_id, "remind")
    desk.later(hours=29)
    sweep(desk.ctx)
    assert desk.case(case_id).state is CaseState.CLOSED
    desk.later(hours=1, minutes=1)
    assert sweep(desk.ctx).brought_back == 1
    case = desk.case(case_id)
    assert (case.state, case.open, case.outcome) == (CaseState.REOPENED, True, None)
    assert desk.clock(case_id, "promise").run is RunState.RUNNING
    assert desk.step(case_id) == "not_due"
    assert sweep(desk.ctx).brought_back == 0
    desk.later(hours=3)
    assert desk.step(case_id) == "cause"
    must_add_up(desk.store)


def test_a_reminder_is_kept_by_what_was_shipped_meanwhile(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, due=32 * HOUR)
    case_id = asked(desk, placed)
    desk.go(case_id, "remind")
    desk.later(hours=31)
    shipped(desk.store, placed)
    sweep(desk.ctx)
    assert desk.case(case_id).state is CaseState.CLOSED
    assert desk.clock(case_id, "promise").run is RunState.STOPPED
    must_add_up(desk.store)


def test_what_an_agent_promised_is_kept_by_no_reminder_and_no_parcel(desk: Desk, buyer: int) -> None:
    """Only what the walk promised about the parcel is renewed by a new date, or kept by the parcel."""
    placed = unshipped(desk.store, buyer, due=32 * HOUR)
    case_id = asked(desk, placed)
    promises.make(desk.ctx, case_id, "回电说明发票", desk.ctx.now() + 32 * HOUR, promises.CALL_BACK)
    promises.make(desk.ctx, case_id, "告知开票情况", desk.ctx.now() + 32 * HOUR)
    desk.go(case_id, "remind")
    states = [one.state for one in desk.rows(Promise, case_id=case_id)]
    assert states == [PromiseState.OPEN] * 3
    desk.later(hours=31)
    shipped(desk.store, placed)
    sweep(desk.ctx)
    assert desk.case(case_id).open
    by_hand, told, walked = (one.state for one in desk.rows(Promise, case_id=case_id))
    assert (by_hand, told, walked) == (PromiseState.OPEN, PromiseState.OPEN, PromiseState.KEPT)
    must_add_up(desk.store)


def test_without_an_estimate_it_is_forty_eight_hours_from_the_payment(desk: Desk, buyer: int) -> None:
    paid = desk.ctx.now() - timedelta(hours=47)
    placed = unshipped(desk.store, buyer, due=None, payments=({"paid_at": paid},))
    case_id = asked(desk, placed)
    assert desk.step(case_id) == "not_due"
    desk.later(hours=1, seconds=1)
    assert desk.step(case_id) == "cause"


# The cause before any remedy


def test_nothing_is_offered_before_a_cause_is_stored(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = asked(desk, placed)
    assert desk.step(case_id) == "cause"
    with pytest.raises(BadInput, match=r"delay\.eta_past"):
        desk.go(case_id, "record", cause="warehouse", source="warehouse", eta=date(2026, 11, 17))
    with pytest.raises(BadInput, match=r"capture\.missing"):
        desk.go(case_id, "record", cause="warehouse", source="warehouse")
    assert not desk.rows(OrderDelay)
    desk.go(case_id, "record", **CAUSE)
    row = desk.rows(OrderDelay)[0]
    assert (row.cause, row.source, row.by, row.case_id) == ("out_of_stock", "warehouse", "1001", case_id)
    assert row.eta == datetime(2026, 11, 25, 16, tzinfo=UTC), "the whole day is still in time"
    assert desk.step(case_id) == "offer"
    assert desk.fact(case_id, "delay.eta") == ETA
    must_add_up(desk.store)


def test_an_unknown_cause_is_asked_for_and_the_answer_wakes_the_case(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = asked(desk, placed)
    desk.go(case_id, "ask")
    desk.go(case_id, "letter", whom="warehouse")
    assert desk.step(case_id) == "ask_wait"
    assert desk.case(case_id).state is CaseState.WAITING_INTERNAL
    assert desk.clock(case_id, "ship_follow_up").due_at == desk.ctx.now() + 24 * HOUR
    assert desk.rows(Promise, case_id=case_id)[0].due_at == desk.ctx.now() + 24 * HOUR
    desk.later(hours=5)
    tasks.answer_task(desk.ctx, desk.rows(Task)[0].id or 0, "缺货，25日到货")
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.step(case_id) == "cause"
    assert desk.fact(case_id, "tasks.warehouse_check_answer") == "缺货，25日到货"
    assert desk.fact(case_id, "delay.suggested_source") == "warehouse"
    desk.go(case_id, "record", **CAUSE)
    desk.go(case_id, "wait")
    desk.go(case_id, "letter")
    assert desk.clock(case_id, "ship_follow_up").run is RunState.STOPPED
    promises = [row.due_at for row in desk.rows(Promise, case_id=case_id)]
    assert promises[-1] == datetime(2026, 11, 25, 16, tzinfo=UTC)
    clocks = desk.rows(ClockRow, case_id=case_id, kind="promise")
    assert [row.run for row in clocks] == [RunState.STOPPED, RunState.RUNNING]
    must_add_up(desk.store)


def test_no_answer_within_a_day_is_raised(desk: Desk, buyer: int) -> None:
    case_id = asked(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "ask")
    desk.go(case_id, "letter", whom="merchant")
    desk.later(hours=24, seconds=1)
    sweep(desk.ctx)
    assert desk.step(case_id) == "unanswered"
    desk.go(case_id, "raise")
    assert desk.case(case_id).escalated_to == "supervisor"
    assert desk.rows(CaseText, case_id=case_id, kind="raise")[0].body.startswith("Warehouse or merchant")
    assert desk.step(case_id) == "ask_wait"
    tasks.answer_task(desk.ctx, desk.rows(Task)[0].id or 0, "商家说明天发")
    assert desk.step(case_id) == "cause"
    must_add_up(desk.store)


def test_only_the_late_part_of_a_split_order_counts(desk: Desk, buyer: int) -> None:
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=5000, quantity=2))
    placed = unshipped(desk.store, buyer, items=goods, status=OrderStatus.PART_SHIPPED)
    with desk.store.write("shop") as unit:
        sent = Parcel(
            order_id=placed.id, waybill="SF0000180000702", carrier="顺丰", state=ParcelState.SIGNED,
            shipped_at=unit.now, signed_at=unit.now, last_scan_at=unit.now,
        )  # fmt: skip
        unit.session.add(sent)
        unit.session.flush()
        unit.session.get_one(OrderItem, placed.items[0]).parcel_id = sent.id
        unit.commit()
    case_id = asked(desk, placed)
    assert desk.fact(case_id, "delay.items_text") == "滤芯 x2"
    desk.go(case_id, "record", **CAUSE)
    assert [(row.item_id, row.quantity) for row in desk.rows(CaseItem, case_id=case_id)] == [
        (placed.items[1], 2)
    ]
    assert desk.fact(case_id, "delay.base_fen") == 10000
    assert desk.fact(case_id, "limits.compensation_fen") == 1000
    must_add_up(desk.store)


def test_a_waybill_that_was_never_scanned_is_no_shipment(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, stock=10)
    shipped(desk.store, placed, scanned=False)
    case_id = asked(desk, placed)
    assert desk.step(case_id) == "moving", "within a day it may still be scanned"
    desk.later(hours=24)
    assert desk.step(case_id) == "cause"
    assert desk.fact(case_id, "delay.suggested_cause") == "fake_shipment"


# Wait with compensation


def test_one_delay_is_compensated_once_and_the_case_closed(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = offered(desk, placed)
    assert desk.fact(case_id, "compensation.suggested_fen") == 1280
    desk.go(case_id, "compensate")
    desk.go(case_id, "coupon", amount=1280)
    assert desk.step(case_id) == "close_compensated/close"
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.COMPENSATED
    desk.later(seconds=11)
    desk.release()
    row = desk.rows(Compensation)[0]
    assert (row.amount_fen, row.state, row.kind) == (1280, RefundState.ACCEPTED, "coupon")
    letter = letters_of(desk, case_id)[0]
    assert "12.80" in letter and "缺货" in letter and "11月25日" in letter
    assert desk.clock(case_id, "promise").due_at == datetime(2026, 11, 25, 16, tzinfo=UTC)
    again = offered(desk, placed)
    refused = desk.option(again, "compensate")
    assert refused.why is not None
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(again, "compensate")
    must_add_up(desk.store)


def test_above_the_limit_it_is_approved_by_somebody_else_and_carried_out(
    desk: Desk, chief: Desk, buyer: int
) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "compensate")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "wallet", amount=3000)
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approval", amount=1280, why="少了")
    desk.go(case_id, "approval", amount=3000, why="生日要用")
    assert desk.step(case_id) == "compensate_wait"
    approvals.decide(chief.ctx, 1, "approve", "同意")
    assert desk.step(case_id) == "compensate_approved"
    desk.go(case_id, "wallet")
    assert [(row.amount_fen, row.kind) for row in desk.rows(Compensation)] == [(3000, "wallet")]
    assert desk.step(case_id) == "close_compensated/close"
    must_add_up(desk.store)


@pytest.mark.parametrize(("verdict", "step"), [("refuse", "approver_said"), ("return", "approver_said")])
def test_what_is_not_approved_leads_back_to_the_remedies(
    desk: Desk, chief: Desk, buyer: int, verdict: str, step: str
) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "compensate")
    desk.go(case_id, "approval", amount=3000, why="生日要用")
    approvals.decide(chief.ctx, 1, verdict, "太多了")
    assert desk.step(case_id) == step
    desk.go(case_id, "again")
    assert desk.step(case_id) == "offer"
    assert not desk.rows(Compensation)


def test_weather_is_not_compensated(desk: Desk, buyer: int) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer), cause="weather")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "compensate")


def test_taken_back_it_may_be_given_again(desk: Desk, buyer: int) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "compensate")
    desk.recall(desk.go(case_id, "coupon", amount=500))
    assert desk.step(case_id) == "compensate"
    assert not desk.rows(ClockRow, case_id=case_id, kind="promise")
    desk.go(case_id, "coupon", amount=1000)
    assert [(row.amount_fen, row.state) for row in desk.rows(Compensation)] == [(1000, RefundState.HELD)]
    must_add_up(desk.store)


# Other goods


def test_a_dearer_substitute_costs_the_customer_nothing(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, other_fen=13100)
    case_id = offered(desk, placed)
    desk.go(case_id, "substitute")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "book", agreed=False)
    desk.go(case_id, "book", agreed=True)
    row = desk.rows(Substitution)[0]
    assert (row.item_id, row.diff_fen, row.quantity, row.state) == (placed.items[0], 300, 1, RefundState.HELD)
    assert stock_of(desk) == 2
    assert refunded(desk.store, placed) == (0, 0)
    assert desk.fact(case_id, "delay.due_at") == desk.ctx.now() + 48 * HOUR, "the promise begins anew"
    assert desk.clock(case_id, "ship_promise").due_at == desk.ctx.now() + 48 * HOUR
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.SUBSTITUTED
    desk.later(seconds=11)
    desk.release()
    assert desk.rows(Substitution)[0].state is RefundState.ACCEPTED
    must_add_up(desk.store, [desk.ports])


def test_of_a_cheaper_one_the_difference_goes_back_in_proportion_to_what_was_paid(
    desk: Desk, buyer: int
) -> None:
    """A line of 100.00 of which 90.00 were paid; the other goods cost 96.00: 3.60 go back, to that line."""
    goods = (Item(sku="POT-1", name="砂锅", price_fen=10000), Item(sku="LID-1", name="锅盖", price_fen=10000))
    placed = unshipped(desk.store, buyer, items=goods, coupon_fen=2000, other_fen=9600)
    case_id = offered(desk, placed)
    assert desk.fact(case_id, "substitute.back_fen") == 360
    desk.go(case_id, "substitute")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "book", agreed=True)
    desk.go(case_id, "book_back", agreed=True)
    assert refunded(desk.store, placed) == (0, 360)
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (360, 0)
    assert status_of(desk.store, placed) == "partly_refunded"
    stand = desk.stand(case_id)
    assert [item.refunded_fen for item in stand.snapshot.items] == [360, 0]
    assert desk.step(case_id) == "offer", "the other line is late still"
    desk.go(case_id, "wait")
    desk.go(case_id, "letter")
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_a_difference_above_the_limit_needs_somebody_else(desk: Desk, chief: Desk, buyer: int) -> None:
    """128.00: an agent may differ by 5 % (6.40), a supervisor by any sum (B0.7)."""
    case_id = offered(desk, unshipped(desk.store, buyer, other_fen=13441))
    desk.go(case_id, "substitute")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "book", agreed=True)
    desk.go(case_id, "approval", agreed=True, why="同款只有这个")
    approvals.decide(chief.ctx, 1, "approve", "同意")
    assert desk.step(case_id) == "substitute_approved"
    desk.go(case_id, "book", agreed=True)
    assert [row.diff_fen for row in desk.rows(Substitution)] == [641]
    must_add_up(desk.store)


def test_taken_back_the_goods_are_in_stock_again(desk: Desk, buyer: int) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "substitute")
    desk.recall(desk.go(case_id, "book", agreed=True))
    assert stock_of(desk) == 3
    assert desk.rows(Substitution)[0].state is RefundState.RECALLED
    assert desk.step(case_id) == "substitute"
    desk.go(case_id, "book", agreed=True)
    assert stock_of(desk) == 2
    must_add_up(desk.store)


# Cancel, change of mind, what moves


def test_who_was_greeted_is_not_greeted_again_when_it_becomes_a_refund(desk: Desk) -> None:
    contact = calls.start_call(desk.ctx)
    order_id = unshipped(desk.store, customer(desk.store, phone="15412346621")).id
    new = NewCase(CaseKind.SHIPMENT_DELAY, Channel.HOTLINE, order_id=order_id, subject="还没发货")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    desk.go(case_id, "check", recent_amount="128.00", phone_tail="6621")
    desk.go(case_id, "record", **CAUSE)
    desk.go(case_id, "cancel")
    assert desk.case(case_id).kind is CaseKind.REFUND
    assert desk.step(case_id) == "assess/decide"


def test_cancelling_goes_on_as_a_refund_of_the_whole(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "compensate")
    desk.go(case_id, "back")
    desk.go(case_id, "substitute")
    desk.go(case_id, "back")
    desk.go(case_id, "cancel")
    case = desk.case(case_id)
    assert (case.kind, case.reason) == (CaseKind.REFUND, RefundReason.UNSHIPPED_CANCEL)
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 12800)
    assert status_of(desk.store, placed) == "cancelled"
    must_add_up(desk.store, [desk.ports])


def test_what_was_shipped_between_choosing_and_f8_is_not_compensated(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "compensate")
    pending = desk.strip(case_id, "coupon", amount=1280)
    shipped(desk.store, placed)
    with pytest.raises((FactsMoved, NotAllowed)):
        desk.press_f8(pending)
    assert not desk.rows(Compensation)
    assert desk.step(case_id) == "moving"
    must_add_up(desk.store)


def test_two_desks_one_delay(desk: Desk, chief: Desk, buyer: int) -> None:
    """Two cases on one order, both with their strips drawn: one is paid, the other told so."""
    placed = unshipped(desk.store, buyer)
    mine, theirs = offered(desk, placed), offered(chief, placed)
    desk.go(mine, "compensate")
    chief.go(theirs, "compensate")
    first = desk.strip(mine, "coupon", amount=1000)
    second = chief.strip(theirs, "wallet", amount=1280)
    desk.press_f8(first)
    with pytest.raises((FactsMoved, NotAllowed)):
        chief.press_f8(second)
    assert [row.amount_fen for row in desk.rows(Compensation)] == [1000]
    assert not outbox_of(desk.store, theirs)
    assert chief.step(theirs) == "offer" or chief.step(theirs) == "compensate"
    must_add_up(desk.store)


def test_two_desks_one_piece(desk: Desk, chief: Desk, buyer: int) -> None:
    """Two orders want the last substitute."""
    one = unshipped(desk.store, buyer, other_stock=1)
    two = unshipped(desk.store, buyer, other_stock=1)
    mine, theirs = offered(desk, one), offered(chief, two)
    desk.go(mine, "substitute")
    chief.go(theirs, "substitute")
    first, second = desk.strip(mine, "book", agreed=True), chief.strip(theirs, "book", agreed=True)
    desk.press_f8(first)
    with pytest.raises((FactsMoved, NotAllowed)):
        chief.press_f8(second)
    assert stock_of(desk) == 0
    assert len(desk.rows(Substitution)) == 1
    assert chief.step(theirs) == "offer"
    must_add_up(desk.store)


def test_what_the_shop_gave_already_counts(desk: Desk, buyer: int) -> None:
    """A coupon of the App, given after the promise was broken, is this delay's compensation (S5)."""
    placed = unshipped(desk.store, buyer, due=-timedelta(days=4))
    with desk.store.write("shop") as unit:
        unit.session.add(
            Compensation(
                order_id=placed.id,
                delay_key="app",
                kind=CompensationKind.COUPON,
                amount_fen=2000,
                state=RefundState.ARRIVED,
                committed_at=unit.now - timedelta(days=1),
            )
        )
        unit.commit()
    case_id = offered(desk, placed)
    assert desk.fact(case_id, "compensation.booked") is True
    assert desk.fact(case_id, "limits.compensation_fen") == 0
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "compensate")


# On its way


def test_a_parcel_that_stands_still_is_claimed_and_a_lost_one_refunded(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    shipped(desk.store, placed)
    case_id = asked(desk, placed)
    assert desk.step(case_id) == "moving"
    desk.later(days=3)
    assert desk.step(case_id) == "stuck"
    desk.go(case_id, "letter")
    assert desk.step(case_id) == "courier_wait"
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    tasks.answer_task(desk.ctx, desk.rows(Task)[0].id or 0, "找不到", "lost")
    assert desk.step(case_id) == "lost"
    desk.go(case_id, "refund")
    case = desk.case(case_id)
    assert (case.kind, case.reason) == (CaseKind.REFUND, RefundReason.NOT_RECEIVED)
    must_add_up(desk.store)


def test_what_is_on_its_way_is_told_in_one_answer(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    shipped(desk.store, placed)
    case_id = asked(desk, placed)
    desk.go(case_id, "letter")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED
    assert "0701" in letters_of(desk, case_id)[0]
    assert "SF0000180000701" not in letters_of(desk, case_id)[0]
    must_add_up(desk.store)


def test_a_delivered_order_is_looked_for_or_refunded(desk: Desk, buyer: int) -> None:
    case_id = asked(desk, order(desk.store, buyer))
    assert desk.step(case_id) == "delivered"
    desk.go(case_id, "missing")
    assert desk.case(case_id).reason is RefundReason.NOT_RECEIVED


def test_nobody_to_write_to_is_no_dead_end(store: Store, desk: Desk, buyer: int) -> None:
    with store.write("shop") as unit:
        row = unit.session.get_one(Customer, buyer)
        row.email, row.phone = None, None
        unit.commit()
    case_id = asked(desk, unshipped(store, buyer, due=5 * HOUR))
    desk.go(case_id, "silent")
    desk.go(case_id, "silent")
    assert desk.case(case_id).outcome is CaseOutcome.NO_CONTACT


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE substitution SET diff_fen = 0", "substitution.differs"),
        ("UPDATE substitution SET quantity = 9", "substitution.differs"),
        ("UPDATE order_delay SET cause = 'merchant'", "delay.differs"),
        ("DELETE FROM order_delay", "delay.differs"),
    ],
)
def test_a_cause_or_a_substitute_changed_in_the_file_is_found(
    desk: Desk, buyer: int, statement: str, code: str
) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "substitute")
    desk.go(case_id, "book", agreed=True)
    with desk.store.write("somebody") as unit:
        unit.session.execute(text(statement))
        unit.commit()
    fault = verify(desk.store, load_book()).first_fault
    assert fault is not None and fault.code == code
