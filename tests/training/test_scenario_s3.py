"""Scenario S3 by real operations: three callers about a payment, and nobody pays twice (training.md D7)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.clock import LOCAL
from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.data.verify import verify
from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    OrderStatus,
    PaymentState,
    RefundReason,
)
from bdesk.models.tables import Customer, Notification, Order, Payment, Refund, Task, Wallet
from bdesk.operations import calls, tasks
from bdesk.operations.opening import NewCase
from bdesk.operations.staff.people import find_actor
from bdesk.rules.facts import render
from bdesk.training.seed import seed_store
from tests.operations.desk import Desk, met

AMOUNTS = {"3101": "69.90", "3202": "139.00", "3303": "55.00"}
"""What each caller paid before: the amount they name when they are verified."""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("s3") / "s3.db"
    seed_store(f"sqlite:///{path}", size="empty", seed=4, scenario="S3", rate=0)
    return path


@pytest.fixture
def desk(seeded: Path, tmp_path: Path) -> Iterator[Desk]:
    path = Path(shutil.copy(seeded, tmp_path))
    with open_store(f"sqlite:///{path}") as store:
        yield Desk(store, find_actor(store, "1001"), recall_seconds=0)


def order_of(desk: Desk, tail: str) -> Order:
    (found,) = desk.rows(Order, order_tail=tail)
    return found


def called(desk: Desk, tail: str, claim: str) -> int:
    """The caller is found by the order's tail, greeted and verified; a payment failure is opened."""
    order = order_of(desk, tail)
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.PAYMENT_FAILURE, Channel.HOTLINE, order_id=order.id)
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    desk.go(case_id, claim)
    phone_tail = desk.row(Customer, order.customer_id).phone_tail
    desk.go(case_id, "check", recent_amount=AMOUNTS[tail], phone_tail=phone_tail or "")
    return case_id


def must_be_whole(desk: Desk) -> None:
    assert verify(desk.store, load_book()).faults == ()


def test_the_facts_are_those_of_the_scenario(desk: Desk) -> None:
    states = {}
    for tail in AMOUNTS:
        order = order_of(desk, tail)
        payments = desk.rows(Payment, order_id=order.id)
        states[tail] = (order.status, [one.state for one in payments], [one.amount_fen for one in payments])
    failed, success = PaymentState.FAILED, PaymentState.SUCCESS
    assert states == {
        "3101": (OrderStatus.PENDING_PAYMENT, [failed], [15900]),
        "3202": (OrderStatus.PENDING_PAYMENT, [success], [24900]),
        "3303": (OrderStatus.SHIPPED, [success, success], [19900, 19900]),
    }
    taken = desk.rows(Payment, order_id=order_of(desk, "3202").id)[0].paid_at
    assert taken is not None
    assert taken.astimezone(LOCAL).strftime("%H:%M") == "14:02"
    must_be_whole(desk)


def test_the_first_pays_again_in_time_and_hears_no_balance(desk: Desk) -> None:
    case_id = called(desk, "3101", "failed")
    assert desk.step(case_id) == "network"
    # Of the balance only that it is enough: the sum is in no fact, and in nothing that is read out.
    balance = desk.rows(Wallet)[0].balance_fen
    stand = desk.stand(case_id)
    assert stand.facts["wallet.enough"] is True
    assert balance not in [value for value in stand.facts.values() if isinstance(value, int)]
    specs = stand.procedure.facts
    shown = [render(specs[name], value, "zh") for name, value in stand.facts.items() if name in specs]
    assert not any("886.40" in text for text in shown)
    assert render(specs["wallet.enough"], True, "zh") == "是"
    desk.go(case_id, "network")
    assert desk.step(case_id) == "pay_again"
    assert desk.fact(case_id, "order.pay_by") == order_of(desk, "3101").pay_by
    desk.go(case_id, "told")
    case = desk.case(case_id)
    assert (case.kind, case.state, case.outcome) == (
        CaseKind.PAYMENT_FAILURE,
        CaseState.CLOSED,
        CaseOutcome.REPAY,
    )
    assert met(desk.clock(case_id, "first_response"))
    must_be_whole(desk)


def test_the_second_is_put_right_and_never_told_to_pay_again(desk: Desk) -> None:
    case_id = called(desk, "3202", "charged")
    assert desk.step(case_id) == "unsynced"
    with pytest.raises(NotAllowed, match=r"option\.refused") as refused:
        desk.go(case_id, "again")
    assert str(refused.value.params["why"]) == "Paid already; it would pay twice"
    desk.go(case_id, "reconcile")
    task = desk.rows(Task, case_id=case_id)[0]
    assert (task.department, task.what) == ("payment", "reconcile")
    tasks.answer_task(desk.ctx, task.id or 0, "渠道已收款，订单已补为已付款", "fixed")
    assert desk.step(case_id) == "fixed"
    assert desk.option(case_id, "again").offer == "refused"
    desk.go(case_id, "shipping")
    assert desk.case(case_id).kind is CaseKind.SHIPMENT_DELAY
    assert desk.step(case_id) == "not_due", "and is not sent back to the payment"
    assert desk.rows(Refund) == []
    must_be_whole(desk)


def test_the_third_has_the_second_charge_back_with_its_letter(desk: Desk) -> None:
    case_id = called(desk, "3303", "twice")
    assert desk.step(case_id) == "double"
    assert desk.fact(case_id, "payments.excess_fen") == 19900
    desk.go(case_id, "refund")
    desk.go(case_id, "approve")
    desk.release()
    (refund,) = desk.rows(Refund)
    payments = desk.rows(Payment, order_id=order_of(desk, "3303").id)
    assert (refund.amount_fen, refund.payment_id) == (19900, payments[1].id)
    assert refund.reason is RefundReason.DUPLICATE_PAYMENT
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N2", "N17"]
    # It is money paid twice and nothing else: no word of fraud stands anywhere on the case.
    assert not {"fraud", "suspicious"}.intersection(str(one.payload) for one in desk.events(case_id))
    must_be_whole(desk)
