"""The sweep: what happens by itself. Any running desk or `bdesk sweep` does it; two at once write one event.

It records what the clocks already say (breaches stamped with the true due time, stops that ran out),
brings back what was put aside until now, lets approvals lapse, fires the timers of waiting steps, and
lets go of the outbox.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_
from sqlmodel import Session, and_, col, select

from bdesk.clock import to_iso
from bdesk.data.unit import Unit
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import ApprovalState, CaseState
from bdesk.models.tables import Approval, Case, ClockRow
from bdesk.operations.change import Act
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import Context
from bdesk.operations.outbox import SYSTEM, release_due
from bdesk.operations.timers import fire_timers, waiting_cases

BATCH = 50


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were written down."""

    breaches: int = 0
    resumed: int = 0
    brought_back: int = 0
    lapsed: int = 0
    timers: int = 0
    released: int = 0

    @property
    def anything(self) -> bool:
        return any((self.breaches, self.resumed, self.brought_back, self.lapsed, self.timers, self.released))


def sweep(ctx: Context) -> Swept:
    """Do everything that is due. Safe to run in several processes at once."""
    return Swept(
        breaches=_each(ctx, _late_clocks, _breach),
        resumed=_each(ctx, _resumable, _resumed),
        brought_back=_each(ctx, _aside_over, _bring_back),
        lapsed=_each(ctx, _old_approvals, _lapse),
        timers=_timers(ctx),
        released=len(release_due(ctx).answers),
    )


def _each(ctx: Context, find, do) -> int:  # type: ignore[no-untyped-def]
    """One transaction per row: found on the reader, asked again under the write lock."""
    total = 0
    skip: set[int] = set()
    while True:
        with ctx.store.read() as session:
            rows = [row_id for row_id in find(session, ctx.store.clock.now()) if row_id not in skip]
        if not rows:
            return total
        for row_id in rows:
            skip.add(row_id)
            with ctx.store.write(SYSTEM) as unit:
                if row_id in find(unit.session, unit.now, row_id):
                    do(unit, ctx, row_id)
                    total += 1


def _late_clocks(session: Session, now, only: int | None = None) -> list[int]:  # type: ignore[no-untyped-def]
    late = or_(
        col(ClockRow.outcome) == Outcome.BREACHED,
        and_(col(ClockRow.outcome) == Outcome.OPEN, col(ClockRow.run) == RunState.RUNNING, col(ClockRow.due_at) < now),
    )
    query = select(ClockRow.id).where(late, col(ClockRow.breach_event_id).is_(None), ClockRow.drives == "desk")
    return _ids(session, query if only is None else query.where(ClockRow.id == only))


def _ids(session: Session, query) -> list[int]:  # type: ignore[no-untyped-def]
    return [row for row in session.scalars(query.limit(BATCH)) if row is not None]


def _clock(unit: Unit, row_id: int) -> ClockRow:
    return unit.session.scalars(select(ClockRow).where(ClockRow.id == row_id)).one()


def _breach(unit: Unit, ctx: Context, row_id: int) -> None:
    row = _clock(unit, row_id)
    act = Act(unit, unit.case(row.case_id))
    event = act.add(
        "clock.breached",
        {"clock": row.kind, "cycle": row.cycle, "number": row.number, "at": to_iso(row.due_at or unit.now)},
        occurred_at=row.due_at,
    )
    row.breach_event_id = event.id
    act.finish(ctx, "clock.breached", undo=False)


def _resumable(session: Session, now, only: int | None = None) -> list[int]:  # type: ignore[no-untyped-def]
    query = select(ClockRow.id).where(
        ClockRow.run == RunState.PAUSED, col(ClockRow.resume_at) <= now, ClockRow.drives == "desk"
    )
    return _ids(session, query if only is None else query.where(ClockRow.id == only))


def _resumed(unit: Unit, ctx: Context, row_id: int) -> None:
    """The clock runs by itself from `resume_at`; the event only says so, with its true time."""
    row = _clock(unit, row_id)
    act = Act(unit, unit.case(row.case_id))
    waiting = act.case.state in (CaseState.WAITING_CUSTOMER, CaseState.IN_TRANSIT)
    columns: dict[str, object] = {"state": CaseState.IN_PROGRESS} if waiting and act.case.open else {}
    act.add("clock.resumed", {"reason": "resume_at", "clocks": [row.kind]}, occurred_at=row.resume_at, **columns)
    act.finish(ctx, "clock.resumed", undo=False)


def _aside_over(session: Session, now, only: int | None = None) -> list[int]:  # type: ignore[no-untyped-def]
    query = select(Case.id).where(col(Case.aside).is_(True), col(Case.aside_until) <= now)
    return _ids(session, query if only is None else query.where(Case.id == only))


def _bring_back(unit: Unit, ctx: Context, row_id: int) -> None:
    act = Act(unit, unit.case(row_id))
    act.add("case.taken_up", {"why": "time"}, aside=False, aside_until=None, aside_reason=None)
    act.finish(ctx, "case.taken_up", undo=False)


def _old_approvals(session: Session, now, only: int | None = None) -> list[int]:  # type: ignore[no-untyped-def]
    query = select(Approval.id).where(Approval.state == ApprovalState.REQUESTED, col(Approval.lapses_at) <= now)
    return _ids(session, query if only is None else query.where(Approval.id == only))


def _lapse(unit: Unit, ctx: Context, row_id: int) -> None:
    row = unit.session.scalars(select(Approval).where(Approval.id == row_id)).one()
    row.state, row.decided_at = ApprovalState.LAPSED, unit.now
    act = Act(unit, unit.case(row.case_id))
    act.add("approval.lapsed", {"approval": row.id, "state": "lapsed", "why": "age"}, state=CaseState.IN_PROGRESS)
    fulfil_event(act, ctx, "approval")
    act.finish(ctx, "approval.lapsed", undo=False)


def _timers(ctx: Context) -> int:
    """Reminders and closings of steps that wait, as the procedure's data says."""
    with ctx.store.read() as session:
        found = waiting_cases(session, ctx.store.clock.now() - timedelta(days=1))
    return sum(fire_timers(ctx, case_id) for case_id in found)
