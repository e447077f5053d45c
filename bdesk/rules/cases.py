"""What a case may do next: its states, closing, reopening, duplicates, and what must stay hidden.

Source: procedures B0.2 (states and closing), B0.3 and X3 (duplicates), SLA.md (reopening), UX, "Words".
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bdesk.clock import LOCAL
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    OPEN_STATES,
    CaseKind,
    CaseOutcome,
    CaseState,
    ContactKind,
    DeliveryState,
    Factor,
    LinkKind,
)
from bdesk.models.views.snapshot import CaseBrief, DecisionView, NotificationView, Snapshot
from bdesk.rules.appeals import review
from bdesk.rules.promises import overdue_by_hand
from bdesk.rules.verification import level_number, reached

REOPEN_DAYS: Final = 30
"""Local days after closing within which a case may be reopened; afterwards a new linked one is opened."""

CHAIN: Final = frozenset({LinkKind.PREVIOUS, LinkKind.REAPPLY_OF, LinkKind.APPEAL_OF})
"""Links to the case that this one follows."""

NOT_SENT: Final = frozenset({DeliveryState.FAILED, DeliveryState.RECALLED})
"""A letter in one of these reached nobody."""

_TOLD_OTHERWISE: Final = frozenset({CaseOutcome.MERGED, CaseOutcome.CONVERTED, CaseOutcome.NO_CONTACT})
_NOTHING_OWED: Final = frozenset({CaseOutcome.WITHDRAWN, CaseOutcome.MERGED, CaseOutcome.NO_CONTACT})
"""Outcomes by which what was promised is owed no more, or goes on elsewhere."""

RECEIPTS: Final = frozenset({"N1"})
"""Letters that only say that a matter was received: they answer nothing (SLA.md, first response)."""

_UNCERTAIN: Final = frozenset({"unknown"})
_ON: Final = frozenset({RunState.RUNNING, RunState.PAUSED})

_WAITING: Final = frozenset(
    {
        CaseState.WAITING_CUSTOMER,
        CaseState.WAITING_INTERNAL,
        CaseState.WAITING_APPROVAL,
        CaseState.IN_TRANSIT,
    }
)
_ENDS: Final = frozenset({CaseState.RESOLVED, CaseState.CLOSED, CaseState.MERGED, CaseState.WITHDRAWN})
_WORKED: Final = _WAITING | _ENDS | {CaseState.IN_PROGRESS}

MOVES: Final[Mapping[CaseState, frozenset[CaseState]]] = MappingProxyType(
    {
        CaseState.NEW: _WORKED | {CaseState.VERIFYING},
        CaseState.VERIFYING: _WORKED,
        CaseState.IN_PROGRESS: _WAITING | _ENDS | {CaseState.VERIFYING},
        **{state: (_WORKED | {CaseState.VERIFYING}) - {state} for state in _WAITING},
        CaseState.REOPENED: _WORKED | {CaseState.VERIFYING},
        CaseState.RESOLVED: frozenset({CaseState.CLOSED, CaseState.REOPENED}),
        CaseState.CLOSED: frozenset({CaseState.REOPENED}),
        CaseState.WITHDRAWN: frozenset({CaseState.CLOSED, CaseState.REOPENED}),
        CaseState.MERGED: frozenset(),
    }
)
"""From each state, those a case may go to. A merged case stays so: its matter goes on in the other one."""

# Callers take these for one matter about their order, so a second one is a duplicate whatever its kind.
_ORDER_MATTERS: Final = frozenset(
    {
        CaseKind.REFUND,
        CaseKind.WALLET_REFUND,
        CaseKind.SHIPMENT_DELAY,
        CaseKind.PAYMENT_FAILURE,
        CaseKind.AFTER_SALE,
    }
)

HIDING_FACTORS: Final = frozenset(
    {Factor.PHONE_TAIL, Factor.RECENT_AMOUNT, Factor.ORDER_NO, Factor.CITY, Factor.PURCHASE_DATE}
)
"""Factors whose values must not be seen until verification has passed (UX, Words; B0.4). Whoever sees one
can read it out to the caller. A surname shows in every masked name and alone opens no more than a status."""

STRONG_KINDS: Final = frozenset(
    {CaseKind.UNFREEZE, CaseKind.ACCOUNT_CHANGE, CaseKind.SECURITY, CaseKind.WALLET_LIMITS}
)
"""Kinds that are verified to level 3 (B0.4). Whoever took somebody's number over can answer for level 2."""

_FACTS_OF: Final[Mapping[Factor, tuple[str, ...]]] = MappingProxyType(
    {
        Factor.ORDER_NO: ("order.no",),
        Factor.PHONE_TAIL: ("customer.letters_to", "letters.result_to", "account.old_masked"),
        Factor.PURCHASE_DATE: ("order.ordered_at", "wallet_tx.at"),
        Factor.CITY: ("parcel.last_scan",),
        Factor.RECENT_AMOUNT: (
            "order.total_fen",
            "wallet_tx.amount_fen",
            "wallet.held_fen",
            "order.paid_fen",
            "order.refunded_fen",
            "order.refundable_fen",
            "order.last_refund_fen",
            "payments.excess_fen",
            "payments.open_fen",
            "refund.proposed_fen",
            "refund.amount_fen",
            "approval.amount_fen",
            "delay.base_fen",
            "compensation.given_fen",
            "compensation.suggested_fen",
            "limits.compensation_fen",
            "substitute.diff_fen",
            "substitute.back_fen",
            "repair.estimate_fen",
        ),
    }
)


def may_move(frm: CaseState, to: CaseState) -> bool:
    """Whether a case may go from one state to another. Staying is no move."""
    return to in MOVES[frm]


def cycle_start(snapshot: Snapshot) -> datetime:
    """When the present cycle of the case began: its newest reopening, else its receipt."""
    return snapshot.case.cycle_started_at or snapshot.case.received_at


def letters_of_cycle(snapshot: Snapshot) -> tuple[NotificationView, ...]:
    """The letters of this cycle that are committed or sent; not those recalled or bounced."""
    since = cycle_start(snapshot)
    written = (one for one in snapshot.notifications if one.written_at >= since)
    return tuple(one for one in written if one.state not in NOT_SENT)


def stands(decision: DecisionView) -> bool:
    """Whether it decides on the application, and is not one of the steps on the way."""
    return decision.outcome is not None or decision.reject_code is not None


def earlier_cases(snapshot: Snapshot) -> tuple[CaseBrief, ...]:
    """The cases this one follows, re-applies for or appeals against, the oldest first.

    A link is kept on both cases; the newer one is the one that follows.
    """
    before = (one for one in snapshot.links if one.link in CHAIN and one.id < snapshot.case.id)
    return tuple(sorted(before, key=lambda one: (one.received_at, one.id)))


def can_close(snapshot: Snapshot, outcome: CaseOutcome | None = None) -> tuple[str, ...]:
    """Why the case cannot be closed now, as codes; empty when it can (B0.2).

    `outcome` is the one it would be closed with, where it has none yet. "close.effect_held" waits for the
    outbox, "close.effect_unknown" for an answer of the other side; "close.promise_open" is what somebody
    promised by hand, is late and not done (docs/decisions/0017); "close.review_open" a request for another
    look that nobody has answered (S2:20).
    """
    given = outcome or snapshot.case.outcome
    states = {each.rpartition(":")[2] for each in snapshot.open_effects}
    running = any(clock.drives == "desk" and clock.run in _ON for clock in snapshot.clocks)
    reasons = (
        (given is None, "close.no_outcome"),
        (given not in _TOLD_OTHERWISE and not customer_told(snapshot), "close.not_told"),
        (running, "close.clock_running"),
        (given not in _NOTHING_OWED and bool(overdue_by_hand(snapshot)), "close.promise_open"),
        (given not in _NOTHING_OWED and review(snapshot) == "open", "close.review_open"),
        (bool(states - _UNCERTAIN), "close.effect_held"),
        (bool(states & _UNCERTAIN), "close.effect_unknown"),
    )
    return tuple(code for applies, code in reasons if applies)


def customer_told(snapshot: Snapshot) -> bool:
    """Whether the customer heard from us in this cycle: a letter that was not lost and is more than a
    receipt, or a logged call."""
    return any(one.letter not in RECEIPTS for one in letters_of_cycle(snapshot)) or spoken_to(snapshot)


def spoken_to(snapshot: Snapshot) -> bool:
    """Whether somebody of us spoke with the customer in this cycle, or does so now."""
    since = cycle_start(snapshot)
    return any(
        contact.kind in (ContactKind.CALL, ContactKind.VISIT)
        and contact.staff is not None
        and (contact.ended_at is None or contact.ended_at >= since)
        for contact in snapshot.contacts
    )


def reopening(closed_at: datetime, now: datetime) -> bool:
    """Whether a case closed at `closed_at` may still be reopened: until 24:00 of the 30th local day after."""
    return (now.astimezone(LOCAL).date() - closed_at.astimezone(LOCAL).date()) <= timedelta(days=REOPEN_DAYS)


def duplicates(snapshot: Snapshot) -> tuple[CaseBrief, ...]:
    """Open cases about the same matter that were opened before this one, the oldest first: same order and
    item, or same transaction. The older one goes on as it is: what comes later joins it (B0.3, OP2).

    An appeal or a complaint about an order is another matter than its refund (X8); of those only a second
    one of the same kind is a duplicate.
    """
    mine = frozenset(item.id for item in snapshot.items if item.chosen)
    found = {one.id: one for one in snapshot.same_order if _same_goods(mine, one)}
    if snapshot.wallet_tx is not None:
        found |= {one.id: one for one in snapshot.same_customer if one.wallet_tx_id == snapshot.wallet_tx.id}
    this = snapshot.case
    if this.kind is CaseKind.UNFREEZE:
        # A customer has one wallet.
        found |= {one.id: one for one in snapshot.same_customer if one.kind is this.kind}
    others = [one for one in found.values() if one.id < this.id and one.state in OPEN_STATES]
    same = [one for one in others if _same_matter(this.kind, one.kind)]
    return tuple(sorted(same, key=lambda one: (one.received_at, one.id)))


def _same_goods(mine: frozenset[int], other: CaseBrief) -> bool:
    return not mine or not other.item_ids or not mine.isdisjoint(other.item_ids)


def _same_matter(mine: CaseKind, other: CaseKind) -> bool:
    return mine is other or (mine in _ORDER_MATTERS and other in _ORDER_MATTERS)


def mask_factors(snapshot: Snapshot) -> frozenset[Factor]:
    """The factors whose values must be shown as `bdesk.rules.masking.HIDDEN` now; none once the level that
    the case's kind asks for is reached.

    At level 1 the order number was named by the caller, and may be seen. Who is on a call that is not on
    this case sees none of them here, whatever the case has: the caller is somebody of whom nothing is known.
    """
    if snapshot.on_call_elsewhere:
        return HIDING_FACTORS
    level = level_number(reached(snapshot))
    if level >= (3 if snapshot.case.kind in STRONG_KINDS else 2):
        return frozenset()
    return HIDING_FACTORS - {Factor.ORDER_NO} if level >= 1 else HIDING_FACTORS


def hidden_facts(snapshot: Snapshot) -> frozenset[str]:
    """The names of facts that would give a hidden factor away; `bdesk.rules.facts.render` stars them."""
    return frozenset(name for factor in mask_factors(snapshot) for name in _FACTS_OF.get(factor, ()))
