"""When a request for a second person holds no more: after 24 h, or when its facts are others (B0.7)."""

from sqlmodel import Session

from bdesk.models.tables import Approval
from bdesk.operations.effects import documents as papers
from bdesk.operations.effects.account import as_proposed
from bdesk.operations.effects.limits import bound_digest
from bdesk.operations.effects.unfreezing import as_recommended
from bdesk.operations.standing import Standing
from bdesk.rules import account, documents, groundwork, limits, unfreeze


def lapsed_by(session: Session, stand: Standing, row: Approval) -> str | None:
    """Why a request holds no more: its time is over, or what it is bound to is not what it was; None while it
    holds."""
    digest_now = bound_digest(stand, row.action)
    matrix = stand.adopted.limits
    if row.action == unfreeze.ACTION and not as_recommended(session, row):
        return limits.LimitReason.FACTS_CHANGED.value
    if row.action == unfreeze.ACTION and not groundwork.carries(
        stand.snapshot, str(row.planned.get("extent"))
    ):
        return limits.LimitReason.FACTS_CHANGED.value
    if row.action == account.ACTION and not _still_asked(session, stand, row):
        return limits.LimitReason.FACTS_CHANGED.value
    if row.action == documents.ACTION and not papers.as_submitted(session, row, stand.snapshot.customer):
        return limits.LimitReason.FACTS_CHANGED.value
    found = limits.lapse(row.requested_at, stand.snapshot.now, row.facts_digest, digest_now, matrix)
    return found.value if found is not None else None


def _still_asked(session: Session, stand: Standing, row: Approval) -> bool:
    """Whether a change of account data is what was asked for, of a customer who is as they were then."""
    customer = stand.snapshot.customer
    same = customer is not None and row.planned.get("customer") == customer.version
    return same and not account.acts_for_another(stand.snapshot) and as_proposed(session, row, stand.snapshot)
