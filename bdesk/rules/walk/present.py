"""A step with its facts, fields and numbered answers as they stand now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bdesk.rules.walk.guards import Finding, Verdict, evaluate, leaves, look_up
from bdesk.rules.walk.model import (
    Capture,
    CaptureType,
    Check,
    Leaf,
    NotOf,
    Op,
    Option,
    Procedure,
    Step,
    StepType,
    Timer,
    Way,
)
from bdesk.rules.walk.values import UNKNOWN, Facts, FactSpec, FactValue, Given, GivenValue, Risk, Text
from bdesk.rules.walk.views import Answer, CaptureView, CheckView, Offer, OptionView, StepView
from bdesk.rules.walk.words import explain, fill, is_sign, spec_of, spell, spell_rule

_ORDER = (Risk.RECORD, Risk.MESSAGE, Risk.MONEY)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step is seen by: the facts, the answers so far, and the labels of the facts."""

    facts: Facts
    given: Given
    specs: Mapping[str, FactSpec]

    def fill(self, text: Text) -> Text:
        return fill(text, self.facts, self.given, self.specs)


class _Stored(Mapping[str, FactValue]):
    """The facts as they are once the answers so far have been stored on the case."""

    def __init__(self, own: Mapping[str, FactValue], facts: Facts) -> None:
        self._own = own
        self._facts = facts

    def __getitem__(self, name: str) -> FactValue:
        return self._own[name] if name in self._own else self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._facts), **dict.fromkeys(self._own)})

    def __len__(self) -> int:
        return len({*self._facts, *self._own})


def ground(procedure: Procedure, facts: Facts, given: Given) -> Ground:
    """Facts and answers for one look; an answer the procedure stores on the case is its fact at once."""
    own = {fact: given[name] for name, fact in procedure.stores.items() if name in given}
    return Ground(_Stored(own, facts) if own else facts, given, procedure.facts)


def present(
    procedure: Procedure, step: Step, round_no: int, seen: Ground, kept: Answer | None, to_confirm: bool
) -> StepView:
    """The view of a step: texts filled, checks and guards asked, fields prefilled."""
    options = tuple(_options(step, seen, kept))
    captures = tuple(_capture(step, capture, seen, kept) for capture in step.captures)
    return StepView(
        step=step,
        round=round_no,
        title=seen.fill(step.title),
        say=_said(step, captures, seen),
        checks=tuple(_check(check, seen) for check in step.checks),
        captures=captures,
        options=options,
        kept=kept,
        to_confirm=to_confirm,
        usual_seconds=step.usual_seconds,
        sources=sources(step),
    )


def said_with(procedure: Procedure, shown: StepView, facts: Facts, given: Given, typed: Given) -> Text | None:
    """What is said at a step with its fields as they are filled in now: an amount is read back as it will be
    booked, and what is not in `typed` as not known."""
    if shown.step.say is None:
        return None
    fields = {one.name for one in shown.step.captures}
    before = {name: value for name, value in given.items() if name not in fields}
    seen = ground(procedure, facts, given)
    return replace(seen, given={**before, **typed}).fill(shown.step.say)


def _said(step: Step, captures: tuple[CaptureView, ...], seen: Ground) -> Text | None:
    if step.say is None:
        return None
    offered = {one.capture.name: one.value for one in captures if one.value is not None}
    return replace(seen, given={**seen.given, **offered}).fill(step.say)


def sources(step: Step) -> tuple[str, ...]:
    """Ids of the documented facts that a step and its elements realise, in order, once each."""
    parts: list[Check | Capture | Way | Option | Timer] = [*step.checks, *step.captures, *step.ways]
    parts.extend([*step.options, *step.timers])
    found = [*step.realises]
    for part in parts:
        found.extend(part.realises)
    for option in step.options:
        for move in option.clocks:
            found.extend(move.realises)
    return tuple(dict.fromkeys(found))


def offer_of(option: Option, seen: Ground) -> tuple[Offer, Verdict]:
    """Whether an option is offered. An unknown guard never opens one (and so never a money outcome)."""
    verdict = evaluate(option.guard, seen.facts, seen.given)
    if verdict.truth:
        return Offer.OFFERED, verdict
    return (Offer.UNKNOWN if verdict.truth is None else Offer.REFUSED), verdict


def taken(step: Step, seen: Ground) -> Way | None:
    """The first way that is true, if no earlier one is in doubt."""
    for way in step.ways:
        truth = evaluate(way.guard, seen.facts, seen.given).truth
        if truth:
            return way
        if truth is None:
            return None
    return None


def only_option(step: Step, seen: Ground) -> Option | None:
    """The one option of a silent step when the facts leave no other, and it does nothing (UX 10)."""
    if not step.silent or step.type in (StepType.WAIT, StepType.LOOK):
        return None
    offered = []
    for option in step.options:
        offer, _ = offer_of(option, seen)
        if offer is Offer.UNKNOWN:
            return None
        if offer is Offer.OFFERED:
            offered.append(option)
    if len(offered) != 1 or offered[0].effects or offered[0].needs or offered[0].clocks:
        return None
    return offered[0]


def chooses(step: Step) -> bool:
    """Whether a person may have to choose among the system's own ways: a look whose facts are unknown."""
    return step.type is StepType.LOOK and not step.options


def way_as_option(way: Way) -> Option:
    """A way as a numbered answer, for a look whose facts cannot be told."""
    return Option(
        code=way.code,
        label=way.label,
        guard=way.guard,
        goto=way.goto,
        outcome=way.outcome,
        realises=way.realises,
    )


def _options(step: Step, seen: Ground, kept: Answer | None) -> list[OptionView]:
    if chooses(step):
        return [_way_view(number, way, seen, kept) for number, way in enumerate(step.ways, 1)]
    views = [_option_view(number, option, seen, kept) for number, option in enumerate(step.options, 1)]
    spoken_for = {
        one.number
        for one, option in zip(views, step.options, strict=True)
        if one.offer is Offer.OFFERED and _preferred(option, seen)
    }
    # What the facts speak for stands before what is usual.
    return [replace(one, primary=one.number in spoken_for) for one in views] if spoken_for else views


def _preferred(option: Option, seen: Ground) -> bool:
    return option.prefer is not None and evaluate(option.prefer, seen.facts, seen.given).truth is True


def _option_view(number: int, option: Option, seen: Ground, kept: Answer | None) -> OptionView:
    offer, verdict = offer_of(option, seen)
    risks = [use.risk for use in option.effects]
    return OptionView(
        number=number,
        code=option.code,
        label=seen.fill(option.label),
        offer=offer,
        reasons=verdict.because,
        why=why_not(option, verdict, seen),
        primary=option.primary and offer is Offer.OFFERED,
        kept=kept is not None and kept.option == option.code,
        needs=option.needs,
        binding=option.binding,
        risk=max(risks, key=_ORDER.index) if risks else None,
        outcome=option.outcome,
    )


def _way_view(number: int, way: Way, seen: Ground, kept: Answer | None) -> OptionView:
    verdict = evaluate(way.guard, seen.facts, seen.given)
    offer = Offer.REFUSED if verdict.truth is False else Offer.OFFERED
    option = way_as_option(way)
    return OptionView(
        number=number,
        code=way.code,
        label=seen.fill(way.label),
        offer=offer,
        reasons=verdict.because,
        why=None if offer is Offer.OFFERED else why_not(option, verdict, seen),
        primary=False,
        kept=kept is not None and kept.option == way.code,
        needs=(),
        binding=False,
        risk=None,
        outcome=way.outcome,
    )


def why_not(option: Option, verdict: Verdict, seen: Ground) -> Text | None:
    """Why an option is not offered, in words: those of the first comparison that failed and has some, the
    option's own, else what the first one compared."""
    if verdict.truth:
        return None
    for finding in verdict.because:
        if finding.truth is not None and finding.leaf.why is not None:
            return seen.fill(finding.leaf.why)
    told = any(finding.truth is not None for finding in verdict.because)
    if option.why is not None and told:
        return seen.fill(option.why)
    for finding in verdict.because:
        return explain(finding, seen.specs)
    return option.why


def _check(check: Check, seen: Ground) -> CheckView:
    truth = evaluate(check.guard, seen.facts, seen.given).truth
    if check.plain:
        # There is no rule to break: what is known to be nothing is no fault, what cannot be told is open.
        truth = None if look_up(check.fact, seen.facts, seen.given) is UNKNOWN else True
    spec = spec_of(check.fact, seen.specs)
    label = check.label or (spec.label if spec is not None else Text(check.fact, check.fact))

    def value(language: str) -> str:
        words = spell(check.fact, seen.facts, seen.given, seen.specs, language)
        unit = spec.unit if spec is not None and language == "zh" and words.isdigit() else ""
        return f"{words}{unit}"

    return CheckView(
        label=seen.fill(label),
        value=Text(value("zh"), value("en")),
        rule=seen.fill(check.rule) if check.rule is not None else _rule(check, seen),
        truth=truth,
        fact=check.fact,
        sources=check.realises,
        plain=check.plain,
    )


def _rule(check: Check, seen: Ground) -> Text:
    for leaf in leaves(check.guard):
        finding = _finding(leaf, seen, inverted=isinstance(check.guard, NotOf))
        own = leaf is check.guard and leaf.fact == check.fact
        same = leaf.op is Op.EQ and leaf.value == finding.actual
        if own and (same or is_sign(finding) or (finding.truth and leaf.op in (Op.KNOWN, Op.MISSING))):
            break  # it would say the value a second time
        return Text(spell_rule(finding, seen.specs, "zh"), spell_rule(finding, seen.specs, "en"))
    return Text("", "")


def _finding(leaf: Leaf, seen: Ground, *, inverted: bool) -> Finding:
    wanted: FactValue = leaf.value
    if leaf.value_fact is not None:
        wanted = look_up(leaf.value_fact, seen.facts, seen.given)
    truth = evaluate(leaf, seen.facts, seen.given).truth
    return Finding(leaf, truth, look_up(leaf.fact, seen.facts, seen.given), wanted, inverted)


def _capture(step: Step, capture: Capture, seen: Ground, kept: Answer | None) -> CaptureView:
    value: GivenValue | None = None
    if kept is not None:
        value = kept.captures.get(capture.name)
    if value is None and not (capture.secret or capture.fresh):
        value = seen.given.get(capture.name)
    if value is None and capture.prefill is not None:
        fact = look_up(capture.prefill, seen.facts, seen.given)
        if fact is not None and fact is not UNKNOWN and capture.type is not CaptureType.FACTOR:
            value = fact
    needed = any(capture.name in option.needs for option in step.options)
    return CaptureView(capture, value, needed)
