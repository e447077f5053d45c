"""The sweep: what happens by itself. Any running desk or `bdesk sweep` does it; two at once write one event.

It records what the clocks already say (stops that ran out, breaches stamped with the true due time),
brings back what was put aside until now and closed cases whose promise will soon be due, lets approvals
lapse, fires the timers of waiting steps, tells of answers that departments owe, and lets go of the outbox.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_
from sqlmodel import and_, col, select

from bdesk.clock import to_iso
from bdesk.data.refold import readings
from bdesk.data.unit import Unit
from bdesk.errors import SetAside
from bdesk.models.clock_kinds import Drives, Outcome, RunState
from bdesk.models.kinds import ApprovalState, CaseState
from bdesk.models.tables import Approval, Case, ClockRow
from bdesk.operations import tasks
from bdesk.operations.change import CUSTOMER_WAITS, HOUSE_WAITS, NOT_ASIDE, Act
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.outbox import release_due
from bdesk.operations.promises import broken_event
from bdesk.operations.reminders import promised, remind
from bdesk.operations.timers import due_cases, fire_timers
from bdesk.rules.clock import Reading

Find = Callable[[datetime], Select[Any]]
"""The rows that are due at an instant: their ids, by when they were due."""

Do = Callable[[Unit, Context, int], bool]
"""What is done about one of them, under the write lock; False when there was nothing to do after all."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were written down."""

    breaches: int = 0
    resumed: int = 0
    brought_back: int = 0
    lapsed: int = 0
    timers: int = 0
    released: int = 0
    tasks: int = 0

    @property
    def anything(self) -> bool:
        done = (self.breaches, self.resumed, self.brought_back, self.lapsed, self.timers, self.released)
        return any((*done, self.tasks))


def sweep(ctx: Context) -> Swept:
    """Do everything that is due. Safe to run in several processes at once.

    What is due to leave goes before timers: a letter that bounces ends the wait for its answer. Timers come
    before the stops of their own cases: a stop that ends with its seven days ends with the closing that the
    procedure asks for then. Stops that ran out come before breaches: a clock may have run on, and out. So do
    reminders: who comes back has a promise to keep, not one that was broken unseen.

    A case that refuses keeps no other waiting: what it raises is raised when all else is done.
    """
    aside, now = SetAside(), ctx.store.now()

    def each(find: Find, do: Do) -> int:
        return _each(ctx, now, find, do, aside)

    resumed = each(without_timer, _resumed)
    released = 0
    with aside.each():
        released = len(release_due(ctx).answers)
    reminded = each(promised, remind)
    swept = Swept(
        timers=_timers(ctx, now, aside),
        resumed=resumed + each(resumable, _resumed),
        breaches=each(passed, _breach) + each(untold, _breach),
        brought_back=reminded + each(aside_over, _bring_back),
        lapsed=each(old_approvals, _lapse),
        released=released,
        tasks=each(tasks.overdue, tasks.raise_overdue),
    )
    aside.tell()
    return swept


def record_breaches(ctx: Context, case_id: int) -> int:
    """What a sweep writes of the clocks of one case, and of nothing else."""

    def of_case(find: Find) -> Find:
        return lambda now: find(now).where(col(ClockRow.case_id) == case_id)

    aside, now = SetAside(), ctx.store.now()
    told = sum(_each(ctx, now, of_case(find), _breach, aside) for find in (passed, untold))
    aside.tell()
    return told


def _timers(ctx: Context, now: datetime, aside: SetAside) -> int:
    total = 0
    for case_id in due_cases(ctx, now):
        with aside.each():
            total += fire_timers(ctx, case_id)
    return total


def _each(ctx: Context, now: datetime, find: Find, do: Do, aside: SetAside) -> int:
    """One transaction per row: found on the reader in one walk of an index, and each asked for again by its
    own number under the write lock. `now` is the store's: a machine whose clock is behind would find nothing.
    """
    with ctx.store.read() as session:
        found = [int(row) for row in session.scalars(find(now))]
    total = 0
    for row_id in found:
        with aside.each(), ctx.store.write(SYSTEM) as unit:
            query = find(unit.now)
            (number,) = query.selected_columns
            # Another sweep may be at the same row, or its case under somebody's hands.
            unit.hold_of(number.table, row_id)
            if unit.session.scalars(query.where(number == row_id)).first() is not None:
                total += do(unit, ctx, row_id)
    return total


# Clocks


def resumable(now: datetime) -> Select[Any]:
    """Stopped desk clocks that run again by themselves."""
    return (
        select(ClockRow.id)
        .where(
            ClockRow.run == RunState.PAUSED,
            col(ClockRow.resume_at) <= now,
            ClockRow.drives == Drives.DESK,
        )
        .order_by(col(ClockRow.resume_at), col(ClockRow.id))
    )


def without_timer(now: datetime) -> Select[Any]:
    """Those of `resumable` in whose cases no timer is due. They are written down before anything is told to
    their cases, which would fold the stop away."""
    alone = or_(col(Case.timer_at).is_(None), col(Case.timer_at) > now)
    return resumable(now).join(Case, col(Case.id) == ClockRow.case_id).where(alone)


def _resumed(unit: Unit, ctx: Context, row_id: int) -> bool:
    """The clock runs by itself from `resume_at`; the event only says so, with its true time."""
    row = unit.session.get_one(ClockRow, row_id)
    act = Act(unit, unit.case(row.case_id))
    waits = act.case.open and act.case.state in CUSTOMER_WAITS | HOUSE_WAITS
    act.add(
        "clock.resumed",
        {"reason": "resume_at", "clocks": [row.kind]},
        occurred_at=row.resume_at,
        columns={"state": CaseState.IN_PROGRESS} if waits else None,
    )
    act.finish(ctx, "clock.resumed", undo=False)
    return True


def passed(now: datetime) -> Select[Any]:
    """Desk clocks that run and whose due time has passed, by what their rows say."""
    return (
        select(ClockRow.id)
        .where(
            ClockRow.drives == Drives.DESK,
            col(ClockRow.run) == RunState.RUNNING,
            col(ClockRow.outcome) == Outcome.OPEN,
            col(ClockRow.due_at) < now,
            col(ClockRow.breach_event_id).is_(None),
        )
        .order_by(col(ClockRow.due_at), col(ClockRow.id))
    )


def untold(now: datetime) -> Select[Any]:
    """Desk clocks that an act found late, and whose breach nobody has written down yet."""
    return (
        select(ClockRow.id)
        .where(
            ClockRow.drives == Drives.DESK,
            col(ClockRow.outcome) == Outcome.BREACHED,
            col(ClockRow.breach_event_id).is_(None),
        )
        .order_by(col(ClockRow.due_at), col(ClockRow.id))
    )


def _breach(unit: Unit, ctx: Context, row_id: int) -> bool:
    """Write the breach down, stamped with the due time that passed, not with the sweep's (SLA.md).

    A clock that took over from one that was late already has its breach: one breach, one alert.
    """
    row = unit.session.get_one(ClockRow, row_id)
    act = Act(unit, unit.case(row.case_id))
    reading = _reading(unit, ctx, row)
    if reading is None or reading.breached_at is None:
        return False
    if reading.inherits_breach:
        row.breach_event_id = _inherited(unit, row) or reading.event_id
        unit.commit()
        return False
    event = act.add(
        "clock.breached",
        {"clock": row.kind, "cycle": row.cycle, "number": row.number, "at": to_iso(reading.breached_at)},
        occurred_at=reading.breached_at,
    )
    row.breach_event_id = event.id
    broken_event(act, row.kind, row.cycle, row.number)
    act.finish(ctx, "clock.breached", undo=False)
    return True


def _reading(unit: Unit, ctx: Context, row: ClockRow) -> Reading | None:
    name = (row.kind, row.cycle, row.number)
    folded = readings(unit.session, row.case_id, ctx.book, unit.now)
    return next((one for one in folded if (one.kind, one.cycle, one.number) == name), None)


def _inherited(unit: Unit, row: ClockRow) -> int | None:
    """The breach of the clock this one took over from; both started when the matter was received. None for
    one that goes on from another case: that case has it."""
    return unit.session.scalars(
        select(ClockRow.breach_event_id)
        .where(
            ClockRow.case_id == row.case_id,
            ClockRow.start_at == row.start_at,
            col(ClockRow.id) < row.id,
            col(ClockRow.breach_event_id).is_not(None),
        )
        .order_by(col(ClockRow.id).desc())
    ).first()


# Cases and approvals


def aside_over(now: datetime) -> Select[Any]:
    """Cases put aside until now."""
    over = and_(col(Case.aside).is_(True), col(Case.aside_until) <= now)
    return select(Case.id).where(over).order_by(col(Case.aside_until), col(Case.id))


def _bring_back(unit: Unit, ctx: Context, row_id: int) -> bool:
    act = Act(unit, unit.case(row_id))
    act.add("case.taken_up", {"why": "time"}, columns=NOT_ASIDE)
    act.finish(ctx, "case.taken_up", undo=False)
    return True


def old_approvals(now: datetime) -> Select[Any]:
    """Requests that nobody decided in time."""
    old = and_(col(Approval.state) == ApprovalState.REQUESTED, col(Approval.lapses_at) <= now)
    return select(Approval.id).where(old).order_by(col(Approval.lapses_at), col(Approval.id))


def _lapse(unit: Unit, ctx: Context, row_id: int) -> bool:
    """Whoever asked has to ask again, so the case comes back to them."""
    row = unit.session.get_one(Approval, row_id)
    row.state, row.decided_at = ApprovalState.LAPSED, unit.now
    act = Act(unit, unit.case(row.case_id))
    waits = act.case.state is CaseState.WAITING_APPROVAL
    act.add(
        "approval.lapsed",
        {"approval": row.id, "state": "lapsed", "why": "age"},
        columns={**NOT_ASIDE, "state": CaseState.IN_PROGRESS} if waits else None,
    )
    fulfil_event(act, ctx, "approval")
    act.finish(ctx, "approval.lapsed", undo=False)
    return True
