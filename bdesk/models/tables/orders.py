"""Products, orders, payments and parcels: facts that come from the shop, each with its `as_of`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from bdesk.models.kinds import (
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    ReturnClass,
    SellerType,
    SignedBy,
)
from bdesk.models.tables.base import Row, VersionedRow, enum_field, not_negative


class Product(VersionedRow, table=True):
    """`window_days` is the return window of its class: 7 by law, 14 where the shop promises it (S1:42)."""

    __tablename__ = "product"
    sku: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=128)
    category: str = Field(default="", max_length=32)
    return_class: ReturnClass = enum_field(ReturnClass, ReturnClass.NORMAL)
    window_days: int = 7
    price_fen: int = 0
    stock: int = 0
    warranty_days: int = 0
    substitute_sku: str | None = Field(default=None, max_length=64)
    as_of: datetime | None = None


class Order(VersionedRow, table=True):
    """`total_fen` is what the customer was to pay: goods minus coupons plus freight."""

    __tablename__ = "shop_order"
    __table_args__ = (*not_negative("total_fen", "coupon_fen", "freight_fen"),)
    order_no: str = Field(max_length=32, unique=True)
    order_tail: str = Field(max_length=4, index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    status: OrderStatus = enum_field(OrderStatus)
    placed_at: datetime
    goods_fen: int = 0
    coupon_fen: int = 0
    freight_fen: int = 0
    total_fen: int = 0
    estimated_ship_at: datetime | None = None
    presale: bool = False
    seller_type: SellerType = enum_field(SellerType, SellerType.OWN)
    merchant: str | None = Field(default=None, max_length=128)
    delay_cause: str | None = Field(default=None, max_length=32)
    delay_eta: datetime | None = None
    as_of: datetime | None = None
    # Until when an unpaid order may still be paid (PF8).
    pay_by: datetime | None = None


class OrderItem(Row, table=True):
    """`price_fen` is the marked price of one piece; `exclusion_confirmed_at` is the law's L1 confirmation.

    `cancelled` counts pieces that the desk took off an order of which the rest goes on.
    """

    __tablename__ = "order_item"
    __table_args__ = (UniqueConstraint("order_id", "line"), *not_negative("price_fen", "quantity"))
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    line: int
    sku: str = Field(max_length=64)
    name: str = Field(max_length=128)
    quantity: int = 1
    price_fen: int
    return_class: ReturnClass = enum_field(ReturnClass, ReturnClass.NORMAL)
    window_days: int = 7
    exclusion_confirmed_at: datetime | None = None
    parcel_id: int | None = Field(default=None, foreign_key="parcel.id")
    cancelled: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Payment(VersionedRow, table=True):
    """One charge. The CHECK is the last guard against refunding twice: nothing above what was paid.

    `held_fen` counts refunds committed and not yet certain (held, released, unknown).
    """

    __tablename__ = "payment"
    __table_args__ = (
        *not_negative("amount_fen", "refunded_fen", "held_fen"),
        CheckConstraint("refunded_fen + held_fen <= amount_fen", name="never_above_paid"),
    )
    payment_no: str = Field(max_length=40, unique=True)
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    method: PaymentMethod = enum_field(PaymentMethod)
    state: PaymentState = enum_field(PaymentState)
    failure: PaymentFailure | None = enum_field(PaymentFailure, optional=True)
    amount_fen: int
    refunded_fen: int = 0
    held_fen: int = 0
    paid_at: datetime | None = None
    channel_tx: str | None = Field(default=None, max_length=64)
    bank: str | None = Field(default=None, max_length=64)
    card_tail: str | None = Field(default=None, max_length=4)
    path_closed: bool = False
    as_of: datetime | None = None


class Parcel(Row, table=True):
    __tablename__ = "parcel"
    __table_args__ = (UniqueConstraint("order_id", "waybill"),)
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    waybill: str = Field(max_length=40, index=True)
    carrier: str = Field(max_length=32)
    state: ParcelState = enum_field(ParcelState)
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: SignedBy | None = enum_field(SignedBy, optional=True)
    last_scan_at: datetime | None = None


class Scan(Row, table=True):
    __tablename__ = "parcel_scan"
    __table_args__ = (UniqueConstraint("parcel_id", "at", "text"),)
    parcel_id: int = Field(foreign_key="parcel.id", index=True)
    at: datetime
    place: str = Field(default="", max_length=64)
    text: str = Field(max_length=200)
