"""Clock kinds and calendars as data: the packaged ones, own ones before them, and files with faults."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from bdesk.data.book import files
from bdesk.data.book.calendar_text import freeze, thaw
from bdesk.data.book.clocks import load_calendars, load_clocks, parse_calendar, parse_policy
from bdesk.data.book.working_days import working_days
from bdesk.errors import BadInput
from bdesk.models.clock_kinds import Drives, OnClose, PauseReason
from bdesk.rules.clock import DEFAULT_ORDER, due
from bdesk.rules.clock.calendar import unpublished_year

CATALOGUE = """
    email_reply after_sale_response first_response next_response resolution refund_review appeal_record
    appeal_assign appeal_preliminary appeal_final ship_promise ship_follow_up return_window return_send
    return_refund refund_arrival unfreeze_response unfreeze_decision unfreeze_legal unfreeze_follow_up
    approval escalation_decision complaint_ack complaint_result feedback_forward social_reply
    privacy_request regulator promise call_back
""".split()  # noqa: SIM905 - as the law lists them
FACTS = {"ship_promise", "return_window", "return_send", "refund_arrival"}
HARD = {"after_sale_response", "return_refund", "unfreeze_legal", "regulator"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BDESK_HOME", str(tmp_path))
    (tmp_path / "book" / "calendars").mkdir(parents=True)
    (tmp_path / "book" / "policies").mkdir()
    yield tmp_path


def own(home: Path, name: str, text: str) -> None:
    (home / "book" / name).write_text(text, encoding="utf-8")


def packaged(name: str) -> str:
    folder = Path(files.__file__).parent
    return (folder / name).read_text("utf-8")


# The packaged book.


def test_every_kind_of_the_catalogue_is_there_with_its_length() -> None:
    book = load_clocks()
    assert sorted(book.kinds) == sorted(CATALOGUE)
    assert {code for code, kind in book.kinds.items() if kind.drives is Drives.FACT} == FACTS
    assert {code for code, kind in book.kinds.items() if kind.hard} == HARD
    assert all(kind.policy == book.policy_version for kind in book.kinds.values())
    assert book.take_next == DEFAULT_ORDER


def test_what_may_stop_a_clock_is_part_of_its_kind() -> None:
    kinds = load_clocks().kinds
    assert kinds["refund_review"].pauses == {PauseReason.CUSTOMER_MATERIAL}
    assert kinds["appeal_preliminary"].pauses == {PauseReason.CUSTOMER_MATERIAL}
    for never in ("first_response", "after_sale_response", "email_reply", "ship_follow_up", "unfreeze_legal"):
        assert kinds[never].pauses == frozenset()
    assert kinds["next_response"].on_close is OnClose.FULFIL
    assert kinds["promise"].on_close is OnClose.KEEP
    assert not kinds["first_response"].rearm


def test_short_words_fit_the_case_screen() -> None:
    for kind in load_clocks().kinds.values():
        assert 1 <= len(kind.short.zh) <= 3
        assert len(kind.short.en) <= 9


def test_the_published_years_are_those_of_the_package() -> None:
    year = working_days()
    assert (year.since, year.until) == (date(2004, 1, 1), date(2026, 12, 31))
    when = year.since
    while when <= year.until:
        assert year.day(when).working is chinese_calendar.is_workday(when), when
        assert not year.day(when).provisional
        when += timedelta(days=1)
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(2027, 1, 1))
    assert year.day(date(2027, 1, 1)).provisional


def test_holidays_have_names_and_make_up_days_say_for_what() -> None:
    year = working_days()
    assert year.day(date(2026, 10, 1)).name == "national_day"
    assert (year.day(date(2026, 10, 10)).working, year.day(date(2026, 10, 10)).name) == (True, "national_day")
    assert year.day(date(2026, 1, 4)).name == "new_year"
    assert year.day(date(2026, 9, 25)).name == "mid_autumn_festival"
    assert year.day(date(2026, 9, 28)).name is None
    makeup = [when for when, day in year.table.items() if day.working and when.year == 2026]
    assert [f"{when:%m-%d}" for when in makeup] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


# What the store keeps.


def test_a_calendar_comes_back_from_its_text() -> None:
    book = load_clocks()
    for code, calendar in book.calendars.items():
        text = book.calendar_texts[code]
        again = thaw(text, calendar.version)
        assert again == calendar
        assert freeze(again) == text
        assert json.loads(text)["code"] == code


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"code": 1}', "null"])
def test_a_text_that_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        thaw(text, "1")
    assert refusal.value.code == "calendar.bad_text"


def test_versions_follow_the_content() -> None:
    first, second = load_clocks(), load_clocks()
    assert (first.policy_version, first.calendar_version) == (second.policy_version, second.calendar_version)
    assert first.calendar_texts == second.calendar_texts
    assert len({calendar.version for calendar in first.calendars.values()}) == len(first.calendars)


def test_another_process_makes_the_same_texts(home: Path) -> None:
    code = (
        "from bdesk.data.book.clocks import load_clocks; b = load_clocks(); "
        "print(b.policy_version, b.calendar_version)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    book = load_clocks()
    assert done.stdout.split() == [book.policy_version, book.calendar_version]


# Own files.


def test_own_days_rule_over_published_and_unpublished_years(home: Path) -> None:
    before = load_clocks()
    text = (
        "published_until: 2027-12-31\n"
        "days:\n"
        "  - {date: 2026-10-10, working: false, note: typhoon}\n"
        "  - {date: 2027-01-02, working: true}\n"
    )
    own(home, "calendars/working_days.yaml", text)
    after = load_clocks()
    office = after.calendars["office"]
    assert office.is_working(date(2026, 10, 10)).name == "typhoon"
    assert office.is_working(date(2027, 1, 2)).working
    assert not office.is_working(date(2027, 3, 1)).provisional
    assert office.version.startswith("1-2027-")
    assert after.calendar_version != before.calendar_version
    assert unpublished_year(office, date(2026, 11, 2)) is None
    appeal = after.kinds["appeal_preliminary"]
    counted = due(appeal, office, datetime.fromisoformat("2026-09-30T16:30+08:00"))
    assert counted.due_at == datetime.fromisoformat("2026-10-15T00:00+08:00")


def test_fixed_statutory_days_stay_known_beside_own_days(home: Path) -> None:
    own(home, "calendars/working_days.yaml", "days: [{date: 2027-02-08, working: false, note: 春节}]\n")
    office = load_calendars()["office"]
    assert (office.is_working(date(2027, 10, 1)).name, office.is_working(date(2027, 10, 1)).provisional) == (
        "national_day",
        True,
    )
    assert not office.is_working(date(2027, 2, 8)).provisional


def test_an_own_calendar_and_policy_stand_for_the_packaged_ones(home: Path) -> None:
    office = packaged("calendars/office.yaml").replace("13:00-18:00", "13:30-17:30")
    own(home, "calendars/office.yaml", office)
    policy = packaged("policies/clocks.yaml").replace(
        "length: 15\n    unit: minutes", "length: 20\n    unit: minutes"
    )
    own(home, "policies/clocks.yaml", policy)
    book = load_clocks()
    assert book.calendars["office"].hours(date(2026, 9, 28)) == ((540, 720), (810, 1050))
    assert book.kinds["appeal_record"].length == 20
    assert book.policy_text == policy


# Faults are told by file, line and column.


def _policy_fault(old: str, new: str) -> tuple[int, str]:
    text = packaged("policies/clocks.yaml")
    assert old in text
    with pytest.raises(BadInput) as refusal:
        parse_policy(files.Source("clocks.yaml", text.replace(old, new, 1)), frozenset({"hotline", "office"}))
    params = refusal.value.params
    assert refusal.value.code == "book.bad_file"
    assert params["file"] == "clocks.yaml"
    assert isinstance(params["line"], int) and isinstance(params["column"], int)
    return params["line"], str(params["what"])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("code: email_reply", "code: after_sale_response", "stands twice"),
        ("calendar: hotline", "calendar: nowhere", "no calendar nowhere"),
        ("pause_cap_days: 7", "rearm: true", "every pause has an end"),
        ("pauses: [customer_material]", "pauses: [supervisor]", "Input should be"),
        ("length: 24", "length: 0", "greater than or equal to 1"),
        ("unit: hours", "unit: days", "hours are not counted in days"),
        ("drives: desk", "drives: desk\n    colour: red", "Extra inputs"),
        ("due: {after_day: 3}", "due: {after_day: 3, after_hours: 2}", "give one of"),
        ("{after_hours: 48}", "{}", "give one of"),
        ("type: days", "type: choice", "a choice needs choices"),
        ("name: estimated_ship_at, type: instant", "name: estimated_ship_at, type: days", "days"),
        ("short: {zh: 邮件, en: E-mail}", "short: {zh: 邮件}", "en"),
        ("version: 1", "version: 1\nversion: 2", "twice"),
        ("drives: desk", "drives: [desk", "expected"),
    ],
)
def test_faults_of_a_policy_are_told_by_line(old: str, new: str, reason: str) -> None:
    line, told = _policy_fault(old, new)
    assert reason in told
    assert line >= 1


def test_the_line_of_a_fault_is_the_right_one() -> None:
    text = packaged("policies/clocks.yaml")
    wanted = 1 + text[: text.index("pauses: [customer_material]")].count("\n")
    line, _ = _policy_fault("pauses: [customer_material]", "pauses: [nobody]")
    assert line == wanted


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("zone: Asia/Shanghai", "zone: Asia/Beijing", "no such time zone"),
        ("zone: Asia/Shanghai", "zone: ../../etc/passwd", "no such time zone"),
        ('["09:00-12:00", "13:00-18:00"]', '["09:00-12:00", "11:00-18:00"]', "hours must be in order"),
        ('["09:00-12:00", "13:00-18:00"]', '["18:00-09:00"]', "hours must be in order"),
        ('["09:00-12:00", "13:00-18:00"]', '["9-12"]', "pattern"),
        ('["09:00-12:00", "13:00-18:00"]', '["09:00-24:30"]', "hours must be in order"),
        ("closed: []", "closed: [{from: 2026-10-02, to: 2026-10-01}]", "in order"),
        ("closed: []", "closed: [{from: 2026-02-30, to: 2026-03-01}]", "date"),
    ],
)
def test_faults_of_a_calendar_are_told_by_line(old: str, new: str, reason: str) -> None:
    text = packaged("calendars/office.yaml")
    assert old in text
    with pytest.raises(BadInput) as refusal:
        parse_calendar(files.Source("office.yaml", text.replace(old, new, 1)), working_days())
    assert refusal.value.code == "book.bad_file"
    assert reason in str(refusal.value.params["what"])


def test_a_calendar_that_is_never_open_is_refused_when_it_is_loaded(home: Path) -> None:
    own(
        home,
        "calendars/office.yaml",
        packaged("calendars/office.yaml").replace('["09:00-12:00", "13:00-18:00"]', "[]"),
    )
    with pytest.raises(BadInput) as refusal:
        load_calendars()
    assert "never open" in str(refusal.value.params["what"])
    assert str(refusal.value.params["file"]).endswith("office.yaml")
    assert refusal.value.params["line"] == 7


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("days: [{date: 2026-13-01, working: true}]\n", "date"),
        ("days: [{date: 2026-10-01}]\n", "working"),
        ("days: [{date: 2026-10-01, working: true}, {date: 2026-10-01, working: false}]\n", "stands twice"),
        ('fixed: [{day: "02-31", name: x}]\n', "day"),
    ],
)
def test_faults_of_the_override_file_are_told_by_line(home: Path, text: str, reason: str) -> None:
    own(home, "calendars/working_days.yaml", text)
    with pytest.raises(BadInput) as refusal:
        working_days()
    assert refusal.value.code == "book.bad_file"
    assert reason in str(refusal.value.params["what"])
    assert refusal.value.params["line"] == 1
