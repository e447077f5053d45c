"""What other acts mean for clocks: reopening, an extension, an answer that is owed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bdesk.models.clock_kinds import Drives, PauseReason, RunState
from bdesk.models.views.journal import Event
from bdesk.rules.clock import known
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import Due, count
from bdesk.rules.clock.kind import ClockKind, Length, Target, target_of
from bdesk.rules.clock.reading import Reading

MOST_EXTENSIONS = 2
"""The first by the owner, the second by a supervisor (SLA.md, "extension")."""


def again(opens: Iterable[str], kinds: Mapping[str, ClockKind]) -> tuple[str, ...]:
    """Of the clocks that a case opens with, those that a reopened one gets anew: desk clocks, and no first
    response a second time (SLA.md, "reopen within the window")."""
    return tuple(code for code in opens if kinds[code].drives is Drives.DESK and kinds[code].rearm)


def why_not_extended(reading: Reading, kind: ClockKind, now: datetime) -> str:
    """Why a clock gets no other due time from anybody, as a code; "" when somebody may give it one."""
    if kind.extension is None:
        return "clock.never_extended"
    if reading.breached_at is not None or now > reading.due_at:
        return "clock.extend_late"
    return "clock.extended_twice" if len(reading.moves) >= MOST_EXTENSIONS else ""


def next_due(reading: Reading, kind: ClockKind, calendar: Calendar) -> Due | None:
    """The date that one extension of the kind's own length gives; None when the kind has none."""
    return further(reading.due_at, kind, calendar, reading.params)


def further(
    due_at: datetime, kind: ClockKind, calendar: Calendar, params: Mapping[str, object] | None = None
) -> Due | None:
    """The date that one extension gives a clock due then; None when the kind has none."""
    if kind.extension is None:
        return None
    base = target_of(kind, params).length
    more = Target(Length(base.counting, kind.extension, base.unit, base.calendar))
    start = due_at
    if base.counting.in_days:
        # The extension's day 0 is the last day so far, which ends at the due time.
        start = calendar.midnight(calendar.last_day(due_at))
    return count(more, calendar, start)


def oldest_unanswered(events: Iterable[Event], is_answer: Callable[[Event], bool]) -> datetime | None:
    """From when the next response is owed: the oldest customer message that nobody has answered.

    Who answers, answers what had come by then and was on the record: a message that is recorded later than an
    answer was read by nobody who gave it, however early it came (SLA.md, "late facts"). None before the first
    answer, since that is the first response's (SLA.md, "next response"). `is_answer` tells with which events
    a person answers, an audited "no reply needed" among them.
    """
    journal = known.in_force(sorted(events, key=lambda event: event.id))
    waiting: list[Event] = []
    answered = False
    for event in journal:
        if is_answer(event):
            answered = True
            waiting = [one for one in waiting if one.occurred_at > event.occurred_at]
        elif known.is_message(event):
            waiting.append(event)
    return min((one.occurred_at for one in waiting), default=None) if answered else None


@dataclass(frozen=True, slots=True)
class Stop:
    """What stopping the clock for a reason would do: the clocks that stand then and when each runs on by
    itself at the latest; `why` is the code of a refusal when there is none."""

    clocks: tuple[tuple[str, datetime], ...]
    why: str = ""


def stop_for(
    reasons: Collection[PauseReason],
    readings: Sequence[Reading],
    kinds: Mapping[str, ClockKind],
    now: datetime,
) -> Stop:
    """Which running desk clocks may be stopped for one of `reasons`, the earliest due first (SLA.md, "what
    pauses").

    Refused: "clock.stopped_already" where all that may stand do; "clock.cap_used" where those that run have
    used up their stops in all; "clock.never_stops" where none may be stopped for this.
    """
    desk = [one for one in readings if one.drives is Drives.DESK and one.live]
    fitting = [one for one in desk if not kinds[one.kind].pauses.isdisjoint(reasons)]
    running = sorted((one for one in fitting if one.run is RunState.RUNNING), key=lambda one: one.due_at)
    left = [(one.kind, now + cap_left(one, kinds[one.kind])) for one in running]
    open_ones = tuple((kind, until) for kind, until in left if until > now)
    if open_ones:
        return Stop(open_ones)
    if running:
        return Stop((), "clock.cap_used")
    return Stop((), "clock.stopped_already" if fitting else "clock.never_stops")


def used_up(
    reasons: Collection[PauseReason],
    readings: Sequence[Reading],
    kinds: Mapping[str, ClockKind],
) -> tuple[Reading, ...]:
    """The running desk clocks that might stop for one of `reasons`, had they not stood as long as their kind
    allows in all: they run on."""
    return tuple(
        one
        for one in readings
        if one.drives is Drives.DESK
        and one.live
        and one.run is RunState.RUNNING
        and not kinds[one.kind].pauses.isdisjoint(reasons)
        and not cap_left(one, kinds[one.kind])
    )


def cap_left(reading: Reading, kind: ClockKind) -> timedelta:
    """How much longer a clock may stand stopped in all."""
    used = sum((pause.until - pause.since for pause in reading.pauses), timedelta(0))
    return max((kind.pause_cap or timedelta(0)) - used, timedelta(0))
