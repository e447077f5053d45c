"""Taking cases: the next one by policy, a chosen one, and giving one back."""

from dataclasses import replace

from bdesk.data.book.adopted import adopted
from bdesk.data.queries.taking import Candidate, PassedOver, next_candidates, passed_over
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Asides, CaseState, Role
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.change import (
    NOT_ASIDE,
    Act,
    claim_columns,
    claim_event,
    must_be_open,
    to_json,
)
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.rules.appeals import ACTIONS, row_for
from bdesk.rules.deciders import deciding_roles
from bdesk.rules.ladder import LADDER, decides_on
from bdesk.rules.limits import Limits


def take_next(ctx: Context, *, leaving: int | None = None) -> Changed:
    """Take the next case by policy (SLA.md, take-next order); `leaving` is put aside first.

    Raises NotAllowed("queue.empty") when nothing waits in this person's groups; where something does,
    ("queue.other_kinds") for kinds they are not given, ("queue.own") for their own matters, ("queue.touched")
    for appeals against what they had a hand in, with the role that decides them, ("queue.stopped") for what
    waits for somebody else.
    """
    must_may(ctx, "queue.take_next")
    with ctx.store.write(ctx.actor.number) as unit:
        for candidate in next_candidates(unit.session, ctx.actor, unit.now, ctx.book):
            taken = _taken(unit, ctx, candidate)
            if taken is None:
                continue
            left = _leave(unit, ctx, leaving) if leaving is not None and leaving != candidate.case_id else ()
            unit.commit()
            return replace(taken, cases=(*taken.cases, *left))
    with ctx.store.read() as session:
        waiting = passed_over(session, ctx.actor)
        raise _nothing(waiting, adopted(session).limits if waiting.touched else None)


def _nothing(left: PassedOver, limits: Limits | None) -> NotAllowed:
    """Why nothing is offered although the list shows something."""
    if left.other_kind:
        return NotAllowed("queue.other_kinds", count=left.other_kind, kind=left.kinds)
    if left.own:
        return NotAllowed("queue.own", count=left.own)
    if limits is not None:
        deciding = deciding_roles(row_for(ACTIONS[left.level], limits), 0, (), None, limits)
        lowest = next((role.value for role in LADDER if role in deciding), Role.MANAGER.value)
        return NotAllowed("queue.touched", count=left.touched, role=lowest)
    return NotAllowed("queue.stopped", count=left.stopped) if left.stopped else NotAllowed("queue.empty")


def _taken(unit: Unit, ctx: Context, candidate: Candidate) -> Changed | None:
    """Claim the case unless another desk was first.

    The whole team waits for this lock, so only the columns of a claim are read and written. No clock
    reads a claim, so none is folded again.
    """
    claim = claim_columns(ctx, CaseState.NEW, unit.now)
    case = unit.free_case(candidate.case_id, tuple(claim))
    if case is None:
        return None
    claim = claim_columns(ctx, case["state"], unit.now)
    before = {name: to_json(case[name]) for name, value in claim.items() if case[name] != value}
    said = {"by": ctx.actor.number, "why": candidate.reason, "before": before}
    event = unit.take(case, claim, "case.claimed", said)
    if event is None:
        return None
    return Changed(
        code="queue.taken",
        params={"case_no": case["case_no"], "reason": candidate.reason},
        cases=(candidate.case_id,),
        case_id=candidate.case_id,
        case_no=case["case_no"],
        events=(event.id,),
        undo_event=event.id,
    )


def _leave(unit: Unit, ctx: Context, case_id: int) -> tuple[int, ...]:
    case = unit.case(case_id)
    if case.owner_id != ctx.actor.id or not case.open or case.aside or case.stopped:
        return ()
    act = Act(unit, case)
    act.add(
        "case.put_aside",
        {"reason": Asides.NEXT_TAKEN.value},
        aside=True,
        aside_reason=Asides.NEXT_TAKEN.value,
    )
    return (case_id,)


def claim(ctx: Context, case_id: int, version: int | None = None) -> Changed:
    """Take one chosen case; a lease comes with a claim, never with a look (other_desks.md).

    A case that was raised may be taken from its owner by whom it was raised to. Raises
    NotAllowed("case.not_yours") when somebody else holds it, "case.closed" when it is done,
    "limits.own_matter".
    """
    role = must_may(ctx, "queue.claim")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id, version=version))
        must_be_open(act.case)
        must_not_be_own(ctx, act.case)
        if act.case.owner_id == ctx.actor.id:
            if not act.case.aside:
                raise NotAllowed("case.yours_already", case_no=act.case.case_no)
            act.add("case.taken_up", columns=NOT_ASIDE)
            return act.finish(ctx, "case.taken_up")
        if act.case.owner_id is not None and not decides_on(role, act.case.escalated_to):
            raise NotAllowed("case.not_yours", case_no=act.case.case_no)
        claim_event(act, ctx, "chosen")
        return act.finish(ctx, "case.claimed")


def release(ctx: Context, case_id: int) -> Changed:
    """Give a case back to the queue; the customer's clock is untouched (SLA.md).

    Raises NotAllowed("case.not_yours") for a case of somebody else or nobody.
    """
    must_may(ctx, "queue.release")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if act.case.owner_id != ctx.actor.id:
            raise NotAllowed("case.not_yours", case_no=act.case.case_no)
        act.add("case.released", owner_id=None, claimed_at=None, columns=NOT_ASIDE)
        return act.finish(ctx, "case.released")
