"""Which goods a case is about, in which parcels they went, and what was really paid for them.

Source: procedures P1 "Part rules"; law file 7: with coupons a part is worth refund x paid / total.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bdesk.models.kinds import OrderStatus, ParcelState
from bdesk.models.views.snapshot import ItemView, OrderView, ParcelView, Snapshot
from bdesk.rules.money import paid_for_units, share_out


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line of the order and how many of its pieces the case is about."""

    item: ItemView
    quantity: int


def chosen(snapshot: Snapshot) -> tuple[Chosen, ...]:
    """The lines the case is about; the whole order when none was chosen."""
    picked = [item for item in snapshot.items if item.chosen]
    if not picked:
        return tuple(Chosen(item, item.quantity) for item in snapshot.items)
    return tuple(Chosen(item, _pieces(item)) for item in picked)


def _pieces(item: ItemView) -> int:
    wanted = item.quantity if item.chosen_quantity is None else item.chosen_quantity
    return max(0, min(wanted, item.quantity))


def all_chosen(snapshot: Snapshot) -> bool:
    """Whether the case is about every piece of the order."""
    pieces = {one.item.id: one.quantity for one in chosen(snapshot)}
    return all(pieces.get(item.id, 0) == item.quantity for item in snapshot.items)


def items_text(named: Iterable[tuple[str, int]]) -> str:
    """Names with quantities, as goods are listed in letters: 电热水壶 x1、滤芯 x2."""
    parts = [f"{name} x{quantity}" for name, quantity in named]
    joint = "、" if any(ord(sign) > 0x2E7F for part in parts for sign in part) else ", "
    return joint.join(parts)


_DELIVERY: Final = {
    ParcelState.PACKED: "unshipped",
    ParcelState.HANDED_OVER: "in_transit",
    ParcelState.IN_TRANSIT: "in_transit",
    ParcelState.OUT_FOR_DELIVERY: "in_transit",
    ParcelState.AT_STATION: "in_transit",
    ParcelState.SIGNED: "signed",
    ParcelState.REFUSED: "returning",
    ParcelState.RETURNED: "returned",
    ParcelState.LOST: "lost",
}
WORST_FIRST: Final = ("lost", "returned", "returning", "unshipped", "in_transit", "signed")


def delivery(state: ParcelState) -> str:
    """The delivery of a parcel in the words of procedures."""
    return _DELIVERY[state]


def _worse(parcel: ParcelView) -> tuple[int, float, int]:
    late = -parcel.signed_at.timestamp() if parcel.signed_at is not None else float("-inf")
    return WORST_FIRST.index(delivery(parcel.state)), late, parcel.id


_PAID_BACK: Final = frozenset({OrderStatus.REFUNDING, OrderStatus.PART_REFUNDED})


def parcel_of(snapshot: Snapshot, item: ItemView) -> ParcelView | None:
    """The parcel of one line; where the shop does not say which, the one that comes last or worst.

    None when it is in none yet: in a partly shipped order only lines with a parcel of their own are, also
    once some of it was paid back.
    """
    if item.parcel_id is not None:
        return next((parcel for parcel in snapshot.parcels if parcel.id == item.parcel_id), None)
    status = snapshot.order.status if snapshot.order is not None else None
    told = any(one.parcel_id is not None for one in snapshot.items)
    if status is OrderStatus.PART_SHIPPED or (told and status in _PAID_BACK):
        return None
    return min(snapshot.parcels, key=_worse, default=None)


def parcels_of(snapshot: Snapshot) -> tuple[ParcelView, ...]:
    """The parcels of the case's goods, the worst first."""
    each = (parcel_of(snapshot, one.item) for one in chosen(snapshot))
    return tuple(sorted({parcel.id: parcel for parcel in each if parcel is not None}.values(), key=_worse))


def unpacked(snapshot: Snapshot) -> bool:
    """Whether some of the case's goods are in no parcel although the order has parcels."""
    return bool(snapshot.parcels) and any(parcel_of(snapshot, one.item) is None for one in chosen(snapshot))


def paid_for_goods(order: OrderView, captured_fen: int) -> int:
    """What was really paid for the goods of an order: no freight, and nothing beyond its price."""
    return max(0, min(order.total_fen, captured_fen) - order.freight_fen)


def line_shares(items: Sequence[ItemView], paid_fen: int) -> tuple[int, ...]:
    """What was paid for each line, by marked price, to the fen: the shares add up to `paid_fen`.

    Goods without a price share by pieces, so that nothing paid is left over.
    """
    worth = [item.price_fen * item.quantity for item in items]
    if not any(worth):
        worth = [item.quantity for item in items]
    return share_out(paid_fen, worth) if any(worth) else (0,) * len(worth)


def worth_of_pieces(share_fen: int, item: ItemView, pieces: int) -> int:
    """What the first `pieces` of a line are worth when the whole line was paid with `share_fen`."""
    return paid_for_units(share_fen, item.quantity, 0, max(0, min(pieces, item.quantity)))
