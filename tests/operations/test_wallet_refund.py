"""Wallet refunds by operations (P1w): by the transaction, only for purchases, back the way it went."""

from datetime import timedelta
from typing import Any

import pytest

from bdesk.clock import LOCAL
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    OrderStatus,
    PaymentMethod,
    RefundReason,
    WalletTxKind,
)
from bdesk.models.tables import Case, Notification, Payment, Wallet, WalletTx
from bdesk.operations import undoing
from tests.builders import Placed, customer, order
from tests.operations.desk import Desk, letters_of, met, must_add_up, refunded

NUMBER = "WX2026111600000007"


def wallet(desk: Desk, buyer: int, state: str = "normal") -> int:
    row = Wallet(wallet_no=f"QB{buyer}", customer_id=buyer, state=state, balance_fen=5000)  # type: ignore[arg-type]
    with desk.store.write("wallet") as unit:
        unit.session.add(row)
        unit.commit()
    assert row.id is not None
    return row.id


def transaction(
    desk: Desk, wallet_id: int, kind: WalletTxKind = WalletTxKind.PURCHASE, **more: Any
) -> WalletTx:
    made = {"tx_no": NUMBER, "amount_fen": 12800, "at": desk.ctx.now() - timedelta(days=5), **more}
    row = WalletTx(wallet_id=wallet_id, kind=kind, **made)
    with desk.store.write("wallet") as unit:
        unit.session.add(row)
        unit.commit()
        unit.session.refresh(row)
        unit.session.expunge(row)
    return row


def asked(desk: Desk, buyer: int | None, **more: Any) -> int:
    """A wallet refund from the wallet's own form, about no order yet."""
    more.setdefault("channel", Channel.WALLET_APP)
    return desk.opened(
        None, kind=CaseKind.WALLET_REFUND, customer_id=buyer, reason=RefundReason.QUALITY, **more
    )


def bought(desk: Desk, buyer: int, **more: Any) -> tuple[Placed, WalletTx]:
    placed = order(desk.store, buyer)
    return placed, transaction(desk, wallet(desk, buyer, **more), order_id=placed.id)


def test_a_purchase_is_found_by_its_number_and_refunded_to_the_wallet(desk: Desk, buyer: int) -> None:
    placed, tx = bought(desk, buyer)
    case_id = asked(desk, buyer)
    review = desk.clock(case_id, "refund_review")
    assert review.due_at == desk.ctx.now() + timedelta(hours=21)
    assert desk.step(case_id) == "wallet/find"
    # As people type it: lower case, full width, blanks.
    desk.go(case_id, "search", tx_no=" ｗｘ2026111600000007 ")
    case = desk.case(case_id)
    assert (case.wallet_tx_id, case.order_id, case.customer_id) == (tx.id, placed.id, buyer)
    assert desk.step(case_id) == "scope"
    desk.to_decision(case_id)
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 12800)
    desk.later(seconds=11)
    desk.release()
    assert met(desk.clock(case_id, "refund_review"))
    assert desk.row(Payment, placed.payments[0]).method is PaymentMethod.WALLET
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N2", "N17"]
    must_add_up(desk.store, [desk.ports])


def test_amount_and_day_find_it_in_the_wallet_of_a_verified_customer(desk: Desk, buyer: int) -> None:
    placed, tx = bought(desk, buyer)
    day = tx.at.astimezone(LOCAL).date()
    case_id = asked(desk, buyer)
    with pytest.raises(NotAllowed, match=r"wallet_tx\.not_found"):
        desk.go(case_id, "by_sum", tx_amount=12801, tx_on=day)
    with pytest.raises(NotAllowed, match=r"wallet_tx\.not_found"):
        desk.go(case_id, "by_sum", tx_amount=12800, tx_on=day + timedelta(days=1))
    desk.go(case_id, "by_sum", tx_amount=12800, tx_on=day)
    assert desk.case(case_id).order_id == placed.id


def test_two_of_the_same_sum_on_one_day_need_the_number(desk: Desk, buyer: int) -> None:
    _placed, tx = bought(desk, buyer)
    transaction(desk, tx.wallet_id, tx_no="WX2026111600000008", at=tx.at + timedelta(minutes=1))
    case_id = asked(desk, buyer)
    with pytest.raises(NotAllowed, match=r"wallet_tx\.several"):
        desk.go(case_id, "by_sum", tx_amount=12800, tx_on=tx.at.astimezone(LOCAL).date())


def test_amounts_are_no_guessing_game_for_somebody_who_is_not_verified(desk: Desk, buyer: int) -> None:
    _placed, tx = bought(desk, buyer)
    case_id = asked(desk, buyer, filed=False)
    assert desk.option(case_id, "by_sum").offer == "refused"
    with pytest.raises(NotAllowed):
        desk.go(case_id, "by_sum", tx_amount=12800, tx_on=tx.at.astimezone(LOCAL).date())
    desk.go(case_id, "verify")
    tail = desk.stand(case_id).snapshot.customer
    assert tail is not None
    assert desk.step(case_id) == "wallet/identify/factors"


def test_who_cannot_be_verified_is_told_how_to_apply(desk: Desk, buyer: int) -> None:
    bought(desk, buyer)
    case_id = asked(desk, buyer, filed=False)
    desk.go(case_id, "verify")
    desk.go(case_id, "refused")
    assert desk.step(case_id) == "wallet/unverified"
    desk.go(case_id, "letter")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.ANSWERED
    assert "128" not in letters_of(desk, case_id)[0]


def test_another_customers_transaction_is_not_attached(desk: Desk, buyer: int) -> None:
    bought(desk, customer(desk.store))
    case_id = asked(desk, buyer)
    with pytest.raises(NotAllowed, match=r"wallet_tx\.other_customer"):
        desk.go(case_id, "search", tx_no=NUMBER)
    assert desk.case(case_id).wallet_tx_id is None


def test_who_paid_for_somebody_else_hears_nothing_of_that_order(desk: Desk, buyer: int) -> None:
    """Verified as the owner of the wallet, not as the buyer: no order of another customer comes with it."""
    placed = order(desk.store, customer(desk.store, phone="13911112222"))
    found = transaction(desk, wallet(desk, buyer), order_id=placed.id)
    case_id = asked(desk, buyer)
    with pytest.raises(NotAllowed, match=r"wallet_tx\.other_customer"):
        desk.go(case_id, "search", tx_no=found.tx_no)
    assert desk.case(case_id).order_id is None


def test_attaching_is_taken_back_by_undo(desk: Desk, buyer: int) -> None:
    bought(desk, buyer)
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no=NUMBER)
    undoing.undo(desk.ctx, case_id)
    case = desk.case(case_id)
    assert (case.wallet_tx_id, case.order_id) == (None, None)
    assert desk.step(case_id) == "wallet/find"
    must_add_up(desk.store)


def test_a_case_that_came_with_its_order_goes_straight_on(desk: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer)
    case_id = desk.opened(placed, kind=CaseKind.WALLET_REFUND, channel=Channel.WALLET_APP)
    assert desk.step(case_id) == "scope"


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (WalletTxKind.TRANSFER, "wallet/transfer"),
        (WalletTxKind.RED_PACKET, "wallet/no_purchase"),
        (WalletTxKind.TOP_UP, "wallet/no_purchase"),
        (WalletTxKind.WITHDRAWAL, "wallet/no_purchase"),
        (WalletTxKind.REFUND, "wallet/no_purchase"),
        (WalletTxKind.PURCHASE, "wallet/elsewhere"),
    ],
)
def test_what_is_no_purchase_of_ours_is_explained_and_closed(
    desk: Desk, buyer: int, kind: WalletTxKind, step: str
) -> None:
    transaction(desk, wallet(desk, buyer), kind)
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no=NUMBER)
    assert desk.step(case_id) == step
    desk.go(case_id, "letter")
    assert met(desk.clock(case_id, "refund_review"))
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.ANSWERED)
    assert "12" not in letters_of(desk, case_id)[0].replace(case.case_no, "").replace("110或96110", "")
    must_add_up(desk.store, [desk.ports])


def test_a_transfer_under_pressure_becomes_a_suspicious_matter(desk: Desk, buyer: int) -> None:
    transaction(desk, wallet(desk, buyer), WalletTxKind.TRANSFER)
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no=NUMBER)
    desk.go(case_id, "suspicious")
    desk.go(case_id, "go")
    assert desk.case(case_id).kind is CaseKind.SECURITY


def test_the_wrong_transaction_is_put_right(desk: Desk, buyer: int) -> None:
    placed, tx = bought(desk, buyer)
    transaction(desk, tx.wallet_id, WalletTxKind.TRANSFER, tx_no="WX2026111600000009")
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no="WX2026111600000009")
    desk.go(case_id, "another")
    desk.go(case_id, "attach", other_tx=NUMBER)
    assert desk.case(case_id).order_id == placed.id
    assert desk.step(case_id) == "scope"


def test_no_money_goes_back_for_a_transfer_whatever_a_procedure_says(desk: Desk, buyer: int) -> None:
    """The effect itself refuses: the case of an order, with a transfer written on it."""
    placed = order(desk.store, buyer)
    tx = transaction(desk, wallet(desk, buyer), WalletTxKind.TRANSFER)
    case_id = desk.to_decision(desk.opened(placed))
    with desk.store.write("test") as unit:
        unit.session.get_one(Case, case_id).wallet_tx_id = tx.id
        unit.commit()
    with pytest.raises(NotAllowed, match=r"refund\.not_purchase"):
        desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 0)


def test_two_cases_about_one_transaction_are_one_matter(desk: Desk, chief: Desk, buyer: int) -> None:
    bought(desk, buyer)
    first = asked(desk, buyer)
    desk.go(first, "search", tx_no=NUMBER)
    second = chief.opened(None, kind=CaseKind.WALLET_REFUND, customer_id=buyer, channel=Channel.WALLET_APP)
    chief.go(second, "search", tx_no=NUMBER)
    assert chief.step(second) == "duplicate/same"
    chief.go(second, "merge")
    assert chief.case(second).state is CaseState.MERGED


def test_a_frozen_wallet_takes_the_money_and_is_told(desk: Desk, buyer: int) -> None:
    placed, _tx = bought(desk, buyer, state="frozen")
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no=NUMBER)
    desk.to_decision(case_id)
    desk.go(case_id, "approve")
    assert desk.step(case_id) == "landed/tell"
    desk.go(case_id, "open")
    other = desk.rows(Case, kind=CaseKind.UNFREEZE)[0]
    assert (other.customer_id, other.owner_id, other.order_id) == (buyer, None, None)
    assert desk.clock(other.id or 0, "unfreeze_response").run is RunState.RUNNING
    assert desk.step(case_id) == "paid"
    # A case somebody may work by now does not vanish with a key.
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(desk.ctx, case_id)
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (12800, 0)
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_goods_that_were_used_go_back_for_a_defect_only(desk: Desk, buyer: int) -> None:
    """X5: whether they were used is asked for a return without a reason, never for a defect."""
    bought(desk, buyer)
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no=NUMBER)
    desk.go(case_id, "whole")
    desk.go(case_id, "no_reason")
    assert desk.step(case_id) == "condition"
    desk.go(case_id, "used")
    desk.go(case_id, "reject", judged="水壶有烧煮痕迹")
    desk.go(case_id, "condition", detail="水壶有烧煮痕迹")
    assert [row.letter for row in desk.rows(Notification, case_id=case_id)] == ["N3"]


def test_what_went_back_in_the_meantime_is_not_paid_a_second_time(desk: Desk, buyer: int) -> None:
    placed, _tx = bought(desk, buyer)
    case_id = asked(desk, buyer)
    desk.go(case_id, "search", tx_no=NUMBER)
    desk.to_decision(case_id)
    pending = desk.strip(case_id, "approve")
    with desk.store.write("shop") as unit:
        unit.session.get_one(Payment, placed.payments[0]).refunded_fen = 12800
        unit.commit()
    with pytest.raises(NotAllowed, match=r"step\.moved"):
        desk.press_f8(pending)
    assert desk.step(case_id) == "nothing_left"


def test_an_order_that_is_cancelled_after_it_was_paid_is_refunded_by_the_payment_walk(
    desk: Desk, buyer: int
) -> None:
    placed = order(desk.store, buyer, signed_days=None, status=OrderStatus.CANCELLED)
    case_id = desk.opened(placed, reason=None, kind=CaseKind.PAYMENT_FAILURE, media=False)
    desk.go(case_id, "charged")
    assert desk.step(case_id) == "order_closed"
    desk.go(case_id, "refund")
    desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 12800)
    must_add_up(desk.store)
