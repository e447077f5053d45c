"""Cases of somebody who no longer works here go back to the queue."""

from sqlmodel import col, select

from bdesk.data.refold import refold
from bdesk.data.unit import Unit
from bdesk.models.tables import Case, Staff
from bdesk.operations.change import NOT_ASIDE, Act
from bdesk.operations.context import Context

DISABLED = "staff_disabled"


def release_all(unit: Unit, ctx: Context, staff: Staff) -> tuple[str, ...]:
    """Give back every open case that a person holds, one event each, uncommitted; their numbers.

    Where a case stands, what it waits for and its clocks stay as they are.
    """
    held = select(Case.id).where(Case.owner_id == staff.id, col(Case.open).is_(True)).order_by(col(Case.id))
    numbers = []
    for case_id in unit.session.scalars(held).all():
        case = unit.case(case_id or 0)
        payload = {"why": DISABLED, "from": staff.number}
        Act(unit, case).add("case.released", payload, owner_id=None, claimed_at=None, columns=NOT_ASIDE)
        refold(unit, case, ctx.book, unit.now)
        numbers.append(case.case_no)
    return tuple(numbers)
