"""Compensation, substitutes and answers of departments edited in the file: `journal verify` names them."""

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.verify import verify
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import Task
from bdesk.operations import tasks
from tests.attack.test_tampering import edit, first
from tests.builders import Placed
from tests.operations.desk import Desk, must_add_up
from tests.operations.late import offered, unshipped


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compensation SET amount_fen=1",
        "UPDATE compensation SET state='recalled'",
        "UPDATE compensation SET state='failed'",
        "UPDATE compensation SET delay_key='delay:20200101T0000'",
        "UPDATE compensation SET case_id=NULL",
        "DELETE FROM compensation",
    ],
)
def test_compensation_cannot_be_made_as_if_it_was_not_given(desk: Desk, buyer: int, statement: str) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "compensate")
    desk.go(case_id, "coupon", amount=1000)
    desk.later(seconds=11)
    desk.release()
    must_add_up(desk.store)
    edit(desk.store.place, statement)
    assert first(desk).code == "compensation.differs"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE substitution SET state='recalled'", "UPDATE substitution SET state='failed'"],
)
@pytest.mark.parametrize("released", [True, False])
def test_a_substitute_cannot_be_made_as_if_it_was_not_sent(
    desk: Desk, buyer: int, statement: str, released: bool
) -> None:
    case_id = offered(desk, unshipped(desk.store, buyer))
    desk.go(case_id, "substitute")
    desk.go(case_id, "book", agreed=True)
    if released:
        desk.later(seconds=11)
        desk.release()
    must_add_up(desk.store)
    edit(desk.store.place, statement)
    assert first(desk).code == "substitution.differs"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE department_task SET finding='fixed'",
        "UPDATE department_task SET answered_by='1009'",
        "UPDATE department_task SET state='open'",
        "UPDATE department_task SET department='merchant'",
        "DELETE FROM department_task",
    ],
)
def test_an_answer_of_a_department_cannot_be_made_another(desk: Desk, placed: Placed, statement: str) -> None:
    case_id = desk.opened(placed, kind=CaseKind.CONSULTATION, channel=Channel.APP_CHAT, media=False)
    tasks.ask(desk.ctx, case_id, "payment", "查一下", 24, "reconcile")
    (asked,) = desk.rows(Task)
    assert asked.id is not None
    tasks.answer_task(desk.ctx, asked.id, "没查到", "not_found")
    assert verify(desk.store, load_book()).ok
    edit(desk.store.place, statement)
    assert first(desk).code == "task.differs"
