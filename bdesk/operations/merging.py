"""One case goes into another that has its matter: what a walk's answer and a supervisor's word share (B0.3;
SLA.md, merge)."""

from collections.abc import Mapping

from sqlmodel import select

from bdesk.clock import to_iso
from bdesk.models.kinds import CaseOutcome, CaseState, LinkKind
from bdesk.models.tables import Case, CaseLink, Contact
from bdesk.operations.answering import withdraw_requests
from bdesk.operations.appealing import must_contest_the_same
from bdesk.operations.change import NOT_ASIDE, Act, row_id
from bdesk.operations.clocks import cancel_events, hand_on, living_clocks, running_clocks
from bdesk.operations.context import Context
from bdesk.operations.promises import carry
from bdesk.rules.clock.handing import merged


def merge_event(act: Act, ctx: Context, target: Case, said: Mapping[str, object] | None = None) -> None:
    """Into the other case: contacts move, the earliest clock of each kind stays, a desk clock that only this
    one ran goes on there; this one's clocks are cancelled. `said`: what the event says besides.

    Raises NotAllowed("merge.other_appeal") for an appeal that the other one is not about.
    """
    must_contest_the_same(act, target)
    session = act.unit.session
    contacts = session.scalars(select(Contact).where(Contact.case_id == act.case_id)).all()
    for contact in contacts:
        contact.case_id = row_id(target)
    link = CaseLink(from_id=act.case_id, to_id=row_id(target), kind=LinkKind.DUPLICATE)
    session.add(link)
    told, promises = _merged_in(act, ctx, act.unit.case(row_id(target)))
    living = running_clocks(act, ctx)
    act.add(
        "case.merged",
        {
            "into": target.case_no,
            "target": target.id,
            "told": told.first,
            "link": row_id(link),
            "contacts": [row_id(contact) for contact in contacts],
            "promises": promises,
            **(said or {}),
        },
        state=CaseState.MERGED,
        outcome=CaseOutcome.MERGED,
        open=False,
        closed_at=act.unit.now,
        closed_by=ctx.actor.id,
        columns=NOT_ASIDE,
    )
    cancel_events(act, ctx, "merged", living)
    withdraw_requests(act, ctx)
    act.touched.append(told.case)


def _merged_in(act: Act, ctx: Context, target: Case) -> tuple[Act, list[int]]:
    """What the other case learns, and the clocks it takes over (`rules.clock.handing`); the promises that
    go with them."""
    mine, other = living_clocks(act, ctx), Act(act.unit, target)
    case = act.case
    other.add("case.merged_in", {"from": case.case_no, "received_at": to_iso(case.received_at)})
    promises = []
    for one in merged(mine, living_clocks(other, ctx), ctx.book.clock_kinds):
        number = hand_on(other, ctx, one)
        if one.source is not None and (moved := carry(other, act, one.source, number)) is not None:
            promises.append(moved)
    return other, promises
