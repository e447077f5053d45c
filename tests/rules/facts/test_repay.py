"""Whether an order may be paid (again), what a channel allows, and what is told of a balance (P3)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.data.book.policies import packaged_limits_text, parse_limits
from bdesk.models.kinds import (
    Department,
    OrderStatus,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    TaskState,
    VerificationLevel,
    WalletState,
    WalletTxKind,
)
from bdesk.models.views.snapshot import Snapshot, TaskView, WalletTxView, WalletView
from bdesk.rules.facts import compute
from bdesk.rules.facts.wallets import REGIONS, region_code, region_of
from bdesk.rules.walk.values import UNKNOWN
from tests.rules.samples import (
    DAY,
    HOUR,
    LIMITS,
    NOW,
    call,
    case,
    context,
    customer,
    fact,
    item,
    order,
    payment,
    snapshot,
)


def attempt(state: PaymentState = PaymentState.FAILED, number: int = 21, **changes: Any) -> Any:
    return payment(number, state=state, paid_at=None, **changes)


def unpaid(**changes: Any) -> Snapshot:
    """An order of 128.00 that failed once and may be paid until tomorrow."""
    due = order(status=OrderStatus.PENDING_PAYMENT, pay_by=NOW + DAY, total_fen=12800)
    goods = (item(stock=5, list_price_fen=12800),)
    failed = (attempt(failure=PaymentFailure.NETWORK),)
    return snapshot(**{"order": due, "items": goods, "payments": failed, "parcels": (), **changes})


def with_order(**changes: Any) -> Any:
    made = unpaid().order
    assert made is not None
    return replace(made, **changes)


# Paying again


def test_an_order_that_failed_can_be_paid_again_until_its_time() -> None:
    made = unpaid()
    assert (fact("order.payable", made), fact("order.not_payable", made)) == (True, None)
    assert fact("order.pay_by", made) == NOW + DAY


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"payments": (attempt(), payment(22))}, "paid"),
        ({"payments": (attempt(), attempt(PaymentState.PROCESSING, 22))}, "processing"),
        ({"payments": (payment(21), attempt(PaymentState.PROCESSING, 22))}, "paid"),
        ({"order": with_order(status=OrderStatus.CANCELLED)}, "order_closed"),
        ({"order": with_order(status=OrderStatus.TO_SHIP)}, "order_closed"),
        ({"order": with_order(pay_by=NOW)}, "expired"),
        ({"order": with_order(pay_by=NOW - HOUR)}, "expired"),
        ({"items": (item(stock=0, list_price_fen=12800),)}, "out_of_stock"),
        ({"items": (item(stock=1, quantity=2, list_price_fen=12800),)}, "out_of_stock"),
        ({"items": (item(stock=5, list_price_fen=12900),)}, "price_changed"),
    ],
)
def test_what_stands_in_the_way_is_named(changes: dict[str, Any], why: str) -> None:
    made = unpaid(**changes)
    assert (fact("order.payable", made), fact("order.not_payable", made)) == (False, why)


@pytest.mark.parametrize(
    "changes",
    [
        {"order": with_order(pay_by=None)},
        {"items": (item(stock=None, list_price_fen=None),)},
        {"order": None},
    ],
)
def test_what_the_shop_did_not_say_opens_nothing(changes: dict[str, Any]) -> None:
    made = unpaid(**changes)
    assert (fact("order.payable", made), fact("order.not_payable", made)) == (UNKNOWN, UNKNOWN)


_STATES = st.lists(st.sampled_from(PaymentState), max_size=4)


@given(_STATES, st.sampled_from(OrderStatus), st.integers(-3, 3), st.integers(0, 3))
def test_whatever_the_facts_nobody_who_may_have_paid_is_told_to_pay_again(
    states: list[PaymentState], status: OrderStatus, hours: int, stock: int
) -> None:
    made = unpaid(
        payments=tuple(attempt(state, number) for number, state in enumerate(states, 1)),
        order=with_order(status=status, pay_by=NOW + timedelta(hours=hours)),
        items=(item(stock=stock, list_price_fen=12800),),
    )
    payable = fact("order.payable", made)
    assert (payable is True) == (fact("order.not_payable", made) is None)
    if payable is True:
        assert not {PaymentState.SUCCESS, PaymentState.PROCESSING}.intersection(states)
        assert status is OrderStatus.PENDING_PAYMENT
        assert hours > 0
        assert stock > 0
        assert fact("payments.status", made) in ("none", "failed", "closed")


# The channel


def test_the_cause_is_that_of_the_newest_payment_and_only_of_a_failed_one() -> None:
    older = attempt(failure=PaymentFailure.LIMIT)
    assert fact("payments.failure", unpaid(payments=(older,))) == "limit"
    newer = attempt(number=22, failure=PaymentFailure.REGION)
    assert fact("payments.failure", unpaid(payments=(older, newer))) == "region"
    assert fact("payments.failure", unpaid(payments=(older, attempt(PaymentState.CLOSED, 22)))) is None
    assert fact("payments.failure", unpaid(payments=())) is None
    assert fact("payments.failure", unpaid(order=None)) is UNKNOWN


def test_caps_and_regions_are_settings_and_are_shown() -> None:
    caps = {method: LIMITS.caps_fen[method] for method in LIMITS.caps_fen}
    assert caps[PaymentMethod.WALLET] == 5_000_000
    assert LIMITS.regions == ("CN", "HK", "MO")
    made = unpaid(payments=(attempt(method=PaymentMethod.WALLET),))
    assert fact("payments.cap_fen", made) == caps[PaymentMethod.WALLET]
    assert fact("limits.wallet_regions", made) == ("cn", "hk", "mo")
    assert fact("payments.cap_fen", unpaid(payments=())) is UNKNOWN


@pytest.mark.parametrize(("total", "over"), [(5_000_000, False), (5_000_001, True), (0, False)])
def test_only_what_is_more_than_the_cap_is_above_it(total: int, over: bool) -> None:
    made = unpaid(payments=(attempt(method=PaymentMethod.WALLET),), order=with_order(total_fen=total))
    assert fact("payments.over_cap", made) is over


def test_a_method_without_a_cap_is_never_above_one() -> None:
    free = replace(LIMITS, caps_fen={})
    made = unpaid(order=with_order(total_fen=99_999_900))
    facts = compute(replace(context(made), limits=free))
    assert (facts["payments.cap_fen"], facts["payments.over_cap"]) == (None, False)


def test_limits_adopted_before_there_were_caps_take_the_packaged_ones() -> None:
    text = packaged_limits_text()
    begin, end = text.index("# Settings, not documented"), text.index("actions:")
    kept = parse_limits(text[:begin] + text[end:], "limits.yaml", kept=True)
    assert (kept.caps_fen, kept.regions) == (LIMITS.caps_fen, LIMITS.regions)


# The wallet


def wallet(balance_fen: int, region: str = "CN") -> WalletView:
    return WalletView(8, "QB1", WalletState.NORMAL, balance_fen, region=region)


def verified(**changes: Any) -> Snapshot:
    return unpaid(case=case(verified_level=VerificationLevel.V2, filed=True), **changes)


@pytest.mark.parametrize(
    ("balance", "enough"), [(12800, True), (12799, False), (0, False), (99_999_999, True)]
)
def test_of_the_balance_only_enough_or_not_is_told(balance: int, enough: bool) -> None:
    made = verified(wallet=wallet(balance))
    assert fact("wallet.enough", made) is enough
    told = {name: value for name, value in compute(context(made)).items() if value == balance and balance > 1}
    assert set(told) <= {"order.total_fen"}, told


def test_nothing_of_the_balance_is_told_before_verification_or_during_another_call() -> None:
    stranger = unpaid(case=case(filed=False), wallet=wallet(99_999))
    assert fact("wallet.enough", stranger) is UNKNOWN
    elsewhere = verified(wallet=wallet(99_999), on_call_elsewhere=True)
    assert fact("wallet.enough", elsewhere) is UNKNOWN
    assert fact("wallet.enough", verified(wallet=None)) is UNKNOWN
    assert fact("wallet.enough", verified(wallet=wallet(1), order=None)) is UNKNOWN
    assert (
        fact("wallet.enough", unpaid(case=case(filed=False), contacts=(call(),), wallet=wallet(1))) is UNKNOWN
    )


@pytest.mark.parametrize(
    ("phone", "region", "code", "served"),
    [
        ("15400000037", "CN", "cn", True),
        ("+86 154 0000 0037", "HK", "hk", True),
        ("+852 9123 4567", "CN", "hk", True),
        ("+1-202-555-0143", "CN", "us", False),
        ("+44 7700 900123", "CN", "gb", False),
        ("0049 30 123456", "CN", "other", False),
        (None, "TW", "tw", False),
        ("15400000037", "FR", "other", False),
    ],
)
def test_a_foreign_phone_says_where_the_wallet_is_used(
    phone: str | None, region: str, code: str, served: bool
) -> None:
    made = verified(customer=customer(phone=phone), wallet=wallet(1, region))
    assert (fact("wallet.region", made), fact("wallet.region_ok", made)) == (code, served)


def test_without_a_wallet_or_a_foreign_phone_no_region_is_known() -> None:
    made = verified(wallet=None)
    assert region_of(made) is None
    assert (fact("wallet.region", made), fact("wallet.region_ok", made)) == (UNKNOWN, UNKNOWN)


@given(st.text(st.characters(min_codepoint=65, max_codepoint=122), min_size=2, max_size=2))
def test_every_region_has_a_name(region: str) -> None:
    assert region_code(region) in {one.lower() for one in REGIONS} | {"other"}


def test_the_transaction_of_a_case() -> None:
    tx = WalletTxView(3, "WX2026111800000003", WalletTxKind.TRANSFER, 20000, NOW - DAY, "李四")
    made = snapshot(wallet_tx=tx)
    assert fact("wallet_tx.kind", made) == "transfer"
    assert (fact("wallet_tx.known", made), fact("wallet_tx.in_shop", made)) == (True, False)
    assert fact("wallet_tx.in_shop", snapshot(wallet_tx=replace(tx, order_id=7))) is True
    assert (fact("wallet_tx.known", snapshot()), fact("wallet_tx.kind", snapshot())) == (False, UNKNOWN)
    # Whom somebody paid is no business of a desk, and nobody's name is a fact.
    assert "李四" not in [value for value in compute(context(made)).values() if isinstance(value, str)]


# What departments answered


def task(what: str, finding: str | None = None, **changes: Any) -> TaskView:
    made = TaskView(
        id=9,
        department=Department.PAYMENT,
        state=TaskState.OPEN if finding is None else TaskState.ANSWERED,
        question="?",
        asked_at=NOW - HOUR,
        what=what,
        finding=finding,
        answer="查过了" if finding else None,
        answered_at=NOW if finding else None,
    )
    return replace(made, **changes)


def test_the_payment_departments_word_counts_until_newer_data_of_the_shop() -> None:
    paid = {"payments": (payment(21),)}
    held = unpaid(order=with_order(as_of=NOW - HOUR), **paid)
    assert fact("payments.status", held) == "success_unsynced"
    put_right = replace(held, tasks=(task("reconcile", "fixed"),))
    assert fact("payments.status", put_right) == "success"
    assert fact("order.payable", put_right) is False
    told_since = replace(put_right, order=with_order(as_of=NOW + HOUR))
    assert fact("payments.status", told_since) == "success_unsynced"
    other = replace(held, tasks=(task("reconcile", "order_closed"),))
    assert fact("payments.status", other) == "success_unsynced"
