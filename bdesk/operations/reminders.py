"""What was promised outlives the closing of its case, and brings the case back before it is due (P2, SD5).

What the walk promised about a shipment is kept by the parcel itself; what somebody promised by hand is not.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlmodel import col, select

from bdesk.data.journal import events
from bdesk.data.unit import Unit
from bdesk.models.clock_kinds import Drives, Outcome, RunState
from bdesk.models.kinds import CaseState, Stream
from bdesk.models.tables import Case, ClockRow
from bdesk.operations.change import Act
from bdesk.operations.clocks import fulfil_event, living_clocks
from bdesk.operations.context import Context
from bdesk.operations.promises import Owed, act_of, keep_open
from bdesk.operations.standing import standing
from bdesk.operations.waking import wake
from bdesk.rules.clock import known
from bdesk.rules.clock.handing import EACH_ITS_OWN

FOLLOW_UP = "ship_follow_up"

PROMISED = (*sorted(EACH_ITS_OWN), FOLLOW_UP)
"""Clocks of what somebody said that we would do."""

SHIPPING = (FOLLOW_UP, "ship_promise")
"""Clocks that an answer starts which speaks of a shipment."""

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
    """Bring the case back while there is time to keep the promise. Where everything was shipped meanwhile,
    what was promised about that is kept already."""
    row = unit.session.get_one(ClockRow, row_id)
    act = Act(unit, unit.case(row.case_id))
    if standing(unit.session, ctx, row.case_id, unit.now).facts["delay.pending"] is False:
        _shipped(act, ctx)
    name = (row.kind, row.number, row.cycle)
    if any((one.kind, one.number, one.cycle) == name for one in living_clocks(act, ctx)):
        wake(act, ctx, {"why": "promise", "reminds": True, "clock": row.kind})
    act.finish(ctx, "case.taken_up", undo=False)
    return True


def _shipped(act: Act, ctx: Context) -> None:
    stream = events(act.unit.session, Stream.CASE, act.case_id)
    started = (one for one in stream if one.kind == known.ATTACHED and one.payload.get("clock") in SHIPPING)
    answers = {act_of(one) for one in started}

    def of_shipping(one: Owed) -> bool:
        return one.by_answer in answers

    keep_open(act, ctx, of_shipping)
    fulfil_event(act, ctx, FOLLOW_UP)
