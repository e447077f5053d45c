"""When a case of mine turns 急 or 超: one strip, one bell, and only then (UX, SLA states).

Pure: rows and instants in, what to say out. At most one bell in 30 s, none during a call.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bdesk.models.views.queue import QueueRow
from bdesk.rules.urgency import state_at

BELL_APART = timedelta(seconds=30)
LOUD = ("now", "over")


@dataclass(frozen=True, slots=True)
class Alert:
    """A case that has just become urgent or late. `pinned`: it stays until something is done about it."""

    row: QueueRow
    state: str
    bell: bool

    @property
    def pinned(self) -> bool:
        return self.state == "over"


@dataclass(slots=True)
class Alerts:
    """Remembers what was told: once per case and threshold."""

    told: set[tuple[int, str]] = field(default_factory=set)
    belled_at: datetime | None = None
    started: bool = False

    def look(self, rows: Iterable[QueueRow], now: datetime, *, in_call: bool, pace: int = 1) -> Alert | None:
        """The most urgent case that has turned since the last look, or None.

        The first look tells nothing: what was late when the desk opened is in the list for all to see.
        `pace`: how many of the store's seconds go by in one of the ear's.
        """
        turned = [(row, state) for row in rows if (state := _state(row, now)) in LOUD]
        fresh = [(row, state) for row, state in turned if (row.case_id, state) not in self.told]
        self.told |= {(row.case_id, state) for row, state in fresh}
        if not self.started:
            self.started = True
            return None
        if not fresh:
            return None
        row, state = min(fresh, key=lambda one: (one[1] != "over", one[0].due_at or now))
        bell = not in_call and (self.belled_at is None or now - self.belled_at >= pace * BELL_APART)
        if bell:
            self.belled_at = now
        return Alert(row, state, bell)


def _state(row: QueueRow, now: datetime) -> str:
    return state_at(now, row.due_at, row.due_from_at, row.now_from_at, stopped=row.stopped)


def urgent(rows: Iterable[QueueRow], now: datetime) -> int:
    """How many cases are urgent or late: the window's title carries it."""
    return sum(_state(row, now) in LOUD for row in rows)
