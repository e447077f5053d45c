"""The payments of an order, held while money or new goods go out for it: what two cases of an order share, so
that of two at once the second is asked with what the first did.
"""

from sqlmodel import col, select

from bdesk.errors import FactsMoved
from bdesk.models.kinds import PaymentState
from bdesk.models.tables import Payment
from bdesk.operations.change import row_id
from bdesk.operations.effects.call import EffectCall


def held_payments(call: EffectCall, order_id: int) -> dict[int, Payment]:
    """The order's payments by id, locked where the database locks rows; on SQLite this transaction holds the
    file.

    What limits, flags and guards were asked with must still be so under the lock: raises FactsMoved where
    another case of the order took money from it meanwhile.
    """
    payments = call.act.unit.session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id, Payment.state == PaymentState.SUCCESS)
        .order_by(col(Payment.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row_id(payment): payment for payment in payments}
    seen = {one.id: (one.refunded_fen, one.held_fen) for one in call.stand.snapshot.payments}
    if any(seen.get(number) != (one.refunded_fen, one.held_fen) for number, one in found.items()):
        raise FactsMoved(("order.refundable_fen",))
    return found
