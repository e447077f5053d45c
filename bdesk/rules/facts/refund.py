"""What this case should pay back, and how far its refund is. Source: procedures P1 "Part rules"; law file 7.

For goods: what was really paid for them (coupons taken off in proportion), and the freight when the whole
order goes back or the fault is ours. For a second charge: the excess. Never more than is refundable.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bdesk.models.kinds import REFUND_PAID, CaseKind, RefundReason, RefundState
from bdesk.models.views.snapshot import ItemView, RefundView, Snapshot
from bdesk.rules.cases import cycle_start
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.differences import differences, refused
from bdesk.rules.facts.goods import chosen, line_shares, paid_for_goods, worth_of_pieces
from bdesk.rules.facts.order import captured, refundable_fen
from bdesk.rules.facts.payments import excess_fen, is_second_charge
from bdesk.rules.money import refund_proposal
from bdesk.rules.walk.values import UNKNOWN, FactValue

OUR_FAULT = frozenset(
    {
        RefundReason.QUALITY,
        RefundReason.NOT_RECEIVED,
        RefundReason.WRONG_ITEM,
        RefundReason.MISSING_ITEM,
        RefundReason.NOT_AS_DESCRIBED,
        RefundReason.LATE_SHIPPING,
    }
)
"""Reasons for which the freight goes back with a part of the order too (消法 24)."""


_WORST = (
    RefundState.RECALLED,
    RefundState.ARRIVED,
    RefundState.ACCEPTED,
    RefundState.FAILED,
    RefundState.RELEASED,
    RefundState.HELD,
    RefundState.UNKNOWN,
)
"""States of a refund's parts: what is not settled goes before what failed, and that before what was paid."""


@dataclass(frozen=True, slots=True)
class ItemPart:
    """So many pieces of a line, and what was really paid for them, in fen."""

    item_id: int
    pieces: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a case should pay back: `amount_fen` in all, with the freight, at most what is refundable.

    `parts` are without freight. A second charge has none, and `excess_fen` is what was charged twice.
    """

    parts: tuple[ItemPart, ...]
    excess_fen: int
    amount_fen: int


def proposal(snapshot: Snapshot) -> Proposal | None:
    """What this case should pay back, None without an order."""
    if snapshot.order is None:
        return None
    if is_second_charge(snapshot):
        # Of what is left on the payments, so never above what is refundable.
        excess = excess_fen(snapshot)
        return Proposal((), excess, excess)
    if again := difference_again(snapshot):
        owed = tuple(ItemPart(line, 0, fen) for line, fen in again.items())
        return Proposal(owed, 0, min(sum(again.values()), refundable_fen(snapshot)))
    parts = item_parts(snapshot)
    failed = failed_fen(snapshot)
    amount = refund_proposal(
        sum(part.amount_fen for part in parts),
        freight_fen=_freight_left(snapshot) if any(part.pieces for part in parts) else 0,
        whole_order=_whole(snapshot, parts),
        our_fault=snapshot.case.reason in OUR_FAULT,
        refundable_fen=refundable_fen(snapshot),
    )
    return Proposal(parts, 0, min(amount, failed) if failed else amount)


def item_parts(snapshot: Snapshot) -> tuple[ItemPart, ...]:
    """The pieces the case asks for that were not paid back yet, with what was really paid for them."""
    shares = _shares(snapshot)
    freight = _freight_of(snapshot)
    return tuple(_part(one.item, one.quantity, shares[one.item.id], freight) for one in chosen(snapshot))


def _shares(snapshot: Snapshot) -> dict[int, int]:
    """What was really paid for each line of the order, by the line's id."""
    if snapshot.order is None:
        return {item.id: 0 for item in snapshot.items}
    paid = sum(payment.amount_fen for payment in captured(snapshot))
    shares = line_shares(snapshot.items, paid_for_goods(snapshot.order, paid))
    return {item.id: share for item, share in zip(snapshot.items, shares, strict=True)}


def _part(item: ItemView, wanted: int, share: int, freight: int) -> ItemPart:
    before = min(item.refunded_quantity, item.quantity)
    pieces = min(wanted, item.quantity - before)
    gone = worth_of_pieces(share, item, before)
    worth = worth_of_pieces(share, item, before + pieces) - gone
    # Money paid back without pieces (a scratch, a price difference) lowers what the rest is worth; what
    # went back beyond the pieces may also have been the freight.
    only_money = max(0, item.refunded_fen - gone - freight) if before else item.refunded_fen
    return ItemPart(item.id, pieces, min(worth, max(0, share - gone - only_money)))


def _freight_of(snapshot: Snapshot) -> int:
    return 0 if snapshot.order is None else min(snapshot.order.freight_fen, snapshot.order.total_fen)


def _freight_left(snapshot: Snapshot) -> int:
    """The freight less what went back beyond the worth of pieces paid back before."""
    shares = _shares(snapshot)
    before = sum(
        max(0, item.refunded_fen - worth_of_pieces(shares[item.id], item, item.refunded_quantity))
        for item in snapshot.items
        if item.refunded_quantity
    )
    return max(0, _freight_of(snapshot) - before)


def _whole(snapshot: Snapshot, parts: tuple[ItemPart, ...]) -> bool:
    """Whether the whole order has gone back once these parts have."""
    pieces = {part.item_id: part.pieces for part in parts}
    return all(pieces.get(item.id, 0) + item.refunded_quantity >= item.quantity for item in snapshot.items)


def refund_of_cycle(snapshot: Snapshot) -> RefundView | None:
    """The newest refund of this case in this cycle that was not recalled; of one that goes back to several
    payments, the part that is worst off."""
    newest = refunds_of_cycle(snapshot)
    return max(newest, key=lambda one: (_WORST.index(one.state), one.id), default=None)


def failed_fen(snapshot: Snapshot) -> int:
    """How much of the case's newest refund was definitely refused: what is still to be paid, another way."""
    newest = refunds_of_cycle(snapshot)
    return sum(one.amount_fen for one in newest if one.state is RefundState.FAILED)


def refunds_of_cycle(snapshot: Snapshot) -> tuple[RefundView, ...]:
    """The newest refund of this case in this cycle, in all its parts: they are committed together.

    Differences in price that were refused go before it, all of them, of whichever cycle: they are owed still.
    Only a case that is a refund has its own to settle first, and a difference that was paid is none of that.
    """
    ever, since = _of_case(snapshot), cycle_start(snapshot)
    mine = [one for one in ever if one.committed_at >= since]
    owed = refused(snapshot, ever, _left(snapshot))
    if snapshot.case.kind is not CaseKind.REFUND:
        return owed or _newest(mine)
    beside = differences(snapshot, ever)
    own = _newest([one for one in mine if one not in beside])
    paid = bool(own) and all(one.state in REFUND_PAID for one in own)
    return owed if paid and owed else own


def difference_again(snapshot: Snapshot) -> dict[int, int]:
    """The lines, with their fen, of the price differences that are to be paid again now; empty where the
    refund at hand is another."""
    at_hand, left = refunds_of_cycle(snapshot), _left(snapshot)
    if not at_hand or at_hand != refused(snapshot, _of_case(snapshot), left):
        return {}
    lines: dict[int, int] = {}
    for one in at_hand:
        for line, fen in one.lines:
            lines[line] = min(left[line], lines.get(line, 0) + fen)
    return {line: fen for line, fen in sorted(lines.items()) if fen}


def _left(snapshot: Snapshot) -> dict[int, int]:
    """What was paid for each line and has not gone back, in fen."""
    shares = _shares(snapshot)
    return {item.id: max(0, shares[item.id] - item.refunded_fen) for item in snapshot.items}


def _of_case(snapshot: Snapshot) -> list[RefundView]:
    mine = (one for one in snapshot.refunds if one.case_id == snapshot.case.id)
    return [one for one in mine if one.state is not RefundState.RECALLED]


def _newest(refunds: Sequence[RefundView]) -> tuple[RefundView, ...]:
    last = max((one.committed_at for one in refunds), default=None)
    return tuple(one for one in refunds if one.committed_at == last)


@fact("refund.proposed_fen")
def _proposed(context: FactContext) -> FactValue:
    found = proposal(context.snapshot)
    return UNKNOWN if found is None else found.amount_fen


@fact("refund.state")
def _state(context: FactContext) -> FactValue:
    refund = refund_of_cycle(context.snapshot)
    return "none" if refund is None else refund.state.value


@fact("refund.amount_fen")
def _amount(context: FactContext) -> FactValue:
    parts = refunds_of_cycle(context.snapshot)
    return sum(one.amount_fen for one in parts) if parts else None


@fact("refund.no")
def _no(context: FactContext) -> FactValue:
    refund = refund_of_cycle(context.snapshot)
    return None if refund is None else refund.refund_no


@fact("refund.target_registered")
def _target_registered(context: FactContext) -> FactValue:
    return context.snapshot.target_registered
