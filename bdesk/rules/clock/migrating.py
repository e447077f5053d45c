"""A case that goes over to other versions of its procedure, clocks and calendars (SLA.md, policy edited).

Pure: readings and two books' kinds in, what to begin anew, to start and to drop out. Every clock keeps its
start, and what was breached stays so. Fact clocks stay as they are: what they count has happened.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bdesk.models.clock_kinds import Drives, OnClose
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.count import count
from bdesk.rules.clock.handing import EACH_ITS_OWN, Handover
from bdesk.rules.clock.kind import ClockKind, SettingType, target_of
from bdesk.rules.clock.planning import again
from bdesk.rules.clock.reading import Reading


@dataclass(frozen=True, slots=True)
class Versions:
    """Kinds by code and by "code@policy", calendars by code and by "code@version"."""

    kinds: Mapping[str, ClockKind]
    calendars: Mapping[str, Calendar]

    def kind_of(self, reading: Reading) -> ClockKind:
        """The kind in the version that the clock is pinned to."""
        return self.kinds.get(f"{reading.kind}@{reading.policy}") or self.kinds[reading.kind]

    def calendar_of(self, reading: Reading, code: str) -> Calendar:
        return self.calendars.get(f"{code}@{reading.calendar}") or self.calendars[code]


@dataclass(frozen=True, slots=True)
class Migrated:
    """Clocks to attach (those with `replaces` go on in their own place), and those that nothing asks for."""

    starts: tuple[Handover, ...]
    drops: tuple[Reading, ...]


Opens = Mapping[str, Mapping[str, object]]
"""The clocks that a case opens with, and their settings."""


def migrated(
    readings: Sequence[Reading],
    before: Opens,
    after: Opens,
    old: Versions,
    new: Versions,
    *,
    cycle: int,
    began_at: datetime,
) -> Migrated:
    """What a case runs by the new versions. `before` and `after` are what it would open with by each.

    A clock that counts otherwise now begins anew in its own place, with its stops and extensions. One that
    only the new version opens with starts when the cycle began, unless the case ran it in this cycle already;
    one that only the old version opened with is dropped. Promises stay: their due times were given.
    """
    living = [one for one in readings if one.live and one.drives is Drives.DESK]
    drops = [
        one
        for one in living
        if one.kind in before and one.kind not in after and old.kind_of(one).on_close is not OnClose.KEEP
    ]
    starts = [
        Handover(one.kind, one.start_at, _params(one, after, new), moves=one.moves, replaces=one)
        for one in living
        if one not in drops and one.kind not in EACH_ITS_OWN and one.kind in new.kinds
        if _counts_otherwise(one, after, old, new)
    ]
    had = {one.kind for one in readings if one.cycle == cycle or one.live}
    starts += [Handover(kind, began_at, after[kind]) for kind in _fresh(before, after, had, new, cycle)]
    return Migrated(tuple(starts), tuple(drops))


def _fresh(before: Opens, after: Opens, had: Collection[str], new: Versions, cycle: int) -> list[str]:
    opens = [kind for kind in after if kind not in before and kind not in had]
    return opens if cycle == 1 else list(again(opens, new.kinds))


def _counts_otherwise(one: Reading, after: Opens, old: Versions, new: Versions) -> bool:
    was, becomes = old.kind_of(one), new.kinds[one.kind]
    if _rules(was) != _rules(becomes):
        return True
    params = _params(one, after, new)
    if any(str(one.params.get(name)) != str(value) for name, value in params.items()):
        return True
    mine, given = target_of(was, one.params), target_of(becomes, params)
    earlier = count(mine, old.calendar_of(one, mine.length.calendar), one.start_at, one.pauses)
    later = count(given, new.calendars[given.length.calendar], one.start_at, one.pauses)
    return earlier.due_at != later.due_at


def _rules(kind: ClockKind) -> ClockKind:
    """The kind without what only names it."""
    blank = replace(kind.name, zh="", en="")
    settings = tuple(replace(each, words=blank) for each in kind.settings)
    return replace(kind, policy="", short=blank, name=blank, explain=blank, source="", settings=settings)


def _params(one: Reading, after: Opens, new: Versions) -> Mapping[str, object]:
    """What the case said about its clock, as far as the new version asks for it."""
    known = {each.name: each for each in new.kinds[one.kind].settings}
    said = {**one.params, **after.get(one.kind, {})}
    return {
        name: value
        for name, value in said.items()
        if name in known and (known[name].type is not SettingType.CHOICE or str(value) in known[name].choices)
    }
