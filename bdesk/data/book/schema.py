"""The shape of book files as they are written. pydantic refuses what does not fit.

What each field means is said in `bdesk.rules.walk.model`, which is what these become.
"""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    model_validator,
)

from bdesk.rules.walk.model import CaptureType, Op, StepType, TimerDo, WaitsFor

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Goto = Annotated[str, StringConstraints(pattern=r"^(exit:)?[a-z][a-z0-9_]{0,39}$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_.]+$")]
FactId = Annotated[str, StringConstraints(pattern=r"^(?:[A-Z]{2}-\d{2}|X\d{1,2})$")]
Scalar = StrictBool | StrictInt | StrictStr


class Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class RawText(Raw):
    zh: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]


class RawGuard(Raw):
    """A comparison, or all, any or not of others."""

    fact: FactName | None = None
    op: Op | None = None
    value: Scalar | list[str] | None = None
    value_fact: FactName | None = None
    all: list["RawGuard"] | None = None
    any: list["RawGuard"] | None = None
    not_: "RawGuard | None" = Field(default=None, alias="not")
    why: RawText | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "RawGuard":
        forms = [self.fact, self.all, self.any, self.not_]
        if sum(form is not None for form in forms) != 1:
            raise ValueError("a guard has exactly one of fact, all, any, not")
        if self.fact is None:
            if self.why is not None:
                raise ValueError("why belongs to a comparison")
            return self
        if self.op is None:
            raise ValueError("a comparison needs op")
        bare = self.op in (Op.KNOWN, Op.MISSING)
        given = (self.value is not None) + (self.value_fact is not None)
        if given != (0 if bare else 1):
            raise ValueError("known and missing take no value" if bare else "give value or value_fact")
        return self


class RawParam(Raw):
    fact: FactName | None = None
    given: Code | None = None
    text: RawText | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "RawParam":
        if sum(form is not None for form in (self.fact, self.given, self.text)) != 1:
            raise ValueError("give one of fact, given, text")
        return self


# Left to right: `{fact: x}` would also pass for a mapping of slots.
AnyParam = Annotated[RawParam | Scalar, Field(union_mode="left_to_right")]
Slots = dict[Code, AnyParam]
ParamOrSlots = Annotated[RawParam | Slots | Scalar, Field(union_mode="left_to_right")]


class RawEffect(Raw):
    effect: str
    with_: dict[Code, ParamOrSlots] = Field(default_factory=dict, alias="with")
    when: RawGuard | list[RawGuard] | None = None


class RawClock(Raw):
    """Exactly one verb names the kind of clock."""

    start: Code | None = None
    pause: Code | None = None
    resume: Code | None = None
    fulfil: Code | None = None
    cancel: Code | None = None
    since: FactName | None = None
    with_: dict[Code, AnyParam] = Field(default_factory=dict, alias="with")
    realises: list[FactId] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_verb(self) -> "RawClock":
        verbs = (self.start, self.pause, self.resume, self.fulfil, self.cancel)
        if sum(verb is not None for verb in verbs) != 1:
            raise ValueError("give one of start, pause, resume, fulfil, cancel")
        return self


class RawOpens(Raw):
    """A clock that a case opens with, where its kind and channel fit."""

    start: Code
    since: Literal["case.received_at"] = "case.received_at"
    with_: dict[Code, AnyParam] = Field(default_factory=dict, alias="with")
    kinds: list[Code] = Field(default_factory=list)
    channels: list[Code] = Field(default_factory=list)
    unless: list[Code] = Field(default_factory=list)
    realises: list[FactId] = Field(default_factory=list)


class RawTimer(Raw):
    after_days: Annotated[int, Field(ge=1, le=365)] | None = None
    after_minutes: Annotated[int, Field(ge=5, le=1440)] | None = None
    do: TimerDo
    letter: str | None = None
    slots: dict[Code, AnyParam] = Field(default_factory=dict)
    outcome: Code | None = None
    goto: Goto | None = None
    realises: list[FactId] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_what_it_does(self) -> "RawTimer":
        if (self.after_days is None) == (self.after_minutes is None):
            raise ValueError("give one of after_days, after_minutes")
        wanted = {TimerDo.REMIND: "letter", TimerDo.CLOSE: "outcome", TimerDo.GOTO: "goto"}
        for do, name in wanted.items():
            if (getattr(self, name) is not None) != (self.do is do):
                raise ValueError(f"{name} belongs to a timer that does {do.value}, and only there")
        if self.slots and self.letter is None:
            raise ValueError("slots belong to a timer with a letter")
        return self


class RawCheck(Raw):
    """A fact beside its rule. Without op it must only be known; `guard` for a rule over several facts."""

    fact: FactName
    op: Op | None = None
    value: Scalar | list[str] | None = None
    value_fact: FactName | None = None
    guard: RawGuard | None = None
    label: RawText | None = None
    rule: RawText | None = None
    realises: list[FactId] = Field(default_factory=list)


class RawChoice(Raw):
    code: Code
    label: RawText


class RawCapture(Raw):
    name: Code
    type: CaptureType
    label: RawText
    help: RawText | None = None
    required: bool = True
    length: Annotated[int, Field(ge=1, le=4000)] | None = None
    choices: list[RawChoice] = Field(default_factory=list)
    prefill: FactName | None = None
    factor: Code | None = None
    fresh: bool = False
    when: Literal["past", "future"] | None = None
    realises: list[FactId] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits(self) -> "RawCapture":
        if self.when is not None and self.type is not CaptureType.DATE:
            raise ValueError("when belongs to a field of type date, and only there")
        if (self.type is CaptureType.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a field of type choice, and only there")
        if (self.type is CaptureType.FACTOR) != (self.factor is not None):
            raise ValueError("factor belongs to a field of type factor, and only there")
        return self


class RawWay(Raw):
    code: Code
    label: RawText
    guard: RawGuard | list[RawGuard] | None = None
    goto: Goto | None = None
    outcome: Code | None = None
    realises: list[FactId] = Field(default_factory=list)

    @model_validator(mode="after")
    def _ends(self) -> "RawWay":
        if (self.goto is None) == (self.outcome is None):
            raise ValueError("a way needs goto or outcome, not both")
        return self


class RawOption(RawWay):
    accept: RawGuard | list[RawGuard] | None = None
    why: RawText | None = None
    needs: list[Code] | None = None
    sets: dict[Code, Scalar] = Field(default_factory=dict)
    effects: list[RawEffect] = Field(default_factory=list)
    clocks: list[RawClock] = Field(default_factory=list)
    reject: Code | None = None
    primary: bool = False
    prefer: RawGuard | list[RawGuard] | None = None


class RawStep(Raw):
    id: StepId
    type: StepType
    stage: Annotated[int, Field(ge=1, le=5)] | None = None
    title: RawText | None = None
    say: RawText | None = None
    checks: list[RawCheck] = Field(default_factory=list)
    captures: list[RawCapture] = Field(default_factory=list)
    ways: list[RawWay] = Field(default_factory=list)
    options: list[RawOption] = Field(default_factory=list, max_length=9)
    usual_seconds: Annotated[int, Field(ge=1, le=36000)] | None = None
    timers: list[RawTimer] = Field(default_factory=list)
    waits_for: WaitsFor | None = None
    group: Code | None = None
    kind: Code | None = None
    fragment: Code | None = None
    with_: dict[Code, Scalar] = Field(default_factory=dict, alias="with")
    exits: dict[Code, Goto] = Field(default_factory=dict)
    goto: Goto | None = None
    once: bool = False
    realises: list[FactId] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_type(self) -> "RawStep":
        if (self.type is StepType.CALL) != (self.fragment is not None):
            raise ValueError("fragment belongs to a step of type call, and only there")
        if self.type is not StepType.CALL and self.title is None:
            raise ValueError("title is missing")
        if (self.type is StepType.HAND_OFF) != (self.group is not None):
            raise ValueError("group belongs to a step of type hand_off, and only there")
        if self.goto is not None and self.type is not StepType.HAND_OFF:
            raise ValueError("goto of a step says where a group goes on: it belongs to type hand_off")
        if self.once and self.type is not StepType.LOOK:
            raise ValueError("once belongs to a step of type look")
        if (self.type is StepType.CONVERT) != (self.kind is not None):
            raise ValueError("kind belongs to a step of type convert, and only there")
        if (self.type is StepType.WAIT) != (self.waits_for is not None):
            raise ValueError("waits_for belongs to a step of type wait, and only there")
        return self


class RawProcedure(Raw):
    procedure: Code
    version: Annotated[int, Field(ge=1)]
    kinds: Annotated[list[Code], Field(min_length=1)]
    title: RawText
    stages: Annotated[list[RawText], Field(min_length=1, max_length=5)]
    entry: StepId
    opens: list[RawOpens] = Field(default_factory=list)
    stores: dict[Code, FactName] = Field(default_factory=dict)
    steps: Annotated[list[RawStep], Field(min_length=1)]
    realises: list[FactId] = Field(default_factory=list)


class RawFragment(Raw):
    fragment: Code
    title: RawText
    params: list[Code] = Field(default_factory=list)
    exits: list[Code]
    entry: StepId
    steps: Annotated[list[RawStep], Field(min_length=1)]


class RawFact(Raw):
    name: FactName
    type: Literal["bool", "int", "money", "text", "code", "codes", "date", "instant"]
    zh: str
    en: str
    meaning: str
    unit: str = ""
    absent: bool = False
    values: dict[Code, RawText] = Field(default_factory=dict)


class RawFacts(Raw):
    facts: list[RawFact]


class RawEffectSpec(Raw):
    name: str
    risk: Literal["record", "message", "money"]
    meaning: str
    limit: Code | None = None
    letter: bool = False
    moves: bool = False
    params: dict[Code, str] = Field(default_factory=dict)
    results: dict[str, str] = Field(default_factory=dict)


class RawEffects(Raw):
    effects: list[RawEffectSpec]


class RawSlot(Raw):
    type: Literal["bool", "int", "money", "text", "code", "codes", "date", "instant"]
    source: FactName | None = None


class RawBody(Raw):
    subject: str | None = None
    body: Annotated[str, StringConstraints(min_length=1)]


class RawLetter(Raw):
    """A letter: its channels in order of preference, its slots, and the words in both languages."""

    letter: str
    version: Annotated[int, Field(ge=1)]
    title: RawText
    channels: Annotated[list[Literal["email", "sms"]], Field(min_length=1)]
    decision: bool = False
    slots: dict[Code, RawSlot] = Field(default_factory=dict)
    zh: RawBody
    en: RawBody
    sms: RawText | None = None
    realises: list[FactId] = Field(default_factory=list)


class RawShown(Raw):
    id: FactId
    where: Annotated[str, StringConstraints(min_length=1)]


class RawCoverage(Raw):
    shown: list[RawShown]
