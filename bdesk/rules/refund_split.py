"""Which payment a refund goes back to and which pieces it pays for. Pure (law file 7, P1 part rules)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bdesk.errors import NotAllowed
from bdesk.models.kinds import PaymentMethod, PaymentState
from bdesk.models.views.snapshot import PaymentView, Snapshot


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a refund goes back to this payment."""

    payment_id: int
    method: PaymentMethod
    amount_fen: int


def left_of(payment: PaymentView) -> int:
    """What can still go back to a payment, in fen."""
    return max(0, payment.amount_fen - payment.refunded_fen - payment.held_fen)


def payment_shares(
    payments: Sequence[PaymentView], amount_fen: int, *, excess: bool = False, other: bool = False
) -> tuple[Share, ...]:
    """Split a refund over the payments it came from, the oldest first; an excess charge goes back to the
    newest. `other` allows payments whose original way is closed (RF9a).

    Raises NotAllowed("refund.above_paid") when the payments do not hold that much.
    """
    usable = [one for one in payments if one.state is PaymentState.SUCCESS and (other or not one.path_closed)]
    usable.sort(key=lambda one: (one.paid_at is None, one.paid_at, one.id), reverse=excess)
    shares: list[Share] = []
    rest = amount_fen
    for payment in usable:
        part = min(rest, left_of(payment))
        if part > 0:
            shares.append(Share(payment.id, payment.method, part))
            rest -= part
    if rest > 0 or amount_fen <= 0:
        raise NotAllowed("refund.above_paid", amount_fen=amount_fen, paid_fen=sum(map(left_of, usable)))
    return tuple(shares)


def item_shares(snapshot: Snapshot, amount_fen: int, *, whole: bool) -> tuple[tuple[int, int, int], ...]:
    """(item, pieces, fen) for a refund of the case's items, by their marked price, summing to the amount.

    `whole`: the pieces are paid back for good and cannot be refunded again. A refund of a part of their
    price (a scratch, a price difference) leaves the pieces with the customer: 0 pieces, only money.
    """
    chosen = [item for item in snapshot.items if item.chosen and item.quantity > item.refunded_quantity]
    if not chosen:
        return ()
    worth = [item.price_fen * (item.quantity - item.refunded_quantity) for item in chosen]
    total = sum(worth)
    shares: list[tuple[int, int, int]] = []
    given = 0
    for position, item in enumerate(chosen):
        last = position == len(chosen) - 1
        fen = amount_fen - given if last else (amount_fen * worth[position] // total if total else 0)
        given += fen
        shares.append((item.id, item.quantity - item.refunded_quantity if whole else 0, fen))
    return tuple(shares)
