"""What one screen or command shows in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bdesk.models.kinds import (
    CaseKind,
    CaseState,
    OrderStatus,
    PersonState,
    Role,
)
from bdesk.models.views.snapshot import (
    ApprovalView,
    CaseBrief,
    CompensationView,
    CustomerView,
    ItemView,
    OrderView,
    ParcelView,
    PaymentView,
    RefundView,
    Snapshot,
    TaskView,
    WalletView,
)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event of a case. `text` are the words it speaks of, None when it has none or they were erased;
    `voided`: it was taken back by an undo or a recall."""

    event_id: int
    kind: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: Mapping[str, object]
    text: str | None = None
    voided: bool = False


@dataclass(frozen=True, slots=True)
class NoteView:
    id: int
    body: str
    by: str
    at: datetime
    erased: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    """`timeline` is newest first; `more`: it goes on beyond what is here."""

    snapshot: Snapshot
    timeline: tuple[TimelineEntry, ...]
    notes: tuple[NoteView, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class LookupHit:
    """An order, a case or a customer that was found; `by` is the code of what matched.

    Names and phones are masked. For an order, the case fields are those of its open case, if any;
    `orders` and `cases` (counted up to a cap) are a customer's.
    """

    kind: str
    by: str
    customer_id: int | None = None
    customer: str = ""
    phone: str = ""
    order_id: int | None = None
    order_no: str | None = None
    items: str = ""
    total_fen: int | None = None
    status: OrderStatus | None = None
    placed_at: datetime | None = None
    signed_at: datetime | None = None
    case_id: int | None = None
    case_no: str | None = None
    case_kind: CaseKind | None = None
    case_state: CaseState | None = None
    open: bool = False
    due_at: datetime | None = None
    stopped: bool = False
    orders: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True)
class LookupPage:
    """`more`: there are further hits; one more digit narrows them down."""

    hits: tuple[LookupHit, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The order card. `customer` is whole: whoever shows it masks it."""

    order: OrderView
    customer: CustomerView | None
    items: tuple[ItemView, ...]
    payments: tuple[PaymentView, ...]
    parcels: tuple[ParcelView, ...]
    refunds: tuple[RefundView, ...]
    compensations: tuple[CompensationView, ...]
    cases: tuple[CaseBrief, ...]


@dataclass(frozen=True, slots=True)
class OrderBrief:
    id: int
    order_no: str
    status: OrderStatus
    placed_at: datetime
    total_fen: int
    items: str = ""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer with their newest orders and cases; `more_*`: there are older ones."""

    customer: CustomerView
    wallet: WalletView | None
    cases: tuple[CaseBrief, ...]
    orders: tuple[OrderBrief, ...]
    more_cases: bool = False
    more_orders: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """An approval with what a list says of its case; `customer` is masked."""

    approval: ApprovalView
    kind: CaseKind
    customer: str
    subject: str
    evidence: int
    unseen: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A question to another department, and the case that asks. `findings`: the codes its answer may come to;
    `overdue`: the department owes an answer that was due; `pinned`: the version of task kinds that the case
    is on."""

    task: TaskView
    case_no: str
    findings: tuple[str, ...] = ()
    overdue: bool = False
    pinned: str | None = None


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text kept for a case, with the number it is erased by; `words` are its first, none once it was."""

    id: int
    kind: str
    by: str
    at: datetime
    words: str
    erased: bool


@dataclass(frozen=True, slots=True)
class StandInRow:
    """Somebody stands in for `role` from `from_at` until `until_at`; `ended_at`: it was ended before."""

    id: int
    number: str
    name: str
    own_role: Role
    role: Role
    from_at: datetime
    until_at: datetime
    named_by: str
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class StandInDays:
    """Somebody acts as `role` from `from_at` until `until_at`."""

    role: Role
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff; `open_cases` is counted up to a cap. `stands_in`: as what they act now or will,
    earliest first."""

    id: int
    number: str
    name: str
    role: Role
    group: str | None
    state: PersonState
    state_since: datetime | None
    active: bool
    locked_until: datetime | None
    skills: tuple[CaseKind, ...]
    open_cases: int
    stands_in: tuple[StandInDays, ...] = ()
