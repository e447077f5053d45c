"""Making a real store: its groups, its first administrator and, if asked, its first agent, all or nothing."""

from dataclasses import dataclass, replace

from sqlmodel import func, select

from bdesk.data.book.adopted import adopt, is_adopted, limits_source
from bdesk.data.queries import standing_in
from bdesk.data.queries.staff import staff as staff_rows
from bdesk.data.store import Store, create_store, open_store
from bdesk.errors import BadInput, StoreProblem
from bdesk.models.kinds import Role
from bdesk.models.tables import Staff
from bdesk.models.views.pages import StaffRow, StandInDays
from bdesk.operations.context import Context
from bdesk.operations.staff.groups import ensure_groups
from bdesk.operations.staff.passwords import hash_password
from bdesk.operations.staff.people import NewPerson, add_person

FOUNDER = "init"
"""The actor of what happens before anybody works here."""


@dataclass(frozen=True, slots=True)
class Founded:
    """Where the store is and who can sign in."""

    store: str
    numbers: tuple[str, ...]


def found(url: str, people: tuple[NewPerson, ...]) -> Founded:
    """Make a store with its groups and first people; the first of them must be an administrator.

    Raises StoreProblem("store.exists") where one is, BadInput for people that cannot be added. A store that
    an earlier attempt left without anybody in it is taken up again.
    """
    if not people or people[0].role is not Role.ADMIN:
        raise BadInput("staff.first_admin")
    hashes = [hash_password(person.password) for person in people]
    with _empty_store(url) as store:
        with store.write(FOUNDER) as unit:
            if unit.session.scalars(select(func.count()).select_from(Staff)).one():
                raise StoreProblem("store.exists", store=store.place)
            ensure_groups(unit)
            # An earlier attempt may have adopted what the book held then.
            limits = limits_source()
            if not is_adopted(unit.session, limits):
                adopt(unit, limits)
            numbers = tuple(
                add_person(unit, person, known).number for person, known in zip(people, hashes, strict=True)
            )
            unit.commit()
        return Founded(store.place, numbers)


def must_be_free(url: str) -> None:
    """Raises StoreProblem("store.exists") where a store with people in it is, and what `open_store` raises
    for a file that is something else."""
    try:
        store = open_store(url)
    except StoreProblem as problem:
        if problem.code != "store.missing":
            raise
        return
    with store, store.read() as session:
        if store.training or session.scalars(select(func.count()).select_from(Staff)).one():
            raise StoreProblem("store.exists", store=store.place)


def _empty_store(url: str) -> Store:
    try:
        return create_store(url)
    except StoreProblem as problem:
        if problem.code != "store.exists":
            raise
    must_be_free(url)
    return open_store(url)


def list_staff(ctx: Context, *, active_only: bool = False) -> tuple[StaffRow, ...]:
    """Everybody who works here, by number, with what they stand in for now and next."""
    now = ctx.store.now()
    with ctx.store.read() as session:
        rows = staff_rows(session, active_only=active_only)
        days: dict[str, tuple[StandInDays, ...]] = {}
        for one in standing_in.all_of_them(session, now, over=False):
            days[one.number] = (*days.get(one.number, ()), StandInDays(one.role, one.from_at, one.until_at))
    return tuple(replace(row, stands_in=days.get(row.number, ())) for row in rows)
