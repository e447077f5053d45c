"""Another kind for a case, whoever holds it: its clocks go on from their original start (SLA.md, Rules)."""

from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.appealing import must_not_have_touched
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.context import Context
from bdesk.operations.raising import convert_event
from bdesk.operations.roles import must_may
from bdesk.operations.supervising.hands import checked, is_coming_back, is_held, is_paying, kept, must_leave
from bdesk.operations.supervising.replays import ClockChange, desk_clocks, differences


def set_kind(ctx: Context, case_id: int, kind: CaseKind | str, reason: str) -> Changed:
    """Make an open case one of another kind. History stays, every stop is replayed on the clocks of the new
    kind, and requests for approval are withdrawn: they were asked for another matter.

    Raises BadInput("case.kind_unknown") and without a reason; NotAllowed("case.same_kind"), ("set_kind.held")
    while something may be recalled, ("set_kind.paying") and ("set_kind.return") while money or goods are on
    their way, ("appeal.touched") for who had a hand in what an appeal contests, and as `must_leave`.
    """
    role = must_may(ctx, "supervising.kinds.set_kind")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        act, becomes = _open(unit, ctx, role, case_id, kind)
        convert_event(act, ctx, becomes, said=kept(act, reason))
        return act.finish(ctx, "case.converted", to=becomes.value)


def preview(ctx: Context, case_id: int, kind: CaseKind | str) -> tuple[ClockChange, ...]:
    """What `set_kind` would do to the due times, worked out by doing it and taking it back: nothing is kept.
    Raises as `set_kind`, but for want of a reason."""
    role = must_may(ctx, "supervising.kinds.preview")
    with ctx.store.write(ctx.actor.number) as unit:
        act, becomes = _open(unit, ctx, role, case_id, kind)
        before = desk_clocks(act, ctx)
        convert_event(act, ctx, becomes)
        return differences(before, desk_clocks(act, ctx))


def _open(unit: Unit, ctx: Context, role: Role, case_id: int, kind: CaseKind | str) -> tuple[Act, CaseKind]:
    """The case, once everything was asked: nothing of a refused deed is written."""
    if kind not in set(CaseKind):
        raise BadInput("case.kind_unknown", kind=str(kind), known=", ".join(CaseKind))
    act, becomes = Act(unit, unit.case(case_id)), CaseKind(kind)
    must_be_open(act.case)
    must_leave(unit, ctx, role, act.case)
    must_not_be_own(ctx, act.case)
    if is_held(unit, case_id):
        raise NotAllowed("set_kind.held", case_no=act.case.case_no)
    if is_paying(unit, case_id):
        raise NotAllowed("set_kind.paying", case_no=act.case.case_no)
    if is_coming_back(unit, case_id):
        raise NotAllowed("set_kind.return", case_no=act.case.case_no)
    if act.case.kind is becomes:
        raise NotAllowed("case.same_kind", kind=becomes.value)
    must_not_have_touched(act, ctx)
    return act, becomes
