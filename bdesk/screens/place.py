"""The place of one signed-in person: the desk, the open cases, the call, what is pending.

Screens share it; it is kept on disk at every change, so that a crash loses nothing but the screen.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bdesk.models.kinds import PersonState
from bdesk.models.views.queue import QueueRow
from bdesk.models.views.strip import RecallWindow, Strip
from bdesk.screens.alerts import Alert, Alerts
from bdesk.screens.notices import Notices

if TYPE_CHECKING:
    # The frame is painted before the store and its imports are there.
    from bdesk.desk import Desk
    from bdesk.operations.looking.queue import Ringing
    from bdesk.settings import Settings


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A tab: a case this person has open, with what its tab shows. The row is as last read."""

    case_id: int
    case_no: str
    customer: str
    kind: str
    row: QueueRow | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """The call at hand, from opening its card to closing it. `number` is masked."""

    contact_id: int
    started_at: datetime
    number: str = ""
    case_id: int | None = None
    case_no: str = ""


@dataclass(slots=True)
class BoardPlace:
    """The supervisor's board as it was left: the list, the row selected in each, which requests and
    which cases are marked, the case that was opened from there, and the number of whose cases are listed.
    `done`: the case of what was done there last and can be taken back, 0 where it cannot, None after a
    case was opened."""

    shown: str = "requests"
    selected: dict[str, int] = field(default_factory=dict)
    marked: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()
    opened: int | None = None
    holder: str = ""
    done: int | None = None


@dataclass(slots=True)
class Place:
    """What the screens share. `watchers` are told when a case changed, so that shown screens read again."""

    desk: "Desk"
    settings: "Settings"
    open_cases: list[OpenCase] = field(default_factory=list)
    current: int | None = None
    last: int | None = None
    call: Call | None = None
    strips: dict[int, Strip] = field(default_factory=dict)
    windows: tuple[RecallWindow, ...] = ()
    mine: tuple[QueueRow, ...] = ()
    alerts: Alerts = field(default_factory=Alerts)
    alert: Alert | None = None
    ringing: "Ringing | None" = None
    notices: Notices = field(default_factory=Notices)
    names: dict[str, str] = field(default_factory=dict)
    state: PersonState = PersonState.ONLINE
    """What the person chose to be, from the key on: sitting down does not undo it."""
    data_at: datetime | None = None
    offline_since: datetime | None = None
    board: BoardPlace = field(default_factory=BoardPlace)

    def person(self, number: str) -> str:
        """What somebody is called, by staff number; the number itself as long as no name is known."""
        return self.names.get(number) or number

    def now(self) -> datetime:
        """The store's time."""
        return self.desk.ctx.now()

    @property
    def pace(self) -> int:
        """How many of the store's seconds go by in one of a person's (`Store.pace`)."""
        return self.desk.store.pace

    def is_open(self, case_id: int) -> bool:
        return any(one.case_id == case_id for one in self.open_cases)

    def open(self, case: OpenCase) -> None:
        """Put a case on a tab and make it the current one."""
        for at, one in enumerate(self.open_cases):
            if one.case_id == case.case_id:
                self.open_cases[at] = case
                break
        else:
            self.open_cases.append(case)
        self.go_to(case.case_id)

    def go_to(self, case_id: int) -> None:
        """Make an open case the current one; the one before is what backtick goes back to."""
        if self.current != case_id:
            self.last, self.current = self.current, case_id

    def close(self, case_id: int) -> None:
        """Take a tab away; its strip goes with it."""
        self.open_cases = [one for one in self.open_cases if one.case_id != case_id]
        self.strips.pop(case_id, None)
        if self.current == case_id:
            self.current = self.last if self.last is not None and self.is_open(self.last) else None
            if self.current is None and self.open_cases:
                self.current = self.open_cases[-1].case_id
        if self.last == case_id or not (self.last is not None and self.is_open(self.last)):
            self.last = None

    def beside(self, step: int) -> int | None:
        """The open case `step` tabs away, round the end; None when there is no other."""
        ids = [one.case_id for one in self.open_cases]
        if not ids:
            return None
        if self.current not in ids:
            return ids[0]
        found = ids[(ids.index(self.current) + step) % len(ids)]
        return found if found != self.current else None

    def window(self) -> RecallWindow | None:
        """What Ctrl+Z recalls: the newest commit that still can be, or the one below it on the same case.

        Recalling that takes back what came after, so that a refund stays within reach of one key although
        its case was closed, with a letter, a moment later.
        """
        held = self._held()
        return next((one for one in reversed(held) if one.case_id == held[0].case_id), None)

    def goes_too(self, window: RecallWindow) -> tuple[RecallWindow, ...]:
        """What recalling `window` takes back with it: what was committed on its case since, oldest first."""
        since = (one for one in self._held() if one.case_id == window.case_id and one != window)
        return tuple(sorted(since, key=lambda one: one.commit_event))

    def others(self, window: RecallWindow) -> tuple[RecallWindow, ...]:
        """What can be recalled on other cases, once `window` is gone."""
        return tuple(one for one in self._held() if one.case_id != window.case_id)

    def _held(self) -> list[RecallWindow]:
        now = self.now()
        return [one for one in self.windows if one.hold_until > now]
