"""SLA.md, "Rules": reopening; changes of priority, kind, policy, calendar; several clocks; odd journals."""

from dataclasses import replace
from datetime import date

import pytest

from bdesk.errors import BadInput
from bdesk.models.clock_kinds import EndReason, Outcome, RunState
from bdesk.rules.clock import Day, Reading, fold
from tests.rules.clock.journal_builder import Journal, at, book


def review(start: str = "09-28 10:00") -> Journal:
    journal = Journal()
    journal.attach("refund_review", start)
    return journal


def reads(reading: Reading) -> tuple[RunState, Outcome]:
    return reading.run, reading.outcome


# Reopening.


def test_reopening_a_met_case_freezes_the_first_round() -> None:
    journal = review()
    journal.fulfil("09-28 20:00", "refund_review")
    journal.add("case.closed", "09-28 20:00")
    journal.add("case.reopened", "10-05 09:00", {"cycle": 2})
    journal.attach("refund_review", "10-05 09:00")
    first, second = journal.read("10-05 10:00")
    assert (first.cycle, *reads(first)) == (1, RunState.STOPPED, Outcome.MET)
    assert (second.cycle, *reads(second)) == (2, RunState.RUNNING, Outcome.OPEN)
    assert second.due_at == at("10-06 09:00")
    journal.fulfil("10-05 11:00", "refund_review")
    assert [r.outcome for r in journal.read("10-05 12:00")] == [Outcome.MET, Outcome.MET]


def test_reopening_a_breached_case_rings_for_nothing_old() -> None:
    journal = review()
    journal.fulfil("09-29 20:00", "refund_review")
    journal.add("case.closed", "09-29 20:00")
    before = journal.one("10-05 08:00")
    journal.add("case.reopened", "10-05 09:00", {"cycle": 2})
    journal.attach("refund_review", "10-05 09:00", cycle=2)
    first, second = journal.read("10-05 10:00")
    assert first == before
    assert (second.number, second.outcome, second.inherits_breach) == (1, Outcome.OPEN, False)


# Priority, kind or policy changed.


def _change_priority(journal: Journal, when: str, priority: int) -> None:
    old = journal.read(when)[-1]
    journal.replace(old, old.kind, when, policy="2", params={"priority": priority})


def test_priority_changed_while_paused_replays_the_stop() -> None:
    journal = Journal()
    journal.attach("resolution", "09-28 10:00")
    journal.pause("09-28 12:00", "bank", resume="10-09 12:00")
    _change_priority(journal, "09-29 10:00", 4)
    old, new = journal.read("09-29 11:00")
    assert (*reads(old), old.ended) == (RunState.CANCELLED, Outcome.OPEN, EndReason.SUPERSEDED)
    assert new.run is RunState.PAUSED
    assert new.start_at == at("09-28 10:00")
    assert new.paused is not None
    assert new.paused.since == at("09-28 12:00")
    # 09-29 and 09-30 and 10-08 stand still: 10-09, 10-10, 10-12, 10-13, 10-14.
    assert new.due_at == at("10-14 24:00")
    journal.fulfil("10-09 13:00", "resolution")
    assert [r.outcome for r in journal.read("10-09 14:00")] == [Outcome.OPEN, Outcome.MET]


def test_a_priority_raised_past_its_due_time_is_one_breach() -> None:
    journal = Journal()
    journal.attach("resolution", "09-28 10:00")
    _change_priority(journal, "09-30 10:00", 1)
    old, new = journal.read("09-30 10:00:01")
    assert (old.run, old.outcome) == (RunState.CANCELLED, Outcome.OPEN)
    assert (new.outcome, new.breached_at) == (Outcome.BREACHED, at("09-29 24:00"))
    assert not new.inherits_breach


def test_what_was_breached_stays_and_its_heir_does_not_ring_again() -> None:
    journal = Journal()
    journal.attach("resolution", "09-21 10:00")
    _change_priority(journal, "09-29 10:00", 1)
    old, new = journal.read("09-29 10:00:01")
    assert reads(old) == (RunState.STOPPED, Outcome.BREACHED)
    assert (new.outcome, new.inherits_breach) == (Outcome.BREACHED, True)


def test_a_met_clock_is_not_superseded() -> None:
    journal = Journal()
    journal.attach("resolution", "09-28 10:00")
    journal.fulfil("09-28 12:00", "resolution")
    journal.add("clock.superseded", "09-28 13:00", {"clock": "resolution", "by": "resolution"})
    assert reads(journal.one("09-28 14:00")) == (RunState.STOPPED, Outcome.MET)


def test_a_kind_changed_takes_over_the_stops_it_allows() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="09-30 12:00", clocks=["refund_review"])
    (old,) = journal.read("09-28 13:00")
    journal.replace(old, "appeal_preliminary", "09-28 13:00")
    heir = journal.read("09-28 14:00")[1]
    assert heir.run is RunState.PAUSED
    ship = review()
    ship.pause("09-28 12:00", resume="09-30 12:00")
    (old,) = ship.read("09-28 13:00")
    ship.replace(old, "ship_follow_up", "09-28 13:00")
    assert ship.read("09-28 14:00")[1].run is RunState.RUNNING


def test_one_clock_may_replace_two() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-28 10:00")
    journal.attach("complaint_result", "09-28 10:00")
    journal.pause("09-28 11:00", resume="09-29 11:00", clocks=["complaint_result"])
    journal.attach("appeal_preliminary", "09-28 10:00", recorded="09-29 10:30")
    for code in ("refund_review", "complaint_result"):
        journal.add("clock.superseded", "09-29 10:30", {"clock": code, "by": "appeal_preliminary"})
    late, paused, heir = journal.read("09-29 10:31")
    assert reads(late) == (RunState.STOPPED, Outcome.BREACHED)
    assert reads(paused) == (RunState.CANCELLED, Outcome.OPEN)
    assert heir.run is RunState.PAUSED
    assert heir.inherits_breach


def test_a_new_clock_does_not_take_over_an_old_stop() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="09-30 12:00")
    journal.attach("complaint_result", "09-28 11:00", recorded="09-28 13:00")
    assert journal.read("09-28 14:00")[1].run is RunState.RUNNING


# Versions.


def test_open_cases_stay_on_their_versions() -> None:
    journal = Journal()
    journal.attach("appeal_preliminary", "09-30 16:30", policy="7", calendar="old")
    kinds, calendars = dict(book().kinds), dict(book().calendars)
    old_kind = replace(kinds["appeal_preliminary"], length=3)
    office = calendars["office"]
    strike = replace(office.working_days, extra={date(2026, 10, 9): Day(False, "strike")})
    kinds["appeal_preliminary@7"] = old_kind
    calendars["office@old"] = replace(office, version="old", working_days=strike)
    (reading,) = fold(journal.events, kinds, calendars, at("10-01 10:00"))
    assert reading.due_at == at("10-12 24:00")


def test_a_calendar_edited_in_mid_pause_changes_only_clocks_pinned_to_it() -> None:
    journal = Journal()
    journal.attach("appeal_preliminary", "09-30 16:30", calendar="1")
    journal.pause("10-08 10:00", resume="10-09 10:00")
    calendars = dict(book().calendars)
    calendars["office@1"] = calendars["office"]
    shorter = replace(calendars["office"].working_days, extra={date(2026, 10, 12): Day(False, None)})
    calendars["office"] = replace(calendars["office"], version="2", working_days=shorter)
    (reading,) = fold(journal.events, book().kinds, calendars, at("10-08 12:00"))
    assert reading.due_at == at("10-14 24:00")
    journal.attach("appeal_preliminary", "09-30 16:30", recorded="10-08 13:00", calendar="2")
    assert fold(journal.events, book().kinds, calendars, at("10-08 14:00"))[1].due_at == at("10-14 24:00")


def test_provisional_deadlines_are_counted_again_when_data_arrive() -> None:
    journal = Journal()
    journal.attach("appeal_preliminary", "12-30 10:00", calendar="2026")
    provisional = journal.one("12-30 11:00")
    assert (provisional.due_at, provisional.provisional) == (at("2027-01-07 24:00"), True)
    office = book().calendars["office"]
    days = {date(2027, 1, n): Day(n > 3, None) for n in (1, 2, 3, 4)}
    arrived = replace(office.working_days, extra=days, until=date(2027, 12, 31))
    calendars = {**book().calendars, "office@2027": replace(office, working_days=arrived)}
    journal.add("clock.repinned", "12-31 09:00", {"clock": "appeal_preliminary", "calendar": "2027"})
    (reading,) = fold(journal.events, book().kinds, calendars, at("12-31 10:00"))
    assert (reading.due_at, reading.provisional) == (at("2027-01-07 24:00"), False)


def test_data_that_arrive_after_the_breach_do_not_heal_it() -> None:
    journal = Journal()
    journal.attach("feedback_forward", "2027-02-05 10:00", calendar="2026")
    office = book().calendars["office"]
    festival = {date(2027, 2, n): Day(False, "spring_festival") for n in range(6, 15)}
    arrived = replace(office.working_days, extra=festival, until=date(2027, 12, 31))
    calendars = {**book().calendars, "office@2027": replace(office, working_days=arrived)}
    said = {"clock": "feedback_forward", "calendar": "2027"}
    journal.add("clock.repinned", "2027-02-10 09:00", said)
    (reading,) = fold(journal.events, book().kinds, calendars, at("2027-02-10 10:00"))
    assert reads(reading) == (RunState.RUNNING, Outcome.BREACHED)
    assert reading.breached_at == at("2027-02-08 24:00")
    assert reading.due_at == at("2027-02-15 24:00")


def test_an_heir_that_was_late_before_it_inherited_stays_late() -> None:
    journal = Journal()
    journal.attach("resolution", "09-21 10:00")
    journal.pause("09-21 12:00", "bank", resume="10-09 12:00")
    journal.attach("resolution", "09-21 10:00", recorded="09-28 10:00", params={"priority": 2})
    assert journal.read("09-28 10:00:01")[1].outcome is Outcome.BREACHED
    said = {"clock": "resolution", "number": 1, "by": "resolution"}
    journal.add("clock.superseded", "09-28 10:05", said)
    heir = journal.read("09-28 11:00")[1]
    assert heir.run is RunState.PAUSED
    assert heir.outcome is Outcome.BREACHED


# Several clocks, and journals no desk writes.


def test_several_clocks_of_one_kind_are_told_apart_by_number() -> None:
    journal = Journal()
    for start in ("09-28 10:00", "09-28 11:00", "09-28 12:00"):
        journal.attach("promise", start)
    journal.fulfil("09-28 13:00", "promise", number=2)
    journal.fulfil("09-28 14:00", "promise")
    runs = [(r.number, r.run) for r in journal.read("09-28 15:00")]
    assert runs == [(1, RunState.STOPPED), (2, RunState.STOPPED), (3, RunState.RUNNING)]


@pytest.mark.parametrize(
    "payload",
    [{"clock": "no_such", "start_at": "2026-09-28T10:00+08:00"}, {"clock": "promise"}],
)
def test_an_attachment_that_makes_no_sense_is_refused(payload: dict[str, object]) -> None:
    journal = Journal()
    journal.add("clock.attached", "09-28 10:00", payload)
    with pytest.raises(BadInput):
        journal.read("09-28 11:00")


def test_acts_without_a_clock_to_act_on_change_nothing() -> None:
    journal = review()
    before = journal.one("09-28 12:00")
    for kind in ("clock.fulfilled", "clock.cancelled", "clock.extended", "clock.superseded", "clock.excused"):
        journal.add(kind, "09-28 11:00", {"clock": "promise", "due_at": "soon"})
    journal.add("clock.extended", "09-28 11:00", {"clock": "refund_review", "due_at": "soon"})
    journal.add("effect.recalled", "09-28 11:00", {"of": "x", "voids": "1"})
    assert journal.one("09-28 12:00") == before


def test_events_of_other_streams_are_not_read() -> None:
    journal = review()
    other = replace(journal.events[0], id=99, stream="wallet", kind="clock.fulfilled")
    journal.events.append(replace(other, payload={"clock": "refund_review"}))
    assert journal.one("09-28 12:00").run is RunState.RUNNING


def test_a_case_without_clocks_has_no_readings() -> None:
    assert Journal().read("09-28 12:00") == ()
