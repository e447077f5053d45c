"""What somebody else decided, when it is carried out: approver and executor are two people too (law file 3,
separation of duties)."""

from sqlmodel import Session, col, select

from bdesk.data.journal import events, voided
from bdesk.errors import NotAllowed
from bdesk.models.kinds import ApprovalState, Stream
from bdesk.models.tables import Approval
from bdesk.models.views.journal import Event
from bdesk.operations.effects.call import EffectCall


def approved_by_another(call: EffectCall, action: str, *, missing: str, own: str) -> Approval:
    """The newest decision on an action in this cycle, when somebody else than who asked approved it.

    Raises NotAllowed: `missing` without one, `own` for whoever decided it themselves.
    """
    case = call.act.case
    newest = call.act.unit.session.scalars(
        select(Approval)
        .where(
            Approval.case_id == case.id,
            Approval.cycle == case.cycle,
            Approval.action == action,
            col(Approval.state) != ApprovalState.WITHDRAWN,
        )
        .order_by(col(Approval.id).desc())
    ).first()
    if newest is None or newest.state is not ApprovalState.APPROVED:
        raise NotAllowed(missing)
    if newest.decided_by in (None, newest.requested_by):
        raise NotAllowed(missing)
    if newest.decided_by == call.ctx.actor.number:
        raise NotAllowed(own)
    return newest


def as_asked(session: Session, approval: Approval) -> bool:
    """Whether the journal has the request: by whom and when the row has it, for the same deed and sum."""
    told = _told(session, approval, "approval.requested")
    return (
        told is not None
        and told.actor == approval.requested_by
        and told.recorded_at == approval.requested_at
        and told.payload.get("action") == approval.action
        and told.payload.get("amount_fen") == approval.amount_fen
    )


def as_decided(session: Session, approval: Approval) -> bool:
    """Whether the journal has the decision, by whom and when the row has it: a row that says "approved" is a
    decision of nobody (decision 38)."""
    told = _told(session, approval, "approval.decided")
    return (
        told is not None
        and told.payload.get("state") == approval.state.value
        and told.actor == approval.decided_by
        and told.recorded_at == approval.decided_at
    )


def _told(session: Session, approval: Approval, kind: str) -> Event | None:
    """The newest event of a kind about an approval that was not taken back."""
    stream = events(session, Stream.CASE, approval.case_id)
    gone = voided(stream)
    found = (one for one in reversed(stream) if one.kind == kind and one.id not in gone)
    return next((one for one in found if one.payload.get("approval") == approval.id), None)
