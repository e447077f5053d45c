"""Facts about where the goods are; the worst parcel counts. Source: S0:19, S0:27; P1 RF6, RF7."""

from datetime import datetime, timedelta

from bdesk.models.kinds import OrderStatus, ParcelState, SignedBy
from bdesk.models.views.snapshot import ParcelView, ScanView, Snapshot
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import delivery, parcels_of, unpacked
from bdesk.rules.walk.values import UNKNOWN, FactValue

_BY_STATUS = {
    OrderStatus.SHIPPED: "in_transit",
    OrderStatus.SIGNED: "signed",
    OrderStatus.COMPLETED: "signed",
}
_MOVING = frozenset({"in_transit", "returning"})


def worst(snapshot: Snapshot) -> ParcelView | None:
    """The parcel that counts, None when the case's goods are in none."""
    parcels = parcels_of(snapshot)
    return parcels[0] if parcels else None


def signed(snapshot: Snapshot) -> ParcelView | None:
    """The parcel of the case's goods that was signed for first."""
    done = [parcel for parcel in parcels_of(snapshot) if parcel.signed_at is not None]
    return min(done, key=lambda one: (one.signed_at, one.id), default=None)


def newest_scan(parcel: ParcelView) -> ScanView | None:
    return max(parcel.scans, key=lambda scan: scan.at, default=None)


def last_scan_at(parcel: ParcelView) -> datetime | None:
    """The newest scan's time: the courier's own field, or that of a newer scan we hold."""
    times = [scan.at for scan in parcel.scans]
    return max(times if parcel.last_scan_at is None else [*times, parcel.last_scan_at], default=None)


@fact("parcel.state")
def _state(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    if snapshot.order is None:
        return UNKNOWN
    if not snapshot.parcels:
        return _BY_STATUS.get(snapshot.order.status, "unshipped")
    parcel = worst(snapshot)
    state = "unshipped" if parcel is None else delivery(parcel.state)
    return "unshipped" if state in ("in_transit", "signed") and unpacked(snapshot) else state


@fact("parcel.signed_on")
def _signed_on(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = signed(context.snapshot)
    if parcel is None or parcel.signed_at is None:
        return None
    return context.calendar.date_of(parcel.signed_at)


@fact("parcel.signed_days")
def _signed_days(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = signed(context.snapshot)
    if parcel is None or parcel.signed_at is None:
        return None
    since = context.calendar.date_of(parcel.signed_at)
    return max(0, (context.calendar.date_of(context.snapshot.now) - since).days)


@fact("parcel.signed_by")
def _signed_by(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = signed(context.snapshot)
    return None if parcel is None else (parcel.signed_by or SignedBy.UNKNOWN).value


@fact("parcel.carrier")
def _carrier(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = worst(context.snapshot)
    return None if parcel is None else parcel.carrier


@fact("parcel.last_scan_at")
def _last_scan_at(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = worst(context.snapshot)
    return None if parcel is None else last_scan_at(parcel)


@fact("parcel.last_scan")
def _last_scan(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = worst(context.snapshot)
    scan = None if parcel is None else newest_scan(parcel)
    return None if scan is None else scan.text


@fact("parcel.silent_days")
def _silent_days(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcel = worst(context.snapshot)
    if parcel is None or not (delivery(parcel.state) in _MOVING or parcel.state is ParcelState.LOST):
        return None
    since = last_scan_at(parcel) or parcel.shipped_at
    return None if since is None else max(timedelta(0), context.snapshot.now - since) // timedelta(days=1)


@fact("parcel.interceptable")
def _interceptable(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    parcels = parcels_of(context.snapshot)
    return bool(parcels) and all(
        delivery(parcel.state) == "in_transit" and parcel.state is not ParcelState.OUT_FOR_DELIVERY
        for parcel in parcels
    )
