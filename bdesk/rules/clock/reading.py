"""What a clock says at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bdesk.models.clock_kinds import Drives, EndReason, Outcome, PauseReason, RunState, SlaState
from bdesk.rules.clock.count import Pause, Segment
from bdesk.rules.urgency import states_at


@dataclass(frozen=True, slots=True)
class Stopped:
    """The pause a clock stands in: since when, for whom, until when at the latest.

    `resume_at` is what was asked for; `until` is when it runs again by itself, cap included.
    """

    reason: PauseReason
    who: str
    since: datetime
    resume_at: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Excuse:
    """A supervisor's mark on a breach; the breach stays. `text`: the words of the case that say why, where
    `reason` is not told by the event itself."""

    reason: str
    who: str
    at: datetime
    text: int | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A new date, given at `at` by somebody of this role; the words are a text of the case."""

    at: datetime
    due_at: datetime
    reason: str
    by_role: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock of a case, folded from its events at `now`.

    `event_id` is that of its `clock.attached`; `number` tells clocks of one kind and cycle apart.
    `due_at` is counted around every pause known; `breached_at` is the due time that passed, and never
    goes away. `extended` is the first due time of a clock whose date was moved, `extensions` how often,
    `moves` each new date that was given.
    `due_from` and `now_from` are when the chip turns to DUE and NOW, whatever the hour. `segments` lead
    from the start to `due_at` and add up to the length. `inherits_breach`: it replaced a clock that was
    already breached, so its own breach is neither counted nor rung again (SLA.md, "one breach").
    """

    event_id: int
    kind: str
    cycle: int
    number: int
    run: RunState
    outcome: Outcome
    drives: Drives
    hard: bool
    start_at: datetime
    due_at: datetime
    due_from: datetime
    now_from: datetime
    stopped_at: datetime | None
    ended: EndReason | None
    breached_at: datetime | None
    paused: Stopped | None
    excused: Excuse | None
    provisional: bool
    extended: datetime | None
    extensions: int
    inherits_breach: bool
    policy: str
    calendar: str
    params: Mapping[str, object]
    pauses: tuple[Pause, ...]
    segments: tuple[Segment, ...]
    moves: tuple[Extension, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it still runs or stands paused."""
        return self.run in (RunState.RUNNING, RunState.PAUSED)

    def remaining(self, now: datetime) -> timedelta:
        """What is left until due on the wall; it stands still while paused, and is negative when late."""
        at = self._at(now)
        if at > self.due_at:
            return -self.lateness(now)
        # A stop that lies before the due time ends at the latest at `until`: the rest is what is left.
        return max(self.due_at - (self.paused.until if self.paused is not None else at), timedelta(0))

    def lateness(self, now: datetime) -> timedelta:
        """How late it is or was: time since due without the stops after it. Zero when not late."""
        at = self._at(now)
        late = max(at - self.due_at, timedelta(0))
        for pause in self.pauses:
            late -= max(min(pause.until, at) - max(pause.since, self.due_at), timedelta(0))
        return late

    def state(self, now: datetime) -> SlaState:
        """The chip's state. Stopped stands before overdue: only stopped clocks sort below."""
        return self.states(now)[0]

    def states(self, now: datetime) -> tuple[SlaState, ...]:
        """All states to show: a clock that was late when it was stopped is both. One that ended is over if
        it was late, else fine."""
        if not self.live:
            return (SlaState.OVER if self.outcome is Outcome.BREACHED else SlaState.FINE,)
        return states_at(now, self.due_at, self.due_from, self.now_from, stopped=self.run is RunState.PAUSED)

    def _at(self, now: datetime) -> datetime:
        return now if self.stopped_at is None else self.stopped_at
