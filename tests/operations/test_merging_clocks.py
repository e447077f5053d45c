"""What becomes of the clocks of a case that is merged: on a real file, folded, swept, undone, verified."""

from datetime import timedelta

from bdesk.clock import to_iso
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.tables import ClockRow
from bdesk.operations import clocks
from bdesk.operations.sweep import sweep
from tests.builders import Placed, event
from tests.operations.desk import Desk, must_add_up


def two(desk: Desk, placed: Placed, hours: int = 9) -> tuple[int, int]:
    """The case that is merged, and the one it goes into."""
    target = desk.opened(placed, hours=1)
    return desk.opened(placed, hours=hours, media=False), target


def living(desk: Desk, case_id: int) -> dict[str, ClockRow]:
    rows = desk.rows(ClockRow, case_id=case_id)
    return {row.kind: row for row in rows if row.run in (RunState.RUNNING, RunState.PAUSED)}


def test_a_regulators_date_goes_on_in_the_target_from_its_own_start(desk: Desk, placed: Placed) -> None:
    source, target = two(desk, placed)
    clocks.attach(desk.ctx, source, "regulator", desk.ctx.now() - timedelta(days=2))
    before = desk.clock(source, "regulator")
    done = desk.go(source, "merge")
    row = living(desk, target)["regulator"]
    assert (row.start_at, row.due_at, row.hard) == (before.start_at, before.due_at, True)
    assert living(desk, source) == {}
    must_add_up(desk.store)
    desk.recall(done)
    assert "regulator" not in living(desk, target)
    assert living(desk, source)["regulator"].due_at == before.due_at
    must_add_up(desk.store)


def test_a_stopped_clock_stands_on_in_the_target(desk: Desk, placed: Placed) -> None:
    source, target = two(desk, placed)
    clocks.attach(desk.ctx, source, "complaint_result", desk.ctx.now() - timedelta(days=1))
    until = desk.ctx.now() + timedelta(days=3)
    stop = {"reason": "customer_answer", "clocks": ["complaint_result"], "resume_at": to_iso(until)}
    event(desk.store, source, "clock.paused", stop)
    before = desk.clock(source, "complaint_result")
    desk.later(hours=2)
    desk.go(source, "merge")
    row = living(desk, target)["complaint_result"]
    assert (row.run, row.due_at, row.resume_at) == (RunState.PAUSED, before.due_at, until)
    desk.later(days=4)
    sweep(desk.ctx)
    row = living(desk, target)["complaint_result"]
    assert (row.run, row.due_at) == (RunState.RUNNING, before.due_at)
    must_add_up(desk.store)


def test_a_breach_of_the_source_is_counted_once(desk: Desk, placed: Placed) -> None:
    source, target = two(desk, placed, hours=30)
    assert sweep(desk.ctx).breaches == 1
    desk.go(source, "merge")
    row = living(desk, target)["refund_review"]
    assert (row.outcome, row.start_at) == (Outcome.BREACHED, desk.case(source).received_at)
    assert sweep(desk.ctx).breaches == 0
    assert desk.events(target, "clock.breached") == []
    assert not sweep(desk.ctx).anything
    must_add_up(desk.store)
