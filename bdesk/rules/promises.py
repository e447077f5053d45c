"""Which promises are still owed: open, or broken and not done, while the clock that each one names runs.

Several may be due at the same minute, so nothing but that name says which clock is whose.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import PromiseState
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import PromiseView, Snapshot
from bdesk.rules.progress import is_broken

NAME = ("clock", "number", "cycle")
"""By what a promise names its clock, in its row and in events."""

TOLD = frozenset({"promise.made", "promise.carried"})
"""The events that say which clock is a promise's."""

_OWED = frozenset({PromiseState.OPEN, PromiseState.BROKEN})
_LIVE = frozenset({RunState.RUNNING, RunState.PAUSED})


class Clock(Protocol):
    """What a row, a view and a reading of a clock have in common."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def cycle(self) -> int: ...
    @property
    def run(self) -> RunState: ...


def name_of(clock: Clock) -> dict[str, object]:
    """By what acts name a clock."""
    return {"clock": clock.kind, "number": clock.number, "cycle": clock.cycle}


def owed(promises: Iterable[PromiseView], clocks: Iterable[Clock]) -> tuple[PromiseView, ...]:
    """The promises that are not done, in the order given."""
    live = {(one.kind, one.number, one.cycle) for one in clocks if one.run in _LIVE}
    return tuple(one for one in promises if one.state in _OWED and (one.clock, one.number, one.cycle) in live)


def overdue_by_hand(snapshot: Snapshot) -> tuple[PromiseView, ...]:
    """What somebody promised by hand, did not keep in time and has not done since."""
    now = snapshot.now
    return tuple(
        one for one in owed(snapshot.promises, snapshot.clocks) if one.topic is None and is_broken(one, now)
    )


def named_by(events: Iterable[Event], gone: frozenset[int], promise: object) -> Mapping[str, object] | None:
    """The clock that a case's events name last for a promise, those of `gone` left out."""
    found: Mapping[str, object] | None = None
    for event in events:
        if event.kind in TOLD and event.id not in gone and event.payload.get("promise") == promise:
            found = {key: event.payload.get(key) for key in NAME}
    return found
