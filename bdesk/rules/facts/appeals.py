"""Facts about appeals (P5): the level, what is contested, who may decide, dates to tell.

Source: B0.7; S2:5, S2:15, S2:20, S2:30, S2:40, S2:48 to S2:51.
"""

from datetime import date, datetime, timedelta

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseFlag, CaseOutcome
from bdesk.models.views.snapshot import CaseBrief, ClockView
from bdesk.rules import appeals
from bdesk.rules.cases import NOT_SENT, earlier_cases
from bdesk.rules.clock.count import due
from bdesk.rules.clock.kind import target_of
from bdesk.rules.clock.planning import MOST_EXTENSIONS, further
from bdesk.rules.evidence import unclear
from bdesk.rules.facts.base import FactContext, fact, registered
from bdesk.rules.limits import Allowed, LimitContext, decide
from bdesk.rules.walk.values import FactValue

PRELIMINARY, FINAL = "appeal_preliminary", "appeal_final"

_RESULTS = {
    CaseOutcome.UPHELD: "upheld",
    CaseOutcome.PARTLY_UPHELD: "partly",
    CaseOutcome.NOT_UPHELD: "not_upheld",
    CaseOutcome.NOT_ADMITTED: "not_admitted",
    CaseOutcome.SETTLED_OUTSIDE: "settled",
}
_NEXT = {1: "second", 2: "higher", 3: "outside"}


@fact("appeal.level")
def _level(context: FactContext) -> FactValue:
    return appeals.level(context.snapshot)


@fact("appeal.contested_no")
def _contested_no(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    if snapshot.contested.raised_at is not None:
        return snapshot.case.case_no
    earlier = earlier_cases(snapshot)
    return earlier[-1].case_no if earlier and snapshot.contested.decided_at is not None else None


@fact("appeal.candidate_no")
def _candidate_no(context: FactContext) -> FactValue:
    found = candidates(context)
    return found[-1].case_no if found else None


def candidates(context: FactContext) -> tuple[CaseBrief, ...]:
    """Earlier cases that may be what is contested: of the same order, else of the same customer, with a
    decision; the one decided last comes last."""
    snapshot = context.snapshot
    others = snapshot.same_order if snapshot.order is not None else snapshot.same_customer
    known = [(one.decided_at, one.id, one) for one in others if one.decided_at is not None]
    return tuple(
        one for _at, number, one in sorted(known, key=lambda each: each[:2]) if number < snapshot.case.id
    )


@fact("appeal.decided_on")
def _decided_on(context: FactContext) -> FactValue:
    return _decision_day(context)


@fact("appeal.decided_by")
def _decided_by(context: FactContext) -> FactValue:
    return context.snapshot.contested.decided_by


@fact("appeal.last_day")
def _last_day(context: FactContext) -> FactValue:
    day = _decision_day(context)
    return None if day is None else day + timedelta(days=context.limits.numbers["reapply_days"])


@fact("appeal.days_after")
def _days_after(context: FactContext) -> FactValue:
    day = _decision_day(context)
    return None if day is None else (context.calendar.date_of(received_at(context)) - day).days


@fact("appeal.in_time")
def _in_time(context: FactContext) -> FactValue:
    days = _days_after(context)
    return None if not isinstance(days, int) else days <= context.limits.numbers["reapply_days"]


@fact("appeal.objection")
def _objection(context: FactContext) -> FactValue:
    return appeals.objection(context.snapshot)


@fact("appeal.clauses")
def _clauses(context: FactContext) -> FactValue:
    in_time = _in_time(context)
    return appeals.clauses(context.snapshot, in_time if isinstance(in_time, bool) else None)


def received_at(context: FactContext) -> datetime:
    """When the present level was raised: with the case, or when a result in this very case was contested."""
    return context.snapshot.contested.raised_at or context.snapshot.case.received_at


def _decision_day(context: FactContext) -> date | None:
    at = context.snapshot.contested.decided_at
    return None if at is None else context.calendar.date_of(at)


# Who


@fact("appeal.touched_by_me")
def _touched_by_me(context: FactContext) -> FactValue:
    return appeals.touched(context.snapshot)


@fact("appeal.may_decide")
def _may_decide(context: FactContext) -> FactValue:
    return _may(context, appeals.ACTIONS[appeals.level(context.snapshot)])


@fact("appeal.may_refuse")
def _may_refuse(context: FactContext) -> FactValue:
    return _may(context, appeals.ADMISSION)


@fact("appeal.may_settle")
def _may_settle(context: FactContext) -> FactValue:
    return _may(context, appeals.OUTSIDE)


def _may(context: FactContext, action: str) -> bool:
    own = registered()["customer.is_actor"](context) is True
    return appeals.may(action, context.snapshot, context.limits, own_matter=own)


# Evidence


@fact("appeal.proof")
def _proof(context: FactContext) -> FactValue:
    return len(appeals.proof(context.snapshot))


@fact("appeal.missing")
def _missing(context: FactContext) -> FactValue:
    snapshot, found = context.snapshot, []
    if not appeals.proof(snapshot):
        found.append("proof" if appeals.level(snapshot) == appeals.FIRST else "new_proof")
    if unclear(snapshot):
        found.append("clearer")
    return tuple(found)


# The result, and what may follow


@fact("appeal.result")
def _result(context: FactContext) -> FactValue:
    found = appeals.result_of(context.snapshot)
    return _RESULTS[found.outcome] if found is not None and found.outcome is not None else None


@fact("appeal.granted")
def _granted(context: FactContext) -> FactValue:
    """A settlement that changed nothing grants nothing."""
    found = appeals.result_of(context.snapshot)
    return found is not None and found.outcome in appeals.GRANTS and found.option != "unchanged"


@fact("appeal.result_told")
def _result_told(context: FactContext) -> FactValue:
    written = context.snapshot.contested.result_letters
    return any(one.id in written and one.state not in NOT_SENT for one in context.snapshot.notifications)


@fact("appeal.next_step")
def _next_step(context: FactContext) -> FactValue:
    return _NEXT[appeals.level(context.snapshot)]


# Dates


@fact("appeal.preliminary_by")
def _preliminary_by(context: FactContext) -> FactValue:
    return _last_of(context, PRELIMINARY, received_at(context))


@fact("appeal.final_by")
def _final_by(context: FactContext) -> FactValue:
    return _last_of(context, FINAL, context.snapshot.now)


@fact("appeal.extended_to")
def _extended_to(context: FactContext) -> FactValue:
    kind, running = context.clock_kinds[FINAL], _running(context, FINAL)
    if running is None or running.due_at is None:
        return None
    calendar = context.calendars[target_of(kind, None).length.calendar]
    more = further(running.due_at, kind, calendar)
    return None if more is None else calendar.last_day(more.due_at)


@fact("appeal.extensions")
def _extensions(context: FactContext) -> FactValue:
    return context.snapshot.contested.extensions


@fact("appeal.extendable")
def _extendable(context: FactContext) -> FactValue:
    """The first by whoever works the appeal, the second by a supervisor, and none once it is late (S2:40)."""
    snapshot, running = context.snapshot, _running(context, FINAL)
    if running is None or running.due_at is None or appeals.touched(snapshot):
        return False
    late = running.breached_at is not None or snapshot.now > running.due_at
    made, role = snapshot.contested.extensions, snapshot.actor.role
    chief = decide("clock_extend", role, 0, (), LimitContext(), context.limits).allowed is Allowed.DECIDE
    return not late and (made == 0 or (made < MOST_EXTENSIONS and chief))


@fact("appeal.final_running")
def _final_running(context: FactContext) -> FactValue:
    return _running(context, FINAL) is not None


def _running(context: FactContext, clock: str) -> ClockView | None:
    live = (RunState.RUNNING, RunState.PAUSED)
    return next((one for one in context.snapshot.clocks if one.kind == clock and one.run in live), None)


def _last_of(context: FactContext, clock: str, start: datetime) -> date:
    """The last day of a clock that runs, else of one that would start then."""
    kind, running = context.clock_kinds[clock], _running(context, clock)
    calendar = context.calendars[target_of(kind, None).length.calendar]
    if running is not None and running.due_at is not None:
        return calendar.last_day(running.due_at)
    return calendar.last_day(due(kind, calendar, start).due_at)


@fact("appeal.review")
def _review(context: FactContext) -> FactValue:
    return appeals.review(context.snapshot)


@fact("appeal.talks")
def _talks(context: FactContext) -> FactValue:
    return context.snapshot.contested.talks + len(context.snapshot.contacts)


@fact("appeal.may_review")
def _may_review(context: FactContext) -> FactValue:
    may = _may(context, appeals.ACTIONS[appeals.level(context.snapshot)])
    return may is True and not appeals.decided_by_me(context.snapshot)


@fact("appeal.public")
def _public(context: FactContext) -> FactValue:
    return CaseFlag.PUBLIC in context.snapshot.case.flags
