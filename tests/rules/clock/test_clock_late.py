"""SLA.md, "Rules": late facts, undo, cancelling, closing, extending, excusing, answers."""

import pytest

from bdesk.models.clock_kinds import EndReason, Outcome, RunState, SlaState
from bdesk.rules.clock import Reading
from tests.rules.clock.journal_builder import Journal, at, iso


def review(start: str = "09-28 10:00") -> Journal:
    journal = Journal()
    journal.attach("refund_review", start)
    return journal


def reads(reading: Reading) -> tuple[RunState, Outcome]:
    return reading.run, reading.outcome


# Late facts, undo and recall.


def test_a_late_answer_cannot_take_a_breach_away() -> None:
    journal = review()
    journal.fulfil("09-29 09:30", "refund_review", recorded="09-29 18:00")
    reading = journal.one("09-29 19:00")
    assert reads(reading) == (RunState.STOPPED, Outcome.BREACHED)
    assert reading.stopped_at == at("09-29 09:30")
    assert reading.breached_at == at("09-29 10:00")


def test_a_late_answer_recorded_before_the_due_time_is_met() -> None:
    journal = review()
    journal.fulfil("09-28 12:00", "refund_review", recorded="09-29 09:00")
    assert journal.one("10-09 10:00").outcome is Outcome.MET


@pytest.mark.parametrize("kind", ["pause", "extend", "cancel", "supersede"])
def test_nothing_recorded_late_takes_a_breach_away(kind: str) -> None:
    journal = review()
    late = "09-29 18:00"
    if kind == "pause":
        journal.pause("09-28 12:00", resume="10-04 12:00", recorded=late)
    elif kind == "extend":
        said = {
            "clock": "refund_review",
            "due_at": iso("10-05 10:00"),
            "reason": "x",
            "by_role": "supervisor",
        }
        journal.add("clock.extended", "09-28 12:00", said, recorded=late)
    elif kind == "cancel":
        said = {"clock": "refund_review", "reason": "withdrawn"}
        journal.add("clock.cancelled", "09-28 12:00", said, recorded=late)
    else:
        said = {"clock": "refund_review", "by": "refund_review"}
        journal.add("clock.superseded", "09-28 12:00", said, recorded=late)
    reading = journal.one("09-29 19:00")
    assert reading.outcome is Outcome.BREACHED
    assert reading.breached_at == at("09-29 10:00")


def test_a_customer_event_recorded_late_may_add_a_breach() -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="10-04 12:00")
    assert journal.one("09-29 20:00").outcome is Outcome.OPEN
    journal.add("customer.wrote", "09-28 13:00", recorded="09-29 20:00")
    reading = journal.one("09-29 20:00")
    assert reads(reading) == (RunState.RUNNING, Outcome.BREACHED)
    assert reading.breached_at == at("09-29 11:00")


def test_what_is_recorded_in_one_transaction_is_known_together() -> None:
    journal = Journal()
    journal.attach("refund_review", "09-01 10:00", recorded="09-28 10:00")
    journal.fulfil("09-01 20:00", "refund_review", recorded="09-28 10:00")
    assert journal.one("09-28 11:00").outcome is Outcome.MET


def test_a_recall_lets_the_clock_run_as_if_it_had_never_stopped() -> None:
    journal = review()
    committed = journal.add("effect.committed", "09-29 09:59:55")
    stopped = journal.fulfil("09-29 09:59:55", "refund_review", cause=committed)
    assert journal.one("09-29 09:59:58").run is RunState.STOPPED
    journal.add("effect.recalled", "09-29 09:59:59", {"of": committed})
    reading = journal.one("09-29 10:00:04")
    assert reads(reading) == (RunState.RUNNING, Outcome.BREACHED)
    by_list = review()
    by_list.add("effect.committed", "09-29 09:59:55")
    by_list.fulfil("09-29 09:59:55", "refund_review")
    by_list.add("effect.recalled", "09-29 09:59:59", {"of": 2, "voids": [stopped]})
    assert by_list.one("09-29 10:00:04").run is RunState.RUNNING


def test_an_undone_resume_cannot_take_a_breach_away() -> None:
    journal = review()
    journal.pause("09-29 09:59", resume="10-02 10:00")
    resumed = journal.resume("09-29 10:59")
    assert journal.one("09-29 11:00:20").breached_at == at("09-29 11:00")
    journal.add("undone", "09-29 11:00:30", {"of": resumed})
    reading = journal.one("09-29 12:00")
    assert reads(reading) == (RunState.PAUSED, Outcome.BREACHED)
    assert reading.breached_at == at("09-29 11:00")


def test_an_undone_undo_voids_nothing() -> None:
    journal = review()
    stop = journal.pause("09-28 12:00", resume="09-30 12:00")
    undo = journal.add("undone", "09-28 12:00:20", {"of": stop})
    assert journal.one("09-28 12:01").run is RunState.RUNNING
    journal.add("undone", "09-28 12:00:40", {"of": undo})
    assert journal.one("09-28 12:01").run is RunState.PAUSED


def test_an_undone_attachment_leaves_no_clock_and_its_number_is_not_used_again() -> None:
    journal = Journal()
    attached = journal.attach("promise", "09-28 10:00")
    journal.add("undone", "09-28 10:00:10", {"of": attached})
    journal.attach("promise", "09-28 10:01")
    assert journal.one("09-28 11:00").number == 2


@pytest.mark.parametrize("reason", ["agent", ""])
def test_the_hosts_clock_set_back_loses_no_resume_and_no_breach(reason: str) -> None:
    journal = review()
    journal.pause("09-28 12:00", resume="10-04 12:00")
    # The host was set back by an hour; the store stamps the later of host time and last record.
    journal.resume("09-28 11:05", reason, recorded="09-28 12:00")
    reading = journal.one("09-28 12:30")
    assert reading.run is RunState.RUNNING
    assert reading.due_at == at("09-29 10:00")
    late = review()
    late.add("note.written", "09-29 10:30")
    assert late.one("09-29 09:45").outcome is Outcome.BREACHED


# Cancelling, closing, extending, excusing.


@pytest.mark.parametrize("reason", ["merged", "withdrawn", "no_contact", "metric_dropped"])
def test_cancelled_clocks_neither_met_nor_breach(reason: str) -> None:
    journal = review()
    journal.add("clock.cancelled", "09-28 12:00", {"clock": "refund_review", "reason": reason})
    reading = journal.one("10-09 10:00")
    assert reads(reading) == (RunState.CANCELLED, Outcome.OPEN)
    assert reading.ended is EndReason(reason)


def test_cancelling_a_late_clock_keeps_the_breach() -> None:
    journal = review()
    journal.add("clock.cancelled", "09-29 12:00", {"clock": "refund_review", "reason": "merged"})
    assert reads(journal.one("10-09 10:00")) == (RunState.CANCELLED, Outcome.BREACHED)


def test_closing_ends_what_runs_as_its_kind_says() -> None:
    journal = review()
    for clock in ("resolution", "next_response", "promise", "refund_arrival"):
        journal.attach(clock, "09-28 10:00")
    closed = journal.add("case.closed", "09-28 15:00")
    journal.fulfil("09-28 15:00", "refund_review", cause=closed)
    got = {r.kind: reads(r) for r in journal.read("09-28 16:00")}
    assert got == {
        "refund_review": (RunState.STOPPED, Outcome.MET),
        "resolution": (RunState.STOPPED, Outcome.MET),
        "next_response": (RunState.STOPPED, Outcome.MET),
        "promise": (RunState.RUNNING, Outcome.OPEN),
        "refund_arrival": (RunState.RUNNING, Outcome.OPEN),
    }


def test_closing_cancels_what_nobody_did() -> None:
    journal = review()
    journal.add("case.closed", "09-28 15:00")
    reading = journal.one("10-09 10:00")
    assert reads(reading) == (RunState.CANCELLED, Outcome.OPEN)
    assert reading.ended is EndReason.CLOSED


def _extend(journal: Journal, when: str, due: str) -> None:
    said = {"clock": "appeal_final", "due_at": iso(due), "reason": "multi_party", "by_role": "owner"}
    journal.add("clock.extended", when, said)


def test_an_extension_gives_a_new_date_and_keeps_the_first() -> None:
    journal = Journal()
    journal.attach("appeal_final", "09-30 16:30")
    _extend(journal, "10-20 10:00", "11-03 24:00")
    reading = journal.one("10-25 10:00")
    assert reading.due_at == at("11-03 24:00")
    assert reading.extended == at("10-20 24:00")
    assert (reading.outcome, reading.extensions) == (Outcome.OPEN, 1)
    _extend(journal, "11-03 10:00", "11-05 24:00")
    second = journal.one("11-04 10:00")
    assert (second.due_at, second.extended) == (at("11-05 24:00"), at("10-20 24:00"))
    assert second.extensions == 2


def test_an_earlier_date_is_no_extension() -> None:
    journal = Journal()
    journal.attach("appeal_final", "09-30 16:30")
    _extend(journal, "10-09 10:00", "10-12 24:00")
    reading = journal.one("10-10 10:00")
    assert (reading.due_at, reading.extended, reading.extensions) == (at("10-20 24:00"), None, 0)


def test_an_extension_after_the_breach_does_not_heal_it() -> None:
    journal = Journal()
    journal.attach("appeal_final", "09-30 16:30")
    _extend(journal, "10-21 10:00", "11-03 24:00")
    reading = journal.one("10-22 10:00")
    assert reads(reading) == (RunState.RUNNING, Outcome.BREACHED)
    assert reading.breached_at == at("10-20 24:00")
    assert reading.due_at == at("11-03 24:00")
    assert reading.state(at("10-22 10:00")) is SlaState.FINE


def test_stops_after_an_extension_move_the_new_date() -> None:
    journal = Journal()
    journal.attach("appeal_final", "09-30 16:30")
    _extend(journal, "10-20 10:00", "11-03 24:00")
    journal.pause("10-26 12:00", "external", resume="10-28 12:00")
    assert journal.one("10-27 10:00").due_at == at("11-05 24:00")


def test_a_stop_after_an_extension_leaves_the_first_date_readable() -> None:
    journal = Journal()
    journal.attach("appeal_final", "09-30 16:30")
    _extend(journal, "10-12 10:00", "11-03 24:00")
    journal.pause("10-14 12:00", "external", resume="10-16 12:00")
    reading = journal.one("10-15 10:00")
    assert reading.extended == at("10-20 24:00")
    assert reading.due_at == at("11-05 24:00")


def test_an_excuse_marks_a_breach_and_does_not_remove_it() -> None:
    journal = review()
    journal.add("clock.excused", "09-28 12:00", {"clock": "refund_review", "reason": "early"}, actor="2001")
    assert journal.one("09-28 13:00").excused is None
    journal.fulfil("09-29 12:00", "refund_review")
    said = {"clock": "refund_review", "reason": "warehouse outage"}
    journal.add("clock.excused", "09-30 12:00", said, actor="2001")
    reading = journal.one("10-01 10:00")
    assert reading.outcome is Outcome.BREACHED
    assert reading.excused is not None
    assert (reading.excused.reason, reading.excused.who) == ("warehouse outage", "2001")


# Answers, escalation, reassignment.


@pytest.mark.parametrize(
    ("actor", "by", "met"),
    [("1001", "human", True), ("1001", "", True), ("system", "", False), ("1001", "note", False)],
)
def test_only_a_person_meets_a_first_response(actor: str, by: str, met: bool) -> None:
    journal = Journal()
    journal.attach("first_response", "09-28 10:00")
    journal.add("clock.fulfilled", "09-28 11:00", {"clock": "first_response", "by": by}, actor=actor)
    assert (journal.one("09-28 12:00").outcome is Outcome.MET) is met


def test_claims_releases_and_escalations_leave_the_clock_alone() -> None:
    journal = review()
    before = journal.one("09-28 20:00")
    for kind in ("case.claimed", "case.released", "case.assigned", "case.escalated", "note.written"):
        journal.add(kind, "09-28 12:00")
    journal.attach("escalation_decision", "09-28 12:00")
    assert journal.read("09-28 20:00")[0] == before
