"""When a clock turns DUE, NOW and over, and when it rings (UX, SLA states; SLA.md, "warnings")."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bdesk.models.clock_kinds import Counting, Drives, SlaState
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import Due, Pause, back, count
from bdesk.rules.clock.kind import (
    DAYS_DUE,
    DAYS_NOW,
    HOURS_DUE,
    HOURS_NOW,
    AfterDay,
    AfterElapsed,
    ClockKind,
    LastOpenTime,
    LeftAtMost,
    Length,
    OnLastDay,
    Target,
    Threshold,
)
from bdesk.rules.clock.reading import Reading


class Mark(NamedTuple):
    """A threshold, the instant at which it is reached, and when to ring for it.

    `ring_at` lies in the calendar's open hours; None when nothing is to ring: the clock is a fact, or
    there is no open time left in which a warning could come before the due time.
    """

    state: SlaState
    at: datetime
    ring_at: datetime | None


def turning_points(
    kind: ClockKind, calendar: Calendar, start: datetime, due: Due, pauses: Sequence[Pause], target: Target
) -> tuple[datetime, datetime]:
    """The instants at which DUE and NOW begin; never before the start, never after the due time."""
    points = []
    for rule in rules_of(kind, target):
        at = _reached(rule, calendar, start, due, pauses, target)
        points.append(min(max(at, start), due.due_at))
    return points[0], points[1]


def rules_of(kind: ClockKind, target: Target) -> tuple[Threshold, Threshold]:
    """The kind's two rules; a setting that changes the way of counting brings that way's rules."""
    days = target.day is not None or (target.instant is None and target.length.counting.in_days)
    if days is kind.counting.in_days:
        return kind.due_rule, kind.now_rule
    return (DAYS_DUE, DAYS_NOW) if days else (HOURS_DUE, HOURS_NOW)


def _reached(
    rule: Threshold, calendar: Calendar, start: datetime, due: Due, pauses: Sequence[Pause], target: Target
) -> datetime:
    match rule:
        case LeftAtMost():
            given = target.instant is not None or target.day is not None
            length = due.due_at - start if given else timedelta(seconds=target.length.amount)
            by_hours = not given and target.length.counting is Counting.WORKING_HOURS
            return back(due.due_at, rule.lead(length), pauses, calendar if by_hours else None)
        case OnLastDay():
            return calendar.midnight(calendar.last_day(due.due_at))
        case LastOpenTime():
            return _last_open(calendar, due.due_at, timedelta(minutes=rule.minutes))
        case AfterDay():
            part = Length(target.length.counting, rule.days, target.length.unit, target.length.calendar)
            return count(Target(part), calendar, start, pauses).due_at
        case AfterElapsed():
            return count(Target(target.length, instant=start + rule.elapsed), calendar, start, pauses).due_at


def _last_open(calendar: Calendar, due_at: datetime, lead: timedelta) -> datetime:
    left = lead
    for begin, end in reversed(calendar.open_on(calendar.last_day(due_at))):
        end = min(end, due_at)
        if end - begin >= left:
            return end - left
        left -= max(end - begin, timedelta(0))
    # A last day that is not open, or hardly: count back on the wall.
    return due_at - lead


def thresholds(reading: Reading, kind: ClockKind, calendar: Calendar) -> tuple[Mark, ...]:
    """DUE, NOW and the breach of a clock, in this order.

    A warning outside open hours rings at the next opening; where that would be too late, as long before
    the last closing as it should have come before the due time. A breach rings at the next opening.
    """
    warn = [
        Mark(state, at, _warning(kind, calendar, reading, at))
        for state, at in ((SlaState.DUE, reading.due_from), (SlaState.NOW, reading.now_from))
    ]
    rings = kind.drives is Drives.DESK and not reading.inherits_breach
    over = Mark(SlaState.OVER, reading.due_at, calendar.next_open(reading.due_at) if rings else None)
    return (*warn, over)


def _warning(kind: ClockKind, calendar: Calendar, reading: Reading, at: datetime) -> datetime | None:
    if kind.drives is not Drives.DESK or reading.inherits_breach:
        return None
    opening = calendar.next_open(at)
    if opening < reading.due_at:
        return opening
    begin, end = next(calendar.open_before(at))
    early = max(end - (reading.due_at - at), begin, reading.start_at)
    return early if early < end else None
