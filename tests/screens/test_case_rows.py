"""What the case screen's panels say of a snapshot, without a screen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bdesk.i18n import set_language
from bdesk.models.clock_kinds import RunState
from bdesk.screens.case.present import chip_of, clock_rows, order_rows
from bdesk.screens.moments import passed, running
from bdesk.widgets.panel import ClockBar, Field
from tests.rules.samples import NOW, clock, parcel, snapshot


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


def test_a_window_that_is_over_is_past_and_a_desk_clock_overdue() -> None:
    gone = NOW - timedelta(days=2)
    window, review = clock("return_window", due_at=gone, drives="fact"), clock(due_at=gone)
    assert chip_of(window, NOW).word == "PAST"
    assert chip_of(review, NOW).word == "OVR"
    assert chip_of(replace(window, run=RunState.PAUSED), NOW).word == "WAIT"
    rows = clock_rows(snapshot(clocks=(window, review)), NOW, {})
    assert [row.chip.word for row in rows if isinstance(row, ClockBar)] == ["OVR", "PAST"]


def test_a_clock_that_was_stopped_when_it_was_late_already_shows_both() -> None:
    gone = NOW - timedelta(days=2)
    late = clock(due_at=gone, run=RunState.PAUSED, breached_at=gone)
    (row,) = [row for row in clock_rows(snapshot(clocks=(late,)), NOW, {}) if isinstance(row, ClockBar)]
    assert (row.chip.word, row.words.split()[0]) == ("WAIT", "OVR")


@pytest.mark.parametrize(("days", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_days_since_signing(days: int, said: str) -> None:
    rows = order_rows(snapshot(parcels=(parcel(signed_at=NOW - timedelta(days=days)),)))
    assert said in [row.note for row in rows if isinstance(row, Field)]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "00:00"), (198, "03:18"), (3599, "59:59"), (3600, "1h00"), (87243, "24h14")]
)
def test_how_long_a_call_or_a_step_lasts(seconds: int, said: str) -> None:
    assert running(seconds) == said


def test_what_was_done_on_another_day_says_the_day() -> None:
    evening = NOW.replace(hour=15, minute=30)  # 23:30 in China
    assert passed(evening, evening) == "23:30"
    assert passed(evening - timedelta(days=1), evening) == f"{evening.month}/{evening.day - 1}"
    assert passed(evening, evening + timedelta(hours=1)) == f"{evening.month}/{evening.day}"
