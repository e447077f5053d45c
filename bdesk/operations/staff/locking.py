"""The desk of somebody who went away without leaving it: locked, and opened again by their password."""

from bdesk.models.kinds import Stream
from bdesk.models.tables import Staff
from bdesk.operations.context import Context
from bdesk.operations.staff.people import compared, held, must_be_theirs
from bdesk.operations.staff.stay_rows import ask_next
from bdesk.secrets.machine import this_machine


def lock(ctx: Context) -> None:
    """The desk is locked. A start that would need no password asks for it now: else whoever ends a locked
    desk and opens it again would be in."""
    machine = this_machine()
    with ctx.store.write(ctx.actor.number) as unit:
        staff = unit.session.get_one(Staff, ctx.actor.id)
        ask_next(unit, staff, machine, True)
        unit.append(Stream.STAFF, staff.number, "staff.desk_locked")
        unit.commit()


def unlock(ctx: Context, password: str) -> None:
    """Open it again. A wrong password counts and waits as at the door: NotAllowed("sign_in.refused") and
    ("sign_in.wait"); what others type at the door makes this desk wait only once its own tries are used."""
    known, good = compared(ctx.store, ctx.actor.number, password, at_desk=True)
    machine = this_machine()
    with ctx.store.write(ctx.actor.number) as unit:
        found = held(unit, ctx.actor.number)
        staff = must_be_theirs(unit, found, known, good, tries=ctx.store.tries)
        ask_next(unit, staff, machine, False)
        unit.append(Stream.STAFF, staff.number, "staff.unlocked")
        unit.commit()
