"""Parcels, their scans, and the refunds that came of some orders."""

from datetime import datetime, timedelta

from bdesk.models.kinds import OrderStatus, ParcelState, RefundReason, RefundState, SignedBy
from bdesk.models.tables import Parcel, Refund, RefundItem, Scan
from bdesk.training.draw import Draw
from bdesk.training.rows import Row
from bdesk.training.words.goods import CARRIERS, SCANS, SIGNED_SCANS, draw_waybill
from bdesk.training.world import Deal, World

_SHIPPED = frozenset(
    {
        OrderStatus.PART_SHIPPED,
        OrderStatus.SHIPPED,
        OrderStatus.SIGNED,
        OrderStatus.COMPLETED,
        OrderStatus.REFUNDING,
        OrderStatus.PART_REFUNDED,
        OrderStatus.REFUNDED,
    }
)
_SIGNERS: dict[SignedBy, float] = {
    SignedBy.SELF: 72,
    SignedBy.STATION: 17,
    SignedBy.OTHER: 8,
    SignedBy.UNKNOWN: 3,
}


LEFT_FEN = 1250
_NO_SCANS = 35
"""Percent of the parcels without news that were never scanned at all."""
_ON_THE_WAY = {
    1: ParcelState.HANDED_OVER,
    2: ParcelState.IN_TRANSIT,
    3: ParcelState.IN_TRANSIT,
    4: ParcelState.IN_TRANSIT,
    5: ParcelState.OUT_FOR_DELIVERY,
}


def _waybill(world: World, draw: Draw, carrier: str) -> str:
    while True:
        waybill = draw_waybill(draw, carrier)
        if waybill not in world.waybills:
            world.waybills.add(waybill)
            return waybill


def add_parcel(
    world: World,
    deal: Deal,
    waybill: str,
    carrier: str,
    state: ParcelState,
    shipped: datetime,
    signed: datetime | None = None,
    signed_by: SignedBy | None = None,
) -> Row:
    """A parcel without scans yet; its items point at it."""
    parcel = world.rows.add(
        Parcel,
        order_id=deal.order["id"],
        waybill=waybill,
        carrier=carrier,
        state=state,
        shipped_at=shipped,
        signed_at=signed,
        signed_by=signed_by,
        last_scan_at=shipped,
    )
    world.waybills.add(waybill)
    deal.parcels.append(parcel)
    return parcel


def scan_until(world: World, deal: Deal, parcel: Row, end: datetime, steps: int) -> None:
    """`steps` scans from shipping on, evenly up to `end`, and the signature if there is one."""
    city = deal.customer["city"] or ""
    start = parcel["shipped_at"]
    for step in range(steps):
        at = start + (end - start) * step / max(steps, 1)
        at = at.replace(microsecond=0)
        place = city if step >= 3 else ""
        world.rows.add(Scan, parcel_id=parcel["id"], at=at, place=place, text=SCANS[step].format(city=city))
        parcel["last_scan_at"] = at
    if parcel["signed_at"] is not None:
        text = SIGNED_SCANS[(parcel["signed_by"] or SignedBy.UNKNOWN).value]
        world.rows.add(Scan, parcel_id=parcel["id"], at=parcel["signed_at"], place=city, text=text)
        parcel["last_scan_at"] = parcel["signed_at"]


def _signed_at(world: World, draw: Draw, deal: Deal, shipped: datetime) -> datetime:
    now = world.now
    if deal.shape == "signed_fruit":
        return now - draw.span(timedelta(hours=5), timedelta(hours=22))
    if deal.shape == "signed_past":
        # Eight or nine days, so that seven-day windows are past and fourteen-day ones are not.
        return now - timedelta(days=draw.between(8, 9), minutes=draw.between(5, 300))
    if deal.shape in ("signed_recent", "signed_station", "signed_custom"):
        return max(
            shipped + timedelta(hours=18),
            now - timedelta(days=draw.between(1, 3), minutes=draw.between(5, 600)),
        )
    return min(
        shipped + timedelta(days=draw.between(2, 4), minutes=draw.between(5, 600)), now - timedelta(hours=20)
    )


def _ship(world: World, draw: Draw, deal: Deal) -> None:
    carrier = draw.weighted(CARRIERS)
    shipped = deal.order["placed_at"] + timedelta(hours=draw.between(5, 26), minutes=draw.between(0, 59))
    shipped = min(shipped, world.now - timedelta(hours=30))
    waybill = _waybill(world, draw, carrier)
    if deal.shape == "shipped_moving":
        parcel = add_parcel(world, deal, waybill, carrier, ParcelState.IN_TRANSIT, shipped)
        steps = draw.between(1, 5)
        parcel["state"] = _ON_THE_WAY[steps] if not draw.chance(6) else ParcelState.AT_STATION
        scan_until(world, deal, parcel, world.now - timedelta(hours=3), steps)
    elif deal.shape == "shipped_silent" and world.whole and draw.chance(_NO_SCANS):
        # A number was given out and nothing has moved since: what customers call a fake shipment.
        shipped = world.now - timedelta(days=draw.between(3, 4), hours=draw.between(1, 20))
        parcel = add_parcel(world, deal, waybill, carrier, ParcelState.HANDED_OVER, shipped)
    elif deal.shape == "shipped_silent":
        lost = ParcelState.LOST if draw.chance(15) else ParcelState.IN_TRANSIT
        if world.whole:
            lost = world.dealt("lost", {ParcelState.IN_TRANSIT: 85, ParcelState.LOST: 15})
        parcel = add_parcel(world, deal, waybill, carrier, lost, shipped)
        scan_until(world, deal, parcel, shipped + timedelta(hours=20), draw.between(1, 2))
    elif deal.shape == "cod_refused":
        state = ParcelState.RETURNED if draw.chance(40) else ParcelState.REFUSED
        if world.whole:
            state = world.dealt("refused", {ParcelState.REFUSED: 60, ParcelState.RETURNED: 40})
        parcel = add_parcel(world, deal, waybill, carrier, state, shipped)
        scan_until(world, deal, parcel, world.now - timedelta(hours=20), 5)
    else:
        signed = _signed_at(world, draw, deal, shipped)
        who = SignedBy.STATION if deal.shape == "signed_station" else draw.weighted(_SIGNERS)
        parcel = add_parcel(
            world, deal, waybill, carrier, ParcelState.SIGNED, min(shipped, signed), signed, who
        )
        scan_until(world, deal, parcel, signed - timedelta(hours=2), 5)
    there = deal.items[:1] if deal.shape == "split" else deal.items
    for item in there:
        item["parcel_id"] = parcel["id"]


def _refund(world: World, draw: Draw, deal: Deal) -> None:
    payment = deal.payments[0]
    total = payment["amount_fen"]
    arrived = deal.order["status"] is not OrderStatus.REFUNDING
    signed = deal.parcels[0]["signed_at"] if deal.parcels else deal.order["placed_at"]
    committed = min(
        signed + timedelta(days=draw.between(1, 3)), world.now - timedelta(hours=draw.between(2, 18))
    )
    parts = [total]
    if deal.order["status"] is OrderStatus.PART_REFUNDED:
        # Three parts went back and 12.50 is left, where there was that much (E03).
        third = (total - LEFT_FEN) // 3 if total > 3 * LEFT_FEN else total // 4
        parts = [third, third, total - LEFT_FEN - 2 * third if total > 3 * LEFT_FEN else third]
    for number, amount in enumerate(parts):
        at = committed + timedelta(hours=number)
        refund = world.rows.add(
            Refund,
            refund_no=world.number("TK", at, 6),
            order_id=deal.order["id"],
            payment_id=payment["id"],
            customer_id=deal.customer["id"],
            amount_fen=amount,
            method=payment["method"],
            reason=RefundReason.QUALITY,
            state=RefundState.ARRIVED if arrived else RefundState.ACCEPTED,
            committed_at=at,
            released_at=at + timedelta(seconds=11),
            accepted_at=at + timedelta(seconds=14),
            arrived_at=at + timedelta(hours=2) if arrived else None,
        )
        payment["refunded_fen"] += amount
        deal.refunds.append(refund)
        if len(parts) == 1:
            rest = amount
            for item in deal.items:
                share = min(rest, item["price_fen"] * item["quantity"])
                rest -= share
                world.rows.add(
                    RefundItem,
                    refund_id=refund["id"],
                    item_id=item["id"],
                    quantity=item["quantity"],
                    amount_fen=share,
                )


def make_parcels(world: World) -> None:
    """Parcels for every order that was shipped, and refunds for those that were paid back."""
    draw = world.draw("parcels")
    for deal in world.deals:
        if deal.order["status"] in _SHIPPED and not deal.parcels:
            _ship(world, draw, deal)
    packed = [deal for deal in world.deals if deal.shape in ("unshipped", "unshipped_late")]
    for deal in packed[::6]:
        waybill = _waybill(world, draw, carrier := draw.weighted(CARRIERS))
        parcel = add_parcel(world, deal, waybill, carrier, ParcelState.PACKED, deal.order["placed_at"])
        parcel.update(shipped_at=None, last_scan_at=None)
    for deal in world.deals:
        if deal.shape in ("refunding", "part_refunded", "refunded"):
            _refund(world, draw, deal)
