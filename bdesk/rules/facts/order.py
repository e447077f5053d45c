"""Facts about the order and what was paid for it. A case without an order knows none of them but one."""

from bdesk.models.kinds import REFUND_VOID, Contradiction, OrderStatus, PaymentState
from bdesk.models.views.snapshot import PaymentView, RefundView, Snapshot
from bdesk.rules.contradictions import contradictions
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import items_text
from bdesk.rules.facts.product import exclusion_confirmed
from bdesk.rules.money import refundable
from bdesk.rules.walk.values import UNKNOWN, FactValue

RECONCILE, FIXED = "reconcile", "fixed"
"""A question to the payment department: whether a charge stands on its order, and the answer that it does."""


def captured(snapshot: Snapshot) -> tuple[PaymentView, ...]:
    """The payments that were really made, oldest first."""
    made = (payment for payment in snapshot.payments if payment.state is PaymentState.SUCCESS)
    return tuple(sorted(made, key=lambda one: (one.paid_at is None, one.paid_at, one.id)))


def refundable_fen(snapshot: Snapshot) -> int:
    """Paid minus refunded minus what is on its way back, in fen."""
    return sum(refundable(one.amount_fen, one.refunded_fen, one.held_fen) for one in captured(snapshot))


def refunds_of_order(snapshot: Snapshot) -> tuple[RefundView, ...]:
    """Refunds of the order that stand, newest first."""
    made = (refund for refund in snapshot.refunds if refund.state not in REFUND_VOID)
    return tuple(sorted(made, key=lambda one: (one.committed_at, one.id), reverse=True))


def reconciled(snapshot: Snapshot) -> bool:
    """Whether the payment department put the order right since the shop last told of it (PF6): its word
    counts until newer data of the shop arrives, whatever that says."""
    as_of = snapshot.order.as_of if snapshot.order is not None else None
    return any(
        one.what == RECONCILE
        and one.finding == FIXED
        and one.answered_at is not None
        and (as_of is None or one.answered_at >= as_of)
        for one in snapshot.tasks
    )


def status_of(snapshot: Snapshot) -> OrderStatus | None:
    """How the order stands: as the shop told, or paid where the payment department put that right (PF6)."""
    order = snapshot.order
    if order is None:
        return None
    unsynced = order.status is OrderStatus.PENDING_PAYMENT and bool(captured(snapshot))
    return OrderStatus.PAID if unsynced and reconciled(snapshot) else order.status


def contradictions_of(snapshot: Snapshot) -> tuple[Contradiction, ...]:
    """What of the case's order cannot all be true."""
    order = snapshot.order
    if order is None:
        return ()
    return contradictions(order, snapshot.items, snapshot.payments, snapshot.parcels, snapshot.now)


@fact("order.known")
def _known(context: FactContext) -> FactValue:
    return context.snapshot.order is not None


@fact("order.no")
def _no(context: FactContext) -> FactValue:
    order = context.snapshot.order
    return UNKNOWN if order is None else order.order_no


@fact("order.items_text")
def _items_text(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return items_text((item.name, item.quantity) for item in context.snapshot.items)


@fact("order.lines_text")
def _lines_text(context: FactContext) -> FactValue:
    """With the numbers by which a part of the order is chosen, where there is something to choose."""
    if context.snapshot.order is None:
        return UNKNOWN
    lines = sorted(context.snapshot.items, key=lambda item: item.line)
    several = len(lines) > 1
    return items_text((f"{item.line} {item.name}" if several else item.name, item.quantity) for item in lines)


@fact("order.ordered_at")
def _ordered_at(context: FactContext) -> FactValue:
    order = context.snapshot.order
    return UNKNOWN if order is None else order.placed_at


@fact("order.status")
def _status(context: FactContext) -> FactValue:
    status = status_of(context.snapshot)
    return UNKNOWN if status is None else status.value


@fact("order.paid_fen")
def _paid(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return sum(one.amount_fen for one in captured(context.snapshot))


@fact("order.refunded_fen")
def _refunded(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return sum(one.refunded_fen for one in captured(context.snapshot))


@fact("order.refundable_fen")
def _refundable(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else refundable_fen(context.snapshot)


@fact("order.last_refund_at")
def _last_refund_at(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return next((one.committed_at for one in refunds_of_order(context.snapshot)), None)


@fact("order.last_refund_fen")
def _last_refund_fen(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return next((one.amount_fen for one in refunds_of_order(context.snapshot)), None)


@fact("order.contradictions")
def _contradictions(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return tuple(one.value for one in contradictions_of(context.snapshot))


@fact("order.exclusion_confirmed")
def _exclusion_confirmed(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return exclusion_confirmed(context.snapshot)
