"""What other acts mean for clocks: reopening, an extension, an answer that is owed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bdesk.models.clock_kinds import Drives
from bdesk.models.views.journal import Event
from bdesk.rules.clock import known
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import Due, count
from bdesk.rules.clock.kind import ClockKind, Length, Target, target_of
from bdesk.rules.clock.reading import Reading


def again(opens: Iterable[str], kinds: Mapping[str, ClockKind]) -> tuple[str, ...]:
    """Of the clocks that a case opens with, those that a reopened one gets anew: desk clocks, and no first
    response a second time (SLA.md, "reopen within the window")."""
    return tuple(code for code in opens if kinds[code].drives is Drives.DESK and kinds[code].rearm)


def next_due(reading: Reading, kind: ClockKind, calendar: Calendar) -> Due | None:
    """The date that one extension of the kind's own length gives; None when the kind has none."""
    if kind.extension is None:
        return None
    base = target_of(kind, reading.params).length
    more = Target(Length(base.counting, kind.extension, base.unit, base.calendar))
    start = reading.due_at
    if base.counting.in_days:
        # The extension's day 0 is the last day so far, which ends at the due time.
        start = calendar.midnight(calendar.last_day(reading.due_at))
    return count(more, calendar, start)


def oldest_unanswered(events: Iterable[Event], answers: frozenset[str]) -> datetime | None:
    """From when the next response is owed: the oldest customer message since the last answer, by occurrence.

    None before the first answer, since that is the first response's (SLA.md, "next response"). `answers`
    are the kinds of event with which a person answers, or an audited "no reply needed".
    """
    journal = known.in_force(sorted(events, key=lambda event: event.id))
    answered = [event.occurred_at for event in journal if event.kind in answers and event.actor != "system"]
    if not answered:
        return None
    waiting = [e.occurred_at for e in journal if known.is_customer(e) and e.occurred_at > max(answered)]
    return min(waiting, default=None)
