"""The chip: state by instants, words, times that fit."""

from datetime import timedelta

import pytest

from bdesk.i18n import set_language
from bdesk.widgets.cells import width
from bdesk.widgets.chip import (
    PAST,
    STATES,
    TIME_CELLS,
    Chip,
    chip_cells,
    fact_chip,
    make_chip,
    row_chip,
    state_word,
)
from tests.widgets.samples import NOW, row


def test_no_clock_is_fine_and_says_no_time() -> None:
    chip = make_chip(NOW, None)
    assert (chip.state, chip.time) == ("fine", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chip_is_as_wide_as_the_next(language: str) -> None:
    set_language(language)
    assert chip_cells() == (10 if language == "zh" else 12)
    for seconds in [*range(-400_000, 400_000, 997), -(10**8), 10**8]:
        chip = row_chip(row(1, seconds, provisional=seconds % 2 == 0), NOW)
        assert width(chip.time) <= TIME_CELLS, chip
        assert width(chip.text) == chip_cells()
    for state in (*STATES, PAST):
        assert width(Chip(state, state_word(state), "仓库保管员").text) == chip_cells()


def test_a_stopped_clock_says_for_whom_it_waits() -> None:
    set_language("zh")
    chip = row_chip(row(1, stopped=True, waiting_for="customer"), NOW, {"customer": "客户"}.__getitem__)
    assert chip.text == " 等  客户 "
    assert chip.role == "chip.stopped"
    assert chip.short == " 等 "


def test_a_fact_clock_presses_nobody_and_is_past_not_overdue() -> None:
    set_language("en")
    soon = fact_chip(NOW, NOW + timedelta(minutes=1))
    assert (soon.state, soon.text) == ("fine", make_chip(NOW, NOW + timedelta(minutes=1)).text)
    past = fact_chip(NOW, NOW - timedelta(seconds=1))
    assert past.text == " PAST       "
    assert past.role == "chip.stopped"
    assert fact_chip(NOW, NOW).state == "fine"
    assert fact_chip(NOW, None).time == ""
    set_language("zh")
    assert fact_chip(NOW, NOW - timedelta(days=3), provisional=True).text == " 过      ?"


def test_the_words() -> None:
    set_language("zh")
    assert [state_word(state) for state in STATES] == ["超", "急", "近", "稳", "等"]
    set_language("en")
    assert [state_word(state) for state in STATES] == ["OVR", "NOW", "DUE", "OK", "WAIT"]
