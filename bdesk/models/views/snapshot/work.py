"""What was done on a case: evidence, tasks, contacts, checks, decisions, letters, answers, clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseOutcome,
    Channel,
    CheckResult,
    ContactKind,
    DeliveryState,
    Department,
    Direction,
    EvidenceKind,
    Factor,
    NotificationChannel,
    PromiseState,
    RejectCode,
    TaskState,
    VerificationLevel,
)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    id: int
    number: int
    kind: EvidenceKind
    name: str
    size_bytes: int
    address: str
    received_at: datetime
    cycle: int = 1
    looked_at: datetime | None = None
    looked_by: str | None = None
    clear: bool | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class TaskView:
    """`what` is the code the task was opened for (courier_claim, intercept ...); `finding` is the code of
    its answer where it has one (task_names.yaml), `finding_on` the local day that some findings name."""

    id: int
    department: Department
    state: TaskState
    question: str
    asked_at: datetime
    due_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    what: str = ""
    finding: str | None = None
    finding_on: date | None = None
    asked_by: str = ""
    answered_by: str | None = None

    @property
    def typed_by_asker(self) -> bool:
        """Whether the answer was typed in by who asked (docs/decisions/0016)."""
        return self.answered_by is not None and self.answered_by == self.asked_by


@dataclass(frozen=True, slots=True)
class ContactView:
    id: int
    kind: ContactKind
    direction: Direction
    channel: Channel
    started_at: datetime
    ended_at: datetime | None = None
    staff: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One verification attempt: kind and result, never the value."""

    level: VerificationLevel
    factor: Factor
    result: CheckResult
    at: datetime
    case_id: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class DecisionView:
    step: str
    option: str
    by: str
    at: datetime
    cycle: int = 1
    round: int = 1
    outcome: CaseOutcome | None = None
    reject_code: RejectCode | None = None
    rule_ref: str | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class ApprovalView:
    id: int
    case_id: int
    case_no: str
    step: str
    option: str
    action: str
    amount_fen: int | None
    flags: tuple[str, ...]
    needs_role: str
    reason: str
    state: ApprovalState
    requested_by: str
    requested_at: datetime
    lapses_at: datetime
    facts_digest: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    question: str | None = None
    version: int = 1
    planned: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotificationView:
    id: int
    letter: str
    language: str
    channel: NotificationChannel
    target_masked: str
    subject: str
    state: DeliveryState
    written_at: datetime
    sent_at: datetime | None = None
    failure: str | None = None
    reminder: bool = False
    text: str = ""
    """The letter as it was written; nothing once it was erased."""


@dataclass(frozen=True, slots=True)
class PromiseView:
    id: int
    words: str
    due_at: datetime
    state: PromiseState
    made_by: str
    clock: str | None = None
    number: int | None = None
    cycle: int | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of the walk as kept; `carried` from another kind, which the case was before."""

    step: str
    option: str
    captures: Mapping[str, object]
    by: str
    at: datetime
    cycle: int = 1
    round: int = 1
    via: tuple[tuple[str, str], ...] = ()
    binding: bool = False
    carried: bool = False


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as last folded: enough for a screen and a guard; the segments come from the journal."""

    kind: str
    cycle: int
    run: RunState
    outcome: Outcome
    start_at: datetime
    due_at: datetime | None
    drives: str
    hard: bool = False
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    waiting_for: str | None = None
    resume_at: datetime | None = None
    provisional: bool = False
    warn_due_at: datetime | None = None
    warn_now_at: datetime | None = None
    number: int = 1
