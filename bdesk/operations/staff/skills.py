"""Which kinds of case somebody is offered by take-next; no skill at all means every kind."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from bdesk.data.core import STAFF_SKILL
from bdesk.errors import BadInput
from bdesk.models.kinds import CaseKind, Stream
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.staff.people import by_number


def change_skills(
    ctx: Context, number: str, add: Sequence[CaseKind] = (), remove: Sequence[CaseKind] = ()
) -> tuple[CaseKind, ...]:
    """Add kinds to what somebody is offered, and take others away; what they are offered from now on, nothing
    for every kind. What they hold already stays theirs.

    Raises NotAllowed: role.only_admin, staff.unknown; BadInput("skills.both") for a kind that is to be added
    and taken away, ("skills.not_theirs") for one that they do not have.
    """
    must_may(ctx, "staff.skills.change_skills")
    both = set(add) & set(remove)
    if both:
        raise BadInput("skills.both", kind=min(both).value)
    with ctx.store.write(ctx.actor.number) as unit:
        staff = by_number(unit, number)
        mine = STAFF_SKILL.c.staff_id == staff.id
        had = list(unit.session.execute(select(STAFF_SKILL.c.kind).where(mine)).scalars())
        lacking = next((kind for kind in remove if kind not in had), None)
        if lacking is not None:
            raise BadInput("skills.not_theirs", number=staff.number, kind=lacking.value)
        kept = tuple(kind for kind in CaseKind if kind in {*had, *add} and kind not in remove)
        if set(kept) == set(had):
            return kept
        unit.session.execute(delete(STAFF_SKILL).where(mine))
        if kept:
            rows = [{"staff_id": staff.id, "kind": kind} for kind in kept]
            unit.session.execute(insert(STAFF_SKILL), rows)
        said = {"skills": [kind.value for kind in kept], "by": unit.actor}
        unit.append(Stream.STAFF, staff.number, "staff.skills", said)
        unit.commit()
        return kept
