"""Orders, by number: one document holds items, payments with their refunds, and parcels with their scans."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from bdesk.data.unit import key_tail
from bdesk.errors import BadInput
from bdesk.models.kinds import (
    REFUND_LIVE,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    ReturnClass,
    SellerType,
    SignedBy,
)
from bdesk.models.tables import Customer, Order, OrderItem, Payment, Refund
from bdesk.operations.importing import customers
from bdesk.operations.importing.change import Change, Job, newer, row_id, without
from bdesk.operations.importing.columns import (
    Shape,
    Values,
    choice,
    fen,
    flag,
    instant,
    key,
    one,
    several,
    text,
    whole,
)
from bdesk.operations.importing.goods import put_items, put_parcels
from bdesk.operations.importing.payments import put_payments
from bdesk.operations.importing.products import LONGEST_WINDOW
from bdesk.operations.importing.refunds import SHAPE as REFUND

ITEM = Shape(
    "items",
    (
        whole("line", 1, 100_000, required=True),
        text("sku", 64, required=True),
        text("name", 128, required=True),
        whole("quantity", 1, 1_000_000, default=1),
        fen("price_fen", required=True),
        choice("return_class", ReturnClass, default=ReturnClass.NORMAL),
        whole("window_days", 0, LONGEST_WINDOW, default=7),
        instant("exclusion_confirmed_at"),
        key("waybill", 40),
    ),
)
PAYMENT = Shape(
    "payments",
    (
        text("payment_no", 40, required=True),
        choice("method", PaymentMethod, required=True),
        choice("state", PaymentState, required=True),
        choice("failure", PaymentFailure),
        fen("amount_fen", required=True),
        instant("paid_at"),
        text("channel_tx", 64, empty=True),
        text("bank", 64, empty=True),
        text("card_tail", 4, empty=True),
        flag("path_closed"),
        several("refunds", REFUND),
    ),
)
SCAN = Shape(
    "scans",
    (instant("at", required=True), text("place", 64, cut=True), text("text", 200, required=True, cut=True)),
)
PARCEL = Shape(
    "parcels",
    (
        key("waybill", 40, required=True),
        text("carrier", 32, required=True),
        choice("state", ParcelState, required=True),
        instant("shipped_at"),
        instant("signed_at"),
        choice("signed_by", SignedBy),
        several("scans", SCAN),
    ),
)
SHAPE = Shape(
    "orders",
    (
        key("order_no", 32, required=True),
        text("account", 64),
        one("customer", customers.NESTED),
        choice("status", OrderStatus, required=True),
        instant("placed_at", required=True),
        fen("goods_fen"),
        fen("coupon_fen"),
        fen("freight_fen"),
        fen("total_fen"),
        instant("estimated_ship_at"),
        flag("presale"),
        choice("seller_type", SellerType, default=SellerType.OWN),
        text("merchant", 128, empty=True),
        text("delay_cause", 32, empty=True),
        instant("delay_eta"),
        instant("pay_by"),
        several("items", ITEM),
        several("payments", PAYMENT),
        several("parcels", PARCEL),
        instant("as_of", required=True),
    ),
)
_APART = ("account", "customer", "status", "goods_fen", "total_fen", "items", "payments", "parcels")

# What the shop may say about an order on which this desk has paid money back.
_AFTER_REFUND = frozenset(
    {OrderStatus.REFUNDING, OrderStatus.PART_REFUNDED, OrderStatus.REFUNDED, OrderStatus.CANCELLED}
)


def apply(job: Job, values: Values) -> Change:
    """Add or update an order and what hangs on it.

    Raises BadInput: import.no_customer, import.other_customer, import.no_items, import.total, and what
    items, payments, refunds and parcels raise.
    """
    change = Change(key=values["order_no"])
    session = job.unit.session
    customer = _customer(job, values, change)
    statement = select(Order).where(Order.order_no == values["order_no"]).with_for_update()
    row = session.scalars(statement).first()
    if row is not None and row.customer_id != customer.id:
        raise BadInput("import.other_customer", key=values["order_no"])
    if row is None:
        newer(job, None, values)
        row = _new(job, values, row_id(customer))
        change.new, change.columns = True, {*change.columns, *values}
    elif not newer(job, row.as_of, values):
        change.row_id = row_id(row)
        return change
    change.row_id = row_id(row)
    change.put(row, without(values, *_APART))
    put_parcels(job, row_id(row), values.get("parcels"), change)
    put_items(job, row_id(row), values.get("items"), change)
    _amounts(job, row, values, change)
    put_payments(job, row, values.get("payments", ()), change)
    change.put(row, {"status": _status(job, row, values["status"])})
    return change


def _customer(job: Job, values: Values, change: Change) -> Customer:
    nested: Values | None = values.get("customer")
    if nested is not None:
        if values.get("account", nested["account"]) != nested["account"]:
            raise BadInput("import.two_accounts", account=values["account"])
        dated = nested if nested.get("as_of") is not None else nested | {"as_of": values["as_of"]}
        return customers.upsert(job, dated, change, under="customer.")
    if "account" not in values:
        raise BadInput("import.required", field="account")
    found = customers.find(job, values["account"])
    if found is None:
        raise BadInput("import.no_customer", account=values["account"])
    return found


def _new(job: Job, values: Values, customer_id: int) -> Order:
    if not values.get("items"):
        raise BadInput("import.no_items", key=values["order_no"])
    row = Order(
        order_no=values["order_no"],
        order_tail=key_tail(values["order_no"]),
        customer_id=customer_id,
        status=values["status"],
        placed_at=values["placed_at"],
    )
    job.unit.session.add(row)
    job.unit.session.flush()
    return row


def _amounts(job: Job, row: Order, values: Values, change: Change) -> None:
    """Sums are counted, and refused where the file says otherwise: a refund of a part is worked out from
    them, coupons off (law file 7)."""
    items: Sequence[OrderItem] = job.unit.session.scalars(
        select(OrderItem).where(OrderItem.order_id == row.id)
    ).all()
    goods = sum(item.price_fen * item.quantity for item in items)
    total = goods - row.coupon_fen + row.freight_fen
    counted: dict[str, Any] = {"goods_fen": goods, "total_fen": total}
    for name, amount in counted.items():
        if amount < 0 or values.get(name, amount) != amount:
            raise BadInput("import.total", field=name, given_fen=values.get(name, 0), counted_fen=amount)
    change.put(row, counted)


def _status(job: Job, row: Order, said: OrderStatus) -> OrderStatus:
    """The shop's status, unless this desk has money under way that the shop has not heard of."""
    session = job.unit.session
    ours = select(Refund.id).where(
        Refund.order_id == row.id, col(Refund.case_id).is_not(None), col(Refund.state).in_(REFUND_LIVE)
    )
    if said in _AFTER_REFUND or session.scalars(ours.limit(1)).first() is None:
        return said
    held = session.scalars(select(Payment.id).where(Payment.order_id == row.id, col(Payment.held_fen) > 0))
    return OrderStatus.REFUNDING if held.first() is not None else row.status
