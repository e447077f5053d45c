"""Questions to other departments: sent, answered, refused."""

from datetime import date

import pytest

from bdesk.errors import BadInput
from bdesk.models.kinds import TaskState
from bdesk.models.tables import Task
from bdesk.operations import tasks
from tests.builders import Placed
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
