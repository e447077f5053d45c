"""One fault at a time: each must be found, and the sound procedure must have none."""

from dataclasses import replace
from typing import Any

import pytest

from bdesk.rules.walk import graph
from bdesk.rules.walk.check import check, check_letter
from bdesk.rules.walk.coverage import Covered, Declared, coverage
from bdesk.rules.walk.elements import Element, ElementKind, elements
from bdesk.rules.walk.model import (
    ALWAYS,
    AllOf,
    Capture,
    CaptureType,
    Check,
    ClockMove,
    ClockVerb,
    EffectUse,
    Leaf,
    Op,
    Option,
    Param,
    Procedure,
    Step,
    StepType,
    Way,
)
from bdesk.rules.walk.values import FactType, LetterSpec, Risk, SlotSpec, Text
from tests.rules.walk.small import KNOWN, PAID, SMALL, option, procedure, step, text


def one(*options: Option, **more: Any) -> Procedure:
    return procedure(step("one", *(options or (option("end", None, "solved"),)), **more))


def use(effect: str, risk: Risk = Risk.RECORD, **params: Param) -> EffectUse:
    return EffectUse(effect, tuple(params.items()), risk, risk is not Risk.RECORD)


def ending(**more: Any) -> Option:
    return option("end", None, "solved", **more)


LOOK_RING = procedure(
    step(
        "a",
        type_=StepType.LOOK,
        say=False,
        ways=(Way("x", PAID, "b", text("x")), Way("z", ALWAYS, None, text("z"), "solved")),
    ),
    step(
        "b",
        type_=StepType.LOOK,
        say=False,
        ways=(Way("y", PAID, "a", text("y")), Way("z", ALWAYS, None, text("z"), "solved")),
    ),
)
HAN = Text("文", "one 二")
MONEY = use("refund", Risk.MONEY, amount_fen=Param(literal=1))

FAULTS: list[tuple[str, Procedure]] = [
    ("step.unknown", one(option("go", "nowhere"), ending())),
    ("step.unreachable", procedure(step("one", ending()), step("lost", ending()))),
    (
        "step.dead_end",
        procedure(step("one", option("go", "two"), ending()), step("two", option("round", "two"))),
    ),
    ("loop.keyless", LOOK_RING),
    ("option.twice", one(ending(), ending())),
    ("option.too_many", one(ending(primary=True), option("b", None, "solved", primary=True))),
    ("guard.types", one(ending(guard=Leaf("case.reason", Op.LT, 3)))),
    ("guard.types", one(ending(guard=Leaf("case.reason", Op.EQ, None, "order.sum_fen")))),
    ("guard.never", one(ending(guard=Leaf("case.reason", Op.EQ, "z")))),
    ("guard.never", one(ending(guard=Leaf("order.paid", Op.MISSING)))),
    (
        "guard.never",
        one(ending(guard=AllOf((Leaf("case.reason", Op.EQ, "a"), Leaf("case.reason", Op.EQ, "b"))))),
    ),
    ("fact.unknown", one(ending(guard=Leaf("no.such", Op.EQ, 1)))),
    ("fact.unknown", one(checks=(Check(Leaf("no.such", Op.KNOWN), "no.such"),))),
    ("capture.unknown", one(ending(needs=("nothing",)))),
    ("capture.unknown", one(ending(accept=Leaf("given.nothing", Op.KNOWN)))),
    ("effect.unknown", one(ending(effects=(use("explode"),)))),
    ("param.missing", one(ending(effects=(use("note"),)))),
    ("param.unknown", one(ending(effects=(use("note", text=Param(literal="x"), more=Param(literal="y")),)))),
    (
        "param.wrong",
        one(ending(guard=PAID, effects=(use("refund", Risk.MONEY, amount_fen=Param(literal="x")),))),
    ),
    (
        "param.wrong",
        one(ending(guard=PAID, effects=(use("refund", Risk.MONEY, amount_fen=Param(name="case.days")),))),
    ),
    ("money.unguarded", one(ending(effects=(MONEY,)))),
    ("clock.unknown", one(ending(clocks=(ClockMove(ClockVerb.START, "no_such"),)))),
    ("outcome.unknown", one(option("end", None, "exploded"))),
    ("reject.unknown", one(ending(reject="because"))),
    ("kind.unknown", replace(one(), kinds=("nothing",))),
    ("text.untranslated", replace(one(), title=HAN)),
    ("text.places", replace(one(), title=Text("文{order.paid}", "one"))),
    ("text.banned", replace(one(), title=Text("本店概不退换", "one"))),
    ("text.banned", replace(one(), title=Text("保证明天一定到", "one"))),
    ("fact.unknown", replace(one(), title=Text("文{no.such}", "one {no.such}"))),
    ("source.unknown", one(realises=("ZZ-99",))),
    ("source.misplaced", one(realises=("RF-08",))),
    ("source.misplaced", one(realises=("RF-07",))),
    ("source.misplaced", one(option("go", "one", realises=("AS-21",)), ending())),
    ("way.shadowed", one(ways=(Way("a", ALWAYS, "one", text("a")), Way("b", PAID, "one", text("b"))))),
    ("stage.unknown", procedure(replace(step("one", ending()), stage=4))),
]


@pytest.mark.parametrize(
    ("code", "made"), FAULTS, ids=[f"{code}-{place}" for place, (code, _) in enumerate(FAULTS)]
)
def test_each_fault_is_found(code: str, made: Procedure) -> None:
    assert code in {fault.code for fault in check(made, KNOWN)}


def test_a_sound_procedure_has_no_fault() -> None:
    assert check(SMALL, KNOWN) == ()


def test_sources_on_the_right_element_are_no_fault() -> None:
    made = one(
        ending(realises=("AS-21",)),
        captures=(Capture("f", CaptureType.TEXT, text("f"), required=False, realises=("RF-07",)),),
        checks=(Check(PAID, "order.paid", realises=("RF-08",)),),
        realises=("RF-02",),
    )
    assert check(made, KNOWN) == ()


@pytest.mark.parametrize(
    ("code", "slot", "body"),
    [
        (
            "slot.unknown",
            SlotSpec("amount", FactType.MONEY, "order.sum_fen"),
            Text("{amount}{who}", "{amount}{who}"),
        ),
        ("slot.unused", SlotSpec("amount", FactType.MONEY, "order.sum_fen"), Text("信", "letter")),
        ("slot.type", SlotSpec("amount", FactType.TEXT, "order.sum_fen"), Text("{amount}元", "{amount}")),
        ("fact.unknown", SlotSpec("amount", FactType.MONEY, "no.such"), Text("{amount}元", "{amount}")),
        ("letter.link", SlotSpec("amount", FactType.MONEY, None), Text("{amount} https://x", "{amount}")),
    ],
)
def test_faults_of_letters(code: str, slot: SlotSpec, body: Text) -> None:
    assert code in {fault.code for fault in check_letter(LetterSpec("N9", (slot,)), (body,), KNOWN)}


def test_drawings_name_every_step_and_every_end() -> None:
    tree = "\n".join(graph.tree(SMALL, "en"))
    drawn = "\n".join(graph.mermaid(SMALL, "zh"))
    for made in SMALL.steps:
        assert made.id in tree
        assert made.title.zh in drawn
    assert "= rejected" in tree
    assert drawn.startswith("flowchart TD")
    assert '(("rejected"))' in drawn


def test_coverage_gives_each_documented_fact_its_state() -> None:
    documented = {"A-1": "step", "A-2": "rule", "A-3": "rule", "A-4": "rule"}
    found = [Element(ElementKind.STEP, "small: step one", ("A-1",))]
    said = {
        "A-2": Declared("A-2", Covered.SHOWN, "order card"),
        "A-3": Declared("A-3", Covered.DECLINED, "unfair"),
    }
    states = {one.id: (one.state, one.elements) for one in coverage(documented, found, said)}
    assert states == {
        "A-1": (Covered.STEP, ("small: step one",)),
        "A-2": (Covered.SHOWN, ("order card",)),
        "A-3": (Covered.DECLINED, ("unfair",)),
        "A-4": (Covered.NONE, ()),
    }


def test_every_element_of_a_step_is_told() -> None:
    made: Step = step("one", ending(realises=("AS-21",)), realises=("RF-02",))
    named = {one.where: one.realises for one in elements(procedure(made))}
    assert named["small: step one"] == ("RF-02",)
    assert named["small: option one.end"] == ("AS-21",)
