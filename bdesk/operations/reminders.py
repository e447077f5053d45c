"""What was promised outlives the closing of its case, and brings the case back before it is due (P2, SD5)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlmodel import col, select

from bdesk.data.unit import Unit
from bdesk.models.clock_kinds import Drives, Outcome, RunState
from bdesk.models.kinds import CaseState
from bdesk.models.tables import Case, ClockRow
from bdesk.operations.change import Act
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import Context
from bdesk.operations.promises import keep_open
from bdesk.operations.standing import standing
from bdesk.operations.waking import wake

PROMISED = ("promise", "ship_follow_up")
"""Clocks of what somebody said that we would do."""

LEAD = timedelta(hours=2)
"""So long before a promise is due its case comes back."""


def promised(now: datetime) -> Select[Any]:
    """Those that will soon be due although their cases were closed."""
    return (
        select(ClockRow.id)
        .join(Case, col(Case.id) == ClockRow.case_id)
        .where(
            ClockRow.drives == Drives.DESK,
            col(ClockRow.run) == RunState.RUNNING,
            col(ClockRow.outcome) == Outcome.OPEN,
            col(ClockRow.due_at) <= now + LEAD,
            col(ClockRow.kind).in_(PROMISED),
            col(Case.state) == CaseState.CLOSED,
        )
        .order_by(col(ClockRow.due_at), col(ClockRow.id))
    )


def remind(unit: Unit, ctx: Context, row_id: int) -> bool:
    """Bring the case back while there is time to keep the promise; where everything was shipped meanwhile
    it is kept already."""
    row = unit.session.get_one(ClockRow, row_id)
    act = Act(unit, unit.case(row.case_id))
    stand = standing(unit.session, ctx, row.case_id, unit.now)
    if stand.facts["delay.pending"] is False:
        keep_open(act, ctx)
        fulfil_event(act, ctx, "ship_follow_up")
    else:
        wake(act, ctx, {"why": "promise", "clock": row.kind})
    act.finish(ctx, "case.taken_up", undo=False)
    return True
