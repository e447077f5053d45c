"""Who stands in for which role, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlmodel import Session

from bdesk.data import journal
from bdesk.data.core import STAFF, STAND_IN
from bdesk.data.rows import shaped, shared
from bdesk.models.kinds import Role
from bdesk.models.views.pages import StandInRow

KEPT = 1000


@dataclass(frozen=True, slots=True)
class StandsIn:
    """The role that somebody stands in for now, and until when."""

    role: Role
    until: datetime


_OF_ONE = (
    select(
        STAND_IN.c.role,
        STAND_IN.c.from_at,
        STAND_IN.c.until_at,
        journal.LAST.scalar_subquery().label("last"),
    )
    .where(STAND_IN.c.staff_id == bindparam("staff_id"), STAND_IN.c.ended_at.is_(None))
    .order_by(STAND_IN.c.id)
)
"""Built once: every operation asks it."""


def living(now: datetime) -> ColumnElement[bool]:
    """Stand-ins that hold at `now`."""
    here = STAND_IN.c
    return and_(here.ended_at.is_(None), here.from_at <= now, here.until_at > now)


def stands_in(session: Session, staff_id: int, now: datetime | Callable[[], datetime]) -> StandsIn | None:
    """What somebody stands in for at `now`, or at what was recorded last where that is later: a clock that
    was set back brings no stand-in back. A `now` that has to be asked for is asked only where somebody was
    named to stand in at all."""
    rows = session.connection().execute(_OF_ONE, {"staff_id": staff_id}).all()
    found, present = None, now() if callable(now) and rows else now
    for row in rows:
        assert isinstance(present, datetime)  # asked for above
        at = present if row.last is None else max(present, row.last)
        if row.from_at <= at < row.until_at:
            found = StandsIn(row.role, row.until_at)
    return found


def all_of_them(session: Session, now: datetime, *, over: bool) -> tuple[StandInRow, ...]:
    """The stand-ins that hold or are to come, earliest first; `over`: what is past or was ended too."""
    here = STAND_IN.c
    statement = (
        select(*shared(StandInRow, STAND_IN), STAFF.c.number, STAFF.c.name, STAFF.c.role.label("own_role"))
        .select_from(STAND_IN.join(STAFF, STAFF.c.id == here.staff_id))
        .order_by(here.from_at, here.id)
        .limit(KEPT)
    )
    if not over:
        statement = statement.where(here.ended_at.is_(None), here.until_at > now)
    return tuple(shaped(StandInRow, row) for row in session.execute(statement).mappings())


def coming(session: Session, but_not: int, now: datetime) -> tuple[tuple[Role, datetime], ...]:
    """The stand-ins of others that are still to begin: the role and from when."""
    here = STAND_IN.c
    rows = session.execute(
        select(here.role, here.from_at)
        .select_from(STAND_IN.join(STAFF, STAFF.c.id == here.staff_id))
        .where(
            here.ended_at.is_(None), here.from_at > now, here.staff_id != but_not, STAFF.c.active.is_(True)
        )
        .order_by(here.from_at, here.id)
        .limit(KEPT)
    )
    return tuple((row.role, row.from_at) for row in rows)
