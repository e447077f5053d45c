"""Who of the staff is a customer too, and whose relative: nobody works or decides such a matter (P6, P15)."""

from collections.abc import Sequence

from sqlalchemy import delete, insert

from bdesk.data.core import STAFF_RELATIVE
from bdesk.data.queries.staff import relatives as relatives_of
from bdesk.models.kinds import Stream
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.staff.customers import customer_of
from bdesk.operations.staff.people import by_number, end_desks


def set_customers(ctx: Context, number: str, account: str | None, relatives: Sequence[str] = ()) -> None:
    """Say which account is somebody's own, None for none, and which are their relatives', in place of what
    was said before. Their open desks end: what they hold or decide from now on is asked by the new answer.

    The journal names customers by their row, never by their account. Raises NotAllowed: role.only_admin,
    staff.unknown; BadInput("staff.no_customer") for an account that nobody has.
    """
    must_may(ctx, "staff.own_matters.set_customers")
    with ctx.store.write(ctx.actor.number) as unit:
        staff = by_number(unit, number)
        assert staff.id is not None
        own = None if account is None else customer_of(unit, account)
        theirs = tuple(sorted({customer_of(unit, one) for one in relatives}))
        if (staff.customer_id, relatives_of(unit.session, staff.id)) == (own, theirs):
            return
        staff.customer_id = own
        unit.session.execute(delete(STAFF_RELATIVE).where(STAFF_RELATIVE.c.staff_id == staff.id))
        if theirs:
            rows = [{"staff_id": staff.id, "customer_id": one} for one in theirs]
            unit.session.execute(insert(STAFF_RELATIVE), rows)
        said = {"customer": own, "relatives": list(theirs), "by": unit.actor}
        unit.append(Stream.STAFF, staff.number, "staff.customers", said)
        end_desks(unit, staff)
        unit.commit()
