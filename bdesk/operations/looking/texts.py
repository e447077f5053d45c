"""The texts of a case by their numbers, for erasing one: `bdesk journal texts`."""

from sqlmodel import col, select

from bdesk.data import snapshot
from bdesk.models.kinds import Factor
from bdesk.models.tables import CaseText
from bdesk.models.views.pages import TextRow
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.rules.cases import mask_factors
from bdesk.rules.masking import HIDDEN
from bdesk.rules.veiling import veiled

SHOWN = 40
"""Characters by which a text is told from another."""


def texts_of(ctx: Context, case_id: int) -> tuple[TextRow, ...]:
    """Every text kept for a case, oldest first; an erased one has no words left. What could be read out to
    a caller is hidden as in the case's timeline, a letter whole.

    Raises NotAllowed("role.cannot_erase") unless a supervisor or above asks.
    """
    must_may(ctx, "looking.texts.texts_of")
    with ctx.store.read() as session:
        rows = session.scalars(
            select(CaseText).where(CaseText.case_id == case_id).order_by(col(CaseText.id))
        ).all()
        seen = snapshot.build(session, case_id, ctx.actor, ctx.now())
        hidden = mask_factors(seen)

        def words(row: CaseText) -> str:
            if row.kind == "letter" and Factor.RECENT_AMOUNT in hidden and row.body:
                return HIDDEN
            return veiled(row.body, seen, hidden)[:SHOWN]

        return tuple(
            TextRow(row.id or 0, row.kind, row.by, row.at, words(row), row.erased_at is not None)
            for row in rows
        )
