"""The journal: append only, hash-chained per stream, guarded by triggers (ARCHITECTURE, The journal)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bdesk.models.kinds import Stream
from bdesk.models.tables.base import enum_field


class EventRow(SQLModel, table=True):
    """Nothing updates or deletes a row here; triggers refuse it. `payload` is canonical JSON."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("stream", "stream_id", "sequence"),)
    id: int | None = Field(default=None, primary_key=True)
    stream: Stream = enum_field(Stream)
    stream_id: str = Field(max_length=40)
    sequence: int
    actor: str = Field(max_length=16)
    occurred_at: datetime
    recorded_at: datetime
    kind: str = Field(max_length=48)
    payload: str
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class StreamRow(SQLModel, table=True):
    """The head of a chain: without it a cut tail would go unseen."""

    __tablename__ = "stream"
    stream: Stream = enum_field(Stream, primary_key=True)
    stream_id: str = Field(max_length=40, primary_key=True)
    sequence: int = 0
    head: str = Field(default="", max_length=64)
