"""Working days and open hours: frozen tables that a clock is counted on.

Data come from `bdesk.data.book.clocks`; nothing is read here. Source: SLA.md, "Ways to count".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bdesk.errors import BadInput, DeskError

DAY_MINUTES = 24 * 60
HORIZON_DAYS = 3660
"""How far a count may look for open time; beyond it the calendar is taken to be shut."""

Hours = tuple[tuple[int, int], ...]
"""Half-open stretches of a local day, in minutes from its midnight: ((540, 720), (780, 1080))."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A date's place in the working year. `name` is its holiday's code, or that of the one it makes up for.

    `provisional`: the year is not published yet, so this is weekends and fixed statutory days only.
    """

    working: bool
    name: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The dates that differ from Monday to Friday, from `since` to `until` (published), both included.

    `extra` is the override file: it rules over the table, and over years that are not published.
    `fixed` are statutory days by (month, day), used where nothing is published.
    """

    since: date
    until: date
    table: Mapping[date, Day] = field(default_factory=dict)
    extra: Mapping[date, Day] = field(default_factory=dict)
    fixed: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def day(self, when: date) -> Day:
        """Whether `when` is a working day; never raises, whatever the year."""
        known = self.extra.get(when) or self.table.get(when)
        if known is not None:
            return known
        weekday = when.weekday() < 5
        if self.since <= when <= self.until:
            return Day(weekday)
        name = self.fixed.get((when.month, when.day))
        return Day(weekday and name is None, name, provisional=True)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Open hours by weekday (Monday first), dated overrides and the working-day table, in one zone.

    With `follows_working_days` a holiday is shut and a make-up day (调休) has its weekday's hours, or
    Monday's where that weekday has none. `closed` is taken away from a date's hours, then `opened` is
    added. Raises BadInput("calendar.never_open") for a calendar without any weekly open time, and
    BadInput("calendar.bad_hours") for stretches that overlap, run backwards or leave the day.
    """

    code: str
    version: str
    zone: str
    weekly: tuple[Hours, ...]
    working_days: WorkingDays
    follows_working_days: bool = False
    closed: Mapping[date, Hours] = field(default_factory=dict)
    opened: Mapping[date, Hours] = field(default_factory=dict)
    notes: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for hours in (*self.weekly, *self.closed.values(), *self.opened.values()):
            edge = 0
            for start, end in hours:
                if not edge <= start < end <= DAY_MINUTES:
                    raise BadInput("calendar.bad_hours", calendar=self.code)
                edge = end
        if len(self.weekly) != 7 or not any(self.weekly):
            raise BadInput("calendar.never_open", calendar=self.code)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def published_until(self) -> date:
        return self.working_days.until

    def is_working(self, when: date) -> Day:
        """The date's working day, with the holiday's name and whether its year is provisional."""
        return self.working_days.day(when)

    def date_of(self, instant: datetime) -> date:
        """The local date in which an instant falls."""
        return instant.astimezone(self.tz).date()

    def last_day(self, due_at: datetime) -> date:
        """The local date that ends at or contains a due time: midnight belongs to the day before."""
        return self.date_of(due_at - timedelta(microseconds=1))

    def midnight(self, when: date) -> datetime:
        """The instant at which the local date begins, in UTC."""
        return datetime.combine(when, time(), self.tz).astimezone(UTC)

    def end_of(self, when: date) -> datetime:
        """24:00 of the local date, that is the next midnight, in UTC."""
        return self.midnight(when + _DAY)

    def hours(self, when: date) -> Hours:
        """The open stretches of a date, in minutes from its midnight."""
        base = self.weekly[when.weekday()]
        if self.follows_working_days:
            base = (base or self._makeup) if self.is_working(when).working else ()
        shut = self.closed.get(when)
        if shut is not None:
            base = _without(base, shut)
        more = self.opened.get(when)
        return base if more is None else _joined(base, more)

    def open_on(self, when: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open stretches of a date as instants, half open, in UTC."""
        return tuple((self._at(when, start), self._at(when, end)) for start, end in self.hours(when))

    def open_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches that end after `instant`, earliest first, the first one cut to begin there.

        Raises DeskError("calendar.no_open_time") after ten years without one.
        """
        when = self.date_of(instant)
        dry = 0
        while dry <= HORIZON_DAYS:
            dry += 1
            for start, end in self.open_on(when):
                if end > instant:
                    yield max(start, instant), end
                    dry = 0
            when += _DAY
        raise DeskError("calendar.no_open_time", calendar=self.code, since=instant)

    def open_before(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches that begin before `instant`, latest first, the first one cut to end there.

        Raises DeskError("calendar.no_open_time") after ten years without one.
        """
        when = self.date_of(instant)
        dry = 0
        while dry <= HORIZON_DAYS:
            dry += 1
            for start, end in reversed(self.open_on(when)):
                if start < instant:
                    yield start, min(end, instant)
                    dry = 0
            when -= _DAY
        raise DeskError("calendar.no_open_time", calendar=self.code, since=instant)

    def is_open(self, instant: datetime) -> bool:
        return any(start <= instant < end for start, end in self.open_on(self.date_of(instant)))

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself if it is in open time, else the next opening."""
        return next(self.open_from(instant))[0]

    @property
    def _makeup(self) -> Hours:
        return next(hours for hours in self.weekly if hours)

    def _at(self, when: date, minute: int) -> datetime:
        if minute == DAY_MINUTES:
            return self.end_of(when)
        return datetime.combine(when, time(minute // 60, minute % 60), self.tz).astimezone(UTC)


def _joined(base: Hours, more: Hours) -> Hours:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((*base, *more)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _without(base: Hours, shut: Hours) -> Hours:
    left = base
    for off, on in shut:
        parts = [part for start, end in left for part in ((start, min(end, off)), (max(start, on), end))]
        left = tuple((start, end) for start, end in parts if start < end)
    return left


def unpublished_year(calendar: Calendar, today: date) -> int | None:
    """The year whose working days should be known by `today` and are not: next year's from 1 November on."""
    wanted = today.year + (today.month >= 11)
    return wanted if calendar.published_until < date(wanted, 12, 31) else None
