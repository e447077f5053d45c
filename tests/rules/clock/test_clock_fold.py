"""SLA.md, "Rules": every line of the table, read from events. Times are of 2026 in Shanghai."""

from datetime import timedelta

import pytest

from bdesk.models.clock_kinds import Outcome, PauseReason, ResumeReason, RunState, SlaState
from bdesk.rules.clock import Reading
from tests.rules.clock.journal_builder import Journal, at, iso


def review(start: str = "09-28 10:00") -> Journal:
    journal = Journal()
    journal.attach("refund_review", start)
    return journal


def reads(reading: Reading) -> tuple[RunState, Outcome]:
    return reading.run, reading.outcome


# Run and outcome are two axes.


def test_a_clock_runs_from_receipt_not_from_pick_up() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-28 10:00", recorded="09-28 15:00")
    reading = journal.one("09-28 16:00")
    assert reads(reading) == (RunState.RUNNING, Outcome.OPEN)
    assert reading.start_at == at("09-28 10:00")
    assert reading.due_at == at("09-29 10:00")
    assert reading.remaining(at("09-28 16:00")) == timedelta(hours=18)


@pytest.mark.parametrize(
    ("done", "outcome"),
    [("09-29 09:59", Outcome.MET), ("09-29 10:00", Outcome.MET), ("09-29 10:00:01", Outcome.BREACHED)],
)
def test_due_exactly_at_the_fulfilment_is_met(done: str, outcome: Outcome) -> None:
    journal = review()
    journal.fulfil(done, "refund_review")
    assert reads(journal.one("09-30 10:00")) == (RunState.STOPPED, outcome)


def test_now_exactly_at_the_due_time_is_not_yet_a_breach() -> None:
    assert review().one("09-29 10:00").outcome is Outcome.OPEN
    late = review().one("09-29 10:00:00.000001")
    assert reads(late) == (RunState.RUNNING, Outcome.BREACHED)
    assert late.breached_at == at("09-29 10:00")


def test_the_run_goes_on_after_a_breach() -> None:
    journal = review()
    journal.fulfil("09-29 12:00", "refund_review")
    reading = journal.one("10-09 10:00")
    assert reads(reading) == (RunState.STOPPED, Outcome.BREACHED)
    assert reading.lateness(at("10-09 10:00")) == timedelta(hours=2)
    assert reading.state(at("10-09 10:00")) is SlaState.OVER


# Sweeps.


def test_a_sweep_late_by_an_hour_stamps_the_true_due_time() -> None:
    journal = review()
    reading = journal.one("09-29 11:00")
    assert reading.breached_at is not None
    journal.add(
        "clock.breached",
        reading.breached_at,
        {"clock": "refund_review", "at": reading.breached_at.isoformat()},
        recorded="09-29 11:00",
        actor="system",
    )
    assert journal.one("09-29 11:00") == reading


def test_two_sweeps_that_wrote_the_same_breach_are_one() -> None:
    journal = review()
    for recorded in ("09-29 11:00", "09-29 11:00:01"):
        said = {"clock": "refund_review", "at": iso("09-29 10:00")}
        journal.add("clock.breached", "09-29 10:00", said, recorded=recorded)
    reading = journal.one("09-29 12:00")
    assert reads(reading) == (RunState.RUNNING, Outcome.BREACHED)
    assert reading.breached_at == at("09-29 10:00")


def test_a_recorded_breach_outlives_an_undo_and_any_other_count() -> None:
    journal = review()
    # Recorded under another calendar or policy: it stays, whatever is counted now.
    said = {"clock": "refund_review", "at": iso("09-29 08:00")}
    breach = journal.add("clock.breached", "09-29 08:00", said, recorded="09-29 08:10")
    # A training clock can stand still, so that both are known at once.
    journal.add("undone", "09-29 08:10", {"of": breach})
    reading = journal.one("09-29 09:00")
    assert reads(reading) == (RunState.RUNNING, Outcome.BREACHED)
    assert reading.breached_at == at("09-29 08:00")


# Pauses.


def test_a_stop_for_material_moves_the_due_time_by_its_length() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="09-30 12:00")
    paused = journal.one("09-28 15:00")
    assert paused.run is RunState.PAUSED
    assert paused.due_at == at("10-01 10:00")
    assert paused.paused is not None
    assert paused.paused.reason is PauseReason.CUSTOMER_MATERIAL
    assert paused.paused.who == "客户"
    assert paused.remaining(at("09-28 15:00")) == timedelta(hours=22)
    assert paused.remaining(at("09-30 11:00")) == timedelta(hours=22)
    journal.resume("09-28 18:00")
    assert journal.one("09-28 19:00").due_at == at("09-29 16:00")


@pytest.mark.parametrize("reason", ["courier", "supervisor", "colleague", "", "customer_answer"])
def test_a_reason_the_kind_does_not_allow_stops_nothing(reason: str) -> None:
    journal = review()
    journal.pause("09-28 12:00", reason)
    reading = journal.one("09-28 15:00")
    assert reading.run is RunState.RUNNING
    assert reading.due_at == at("09-29 10:00")


def test_a_clock_that_never_pauses_runs_on_beside_one_that_does() -> None:
    journal = review()
    journal.attach("first_response", "09-28 10:00")
    journal.pause("09-28 12:00", resume="09-30 12:00")
    paused, running = journal.read("09-28 13:00")
    assert paused.run is RunState.PAUSED
    assert running.run is RunState.RUNNING


def test_a_stop_names_the_clocks_it_is_for() -> None:
    journal = review()
    journal.attach("resolution", "09-28 10:00")
    journal.pause("09-28 12:00", clocks=["resolution"])
    runs = [reading.run for reading in journal.read("09-28 13:00")]
    assert runs == [RunState.RUNNING, RunState.PAUSED]


@pytest.mark.parametrize("kind", ["contact.inbound", "customer.wrote", "customer.material_sent"])
def test_any_inbound_customer_event_resumes(kind: str) -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="10-05 12:00")
    journal.add(kind, "09-28 20:00", actor="customer")
    reading = journal.one("09-28 21:00")
    assert reading.run is RunState.RUNNING
    assert reading.due_at == at("09-29 18:00")
    assert reading.pauses[0].ended_by is ResumeReason.CUSTOMER


def test_resume_at_resumes_by_itself_and_its_record_changes_nothing() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="09-28 22:00")
    alone = journal.one("09-29 09:00")
    assert alone.run is RunState.RUNNING
    assert alone.due_at == at("09-29 20:00")
    journal.add(
        "clock.resumed", "09-28 22:00", {"reason": "resume_at"}, recorded="09-28 23:00", actor="system"
    )
    assert journal.one("09-29 09:00") == alone


def test_a_recorded_resume_does_not_end_a_newer_stop() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="09-28 14:00")
    journal.pause("09-28 14:30", resume="09-28 20:00")
    journal.add(
        "clock.resumed", "09-28 14:00", {"reason": "resume_at"}, recorded="09-28 15:00", actor="system"
    )
    assert journal.one("09-28 16:00").run is RunState.PAUSED


def test_the_cap_of_total_pause_resumes_by_itself() -> None:
    journal = review("09-01 10:00")
    journal.pause("09-01 12:00", resume="09-06 12:00")  # five of seven days
    journal.pause("09-06 18:00")
    capped = journal.one("09-07 10:00")
    assert capped.paused is not None
    assert capped.paused.until == at("09-08 18:00")
    assert capped.due_at == at("09-09 10:00")
    assert journal.one("09-08 18:00").run is RunState.RUNNING
    journal.pause("09-08 19:00", resume="09-20 10:00")
    assert journal.one("09-08 20:00").run is RunState.RUNNING


def test_a_second_stop_replaces_the_first_without_a_gap() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="09-28 20:00")
    journal.pause("09-28 18:00", resume="09-29 06:00")
    reading = journal.one("09-28 19:00")
    assert [(p.since, p.until) for p in reading.pauses] == [
        (at("09-28 12:00"), at("09-28 18:00")),
        (at("09-28 18:00"), at("09-29 06:00")),
    ]
    assert reading.due_at == at("09-30 04:00")


def test_paused_then_closed_in_one_step_counts_the_stop() -> None:
    journal = Journal()
    journal.attach("resolution", "03-02 10:00")
    journal.pause("03-02 11:00", "bank", resume="03-30 11:00")
    journal.resume("03-25 09:00")
    journal.fulfil("03-25 09:00", "resolution")
    journal.add("case.closed", "03-25 09:00")
    reading = journal.one("09-28 10:00")
    assert reads(reading) == (RunState.STOPPED, Outcome.MET)
    assert reading.due_at == at("03-27 24:00")
    assert reading.paused is None


def test_fulfilled_while_paused_closes_the_stop_first() -> None:
    journal = review("09-01 10:00")
    journal.pause("09-01 12:00", resume="09-08 10:00")
    journal.fulfil("09-05 12:00", "refund_review")
    reading = journal.one("09-28 10:00")
    assert reads(reading) == (RunState.STOPPED, Outcome.MET)
    assert reading.pauses[0].until == at("09-05 12:00")
    assert reading.pauses[0].ended_by is ResumeReason.ENDED
    assert reading.due_at == at("09-06 10:00")


def test_paused_and_fulfilled_in_the_same_instant() -> None:
    journal = review()
    journal.pause("09-29 09:00", resume="10-05 09:00")
    journal.fulfil("09-29 09:00", "refund_review")
    reading = journal.one("10-09 10:00")
    assert reads(reading) == (RunState.STOPPED, Outcome.MET)
    assert reading.pauses == ()


def test_stop_after_a_breach_freezes_the_lateness_and_shows_both() -> None:
    journal = review()
    journal.pause("09-29 12:00", resume="10-03 12:00")
    reading = journal.one("10-02 10:00")
    now = at("10-02 10:00")
    assert reads(reading) == (RunState.PAUSED, Outcome.BREACHED)
    assert reading.due_at == at("09-29 10:00")
    assert reading.lateness(now) == timedelta(hours=2)
    assert reading.remaining(now) == timedelta(hours=-2)
    assert reading.states(now) == (SlaState.STOPPED, SlaState.OVER)
    again = journal.one("10-03 13:00")
    assert again.lateness(at("10-03 13:00")) == timedelta(hours=3)
    assert again.states(at("10-03 13:00")) == (SlaState.OVER,)


def test_a_stop_that_begins_at_the_due_time_moves_nothing() -> None:
    journal = review()
    journal.pause("09-29 10:00", resume="10-03 12:00")
    reading = journal.one("09-30 10:00")
    assert reading.due_at == at("09-29 10:00")
    assert reads(reading) == (RunState.PAUSED, Outcome.BREACHED)


# Pauses on clocks counted in days.


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("10-08 10:00", "10-08 18:00", "10-13 24:00"),  # runs again before 24:00: the day counts
        ("10-08 10:00", "10-09 10:00", "10-14 24:00"),  # stopped over one midnight
        ("10-08 10:00", "10-08 24:00", "10-14 24:00"),  # the last moment of the day stood still
        ("10-08 24:00", "10-09 12:00", "10-13 24:00"),  # the day had run to its end
        ("10-10 10:00", "10-11 10:00", "10-14 24:00"),  # over the make-up Saturday
        ("10-11 10:00", "10-11 23:00", "10-13 24:00"),  # a Sunday counts for nothing anyway
        ("10-02 10:00", "10-06 10:00", "10-13 24:00"),  # wholly in the holiday
        ("10-01 10:00", "10-08 10:00", "10-13 24:00"),  # across the holiday: nothing was lost
        ("10-13 12:00", "10-16 12:00", "10-16 24:00"),  # on the last day: 13, 14 and 15 stand still
    ],
)
def test_a_working_day_counts_when_the_clock_runs_at_its_end(since: str, until: str, due: str) -> None:
    journal = Journal()
    journal.attach("appeal_preliminary", "09-30 16:30")
    journal.pause(since, resume=until)
    assert journal.one("10-13 13:00").due_at == at(due)


def test_a_stop_on_a_legal_window_holds_its_last_day_too() -> None:
    journal = Journal()
    journal.attach("return_refund", "09-30 10:00")
    journal.pause("10-08 10:00", "inspection", resume="10-09 10:00")
    # Day 7 is 10-07, a holiday: it ends with the next working day at whose end the clock runs.
    assert journal.one("10-08 12:00").due_at == at("10-09 24:00")
