"""Which payments a refund goes back to, and which of them pays for which goods. Pure (law file 7, P1 part
rules)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bdesk.errors import NotAllowed
from bdesk.models.kinds import PaymentMethod, PaymentState
from bdesk.models.views.snapshot import PaymentView
from bdesk.rules.facts.refund import ItemPart


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
    newest. `other` allows payments whose original way is closed, and cash (RF9a).

    Raises NotAllowed("refund.above_paid") when the payments do not hold that much, or for no amount.
    """
    usable = [one for one in payments if one.state is PaymentState.SUCCESS and (other or _open(one))]
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


def over_shares(parts: Sequence[ItemPart], shares: Sequence[Share]) -> tuple[tuple[ItemPart, ...], ...]:
    """The goods that each share pays for, one after the other; the money of an item may come from two.

    Its pieces count with the last of them, so that no piece counts twice. Goods worth more than the
    shares are cut to them; what the shares hold beyond the goods pays for none.
    """
    rows: list[list[ItemPart]] = [[] for _ in shares]
    left = [share.amount_fen for share in shares]
    place = 0
    for part in parts:
        rest = part.amount_fen
        while place < len(shares) - 1 and rest > left[place]:
            if left[place]:
                rows[place].append(ItemPart(part.item_id, 0, left[place]))
                rest -= left[place]
            place += 1
        if shares:
            fen = min(rest, left[place])
            left[place] -= fen
            rows[place].append(ItemPart(part.item_id, part.pieces, fen))
    return tuple(tuple(row) for row in rows)


def _open(payment: PaymentView) -> bool:
    return not payment.path_closed and payment.method is not PaymentMethod.COD
