"""Which case is next, and why: SLA.md, "take-next order", as policy data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bdesk.models.clock_kinds import Drives, RunState
from bdesk.rules.clock.reading import Reading

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NextRule:
    """One class of cases. A clock fits when it is as hard as asked, and past due or due `within`.

    With `priority` the case itself fits, whatever its clocks.
    """

    code: str
    priority: int | None = None
    hard: bool | None = None
    past_due: bool = False
    within: timedelta | None = None

    def fits(self, priority: int, reading: Reading, now: datetime) -> bool:
        if self.priority is not None:
            return priority <= self.priority
        if self.hard is not None and reading.hard is not self.hard:
            return False
        if self.past_due:
            return now > reading.due_at
        return self.within is None or now <= reading.due_at <= now + self.within


DEFAULT_ORDER: tuple[NextRule, ...] = (
    NextRule("priority", priority=1),
    NextRule("hard_breached", hard=True, past_due=True),
    NextRule("hard_soon", hard=True, within=timedelta(minutes=30)),
    NextRule("target_soon", hard=False, within=timedelta(minutes=15)),
    NextRule("target_breached", hard=False, past_due=True),
    NextRule("by_due_time"),
)


class Rank(NamedTuple):
    """Sorts cases for take-next: the place of the first rule that fits, then the due time.

    `reason` is that rule's code, `clock` the kind of the clock it is about, None without one. A case
    whose clocks all stand paused comes last, as "stopped".
    """

    place: int
    due_at: datetime
    reason: str
    clock: str | None


def take_next_rank(
    priority: int, readings: Sequence[Reading], now: datetime, order: Sequence[NextRule] = DEFAULT_ORDER
) -> Rank:
    """Where a case stands among those to take. Priority 1 is the highest; only desk clocks count."""
    desk = [reading for reading in readings if reading.drives is Drives.DESK and reading.live]
    running = running_desk(readings)
    if desk and not running:
        return Rank(len(order) + 1, min(reading.due_at for reading in desk), "stopped", None)
    for place, rule in enumerate(order):
        if not running and rule.priority is not None and priority <= rule.priority:
            return Rank(place, NEVER, rule.code, None)
        for reading in running:
            if rule.fits(priority, reading, now):
                return Rank(place, reading.due_at, rule.code, reading.kind)
    first = running[0] if running else None
    return Rank(len(order), first.due_at if first else NEVER, "no_clock", first.kind if first else None)


def running_desk(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The desk clocks that run, the earliest due first."""
    running = (one for one in readings if one.drives is Drives.DESK and one.run is RunState.RUNNING)
    return tuple(sorted(running, key=lambda one: (one.due_at, one.event_id)))


def leading(readings: Sequence[Reading]) -> Reading | None:
    """The clock a case is sorted by: the earliest running desk clock, else the earliest paused one."""
    desk = [reading for reading in readings if reading.drives is Drives.DESK and reading.live]
    return min(desk, key=lambda r: (r.run is not RunState.RUNNING, r.due_at, r.event_id), default=None)
