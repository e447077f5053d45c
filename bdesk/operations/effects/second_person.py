"""What somebody else decided, when it is carried out: approver and executor are two people too (law file 3,
separation of duties)."""

from sqlmodel import col, select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import ApprovalState
from bdesk.models.tables import Approval
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
