"""SLA.md: what a closing meets, what it cancels, and what goes on after it."""

import pytest

from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, Channel
from bdesk.models.tables import Payment
from bdesk.operations import calls, clocks
from bdesk.operations.ports import Answer, simulated
from bdesk.operations.sweep import sweep
from tests.builders import Placed
from tests.operations.desk import Desk, met, must_add_up


def close_in_a_call(desk: Desk, case_id: int, outcome: str) -> None:
    """Through the general walk to a closing with this outcome, told in a call that goes on a while."""
    contact = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, contact, case_id)
    _walk_to_close(desk, case_id)
    desk.go(case_id, outcome)
    desk.later(minutes=1)
    calls.end_call(desk.ctx, contact, "已告知结果")


def _walk_to_close(desk: Desk, case_id: int) -> None:
    for _ in range(8):
        current = desk.stand(case_id).walk.current
        assert current is not None
        codes = [one.code for one in current.options]
        if "no_contact" in codes and "forwarded" in codes:
            return
        desk.go(case_id, next(code for code in ("spoken", "other", "close", *codes) if code in codes))
    raise AssertionError(desk.step(case_id))


@pytest.mark.parametrize(
    ("kind", "outcome", "clock", "run"),
    [
        (CaseKind.COMPLAINT, "solved", "complaint_result", RunState.STOPPED),
        (CaseKind.COMPLAINT, "answered", "complaint_result", RunState.STOPPED),
        (CaseKind.COMPLAINT, "withdrawn", "complaint_result", RunState.CANCELLED),
        (CaseKind.COMPLAINT, "no_contact", "complaint_result", RunState.CANCELLED),
        (CaseKind.CONSULTATION, "answered", "resolution", RunState.STOPPED),
        (CaseKind.CONSULTATION, "withdrawn", "resolution", RunState.CANCELLED),
        (CaseKind.FEEDBACK, "forwarded", "feedback_forward", RunState.STOPPED),
        (CaseKind.FEEDBACK, "answered", "feedback_forward", RunState.CANCELLED),
        (CaseKind.RECORDS, "answered", "privacy_request", RunState.STOPPED),
    ],
)
def test_an_outcome_that_was_told_meets_what_was_owed(
    desk: Desk, placed: Placed, kind: CaseKind, outcome: str, clock: str, run: RunState
) -> None:
    case_id = desk.opened(placed, kind=kind, reason=None, channel=Channel.WEB_CHAT)
    close_in_a_call(desk, case_id, outcome)
    assert desk.case(case_id).outcome is CaseOutcome(outcome)
    row = desk.clock(case_id, clock)
    assert row.run is run
    if run is RunState.STOPPED:
        assert met(row)
    else:
        (ended,) = desk.events(case_id, "clock.cancelled")[-1:]
        reason = {"withdrawn": "withdrawn", "no_contact": "no_contact"}.get(outcome, "closed")
        assert ended.payload["reason"] == reason
    must_add_up(desk.store)


def test_an_outcome_told_in_a_running_call_is_the_first_response(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, reason=None, channel=Channel.WEB_CHAT)
    close_in_a_call(desk, case_id, "answered")
    assert met(desk.clock(case_id, "first_response"))


def test_a_result_that_comes_late_is_late_though_it_was_told(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.COMPLAINT, reason=None, channel=Channel.WEB_CHAT)
    due = desk.clock(case_id, "complaint_result").due_at
    desk.later(days=8)
    close_in_a_call(desk, case_id, "solved")
    row = desk.clock(case_id, "complaint_result")
    assert (row.run, row.outcome, row.breached_at) == (RunState.STOPPED, Outcome.BREACHED, due)
    sweep(desk.ctx)
    must_add_up(desk.store)


def test_the_legal_limit_of_a_return_is_met_by_the_refund(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    clocks.attach(desk.ctx, case_id, "return_refund")
    desk.go(case_id, "approve")
    assert met(desk.clock(case_id, "return_refund"))
    must_add_up(desk.store)


def test_money_on_its_way_is_waited_for_after_the_closing(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    row = desk.clock(case_id, "refund_arrival")
    assert desk.case(case_id).state is CaseState.CLOSED
    assert (row.run, row.outcome) == (RunState.RUNNING, Outcome.OPEN)
    must_add_up(desk.store)


def test_a_refund_that_failed_is_not_waited_for(desk: Desk, placed: Placed) -> None:
    number = desk.row(Payment, placed.payments[0]).payment_no
    ports = simulated(script={number: (Answer.FAILED,)})
    other = Desk(desk.store, desk.ctx.actor, ports)
    case_id = other.to_decision(other.opened(placed))
    other.go(case_id, "approve")
    other.later(seconds=11)
    other.release()
    assert desk.clock(case_id, "refund_arrival").run is RunState.CANCELLED
    must_add_up(desk.store, [ports])
