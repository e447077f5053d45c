"""What a supervisor looks at: a fixed number of queries, none of which grows with closed cases.

Raised cases are found by the index on their level, clocks about to be missed by that of the sweep, the
talk about requests by the streams of their cases.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlmodel import Session

from bdesk.data.core import APPROVAL, CASE, CLOCK, EVENT, GROUP, STAFF, TEXT
from bdesk.data.journal import COLUMNS, to_event
from bdesk.models.clock_kinds import Drives, Outcome, RunState
from bdesk.models.kinds import ApprovalState, PersonState, Role, Stream
from bdesk.models.views.journal import Event
from bdesk.models.views.queue import COUNT_CAP
from bdesk.models.views.supervision import PersonLoad
from bdesk.rules.ladder import stands_at

KEPT = 100
"""Rows of each list; whoever has more than that before them works from the top."""

SOON = timedelta(minutes=30)
"""How far ahead clocks are looked at that will be missed (UX, Supervisor)."""

RAISING = "escalation_decision"
"""The clock of a raised case."""

_SIGNED_IN = 20
"""Signing in to decide a release is one of these too, so that the newest may say nothing."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """A case by its number, and the clock that presses on it."""

    case_id: int
    clock: str | None
    due_at: datetime | None
    warn_due_at: datetime | None
    warn_now_at: datetime | None
    level: str = ""


def talk_events(session: Session, case_ids: Iterable[int], kinds: Collection[str]) -> tuple[Event, ...]:
    """The events of these kinds on these cases, in the order of the journal."""
    rows = session.execute(
        select(*COLUMNS)
        .where(
            EVENT.c.stream == Stream.CASE,
            EVENT.c.stream_id.in_([str(one) for one in case_ids]),
            EVENT.c.kind.in_(kinds),
        )
        .order_by(EVENT.c.id)
    )
    return tuple(to_event(row) for row in rows)


def texts(session: Session, text_ids: Iterable[int]) -> dict[int, str]:
    """Texts by number; without those that were erased."""
    ids = sorted(set(text_ids))
    found = session.execute(
        select(TEXT.c.id, TEXT.c.body).where(TEXT.c.id.in_(ids), TEXT.c.erased_at.is_(None))
    )
    return {row.id: row.body for row in found}


def signed_in_at(session: Session, number: str) -> datetime | None:
    """When somebody last sat down, by their own stream; None where it does not say."""
    rows = session.execute(
        select(EVENT.c.recorded_at, EVENT.c.payload)
        .where(EVENT.c.stream == Stream.STAFF, EVENT.c.stream_id == number, EVENT.c.kind == "staff.signed_in")
        .order_by(EVENT.c.sequence.desc())
        .limit(_SIGNED_IN)
    )
    return next((row.recorded_at for row in rows if json.loads(row.payload).get("on_duty", True)), None)


# Raised cases


def _levels(levels: Collection[str], me: int) -> ColumnElement[bool]:
    """Raised to one of these levels and not taken up there: nobody holds it, or somebody below."""
    return or_(
        *(
            and_(
                CASE.c.escalated_to == level,
                or_(CASE.c.owner_id.is_(None), STAFF.c.role.not_in(_at(level))),
            )
            for level in levels
        )
    ) & or_(CASE.c.owner_id.is_(None), CASE.c.owner_id != me)


def _at(level: str) -> list[Role]:
    return [role for role in Role if stands_at(role, Role(level))]


def raised_statement(levels: Collection[str], me: int) -> Select[tuple[int]]:
    """Raised cases, those whose clock is due first at the top."""
    found: Select[tuple[int]] = (
        select(
            CASE.c.id,
            CASE.c.escalated_to,
            CLOCK.c.kind,
            CLOCK.c.due_at,
            CLOCK.c.warn_due_at,
            CLOCK.c.warn_now_at,
        )
        .select_from(
            CASE.outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id).outerjoin(
                CLOCK,
                and_(CLOCK.c.case_id == CASE.c.id, CLOCK.c.kind == RAISING, CLOCK.c.run == RunState.RUNNING),
            )
        )
        .where(CASE.c.open.is_(True), CASE.c.escalated_to.in_(list(levels)), _levels(levels, me))
        .order_by(CLOCK.c.due_at.is_(None), CLOCK.c.due_at, CASE.c.id)
    )
    return found


def raised(session: Session, levels: Collection[str], me: int, *, kept: int = KEPT) -> tuple[Pressing, ...]:
    """Open cases raised to these levels that nobody there has taken up."""
    if not levels:
        return ()
    rows = session.execute(raised_statement(levels, me).limit(kept))
    found: dict[int, Pressing] = {}
    for row in rows:
        one = Pressing(row.id, row.kind, row.due_at, row.warn_due_at, row.warn_now_at, row.escalated_to)
        found.setdefault(row.id, one)
    return tuple(found.values())


def raised_count(session: Session, levels: Collection[str], me: int) -> int:
    """How many those are, counted up to a cap."""
    if not levels:
        return 0
    inner = (
        select(CASE.c.id)
        .select_from(CASE.outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id))
        .where(CASE.c.open.is_(True), CASE.c.escalated_to.in_(list(levels)), _levels(levels, me))
        .limit(COUNT_CAP)
    )
    return _counted(session, inner)


# Clocks about to be missed


def soon_statement(group_id: int | None, now: datetime) -> Select[tuple[int]]:
    """The running desk clocks that are due within half an hour, the first at the top; `group_id` None: of the
    whole house, else of the cases that are this group's or held by its people."""
    return (
        _running(group_id)
        .where(CLOCK.c.outcome == Outcome.OPEN, CLOCK.c.due_at >= now, CLOCK.c.due_at <= now + SOON)
        .order_by(CLOCK.c.due_at, CLOCK.c.id)
    )


def late_statement(group_id: int | None, now: datetime) -> Select[tuple[int]]:
    """Those that run on past their due time, whether a sweep has said so or not; the newest at the top."""
    return (
        _running(group_id)
        .where(CLOCK.c.outcome.in_((Outcome.OPEN, Outcome.BREACHED)), CLOCK.c.due_at < now)
        .order_by(CLOCK.c.due_at.desc(), CLOCK.c.id)
    )


def _running(group_id: int | None) -> Select[tuple[int]]:
    found: Select[tuple[int]] = (
        select(CLOCK.c.case_id, CLOCK.c.kind, CLOCK.c.due_at, CLOCK.c.warn_due_at, CLOCK.c.warn_now_at)
        .select_from(
            CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id).outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id)
        )
        .where(
            CLOCK.c.drives == Drives.DESK,
            CLOCK.c.run == RunState.RUNNING,
            CASE.c.open.is_(True),
            _of_group(group_id),
        )
    )
    return found


def _of_group(group_id: int | None) -> ColumnElement[bool]:
    if group_id is None:
        return true()
    return or_(CASE.c.group_id == group_id, STAFF.c.group_id == group_id)


def soon(session: Session, group_id: int | None, now: datetime, *, kept: int = KEPT) -> tuple[Pressing, ...]:
    """Cases with a clock that will be missed within half an hour, each with the first of its clocks."""
    return _pressing(session, soon_statement(group_id, now).limit(kept))


def late(session: Session, group_id: int | None, now: datetime, *, kept: int = KEPT) -> tuple[Pressing, ...]:
    """Open cases with a clock that was missed and runs on, each with the newest of these."""
    return _pressing(session, late_statement(group_id, now).limit(kept))


def _pressing(session: Session, statement: Select[tuple[int]]) -> tuple[Pressing, ...]:
    found: dict[int, Pressing] = {}
    for row in session.execute(statement):
        one = Pressing(row.case_id, row.kind, row.due_at, row.warn_due_at, row.warn_now_at)
        found.setdefault(row.case_id, one)
    return tuple(found.values())


def soon_count(session: Session, group_id: int | None, now: datetime) -> int:
    """How many cases those are, counted up to a cap."""
    clocks = soon_statement(group_id, now).with_only_columns(CLOCK.c.case_id).order_by(None)
    return _counted(session, clocks.distinct().limit(COUNT_CAP))


# The team


def held(session: Session, owner_id: int, *, kept: int = KEPT) -> tuple[Pressing, ...]:
    """The open cases that somebody holds, in the order of the queue; what presses stands in their rows."""
    rows = session.execute(
        select(CASE.c.id)
        .where(CASE.c.owner_id == owner_id, CASE.c.open.is_(True))
        .order_by(CASE.c.stopped, CASE.c.queue_at, CASE.c.id)
        .limit(kept)
    )
    return tuple(Pressing(row.id, None, None, None, None) for row in rows)


def load(session: Session, group_id: int | None, now: datetime) -> tuple[PersonLoad, ...]:
    """Everybody who works cases, by number, with what they hold; `group_id` None: the whole house."""
    urgent = and_(CASE.c.stopped.is_(False), CASE.c.queue_clock.is_not(None), CASE.c.warn_now_at <= now)
    held = session.execute(
        select(
            CASE.c.owner_id,
            func.count().label("open"),
            func.sum(case((urgent, 1), else_=0)).label("urgent"),
        )
        .where(CASE.c.open.is_(True), CASE.c.owner_id.is_not(None))
        .group_by(CASE.c.owner_id)
    )
    by_owner: Mapping[int, tuple[int, int]] = {row.owner_id: (row.open, int(row.urgent)) for row in held}
    people = (
        select(
            STAFF.c.id,
            STAFF.c.number,
            STAFF.c.name,
            STAFF.c.role,
            STAFF.c.state,
            STAFF.c.state_since,
            GROUP.c.code,
        )
        .select_from(STAFF.outerjoin(GROUP, GROUP.c.id == STAFF.c.group_id))
        .where(STAFF.c.active.is_(True), STAFF.c.role != Role.ADMIN)
        .order_by(STAFF.c.number)
    )
    if group_id is not None:
        people = people.where(STAFF.c.group_id == group_id)
    found = []
    for row in session.execute(people):
        held_now, urgent_now = by_owner.get(row.id, (0, 0))
        found.append(
            PersonLoad(
                id=row.id,
                number=row.number,
                name=row.name,
                role=row.role,
                group=row.code,
                state=row.state,
                since=row.state_since,
                open=held_now,
                urgent=urgent_now,
            )
        )
    return tuple(found)


def requests_count(session: Session) -> int:
    """How many requests wait, counted up to a cap."""
    waiting = select(APPROVAL.c.id).where(APPROVAL.c.state == ApprovalState.REQUESTED)
    return _counted(session, waiting.limit(COUNT_CAP))


def states_of(people: Iterable[PersonLoad]) -> dict[PersonState, int]:
    """How many are in each state, without those who are not at work."""
    found: dict[PersonState, int] = {}
    for one in people:
        if one.state is not PersonState.OFFLINE:
            found[one.state] = found.get(one.state, 0) + 1
    return {state: found[state] for state in PersonState if state in found}


def _counted(session: Session, inner: Select[tuple[int]]) -> int:
    return int(session.execute(select(func.count()).select_from(inner.subquery())).scalar_one())
