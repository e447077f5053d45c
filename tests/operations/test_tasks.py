"""Questions to other departments: sent, answered, refused."""

from datetime import date

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseKind, CaseState, Department, TaskState
from bdesk.models.tables import Task
from bdesk.operations import stopping, tasks
from bdesk.operations.change import Act
from bdesk.operations.looking.case import case_page
from bdesk.operations.sweep import sweep
from bdesk.speech import speak, speak_error
from tests.builders import Item, Placed, customer, order
from tests.operations.desk import Desk, must_add_up


@pytest.fixture
def asked(desk: Desk, placed: Placed) -> int:
    """A question to the warehouse on a refund case; its id."""
    case_id = desk.opened(placed)
    desk.to_decision(case_id)
    tasks.ask(desk.ctx, case_id, "warehouse", "有货吗", 24, "warehouse_check")
    return desk.rows(Task)[0].id or 0


def test_an_answer_says_neither_less_nor_more_than_its_question_takes(desk: Desk, asked: int) -> None:
    refused = [
        ("task.finding", "lost", None),
        ("task.finding_day", "ships_on", None),
        ("task.finding_day", "in_stock", date(2026, 11, 25)),
    ]
    for code, finding, on in refused:
        with pytest.raises(BadInput) as caught:
            tasks.answer_task(desk.ctx, asked, "周三", finding, on)
        assert caught.value.code == code
    assert desk.row(Task, asked).state is TaskState.OPEN
    tasks.answer_task(desk.ctx, asked, "周三到货", "ships_on", date(2026, 11, 25))
    row = desk.row(Task, asked)
    assert (row.state, row.finding, row.finding_on) == (TaskState.ANSWERED, "ships_on", date(2026, 11, 25))
    assert desk.fact(row.case_id, "tasks.warehouse_check") == "ships_on"
    assert desk.fact(row.case_id, "tasks.warehouse_check_on") == date(2026, 11, 25)
    assert desk.events(row.case_id, "task.answered")[0].payload["on"] == "2026-11-25"
    must_add_up(desk.store)


# Who types the answer in (docs/decisions/0016)


def dear(desk: Desk, fen: int) -> int:
    """A refund case of an order for so much, at the decision."""
    placed = order(desk.store, customer(desk.store), items=[Item(price_fen=fen)])
    case_id = desk.opened(placed)
    return desk.to_decision(case_id)


def asked_of(desk: Desk, case_id: int, to: str, what: str) -> int:
    tasks.ask(desk.ctx, case_id, to, "请核实", 24, what)
    return desk.rows(Task, case_id=case_id)[-1].id or 0


def test_who_asked_may_type_what_they_were_told_and_the_record_says_so(desk: Desk) -> None:
    case_id = dear(desk, 50000)
    number = asked_of(desk, case_id, "courier", "courier_claim")
    tasks.answer_task(desk.ctx, number, "电话说丢了", "lost")
    (event,) = desk.events(case_id, "task.answered")
    assert event.payload["by_asker"] is True
    line = next(one for one in case_page(desk.ctx, case_id).timeline if one.kind == "task.answered")
    assert "typed in by who asked" in speak(line.code, line.params)
    assert [one.typed_by_asker for one in desk.stand(case_id).snapshot.tasks] == [True]
    must_add_up(desk.store)


def test_somebody_else_types_it_and_nothing_is_said_of_it(desk: Desk, chief: Desk) -> None:
    case_id = dear(desk, 50000)
    tasks.answer_task(chief.ctx, asked_of(desk, case_id, "courier", "courier_claim"), "丢了", "lost")
    assert "by_asker" not in desk.events(case_id, "task.answered")[0].payload
    assert [one.typed_by_asker for one in desk.stand(case_id).snapshot.tasks] == [False]


@pytest.mark.parametrize(
    ("to", "what", "opens", "harmless"),
    [
        ("courier", "courier_claim", "lost", "found"),
        ("payment", "reconcile", "order_closed", "not_found"),
        ("payment", "trace_refund", "returned", "in_progress"),
    ],
)
def test_what_opens_more_than_an_agent_refunds_takes_a_second_pair_of_hands(
    desk: Desk, chief: Desk, to: str, what: str, opens: str, harmless: str
) -> None:
    case_id = dear(desk, 50001)
    number = asked_of(desk, case_id, to, what)
    with pytest.raises(NotAllowed, match=r"task\.own_answer") as refused:
        tasks.answer_task(desk.ctx, number, "电话里说的", opens)
    assert len(speak_error(refused.value).splitlines()) == 1
    assert desk.row(Task, number).state is TaskState.OPEN
    tasks.answer_task(chief.ctx, number, "电话里说的", opens)
    assert desk.row(Task, number).finding == opens
    again = asked_of(desk, case_id, to, what)
    tasks.answer_task(desk.ctx, again, "不影响退款", harmless)
    must_add_up(desk.store)


def test_a_supervisor_who_asked_is_no_exception(chief: Desk) -> None:
    number = asked_of(chief, dear(chief, 60000), "courier", "courier_claim")
    with pytest.raises(NotAllowed, match=r"task\.own_answer"):
        tasks.answer_task(chief.ctx, number, "丢了", "lost")


# What a question stops


def login(desk: Desk, placed: Placed) -> int:
    """A case whose resolution may wait for a courier, a bank or a warehouse."""
    return desk.opened(placed, kind=CaseKind.LOGIN, reason=None, media=False)


def walked(desk: Desk, case_id: int, what: str, to: Department) -> None:
    """What the effect `task.open` of a walk does."""
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        tasks.task_event(act, desk.ctx, what, to, "请核实")
        act.finish(desk.ctx, "step.answered")


@pytest.mark.parametrize(
    ("what", "to", "stops"),
    [
        ("courier_claim", Department.COURIER, True),
        ("trace_refund", Department.PAYMENT, True),
        ("question", Department.COURIER, True),
        ("question", Department.TECHNICAL, False),
        ("warehouse_check", Department.WAREHOUSE, False),
        ("technical", Department.TECHNICAL, False),
    ],
)
def test_the_walk_and_a_question_by_hand_stop_the_same_clocks(
    desk: Desk, placed: Placed, what: str, to: Department, stops: bool
) -> None:
    """A party outside, or goods on their way; a colleague in the house never (SLA.md)."""
    by_hand, by_walk = login(desk, placed), login(desk, placed)
    tasks.ask(desk.ctx, by_hand, to.value, "请核实", 24, what)
    walked(desk, by_walk, what, to)
    for case_id in (by_hand, by_walk):
        assert (desk.clock(case_id, "resolution").run is RunState.PAUSED) is stops
        if stops and case_id == by_hand:
            assert desk.clock(case_id, "resolution").resume_at == desk.rows(Task, case_id=case_id)[-1].due_at
    assert (desk.case(by_hand).state is CaseState.IN_TRANSIT) is stops
    must_add_up(desk.store)


def test_a_clock_that_has_stood_as_long_as_it_may_runs_on_and_the_timeline_says_so(
    desk: Desk, placed: Placed
) -> None:
    case_id = login(desk, placed)
    tasks.ask(desk.ctx, case_id, "courier", "能否改派", 24 * 30)
    desk.later(days=30, minutes=1)
    sweep(desk.ctx)
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    due = desk.clock(case_id, "resolution").due_at
    tasks.ask(desk.ctx, case_id, "courier", "再问一次", 24)
    walked(desk, case_id, "courier_claim", Department.COURIER)
    row = desk.clock(case_id, "resolution")
    assert (row.run, row.due_at) == (RunState.RUNNING, due)
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    told = desk.events(case_id, stopping.RUNS_ON)
    assert [one.payload["clock"] for one in told] == ["resolution", "resolution"]
    line = next(one for one in case_page(desk.ctx, case_id).timeline if one.kind == stopping.RUNS_ON)
    assert "as long as it may" in speak(line.code, line.params)
    must_add_up(desk.store)
