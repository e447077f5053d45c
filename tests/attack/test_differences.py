"""Differences in price, and money for goods, of one case: none is lost, none stands in the other's way, and
none takes goods off the order."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bdesk.errors import FactsMoved
from bdesk.models.kinds import RefundReason, RefundState
from bdesk.models.tables import Payment, Refund
from bdesk.operations import approvals, reopening
from bdesk.operations.change import Act
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.refunds import refund
from bdesk.operations.effects.substitutions import substitute
from bdesk.operations.ports import Answer
from bdesk.operations.standing import standing
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect
from tests.operations.desk import Desk, must_add_up, refunded, status_of
from tests.operations.late import CAUSE, offered
from tests.operations.test_cancelling import items_of
from tests.operations.test_replacing import items_paid, refuse, replaced, settled, two_late


def reopened_path(desk: Desk, payment: int) -> None:
    """The channel's no was for the moment."""
    desk.payment.script = {}
    with desk.store.write("shop") as unit:
        unit.session.get_one(Payment, payment).path_closed = False
        unit.commit()


def new_target(desk: Desk, chief: Desk, case_id: int) -> None:
    """To another target, with a second person, three days later."""
    desk.go(case_id, "form")
    desk.go(case_id, "registered", target_shown="工商银行 尾号 0123")
    desk.later(days=3)
    desk.go(case_id, "ask", target_why="卡已注销")
    approvals.decide(chief.ctx, 1, "approve", "同意")
    desk.payment.script = {}
    desk.go(case_id, "refund")
    settled(desk)


def test_a_refused_difference_is_not_lost_behind_a_later_one(chief: Desk, buyer: int) -> None:
    """The first is refused after the second was committed; then the second too, and each is paid again."""
    desk, placed = chief, two_late(chief, buyer)
    case_id = offered(desk, placed)
    replaced(desk, case_id)
    desk.later(seconds=5)
    replaced(desk, case_id)
    refuse(desk, placed)
    desk.later(seconds=6)
    desk.release()
    reopened_path(desk, placed.payments[0])
    assert (desk.step(case_id), desk.fact(case_id, "refund.proposed_fen")) == ("other_target/ask", 360)
    desk.go(case_id, "retry")
    refuse(desk, placed)
    desk.later(seconds=6)
    desk.release()
    reopened_path(desk, placed.payments[0])
    desk.later(seconds=6)
    desk.release()
    states = [row.state for row in desk.rows(Refund)]
    assert states == [RefundState.FAILED, RefundState.FAILED, RefundState.ACCEPTED]
    assert (desk.step(case_id), desk.fact(case_id, "refund.proposed_fen")) == ("other_target/ask", 360)
    desk.go(case_id, "retry")
    settled(desk)
    assert refunded(desk.store, placed) == (720, 0)
    assert [line for line, _, _ in items_paid(desk)] == [placed.items[place] for place in (0, 1, 0, 1)]
    assert desk.step(case_id) == "close_substituted/close"
    must_add_up(desk.store, [desk.ports])


def test_both_refused_are_paid_again_together(chief: Desk, buyer: int) -> None:
    desk, placed = chief, two_late(chief, buyer)
    case_id = offered(desk, placed)
    refuse(desk, placed)
    replaced(desk, case_id)
    desk.later(seconds=2)
    replaced(desk, case_id)
    settled(desk)
    reopened_path(desk, placed.payments[0])
    assert desk.fact(case_id, "refund.proposed_fen") == 720
    desk.go(case_id, "retry")
    settled(desk)
    assert refunded(desk.store, placed) == (720, 0)
    assert items_paid(desk)[-2:] == [(item, 0, 360) for item in placed.items]
    must_add_up(desk.store, [desk.ports])


def test_a_difference_that_was_paid_keeps_no_refund_of_the_rest(desk: Desk, buyer: int) -> None:
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    replaced(desk, case_id)
    settled(desk)
    desk.go(case_id, "cancel")
    desk.go(case_id, "approve")
    settled(desk)
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((9360, 0), [0, 1])
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("days", [0, 3])
def test_a_refused_difference_is_neither_all_there_is_nor_paid_beside_the_goods(
    desk: Desk, buyer: int, days: int
) -> None:
    """Cancelled while the substitute is on its way: the other line and the difference. Cancelled once that is
    late too: both lines, and no difference any more."""
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    refuse(desk, placed)
    replaced(desk, case_id)
    settled(desk)
    reopened_path(desk, placed.payments[0])
    desk.go(case_id, "withdrawn")
    desk.later(days=days)
    if desk.step(case_id) == "cause":
        desk.go(case_id, "record", **{**CAUSE, "eta": desk.ctx.now().date() + timedelta(days=3)})
    desk.go(case_id, "cancel")
    assert desk.fact(case_id, "refund.proposed_fen") == (18000 if days else 9000)
    desk.go(case_id, "approve")
    settled(desk)
    if days == 0:
        assert (desk.step(case_id), desk.fact(case_id, "refund.proposed_fen")) == ("other_target/ask", 360)
        desk.go(case_id, "retry")
        settled(desk)
    assert refunded(desk.store, placed) == (18000 if days else 9360, 0)
    assert items_of(desk, placed) == [0, 1] if days == 0 else status_of(desk.store, placed) == "cancelled"
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_with_a_difference_paid_another_way_nothing_is_cancelled(desk: Desk, chief: Desk, buyer: int) -> None:
    """Somebody who cancelled, and then took the substitute after all."""
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    for option in ("cancel", "withdrawn", "wait"):
        desk.go(case_id, option)
    assert desk.case(case_id).reason is RefundReason.UNSHIPPED_CANCEL
    refuse(desk, placed)
    replaced(desk, case_id)
    settled(desk)
    new_target(desk, chief, case_id)
    assert (refunded(desk.store, placed), items_of(desk, placed)) == ((360, 0), [0, 0])
    assert status_of(desk.store, placed) == "partly_refunded"
    must_add_up(desk.store, [desk.ports])


def test_refused_after_the_case_came_back_it_is_owed_still(desk: Desk, buyer: int) -> None:
    """The channel thinks about it, the case is closed, the customer comes back, and then it is a no."""
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    number = desk.row(Payment, placed.payments[0]).payment_no
    desk.payment.script = {number: Answer.PROCESSING}
    replaced(desk, case_id)
    for option in ("wait", "letter", "close"):
        if option == "close":
            settled(desk)
        desk.go(case_id, option)
    reopening.reopen(desk.ctx, case_id, "客户再次来电")
    refuse(desk, placed)
    desk.later(minutes=3)
    desk.release()
    assert [row.state for row in desk.rows(Refund)] == [RefundState.FAILED]
    assert (desk.fact(case_id, "refund.state"), desk.fact(case_id, "refund.proposed_fen")) == ("failed", 360)
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize(("fen", "paid"), [(360, True), (361, False)])
def test_a_difference_is_what_the_goods_differ_whatever_a_procedure_says(
    desk: Desk, buyer: int, fen: int, paid: bool
) -> None:
    placed = two_late(desk, buyer, other_stock=1)
    case_id = offered(desk, placed)
    desk.go(case_id, "substitute")
    planned: Any = SimpleNamespace(step="substitute", round=1, option="book_back", secrets={})
    more: dict[str, object] = {"amount_fen": fen, "reason": "price_difference", "extent": "part"}
    with desk.store.write("1001") as unit:
        stand, act = standing(unit.session, desk.ctx, case_id, unit.now), Act(unit, unit.case(case_id))
        name = stand.facts["substitute.name"]
        swap = PlannedEffect(1, "substitute.book", Risk.MONEY, {"name": name, "agreed": True})
        substitute(EffectCall(act, desk.ctx, stand, planned, swap))
        pay = EffectCall(act, desk.ctx, stand, planned, PlannedEffect(2, "refund", Risk.MONEY, more))
        if paid:
            refund(pay)
            return
        with pytest.raises(FactsMoved):
            refund(pay)
