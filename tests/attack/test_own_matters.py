"""A customer who works here has others work their matter, from its first step to its last (P6, P15)."""

from collections.abc import Callable

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Channel, Department
from bdesk.models.tables import Evidence, GoodsReturn, Task
from bdesk.operations import calls, evidence, queue, raising, reopening, tasks
from bdesk.operations.opening import NewCase
from bdesk.operations.ports import Ports
from bdesk.operations.priority import set_priority
from bdesk.operations.staff.groups import ensure_groups
from tests.builders import Placed, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_after_sale import WAYBILL, agreed

Deed = Callable[[Desk, int], object]


@pytest.fixture
def owner(store: Store, ports: Ports, buyer: int) -> Desk:
    """An agent whose own order it is."""
    with store.write("test") as unit:
        ensure_groups(unit)
        unit.commit()
    return Desk(store, person(store, "1009", customer_id=buyer), ports)


@pytest.fixture
def coming_back(desk: Desk, placed: Placed) -> int:
    """An exchange that a colleague agreed to, in nobody's hands; the warehouse is asked."""
    case_id = agreed(desk, placed, "exchange")
    desk.go(case_id, "sent", carrier="sf", waybill=WAYBILL)
    desk.picture(case_id)
    queue.release(desk.ctx, case_id)
    return case_id


def judged(owner: Desk, case_id: int) -> None:
    piece = owner.rows(Evidence, case_id=case_id)[-1].id or 0
    evidence.look_at(owner.ctx, piece)
    evidence.judge(owner.ctx, piece, clear=True)


def answered(owner: Desk, case_id: int) -> None:
    asked = owner.rows(Task, case_id=case_id)[-1].id or 0
    tasks.answer_task(owner.ctx, asked, "完好", "ok")


WAYS: dict[str, Deed] = {
    "take": lambda owner, case_id: queue.claim(owner.ctx, case_id),
    "answer a step": lambda owner, case_id: owner.go(case_id, "received"),
    "answer for the warehouse": answered,
    "find the papers clear": judged,
    "ask a department": lambda owner, case_id: tasks.ask(
        owner.ctx, case_id, Department.WAREHOUSE.value, "到了吗", 24
    ),
    "put it before others": lambda owner, case_id: set_priority(owner.ctx, case_id, 1),
    "raise it": lambda owner, case_id: raising.raise_case(owner.ctx, case_id, "supervisor", "快一点"),
    "make it a complaint": lambda owner, case_id: raising.to_complaint(owner.ctx, case_id, "太慢"),
    "send it to a group": lambda owner, case_id: raising.hand_over(owner.ctx, case_id, "hotline", "转出"),
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_works_a_matter_of_their_own(owner: Desk, coming_back: int, way: str) -> None:
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        WAYS[way](owner, coming_back)
    assert owner.case(coming_back).owner_id is None
    assert owner.rows(GoodsReturn)[-1].received_at is None
    must_add_up(owner.store)


def test_whoever_holds_one_gives_it_away(owner: Desk, desk: Desk, buyer: int, placed: Placed) -> None:
    """The administrator says later whose account it is."""
    case_id = desk.opened(placed)
    kin = Desk(owner.store, person(owner.store, "1010", customer_id=buyer), owner.ports)
    with owner.store.write("test") as unit:
        unit.case(case_id).owner_id = kin.ctx.actor.id
        unit.commit()
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        kin.go(case_id, "whole")
    raising.hand_over(kin.ctx, case_id, "hotline", "亲属")
    assert kin.case(case_id).owner_id is None


def test_what_they_hear_of_is_written_down_and_waits_for_a_colleague(
    owner: Desk, desk: Desk, buyer: int
) -> None:
    new = NewCase(CaseKind.COMPLAINT, Channel.HOTLINE, customer_id=buyer, subject="亲属来电")
    call = calls.start_call(owner.ctx, "15400000001")
    case_id = calls.open_from_call(owner.ctx, call, new).case_id or 0
    assert owner.case(case_id).owner_id is None
    calls.end_call(owner.ctx, call)
    queue.claim(desk.ctx, case_id)
    assert desk.case(case_id).owner_id == desk.ctx.actor.id


def test_a_matter_of_their_own_that_comes_back_waits_for_a_colleague(
    owner: Desk, desk: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    reopening.reopen(owner.ctx, case_id, "还没收到")
    assert owner.case(case_id).open
    assert owner.case(case_id).owner_id is None
