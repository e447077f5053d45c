"""Putting aside (the clock runs) and going on after a stop (the clock ran not)."""

from datetime import datetime

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import WAITING_STATES, Asides, CaseState
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, must_be_open, must_not_be_held, own
from bdesk.operations.clocks import living_clocks
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may


def put_aside(
    ctx: Context, case_id: int, until: datetime | None = None, reason: Asides = Asides.LATER
) -> Changed:
    """Put a case aside; it keeps its clock and its place by due time (SLA.md).

    Raises BadInput("aside.past") for a time that has passed.
    """
    must_may(ctx, "parking.put_aside")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        if until is not None and until <= unit.now:
            raise BadInput("aside.past", until=until)
        own(act, ctx)
        act.add(
            "case.put_aside",
            {"reason": reason.value},
            aside=True,
            aside_until=until,
            aside_reason=reason.value,
        )
        return act.finish(ctx, "case.put_aside")


def resume(ctx: Context, case_id: int, reason: str = "agent") -> Changed:
    """Let the stopped clocks run again, whoever they wait for.

    Raises NotAllowed("clock.not_stopped") when nothing is stopped.
    """
    must_may(ctx, "parking.resume")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        must_not_be_held(ctx, act.case)
        if not any(one.run is RunState.PAUSED for one in living_clocks(act, ctx)):
            raise NotAllowed("clock.not_stopped", case_no=act.case.case_no)
        waits = act.case.state in WAITING_STATES
        act.add(
            "clock.resumed", {"reason": reason}, columns={"state": CaseState.IN_PROGRESS} if waits else None
        )
        return act.finish(ctx, "clock.resumed")
