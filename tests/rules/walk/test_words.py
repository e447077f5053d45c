"""Due times in texts: the end of a day is 24:00 of that day to a reader (SLA.md, Shape)."""

from datetime import UTC, datetime

import pytest

from bdesk.rules.facts.rendering import render
from bdesk.rules.walk.values import FactSpec, FactType, Text
from bdesk.rules.walk.words import fill, spell_value

MIDNIGHT = datetime(2026, 10, 13, 16, tzinfo=UTC)
SPECS = {
    name: FactSpec(name, FactType.INSTANT, Text("时间", "Time"))
    for name in ("case.due_at", "approval.due_at", "due_at", "order.ordered_at")
}


@pytest.mark.parametrize("name", ["case.due_at", "approval.due_at", "due_at"])
def test_a_due_time_at_midnight_is_the_end_of_the_day_before(name: str) -> None:
    assert spell_value(MIDNIGHT, SPECS[name], "zh") == "10月13日 24:00"
    assert spell_value(MIDNIGHT, SPECS[name], "en") == "10-13 24:00"


def test_any_other_time_is_what_the_clock_shows() -> None:
    assert spell_value(MIDNIGHT, SPECS["order.ordered_at"], "zh") == "10月14日 00:00"
    assert spell_value(MIDNIGHT.replace(minute=1), SPECS["case.due_at"], "zh") == "10月14日 00:01"
    assert spell_value(MIDNIGHT, None, "en") == "10-14 00:00"


def test_a_text_tells_the_due_time_so() -> None:
    text = fill(Text("我会在{case.due_at}前答复您", "by {case.due_at}"), {"case.due_at": MIDNIGHT}, {}, SPECS)
    assert text == Text("我会在10月13日 24:00前答复您", "by 10-13 24:00")


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "还没有", "not yet"),
        (1, "1分钟", "1 min"),
        (59, "59分钟", "59 min"),
        (60, "1小时", "1 h"),
        (2999, "49小时", "49 h"),
    ],
)
def test_by_how_much_something_is_late(minutes: int, zh: str, en: str) -> None:
    label = FactSpec("window.minutes_past", FactType.INT, Text("已超期", "Past the window"), unit="分钟")
    assert (spell_value(minutes, label, "zh"), spell_value(minutes, label, "en")) == (zh, en)
    assert (render(label, minutes, "zh"), render(label, minutes, "en")) == (zh, en)
