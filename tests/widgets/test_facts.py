"""Checks as they are painted: what has no rule is not called good, and nothing they name is cut off."""

import pytest

from bdesk.widgets import theme
from bdesk.widgets.facts import Check, Facts


def painted(checks: list[Check], cells: int, *, beside: bool) -> str:
    shown = Facts(checks, title="Checks", beside=beside)
    return "\n".join(strip.text.rstrip() for strip in shown.strips(cells))


@pytest.mark.parametrize("beside", [True, False])
def test_a_fact_without_a_rule_carries_no_tick(beside: bool) -> None:
    text = painted([Check("Risk high", plain=True), Check("Sum 1.00", "at most 2.00")], 78, beside=beside)
    assert text.count("✓") == 1 and "✓ Sum" in text
    assert "? Locked" in painted([Check("Locked until --", holds=None, plain=True)], 78, beside=beside)


@pytest.mark.parametrize("cells", [50, 78])
@pytest.mark.parametrize("beside", [True, False])
def test_all_that_a_check_names_can_be_read(cells: int, beside: bool) -> None:
    names = "somebody tells what to do, contact changed in 7 days, new payees, another place, minor"
    text = painted([Check(names, "never told", False), Check("Sum 1.00")], cells, beside=beside)
    for word in (*names.replace(",", "").split(), "never", "told", "1.00"):
        assert word in text, word
    assert ".." not in text


@pytest.mark.parametrize("beside", [True, False])
def test_a_mark_alone_is_lifted_without_colour(beside: bool) -> None:
    """Where a fault is white on black turned round, a blank beside or below it would be a block."""
    theme.use(theme.NONE)
    try:
        shown = Facts([Check("somebody tells what to do " * 4, "rule", False)], title="Checks", beside=beside)
        turned = [
            part.text for strip in shown.strips(50) for part in strip if part.style and part.style.reverse
        ]
    finally:
        theme.use(theme.TRUE)
    assert turned == ["!"]
