"""What the channel says: ok, processing, unknown, failed; each refund number is asked to pay once."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseState, PaymentMethod
from bdesk.models.tables import Case, Payment, RefundItem
from bdesk.operations import queue
from bdesk.operations.effects.recall import recall
from bdesk.operations.ports import Answer, simulated
from bdesk.rules.cases import can_close
from tests.builders import Placed, clock_of, order, person
from tests.operations.desk import Desk, must_add_up, refunded, status_of

WHOLE = 12800


# Retry after unknown, processing and failure


def scripted(store: Store, placed: Placed, *answers: Answer) -> tuple[Desk, Placed]:
    with store.read() as session:
        number = session.get_one(Payment, placed.payments[0]).payment_no
    ports = simulated(script={number: answers})
    return Desk(store, person(store, "1009"), ports), placed


def test_an_unknown_result_is_asked_about_and_never_tried_anew(store: Store, placed: Placed) -> None:
    desk, _ = scripted(store, placed, Answer.UNKNOWN, Answer.UNKNOWN, Answer.OK)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert desk.fact(case_id, "refund.state") == "unknown"
    assert refunded(store, placed) == (0, WHOLE)
    assert "close.effect_unknown" in can_close(desk.stand(case_id).snapshot)
    with pytest.raises(NotAllowed, match=r"option\.refused.*refund\.state"):
        desk.go(case_id, "close")
    with pytest.raises(NotAllowed, match=r"recall\.too_late"):
        recall(desk.ctx, desk.events(case_id, "effect.committed")[0].id)
    # Another case sees the money as held.
    second = desk.opened(placed)
    desk.go(second, "other", difference="另一件事")
    desk.go(second, "whole")
    assert desk.fact(second, "order.refundable_fen") == 0
    assert desk.release() == []  # not yet time to ask
    desk.later(minutes=3)
    assert desk.release() == ["unknown"]
    desk.later(minutes=3)
    assert desk.release() == ["ok"]
    assert refunded(store, placed) == (WHOLE, 0)
    assert len(desk.payment.asked) == 1
    assert len(desk.events(case_id, "effect.unknown")) == 1
    assert desk.fact(case_id, "refund.state") == "accepted"
    desk.go(case_id, "close")
    must_add_up(store, [desk.ports])


def test_processing_settles_by_itself_and_lets_the_case_close(store: Store, placed: Placed) -> None:
    desk, _ = scripted(store, placed, Answer.PROCESSING, Answer.PROCESSING, Answer.OK)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert desk.fact(case_id, "refund.state") == "released"
    desk.go(case_id, "close")
    for _ in range(2):
        desk.later(minutes=3)
        desk.release()
    assert refunded(store, placed) == (WHOLE, 0)
    assert status_of(store, placed) == "refunded"
    assert not desk.case(case_id).open
    assert len(desk.events(case_id, "effect.processing")) == 1
    must_add_up(store, [desk.ports])


def test_a_definite_failure_frees_the_money_and_wakes_the_case(store: Store, placed: Placed) -> None:
    desk, _ = scripted(store, placed, Answer.FAILED)
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.go(case_id, "close")
    desk.later(seconds=11)
    desk.release()
    case = desk.case(case_id)
    assert (case.open, case.state) == (True, CaseState.REOPENED)
    assert refunded(store, placed) == (0, 0)
    assert status_of(store, placed) == "signed"
    assert desk.fact(case_id, "refund.state") == "failed"
    assert desk.fact(case_id, "payments.original_open") is False
    # The way on is another target with a second person, not another try.
    assert desk.step(case_id) == "other_target/ask"
    assert desk.clock(case_id, "next_response").run == "running"
    must_add_up(store, [desk.ports])


def test_half_a_refund_that_failed_leaves_the_other_half(store: Store, buyer: int) -> None:
    payments = (
        {"amount_fen": 10000, "payment_no": "PAY-GOOD", "paid_at": clock_of(store).at - timedelta(days=5)},
        {
            "amount_fen": 2800,
            "payment_no": "PAY-BAD",
            "method": PaymentMethod.WECHAT,
            "paid_at": clock_of(store).at - timedelta(days=4),
        },
    )
    placed = order(store, buyer, payments=payments)
    desk = Desk(store, person(store, "1009"), simulated(script={"PAY-BAD": Answer.FAILED}))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert refunded(store, placed) == (10000, 0)
    assert status_of(store, placed) == "partly_refunded"
    assert desk.fact(case_id, "refund.state") == "failed"
    assert desk.fact(case_id, "refund.proposed_fen") == 2800
    assert [row.quantity for row in desk.rows(RefundItem)] == [0, 0]
    assert desk.step(case_id) == "other_target/ask"
    must_add_up(store, [desk.ports])


def test_the_database_itself_refuses_more_than_was_paid(desk: Desk, placed: Placed) -> None:
    with pytest.raises(Exception, match=r"CHECK|never_above_paid"), desk.store.write("test") as unit:
        unit.session.get_one(Payment, placed.payments[0]).held_fen = WHOLE + 1
        unit.commit()


def test_one_case_row_is_not_two_owners(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    version = desk.row(Case, case_id).version
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        queue.claim(chief.ctx, case_id, version)
