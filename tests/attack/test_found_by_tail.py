"""A number is a factor: who names a telephone's tail and a day is not told it by a refusal."""

from typing import Any

import pytest

from bdesk.clock import LOCAL
from bdesk.errors import NotAllowed
from bdesk.models.tables import Customer, Order
from bdesk.operations.change import Act
from bdesk.operations.effects.asking import attach_order
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.standing import standing
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect
from bdesk.speech import speak_error
from tests.builders import customer, order
from tests.operations.desk import Desk


def test_a_refusal_names_no_order_that_nobody_named(desk: Desk, buyer: int) -> None:
    other = customer(desk.store, account="buyer_0002")
    placed = order(desk.store, other)
    tail = desk.row(Customer, other).phone_tail
    day = desk.row(Order, placed.id).placed_at.astimezone(LOCAL).date().isoformat()
    case_id = desk.opened(None, customer_id=buyer)
    planned: Any = Planned
    with desk.store.write(desk.ctx.actor.number) as unit:
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        effect = PlannedEffect(1, "contact.attach_order", Risk.RECORD, {"phone_tail": tail, "date": day})
        call = EffectCall(Act(unit, unit.case(case_id)), desk.ctx, stand, planned, effect)
        with pytest.raises(NotAllowed, match=r"order\.not_found") as refused:
            attach_order(call)
    assert placed.order_no not in speak_error(refused.value)
