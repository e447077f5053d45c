"""Walks nobody planned: refund and general, for every kind of case, with whatever facts.

Never a dead end, never a refusal without its reason, never an effect outside its spec, and always an end.
"""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bdesk.data.book import loader
from bdesk.data.book.clocks import load_clocks
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, Department, RejectCode
from bdesk.rules.clock import target_of
from bdesk.rules.walk import graph
from bdesk.rules.walk.model import CaptureType, ClockVerb, Procedure, StepType
from bdesk.rules.walk.plan import acceptable
from bdesk.rules.walk.values import UNKNOWN, FactSpec, FactType, FactValue, GivenValue, ParamSpec
from bdesk.rules.walk.views import Offer, Planned, StepView
from tests.data.book.walking import NOON, S1, Agent
from tests.rules.typed_factors import SAID

NAMES = {
    "letter": frozenset(loader.letters()),
    "kind": frozenset(CaseKind),
    "group": frozenset(Department),
    "outcome": frozenset(CaseOutcome),
    "reject": frozenset(RejectCode),
}
TYPES: dict[str, type | tuple[type, ...]] = {"int": int, "bool": bool, "money": int, "slots": dict}
CLOCKS = load_clocks().kinds


def _value(spec: FactSpec, rng: random.Random) -> FactValue:
    if rng.random() < 0.1:
        return UNKNOWN
    if spec.absent and rng.random() < 0.3:
        return None
    if spec.name == "case.stoppable_clock":
        return rng.choice(["resolution", "refund_review"])
    values: dict[FactType, list[FactValue]] = {
        FactType.BOOL: [True, False],
        FactType.INT: [0, 1, 2, 3, 7, 48],
        FactType.MONEY: [0, 1, 12800, 50000, 99999999],
        FactType.CODE: [*sorted(spec.values)],
        FactType.CODES: [tuple(sorted(spec.values)[:1]), ()],
        FactType.DATE: [NOON.date()],
        FactType.INSTANT: [NOON],
        FactType.TEXT: ["文字"],
    }
    return rng.choice(values[spec.type])


def _filled(step: StepView, rng: random.Random) -> dict[str, GivenValue]:
    values: dict[CaptureType, GivenValue] = {
        CaptureType.AMOUNT: 1,
        CaptureType.YESNO: True,
        CaptureType.DATE: NOON.date(),
        CaptureType.ITEMS: ("1",),
        CaptureType.EVIDENCE: ("EV1",),
        CaptureType.DIGITS: "0037",
    }
    filled: dict[str, GivenValue] = {}
    for view in step.captures:
        capture = view.capture
        value = rng.choice(capture.choices).code if capture.choices else values.get(capture.type, "0037")
        if capture.factor is not None:
            value = rng.choice(SAID[capture.factor])
        assert acceptable(capture, value)
        filled[capture.name] = value
    return filled


def _explained(step: StepView) -> None:
    for one in step.options:
        if one.offer is not Offer.OFFERED:
            assert one.why is not None, (step.step.id, one.code)
            assert one.why.zh, (step.step.id, one.code)
            assert one.why.en, (step.step.id, one.code)


def _fits(spec: ParamSpec, value: object) -> bool:
    if spec.type == "clock":
        return value in CLOCKS
    if spec.type == "choice":
        return value in spec.choices
    if spec.type in NAMES:
        return value in NAMES[spec.type]
    return isinstance(value, TYPES.get(spec.type, object))


def _within_spec(planned: Planned) -> None:
    for effect in planned.effects:
        spec = loader.effect_specs()[effect.effect]
        allowed = {param.name: param for param in spec.params}
        assert effect.params.keys() <= allowed.keys(), effect
        for name, param in allowed.items():
            assert name in effect.params or not param.required, (effect, name)
            assert name not in effect.params or _fits(param, effect.params[name]), (effect, name)
        slots = effect.params.get("slots")
        if isinstance(slots, dict):
            letter = loader.letters()[str(effect.params["letter"])].spec
            assert slots.keys() <= {slot.name for slot in letter.slots}
    for clock in planned.clocks:
        assert clock.move.kind in CLOCKS
        if clock.move.verb is ClockVerb.START:
            told = {name: value for name, value in clock.settings.items() if name != "since"}
            if UNKNOWN not in told.values():
                target_of(CLOCKS[clock.move.kind], told)


def distances(procedure: Procedure) -> dict[str, int]:
    """Answers to the nearest end, by step; what time alone brings about does not count."""
    timers = {timer.code for step in procedure.steps for timer in step.timers}
    ways = [edge for edge in graph.edges(procedure) if edge.code not in timers]
    far: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for edge in ways:
            there = 0 if edge.target is None else far.get(edge.target)
            if there is not None and there + 1 < far.get(edge.start, 10**6):
                far[edge.start] = there + 1
                changed = True
    return far


def _facts(kind: CaseKind, rng: random.Random) -> dict[str, FactValue]:
    facts = {name: _value(spec, rng) for name, spec in loader.fact_specs().items()}
    return {**facts, "case.kind": kind.value, "case.priority": rng.choice([1, 2, 3, 4])}


def _answer(agent: Agent, step: StepView, option: str, rng: random.Random) -> bool:
    try:
        _within_spec(agent.choose(option, None, **_filled(step, rng)))
    except NotAllowed as refused:
        assert refused.code in ("option.refused", "effect.untold")
        assert refused.code != "option.refused" or refused.params["why"] or refused.params["facts"]
        return False
    return True


@settings(max_examples=250)
@given(seed=st.integers(0, 10**9), kind=st.sampled_from(CaseKind))
def test_whatever_the_facts_there_is_always_a_way_and_every_refusal_says_why(
    seed: int, kind: CaseKind
) -> None:
    rng = random.Random(seed)
    agent = Agent(procedure=loader.procedure_for(kind))
    agent.facts = _facts(kind, rng)
    for _ in range(30):
        if agent.walk.finished is not None:
            return
        step = agent.step
        _explained(step)
        offered = [one for one in step.options if one.offer is Offer.OFFERED]
        # A step whose options all rest on facts that cannot be told is left by going back, or by F7.
        doubtful = any(one.offer is Offer.UNKNOWN for one in step.options)
        assert offered or doubtful or agent.walk.back_to, step.step.id
        if not offered:
            return
        _answer(agent, step, rng.choice(offered).code, rng)
        for name in rng.sample(sorted(agent.facts), 2):
            if name != "case.kind":
                agent.facts[name] = _value(loader.fact_specs()[name], rng)


@settings(max_examples=150)
@given(seed=st.integers(0, 10**9), kind=st.sampled_from(CaseKind))
def test_from_anywhere_the_end_is_near(seed: int, kind: CaseKind) -> None:
    rng = random.Random(seed)
    procedure = loader.procedure_for(kind)
    agent = Agent(procedure=procedure)
    agent.facts = _facts(kind, rng)
    for _ in range(rng.randrange(8)):
        step = agent.walk.current
        offered = [one for one in step.options if one.offer is Offer.OFFERED] if step is not None else []
        if step is None or not offered:
            break
        _answer(agent, step, rng.choice(offered).code, rng)
    # From here on the facts are those of a plain case whose result was told.
    told: dict[str, FactValue] = {"letters.result_sent": True, "appeal.result": "upheld"}
    agent.facts = {**S1, "case.kind": kind.value, "verification.level": 2, **told}
    far = distances(procedure)
    # The map does not know the facts: a way that came round to its beginning is not tried first again.
    tried = Counter[tuple[str, str]]()
    for _ in range(25):
        step = agent.walk.current
        if step is None:
            break
        # Every fact is known: a look that asks a person all the same rests on an answer nobody was asked for.
        assert step.step.type is not StepType.LOOK, step.step.id
        offered = [one for one in step.options if one.offer is Offer.OFFERED]
        options = {one.code: one for one in step.step.options}
        nearest = sorted(
            offered,
            key=lambda one: (
                tried[step.step.id, one.code],
                0 if options[one.code].outcome else far.get(str(options[one.code].goto), 10**6),
                one.number,
            ),
        )
        assert nearest, step.step.id
        taken = next((one.code for one in nearest if _answer(agent, step, one.code, rng)), None)
        assert taken is not None, step.step.id
        tried[step.step.id, taken] += 1
    assert agent.walk.finished is not None
