"""Letters and their loss, closings and their survey, several payments, merging."""

from datetime import timedelta

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseState,
    Channel,
    DeliveryState,
    NotificationChannel,
    PaymentMethod,
    RefundReason,
)
from bdesk.models.tables import (
    CaseLink,
    Contact,
    Customer,
    Notification,
    Payment,
    Refund,
    RefundItem,
)
from bdesk.operations import calls
from bdesk.operations.opening import NewCase
from tests.builders import Placed, customer, order
from tests.operations.desk import Desk, met, must_add_up, refunded, status_of

# Letters and closing


def test_a_customer_without_an_address_of_mail_gets_a_message(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, email=None))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    row = desk.rows(Notification)[0]
    assert row.channel is NotificationChannel.SMS
    assert row.target_masked.count("*") == 4


def test_a_customer_who_cannot_be_reached_is_not_told_by_letter(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, email=None, phone=None))
    case_id = desk.to_decision(desk.opened(placed))
    with pytest.raises(NotAllowed, match=r"letter\.no_target"):
        desk.strip(case_id, "approve")


def test_the_survey_never_stands_in_the_way_of_a_closing(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    with desk.store.write("shop") as unit:
        row = unit.session.get_one(Customer, placed.customer_id)
        row.email, row.phone = None, None
        unit.commit()
    done = desk.go(case_id, "close")
    assert done.outbox == ()
    assert not desk.case(case_id).open
    assert desk.events(case_id, "letter.skipped")[0].payload["why"] == "letter.no_target"
    must_add_up(desk.store)


def test_a_survey_that_bounces_opens_nothing_again(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, phone=None, email="a@example.com"))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    with desk.store.write("shop") as unit:
        unit.session.get_one(Customer, placed.customer_id).email = "a@gone.invalid"
        unit.commit()
    desk.go(case_id, "close")
    desk.later(seconds=11)
    assert desk.release() == ["failed"]
    assert not desk.case(case_id).open
    must_add_up(desk.store)


def test_a_letter_that_bounces_wakes_the_case_and_the_next_goes_another_way(desk: Desk) -> None:
    placed = order(desk.store, customer(desk.store, email="a@gone.invalid"))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.go(case_id, "close")
    desk.later(seconds=11)
    desk.release()
    case = desk.case(case_id)
    assert (case.open, case.state, case.outcome) == (True, CaseState.REOPENED, None)
    assert desk.clock(case_id, "next_response").run is RunState.RUNNING
    assert desk.step(case_id) == "paid"
    assert desk.option(case_id, "close").offer == "refused"
    desk.go(case_id, "resend")
    assert desk.rows(Notification)[-1].channel is NotificationChannel.SMS
    assert met(desk.clock(case_id, "next_response"))
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert not desk.case(case_id).open
    # The customer is asked once how it was.
    assert [row.letter for row in desk.rows(Notification)].count("N17") == 1
    assert refunded(desk.store, placed) == (12800, 0)
    must_add_up(desk.store, [desk.ports])


def test_the_result_may_be_sent_again_and_again(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    for _ in range(2):
        desk.go(case_id, "resend")
        desk.later(seconds=11)
        desk.release()
    states = {row.state for row in desk.rows(Notification, letter="N2")}
    assert states == {DeliveryState.ACCEPTED}
    assert len(desk.rows(Refund)) == 1
    must_add_up(desk.store, [desk.ports])


# How it was paid


def test_a_second_charge_goes_back_to_the_newest_payment(desk: Desk, buyer: int) -> None:
    first = {"paid_at": desk.ctx.now() - timedelta(days=5)}
    second = {"paid_at": desk.ctx.now() - timedelta(days=4), "method": PaymentMethod.WECHAT}
    placed = order(desk.store, buyer, payments=(first, second))
    case_id = desk.opened(placed, reason=RefundReason.DUPLICATE_PAYMENT)
    desk.go(case_id, "whole")
    assert desk.step(case_id) == "assess/decide"
    desk.go(case_id, "approve")
    refund = desk.rows(Refund)[0]
    assert (refund.payment_id, refund.amount_fen) == (placed.payments[1], 12800)
    assert desk.rows(RefundItem) == []
    desk.later(seconds=11)
    desk.release()
    again = desk.opened(placed, reason=RefundReason.DUPLICATE_PAYMENT)
    desk.go(again, "other", difference="另一件事") if desk.step(again) == "duplicate/same" else None
    desk.go(again, "whole")
    assert desk.step(again) != "assess/decide"
    must_add_up(desk.store, [desk.ports])


def test_a_refund_over_two_payments_is_one_decision(desk: Desk, buyer: int) -> None:
    payments = (
        {"amount_fen": 10000, "paid_at": desk.ctx.now() - timedelta(days=5)},
        {"amount_fen": 2800, "method": PaymentMethod.WECHAT, "paid_at": desk.ctx.now() - timedelta(days=4)},
    )
    placed = order(desk.store, buyer, payments=payments)
    case_id = desk.to_decision(desk.opened(placed))
    done = desk.go(case_id, "approve")
    assert len(done.outbox) == 3
    assert [row.amount_fen for row in desk.rows(Refund)] == [10000, 2800]
    assert sum(row.quantity for row in desk.rows(RefundItem)) == 1
    assert desk.fact(case_id, "refund.amount_fen") == 12800
    desk.later(seconds=11)
    desk.release()
    assert [row.refunded_fen for row in desk.rows(Payment)] == [10000, 2800]
    assert status_of(desk.store, placed) == "refunded"
    must_add_up(desk.store, [desk.ports])


def test_a_call_opens_greets_and_is_merged_into_the_open_case(desk: Desk, placed: Placed) -> None:
    first = desk.opened(placed, hours=5)
    desk.later(minutes=1)
    contact = calls.start_call(desk.ctx, "15400000001")
    new = NewCase(desk.case(first).kind, Channel.HOTLINE, order_id=placed.id)
    second = calls.open_from_call(desk.ctx, contact, new).case_id
    assert second is not None
    desk.go(second, "confirmed")
    assert desk.step(second) == "duplicate/same"
    done = desk.go(second, "merge")
    assert first in done.cases
    assert desk.case(second).state is CaseState.MERGED
    assert desk.row(Contact, contact).case_id == first
    # The target keeps its own, earlier start.
    assert desk.clock(first, "refund_review").start_at == desk.case(first).received_at
    desk.recall(done)
    assert desk.case(second).open
    assert desk.row(Contact, contact).case_id == second
    assert desk.rows(CaseLink) == []
    assert desk.clock(second, "refund_review").run is RunState.RUNNING
    must_add_up(desk.store)


def test_merging_takes_the_earlier_start_over(desk: Desk, placed: Placed) -> None:
    later = desk.opened(placed, hours=1)
    early = desk.opened(placed, hours=9, media=False)
    assert desk.step(early) == "duplicate/same"
    done = desk.go(early, "merge")
    assert desk.clock(later, "refund_review").start_at == desk.case(early).received_at
    desk.recall(done)
    assert desk.clock(later, "refund_review").start_at == desk.case(later).received_at
    must_add_up(desk.store)
