"""A store of normal size keeps the shares of training.md D4, measured in the store itself."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bdesk.clock import LOCAL
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, OrderStatus, PaymentState, RefundState
from bdesk.models.tables import Case, Customer, Order, OrderItem, Payment, Product, Refund, Wallet
from bdesk.training.report import Report
from tests.training.conftest import NOW

CASES: Mapping[str, Mapping[str, float]] = {
    "case kind": {
        "refund": 24, "wallet_refund": 4, "shipment_delay": 17, "payment_failure": 7, "after_sale": 14,
        "appeal": 8, "complaint": 5, "unfreeze": 5, "login": 2, "account_change": 3, "records": 2,
        "feedback": 3, "progress": 4,
    },
    "channel": {
        "hotline": 52, "web_chat": 10, "app_chat": 12, "email": 9, "social": 4, "regulator": 1,
    },
    "case state": {
        "new": 14, "verifying": 3, "in_progress": 22, "waiting_customer": 13, "waiting_internal": 8,
        "waiting_approval": 6, "in_transit": 6, "resolved": 8, "closed": 18, "merged": 1, "withdrawn": 1,
    },
    "clock state": {"fine": 55, "due": 17, "now": 8, "over": 8, "stopped": 12},
    "order status": {
        "pending_payment": 5, "paid": 6, "to_ship": 20, "partly_shipped": 2, "shipped": 24, "signed": 18,
        "finished": 15, "cancelled": 4, "refunding": 3, "partly_refunded": 1, "refunded": 2,
    },
    "return class": {
        "normal": 80, "perishable": 4, "custom": 2, "digital": 3, "press": 1, "confirmed_exclusion": 5,
        "activated_electronics": 5,
    },
    "payment method": {
        "wallet": 34, "wechat": 25, "alipay": 23, "debit_card": 9, "credit_card": 6, "instalment": 2,
        "cod": 1,
    },
    "payment state": {"success": 90, "none": 4, "failed": 4, "processing": 1, "closed": 1},
    "delay cause": {
        "out_of_stock": 35, "warehouse": 25, "presale": 10, "address": 8, "merchant": 8, "payment": 6,
        "risk_hold": 3, "weather": 3, "fake_shipment": 2,
    },
}  # fmt: skip
"""By list of the coverage report: percent."""

NEAR: Mapping[str, float] = {"case kind": 1, "clock state": 11, "delay cause": 11}
"""How far off a share may be, in points; few values stand behind some lists. Elsewhere 5."""


@pytest.mark.parametrize("name", list(CASES))
def test_the_shares_of_a_list(normal_report: Report, name: str) -> None:
    counts = normal_report.coverage.counts[name]
    total = sum(counts.values())
    for value, wanted in CASES[name].items():
        share = counts[value] * 100 / total
        assert abs(share - wanted) <= NEAR.get(name, 5), (value, share, wanted)


def test_why_payments_failed(normal: Session) -> None:
    """By order: who is refused tries again."""
    failed = normal.execute(
        select(Payment.order_id, Payment.failure).where(col(Payment.failure).is_not(None))
    )
    causes = Counter(cause.value for _, cause in set(failed.all()))
    total = sum(causes.values())
    wanted = {
        "network": 30, "balance": 30, "channel": 20, "limit": 8, "frozen": 5, "region": 2, "card_expired": 3,
        "risk": 2,
    }  # fmt: skip
    assert all(abs(causes[one] * 100 / total - share) <= 8 for one, share in wanted.items()), causes


def test_priorities(normal: Session) -> None:
    seen = Counter(normal.scalars(select(Case.priority)))
    wanted = {1: 4, 2: 18, 3: 60, 4: 18}
    assert all(abs(seen[one] * 100 / 260 - share) <= 7 for one, share in wanted.items()), seen


def test_what_was_decided(normal: Session) -> None:
    decided = Counter(
        normal.scalars(
            select(Case.outcome).where(Case.kind == CaseKind.REFUND, Case.state == CaseState.CLOSED)
        )
    )
    total = sum(decided.values())
    wanted = {CaseOutcome.APPROVED_FULL: 78, CaseOutcome.APPROVED_PARTIAL: 7, CaseOutcome.REJECTED: 15}
    assert total >= 12
    near = 2 * 100 / total  # a dozen or two: two cases more or less
    assert all(abs(decided[one] * 100 / total - share) <= near for one, share in wanted.items()), decided


def test_amounts_and_goods(normal: Session) -> None:
    totals = sorted(normal.scalars(select(Order.total_fen)))
    prices = Counter(price % 100 for price in normal.scalars(select(OrderItem.price_fen)))
    coupons = list(normal.scalars(select(Order.coupon_fen)))
    goods = Counter(
        normal.scalars(select(Product.category).join(OrderItem, col(OrderItem.sku) == col(Product.sku)))
    )
    lines = sum(prices.values())
    assert 5_500 <= totals[len(totals) // 2] <= 10_500
    assert 5 <= sum(total > 500_000 for total in totals) <= 18
    assert totals[0] == 0 and totals[1] == 1 and totals[-1] == 4_999_900
    for ending, share in {0: 40, 90: 30, 99: 10}.items():
        assert abs(prices[ending] * 100 / lines - share) <= 5
    assert 33 <= sum(fen > 0 for fen in coupons) * 100 / len(coupons) <= 50
    wanted = {"服饰": 26, "日用": 18, "食品": 12, "美妆": 10, "数码": 9, "家电": 6, "母婴": 6, "家居": 5}
    assert all(abs(goods[one] * 100 / lines - share) <= 5 for one, share in wanted.items()), goods


def test_a_third_of_the_excluded_goods_lacks_the_confirmation(normal: Session) -> None:
    seen = list(
        normal.scalars(select(OrderItem.exclusion_confirmed_at).where(OrderItem.return_class != "normal"))
    )
    assert 22 <= seen.count(None) * 100 / len(seen) <= 48


def test_refunds_of_the_last_thirty_days(normal: Session) -> None:
    of = Counter(
        normal.scalars(select(Refund.customer_id).where(Refund.committed_at >= NOW - timedelta(days=30)))
    )
    people = len(normal.scalars(select(Customer.id)).all())
    often = Counter(min(count, 3) for count in of.values())
    shares = {count: often[count] * 100 / people for count in (1, 2, 3)}
    assert abs(100 - sum(shares.values()) - 84) <= 5 and abs(shares[1] - 11) <= 5
    assert abs(shares[2] - 3) <= 2 and 1 <= shares[3] <= 3


def test_wallets_by_what_is_in_them(normal: Session) -> None:
    balances = list(normal.scalars(select(Wallet.balance_fen)))
    low = sum(fen < 20_000 for fen in balances) * 100 / len(balances)
    high = sum(fen >= 500_000 for fen in balances) * 100 / len(balances)
    assert abs(low - 60) <= 6 and abs(high - 10) <= 5


def test_customers_come_by_day_more_than_by_night(normal: Session) -> None:
    hours = Counter(at.astimezone(LOCAL).hour for at in normal.scalars(select(Case.received_at)))
    night = sum(count for hour, count in hours.items() if hour < 7)
    assert night * 100 / sum(hours.values()) <= 14
    assert hours[10] > hours[12] < hours[15]


def test_orders_that_wait_for_money_say_until_when(normal: Session) -> None:
    orders = normal.scalars(select(Order)).all()
    paid = select(Payment).where(Payment.state == PaymentState.SUCCESS)
    held = {row.order_id for row in normal.scalars(paid)}
    unpaid = [order for order in orders if order.status is OrderStatus.PENDING_PAYMENT]
    assert len(unpaid) > 30
    assert all(order.pay_by is not None and order.pay_by > NOW for order in unpaid)
    assert all(order.pay_by is None for order in orders if order.status is not OrderStatus.PENDING_PAYMENT)
    assert any(order.id in held for order in unpaid)


def test_goods_to_choose_from(normal: Session) -> None:
    """What stands in for what, what is gone, and what is under warranty (SD7b, AS9, AS11)."""
    products = normal.scalars(select(Product)).all()
    orders = normal.scalars(select(Order)).all()
    skus = {one.sku for one in products}
    assert sum(one.stock == 0 for one in products) >= 2
    assert sum(one.warranty_days > 0 for one in products) >= 5
    assert all(one.substitute_sku in skus - {one.sku} for one in products if one.substitute_sku)
    assert sum(one.substitute_sku is not None for one in products) > 30
    assert sum(one.presale for one in orders) > 10
    late = [one for one in orders if one.presale and one.estimated_ship_at and one.estimated_ship_at < NOW]
    assert late
    unplanned = [one for one in orders if one.status is OrderStatus.TO_SHIP and not one.estimated_ship_at]
    assert unplanned


def test_money_under_way_is_held_and_not_given(normal: Session) -> None:
    under_way = (RefundState.RELEASED, RefundState.UNKNOWN)
    waits = normal.scalars(select(Refund).where(col(Refund.state).in_(under_way))).all()
    assert len(waits) == 2
    for refund in waits:
        payment = normal.get_one(Payment, refund.payment_id)
        assert payment.held_fen == refund.amount_fen and payment.refunded_fen == 0
