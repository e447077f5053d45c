"""Timers of waiting steps: reminders and closings that the procedure's data asks for (RF5: 3 and 7 days)."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bdesk.data.unit import Unit
from bdesk.errors import DeskError
from bdesk.models.kinds import CaseOutcome, CaseState
from bdesk.models.tables import Case
from bdesk.operations.change import Act
from bdesk.operations.clocks import cancel_events, running_clocks
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.letters import send_letter
from bdesk.operations.walking import Standing, standing
from bdesk.rules.walk.model import Timer, TimerDo
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect, Waiting

SYSTEM = "system"
WAITING = (CaseState.WAITING_CUSTOMER, CaseState.IN_TRANSIT, CaseState.WAITING_INTERNAL)
BATCH = 200


def waiting_cases(session: Session, before: datetime) -> list[int]:
    """Open cases that wait and whose clocks were last folded before `before`: timers count in days."""
    query = (
        select(Case.id)
        .where(col(Case.open).is_(True), col(Case.state).in_(WAITING), col(Case.opened_at) < before)
        .limit(BATCH)
    )
    return [case_id for case_id in session.scalars(query) if case_id is not None]


def fire_timers(ctx: Context, case_id: int) -> int:
    """Do what the case's waiting step asks for by now; each timer once per round of its step."""
    with ctx.store.read() as session:
        stand = standing(session, ctx, case_id, ctx.now())
    waiting = stand.walk.waiting
    if waiting is None or not _due(stand, waiting):
        return 0
    with ctx.store.write(SYSTEM) as unit:
        stand = standing(unit.session, ctx, case_id, unit.now)
        waiting = stand.walk.waiting
        if waiting is None:
            return 0
        return sum(_fire(unit, ctx, stand, waiting, number) for number in _due(stand, waiting)[:1])


def _due(stand: Standing, waiting: Waiting) -> list[int]:
    """Numbers of the timers whose day has come and which have not fired in this wait."""
    if waiting.since is None:
        return []
    fired = stand.snapshot.fired_timers
    return [
        number
        for number, timer in enumerate(waiting.timers)
        if stand.snapshot.now >= waiting.since + timedelta(days=timer.after_days)
        and (waiting.step, number, waiting.since.isoformat()) not in fired
    ]


def _fire(unit: Unit, ctx: Context, stand: Standing, waiting: Waiting, number: int) -> int:
    timer = waiting.timers[number]
    act = Act(unit, unit.case(stand.snapshot.case.id))
    assert waiting.since is not None
    act.add(
        "timer.fired",
        {"step": waiting.step, "number": number, "since": waiting.since.isoformat(), "do": timer.do.value},
    )
    if timer.letter is not None:
        _remind(act, ctx, stand, waiting, timer, number)
    if timer.do is TimerDo.CLOSE:
        _close(act, ctx, timer)
    act.finish(ctx, "timer.fired", undo=False)
    return 1


def _remind(act: Act, ctx: Context, stand: Standing, waiting: Waiting, timer: Timer, number: int) -> None:
    """A reminder that cannot be written says so on the record; the case still waits."""
    effect = PlannedEffect(90 + number, "letter", Risk.MESSAGE, {"letter": timer.letter})
    planned = Planned(
        step=waiting.step,
        option="timer",
        label=stand.procedure.title,
        round=1,
        cycle=act.case.cycle,
        captures={},
        secrets={},
        effects=(effect,),
        clocks=(),
        letters=(timer.letter or "",),
        money_fen=None,
        binding=False,
        goto=None,
        finish=None,
        via=(),
        rests_on={},
    )
    try:
        send_letter(EffectCall(act, ctx, stand, planned, effect))
    except DeskError as refused:
        act.add("timer.failed", {"step": waiting.step, "number": number, "why": refused.code})


def _close(act: Act, ctx: Context, timer: Timer) -> None:
    """No material came: the customer is taken to have withdrawn, and may always come back (RF5)."""
    cancel_events(act, ctx, "no_contact", running_clocks(act, ctx))
    act.add(
        "case.closed",
        {"outcome": timer.outcome or CaseOutcome.WITHDRAWN.value, "by": "timer"},
        state=CaseState.CLOSED,
        outcome=CaseOutcome(timer.outcome or CaseOutcome.WITHDRAWN.value),
        open=False,
        closed_at=act.unit.now,
        aside=False,
    )
