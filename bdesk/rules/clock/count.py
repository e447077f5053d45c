"""Counting: from a start, a length and pauses to a due time, with every stretch of the way.

Nothing here knows events. Pauses are half open, in order, and do not overlap. Source: SLA.md, "Ways to
count"; 民法典 201 and 203 for days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bdesk.errors import BadInput
from bdesk.models.clock_kinds import Counting, PauseReason, ResumeReason, SegmentKind
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.kind import ClockKind, Target, reasonable, target_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """One stop, `since` to `until` (half open): why, for whom, and what ended it or at the latest will.

    `resume_at` is what was asked for; `until` may be earlier (the customer came, the cap was reached).
    """

    since: datetime
    until: datetime
    reason: PauseReason
    who: str
    resume_at: datetime | None
    ended_by: ResumeReason
    event_id: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch from a clock's start to its due time, half open.

    `counted` is what it adds to the length: days for clocks counted in days, else seconds. `name` is
    the holiday's code, `reason` that of the pause. Counted amounts add up to the length.
    """

    kind: SegmentKind
    start: datetime
    end: datetime
    counted: int = 0
    name: str | None = None
    reason: PauseReason | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock is due, and how that comes. `provisional`: it touches a year not yet published (暂定)."""

    due_at: datetime
    segments: tuple[Segment, ...]
    provisional: bool


def due(
    kind: ClockKind, calendar: Calendar, start_at: datetime, params: Mapping[str, object] | None = None
) -> Due:
    """The due time of a clock that starts now and is never paused.

    `calendar` is the one `target_of(kind, params).length.calendar` names. Raises BadInput for a setting
    the kind does not have, and "clock.bad_start" for a start that is naive or out of all reason.
    """
    start = reasonable(start_at)
    if start is None:
        raise BadInput("clock.bad_start", start=str(start_at))
    return count(target_of(kind, params), calendar, start)


def count(target: Target, calendar: Calendar, start: datetime, pauses: Sequence[Pause] = ()) -> Due:
    """The due time of a target counted from `start` around `pauses`."""
    if target.instant is not None or target.day is not None:
        given = target.instant or calendar.end_of(target.day or date.max)
        return _given(given, calendar, start, pauses)
    amount = target.length.amount
    match target.length.counting:
        case Counting.HOURS:
            return Due(*_wall(timedelta(seconds=amount), start, pauses), provisional=False)
        case Counting.WORKING_HOURS:
            return _open(timedelta(seconds=amount), calendar, start, pauses)
        case Counting.WORKING_DAYS:
            return _days(amount, calendar, start, pauses, working=True)
        case Counting.CALENDAR_DAYS:
            return _days(amount, calendar, start, pauses, working=False)


def extended(first: Due, at: datetime, due_at: datetime, pauses: Sequence[Pause]) -> Due:
    """A due time moved to the date given at `at`; stops that begin later move it on, by wall time.

    The stop that is open at `at` was known when the date was given and does not move it, but no clock
    is due while it stands still.
    """
    open_now = [p for p in pauses if p.since < at and p.until > due_at]
    begin = max((p.until for p in open_now), default=due_at)
    later = [p for p in pauses if p.since >= at]
    end = begin
    for pause in later:
        if pause.since < end:
            end += pause.until - pause.since
    more = Segment(SegmentKind.EXTENDED, first.due_at, end)
    return Due(end, (*first.segments, more), first.provisional)


def back(due_at: datetime, lead: timedelta, pauses: Sequence[Pause], calendar: Calendar | None) -> datetime:
    """The instant from which `lead` is left before `due_at`: running time, and open time with a calendar."""
    at, left = due_at, lead
    for begin, end in _running_back(due_at, pauses):
        for start, stop in _open_parts_back(begin, end, calendar):
            if stop - start >= left:
                return stop - left
            left -= stop - start
            at = start
    return at


def _running_back(due_at: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime | None, datetime]]:
    end = due_at
    for pause in reversed(pauses):
        if pause.since >= end:
            continue
        if pause.until < end:
            yield pause.until, end
        end = pause.since
    yield None, end


def _open_parts_back(
    begin: datetime | None, end: datetime, calendar: Calendar | None
) -> Iterator[tuple[datetime, datetime]]:
    if calendar is None:
        # Nothing begins before 1970; a lead is never longer than its clock.
        yield begin or end - timedelta(days=36_500), end
        return
    for start, stop in calendar.open_before(end):
        if begin is not None and stop <= begin:
            return
        yield (start if begin is None else max(start, begin)), stop
        if begin is not None and start <= begin:
            return


def _paused(pause: Pause, start: datetime, end: datetime) -> Segment:
    return Segment(SegmentKind.PAUSED, start, end, 0, None, pause.reason, pause.who)


def _seconds(span: timedelta) -> int:
    # Rounded down, so that what is left for the last stretch is never less than nothing.
    return span // timedelta(seconds=1)


def _wall(
    length: timedelta, start: datetime, pauses: Sequence[Pause]
) -> tuple[datetime, tuple[Segment, ...]]:
    segments: list[Segment] = []
    at, left, counted = start, length, _seconds(length)
    for pause in pauses:
        since = max(pause.since, at)
        if pause.until <= at:
            continue
        # A stop that begins at the due time or later moves nothing.
        if since - at >= left:
            break
        if since > at:
            segments.append(Segment(SegmentKind.RAN, at, since, _seconds(since - at)))
            counted -= segments[-1].counted
            left -= since - at
        segments.append(_paused(pause, since, pause.until))
        at = pause.until
    segments.append(Segment(SegmentKind.RAN, at, at + left, counted))
    return at + left, tuple(segments)


def _given(given: datetime, calendar: Calendar, start: datetime, pauses: Sequence[Pause]) -> Due:
    provisional = False
    if given <= start:
        return Due(given, (), provisional)
    return Due(*_wall(given - start, start, pauses), provisional)


def _open(length: timedelta, calendar: Calendar, start: datetime, pauses: Sequence[Pause]) -> Due:
    segments: list[Segment] = []
    at, left, counted = start, length, _seconds(length)
    todo = [pause for pause in pauses if pause.until > start]
    while True:
        pause = todo[0] if todo else None
        stop = None if pause is None else max(pause.since, at)
        for begin, end in calendar.open_from(at):
            if stop is not None and begin >= stop:
                break
            segments.extend(_shut(calendar, at, begin))
            end = end if stop is None else min(end, stop)
            run = min(end - begin, left)
            left -= run
            segments.append(Segment(SegmentKind.RAN, begin, begin + run, _seconds(run) if left else counted))
            counted -= segments[-1].counted
            at = begin + run
            if not left:
                return Due(at, tuple(segments), _touches_unpublished(calendar, start, at))
        if pause is None or stop is None:
            raise AssertionError("open time ended without an error")
        segments.extend(_shut(calendar, at, stop))
        segments.append(_paused(pause, stop, pause.until))
        at = pause.until
        del todo[0]


def _touches_unpublished(calendar: Calendar, start: datetime, end: datetime) -> bool:
    if not calendar.follows_working_days:
        return False
    when, last = calendar.date_of(start), calendar.last_day(end)
    while when <= last:
        if calendar.is_working(when).provisional:
            return True
        when += _DAY
    return False


def _shut(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Segment]:
    """The closed time between two instants, whole days named by what they are."""
    waiting: Segment | None = None
    at = start
    while at < end:
        when = calendar.date_of(at)
        stop = min(calendar.end_of(when), end)
        kind, name = SegmentKind.CLOSED, calendar.notes.get(when)
        if not calendar.hours(when) and calendar.follows_working_days and when not in calendar.closed:
            kind, name = _off(calendar, when)
        piece = Segment(kind, at, stop, 0, name)
        if waiting is not None and (waiting.kind, waiting.name) == (kind, name):
            waiting = replace(waiting, end=stop)
        else:
            if waiting is not None:
                yield waiting
            waiting = piece
        at = stop
    if waiting is not None:
        yield waiting


def _off(calendar: Calendar, when: date) -> tuple[SegmentKind, str | None]:
    name = calendar.is_working(when).name
    return (SegmentKind.WEEKEND if name is None else SegmentKind.HOLIDAY), name


def _days(amount: int, calendar: Calendar, start: datetime, pauses: Sequence[Pause], *, working: bool) -> Due:
    """Day 0 is the day of the start; due at 24:00 of the last counted day (民法典 201).

    A day counts when the clock runs as it ends: a stop that covers the last moment of a day takes the
    day away, one that begins at its 24:00 does not. A calendar window whose last day is no working day
    ends with the next working day (民法典 203).
    """
    when = calendar.date_of(start)
    pieces = [Segment(SegmentKind.DAY_ZERO, start, calendar.end_of(when))]
    done, provisional = 0, False
    while done < amount:
        when += _DAY
        piece, unsure = _one_day(calendar, when, pauses, working)
        done += piece.counted
        # Of a window of calendar days only the last day depends on what is published.
        provisional = provisional or (unsure and working)
        pieces.append(piece)
    if not working:
        when, grace, provisional = _last_day_moved(calendar, when, pauses)
        pieces.extend(grace)
    return Due(calendar.end_of(when), _merged(pieces), provisional)


def _one_day(calendar: Calendar, when: date, pauses: Sequence[Pause], working: bool) -> tuple[Segment, bool]:
    begin, end = calendar.midnight(when), calendar.end_of(when)
    day = calendar.is_working(when)
    if working and not day.working:
        kind, name = _off(calendar, when)
        return Segment(kind, begin, end, 0, name), day.provisional
    held = _held(pauses, end)
    if held is not None:
        return _paused(held, begin, end), day.provisional
    makeup = day.name if working and when.weekday() > 4 else None
    return Segment(SegmentKind.RAN, begin, end, 1, makeup), day.provisional


def _held(pauses: Sequence[Pause], midnight: datetime) -> Pause | None:
    return next((p for p in pauses if p.since < midnight <= p.until), None)


def _last_day_moved(
    calendar: Calendar, when: date, pauses: Sequence[Pause]
) -> tuple[date, list[Segment], bool]:
    grace: list[Segment] = []
    provisional = calendar.is_working(when).provisional
    while not calendar.is_working(when).working or _held(pauses, calendar.end_of(when)) is not None:
        name = calendar.is_working(when).name
        when += _DAY
        provisional = provisional or calendar.is_working(when).provisional
        grace.append(Segment(SegmentKind.MOVED, calendar.midnight(when), calendar.end_of(when), 0, name))
    return when, grace, provisional


def _alike(one: Segment, other: Segment) -> bool:
    return replace(one, start=other.start, end=other.end, counted=other.counted) == other


def _merged(pieces: Sequence[Segment]) -> tuple[Segment, ...]:
    merged: list[Segment] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and _alike(last, piece):
            merged[-1] = replace(last, end=piece.end, counted=last.counted + piece.counted)
        else:
            merged.append(piece)
    return tuple(merged)
