"""Which goods of a case are late, since when, and what that is worth. Source: S0:19 to S0:22; P2; B0.6, B0.7.

Only what is in no courier's hands can be late: of a split order the rest of it, and a waybill that was never
scanned counts as no parcel at all. The promise is the shop's estimate, else so many hours from the payment;
goods that were put in place of others have a promise of their own from that moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bdesk.models.kinds import REFUND_VOID, DelayCause, OrderStatus, ParcelState, PaymentMethod, PaymentState
from bdesk.models.views.snapshot import DelayView, ItemView, ParcelView, Snapshot, SubstitutionView
from bdesk.rules.facts.goods import Chosen, chosen, parcel_of
from bdesk.rules.facts.order import reconciled

Numbers = Mapping[str, int]

NOT_OURS: Final = frozenset({DelayCause.WEATHER})
"""Causes for which nobody is compensated: force majeure (law file 8)."""

_SENT: Final = frozenset({OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.COMPLETED})
_OVER: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})
_HANDED_OVER: Final = frozenset({ParcelState.HANDED_OVER, ParcelState.IN_TRANSIT})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the case that was not shipped: how many of its pieces, and by when it was promised."""

    item: ItemView
    pieces: int
    due_at: datetime

    @property
    def price_fen(self) -> int:
        return self.item.price_fen * self.pieces


def waiting(snapshot: Snapshot, numbers: Numbers) -> tuple[Waiting, ...]:
    """The case's goods that nobody has handed to a courier, those promised first in front. What was not
    paid waits for its payment, and is promised to nobody."""
    order = snapshot.order
    if order is None or order.status in _OVER or awaits_payment(snapshot):
        return ()
    left = ((one.item, pieces_left(one)) for one in chosen(snapshot))
    found = [
        Waiting(item, pieces, _due_of(snapshot, item, numbers))
        for item, pieces in left
        if pieces and _unshipped(snapshot, item, numbers)
    ]
    return tuple(sorted(found, key=lambda one: (one.due_at, one.item.line)))


def late(snapshot: Snapshot, numbers: Numbers) -> tuple[Waiting, ...]:
    """Those of them whose promise has passed."""
    return tuple(one for one in waiting(snapshot, numbers) if one.due_at < snapshot.now)


def awaits_payment(snapshot: Snapshot) -> bool:
    """Whether the order stands still because it was not paid (S0:23). Cash on delivery is paid at the door;
    money that arrived without the order knowing of it is for the payment group, until that has put it right.
    """
    if any(one.method is PaymentMethod.COD for one in snapshot.payments):
        return False
    paid = any(one.state is PaymentState.SUCCESS for one in snapshot.payments)
    unsynced = snapshot.order is not None and snapshot.order.status is OrderStatus.PENDING_PAYMENT
    return not paid or (unsynced and not reconciled(snapshot))


def is_fake(snapshot: Snapshot, parcel: ParcelView, numbers: Numbers) -> bool:
    """A waybill that no courier ever scanned, long enough after it was written (P2, SD8)."""
    if parcel.state not in _HANDED_OVER or parcel.scans or parcel.last_scan_at is not None:
        return False
    since = parcel.shipped_at
    return since is not None and snapshot.now - since >= timedelta(hours=numbers["first_scan_hours"])


def fake_parcels(snapshot: Snapshot, numbers: Numbers) -> bool:
    """Whether any of the case's goods are in such a parcel."""
    parcels = (parcel_of(snapshot, one.item) for one in chosen(snapshot))
    return any(one is not None and is_fake(snapshot, one, numbers) for one in parcels)


def cause_now(snapshot: Snapshot) -> DelayView | None:
    """The stored cause, as long as it explains anything: its date lies ahead, and of the case's goods some
    were not put in place of others since."""
    stored = snapshot.delay
    if stored is None or (stored.eta is not None and stored.eta <= snapshot.now):
        return None
    swapped = {one.item_id for one in substituted(snapshot) if one.committed_at > stored.at}
    owed = {one.item.id for one in chosen(snapshot) if pieces_left(one)}
    return None if swapped and owed <= swapped else stored


def delay_key(due_at: datetime) -> str:
    """What a delay is known by: the promise that was broken. One promise is compensated once."""
    return f"delay:{due_at:%Y%m%dT%H%M}"


def compensated(snapshot: Snapshot, numbers: Numbers) -> bool:
    """Whether this delay was compensated: whatever was given for the order since its promise was broken,
    by the desk or by the shop."""
    broken = late(snapshot, numbers)
    if not broken:
        return False
    since = broken[0].due_at
    given = (one for one in snapshot.compensations if one.state not in REFUND_VOID)
    return any(one.committed_at >= since or one.delay_key == delay_key(since) for one in given)


def given_fen(snapshot: Snapshot) -> int:
    """Compensation given for the order, in fen, for whichever delay."""
    return sum(one.amount_fen for one in snapshot.compensations if one.state not in REFUND_VOID)


def substituted(snapshot: Snapshot) -> tuple[SubstitutionView, ...]:
    """The substitutes that were given for the order."""
    return tuple(one for one in snapshot.substitutions if one.state not in REFUND_VOID)


def pieces_left(one: Chosen) -> int:
    """How many of them the shop still owes: neither paid back nor cancelled."""
    gone = max(one.item.refunded_quantity, one.item.cancelled)
    return max(0, min(one.quantity, one.item.quantity - gone))


def _unshipped(snapshot: Snapshot, item: ItemView, numbers: Numbers) -> bool:
    parcel = parcel_of(snapshot, item)
    if parcel is not None:
        return parcel.state is ParcelState.PACKED or is_fake(snapshot, parcel, numbers)
    # The shop says that it was sent, without saying in what.
    sent = snapshot.order is not None and snapshot.order.status in _SENT
    return not (sent and not snapshot.parcels)


def _due_of(snapshot: Snapshot, item: ItemView, numbers: Numbers) -> datetime:
    usual = timedelta(hours=numbers["ship_hours"])
    swapped = [one.committed_at for one in substituted(snapshot) if one.item_id == item.id]
    if swapped:
        return max(swapped) + usual
    order = snapshot.order
    if order is None:
        return snapshot.now
    if order.estimated_ship_at is not None:
        return order.estimated_ship_at
    longest = timedelta(days=numbers["presale_days"]) if order.presale else usual
    paid = [one.paid_at for one in snapshot.payments if one.paid_at and one.state is PaymentState.SUCCESS]
    return min(paid, default=order.placed_at) + longest
