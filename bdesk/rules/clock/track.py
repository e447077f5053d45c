"""One clock as the events in force tell it: when it started, what ended it, who moved its date.

Pauses come after this (`bdesk.rules.clock.pausing`), because they do not decide what ends a clock.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bdesk.errors import BadInput
from bdesk.models.clock_kinds import EndReason, OnClose, PauseReason, ResumeReason
from bdesk.models.views.journal import Event
from bdesk.rules.clock import known
from bdesk.rules.clock.count import Pause
from bdesk.rules.clock.kind import ClockKind, reasonable
from bdesk.rules.clock.reading import Extension

UNTOLD: Mapping[str, EndReason] = {
    "withdrawn": EndReason.WITHDRAWN,
    "no_contact": EndReason.NO_CONTACT,
    "merged": EndReason.MERGED,
    "converted": EndReason.SUPERSEDED,
}
"""Outcomes of a closing by which nobody was told a result: what ran is cancelled, never met (SLA.md)."""

NOT_HUMAN = frozenset({"system", "receipt", "note"})
"""What fulfils no clock that only a person's answer can (SLA.md, "first response")."""


@dataclass(slots=True)
class Track:
    """One clock of a case while its events are read. `id` is that of its `clock.attached`."""

    id: int
    kind: ClockKind
    cycle: int
    number: int
    start_at: datetime
    policy: str
    calendar: str
    params: Mapping[str, object]
    late: datetime | None = None
    brought: list[Pause] = field(default_factory=list)
    ended_at: datetime | None = None
    ended: EndReason | None = None
    ancestors: list["Track"] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The kinds by which a stop may name it: its own, and those of the clocks it replaced."""
        return {self.kind.code, *(old.kind.code for old in self.ancestors)}

    def live_at(self, at: datetime) -> bool:
        return self.start_at <= at and (self.ended_at is None or at < self.ended_at)

    def end(self, at: datetime, why: EndReason) -> None:
        self.ended_at = max(at, self.start_at)
        self.ended = why


KindOf = Callable[[str, str], ClockKind]


def kinds_by_policy(kinds: Mapping[str, ClockKind]) -> KindOf:
    """Looks a kind up by code and pinned policy: "code@policy" goes before plain "code"."""

    def find(code: str, policy: str) -> ClockKind:
        kind = kinds.get(f"{code}@{policy}") or kinds.get(code)
        if kind is None:
            raise BadInput("clock.unknown", clock=code)
        return kind

    return find


def tracks_of(journal: Sequence[Event], kind_of: KindOf) -> list[Track]:
    """The clocks of a case from its events in the order of the journal, taken-back ones included.

    Acts on a clock reach only clocks attached before them in the journal; without a number they reach
    the oldest one of that kind that still lives, of their own cycle first. Raises BadInput
    ("clock.unknown", "clock.bad_event") for a journal that no desk writes.
    """
    force = known.in_force(journal)
    kept = {event.id for event in force}
    cycles = _Cycles(force)
    tracks = [track for event, track in _attached(journal, cycles, kind_of) if event.id in kept]
    # Closing comes last within its instant: the same save may fulfil, and that counts.
    for event in sorted(force, key=lambda e: (e.occurred_at, e.kind == known.CLOSED, e.id)):
        act = _ACTS.get(event.kind)
        if act is not None:
            act(event, [track for track in tracks if track.id < event.id], tracks, cycles)
    return tracks


class _Cycles:
    """The cycle a case is in as each event is recorded."""

    def __init__(self, force: Sequence[Event]) -> None:
        self._reopened: list[tuple[int, int]] = []
        cycle = 1
        for event in force:
            if event.kind == known.REOPENED:
                cycle = known.number(event, "cycle") or cycle + 1
                self._reopened.append((event.id, cycle))

    def at(self, event: Event) -> int:
        named = known.number(event, "cycle")
        if named is not None:
            return named
        return next((cycle for since, cycle in reversed(self._reopened) if since <= event.id), 1)


def _attached(journal: Sequence[Event], cycles: _Cycles, kind_of: KindOf) -> Iterator[tuple[Event, Track]]:
    counts: dict[tuple[str, int], int] = {}
    for event in journal:
        if event.kind != known.ATTACHED:
            continue
        policy, cycle = known.text(event, "policy"), cycles.at(event)
        kind = kind_of(known.text(event, "clock"), policy)
        start, params = known.instant(event, "start_at"), event.payload.get("params") or {}
        if start is None or not isinstance(params, Mapping):
            raise BadInput("clock.bad_event", event=event.id, kind=event.kind)
        # Numbers count what was taken back too, so that none is ever used twice.
        number = counts[kind.code, cycle] = counts.get((kind.code, cycle), 0) + 1
        calendar = known.text(event, "calendar")
        late = known.instant(event, "late")
        brought = list(_brought(event))
        yield event, Track(event.id, kind, cycle, number, start, policy, calendar, params, late, brought)


def _brought(event: Event) -> Iterator[Pause]:
    """The stops that a clock brings along from another case. Raises BadInput for what is none."""
    told = event.payload.get("pauses")
    for one in told if isinstance(told, Sequence) and not isinstance(told, str) else ():
        since, until = (reasonable(one.get(name)) for name in ("since", "until"))
        if since is None or until is None or one.get("reason") not in set(PauseReason):
            raise BadInput("clock.bad_event", event=event.id, kind=event.kind)
        reason, who = PauseReason(one["reason"]), str(one.get("who", ""))
        yield Pause(since, until, reason, who, until, ResumeReason.RESUME_AT, event.id)


def _aimed(event: Event, tracks: Sequence[Track], cycles: _Cycles) -> Track | None:
    """The clock an act is about: by number, else the oldest living one of the kind."""
    code, number, cycle = known.text(event, "clock"), known.number(event, "number"), cycles.at(event)
    same = [track for track in tracks if track.kind.code == code]
    if number is not None:
        same = [track for track in same if track.number == number and track.cycle == cycle]
    alive = [track for track in same if track.ended_at is None or event.occurred_at < track.ended_at]
    started = [track for track in alive if track.start_at <= event.occurred_at] or alive
    return min(started, key=lambda t: (t.cycle != cycle, t.id), default=None)


def _fulfilled(event: Event, tracks: Sequence[Track], _all: Sequence[Track], cycles: _Cycles) -> None:
    track = _aimed(event, tracks, cycles)
    if track is None:
        return
    by_machine = known.text(event, "by") in NOT_HUMAN or event.actor == "system"
    if not (track.kind.human_only and by_machine):
        track.end(event.occurred_at, EndReason.FULFILLED)


def _cancelled(event: Event, tracks: Sequence[Track], _all: Sequence[Track], cycles: _Cycles) -> None:
    track = _aimed(event, tracks, cycles)
    if track is not None:
        reason = known.text(event, "reason")
        track.end(event.occurred_at, EndReason(reason) if reason in _CANCELS else EndReason.CANCELLED)


_CANCELS = frozenset(EndReason) - {EndReason.FULFILLED}


def _superseded(event: Event, tracks: Sequence[Track], every: Sequence[Track], cycles: _Cycles) -> None:
    old = _aimed(event, tracks, cycles)
    if old is None:
        return
    old.end(event.occurred_at, EndReason.SUPERSEDED)
    by, number = known.text(event, "by") or old.kind.code, known.number(event, "by_number")
    fits = [new for new in every if new.id > old.id and new.kind.code == by and number in (None, new.number)]
    if fits:
        # A replacement keeps the original start, which tells it from another clock of its kind.
        heir = min(fits, key=lambda new: (new.start_at != old.start_at, bool(new.ancestors), new.id))
        heir.ancestors = [*heir.ancestors, *old.ancestors, old]


def _extended(event: Event, tracks: Sequence[Track], _all: Sequence[Track], cycles: _Cycles) -> None:
    track, due_at = _aimed(event, tracks, cycles), known.instant(event, "due_at")
    if track is not None and due_at is not None:
        reason, role = known.text(event, "reason"), known.text(event, "by_role")
        track.extensions.append(Extension(event.occurred_at, due_at, reason, role))


def _repinned(event: Event, tracks: Sequence[Track], _all: Sequence[Track], cycles: _Cycles) -> None:
    track = _aimed(event, tracks, cycles)
    if track is not None:
        track.calendar = known.text(event, "calendar") or track.calendar


def _closed(event: Event, tracks: Sequence[Track], _all: Sequence[Track], _cycles: _Cycles) -> None:
    untold = UNTOLD.get(known.text(event, "outcome"))
    for track in tracks:
        if not track.live_at(event.occurred_at) or track.kind.on_close is OnClose.KEEP:
            continue
        if untold is not None:
            track.end(event.occurred_at, untold)
        elif track.kind.on_close is OnClose.FULFIL:
            track.end(event.occurred_at, EndReason.FULFILLED)
        else:
            track.end(event.occurred_at, EndReason.CLOSED)


_ACTS: Mapping[str, Callable[[Event, Sequence[Track], Sequence[Track], _Cycles], None]] = {
    known.FULFILLED: _fulfilled,
    known.CANCELLED: _cancelled,
    known.SUPERSEDED: _superseded,
    known.EXTENDED: _extended,
    known.REPINNED: _repinned,
    known.CLOSED: _closed,
}
