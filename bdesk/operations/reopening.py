"""A closed matter comes back: the case is reopened, or after thirty days a new one follows it (SLA.md)."""

from collections.abc import Mapping

from sqlmodel import select

from bdesk.data.journal import events as events_of
from bdesk.data.journal import voided
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    OPEN_STATES,
    CaseKind,
    CaseOutcome,
    CaseState,
    LinkKind,
    Role,
    Stream,
    VerificationLevel,
)
from bdesk.models.tables import Case, CaseItem, CaseLink, Contact
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.calls import contact_event, my_call
from bdesk.operations.change import NOT_ASIDE, Act, claim_unless_own, row_id
from bdesk.operations.clocks import rearm, running_clocks
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.opening import NewCase, open_event
from bdesk.operations.raising import raise_event
from bdesk.operations.roles import must_may
from bdesk.operations.supervising.hands import checked, must_decide
from bdesk.operations.waking import goes_on_in
from bdesk.rules.cases import REOPEN_DAYS, may_move, reopening

REAPPLY = "reapply"
CAME_BACK = "customer"

LATE = "reopen_late"
"""The row of the approval matrix by which the same case is reopened after the window."""

ESCALATES_FROM = 2
"""The second reopening goes to a supervisor (SLA.md, reopen within the window)."""


def reopen(ctx: Context, case_id: int, reason: str, contact_id: int | None = None) -> Changed:
    """The customer comes back to a closed case; whoever hears them works it from now on.

    Until 24:00 of the 30th local day after the closing it is the next cycle of the same case, with clocks of
    its own from now; afterwards a new case of the same kind opens, linked to it. `contact_id` is my open call
    that was about it. A refused refund that comes back is a re-application (RF12).

    Raises NotAllowed("reopen.open", "reopen.merged", "call.not_yours", "call.ended") and what `check_text`
    raises.
    """
    must_may(ctx, "reopening.reopen")
    reason = check_text(reason, longest=400)
    with ctx.store.write(ctx.actor.number) as unit:
        case = unit.case(case_id)
        _must_be_reopenable(unit, case)
        contact = my_call(unit, ctx, contact_id) if contact_id is not None else None
        if case.closed_at is not None and not reopening(case.closed_at, unit.now):
            return _follow(unit, ctx, case, reason, contact)
        return _again(unit, ctx, case, reason, contact)


def reopen_late(ctx: Context, case_id: int, reason: str, contact_id: int | None = None) -> Changed:
    """The same case again, however long ago it was closed: a supervisor's word, with the reason (B0.7).

    Whoever says so works it from now on. Raises NotAllowed("role.cannot_supervise", "limits.own_matter") and
    what `reopen` raises.
    """
    role = must_may(ctx, "reopening.reopen_late")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        must_decide(unit, role, LATE)
        case = unit.case(case_id)
        must_not_be_own(ctx, case)
        _must_be_reopenable(unit, case)
        contact = my_call(unit, ctx, contact_id) if contact_id is not None else None
        days = None
        if case.closed_at is not None and not reopening(case.closed_at, unit.now):
            days = (unit.now - case.closed_at).days
        return _again(unit, ctx, case, reason, contact, days)


def _must_be_reopenable(unit: Unit, case: Case) -> None:
    if case.state in OPEN_STATES:
        raise NotAllowed("reopen.open", case_no=case.case_no)
    if not may_move(case.state, CaseState.REOPENED):
        into = goes_on_in(unit, case)
        raise NotAllowed("reopen.merged", case_no=case.case_no, into=into.case_no if into is not case else "")


def _again(
    unit: Unit, ctx: Context, case: Case, reason: str, contact: Contact | None, days: int | None = None
) -> Changed:
    """`days`: how long it was closed, where that is beyond the window."""
    act = Act(unit, case)
    if contact is not None:
        contact_event(act, contact)
    living = running_clocks(act, ctx)
    refused = case.kind is CaseKind.REFUND and case.outcome is CaseOutcome.REJECTED
    row, digest = unit.text(case, "reopen", reason)
    act.add(
        "case.reopened",
        {
            "cycle": case.cycle + 1,
            "why": REAPPLY if refused else CAME_BACK,
            "text": row.id,
            "digest": digest,
            **({} if days is None else {"after_days": days}),
        },
        columns={**NOT_ASIDE, "state": CaseState.REOPENED, "cycle": case.cycle + 1, "open": True},
        verified_level=VerificationLevel.V0,
        outcome=None,
        reject_code=None,
        rule_ref=None,
        closed_at=None,
        closed_by=None,
        owner_id=None,
        claimed_at=None,
        escalated_to=None,
    )
    claim_unless_own(act, ctx, "reopened")
    rearm(act, ctx, living)
    if _times(unit, case) >= ESCALATES_FROM:
        raise_event(act, ctx, Role.SUPERVISOR.value)
    return act.finish(ctx, "case.reopened", cycle=case.cycle)


def _times(unit: Unit, case: Case) -> int:
    """How often the case came back from being done; a re-application in an open case is no reopening."""
    stream = events_of(unit.session, Stream.CASE, row_id(case))
    gone = voided(stream)
    done = {state.value for state in CaseState} - {state.value for state in OPEN_STATES}
    back = (event for event in stream if event.kind == "case.reopened" and event.id not in gone)
    before = [event.payload.get("before") for event in back]
    return sum(isinstance(one, Mapping) and one.get("state") in done for one in before)


def _follow(unit: Unit, ctx: Context, old: Case, reason: str, contact: Contact | None) -> Changed:
    """After the window: a new case with the old one's matter, linked to it."""
    items = unit.session.scalars(select(CaseItem.item_id).where(CaseItem.case_id == old.id)).all()
    new = NewCase(
        kind=old.kind,
        channel=contact.channel if contact is not None else old.channel,
        order_id=old.order_id,
        customer_id=old.customer_id,
        subject=old.subject,
        description=reason,
        desired=old.desired,
        reason=old.reason,
        received_at=contact.started_at if contact is not None else None,
        priority=old.priority,
        item_ids=tuple(items),
    )
    act = open_event(unit, ctx, new)
    link = CaseLink(from_id=act.case_id, to_id=row_id(old), kind=LinkKind.PREVIOUS)
    unit.session.add(link)
    unit.session.flush()
    act.add("case.follows", {"previous": old.case_no, "link": row_id(link)})
    if contact is not None:
        contact_event(act, contact)
    claim_unless_own(act, ctx, "reopened")
    return act.finish(ctx, "case.follows", undo=False, previous=old.case_no, days=REOPEN_DAYS)
