"""What is wrong with a procedure: found before a customer is on the line, never during a walk."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bdesk.rules.walk import graph
from bdesk.rules.walk.check_opening import Fault, check_opening, check_settings
from bdesk.rules.walk.check_tasks import check_task
from bdesk.rules.walk.elements import FITS, Element, elements
from bdesk.rules.walk.guards import leaves
from bdesk.rules.walk.model import (
    ALWAYS,
    HERE,
    AllOf,
    CaptureType,
    ClockMove,
    EffectUse,
    Guard,
    Leaf,
    NotOf,
    Op,
    Option,
    Param,
    Procedure,
    Step,
)
from bdesk.rules.walk.values import GIVEN, EffectSpec, FactSpec, FactType, Known, LetterSpec, ParamSpec, Text
from bdesk.rules.walk.words import places

_HAN = re.compile("[\u3400-\u9fff]")
_BRAND = re.compile("[Bb]特派")
_PROMISE = re.compile("保证.{0,12}一定")
_ORDERED = frozenset({FactType.INT, FactType.MONEY, FactType.DATE, FactType.INSTANT})
_NUMBERS = frozenset({FactType.INT, FactType.MONEY})
CASE_FIELDS = frozenset({"case.reason", "case.subject", "case.desired", "case.items", "case.subtype"})
"""What of a case an answer may be stored as."""
_ORDER_OPS = frozenset({Op.LT, Op.LE, Op.GT, Op.GE})


@dataclass(slots=True)
class _Checker:
    procedure: Procedure
    known: Known
    given: dict[str, FactType] = field(default_factory=dict)

    def run(self) -> Iterator[Fault]:
        yield from self._graph()
        yield from self._words()
        yield from self._sources()
        code = self.procedure.code
        for kind in self.procedure.kinds:
            if kind not in self.known.kinds:
                yield Fault("kind.unknown", code, kind)
        yield from check_opening(self.procedure, self.known)
        for field_name in self.procedure.stores.values():
            if field_name not in CASE_FIELDS:
                yield Fault("fact.unknown", f"{code}: stores", field_name)
        for name in self.procedure.stores:
            if name not in self.given:
                yield Fault("capture.unknown", f"{code}: stores", name)
        for step in self.procedure.steps:
            yield from self._step(step)

    # The whole -------------------------------------------------------------------------------

    def _graph(self) -> Iterator[Fault]:
        ids = [step.id for step in self.procedure.steps]
        for one in sorted({one for one in ids if ids.count(one) > 1}):
            yield Fault("step.twice", one)
        if not self.procedure.has(self.procedure.entry):
            yield Fault("step.unknown", f"{self.procedure.code}: entry", self.procedure.entry)
            return
        for edge in graph.edges(self.procedure):
            if edge.target is not None and not self.procedure.has(edge.target):
                yield Fault("step.unknown", f"{edge.start}.{edge.code}", edge.target)
        for one in graph.unreachable(self.procedure):
            yield Fault("step.unreachable", one)
        for one in graph.dead_ends(self.procedure):
            yield Fault("step.dead_end", one)
        for ring in graph.keyless_loops(self.procedure):
            yield Fault("loop.keyless", ring[0], " > ".join(ring))

    def _words(self) -> Iterator[Fault]:
        for element in elements(self.procedure):
            for text in element.texts:
                yield from check_text(element.where, text, self.known)
                for name in places(text):
                    yield from self._name(element.where, name)

    def _sources(self) -> Iterator[Fault]:
        for element in elements(self.procedure):
            yield from check_sources(element, self.known)

    # Steps -----------------------------------------------------------------------------------

    def _step(self, step: Step) -> Iterator[Fault]:
        where = f"{self.procedure.code}: {step.id}"
        yield from self._form(where, step)
        yield from self._ways(where, step)
        for check in step.checks:
            yield from self._name(where, check.fact)
            yield from self._guard(where, check.guard)
        for capture in step.captures:
            if capture.prefill is not None:
                yield from self._name(where, capture.prefill)
            if self.given.get(capture.name) is not given_type(capture.type):
                yield Fault("capture.clash", where, capture.name)
        for timer in step.timers:
            yield from self._outcome(where, timer.outcome)
            if timer.letter is not None:
                yield from self._letter(where, timer.letter, dict(timer.slots))
        for option in step.options:
            yield from self._option(f"{where}.{option.code}", step, option)

    def _form(self, where: str, step: Step) -> Iterator[Fault]:
        if not 0 <= step.stage < len(self.procedure.stages):
            yield Fault("stage.unknown", where, str(step.stage + 1))
        for codes in ([way.code for way in step.ways], [option.code for option in step.options]):
            for code in sorted({code for code in codes if codes.count(code) > 1}):
                yield Fault("option.twice", where, code)
        if len(step.ways) > 9 or sum(option.primary for option in step.options) > 1:
            yield Fault("option.too_many", where)
        if step.group is not None and step.group not in self.known.groups:
            yield Fault("group.unknown", where, step.group)
        if step.group is not None and any(option.outcome is not None for option in step.options):
            yield Fault("hand_off.ends", where)
        if step.kind is not None and step.kind not in self.known.kinds:
            yield Fault("kind.unknown", where, step.kind)

    def _outcome(self, where: str, outcome: str | None) -> Iterator[Fault]:
        if outcome is not None and outcome not in self.known.outcomes:
            yield Fault("outcome.unknown", where, outcome)

    def _ways(self, where: str, step: Step) -> Iterator[Fault]:
        open_way = False
        for way in step.ways:
            if open_way:
                yield Fault("way.shadowed", where, way.code)
            open_way = open_way or way.guard == ALWAYS
            yield from self._guard(where, way.guard)
            yield from self._outcome(where, way.outcome)
            if way.goto == HERE:
                yield Fault("loop.keyless", where, way.code)

    def _option(self, where: str, step: Step, option: Option) -> Iterator[Fault]:
        for guard in (option.guard, option.accept, option.prefer or ALWAYS):
            yield from self._guard(where, guard)
        for name in option.needs:
            if step.capture(name) is None:
                yield Fault("capture.unknown", where, name)
        yield from self._outcome(where, option.outcome)
        if option.reject is not None and option.reject not in self.known.rejects:
            yield Fault("reject.unknown", where, option.reject)
        if option.money and option.guard == ALWAYS:
            yield Fault("money.unguarded", where)
        for move in option.clocks:
            yield from self._clock(where, move)
        for use in option.effects:
            yield from self._guard(where, use.when)
            yield from self._effect(where, use)

    # Names -----------------------------------------------------------------------------------

    def _name(self, where: str, name: str) -> Iterator[Fault]:
        if name.startswith(GIVEN):
            if name[len(GIVEN) :] not in self.given:
                yield Fault("capture.unknown", where, name[len(GIVEN) :])
        elif name not in self.known.facts:
            yield Fault("slot.unknown" if "." not in name else "fact.unknown", where, name)

    def _clock(self, where: str, move: ClockMove) -> Iterator[Fault]:
        if move.kind not in self.known.clocks:
            yield Fault("clock.unknown", where, move.kind)
        yield from check_settings(where, move, self.known)
        if move.since is not None:
            yield from self._name(where, move.since)
        for _, param in move.settings:
            yield from self._param_names(where, param)

    def _spec(self, name: str) -> FactSpec | None:
        if name.startswith(GIVEN):
            kind = self.given.get(name[len(GIVEN) :])
            return None if kind is None else FactSpec(name, kind, Text(name, name))
        return self.known.facts.get(name)

    def _guard(self, where: str, guard: Guard) -> Iterator[Fault]:
        for leaf in leaves(guard):
            yield from self._name(where, leaf.fact)
            if leaf.value_fact is not None:
                yield from self._name(where, leaf.value_fact)
            yield from self._leaf(where, leaf)
        yield from _contradictions(where, guard)

    def _leaf(self, where: str, leaf: Leaf) -> Iterator[Fault]:
        spec = self._spec(leaf.fact)
        if spec is None:
            return
        if leaf.value_fact is not None:
            other = self._spec(leaf.value_fact)
            same = other is not None and (other.type is spec.type or {other.type, spec.type} <= _NUMBERS)
            one_of = spec.type is FactType.CODES and leaf.op is Op.HAS
            same = same or (one_of and other is not None and other.type is FactType.CODE)
            if other is not None and not same:
                yield Fault("guard.types", where, f"{leaf.fact} {leaf.op.value} {leaf.value_fact}")
            return
        if leaf.op in _ORDER_OPS and spec.type not in _ORDERED:
            yield Fault("guard.types", where, f"{leaf.fact} {leaf.op.value}")
        elif leaf.op not in (Op.KNOWN, Op.MISSING) and not _fits(leaf, spec):
            yield Fault("guard.never", where, f"{leaf.fact} {leaf.op.value} {leaf.value}")
        elif leaf.op is Op.MISSING and not spec.absent and not leaf.fact.startswith(GIVEN):
            yield Fault("guard.never", where, f"{leaf.fact} missing")

    # Effects ---------------------------------------------------------------------------------

    def _effect(self, where: str, use: EffectUse) -> Iterator[Fault]:
        spec = self.known.effects.get(use.effect)
        if spec is None:
            yield Fault("effect.unknown", where, use.effect)
            return
        params = dict(use.params)
        declared = {param.name: param for param in spec.params}
        for name in params.keys() - declared.keys():
            yield Fault("param.unknown", where, f"{use.effect}.{name}")
        for name, param in declared.items():
            if name in params:
                yield from self._param(where, spec, param, params[name])
            elif param.required:
                yield Fault("param.missing", where, f"{use.effect}.{name}")
        yield from check_task(where, use, self.known)
        letter = params.get("letter")
        if letter is not None and isinstance(letter.literal, str):
            slots = params.get("slots")
            yield from self._letter(
                where, letter.literal, dict(slots.slots or ()) if slots is not None else {}
            )

    def _param(self, where: str, spec: EffectSpec, want: ParamSpec, param: Param) -> Iterator[Fault]:
        yield from self._param_names(where, param)
        fault = Fault("param.wrong", where, f"{spec.name}.{want.name}")
        registries = {
            "clock": ("clock.unknown", self.known.clocks),
            "letter": ("letter.unknown", frozenset(self.known.letters)),
            "kind": ("kind.unknown", self.known.kinds),
            "group": ("group.unknown", self.known.groups),
            "outcome": ("outcome.unknown", self.known.outcomes),
            "reject": ("reject.unknown", self.known.rejects),
            "choice": ("param.wrong", frozenset(want.choices)),
        }
        if want.type in registries and param.name is None:
            code, names = registries[want.type]
            if param.literal not in names:
                yield Fault(code, where, f"{spec.name}.{want.name} {param.literal}")
        elif want.type == "slots":
            if param.slots is None:
                yield fault
        elif want.type == "money":
            source = self._spec(param.name) if param.name is not None else None
            literal = isinstance(param.literal, int) and not isinstance(param.literal, bool)
            if (param.name is None and not literal) or (
                source is not None and source.type is not FactType.MONEY
            ):
                yield fault
        elif want.type in ("int", "bool"):
            kind = int if want.type == "int" else bool
            if param.name is None and type(param.literal) is not kind:
                yield fault

    def _param_names(self, where: str, param: Param) -> Iterator[Fault]:
        if param.name is not None:
            yield from self._name(where, param.name)
        for _, slot in param.slots or ():
            yield from self._param_names(where, slot)

    def _letter(self, where: str, code: str, slots: dict[str, Param]) -> Iterator[Fault]:
        letter = self.known.letters.get(code)
        if letter is None:
            yield Fault("letter.unknown", where, code)
            return
        declared = {slot.name: slot for slot in letter.slots}
        for name, param in slots.items():
            yield from self._param_names(where, param)
            if name not in declared:
                yield Fault("slot.unknown", where, f"{code}.{name}")
        for name, slot in declared.items():
            if slot.source is None and name not in slots:
                yield Fault("slot.empty", where, f"{code}.{name}")


def check(procedure: Procedure, known: Known) -> tuple[Fault, ...]:
    """Everything wrong with a procedure; empty when it may be used."""
    given: dict[str, FactType] = {}
    for step in procedure.steps:
        for capture in step.captures:
            given.setdefault(capture.name, given_type(capture.type))
        for option in step.options:
            for name, _ in option.sets:
                given.setdefault(name, FactType.CODE)
    return tuple(dict.fromkeys(_Checker(procedure, known, given).run()))


def check_letter(letter: LetterSpec, texts: tuple[Text, ...], known: Known) -> tuple[Fault, ...]:
    """Everything wrong with a letter: slots nobody declares or nothing fills, words no letter may hold."""
    faults: list[Fault] = []
    declared = {slot.name: slot for slot in letter.slots}
    where = f"letter {letter.code}"
    for text in texts:
        faults.extend(check_text(where, text, known))
        faults.extend(Fault("slot.unknown", where, name) for name in places(text) if name not in declared)
        if "http" in text.zh + text.en:
            faults.append(Fault("letter.link", where))
    for slot in letter.slots:
        spec = known.facts.get(slot.source) if slot.source is not None else None
        if slot.source is not None and spec is None:
            faults.append(Fault("fact.unknown", where, slot.source))
        elif spec is not None and spec.type is not slot.type:
            faults.append(Fault("slot.type", where, slot.name))
        if all(slot.name not in set(places(text)) for text in texts):
            faults.append(Fault("slot.unused", where, slot.name))
    return tuple(dict.fromkeys(faults))


def check_sources(element: Element, known: Known) -> Iterator[Fault]:
    """Documented facts an element names but which do not exist, or do not fit on it."""
    for one in element.realises:
        kind = known.documented.get(one)
        if kind is None:
            yield Fault("source.unknown", element.where, one)
        elif element.kind not in FITS.get(kind, frozenset({element.kind})):
            yield Fault("source.misplaced", element.where, f"{one} ({kind})")


def check_text(where: str, text: Text, known: Known) -> Iterator[Fault]:
    """Missing translations, places in one language only, and banned phrases."""
    if not text.zh.strip() and not text.en.strip():
        return
    if not text.zh.strip() or not text.en.strip() or _HAN.search(_BRAND.sub("", text.en)):
        yield Fault("text.untranslated", where, text.zh)
    if set(places(Text(text.zh, ""))) != set(places(Text("", text.en))):
        yield Fault("text.places", where, text.zh)
    for phrase in known.banned:
        if phrase in text.zh:
            yield Fault("text.banned", where, phrase)
    if _PROMISE.search(text.zh):
        yield Fault("text.banned", where, "保证..一定..")


def given_type(kind: CaptureType) -> FactType:
    """The type an answer of a field is compared and spelt by."""
    return {
        CaptureType.AMOUNT: FactType.MONEY,
        CaptureType.DATE: FactType.DATE,
        CaptureType.YESNO: FactType.BOOL,
        CaptureType.CHOICE: FactType.CODE,
        CaptureType.ITEMS: FactType.CODES,
        CaptureType.EVIDENCE: FactType.CODES,
    }.get(kind, FactType.TEXT)


def _fits(leaf: Leaf, spec: FactSpec) -> bool:
    value = leaf.value
    if leaf.op is Op.IN:
        return (
            isinstance(value, tuple)
            and bool(value)
            and all(not spec.values or one in spec.values for one in value)
        )
    if spec.type is FactType.BOOL:
        return isinstance(value, bool)
    if spec.type in _NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if spec.type in (FactType.DATE, FactType.INSTANT):
        return False
    return isinstance(value, str) and (not spec.values or value in spec.values)


def _contradictions(where: str, guard: Guard) -> Iterator[Fault]:
    """Comparisons of one fact under one `all` that exclude each other."""
    if isinstance(guard, NotOf):
        yield from _contradictions(where, guard.part)
        return
    if isinstance(guard, Leaf):
        return
    for part in guard.parts:
        yield from _contradictions(where, part)
    if not isinstance(guard, AllOf):
        return
    allowed: dict[str, set[object]] = {}
    for leaf in (part for part in guard.parts if isinstance(part, Leaf) and part.value_fact is None):
        if leaf.op not in (Op.EQ, Op.IN):
            continue
        values: set[object] = {*leaf.value} if isinstance(leaf.value, tuple) else {leaf.value}
        allowed[leaf.fact] = allowed.get(leaf.fact, values) & values
        if not allowed[leaf.fact]:
            yield Fault("guard.never", where, f"{leaf.fact} {leaf.op.value} {leaf.value}")


__all__ = ["CASE_FIELDS", "Fault", "check", "check_letter", "check_sources", "check_text", "given_type"]
