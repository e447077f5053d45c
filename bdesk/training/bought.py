"""Orders that a scenario only sketches, each of a customer who is drawn; what the shop gave back for one."""

from datetime import datetime, timedelta

from bdesk.models.kinds import OrderStatus, ParcelState, PaymentState, RefundReason, RefundState, SignedBy
from bdesk.models.tables import Order, OrderItem, Refund
from bdesk.training.draw import Draw
from bdesk.training.parcels import add_parcel, scan_until
from bdesk.training.people import add_customer
from bdesk.training.rows import Row
from bdesk.training.scenario_file import RawBought, ago
from bdesk.training.shop import add_payment, order_number
from bdesk.training.words.goods import draw_waybill
from bdesk.training.words.names import SPECIAL
from bdesk.training.world import Deal, World

_ORDINARY = len(SPECIAL) + 100
"""Past the places in a store where somebody has a rare name, lives abroad or cannot be reached."""
_KNOWN_FOR = timedelta(days=400)
_CARRIERS = ("中通", "圆通", "韵达", "顺丰")
_PACKED = timedelta(hours=18)
_ON_THE_WAY = timedelta(hours=30)


def bought(world: World, draw: Draw, raw: RawBought, shape: str, place: int) -> Deal:
    """The order with its payment and parcel, and its customer."""
    who = _customer(world, draw, raw, place)
    placed = ago(world.now, raw.placed)
    number = order_number(world, draw, placed)
    usual = OrderStatus.SIGNED if raw.signed else OrderStatus.TO_SHIP
    order = world.rows.add(
        Order,
        order_no=number,
        order_tail=number[-4:],
        customer_id=who["id"],
        status=raw.status or usual,
        placed_at=placed,
        goods_fen=raw.price_fen,
        total_fen=raw.price_fen,
        estimated_ship_at=ago(world.now, raw.estimated) if raw.estimated else None,
        as_of=world.now - timedelta(minutes=3),
    )
    deal = Deal(shape, who, order, used=1)
    deal.items.append(
        world.rows.add(
            OrderItem,
            order_id=order["id"],
            line=1,
            sku=f"TB-{place:03d}",
            name=raw.name,
            quantity=1,
            price_fen=raw.price_fen,
            window_days=7,
        )
    )
    paid = placed + timedelta(minutes=2)
    add_payment(world, draw, deal, raw.method, PaymentState.SUCCESS, paid, raw.price_fen)
    if raw.signed:
        signed = ago(world.now, raw.signed)
        shipped = max(placed + _PACKED, signed - _ON_THE_WAY)
        carrier = draw.pick(_CARRIERS)
        waybill = draw_waybill(draw, carrier)
        parcel = add_parcel(world, deal, waybill, carrier, ParcelState.SIGNED, shipped, signed, SignedBy.SELF)
        scan_until(world, deal, parcel, max(shipped, signed - timedelta(hours=2)), 5)
        deal.items[0]["parcel_id"] = parcel["id"]
    world.deals.append(deal)
    return deal


def _customer(world: World, draw: Draw, raw: RawBought, place: int) -> Row:
    """Somebody with an ordinary name who can be reached, and whom no ordinary case will be about."""
    who = add_customer(world, draw, _ORDINARY + place)
    world.customers.remove(who)
    since = ago(world.now, raw.since) if raw.since else min(who["since"], world.now - _KNOWN_FOR)
    who.update(
        since=since,
        email=who["email"] or f"{who['account']}@example.com",
        vip=False,
        contact_changed_at=None,
        previous_phone=None,
    )
    return who


def refunded(world: World, deal: Deal, amount_fen: int, at: datetime) -> Row:
    """The columns of a refund that the shop made by itself, by the first payment."""
    payment = deal.payments[0]
    return {
        "refund_no": world.number("TK", at, 6),
        "order_id": deal.order["id"],
        "payment_id": payment["id"],
        "customer_id": deal.customer["id"],
        "amount_fen": amount_fen,
        "method": payment["method"],
        "reason": RefundReason.QUALITY,
        "state": RefundState.ARRIVED,
        "committed_at": at,
        "released_at": at + timedelta(seconds=11),
        "accepted_at": at + timedelta(seconds=14),
        "arrived_at": at + timedelta(minutes=5),
    }


def give_back(world: World, deal: Deal, columns: Row) -> None:
    """Write it down with the order."""
    deal.payments[0]["refunded_fen"] += columns["amount_fen"]
    deal.refunds.append(world.rows.add(Refund, **columns))
