"""Payments of an order. They are added and changed, never taken away, and never fall below what of them was
or is being paid back."""

from collections.abc import Iterable

from sqlmodel import select

from bdesk.errors import BadInput
from bdesk.models.kinds import PaymentState
from bdesk.models.tables import Order, Payment
from bdesk.operations.importing.change import Change, Job, only_once, row_id, without
from bdesk.operations.importing.columns import Values
from bdesk.operations.importing.refunds import put_refunds


def put_payments(job: Job, order: Order, given: Iterable[Values], change: Change) -> None:
    """Raises BadInput: import.twice, import.elsewhere for a number of another order, import.no_paid_at,
    import.payment_in_use for an amount, a state or a method that a refund stands on."""
    rows = list(given)
    only_once((one["payment_no"] for one in rows), "payments")
    session = job.unit.session
    for one in rows:
        if one["state"] is PaymentState.SUCCESS and one.get("paid_at") is None:
            raise BadInput("import.no_paid_at", key=one["payment_no"])
        statement = select(Payment).where(Payment.payment_no == one["payment_no"]).with_for_update()
        row = session.scalars(statement).first()
        plain = without(one, "refunds") | {"as_of": order.as_of}
        if row is None:
            row = Payment(**plain, order_id=row_id(order))
            session.add(row)
            session.flush()
            change.columns.add("payments")
        else:
            _change(row, order, plain, change)
        put_refunds(job, order, row, one.get("refunds", ()), change)


def _change(row: Payment, order: Order, plain: Values, change: Change) -> None:
    if row.order_id != order.id:
        raise BadInput("import.elsewhere", key=row.payment_no)
    taken = row.refunded_fen + row.held_fen
    if taken:
        other = plain["state"] is not row.state or plain["method"] is not row.method
        if other or plain["amount_fen"] < taken:
            raise BadInput("import.payment_in_use", key=row.payment_no, taken_fen=taken)
    row.as_of = plain["as_of"]
    change.put(row, without(plain, "as_of"), under="payments.")
