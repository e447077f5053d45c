"""When cases came in: so that each shows the chip that is wanted of it, and never before what it is about."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bdesk.models.kinds import CaseKind
from bdesk.rules.walk.model import ClockMove
from bdesk.training import shares
from bdesk.training.fold import chip_of
from bdesk.training.opening import Asked
from bdesk.training.world import Deal, at_local, busy_moment, local_date

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

DONE = frozenset({"resolved", "closed", "merged", "withdrawn", "reopened"})
DECIDED = ("closed", "reopened")
"""Stages in which a refund has been decided on."""
_ASKED = (timedelta(hours=20), timedelta(hours=1))
"""How long before its money was given back a refund was asked for, at most and at least."""
_DONE_DAYS = (2, 20)
"""How many local days ago cases came that are done."""
_TO_WORK = timedelta(hours=6)
"""What a case that is done had at least, about something that happened only lately."""
_MINUTE = timedelta(minutes=1)
_SAID_WITHIN = timedelta(hours=1)


class Span(NamedTuple):
    """Both ends included; where it is days that count, from how many to how many local days ago."""

    first: datetime
    last: datetime
    days: tuple[int, int] | None = None


class Receipts:
    """The instants at which a matter may have come in, and which of them it was."""

    def __init__(self, maker: "Maker") -> None:
        self.maker = maker
        self._days: dict[tuple[ClockMove, ...], dict[str, list[int]]] = {}
        self._spans: dict[tuple[Asked, bool, str], tuple[Span, ...]] = {}

    def latest(self, asked: Asked, stage: str, chip: str, deal: Deal | None) -> datetime:
        """The last instant at which such a matter may have come in."""
        return max(span.last for span in self._of(asked, stage, chip, deal))

    def at(self, asked: Asked, stage: str, chip: str, deal: Deal | None, since: datetime) -> datetime:
        """When a matter came in whose words can be said `since` then; that goes before the chip."""
        now, draw = self.maker.world.now, self.maker.draw
        spans = [span for span in self._of(asked, stage, chip, deal) if span.last >= since]
        if not spans:
            last = now - _MINUTE
            return draw.moment(min(since, last), min(since + _SAID_WITHIN, last))
        span = draw.pick(spans)
        first = max(span.first, since)
        if span.days is not None:
            at = busy_moment(draw, now, draw.between(*span.days))
            if at >= first:
                return at
        if self.maker.world.whole and (chip == "fine" or stage in DONE):
            return shares.by_the_hour(draw, first, span.last)
        return draw.moment(first, span.last)

    def _of(self, asked: Asked, stage: str, chip: str, deal: Deal | None) -> tuple[Span, ...]:
        if asked.kind is CaseKind.REFUND and stage in DECIDED and deal is not None and deal.refunds:
            given: datetime = deal.refunds[0]["committed_at"]
            return (Span(given - _ASKED[0], given - _ASKED[1]),)
        key = (asked, stage in DONE, chip)
        if key not in self._spans:
            self._spans[key] = self._found(*key)
        return self._spans[key]

    def _found(self, asked: Asked, done: bool, chip: str) -> tuple[Span, ...]:
        now, lead = self.maker.world.now, self.maker.lead(asked)
        if done:
            return (Span(now - timedelta(days=_DONE_DAYS[1] + 1), now - _TO_WORK, _DONE_DAYS),)
        if lead is not None:
            length = timedelta(seconds=lead.base.amount)
            low, high = _left(chip, length)
            return (Span(now - length + low, now - length + high),)
        days = self._days_of(self.maker.left_moves(asked))
        today = local_date(now)
        found = []
        for ago in days.get(chip) or days.get("fine") or [0, 1]:
            start = at_local(today - timedelta(days=ago), 0)
            found.append(
                Span(start, min(start + timedelta(days=1) - _MINUTE, now - 15 * _MINUTE), (ago, ago))
            )
        return tuple(found)

    def _days_of(self, clocks: tuple[ClockMove, ...]) -> dict[str, list[int]]:
        """By chip, how many days ago a matter with these day clocks came in."""
        if clocks not in self._days:
            maker, now = self.maker, self.maker.world.now
            found: dict[str, list[int]] = {}
            for ago in range(9):
                received = min(now - _MINUTE, now - timedelta(days=ago))
                chip = chip_of(clocks, received, now, maker.kinds, maker.calendars)
                found.setdefault(chip, []).append(ago)
            # Three days late is a case somebody would have seen by now.
            found["over"] = found.get("over", [])[:2]
            self._days[clocks] = found
        return self._days[clocks]


def _left(chip: str, length: timedelta) -> tuple[timedelta, timedelta]:
    """How much of a clock may be left for the chip that is wanted (UX, SLA states): least, most."""
    now_at = min(max(5 * _MINUTE, length / 10), 30 * _MINUTE)
    due_at = min(max(15 * _MINUTE, length / 4), 120 * _MINUTE, length / 2)
    if chip == "over":
        return -min(length / 2, 170 * _MINUTE), -2 * _MINUTE
    if chip == "now":
        return now_at / 5, now_at - _MINUTE
    if chip == "due":
        return now_at + 2 * _MINUTE, due_at - _MINUTE
    return due_at + 5 * _MINUTE, length - 6 * _MINUTE
