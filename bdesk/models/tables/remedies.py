"""What the desk does about an order beside money: causes of delay, substitutes, goods sent back (P2, P7)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bdesk.models.kinds import DelayCause, FreightPayer, Inspection, RefundState, ReturnKind
from bdesk.models.tables.base import Row, VersionedRow, enum_field, not_negative


class OrderDelay(Row, table=True):
    """A cause of delay as the desk learnt it: mandatory before any remedy is offered (SD-09).

    `source` names who said so: warehouse, merchant, stock, courier, shop. A newer row replaces an older one.
    """

    __tablename__ = "order_delay"
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    cause: DelayCause = enum_field(DelayCause)
    eta: datetime | None = None
    source: str = Field(max_length=16)
    by: str = Field(max_length=16)
    at: datetime
    voided: bool = False


class Substitution(VersionedRow, table=True):
    """Other goods in place of an ordered line (SD7b). `diff_fen`: what they cost more; below 0, less."""

    __tablename__ = "substitution"
    __table_args__ = (*not_negative("quantity", "price_fen"),)
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    item_id: int = Field(foreign_key="order_item.id", index=True)
    sku: str = Field(max_length=64)
    name: str = Field(max_length=128)
    quantity: int
    price_fen: int
    diff_fen: int
    state: RefundState = enum_field(RefundState)
    committed_at: datetime


class GoodsReturn(VersionedRow, table=True):
    """Goods on their way back, once per cycle of a case: approval, waybill, receipt, inspection, end (P7).

    `new_*` belong to the parcel that goes out again (exchange, repaired goods). `estimate_fen` is what a
    paid repair would cost and `estimate_agreed` the customer's answer to it, None until given.
    """

    __tablename__ = "goods_return"
    __table_args__ = (UniqueConstraint("case_id", "cycle"), *not_negative("estimate_fen"))
    case_id: int = Field(foreign_key="work_case.id", index=True)
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    cycle: int = 1
    kind: ReturnKind = enum_field(ReturnKind)
    freight: FreightPayer = enum_field(FreightPayer)
    approved_at: datetime
    approved_by: str = Field(max_length=16)
    send_by: datetime
    carrier: str | None = Field(default=None, max_length=32)
    waybill: str | None = Field(default=None, max_length=40, index=True)
    sent_at: datetime | None = None
    received_at: datetime | None = None
    inspection: Inspection | None = enum_field(Inspection, optional=True)
    detail: str = Field(default="", max_length=200)
    inspected_at: datetime | None = None
    estimate_fen: int | None = None
    estimate_agreed: bool | None = None
    new_sku: str | None = Field(default=None, max_length=64)
    new_carrier: str | None = Field(default=None, max_length=32)
    new_waybill: str | None = Field(default=None, max_length=40)
    new_sent_at: datetime | None = None
    finished_at: datetime | None = None


RETURN_EVENTS = tuple(
    f"return.{what}"
    for what in (
        "approved",
        "changed",
        "sent",
        "received",
        "inspected",
        "recheck",
        "again",
        "substituted",
        "estimated",
        "agreed",
        "reshipped",
        "finished",
    )
)
"""What happens to goods that come back, one event each: it names the row and the columns it sets."""
