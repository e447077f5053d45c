"""Facts about paying again: why a payment failed, what the channel allows, whether the order can be paid.

Source: P3 PF2 to PF8; S3:32, S3:60; S0:23. An order is paid once: whoever may have paid already is never
told to pay again.
"""

from bdesk.models.kinds import OrderStatus, PaymentFailure, PaymentState
from bdesk.models.views.snapshot import ItemView, PaymentView, Snapshot
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.order import captured
from bdesk.rules.walk.values import UNKNOWN, FactValue


def newest_payment(snapshot: Snapshot) -> PaymentView | None:
    """The payment of the order that was begun last."""
    return max(snapshot.payments, key=lambda one: one.id, default=None)


def failure_of(snapshot: Snapshot) -> PaymentFailure | None:
    """Why the newest payment failed, where the channel said so."""
    newest = newest_payment(snapshot)
    return newest.failure if newest is not None and newest.state is PaymentState.FAILED else None


def cap_fen(context: FactContext) -> int | None:
    """The most that one payment by the method used last may be, in fen; None without a cap."""
    newest = newest_payment(context.snapshot)
    return None if newest is None else context.limits.caps_fen.get(newest.method)


def not_payable(snapshot: Snapshot) -> FactValue:
    """Why the order cannot be paid (again) now, None when nothing stands in the way (PF8).

    UNKNOWN while nothing speaks against it but the shop did not say until when it may be paid, or what is
    in stock.
    """
    order = snapshot.order
    if order is None:
        return UNKNOWN
    if captured(snapshot):
        return "paid"
    if any(one.state is PaymentState.PROCESSING for one in snapshot.payments):
        return "processing"
    if order.status is not OrderStatus.PENDING_PAYMENT:
        return "order_closed"
    if order.pay_by is not None and snapshot.now >= order.pay_by:
        return "expired"
    if any(one.stock is not None and one.stock < one.quantity for one in snapshot.items):
        return "out_of_stock"
    if any(_price_moved(one) for one in snapshot.items):
        return "price_changed"
    untold = order.pay_by is None or any(one.stock is None for one in snapshot.items)
    return UNKNOWN if untold else None


def _price_moved(item: ItemView) -> bool:
    return item.list_price_fen is not None and item.list_price_fen != item.price_fen


@fact("payments.failure")
def _failure(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    failure = failure_of(context.snapshot)
    return None if failure is None else failure.value


@fact("payments.cap_fen")
def _cap(context: FactContext) -> FactValue:
    return UNKNOWN if newest_payment(context.snapshot) is None else cap_fen(context)


@fact("payments.over_cap")
def _over_cap(context: FactContext) -> FactValue:
    order = context.snapshot.order
    if order is None or newest_payment(context.snapshot) is None:
        return UNKNOWN
    cap = cap_fen(context)
    return cap is not None and order.total_fen > cap


@fact("order.total_fen")
def _total(context: FactContext) -> FactValue:
    order = context.snapshot.order
    return UNKNOWN if order is None else order.total_fen


@fact("order.pay_by")
def _pay_by(context: FactContext) -> FactValue:
    order = context.snapshot.order
    return UNKNOWN if order is None else order.pay_by


@fact("order.not_payable")
def _not_payable(context: FactContext) -> FactValue:
    return not_payable(context.snapshot)


@fact("order.payable")
def _payable(context: FactContext) -> FactValue:
    why = not_payable(context.snapshot)
    return UNKNOWN if why is UNKNOWN else why is None
