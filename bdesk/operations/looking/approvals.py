"""What waits for a second person: `bdesk approval list` and the supervisor's screen.

Sums and reasons are for whoever decides by them, while no caller could have them read out (decision 11).
"""

from dataclasses import replace

from bdesk.data.queries.approvals import approval, approvals
from bdesk.models.kinds import ApprovalState
from bdesk.models.views.pages import ApprovalRow
from bdesk.operations.context import Context
from bdesk.operations.looking.calls import mine
from bdesk.operations.roles import may
from bdesk.rules.masking import HIDDEN

__all__ = ["ApprovalRow", "hidden", "one", "sums_shown", "waiting"]


def waiting(ctx: Context) -> tuple[ApprovalRow, ...]:
    """The approvals asked for and not decided, those that lapse first at the top; customers are masked.

    The sum is None and the reason **** for who decides nothing, and during a call.
    """
    seen = sums_shown(ctx)
    with ctx.store.read() as session:
        found = approvals(session, (ApprovalState.REQUESTED,))
    return found if seen else tuple(hidden(one) for one in found)


def one(ctx: Context, approval_id: int) -> ApprovalRow:
    """One approval, in whatever state; its sum and reason as in the list. Raises NotFound."""
    seen = sums_shown(ctx)
    with ctx.store.read() as session:
        found = approval(session, approval_id)
    return found if seen else hidden(found)


def sums_shown(ctx: Context) -> bool:
    """Whether this person may see sums and reasons now: they decide by them, and no caller is on the line."""
    return may(ctx, "looking.approvals.sums") and mine(ctx) is None


def hidden(row: ApprovalRow) -> ApprovalRow:
    """The row without its sum and reason."""
    reason = HIDDEN if row.approval.reason else ""
    return replace(row, approval=replace(row.approval, amount_fen=None, reason=reason))
