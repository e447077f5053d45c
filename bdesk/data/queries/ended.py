"""How the clocks of a day ended: in time, late, late with an excuse, which stays late (SLA.md, un-breach)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from bdesk.clock import LOCAL
from bdesk.data.core import CASE, CLOCK
from bdesk.models.clock_kinds import Drives, Outcome
from bdesk.models.views.queue import Ended


def ended(session: Session, staff_ids: Collection[int], now: datetime) -> Ended:
    """Of the desk clocks that ended in cases that these people closed today."""
    today = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = session.execute(
        select(CLOCK.c.outcome, CLOCK.c.excused, func.count().label("clocks"))
        .select_from(CASE.join(CLOCK, CLOCK.c.case_id == CASE.c.id))
        .where(CASE.c.closed_by.in_(list(staff_ids)), CASE.c.closed_at >= today)
        .where(CLOCK.c.drives == Drives.DESK, CLOCK.c.outcome != Outcome.OPEN)
        .group_by(CLOCK.c.outcome, CLOCK.c.excused)
    ).all()
    late = [row for row in rows if row.outcome is not Outcome.MET]
    return Ended(
        met=sum(row.clocks for row in rows if row.outcome is Outcome.MET),
        late=sum(row.clocks for row in late),
        excused=sum(row.clocks for row in late if row.excused),
    )
