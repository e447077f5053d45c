"""The beginning of a shift: which group, in which state, and what lies there for the person (UX, Sign-in).

Asked once somebody is known, never before: what was handed over would say that a number exists.
"""

from dataclasses import dataclass, replace

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session

from bdesk.data.core import CASE, GROUP, STAFF, STAFF_TEAM
from bdesk.data.queries import shifts
from bdesk.data.queries.promises import count_owed_by
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import PersonState, Stream
from bdesk.models.tables import Staff
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context
from bdesk.operations.looking.promises import night_after
from bdesk.operations.roles import must_may
from bdesk.operations.staff import announcing
from bdesk.operations.staff.people import actor_of, by_number, change_state, group_of

BEGINS_WITH = (PersonState.ONLINE, PersonState.TRAINING)
"""The states in which a shift begins; the others come in its course (F10)."""


@dataclass(frozen=True, slots=True)
class Team:
    """A group that somebody may work for."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """`teams`: those to choose from, their present one first. `handed`: cases that were handed to that one
    and that nobody has taken; `held`: their own open cases; `promised`: what is promised for today, as the
    list of `bdesk.operations.looking.promises` has it; `offered`: packed cases that wait for
    them to accept; `announced`: what everybody is told, the newest first."""

    teams: tuple[Team, ...]
    handed: int
    held: int
    promised: int
    offered: int = 0
    announced: tuple[announcing.Announcement, ...] = ()


def arrival(store: Store, actor: ActorView, group: str | None = None) -> Arrival:
    """What somebody finds who comes in; `group` looks at another of their groups."""
    now = store.now()
    with store.read() as session:
        teams = _teams(session, actor)
        chosen = group or (teams[0].code if teams else None)
        return Arrival(
            teams=teams,
            handed=_handed(session, chosen),
            held=_count(session, CASE.c.open.is_(True), CASE.c.owner_id == actor.id),
            promised=count_owed_by(session, actor, night_after(now)),
            offered=shifts.count(session, shifts.waiting_for(replace(actor, group_code=chosen), now)),
            announced=announcing.standing(session, now),
        )


def begin(store: Store, actor: ActorView, group: str | None, state: PersonState) -> ActorView:
    """Begin the shift in a group of theirs; who they are now.

    Raises BadInput("group.not_theirs") for another group, ("state.not_first"), NotAllowed("staff.disabled").
    """
    if state not in BEGINS_WITH:
        raise BadInput("state.not_first", state=state.value)
    with store.write(actor.number) as unit:
        staff = unit.session.get(Staff, actor.id)
        if staff is None:
            raise NotAllowed("staff.unknown", number=actor.number)
        if group is not None and group != actor.group_code:
            if group not in {one.code for one in _teams(unit.session, actor)}:
                raise BadInput("group.not_theirs", group=group)
            staff.group_id = group_of(unit, group).id
            unit.append(Stream.STAFF, staff.number, "staff.group", {"group": group})
        change_state(unit, staff, state)
        begun = replace(actor_of(unit.session, staff, unit.now), language=actor.language)
        unit.commit()
        return begun


def set_teams(ctx: Context, number: str, groups: tuple[str, ...]) -> None:
    """The groups somebody may work for, in place of those before; the first is theirs where the present one
    is not among them. Raises NotAllowed: role.only_admin, staff.unknown; BadInput("group.unknown")."""
    must_may(ctx, "staff.arriving.set_teams")
    with ctx.store.write(ctx.actor.number) as unit:
        staff = by_number(unit, number)
        found = [group_of(unit, code) for code in dict.fromkeys(groups)]
        unit.session.execute(delete(STAFF_TEAM).where(STAFF_TEAM.c.staff_id == staff.id))
        rows = [{"staff_id": staff.id, "group_id": group.id} for group in found]
        if rows:
            unit.session.execute(insert(STAFF_TEAM), rows)
        if found and staff.group_id not in [group.id for group in found]:
            staff.group_id = found[0].id
        unit.append(Stream.STAFF, staff.number, "staff.teams", {"groups": [group.code for group in found]})
        unit.commit()


def _teams(session: Session, actor: ActorView) -> tuple[Team, ...]:
    mine = select(STAFF_TEAM.c.group_id).where(STAFF_TEAM.c.staff_id == actor.id)
    own = select(STAFF.c.group_id).where(STAFF.c.id == actor.id)
    rows = session.execute(
        select(GROUP.c.code, GROUP.c.name_zh, GROUP.c.name_en)
        .where(GROUP.c.id.in_(mine) | GROUP.c.id.in_(own))
        .order_by(GROUP.c.code != (actor.group_code or ""), GROUP.c.id)
    )
    return tuple(Team(row.code, row.name_zh, row.name_en) for row in rows)


def _handed(session: Session, group: str | None) -> int:
    if group is None:
        return 0
    here = select(GROUP.c.id).where(GROUP.c.code == group).scalar_subquery()
    return _count(session, CASE.c.open.is_(True), CASE.c.owner_id.is_(None), CASE.c.group_id == here)


def _count(session: Session, *where: object) -> int:
    counted = select(func.count()).select_from(CASE).where(*where)  # type: ignore[arg-type]
    return int(session.execute(counted).scalar_one())
