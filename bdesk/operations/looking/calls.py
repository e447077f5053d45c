"""The call at hand: whether one is open at this person's desk, and who its number may be."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data.core import CASE, CONTACT
from bdesk.data.queries.lookup import lookup
from bdesk.models.views.pages import LookupPage
from bdesk.operations.calls import start_call
from bdesk.operations.context import Context
from bdesk.rules.masking import mask_phone

__all__ = ["OpenCall", "begin", "by_number", "mine"]


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call from opening its card to closing it; `number` is masked, empty where none is known."""

    contact_id: int
    started_at: datetime
    number: str = ""
    case_id: int | None = None
    case_no: str = ""


def mine(ctx: Context) -> OpenCall | None:
    """The call this person has open: it outlives a crash of the desk."""
    with ctx.store.read() as session:
        return _open(session, ctx)


def _open(session: Session, ctx: Context) -> OpenCall | None:
    row = session.execute(
        select(CONTACT.c.id, CONTACT.c.started_at, CONTACT.c.number, CONTACT.c.case_id, CASE.c.case_no)
        .join_from(CONTACT, CASE, CASE.c.id == CONTACT.c.case_id, isouter=True)
        .where(CONTACT.c.staff_id == ctx.actor.id, CONTACT.c.ended_at.is_(None))
        .order_by(CONTACT.c.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return OpenCall(row.id, row.started_at, mask_phone(row.number or ""), row.case_id, row.case_no or "")


def begin(ctx: Context) -> OpenCall:
    """The call card of F5: the call that is open already, else the one that rings, else a new one.

    Raises what `start_call` raises.
    """
    found = mine(ctx)
    if found is None:
        start_call(ctx)
        found = mine(ctx)
    assert found is not None
    return found


def by_number(ctx: Context, contact_id: int, *, limit: int = 30) -> LookupPage:
    """What the number of a call finds, before anything is typed; nothing where no number is known."""
    with ctx.store.read() as session:
        number = session.execute(select(CONTACT.c.number).where(CONTACT.c.id == contact_id)).scalar()
        if not number:
            return LookupPage(())
        return lookup(session, number, ctx.now(), kept=limit)
