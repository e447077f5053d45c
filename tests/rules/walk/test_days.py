"""A date without its year is the nearest one that makes sense."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.rules.walk.days import When, day_written

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("typed", "when", "day"),
    [
        ("11-22", "future", date(2026, 11, 22)),
        ("11-18", "future", TODAY),
        ("11/17", "future", date(2027, 11, 17)),
        ("1.3", "future", date(2027, 1, 3)),
        ("11月17日", "past", date(2026, 11, 17)),
        ("11-18", "past", TODAY),
        ("12-31", "past", date(2025, 12, 31)),
        ("12-31", None, date(2026, 12, 31)),
        ("1-3", None, date(2026, 1, 3)),
        ("2-29", "past", date(2024, 2, 29)),
        ("2-29", "future", date(2028, 2, 29)),
        ("2-29", None, None),
        ("2024-02-29", "future", date(2024, 2, 29)),
        ("13-1", "past", None),
        ("11-31", "future", None),
        ("14/11", None, None),
        ("1122", "past", None),
    ],
)
def test_the_nearest_day_of_that_name(typed: str, when: When | None, day: date | None) -> None:
    assert day_written(typed, TODAY, when) == day


def test_without_today_the_year_has_to_be_written() -> None:
    assert day_written("11-22") is None
    assert day_written("2026-11-22") == date(2026, 11, 22)


@given(
    day=st.dates(date(2000, 1, 1), date(2090, 12, 31)), today=st.dates(date(2000, 1, 1), date(2090, 12, 31))
)
def test_it_never_lies_on_the_other_side(day: date, today: date) -> None:
    short = f"{day.month}-{day.day}"
    past, future = day_written(short, today, "past"), day_written(short, today, "future")
    assert past is not None and future is not None
    assert past <= today <= future
    assert future - past <= timedelta(days=366 * 8) and (past.month, past.day) == (day.month, day.day)
