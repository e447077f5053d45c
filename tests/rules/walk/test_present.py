"""How a check stands beside its fact: the rule is said where the value does not say it already."""

from dataclasses import replace

import pytest

from bdesk.rules.walk.model import AllOf, Check, Guard, Leaf, NotOf, Op
from bdesk.rules.walk.present import ground, present
from bdesk.rules.walk.values import FactValue, Text
from tests.rules.walk.small import PAID, WITHIN, option, procedure, step


def seen(guard: Guard, fact: str, **facts: FactValue) -> tuple[bool | None, str, str]:
    made = procedure(step("look", option("yes", None, "solved"), checks=(Check(guard, fact),)))
    named = {name.replace("__", "."): value for name, value in facts.items()}
    (check,) = present(made, made.steps[0], 1, ground(made, named, {}), None, False).checks
    return check.truth, check.value.zh, check.rule.zh


@pytest.mark.parametrize(
    ("guard", "fact", "facts", "wanted"),
    [
        (PAID, "order.paid", {"order__paid": True}, (True, "是", "")),
        (PAID, "order.paid", {"order__paid": False}, (False, "否", "须为 是")),
        (NotOf(PAID), "order.paid", {"order__paid": True}, (False, "是", "不能是 是")),
        # "Stock too low: yes, must be no" would read as if the agent had to see to it.
        (Leaf("order.paid", Op.EQ, False), "order.paid", {"order__paid": True}, (False, "是", "")),
        (Leaf("order.paid", Op.EQ, False), "order.paid", {"order__paid": False}, (True, "否", "")),
        (Leaf("case.reason", Op.KNOWN), "case.reason", {"case__reason": "a"}, (True, "甲", "")),
        (Leaf("case.reason", Op.KNOWN), "case.reason", {"case__reason": None}, (False, "无", "须有记录")),
        (Leaf("case.reason", Op.MISSING), "case.reason", {"case__reason": None}, (True, "无", "")),
        (Leaf("case.reason", Op.MISSING), "case.reason", {"case__reason": "a"}, (False, "甲", "须没有")),
        (Leaf("case.reason", Op.EQ, "a"), "case.reason", {"case__reason": "a"}, (True, "甲", "")),
    ],
)
def test_a_rule_that_repeats_the_value_is_left_out(
    guard: Guard, fact: str, facts: dict[str, FactValue], wanted: tuple[bool | None, str, str]
) -> None:
    assert seen(guard, fact, **facts) == wanted


def test_a_bound_is_always_said() -> None:
    truth, value, rule = seen(WITHIN, "order.sum_fen", order__sum_fen=100, limits__sum_fen=100)
    assert (truth, value) == (True, "1.00")
    assert "1.00" in rule


def test_what_the_facts_speak_for_stands_before_what_is_usual() -> None:
    made = procedure(
        step(
            "kind",
            option("usual", None, "solved", primary=True),
            option("said", None, "solved", prefer=Leaf("case.reason", Op.EQ, "b")),
        )
    )

    def natural(reason: str) -> list[str]:
        seen = present(made, made.steps[0], 1, ground(made, {"case.reason": reason}, {}), None, False)
        return [one.code for one in seen.options if one.primary]

    assert natural("a") == ["usual"]
    assert natural("b") == ["said"], "one answer alone is natural: Enter takes it"


@pytest.mark.parametrize(
    ("plain", "facts", "truth"),
    [
        (True, {"case.reason": None}, True),
        (False, {"case.reason": None}, False),
        (True, {}, None),
        (True, {"case.reason": "a"}, True),
    ],
)
def test_what_is_known_to_be_nothing_breaks_no_rule(
    plain: bool, facts: dict[str, FactValue], truth: bool | None
) -> None:
    check = Check(Leaf("case.reason", Op.KNOWN), "case.reason", plain=plain)
    made = procedure(step("look", option("yes", None, "solved"), checks=(check,)))
    (shown,) = present(made, made.steps[0], 1, ground(made, facts, {}), None, False).checks
    assert shown.truth is truth


def test_the_comparison_that_failed_says_why_in_its_own_words() -> None:
    why = Text("都不行", "none of it")
    paid = replace(PAID, why=Text("没付款", "not paid"))
    reason = NotOf(Leaf("case.reason", Op.EQ, "b", why=Text("原因是{case.reason}", "it is {case.reason}")))
    made = procedure(step("s", option("go", None, "solved", guard=AllOf((paid, reason, WITHIN)), why=why)))

    def said(**facts: FactValue) -> str | None:
        named = {name.replace("__", "."): value for name, value in facts.items()}
        (one,) = present(made, made.steps[0], 1, ground(made, named, {}), None, False).options
        return one.why.zh if one.why is not None else None

    sums: dict[str, FactValue] = {"order__sum_fen": 1, "limits__sum_fen": 2}
    assert said(order__paid=True, case__reason="a", **sums) is None
    assert said(order__paid=False, case__reason="b", **sums) == "没付款"
    assert said(order__paid=True, case__reason="b", **sums) == "原因是乙"
    # One without words of its own leaves it to the option.
    assert said(order__paid=True, case__reason="a", order__sum_fen=3, limits__sum_fen=2) == "都不行"
