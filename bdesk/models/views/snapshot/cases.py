"""The case itself, other cases beside it, what the customer had before, and who acts."""

from dataclasses import dataclass, replace
from datetime import datetime

from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    LinkKind,
    RefundReason,
    RejectCode,
    Role,
    VerificationLevel,
)


@dataclass(frozen=True, slots=True)
class ActorView:
    """Who is acting, and in which `role` at the moment. `customer_id` is set for staff who are customers too
    (their own orders); `relatives` are the customers recorded as this person's relatives. `own_role` and
    `until`: where they stand in for another role, theirs, and when that is over."""

    id: int
    number: str
    name: str
    role: Role
    group_id: int | None = None
    group_code: str | None = None
    customer_id: int | None = None
    language: str = "zh"
    relatives: tuple[int, ...] = ()
    own_role: Role | None = None
    until: datetime | None = None

    @property
    def stands_in(self) -> bool:
        """Whether they act in a role that is not theirs."""
        return self.own_role is not None

    def acting(self, role: Role | None, until: datetime | None = None) -> "ActorView":
        """The same person, standing in for a role until then, or in their own for None."""
        own = self.own_role or self.role
        if role is None:
            return replace(self, role=own, own_role=None, until=None)
        return replace(self, role=role, own_role=own, until=until)


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
    after_sale_no: str | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """`cycle_started_at`: the newest reopening or re-application; None in the first cycle.
    `verified_anew_at`: what was proven before then counts no more. `filed`: the channel's own system handed
    the case in, and nobody at a desk chose the channel."""

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
    subtype: str | None = None
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
    verified_anew_at: datetime | None = None
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
