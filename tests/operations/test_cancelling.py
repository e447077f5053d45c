"""What was not shipped is cancelled (P2 SD7, RF7a): from the delay walk to the money without a question
twice, only the late part of a split order, and never paid twice."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.errors import FactsMoved, NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, OrderStatus, ParcelState, RefundReason, RefundState
from bdesk.models.tables import CaseItem, OrderItem, Parcel, Payment, Refund, RefundItem, Substitution
from bdesk.operations import approvals
from bdesk.operations.ports import Answer
from tests.builders import Item, Placed
from tests.operations.desk import Desk, letters_of, must_add_up, refunded, status_of
from tests.operations.late import asked, offered, unshipped

COAT = Item(sku="COAT-1", name="冲锋衣", price_fen=29900)
BOOTS = Item(sku="BOOTS-1", name="徒步鞋", price_fen=40000)
PACK = Item(sku="PACK-1", name="登山包", price_fen=20000)


def sent(store: Store, placed: Placed, *places: int) -> None:
    """The shop handed these lines (from 0) to the courier, and the customer has them."""
    with store.write("shop") as unit:
        parcel = Parcel(
            order_id=placed.id, waybill=f"SF00001800007{len(places)}{places[0]}", carrier="顺丰",
            state=ParcelState.SIGNED, shipped_at=unit.now, signed_at=unit.now, last_scan_at=unit.now,
        )  # fmt: skip
        unit.session.add(parcel)
        unit.session.flush()
        for place in places:
            unit.session.get_one(OrderItem, placed.items[place]).parcel_id = parcel.id
        unit.commit()


def split(store: Store, buyer: int, **more: object) -> Placed:
    """S5: 899.00 less a coupon of 100.00; the coat is late, the rest has arrived."""
    about = {"coupon_fen": 10000, "status": OrderStatus.PART_SHIPPED, "other_fen": 29900, **more}
    placed = unshipped(store, buyer, items=(COAT, BOOTS, PACK), **about)  # type: ignore[arg-type]
    sent(store, placed, 1, 2)
    return placed


def cancelled(desk: Desk, case_id: int) -> int:
    """From the remedies to the decision on the money, past what another case on the order asks."""
    desk.go(case_id, "cancel")
    while desk.step(case_id) == "duplicate/same":
        desk.go(case_id, "other", difference="另一件事")
    return case_id


def items_of(desk: Desk, placed: Placed) -> list[int]:
    return [desk.row(OrderItem, number).cancelled for number in placed.items]


def test_the_late_part_is_cancelled_and_paid_back_in_proportion(desk: Desk, buyer: int) -> None:
    """299.00 x 799 / 899 = 265.74, in two answers from the remedies: cancel, and refund."""
    placed = split(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    case = desk.case(case_id)
    assert (case.kind, case.reason) == (CaseKind.REFUND, RefundReason.UNSHIPPED_CANCEL)
    assert desk.step(case_id) == "assess/decide"
    assert desk.fact(case_id, "refund.proposed_fen") == 26574
    pending = desk.strip(case_id, "approve")
    assert pending.amount_fen == 26574
    assert any("冲锋衣" in str(phrase.params) for phrase in pending.phrases), (
        "the strip names what is cancelled"
    )
    desk.press_f8(pending)
    assert refunded(desk.store, placed) == (0, 26574)
    assert items_of(desk, placed) == [1, 0, 0]
    desk.later(seconds=11)
    desk.release()
    assert (refunded(desk.store, placed), status_of(desk.store, placed)) == ((26574, 0), "partly_refunded")
    assert "265.74" in letters_of(desk, case_id)[-1]
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    must_add_up(desk.store, [desk.ports])


def test_before_it_is_late_only_what_was_not_shipped_is_cancelled(desk: Desk, buyer: int) -> None:
    placed = split(desk.store, buyer, due=timedelta(hours=30))
    case_id = asked(desk, placed)
    assert desk.step(case_id) == "not_due"
    desk.go(case_id, "cancel")
    assert desk.step(case_id) == "assess/decide"
    assert [row.item_id for row in desk.rows(CaseItem, case_id=case_id)] == [placed.items[0]]
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 26574)
    must_add_up(desk.store)


def test_above_the_limit_somebody_else_approves_the_part(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, items=(Item(sku="TV-1", name="电视", price_fen=399900), BOOTS),
                       status=OrderStatus.PART_SHIPPED)  # fmt: skip
    sent(desk.store, placed, 1)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approve")
    desk.go(case_id, "approval", why="客户不等了")
    assert items_of(desk, placed) == [0, 0]
    approvals.decide(chief.ctx, 1, "approve", "同意")
    desk.go(case_id, "refund")
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((0, 399900), [1, 0])
    must_add_up(desk.store)


def test_a_whole_order_is_cancelled_as_smoothly(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    assert desk.step(case_id) == "assess/decide"
    desk.go(case_id, "approve")
    assert (refunded(desk.store, placed), status_of(desk.store, placed)) == ((0, 12800), "cancelled")
    must_add_up(desk.store)


def test_a_part_of_an_unshipped_order_leaves_the_rest_on_it(desk: Desk, buyer: int) -> None:
    """Asked for as a refund of one line: the other is still to be shipped."""
    placed = unshipped(desk.store, buyer, items=(COAT, BOOTS), other_fen=None)
    case_id = desk.opened(placed, media=False, reason=RefundReason.UNSHIPPED_CANCEL)
    desk.go(case_id, "part", items=("1",))
    assert desk.step(case_id) == "unshipped"
    desk.go(case_id, "cancel")
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 29900)
    assert (items_of(desk, placed), status_of(desk.store, placed)) == ([1, 0], "refunding")
    desk.later(seconds=11)
    desk.release()
    assert status_of(desk.store, placed) == "partly_refunded"
    other = asked(desk, placed)
    while desk.step(other) == "duplicate/same":
        desk.go(other, "other", difference="另一件")
    assert desk.fact(other, "delay.items_text") == "徒步鞋 x1"
    must_add_up(desk.store, [desk.ports])


def test_the_last_of_it_cancels_the_order(chief: Desk, buyer: int) -> None:
    """A second refund on an order is flagged: a supervisor decides it."""
    desk, placed = chief, unshipped(chief.store, buyer, items=(COAT, BOOTS), other_fen=None)
    for line in ("1", "2"):
        case_id = desk.opened(placed, media=False, reason=RefundReason.UNSHIPPED_CANCEL)
        while desk.step(case_id) == "duplicate/same":
            desk.go(case_id, "other", difference="另一件")
        while desk.step(case_id) == "scope":  # the other case is about other goods: no duplicate any more
            desk.go(case_id, "part", items=(line,))
        desk.go(case_id, "cancel")
        desk.go(case_id, "approve")
    assert (refunded(desk.store, placed), status_of(desk.store, placed)) == ((0, 69900), "cancelled")
    must_add_up(desk.store)


def test_taken_back_it_is_on_the_order_again(desk: Desk, buyer: int) -> None:
    placed = split(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    desk.recall(desk.go(case_id, "approve"))
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((0, 0), [0, 0, 0])
    assert status_of(desk.store, placed) == "partly_shipped"
    desk.go(case_id, "approve")
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((0, 26574), [1, 0, 0])
    must_add_up(desk.store)


def test_shipped_between_choosing_and_f8_it_is_not_paid(desk: Desk, buyer: int) -> None:
    placed = split(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    pending = desk.strip(case_id, "approve")
    sent(desk.store, placed, 0)
    with pytest.raises((FactsMoved, NotAllowed)):
        desk.press_f8(pending)
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((0, 0), [0, 0, 0])
    assert desk.step(case_id) != "assess/decide"
    must_add_up(desk.store)


def test_another_case_about_it_pays_nothing(desk: Desk, chief: Desk, buyer: int) -> None:
    """Two desks with their strips drawn; and a third case that comes later."""
    placed = split(desk.store, buyer)
    mine, theirs = offered(desk, placed), offered(chief, placed)
    cancelled(desk, mine)
    cancelled(chief, theirs)
    first, second = desk.strip(mine, "approve"), chief.strip(theirs, "approve")
    desk.press_f8(first)
    with pytest.raises((FactsMoved, NotAllowed)):
        chief.press_f8(second)
    assert refunded(desk.store, placed) == (0, 26574)
    assert chief.step(theirs) == "nothing_left"
    third = asked(chief, placed)
    while chief.step(third) == "duplicate/same":
        chief.go(third, "other", difference="另一件事")
    assert chief.step(third) == "ended", "退款中: told, and nothing more"
    assert [row.amount_fen for row in desk.rows(Refund)] == [26574]
    must_add_up(desk.store)


def test_what_is_being_replaced_is_not_paid_back_too(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = split(desk.store, buyer)
    mine, theirs = offered(desk, placed), offered(chief, placed)
    pending = chief.strip(cancelled(chief, theirs), "approve")
    desk.go(mine, "substitute")
    desk.go(mine, "book", agreed=True)
    with pytest.raises((FactsMoved, NotAllowed)):
        chief.press_f8(pending)
    assert refunded(desk.store, placed) == (0, 0)
    # Once the substitute is late too, it may be cancelled.
    desk.later(seconds=11)
    desk.release()
    desk.later(days=3)
    assert chief.fact(theirs, "order.cancellable") is True
    must_add_up(desk.store)


def test_what_was_cancelled_is_not_replaced_any_more(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = split(desk.store, buyer)
    mine, theirs = offered(desk, placed), offered(chief, placed)
    chief.go(theirs, "substitute")
    pending = chief.strip(theirs, "book", agreed=True)
    desk.go(cancelled(desk, mine), "approve")
    with pytest.raises((FactsMoved, NotAllowed)):
        chief.press_f8(pending)
    assert not desk.rows(Substitution)
    must_add_up(desk.store)


def test_refused_by_the_channel_it_stays_cancelled_and_is_paid_once(
    desk: Desk, chief: Desk, buyer: int
) -> None:
    placed = split(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    number = desk.row(Payment, placed.payments[0]).payment_no
    desk.payment.script = {number: Answer.FAILED}
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((0, 0), [1, 0, 0])
    assert desk.step(case_id) == "other_target/ask"
    desk.go(case_id, "form")
    desk.go(case_id, "registered", target_shown="工商银行 尾号 0123")
    desk.go(case_id, "ask", target_why="卡已注销")
    approvals.decide(chief.ctx, 1, "approve", "同意")
    desk.payment.script = {}
    desk.go(case_id, "refund")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (26574, 0)
    states = [(row.state, row.amount_fen) for row in desk.rows(Refund)]
    assert states == [(RefundState.FAILED, 26574), (RefundState.ACCEPTED, 26574)]
    must_add_up(desk.store, [desk.ports])


def test_who_changes_their_mind_goes_back_to_the_shipping(desk: Desk, buyer: int) -> None:
    placed = split(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "cancel")
    desk.go(case_id, "withdrawn")
    desk.go(case_id, "wait")
    assert desk.case(case_id).kind is CaseKind.SHIPMENT_DELAY
    assert desk.step(case_id) == "offer"
    assert items_of(desk, placed) == [0, 0, 0]
    assert not desk.rows(RefundItem)
    must_add_up(desk.store)
