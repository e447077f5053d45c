"""Facts about asking for material: what counts as a round, what may stop, and until when."""

from datetime import date, timedelta

from bdesk.models.clock_kinds import RunState
from tests.rules.samples import DAY, HOUR, NOW, case, clock, evidence, fact, letter, snapshot

OLD = case(received_at=NOW - 7 * DAY)


def test_a_reminder_is_no_round_and_takes_no_evidence_away() -> None:
    asked = letter("N4", written_at=NOW - 5 * DAY)
    reminded = letter("N4", id=42, written_at=NOW - DAY, reminder=True)
    of = snapshot(case=OLD, notifications=(asked, reminded), evidence=(evidence(received_at=NOW - 3 * DAY),))
    assert fact("case.evidence_rounds", of) == 1
    assert fact("evidence.new_since_request", of) == 1
    assert fact("case.evidence_rounds", snapshot(case=OLD, notifications=(reminded,))) == 0


def test_the_day_of_the_asking_stays_when_it_is_recalled_to_mind() -> None:
    asked = letter("N4", written_at=NOW - 3 * DAY)
    reminded = letter("N4", id=42, written_at=NOW, reminder=True)
    assert fact("deadline.asked", snapshot(case=OLD, notifications=(asked, reminded))) == date(2026, 11, 22)
    assert fact("deadline.evidence", snapshot()) == date(2026, 11, 25)
    assert fact("deadline.asked", snapshot()) is None


def test_documents_asked_for_by_the_secure_form_have_their_day_too() -> None:
    of = snapshot(documents_asked_at=NOW - HOUR)
    assert fact("deadline.asked", of) == date(2026, 11, 25)
    before = snapshot(case=case(cycle_started_at=NOW), documents_asked_at=NOW - HOUR)
    assert fact("deadline.asked", before) is None


def test_the_earliest_clock_that_may_stop_for_material_is_told() -> None:
    soon = clock("first_response", due_at=NOW + HOUR)
    review = clock("refund_review", due_at=NOW + 2 * HOUR)
    later = clock("resolution", due_at=NOW + 3 * DAY)
    assert fact("case.stoppable_clock", snapshot(clocks=(soon, later, review))) == "refund_review"
    assert fact("case.stoppable_clock", snapshot(clocks=(soon,))) is None
    paused = clock("resolution", due_at=NOW + timedelta(days=1), run=RunState.PAUSED)
    assert fact("case.stoppable_clock", snapshot(clocks=(soon, paused))) is None


def test_a_due_time_that_has_passed_is_not_promised_to_a_caller() -> None:
    assert fact("case.due_word", snapshot()) is None
    assert fact("case.due_word", snapshot(clocks=(clock("resolution", due_at=NOW + HOUR),))) == "to_come"
    assert fact("case.due_word", snapshot(clocks=(clock("resolution", due_at=NOW),))) == "passed"
    late = (clock("resolution", due_at=NOW + HOUR), clock("refund_review", due_at=NOW - HOUR))
    assert fact("case.due_word", snapshot(clocks=late)) == "passed"


def test_priority_is_the_cases_own() -> None:
    assert fact("case.priority", snapshot(case=case(priority=1))) == 1
