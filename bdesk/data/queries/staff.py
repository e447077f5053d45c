"""Who works here."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from bdesk.data.core import CASE, GROUP, STAFF, STAFF_RELATIVE, STAFF_SKILL
from bdesk.data.queries.standing_in import stands_in
from bdesk.data.rows import shaped, shared
from bdesk.models.views.pages import StaffRow
from bdesk.models.views.queue import COUNT_CAP
from bdesk.models.views.snapshot import ActorView

KEPT = 1000


def staff(session: Session, *, active_only: bool = False) -> tuple[StaffRow, ...]:
    """Everybody by number, with group, skills and how many open cases each holds."""
    statement = (
        select(*shared(StaffRow, STAFF), GROUP.c.code.label("group"))
        .select_from(STAFF.outerjoin(GROUP, GROUP.c.id == STAFF.c.group_id))
        .order_by(STAFF.c.number)
        .limit(KEPT)
    )
    if active_only:
        statement = statement.where(STAFF.c.active.is_(True))
    rows = session.execute(statement).mappings().all()
    skills: dict[int, list[object]] = {}
    for staff_id, kind in session.execute(
        select(STAFF_SKILL.c.staff_id, STAFF_SKILL.c.kind).order_by(
            STAFF_SKILL.c.staff_id, STAFF_SKILL.c.kind
        )
    ):
        skills.setdefault(staff_id, []).append(kind)
    return tuple(
        shaped(StaffRow, row, skills=tuple(skills.get(row["id"], ())), open_cases=_held(session, row["id"]))
        for row in rows
    )


def actor(session: Session, number: str, now: datetime) -> ActorView | None:
    """A person by number, as operations are handed one, in the role in which they act at `now`; None for
    nobody or somebody disabled."""
    row = (
        session.execute(
            select(*shared(ActorView, STAFF), GROUP.c.code.label("group_code"))
            .select_from(STAFF.outerjoin(GROUP, GROUP.c.id == STAFF.c.group_id))
            .where(STAFF.c.number == number, STAFF.c.active.is_(True))
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    found = shaped(ActorView, row, relatives=relatives(session, row["id"]))
    stood = stands_in(session, row["id"], now)
    return found if stood is None else found.acting(stood.role, stood.until)


def relatives(session: Session, staff_id: int) -> tuple[int, ...]:
    """The customers who are this person's relatives, by their row numbers."""
    theirs = select(STAFF_RELATIVE.c.customer_id).where(STAFF_RELATIVE.c.staff_id == staff_id)
    return tuple(session.execute(theirs.order_by(STAFF_RELATIVE.c.customer_id)).scalars())


def names(session: Session, numbers: Iterable[str]) -> Mapping[str, str]:
    """What the people with these numbers are called, whether they still work here or not."""
    wanted = select(STAFF.c.number, STAFF.c.name).where(STAFF.c.number.in_(list(numbers)))
    return {row.number: row.name for row in session.execute(wanted)}


def _held(session: Session, staff_id: int) -> int:
    held = select(CASE.c.id).where(CASE.c.open.is_(True), CASE.c.owner_id == staff_id).limit(COUNT_CAP)
    return int(session.execute(select(func.count()).select_from(held.subquery())).scalar_one())
