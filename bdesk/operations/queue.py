"""Taking cases: the next one by policy, a chosen one, and giving one back."""

from dataclasses import replace

from sqlmodel import col, update

from bdesk.data.queries.taking import Candidate, next_candidates
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Asides
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.operations.change import (
    NOT_ASIDE,
    Act,
    claim_event,
    may_work,
    must_be_open,
    outranks,
    rows_changed,
)
from bdesk.operations.context import Context


def take_next(ctx: Context, *, leaving: int | None = None) -> Changed:
    """Take the next case by policy (SLA.md, take-next order); `leaving` is put aside first.

    Raises NotAllowed("queue.empty") when nothing waits for this person.
    """
    may_work(ctx)
    with ctx.store.write(ctx.actor.number) as unit:
        for candidate in next_candidates(unit.session, ctx.actor, unit.now, ctx.book):
            if not _grab(unit, ctx, candidate):
                continue
            left = _leave(unit, ctx, leaving) if leaving is not None and leaving != candidate.case_id else ()
            act = Act(unit, unit.case(candidate.case_id))
            act.case.owner_id = None
            claim_event(act, ctx, candidate.reason)
            changed = act.finish(ctx, "queue.taken", reason=candidate.reason)
            return replace(changed, cases=(*changed.cases, *left))
    raise NotAllowed("queue.empty")


def _grab(unit: Unit, ctx: Context, candidate: Candidate) -> bool:
    """One guarded update: of two desks only one sees a row change."""
    done = unit.session.execute(
        update(Case)
        .where(col(Case.id) == candidate.case_id, col(Case.owner_id).is_(None), col(Case.open).is_(True))
        .values(owner_id=ctx.actor.id)
    )
    unit.session.expire_all()
    return bool(rows_changed(done))


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
    NotAllowed("case.not_yours") when somebody else holds it, "case.closed" when it is done.
    """
    may_work(ctx)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id, version=version))
        must_be_open(act.case)
        if act.case.owner_id == ctx.actor.id:
            if not act.case.aside:
                raise NotAllowed("case.yours_already", case_no=act.case.case_no)
            act.add("case.taken_up", columns=NOT_ASIDE)
            return act.finish(ctx, "case.taken_up")
        if act.case.owner_id is not None and not outranks(ctx, act.case.escalated_to):
            raise NotAllowed("case.not_yours", case_no=act.case.case_no)
        claim_event(act, ctx, "chosen")
        return act.finish(ctx, "case.claimed")


def release(ctx: Context, case_id: int) -> Changed:
    """Give a case back to the queue; the customer's clock is untouched (SLA.md).

    Raises NotAllowed("case.not_yours") for a case of somebody else or nobody.
    """
    may_work(ctx)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if act.case.owner_id != ctx.actor.id:
            raise NotAllowed("case.not_yours", case_no=act.case.case_no)
        act.add("case.released", owner_id=None, claimed_at=None, columns=NOT_ASIDE)
        return act.finish(ctx, "case.released")
