"""When something is due and late, which goods, what that is worth (P2; S0:19 to S0:22; B0.6, B0.7)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import (
    DelayCause,
    Department,
    OrderStatus,
    ParcelState,
    PaymentMethod,
    PaymentState,
    RefundState,
    Role,
    TaskState,
)
from bdesk.models.views.snapshot import (
    ActorView,
    CompensationView,
    DelayView,
    ItemView,
    Snapshot,
    SubstituteView,
    SubstitutionView,
    TaskView,
)
from bdesk.rules.facts import lateness
from bdesk.rules.facts.swaps import swap
from bdesk.rules.limits import limit_of
from tests.rules.samples import DAY, HOUR, LIMITS, NOW, fact, item, parcel, payment, sold

NUMBERS = LIMITS.numbers
DUE = NOW - 30 * HOUR


def waits(*items: ItemView, due: datetime | None = DUE, **changes: Any) -> Snapshot:
    """An order that waits to be shipped, promised for `due`."""
    goods = items or (item(parcel_id=None),)
    made = sold(goods, parcels=(), **changes)
    assert made.order is not None
    return replace(made, order=replace(made.order, status=OrderStatus.TO_SHIP, estimated_ship_at=due))


def by(role: Role, of: Snapshot) -> Snapshot:
    return replace(of, actor=ActorView(1, "1001", "周敏", role))


def stored(cause: DelayCause = DelayCause.OUT_OF_STOCK, **changes: Any) -> DelayView:
    made = DelayView(cause=cause, source="stock", at=NOW - HOUR, by="1001", case_id=1, eta=NOW + 3 * DAY)
    return replace(made, **changes)


def given_before(fen: int, at: datetime, **changes: Any) -> CompensationView:
    return replace(CompensationView("app", fen, RefundState.ARRIVED, at), **changes)


# Due


@pytest.mark.parametrize(
    ("due", "overdue"),
    [(NOW + HOUR, False), (NOW, False), (NOW - timedelta(seconds=1), True), (NOW - 30 * HOUR, True)],
)
def test_what_was_promised_for_then_is_late_after_then(due: datetime, overdue: bool) -> None:
    of = waits(due=due)
    assert fact("delay.due_at", of) == due
    assert fact("delay.overdue", of) is overdue


@pytest.mark.parametrize(("presale", "hours"), [(False, 48), (True, 15 * 24)])
def test_without_an_estimate_it_counts_from_the_payment(presale: bool, hours: int) -> None:
    paid = NOW - 10 * HOUR
    of = waits(due=None, payments=(payment(paid_at=paid),))
    assert of.order is not None
    of = replace(of, order=replace(of.order, presale=presale))
    assert fact("delay.due_at", of) == paid + timedelta(hours=hours)


def test_cash_on_delivery_counts_from_the_order() -> None:
    none_yet = payment(method=PaymentMethod.COD, state=PaymentState.NONE, paid_at=None)
    of = waits(due=None, payments=(none_yet,))
    assert of.order is not None
    assert fact("delay.due_at", of) == of.order.placed_at + 48 * HOUR
    assert fact("delay.awaits_payment", of) is False


@pytest.mark.parametrize(
    ("state", "status", "awaits"),
    [
        (PaymentState.SUCCESS, OrderStatus.TO_SHIP, False),
        (PaymentState.SUCCESS, OrderStatus.PENDING_PAYMENT, True),
        (PaymentState.NONE, OrderStatus.TO_SHIP, True),
        (PaymentState.FAILED, OrderStatus.PENDING_PAYMENT, True),
        (PaymentState.PROCESSING, OrderStatus.PENDING_PAYMENT, True),
    ],
)
def test_payment_comes_before_any_delay(state: PaymentState, status: OrderStatus, awaits: bool) -> None:
    of = waits(payments=(payment(state=state),))
    assert of.order is not None
    of = replace(of, order=replace(of.order, status=status))
    assert fact("delay.awaits_payment", of) is awaits
    assert fact("delay.overdue", of) is not awaits


@pytest.mark.parametrize(
    ("finding", "answered", "awaits"),
    [("fixed", NOW, False), ("fixed", NOW - 3 * DAY, True), ("not_found", NOW, True), (None, NOW, True)],
)
def test_what_the_payment_group_put_right_awaits_no_payment(
    finding: str | None, answered: datetime, awaits: bool
) -> None:
    """PF6 goes on to the shipping: it must not be sent back to the payment (training scenario S3)."""
    made = TaskView(
        *(9, Department.PAYMENT, TaskState.ANSWERED, "?", answered - HOUR),
        what="reconcile",
        finding=finding,
        answered_at=answered,
    )
    of = waits(payments=(payment(state=PaymentState.SUCCESS),), due=NOW + HOUR)
    assert of.order is not None
    told = replace(of.order, status=OrderStatus.PENDING_PAYMENT, as_of=NOW - DAY)
    of = replace(of, order=told, tasks=(made,))
    assert fact("delay.awaits_payment", of) is awaits
    assert fact("order.status", of) == ("pending_payment" if awaits else "paid")
    unpaid = replace(of, payments=(payment(state=PaymentState.FAILED),))
    assert fact("delay.awaits_payment", unpaid) is True
    assert fact("order.status", unpaid) == "pending_payment"


# Which goods


@pytest.mark.parametrize(
    ("state", "pending"),
    [
        (ParcelState.PACKED, True),
        (ParcelState.HANDED_OVER, False),
        (ParcelState.IN_TRANSIT, False),
        (ParcelState.SIGNED, False),
        (ParcelState.LOST, False),
    ],
)
def test_what_a_courier_has_is_not_waiting(state: ParcelState, pending: bool) -> None:
    at = NOW - HOUR
    of = replace(waits(item()), parcels=(parcel(state=state, signed_at=None, last_scan_at=at),))
    assert fact("delay.pending", of) is pending


@pytest.mark.parametrize(("hours", "fake"), [(23, False), (24, True), (80, True)])
def test_a_waybill_without_a_scan_is_no_shipment_after_a_day(hours: int, fake: bool) -> None:
    silent = parcel(
        state=ParcelState.HANDED_OVER, shipped_at=NOW - hours * HOUR, signed_at=None, last_scan_at=None
    )
    of = replace(waits(item()), parcels=(silent,))
    assert fact("delay.fake_shipment", of) is fake
    assert fact("delay.pending", of) is fake
    scanned = replace(of, parcels=(replace(silent, last_scan_at=NOW - HOUR),))
    assert fact("delay.fake_shipment", scanned) is False


def test_of_a_split_order_only_what_did_not_go_out_is_late() -> None:
    gone, left = item(1, 12800), item(2, 5000, name="滤芯", quantity=2, parcel_id=None)
    of = replace(waits(gone, left), parcels=(parcel(),))
    assert of.order is not None
    of = replace(of, order=replace(of.order, status=OrderStatus.PART_SHIPPED))
    assert [one.item.id for one in lateness.late(of, NUMBERS)] == [2]
    assert fact("delay.items_text", of) == "滤芯 x2"
    assert fact("delay.base_fen", of) == 10000


def test_what_was_refunded_or_not_asked_about_waits_no_longer() -> None:
    back, other = item(1, refunded_quantity=1, parcel_id=None), item(2, chosen=False, parcel_id=None)
    assert fact("delay.pending", waits(back, other)) is False


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUNDED])
def test_an_order_that_ended_waits_for_nothing(status: OrderStatus) -> None:
    of = waits()
    assert of.order is not None
    assert fact("delay.pending", replace(of, order=replace(of.order, status=status))) is False


# The cause


def test_a_cause_explains_until_its_date() -> None:
    of = waits()
    assert fact("delay.cause", of) is None
    assert fact("delay.cause", replace(of, delay=stored())) == "out_of_stock"
    assert fact("delay.cause", replace(of, delay=stored(eta=NOW))) is None


def test_goods_in_place_of_others_are_promised_anew() -> None:
    swapped = SubstitutionView(1, 1, "X", "别的", 1, 12800, 0, RefundState.ACCEPTED, NOW - HOUR / 2)
    of = replace(waits(), delay=stored(), substitutions=(swapped,))
    assert fact("delay.due_at", of) == NOW - HOUR / 2 + 48 * HOUR
    assert fact("delay.overdue", of) is False
    assert fact("delay.cause", of) is None, "it was the cause of the goods before"
    undone = replace(of, substitutions=(replace(swapped, state=RefundState.RECALLED),))
    assert fact("delay.overdue", undone) is True


# Compensation


@pytest.mark.parametrize(
    ("given_at", "state", "booked"),
    [
        (DUE + HOUR, RefundState.ARRIVED, True),
        (DUE + HOUR, RefundState.HELD, True),
        (DUE + HOUR, RefundState.RECALLED, False),
        (DUE + HOUR, RefundState.FAILED, False),
        (DUE - HOUR, RefundState.ARRIVED, False),
    ],
)
def test_whoever_gave_it_one_delay_is_compensated_once(
    given_at: datetime, state: RefundState, booked: bool
) -> None:
    of = replace(waits(), compensations=(given_before(500, given_at, state=state),))
    assert fact("compensation.booked", of) is booked


@pytest.mark.parametrize(
    ("role", "price", "fen"),
    [
        (Role.AGENT, 29900, 2990),
        (Role.AGENT, 3000, 500),
        (Role.AGENT, 99900, 5000),
        (Role.SENIOR, 29900, 8970),
        (Role.SENIOR, 99900, 20000),
        (Role.SUPERVISOR, 99900, 29970),
        (Role.SUPERVISOR, 500000, 50000),
    ],
)
def test_how_much_one_may_give_alone(role: Role, price: int, fen: int) -> None:
    of = by(role, waits(item(1, price, parcel_id=None)))
    assert fact("limits.compensation_fen", of) == fen


@pytest.mark.parametrize(
    ("role", "hours", "fen"),
    [
        (Role.AGENT, 2, 500),
        (Role.AGENT, 30, 2990),
        (Role.AGENT, 100, 2990),
        (Role.SUPERVISOR, 2, 500),
        (Role.SUPERVISOR, 30, 2990),
        (Role.SUPERVISOR, 100, 8970),
    ],
)
def test_what_is_suggested_grows_with_the_delay(role: Role, hours: int, fen: int) -> None:
    of = by(role, waits(item(1, 29900, parcel_id=None), due=NOW - hours * HOUR))
    assert fact("compensation.suggested_fen", of) == fen


@given(
    price=st.integers(0, 10**7),
    pieces=st.integers(1, 9),
    hours=st.integers(-100, 500),
    before=st.integers(0, 10**5),
    role=st.sampled_from([Role.AGENT, Role.SENIOR, Role.SUPERVISOR]),
)
def test_nothing_suggested_is_ever_above_the_limit_nor_before_the_promise(
    price: int, pieces: int, hours: int, before: int, role: Role
) -> None:
    of = by(role, waits(item(1, price, quantity=pieces, parcel_id=None), due=NOW - hours * HOUR))
    of = replace(of, compensations=(given_before(before, NOW - 40 * DAY),))
    limit, suggested = fact("limits.compensation_fen", of), fact("compensation.suggested_fen", of)
    assert isinstance(limit, int) and isinstance(suggested, int)
    assert 0 <= suggested <= limit
    if hours <= 0:
        assert limit == suggested == 0
    else:
        most = limit_of("compensation", role, (), price * pieces or None, LIMITS)
        assert limit + min(before, most or 0) <= (most or 0)


# Other goods


def other(price: int, stock: int = 5) -> SubstituteView:
    return SubstituteView("KETTLE-2", "恒温电热水壶", price, stock)


@pytest.mark.parametrize(
    ("price", "role", "within"),
    [
        (12800, Role.AGENT, True),
        (13440, Role.AGENT, True),
        (13441, Role.AGENT, False),
        (12160, Role.AGENT, True),
        (12159, Role.AGENT, False),
        (15360, Role.SENIOR, True),
        (15361, Role.SENIOR, False),
        (99900, Role.SUPERVISOR, True),
    ],
)
def test_how_far_the_price_may_differ(price: int, role: Role, within: bool) -> None:
    of = by(role, waits(item(1, 12800, parcel_id=None, substitute=other(price))))
    assert fact("substitute.within_limit", of) is within


@pytest.mark.parametrize(("stock", "pieces", "there"), [(0, 1, False), (1, 1, True), (1, 2, False)])
def test_a_substitute_needs_enough_pieces(stock: int, pieces: int, there: bool) -> None:
    of = waits(item(1, 12800, quantity=pieces, parcel_id=None, substitute=other(12800, stock)))
    assert fact("substitute.available", of) is there


def test_nothing_is_replaced_before_it_is_late() -> None:
    of = waits(item(1, parcel_id=None, substitute=other(12800)), due=NOW + HOUR)
    assert fact("substitute.available", of) is False


@given(
    prices=st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    pieces=st.integers(1, 5),
    instead=st.integers(0, 10**6),
    coupon=st.integers(0, 100),
    back=st.integers(0, 10**6),
)
def test_what_goes_back_is_never_above_what_was_paid(
    prices: list[int], pieces: int, instead: int, coupon: int, back: int
) -> None:
    goods = [
        item(number, price, quantity=pieces, parcel_id=None, substitute=other(instead, 99))
        for number, price in enumerate(prices, 1)
    ]
    total = sum(price * pieces for price in prices)
    of = waits(*goods, coupon_fen=total * coupon // 100)
    paid = sum(one.amount_fen for one in of.payments)
    first = replace(of.items[0], refunded_fen=min(back, paid))
    of = replace(of, items=(first, *of.items[1:]))
    found = swap(of, NUMBERS)
    assert found is not None
    assert 0 <= found.back_fen <= max(0, paid - first.refunded_fen)
    assert found.back_fen == 0 or instead < prices[0]
    assert found.diff_fen == (instead - prices[0]) * pieces


def test_only_what_may_be_offered_is_said() -> None:
    of = replace(waits(), delay=stored())
    assert fact("delay.remedies", of) == "compensation", "no substitute is in stock"
    given = replace(of, compensations=(given_before(2000, DUE + HOUR, state=RefundState.ARRIVED),))
    assert fact("delay.remedies", given) == "waiting", "one delay is compensated once"
    weather = replace(of, delay=stored(cause=DelayCause.WEATHER))
    assert fact("delay.remedies", weather) == "waiting"
