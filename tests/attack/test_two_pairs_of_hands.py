"""A money finding that who asked typed in while little was at stake opens no large sum for them later."""

from typing import Any

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Task
from bdesk.operations import queue, tasks
from bdesk.operations.change import Act
from bdesk.operations.effects.asking import attach_order
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.standing import standing
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect
from tests.builders import Item, order, person
from tests.operations.desk import Desk, must_add_up, refunded


def attached(desk: Desk, case_id: int, number: str) -> None:
    """The case becomes one about this order."""
    planned: Any = Planned
    with desk.store.write(desk.ctx.actor.number) as unit:
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        effect = PlannedEffect(1, "contact.attach_order", Risk.RECORD, {"order_no": number})
        act = Act(unit, unit.case(case_id))
        attach_order(EffectCall(act, desk.ctx, stand, planned, effect))
        act.finish(desk.ctx, "step.answered", undo=False)


@pytest.mark.parametrize(("fen", "holds"), [(50000, False), (50001, True)])
def test_typed_while_the_case_was_about_no_order(chief: Desk, buyer: int, fen: int, holds: bool) -> None:
    dear = order(chief.store, buyer, items=[Item(price_fen=fen)])
    case_id = chief.opened(None, customer_id=buyer)
    tasks.ask(chief.ctx, case_id, "courier", "请核实", 24, "courier_claim")
    tasks.answer_task(chief.ctx, chief.rows(Task, case_id=case_id)[-1].id or 0, "电话说丢了", "lost")
    attached(chief, case_id, dear.order_no)
    chief.to_decision(case_id)
    if not holds:
        chief.go(case_id, "approve")
        assert refunded(chief.store, dear) == (0, fen)
        return
    with pytest.raises(NotAllowed, match=r"refund\.own_answer"):
        chief.go(case_id, "approve")
    assert refunded(chief.store, dear) == (0, 0)
    queue.release(chief.ctx, case_id)
    other = Desk(chief.store, person(chief.store, "2002", Role.SUPERVISOR, name="林夏"), chief.ports)
    other.go(case_id, "approve")
    assert refunded(chief.store, dear) == (0, fen), "another pair of hands"
    must_add_up(chief.store)


@pytest.mark.parametrize(("finding", "taken"), [("lost", False), ("found", True)])
def test_what_became_of_one_parcel_says_nothing_of_another_order(
    desk: Desk, chief: Desk, buyer: int, finding: str, taken: bool
) -> None:
    cheap, dear = (order(desk.store, buyer, items=[Item(price_fen=fen)]) for fen in (900, 40000))
    case_id = desk.opened(cheap)
    tasks.ask(desk.ctx, case_id, "courier", "请核实", 24, "courier_claim")
    tasks.answer_task(chief.ctx, desk.rows(Task, case_id=case_id)[-1].id or 0, "快递说的", finding)
    if taken:
        attached(desk, case_id, dear.order_no)
        assert desk.case(case_id).order_id == dear.id
        return
    with pytest.raises(NotAllowed, match=r"order\.answered"):
        attached(desk, case_id, dear.order_no)
    assert desk.case(case_id).order_id == cheap.id
    must_add_up(desk.store)
