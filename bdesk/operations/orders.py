"""What the desk's refunds make of an order's status: 退款中 while one is on its way (RF9)."""

from sqlmodel import Session, col, func, select

from bdesk.models.kinds import REFUND_UNSETTLED, OrderStatus, PaymentState
from bdesk.models.tables import Order, OutboxRow, Payment, Refund

WAS = "order_was"
"""The parameter of a refund's outbox row that keeps the status its order had before."""


def status_before(session: Session, order: Order) -> OrderStatus:
    """The status that the order goes back to if nothing of what is on its way is paid."""
    if order.status is not OrderStatus.REFUNDING:
        return order.status
    rows = session.scalars(
        select(OutboxRow)
        .join(Refund, col(Refund.id) == col(OutboxRow.refund_id))
        .where(Refund.order_id == order.id, col(Refund.state).in_(REFUND_UNSETTLED))
        .order_by(col(OutboxRow.id))
    )
    known = (row.params.get(WAS) for row in rows)
    return next((OrderStatus(str(was)) for was in known if was), order.status)


def settle_status(session: Session, order_id: int, was: OrderStatus | None) -> OrderStatus:
    """Set what the order's refunds make of it, and return it. A cancelled order stays cancelled.

    `was`: its status before the refund that has just come to an end.
    """
    session.flush()
    order = session.get_one(Order, order_id)
    if order.status is OrderStatus.CANCELLED:
        return order.status
    waiting = session.scalars(
        select(Refund.id).where(Refund.order_id == order_id, col(Refund.state).in_(REFUND_UNSETTLED)).limit(1)
    ).first()
    paid, back = session.exec(
        select(func.sum(Payment.amount_fen), func.sum(Payment.refunded_fen)).where(
            Payment.order_id == order_id, Payment.state == PaymentState.SUCCESS
        )
    ).one()
    if waiting is not None:
        order.status = OrderStatus.REFUNDING
    elif back:
        order.status = OrderStatus.REFUNDED if back >= paid else OrderStatus.PART_REFUNDED
    elif was is not None:
        order.status = was
    return order.status
