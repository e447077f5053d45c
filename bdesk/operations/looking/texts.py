"""The texts of a case by their numbers, for erasing one: `bdesk journal texts`."""

from sqlmodel import col, select

from bdesk.models.kinds import Role
from bdesk.models.tables import CaseText
from bdesk.models.views.pages import TextRow
from bdesk.operations.change import at_least
from bdesk.operations.context import Context

SHOWN = 40
"""Characters by which a text is told from another."""


def texts_of(ctx: Context, case_id: int) -> tuple[TextRow, ...]:
    """Every text kept for a case, oldest first; an erased one has no words left.

    Raises NotAllowed("role.cannot_erase") unless a supervisor or above asks.
    """
    at_least(ctx, Role.SUPERVISOR, "role.cannot_erase")
    with ctx.store.read() as session:
        rows = session.scalars(
            select(CaseText).where(CaseText.case_id == case_id).order_by(col(CaseText.id))
        ).all()
        return tuple(
            TextRow(row.id or 0, row.kind, row.by, row.at, row.body[:SHOWN], row.erased_at is not None)
            for row in rows
        )
