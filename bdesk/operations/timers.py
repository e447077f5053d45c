"""Timers of waiting steps: what the procedure's data asks for when nobody moves (RF5: 3 and 7 days)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from bdesk.clock import to_iso
from bdesk.data.unit import Unit
from bdesk.errors import DeskError
from bdesk.models.kinds import CaseOutcome, CaseState
from bdesk.models.tables import Case, StepAnswer
from bdesk.operations.answering import record_answer, settle_state, withdraw_requests
from bdesk.operations.change import CUSTOMER_WAITS, HOUSE_WAITS, NOT_ASIDE, Act
from bdesk.operations.clocks import end_clocks
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.letters import Purpose, can_send, send_letter
from bdesk.operations.standing import Standing, standing
from bdesk.rules.walk.model import Timer, TimerDo
from bdesk.rules.walk.plan import plan_timer
from bdesk.rules.walk.views import Planned, Waiting

WAITS = CUSTOMER_WAITS | HOUSE_WAITS
BATCH = 200


def waiting_cases(session: Session, before: datetime, after: int = 0) -> list[int]:
    """Open cases that wait and were last answered before `before`, by number from `after` on."""
    last = select(func.max(StepAnswer.at)).where(StepAnswer.case_id == Case.id).scalar_subquery()
    query = (
        select(Case.id)
        .where(
            col(Case.open).is_(True),
            col(Case.state).in_(WAITS),
            col(Case.id) > after,
            last <= before,
        )
        .order_by(col(Case.id))
        .limit(BATCH)
    )
    return [case_id for case_id in session.scalars(query) if case_id is not None]


def due_cases(ctx: Context) -> Iterator[int]:
    """Every case that has waited for a day or more: the shortest timer counts one day."""
    after = 0
    while True:
        with ctx.store.read() as session:
            found = waiting_cases(session, ctx.now() - timedelta(days=1), after)
        if not found:
            return
        yield from found
        after = found[-1]


def fire_timers(ctx: Context, case_id: int) -> int:
    """Do what the case's waiting step asks for by now, one timer at a time; how many were done.

    Each fires once in one wait: it is asked for again under the write lock, so that two sweeps at once
    fire it once.
    """
    done = 0
    while _one_is_due(ctx, case_id):
        with ctx.store.write(SYSTEM) as unit:
            stand = standing(unit.session, ctx, case_id, unit.now)
            waiting = stand.walk.waiting
            due = _due(stand, waiting) if waiting is not None else []
            if waiting is None or not due:
                break
            _fire(unit, ctx, stand, waiting, due[0])
            done += 1
    return done


def _one_is_due(ctx: Context, case_id: int) -> bool:
    with ctx.store.read() as session:
        stand = standing(session, ctx, case_id, ctx.now())
    waiting = stand.walk.waiting
    return stand.snapshot.case.state in WAITS and waiting is not None and bool(_due(stand, waiting))


def _due(stand: Standing, waiting: Waiting) -> list[int]:
    """Numbers of the timers whose day has come and which have not fired in this wait, in order of days."""
    if waiting.since is None or stand.snapshot.case.state not in WAITS:
        return []
    fired = stand.snapshot.fired_timers
    waited = stand.snapshot.now - waiting.since
    due = [
        number
        for number, timer in enumerate(waiting.timers)
        if waited >= timedelta(days=timer.after_days)
        and (waiting.step, number, to_iso(waiting.since)) not in fired
    ]
    return sorted(due, key=lambda number: waiting.timers[number].after_days)


def _fire(unit: Unit, ctx: Context, stand: Standing, waiting: Waiting, number: int) -> None:
    timer = waiting.timers[number]
    act = Act(unit, unit.case(stand.snapshot.case.id))
    since = to_iso(waiting.since) if waiting.since is not None else ""
    act.add("timer.fired", {"step": waiting.step, "number": number, "since": since, "do": timer.do.value})
    planned = plan_timer(stand.procedure, stand.walk, number, stand.facts)
    _remind(act, ctx, stand, planned)
    if timer.do is TimerDo.CLOSE:
        _close(act, ctx, timer)
    elif timer.do is TimerDo.GOTO:
        _go_on(act, ctx, stand, planned)
    act.finish(ctx, "timer.fired", undo=False)


def _remind(act: Act, ctx: Context, stand: Standing, planned: Planned) -> None:
    """A reminder that cannot be written says so on the record; the case still waits."""
    # Another wait at the same step sends another letter.
    planned = replace(planned, round=1 + len(stand.snapshot.fired_timers))
    for effect in planned.effects:
        call = EffectCall(act, ctx, stand, planned, effect)
        try:
            can_send(call)
        except DeskError as refused:
            act.add("timer.failed", {"step": planned.step, "timer": planned.option, "why": refused.code})
        else:
            send_letter(call, purpose=Purpose.REMINDER)


def _go_on(act: Act, ctx: Context, stand: Standing, planned: Planned) -> None:
    """The wait is over by itself: an answer that nobody gave, on the record as the system's."""
    record_answer(act, ctx, stand, planned)
    settle_state(act, ctx, stand, planned)
    if act.case.aside:
        act.add("case.taken_up", {"why": "timer"}, columns=NOT_ASIDE)


def _close(act: Act, ctx: Context, timer: Timer) -> None:
    """No material came: the customer is taken to have withdrawn, and may always come back (RF5)."""
    outcome = CaseOutcome(timer.outcome or CaseOutcome.WITHDRAWN.value)
    end_clocks(act, ctx, CaseOutcome.NO_CONTACT)
    withdraw_requests(act, ctx)
    act.add(
        "case.closed",
        {"outcome": outcome.value, "by": "timer"},
        state=CaseState.CLOSED,
        outcome=outcome,
        open=False,
        closed_at=act.unit.now,
        columns=NOT_ASIDE,
    )
