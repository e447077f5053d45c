"""Whose own matter a case is, and who has had a hand in one and so is no second person for it, whatever
session it was in (B0.7).
"""

from sqlmodel import Session, select

from bdesk.data.journal import events, voided
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Factor, Stream
from bdesk.models.tables import Case, StepAnswer
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context

PAPERS = frozenset({"customer.evidence", "evidence.judged"})
"""Who brought the papers, or said that they are clear, does not decide on them."""

_CHECKED = "verification.checked"
_PROVEN_ELSEWHERE = frozenset({Factor.ONE_TIME_CODE.value, Factor.DOCUMENT.value})
"""What the system says of a code; what a second person says of documents, which is a check like the decision
itself (decision 26)."""


def is_own_matter(actor: ActorView, case: Case) -> bool:
    """Whether the case is this person's own, or a relative's."""
    return case.customer_id is not None and (
        case.customer_id == actor.customer_id or case.customer_id in actor.relatives
    )


def must_not_be_own(ctx: Context, case: Case) -> None:
    """Raises NotAllowed("limits.own_matter") on a case that is the acting person's own."""
    if is_own_matter(ctx.actor, case):
        raise NotAllowed("limits.own_matter")


def must_be_apart(session: Session, case_id: int, number: str) -> None:
    """Raises NotAllowed("approval.own") for whoever questioned or verified the customer, noted anything, or
    brought or judged papers, in any cycle of the case: what was found then is what is decided on now."""
    answered = select(StepAnswer.id).where(StepAnswer.case_id == case_id, StepAnswer.by == number)
    if session.scalars(answered).first() is not None:
        raise NotAllowed("approval.own")
    stream = events(session, Stream.CASE, case_id)
    gone = voided(stream)
    if any(one.actor == number and one.id not in gone and _is_hand(one) for one in stream):
        raise NotAllowed("approval.own")


def _is_hand(event: Event) -> bool:
    if event.kind == _CHECKED:
        factors = event.payload.get("factors")
        return not isinstance(factors, list) or not _PROVEN_ELSEWHERE.issuperset(factors)
    return event.kind in PAPERS or event.kind.startswith("verification.")
