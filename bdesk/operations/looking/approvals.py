"""What waits for a second person: `bdesk approval list` and the supervisor's screen."""

from bdesk.data.queries.approvals import approval, approvals
from bdesk.models.kinds import ApprovalState
from bdesk.models.views.pages import ApprovalRow
from bdesk.operations.context import Context

__all__ = ["ApprovalRow", "one", "waiting"]


def waiting(ctx: Context) -> tuple[ApprovalRow, ...]:
    """The approvals asked for and not decided, those that lapse first at the top; customers are masked."""
    with ctx.store.read() as session:
        return approvals(session, (ApprovalState.REQUESTED,))


def one(ctx: Context, approval_id: int) -> ApprovalRow:
    """One approval, in whatever state. Raises NotFound."""
    with ctx.store.read() as session:
        return approval(session, approval_id)
