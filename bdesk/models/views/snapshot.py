"""Everything that rules may know about one case at one moment; built by `data.snapshot` in a fixed
number of queries. Values are whole (a check compares them); whoever shows one masks it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    CheckResult,
    ContactKind,
    DeliveryState,
    Department,
    Direction,
    EvidenceKind,
    Factor,
    FreezeReason,
    FreezeSource,
    LinkKind,
    NotificationChannel,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    PromiseState,
    RefundReason,
    RefundState,
    RejectCode,
    ReturnClass,
    Role,
    SellerType,
    SignedBy,
    TaskState,
    VerificationLevel,
    WalletState,
    WalletTxKind,
)


@dataclass(frozen=True, slots=True)
class ActorView:
    """Who is acting. `customer_id` is set for staff who are customers too (their own orders);
    `relatives` are the customers recorded as this person's relatives."""

    id: int
    number: str
    name: str
    role: Role
    group_id: int | None = None
    group_code: str | None = None
    customer_id: int | None = None
    language: str = "zh"
    relatives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerView:
    id: int
    account: str
    name: str
    phone: str | None = None
    phone_tail: str | None = None
    email: str | None = None
    province: str | None = None
    city: str | None = None
    address: str | None = None
    born_on: date | None = None
    vip: bool = False
    since: datetime | None = None
    language: str = "zh"
    contact_changed_at: datetime | None = None
    previous_phone: str | None = None
    verification_locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """`refunded_fen` and `refunded_quantity` count everything not failed or recalled.

    `chosen`: the case is about it, `chosen_quantity` pieces of it (None: all of them).
    """

    id: int
    line: int
    sku: str
    name: str
    quantity: int
    price_fen: int
    return_class: ReturnClass
    window_days: int
    exclusion_confirmed_at: datetime | None = None
    parcel_id: int | None = None
    refunded_fen: int = 0
    refunded_quantity: int = 0
    stock: int | None = None
    chosen: bool = True
    chosen_quantity: int | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    id: int
    order_no: str
    status: OrderStatus
    placed_at: datetime
    goods_fen: int
    coupon_fen: int
    freight_fen: int
    total_fen: int
    estimated_ship_at: datetime | None = None
    presale: bool = False
    seller_type: SellerType = SellerType.OWN
    merchant: str | None = None
    delay_cause: str | None = None
    delay_eta: datetime | None = None
    as_of: datetime | None = None
    customer_id: int = 0


@dataclass(frozen=True, slots=True)
class PaymentView:
    id: int
    payment_no: str
    method: PaymentMethod
    state: PaymentState
    amount_fen: int
    refunded_fen: int
    held_fen: int
    failure: PaymentFailure | None = None
    paid_at: datetime | None = None
    channel_tx: str | None = None
    bank: str | None = None
    card_tail: str | None = None
    path_closed: bool = False


@dataclass(frozen=True, slots=True)
class ScanView:
    at: datetime
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ParcelView:
    id: int
    waybill: str
    carrier: str
    state: ParcelState
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: SignedBy | None = None
    last_scan_at: datetime | None = None
    scans: tuple[ScanView, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundView:
    id: int
    refund_no: str
    case_id: int | None
    payment_id: int
    amount_fen: int
    method: PaymentMethod
    state: RefundState
    attempt: int
    committed_at: datetime
    arrived_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class CompensationView:
    delay_key: str
    amount_fen: int
    state: RefundState
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class FreezeView:
    reason: FreezeReason
    source: FreezeSource
    frozen_at: datetime
    amount_fen: int
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WalletView:
    id: int
    wallet_no: str
    state: WalletState
    balance_fen: int
    region: str = "CN"
    two_factor: bool = False
    freeze: FreezeView | None = None


@dataclass(frozen=True, slots=True)
class WalletTxView:
    id: int
    tx_no: str
    kind: WalletTxKind
    amount_fen: int
    at: datetime
    counterparty: str = ""


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
    its answer where it has one: found, lost or not_delivered for a courier claim."""

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


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of the walk as kept."""

    step: str
    option: str
    captures: Mapping[str, object]
    by: str
    at: datetime
    cycle: int = 1
    round: int = 1
    via: tuple[tuple[str, str], ...] = ()
    binding: bool = False


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


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """Another case, as a list shows it.

    `item_ids`: the lines it is about, none for the whole order. `decided_by` (staff number) and
    `decided_at`: its newest decision that stands.
    """

    id: int
    case_no: str
    kind: CaseKind
    state: CaseState
    subject: str
    received_at: datetime
    outcome: CaseOutcome | None = None
    owner: str | None = None
    order_no: str | None = None
    due_at: datetime | None = None
    link: LinkKind | None = None
    decided_by: str | None = None
    evidence_count: int = 0
    decided_at: datetime | None = None
    item_ids: tuple[int, ...] = ()
    wallet_tx_id: int | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """`cycle_started_at`: the newest reopening or re-application; None in the first cycle. `filed`: the
    channel's own system handed the case in, and nobody at a desk chose the channel."""

    id: int
    case_no: str
    kind: CaseKind
    channel: Channel
    priority: int
    state: CaseState
    cycle: int
    version: int
    subject: str
    desired: str
    received_at: datetime
    opened_at: datetime
    verified_level: VerificationLevel
    procedure: str
    procedure_version: str
    policy_version: str
    calendar_version: str
    after_sale_no: str | None = None
    reason: RefundReason | None = None
    description: str = ""
    outcome: CaseOutcome | None = None
    reject_code: RejectCode | None = None
    rule_ref: str | None = None
    closed_at: datetime | None = None
    owner_id: int | None = None
    owner: str | None = None
    group_code: str | None = None
    aside: bool = False
    aside_until: datetime | None = None
    stopped: bool = False
    waiting_for: str | None = None
    escalated_to: str | None = None
    provisional: bool = False
    flags: tuple[CaseFlag, ...] = ()
    cycle_started_at: datetime | None = None
    filed: bool = False


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Counts over the customer's past; days are 24 h back from `now`."""

    refunds_30d: int = 0
    contacts_48h: int = 0
    contacts_30d: int = 0
    failed_checks: int = 0
    recent_amounts_fen: tuple[int, ...] = ()
    reapplications: int = 0
    goodwill_12m: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`same_order` and `same_customer` hold other cases, open ones first.

    `checks` are this account's attempts over all channels: those of the last 24 h and those of this case.
    `code_sent_at` and `documents_asked_at`: when the system last sent a one-time code, and last asked for
    documents, on this case. `converted_by`: the event by which it became its present kind, 0 for none.
    `target_registered`: the customer registered another refund target by the
    secure form in this cycle. `fired_timers`: step, number and start of the wait of each timer that was
    acted on. `other_reviewers`: other people on duty who may decide this kind; None: not
    counted. `on_call_elsewhere`: the acting person has a call open that is not on this case.
    """

    case: CaseView
    actor: ActorView
    now: datetime
    customer: CustomerView | None = None
    order: OrderView | None = None
    items: tuple[ItemView, ...] = ()
    payments: tuple[PaymentView, ...] = ()
    parcels: tuple[ParcelView, ...] = ()
    refunds: tuple[RefundView, ...] = ()
    compensations: tuple[CompensationView, ...] = ()
    wallet: WalletView | None = None
    wallet_tx: WalletTxView | None = None
    evidence: tuple[EvidenceView, ...] = ()
    tasks: tuple[TaskView, ...] = ()
    contacts: tuple[ContactView, ...] = ()
    checks: tuple[CheckView, ...] = ()
    decisions: tuple[DecisionView, ...] = ()
    approvals: tuple[ApprovalView, ...] = ()
    notifications: tuple[NotificationView, ...] = ()
    promises: tuple[PromiseView, ...] = ()
    answers: tuple[AnswerView, ...] = ()
    clocks: tuple[ClockView, ...] = ()
    links: tuple[CaseBrief, ...] = ()
    same_order: tuple[CaseBrief, ...] = ()
    same_customer: tuple[CaseBrief, ...] = ()
    history: HistoryView = field(default_factory=HistoryView)
    open_effects: tuple[str, ...] = ()
    # Timers of waiting steps that have fired: (step, number, start of the wait as ISO text).
    fired_timers: frozenset[tuple[str, int, str]] = frozenset()
    code_sent_at: datetime | None = None
    documents_asked_at: datetime | None = None
    target_registered: bool = False
    converted_by: int = 0
    other_reviewers: int | None = None
    on_call_elsewhere: bool = False
