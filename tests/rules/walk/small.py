"""A small procedure and registries, for tests of the engine that must not depend on the packaged book."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bdesk.rules.walk.interpreter import walk
from bdesk.rules.walk.model import (
    ALWAYS,
    HERE,
    Capture,
    CaptureType,
    EffectUse,
    Guard,
    Leaf,
    Op,
    Option,
    Param,
    Procedure,
    Step,
    StepType,
    Way,
)
from bdesk.rules.walk.plan import plan
from bdesk.rules.walk.values import (
    EffectSpec,
    FactSpec,
    FactType,
    FactValue,
    GivenValue,
    Known,
    LetterSpec,
    ParamSpec,
    Risk,
    SlotSpec,
    Text,
)
from bdesk.rules.walk.views import Answer, Walk
from tests.rules.walk.recording import with_round

T0 = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)

FACTS = {
    "order.paid": FactSpec("order.paid", FactType.BOOL, Text("已付", "Paid")),
    "order.sum_fen": FactSpec("order.sum_fen", FactType.MONEY, Text("金额", "Sum")),
    "limits.sum_fen": FactSpec("limits.sum_fen", FactType.MONEY, Text("权限", "Limit")),
    "case.reason": FactSpec(
        "case.reason",
        FactType.CODE,
        Text("原因", "Reason"),
        absent=True,
        values={"a": Text("甲", "first"), "b": Text("乙", "second")},
    ),
    "case.days": FactSpec("case.days", FactType.INT, Text("天数", "Days"), unit="天"),
}

PAY = EffectSpec("refund", Risk.MONEY, (ParamSpec("amount_fen", "money", True),))
NOTE = EffectSpec("note", Risk.RECORD, (ParamSpec("text", "text", True),))

KNOWN = Known(
    facts=FACTS,
    effects={"refund": PAY, "note": NOTE},
    letters={"N2": LetterSpec("N2", (SlotSpec("amount", FactType.MONEY, "order.sum_fen"),))},
    clocks=frozenset({"refund_review"}),
    documented={"RF-08": "limit", "RF-07": "evidence", "AS-21": "reject", "RF-02": "step"},
    kinds=frozenset({"refund"}),
    outcomes=frozenset({"solved", "rejected"}),
    rejects=frozenset({"fraud"}),
    groups=frozenset({"payment"}),
    banned=("概不退换",),
)


def text(words: str) -> Text:
    return Text(f"文{words}", words)


def step(
    step_id: str, *options: Option, type_: StepType = StepType.ASK, say: bool = True, **more: Any
) -> Step:
    return Step(
        id=step_id,
        type=type_,
        stage=0,
        title=text(step_id),
        say=text("say") if say else None,
        options=options,
        **more,
    )


def option(
    code: str, goto: str | None = None, outcome: str | None = None, guard: Guard = ALWAYS, **more: Any
) -> Option:
    return Option(code=code, label=text(code), guard=guard, goto=goto, outcome=outcome, **more)


def procedure(*steps: Step, **more: Any) -> Procedure:
    return Procedure(
        code="small",
        version=1,
        kinds=("refund",),
        title=text("small"),
        stages=(text("one"), text("two")),
        entry=steps[0].id,
        steps=steps,
        facts=FACTS,
        **more,
    )


PAID = Leaf("order.paid", Op.EQ, True)
WITHIN = Leaf("order.sum_fen", Op.LE, None, "limits.sum_fen")

REFUND = EffectUse("refund", (("amount_fen", Param(name="order.sum_fen")),), Risk.MONEY, True)

SMALL = procedure(
    step("hello", option("yes", "look"), option("other", "again")),
    step("again", option("yes", "look")),
    Step(
        id="look",
        type=StepType.LOOK,
        stage=0,
        title=text("look"),
        ways=(
            Way("paid", PAID, "reason", text("paid")),
            Way("unpaid", ALWAYS, None, text("unpaid"), outcome="solved"),
        ),
    ),
    step(
        "reason",
        option("a", "decide", sets=(("reason", "a"),)),
        option("b", "decide", sets=(("reason", "b"),)),
        option("note", HERE, needs=("words",)),
        captures=(Capture("words", CaptureType.TEXT, text("words"), required=False, length=10),),
    ),
    step(
        "decide",
        option("pay", "tell", guard=WITHIN, effects=(REFUND,), primary=True),
        option("no", None, "rejected", reject="fraud"),
        type_=StepType.DECIDE,
    ),
    step("tell", option("done", None, "solved")),
    stores={"reason": "case.reason"},
)


class Agent:
    """Somebody who answers the small procedure."""

    def __init__(self, made: Procedure = SMALL, **facts: FactValue) -> None:
        self.procedure = made
        self.facts: dict[str, FactValue] = {"order.paid": True, "order.sum_fen": 100, "limits.sum_fen": 200}
        self.facts.update({name.replace("__", "."): value for name, value in facts.items()})
        self.answers: list[Answer] = []

    @property
    def walk(self) -> Walk:
        return walk(self.procedure, self.answers, self.facts)

    @property
    def at(self) -> str | None:
        return self.walk.current.step.id if self.walk.current is not None else None

    def choose(self, code: str, at: str | None = None, **captures: GivenValue) -> None:
        walked = walk(self.procedure, self.answers, self.facts, at=at)
        planned = plan(self.procedure, walked, code, captures, self.facts)
        when = T0 + timedelta(minutes=len(self.answers))
        answer = Answer(planned.step, code, "1001", when, planned.captures, binding=planned.binding)
        self.answers.append(with_round(answer, walked))
