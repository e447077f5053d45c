"""What must hold for any journal, and due times against a count by single minutes."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bdesk.models.clock_kinds import Counting, Outcome, PauseReason, ResumeReason, Unit
from bdesk.models.views.journal import Event
from bdesk.rules.clock import Calendar, Length, Pause, Reading, Target, fold, folding, leading, thresholds
from bdesk.rules.clock.count import count
from bdesk.rules.clock.display import text_of
from bdesk.rules.clock.kind import target_of
from tests.rules.clock.journal_builder import at, book, iso

ORIGIN = at("09-21 07:00")
CLOCKS = ("refund_review", "resolution", "appeal_preliminary", "approval", "return_refund", "promise")
REASONS = ("customer_material", "bank", "inspection", "colleague")
MINUTE = timedelta(minutes=1)

minutes = st.integers(0, 40 * 24 * 60).map(lambda n: ORIGIN + n * MINUTE)


# Journals. Ids rise by ten, so that a sweep's events fit in between.


@st.composite
def payloads(draw: st.DrawFn, kind: str, ids: list[int], now: datetime) -> dict[str, object]:
    clock = draw(st.sampled_from(CLOCKS))
    match kind:
        case "clock.attached":
            start = now - draw(st.integers(0, 3 * 24 * 60)) * MINUTE
            return {"clock": clock, "start_at": start.isoformat(), "policy": "1", "calendar": "1"}
        case "clock.paused":
            wait = draw(st.integers(-60, 20 * 24 * 60))
            said: dict[str, object] = {"reason": draw(st.sampled_from(REASONS)), "who": "x"}
            if draw(st.booleans()):
                said["resume_at"] = (now + wait * MINUTE).isoformat()
            return said
        case "clock.resumed":
            return {"reason": draw(st.sampled_from(("agent", "customer", "resume_at")))}
        case "clock.extended":
            due = now + draw(st.integers(-1000, 30 * 24 * 60)) * MINUTE
            return {"clock": clock, "due_at": due.isoformat(), "reason": "x", "by_role": "owner"}
        case "undone" | "effect.recalled":
            of = draw(st.sampled_from(ids)) if ids else 0
            return {"of": of, "voids": draw(st.lists(st.sampled_from(ids), max_size=2)) if ids else []}
        case "clock.superseded":
            return {"clock": clock, "by": draw(st.sampled_from(CLOCKS))}
        case "clock.cancelled":
            return {"clock": clock, "reason": draw(st.sampled_from(("merged", "withdrawn")))}
    return {"clock": clock, "reason": "x"}


KINDS = st.sampled_from(
    (
        *("clock.attached",) * 3,
        *("clock.paused",) * 3,
        *("clock.fulfilled", "clock.resumed", "contact.inbound", "clock.extended", "clock.superseded"),
        *("clock.cancelled", "clock.excused", "case.closed", "case.reopened", "undone", "effect.recalled"),
    )
)


@st.composite
def journals(draw: st.DrawFn) -> list[Event]:
    times = sorted(draw(st.lists(minutes, min_size=1, max_size=12)))
    events: list[Event] = []
    ids: list[int] = []
    for index, recorded in enumerate(times, 1):
        kind = "clock.attached" if index == 1 else draw(KINDS)
        late = draw(st.sampled_from((0, 0, 0, 5, 600, 3000))) * MINUTE
        payload = draw(payloads(kind, ids, recorded))
        event = Event(index * 10, "case", 1, index, "1001", recorded - late, recorded, kind, payload)
        events.append(event)
        ids.append(event.id)
    return events


def read(events: list[Event], now: datetime) -> dict[int, Reading]:
    return {r.event_id: r for r in fold(events, book().kinds, book().calendars, now)}


@settings(max_examples=150, deadline=None)
@given(journals(), minutes, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_read_does_not_matter(
    events: list[Event], now: datetime, rng: random.Random
) -> None:
    shuffled = list(events)
    rng.shuffle(shuffled)
    assert read(shuffled + events[:2], now) == read(events, now)


@settings(max_examples=200, deadline=None)
@given(journals(), st.integers(0, 3000))
def test_a_breach_once_seen_is_never_removed(events: list[Event], wait: int) -> None:
    last = max(event.recorded_at for event in events)
    final = read(events, last + wait * MINUTE)
    for index in range(1, len(events) + 1):
        seen_at = events[index - 1].recorded_at
        until = events[index].recorded_at if index < len(events) else last + wait * MINUTE
        if until == seen_at and index < len(events):
            continue  # one transaction: nobody saw the case between its events
        # The last instant at which the case could be seen like this.
        for key, seen in read(events[:index], max(seen_at, until - timedelta(microseconds=1))).items():
            if seen.outcome is Outcome.BREACHED and key in final:
                assert final[key].outcome is Outcome.BREACHED
                assert final[key].breached_at == seen.breached_at


@settings(max_examples=150, deadline=None)
@given(journals(), st.data())
def test_sweeps_in_between_change_nothing(events: list[Event], data: st.DataObject) -> None:
    """Rebuilding from events equals what was stored on the way, with any sweeps at any time."""
    swept: list[Event] = []
    for index, event in enumerate(events):
        swept.append(event)
        following = (
            events[index + 1].recorded_at if index + 1 < len(events) else event.recorded_at + 900 * MINUTE
        )
        if following == event.recorded_at or not data.draw(st.booleans()):
            continue
        now = event.recorded_at + (following - event.recorded_at) * data.draw(st.integers(1, 9)) / 10
        late = [r for r in read(swept, now).values() if r.breached_at is not None]
        for offset, reading in enumerate(late[:9], 1):
            assert reading.breached_at is not None
            payload = {
                "clock": reading.kind,
                "cycle": reading.cycle,
                "number": reading.number,
                "at": reading.breached_at.isoformat(),
            }
            number = event.id + offset
            at_ = reading.breached_at
            swept.append(Event(number, "case", 1, number, "system", at_, now, "clock.breached", payload))
    end = events[-1].recorded_at + 900 * MINUTE
    assert read(swept, end) == read(events, end)


@settings(max_examples=150, deadline=None)
@given(journals(), minutes)
def test_reading_the_past_again_only_where_it_changed_gives_the_same(
    events: list[Event], now: datetime
) -> None:
    quick = read(events, now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "_changes_the_past", lambda journal, index: True)
        assert read(events, now) == quick


@settings(max_examples=150, deadline=None)
@given(journals(), minutes, st.integers(0, 5000))
def test_time_only_adds_breaches(events: list[Event], now: datetime, wait: int) -> None:
    early, late = read(events, now), read(events, now + wait * MINUTE)
    assert early.keys() == late.keys()
    for key, reading in early.items():
        assert late[key].due_at == reading.due_at
        if reading.breached_at is not None:
            assert late[key].breached_at == reading.breached_at


@settings(max_examples=200, deadline=None)
@given(journals(), minutes)
def test_segments_lead_from_start_to_due_and_add_up_to_the_length(events: list[Event], now: datetime) -> None:
    for reading in read(events, now).values():
        assert reading.segments[0].start == reading.start_at
        assert reading.segments[-1].end == reading.due_at
        for one, following in zip(reading.segments, reading.segments[1:], strict=False):
            assert one.end == following.start
        kind = book().kinds[reading.kind]
        assert sum(segment.counted for segment in reading.segments) == kind.base.amount
        assert all(pause.since < pause.until for pause in reading.pauses)
        for pause, after in zip(reading.pauses, reading.pauses[1:], strict=False):
            assert pause.until <= after.since
        paused = sum((p.until - p.since for p in reading.pauses), timedelta(0))
        assert paused <= (kind.pause_cap or timedelta(0))


@settings(max_examples=150, deadline=None)
@given(journals(), minutes, st.sampled_from(("zh", "en")))
def test_every_reading_can_be_shown(events: list[Event], now: datetime, lang: str) -> None:
    now = max(now, events[-1].recorded_at)
    readings = tuple(read(events, now).values())
    leading(readings)
    for reading in readings:
        kind = book().kinds[reading.kind]
        calendar = book().calendars[target_of(kind, reading.params).length.calendar]
        shown = text_of(reading, now, lang)
        assert sum(2 if ord(sign) > 0x2E80 else 1 for sign in shown) <= 5
        assert reading.start_at <= reading.due_from <= reading.due_at
        assert reading.start_at <= reading.now_from <= reading.due_at
        for mark in thresholds(reading, kind, calendar):
            assert mark.ring_at is None or calendar.is_open(mark.ring_at)
            if mark.ring_at is not None and mark.state != "over":
                assert reading.start_at <= mark.ring_at < reading.due_at
        if reading.paused is not None:
            assert reading.remaining(now) == reading.remaining(reading.paused.since)


# Counting.


@st.composite
def stops(draw: st.DrawFn, start: datetime) -> list[Pause]:
    edges = sorted(set(draw(st.lists(st.integers(-600, 9000), max_size=8))))
    found = []
    for since, until in zip(edges[::2], edges[1::2], strict=False):
        begin, end = start + since * MINUTE, start + until * MINUTE
        found.append(Pause(begin, end, PauseReason.BANK, "", None, ResumeReason.AGENT))
    return found


TARGETS = {
    Counting.HOURS: Length(Counting.HOURS, 31, Unit.HOURS, "hotline"),
    Counting.WORKING_HOURS: Length(Counting.WORKING_HOURS, 7, Unit.HOURS, "office"),
    Counting.WORKING_DAYS: Length(Counting.WORKING_DAYS, 4, Unit.DAYS, "office"),
    Counting.CALENDAR_DAYS: Length(Counting.CALENDAR_DAYS, 5, Unit.DAYS, "office"),
}


def _stopped_at(pauses: list[Pause], minute: datetime) -> bool:
    return any(pause.since <= minute < pause.until for pause in pauses)


def _by_minutes(
    length: Length, start: datetime, pauses: list[Pause], is_open: Callable[[datetime], bool]
) -> datetime:
    left, now = length.amount // 60, start
    while left:
        if is_open(now) and not _stopped_at(pauses, now):
            left -= 1
        now += MINUTE
    return now


def _by_days(length: Length, calendar: Calendar, start: datetime, pauses: list[Pause]) -> datetime:
    local = start.astimezone(calendar.tz)
    midnight = local.replace(hour=0, minute=0)
    working = length.counting is Counting.WORKING_DAYS
    left = length.amount
    while True:
        midnight += timedelta(days=1)  # the beginning of a day, without summer time
        works = calendar.is_working(midnight.date()).working
        runs = not _stopped_at(pauses, midnight + timedelta(days=1) - MINUTE)
        if left and runs and (works or not working):
            left -= 1
        if not left and runs and works:
            return midnight + timedelta(days=1)


@settings(max_examples=120, deadline=None)
@given(st.data(), st.sampled_from(list(TARGETS)), minutes)
def test_counting_agrees_with_a_count_by_single_minutes(
    data: st.DataObject, counting: Counting, start: datetime
) -> None:
    length = TARGETS[counting]
    calendar = book().calendars[length.calendar]
    pauses = data.draw(stops(start))
    counted = count(Target(length), calendar, start, pauses)
    if counting.in_days:
        expected = _by_days(length, calendar, start, pauses)
    elif counting is Counting.HOURS:
        expected = _by_minutes(length, start, pauses, lambda _now: True)
    else:
        expected = _by_minutes(length, start, pauses, calendar.is_open)
    assert counted.due_at == expected


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(list(TARGETS)), minutes)
def test_a_stop_never_makes_a_clock_due_earlier(
    data: st.DataObject, counting: Counting, start: datetime
) -> None:
    length = TARGETS[counting]
    calendar = book().calendars[length.calendar]
    pauses = data.draw(stops(start))
    due = count(Target(length), calendar, start, pauses).due_at
    for index, pause in enumerate(pauses):
        without = [*pauses[:index], *pauses[index + 1 :]]
        assert count(Target(length), calendar, start, without).due_at <= due
        shorter = [*pauses[:index], replace(pause, until=pause.since + (pause.until - pause.since) / 2)]
        assert count(Target(length), calendar, start, [*shorter, *pauses[index + 1 :]]).due_at <= due


def test_the_builder_speaks_of_shanghai() -> None:
    assert iso("09-30 16:30") == "2026-09-30T08:30:00+00:00"
    assert at("10-13 24:00") == at("10-14 00:00")
