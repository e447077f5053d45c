"""The rows of kept sign-ins: which still count, ending them, and whether they ask for the password."""

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data.core import KEPT_SIGN_IN
from bdesk.data.unit import Unit
from bdesk.models.kinds import Stream
from bdesk.models.tables import KeptSignIn, Staff

KEPT, ENDED, ASKS = "staff.stay_kept", "staff.stay_ended", "staff.stay_asks"
"""Events on a person's stream."""


def living(session: Session, staff: Staff) -> list[KeptSignIn]:
    """What was not ended, oldest first; it may have run out."""
    mine = select(KeptSignIn).where(KEPT_SIGN_IN.c.staff_id == staff.id, KEPT_SIGN_IN.c.ended_at.is_(None))
    return list(session.scalars(mine.order_by(KEPT_SIGN_IN.c.id)))


def end(unit: Unit, staff: Staff, why: str, *, machine: str | None = None) -> int:
    """End what is kept for a person, everywhere or on one machine; how many those were. Uncommitted."""
    rows = [row for row in living(unit.session, staff) if machine is None or row.machine == machine]
    for row in rows:
        row.ended_at = unit.now
    if rows:
        payload = {"kept": [row.id for row in rows], "why": why, "by": unit.actor}
        unit.append(Stream.STAFF, staff.number, ENDED, payload)
    return len(rows)


def end_others(unit: Unit, staff: Staff, machine: str) -> None:
    """One machine and account keeps one person: whoever was kept there before is no more. Uncommitted."""
    table = KEPT_SIGN_IN.c
    wanted = select(table.staff_id).where(
        table.machine == machine, table.ended_at.is_(None), table.staff_id != staff.id
    )
    for staff_id in unit.session.scalars(wanted.distinct()):
        end(unit, unit.session.get_one(Staff, staff_id), "replaced", machine=machine)


def ask_next(unit: Unit, staff: Staff, machine: str, asks: bool) -> None:
    """Whether what is kept on a machine asks for the password at the next start. Uncommitted."""
    rows = [row for row in living(unit.session, staff) if row.machine == machine and row.asks != asks]
    for row in rows:
        row.asks = asks
    if rows:
        payload = {"kept": [row.id for row in rows], "asks": asks}
        unit.append(Stream.STAFF, staff.number, ASKS, payload)
