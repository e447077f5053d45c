"""Effects on their way out, and the letters among them (ARCHITECTURE, Effects)."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field

from bdesk.models.kinds import DeliveryState, NotificationChannel
from bdesk.models.tables.base import VersionedRow, enum_field


class OutboxRow(VersionedRow, table=True):
    """One effect, once. `key` = case:cycle:step:effect number:attempt; its uniqueness is the promise.

    `hold_until` ends the recall window; any later process may release a row after it.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "hold_until"),)
    key: str = Field(max_length=160, unique=True)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    cycle: int = 1
    step: str = Field(max_length=64)
    number: int = 1
    attempt: int = 1
    effect: str = Field(max_length=64)
    params: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: DeliveryState = enum_field(DeliveryState, DeliveryState.HELD)
    actor: str = Field(max_length=16)
    commit_event_id: int = Field(index=True)
    committed_at: datetime
    hold_until: datetime
    released_at: datetime | None = None
    lease_until: datetime | None = None
    lease_by: str | None = Field(default=None, max_length=64)
    tries: int = 0
    next_try_at: datetime | None = None
    result: str | None = Field(default=None, max_length=64)
    finished_at: datetime | None = None
    refund_id: int | None = Field(default=None, foreign_key="refund.id")
    notification_id: int | None = Field(default=None, foreign_key="notification.id")


class Notification(VersionedRow, table=True):
    """A letter as the customer gets it. `target` is whole; every view shows `target_masked`.

    `reminder`: a timer of a waiting step wrote it; it asks for nothing new.
    """

    __tablename__ = "notification"
    case_id: int = Field(foreign_key="work_case.id", index=True)
    letter: str = Field(max_length=16)
    letter_version: str = Field(max_length=64)
    language: str = Field(max_length=2)
    channel: NotificationChannel = enum_field(NotificationChannel)
    target: str = Field(max_length=128)
    target_masked: str = Field(max_length=128)
    subject: str = Field(default="", max_length=200)
    text_id: int = Field(foreign_key="case_text.id")
    state: DeliveryState = enum_field(DeliveryState, DeliveryState.HELD)
    written_at: datetime
    sent_at: datetime | None = None
    failure: str | None = Field(default=None, max_length=64)
    reminder: bool = False
