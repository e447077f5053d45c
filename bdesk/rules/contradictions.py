"""What cannot all be true of an order: the shop's own data against each other.

Nothing is mended here and nothing is concluded; the desk says what it saw, and money on such an order is
decided by a supervisor (policy data, flag `contradictory`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bdesk.models.kinds import (
    Contradiction,
    OrderStatus,
    ParcelState,
    PaymentMethod,
    PaymentState,
    ReturnClass,
)
from bdesk.models.views.snapshot import ItemView, OrderView, ParcelView, PaymentView

SENT = frozenset({OrderStatus.PART_SHIPPED, OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.COMPLETED})
NOT_SENT = frozenset({OrderStatus.PENDING_PAYMENT, OrderStatus.PAID, OrderStatus.TO_SHIP})
BACK = frozenset({ParcelState.REFUSED, ParcelState.RETURNED})
"""A parcel that came back leaves its order where the shop wants it."""

AHEAD = timedelta(minutes=5)
"""A shop's clock may go a little ahead of ours."""


def contradictions(
    order: OrderView,
    items: Sequence[ItemView],
    payments: Sequence[PaymentView],
    parcels: Sequence[ParcelView],
    now: datetime,
) -> tuple[Contradiction, ...]:
    """What of an order contradicts itself, in a fixed order; empty for one that hangs together.

    A charge that is not on the order yet and a double charge are no contradictions: they are states of a
    payment with a procedure of their own (P3).
    """
    found = {
        *_of_parcels(order, items, parcels),
        *_of_money(order, payments),
        *_of_times(payments, parcels, now),
    }
    return tuple(one for one in Contradiction if one in found)


def _of_parcels(
    order: OrderView, items: Sequence[ItemView], parcels: Sequence[ParcelView]
) -> Iterator[Contradiction]:
    moved = [one for one in parcels if one.state is not ParcelState.PACKED]
    needs_none = bool(items) and all(one.return_class is ReturnClass.DIGITAL for one in items)
    if order.status in SENT and not moved and not needs_none:
        yield Contradiction.SENT_WITHOUT_PARCEL
    if order.status in NOT_SENT and any(one.state not in BACK for one in moved):
        yield Contradiction.PARCEL_BEFORE_SENT


def _of_money(order: OrderView, payments: Sequence[PaymentView]) -> Iterator[Contradiction]:
    captured = [one for one in payments if one.state is PaymentState.SUCCESS]
    paid = sum(one.amount_fen for one in captured)
    on_delivery = any(one.method is PaymentMethod.COD for one in payments)
    if order.status in SENT and not paid and order.total_fen and not on_delivery:
        yield Contradiction.SENT_UNPAID
    if paid and (not order.total_fen or paid % order.total_fen):
        yield Contradiction.ANOTHER_SUM
    given_back = sum(one.refunded_fen + one.held_fen for one in captured)
    if order.status is OrderStatus.REFUNDED and given_back < paid:
        yield Contradiction.REFUNDED_WITHOUT_REFUND


def _of_times(
    payments: Sequence[PaymentView], parcels: Sequence[ParcelView], now: datetime
) -> Iterator[Contradiction]:
    if any(one.signed_at and one.shipped_at and one.signed_at < one.shipped_at for one in parcels):
        yield Contradiction.SIGNED_BEFORE_SENT
    happened = [one.paid_at for one in payments] + [one.signed_at for one in parcels]
    if any(at is not None and at > now + AHEAD for at in happened):
        yield Contradiction.IN_THE_FUTURE
