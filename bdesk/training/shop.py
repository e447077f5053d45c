"""Products and orders, each in one of the situations that customers ask about (training.md D3, D4, D6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bdesk.models.kinds import (
    DelayCause,
    OrderStatus,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    ReturnClass,
    SellerType,
)
from bdesk.models.tables import Order, OrderItem, Payment, Product
from bdesk.training import shares
from bdesk.training.draw import Draw, spread
from bdesk.training.rows import Row
from bdesk.training.words.goods import (
    BANKS,
    BY_CATEGORY,
    CATEGORIES,
    GOODS,
    MERCHANTS,
    METHODS,
    Good,
    draw_price,
)
from bdesk.training.words.places import REMOTE
from bdesk.training.world import Deal, World, busy_moment, local_day


@dataclass(frozen=True, slots=True)
class Shape:
    """How often (percent), in which status, and how many local days ago the order was placed."""

    weight: float
    status: OrderStatus
    placed: tuple[int, int]
    paid: bool = True
    category: str | None = None


_S = OrderStatus

SHAPES: Mapping[str, Shape] = {
    "unpaid": Shape(2, _S.PENDING_PAYMENT, (0, 0), paid=False),
    "payment_failed": Shape(2, _S.PENDING_PAYMENT, (0, 2), paid=False),
    "processing": Shape(0.6, _S.PENDING_PAYMENT, (0, 0), paid=False),
    "unsynced": Shape(0.8, _S.PENDING_PAYMENT, (0, 1)),
    "paid": Shape(6, _S.PAID, (0, 0)),
    "unshipped": Shape(8, _S.TO_SHIP, (0, 1)),
    "unshipped_late": Shape(7, _S.TO_SHIP, (4, 9)),
    "no_estimate": Shape(1, _S.TO_SHIP, (3, 4)),
    "presale": Shape(2, _S.TO_SHIP, (5, 12)),
    "double_paid": Shape(1, _S.TO_SHIP, (0, 1)),
    "split": Shape(2, _S.PART_SHIPPED, (4, 7)),
    "shipped_moving": Shape(18, _S.SHIPPED, (2, 4)),
    "shipped_silent": Shape(4, _S.SHIPPED, (10, 14)),
    "cod_refused": Shape(0.6, _S.SHIPPED, (4, 6), paid=False),
    "signed_recent": Shape(11, _S.SIGNED, (4, 7)),
    "signed_station": Shape(2, _S.SIGNED, (5, 7)),
    "signed_fruit": Shape(2, _S.SIGNED, (3, 3), category="食品"),
    "signed_custom": Shape(1, _S.SIGNED, (5, 7), category="定制"),
    "signed_past": Shape(2, _S.SIGNED, (12, 13)),
    "signed_old": Shape(15, _S.COMPLETED, (25, 320)),
    "cancelled": Shape(4, _S.CANCELLED, (2, 30), paid=False),
    "refunding": Shape(3, _S.REFUNDING, (6, 9)),
    "part_refunded": Shape(1, _S.PART_REFUNDED, (15, 40)),
    "refunded": Shape(3, _S.REFUNDED, (12, 60)),
}

_COUPONS = (300, 500, 1000, 2000)
_CAUSES: dict[DelayCause, float] = {
    DelayCause.OUT_OF_STOCK: 35,
    DelayCause.WAREHOUSE: 25,
    DelayCause.ADDRESS: 8,
    DelayCause.MERCHANT: 8,
    DelayCause.PAYMENT: 6,
    DelayCause.RISK_HOLD: 3,
    DelayCause.WEATHER: 3,
    DelayCause.FAKE_SHIPMENT: 2,
}
_PRESALE_LATE = 35
"""Percent of the presale orders whose promised day has passed, in a store of the full shares."""
PAY_WITHIN = timedelta(hours=24)
"""How long an unpaid order may still be paid (PF8)."""
_PAY_LONGER = timedelta(days=3)
"""The same for what sells slowly, and is kept for whoever cannot pay at once."""
_FAILURES: dict[PaymentFailure, float] = {
    PaymentFailure.NETWORK: 30,
    PaymentFailure.BALANCE: 30,
    PaymentFailure.CHANNEL: 20,
    PaymentFailure.LIMIT: 8,
    PaymentFailure.FROZEN: 5,
    PaymentFailure.REGION: 2,
    PaymentFailure.CARD_EXPIRED: 3,
    PaymentFailure.RISK: 2,
}
MANY = 500
"""Orders from which on the rare ones are among them: the customer with 200, the odd amounts."""
_HEAVY = 200
"""Orders of the one customer who has very many (E48)."""
_RARE_AMOUNTS = (1, 4_999_900, 0)
"""Fen: the smallest price, a very large one, and an order for nothing (E40)."""


def sku_of(good: Good) -> str:
    return f"T{GOODS.index(good) + 1:04d}"


def make_products(world: World) -> None:
    draw = world.draw("products")
    for good in GOODS:
        stock = 0 if draw.chance(10) else draw.between(3, 400)
        same = [other for other in BY_CATEGORY[good.category] if other is not good]
        world.rows.add(
            Product,
            sku=sku_of(good),
            name=good.name,
            category=good.category,
            return_class=good.return_class,
            window_days=good.window_days,
            price_fen=good.low * 100 + 900,
            stock=stock,
            warranty_days=good.warranty,
            substitute_sku=sku_of(draw.pick(same)) if same else None,
            as_of=world.now - timedelta(minutes=30),
        )


def order_number(world: World, draw: Draw, placed: datetime) -> str:
    """`BT`, the local day, six digits; the last four differ over the store while the pool lasts (D8)."""
    while True:
        tail = world.order_tails.pop() if world.order_tails else draw.digits(4)
        number = f"BT{local_day(placed)}{draw.digits(2)}{tail}"
        if number not in world.order_nos:
            world.order_nos.add(number)
            return number


def _goods_for(world: World, draw: Draw, shape: str) -> list[Good]:
    kind = SHAPES[shape]
    if shape == "signed_fruit":
        return [draw.pick([good for good in GOODS if good.return_class is ReturnClass.PERISHABLE])]
    category = kind.category or draw.weighted(CATEGORIES)
    if world.whole:
        return shares.goods_for(draw, shape, kind.category)
    if shape in ("split", "part_refunded"):
        return draw.some(GOODS[:20], 3)
    if shape.startswith("signed_re") or shape == "signed_past":
        # What is to be returned or found broken must be a thing that can be.
        category = draw.pick(("服饰", "日用", "家电", "数码", "家居", "母婴", "美妆"))
    first = draw.pick(BY_CATEGORY[category])
    return [first, draw.pick(GOODS[:30])] if draw.chance(22) and first in GOODS[:30] else [first]


def _add_items(world: World, draw: Draw, deal: Deal, goods: list[Good]) -> int:
    total = 0
    for line, good in enumerate(dict.fromkeys(goods), start=1):
        price = draw_price(draw, good)
        if deal.order["status"] is OrderStatus.PENDING_PAYMENT:
            # What was ordered today is still sold at that price, or it could not be paid any more (PF8).
            next(row for row in world.rows.of(Product) if row["sku"] == sku_of(good))["price_fen"] = price
        quantity = 2 if good.high < 100 and draw.chance(20) else 1
        excluded = good.return_class is not ReturnClass.NORMAL
        # A third of the excluded lack the confirmation which the law asks for (E14).
        confirmed = deal.order["placed_at"] if excluded and draw.chance(67) else None
        deal.items.append(
            world.rows.add(
                OrderItem,
                order_id=deal.order["id"],
                line=line,
                sku=sku_of(good),
                name=good.name,
                quantity=quantity,
                price_fen=price,
                return_class=good.return_class,
                window_days=good.window_days,
                exclusion_confirmed_at=confirmed,
            )
        )
        total += price * quantity
    return total


def add_payment(
    world: World,
    draw: Draw,
    deal: Deal,
    method: PaymentMethod,
    state: PaymentState,
    at: datetime | None,
    amount_fen: int,
    failure: PaymentFailure | None = None,
) -> Row:
    """One charge; only the bank's name and the last four of a card are ever known (training.md D2)."""
    card = method in (PaymentMethod.DEBIT_CARD, PaymentMethod.CREDIT_CARD)
    stamp = (at or deal.order["placed_at"]).strftime("%Y%m%d%H%M%S")
    payment = world.rows.add(
        Payment,
        payment_no=f"PAY{stamp}{len(world.rows.of(Payment)) + 1:08d}",
        order_id=deal.order["id"],
        method=method,
        state=state,
        failure=failure,
        amount_fen=amount_fen,
        paid_at=at,
        channel_tx=draw.digits(20) if state is PaymentState.SUCCESS else None,
        bank=draw.pick(BANKS) if card else None,
        card_tail=draw.digits(4) if card else None,
        as_of=world.now - timedelta(minutes=4),
    )
    deal.payments.append(payment)
    return payment


def _pay(world: World, draw: Draw, deal: Deal) -> None:
    shape = deal.shape
    method = draw.weighted(METHODS)
    if method is PaymentMethod.COD:
        method = PaymentMethod.WALLET
    placed, total = deal.order["placed_at"], deal.order["total_fen"]
    paid_at = placed + timedelta(seconds=draw.between(20, 600))
    if shape == "cod_refused":
        add_payment(world, draw, deal, PaymentMethod.COD, PaymentState.NONE, None, total)
    elif shape == "unpaid":
        add_payment(world, draw, deal, method, PaymentState.NONE, None, total)
    elif shape == "processing":
        add_payment(world, draw, deal, method, PaymentState.PROCESSING, None, total)
    elif shape == "payment_failed":
        # Every reason once before chance decides, so that none is missing from a store of some size.
        seen = sum(one.shape == shape for one in world.deals)
        failure = tuple(_FAILURES)[seen] if seen < len(_FAILURES) else draw.weighted(_FAILURES)
        if world.whole:
            failure = world.dealt("failures", _FAILURES)
        for _ in range(draw.between(1, 3)):
            add_payment(world, draw, deal, method, PaymentState.FAILED, None, total, failure)
    elif shape == "cancelled":
        add_payment(world, draw, deal, method, PaymentState.CLOSED, None, total)
    else:
        add_payment(world, draw, deal, method, PaymentState.SUCCESS, paid_at, total)
        if shape == "double_paid":
            again = paid_at + timedelta(seconds=draw.between(40, 200))
            add_payment(world, draw, deal, method, PaymentState.SUCCESS, again, total)


def _promise(world: World, draw: Draw, shape: str, placed: datetime) -> dict[str, object]:
    """When the shop meant to ship, and what it says about being late."""
    now = world.now
    if shape == "no_estimate":
        return {}
    if shape == "presale":
        if world.whole and draw.chance(_PRESALE_LATE):
            passed = now - timedelta(hours=draw.between(5, 60))
            return {"estimated_ship_at": passed, "presale": True, "delay_cause": DelayCause.PRESALE.value}
        return {"estimated_ship_at": now + timedelta(days=draw.between(3, 15)), "presale": True}
    if shape == "unshipped_late":
        cause = draw.weighted(_CAUSES).value if draw.chance(70) else None
        if world.whole and cause is not None:
            cause = world.dealt("causes", _CAUSES).value
        late: dict[str, object] = {"estimated_ship_at": placed + timedelta(hours=48), "delay_cause": cause}
        return late | ({"delay_eta": now + timedelta(days=draw.between(1, 4))} if draw.chance(40) else {})
    return {"estimated_ship_at": placed + timedelta(hours=draw.pick((24, 48)))}


def _pay_by(status: OrderStatus, placed: datetime, now: datetime) -> datetime | None:
    """An order that waits for its payment waits a day, or three: what was not paid by then is cancelled."""
    if status is not OrderStatus.PENDING_PAYMENT:
        return None
    return placed + (PAY_WITHIN if placed + PAY_WITHIN > now else _PAY_LONGER)


def add_order(world: World, draw: Draw, customer: Row, shape: str, rare_fen: int | None = None) -> Deal:
    """An order in the situation `shape`, with its items and payments; parcels come by `parcels`."""
    kind = SHAPES[shape]
    ago = shares.PLACED.get(shape, kind.placed) if world.whole else kind.placed
    placed = busy_moment(draw, world.now, draw.between(*ago))
    third = draw.chance(35)
    order = world.rows.add(
        Order,
        order_no=order_number(world, draw, placed),
        order_tail="",
        customer_id=customer["id"],
        status=kind.status,
        placed_at=placed,
        seller_type=SellerType.THIRD_PARTY if third else SellerType.OWN,
        merchant=draw.pick(MERCHANTS) if third else None,
        as_of=world.now - timedelta(minutes=draw.between(1, 12)),
        pay_by=_pay_by(kind.status, placed, world.now),
        **_promise(world, draw, shape, placed),
    )
    order["order_tail"] = order["order_no"][-4:]
    deal = Deal(shape, customer, order)
    goods_fen = _add_items(world, draw, deal, _goods_for(world, draw, shape))
    if rare_fen is not None:
        deal.items = deal.items[:1]
        world.rows.of(OrderItem)[:] = [
            row for row in world.rows.of(OrderItem) if row["order_id"] != order["id"] or row is deal.items[0]
        ]
        deal.items[0].update(price_fen=rare_fen, quantity=1)
        goods_fen = rare_fen
    if world.whole and rare_fen is None:
        goods_fen += shares.buy_many(world, deal)
    coupon = (
        min(draw.pick(_COUPONS), goods_fen // 3)
        if draw.chance(45) and goods_fen > 3000 and rare_fen is None
        else 0
    )
    freight = 1800 if customer["province"] in REMOTE else draw.weighted({0: 70, 600: 20, 1000: 10})
    order.update(goods_fen=goods_fen, coupon_fen=coupon, freight_fen=freight if rare_fen is None else 0)
    order["total_fen"] = order["goods_fen"] - coupon + order["freight_fen"]
    _pay(world, draw, deal)
    world.deals.append(deal)
    return deal


def make_orders(world: World, count: int) -> None:
    """`count` orders over the customers; one customer has very many, some have none (E48)."""
    draw = world.draw("orders")
    weights = {name: shape.weight for name, shape in SHAPES.items()}
    shapes = draw.shuffled(spread({**weights, **(shares.WEIGHTS if world.whole else {})}, count))
    heavy = world.customers[len(world.customers) // 2] if count >= MANY else None
    repeats = shares.Repeats(world) if world.whole else None
    for position, shape in enumerate(shapes):
        customer = heavy if heavy is not None and position < _HEAVY else draw.pick(world.customers)
        if repeats is not None:
            customer = repeats.who(shape, customer, heavy, _HEAVY)
        rare = _RARE_AMOUNTS[position] if count >= MANY and position < len(_RARE_AMOUNTS) else None
        # The same last four digits twice, so that a tail alone does not always find one order.
        if position == 1 and world.deals:
            world.order_tails.append(world.deals[0].order["order_tail"])
        add_order(world, draw, customer, shape, rare)
