"""Everything that rules may know about one case at one moment; built by `data.snapshot` in a fixed
number of queries. Values are whole (a check compares them); whoever shows one masks it first.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bdesk.models.kinds import Role
from bdesk.models.views.snapshot.appeals import ContestedView
from bdesk.models.views.snapshot.cases import (
    ActorView,
    CaseBrief,
    CaseView,
    HistoryView,
)
from bdesk.models.views.snapshot.shop import (
    CoachedView,
    CompensationView,
    CustomerView,
    DelayView,
    FreezeView,
    ItemView,
    OrderView,
    OtherReturn,
    ParcelView,
    PaymentView,
    RefundView,
    ReturnView,
    ScanView,
    SubstituteView,
    SubstitutionView,
    WalletTxView,
    WalletView,
)
from bdesk.models.views.snapshot.work import (
    AnswerView,
    ApprovalView,
    CheckView,
    ClockView,
    ContactView,
    DecisionView,
    EvidenceView,
    NotificationView,
    PromiseView,
    TaskView,
)

__all__ = [
    "ActorView",
    "AnswerView",
    "ApprovalView",
    "CaseBrief",
    "CaseView",
    "CheckView",
    "ClockView",
    "CoachedView",
    "CompensationView",
    "ContactView",
    "ContestedView",
    "CustomerView",
    "DecisionView",
    "DelayView",
    "EvidenceView",
    "FreezeView",
    "HistoryView",
    "ItemView",
    "NotificationView",
    "OrderView",
    "OtherReturn",
    "ParcelView",
    "PaymentView",
    "PromiseView",
    "RefundView",
    "ReturnView",
    "ScanView",
    "Snapshot",
    "SubstituteView",
    "SubstitutionView",
    "TaskView",
    "WalletTxView",
    "WalletView",
]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`same_order` and `same_customer` hold other cases, open ones first.

    `checks` are this account's attempts over all channels: those of the last 24 h and those of this case.
    `code_sent_at` and `documents_asked_at`: when the system last sent a one-time code, and last asked for
    documents, on this case; `documents_for`: for whom (the situation). `converted_by`: the event by which it
    became its present kind, 0 for none.
    `review_answered_at`: when a request for another look was last answered. `target_registered`: the
    customer registered another refund target by the secure form in this cycle. `rechecked`: goods that came
    back in it were looked at again after a dispute.
    `account_changed`: account data were changed in it.
    `fired_timers`: step, number and start of the wait of each timer that was acted on. `other_reviewers`:
    other people on duty who may decide this kind; None: not counted. `others_here`: the roles in which other
    people are at work now; None: not looked at. `on_call_elsewhere`: the acting person
    has a call open that is not on this case. `contested`: what lies before the present level of an appeal.
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
    delay: DelayView | None = None
    substitutions: tuple[SubstitutionView, ...] = ()
    goods_return: ReturnView | None = None
    other_returns: tuple[OtherReturn, ...] = ()
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
    documents_for: str | None = None
    review_answered_at: datetime | None = None
    target_registered: bool = False
    rechecked: bool = False
    account_changed: bool = False
    converted_by: int = 0
    other_reviewers: int | None = None
    others_here: frozenset[Role] | None = None
    on_call_elsewhere: bool = False
    contested: ContestedView = field(default_factory=ContestedView)
