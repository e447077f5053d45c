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
def test_typed_while_the_case_was_about_something_cheap(
    chief: Desk, buyer: int, fen: int, holds: bool
) -> None:
    cheap, dear = (
        order(chief.store, buyer, items=[Item("CUP-1", "杯子", price_fen=900)]),
        order(chief.store, buyer, items=[Item(price_fen=fen)]),
    )
    case_id = chief.opened(cheap)
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
