"""The invented world: whom it holds, and the handles by which its parts find one another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from bdesk.clock import LOCAL
from bdesk.models.tables import Customer, NumberSeries
from bdesk.training.draw import Draw
from bdesk.training.rows import Row, Rows

T = TypeVar("T")

HOURS: dict[int, float] = {
    8: 2,
    9: 8,
    10: 11,
    11: 9,
    12: 5,
    13: 5,
    14: 9,
    15: 9,
    16: 8,
    17: 6,
    18: 5,
    19: 7,
    20: 8,
    21: 5,
    22: 2,
    23: 1,
}
"""When customers do things (training.md D4), by local hour."""


@dataclass(slots=True)
class Deal:
    """An order with all that hangs on it. `shape` says in what situation it is (see `shop.SHAPES`)."""

    shape: str
    customer: Row
    order: Row
    items: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    parcels: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    tx: Row | None = None
    used: int = 0


@dataclass(slots=True)
class World:
    """Everything made so far. Numbers are given out here, so that no two series clash.

    `whole`: the shares of training.md D4 and the edge cases of D6 are wanted in full.
    """

    seed: int
    now: datetime
    whole: bool = False
    rows: Rows = field(default_factory=Rows)
    staff: dict[str, Row] = field(default_factory=dict)
    groups: dict[str, Row] = field(default_factory=dict)
    customers: list[Row] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    wallets: dict[int, Row] = field(default_factory=dict)
    frozen: list[Row] = field(default_factory=list)
    transfers: list[Row] = field(default_factory=list)
    order_nos: set[str] = field(default_factory=set)
    order_tails: list[str] = field(default_factory=list)
    phone_tails: list[str] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)
    waybills: set[str] = field(default_factory=set)
    series: dict[tuple[str, str], int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    """Customers whom an edge case needs as they are."""
    walked: set[int] = field(default_factory=set)
    """Cases that are worked by operations once they are written (`walks`)."""
    counts: dict[str, dict[Any, int]] = field(default_factory=dict)

    def customer(self, number: int) -> Row:
        """A customer by its row number."""
        return self.rows.of(Customer)[number - 1]

    def draw(self, topic: str) -> Draw:
        return Draw(self.seed, topic)

    def dealt(self, topic: str, weights: Mapping[T, float]) -> T:
        """The next value of `topic` so that the shares are kept: each value once, in drawn order, then
        whichever is furthest behind its share. What is drawn by weight may miss a rare value; this does not.
        """
        names = tuple(weights)
        counts: dict[T, int] = self.counts.setdefault(topic, {})
        done, total = sum(counts.values()), sum(weights.values())
        missing = [name for name in self.draw(f"dealt/{topic}").shuffled(names) if name not in counts]
        behind = max(names, key=lambda one: weights[one] * (done + 1) / total - counts.get(one, 0))
        value = missing[0] if missing else behind
        self.there(topic, value)
        return value

    def there(self, topic: str, value: object) -> None:
        """Count a value of `topic` that came about without being dealt."""
        counts = self.counts.setdefault(topic, {})
        counts[value] = counts.get(value, 0) + 1

    def number(self, prefix: str, at: datetime, width: int) -> str:
        """The next number of a series on the local day of `at` (training.md D8)."""
        day = local_day(at)
        last = self.series.get((prefix, day), 0) + 1
        self.series[prefix, day] = last
        return f"{prefix}{day}{last:0{width}d}"

    def keep_series(self) -> None:
        """Write down how far every series got, so that the desk goes on from there."""
        for (prefix, day), last in sorted(self.series.items()):
            self.rows.add(NumberSeries, prefix=prefix, day=day, last=last)

    def reserve(self, order_tails: Iterable[str], phone_tails: Iterable[str]) -> None:
        """Shuffle the pools of tails, without those that a scenario needs for itself."""
        draw = self.draw("tails")
        every = [f"{number:04d}" for number in range(10_000)]
        taken = set(order_tails)
        self.order_tails = [tail for tail in draw.shuffled(every) if tail not in taken]
        taken = set(phone_tails)
        self.phone_tails = [tail for tail in draw.shuffled(every) if tail not in taken]


def local_day(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%Y%m%d")


def local_date(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def at_local(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), LOCAL).astimezone(UTC)


def busy_moment(draw: Draw, now: datetime, days_ago: int) -> datetime:
    """A time of day at which people shop or call, `days_ago` local days back, never after `now`."""
    day = local_date(now) - timedelta(days=days_ago)
    moment = at_local(day, draw.weighted(HOURS), draw.between(0, 59), draw.between(0, 59))
    return min(moment, now - timedelta(minutes=draw.between(15, 90)))


def columns(row: Row, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
