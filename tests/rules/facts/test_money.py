"""What a case should pay back: coupons in proportion, freight, second charges, never above what is left."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import OrderStatus, PaymentMethod, PaymentState, RefundReason, RefundState
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.facts import proposal, refund_target
from bdesk.rules.facts.goods import line_shares
from bdesk.rules.facts.refund import item_parts
from bdesk.rules.walk.values import UNKNOWN
from tests.rules.samples import DAY, NOW, case, fact, item, order, payment, refund, snapshot, sold


def proposed(of: Snapshot) -> int:
    value = fact("refund.proposed_fen", of)
    assert isinstance(value, int)
    return value


def test_scenario_s1() -> None:
    assert proposed(snapshot()) == 12800


def test_scenario_s5_one_item_of_three_with_a_coupon() -> None:
    goods = (item(1, 29900), item(2, 40000, chosen=False), item(3, 20000, chosen=False))
    assert proposed(sold(goods, coupon_fen=10000)) == 26574


def test_e22_nine_of_ten_with_a_coupon_of_three() -> None:
    assert proposed(sold((item(1, 900), item(2, 100, chosen=False)), coupon_fen=300)) == 630


def test_e03_at_most_the_rest() -> None:
    made = snapshot(payments=(payment(refunded_fen=11000, held_fen=550),))
    assert fact("order.refundable_fen", made) == 1250
    assert proposed(made) == 1250


@pytest.mark.parametrize(
    ("reason", "part", "expected"),
    [
        (RefundReason.QUALITY, True, 3000 + 1000),
        (RefundReason.LATE_SHIPPING, True, 3000 + 1000),
        (RefundReason.NO_REASON, True, 3000),
        (RefundReason.UNSHIPPED_CANCEL, True, 3000),
        (None, True, 3000),
        (RefundReason.NO_REASON, False, 5000 + 1000),
        (RefundReason.QUALITY, False, 5000 + 1000),
    ],
)
def test_freight_goes_back_with_the_whole_order_or_for_our_fault(
    reason: RefundReason | None, part: bool, expected: int
) -> None:
    goods = (item(1, 3000), item(2, 2000, chosen=not part))
    assert proposed(sold(goods, freight_fen=1000, case=case(reason=reason))) == expected


def test_pieces_of_a_line_add_up_to_the_line() -> None:
    three = item(1, 1000, quantity=3, chosen_quantity=1)
    first = proposed(sold((three,), coupon_fen=2000))
    second = proposed(
        sold((replace(three, refunded_quantity=1, refunded_fen=first, chosen_quantity=2),), coupon_fen=2000)
    )
    assert (first, second) == (334, 666)


def test_the_last_part_of_an_order_brings_the_freight_unless_it_went_back_before() -> None:
    back = item(1, 3000, refunded_quantity=1, refunded_fen=3000, chosen=False)
    rest = item(2, 2000)
    reason = case(reason=RefundReason.NO_REASON)
    assert proposed(sold((back, rest), freight_fen=1000, case=reason)) == 3000
    with_freight = replace(back, refunded_fen=4000)
    assert proposed(sold((with_freight, rest), freight_fen=1000, case=reason)) == 2000


def test_money_given_for_a_scratch_is_taken_off_later() -> None:
    scratched = item(1, 12800, refunded_fen=2000, refunded_quantity=0)
    assert proposed(sold((scratched,))) == 10800


def test_an_item_already_paid_back_is_worth_nothing() -> None:
    back = item(1, 3000, refunded_quantity=1, refunded_fen=3000)
    kept = item(2, 2000, chosen=False)
    assert proposed(sold((back, kept), payments=(payment(amount_fen=5000, refunded_fen=3000),))) == 0


def test_zero_amount_orders() -> None:
    free = sold((item(1, 1000),), coupon_fen=1000, payments=())
    assert proposed(free) == 0
    assert fact("payments.status", free) == "none"
    assert fact("payments.original_open", free) is UNKNOWN


def test_e20_a_second_charge_gives_back_the_excess() -> None:
    twice = snapshot(
        payments=(payment(21), payment(22, method=PaymentMethod.WECHAT)),
        case=case(reason=RefundReason.DUPLICATE_PAYMENT),
    )
    assert fact("payments.status", twice) == "double"
    assert fact("payments.excess_fen", twice) == 12800
    assert proposed(twice) == 12800
    made = proposal(twice)
    assert made is not None and made.parts == ()
    assert fact("payments.method", twice) == "wechat"


def test_a_second_charge_that_went_back_is_one_no_longer() -> None:
    made = snapshot(
        payments=(payment(21), payment(22, refunded_fen=12800)),
        case=case(reason=RefundReason.DUPLICATE_PAYMENT),
    )
    assert fact("payments.status", made) == "success"
    assert proposed(made) == 0


def test_goods_paid_back_do_not_hide_a_second_charge() -> None:
    back = item(1, 3000, refunded_quantity=1, refunded_fen=3000)
    made = sold(
        (back, item(2, 2000)),
        payments=(payment(21, 5000, refunded_fen=3000), payment(22, 5000)),
        case=case(reason=None),
    )
    assert fact("payments.excess_fen", made) == 5000


@pytest.mark.parametrize(
    ("states", "status", "expected"),
    [
        ((), OrderStatus.PENDING_PAYMENT, "none"),
        ((PaymentState.NONE,), OrderStatus.PENDING_PAYMENT, "none"),
        ((PaymentState.FAILED,), OrderStatus.PENDING_PAYMENT, "failed"),
        ((PaymentState.FAILED, PaymentState.PROCESSING), OrderStatus.PENDING_PAYMENT, "processing"),
        ((PaymentState.CLOSED,), OrderStatus.CANCELLED, "closed"),
        ((PaymentState.FAILED, PaymentState.SUCCESS), OrderStatus.PAID, "success"),
        ((PaymentState.SUCCESS,), OrderStatus.PENDING_PAYMENT, "success_unsynced"),
    ],
)
def test_payment_status(states: tuple[PaymentState, ...], status: OrderStatus, expected: str) -> None:
    payments = tuple(payment(number, state=state) for number, state in enumerate(states, 1))
    assert fact("payments.status", snapshot(payments=payments, order=order(status=status))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"paid_at": NOW - 365 * DAY}, True),
        ({"paid_at": NOW - 366 * DAY}, False),
        ({"path_closed": True}, False),
        ({"method": PaymentMethod.COD}, False),
        ({"paid_at": None}, UNKNOWN),
    ],
)
def test_e21_e23_original_path(changes: dict[str, Any], expected: object) -> None:
    assert fact("payments.original_open", snapshot(payments=(payment(**changes),))) is expected


def test_a_refund_goes_back_to_the_oldest_payment_with_something_left() -> None:
    full = payment(21, 5000, refunded_fen=5000)
    closed = payment(22, 5000, path_closed=True)
    usable = payment(23, 2800)
    target = refund_target(snapshot(payments=(usable, closed, full)))
    assert target is not None and target.id == 23
    nothing_left = refund_target(snapshot(payments=(full,)))
    assert nothing_left is not None and nothing_left.id == 21
    assert refund_target(snapshot(payments=())) is None


def test_sums_of_the_order() -> None:
    made = snapshot(
        payments=(
            payment(21, 10000, refunded_fen=2500, held_fen=500),
            payment(22, 900, state=PaymentState.FAILED),
        ),
        refunds=(
            refund(31, committed_at=NOW - 3 * DAY, amount_fen=2500, state=RefundState.ARRIVED),
            refund(32, committed_at=NOW - 2 * DAY, amount_fen=999, state=RefundState.FAILED),
            refund(33, committed_at=NOW - DAY, amount_fen=998, state=RefundState.RECALLED),
        ),
    )
    assert fact("order.paid_fen", made) == 10000
    assert fact("order.refunded_fen", made) == 2500
    assert fact("order.refundable_fen", made) == 7000
    assert fact("order.last_refund_fen", made) == 2500
    assert fact("order.last_refund_at", made) == NOW - 3 * DAY


def test_the_refund_of_the_cycle() -> None:
    recalled = refund(33, state=RefundState.RECALLED, committed_at=NOW)
    failed = refund(31, state=RefundState.FAILED)
    assert fact("refund.state", snapshot()) == "none"
    assert fact("refund.state", snapshot(refunds=(recalled,))) == "none"
    assert fact("refund.state", snapshot(refunds=(recalled, failed))) == "failed"
    assert fact("refund.no", snapshot(refunds=(failed,))) == failed.refund_no
    others = (refund(34, case_id=2), refund(35, committed_at=NOW - 2 * DAY))
    again = case(cycle=2, cycle_started_at=NOW - DAY)
    assert fact("refund.state", snapshot(refunds=others, case=again)) == "none"
    assert fact("refund.amount_fen", snapshot(refunds=others, case=again)) is None


prices = st.lists(st.tuples(st.integers(0, 500_000), st.integers(1, 5)), min_size=1, max_size=6)


@given(lines=prices, coupon=st.integers(0, 1_000_000))
def test_shares_of_the_lines_add_up_to_what_was_paid(lines: list[tuple[int, int]], coupon: int) -> None:
    items = [item(number, price, quantity=pieces) for number, (price, pieces) in enumerate(lines, 1)]
    goods = sum(price * pieces for price, pieces in lines)
    paid = max(0, goods - coupon)
    shares = line_shares(items, paid)
    assert sum(shares) == paid
    assert all(0 <= share <= one.price_fen * one.quantity for share, one in zip(shares, items, strict=True))


@given(
    lines=prices,
    coupon=st.integers(0, 300_000),
    freight=st.integers(0, 3000),
    marks=st.lists(st.booleans(), min_size=6, max_size=6),
    paid_back=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 500_000)), min_size=6, max_size=6),
    charged=st.integers(0, 3_000_000),
    gone=st.tuples(st.integers(0, 3_000_000), st.integers(0, 3_000_000)),
    reason=st.sampled_from([*RefundReason, None]),
)
def test_never_more_than_refundable(
    lines: list[tuple[int, int]],
    coupon: int,
    freight: int,
    marks: list[bool],
    paid_back: list[tuple[int, int]],
    charged: int,
    gone: tuple[int, int],
    reason: RefundReason | None,
) -> None:
    items = tuple(
        item(
            number,
            price,
            quantity=pieces,
            chosen=marks[number - 1],
            refunded_quantity=min(pieces, paid_back[number - 1][0]),
            refunded_fen=paid_back[number - 1][1],
        )
        for number, (price, pieces) in enumerate(lines, 1)
    )
    goods = sum(price * pieces for price, pieces in lines)
    refunded = min(charged, gone[0])
    held = min(charged - refunded, gone[1])
    made = snapshot(
        items=items,
        order=order(
            goods_fen=goods,
            coupon_fen=coupon,
            freight_fen=freight,
            total_fen=max(0, goods - coupon) + freight,
        ),
        payments=(payment(21, charged, refunded_fen=refunded, held_fen=held), payment(22, 700)),
        case=case(reason=reason),
    )
    left = charged - refunded - held + 700
    assert fact("order.refundable_fen", made) == left
    assert 0 <= proposed(made) <= left
    assert all(part.amount_fen >= 0 for part in item_parts(made))


@given(lines=prices, coupon=st.integers(0, 300_000), freight=st.integers(0, 3000))
def test_the_whole_order_gives_back_all_that_was_paid(
    lines: list[tuple[int, int]], coupon: int, freight: int
) -> None:
    items = [item(number, price, quantity=pieces) for number, (price, pieces) in enumerate(lines, 1)]
    goods = sum(price * pieces for price, pieces in lines)
    made = sold(items, coupon_fen=min(coupon, goods), freight_fen=freight)
    assert made.order is not None
    assert proposed(made) == made.order.total_fen
    parts = item_parts(made)
    assert sum(part.amount_fen for part in parts) == made.order.total_fen - freight


@given(
    lines=prices,
    coupon=st.integers(0, 3_000_000),
    freight=st.integers(0, 3000),
    reason=st.sampled_from([RefundReason.QUALITY, RefundReason.NO_REASON, RefundReason.WRONG_ITEM]),
    data=st.data(),
)
def test_parts_in_any_order_add_up_to_what_was_paid_to_the_fen(
    lines: list[tuple[int, int]], coupon: int, freight: int, reason: RefundReason, data: st.DataObject
) -> None:
    """Piece by piece, whichever goes first: never above what is left, and all of it in the end."""
    goods = sum(price * pieces for price, pieces in lines)
    back = {number: (0, 0) for number, _line in enumerate(lines, 1)}
    total, refunded = goods - min(coupon, goods) + freight, 0
    while True:
        left = [number for number, (_price, pieces) in enumerate(lines, 1) if back[number][0] < pieces]
        if not left:
            break
        number = data.draw(st.sampled_from(left))
        wanted = data.draw(st.integers(1, lines[number - 1][1] - back[number][0]))
        items = [
            item(
                one,
                price,
                quantity=pieces,
                chosen=one == number,
                chosen_quantity=wanted if one == number else None,
                refunded_quantity=back[one][0],
                refunded_fen=back[one][1],
            )
            for one, (price, pieces) in enumerate(lines, 1)
        ]
        made = sold(
            items,
            coupon_fen=min(coupon, goods),
            freight_fen=freight,
            case=case(reason=reason),
            payments=(payment(amount_fen=total, refunded_fen=refunded),),
        )
        amount = proposed(made)
        assert 0 <= amount <= total - refunded
        refunded += amount
        back[number] = (back[number][0] + wanted, back[number][1] + amount)
    assert refunded == total


def test_a_coupon_larger_than_the_goods_leaves_nothing_to_refund() -> None:
    assert proposed(sold((item(1, 500), item(2, 300, chosen=False)), coupon_fen=800)) == 0
