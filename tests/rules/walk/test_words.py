"""Due times in texts: the end of a day is 24:00 of that day to a reader (SLA.md, Shape)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bdesk.rules.facts.rendering import render
from bdesk.rules.walk.guards import Finding, evaluate
from bdesk.rules.walk.model import Leaf, NotOf, Op
from bdesk.rules.walk.values import FactSpec, FactType, Text
from bdesk.rules.walk.words import explain, fill, spell_rule, spell_value

MIDNIGHT = datetime(2026, 10, 13, 16, tzinfo=UTC)
SPECS = {
    name: FactSpec(name, FactType.INSTANT, Text("时间", "Time"))
    for name in ("case.due_at", "approval.due_at", "due_at", "order.ordered_at")
}


@pytest.mark.parametrize("name", ["case.due_at", "approval.due_at", "due_at"])
def test_a_due_time_at_midnight_is_the_end_of_the_day_before(name: str) -> None:
    assert spell_value(MIDNIGHT, SPECS[name], "zh") == "10月13日 24:00"
    assert spell_value(MIDNIGHT, SPECS[name], "en") == "10/13 24:00"


def test_any_other_time_is_what_the_clock_shows() -> None:
    assert spell_value(MIDNIGHT, SPECS["order.ordered_at"], "zh") == "10月14日 00:00"
    assert spell_value(MIDNIGHT.replace(minute=1), SPECS["case.due_at"], "zh") == "10月14日 00:01"
    assert spell_value(MIDNIGHT, None, "en") == "10/14 00:00"


def test_a_text_tells_the_due_time_so() -> None:
    text = fill(Text("我会在{case.due_at}前答复您", "by {case.due_at}"), {"case.due_at": MIDNIGHT}, {}, SPECS)
    assert text == Text("我会在10月13日 24:00前答复您", "by 10/13 24:00")


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "还没有", "not yet"),
        (1, "1分钟", "1 min"),
        (59, "59分钟", "59 min"),
        (60, "1小时", "1 h"),
        (2999, "49小时", "49 h"),
        (4319, "71小时", "71 h"),
        (4320, "3天", "3 d"),
        (871 * 60, "36天", "36 d"),
    ],
)
def test_by_how_much_something_is_late(minutes: int, zh: str, en: str) -> None:
    label = FactSpec("window.minutes_past", FactType.INT, Text("已超期", "Past the window"), unit="分钟")
    assert (spell_value(minutes, label, "zh"), spell_value(minutes, label, "en")) == (zh, en)
    assert (render(label, minutes, "zh"), render(label, minutes, "en")) == (zh, en)


LEVEL = FactSpec("verification.level", FactType.INT, Text("核实级别", "Level"))


@pytest.mark.parametrize(
    ("op", "wanted", "inverted", "zh", "en"),
    [
        (Op.LT, 2, False, "核实级别 2，须低于 2", "Level 2, must be below 2"),
        (Op.GE, 3, False, "核实级别 2，须不少于 3", "Level 2, must be at least 3"),
        (Op.LE, 1, False, "核实级别 2，须不超过 1", "Level 2, must be at most 1"),
        (Op.GT, 2, False, "核实级别 2，须超过 2", "Level 2, must be above 2"),
        (Op.GE, 2, True, "核实级别 2，须低于 2", "Level 2, must be below 2"),
        (Op.EQ, 3, False, "核实级别 2，须为 3", "Level 2, must be 3"),
    ],
)
def test_what_does_not_hold_is_told_as_a_demand(
    op: Op, wanted: int, inverted: bool, zh: str, en: str
) -> None:
    leaf = Leaf("verification.level", op, wanted)
    guard = NotOf(leaf) if inverted else leaf
    (finding,) = evaluate(guard, {"verification.level": 2}, {}).because
    assert explain(finding, {"verification.level": LEVEL}) == Text(zh, en)


@pytest.mark.parametrize(
    ("wanted", "actual", "zh", "en"),
    [
        (False, True, "冻结 是", "Frozen yes"),
        (True, False, "冻结 否，须为 是", "Frozen no, must be yes"),
    ],
)
def test_what_should_not_be_is_told_without_a_demand(wanted: bool, actual: bool, zh: str, en: str) -> None:
    frozen = FactSpec("wallet.frozen", FactType.BOOL, Text("冻结", "Frozen"))
    finding = Finding(Leaf("wallet.frozen", Op.EQ, wanted), False, actual, wanted)
    assert explain(finding, {"wallet.frozen": frozen}) == Text(zh, en)


def test_what_holds_is_told_as_it_is() -> None:
    finding = Finding(Leaf("verification.level", Op.GE, 2), True, 2, 2)
    assert spell_rule(finding, {"verification.level": LEVEL}, "zh") == "不少于 2"
    assert spell_rule(replace(finding, inverted=True, truth=False), {}, "en") == "below 2"
