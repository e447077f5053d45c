"""What a walk yields: the trail behind, the step at hand with its reasons, and what lies ahead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bdesk.rules.walk.guards import Finding, Truth
from bdesk.rules.walk.model import Capture, ClockMove, Step, StepType, Timer, WaitsFor
from bdesk.rules.walk.values import NOTHING, FactValue, Given, GivenValue, Risk, Text

Via = tuple[tuple[str, str], ...]
"""Steps the system ticked between two answers, each with the way it took."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered at a step, in the order it was recorded.

    A later answer to the same (step, round) replaces the earlier one. `via` is what the system ticked
    just before it. `binding` says that an effect with consequences was committed with it: up to here the
    walk is history and is not asked again. A recalled answer is left out. `carried` was given in another
    procedure, whose ways to the step were its own.
    """

    step: str
    option: str
    by: str
    at: datetime
    captures: Given = field(default_factory=lambda: NOTHING)
    cycle: int = 1
    round: int = 1
    via: Via = ()
    binding: bool = False
    carried: bool = False


class StageState(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class StageView:
    title: Text
    state: StageState


@dataclass(frozen=True, slots=True)
class Done:
    """A step behind us. `by` is None where the system ticked it; `frozen` where it is history."""

    step: str
    type: StepType
    title: Text
    chosen: str
    label: Text
    by: str | None
    at: datetime | None
    round: int
    frozen: bool
    quiet: bool
    fragment: str | None
    captures: Given = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Later:
    step: str
    title: Text
    stage: int


@dataclass(frozen=True, slots=True)
class CheckView:
    """A fact, its value and its rule; `truth` None when it cannot be told. A `plain` one has no rule that it
    could be held against."""

    label: Text
    value: Text
    rule: Text
    truth: Truth
    fact: str
    sources: tuple[str, ...]
    plain: bool = False


@dataclass(frozen=True, slots=True)
class CaptureView:
    """A field with what it starts from: the kept answer, else the fact that prefills it."""

    capture: Capture
    value: GivenValue | None
    needed: bool


class Offer(StrEnum):
    OFFERED = "offered"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OptionView:
    """A numbered answer. `reasons` say why it is not offered; `why` puts the first of them in words."""

    number: int
    code: str
    label: Text
    offer: Offer
    reasons: tuple[Finding, ...]
    why: Text | None
    primary: bool
    kept: bool
    needs: tuple[str, ...]
    binding: bool
    risk: Risk | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class StepView:
    """The step at hand. `to_confirm`: an earlier answer is kept, but something before it has changed."""

    step: Step
    round: int
    title: Text
    say: Text | None
    checks: tuple[CheckView, ...]
    captures: tuple[CaptureView, ...]
    options: tuple[OptionView, ...]
    kept: Answer | None
    to_confirm: bool
    usual_seconds: int | None
    sources: tuple[str, ...]

    def option(self, number: int) -> OptionView | None:
        """The option of this digit, or None."""
        return next((one for one in self.options if one.number == number), None)


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer that no longer stands, and the facts that took its ground away."""

    answer: Answer
    reasons: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    step: str
    waits_for: WaitsFor
    timers: tuple[Timer, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Finish:
    """The walk is over for this desk. `group` or `kind` where it goes on elsewhere."""

    outcome: str
    step: str
    reject: str | None = None
    group: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """`given` holds all answers so far; `via` belongs to the next answer recorded."""

    code: str
    version: int
    cycle: int
    trail: tuple[Done, ...]
    current: StepView | None
    later: tuple[Later, ...]
    stages: tuple[StageView, ...]
    given: Given
    via: Via
    finished: Finish | None = None
    waiting: Waiting | None = None
    moved: Moved | None = None
    unreached: tuple[Answer, ...] = ()

    @property
    def back_to(self) -> tuple[str, ...]:
        """Steps one may go back to, oldest first: answered by a person, and not history yet."""
        return tuple(one.step for one in self.trail if one.by is not None and not one.frozen)


@dataclass(frozen=True, slots=True)
class PlannedEffect:
    number: int
    effect: str
    risk: Risk
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PlannedClock:
    move: ClockMove
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Planned:
    """What an answer would do. `rests_on` are the facts it was allowed by, for the strip's digest."""

    step: str
    option: str
    label: Text
    round: int
    cycle: int
    captures: Given
    secrets: Given
    effects: tuple[PlannedEffect, ...]
    clocks: tuple[PlannedClock, ...]
    letters: tuple[str, ...]
    money_fen: int | None
    binding: bool
    goto: str | None
    finish: Finish | None
    via: Via
    rests_on: Mapping[str, FactValue]

    @property
    def strip(self) -> bool:
        """Whether it waits in the pending strip for F8: it sends a message or moves money (UX 5)."""
        return any(one.risk is not Risk.RECORD for one in self.effects)
