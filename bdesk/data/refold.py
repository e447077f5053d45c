"""Folding a case's events into its clocks and its place in the queue.

Nothing here is counted by ticking: the rows repeat what `rules.clock.fold` says at `now`, so that the
queue can sort by them, and `journal verify` folds again and compares.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from bdesk.data import journal
from bdesk.data.unit import Unit
from bdesk.errors import NotFound
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import WAITING_STATES, Stream
from bdesk.models.tables import Approval, Case, ClockRow, StepAnswer
from bdesk.models.views.journal import Event
from bdesk.rules.clock.folding import fold
from bdesk.rules.clock.ranking import leading, running_desk
from bdesk.rules.clock.reading import Reading

if TYPE_CHECKING:
    from bdesk.data.book.book import Book

FIRST_TIMER = timedelta(days=1)
"""When a waiting step is looked at first, unless its procedure has a shorter timer."""

SHORTEST_TIMER = timedelta(minutes=5)
"""No timer counts less (`book.schema`): what is taken of a procedure that is not read here."""

NO_CLOCK = timedelta(days=3650)
"""Where a case without any running desk clock stands in the queue: so long after it was opened."""


@dataclass(frozen=True, slots=True)
class QueueColumns:
    """The columns of a case by which the queue sorts and shows it."""

    queue_at: datetime
    queue_clock: str | None = None
    queue_from: datetime | None = None
    warn_due_at: datetime | None = None
    warn_now_at: datetime | None = None
    stopped: bool = False
    waiting_for: str | None = None
    breached: bool = False
    hard: bool = False
    hard_at: datetime | None = None
    provisional: bool = False


def refold(where: Unit | Session, case: Case, book: "Book", now: datetime) -> tuple[Reading, ...]:
    """Fold the case's events at `now`, rewrite its clocks and queue columns, and give back the clocks.

    Call it after the last event of an operation and before the commit. Raises BadInput for a clock the
    case's own book versions do not have.
    """
    session = where.session if isinstance(where, Unit) else where
    session.flush()
    assert case.id is not None  # it has events
    read = readings(session, case, book, now)
    _write_clocks(session, case.id, read)
    for name, value in asdict(columns_of(read, case.opened_at)).items():
        if getattr(case, name) != value:
            setattr(case, name, value)
    case.timer_at = _timer_at(session, case, book)
    case.folded_at = now
    # The case's version must rise with every act, also where time stands still and no column changed.
    flag_modified(case, "folded_at")
    session.flush()
    return read


def _timer_at(session: Session, case: Case, book: "Book") -> datetime | None:
    """The earliest instant at which a timer of the case's wait can be due: counted from its newest answer, or
    from what was decided before it, by the shortest timer of its procedure. The sweep then looks once and
    puts the true one in its place."""
    if not case.open or case.state not in WAITING_STATES:
        return None
    last = session.execute(select(func.max(StepAnswer.at)).filter_by(case_id=case.id)).scalar()
    decided = session.execute(select(func.max(Approval.decided_at)).filter_by(case_id=case.id)).scalar()
    begun = min((at for at in (last, decided) if at is not None), default=None)
    return begun + _first_timer(case, book) if last is not None and begun is not None else None


def _first_timer(case: Case, book: "Book") -> timedelta:
    try:
        if book.version("procedure", case.procedure) != case.procedure_version:
            return SHORTEST_TIMER
        return min(FIRST_TIMER, book.procedure(case.procedure).shortest_timer or FIRST_TIMER)
    except NotFound:
        return SHORTEST_TIMER


def readings(session: Session, case: Case | int, book: "Book", now: datetime) -> tuple[Reading, ...]:
    """A case's clocks at `now`, folded from the journal; nothing is written."""
    case_id = case if isinstance(case, int) else case.id
    assert case_id is not None
    return fold_case(session, journal.events(session, Stream.CASE, case_id), book, now)


def fold_case(session: Session, events: Sequence[Event], book: "Book", now: datetime) -> tuple[Reading, ...]:
    """The clocks of these events, by the versions of kinds and calendars that they name."""
    pinned = book.with_versions(session, *pins_of(events))
    return fold(events, pinned.clock_kinds, pinned.calendars, now)


def pins_of(events: Iterable[Event]) -> tuple[frozenset[str], frozenset[str]]:
    """The versions of policies and of calendars that the clocks of a case are pinned to."""
    clocks = [event.payload for event in events if event.kind in ("clock.attached", "clock.repinned")]
    policies = (str(payload["policy"]) for payload in clocks if payload.get("policy"))
    calendars = (str(payload["calendar"]) for payload in clocks if payload.get("calendar"))
    return frozenset(policies), frozenset(calendars)


def columns_of(readings: Iterable[Reading], opened_at: datetime) -> QueueColumns:
    """The case's place in the queue: its earliest running desk clock, or, all being stopped, the one that
    would be due first (SLA.md, "several clocks")."""
    read = tuple(readings)
    lead = leading(read)
    if lead is None:
        return QueueColumns(queue_at=opened_at + NO_CLOCK)
    return QueueColumns(
        queue_at=lead.due_at,
        queue_clock=lead.kind,
        queue_from=lead.start_at,
        warn_due_at=lead.due_from,
        warn_now_at=lead.now_from,
        stopped=lead.run is RunState.PAUSED,
        waiting_for=None if lead.paused is None else lead.paused.reason.waits_for,
        breached=lead.outcome is Outcome.BREACHED,
        hard=lead.hard,
        hard_at=min((one.due_at for one in running_desk(read) if one.hard), default=None),
        provisional=lead.provisional,
    )


def clock_values(reading: Reading) -> Mapping[str, Any]:
    """The columns of a ClockRow, without the case's id."""
    paused = reading.paused
    return {
        "kind": reading.kind,
        "cycle": reading.cycle,
        "number": reading.number,
        "drives": reading.drives,
        "hard": reading.hard,
        "run": reading.run,
        "outcome": reading.outcome,
        "start_at": reading.start_at,
        "due_at": reading.due_at,
        "stopped_at": reading.stopped_at,
        "breached_at": reading.breached_at,
        "waiting_for": None if paused is None else paused.reason.waits_for,
        "resume_at": None if paused is None else paused.until,
        "provisional": reading.provisional,
        "excused": reading.excused is not None,
        "policy_version": reading.policy,
        "calendar_version": reading.calendar,
        "warn_due_at": reading.due_from,
        "warn_now_at": reading.now_from,
    }


def _write_clocks(session: Session, case_id: int, readings: Iterable[Reading]) -> None:
    rows = session.execute(select(ClockRow).filter_by(case_id=case_id)).scalars()
    there = {(row.kind, row.cycle, row.number): row for row in rows}
    for reading in readings:
        values = clock_values(reading)
        row = there.pop((reading.kind, reading.cycle, reading.number), None)
        if row is None:
            session.add(ClockRow(case_id=case_id, **values))
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    for gone in there.values():  # an undo took back what attached it
        session.delete(gone)
