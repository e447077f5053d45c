"""Due times without a case: the four ways of counting, on the packaged calendars."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bdesk.errors import BadInput
from bdesk.models.clock_kinds import Counting, SegmentKind
from bdesk.rules.clock import Calendar, Day, due, target_of
from bdesk.rules.clock.calendar import unpublished_year
from tests.rules.clock.journal_builder import at, book


def due_of(clock: str, start: str, **params: object) -> datetime:
    kind = book().kinds[clock]
    calendar = book().calendars[target_of(kind, params).length.calendar]
    counted = due(kind, calendar, at(start), params)
    return counted.due_at


@pytest.mark.parametrize(
    ("clock", "start", "expected"),
    [
        # S0:16 with law 201: hours run round the clock, across midnight and holidays.
        ("refund_review", "09-30 16:30", "10-01 16:30"),
        ("refund_review", "12-31 23:59", "2027-01-01 23:59"),
        ("email_reply", "10-02 03:10", "10-03 03:10"),
        ("appeal_record", "10-01 23:50", "10-02 00:05"),
        # SLA.md: the appeal before National Day, with the make-up Saturday of 10-10.
        ("appeal_preliminary", "09-30 16:30", "10-13 24:00"),
        ("appeal_preliminary", "09-30 23:59", "10-13 24:00"),
        ("appeal_preliminary", "10-01 00:00", "10-13 24:00"),
        # Received on the make-up Saturday itself, and on a Sunday.
        ("complaint_result", "10-10 10:00", "10-14 24:00"),
        ("complaint_result", "10-11 10:00", "10-14 24:00"),
        ("feedback_forward", "10-09 18:30", "10-10 24:00"),
        # Received in a holiday.
        ("feedback_forward", "10-03 12:00", "10-08 24:00"),
        ("privacy_request", "09-30 09:00", "10-27 24:00"),
        # Windows: signed for on day 0; a last day off moves on, a make-up day does not.
        ("return_window", "09-01 10:00", "09-08 24:00"),
        ("return_window", "09-27 10:00", "10-08 24:00"),
        ("return_window", "10-03 10:00", "10-10 24:00"),
        ("return_window", "10-04 10:00", "10-12 24:00"),
        # Office hours: lunch, evening, holiday, make-up Saturday.
        ("social_reply", "09-28 12:30", "09-28 17:00"),
        ("social_reply", "09-28 11:00", "09-28 16:00"),
        ("social_reply", "09-28 09:00", "09-28 14:00"),
        ("social_reply", "09-28 17:00", "09-29 12:00"),
        ("social_reply", "09-30 16:30", "10-08 11:30"),
        ("social_reply", "10-09 17:00", "10-10 12:00"),
        ("social_reply", "10-10 16:00", "10-12 11:00"),
        # Hotline hours, 08:00-24:00 every day: closing time is a due time, and night does not count.
        ("approval", "10-01 22:00", "10-01 24:00"),
        ("approval", "10-01 23:30", "10-02 09:30"),
        ("approval", "10-01 03:00", "10-01 10:00"),
        # The campaign night of 11.11 is staffed.
        ("approval", "11-10 23:30", "11-11 01:30"),
    ],
)
def test_due_time(clock: str, start: str, expected: str) -> None:
    assert due_of(clock, start) == at(expected)


@pytest.mark.parametrize(
    ("clock", "params", "expected"),
    [
        ("return_window", {"return_class": "normal"}, "10-08 24:00"),
        ("return_window", {"window_days": "14"}, "10-14 24:00"),
        ("return_window", {"return_class": "normal", "window_days": 15}, "10-15 24:00"),
        ("regulator", {}, "10-13 24:00"),
        ("regulator", {"letter_date": "2026-10-20"}, "10-20 24:00"),
        ("ship_promise", {}, "10-02 16:30"),
        ("ship_promise", {"estimated_ship_at": "2026-10-05T12:00:00+08:00"}, "10-05 12:00"),
        ("ship_promise", {"estimated_ship_at": None}, "10-02 16:30"),
        ("unfreeze_response", {"channel": "hotline"}, "09-30 17:00"),
        ("unfreeze_decision", {"risk": "low"}, "10-01 16:30"),
        ("unfreeze_decision", {"risk": "high"}, "10-10 24:00"),
        ("refund_arrival", {"method": "wallet"}, "09-30 18:30"),
        ("refund_arrival", {"method": "credit_card"}, "10-15 24:00"),
        ("resolution", {"priority": 1}, "10-08 24:00"),
        ("promise", {"by_day": "2026-10-09"}, "10-09 24:00"),
        ("unfreeze_follow_up", {"round": "second"}, "10-08 24:00"),
    ],
)
def test_what_the_case_sets(clock: str, params: dict[str, object], expected: str) -> None:
    assert due_of(clock, "09-30 16:30", **params) == at(expected)


@pytest.mark.parametrize(
    ("clock", "params", "code"),
    [
        ("refund_review", {"priority": "1"}, "clock.unknown_setting"),
        ("return_window", {"return_class": "gold"}, "clock.bad_setting"),
        ("return_window", {"window_days": "0"}, "clock.bad_setting"),
        ("return_window", {"window_days": "-7"}, "clock.bad_setting"),
        ("return_window", {"window_days": "99999"}, "clock.bad_setting"),
        ("return_window", {"window_days": "٧"}, "clock.bad_setting"),
        ("regulator", {"letter_date": "20 October"}, "clock.bad_setting"),
        ("regulator", {"letter_date": "9999-12-31"}, "clock.bad_setting"),
        ("ship_promise", {"estimated_ship_at": "2026-10-05T12:00:00"}, "clock.bad_setting"),
    ],
)
def test_bad_settings_are_refused(clock: str, params: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        due_of(clock, "09-30 16:30", **params)
    assert refusal.value.code == code


@pytest.mark.parametrize("start", ["2026-09-30T16:30", "0001-01-01T00:00+00:00", "9999-12-31T23:00+00:00"])
def test_unreasonable_starts_are_refused(start: str) -> None:
    kind = book().kinds["appeal_final"]
    with pytest.raises(BadInput) as refusal:
        due(kind, book().calendars["office"], datetime.fromisoformat(start))
    assert refusal.value.code == "clock.bad_start"


def test_the_way_of_the_appeal_is_told_day_by_day() -> None:
    kind, office = book().kinds["appeal_preliminary"], book().calendars["office"]
    counted = due(kind, office, at("09-30 16:30"))
    assert [(s.kind, s.counted, s.name) for s in counted.segments] == [
        (SegmentKind.DAY_ZERO, 0, None),
        (SegmentKind.HOLIDAY, 0, "national_day"),
        (SegmentKind.RAN, 2, None),
        (SegmentKind.RAN, 1, "national_day"),  # the make-up Saturday
        (SegmentKind.WEEKEND, 0, None),
        (SegmentKind.RAN, 2, None),
    ]


def test_every_kind_counts_to_its_length_from_every_day_of_three_years() -> None:
    start = at("2025-06-15 13:37")
    for kind in book().kinds.values():
        calendar = book().calendars[kind.calendar]
        for days in range(0, 900, 13):
            counted = due(kind, calendar, start + timedelta(days=days, minutes=17 * days))
            assert sum(s.counted for s in counted.segments) == kind.base.amount, kind.code
            assert counted.segments[-1].end == counted.due_at


def test_a_year_not_published_is_provisional_and_never_crashes() -> None:
    kind, office = book().kinds["appeal_preliminary"], book().calendars["office"]
    across = due(kind, office, at("12-30 10:00"))
    # 12-31 is published; 01-01 is a fixed statutory day, 01-02 and 01-03 are a weekend.
    assert across.due_at == at("2027-01-07 24:00")
    assert across.provisional
    assert not due(kind, office, at("12-24 10:00")).provisional
    assert due(kind, office, at("2027-01-01 00:00")).provisional
    assert due(kind, office, at("2031-10-01 09:00")).due_at == at("2031-10-10 24:00")


def test_only_what_depends_on_working_days_is_provisional() -> None:
    hours = due(book().kinds["refund_review"], book().calendars["hotline"], at("2027-03-01 10:00"))
    hotline = due(book().kinds["approval"], book().calendars["hotline"], at("2027-03-01 10:00"))
    office = due(book().kinds["social_reply"], book().calendars["office"], at("12-31 17:00"))
    window = due(book().kinds["return_window"], book().calendars["office"], at("12-24 10:00"))
    assert [each.provisional for each in (hours, hotline, office, window)] == [False, False, True, False]
    later = due(book().kinds["return_window"], book().calendars["office"], at("12-25 10:00"))
    assert later.provisional
    assert later.due_at == at("2027-01-04 24:00")


def test_a_published_override_is_not_provisional() -> None:
    office = book().calendars["office"]
    days = {date(2027, 1, n): Day(n == 2 or n > 3, None) for n in range(1, 20)}
    arrived = replace(office, working_days=replace(office.working_days, extra=days))
    counted = due(book().kinds["appeal_preliminary"], arrived, at("12-30 10:00"))
    assert counted.due_at == at("2027-01-06 24:00")
    assert not counted.provisional


@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-10-31", None), ("2026-11-01", 2027), ("2027-01-01", 2027), ("2026-01-15", None)],
)
def test_next_year_is_asked_for_from_november(today: str, missing: int | None) -> None:
    assert unpublished_year(book().calendars["office"], date.fromisoformat(today)) == missing


def _calendar(**changes: object) -> Calendar:
    return replace(book().calendars["office"], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weekly", "code"),
    [
        (((),) * 7, "calendar.never_open"),
        ((((540, 720),),) * 6, "calendar.never_open"),
        ((((720, 540),),) * 7, "calendar.bad_hours"),
        ((((540, 720), (700, 800)),) * 7, "calendar.bad_hours"),
        ((((540, 1441),),) * 7, "calendar.bad_hours"),
    ],
)
def test_calendars_that_cannot_be_counted_on_are_refused(weekly: object, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        _calendar(weekly=weekly)
    assert refusal.value.code == code


def test_dated_overrides_close_and_open() -> None:
    calendar = _calendar(
        closed={date(2026, 9, 28): ((540, 720),), date(2026, 9, 29): ((0, 1440),)},
        opened={date(2026, 10, 1): ((600, 660),), date(2026, 9, 29): ((480, 540),)},
    )
    assert calendar.hours(date(2026, 9, 28)) == ((780, 1080),)
    assert calendar.hours(date(2026, 9, 29)) == ((480, 540),)
    assert calendar.hours(date(2026, 10, 1)) == ((600, 660),)
    kind = book().kinds["social_reply"]
    assert due(kind, calendar, at("09-28 09:00")).due_at == at("09-28 17:00")
    assert due(kind, calendar, at("09-28 17:00")).due_at == at("09-30 11:00")
    closed = replace(calendar, closed={date(2026, 9, 28): ((700, 800),)})
    assert closed.hours(date(2026, 9, 28)) == ((540, 700), (800, 1080))


def test_a_calendar_shut_for_years_says_so() -> None:
    shut = {date(2026, 1, 1) + timedelta(days=n): ((0, 1440),) for n in range(4000)}
    with pytest.raises(Exception, match=r"calendar\.no_open_time"):
        due(book().kinds["social_reply"], _calendar(closed=shut), at("09-28 09:00"))


def test_a_calendar_of_a_zone_with_summer_time() -> None:
    london = _calendar(zone="Europe/London", follows_working_days=False)
    kind = book().kinds["social_reply"]
    # Monday 2026-03-30 09:00 is 08:00 UTC, after the change of 03-29.
    counted = due(kind, london, datetime.fromisoformat("2026-03-27T17:00+00:00"))
    assert counted.due_at == datetime.fromisoformat("2026-03-30T12:00+01:00")
    window = due(book().kinds["appeal_preliminary"], london, datetime.fromisoformat("2026-03-27T17:00+00:00"))
    assert window.due_at == datetime.fromisoformat("2026-04-04T00:00+01:00")


def test_settings_may_change_the_way_of_counting() -> None:
    kind = book().kinds["unfreeze_decision"]
    assert target_of(kind).length.counting is Counting.HOURS
    assert target_of(kind, {"risk": "high"}).length.calendar == "office"
    assert kind.calendars == {"hotline", "office"}
