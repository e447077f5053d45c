"""Facts about what is on its way: approvals, tasks of other departments, letters, and dates to tell.

Source: B0.7 (an approval lapses after 24 h or when amount or status changed); P1 RF6, RF8a, RF11.
"""

from datetime import timedelta

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import ApprovalState, DeliveryState
from bdesk.models.views.snapshot import ApprovalView, NotificationView, Snapshot
from bdesk.rules import documents
from bdesk.rules.cases import cycle_start, letters_of_cycle, stands
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.case import evidence_letters
from bdesk.rules.facts.order import refundable_fen
from bdesk.rules.facts.refund import refund_of_cycle
from bdesk.rules.unfreeze import ACTION
from bdesk.rules.walk.values import FactValue

RESULT_LETTERS = frozenset({"N2", "N3", "N10"})
"""Letters that tell the result of a refund or an appeal (B0.9)."""

_REFUNDS = frozenset({"refund", "refund_other_target"})
_LIVE = frozenset({ApprovalState.REQUESTED, ApprovalState.APPROVED})


def approval_of_cycle(snapshot: Snapshot) -> ApprovalView | None:
    """The newest approval request of this cycle that was not withdrawn; a check of documents decides nothing
    of the matter and is none."""
    since = cycle_start(snapshot)
    asked = [
        one
        for one in snapshot.approvals
        if one.case_id == snapshot.case.id
        and one.requested_at >= since
        and one.action != documents.ACTION
        and one.state is not ApprovalState.WITHDRAWN
    ]
    return max(asked, key=lambda one: (one.requested_at, one.id), default=None)


def has_lapsed(approval: ApprovalView, snapshot: Snapshot) -> bool:
    """Whether a request or an approval no longer holds: its hours are over, or its amount is not there.

    One that was used holds on: the refund it stood for is made.
    """
    if approval.state not in _LIVE:
        return False
    refund = refund_of_cycle(snapshot)
    if refund is not None and approval.decided_at is not None and refund.committed_at >= approval.decided_at:
        return False
    if approval.action == ACTION and _released(snapshot, approval):
        return False
    above = approval.action in _REFUNDS and (approval.amount_fen or 0) > refundable_fen(snapshot)
    return snapshot.now >= approval.lapses_at or above


def _released(snapshot: Snapshot, approval: ApprovalView) -> bool:
    """Whether the release, or the refusal, that it stands for was committed."""
    since = approval.decided_at
    return since is not None and any(
        one.at >= since and stands(one) and one.cycle == snapshot.case.cycle for one in snapshot.decisions
    )


@fact("approval.state")
def _approval_state(context: FactContext) -> FactValue:
    approval = approval_of_cycle(context.snapshot)
    if approval is None:
        return "none"
    return "lapsed" if has_lapsed(approval, context.snapshot) else approval.state.value


@fact("approval.amount_fen")
def _approval_amount(context: FactContext) -> FactValue:
    approval = approval_of_cycle(context.snapshot)
    return None if approval is None else approval.amount_fen


@fact("approval.note")
def _approval_note(context: FactContext) -> FactValue:
    approval = approval_of_cycle(context.snapshot)
    return None if approval is None else (approval.question or None)


@fact("approval.extent")
def _approval_extent(context: FactContext) -> FactValue:
    approval = approval_of_cycle(context.snapshot)
    planned = None if approval is None else approval.planned.get("extent")
    return planned if isinstance(planned, str) else None


@fact("approval.decided_by_me")
def _decided_by_me(context: FactContext) -> FactValue:
    approval = approval_of_cycle(context.snapshot)
    return approval is not None and approval.decided_by == context.snapshot.actor.number


@fact("approval.due_at")
def _approval_due(context: FactContext) -> FactValue:
    due = (
        clock.due_at
        for clock in context.snapshot.clocks
        if clock.kind == "approval" and clock.run is RunState.RUNNING and clock.due_at is not None
    )
    return min(due, default=None)


@fact("letters.result_sent")
def _result_sent(context: FactContext) -> FactValue:
    return any(one.letter in RESULT_LETTERS for one in letters_of_cycle(context.snapshot))


def result_letters(snapshot: Snapshot) -> tuple[NotificationView, ...]:
    """The result letters of this cycle, oldest first: also those that came back, none that was recalled."""
    since = cycle_start(snapshot)
    written = [
        one
        for one in snapshot.notifications
        if one.letter in RESULT_LETTERS
        and one.written_at >= since
        and one.state is not DeliveryState.RECALLED
    ]
    return tuple(sorted(written, key=lambda one: (one.written_at, one.id)))


@fact("letters.result_to")
def _result_to(context: FactContext) -> FactValue:
    sent = [one for one in letters_of_cycle(context.snapshot) if one.letter in RESULT_LETTERS]
    newest = max(sent, key=lambda one: (one.written_at, one.id), default=None)
    return None if newest is None else newest.target_masked


@fact("deadline.evidence")
def _evidence_deadline(context: FactContext) -> FactValue:
    days = context.limits.numbers["evidence_close_days"]
    return context.calendar.date_of(context.snapshot.now) + timedelta(days=days)


@fact("deadline.asked")
def _asked_deadline(context: FactContext) -> FactValue:
    asked = evidence_letters(context.snapshot)
    documents = context.snapshot.documents_asked_at
    if documents is not None and documents >= cycle_start(context.snapshot):
        asked.append(documents)
    if not asked:
        return None
    days = context.limits.numbers["evidence_close_days"]
    return context.calendar.date_of(max(asked)) + timedelta(days=days)


@fact("deadline.reapply")
def _reapply_deadline(context: FactContext) -> FactValue:
    days = context.limits.numbers["reapply_days"]
    return context.calendar.date_of(context.snapshot.now) + timedelta(days=days)
