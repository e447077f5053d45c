"""From the written form to the frozen one: fragments spliced in, exits tied, effects given their risk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bdesk.data.book.files import Source, bad, fit, position
from bdesk.data.book.passing import passed_on
from bdesk.data.book.schema import (
    AnyParam,
    RawCapture,
    RawCheck,
    RawClock,
    RawEffect,
    RawFragment,
    RawGuard,
    RawOpens,
    RawOption,
    RawParam,
    RawProcedure,
    RawStep,
    RawText,
    RawTimer,
    RawWay,
)
from bdesk.errors import BadInput
from bdesk.rules.walk.check import given_type
from bdesk.rules.walk.model import (
    ALWAYS,
    HERE,
    AllOf,
    AnyOf,
    Capture,
    Check,
    Choice,
    ClockMove,
    ClockVerb,
    EffectUse,
    Guard,
    Leaf,
    NotOf,
    Op,
    Opens,
    Option,
    Param,
    Procedure,
    Step,
    StepType,
    Timer,
    Way,
)
from bdesk.rules.walk.values import GIVEN, EffectSpec, FactSpec, Risk, Text

EXIT = "exit:"
Path = tuple[int | str, ...]
RawFragments = Mapping[str, tuple[Source, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where steps are being built: the file, the prefix of ids, the stage inherited, where exits lead."""

    found: Source
    prefix: str
    stage: int
    fragment: str | None
    exits: Mapping[str, str]
    trail: tuple[str, ...]


class Builder:
    """Builds procedures from one set of fragments, facts and effects."""

    def __init__(
        self, fragments: RawFragments, facts: Mapping[str, FactSpec], effects: Mapping[str, EffectSpec]
    ) -> None:
        self.fragments = fragments
        self.facts = facts
        self.effects = effects

    def procedure(self, found: Source, data: dict[str, Any], digest: str) -> Procedure:
        """The frozen procedure of a file. Raises BadBook with file, line and column."""
        raw = fit(found, RawProcedure, data)
        scope = _Scope(found, "", 0, None, {}, ())
        entries: dict[str, str] = {}
        steps = self._steps(raw.steps, scope, ("steps",), entries)
        return Procedure(
            code=raw.procedure,
            version=raw.version,
            kinds=tuple(raw.kinds),
            title=_text(raw.title),
            stages=tuple(_text(stage) for stage in raw.stages),
            entry=entries.get(raw.entry, raw.entry),
            steps=passed_on(_settle(steps, entries), entries.get(raw.entry, raw.entry)),
            opens=tuple(_opens(one) for one in raw.opens),
            stores=dict(raw.stores),
            facts={**self.facts, **_given_specs(steps)},
            realises=tuple(raw.realises),
            digest=digest,
            path=found.name,
        )

    def _steps(self, raws: list[RawStep], scope: _Scope, path: Path, entries: dict[str, str]) -> list[Step]:
        """Steps in order. `entries` learns where each call really begins."""
        made: list[Step] = []
        for place, raw in enumerate(raws):
            if raw.type is StepType.CALL:
                made.extend(self._call(raw, scope, (*path, place), entries))
            else:
                made.append(self._step(raw, scope))
        return made

    def _call(self, raw: RawStep, scope: _Scope, at: Path, entries: dict[str, str]) -> list[Step]:
        name = raw.fragment or ""
        if name not in self.fragments:
            raise _refused(scope, at, f"unknown fragment {name}")
        if name in scope.trail:
            raise _refused(scope, at, f"fragment {name} calls itself ({' > '.join((*scope.trail, name))})")
        found, data = self.fragments[name]
        declared = data.get("params") or []
        params = {str(key): value for key, value in raw.with_.items()}
        if set(params) != set(declared):
            raise _refused(scope, at, f"fragment {name} takes {sorted(declared)}, not {sorted(params)}")
        fragment = fit(found, RawFragment, _with_params(data, params))
        if set(raw.exits) != set(fragment.exits):
            raise _refused(scope, at, f"fragment {name} has exits {sorted(fragment.exits)}, all to be tied")
        exits = {end: _goto(goto, scope) or "" for end, goto in raw.exits.items()}
        prefix = f"{scope.prefix}{raw.id}/"
        stage = raw.stage - 1 if raw.stage is not None else scope.stage
        inner = _Scope(found, prefix, stage, name, exits, (*scope.trail, name))
        steps = self._steps(fragment.steps, inner, ("steps",), entries)
        begin = f"{prefix}{fragment.entry}"
        entries[f"{scope.prefix}{raw.id}"] = begin
        return steps

    def _step(self, raw: RawStep, scope: _Scope) -> Step:
        stage = raw.stage - 1 if raw.stage is not None and scope.fragment is None else scope.stage
        title = _text(raw.title) if raw.title is not None else Text("", "")
        captures = tuple(_capture(capture) for capture in raw.captures)
        options = tuple(self._option(option, captures, scope) for option in raw.options)
        if not options and raw.type in (StepType.CONVERT, StepType.HAND_OFF):
            options = (self._passing_on(raw, title, scope),)
        return Step(
            id=f"{scope.prefix}{raw.id}",
            type=raw.type,
            stage=stage,
            title=title,
            say=_text(raw.say) if raw.say is not None else None,
            checks=tuple(_check(check) for check in raw.checks),
            captures=captures,
            ways=tuple(_way(way, scope) for way in raw.ways),
            options=options,
            usual_seconds=raw.usual_seconds,
            timers=tuple(_timer(timer, scope) for timer in raw.timers),
            waits_for=raw.waits_for,
            group=raw.group,
            kind=raw.kind,
            once=raw.once,
            fragment=scope.fragment,
            realises=tuple(raw.realises),
        )

    def _passing_on(self, raw: RawStep, title: Text, scope: _Scope) -> Option:
        """What such a step does: another kind ends this walk; a group goes on where the step says."""
        converts = raw.type is StepType.CONVERT
        name, param = ("case.convert", "kind") if converts else ("case.hand_off", "group")
        literal = raw.kind if converts else raw.group
        use = self._use(RawEffect.model_validate({"effect": name, "with": {param: literal}}))
        goto = None if converts else _goto(raw.goto, scope)
        outcome = "converted" if converts else None if goto is not None else "handed_off"
        return Option(code="go", label=title, effects=(use,), goto=goto, outcome=outcome, primary=True)

    def _option(self, raw: RawOption, captures: tuple[Capture, ...], scope: _Scope) -> Option:
        needs = tuple(raw.needs) if raw.needs is not None else tuple(c.name for c in captures if c.required)
        return Option(
            code=raw.code,
            label=_text(raw.label),
            guard=_guard(raw.guard),
            accept=_guard(raw.accept),
            why=_text(raw.why) if raw.why is not None else None,
            needs=needs,
            sets=tuple(raw.sets.items()),
            effects=tuple(self._use(effect) for effect in raw.effects),
            clocks=tuple(_clock(clock) for clock in raw.clocks),
            goto=_goto(raw.goto, scope),
            outcome=raw.outcome,
            reject=raw.reject,
            primary=raw.primary,
            prefer=_guard(raw.prefer) if raw.prefer is not None else None,
            realises=tuple(raw.realises),
        )

    def _use(self, raw: RawEffect) -> EffectUse:
        spec = self.effects.get(raw.effect)
        return EffectUse(
            effect=raw.effect,
            params=tuple((name, _param(value)) for name, value in raw.with_.items()),
            # An effect nobody knows is held to be the worst kind; `check` refuses it by name.
            risk=spec.risk if spec is not None else Risk.MONEY,
            binding=spec.binding if spec is not None else True,
            when=_guard(raw.when),
        )


def _given_specs(steps: list[Step]) -> dict[str, FactSpec]:
    """How answers are spelt: a chosen code by the label of its choice."""
    return {
        f"{GIVEN}{capture.name}": FactSpec(
            name=f"{GIVEN}{capture.name}",
            type=given_type(capture.type),
            label=capture.label,
            values={choice.code: choice.label for choice in capture.choices},
        )
        for step in steps
        for capture in step.captures
    }


def _refused(scope: _Scope, at: Path, reason: str) -> BadInput:
    # The place is looked up only now: it costs another parse of the file.
    return bad(scope.found, *position(scope.found, at), reason)


def _settle(steps: list[Step], entries: Mapping[str, str]) -> tuple[Step, ...]:
    """Ways that lead to a call lead to the first step of its fragment, through calls of calls."""

    def real(goto: str | None) -> str | None:
        seen: set[str] = set()
        while goto is not None and goto in entries and goto not in seen:
            seen.add(goto)
            goto = entries[goto]
        return goto

    return tuple(
        replace(
            step,
            ways=tuple(replace(way, goto=real(way.goto)) for way in step.ways),
            options=tuple(replace(option, goto=real(option.goto)) for option in step.options),
            timers=tuple(replace(timer, goto=real(timer.goto)) for timer in step.timers),
        )
        for step in steps
    )


def _with_params(node: Any, params: Mapping[str, bool | int | str]) -> Any:
    """The fragment with `{param: name}` and `{param.name}` put in; the shape stays, so positions do too."""
    if isinstance(node, dict):
        if set(node) == {"param"} and node["param"] in params:
            return params[node["param"]]
        return {key: _with_params(value, params) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_params(value, params) for value in node]
    if isinstance(node, str):
        for name, value in params.items():
            node = node.replace(f"{{param.{name}}}", str(value))
    return node


def _goto(goto: str | None, scope: _Scope) -> str | None:
    if goto is None or goto == HERE:
        return goto
    if goto.startswith(EXIT):
        return scope.exits.get(goto[len(EXIT) :], goto)
    return f"{scope.prefix}{goto}"


def _text(raw: RawText) -> Text:
    return Text(" ".join(raw.zh.split("\n")).strip(), " ".join(raw.en.split()).strip())


def _guard(raw: RawGuard | list[RawGuard] | None) -> Guard:
    if raw is None:
        return ALWAYS
    if isinstance(raw, list):
        return AllOf(tuple(_guard(part) for part in raw))
    if raw.all is not None:
        return AllOf(tuple(_guard(part) for part in raw.all))
    if raw.any is not None:
        return AnyOf(tuple(_guard(part) for part in raw.any))
    if raw.not_ is not None:
        return NotOf(_guard(raw.not_))
    value = tuple(raw.value) if isinstance(raw.value, list) else raw.value
    why = None if raw.why is None else _text(raw.why)
    return Leaf(raw.fact or "", raw.op or Op.KNOWN, value, raw.value_fact, why)


def _param(raw: AnyParam | dict[str, AnyParam]) -> Param:
    if isinstance(raw, dict):
        return Param(slots=tuple((name, _param(value)) for name, value in raw.items()))
    if not isinstance(raw, RawParam):
        return Param(literal=raw)
    if raw.text is not None:
        return Param(text=_text(raw.text))
    return Param(name=raw.fact if raw.fact is not None else f"{GIVEN}{raw.given}")


def _clock(raw: RawClock) -> ClockMove:
    verb, kind = next(
        (verb, getattr(raw, verb.value)) for verb in ClockVerb if getattr(raw, verb.value) is not None
    )
    settings = tuple((name, _param(value)) for name, value in raw.with_.items())
    return ClockMove(verb, kind, settings, raw.since, tuple(raw.realises))


def _opens(raw: RawOpens) -> Opens:
    settings = tuple((name, _param(value)) for name, value in raw.with_.items())
    move = ClockMove(ClockVerb.START, raw.start, settings, raw.since, tuple(raw.realises))
    return Opens(move, tuple(raw.kinds), tuple(raw.channels), tuple(raw.unless))


def _timer(raw: RawTimer, scope: _Scope) -> Timer:
    slots = tuple((name, _param(value)) for name, value in raw.slots.items())
    return Timer(
        after_days=raw.after_days or 0,
        do=raw.do,
        letter=raw.letter,
        outcome=raw.outcome,
        goto=_goto(raw.goto, scope),
        slots=slots,
        realises=tuple(raw.realises),
        after_minutes=raw.after_minutes or 0,
    )


def _check(raw: RawCheck) -> Check:
    if raw.guard is not None:
        guard = _guard(raw.guard)
    else:
        value = tuple(raw.value) if isinstance(raw.value, list) else raw.value
        guard = Leaf(raw.fact, raw.op or Op.KNOWN, value, raw.value_fact)
    return Check(
        guard=guard,
        fact=raw.fact,
        label=_text(raw.label) if raw.label is not None else None,
        rule=_text(raw.rule)
        if raw.rule is not None
        else (Text(" ", " ") if raw.op is None and not raw.guard else None),
        realises=tuple(raw.realises),
        plain=raw.op is None and raw.guard is None,
    )


def _capture(raw: RawCapture) -> Capture:
    return Capture(
        name=raw.name,
        type=raw.type,
        label=_text(raw.label),
        help=_text(raw.help) if raw.help is not None else None,
        required=raw.required,
        length=raw.length,
        choices=tuple(Choice(choice.code, _text(choice.label)) for choice in raw.choices),
        prefill=raw.prefill,
        factor=raw.factor,
        fresh=raw.fresh,
        when=raw.when,
        realises=tuple(raw.realises),
    )


def _way(raw: RawWay, scope: _Scope) -> Way:
    return Way(
        code=raw.code,
        guard=_guard(raw.guard),
        goto=_goto(raw.goto, scope),
        label=_text(raw.label),
        outcome=raw.outcome,
        realises=tuple(raw.realises),
    )
