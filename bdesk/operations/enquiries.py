"""A customer asks how the matter stands (P12): told and logged on that very case, raised with a new date when
it is overdue, flagged for a supervisor when they ask again and again."""

from datetime import timedelta

from sqlmodel import col, func, select

from bdesk.clock import to_iso
from bdesk.models.kinds import CaseFlag, ContactKind, Direction
from bdesk.models.tables import Contact
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.context import Context
from bdesk.operations.flags import put_flag
from bdesk.operations.notes import check_text
from bdesk.operations.promises import promise_event
from bdesk.operations.raising import raise_event
from bdesk.operations.roles import must_may
from bdesk.operations.standing import standing
from bdesk.rules.progress import ENQUIRIES_MANY, ENQUIRY_HOURS, progress_of

SUPERVISOR = "supervisor"


def answered(ctx: Context, case_id: int) -> Changed:
    """The customer was told how the case stands; whose case it is does not matter (PE2 to PE4, PE6).

    What was told is kept: the state in their words and the date. Raises NotAllowed("case.closed").
    """
    must_may(ctx, "enquiries.answered")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        _told(act, ctx)
        return act.finish(ctx, "enquiry.answered", undo=False)


def urge(ctx: Context, case_id: int, words: str, by_hours: int) -> Changed:
    """The answer is late, or the customer asks once too often: raised to a supervisor, with a new date that
    is a promise (PE5). A case that is raised already is not raised again.

    Raises NotAllowed("case.closed"), and what `promise_event` and `check_text` raise.
    """
    must_may(ctx, "enquiries.urge")
    words = check_text(words, longest=200)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        _told(act, ctx)
        if act.case.escalated_to is None:
            raise_event(act, ctx, SUPERVISOR, words)
        promise = promise_event(act, ctx, words, unit.now + timedelta(hours=by_hours))
        return act.finish(ctx, "enquiry.urged", undo=False, due_at=promise.due_at)


def _told(act: Act, ctx: Context) -> None:
    stand = standing(act.unit.session, ctx, act.case_id, act.unit.now)
    found = progress_of(stand.snapshot)
    payload: dict[str, object] = {"progress": found.status.value, "overdue": found.overdue}
    if found.next_at is not None:
        payload["due_at"] = to_iso(found.next_at)
    act.add("enquiry.answered", payload)


def flag_repeat(act: Act) -> bool:
    """Flag the case when the customer has called for the third time within 48 hours (PE6); the call in which
    it was opened is none of them."""
    since = max(act.unit.now - timedelta(hours=ENQUIRY_HOURS), act.case.opened_at)
    asked = select(func.count(col(Contact.id))).where(
        Contact.case_id == act.case_id,
        Contact.kind == ContactKind.CALL,
        Contact.direction == Direction.INBOUND,
        col(Contact.started_at) > since,
    )
    act.unit.session.flush()
    if act.unit.session.scalars(asked).one() < ENQUIRIES_MANY:
        return False
    if not put_flag(act.unit, act.case_id, CaseFlag.REPEAT):
        return False
    act.add("case.flagged", {"flag": CaseFlag.REPEAT.value})
    return True
