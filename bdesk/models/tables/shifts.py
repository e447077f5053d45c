"""The change of shift: what somebody packed for the next one, and what became of each case of it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bdesk.models.kinds import ShiftState
from bdesk.models.tables.base import Row, VersionedRow, enum_field


class ShiftHandover(Row, table=True):
    """What one person packed at once, for a colleague (`receiver`, a staff number) or for a whole group.

    Until `until` what is for a colleague is theirs alone to accept; after it the group may.
    """

    __tablename__ = "shift_handover"
    packed_by: str = Field(max_length=16)
    receiver: str | None = Field(default=None, max_length=16)
    group_code: str | None = Field(default=None, max_length=32)
    packed_at: datetime
    until: datetime


class ShiftItem(VersionedRow, table=True):
    """One case of it. `text_id`: the words and the half-typed work that went with it, None without any."""

    __tablename__ = "shift_item"
    __table_args__ = (
        UniqueConstraint("handover_id", "case_id"),
        Index("ix_shift_item_open", "state", "handover_id"),
    )
    handover_id: int = Field(foreign_key="shift_handover.id")
    case_id: int = Field(foreign_key="work_case.id", index=True)
    text_id: int | None = Field(default=None, foreign_key="case_text.id")
    state: ShiftState = enum_field(ShiftState, ShiftState.OFFERED)
    decided_by: str | None = Field(default=None, max_length=16)
    decided_at: datetime | None = None
