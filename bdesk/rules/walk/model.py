"""A procedure as frozen data, spliced and ready to walk. The loader in `bdesk.data.book` makes these."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

from bdesk.rules.walk.days import When
from bdesk.rules.walk.values import FactSpec, GivenValue, Risk, Text

HERE: Final = "here"
"""A way that comes back to its own step for another round."""


class Op(StrEnum):
    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    HAS = "has"
    KNOWN = "known"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison: a fact with a value, or with another fact (`value_fact`). `why`: what is said where an
    option is not offered for this one, in place of the option's own words."""

    fact: str
    op: Op
    value: bool | int | str | tuple[str, ...] | None = None
    value_fact: str | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Guard", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Guard", ...]


@dataclass(frozen=True, slots=True)
class NotOf:
    part: "Guard"


Guard = Leaf | AllOf | AnyOf | NotOf
ALWAYS: Final = AllOf(())


class StepType(StrEnum):
    ASK = "ask"
    LOOK = "look"
    DECIDE = "decide"
    WAIT = "wait"
    CALL = "call"
    CONVERT = "convert"
    HAND_OFF = "hand_off"


class CaptureType(StrEnum):
    DIGITS = "digits"
    TEXT = "text"
    AMOUNT = "amount"
    CHOICE = "choice"
    DATE = "date"
    EVIDENCE = "evidence"
    ITEMS = "items"
    YESNO = "yesno"
    FACTOR = "factor"


class ClockVerb(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FULFIL = "fulfil"
    CANCEL = "cancel"


class TimerDo(StrEnum):
    REMIND = "remind"
    CLOSE = "close"
    GOTO = "goto"


class WaitsFor(StrEnum):
    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"
    APPROVAL = "approval"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class Param:
    """Where the value of an effect's parameter comes from: exactly one of the four."""

    literal: bool | int | str | None = None
    name: str | None = None
    text: Text | None = None
    slots: tuple[tuple[str, "Param"], ...] | None = None


@dataclass(frozen=True, slots=True)
class EffectUse:
    """An effect of an option, done only when `when` holds. `risk` and `binding` are those of its spec."""

    effect: str
    params: tuple[tuple[str, Param], ...]
    risk: Risk
    binding: bool
    when: Guard = ALWAYS


@dataclass(frozen=True, slots=True)
class ClockMove:
    verb: ClockVerb
    kind: str
    settings: tuple[tuple[str, Param], ...] = ()
    since: str | None = None
    realises: tuple[str, ...] = ()

    @property
    def literals(self) -> dict[str, bool | int | str]:
        """Its settings as far as they are plain values: all of them in what `opening` gives."""
        return {name: param.literal for name, param in self.settings if param.literal is not None}


@dataclass(frozen=True, slots=True)
class Opens:
    """A clock that a case opens with: for these kinds and channels (none named: for all), and not when one
    of `unless` opens it too."""

    clock: ClockMove
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def fits(self, kind: str, channel: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.channels or channel in self.channels)


@dataclass(frozen=True, slots=True)
class Timer:
    """What happens by itself while a step waits, so many days (or minutes) after the wait began."""

    after_days: int
    do: TimerDo
    letter: str | None = None
    outcome: str | None = None
    goto: str | None = None
    slots: tuple[tuple[str, Param], ...] = ()
    realises: tuple[str, ...] = ()
    after_minutes: int = 0

    @property
    def after(self) -> timedelta:
        return timedelta(days=self.after_days, minutes=self.after_minutes)

    @property
    def code(self) -> str:
        """The answer that stands for it when it leads on: nobody can choose it."""
        if self.after_minutes:
            return f"after_{self.after_minutes}_minutes"
        return f"after_{self.after_days}_days"

    @property
    def label(self) -> Text:
        if self.after_minutes:
            return Text(f"{self.after_minutes} 分钟后", f"after {self.after_minutes} min")
        return Text(f"{self.after_days} 天后", f"after {self.after_days} d")


@dataclass(frozen=True, slots=True)
class Check:
    """A fact shown beside its rule. `rule` stands for the guard in words where its own would not do; a
    `plain` one has no rule, so that knowing there is nothing is no fault."""

    guard: Guard
    fact: str
    label: Text | None = None
    rule: Text | None = None
    realises: tuple[str, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Capture:
    """A field. `length` is the exact length of a digits field, the greatest length of a text.

    `fresh`: what was written in an earlier round is not offered again. `when`: on which side of today a date
    lies that is written without its year.

    Values of type factor are compared by an effect and never kept (procedures B0.4).
    """

    name: str
    type: CaptureType
    label: Text
    help: Text | None = None
    required: bool = True
    length: int | None = None
    choices: tuple[Choice, ...] = ()
    prefill: str | None = None
    factor: str | None = None
    fresh: bool = False
    when: When | None = None
    realises: tuple[str, ...] = ()

    @property
    def secret(self) -> bool:
        return self.type is CaptureType.FACTOR


@dataclass(frozen=True, slots=True)
class Way:
    """A way the system takes by itself when its guard is true."""

    code: str
    guard: Guard
    goto: str | None
    label: Text
    outcome: str | None = None
    realises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A numbered answer. `guard` is asked before it is offered, `accept` once its fields are filled.

    It goes to a step (`goto`), or ends the walk with an `outcome`. `needs` names the fields it cannot do
    without; `sets` are answers it gives by being chosen. Effects wait for F8 when one of them is binding.
    """

    code: str
    label: Text
    guard: Guard = ALWAYS
    accept: Guard = ALWAYS
    why: Text | None = None
    needs: tuple[str, ...] = ()
    sets: tuple[tuple[str, GivenValue], ...] = ()
    effects: tuple[EffectUse, ...] = ()
    clocks: tuple[ClockMove, ...] = ()
    goto: str | None = None
    outcome: str | None = None
    reject: str | None = None
    primary: bool = False
    prefer: Guard | None = None
    realises: tuple[str, ...] = ()

    @property
    def binding(self) -> bool:
        return any(use.binding for use in self.effects)

    @property
    def money(self) -> bool:
        return any(use.risk is Risk.MONEY for use in self.effects)


@dataclass(frozen=True, slots=True)
class Step:
    """`once`: a look that in each cycle is looked at once; what answers store since then is no news to it."""

    id: str
    type: StepType
    stage: int
    title: Text
    say: Text | None = None
    checks: tuple[Check, ...] = ()
    captures: tuple[Capture, ...] = ()
    ways: tuple[Way, ...] = ()
    options: tuple[Option, ...] = ()
    usual_seconds: int | None = None
    timers: tuple[Timer, ...] = ()
    waits_for: WaitsFor | None = None
    group: str | None = None
    kind: str | None = None
    once: bool = False
    fragment: str | None = None
    realises: tuple[str, ...] = ()
    line: int = 0

    @property
    def silent(self) -> bool:
        """Nothing to say and nothing to fill in (UX, principle 10)."""
        return self.say is None and not self.captures

    def option(self, code: str) -> Option | None:
        return next((one for one in self.options if one.code == code), None)

    def capture(self, name: str) -> Capture | None:
        return next((one for one in self.captures if one.name == name), None)


@dataclass(frozen=True)
class Procedure:
    """A whole procedure: fragments spliced, texts and guards in place, labels of its facts with it."""

    code: str
    version: int
    kinds: tuple[str, ...]
    title: Text
    stages: tuple[Text, ...]
    entry: str
    steps: tuple[Step, ...]
    opens: tuple[Opens, ...] = ()
    stores: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, FactSpec] = field(default_factory=dict)
    realises: tuple[str, ...] = ()
    digest: str = ""
    path: str = ""

    @cached_property
    def _by_id(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def shortest_timer(self) -> timedelta | None:
        """The shortest time after which a timer of any step is due."""
        return min((timer.after for step in self.steps for timer in step.timers), default=None)

    def step(self, step_id: str) -> Step:
        """The step of this id. Raises KeyError."""
        return self._by_id[step_id]

    def has(self, step_id: str) -> bool:
        return step_id in self._by_id

    def shaded(self, hidden: Collection[str]) -> "Procedure":
        """The same procedure, writing the values of these facts as ****: for showing, never for letters."""
        other = {
            name: replace(spec, hidden=name in hidden)
            for name, spec in self.facts.items()
            if spec.hidden is not (name in hidden)
        }
        return replace(self, facts={**self.facts, **other})


OPENING_FACTS: Final = frozenset({"case.kind", "case.channel", "case.priority"})
"""What the settings of an opening clock may ask for: all that is known before the case exists."""


def opening(procedure: Procedure, kind: str, channel: str, priority: int) -> tuple[ClockMove, ...]:
    """The clocks that a case of this kind opens with, all from the receipt of its matter.

    Every entry a matter came in by brings its own clock, so that the earliest due time is the strictest of
    them (domain facts, X3). Of two lines for one kind of clock the first counts.
    """
    known: dict[str, int | str] = {"case.kind": kind, "case.channel": channel, "case.priority": priority}
    fitting = [one for one in procedure.opens if one.fits(kind, channel)]
    codes = {one.clock.kind for one in fitting}
    moves: dict[str, ClockMove] = {}
    for one in fitting:
        if not codes.intersection(one.unless):
            moves.setdefault(one.clock.kind, _settled(one.clock, known))
    return tuple(moves.values())


def _settled(move: ClockMove, known: Mapping[str, int | str]) -> ClockMove:
    settings = tuple(
        (name, param if param.name is None or param.name not in known else Param(literal=known[param.name]))
        for name, param in move.settings
    )
    return replace(move, settings=settings)
