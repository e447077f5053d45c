"""How a case came in: the call it was opened from, what was answered at once, who rings again and again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bdesk.models.kinds import Channel
from bdesk.training import stages
from bdesk.training.ledger import Work
from bdesk.training.opening import asked_of
from bdesk.training.rows import Row

if TYPE_CHECKING:
    from bdesk.training.cases import Maker


def called(maker: "Maker", work: Work, agent: Row, received: datetime) -> None:
    """The call a case was opened from: taken, answered, and given back to the queue."""
    seconds = maker.draw.between(150, 620)
    call = stages.contact(work, received, seconds, agent)
    payload = {"contact": call["id"], "kind": "call", "channel": "hotline"}
    work.add("contact.inbound", payload, occurred_at=received)
    stages.claim_now(work, agent, "call")
    for move in maker.opens(asked_of(work)):
        if maker.kinds[move.kind].human_only:
            work.add("clock.fulfilled", {"clock": move.kind})
    work.act(call["ended_at"], agent["number"])
    seconds = int((call["ended_at"] - received).total_seconds())
    work.add("contact.ended", {"contact": call["id"], "seconds": seconds, "at": work.iso(call["ended_at"])})
    stages.release(work, work.at + timedelta(seconds=20))


def meet_short(maker: "Maker", work: Work, agent: Row, received: datetime) -> None:
    """What is due within hours of the receipt was done in time: recorded, assigned, answered."""
    by_phone = work.row["channel"] is Channel.HOTLINE
    for move in maker.opens(asked_of(work)):
        met = by_phone and maker.kinds[move.kind].human_only
        if maker.is_short(move) and not met:
            work.act(received + maker.length(move) / 3, agent["number"])
            work.add("clock.fulfilled", {"clock": move.kind})


def ring_often(maker: "Maker", work: Work, calls: int = 60) -> None:
    """One customer who rings again and again: a timeline that has to be paged (E49)."""
    step = (maker.world.now - work.at) / (calls + 1)
    agent = maker.agents[-1]
    for number in range(calls):
        at = (work.at + step).replace(microsecond=0)
        call = stages.contact(work, at, maker.draw.between(30, 90), agent)
        work.act(at, agent["number"])
        work.add("contact.inbound", {"contact": call["id"], "kind": "call", "channel": "hotline"})
        if number % 12 == 0:
            stages.note(work, at, "客户再次来电催问, 已告知进度")
