"""What other acts mean for clocks: answers, reopening, a change of priority or kind, a merge.

Each function says which clock events belong to the act; an operation appends them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bdesk.models.clock_kinds import Drives, EndReason, PauseReason
from bdesk.models.views.journal import Event
from bdesk.rules.clock import known
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import Due, count
from bdesk.rules.clock.kind import ClockKind, Length, Target, target_of
from bdesk.rules.clock.reading import Reading


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be appended."""

    kind: str
    payload: Mapping[str, object]


def may_pause(kind: ClockKind, reason: str) -> bool:
    """Whether this reason may stop a clock of this kind; `fold` ignores a stop that may not."""
    return reason in kind.pauses


def pausable(
    reason: PauseReason, readings: Sequence[Reading], kinds: Mapping[str, ClockKind]
) -> tuple[str, ...]:
    """The live clocks that a stop for this reason would reach."""
    return tuple(r.kind for r in readings if r.live and may_pause(kinds[r.kind], reason))


def replaced(
    old: Reading, by: ClockKind, policy: str, calendar: str, params: Mapping[str, object] | None = None
) -> tuple[Draft, ...]:
    """Priority, kind or policy changed: a new clock with the original start; pauses are replayed by `fold`.

    Both events belong into one transaction: apart, the new clock would for a while have no pauses.
    """
    attached: dict[str, object] = {
        "clock": by.code,
        "cycle": old.cycle,
        "start_at": old.start_at.isoformat(),
        "policy": policy,
        "calendar": calendar,
        "params": dict(old.params if params is None else params),
    }
    gone = {"clock": old.kind, "cycle": old.cycle, "number": old.number, "by": by.code}
    return Draft(known.ATTACHED, attached), Draft(known.SUPERSEDED, gone)


def merged(
    source: Sequence[Reading], target: Sequence[Reading]
) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """A merge: what to append to the source and to the target.

    The source's clocks are cancelled (merged). Where both run a clock of one kind, the target's begins
    at the earlier start; what only the source ran goes over as it was.
    """
    gone: list[Draft] = []
    kept: list[Draft] = []
    for old in source:
        if not old.live:
            continue
        gone.append(Draft(known.CANCELLED, {**_named(old), "reason": EndReason.MERGED.value}))
        twin = next((r for r in target if r.live and r.kind == old.kind), None)
        if twin is None and old.drives is Drives.DESK:
            kept.append(Draft(known.ATTACHED, _begun(old, old)))
        elif twin is not None and old.start_at < twin.start_at:
            kept.append(Draft(known.ATTACHED, _begun(twin, old)))
            kept.append(Draft(known.SUPERSEDED, {**_named(twin), "by": twin.kind}))
    return tuple(gone), tuple(kept)


def _named(reading: Reading) -> dict[str, object]:
    return {"clock": reading.kind, "cycle": reading.cycle, "number": reading.number}


def _begun(like: Reading, since: Reading) -> dict[str, object]:
    return {
        "clock": like.kind,
        "start_at": since.start_at.isoformat(),
        "policy": like.policy,
        "calendar": like.calendar,
        "params": dict(like.params),
    }


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
