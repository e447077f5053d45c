"""Compensation: once per order and delay, whichever case asks; and very large refunds by a supervisor."""

from datetime import timedelta
from typing import Any

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import DelayCause, RefundState
from bdesk.models.tables import Compensation
from bdesk.operations.change import Act, own
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.compensations import compensate
from bdesk.operations.effects.recall import recall
from bdesk.operations.standing import standing
from bdesk.rules.walk.values import Risk, Text
from bdesk.rules.walk.views import Planned, PlannedEffect
from tests.builders import Item, Placed, order
from tests.operations.desk import Desk, must_add_up, outbox_of
from tests.operations.late import caused, promised_anew, unshipped


@pytest.fixture
def placed(store: Store, buyer: int) -> Placed:
    """A kettle for 128.00 that should have been shipped 30 hours ago."""
    return unshipped(store, buyer)


def opened(desk: Desk, placed: Placed, **more: Any) -> int:
    """A case about it, with the cause of the delay stored."""
    case_id = desk.opened(placed, **more)
    caused(desk, case_id)
    return case_id


def booked(desk: Desk, case_id: int, amount: int) -> int:
    """What an option with this effect does on F8; its commit event."""
    params: dict[str, object] = {"amount_fen": amount, "form": "coupon"}
    effect = PlannedEffect(1, "compensation", Risk.MONEY, params)
    planned = Planned(
        step="offer", option="pay", label=Text("", ""), round=1, cycle=1, captures={}, secrets={},
        effects=(effect,), clocks=(), letters=(), money_fen=amount, binding=True, goto=None, finish=None,
        via=(), rests_on={},
    )  # fmt: skip
    with desk.store.write(desk.ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        act.add("effect.committed", {"effects": ["compensation"], "amount_fen": amount})
        own(act, desk.ctx)
        compensate(EffectCall(act, desk.ctx, stand, planned, effect))
        act.finish(desk.ctx, "effect.committed")
        return act.first


def test_a_delay_is_compensated_once(desk: Desk, chief: Desk, placed: Placed) -> None:
    first, second = opened(desk, placed), opened(desk, placed, take=False)
    booked(desk, first, 1280)
    desk.later(seconds=11)
    assert desk.release() == ["ok"]
    for case_id in (first, second):
        with pytest.raises(NotAllowed, match=r"compensation\.already"):
            booked(desk, case_id, 500)
    # Another delay is another matter; what the order had already counts towards the limit.
    promised_anew(desk, placed)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        booked(desk, second, 500)
    booked(chief, second, 500)
    assert [(row.amount_fen, row.state) for row in desk.rows(Compensation)] == [
        (1280, RefundState.ACCEPTED),
        (500, RefundState.HELD),
    ]
    must_add_up(desk.store)


def test_nothing_is_given_before_the_promise_is_broken(desk: Desk, buyer: int) -> None:
    placed = unshipped(desk.store, buyer, due=timedelta(minutes=1))
    case_id = opened(desk, placed)
    with pytest.raises(NotAllowed, match=r"compensation\.not_late"):
        booked(desk, case_id, 500)
    desk.later(minutes=2)
    booked(desk, case_id, 500)


def test_nothing_is_given_without_a_cause_that_still_holds(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"compensation\.no_cause"):
        booked(desk, case_id, 500)
    caused(desk, case_id)
    desk.later(days=3)
    with pytest.raises(NotAllowed, match=r"compensation\.no_cause"):
        booked(desk, case_id, 500)
    caused(desk, case_id, DelayCause.WEATHER)
    with pytest.raises(NotAllowed, match=r"compensation\.excluded"):
        booked(desk, case_id, 500)


def test_one_that_was_recalled_may_be_given_again(desk: Desk, placed: Placed) -> None:
    first, second = opened(desk, placed), opened(desk, placed)
    recall(desk.ctx, booked(desk, first, 1280))
    assert desk.rows(Compensation)[0].state is RefundState.RECALLED
    booked(desk, second, 900)
    row = desk.rows(Compensation)[0]
    assert (row.case_id, row.amount_fen, row.state) == (second, 900, RefundState.HELD)
    assert outbox_of(desk.store, first) == [("compensation", "recalled", 1)]
    must_add_up(desk.store)


def test_its_limit_is_a_share_of_the_price(desk: Desk, chief: Desk, placed: Placed) -> None:
    """An agent: 10 % of 128.00, at least 5.00 and at most 50.00; a supervisor 30 % (B0.7)."""
    case_id = opened(desk, placed, take=False)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        booked(desk, case_id, 1281)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        booked(chief, case_id, 3841)
    booked(chief, case_id, 3840)
    must_add_up(desk.store)


def test_a_very_large_refund_takes_a_supervisors_finance_note(desk: Desk, chief: Desk, buyer: int) -> None:
    goods = (Item(sku="RING-1", name="钻戒", price_fen=2500000),)
    case_id = chief.to_decision(chief.opened(order(desk.store, buyer, items=goods)))
    with pytest.raises(NotAllowed):
        chief.go(case_id, "approve")
    chief.go(case_id, "finance", finance_note="财务已核对流水")
    desk.later(seconds=11)
    assert desk.release() == ["ok", "ok"]
    must_add_up(desk.store, [desk.ports])
