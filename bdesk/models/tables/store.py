"""The store about itself, and the texts of every book version a case is pinned to."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bdesk.models.kinds import BookKind
from bdesk.models.tables.base import Row, enum_field


class StoreInfo(Row, table=True):
    """One row. A training store has its own time: `anchor` at host instant `base`, at `rate`."""

    __tablename__ = "store_info"
    store_id: str = Field(max_length=40)
    training: bool = False
    made_at: datetime
    clock_anchor: datetime | None = None
    clock_base: datetime | None = None
    clock_rate: int = 1
    seed: int | None = None
    size: str | None = Field(default=None, max_length=16)
    scenario: str | None = Field(default=None, max_length=16)


class Presence(SQLModel, table=True):
    """A desk that is open on a training store; `seen_at` is host time. Without one the clock stands."""

    __tablename__ = "desk_presence"
    id: str = Field(primary_key=True, max_length=40)
    staff: str = Field(default="", max_length=16)
    seen_at: datetime


class BookText(Row, table=True):
    """The whole text of a procedure, policy, calendar or letter as it was (ARCHITECTURE, Versions)."""

    __tablename__ = "book_text"
    __table_args__ = (UniqueConstraint("kind", "code", "version"),)
    kind: BookKind = enum_field(BookKind)
    code: str = Field(max_length=32)
    version: str = Field(max_length=64)
    text: str
    kept_at: datetime
