"""The case and what hangs on it directly: texts, answers of the walk, flags, links (B9).

The columns under "queue" repeat what the journal and the clocks say, so that the queue is one index
walk; `bdesk journal verify` recomputes them.
"""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    LinkKind,
    RefundReason,
    RejectCode,
    VerificationLevel,
)
from bdesk.models.tables.base import Row, VersionedRow, enum_field

_QUEUE = ("open", "owner_id", "aside", "stopped")


class Case(VersionedRow, table=True):
    """`cycle` rises at each reopening. `queue_at` is the earliest running desk clock's due time.

    A stopped case stands behind those that run by `stopped`, never by a false due time in `queue_at`.
    `case_tail` and `after_sale_tail` are the last four characters of the numbers. `folded_at` is the
    instant for which the columns under "queue" and the clocks were last worked out; `hard_at` the
    earliest due time among the running hard desk clocks. `timer_at` is when a timer of a waiting step may
    next be due, never later than it is; None where none can be.
    """

    __tablename__ = "work_case"
    __table_args__ = (
        # One index for each way into the queue: see bdesk.data.queries.
        Index("ix_work_case_queue", *_QUEUE, "queue_at", "id"),
        Index("ix_work_case_group", *_QUEUE, "group_id", "queue_at", "id"),
        Index("ix_work_case_kind", *_QUEUE, "group_id", "kind", "queue_at", "id"),
        Index("ix_work_case_urgent", *_QUEUE, "priority", "queue_at", "id"),
        Index("ix_work_case_hard", *_QUEUE, "hard_at", "id"),
        Index("ix_work_case_wake", "aside", "aside_until"),
        Index("ix_work_case_timer", "timer_at"),
        Index("ix_work_case_done", "closed_by", "closed_at"),
        # The supervisor's board.
        Index("ix_work_case_raised", "escalated_to", "open", "id"),
    )
    case_no: str = Field(max_length=24, unique=True)
    case_tail: str = Field(default="", max_length=4, index=True)
    after_sale_no: str | None = Field(default=None, max_length=24, unique=True)
    after_sale_tail: str | None = Field(default=None, max_length=4, index=True)
    # What the firm's own system calls it: importing the same case twice opens it once.
    external_key: str | None = Field(default=None, max_length=64, unique=True)
    kind: CaseKind = enum_field(CaseKind)
    subtype: str | None = Field(default=None, max_length=32)
    channel: Channel = enum_field(Channel)
    # The channel's own system handed it in: only then does a form or chat prove a signed-in customer.
    filed: bool = False
    priority: int = 3
    state: CaseState = enum_field(CaseState, CaseState.NEW)
    cycle: int = 1
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    order_id: int | None = Field(default=None, foreign_key="shop_order.id", index=True)
    wallet_tx_id: int | None = Field(default=None, foreign_key="wallet_tx.id")
    subject: str = Field(default="", max_length=200)
    desired: str = Field(default="", max_length=200)
    reason: RefundReason | None = enum_field(RefundReason, optional=True)
    received_at: datetime
    opened_at: datetime
    verified_level: VerificationLevel = enum_field(VerificationLevel, VerificationLevel.V0)
    procedure: str = Field(max_length=32)
    procedure_version: str = Field(max_length=64)
    policy_version: str = Field(max_length=64)
    calendar_version: str = Field(max_length=64)
    outcome: CaseOutcome | None = enum_field(CaseOutcome, optional=True)
    reject_code: RejectCode | None = enum_field(RejectCode, optional=True)
    rule_ref: str | None = Field(default=None, max_length=64)
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="staff.id")
    # queue
    open: bool = True
    owner_id: int | None = Field(default=None, foreign_key="staff.id")
    group_id: int | None = Field(default=None, foreign_key="staff_group.id")
    claimed_at: datetime | None = None
    aside: bool = False
    aside_until: datetime | None = None
    aside_reason: str | None = Field(default=None, max_length=32)
    escalated_to: str | None = Field(default=None, max_length=16)
    stopped: bool = False
    waiting_for: str | None = Field(default=None, max_length=32)
    queue_at: datetime
    queue_clock: str | None = Field(default=None, max_length=32)
    queue_from: datetime | None = None
    warn_due_at: datetime | None = None
    warn_now_at: datetime | None = None
    breached: bool = False
    hard: bool = False
    hard_at: datetime | None = None
    provisional: bool = False
    folded_at: datetime | None = None
    timer_at: datetime | None = None
    # What departments may be asked, and what applications must show; empty: as the book says now.
    tasks_version: str | None = Field(default=None, max_length=64)
    evidence_version: str | None = Field(default=None, max_length=64)


class CaseItem(Row, table=True):
    """What part of the order the case is about; none at all means the whole order."""

    __tablename__ = "case_item"
    __table_args__ = (UniqueConstraint("case_id", "item_id"),)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    item_id: int = Field(foreign_key="order_item.id")
    quantity: int = 1


class CaseText(Row, table=True):
    """Free text that a person's right can erase; the journal keeps only its salted digest."""

    __tablename__ = "case_text"
    case_id: int = Field(foreign_key="work_case.id", index=True)
    kind: str = Field(max_length=32)
    body: str
    salt: str = Field(max_length=32)
    digest: str = Field(max_length=64)
    by: str = Field(max_length=16)
    at: datetime
    voided: bool = False
    erased_at: datetime | None = None


class StepAnswer(Row, table=True):
    """One answer of the walk, in the order given (`id`). `via` is what the system ticked just before it.

    `binding` answers carried an effect that closes the way back; `voided` is set by undo and recall.
    """

    __tablename__ = "step_answer"
    case_id: int = Field(foreign_key="work_case.id", index=True)
    cycle: int = 1
    round: int = 1
    step: str = Field(max_length=64)
    option: str = Field(max_length=64)
    captures: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    via: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    binding: bool = False
    by: str = Field(max_length=16)
    at: datetime
    event_id: int | None = Field(default=None, index=True)
    voided: bool = False


class CaseFlagRow(Row, table=True):
    __tablename__ = "case_flag"
    __table_args__ = (UniqueConstraint("case_id", "flag"),)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    flag: CaseFlag = enum_field(CaseFlag)


class CaseLink(Row, table=True):
    """`from_id` is the newer case: it re-applies for, appeals against, or repeats `to_id`."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)
    from_id: int = Field(foreign_key="work_case.id", index=True)
    to_id: int = Field(foreign_key="work_case.id", index=True)
    kind: LinkKind = enum_field(LinkKind)


class NumberSeries(Row, table=True):
    """The last number given out per prefix and local day (training.md D8)."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("prefix", "day"),)
    prefix: str = Field(max_length=8)
    day: str = Field(max_length=8)
    last: int = 0
