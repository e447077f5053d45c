"""What is done on a case: clocks, contacts, evidence, tasks, checks, decisions, approvals, promises."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from bdesk.models.clock_kinds import Drives, Outcome, RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseOutcome,
    Channel,
    CheckResult,
    ContactKind,
    Department,
    Direction,
    EvidenceKind,
    Factor,
    PromiseState,
    RejectCode,
    TaskState,
    VerificationLevel,
)
from bdesk.models.tables.base import Row, VersionedRow, enum_field


class ClockRow(Row, table=True):
    """A reading of one clock as last folded; the journal is the truth and `verify` compares them."""

    __tablename__ = "case_clock"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "cycle", "number"),
        Index("ix_case_clock_breach", "drives", "run", "outcome", "due_at"),
        Index("ix_case_clock_resume", "drives", "run", "resume_at"),
        Index("ix_case_clock_untold", "drives", "outcome", "breach_event_id", "due_at"),
    )
    case_id: int = Field(foreign_key="work_case.id", index=True)
    kind: str = Field(max_length=32)
    cycle: int = 1
    number: int = 1
    drives: Drives = enum_field(Drives, Drives.DESK)
    hard: bool = False
    run: RunState = enum_field(RunState)
    outcome: Outcome = enum_field(Outcome)
    start_at: datetime
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    waiting_for: str | None = Field(default=None, max_length=32)
    resume_at: datetime | None = None
    provisional: bool = False
    excused: bool = False
    warn_due_at: datetime | None = None
    warn_now_at: datetime | None = None
    # The event that recorded its breach: set by the sweep, never by folding.
    breach_event_id: int | None = None
    policy_version: str = Field(max_length=64)
    calendar_version: str = Field(max_length=64)


class Contact(Row, table=True):
    """A call or message. `case_id` is empty for a call with no matter."""

    __tablename__ = "contact"
    case_id: int | None = Field(default=None, foreign_key="work_case.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    kind: ContactKind = enum_field(ContactKind)
    direction: Direction = enum_field(Direction)
    channel: Channel = enum_field(Channel)
    number: str | None = Field(default=None, max_length=32)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    ringing_for: int | None = Field(default=None, foreign_key="staff.id", index=True)
    started_at: datetime
    ended_at: datetime | None = None
    text_id: int | None = Field(default=None, foreign_key="case_text.id")
    note: str = Field(default="", max_length=400)


class Evidence(VersionedRow, table=True):
    """`looked_at` is empty until somebody opened it; unseen evidence cannot be ticked (UX, Case)."""

    __tablename__ = "evidence"
    case_id: int = Field(foreign_key="work_case.id", index=True)
    number: int
    kind: EvidenceKind = enum_field(EvidenceKind)
    name: str = Field(default="", max_length=128)
    size_bytes: int = 0
    address: str = Field(default="", max_length=400)
    received_at: datetime
    cycle: int = 1
    looked_at: datetime | None = None
    looked_by: str | None = Field(default=None, max_length=16)
    clear: bool | None = None


class Task(VersionedRow, table=True):
    """A question to another department, due at `due_at`; its answer wakes the case.

    `what` is the code it was opened for, `finding` the code of the answer (a lost parcel, say), `finding_on`
    the local day that some findings name (goods ship on it). `overdue_at`: when it was written down that the
    answer is overdue.
    """

    __tablename__ = "department_task"
    __table_args__ = (
        Index("ix_department_task_due", "state", "due_at"),
        Index("ix_department_task_untold", "state", "overdue_at", "due_at"),
    )
    case_id: int = Field(foreign_key="work_case.id", index=True)
    department: Department = enum_field(Department)
    state: TaskState = enum_field(TaskState, TaskState.OPEN)
    question: str = Field(max_length=400)
    asked_by: str = Field(max_length=16)
    asked_at: datetime
    due_at: datetime | None = None
    answer: str | None = Field(default=None, max_length=400)
    answered_by: str | None = Field(default=None, max_length=64)
    answered_at: datetime | None = None
    what: str = Field(default="", max_length=32)
    finding: str | None = Field(default=None, max_length=32)
    finding_on: date | None = None
    overdue_at: datetime | None = None


class VerificationAttempt(Row, table=True):
    """Kind and result of a check, never the value (B0.4). `voided` by a supervisor lifts the lock."""

    __tablename__ = "verification_attempt"
    customer_id: int = Field(foreign_key="customer.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="work_case.id", index=True)
    level: VerificationLevel = enum_field(VerificationLevel)
    factor: Factor = enum_field(Factor)
    result: CheckResult = enum_field(CheckResult)
    channel: Channel = enum_field(Channel)
    by: str = Field(max_length=16)
    at: datetime
    voided: bool = False


class Decision(Row, table=True):
    """What was decided, by which rule, at which step. The reason's words are a CaseText."""

    __tablename__ = "decision"
    case_id: int = Field(foreign_key="work_case.id", index=True)
    cycle: int = 1
    round: int = 1
    step: str = Field(max_length=64)
    option: str = Field(max_length=64)
    outcome: CaseOutcome | None = enum_field(CaseOutcome, optional=True)
    reject_code: RejectCode | None = enum_field(RejectCode, optional=True)
    rule_ref: str | None = Field(default=None, max_length=64)
    amount_fen: int | None = None
    by: str = Field(max_length=16)
    at: datetime
    voided: bool = False


class Approval(VersionedRow, table=True):
    """A request bound to its facts: it lapses when they change or after 24 h (B0.7)."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_open", "state", "lapses_at"),)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    cycle: int = 1
    step: str = Field(max_length=64)
    option: str = Field(max_length=64)
    action: str = Field(max_length=64)
    amount_fen: int | None = None
    flags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    planned: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    facts_digest: str = Field(max_length=64)
    needs_role: str = Field(max_length=16)
    reason: str = Field(default="", max_length=400)
    state: ApprovalState = enum_field(ApprovalState, ApprovalState.REQUESTED)
    requested_by: str = Field(max_length=16)
    requested_at: datetime
    lapses_at: datetime
    decided_by: str | None = Field(default=None, max_length=16)
    decided_at: datetime | None = None
    question: str | None = Field(default=None, max_length=400)


class Promise(VersionedRow, table=True):
    """`clock`, `number` and `cycle` name the clock that runs for it, on the case that it is on now; empty for
    one that was made before promises had clocks. `topic`: the code of what the walk promised; empty for what
    somebody promised by hand.
    """

    __tablename__ = "promise"
    # What somebody promised for today.
    __table_args__ = (Index("ix_promise_mine", "made_by", "state", "due_at"),)
    case_id: int = Field(foreign_key="work_case.id", index=True)
    words: str = Field(max_length=200)
    due_at: datetime = Field(index=True)
    state: PromiseState = enum_field(PromiseState, PromiseState.OPEN)
    made_by: str = Field(max_length=16)
    made_at: datetime
    clock: str | None = Field(default=None, max_length=32)
    number: int | None = None
    cycle: int | None = None
    topic: str | None = Field(default=None, max_length=64)
