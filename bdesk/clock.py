"""Time comes in through a Clock, so that rules stay pure and a training store can have its own.

Every instant is an aware datetime in UTC; people see them in Asia/Shanghai (`LOCAL`).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bdesk.errors import BadInput

LOCAL = ZoneInfo("Asia/Shanghai")

# A desk that dies leaves its training store's clock open; this is how far it may run on alone.
TRAINING_GRACE = timedelta(minutes=5)

TRAINING_RATES = (0, 1, 10)


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The host's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands at `at` until it is moved."""

    at: datetime

    def __post_init__(self) -> None:
        self.at = as_utc(self.at)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        """Move the hands by `by`, backwards too."""
        self.at += by


@dataclass(frozen=True, slots=True)
class TrainingClock:
    """A training store's own time, a pure function of host time and four kept values.

    `anchor` is the store's time at host time `base`; from there it runs at `rate` (0, 1 or 10). With
    `base` None no desk is open and the clock stands at `anchor`, so that a class seeded on Friday is
    not overdue on Monday. `last_seen` is the host time at which a desk last showed a sign of life:
    the clock runs on for `TRAINING_GRACE` after it and then stands. Host time that was set back never
    takes the store behind its anchor.

    Raises BadInput for another rate or a naive instant.
    """

    anchor: datetime
    base: datetime | None = None
    rate: int = 1
    last_seen: datetime | None = None
    host: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        if self.rate not in TRAINING_RATES:
            raise BadInput("clock.rate", rate=self.rate, allowed=TRAINING_RATES)
        for instant in (self.anchor, self.base, self.last_seen):
            if instant is not None:
                as_utc(instant)

    def at(self, host_now: datetime) -> datetime:
        """The store's time when the host's is `host_now`."""
        anchor = as_utc(self.anchor)
        if self.base is None:
            return anchor
        seen_until = host_now if self.last_seen is None else min(host_now, self.last_seen + TRAINING_GRACE)
        return anchor + self.rate * max(timedelta(0), seen_until - self.base)

    def now(self) -> datetime:
        return self.at(self.host.now())


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises BadInput for a naive datetime."""
    if instant.utcoffset() is None:
        raise BadInput("time.naive", text=instant.isoformat())
    return instant.astimezone(UTC)


def midnight(day: date) -> datetime:
    """The instant at which a local day begins, in UTC; its end is that of the next."""
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def to_iso(instant: datetime) -> str:
    """ISO 8601 with an offset, in UTC: the form that is stored and printed as data."""
    return as_utc(instant).isoformat()


def to_local_iso(instant: datetime) -> str:
    """ISO 8601 with the offset of Asia/Shanghai, for data a person will read too."""
    return as_utc(instant).astimezone(LOCAL).isoformat()


def from_iso(text: str) -> datetime:
    """Read ISO 8601 with an offset; the result is in UTC. Raises BadInput for anything else."""
    try:
        instant = datetime.fromisoformat(text)
        return as_utc(instant)
    except (ValueError, OverflowError):
        raise BadInput("time.unreadable", text=text) from None
