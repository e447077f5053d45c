"""A question asked from a case that is merged before its answer: the answer reaches the other case."""

from bdesk.models.kinds import CaseState
from bdesk.models.tables import CaseText, Task
from bdesk.operations import parking, tasks
from tests.builders import Placed
from tests.operations.desk import Desk, must_add_up


def test_an_answer_to_a_merged_case_wakes_the_case_it_went_into(desk: Desk, placed: Placed) -> None:
    first, second = desk.opened(placed), desk.opened(placed)
    tasks.ask(desk.ctx, second, "courier", "在哪", 24, "courier_claim")
    desk.go(second, "merge")
    parking.put_aside(desk.ctx, first)
    (asked,) = desk.rows(Task)
    tasks.answer_task(desk.ctx, asked.id or 0, "找不到了", "lost")
    assert desk.case(second).state is CaseState.MERGED
    assert not desk.case(first).aside
    told = desk.events(first, "note.added")
    assert len(told) == 1
    number = told[0].payload["text"]
    assert isinstance(number, int)
    with desk.store.read() as session:
        body = session.get_one(CaseText, number).body
    assert "找不到了" in body and "confirmed lost" in body and desk.case(second).case_no in body
    must_add_up(desk.store)
