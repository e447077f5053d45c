"""By when something is promised: offers by a digit, and a time that is typed."""

from datetime import UTC, datetime

import pytest

from bdesk.clock import LOCAL
from bdesk.rules.promise_times import offers, typed

MORNING = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


def said(when: datetime | None) -> str:
    return "" if when is None else when.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def test_the_offers_lie_ahead() -> None:
    assert [said(at) for at in offers(MORNING).values()] == [
        "2026-11-18 12:00", "2026-11-18 18:00", "2026-11-19 12:00", "2026-11-19 18:00", "2026-11-21 18:00",
    ]  # fmt: skip


@pytest.mark.parametrize("hour", [10, 12, 15])
def test_todays_time_that_has_passed_is_none(hour: int) -> None:
    evening = datetime(2026, 11, 18, hour, 0, tzinfo=UTC)  # 18:00 local and later
    assert offers(evening)["today"] is None
    assert all(at is None or at > evening for at in offers(evening).values())


@pytest.mark.parametrize(
    ("text", "when", "words"),
    [
        ("11-25 15:00 回电", "2026-11-25 15:00", "回电"),
        ("11/25 9:05 回电", "2026-11-25 09:05", "回电"),
        (" 11月25日 15：30 回电 ", "2026-11-25 15:30", "回电"),
        ("1-5 10:00 ring", "2027-01-05 10:00", "ring"),
        ("11-18 10:00 now is not later", "2026-11-18 10:00", "now is not later"),
        (
            "11-17 15:00 yesterday is refused, not next year's",
            "2026-11-17 15:00",
            "yesterday is refused, not next year's",
        ),
        ("11-25 15:00", "2026-11-25 15:00", ""),
    ],
)
def test_a_time_that_is_typed_is_the_next_one(text: str, when: str, words: str) -> None:
    found = typed(text, MORNING)
    assert found is not None
    assert (said(found[0]), found[1]) == (when, words)


@pytest.mark.parametrize("text", ["", "明天", "13-01 10:00 x", "2-30 10:00 x", "11-25 25:00 x", "11-25 x"])
def test_what_is_no_time(text: str) -> None:
    assert typed(text, MORNING) is None
