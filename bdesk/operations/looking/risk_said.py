"""What risk was asked about the request of a case, and what they answered: read on the case, not only on the
board (B0.7)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from bdesk.data.queries import supervision as queries
from bdesk.models.kinds import Factor
from bdesk.models.views.supervision import TextSaid
from bdesk.operations.standing import Standing
from bdesk.rules.facts.progress import approval_of_cycle
from bdesk.rules.requests import NOTHING_SAID, RISK_ANSWERED, RISK_ASKED, Said, talks
from bdesk.rules.veiling import veiled


@dataclass(frozen=True, slots=True)
class RiskSaid:
    """The question, and the answer to it; None where there is none, or none yet."""

    question: TextSaid | None = None
    answer: TextSaid | None = None


def risk_said(session: Session, stand: Standing, hidden: Collection[Factor]) -> RiskSaid:
    """About the request of this cycle, without the values of hidden factors."""
    asked = approval_of_cycle(stand.snapshot)
    if asked is None:
        return RiskSaid()
    told = queries.talk_events(session, [asked.case_id], (RISK_ASKED, RISK_ANSWERED))
    talk = talks(told).get(asked.id, NOTHING_SAID)
    if talk.question is None:
        return RiskSaid()
    answer = None if talk.waits_for_risk else talk.answer
    numbers = [one.text for one in (talk.question, answer) if one is not None and one.text is not None]
    words = queries.texts(session, numbers)

    def said(one: Said | None) -> TextSaid | None:
        if one is None:
            return None
        return TextSaid(one.by, one.at, veiled(words.get(one.text or 0, ""), stand.snapshot, hidden))

    return RiskSaid(said(talk.question), said(answer))
