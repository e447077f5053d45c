"""What the queue shows: one frozen row per case, sections, and today's figures.

A row holds codes and instants only. Names of kinds, flags and departments are looked up where they
are shown, and the SLA chip follows from the row's instants and the present one alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bdesk.models.kinds import Role

COUNT_CAP = 1000
"""Counts stop here: more than this is shown as 999+ (a full count grows with the store)."""

SEE_ALL = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
"""Who sees the waiting cases of every group."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in the queue. Instants are aware UTC.

    `due_from` is when the leading clock started and `due_at` when it is due. `due_from_at` is the
    instant from which the chip reads DUE, `now_from_at` the one from which it reads NOW; both are
    worked out from the clock kind's thresholds when the row is read (UX, SLA states), so that a
    widget only compares instants. `stopped` means that the leading clock is paused, and
    `waiting_for` then says for whom (a code). `customer` is already masked.
    """

    case_id: int
    case_no: str
    kind: str
    priority: int
    customer: str
    tags: tuple[str, ...]
    summary: str
    due_at: datetime | None
    due_from: datetime | None
    clock: str | None
    state: str
    due_from_at: datetime | None
    now_from_at: datetime | None
    stopped: bool
    waiting_for: str | None
    aside: bool
    owner: str | None
    group: str | None
    channel: str | None
    opened_at: datetime
    version: int
    provisional: bool
    sorted_at: datetime | None = None
    """By what it is sorted, also when no clock runs; with `stopped` and `case_id` its place in the queue."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the queue, "mine", "waiting" or "aside", and how many cases it has in all."""

    code: str
    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How many clocks ended in time and how many late; `excused` of the late ones, which stay late."""

    met: int = 0
    late: int = 0
    excused: int = 0

    @property
    def met_percent(self) -> float | None:
        """0 to 100; None: nothing has ended yet. An excuse does not raise it."""
        every = self.met + self.late
        return round(100 * self.met / every, 1) if every else None


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Today's figures. `met_percent` is 0-100, `avg_seconds` the mean handling time; None: nothing yet.
    `late`: clocks of what was closed that were missed, `excused` of them those with an excuse."""

    over: int
    soon5: int
    soon15: int
    waiting: int
    aside: int
    met_percent: float | None
    late: int
    excused: int
    handled: int
    avg_seconds: int | None


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first page of each section, and who sits down at `now`. `group` is a code; `group_names` are
    (zh, en) by code, `staff_names` names by staff number."""

    sections: tuple[Section, ...]
    rows: Mapping[str, tuple[QueueRow, ...]]
    now: datetime
    number: str
    person: str
    language: str
    group: str
    group_names: Mapping[str, tuple[str, str]]
    staff_names: Mapping[str, str]
