"""Whom somebody has to ring up: calls back that run on the cases of a customer."""

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from bdesk.data.core import CASE, CLOCK, CONTACT, PROMISE
from bdesk.data.queries.promises import OWED, OWN_CLOCK
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import ContactKind
from bdesk.models.views.snapshot import ActorView

CALL_BACK = "call_back"
_LIVE = (RunState.RUNNING, RunState.PAUSED)


def owed_to(session: Session, actor: ActorView, customer_id: int) -> tuple[int, ...]:
    """The customer's cases on which this person owes a call back: it runs and they hold the case, or nobody
    does and they promised it. The one due first comes first."""
    promised = (
        select(PROMISE.c.id)
        .where(OWN_CLOCK, PROMISE.c.clock == CALL_BACK, PROMISE.c.made_by == actor.number)
        .where(PROMISE.c.state.in_(OWED), PROMISE.c.case_id == CASE.c.id)
        .correlate(CASE, CLOCK)
        .exists()
    )
    statement = (
        select(CASE.c.id)
        .select_from(CASE.join(CLOCK, CLOCK.c.case_id == CASE.c.id))
        .where(CASE.c.customer_id == customer_id, CLOCK.c.kind == CALL_BACK, CLOCK.c.run.in_(_LIVE))
        .where(or_(CASE.c.owner_id == actor.id, and_(CASE.c.owner_id.is_(None), promised)))
        .order_by(CLOCK.c.due_at, CASE.c.id)
    )
    return tuple(dict.fromkeys(session.execute(statement).scalars()))


def held(session: Session, actor: ActorView, customer_id: int) -> tuple[int, ...]:
    """The customer's open cases that this person holds, the oldest first."""
    mine = CASE.c.customer_id == customer_id, CASE.c.owner_id == actor.id, CASE.c.open.is_(True)
    return tuple(session.execute(select(CASE.c.id).where(*mine).order_by(CASE.c.id)).scalars())


def on_a_call(session: Session, actor: ActorView) -> bool:
    """Whether somebody has a call open, on whatever case."""
    mine = CONTACT.c.staff_id == actor.id, CONTACT.c.ended_at.is_(None), CONTACT.c.kind == ContactKind.CALL
    return session.execute(select(CONTACT.c.id).where(*mine).limit(1)).first() is not None
