"""Promises of several cases at once: those that somebody owes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, union
from sqlmodel import Session

from bdesk.data.core import CASE, CLOCK, CUSTOMER, PROMISE, STAFF
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import PromiseState
from bdesk.models.views.promised import PromisedRow
from bdesk.models.views.snapshot import ActorView
from bdesk.rules.masking import mask_name

KEPT = 200

OWED = (PromiseState.OPEN, PromiseState.BROKEN)
_LIVE = (RunState.RUNNING, RunState.PAUSED)
OWN_CLOCK = and_(
    CLOCK.c.case_id == PROMISE.c.case_id,
    CLOCK.c.kind == PROMISE.c.clock,
    CLOCK.c.number == PROMISE.c.number,
    CLOCK.c.cycle == PROMISE.c.cycle,
    CLOCK.c.run.in_(_LIVE),
)
"""The clock that a promise names, while it is not done: a broken one is owed until it is done late."""


def owed_by(session: Session, actor: ActorView, until: datetime, *, kept: int = KEPT) -> list[PromisedRow]:
    """What somebody promised, or has to keep since they hold the case, due before `until` or late; the
    earliest first. The words are as they were written: whoever shows them veils them."""
    statement = (
        select(
            PROMISE.c.id,
            PROMISE.c.clock,
            PROMISE.c.words,
            PROMISE.c.due_at,
            PROMISE.c.made_by,
            CLOCK.c.warn_due_at,
            CLOCK.c.warn_now_at,
            CLOCK.c.run,
            CLOCK.c.waiting_for,
            CASE.c.id.label("case_id"),
            CASE.c.case_no,
            CASE.c.kind,
            CUSTOMER.c.name.label("customer"),
            STAFF.c.number.label("owner"),
        )
        .select_from(
            PROMISE.join(CLOCK, OWN_CLOCK)
            .join(CASE, CASE.c.id == PROMISE.c.case_id)
            .outerjoin(CUSTOMER, CUSTOMER.c.id == CASE.c.customer_id)
            .outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id)
        )
        .where(PROMISE.c.id.in_(_numbers(actor, until)))
        .order_by(PROMISE.c.due_at, PROMISE.c.id)
        .limit(kept)
    )
    return [
        PromisedRow(
            promise_id=row.id,
            kind=row.clock,
            words=row.words,
            due_at=row.due_at,
            due_from_at=row.warn_due_at,
            now_from_at=row.warn_now_at,
            stopped=row.run is RunState.PAUSED,
            waiting_for=row.waiting_for,
            case_id=row.case_id,
            case_no=row.case_no,
            case_kind=row.kind,
            customer=mask_name(row.customer or ""),
            made_by=row.made_by,
            owner=row.owner,
        )
        for row in session.execute(statement)
    ]


def count_owed_by(session: Session, actor: ActorView, until: datetime) -> int:
    """How many of them there are."""
    counted = (
        select(func.count())
        .select_from(PROMISE.join(CLOCK, OWN_CLOCK))
        .where(PROMISE.c.id.in_(_numbers(actor, until)))
    )
    return int(session.execute(counted).scalar_one())


def _numbers(actor: ActorView, until: datetime) -> Select[Any]:
    """One way for each index: made by them; on a case that they hold."""
    owed = (PROMISE.c.state.in_(OWED), PROMISE.c.due_at < until)
    made = select(PROMISE.c.id).where(PROMISE.c.made_by == actor.number, *owed)
    held = (
        select(PROMISE.c.id)
        .select_from(CASE.join(PROMISE, PROMISE.c.case_id == CASE.c.id))
        .where(CASE.c.open.is_(True), CASE.c.owner_id == actor.id, *owed)
    )
    both = union(made, held).subquery()
    return select(both.c.id)
