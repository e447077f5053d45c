"""Merging a case into the one that has its matter already (B0.3; SLA.md, merge)."""

from sqlmodel import select

from bdesk.clock import to_iso
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseOutcome, CaseState, LinkKind
from bdesk.models.tables import Case, CaseLink, Contact
from bdesk.operations.answering import withdraw_requests
from bdesk.operations.change import NOT_ASIDE, Act, row_id
from bdesk.operations.clocks import cancel_events, hand_on, living_clocks, running_clocks
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.promises import carry
from bdesk.rules.clock.handing import merged


def merge(call: EffectCall) -> None:
    """Into the other case: contacts move, the earliest clock of each kind stays, a desk clock that only this
    one ran goes on there; this one's clocks are cancelled.

    Raises NotAllowed("merge.no_target") when there is no such open case.
    """
    session, act = call.act.unit.session, call.act
    target = session.scalars(select(Case).where(Case.case_no == call.text("into"))).first()
    if target is None or target.id is None or target.id == act.case_id or not target.open:
        raise NotAllowed("merge.no_target", case_no=call.text("into"))
    contacts = session.scalars(select(Contact).where(Contact.case_id == act.case_id)).all()
    for contact in contacts:
        contact.case_id = target.id
    link = CaseLink(from_id=act.case_id, to_id=target.id, kind=LinkKind.DUPLICATE)
    session.add(link)
    told, promises = _merged_in(call, act.unit.case(target.id))
    cancel_events(act, call.ctx, "merged", running_clocks(act, call.ctx))
    withdraw_requests(act, call.ctx)
    act.add(
        "case.merged",
        {
            "into": target.case_no,
            "target": target.id,
            "told": told.first,
            "link": row_id(link),
            "contacts": [row_id(contact) for contact in contacts],
            "promises": promises,
        },
        state=CaseState.MERGED,
        outcome=CaseOutcome.MERGED,
        open=False,
        closed_at=call.now,
        closed_by=call.ctx.actor.id,
        columns=NOT_ASIDE,
    )
    act.touched.append(told.case)


def _merged_in(call: EffectCall, target: Case) -> tuple[Act, list[int]]:
    """What the other case learns, and the clocks it takes over (`rules.clock.handing`); the promises that
    go with them."""
    mine, other = living_clocks(call.act, call.ctx), Act(call.act.unit, target)
    case = call.act.case
    other.add("case.merged_in", {"from": case.case_no, "received_at": to_iso(case.received_at)})
    promises = []
    for one in merged(mine, living_clocks(other, call.ctx), call.ctx.book.clock_kinds):
        number = hand_on(other, call.ctx, one)
        if one.source is not None and (moved := carry(other, call.act, one.source, number)) is not None:
            promises.append(moved)
    return other, promises
