"""Thresholds, chips, take-next and the explanation."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bdesk.i18n import set_language
from bdesk.models.clock_kinds import SlaState
from bdesk.models.views.journal import Event
from bdesk.rules.clock import Rank, Reading, explain, leading, take_next_rank, target_of, thresholds
from bdesk.rules.clock.display import late_time, moment, short_time, span, text_of
from bdesk.rules.clock.planning import again, next_due, oldest_unanswered
from bdesk.speech import speak
from tests.rules.clock.journal_builder import Journal, at, book

NIGHT = "09-28 02:00"


def clock(code: str, start: str, **params: object) -> Reading:
    journal = Journal()
    journal.attach(code, start, params=params)
    return journal.one(start)


def marks(reading: Reading) -> list[tuple[str, object, object]]:
    kind = book().kinds[reading.kind]
    calendar = book().calendars[target_of(kind, reading.params).length.calendar]
    return [(mark.state.value, mark.at, mark.ring_at) for mark in thresholds(reading, kind, calendar)]


# UX, SLA states: from when a chip says DUE and NOW.


@pytest.mark.parametrize(
    ("code", "params", "start", "due", "now"),
    [
        ("refund_review", {}, "09-28 10:00", "09-29 08:00", "09-29 09:30"),  # 2 h and 30 min
        ("appeal_record", {}, "09-28 10:00", "09-28 10:07:30", "09-28 10:10"),  # 50 % and 5 min
        ("appeal_assign", {}, "09-28 10:00", "09-28 10:45", "09-28 10:54"),  # 25 % and 10 %
        ("unfreeze_response", {"channel": "hotline"}, "09-28 10:00", "09-28 10:15", "09-28 10:25"),
        ("approval", {}, "09-28 10:00", "09-28 11:00", "09-28 11:48"),  # B0.6: warns with 1 h left
        ("approval", {}, "09-28 23:00", "09-29 08:00", "09-29 08:48"),  # open time only
        ("social_reply", {}, "09-28 11:30", "09-28 15:30", "09-28 16:06"),
        ("complaint_result", {}, "09-28 10:00", "10-08 00:00", "10-08 16:00"),
        ("appeal_preliminary", {}, "09-30 16:30", "10-10 24:00", "10-13 16:00"),  # from the end of day 3
        ("return_refund", {}, "09-08 10:00", "09-10 10:00", "09-15 16:00"),
        ("unfreeze_decision", {"risk": "high"}, "09-28 10:00", "10-08 00:00", "10-08 16:00"),
        ("regulator", {"letter_date": "2026-10-04"}, "09-28 10:00", "10-04 00:00", "10-04 22:00"),
        ("promise", {"by": "2026-09-28T14:00:00+08:00"}, "09-28 10:00", "09-28 13:00", "09-28 13:36"),
        ("promise", {"by_day": "2026-09-29"}, "09-28 10:00", "09-29 00:00", "09-29 22:00"),
    ],
)
def test_thresholds(code: str, params: Mapping[str, object], start: str, due: str, now: str) -> None:
    reading = clock(code, start, **params)
    assert (reading.due_from, reading.now_from) == (at(due), at(now))
    assert reading.state(reading.due_from - timedelta(seconds=1)) is SlaState.FINE
    assert reading.state(reading.due_from) is SlaState.DUE
    assert reading.state(reading.now_from) is SlaState.NOW
    assert reading.state(reading.due_at) is SlaState.NOW
    assert reading.state(reading.due_at + timedelta(seconds=1)) is SlaState.OVER


def test_stops_move_the_thresholds() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-28 10:00")
    journal.pause("09-29 09:00", resume="09-29 19:00")
    reading = journal.one("09-29 20:00")
    assert reading.due_at == at("09-29 20:00")
    # Of the two hours before due, one had run before the stop.
    assert reading.due_from == at("09-29 08:00")
    assert reading.now_from == at("09-29 19:30")


@pytest.mark.parametrize(
    ("code", "start", "rings"),
    [
        ("refund_review", "09-28 12:00", ["09-29 10:00", "09-29 11:30", "09-29 12:00"]),
        # Due at 03:00: both warnings come before the desk closes at 24:00, the breach when it opens.
        ("refund_review", "09-28 03:00", ["09-28 22:00", "09-28 23:30", "09-29 08:00"]),
        # DUE at 07:00 waits for the opening.
        ("refund_review", "09-28 09:00", ["09-29 08:00", "09-29 08:30", "09-29 09:00"]),
        # Received and due while nobody is there: no warning can come in time.
        ("appeal_assign", NIGHT, [None, None, "09-28 08:00"]),
        ("complaint_result", "09-28 10:00", ["10-08 09:00", "10-08 16:00", "10-09 09:00"]),
        ("return_window", "09-28 10:00", [None, None, None]),
    ],
)
def test_warnings_keep_open_hours(code: str, start: str, rings: list[str | None]) -> None:
    assert [ring for _, _, ring in marks(clock(code, start))] == [at(r) if r else None for r in rings]


def test_the_heir_of_a_breached_clock_does_not_ring() -> None:
    journal = Journal()
    journal.attach("resolution", "09-21 10:00")
    journal.attach("resolution", "09-21 10:00", recorded="09-29 10:00", params={"priority": 1})
    journal.add("clock.superseded", "09-29 10:00", {"clock": "resolution", "number": 1, "by": "resolution"})
    heir = journal.read("09-29 10:01")[1]
    assert [ring for _, _, ring in marks(heir)] == [None, None, None]


# Short times.


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (timedelta(seconds=235), "03:55", "03:55"),
        (timedelta(seconds=599), "09:59", "09:59"),
        (timedelta(seconds=600), "10分", "10m"),
        (timedelta(minutes=42, seconds=59), "42分", "42m"),
        (timedelta(minutes=72), "1h12", "1h12"),
        (timedelta(hours=23, minutes=59), "23h59", "23h59"),
        (timedelta(days=1), "1天", "1d"),
        (timedelta(days=3, hours=5), "3天", "3d"),
        (timedelta(0), "00:00", "00:00"),
        (timedelta(minutes=-2), "+2分", "+2m"),
        (timedelta(seconds=-1), "+0分", "+0m"),
        (-timedelta(hours=2, minutes=14), "+2h14", "+2h14"),
        (-timedelta(hours=12, minutes=40), "+12h", "+12h"),
        (-timedelta(days=3), "+3天", "+3d"),
    ],
)
def test_short_times(left: timedelta, zh: str, en: str) -> None:
    due = at("10-01 12:00")
    assert short_time(due, due - left, "zh") == zh
    assert short_time(due, due - left, "en") == en


def test_a_week_ahead_is_a_date_and_midnight_belongs_to_the_day_it_ends() -> None:
    assert short_time(at("10-13 24:00"), at("09-30 16:30"), "zh") == "10/13"
    assert short_time(at("10-13 24:00"), at("10-07 16:30"), "zh") == "6天"
    assert moment(at("10-13 24:00"), at("09-30 16:30"), "zh", end=True) == "10月13日 24:00"
    assert moment(at("10-13 24:00"), at("09-30 16:30"), "zh") == "10月14日 00:00"
    assert moment(at("2027-01-07 24:00"), at("12-30 16:30"), "en", end=True) == "2027/1/7 24:00"


def test_the_time_of_a_stopped_clock_stands_still() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-28 10:00")
    journal.pause("09-28 12:00", resume="10-02 12:00")
    reading = journal.one("09-28 13:00")
    assert {text_of(reading, at(f"09-{day} 13:00"), "zh") for day in (28, 29, 30)} == {"22h00"}
    late = Journal()
    late.attach("refund_review", "09-28 10:00")
    late.pause("09-29 12:14", resume="10-02 12:00")
    assert text_of(late.one("09-30 13:00"), at("09-30 13:00"), "zh") == "+2h14"
    assert span(timedelta(hours=-1), "zh") == "00:00"
    assert late_time(timedelta(hours=-1), "zh") == "+0分"


# Take next.


def _rank(priority: int, now: str, *clocks: tuple[str, str]) -> Rank:
    journal = Journal()
    for code, start in clocks:
        journal.attach(code, start)
    return take_next_rank(priority, journal.read(now), at(now), book().take_next)


def test_the_take_next_order_is_that_of_the_law() -> None:
    now = "09-29 12:00"
    ranks = [
        _rank(1, now, ("refund_review", "09-29 11:00")),
        _rank(3, now, ("after_sale_response", "09-28 11:00")),  # hard, late
        _rank(3, now, ("after_sale_response", "09-28 12:20")),  # hard, 20 min left
        _rank(3, now, ("refund_review", "09-28 12:10")),  # target, 10 min left
        _rank(3, now, ("refund_review", "09-28 09:00")),  # target, late
        _rank(3, now, ("refund_review", "09-28 12:40")),
        _rank(3, now, ("after_sale_response", "09-28 12:40")),
        _rank(2, now, ("refund_review", "09-29 11:00")),
        _rank(2, now),
    ]
    assert ranks == sorted(ranks, key=lambda rank: rank[:2])
    assert [rank.reason for rank in ranks] == [
        "priority",
        "hard_breached",
        "hard_soon",
        "target_soon",
        "target_breached",
        *("by_due_time",) * 3,
        "no_clock",
    ]


def test_a_fresh_case_is_not_late_because_others_are() -> None:
    late = _rank(3, "09-29 12:00", ("refund_review", "09-20 12:00"))
    fresh = _rank(3, "09-29 12:00", ("refund_review", "09-28 12:14"))
    assert fresh[:2] < late[:2]


def test_the_clock_that_says_why_is_named() -> None:
    rank = _rank(3, "09-29 12:00", ("refund_review", "09-28 12:40"), ("after_sale_response", "09-28 12:20"))
    assert (rank.reason, rank.clock) == ("hard_soon", "after_sale_response")


def test_stopped_clocks_sort_below_and_facts_do_not_count() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-28 12:00")
    journal.attach("ship_promise", "09-20 12:00")
    journal.pause("09-28 13:00", resume="10-03 12:00")
    readings = journal.read("09-29 12:00")
    rank = take_next_rank(3, readings, at("09-29 12:00"), book().take_next)
    assert rank.reason == "stopped"
    assert rank > _rank(3, "09-29 12:00")
    first = leading(readings)
    assert first is not None and first.kind == "refund_review"
    journal.attach("complaint_ack", "09-28 20:00")
    first = leading(journal.read("09-29 12:00"))
    assert first is not None and first.kind == "complaint_ack"
    assert leading(()) is None


def test_a_top_priority_case_without_clocks_is_still_first() -> None:
    assert _rank(1, "09-29 12:00").reason == "priority"


# Why.


def told(reading: Reading, now: str, lang: str = "zh") -> list[str]:
    kind = book().kinds[reading.kind]
    calendar = book().calendars[target_of(kind, reading.params).length.calendar]
    set_language(lang)
    try:
        return [speak(line.code, line.params) for line in explain(reading, kind, calendar, at(now), lang)]
    finally:
        set_language(None)


def test_the_appeal_is_explained_day_by_day() -> None:
    journal = Journal()
    journal.attach("appeal_preliminary", "09-30 16:30")
    lines = told(journal.one("10-08 09:00"), "10-08 09:00")
    assert lines[1:-2] == [
        "9月30日 16:30 起算",
        "9月30日 16:30 至 9月30日 24:00：当天，不计",
        "10月1日 00:00 至 10月7日 24:00：国庆节，不计",
        "10月8日 00:00 至 10月9日 24:00：计 2 天",
        "10月10日 00:00 至 10月10日 24:00：国庆节调休上班，计 1 天",
        "10月11日 00:00 至 10月11日 24:00：周末，不计",
        "10月12日 00:00 至 10月13日 24:00：计 2 天",
        "合计 5 天，10月13日 24:00 到期",
    ]
    assert lines[-2] == "还剩 135 小时"
    assert lines[-1] == f"政策版本 1，日历 办公 {book().calendars['office'].version}"


def test_stops_are_explained_with_whom_and_why() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-28 10:00")
    journal.pause("09-28 12:00", resume="09-30 12:00")
    lines = told(journal.one("09-29 12:00"), "09-29 12:00", "en")
    assert "9/28 10:00 to 9/28 12:00: 2 h counted" in lines
    assert "9/28 12:00 to 9/30 12:00: stopped, waiting for the customer's material (客户)" in lines
    assert "24 h in all: due 10/1 10:00" in lines
    assert any(line.startswith("Stopped since 9/28 12:00") and "9/30 12:00" in line for line in lines)


def test_a_fact_clock_that_ran_out_makes_nobody_here_late() -> None:
    journal = Journal()
    journal.attach("return_window", "09-08 10:00")
    lines = told(journal.one("09-28 10:00"), "09-28 10:00", "en")
    assert any(line.startswith("Past since") for line in lines)
    assert not any(line.startswith(("Overdue", "Late")) for line in lines)


def _every_way() -> list[tuple[Reading, str]]:
    late = Journal()
    late.attach("refund_review", "09-28 10:00")
    late.pause("09-29 12:00", resume="10-30 12:00")
    late.add("clock.excused", "09-29 13:00", {"clock": "refund_review", "reason": "outage"}, actor="2001")
    final = Journal()
    final.attach("appeal_final", "09-30 16:30")
    final.pause("10-08 10:00", "external", resume="10-08 12:00")
    final.pause("10-09 10:00", "external", resume="10-10 12:00")
    said = {
        "clock": "appeal_final",
        "due_at": at("11-09 24:00").isoformat(),
        "reason": "x",
        "by_role": "owner",
    }
    final.add("clock.extended", "10-12 10:00", said)
    done, gone, over, again_ = Journal(), Journal(), Journal(), Journal()
    for journal in (done, gone, over):
        journal.attach("social_reply", "09-30 16:30")
    done.fulfil("10-08 09:00", "social_reply")
    over.fulfil("10-09 09:00", "social_reply")
    gone.add("clock.cancelled", "10-08 09:00", {"clock": "social_reply", "reason": "merged"})
    again_.add("case.reopened", "09-28 09:00")
    again_.attach("return_window", "09-27 10:00", recorded="09-28 09:00")
    given, far = Journal(), Journal()
    given.attach("regulator", "09-28 10:00", params={"letter_date": "2026-10-20"})
    far.attach("resolution", "12-30 10:00")
    window = Journal()
    window.attach("return_window", "09-08 10:00")
    journals = (late, final, done, over, gone, again_, given, far, window)
    stands = (late.one("10-05 10:00"), "10-05 10:00")
    return [stands, *((journal.one("10-08 10:00"), "10-10 10:00") for journal in journals)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_has_its_sentence_in_both_languages(lang: str) -> None:
    seen: set[str] = set()
    for reading, now in _every_way():
        kind = book().kinds[reading.kind]
        calendar = book().calendars[target_of(kind, reading.params).length.calendar]
        lines = explain(reading, kind, calendar, at(now), lang)
        seen.update(line.code.removeprefix("clock.line.") for line in lines)
        for sentence in told(reading, now, lang):
            assert "{" not in sentence
            assert "clock.line" not in sentence
            assert (lang == "zh") == any(
                "\u4e00" <= sign <= "\u9fff" for sign in sentence if sign not in "客户"
            )
    assert seen >= {
        *("head", "cycle", "start", "ran", "makeup", "day_zero", "weekend", "holiday_named", "closed"),
        *("moved_named", "extended", "paused_days", "paused_within", "paused_late", "sum", "given"),
        *("moved_on", "provisional", "breached", "late", "past", "excused", "met", "met_late"),
        *("ended", "stands_cap", "left", "versions"),
    }


# What acts mean.


def test_reopening_gives_no_new_first_response() -> None:
    opens = ("first_response", "email_reply", "refund_review", "resolution", "refund_arrival")
    assert again(opens, book().kinds) == ("refund_review", "resolution")


def test_an_extension_of_the_kinds_own_length() -> None:
    kind, office = book().kinds["appeal_final"], book().calendars["office"]
    due = next_due(clock("appeal_final", "09-30 16:30"), kind, office)
    assert due is not None
    assert due.due_at == at("11-03 24:00")
    assert next_due(clock("refund_review", "09-30 16:30"), book().kinds["refund_review"], office) is None


def test_the_next_response_is_owed_from_the_oldest_unanswered_message() -> None:
    journal = Journal()

    def answers(event: Event) -> bool:
        return event.kind in ("contact.outbound", "reply.not_needed") and event.actor != "system"

    journal.add("customer.wrote", "09-28 10:00", actor="customer")
    assert oldest_unanswered(journal.events, answers) is None
    journal.add("contact.outbound", "09-28 11:00", actor="system")  # an automatic receipt is no answer
    assert oldest_unanswered(journal.events, answers) is None
    journal.add("contact.outbound", "09-28 11:00")
    assert oldest_unanswered(journal.events, answers) is None
    journal.add("customer.wrote", "09-28 12:00", actor="customer")
    journal.add("customer.wrote", "09-28 13:00", actor="customer")
    assert oldest_unanswered(journal.events, answers) == at("09-28 12:00")
    answer = journal.add("reply.not_needed", "09-28 14:00")
    assert oldest_unanswered(journal.events, answers) is None
    journal.add("undone", "09-28 14:00:10", {"of": answer})
    assert oldest_unanswered(journal.events, answers) == at("09-28 12:00")


def test_nobody_answered_a_message_that_was_recorded_after_their_answer() -> None:
    """By the record, not by the hour at which it came; a call that was logged late answered what came before
    it, and not what came after it."""
    journal = Journal()

    def answers(event: Event) -> bool:
        return event.kind == "contact.outbound"

    journal.add("contact.outbound", "09-28 11:00")
    journal.add("customer.wrote", "09-28 10:00", actor="customer")
    assert oldest_unanswered(journal.events, answers) == at("09-28 10:00")
    journal.add("contact.outbound", "09-28 12:00")
    assert oldest_unanswered(journal.events, answers) is None
    journal.add("customer.wrote", "09-28 14:00", actor="customer")
    journal.add("contact.outbound", "09-28 13:00")
    assert oldest_unanswered(journal.events, answers) == at("09-28 14:00")


def test_at_one_instant_the_order_of_the_journal_counts() -> None:
    journal = Journal()
    journal.add("customer.wrote", "09-28 11:00", actor="customer")
    journal.add("contact.outbound", "09-28 11:00")
    assert oldest_unanswered(journal.events, lambda event: event.kind == "contact.outbound") is None
    journal.add("customer.wrote", "09-28 11:00", actor="customer")
    assert oldest_unanswered(journal.events, lambda event: event.kind == "contact.outbound") == at(
        "09-28 11:00"
    )


def test_a_call_and_material_are_owed_no_next_response() -> None:
    journal = Journal()
    journal.add("contact.outbound", "09-28 11:00")
    journal.add("contact.inbound", "09-28 12:00", {"kind": "call"})
    journal.add("customer.evidence", "09-28 12:30", actor="customer")
    assert oldest_unanswered(journal.events, lambda event: event.kind == "contact.outbound") is None
    journal.add("contact.inbound", "09-28 13:00", {"kind": "email"})
    assert oldest_unanswered(journal.events, lambda event: event.kind == "contact.outbound") == at(
        "09-28 13:00"
    )
