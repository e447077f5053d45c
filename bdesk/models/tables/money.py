"""Refunds and compensations. One row per refund number; the number survives retries (law file 7)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bdesk.models.kinds import CompensationKind, PaymentMethod, RefundReason, RefundState
from bdesk.models.tables.base import Row, VersionedRow, enum_field, not_negative


class Refund(VersionedRow, table=True):
    """`case_id` is empty for refunds that came with imported orders."""

    __tablename__ = "refund"
    __table_args__ = (*not_negative("amount_fen"),)
    refund_no: str = Field(max_length=40, unique=True)
    case_id: int | None = Field(default=None, foreign_key="work_case.id", index=True)
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    payment_id: int = Field(foreign_key="payment.id", index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    amount_fen: int
    method: PaymentMethod = enum_field(PaymentMethod)
    reason: RefundReason | None = enum_field(RefundReason, optional=True)
    state: RefundState = enum_field(RefundState)
    attempt: int = 1
    committed_at: datetime
    released_at: datetime | None = None
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    failure: str | None = Field(default=None, max_length=64)
    other_target: str | None = Field(default=None, max_length=128)


class RefundItem(Row, table=True):
    """Which pieces a refund pays for, so that a second refund of the same piece can be seen."""

    __tablename__ = "refund_item"
    __table_args__ = (UniqueConstraint("refund_id", "item_id"), *not_negative("amount_fen", "quantity"))
    refund_id: int = Field(foreign_key="refund.id", index=True)
    item_id: int = Field(foreign_key="order_item.id", index=True)
    quantity: int
    amount_fen: int


class Compensation(VersionedRow, table=True):
    """Once per order and delay (P2, law file 8)."""

    __tablename__ = "compensation"
    __table_args__ = (UniqueConstraint("order_id", "delay_key"), *not_negative("amount_fen"))
    order_id: int = Field(foreign_key="shop_order.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="work_case.id", index=True)
    delay_key: str = Field(max_length=40)
    kind: CompensationKind = enum_field(CompensationKind)
    amount_fen: int
    state: RefundState = enum_field(RefundState)
    committed_at: datetime
