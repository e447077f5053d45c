"""Return, exchange and repair walked by operations (P7), on a real store."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.errors import BadInput, FactsMoved, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    Department,
    FreightPayer,
    Inspection,
    OrderStatus,
    RefundReason,
    RejectCode,
    ReturnClass,
    ReturnKind,
    Role,
    TaskState,
)
from bdesk.models.tables import (
    CaseFlagRow,
    CaseText,
    GoodsReturn,
    Notification,
    OrderItem,
    Product,
    Refund,
    RefundItem,
    StepAnswer,
    Task,
)
from bdesk.operations import approvals, tasks, undoing
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, order, person
from tests.operations.desk import Desk, letters_of, met, must_add_up, refunded

ADDRESS = "苏州市训练路1号退货仓 0571-00000000"
WAYBILL = "SF0000180000101"


def opened(desk: Desk, placed: Placed, **more: Any) -> int:
    """A matter of goods from the signed-in form, three hours ago."""
    known: dict[str, Any] = {
        "kind": CaseKind.AFTER_SALE, "channel": Channel.AFTER_SALE_FORM, "reason": RefundReason.NO_REASON,
        "description": "不合适，没用过", "media": False,
    }  # fmt: skip
    return desk.opened(placed, **{**known, **more})


def to_approval(
    desk: Desk, placed: Placed, kind: str = "return", reason: str = "no_reason", **more: Any
) -> int:
    """The number is told and the goods may come back."""
    case_id = opened(desk, placed, **more)
    if desk.step(case_id) == "duplicate/same":
        desk.go(case_id, "other", difference="另一件事")
    desk.go(case_id, kind)
    desk.go(case_id, reason)
    desk.go(case_id, "letter")
    if kind == "repair":
        desk.go(case_id, "free" if desk.fact(case_id, "warranty.open") else "paid")
    else:
        desk.go(case_id, "complete")
    assert desk.step(case_id) == "approve"
    return case_id


def agreed(desk: Desk, placed: Placed, kind: str = "return", reason: str = "no_reason", **more: Any) -> int:
    case_id = to_approval(desk, placed, kind, reason, **more)
    desk.go(case_id, "send", return_to=ADDRESS)
    assert desk.step(case_id) == "goods/send"
    return case_id


def come_back(desk: Desk, placed: Placed, finding: str = "ok", kind: str = "return", **more: Any) -> int:
    """Agreed, sent, received and inspected."""
    case_id = agreed(desk, placed, kind, **more)
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(case_id, "received")
    desk.go(case_id, "record", finding=finding, finding_words="仓库看过")
    return case_id


def settle(desk: Desk) -> None:
    desk.later(seconds=11)
    desk.release()


def row_of(desk: Desk, case_id: int) -> GoodsReturn:
    return desk.rows(GoodsReturn, case_id=case_id)[-1]


def change_item(store: Store, placed: Placed, **values: object) -> None:
    with store.write("shop") as unit:
        item = unit.session.get_one(OrderItem, placed.items[0])
        for name, value in values.items():
            setattr(item, name, value)
        unit.commit()


def change_product(store: Store, sku: str = "KETTLE-1", **values: object) -> None:
    with store.write("shop") as unit:
        product = unit.session.scalars(select(Product).where(Product.sku == sku)).one()
        for name, value in values.items():
            setattr(product, name, value)
        unit.commit()


@pytest.fixture
def custom(store: Store, placed: Placed) -> Placed:
    """Made to order, and the order holds no confirmation."""
    change_item(store, placed, return_class=ReturnClass.CUSTOM)
    return placed


# The number


def test_the_number_is_given_at_once_and_told_by_the_first_answer(desk: Desk, placed: Placed) -> None:
    case_id = opened(desk, placed)
    case = desk.case(case_id)
    assert case.after_sale_no == "SH20261118000001"
    assert case.after_sale_tail == "0001"
    first = desk.clock(case_id, "after_sale_response")
    assert (first.run, first.start_at) == (RunState.RUNNING, desk.ctx.now() - timedelta(hours=3))
    desk.go(case_id, "return")
    desk.go(case_id, "no_reason")
    assert desk.step(case_id) == "number"
    desk.go(case_id, "letter")
    assert met(desk.clock(case_id, "after_sale_response"))
    (letter,) = letters_of(desk, case_id)
    assert "SH20261118000001" in letter
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING, "a first answer decides nothing (X1)"
    must_add_up(desk.store)


def test_no_two_cases_have_one_number(desk: Desk, buyer: int) -> None:
    own = "SH20261118000002"
    first, firms, second = (
        opened(desk, order(desk.store, buyer), after_sale_no=number) for number in (None, own, None)
    )
    numbers = [desk.case(case_id).after_sale_no for case_id in (first, firms, second)]
    assert numbers == ["SH20261118000001", own, "SH20261118000003"], "one of the firm's own is passed over"
    assert desk.case(firms).after_sale_tail == "0002"


# A return without a reason


def test_a_return_from_the_form_to_the_money(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    sent_back = row_of(desk, case_id)
    assert (sent_back.kind, sent_back.freight) == (ReturnKind.RETURN, FreightPayer.CUSTOMER)
    clock = desk.clock(case_id, "return_send")
    assert clock.due_at == sent_back.send_by
    assert desk.clock(case_id, "resolution").run is RunState.PAUSED
    settle(desk)
    assert "自付" in letters_of(desk, case_id)[-1]
    desk.go(case_id, "sent", carrier="sf", waybill=" sf0000-1800 00101")
    sent_back = row_of(desk, case_id)
    assert (sent_back.carrier, sent_back.waybill) == ("sf", WAYBILL)
    assert met(desk.clock(case_id, "return_send"))
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    (receipt,) = desk.rows(Task, case_id=case_id)
    assert (receipt.department, receipt.what) == (Department.WAREHOUSE, "return_receipt")
    desk.later(days=2)
    tasks.answer_task(desk.ctx, receipt.id or 0, "已签收入库")
    law = desk.clock(case_id, "return_refund")
    assert (law.run, law.start_at, law.hard) == (RunState.RUNNING, desk.ctx.now(), True)
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING
    assert desk.step(case_id) == "goods/inspect"
    inspection = desk.rows(Task, case_id=case_id)[-1]
    assert (inspection.what, inspection.due_at) == ("inspection", desk.ctx.now() + timedelta(hours=48))
    with pytest.raises(BadInput, match=r"task\.finding"):
        tasks.answer_task(desk.ctx, inspection.id or 0, "看过了")
    tasks.answer_task(desk.ctx, inspection.id or 0, "包装完好", "ok")
    assert desk.step(case_id) == "assess/decide"
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 12800)
    assert met(desk.clock(case_id, "return_refund"))
    settle(desk)
    desk.go(case_id, "close")
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.APPROVED_FULL)
    assert row_of(desk, case_id).finished_at is not None
    assert desk.rows(RefundItem)[0].quantity == 1
    letters = [row.letter for row in desk.rows(Notification, case_id=case_id)]
    assert letters == ["N16", "N15", "N2", "N17"]
    must_add_up(desk.store, [desk.ports])


def test_nobody_sends_it_reminded_after_seven_days_closed_after_fifteen(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    settle(desk)
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    desk.later(days=7)
    sweep(desk.ctx)
    settle(desk)
    letters = [row.letter for row in desk.rows(Notification, case_id=case_id)]
    assert letters == ["N16", "N15", "N15"]
    assert ADDRESS in letters_of(desk, case_id)[-1], "the reminder names the address that was told"
    desk.later(days=8)
    sweep(desk.ctx)
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.WITHDRAWN)
    must_add_up(desk.store, [desk.ports])


def test_a_return_is_not_decided_by_the_class_alone(desk: Desk, custom: Placed) -> None:
    """E14, S4(2): without the buyer's confirmation the goods may come back, and the gap is reported."""
    case_id = opened(desk, custom)
    desk.go(case_id, "return")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "letter")
    assert desk.option(case_id, "complete").offer == "refused"
    assert desk.option(case_id, "excluded").offer == "refused"
    desk.go(case_id, "gap")
    assert [row.flag for row in desk.rows(CaseFlagRow, case_id=case_id)] == [CaseFlag.DATA_GAP]
    assert [(row.department, row.what) for row in desk.rows(Task, case_id=case_id)] == [
        (Department.TECHNICAL, "data_gap")
    ]
    undoing.undo(desk.ctx, case_id)
    assert desk.rows(CaseFlagRow, case_id=case_id) == []
    assert [row.state for row in desk.rows(Task, case_id=case_id)] == [TaskState.CANCELLED]
    desk.go(case_id, "gap")
    desk.go(case_id, "send", return_to=ADDRESS)
    assert row_of(desk, case_id).kind is ReturnKind.RETURN
    must_add_up(desk.store)


def test_confirmed_when_ordering_is_rejected_with_its_rule(desk: Desk, custom: Placed) -> None:
    """E05, S4(1): R5, with reason, fact, rule, next step and date."""
    change_item(desk.store, custom, exclusion_confirmed_at=desk.ctx.now() - timedelta(days=5))
    case_id = opened(desk, custom)
    desk.go(case_id, "return")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "letter")
    for option in ("complete", "gap"):
        assert desk.option(case_id, option).offer == "refused"
    desk.go(case_id, "excluded")
    desk.go(case_id, "excluded_class")
    assert desk.case(case_id).reject_code is RejectCode.EXCLUDED_CLASS
    letter = letters_of(desk, case_id)[-1]
    for part in ("不支持无理由退货", "下单时已确认", "第二十五条", "申诉", "12月3日"):
        assert part in letter
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REJECTED
    must_add_up(desk.store, [desk.ports])


def test_a_misprint_on_custom_goods_is_a_fault_and_comes_back(desk: Desk, custom: Placed) -> None:
    """E15: our fault, whatever was confirmed; the way back is ours."""
    change_item(desk.store, custom, exclusion_confirmed_at=desk.ctx.now() - timedelta(days=5))
    case_id = agreed(desk, custom, reason="quality", media=True)
    assert row_of(desk, case_id).freight is FreightPayer.SHOP
    must_add_up(desk.store)


def test_rotten_goods_are_refunded_without_coming_back(desk: Desk, chief: Desk, placed: Placed) -> None:
    """E06, S4(3): perishable and rotten, with an early photo; a supervisor decides, nothing is sent back."""
    change_item(
        desk.store, placed, return_class=ReturnClass.PERISHABLE, exclusion_confirmed_at=desk.ctx.now()
    )
    case_id = opened(desk, placed, reason=RefundReason.QUALITY, description="打开就烂了", media=True)
    desk.go(case_id, "return")
    desk.go(case_id, "quality")
    desk.go(case_id, "letter")
    assert desk.fact(case_id, "evidence.hours_after_signing") == 48
    desk.go(case_id, "no_return")
    assert desk.option(case_id, "approve").offer == "refused", "perishable goods are flagged"
    desk.go(case_id, "approval", why="照片清楚，生鲜腐烂")
    approvals.decide(chief.ctx, 1, "approve")
    desk.go(case_id, "refund")
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)
    desk.go(case_id, "close")
    assert desk.rows(GoodsReturn) == []
    must_add_up(desk.store, [desk.ports])


def test_a_late_photo_of_rotten_goods_is_a_supervisors(desk: Desk, chief: Desk, placed: Placed) -> None:
    change_item(desk.store, placed, return_class=ReturnClass.PERISHABLE)
    case_id = opened(desk, placed, reason=RefundReason.QUALITY, description="烂了", media=False)
    desk.later(hours=2)
    desk.picture(case_id)
    desk.go(case_id, "return")
    desk.go(case_id, "quality")
    desk.go(case_id, "letter")
    assert desk.fact(case_id, "evidence.hours_after_signing") == 50
    assert desk.option(case_id, "no_return").offer == "refused"
    must_add_up(desk.store)


def test_past_the_window_a_senior_grants_it_once_a_year(desk: Desk, buyer: int) -> None:
    senior = Desk(desk.store, person(desk.store, "1500", Role.SENIOR), desk.ports)
    late = order(desk.store, buyer, signed_days=8, placed_days=12)
    case_id = opened(senior, late, hours=0)
    senior.go(case_id, "return")
    senior.go(case_id, "no_reason")
    senior.go(case_id, "letter")
    assert senior.option(case_id, "complete").offer == "refused"
    senior.go(case_id, "past")
    senior.go(case_id, "goodwill_own", state_of_goods="未拆封")
    senior.go(case_id, "send", return_to=ADDRESS)
    assert row_of(senior, case_id).approved_by == "1500"
    must_add_up(desk.store)


# What the effects refuse, whatever a procedure says


def without_guards(desk: Desk, case_id: int, **params: Any) -> None:
    """`return.approve` as if a procedure had no guard before it."""
    from bdesk.operations.change import Act
    from bdesk.operations.effects.call import EffectCall
    from bdesk.operations.effects.returns import approve
    from bdesk.operations.walking import standing
    from bdesk.rules.walk.values import Risk
    from bdesk.rules.walk.views import Planned, PlannedEffect

    with desk.store.write(desk.ctx.actor.number) as unit:
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        effect = PlannedEffect(1, "return.approve", Risk.RECORD, params or {"kind": "return"})
        planned: Any = Planned
        approve(EffectCall(Act(unit, unit.case(case_id)), desk.ctx, stand, planned, effect))


@pytest.mark.parametrize(
    ("item", "reason", "signed_days", "code"),
    [
        (
            {"return_class": ReturnClass.CUSTOM, "confirmed": True},
            RefundReason.NO_REASON,
            2,
            "return.excluded",
        ),
        ({}, RefundReason.NO_REASON, 12, "return.too_late"),
        ({}, None, 2, "return.no_reason"),
        ({}, RefundReason.QUALITY, None, "return.not_signed"),
    ],
)
def test_no_procedure_takes_back_what_may_not_come_back(
    desk: Desk,
    buyer: int,
    item: dict[str, Any],
    reason: RefundReason | None,
    signed_days: int | None,
    code: str,
) -> None:
    status = OrderStatus.SIGNED if signed_days is not None else OrderStatus.TO_SHIP
    placed = order(desk.store, buyer, signed_days=signed_days, placed_days=20, status=status)
    if item.pop("confirmed", False):
        item["exclusion_confirmed_at"] = desk.ctx.now() - timedelta(days=20)
    change_item(desk.store, placed, **item)
    case_id = opened(desk, placed, reason=reason)
    with pytest.raises(NotAllowed) as refused:
        without_guards(desk, case_id)
    assert refused.value.code == code
    assert desk.rows(GoodsReturn) == []


def test_nobody_who_was_not_verified_gets_a_return(desk: Desk, placed: Placed) -> None:
    case_id = opened(desk, placed, channel=Channel.HOTLINE, filed=False)
    with pytest.raises(NotAllowed, match=r"limits\.verification"):
        without_guards(desk, case_id)


# Two cases, two hands


def test_the_same_goods_come_back_under_one_case_only(desk: Desk, chief: Desk, placed: Placed) -> None:
    """Both desks stand before the approval; who presses second is refused in one line."""
    first = to_approval(desk, placed)
    second = to_approval(chief, placed)
    pending = chief.strip(second, "send", return_to=ADDRESS)
    desk.go(first, "send", return_to=ADDRESS)
    with pytest.raises(NotAllowed) as refused:
        chief.press_f8(pending)
    assert (refused.value.code, refused.value.params["case_no"]) == (
        "return.elsewhere",
        desk.case(first).case_no,
    )
    assert [row.case_id for row in desk.rows(GoodsReturn)] == [first]
    kept = chief.stand(second).walk.given
    assert kept["type"] == "return", "what was answered is kept"
    must_add_up(desk.store)


def test_a_second_case_sees_that_the_goods_are_on_their_way(desk: Desk, chief: Desk, placed: Placed) -> None:
    first = agreed(desk, placed)
    second = opened(chief, placed)
    chief.go(second, "other", difference="客户又提了一次")
    chief.go(second, "return")
    assert chief.step(second) == "elsewhere"
    chief.go(second, "merge")
    assert chief.case(second).outcome is CaseOutcome.MERGED or chief.case(second).state is CaseState.MERGED
    assert desk.case(first).open
    must_add_up(desk.store)


def test_other_items_of_the_order_may_come_back_beside_them(desk: Desk, buyer: int) -> None:
    goods = (Item(), Item(sku="FILTER-1", name="滤芯", price_fen=5000))
    placed = order(desk.store, buyer, items=goods)
    cases = []
    for line in ("1", "2"):
        case_id = opened(desk, placed)
        if desk.step(case_id) == "duplicate/same":
            desk.go(case_id, "other", difference="另一件商品")
        desk.go(case_id, "return", items=(line,))
        if desk.step(case_id) == "type":
            desk.go(case_id, "return")  # other goods: the check for the same matter reads otherwise now
        desk.go(case_id, "no_reason")
        desk.go(case_id, "letter")
        desk.go(case_id, "complete")
        desk.go(case_id, "send", return_to=ADDRESS)
        cases.append(case_id)
    assert [row.case_id for row in desk.rows(GoodsReturn)] == cases
    must_add_up(desk.store)


def test_goods_that_were_refunded_do_not_come_back(desk: Desk, placed: Placed) -> None:
    case_id = to_approval(desk, placed)
    settle(desk)
    pending = desk.strip(case_id, "send", return_to=ADDRESS)
    refund = desk.to_decision(desk.opened(placed))
    desk.go(refund, "approve")
    with pytest.raises(NotAllowed, match=r"return\.refunded"):
        desk.press_f8(pending)
    settle(desk)
    assert desk.rows(GoodsReturn) == []
    later = opened(desk, placed)
    if desk.step(later) == "duplicate/same":
        desk.go(later, "other", difference="另一件事")
    desk.go(later, "return")
    assert desk.step(later) == "refunded"
    desk.go(later, "reject")
    desk.go(later, "already_refunded")
    assert desk.case(later).reject_code is RejectCode.ALREADY_REFUNDED
    must_add_up(desk.store)


def test_money_that_went_out_meanwhile_is_never_paid_twice(desk: Desk, chief: Desk, placed: Placed) -> None:
    """The goods are here; a colleague refunds the order in another case before F8."""
    case_id = come_back(desk, placed)
    assert desk.step(case_id) == "assess/decide"
    pending = desk.strip(case_id, "approve")
    other = chief.to_decision(chief.opened(placed))
    chief.go(other, "approve")
    with pytest.raises((FactsMoved, NotAllowed)):
        desk.press_f8(pending)
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)
    assert len(desk.rows(Refund)) == 1
    must_add_up(desk.store, [desk.ports])


# The waybill


def test_a_number_of_another_carrier_is_asked_about_and_kept(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    desk.go(case_id, "sent", carrier="sf", waybill="yt2519033443762")
    assert desk.step(case_id) == "goods/check_number"
    assert desk.fact(case_id, "return.looks_like") == "yto"
    assert row_of(desk, case_id).waybill == "YT2519033443762", "what was typed is kept"
    assert desk.rows(StepAnswer, case_id=case_id)[-1].captures["waybill"] == "yt2519033443762"
    desk.go(case_id, "other_carrier")
    assert row_of(desk, case_id).carrier == "yto"
    assert desk.step(case_id) == "goods/travelling"
    assert len(desk.rows(Task, case_id=case_id)) == 1, "the warehouse is asked once"
    must_add_up(desk.store)


def test_a_number_that_looks_like_nobodys_is_never_refused(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    desk.go(case_id, "sent", carrier="jt", waybill="ABC-1")
    assert desk.step(case_id) == "goods/check_number"
    assert desk.option(case_id, "other_carrier").offer == "refused"
    desk.go(case_id, "again")
    desk.go(case_id, "sent", carrier="other", waybill="ABC-12")
    assert desk.step(case_id) == "goods/travelling"
    assert (row_of(desk, case_id).carrier, row_of(desk, case_id).waybill) == ("other", "ABC12")
    must_add_up(desk.store)


def test_undo_takes_a_waybill_back(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    undoing.undo(desk.ctx, case_id)
    sent_back = row_of(desk, case_id)
    assert (sent_back.waybill, sent_back.carrier, sent_back.sent_at) == (None, None, None)
    assert desk.rows(Task, case_id=case_id)[0].state is TaskState.CANCELLED
    assert desk.step(case_id) == "goods/send"
    assert desk.clock(case_id, "return_send").run is RunState.RUNNING
    must_add_up(desk.store)


def test_recalling_the_approval_leaves_no_return(desk: Desk, placed: Placed) -> None:
    case_id = to_approval(desk, placed)
    desk.recall(desk.go(case_id, "send", return_to=ADDRESS))
    assert desk.rows(GoodsReturn) == []
    assert desk.step(case_id) == "approve"
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING
    desk.go(case_id, "send", return_to=ADDRESS)
    assert len(desk.rows(GoodsReturn)) == 1
    must_add_up(desk.store)


def test_a_row_that_was_changed_by_hand_is_found(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, "used")
    with desk.store.write("somebody") as unit:
        row = unit.session.scalars(select(GoodsReturn).where(GoodsReturn.case_id == case_id)).one()
        row.inspection = Inspection.OK
        unit.commit()
    fault = verify(desk.store, load_book()).first_fault
    assert fault is not None and fault.code == "return.differs"


# The inspection


def test_another_item_in_the_parcel(desk: Desk, placed: Placed) -> None:
    """E43: the right goods are asked for, and the law's days begin when they come."""
    case_id = come_back(desk, placed, "wrong_item")
    assert desk.step(case_id) == "failed"
    assert desk.clock(case_id, "return_refund").run is RunState.RUNNING
    desk.go(case_id, "again")
    assert "不是原商品" in letters_of(desk, case_id)[-1]
    assert desk.clock(case_id, "return_refund").run is not RunState.RUNNING
    assert desk.step(case_id) == "goods/send"
    sent_back = row_of(desk, case_id)
    assert (sent_back.received_at, sent_back.inspection, sent_back.waybill) == (None, None, None)
    desk.later(days=3)
    desk.go(case_id, "sent", carrier="zto", waybill="78000002020202")
    task = next(row for row in desk.rows(Task, case_id=case_id) if row.state is TaskState.OPEN)
    tasks.answer_task(desk.ctx, task.id or 0, "这次对了，完好", "ok")
    assert desk.step(case_id) == "assess/decide"
    law = desk.clock(case_id, "return_refund")
    assert (law.run, law.start_at) == (RunState.RUNNING, desk.ctx.now())
    desk.go(case_id, "approve")
    must_add_up(desk.store)


def test_a_disputed_finding_stops_the_law_s_clock_and_nothing_else_does(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, "used")
    assert desk.clock(case_id, "return_refund").run is RunState.RUNNING
    desk.go(case_id, "recheck", dispute="客户说只试了一次")
    assert desk.step(case_id) == "goods/inspect"
    assert desk.clock(case_id, "return_refund").run is RunState.PAUSED
    task = next(row for row in desk.rows(Task, case_id=case_id) if row.state is TaskState.OPEN)
    assert task.what == "inspection"
    tasks.answer_task(desk.ctx, task.id or 0, "复检合格", "ok")
    assert desk.clock(case_id, "return_refund").run is RunState.RUNNING
    assert desk.step(case_id) == "assess/decide"
    must_add_up(desk.store)


def test_a_failed_inspection_of_a_small_sum_is_settled_by_the_agent(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, "used")
    assert desk.fact(case_id, "risk.flagged") is False
    desk.go(case_id, "part")
    desk.go(case_id, "approve_part", amount=8000, why="有使用痕迹，双方同意")
    settle(desk)
    assert refunded(desk.store, placed) == (8000, 0)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_PARTIAL
    must_add_up(desk.store, [desk.ports])


def test_above_200_a_supervisor_decides(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, items=(Item(price_fen=30000),))
    case_id = come_back(desk, placed, "damaged")
    assert desk.fact(case_id, "risk.flags") == ("inspection_dispute",)
    assert desk.option(case_id, "accept").offer == "refused"
    desk.go(case_id, "part")
    for option in ("approve", "approve_part"):
        assert desk.option(case_id, option).offer == "refused"
    desk.go(case_id, "approval", why="包装破损，建议全退")
    approvals.decide(chief.ctx, 1, "approve")
    desk.go(case_id, "refund")
    settle(desk)
    assert refunded(desk.store, placed) == (30000, 0)
    must_add_up(desk.store, [desk.ports])


def test_a_second_look_that_an_agent_notes_takes_no_decision_from_the_supervisor(
    desk: Desk, chief: Desk, buyer: int
) -> None:
    placed = order(desk.store, buyer, items=(Item(price_fen=30000),))
    case_id = come_back(desk, placed, "used")
    desk.go(case_id, "recheck", dispute="客户说没有用过")
    assert desk.step(case_id) == "goods/inspect"
    desk.go(case_id, "record", finding="ok", finding_words="看着没用过")
    assert desk.step(case_id) == "assess/decide"
    assert desk.fact(case_id, "risk.flags") == ("inspection_dispute",)
    assert desk.option(case_id, "approve").offer == "refused"
    desk.go(case_id, "approval", why="复检合格")
    approvals.decide(chief.ctx, 1, "approve")
    desk.go(case_id, "refund")
    settle(desk)
    assert refunded(desk.store, placed) == (30000, 0)
    must_add_up(desk.store, [desk.ports])


def test_used_goods_may_go_back_with_a_rejection(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, "used")
    desk.go(case_id, "back")
    desk.go(case_id, "reject")
    desk.go(case_id, "condition", detail="有明显使用痕迹")
    assert desk.case(case_id).reject_code is RejectCode.CONDITION
    back = [row for row in desk.rows(Task, case_id=case_id) if row.what == "return_back"]
    assert len(back) == 1
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REJECTED
    must_add_up(desk.store, [desk.ports])


# Exchange


def test_an_exchange_ends_with_the_waybill_in_the_warehouses_words(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, kind="exchange", reason="quality", media=True)
    assert row_of(desk, case_id).freight is FreightPayer.SHOP
    with pytest.raises(LookupError):
        desk.clock(case_id, "return_refund")  # no money is owed for an exchange
    assert desk.step(case_id) == "exchange/stock"
    desk.go(case_id, "send")
    task = desk.rows(Task, case_id=case_id)[-1]
    assert task.what == "return_exchange"
    tasks.answer_task(desk.ctx, task.id or 0, "新品已发，顺丰 SF0000180000999")
    assert desk.step(case_id) == "exchange/left"
    sent_back = row_of(desk, case_id)
    assert (sent_back.new_carrier, sent_back.new_waybill) == ("sf", "SF0000180000999")
    desk.go(case_id, "letter")
    assert "SF0000180000999" in letters_of(desk, case_id)[-1]
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.EXCHANGED
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store, [desk.ports])


def test_an_answer_without_a_number_leaves_it_to_the_agent(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, kind="exchange", reason="quality", media=True)
    desk.go(case_id, "send")
    tasks.answer_task(desk.ctx, desk.rows(Task, case_id=case_id)[-1].id or 0, "已发出，单号晚点给")
    assert desk.step(case_id) == "exchange/wait"
    desk.go(case_id, "sent", new_carrier="other", new_waybill="jdva46783539436")
    assert desk.step(case_id) == "exchange/left"
    assert row_of(desk, case_id).new_carrier == "jd", "its number tells who it is"
    must_add_up(desk.store)


def test_out_of_stock_becomes_a_refund_and_the_law_counts_from_the_receipt(
    desk: Desk, placed: Placed
) -> None:
    """E44 after the goods came back."""
    case_id = agreed(desk, placed, "exchange", reason="quality", media=True)
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(case_id, "received")
    came = desk.ctx.now()
    desk.go(case_id, "record", finding="ok")
    change_product(desk.store, stock=0)
    assert desk.option(case_id, "send").offer == "refused"
    desk.later(days=1)
    desk.go(case_id, "refund")
    desk.go(case_id, "return")
    assert desk.step(case_id) == "assess/decide"
    law = desk.clock(case_id, "return_refund")
    assert (law.run, law.start_at) == (RunState.RUNNING, came)
    desk.go(case_id, "approve")
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)
    must_add_up(desk.store, [desk.ports])


def test_out_of_stock_is_seen_before_anything_is_sent(desk: Desk, placed: Placed) -> None:
    change_product(desk.store, stock=0)
    case_id = to_approval(desk, placed, "exchange", "quality", media=True)
    assert desk.option(case_id, "send").offer == "refused"
    desk.go(case_id, "short")
    assert desk.option(case_id, "substitute").offer == "refused"
    desk.go(case_id, "refund")
    desk.go(case_id, "send", return_to=ADDRESS)
    assert row_of(desk, case_id).kind is ReturnKind.RETURN
    must_add_up(desk.store)


@pytest.mark.parametrize(
    ("price", "stock", "offer"), [(12800, 3, "offered"), (13400, 3, "offered"), (13500, 3, "refused"),
                                  (12700, 3, "refused"), (12800, 0, "refused")],
)  # fmt: skip
def test_a_substitute_within_the_agents_limit(
    desk: Desk, placed: Placed, price: int, stock: int, offer: str
) -> None:
    """The agent's 5 % of 128.00 is 6.40; goods worth less are no exchange."""
    with desk.store.write("shop") as unit:
        unit.session.add(Product(sku="KETTLE-2", name="电热水壶二代", price_fen=price, stock=stock))
        unit.commit()
    change_product(desk.store, stock=0, substitute_sku="KETTLE-2")
    case_id = to_approval(desk, placed, "exchange", "quality", media=True)
    desk.go(case_id, "short")
    assert desk.option(case_id, "substitute").offer == offer
    if offer == "offered":
        desk.go(case_id, "substitute")
        desk.go(case_id, "send", return_to=ADDRESS)
        assert row_of(desk, case_id).new_sku == "KETTLE-2"
    must_add_up(desk.store)


def test_no_money_for_goods_in_whose_place_new_ones_went_out(desk: Desk, placed: Placed) -> None:
    case_id = come_back(desk, placed, kind="exchange", reason="quality", media=True)
    desk.go(case_id, "send")
    desk.go(case_id, "sent", new_carrier="sf", new_waybill="SF0000180000999")
    from bdesk.operations.change import Act
    from bdesk.operations.effects.call import EffectCall
    from bdesk.operations.effects.returns import change, must_not_be_exchanged
    from bdesk.operations.walking import standing
    from bdesk.rules.walk.values import Risk
    from bdesk.rules.walk.views import Planned, PlannedEffect

    planned: Any = Planned
    with desk.store.write("1001") as unit:
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        effect = PlannedEffect(1, "return.change", Risk.RECORD, {"kind": "return"})
        call = EffectCall(Act(unit, unit.case(case_id)), desk.ctx, stand, planned, effect)
        with pytest.raises(NotAllowed, match=r"return\.exchanged"):
            must_not_be_exchanged(call)
        with pytest.raises(NotAllowed, match=r"return\.sent_out"):
            change(call)


# Repair


def test_a_repair_in_warranty_is_free(desk: Desk, placed: Placed) -> None:
    change_product(desk.store, warranty_days=365)
    case_id = agreed(desk, placed, "repair", "quality", media=True)
    assert row_of(desk, case_id).freight is FreightPayer.SHOP
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(case_id, "received")
    desk.go(case_id, "record", finding="damaged")
    assert desk.step(case_id) == "failed", "a broken thing is what a repair is for"
    desk.go(case_id, "accept", dispute="就是来修的")
    desk.go(case_id, "free")
    task = desk.rows(Task, case_id=case_id)[-1]
    assert task.what == "return_repair"
    desk.later(days=5)
    tasks.answer_task(desk.ctx, task.id or 0, "更换加热盘，已寄出 SF0000180000777")
    assert desk.step(case_id) == "repair/left"
    desk.go(case_id, "letter", report="更换加热盘")
    letter = letters_of(desk, case_id)[-1]
    assert "更换加热盘" in letter and "5天" in letter and "SF0000180000777" in letter
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REPAIRED
    must_add_up(desk.store, [desk.ports])


def test_a_paid_repair_waits_for_the_customers_yes(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed, "repair", "quality", media=True)
    assert row_of(desk, case_id).freight is FreightPayer.CUSTOMER, "no warranty at all"
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(case_id, "received")
    desk.go(case_id, "record", finding="ok")
    assert desk.option(case_id, "free").offer == "refused"
    desk.go(case_id, "quote", amount=4500, work="更换加热盘")
    assert "45.00" in letters_of(desk, case_id)[-1]
    assert row_of(desk, case_id).estimate_agreed is None
    assert [row.what for row in desk.rows(Task, case_id=case_id) if row.what == "return_repair"] == []
    desk.go(case_id, "agree")
    assert row_of(desk, case_id).estimate_agreed is True
    desk.go(case_id, "go")
    assert desk.rows(Task, case_id=case_id)[-1].what == "return_repair"
    desk.later(days=31)
    sweep(desk.ctx)
    assert desk.step(case_id) == "repair/long", "over 30 days an exchange is offered"
    desk.go(case_id, "other")
    desk.go(case_id, "exchange")
    assert desk.step(case_id) == "exchange/stock"
    must_add_up(desk.store)


def test_a_declined_estimate_sends_it_back_unrepaired(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed, "repair", "quality", media=True)
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(case_id, "received")
    desk.go(case_id, "record", finding="ok")
    desk.go(case_id, "quote", amount=4500, work="更换加热盘")
    desk.go(case_id, "refuse")
    assert row_of(desk, case_id).estimate_agreed is False
    desk.go(case_id, "letter")
    assert desk.rows(Task, case_id=case_id)[-1].what == "return_back"
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED
    must_add_up(desk.store, [desk.ports])


# The customer's wish changes


def test_the_reason_changes_in_mid_walk(desk: Desk, placed: Placed) -> None:
    case_id = opened(desk, placed)
    desk.go(case_id, "return")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "letter")
    desk.go(case_id, "defect")
    desk.go(case_id, "quality", fault="壶底漏水")
    assert desk.case(case_id).reason is RefundReason.QUALITY
    # The number was told; nobody is told it twice.
    assert desk.step(case_id) == "evidence"
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N16"]
    kept = [row.body for row in desk.rows(CaseText, case_id=case_id, kind="description")]
    assert kept[-1] == "壶底漏水"
    desk.picture(case_id)
    desk.go(case_id, "complete")
    desk.go(case_id, "send", return_to=ADDRESS)
    assert row_of(desk, case_id).freight is FreightPayer.SHOP
    must_add_up(desk.store)


def test_the_type_changes_while_the_goods_travel(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(case_id, "change")
    desk.go(case_id, "exchange")
    assert desk.step(case_id) == "goods/travelling", "what was sent is not sent again"
    assert row_of(desk, case_id).kind is ReturnKind.EXCHANGE
    desk.go(case_id, "received")
    desk.go(case_id, "record", finding="ok")
    assert desk.step(case_id) == "exchange/stock"
    must_add_up(desk.store)


def test_a_withdrawal_after_the_goods_came_sends_them_back(desk: Desk, placed: Placed) -> None:
    case_id = agreed(desk, placed)
    desk.go(case_id, "received")
    desk.go(case_id, "withdrawn")
    desk.go(case_id, "confirm")
    assert desk.rows(Task, case_id=case_id)[-1].what == "return_back"
    assert desk.clock(case_id, "return_refund").run is not RunState.RUNNING
    settle(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.WITHDRAWN
    again = opened(desk, placed)
    assert desk.step(again) == "type", "nothing of it stands in the way of another application"
    must_add_up(desk.store, [desk.ports])


# From a refund


def test_a_refund_that_becomes_a_return_asks_nothing_twice(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, reason=RefundReason.NO_REASON, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "return")
    desk.go(case_id, "go")
    case = desk.case(case_id)
    assert (case.kind, case.subtype, case.after_sale_no) == (
        CaseKind.AFTER_SALE,
        "return",
        "SH20261118000001",
    )
    assert desk.step(case_id) == "number"
    first = desk.clock(case_id, "after_sale_response")
    assert first.start_at == desk.ctx.now() - timedelta(hours=3), "from the receipt, as everything is"
    desk.go(case_id, "letter")
    assert desk.step(case_id) == "approve"
    desk.go(case_id, "send", return_to=ADDRESS)
    assert row_of(desk, case_id).kind is ReturnKind.RETURN
    must_add_up(desk.store)


def test_goods_sent_back_before_anybody_asked_are_asked_about_once(desk: Desk, placed: Placed) -> None:
    """No form was read back here: what it would have said is no question of whoever is at the desk."""
    case_id = desk.opened(placed, reason=None, media=False)
    desk.go(case_id, "whole")
    desk.go(case_id, "other")
    desk.go(case_id, "returned")
    desk.go(case_id, "go")
    assert desk.case(case_id).subtype == "return"
    assert desk.step(case_id) == "reason"
    assert desk.option(case_id, "no_reason").primary, "what was said of it before stands ready"


def test_a_refund_that_becomes_an_exchange_keeps_its_evidence(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "exchange")
    desk.go(case_id, "letter")
    assert desk.step(case_id) == "approve"
    desk.go(case_id, "send", return_to=ADDRESS)
    sent_back = row_of(desk, case_id)
    assert (sent_back.kind, sent_back.freight) == (ReturnKind.EXCHANGE, FreightPayer.SHOP)
    must_add_up(desk.store)


def test_taking_the_conversion_back_brings_the_refund_back(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "exchange")
    undoing.undo(desk.ctx, case_id)
    case = desk.case(case_id)
    assert (case.kind, case.subtype, case.after_sale_no) == (CaseKind.REFUND, None, None)
    assert desk.step(case_id) == "assess/decide"
    must_add_up(desk.store)


def test_a_rejected_return_may_be_applied_for_again_with_new_evidence(
    desk: Desk, chief: Desk, custom: Placed
) -> None:
    change_item(desk.store, custom, exclusion_confirmed_at=desk.ctx.now() - timedelta(days=5))
    case_id = opened(desk, custom)
    desk.go(case_id, "return")
    desk.go(case_id, "no_reason")
    desk.go(case_id, "letter")
    desk.go(case_id, "excluded")
    desk.go(case_id, "excluded_class")
    settle(desk)
    desk.go(case_id, "reapply", new_proof="印错了字")
    assert desk.case(case_id).cycle == 2
    assert desk.clock(case_id, "resolution", cycle=2).run is RunState.RUNNING
    desk.later(minutes=1)
    desk.picture(case_id)
    assert desk.step(case_id) == "again"
    must_add_up(desk.store)
