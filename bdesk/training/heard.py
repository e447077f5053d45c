"""A scenario's case that was opened from a call: the contact, and the case given back to the queue."""

from datetime import datetime, timedelta

from bdesk.training import stages
from bdesk.training.ledger import Work
from bdesk.training.rows import Row

_TALKED = 240
"""Seconds that the call took."""


def called(work: Work, agent: Row, received: datetime) -> None:
    """The call of a case that its agent opened during it. A person has answered, but nothing more."""
    call = stages.contact(work, received, _TALKED, agent)
    said = {"contact": call["id"], "kind": "call", "channel": "hotline"}
    work.add("contact.inbound", said, occurred_at=received)
    stages.claim_now(work, agent, "call")
    if any(one.payload.get("clock") == "first_response" for one in work.said):
        work.add("clock.fulfilled", {"clock": "first_response"})
    work.act(call["ended_at"], agent["number"])
    seconds = int((call["ended_at"] - received).total_seconds())
    work.add("contact.ended", {"contact": call["id"], "seconds": seconds, "at": work.iso(call["ended_at"])})
    stages.release(work, work.at + timedelta(seconds=20))
