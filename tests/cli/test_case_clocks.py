"""How `bdesk case` says that a clock stands: nobody here is late by a fact clock."""

import pytest

from bdesk.cli.case import clock_outcome, clock_state
from bdesk.i18n import set_language
from tests.rules.clock.journal_builder import Journal, at


@pytest.mark.parametrize(
    ("code", "now", "said"),
    [
        ("return_window", "09-10 10:00", ("OK", "open")),
        ("return_window", "09-28 10:00", ("PAST", "")),
        ("refund_review", "09-08 11:00", ("OK", "open")),
        ("refund_review", "09-28 10:00", ("OVR", "overdue")),
    ],
)
def test_a_clock_in_words(code: str, now: str, said: tuple[str, str]) -> None:
    set_language("en")
    journal = Journal()
    journal.attach(code, "09-08 10:00")
    reading = journal.one(now)
    assert (clock_state(reading, at(now)), clock_outcome(reading)) == said


def test_late_and_stopped_is_both() -> None:
    set_language("en")
    journal = Journal()
    journal.attach("refund_review", "09-08 10:00")
    journal.pause("09-10 10:00", resume="09-20 10:00")
    assert clock_state(journal.one("09-11 10:00"), at("09-11 10:00")) == "WAIT OVR"
