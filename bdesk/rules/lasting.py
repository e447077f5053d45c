"""How long level 3 lasts for what cannot be called back: a release, a change of account data (decision 37).

A level is a fact about one contact. What rests on it later rests on who was on the line then, so it is asked
how long ago that was; and whether the request that it carried is still under way.
"""

from datetime import datetime, timedelta
from typing import Final

from bdesk.models.kinds import ApprovalState, VerificationLevel
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules import documents
from bdesk.rules.cases import cycle_start
from bdesk.rules.verification import proven, reached_at_all

HOLDS: Final = timedelta(hours=48)
"""From the proof to the request: the rest of today, and tomorrow for papers and the next shift."""

LAPSES: Final = timedelta(hours=24)
"""From the request to its end, as long as an approval may wait (B0.7)."""


def level_since(snapshot: Snapshot, since: datetime) -> VerificationLevel:
    """The highest level of this cycle whose newest part was proven since an instant.

    Documents come by a form, days after the call that asked for them, so what counts is when somebody passed
    them; a code is worth the call it was sent in.
    """
    level = proven(snapshot, max(since, cycle_start(snapshot)))
    if level in (VerificationLevel.V3, VerificationLevel.V3P) or documents.accepted(snapshot) is None:
        return level
    passed = (
        one.decided_at
        for one in snapshot.approvals
        if one.action == documents.ACTION and one.state is ApprovalState.APPROVED
    )
    fresh = any(at is not None and at >= since for at in passed)
    known = reached_at_all(snapshot)
    return VerificationLevel.V3P if fresh and known is VerificationLevel.V3P else level
