"""Excusing a breach: it stays one, and is marked with who says so and why (SLA.md, un-breach)."""

from sqlmodel import select

from bdesk.data import journal
from bdesk.data.refold import readings
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import Drives
from bdesk.models.kinds import LinkKind, Stream
from bdesk.models.tables import CaseLink
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.supervising.hands import checked, kept, must_decide
from bdesk.rules.clock import Reading

ACTION = "clock_excuse"
"""The row of the approval matrix (B0.7)."""


def excuse(ctx: Context, case_id: int, clock: str, cycle: int, number: int, reason: str) -> Changed:
    """Mark the breach of one clock of a case, open or done, as excused. It is never taken back, and the
    breach goes on counting as one; whoever asks for its explanation is told.

    Raises BadInput without a reason, NotAllowed: "excuse.not_late" for a clock that the desk was not late on;
    "excuse.already"; "excuse.own" for who held the case when it became late; "limits.own_matter".
    """
    role = must_may(ctx, "supervising.excusing.excuse")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        must_decide(unit, role, ACTION)
        act = Act(unit, unit.case(case_id))
        must_not_be_own(ctx, act.case)
        name = (clock, cycle, number)
        folded = readings(unit.session, act.case, ctx.book, unit.now)
        late = next((one for one in folded if (one.kind, one.cycle, one.number) == name), None)
        if late is None or late.breached_at is None or late.drives is not Drives.DESK:
            raise NotAllowed("excuse.not_late", clock=clock, case_no=act.case.case_no)
        if late.excused is not None:
            raise NotAllowed("excuse.already", clock=clock, by=late.excused.who)
        if ctx.actor.id in _held_by(act, ctx, case_id, late):
            raise NotAllowed("excuse.own")
        act.add("clock.excused", {"clock": clock, "cycle": cycle, "number": number, **kept(act, reason)})
        return act.finish(ctx, "clock.excused", undo=False, clock=clock)


def _held_by(act: Act, ctx: Context, case_id: int, late: Reading) -> set[int]:
    """Who held the clock's case when its due time passed, whoever holds it now: every event says so. A clock
    that came along with a merge became late where it was then."""
    stream = journal.events(act.unit.session, Stream.CASE, case_id)
    begun = next((one for one in stream if one.id == late.event_id), None)
    if begun is not None and late.breached_at is not None and begun.recorded_at > late.breached_at:
        carried = [_held_by(act, ctx, *one) for one in _late_before(act, ctx, case_id, late)]
        if carried:
            return set().union(*carried)
    before = [one for one in stream if late.breached_at is not None and one.recorded_at <= late.breached_at]
    stood = str(before[-1].payload.get(journal.STANDS, "")).split() if before else []
    return {int(stood[1])} if len(stood) > 1 and stood[1].isdigit() else set()


def _late_before(act: Act, ctx: Context, case_id: int, late: Reading) -> list[tuple[int, Reading]]:
    """The same breach in the cases that were merged into this one."""
    links = select(CaseLink.from_id).where(CaseLink.to_id == case_id, CaseLink.kind == LinkKind.DUPLICATE)
    return [
        (source, one)
        for source in act.unit.session.scalars(links)
        for one in readings(act.unit.session, source, ctx.book, act.unit.now)
        if one.kind == late.kind and one.breached_at == late.breached_at
    ]
