"""From a case's events to its clocks: the pure function of SLA.md.

What was known decides a breach: it is judged on what the journal held when the due time passed, so a
fact recorded later may add a breach and can never take one away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bdesk.errors import BadInput
from bdesk.models.clock_kinds import EndReason, Outcome, RunState
from bdesk.models.views.journal import Event
from bdesk.rules.clock import known
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import Due, count, extended
from bdesk.rules.clock.kind import ClockKind, Target, target_of
from bdesk.rules.clock.pausing import pauses_of, stops_in_order
from bdesk.rules.clock.reading import Excuse, Reading, Stopped
from bdesk.rules.clock.thresholds import turning_points
from bdesk.rules.clock.track import KindOf, Track, kinds_by_policy, tracks_of

_CHANGE_ALL = known.VOIDING | {known.REPINNED, known.SUPERSEDED}
_LATER_HARMLESS = frozenset({known.ATTACHED, known.BREACHED, known.EXCUSED, known.REOPENED})


@dataclass(frozen=True, slots=True)
class _Counted:
    """A track counted out: its due time, the first one if its date was moved, the due time that passed."""

    due: Due
    target: Target
    first: datetime | None
    extensions: int
    passed: datetime | None


class _Book:
    """Kinds and calendars by pinned version."""

    def __init__(self, kinds: Mapping[str, ClockKind], calendars: Mapping[str, Calendar]) -> None:
        self.kind_of: KindOf = kinds_by_policy(kinds)
        self._calendars = calendars

    def calendar_of(self, track: Track, code: str) -> Calendar:
        """The calendar of this code in the pinned version, else the book's own."""
        for key in (f"{code}@{track.calendar}", code):
            found = self._calendars.get(key)
            if found is not None:
                return found
        raise BadInput("calendar.unknown", calendar=code)


def fold(
    events: Iterable[Event],
    kinds: Mapping[str, ClockKind],
    calendars: Mapping[str, Calendar],
    now: datetime,
) -> tuple[Reading, ...]:
    """The clocks of one case at `now`, in the order in which they were attached.

    Order of `events` does not matter. Kinds are found as "code@policy", then "code"; calendars as
    "code@version", then "code". A `now` before the newest event (a clock set back) counts as that
    event's time. Raises BadInput for a kind, calendar or setting the book does not have.
    """
    everything = tuple(events)
    now = max((now, *(event.recorded_at for event in everything)))
    journal = known.relevant(everything)
    book = _Book(kinds, calendars)
    breaches = _breaches(journal, book, now)
    force = known.in_force(journal)
    stops = stops_in_order(force)
    tracks = tracks_of(journal, book.kind_of)
    for track in tracks:
        track.pauses = pauses_of(track, stops)
    excuses = _excuses(force, tracks, breaches)
    return tuple(_reading(track, book, now, breaches, excuses) for track in tracks)


def _breaches(journal: Sequence[Event], book: _Book, now: datetime) -> dict[int, datetime]:
    """The breach of each clock, by the id of its attachment, as it first came to be known."""
    breaches: dict[int, datetime] = {}
    for held, until in _states_of_knowledge(journal, now):
        force = known.in_force(held)
        stops = stops_in_order(force)
        tracks = tracks_of(held, book.kind_of)
        recorded = _recorded_breaches(force, tracks)
        for track in tracks:
            if track.id in breaches:
                continue
            track.pauses = pauses_of(track, stops)
            passed = _counted(track, book, until).passed or recorded.get(track.id)
            if passed is not None:
                breaches[track.id] = passed
    return breaches


def _states_of_knowledge(
    journal: Sequence[Event], now: datetime
) -> Iterator[tuple[Sequence[Event], datetime]]:
    """What the journal held, and until when nothing more came that could change the past.

    Events recorded as they occur cannot: only before a late one, an undo, a new calendar or a
    replacement that takes over stops must the clocks be read as they stood.
    """
    for index, event in enumerate(journal):
        before = journal[index - 1].recorded_at if index else event.recorded_at
        # Events of one transaction are known together.
        if event.recorded_at > before and _changes_the_past(journal, index):
            yield journal[:index], event.recorded_at
    yield journal, now


def _changes_the_past(journal: Sequence[Event], index: int) -> bool:
    recorded_at = journal[index].recorded_at
    for event in islice(journal, index, None):
        if event.recorded_at > recorded_at:
            return False
        late = event.occurred_at < recorded_at and event.kind not in _LATER_HARMLESS
        if late or event.kind in _CHANGE_ALL:
            return True
    return False


def _recorded_breaches(force: Sequence[Event], tracks: Sequence[Track]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for event in force:
        at = known.instant(event, "at")
        if event.kind != known.BREACHED or at is None:
            continue
        track = _spoken_of(event, tracks)
        if track is not None:
            found.setdefault(track.id, at)
    return found


def _spoken_of(event: Event, tracks: Sequence[Track]) -> Track | None:
    """The clock that a recorded breach or an excuse names: by number and cycle, else the newest one."""
    code = known.text(event, "clock")
    number, cycle = known.number(event, "number"), known.number(event, "cycle")
    same = [
        track
        for track in tracks
        if track.kind.code == code
        and track.id < event.id
        and number in (None, track.number)
        and cycle in (None, track.cycle)
    ]
    return same[-1] if same else None


def _excuses(
    force: Sequence[Event], tracks: Sequence[Track], breaches: Mapping[int, datetime]
) -> dict[int, Excuse]:
    """The excuses of late clocks, by the ids of their attachments. A clock has the breaches of those it
    replaced (SLA.md, "one breach"): it is excused with all of them, and they with it."""
    late = [track for track in tracks if track.id in breaches]
    excuses: dict[int, Excuse] = {}
    for event in force:
        if event.kind != known.EXCUSED:
            continue
        track = _spoken_of(event, late)
        if track is not None:
            reason, text = known.text(event, "reason"), known.number(event, "text")
            excuses[track.id] = Excuse(reason, event.actor, event.occurred_at, text)
    for track in late:
        before = [old.id for old in track.ancestors if old.id in breaches]
        if track.id in excuses:
            excuses |= {one: excuses[track.id] for one in before if one not in excuses}
        elif before and all(one in excuses for one in before):
            excuses[track.id] = excuses[before[-1]]
    return excuses


def _counted(track: Track, book: _Book, until: datetime) -> _Counted:
    """Count a track; `passed` is its due time if the clock ran on beyond it before `until` or its end."""
    target = target_of(track.kind, track.params)
    calendar = book.calendar_of(track, target.length.calendar)
    limit = until if track.ended_at is None else min(until, track.ended_at)
    first: datetime | None = None
    passed: datetime | None = None
    given = 0
    due = count(target, calendar, track.start_at, track.pauses)
    for step in sorted(track.extensions, key=lambda each: each.at):
        # The date that was given replaces what would have come of the stops known by then.
        earlier = [pause for pause in track.pauses if pause.since < step.at]
        then = count(target, calendar, track.start_at, earlier) if first is None else due
        if step.at > then.due_at and passed is None:
            passed = then.due_at
        if step.due_at > then.due_at:
            first = first or then.due_at
            given += 1
            due = extended(then, step.at, step.due_at, track.pauses)
    passed = passed or due.due_at
    return _Counted(due, target, first, given, passed if passed < limit else None)


def _reading(
    track: Track,
    book: _Book,
    now: datetime,
    breaches: Mapping[int, datetime],
    excuses: Mapping[int, Excuse],
) -> Reading:
    counted = _counted(track, book, now)
    calendar = book.calendar_of(track, counted.target.length.calendar)
    breached_at = breaches.get(track.id)
    run = _run(track, now, breached_at)
    points = turning_points(track.kind, calendar, track.start_at, counted.due, track.pauses, counted.target)
    return Reading(
        event_id=track.id,
        kind=track.kind.code,
        cycle=track.cycle,
        number=track.number,
        run=run,
        outcome=_outcome(track, breached_at),
        drives=track.kind.drives,
        hard=track.kind.hard,
        start_at=track.start_at,
        due_at=counted.due.due_at,
        due_from=points[0],
        now_from=points[1],
        stopped_at=track.ended_at,
        ended=track.ended,
        breached_at=breached_at,
        paused=_stopped(track, now) if run is RunState.PAUSED else None,
        excused=excuses.get(track.id),
        provisional=counted.due.provisional,
        extended=counted.first,
        extensions=counted.extensions,
        inherits_breach=track.late is not None or any(old.id in breaches for old in track.ancestors),
        policy=track.policy,
        calendar=track.calendar,
        params=track.params,
        pauses=tuple(track.pauses),
        segments=counted.due.segments,
        moves=tuple(sorted(track.extensions, key=lambda each: each.at)),
    )


def _run(track: Track, now: datetime, breached_at: datetime | None) -> RunState:
    if track.ended is EndReason.FULFILLED:
        return RunState.STOPPED
    if track.ended is EndReason.SUPERSEDED and breached_at is not None:
        # What was met or breached stays as it was (SLA.md, "priority or kind changed").
        return RunState.STOPPED
    if track.ended is not None:
        return RunState.CANCELLED
    return RunState.PAUSED if _stopped(track, now) is not None else RunState.RUNNING


def _outcome(track: Track, breached_at: datetime | None) -> Outcome:
    if breached_at is not None:
        return Outcome.BREACHED
    return Outcome.MET if track.ended is EndReason.FULFILLED else Outcome.OPEN


def _stopped(track: Track, now: datetime) -> Stopped | None:
    for pause in track.pauses:
        if pause.since <= now < pause.until:
            return Stopped(pause.reason, pause.who, pause.since, pause.resume_at, pause.until)
    return None
