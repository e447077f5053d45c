"""What edge cases are built from: orders given line by line, with payments, parcels and refunds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bdesk.models.kinds import (
    DelayCause,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    RefundReason,
    RefundState,
    SignedBy,
)
from bdesk.models.tables import Order, OrderItem, Product, Refund
from bdesk.training.draw import Draw
from bdesk.training.parcels import add_parcel, scan_until
from bdesk.training.rows import Row
from bdesk.training.shop import PAY_WITHIN, add_payment, order_number, sku_of
from bdesk.training.words.goods import GOODS, METHODS, Good, draw_waybill
from bdesk.training.words.names import SPECIAL
from bdesk.training.world import Deal, World

BY_NAME = {good.name: good for good in GOODS}
SHAPE = "edge"
"""The shape of every order here: no ordinary case is drawn about one."""
_METHODS = {method: weight for method, weight in METHODS.items() if method is not PaymentMethod.COD}
_GIVEN = (RefundState.ACCEPTED, RefundState.ARRIVED)
_SHIP_WITHIN = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order, by the name of the goods; `confirmed`: the buyer agreed to no return (L1)."""

    name: str
    price_fen: int
    quantity: int = 1
    confirmed: bool = False

    @property
    def good(self) -> Good:
        return BY_NAME[self.name]


class Bench:
    """Builds facts in a world. Times are told as how long before its present."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.draw: Draw = world.draw("edges")
        ordinary = [
            one
            for place, one in enumerate(world.customers)
            if place > len(SPECIAL) + 3
            and place != len(world.customers) // 2  # who has very many orders
            and one["phone"]
            and one["email"]
            and not one["contact_changed_at"]
        ]
        self._people = self.draw.shuffled(ordinary)

    def person(self, born: int | None = None) -> Row:
        """Somebody with phone and e-mail whom no other edge case has; `born`: at about that age."""
        years = range(1957, 2005) if born is None else range(1900, born + 1)
        fits = (place for place, one in enumerate(self._people) if one["born_on"].year in years)
        found = self._people.pop(next(fits, -1))
        if born is not None:
            found["born_on"] = date(born, 3, 3)
        self.world.kept.add(found["id"])
        return found

    def order(
        self,
        customer: Row,
        status: OrderStatus,
        lines: list[Line],
        *,
        ago: timedelta,
        method: PaymentMethod | None = None,
        unpaid: bool = False,
        coupon_fen: int = 0,
        estimated: bool = True,
        columns: Mapping[str, object] | None = None,
    ) -> Deal:
        """An order, paid two minutes after it was placed, by `method` or by whichever is due in its share.

        `columns` says more of the order's row.
        """
        world = self.world
        placed = (world.now - ago).replace(microsecond=0)
        goods = sum(line.price_fen * line.quantity for line in lines)
        number = order_number(world, self.draw, placed)
        row = world.rows.add(
            Order,
            order_no=number,
            order_tail=number[-4:],
            customer_id=customer["id"],
            status=status,
            placed_at=placed,
            goods_fen=goods,
            coupon_fen=coupon_fen,
            total_fen=goods - coupon_fen,
            estimated_ship_at=placed + _SHIP_WITHIN if estimated else None,
            pay_by=placed + PAY_WITHIN if status is OrderStatus.PENDING_PAYMENT else None,
            as_of=world.now - timedelta(minutes=3),
        )
        row.update(columns or {})
        if row["delay_cause"] is not None:
            world.there("causes", DelayCause(row["delay_cause"]))
        customer["since"] = min(customer["since"], placed - timedelta(days=9))
        deal = Deal(SHAPE, customer, row, used=1)
        for position, line in enumerate(lines, start=1):
            deal.items.append(
                world.rows.add(
                    OrderItem,
                    order_id=row["id"],
                    line=position,
                    sku=sku_of(line.good),
                    name=line.name,
                    quantity=line.quantity,
                    price_fen=line.price_fen,
                    return_class=line.good.return_class,
                    window_days=line.good.window_days,
                    exclusion_confirmed_at=placed if line.confirmed else None,
                )
            )
        if not unpaid:
            by = method or world.dealt("edge/methods", _METHODS)
            self.pay(deal, by, PaymentState.SUCCESS, timedelta(minutes=2))
        world.deals.append(deal)
        return deal

    def pay(
        self,
        deal: Deal,
        method: PaymentMethod,
        state: PaymentState,
        after: timedelta,
        failure: PaymentFailure | None = None,
    ) -> Row:
        """One charge of the whole order; only what succeeded has a time."""
        at = deal.order["placed_at"] + after if state is PaymentState.SUCCESS else None
        total = deal.order["total_fen"]
        return add_payment(self.world, self.draw, deal, method, state, at, total, failure)

    def ship(
        self,
        deal: Deal,
        state: ParcelState,
        *,
        shipped: timedelta,
        signed: timedelta | None = None,
        by: SignedBy = SignedBy.SELF,
        last: timedelta | None = None,
        items: list[Row] | None = None,
    ) -> Row:
        """A parcel with its scans up to the signature, or up to `last` ago."""
        now = self.world.now
        carrier = self.draw.pick(("中通", "圆通", "韵达", "顺丰"))
        signed_at = now - signed if signed is not None else None
        parcel = add_parcel(
            self.world,
            deal,
            draw_waybill(self.draw, carrier),
            carrier,
            state,
            now - shipped,
            signed_at,
            by if signed is not None else None,
        )
        end = (signed_at - timedelta(hours=2)) if signed_at else now - (last or timedelta(hours=4))
        scan_until(self.world, deal, parcel, max(end, now - shipped), 5 if signed is not None else 2)
        for item in deal.items if items is None else items:
            item["parcel_id"] = parcel["id"]
        return parcel

    def signed(self, deal: Deal, ago: timedelta, by: SignedBy = SignedBy.SELF) -> Deal:
        """The whole order, signed for so long ago."""
        shipped = max(
            ago + timedelta(hours=20), (self.world.now - deal.order["placed_at"]) - timedelta(hours=9)
        )
        self.ship(deal, ParcelState.SIGNED, shipped=shipped, signed=ago, by=by)
        return deal

    def refund(
        self, deal: Deal, amount_fen: int, ago: timedelta, state: RefundState = RefundState.ARRIVED
    ) -> Row:
        """Money paid back, on its way, or refused by the channel, by the first payment."""
        payment, at = deal.payments[0], (self.world.now - ago).replace(microsecond=0)
        under_way = state in (RefundState.RELEASED, RefundState.UNKNOWN)
        if state is not RefundState.FAILED:
            payment["held_fen" if under_way else "refunded_fen"] += amount_fen
        row = self.world.rows.add(
            Refund,
            refund_no=self.world.number("TK", at, 6),
            order_id=deal.order["id"],
            payment_id=payment["id"],
            customer_id=deal.customer["id"],
            amount_fen=amount_fen,
            method=payment["method"],
            reason=RefundReason.QUALITY,
            state=state,
            committed_at=at,
            released_at=at + timedelta(seconds=11),
            accepted_at=at + timedelta(seconds=14) if state in _GIVEN else None,
            arrived_at=at + timedelta(hours=2) if state is RefundState.ARRIVED else None,
        )
        deal.refunds.append(row)
        return row

    def out_of_stock(self, name: str) -> Row:
        """Let the shop have none of these goods left."""
        sku = sku_of(BY_NAME[name])
        row = next(one for one in self.world.rows.of(Product) if one["sku"] == sku)
        row["stock"] = 0
        return row
