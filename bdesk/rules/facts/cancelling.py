"""Which goods of a case can still be taken off the order, and why others cannot. Source: P1 RF7a; P2 (split
orders: only the late parcel).

A case about all of an order cancels the order; one about some of its goods takes only those off it, and the
rest goes on as it was. What has a substitute on its way waits until that is late in its turn.
"""

from bdesk.models.kinds import CaseKind, OrderStatus, ParcelState, RefundReason
from bdesk.models.views.snapshot import ItemView, ParcelView, Snapshot
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import all_chosen, chosen, items_text, parcel_of
from bdesk.rules.facts.lateness import Numbers, late, pieces_left, substituted, waiting
from bdesk.rules.walk.values import UNKNOWN, FactValue

SHIPPED, DONE, REPLACED = "order.shipped", "cancelled", "order.replaced"
"""Why goods cannot be cancelled: they left, they were cancelled, others are going out in their place."""

_SENT = frozenset({OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.COMPLETED})
_OVER = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})


def pieces_to_cancel(snapshot: Snapshot) -> dict[int, int]:
    """Of each line of the case (by id) the pieces that neither went back nor were cancelled."""
    left = {one.item.id: pieces_left(one) for one in chosen(snapshot)}
    return {item: pieces for item, pieces in left.items() if pieces}


def takes_all(snapshot: Snapshot) -> bool:
    """Whether nothing of the order is left for the shop to send once the case's goods are cancelled."""
    mine = pieces_to_cancel(snapshot)
    gone = {item.id: max(item.cancelled, item.refunded_quantity) for item in snapshot.items}
    return not any(map(_left_us, snapshot.parcels)) and all(
        mine.get(item.id, 0) + gone[item.id] >= item.quantity for item in snapshot.items
    )


def why_not(snapshot: Snapshot, numbers: Numbers) -> str | None:
    """Why the case's goods cannot be cancelled now, as the code of the refusal; None when they can."""
    order = snapshot.order
    if order is None or order.status in _SENT:
        return SHIPPED
    if order.status in _OVER:
        return DONE
    sent = any(_sent(snapshot, one.item) for one in chosen(snapshot))
    if sent or (all_chosen(snapshot) and any(map(_left_us, snapshot.parcels))):
        return SHIPPED
    if snapshot.items and not pieces_to_cancel(snapshot):
        return DONE
    broken = {one.item.id for one in late(snapshot, numbers)}
    going_out = {one.item_id for one in substituted(snapshot)} - broken
    return None if going_out.isdisjoint(pieces_to_cancel(snapshot)) else REPLACED


def unshipped_part(snapshot: Snapshot, numbers: Numbers) -> dict[int, int]:
    """What "cancel it" means of a delay: the late goods with their pieces; where none is late yet, those
    that wait without a substitute on its way. Empty when nothing waits."""
    swapped = {one.item_id for one in substituted(snapshot)}
    goods = late(snapshot, numbers) or [
        one for one in waiting(snapshot, numbers) if one.item.id not in swapped
    ]
    return {one.item.id: one.pieces for one in goods}


def _sent(snapshot: Snapshot, item: ItemView) -> bool:
    parcel = parcel_of(snapshot, item)
    return parcel is not None and _left_us(parcel)


def _left_us(parcel: ParcelView) -> bool:
    return parcel.state is not ParcelState.PACKED


@fact("order.cancellable")
def _cancellable(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return why_not(context.snapshot, context.limits.numbers) is None


@fact("cancel.items_text")
def _items(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    mine = pieces_to_cancel(context.snapshot)
    return items_text((one.name, mine[one.id]) for one in context.snapshot.items if one.id in mine) or None


@fact("cancel.agreed")
def _agreed(context: FactContext) -> FactValue:
    """Said while the case was a delay: who cancels what was not shipped is asked for neither goods nor
    reason again."""
    case = context.snapshot.case
    said = case.kind is CaseKind.REFUND and context.snapshot.converted_by > 0
    return said and case.reason is RefundReason.UNSHIPPED_CANCEL
