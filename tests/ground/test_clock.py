from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.clock import (
    LOCAL,
    TRAINING_GRACE,
    FrozenClock,
    SystemClock,
    TrainingClock,
    from_iso,
    to_iso,
    to_local_iso,
)
from bdesk.errors import BadInput

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOST = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone itself
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, LOCAL]),
)


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_frozen_clock_stands_until_moved_and_turns_to_utc() -> None:
    clock = FrozenClock(FRIDAY.astimezone(LOCAL))
    assert clock.now() == FRIDAY
    assert clock.now().utcoffset() == timedelta(0)
    clock.move(timedelta(minutes=90))
    assert clock.now() == FRIDAY + timedelta(minutes=90)


def test_with_no_desk_open_the_class_clock_stands_over_a_weekend() -> None:
    clock = TrainingClock(FRIDAY, base=None, rate=10, last_seen=HOST)
    assert clock.at(HOST + timedelta(days=3)) == FRIDAY


@pytest.mark.parametrize(("rate", "expected"), [(0, 0), (1, 4), (10, 40)])
def test_it_runs_at_its_rate(rate: int, expected: int) -> None:
    clock = TrainingClock(FRIDAY, HOST, rate, last_seen=HOST + timedelta(minutes=4))
    assert clock.at(HOST + timedelta(minutes=4)) == FRIDAY + timedelta(minutes=expected)


def test_a_dead_desk_leaves_it_running_for_five_minutes_only() -> None:
    clock = TrainingClock(FRIDAY, HOST, 10, last_seen=HOST + timedelta(minutes=1))
    assert clock.at(HOST + timedelta(days=2)) == FRIDAY + 10 * (timedelta(minutes=1) + TRAINING_GRACE)


def test_a_host_clock_set_back_does_not_go_behind_the_anchor() -> None:
    clock = TrainingClock(FRIDAY, HOST, 1)
    assert clock.at(HOST - timedelta(days=1)) == FRIDAY


def test_now_asks_the_host() -> None:
    host = FrozenClock(HOST + timedelta(minutes=2))
    assert TrainingClock(FRIDAY, HOST, 10, HOST, host).now() == FRIDAY + timedelta(minutes=20)


@pytest.mark.parametrize("rate", [-1, 2, 100])
def test_other_rates_are_refused(rate: int) -> None:
    with pytest.raises(BadInput, match=r"clock\.rate"):
        TrainingClock(FRIDAY, rate=rate)


def test_naive_times_are_refused_everywhere() -> None:
    naive = FRIDAY.replace(tzinfo=None)
    for make in (FrozenClock, TrainingClock, to_iso, lambda at: TrainingClock(FRIDAY, base=at)):
        with pytest.raises(BadInput, match=r"time\.naive"):
            make(naive)


@given(INSTANTS)
def test_iso_goes_there_and_back(instant: datetime) -> None:
    assert from_iso(to_iso(instant)) == instant
    assert from_iso(to_local_iso(instant)) == instant
    assert from_iso(to_iso(instant)).utcoffset() == timedelta(0)


def test_a_local_form_carries_the_local_offset() -> None:
    assert to_local_iso(FRIDAY) == "2026-11-20T17:00:00+08:00"
    assert from_iso("2026-11-20T09:00Z") == FRIDAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-09-30T16:30", "time.naive"),
        ("2026-09-30", "time.naive"),
        ("", "time.unreadable"),
        ("yesterday", "time.unreadable"),
        ("2026-02-30T00:00+08:00", "time.unreadable"),
        ("0001-01-01T00:00+23:00", "time.unreadable"),
    ],
)
def test_what_is_not_an_instant_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_iso(text)
    assert caught.value.code == code
