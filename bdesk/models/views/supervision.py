"""What the supervisor's screen shows: requests that wait, raised cases, clocks about to be missed, the team.

Codes and instants only; customers are masked. Sums and words are not there for who decides nothing, and
during a call (decision 0011).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bdesk.models.kinds import PersonState, Role
from bdesk.models.views.pages import ApprovalRow
from bdesk.models.views.queue import QueueRow


@dataclass(frozen=True, slots=True)
class TextSaid:
    """Words that somebody said; empty where they were erased or must not be seen."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that waits for a second person.

    `due_from_at`, `now_from_at`: from when its chip reads DUE and NOW on its way to lapsing. `why`: the
    code of why it takes somebody else. `hindrance`: the code of what keeps this person from deciding, empty
    for nothing that the request itself tells. `raised_to`: the level it was passed to. `read`: this person
    has opened it in this sitting, as it is. `moved`: they have opened it, and it stands on other facts now.
    `alone`: it is decided by itself, with one's own password. `wants_words`: a yes takes the decider's note
    too. `deciders`: the levels that could decide it if it were passed to them. `case`: its case with the
    clock that leads it, which may press before the request lapses; None for one that is closed by now.
    """

    row: ApprovalRow
    due_from_at: datetime
    now_from_at: datetime
    why: str
    hindrance: str = ""
    raised_to: str = ""
    raised: TextSaid | None = None
    question: TextSaid | None = None
    answer: TextSaid | None = None
    waits_for_risk: bool = False
    read: bool = False
    moved: bool = False
    alone: bool = False
    wants_words: bool = False
    deciders: frozenset[str] = frozenset()
    case: QueueRow | None = None

    @property
    def id(self) -> int:
        return self.row.approval.id


@dataclass(frozen=True, slots=True)
class PressedCase:
    """A case with the clock that presses: of its raising, or one that will soon be missed.

    `level` and `raised`: to whom, by whom and why it was raised; empty for one that was not.
    """

    row: QueueRow
    clock: str | None
    due_at: datetime | None
    due_from_at: datetime | None
    now_from_at: datetime | None
    level: str = ""
    raised: TextSaid | None = None

    @property
    def id(self) -> int:
        return self.row.case_id


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """Somebody of the team. `urgent`: how many of their open cases are urgent or late by their clocks."""

    id: int
    number: str
    name: str
    role: Role
    group: str | None
    state: PersonState
    since: datetime | None
    open: int
    urgent: int


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """Counts up to `COUNT_CAP`. `met_percent`: 0-100 of the clocks of cases closed today; None: none yet.
    `late` of those were missed, and `excused` of these have an excuse."""

    raised: int
    requests: int
    soon: int
    met_percent: float | None
    late: int
    excused: int
    states: Mapping[PersonState, int]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything at once. `soon`: what will be late within half an hour, then what is late. `shown`: whether
    sums and words may be seen now; `group_names` are (zh, en); `role`: in which this person acts, their own
    or one they stand in for; `held`: what one person holds, whose number was asked for."""

    figures: TeamFigures
    requests: tuple[WaitingRequest, ...]
    raised: tuple[PressedCase, ...]
    soon: tuple[PressedCase, ...]
    load: tuple[PersonLoad, ...]
    names: Mapping[str, str]
    group_names: Mapping[str, tuple[str, str]]
    shown: bool
    now: datetime
    role: Role
    held: tuple[PressedCase, ...] = ()
