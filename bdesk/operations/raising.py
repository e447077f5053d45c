"""Raising and handing over (P15): the customer's clock runs on, a decision clock starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import select

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CaseKind, CaseState
from bdesk.models.tables import Case, Group
from bdesk.models.views.changed import Changed
from bdesk.operations.answering import withdraw_requests
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.appealing import must_not_have_touched
from bdesk.operations.change import FRESH, NOT_ASIDE, Act, must_be_open, own
from bdesk.operations.clocks import attach_event, hand_on, living_clocks, opening_clocks
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.numbers import after_sale_number, tail_of
from bdesk.operations.roles import must_may
from bdesk.rules.clock.handing import replaced
from bdesk.rules.ladder import RAISE_TO, may_raise
from bdesk.rules.walk.model import Procedure

WHOLE_CASE = "resolution"


def raise_case(ctx: Context, case_id: int, to: str, reason: str) -> Changed:
    """Raise a case to a higher level. It leaves the agent's hands when somebody there opens it.

    Raises BadInput without a reason, NotAllowed("case.raised_already") when it is raised,
    ("limits.own_matter") for a matter of one's own that somebody else holds, or nobody.
    """
    must_may(ctx, "raising.raise_case")
    reason = check_text(reason, longest=400)
    if to not in RAISE_TO:
        raise BadInput("raise.unknown_level", to=to, known=", ".join(RAISE_TO))
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if act.case.owner_id != ctx.actor.id:
            must_not_be_own(ctx, act.case)
        if not may_raise(act.case.escalated_to, to):
            raise NotAllowed("case.raised_already", case_no=act.case.case_no, to=act.case.escalated_to)
        raise_event(act, ctx, to, reason)
        return act.finish(ctx, "case.raised", to=to)


def raise_event(act: Act, ctx: Context, to: str, reason: str = "") -> None:
    """A higher level decides from now: its clock starts beside the customer's (P15). Without words where the
    desk raises by itself. A case that is raised higher already stays there."""
    level = to if may_raise(act.case.escalated_to, to) else act.case.escalated_to
    payload: dict[str, object] = {"to": level}
    if reason:
        row, digest = act.unit.text(act.case, "raise", reason)
        payload |= {"text": row.id, "digest": digest}
    act.add("case.raised", payload, escalated_to=level)
    attach_event(act, ctx, "escalation_decision")


def hand_over(ctx: Context, case_id: int, group: str, reason: str) -> Changed:
    """Give a case to a group's queue; the clocks run on (SLA.md, reassign).

    Raises BadInput("group.unknown") for a group that is not there.
    """
    must_may(ctx, "raising.hand_over")
    reason = check_text(reason, longest=400)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        own(act, ctx, giving=True)
        found = unit.session.scalars(select(Group).where(Group.code == group)).first()
        if found is None:
            raise BadInput("group.unknown", group=group)
        row, digest = unit.text(act.case, "hand_over", reason)
        act.add(
            "case.handed_off",
            {"group": group, "text": row.id, "digest": digest},
            group_id=found.id,
            owner_id=None,
            claimed_at=None,
            columns=NOT_ASIDE,
        )
        return act.finish(ctx, "case.handed_off", group=group)


def convert_event(
    act: Act,
    ctx: Context,
    kind: CaseKind,
    subtype: str | None = None,
    *,
    said: Mapping[str, object] | None = None,
) -> None:
    """The case becomes another kind, history kept; its clocks are set anew with the original start.

    An after-sales case gets its number at once (S1:24); `subtype` is what the customer chose within the kind.
    `said`: what the event says besides. One that nobody has worked yet stays new.

    Raises NotAllowed("case.same_kind") when it is that kind already, ("appeal.touched") for who would take
    away an appeal against what they had a hand in.
    """
    case = act.case
    if case.kind == kind:
        raise NotAllowed("case.same_kind", kind=kind.value)
    must_not_have_touched(act, ctx)
    procedure = ctx.book.procedure_for(kind)
    after_sale_no = after_sale_number(act.unit, kind, case.after_sale_no)
    act.add(
        "case.converted",
        {"from": case.kind.value, "to": kind.value, **(said or {})},
        columns={
            "kind": kind,
            "procedure": procedure.code,
            "procedure_version": ctx.book.version("procedure", procedure.code),
            "state": case.state if _untouched(case) else CaseState.IN_PROGRESS,
            "subtype": subtype,
            "after_sale_no": after_sale_no,
            "after_sale_tail": tail_of(after_sale_no),
        },
    )
    ctx.book.keep_texts(act.unit, procedure.code)
    withdraw_requests(act, ctx)
    _replace_clocks(act, ctx, procedure)


def _untouched(case: Case) -> bool:
    return case.owner_id is None and case.state in FRESH


def _received_at(act: Act) -> datetime:
    """From when the clocks of the new kind run. A result that is contested was not contested before now, so
    an appeal against what this very case decided is received now (SLA.md, day 0)."""
    contests = act.case.kind is CaseKind.APPEAL and act.case.outcome is not None
    return act.unit.now if contests else act.case.received_at


def _replace_clocks(act: Act, ctx: Context, procedure: Procedure) -> None:
    """SLA.md, priority or kind changed: a new instance with the original start and every pause replayed."""
    found = replaced(
        opening_clocks(act.case, procedure),
        living_clocks(act, ctx),
        _received_at(act),
        ctx.book.clock_kinds,
        WHOLE_CASE,
    )
    for one in found.starts:
        hand_on(act, ctx, replace(one, replaces=None))
    for old, heir in found.ends:
        act.add("clock.superseded", {"clock": old.kind, "by": heir, "number": old.number, "cycle": old.cycle})


def to_complaint(ctx: Context, case_id: int, reason: str) -> Changed:
    """F7 3: the matter becomes a complaint."""
    must_may(ctx, "raising.to_complaint")
    reason = check_text(reason, longest=400)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        own(act, ctx)
        convert_event(act, ctx, CaseKind.COMPLAINT)
        row, digest = unit.text(act.case, "raise", reason)
        act.add("note.added", {"text": row.id, "digest": digest})
        return act.finish(ctx, "case.converted", to=CaseKind.COMPLAINT.value)
