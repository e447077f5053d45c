"""Payment failure walked by operations (P3): what was paid is never paid again, the excess goes back once."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlmodel import update

from bdesk.errors import BadInput, DeskError, FactsMoved, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    OrderStatus,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    PromiseState,
    RefundReason,
    WalletState,
)
from bdesk.models.tables import (
    Case,
    Notification,
    Payment,
    Product,
    Promise,
    Refund,
    RefundItem,
    Task,
    Wallet,
)
from bdesk.operations import calls, tasks, walking
from bdesk.operations.opening import NewCase
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, customer, make_store, order, person
from tests.operations.desk import Desk, letters_of, met, must_add_up, outbox_of, refunded, status_of

FAILED: dict[str, Any] = {"state": PaymentState.FAILED, "failure": PaymentFailure.NETWORK, "paid_at": None}
PAID: dict[str, Any] = {"state": PaymentState.SUCCESS}
PROCESSING: dict[str, Any] = {"state": PaymentState.PROCESSING, "paid_at": None}


def unpaid(desk: Desk, buyer: int, *payments: dict[str, Any], hours: int = 24, **more: Any) -> Placed:
    """An order that awaits payment, payable for `hours` yet."""
    more.setdefault("status", OrderStatus.PENDING_PAYMENT)
    pay_by = desk.ctx.now() + timedelta(hours=hours)
    return order(desk.store, buyer, payments=payments, signed_days=None, placed_days=0, pay_by=pay_by, **more)


def rung(desk: Desk, placed: Placed) -> int:
    """A case from a call that is still open, walked to what the caller says; the caller is verified."""
    contact = calls.start_call(desk.ctx)
    new = NewCase(CaseKind.PAYMENT_FAILURE, Channel.HOTLINE, order_id=placed.id)
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    return case_id


def filed(desk: Desk, placed: Placed, claim: str = "failed") -> int:
    """A case from a signed-in form, past what the customer says."""
    case_id = desk.opened(placed, reason=None, kind=CaseKind.PAYMENT_FAILURE, media=False)
    desk.go(case_id, claim)
    return case_id


def shop_says(desk: Desk, placed: Placed, number: int = 0, **columns: Any) -> None:
    """The payment side reports: another state of a payment of the order."""
    with desk.store.write("shop") as unit:
        payment = unit.session.get_one(Payment, placed.payments[number])
        for name, value in columns.items():
            setattr(payment, name, value)
        unit.commit()


def answer(desk: Desk, case_id: int, finding: str | None, words: str = "查过了") -> None:
    task = desk.rows(Task, case_id=case_id)[-1]
    assert task.id is not None
    tasks.answer_task(desk.ctx, task.id, words, finding)


# (a) failed


def test_a_failed_payment_is_paid_again_until_its_time(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, FAILED)
    case_id = filed(desk, placed)
    assert desk.step(case_id) == "network"
    desk.go(case_id, "network")
    assert desk.step(case_id) == "pay_again"
    assert desk.option(case_id, "told").offer == "refused"  # nobody is on the telephone
    desk.go(case_id, "letter")
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.REPAY)
    assert "11月19日" in letters_of(desk, case_id)[0]
    assert "12800" not in letters_of(desk, case_id)[0]
    assert desk.clock(case_id, "first_response").run is RunState.STOPPED
    desk.later(seconds=11)
    desk.release()
    must_add_up(desk.store, [desk.ports])


def test_on_the_telephone_it_is_told_and_closed_at_once(desk: Desk, buyer: int) -> None:
    desk_buyer = order(desk.store, buyer)  # an earlier purchase, for the verification
    placed = unpaid(desk, buyer, FAILED)
    case_id = rung(desk, placed)
    desk.go(case_id, "failed")
    assert desk.step(case_id) == "verify/factors"
    assert desk.fact(case_id, "wallet.enough") is not True
    tail = desk.stand(case_id).snapshot.customer
    assert tail is not None
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=tail.phone_tail or "")
    assert desk_buyer.customer_id == placed.customer_id
    desk.go(case_id, "network")
    desk.go(case_id, "told")
    assert desk.case(case_id).outcome is CaseOutcome.REPAY
    assert met(desk.clock(case_id, "first_response"))
    assert met(desk.clock(case_id, "resolution"))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"hours": 0}, "expired"),
        ({"status": OrderStatus.CANCELLED}, "order_closed"),
    ],
)
def test_an_order_past_its_time_is_ordered_anew(
    desk: Desk, buyer: int, more: dict[str, Any], why: str
) -> None:
    placed = unpaid(desk, buyer, FAILED, **more)
    case_id = filed(desk, placed)
    desk.go(case_id, "network")
    assert desk.step(case_id) == "not_payable"
    assert desk.fact(case_id, "order.not_payable") == why
    desk.go(case_id, "reorder")
    desk.go(case_id, "letter")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED


def test_sold_out_or_dearer_it_is_not_paid_again(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, FAILED)
    case_id = filed(desk, placed)
    desk.go(case_id, "network")
    for column, value, why in (("stock", 0, "out_of_stock"), ("price_fen", 13900, "price_changed")):
        with desk.store.write("shop") as unit:
            unit.session.execute(update(Product).values(stock=10, price_fen=12800))
            unit.session.execute(update(Product).values({column: value}))
            unit.commit()
        assert desk.step(case_id) == "not_payable"
        assert desk.fact(case_id, "order.not_payable") == why


def test_a_shop_that_names_no_time_is_asked_for_it(desk: Desk, buyer: int) -> None:
    placed = order(
        desk.store, buyer, payments=(FAILED,), signed_days=None, status=OrderStatus.PENDING_PAYMENT
    )
    case_id = filed(desk, placed)
    desk.go(case_id, "network")
    assert desk.step(case_id) == "not_payable"
    assert desk.option(case_id, "reorder").offer == "unknown"
    desk.go(case_id, "escalate")
    assert desk.step(case_id) == "escalate"


@pytest.mark.parametrize(
    ("failure", "step"),
    [
        (PaymentFailure.LIMIT, "limit"),
        (PaymentFailure.REGION, "region"),
        (PaymentFailure.FROZEN, "frozen"),
        (PaymentFailure.CARD_EXPIRED, "card"),
        (PaymentFailure.RISK, "risk"),
        (PaymentFailure.CHANNEL, "channel"),
        (PaymentFailure.NETWORK, "cause_ask"),
        (None, "cause_ask"),
    ],
)
def test_each_cause_has_its_step(desk: Desk, buyer: int, failure: PaymentFailure | None, step: str) -> None:
    placed = unpaid(desk, buyer, {**FAILED, "failure": failure, "method": PaymentMethod.WECHAT})
    case_id = filed(desk, placed)
    desk.go(case_id, "both_fine")
    assert desk.step(case_id) == step


def test_above_the_cap_and_abroad_are_seen_without_a_code_of_the_channel(desk: Desk) -> None:
    dear = unpaid(desk, customer(desk.store), {**FAILED, "failure": None}, items=(Item(price_fen=5_000_001),))
    case_id = filed(desk, dear)
    desk.go(case_id, "both_fine")
    assert desk.step(case_id) == "limit"
    assert desk.fact(case_id, "payments.cap_fen") == 5_000_000
    abroad = customer(desk.store, phone="+44 7700 900123")
    case_id = filed(desk, unpaid(desk, abroad, {**FAILED, "failure": None}))
    desk.go(case_id, "both_fine")
    assert desk.step(case_id) == "region"


def test_a_frozen_wallet_goes_on_to_unfreezing_or_beside_it(desk: Desk, buyer: int) -> None:
    with desk.store.write("shop") as unit:
        unit.session.add(Wallet(wallet_no="QB1", customer_id=buyer, state=WalletState.FROZEN))
        unit.commit()
    case_id = filed(desk, unpaid(desk, buyer, {**FAILED, "failure": None}))
    desk.go(case_id, "both_fine")
    assert desk.step(case_id) == "frozen"
    desk.go(case_id, "beside")
    other = desk.rows(Case, kind=CaseKind.UNFREEZE)[0]
    assert (other.owner_id, other.open, other.customer_id) == (None, True, buyer)
    assert desk.clock(other.id or 0, "unfreeze_response").run is RunState.RUNNING
    assert desk.step(case_id) == "pay_again"
    # One at a time: a second one is refused, with the number of the first.
    second = filed(desk, unpaid(desk, buyer, {**FAILED, "failure": None}))
    desk.go(second, "both_fine")
    with pytest.raises(NotAllowed, match=r"case\.open_beside") as refused:
        desk.go(second, "beside")
    assert refused.value.params["case_no"] == other.case_no
    desk.go(second, "unfreeze")
    assert desk.case(second).kind is CaseKind.UNFREEZE
    must_add_up(desk.store)


# Processing


def test_what_is_under_way_is_not_paid_again_and_looked_at_after_ten_minutes(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PROCESSING)
    case_id = filed(desk, placed)
    assert desk.step(case_id) == "processing"
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "again")
    desk.go(case_id, "letter")
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    desk.later(minutes=9)
    sweep(desk.ctx)
    assert desk.step(case_id) == "processing_wait"
    desk.later(minutes=2)
    sweep(desk.ctx)
    # Still under way: asked again, with the case back in work.
    assert desk.step(case_id) == "processing"
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    desk.go(case_id, "letter")
    shop_says(desk, placed, state=PaymentState.FAILED)
    assert desk.step(case_id) == "network"
    must_add_up(desk.store)


# (b) paid, but the order awaits payment


def test_paid_but_unpaid_is_reconciled_and_never_paid_again(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PAID)
    case_id = filed(desk, placed, "charged")
    assert desk.step(case_id) == "unsynced"
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "again")
    desk.go(case_id, "reconcile")
    assert desk.case(case_id).state is CaseState.WAITING_INTERNAL
    with pytest.raises(BadInput, match=r"task\.finding"):
        answer(desk, case_id, "lost")
    with pytest.raises(BadInput, match=r"task\.finding"):
        answer(desk, case_id, None)
    answer(desk, case_id, "fixed", "已补单")
    assert desk.step(case_id) == "fixed"
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    assert desk.option(case_id, "again").offer == "refused"
    desk.go(case_id, "shipping")
    case = desk.case(case_id)
    assert (case.kind, case.open) == (CaseKind.SHIPMENT_DELAY, True)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store)


def test_the_order_was_closed_so_all_of_it_goes_back(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PAID, freight_fen=600)
    case_id = filed(desk, placed, "charged")
    desk.go(case_id, "reconcile")
    answer(desk, case_id, "order_closed")
    assert desk.step(case_id) == "order_closed"
    desk.go(case_id, "refund")
    review = desk.clock(case_id, "refund_review")
    assert review.run is RunState.RUNNING
    assert desk.fact(case_id, "refund.proposed_fen") == 13400
    assert desk.option(case_id, "exchange").offer == "refused"
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 13400)
    assert status_of(desk.store, placed) == "cancelled"
    desk.later(seconds=11)
    desk.release()
    assert met(desk.clock(case_id, "refund_review"))
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    assert "134.00" in letters_of(desk, case_id)[0]
    must_add_up(desk.store, [desk.ports])


def test_a_caller_who_is_sure_is_looked_into_before_anything_is_paid(desk: Desk, buyer: int) -> None:
    """E01: nothing captured is to be seen, and the customer says that it was charged."""
    placed = unpaid(desk, buyer, FAILED)
    case_id = filed(desk, placed, "charged")
    assert desk.step(case_id) == "claimed"
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "again")
    desk.go(case_id, "described", claim_text="14:02 短信提示扣款128.00")
    answer(desk, case_id, "not_found")
    assert desk.step(case_id) == "not_found"
    desk.go(case_id, "repay")
    assert desk.step(case_id) == "pay_again"


def test_an_answer_that_does_not_fit_what_is_seen_is_looked_at_again(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, FAILED)
    case_id = filed(desk, placed, "charged")
    desk.go(case_id, "reconcile")
    answer(desk, case_id, "order_closed")
    assert desk.step(case_id) == "answered"
    desk.go(case_id, "escalate")
    desk.go(case_id, "described", tech_text="支付组说订单已关闭，但查不到扣款")
    assert desk.step(case_id) == "technical_wait"
    assert desk.option(case_id, "late").offer == "refused", "it is not due yet"
    desk.later(days=1)
    desk.go(case_id, "late")
    assert desk.step(case_id) == "late"


def test_payments_that_do_not_answer_are_raised_after_a_day(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PAID)
    case_id = filed(desk, placed, "charged")
    desk.go(case_id, "reconcile")
    assert desk.option(case_id, "late").offer == "refused", "nobody is late minutes after they were asked"
    desk.go(case_id, "tell")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "late")
    desk.go(case_id, "told")
    desk.later(days=1, minutes=1)
    assert desk.option(case_id, "late").offer == "offered"
    sweep(desk.ctx)
    assert desk.step(case_id) == "late"
    desk.go(case_id, "raise")
    assert desk.case(case_id).escalated_to == "supervisor"
    assert desk.step(case_id) == "reconcile_wait"
    assert len(desk.rows(Task, case_id=case_id)) == 1
    answer(desk, case_id, "fixed")
    assert desk.step(case_id) == "fixed"
    must_add_up(desk.store)


# (c) charged twice


def double(desk: Desk, buyer: int, price: int = 19900) -> Placed:
    return order(
        desk.store, buyer, items=(Item(price_fen=price),), payments=(PAID, PAID), status=OrderStatus.SHIPPED
    )


def test_the_excess_goes_back_once_with_its_letter(desk: Desk, buyer: int) -> None:
    placed = double(desk, buyer)
    case_id = filed(desk, placed, "twice")
    assert desk.step(case_id) == "double"
    desk.go(case_id, "refund")
    assert desk.case(case_id).reason is RefundReason.DUPLICATE_PAYMENT
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 19900)
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (19900, 0)
    # The second charge alone: the goods are kept and stay paid.
    assert [(row.payment_id, row.amount_fen) for row in desk.rows(Refund)] == [(placed.payments[1], 19900)]
    assert desk.rows(RefundItem) == []
    desk.go(case_id, "close")
    case = desk.case(case_id)
    assert (case.outcome, case.state) == (CaseOutcome.APPROVED_FULL, CaseState.CLOSED)
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N2", "N17"]
    assert "199.00" in letters_of(desk, case_id)[0]
    must_add_up(desk.store, [desk.ports])


def test_the_excess_above_a_limit_needs_a_supervisor(desk: Desk, buyer: int) -> None:
    placed = double(desk, buyer, 60000)
    case_id = filed(desk, placed, "twice")
    desk.go(case_id, "refund")
    assert desk.option(case_id, "approve").offer == "refused"
    desk.go(case_id, "approval", why="渠道两次扣款")
    assert desk.step(case_id) == "assess/approval_wait"
    assert refunded(desk.store, placed) == (0, 0)


def test_a_frozen_wallet_is_told_where_the_excess_lands(desk: Desk, buyer: int) -> None:
    with desk.store.write("shop") as unit:
        unit.session.add(Wallet(wallet_no="QB1", customer_id=buyer, state=WalletState.FROZEN))
        unit.commit()
    placed = double(desk, buyer)
    case_id = filed(desk, placed, "twice")
    desk.go(case_id, "refund")
    desk.go(case_id, "approve")
    assert desk.step(case_id) == "landed/tell"
    desk.go(case_id, "open")
    assert [one.kind for one in desk.rows(Case)] == [CaseKind.PAYMENT_FAILURE, CaseKind.UNFREEZE]
    assert desk.step(case_id) == "paid_back/tell"
    must_add_up(desk.store)


def test_a_second_case_on_the_order_joins_the_first(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = double(desk, buyer)
    first = filed(desk, placed, "twice")
    second = chief.opened(placed, reason=None, kind=CaseKind.PAYMENT_FAILURE, media=False)
    assert chief.step(second) == "duplicate/same"
    assert chief.fact(second, "case.duplicate_no") == desk.case(first).case_no


def both_ready(desk: Desk, other: Desk, buyer: int) -> tuple[Placed, int, int]:
    """Two cases about one double payment in two hands, each at its decision."""
    placed = double(desk, buyer)
    first = filed(desk, placed, "twice")
    desk.go(first, "refund")
    second = other.opened(placed, reason=None, kind=CaseKind.PAYMENT_FAILURE, media=False)
    other.go(second, "other", difference="客户说是另一笔")
    other.go(second, "twice")
    other.go(second, "refund")
    return placed, first, second


def test_two_hands_on_one_order_pay_the_excess_once(desk: Desk, chief: Desk, buyer: int) -> None:
    placed, first, second = both_ready(desk, chief, buyer)
    mine, theirs = desk.strip(first, "approve"), chief.strip(second, "approve")
    chief.press_f8(theirs)
    with pytest.raises((FactsMoved, NotAllowed)):
        desk.press_f8(mine)
    assert refunded(desk.store, placed) == (0, 19900)
    assert outbox_of(desk.store, first) == []
    # Nothing was lost: the case stands where the facts lead it, and says so.
    assert desk.case(first).open
    assert desk.fact(first, "payments.status") == "success"
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (19900, 0)
    must_add_up(desk.store, [desk.ports])


def test_two_desks_at_the_same_moment_pay_the_excess_once(tmp_path: Path) -> None:
    with make_store(tmp_path) as store:
        desks = [Desk(store, person(store, "1001")), Desk(store, person(store, "1002"))]
        desks[1].ports = desks[1].ctx.ports
        placed, first, second = both_ready(desks[0], desks[1], customer(store))
        pending = [desks[0].strip(first, "approve"), desks[1].strip(second, "approve")]
        start, refused = Barrier(2), []

        def press(number: int) -> None:
            start.wait()
            try:
                desks[number].press_f8(pending[number])
            except DeskError as error:
                refused.append(error.code)

        threads = [Thread(target=press, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1, refused
        assert refunded(store, placed) == (0, 19900)
        must_add_up(store)


# Facts that move under the last key


def test_a_payment_that_succeeds_before_f8_stops_it_and_nothing_is_lost(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, FAILED)
    case_id = filed(desk, placed)
    desk.go(case_id, "network")
    pending = desk.strip(case_id, "letter")
    shop_says(desk, placed, state=PaymentState.SUCCESS, paid_at=desk.ctx.now())
    with pytest.raises(NotAllowed, match=r"step\.moved"):
        desk.press_f8(pending)
    assert outbox_of(desk.store, case_id) == []
    assert desk.case(case_id).open
    assert desk.step(case_id) == "unsynced"
    # What was answered before stands on the record.
    assert [one.payload["step"] for one in desk.events(case_id, "step.answered")] == ["what", "network"]


def test_a_payment_that_succeeds_while_it_is_told_closes_nothing(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, FAILED)
    order(desk.store, buyer)
    case_id = rung(desk, placed)
    desk.go(case_id, "failed")
    snapshot = desk.stand(case_id).snapshot
    assert snapshot.customer is not None
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=snapshot.customer.phone_tail or "")
    desk.go(case_id, "network")
    version = desk.stand(case_id).snapshot.case.version
    shop_says(desk, placed, state=PaymentState.PROCESSING)
    with pytest.raises(NotAllowed, match=r"step\.moved"):
        walking.answer(desk.ctx, case_id, version, "pay_again", "told", {})
    assert desk.case(case_id).open
    assert desk.step(case_id) == "processing"


# Technical


def test_technical_answers_within_a_promised_day(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, {**FAILED, "failure": None, "method": PaymentMethod.WECHAT})
    case_id = filed(desk, placed)
    desk.go(case_id, "both_fine")
    desk.go(case_id, "unknown")
    desk.go(case_id, "described", tech_text="换了网络和卡都提示E102")
    task = desk.rows(Task, case_id=case_id)[0]
    assert (task.department, task.what) == ("technical", "technical")
    assert desk.rows(Promise, case_id=case_id)[0].state is PromiseState.OPEN
    assert desk.clock(case_id, "promise").run is RunState.RUNNING
    assert task.due_at == desk.ctx.now() + timedelta(hours=24)
    answer(desk, case_id, "fixed", "证书已更新")
    assert desk.step(case_id) == "technical"
    desk.go(case_id, "state")
    assert desk.step(case_id) == "network"
    must_add_up(desk.store)


def test_who_cannot_be_verified_hears_nothing_of_the_payment(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PAID)
    case_id = rung(desk, placed)
    desk.go(case_id, "charged")
    desk.go(case_id, "refused")
    assert desk.step(case_id) == "unverified"
    desk.go(case_id, "close")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED


def test_money_that_is_here_is_not_given_up(desk: Desk, buyer: int) -> None:
    placed = double(desk, buyer)
    case_id = filed(desk, placed, "twice")
    desk.go(case_id, "refund")
    desk.go(case_id, "withdrawn")
    assert desk.option(case_id, "close").offer == "refused"
    desk.go(case_id, "back")
    assert desk.step(case_id) == "double"


def test_who_paid_and_wants_no_order_any_more_has_all_of_it_back(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PAID)
    case_id = filed(desk, placed, "charged")
    desk.go(case_id, "money_back")
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 12800)
    assert status_of(desk.store, placed) == "cancelled"
    must_add_up(desk.store)


def test_no_charge_found_where_one_is_seen_is_looked_at_again(desk: Desk, buyer: int) -> None:
    placed = unpaid(desk, buyer, PAID)
    case_id = filed(desk, placed, "charged")
    desk.go(case_id, "reconcile")
    answer(desk, case_id, "not_found")
    assert desk.step(case_id) == "answered"
    desk.go(case_id, "state")
    assert desk.step(case_id) == "unsynced"
