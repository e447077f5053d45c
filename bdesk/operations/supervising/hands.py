"""What every deed of a supervisor asks: no matter of one's own, nobody above, nothing under way, a reason."""

from sqlmodel import col, select

from bdesk.data.book.adopted import adopted
from bdesk.data.queries import staff as people
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import REFUND_UNSETTLED, DeliveryState, Role
from bdesk.models.tables import Case, GoodsReturn, OutboxRow, Refund, Staff
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.rules.ladder import LADDER, decides_on, stands_at
from bdesk.rules.limits import Allowed, LimitContext, decide

LONGEST_REASON = 400


def must_decide(unit: Unit, role: Role, action: str) -> None:
    """For what has a row of its own in the approval matrix, by which a firm may leave it to fewer people
    than do the deed (B0.7). Raises NotAllowed("role.cannot_supervise")."""
    found = decide(action, role, 0, (), LimitContext(), adopted(unit.session).limits)
    if found.allowed is not Allowed.DECIDE:
        raise NotAllowed("role.cannot_supervise", role=role.value)


def must_leave(unit: Unit, ctx: Context, role: Role, case: Case) -> Staff | None:
    """Who holds the case, None for nobody. Nobody takes a case out of the hands of a higher level than
    `role`, nor from risk what was raised to it: raises NotAllowed("reassign.above")."""
    holder = unit.session.get(Staff, case.owner_id) if case.owner_id is not None else None
    if holder is None or holder.id == ctx.actor.id:
        return holder
    acting = people.actor(unit.session, holder.number, unit.now)
    theirs = holder.role if acting is None else acting.role
    above = theirs in LADDER and not stands_at(role, theirs)
    deciding = decides_on(theirs, case.escalated_to)
    if above or (deciding and not decides_on(role, case.escalated_to)):
        raise NotAllowed("reassign.above", case_no=case.case_no, role=theirs.value)
    return holder


def checked(reason: str) -> str:
    """A reason, ready to keep. Raises BadInput("supervise.no_reason") for none, and as `check_text`."""
    if not reason.strip():
        raise BadInput("supervise.no_reason")
    return check_text(reason, longest=LONGEST_REASON)


def kept(act: Act, reason: str) -> dict[str, object]:
    """The reason as an event names it: words can be erased, the journal cannot."""
    row, digest = act.unit.text(act.case, "reason", reason)
    return {"text": row.id, "digest": digest}


_ON_ITS_WAY = (DeliveryState.RELEASED, DeliveryState.UNKNOWN)


def is_held(unit: Unit, case_id: int) -> bool:
    """Whether something of the case may still be recalled: a window in which nobody else moves it."""
    held = select(OutboxRow.id).where(OutboxRow.case_id == case_id, OutboxRow.state == DeliveryState.HELD)
    return unit.session.scalars(held.limit(1)).first() is not None


def is_paying(unit: Unit, case_id: int) -> bool:
    """Whether money or goods of the case are on their way and their end is not known. A letter is no such."""
    sent = select(OutboxRow.id).where(
        OutboxRow.case_id == case_id,
        col(OutboxRow.state).in_(_ON_ITS_WAY),
        col(OutboxRow.notification_id).is_(None),
    )
    refunds = select(Refund.id).where(Refund.case_id == case_id, col(Refund.state).in_(REFUND_UNSETTLED))
    return any(unit.session.scalars(one.limit(1)).first() is not None for one in (sent, refunds))


def is_coming_back(unit: Unit, case_id: int) -> bool:
    """Whether goods of the case are on their way back, or on their way out again for them (P7)."""
    coming = select(GoodsReturn.id).where(
        GoodsReturn.case_id == case_id, col(GoodsReturn.finished_at).is_(None)
    )
    return unit.session.scalars(coming.limit(1)).first() is not None
