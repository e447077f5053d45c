"""How a case stands in the customer's words (P12): its state, the next date, what is late, what promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    OPEN_STATES,
    REFUND_COMING,
    CaseKind,
    CaseOutcome,
    CaseState,
    ContactKind,
    Department,
    Direction,
    PromiseState,
    TaskState,
)
from bdesk.models.views.snapshot import CaseBrief, ClockView, PromiseView, RefundView, Snapshot

ENQUIRY_HOURS: Final = 48
ENQUIRIES_MANY: Final = 3
PROMISES_MANY: Final = 2
"""From so many calls within so many hours, or so many broken promises, a supervisor is to look (PE6)."""

_HOUSE: Final = frozenset({"approval", "escalation_decision", "promise", "call_back"})
"""Clocks that measure the house, and tell a customer nothing about the answer to the matter."""

_PAYS: Final = frozenset({CaseOutcome.APPROVED_FULL, CaseOutcome.APPROVED_PARTIAL})
_NO_MATTER: Final = frozenset({CaseKind.PROGRESS, CaseKind.CONSULTATION, CaseKind.FEEDBACK})


class Status(StrEnum):
    """What a customer is told (PE2); never a note, a name or a rule of the house."""

    RECEIVED = "received"
    REVIEWING = "reviewing"
    WAITING_YOU = "waiting_you"
    WAITING_WAREHOUSE = "waiting_warehouse"
    WAITING_COURIER = "waiting_courier"
    WAITING_OTHERS = "waiting_others"
    REFUNDING = "refunding"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """`next_at`: when the customer hears more, or the money is there; `overdue` once that has passed."""

    status: Status
    next_at: datetime | None
    overdue: bool
    outcome: CaseOutcome | None = None


def progress_of(snapshot: Snapshot) -> Progress:
    """How this case stands."""
    case = snapshot.case
    paying = refunds_on_the_way(snapshot.refunds, case.id)
    if paying and (case.state not in OPEN_STATES or case.outcome in _PAYS):
        clock = arrival_clock(snapshot.clocks)
        due = clock.due_at if clock is not None else None
        return Progress(Status.REFUNDING, due, due is not None and due < snapshot.now, case.outcome)
    clock = answer_clock(snapshot.clocks)
    due = clock.due_at if clock is not None else None
    status = _status(case.state, _asked(snapshot))
    late = clock is not None and due is not None and due < snapshot.now and clock.run is RunState.RUNNING
    if status is Status.DONE:
        return Progress(status, None, False, case.outcome)
    # Stopped, the clock has no date that could be told: it runs on when the material is there.
    stopped = clock is not None and clock.run is RunState.PAUSED
    return Progress(status, None if stopped else due, late)


def progress_of_brief(brief: CaseBrief, now: datetime) -> Progress:
    """How another case stands, as far as its row says."""
    status = _status(brief.state, None)
    if status is Status.DONE:
        return Progress(status, None, False, brief.outcome)
    return Progress(status, brief.due_at, brief.due_at is not None and brief.due_at < now)


def _status(state: CaseState, asked: Department | None) -> Status:
    if state not in OPEN_STATES:
        return Status.DONE
    if state is CaseState.WAITING_CUSTOMER:
        return Status.WAITING_YOU
    if asked in (Department.WAREHOUSE, Department.MERCHANT):
        return Status.WAITING_WAREHOUSE
    if asked is Department.COURIER:
        return Status.WAITING_COURIER
    if asked is not None or state is CaseState.WAITING_INTERNAL:
        return Status.WAITING_OTHERS
    if state is CaseState.IN_TRANSIT:
        return Status.WAITING_WAREHOUSE
    return Status.RECEIVED if state in (CaseState.NEW, CaseState.VERIFYING) else Status.REVIEWING


def _asked(snapshot: Snapshot) -> Department | None:
    """The department whose answer has been waited for longest."""
    waiting = [one for one in snapshot.tasks if one.state is TaskState.OPEN]
    first = min(waiting, key=lambda one: (one.asked_at, one.id), default=None)
    return None if first is None else first.department


def answer_clock(clocks: Iterable[ClockView]) -> ClockView | None:
    """The desk clock by which the customer hears next; a running one before a stopped one."""
    live = [
        one
        for one in clocks
        if one.drives == "desk"
        and one.run in (RunState.RUNNING, RunState.PAUSED)
        and one.kind not in _HOUSE
        and one.due_at is not None
    ]
    return min(live, key=lambda one: (one.run is RunState.PAUSED, one.due_at), default=None)


def arrival_clock(clocks: Iterable[ClockView]) -> ClockView | None:
    """The clock of money on its way that is due first."""
    live = [
        one
        for one in clocks
        if one.kind == "refund_arrival" and one.run is RunState.RUNNING and one.due_at is not None
    ]
    return min(live, key=lambda one: (one.due_at is None, one.due_at), default=None)


def refunds_on_the_way(refunds: Iterable[RefundView], case_id: int | None = None) -> tuple[RefundView, ...]:
    """Refunds that were committed and have not arrived, of one case or of all; the newest last."""
    found = [
        one
        for one in refunds
        if one.state in REFUND_COMING
        and one.arrived_at is None
        and (case_id is None or one.case_id == case_id)
    ]
    return tuple(sorted(found, key=lambda one: (one.committed_at, one.id)))


def asked_case(snapshot: Snapshot) -> CaseBrief | None:
    """The case that an enquiry is about: of the order, else of the customer; an open one before one that is
    done, and the newest of them. An enquiry of its own case kind only; None for any other."""
    if snapshot.case.kind is not CaseKind.PROGRESS:
        return None
    for others in (snapshot.same_order, snapshot.same_customer):
        matters = [one for one in others if one.kind not in _NO_MATTER and one.state is not CaseState.MERGED]
        if matters:
            return max(matters, key=lambda one: (one.state in OPEN_STATES, one.received_at, one.id))
    return None


def enquiries(snapshot: Snapshot, opened_at: datetime | None = None) -> int:
    """Calls of the customer on this case within 48 hours, after the one it was opened in (PE6)."""
    since = snapshot.now - timedelta(hours=ENQUIRY_HOURS)
    opened = opened_at or snapshot.case.opened_at
    return sum(
        1
        for one in snapshot.contacts
        if one.kind is ContactKind.CALL
        and one.direction is Direction.INBOUND
        and one.started_at >= since
        and one.started_at > opened
    )


def broken_promises(snapshot: Snapshot) -> int:
    """Promises of this case that were not kept in time, those nobody has written down yet included."""
    return sum(1 for one in snapshot.promises if is_broken(one, snapshot.now))


def is_broken(promise: PromiseView, now: datetime) -> bool:
    """Whether its time is over without the thing done."""
    late = promise.state is PromiseState.OPEN and promise.due_at < now
    return promise.state is PromiseState.BROKEN or late


def open_promise(snapshot: Snapshot) -> PromiseView | None:
    """The promise that is to be kept next."""
    waiting = [
        one for one in snapshot.promises if one.state is PromiseState.OPEN and one.due_at >= snapshot.now
    ]
    return min(waiting, key=lambda one: (one.due_at, one.id), default=None)


def needs_supervisor(snapshot: Snapshot) -> bool:
    """Whether a supervisor is to look: three enquiries in 48 hours, or a second broken promise (PE6)."""
    return enquiries(snapshot) >= ENQUIRIES_MANY or broken_promises(snapshot) >= PROMISES_MANY
