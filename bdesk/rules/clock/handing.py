"""Clocks that go on in another's place: a case that is merged into another, or becomes another kind.

Pure: readings in, what to attach and to end out. One rule for both, so that no desk clock is ever lost on
the way (SLA.md, "merge", "priority or kind changed").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bdesk.models.clock_kinds import Drives, OnClose
from bdesk.rules.clock.count import Pause
from bdesk.rules.clock.kind import ClockKind, target_of
from bdesk.rules.clock.reading import Extension, Reading

OF_THE_HOUSE = frozenset({"approval", "escalation_decision", "promise", "call_back", "next_response"})
"""Clocks that measure us, whatever the matter has become."""

GOES_WITH_ITS_CASE = frozenset({"approval"})
"""Ends with the source of a merge: what it asked for is withdrawn."""

EACH_ITS_OWN = frozenset({"promise", "call_back"})
"""Several may run on one case, each for something of its own."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A clock to attach: from its true start, with stops and extensions that are written down again.

    `replaces` is the one whose place it takes, `source` the one it goes on from in another case. `late`: the
    breach which that one has had already; it is neither counted nor rung again (SLA.md, "one breach").
    """

    kind: str
    start_at: datetime
    params: Mapping[str, object]
    pauses: tuple[Pause, ...] = ()
    moves: tuple[Extension, ...] = ()
    late: datetime | None = None
    replaces: Reading | None = None
    source: Reading | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a case with other opening clocks starts, and which of its clocks end by what takes their place."""

    starts: tuple[Handover, ...]
    ends: tuple[tuple[Reading, str], ...]


def merged(
    source: Sequence[Reading], target: Sequence[Reading], kinds: Mapping[str, ClockKind]
) -> tuple[Handover, ...]:
    """What the target of a merge takes over: of each kind the earliest start is kept, and a desk clock that
    only the source ran goes on in the target, from its own start, with its stops and extensions.

    A due time that was given (a regulator's letter, a promise) is an obligation of its own and never melts
    into another. The source's approval ends with the request it was for; fact clocks stay where their facts
    are.
    """
    found: list[Handover] = []
    theirs = {one.kind: one for one in reversed(_living(target))}
    for mine in _living(source):
        if mine.kind in GOES_WITH_ITS_CASE:
            continue
        other = theirs.get(mine.kind)
        if other is None or _is_its_own(mine, kinds) or _is_its_own(other, kinds):
            found.append(_carried(mine))
        elif mine.start_at < other.start_at:
            before = tuple(
                replace(pause, until=min(pause.until, other.start_at))
                for pause in mine.pauses
                if pause.since < other.start_at
            )
            found.append(
                replace(_carried(mine), params=other.params, pauses=before, moves=(), replaces=other)
            )
    return tuple(found)


def replaced(
    wanted: Mapping[str, Mapping[str, object]],
    living: Sequence[Reading],
    received_at: datetime,
    kinds: Mapping[str, ClockKind],
    whole: str,
) -> Replaced:
    """What a case whose kind or priority changed runs from now on, all from the original start.

    `wanted` are the clocks it would open with, and their settings. One that runs with other settings is
    begun anew in its own place. What the new kind does not have ends by the first new clock (by `whole`
    where there is none), except what measures us whatever the matter is and what outlives a case (a
    regulator's date). Every stop is replayed: on the first new clock by the fold, since it takes over from
    the old ones, on further ones by bringing along what their kind allows.
    """
    mine = {one.kind: one for one in reversed(_living(living))}
    starts: list[Handover] = []
    ends: list[tuple[Reading, str]] = []
    for kind, params in wanted.items():
        old = mine.get(kind)
        if old is None:
            starts.append(Handover(kind, received_at, params))
        elif any(str(old.params.get(name)) != str(value) for name, value in params.items()):
            starts.append(Handover(kind, old.start_at, {**old.params, **params}, replaces=old))
            ends.append((old, kind))
    heir = next((one.kind for one in starts if one.replaces is None), next(iter(wanted), whole))
    for one in _living(living):
        stays = one.kind in OF_THE_HOUSE or kinds[one.kind].on_close is OnClose.KEEP
        if one.kind not in wanted and not stays:
            ends.append((one, heir))
    gone = [one for one, by in ends if by == heir]
    brought = [
        one
        if one.replaces is not None or one.kind == heir
        else replace(one, pauses=_allowed(gone, kinds[one.kind]))
        for one in starts
    ]
    return Replaced(tuple(brought), tuple(ends))


def _allowed(gone: Sequence[Reading], kind: ClockKind) -> tuple[Pause, ...]:
    """The stops of clocks that end, as far as another kind allows them: its reasons, its cap in all."""
    left, found = kind.pause_cap or timedelta(0), list[Pause]()
    for pause in sorted((each for one in gone for each in one.pauses), key=lambda each: each.since):
        since = max(pause.since, found[-1].until) if found else pause.since
        until = min(pause.until, since + left)
        if pause.reason in kind.pauses and since < until:
            found.append(replace(pause, since=since, until=until))
            left -= until - since
    return tuple(found)


def retargeted(
    wanted: Mapping[str, Mapping[str, object]],
    living: Sequence[Reading],
    received_at: datetime,
    kinds: Mapping[str, ClockKind],
    whole: str,
) -> tuple[Handover, ...]:
    """Of `replaced`, only what begins anew in its own place: another priority neither starts a clock that the
    case has done with nor ends one that it came to on its way."""
    found = replaced(wanted, living, received_at, kinds, whole)
    return tuple(one for one in found.starts if one.replaces is not None)


def _living(readings: Sequence[Reading]) -> list[Reading]:
    """Desk clocks that run or stand paused, the earliest start first."""
    desk = [one for one in readings if one.live and one.drives is Drives.DESK]
    return sorted(desk, key=lambda one: (one.start_at, one.event_id))


def _is_its_own(reading: Reading, kinds: Mapping[str, ClockKind]) -> bool:
    given = target_of(kinds[reading.kind], reading.params)
    return reading.kind in EACH_ITS_OWN or given.day is not None or given.instant is not None


def _carried(mine: Reading) -> Handover:
    return Handover(
        mine.kind, mine.start_at, mine.params, mine.pauses, mine.moves, mine.breached_at, source=mine
    )
