"""Giving a case to a named person, and taking one from a colleague: the customer's clock is untouched
(SLA.md, reassign), and what the one who held it has half typed stays in their own drafts."""

from collections.abc import Mapping

from bdesk.data import snapshot as snapshots
from bdesk.data.queries import staff as people
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.apart import is_own_matter, must_not_be_own
from bdesk.operations.change import NOT_ASIDE, Act, must_be_open, row_id
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.supervising.hands import checked, kept, must_leave
from bdesk.rules.appeals import touched
from bdesk.rules.ladder import decides_on
from bdesk.text import clean, normalise_key

DECISION = "escalation_decision"
"""The clock of a decision that a higher level owes (P15)."""


def reassign(ctx: Context, case_id: int, to_number: str, reason: str) -> Changed:
    """Give an open case, whoever holds it or nobody, to a named person who works cases.

    One that was raised and is given back below that level was decided by it: it is raised no more, and the
    clock of the decision is met (P15, the return path). Raises BadInput without a reason, NotAllowed:
    "staff.unknown" for nobody or somebody disabled; "reassign.admin"; "reassign.same" to who holds it;
    "reassign.above" from somebody above who decides on it; "reassign.own_matter" and "reassign.touched" for a
    person who may not have this very case.
    """
    role = must_may(ctx, "supervising.reassigning.reassign")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if act.case.owner_id != ctx.actor.id:
            must_not_be_own(ctx, act.case)
        holder = must_leave(unit, ctx, role, act.case)
        person = _person(unit, to_number)
        _may_have(unit, ctx, act.case, person)
        payload = {"from": None if holder is None else holder.number, "to": person.number}
        _move(act, ctx, "case.reassigned", {**payload, **kept(act, reason)}, role, person)
        return act.finish(ctx, "case.reassigned", person=person.name)


def take_over(ctx: Context, case_id: int, reason: str) -> Changed:
    """Take a case from the colleague who holds it.

    Raises as `reassign` does, NotAllowed("case.yours_already"), and ("take_over.nobodys") for one that nobody
    holds: it is simply taken.
    """
    role = must_may(ctx, "supervising.reassigning.take_over")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if act.case.owner_id == ctx.actor.id:
            raise NotAllowed("case.yours_already", case_no=act.case.case_no)
        holder = must_leave(unit, ctx, role, act.case)
        if holder is None:
            raise NotAllowed("take_over.nobodys", case_no=act.case.case_no)
        must_not_be_own(ctx, act.case)
        _may_have(unit, ctx, act.case, ctx.actor)
        payload = {"from": holder.number, "to": ctx.actor.number}
        _move(act, ctx, "case.taken_over", {**payload, **kept(act, reason)}, role, ctx.actor)
        return act.finish(ctx, "case.taken_over", person=holder.name)


def _person(unit: Unit, number: str) -> ActorView:
    """Who works here under this number now. Raises NotAllowed("staff.unknown")."""
    found = people.actor(unit.session, normalise_key(number), unit.now)
    if found is None:
        raise NotAllowed("staff.unknown", number=clean(number))
    return found


def _may_have(unit: Unit, ctx: Context, case: Case, person: ActorView) -> None:
    if person.role is Role.ADMIN:
        raise NotAllowed("reassign.admin", person=person.name)
    if person.id == case.owner_id:
        raise NotAllowed("reassign.same", person=person.name, case_no=case.case_no)
    if is_own_matter(person, case):
        raise NotAllowed("reassign.own_matter", person=person.name)
    if case.kind is CaseKind.APPEAL and _touched(unit, ctx, case, person):
        # An appeal's owner is never who decided what it contests (P5, AP5).
        raise NotAllowed("reassign.touched", person=person.name)


def _touched(unit: Unit, ctx: Context, case: Case, person: ActorView) -> bool:
    book = ctx.book.pinned(unit.session, case)
    return touched(snapshots.build(unit.session, row_id(case), person, unit.now, book))


def _move(
    act: Act, ctx: Context, kind: str, payload: Mapping[str, object], role: Role, person: ActorView
) -> None:
    """Into the hands of `person`. Who decides on a raised case and gives it to somebody who does not has
    decided."""
    raised = act.case.escalated_to
    back = decides_on(role, raised) and not decides_on(person.role, raised)
    columns: dict[str, object] = {**NOT_ASIDE, "owner_id": person.id, "claimed_at": act.unit.now}
    if back:
        columns["escalated_to"] = None
    act.add(kind, payload, columns=columns)
    if back:
        fulfil_event(act, ctx, DECISION)
