"""Timers of waiting steps: what the procedure's data asks for when nobody moves (RF5: 3 and 7 days)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, update
from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data.unit import Unit
from bdesk.errors import DeskError
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import WAITING_STATES, CaseOutcome, CaseState
from bdesk.models.tables import Case
from bdesk.operations.answering import STATE_OF_WAIT, record_answer, settle_state, withdraw_requests
from bdesk.operations.change import NOT_ASIDE, Act
from bdesk.operations.clocks import end_clocks
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.letters import Purpose, can_send, send_letter
from bdesk.operations.promises import settle_at_closing
from bdesk.operations.standing import Standing, standing
from bdesk.rules.walk.model import StepType, Timer, TimerDo, WaitsFor
from bdesk.rules.walk.plan import plan_timer
from bdesk.rules.walk.views import Planned, Waiting


def due(now: datetime) -> Select[Any]:
    """The cases of which a timer may be due: one walk of one index, however many cases wait."""
    return select(Case.id).where(col(Case.timer_at) <= now).order_by(col(Case.timer_at), col(Case.id))


def due_cases(ctx: Context, now: datetime) -> tuple[int, ...]:
    """The cases whose timers are to be looked at now, by the store's time."""
    with ctx.store.read() as session:
        return tuple(int(case_id) for case_id in session.scalars(due(now)))


def fire_timers(ctx: Context, case_id: int) -> int:
    """Do what the case's waiting step asks for by now, one timer at a time; how many were done.

    Each fires once in one wait: it is asked for under the write lock, so that two sweeps at once fire it
    once. When nothing is due any more, the case keeps the instant of its next timer.
    """
    done = 0
    while True:
        with ctx.store.write(SYSTEM) as unit:
            unit.hold((case_id,))
            at = unit.session.scalars(due(unit.now).where(col(Case.id) == case_id)).first()
            if at is None:
                return done
            stand = standing(unit.session, ctx, case_id, unit.now)
            waiting = stand.walk.waiting
            numbers = _due(stand, waiting) if waiting is not None else []
            if _over(stand):
                act = Act(unit, unit.case(case_id))
                act.add(
                    "case.taken_up", {"why": "timer"}, columns={**NOT_ASIDE, "state": CaseState.IN_PROGRESS}
                )
                act.finish(ctx, "case.taken_up", undo=False)
                return done + 1
            if waiting is None or not numbers:
                _keep_next(unit, stand)
                return done
            _fire(unit, ctx, stand, waiting, numbers[0])
            done += 1


def _keep_next(unit: Unit, stand: Standing) -> None:
    """Note the next instant on the row alone: it follows from what is known, and tells nobody anything."""
    case = stand.snapshot.case
    unit.session.execute(update(Case).where(col(Case.id) == case.id).values(timer_at=_next(stand)))
    unit.commit()


def _over(stand: Standing) -> bool:
    """Whether what was waited for was only time, and that has passed: no act told the case, so it still
    stands as waiting, or lies aside. One that somebody stopped by hand waits on."""
    walk, case = stand.walk, stand.snapshot.case
    left = next((one for one in reversed(walk.trail) if one.type is not StepType.LOOK), None)
    if walk.waiting is not None or walk.current is None or left is None:
        return False
    if left.type is not StepType.WAIT or left.by is not None or not stand.procedure.has(left.step):
        return False
    waited_for = stand.procedure.step(left.step).waits_for or WaitsFor.COLLEAGUE
    stopped = any(one.run is RunState.PAUSED for one in stand.snapshot.clocks)
    return case.state is STATE_OF_WAIT[waited_for] and not stopped


def _next(stand: Standing) -> datetime | None:
    waiting = stand.walk.waiting
    if waiting is None or waiting.since is None or stand.snapshot.case.state not in WAITING_STATES:
        return None
    at = [waiting.since + waiting.timers[number].after for number in _unfired(stand, waiting)]
    # The day in which nothing is changed counts from the decision, not from when the case began to wait.
    ready = stand.facts.get("account.ready_at")
    if isinstance(ready, datetime) and ready > stand.snapshot.now:
        at.append(ready)
    return min(at, default=None)


def _unfired(stand: Standing, waiting: Waiting) -> list[int]:
    since = to_iso(waiting.since) if waiting.since is not None else ""
    fired = stand.snapshot.fired_timers
    return [n for n in range(len(waiting.timers)) if (waiting.step, n, since) not in fired]


def _due(stand: Standing, waiting: Waiting) -> list[int]:
    """Numbers of the timers whose time has come and which have not fired in this wait, in order of time."""
    if waiting.since is None or stand.snapshot.case.state not in WAITING_STATES:
        return []
    waited = stand.snapshot.now - waiting.since
    late = [number for number in _unfired(stand, waiting) if waited >= waiting.timers[number].after]
    return sorted(late, key=lambda number: waiting.timers[number].after)


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
    settle_at_closing(act, ctx, outcome, told=False)
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
