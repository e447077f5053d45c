"""Standing in for a role for some days: who names whom, until when, and who ends it (B0.1).

A stand-in acts with the limits of that role and no others, and stays the person they are: nobody approves by
one what they asked for themselves. It begins and ends by itself at local midnight.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from bdesk.clock import LOCAL, midnight, to_iso
from bdesk.data.core import STAND_IN
from bdesk.data.queries import standing_in as queries
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Role, Stream
from bdesk.models.tables import Staff, StandIn
from bdesk.models.views.pages import StandInRow
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.staff.people import by_number
from bdesk.rules.ladder import may_stand_in
from bdesk.text import clean

LONGEST_DAYS = 92
"""A quarter: whoever stands in for longer holds the role."""

NAMED, ENDED = "stand_in.named", "stand_in.ended"
"""Events on the stream of whoever stands in."""


def name(ctx: Context, number: str, role: Role, first: date, last: date) -> int:
    """Name somebody to stand in for a role from the `first` local day to the `last`, both included; the
    number by which it is ended.

    Raises NotAllowed: role.cannot_name, stand_in.own_role for whoever stands in themselves, staff.unknown,
    stand_in.not_yourself, stand_in.overlaps. Raises BadInput: stand_in.role for a role that this person
    cannot stand in for (an administrator's, their own, one below), stand_in.days, stand_in.past,
    stand_in.too_long.
    """
    must_may(ctx, "staff.standing_in.name")
    if last < first:
        raise BadInput("stand_in.days", first=first.isoformat(), last=last.isoformat())
    if (last - first).days >= LONGEST_DAYS:
        raise BadInput("stand_in.too_long", days=LONGEST_DAYS)
    with ctx.store.write(ctx.actor.number) as unit:
        if unit.standing_in is not None:
            raise NotAllowed("stand_in.own_role")
        if first < unit.now.astimezone(LOCAL).date():
            raise BadInput("stand_in.past", first=first.isoformat())
        staff = by_number(unit, number)
        if not staff.active:
            raise NotAllowed("staff.unknown", number=clean(number))
        if staff.id == ctx.actor.id:
            raise NotAllowed("stand_in.not_yourself")
        if not may_stand_in(staff.role, role):
            raise BadInput("stand_in.role", number=staff.number, own=staff.role.value, role=role.value)
        begins, ends = midnight(first), midnight(last) + timedelta(days=1)
        _must_be_free(unit.session, staff, begins, ends)
        assert staff.id is not None
        row = StandIn(
            staff_id=staff.id,
            role=role,
            from_at=begins,
            until_at=ends,
            named_by=ctx.actor.number,
            named_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        assert row.id is not None
        number_of = row.id
        said: Mapping[str, object] = {
            "stand_in": number_of,
            "role": role.value,
            "from": to_iso(begins),
            "until": to_iso(ends),
            "by": unit.actor,
        }
        unit.append(Stream.STAFF, staff.number, NAMED, said)
        unit.commit()
        return number_of


def end(ctx: Context, stand_in: int) -> None:
    """End one now that holds, or that has not begun.

    Raises NotAllowed: role.cannot_name, stand_in.own_role, stand_in.unknown, stand_in.over.
    """
    must_may(ctx, "staff.standing_in.end")
    with ctx.store.write(ctx.actor.number) as unit:
        if unit.standing_in is not None:
            raise NotAllowed("stand_in.own_role")
        row = unit.session.get(StandIn, stand_in, with_for_update=True)
        if row is None:
            raise NotAllowed("stand_in.unknown", number=stand_in)
        if row.ended_at is not None or row.until_at <= unit.now:
            raise NotAllowed("stand_in.over", number=stand_in)
        row.ended_at, row.ended_by = unit.now, ctx.actor.number
        staff = unit.session.get_one(Staff, row.staff_id)
        unit.append(Stream.STAFF, staff.number, ENDED, {"stand_in": row.id, "by": unit.actor})
        unit.commit()


def listed(ctx: Context, *, over: bool = False) -> tuple[StandInRow, ...]:
    """Who stands in, or will; `over`: who did, too."""
    now = ctx.store.now()
    with ctx.store.read() as session:
        return queries.all_of_them(session, now, over=over)


def _must_be_free(session: Session, staff: Staff, begins: datetime, ends: datetime) -> None:
    """One role at a time: nobody stands in twice on one day."""
    here = STAND_IN.c
    met = select(StandIn).where(
        here.staff_id == staff.id, here.ended_at.is_(None), here.from_at < ends, here.until_at > begins
    )
    row = session.scalars(met.order_by(here.id)).first()
    if row is not None:
        raise NotAllowed("stand_in.overlaps", number=staff.number, role=row.role.value, stand_in=row.id)
