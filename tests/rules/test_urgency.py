"""How a clock stands at an instant: a table, and that everybody who shows a clock says the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.cli.case import clock_state
from bdesk.models.clock_kinds import RunState, SlaState
from bdesk.models.labels import label
from bdesk.models.views.snapshot import ClockView
from bdesk.operations.looking.queue import sla_state
from bdesk.rules.clock import leading
from bdesk.rules.urgency import resumes_at, stands, state_at, states_at
from bdesk.screens.alerts import _state
from bdesk.screens.case.present import _states, chip_of
from bdesk.widgets.chip import row_chip
from tests.rules.clock.journal_builder import Journal, at
from tests.widgets.samples import NOW, row

FIFTEEN, FIVE = timedelta(minutes=15), timedelta(minutes=5)
STOPPED, OVER = SlaState.STOPPED, SlaState.OVER


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (901, "fine"),
        (900, "due"),
        (301, "due"),
        (300, "now"),
        (1, "now"),
        (0, "now"),
        (-0.001, "over"),
        (-9000, "over"),
    ],
)
def test_the_state_follows_from_the_instants(seconds: float, state: str) -> None:
    due = NOW + timedelta(seconds=seconds)
    assert state_at(NOW, due, due - FIFTEEN, due - FIVE) == state
    late = (STOPPED, OVER) if state == "over" else (STOPPED,)
    assert states_at(NOW, due, due - FIFTEEN, due - FIVE, stopped=True) == late


@pytest.mark.parametrize("stopped", [False, True])
def test_a_clock_without_a_due_time_is_never_late(stopped: bool) -> None:
    assert states_at(NOW, None, None, None, stopped=stopped) == (STOPPED if stopped else SlaState.FINE,)


@pytest.mark.parametrize(
    ("resume", "until", "capped"),
    [(None, 8, True), (7, 7, False), (8, 8, False), (9, 8, True), (0, 1, False)],
)
def test_a_stop_ends_at_the_date_asked_for_or_at_the_cap(
    resume: int | None, until: int, capped: bool
) -> None:
    """Stopped on day 1, seven days of cap left: by itself on day 8 at the latest, never before it began."""
    days = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number) for number in range(10)]
    assert resumes_at(days[1], days[8], None if resume is None else days[resume]) == (days[until], capped)


@pytest.mark.parametrize(
    ("paused", "minutes", "still"),
    [(True, 1, True), (True, 0, False), (True, -1, False), (True, None, True), (False, 1, False)],
)
def test_a_stop_is_over_when_its_time_is_over_whoever_wrote_it_down(
    paused: bool, minutes: int | None, still: bool
) -> None:
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert stands(paused, until, NOW) is still


@given(st.integers(-4000, 4000), st.booleans())
def test_row_chip_alert_and_command_say_the_same(seconds: int, stopped: bool) -> None:
    shown = row(1, seconds, stopped=stopped)
    said = sla_state(shown, NOW)
    assert row_chip(shown, NOW).state == said == _state(shown, NOW)


@pytest.mark.parametrize("hours", [0, 1, 20, 23, 24, 25, 40, 24 * 6, 24 * 8, 24 * 9, 24 * 12])
@pytest.mark.parametrize("pause_at", [None, "09-11 09:00", "09-11 10:00", "09-11 11:00"])
def test_a_folded_clock_and_its_kept_row_stand_alike(hours: int, pause_at: str | None) -> None:
    """What the fold says, what the case screen paints from the kept row, and what the command prints."""
    journal = Journal()
    journal.attach("refund_review", "09-10 10:00")
    if pause_at is not None:
        journal.pause(pause_at, "customer_material", resume="09-15 10:00")
    now = at("09-10 10:00") + timedelta(hours=hours)
    if pause_at is not None and now < at(pause_at):
        return
    reading = journal.one(now)
    kept = ClockView(
        reading.kind, reading.cycle, reading.run, reading.outcome, reading.start_at, reading.due_at, "desk",
        resume_at=reading.paused.until if reading.paused else None,
        warn_due_at=reading.due_from, warn_now_at=reading.now_from,
    )  # fmt: skip
    assert _states(kept, now) == reading.states(now)
    assert chip_of(kept, now).state == reading.state(now)
    assert clock_state(reading, now) == " ".join(label(state) for state in reading.states(now))
    assert (leading([reading]) is reading) == (reading.run in (RunState.RUNNING, RunState.PAUSED))
