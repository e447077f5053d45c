"""Another priority: the clocks whose length depends on it begin anew from their original start (SLA.md)."""

from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.change import Act, must_be_open, must_not_be_held
from bdesk.operations.clocks import hand_on, living_clocks, opening_clocks
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.raising import WHOLE_CASE
from bdesk.operations.roles import must_may
from bdesk.operations.supervising.replays import ClockChange, desk_clocks, differences
from bdesk.rules.clock.handing import retargeted
from bdesk.rules.ladder import stands_at

HIGHEST, LOWEST = 1, 4


def set_priority(ctx: Context, case_id: int, priority: int, reason: str = "") -> Changed:
    """Give an open case another priority, 1 being the highest. Every stop is replayed on the clocks that
    change; what was breached stays so.

    Raises BadInput("priority.unknown"), ("priority.no_reason") for a lower one without a reason,
    NotAllowed("priority.same") and ("case.not_yours") on a colleague's case, which only a supervisor touches,
    and ("limits.own_matter") for a matter of one's own that somebody else holds, or nobody.
    """
    role = must_may(ctx, "priority.set_priority")
    words = check_text(reason, longest=200) if reason.strip() else ""
    with ctx.store.write(ctx.actor.number) as unit:
        act = _open(unit, ctx, role, case_id, priority)
        if priority > act.case.priority and not words:
            raise BadInput("priority.no_reason")
        _set(act, ctx, priority, words)
        return act.finish(ctx, "case.priority", becomes=priority)


def preview(ctx: Context, case_id: int, priority: int) -> tuple[ClockChange, ...]:
    """What `set_priority` would do to the due times, worked out by doing it and taking it back: nothing is
    kept. Raises as `set_priority`, but for want of a reason."""
    role = must_may(ctx, "priority.preview")
    with ctx.store.write(ctx.actor.number) as unit:
        act = _open(unit, ctx, role, case_id, priority)
        before = desk_clocks(act, ctx)
        _set(act, ctx, priority, "")
        return differences(before, desk_clocks(act, ctx))


def _open(unit: Unit, ctx: Context, role: Role, case_id: int, priority: int) -> Act:
    if not HIGHEST <= priority <= LOWEST:
        raise BadInput("priority.unknown", priority=priority)
    act = Act(unit, unit.case(case_id))
    must_be_open(act.case)
    if not stands_at(role, Role.SUPERVISOR):
        must_not_be_held(ctx, act.case)
    if act.case.owner_id != ctx.actor.id:
        must_not_be_own(ctx, act.case)
    if priority == act.case.priority:
        raise NotAllowed("priority.same", priority=priority)
    return act


def _set(act: Act, ctx: Context, priority: int, words: str) -> None:
    payload: dict[str, object] = {"was": act.case.priority, "becomes": priority}
    if words:
        text, payload["digest"] = act.unit.text(act.case, "priority", words)
        payload["text"] = text.id
    act.add("case.priority", payload, columns={"priority": priority})
    procedure = ctx.book.pinned(act.unit.session, act.case).procedure_for(act.case.kind)
    living, received = living_clocks(act, ctx), act.case.received_at
    wanted = opening_clocks(act.case, procedure)
    for one in retargeted(wanted, living, received, ctx.book.clock_kinds, WHOLE_CASE):
        hand_on(act, ctx, one)
