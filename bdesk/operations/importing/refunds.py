"""Refunds that came with an order. They take up what was paid just as the desk's own do, in one guarded
update; the desk's own are only ever confirmed by an import, never changed."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlmodel import col, select

from bdesk.errors import BadInput
from bdesk.models.kinds import REFUND_PAID, REFUND_UNSETTLED, REFUND_VOID, RefundReason, RefundState
from bdesk.models.tables import Order, OrderItem, Payment, Refund, RefundItem
from bdesk.operations.arrivals import money_arrived
from bdesk.operations.importing.change import Change, Job, only_once, row_id, without
from bdesk.operations.importing.columns import Shape, Values, choice, fen, instant, several, text, whole

_ITEM = Shape(
    "refunds.items",
    (
        whole("line", 1, 100_000, required=True),
        whole("quantity", 1, 1_000_000, required=True),
        fen("amount_fen", required=True),
    ),
)
SHAPE = Shape(
    "refunds",
    (
        text("refund_no", 40, required=True),
        fen("amount_fen", required=True),
        # Held is what waits in this desk's own outbox; nobody else can say it.
        choice("state", RefundState, required=True, only=frozenset(RefundState) - {RefundState.HELD}),
        choice("reason", RefundReason),
        instant("committed_at", required=True),
        instant("accepted_at"),
        instant("arrived_at"),
        text("failure", 64, empty=True),
        several("items", _ITEM),
    ),
)


def put_refunds(job: Job, order: Order, payment: Payment, given: Iterable[Values], change: Change) -> None:
    """Add and change refunds of one payment.

    Raises BadInput: import.twice, import.elsewhere, import.own_refund, import.above_paid,
    import.refund_items.
    """
    rows = list(given)
    only_once((one["refund_no"] for one in rows), "refunds")
    session = job.unit.session
    for one in rows:
        found = session.scalars(select(Refund).where(Refund.refund_no == one["refund_no"])).first()
        if found is not None and found.payment_id != payment.id:
            raise BadInput("import.elsewhere", key=one["refund_no"])
        if found is not None and found.case_id is not None:
            _confirm(job, found, one, change)
        else:
            _put(job, order, payment, found, one, change)


def _confirm(job: Job, own: Refund, one: Values, change: Change) -> None:
    """A refund of this desk: the shop may say that it arrived, once the channel has taken it."""
    paid_twice = own.state in REFUND_VOID and one["state"] in REFUND_PAID
    if own.amount_fen != one["amount_fen"] or paid_twice:
        raise BadInput("import.own_refund", key=own.refund_no, state=own.state, amount_fen=own.amount_fen)
    if own.state is RefundState.ACCEPTED and one["state"] is RefundState.ARRIVED:
        arrived = one.get("arrived_at")
        change.put(own, {"state": RefundState.ARRIVED, "arrived_at": arrived}, under="refunds.")
        money_arrived(job.unit, job.ctx, own, arrived or job.unit.now)


def _put(job: Job, order: Order, payment: Payment, row: Refund | None, one: Values, change: Change) -> None:
    session = job.unit.session
    plain = without(one, "items")
    before = (0, 0) if row is None else _takes(row.state, row.amount_fen)
    after = _takes(one["state"], one["amount_fen"])
    _take(job, payment, after[0] - before[0], after[1] - before[1])
    if row is None:
        row = Refund(
            **plain,
            order_id=row_id(order),
            payment_id=row_id(payment),
            customer_id=order.customer_id,
            method=payment.method,
        )
        session.add(row)
        session.flush()
        change.columns.add("refunds")
    else:
        change.put(row, plain, under="refunds.")
    _items(job, order, row, one.get("items", ()), change)


def _takes(state: RefundState, amount_fen: int) -> tuple[int, int]:
    """What a refund takes up of its payment: (paid back, under way), in fen."""
    if state in REFUND_PAID:
        return amount_fen, 0
    return (0, amount_fen) if state in REFUND_UNSETTLED else (0, 0)


def _take(job: Job, payment: Payment, refunded_fen: int, held_fen: int) -> None:
    """Move what is taken up of a payment, never above what was paid nor below what others take up."""
    if not refunded_fen and not held_fen:
        return
    session = job.unit.session
    session.flush()
    refunded, held = col(Payment.refunded_fen) + refunded_fen, col(Payment.held_fen) + held_fen
    done = session.execute(
        update(Payment)
        .where(col(Payment.id) == payment.id, refunded >= 0, held >= 0)
        .where(refunded + held <= col(Payment.amount_fen))
        .values(refunded_fen=refunded, held_fen=held, version=Payment.version + 1)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise BadInput("import.above_paid", key=payment.payment_no, paid_fen=payment.amount_fen)
    session.refresh(payment)


def _items(job: Job, order: Order, refund: Refund, given: Iterable[Values], change: Change) -> None:
    rows = list(given)
    only_once((one["line"] for one in rows), "refunds.items")
    if sum(one["amount_fen"] for one in rows) > refund.amount_fen:
        raise BadInput("import.refund_items", key=refund.refund_no)
    session = job.unit.session
    for one in rows:
        item = session.scalars(
            select(OrderItem).where(OrderItem.order_id == order.id, OrderItem.line == one["line"])
        ).first()
        if item is None or one["quantity"] > item.quantity:
            raise BadInput("import.refund_items", key=refund.refund_no)
        found = session.scalars(
            select(RefundItem).where(RefundItem.refund_id == refund.id, RefundItem.item_id == item.id)
        ).first()
        plain = without(one, "line")
        if found is None:
            session.add(RefundItem(**plain, refund_id=row_id(refund), item_id=row_id(item)))
            change.columns.add("refunds.items")
        else:
            change.put(found, plain, under="refunds.items.")
