"""A customer asks how the matter stands: told, raised, promised, flagged (P12)."""

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseFlag, CaseKind, CaseState, Department, TaskState
from bdesk.models.tables import CaseFlagRow, Promise, Task
from bdesk.operations import calls, enquiries, tasks, undoing
from bdesk.operations.effects import news
from bdesk.operations.parking import put_aside
from bdesk.operations.sweep import sweep
from tests.builders import Placed
from tests.operations.desk import Desk, letters_of, must_add_up


def flags(desk: Desk, case_id: int) -> list[CaseFlag]:
    return [row.flag for row in desk.rows(CaseFlagRow, case_id=case_id)]


def call_about(desk: Desk, case_id: int) -> None:
    desk.later(minutes=30)
    contact = calls.start_call(desk.ctx)
    calls.attach_call(desk.ctx, contact, case_id)
    desk.later(minutes=2)
    calls.end_call(desk.ctx, contact)


def test_what_the_customer_was_told_is_on_the_case_whoever_holds_it(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    enquiries.answered(chief.ctx, case_id)
    told = desk.events(case_id, "enquiry.answered")[0]
    assert (told.actor, told.payload["progress"], told.payload["overdue"]) == ("2001", "reviewing", False)
    assert told.payload["due_at"]
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    must_add_up(desk.store)


def test_a_late_answer_is_raised_once_with_a_new_date_that_is_a_promise(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    desk.later(hours=30)
    sweep(desk.ctx)
    assert desk.fact(case_id, "progress.overdue") is True
    enquiries.urge(desk.ctx, case_id, "24小时内答复退款结果", 24)
    case = desk.case(case_id)
    assert case.escalated_to == "supervisor"
    assert desk.fact(case_id, "promise.words") == "24小时内答复退款结果"
    promise = desk.rows(Promise)[0]
    assert desk.clock(case_id, "promise").due_at == promise.due_at
    desk.later(hours=1)
    enquiries.urge(desk.ctx, case_id, "今天答复", 2)
    assert len(desk.events(case_id, "case.raised")) == 1
    must_add_up(desk.store)


def test_the_third_call_within_two_days_flags_the_case(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    call_about(desk, case_id)
    call_about(desk, case_id)
    assert flags(desk, case_id) == []
    assert desk.fact(case_id, "progress.enquiries_48h") == 2
    call_about(desk, case_id)
    call_about(desk, case_id)
    assert flags(desk, case_id) == [CaseFlag.REPEAT]
    assert len(desk.events(case_id, "case.flagged")) == 1


def test_calls_of_another_week_count_for_nothing(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    for _ in range(4):
        call_about(desk, case_id)
        desk.later(hours=30)
    assert flags(desk, case_id) == []


def test_the_news_goes_out_by_letter_through_the_strip(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    desk.press_f8(news.plan_news(desk.ctx, case_id, "审核中，我们会按时答复您。"))
    assert "审核中，我们会按时答复您。" in letters_of(desk, case_id)[-1]
    assert desk.step(case_id) == "assess/decide", "the walk stands where it stood"
    with pytest.raises(BadInput, match=r"note\.empty"):
        news.plan_news(desk.ctx, case_id, "  ")


# Questions to departments from any case


def test_a_question_stops_what_may_wait_and_its_answer_starts_it(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    tasks.ask(desk.ctx, case_id, "warehouse", "外箱是否完好", 4)
    row = desk.rows(Task)[0]
    assert (row.what, row.department, row.question) == ("question", Department.WAREHOUSE, "外箱是否完好")
    assert desk.fact(case_id, "progress.status") == "waiting_warehouse"
    # A review stops for the customer's material alone (SLA.md): here nothing stops.
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    tasks.answer_task(desk.ctx, row.id or 0, "完好")
    assert desk.rows(Task)[0].state is TaskState.ANSWERED
    assert desk.fact(case_id, "tasks.question") == "answered"
    assert desk.fact(case_id, "progress.status") == "reviewing"
    must_add_up(desk.store)


def test_a_clock_that_may_wait_for_the_courier_does(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.LOGIN, reason=None, media=False)
    put_aside(desk.ctx, case_id)
    tasks.ask(desk.ctx, case_id, "courier", "能否改派", 4)
    clock = desk.clock(case_id, "resolution")
    assert clock.run is RunState.PAUSED
    assert clock.resume_at == desk.rows(Task)[0].due_at
    assert desk.case(case_id).state is CaseState.IN_TRANSIT
    tasks.answer_task(desk.ctx, desk.rows(Task)[0].id or 0, "可以")
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    must_add_up(desk.store)


def test_a_question_is_taken_back_by_undo(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    tasks.ask(desk.ctx, case_id, "courier", "能否改派", 4)
    undoing.undo(desk.ctx, case_id)
    assert desk.rows(Task)[0].state is TaskState.CANCELLED
    assert desk.fact(case_id, "tasks.question") == "none"
    must_add_up(desk.store)


def test_who_is_never_asked_and_times_that_are_none(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(BadInput, match=r"task\.department"):
        tasks.ask(desk.ctx, case_id, "moon", "?", 4)
    with pytest.raises(NotAllowed, match=r"task\.not_asked"):
        tasks.ask(desk.ctx, case_id, "courier", "退款号 TK1", 4, "trace_refund")
    with pytest.raises(BadInput, match=r"task\.due"):
        tasks.ask(desk.ctx, case_id, "courier", "?", 0)
    assert desk.rows(Task) == []


def test_an_overdue_answer_is_told_once_and_brings_the_case_back(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    tasks.ask(desk.ctx, case_id, "courier", "能否改派", 4)
    put_aside(desk.ctx, case_id)
    desk.later(hours=3)
    assert sweep(desk.ctx).tasks == 0
    desk.later(hours=2)
    assert sweep(desk.ctx).tasks == 1
    assert sweep(desk.ctx).tasks == 0
    told = desk.events(case_id, "task.overdue")
    assert len(told) == 1 and told[0].occurred_at == desk.rows(Task)[0].due_at
    assert not desk.case(case_id).aside
    must_add_up(desk.store)


def test_an_overdue_answer_of_a_closed_case_is_told_and_opens_nothing(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    tasks.ask(desk.ctx, case_id, "after_sale", "意见转交", 72, "feedback")
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    desk.later(hours=73)
    assert (sweep(desk.ctx).tasks, sweep(desk.ctx).tasks) == (1, 0)
    assert len(desk.events(case_id, "task.overdue")) == 1
    assert desk.case(case_id).state is CaseState.CLOSED
    must_add_up(desk.store)


def test_money_that_did_not_arrive_is_traced_by_its_number(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    assert desk.fact(case_id, "progress.status") == "refunding"
    assert desk.fact(case_id, "refund.late_no") is None
    desk.later(days=12)
    number = desk.fact(case_id, "refund.late_no")
    assert isinstance(number, str) and number.startswith("TK")
    assert desk.fact(case_id, "progress.overdue") is True
