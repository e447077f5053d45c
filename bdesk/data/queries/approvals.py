"""What waits for a second person."""

from sqlalchemy import func, select
from sqlmodel import Session

from bdesk.data.core import APPROVAL, CASE, CUSTOMER, EVIDENCE
from bdesk.data.rows import shaped, shared
from bdesk.errors import NotFound
from bdesk.models.kinds import ApprovalState
from bdesk.models.views.pages import ApprovalRow
from bdesk.models.views.snapshot import ApprovalView
from bdesk.rules.masking import mask_name

KEPT = 100


def approvals(
    session: Session, states: tuple[ApprovalState, ...] = (ApprovalState.REQUESTED,), *, kept: int = KEPT
) -> tuple[ApprovalRow, ...]:
    """Approvals in these states, those that lapse first at the top."""
    return _read(session, APPROVAL.c.state.in_(states), kept)


def approval(session: Session, approval_id: int) -> ApprovalRow:
    """One approval. Raises NotFound."""
    found = _read(session, APPROVAL.c.id == approval_id, 1)
    if not found:
        raise NotFound("approval", str(approval_id))
    return found[0]


def _read(session: Session, where: object, kept: int) -> tuple[ApprovalRow, ...]:
    rows = (
        session.execute(
            select(
                *shared(ApprovalView, APPROVAL),
                CASE.c.case_no,
                CASE.c.kind,
                CASE.c.subject,
                CUSTOMER.c.name.label("customer"),
            )
            .select_from(
                APPROVAL.join(CASE, CASE.c.id == APPROVAL.c.case_id).outerjoin(
                    CUSTOMER, CUSTOMER.c.id == CASE.c.customer_id
                )
            )
            .where(where)  # type: ignore[arg-type]
            .order_by(APPROVAL.c.lapses_at, APPROVAL.c.id)
            .limit(kept)
        )
        .mappings()
        .all()
    )
    pieces = {
        row.case_id: (row.all, row.all - row.seen)
        for row in session.execute(
            select(
                EVIDENCE.c.case_id, func.count().label("all"), func.count(EVIDENCE.c.looked_at).label("seen")
            )
            .where(EVIDENCE.c.case_id.in_([row["case_id"] for row in rows]))
            .group_by(EVIDENCE.c.case_id)
        )
    }
    return tuple(
        ApprovalRow(
            approval=shaped(ApprovalView, row, flags=tuple(row["flags"])),
            kind=row["kind"],
            customer=mask_name(row["customer"] or ""),
            subject=row["subject"],
            evidence=pieces.get(row["case_id"], (0, 0))[0],
            unseen=pieces.get(row["case_id"], (0, 0))[1],
        )
        for row in rows
    )
