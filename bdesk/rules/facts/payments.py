"""Facts about how it was paid and how it goes back. Source: law file 7, L14; S0:16, S0:23; P3; E20, E23.

A refund goes back the way it came, the oldest payment first; a second charge from the newest.
"""

from bdesk.models.kinds import OrderStatus, PaymentMethod, PaymentState, RefundReason, WalletState
from bdesk.models.views.snapshot import PaymentView, Snapshot
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import line_shares, paid_for_goods, worth_of_pieces
from bdesk.rules.facts.order import captured, reconciled
from bdesk.rules.walk.values import UNKNOWN, FactValue

ARRIVAL = {
    PaymentMethod.WALLET: "hours_2",
    PaymentMethod.WECHAT: "hours_24",
    PaymentMethod.ALIPAY: "hours_24",
    PaymentMethod.DEBIT_CARD: "days_1_3",
    PaymentMethod.COD: "days_1_3",
    PaymentMethod.CREDIT_CARD: "days_3_7",
    PaymentMethod.INSTALMENT: "days_3_7",
}

_NOT_MADE = (PaymentState.PROCESSING, PaymentState.FAILED, PaymentState.CLOSED)


def excess_fen(snapshot: Snapshot) -> int:
    """What is still captured beyond the price of the goods that were not paid back yet, in fen.

    Never negative, and 0 while there was only one charge: a single charge above the price is the shop's
    price changing, not a second payment.
    """
    made = captured(snapshot)
    if snapshot.order is None or len(made) < 2:
        return 0
    kept = sum(one.amount_fen - one.refunded_fen - one.held_fen for one in made)
    return max(0, kept - _still_owed(snapshot))


def _still_owed(snapshot: Snapshot) -> int:
    """The price of the order less what was paid back for its goods."""
    if snapshot.order is None:
        return 0
    total = snapshot.order.total_fen
    if snapshot.items and all(item.refunded_quantity >= item.quantity for item in snapshot.items):
        return 0
    back = 0
    shares = line_shares(snapshot.items, paid_for_goods(snapshot.order, total))
    for item, share in zip(snapshot.items, shares, strict=True):
        pieces = worth_of_pieces(share, item, item.refunded_quantity)
        back += min(max(pieces, item.refunded_fen), share + snapshot.order.freight_fen)
    return max(0, total - back)


def is_second_charge(snapshot: Snapshot) -> bool:
    """Whether this case asks for a second charge back, not for goods."""
    if snapshot.case.reason is None:
        return excess_fen(snapshot) > 0
    return snapshot.case.reason is RefundReason.DUPLICATE_PAYMENT


def refund_target(snapshot: Snapshot) -> PaymentView | None:
    """The payment this case's refund goes back to first; None when nothing was paid."""
    made = captured(snapshot)
    ordered = tuple(reversed(made)) if is_second_charge(snapshot) else made
    left = [one for one in ordered if one.amount_fen > one.refunded_fen + one.held_fen]
    usable = [one for one in left if not one.path_closed]
    return next(iter((*usable, *left, *ordered)), None)


@fact("payments.status")
def _status(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    if snapshot.order is None:
        return UNKNOWN
    if captured(snapshot):
        if excess_fen(snapshot) > 0:
            return "double"
        unsynced = snapshot.order.status is OrderStatus.PENDING_PAYMENT and not reconciled(snapshot)
        return "success_unsynced" if unsynced else "success"
    states = {payment.state for payment in snapshot.payments}
    return next((state.value for state in _NOT_MADE if state in states), "none")


@fact("payments.method")
def _method(context: FactContext) -> FactValue:
    target = refund_target(context.snapshot)
    if target is not None:
        return target.method.value
    return next((one.method.value for one in reversed(context.snapshot.payments)), UNKNOWN)


@fact("payments.excess_fen")
def _excess(context: FactContext) -> FactValue:
    return UNKNOWN if context.snapshot.order is None else excess_fen(context.snapshot)


@fact("payments.arrival")
def _arrival(context: FactContext) -> FactValue:
    target = refund_target(context.snapshot)
    return UNKNOWN if target is None else ARRIVAL[target.method]


@fact("wallet.frozen")
def _frozen(context: FactContext) -> FactValue:
    if context.snapshot.customer is None:
        return UNKNOWN
    wallet = context.snapshot.wallet
    if wallet is None:
        return False
    open_freeze = wallet.freeze is not None and wallet.freeze.released_at is None
    return open_freeze or wallet.state in (WalletState.FROZEN, WalletState.LIMITED)
