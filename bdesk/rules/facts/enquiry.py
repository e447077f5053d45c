"""Facts for a customer who asks how the matter stands (P12). Source: S1:24, S2:19, S2:42, S2:74, S2:76.

On an enquiry of its own they speak of the case that is asked about; on any other case, of that case itself.
"""

from datetime import datetime

from bdesk.errors import BadInput
from bdesk.models.kinds import OPEN_STATES, CaseKind
from bdesk.models.views.snapshot import RefundView
from bdesk.rules.clock.count import due
from bdesk.rules.clock.kind import target_of
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.progress import (
    Progress,
    arrival_clock,
    asked_case,
    broken_promises,
    enquiries,
    open_promise,
    progress_of,
    progress_of_brief,
    refunds_on_the_way,
)
from bdesk.rules.walk.values import FactValue

ARRIVAL = "refund_arrival"


def progress(context: FactContext) -> Progress | None:
    """How the asked case stands; None where none was found."""
    snapshot = context.snapshot
    if snapshot.case.kind is not CaseKind.PROGRESS:
        return progress_of(snapshot)
    brief = asked_case(snapshot)
    return None if brief is None else progress_of_brief(brief, snapshot.now)


def overdue_refund(context: FactContext) -> RefundView | None:
    """The refund that should have arrived by now and has not: of the case, on an enquiry of its own of the
    order. Its time is the arrival clock's, else what its way of payment usually takes (B0.6)."""
    snapshot = context.snapshot
    own = snapshot.case.kind is not CaseKind.PROGRESS
    for refund in refunds_on_the_way(snapshot.refunds, snapshot.case.id if own else None):
        clock = arrival_clock(snapshot.clocks) if own else None
        by = clock.due_at if clock is not None else _arrives(context, refund)
        if by is not None and by < snapshot.now:
            return refund
    return None


def _arrives(context: FactContext, refund: RefundView) -> datetime | None:
    kind, params = context.clock_kinds[ARRIVAL], {"method": refund.method.value}
    try:
        calendar = context.calendars[target_of(kind, params).length.calendar]
        return due(kind, calendar, refund.committed_at, params).due_at
    except (BadInput, KeyError):
        return None  # a way of payment that the policy gives no time for


@fact("progress.asked_no")
def _asked_no(context: FactContext) -> FactValue:
    if context.snapshot.case.kind is not CaseKind.PROGRESS:
        return context.snapshot.case.case_no
    brief = asked_case(context.snapshot)
    return None if brief is None else brief.case_no


@fact("progress.asked_open")
def _asked_open(context: FactContext) -> FactValue:
    if context.snapshot.case.kind is not CaseKind.PROGRESS:
        return context.snapshot.case.state in OPEN_STATES
    brief = asked_case(context.snapshot)
    return brief is not None and brief.state in OPEN_STATES


@fact("progress.status")
def _status(context: FactContext) -> FactValue:
    found = progress(context)
    return None if found is None else found.status.value


@fact("progress.outcome")
def _outcome(context: FactContext) -> FactValue:
    found = progress(context)
    return None if found is None or found.outcome is None else found.outcome.value


@fact("progress.next_at")
def _next_at(context: FactContext) -> FactValue:
    found = progress(context)
    return None if found is None else found.next_at


@fact("progress.overdue")
def _overdue(context: FactContext) -> FactValue:
    found = progress(context)
    return found is not None and found.overdue


@fact("progress.enquiries_48h")
def _enquiries(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    if snapshot.case.kind is CaseKind.PROGRESS:
        return snapshot.history.contacts_48h
    return enquiries(snapshot)


@fact("promise.broken")
def _broken(context: FactContext) -> FactValue:
    return broken_promises(context.snapshot)


@fact("promise.words")
def _promise_words(context: FactContext) -> FactValue:
    found = open_promise(context.snapshot)
    return None if found is None else found.words


@fact("promise.due_at")
def _promise_due(context: FactContext) -> FactValue:
    found = open_promise(context.snapshot)
    return None if found is None else found.due_at


@fact("refund.late_no")
def _late_no(context: FactContext) -> FactValue:
    found = overdue_refund(context)
    return None if found is None else found.refund_no
