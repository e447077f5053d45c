"""How much can still go back the way it came. Source: law file 7, L14; B0.7 (another method: card closed, a
year over); E21, E23.

An order paid in several ways has several original paths; one of them may be closed while another is open.
"""

from datetime import timedelta

from bdesk.models.kinds import PaymentMethod
from bdesk.models.views.snapshot import PaymentView
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.order import captured
from bdesk.rules.facts.payments import refund_target
from bdesk.rules.facts.refund import proposal
from bdesk.rules.money import refundable
from bdesk.rules.walk.values import UNKNOWN, FactValue


def path_open(context: FactContext, payment: PaymentView) -> bool | None:
    """Whether a payment can go back the way it came; None when the day it was made is not known."""
    if payment.method is PaymentMethod.COD or payment.path_closed:
        return False
    if payment.paid_at is None:
        return None
    limit = timedelta(days=context.limits.numbers["original_path_days"])
    return context.snapshot.now <= payment.paid_at + limit


def open_fen(context: FactContext) -> int | None:
    """What can still go back by original paths, in fen; None when a payment's day is not known."""
    total = 0
    for payment in captured(context.snapshot):
        left = refundable(payment.amount_fen, payment.refunded_fen, payment.held_fen)
        is_open = path_open(context, payment)
        if left and is_open is None:
            return None
        total += left if is_open else 0
    return total


@fact("payments.open_fen")
def _open_fen(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    found = open_fen(context)
    return UNKNOWN if found is None else found


@fact("payments.original_open")
def _original_open(context: FactContext) -> FactValue:
    """All of what the case should pay back; when that is nothing, the path it would take."""
    target, found = refund_target(context.snapshot), proposal(context.snapshot)
    if target is None or found is None:
        return UNKNOWN
    first = path_open(context, target)
    if not found.amount_fen:
        return UNKNOWN if first is None else first
    most = open_fen(context)
    return UNKNOWN if most is None else most >= found.amount_fen
