"""Substitutes of several lines in one case, and a price difference that the channel refuses (P2, SD7b)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.errors import CaseMoved, FactsMoved, NotAllowed
from bdesk.models.kinds import CaseOutcome, RefundReason, RefundState
from bdesk.models.tables import OutboxRow, Payment, Product, Refund, RefundItem, Substitution
from bdesk.operations import approvals
from bdesk.operations.ports import Answer
from tests.builders import Item, Placed
from tests.operations.desk import Desk, must_add_up, refunded
from tests.operations.late import OTHER, offered, stock_of, unshipped

POT = Item(sku="POT-1", name="砂锅", price_fen=10000)
LID = Item(sku="LID-1", name="锅盖", price_fen=10000)


def two_late(desk: Desk, buyer: int, *, other_fen: int = 9600, other_stock: int = 5) -> Placed:
    """Two late lines, each of which the shop would replace by the same goods; 180.00 were paid for both."""
    placed = unshipped(desk.store, buyer, items=(POT, LID), coupon_fen=2000, other_fen=other_fen,
                       other_stock=other_stock)  # fmt: skip
    with desk.store.write("shop") as unit:
        second = unit.session.scalars(select(Product).where(Product.sku == LID.sku)).one()
        second.stock, second.substitute_sku = 0, OTHER
        unit.commit()
    return placed


def replaced(desk: Desk, case_id: int, option: str = "book_back") -> None:
    desk.go(case_id, "substitute")
    desk.go(case_id, option, agreed=True)


def refuse(desk: Desk, placed: Placed) -> None:
    number = desk.row(Payment, placed.payments[0]).payment_no
    desk.payment.script = {number: Answer.FAILED}


def settled(desk: Desk) -> None:
    desk.later(seconds=11)
    desk.release()


def items_paid(desk: Desk) -> list[tuple[int, int, int]]:
    return [(row.item_id, row.quantity, row.amount_fen) for row in desk.rows(RefundItem)]


@pytest.mark.parametrize(("other_fen", "option", "back"), [(9600, "book_back", 360), (10000, "book", 0)])
def test_a_second_line_is_replaced_in_the_same_case(
    desk: Desk, chief: Desk, buyer: int, other_fen: int, option: str, back: int
) -> None:
    # A second refund on an order is flagged, and a supervisor's.
    desk = chief if back else desk
    placed = two_late(desk, buyer, other_fen=other_fen)
    case_id = offered(desk, placed)
    replaced(desk, case_id, option)
    assert desk.step(case_id) == "offer", "the cause still explains the other line"
    assert desk.fact(case_id, "substitute.instead_of") == "锅盖 x1"
    replaced(desk, case_id, option)
    assert [row.item_id for row in desk.rows(Substitution)] == list(placed.items)
    assert items_paid(desk) == [(item, 0, back) for item in placed.items if back]
    assert stock_of(desk) == 3
    assert refunded(desk.store, placed) == (0, 2 * back)
    assert desk.step(case_id) == "close_substituted/close"
    settled(desk)
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.SUBSTITUTED
    must_add_up(desk.store, [desk.ports])


def test_the_same_line_is_not_replaced_twice(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.later(minutes=1)
    desk.go(case_id, "substitute")
    first, second = desk.strip(case_id, "book", agreed=True), desk.strip(case_id, "book", agreed=True)
    desk.press_f8(first)
    with pytest.raises((CaseMoved, FactsMoved, NotAllowed)):
        desk.press_f8(second)
    desk.later(days=3)
    assert desk.step(case_id) == "cause", "late in its turn: what now explains it is asked"
    desk.go(
        case_id,
        "record",
        cause="out_of_stock",
        source="warehouse",
        eta=desk.ctx.now().date() + timedelta(days=3),
    )
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "substitute")
    assert len(desk.rows(Substitution)) == 1
    must_add_up(desk.store)


def test_what_came_to_nothing_may_be_replaced_again(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer)
    case_id = offered(desk, placed)
    desk.go(case_id, "substitute")
    desk.recall(desk.go(case_id, "book", agreed=True))
    desk.go(case_id, "book", agreed=True)
    states = [row.state for row in desk.rows(Substitution)]
    assert states == [RefundState.RECALLED, RefundState.HELD]
    assert [row.attempt for row in desk.rows(OutboxRow, effect="substitute.book")] == [1, 2]
    must_add_up(desk.store)


@pytest.mark.parametrize("closed", [False, True])
def test_a_refused_difference_is_paid_once_more_for_its_line(desk: Desk, buyer: int, closed: bool) -> None:
    """Also after the case was closed: the refusal brings it back."""
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    refuse(desk, placed)
    replaced(desk, case_id)
    if closed:
        desk.go(case_id, "wait")
        desk.go(case_id, "letter")
        desk.go(case_id, "close")
    settled(desk)
    assert refunded(desk.store, placed) == (0, 0)
    assert desk.case(case_id).open
    assert desk.step(case_id) == "other_target/ask"
    # The path is open after all: the channel's no was for the moment.
    with desk.store.write("shop") as unit:
        unit.session.get_one(Payment, placed.payments[0]).path_closed = False
        unit.commit()
    desk.payment.script = {}
    assert desk.fact(case_id, "refund.proposed_fen") == 360
    desk.go(case_id, "retry")
    with pytest.raises(LookupError):
        desk.go(case_id, "retry")
    settled(desk)
    assert refunded(desk.store, placed) == (360, 0)
    assert items_paid(desk)[-1] == (placed.items[0], 0, 360), "that line, not the order"
    assert [row.reason for row in desk.rows(Refund)] == [RefundReason.PRICE_DIFFERENCE] * 2
    must_add_up(desk.store, [desk.ports])


def test_by_another_way_a_second_person_looks_at_it(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    refuse(desk, placed)
    replaced(desk, case_id)
    settled(desk)
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "retry")
    desk.go(case_id, "form")
    desk.go(case_id, "registered", target_shown="工商银行 尾号 0123")
    desk.go(case_id, "ask", target_why="卡已注销")
    approvals.decide(chief.ctx, 1, "approve", "同意")
    desk.payment.script = {}
    desk.go(case_id, "refund")
    settled(desk)
    assert refunded(desk.store, placed) == (360, 0)
    assert items_paid(desk)[-1] == (placed.items[0], 0, 360)
    assert desk.step(case_id) == "offer", "the other line is still late"
    must_add_up(desk.store, [desk.ports])
