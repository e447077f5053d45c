"""Goods and money for the same line: an exchange and a refund in two cases, in whatever order."""

from typing import Any

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, TaskState
from bdesk.models.tables import Task
from bdesk.operations import tasks
from bdesk.operations.change import Act
from bdesk.operations.effects.asking import attach_order
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.standing import standing
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect
from tests.builders import Item, Placed, order
from tests.operations.desk import Desk, must_add_up, refunded
from tests.operations.test_after_sale import ADDRESS, WAYBILL, come_back, opened, row_of, settle

NEW = "SF0000180000999"


def exchanging(desk: Desk, placed: Placed) -> int:
    """The goods of an exchange are here; whether new ones go out is asked next."""
    case_id = come_back(desk, placed, kind="exchange", reason="quality", media=True)
    assert desk.step(case_id) == "exchange/stock"
    return case_id


def test_all_of_the_money_as_a_part_sends_no_new_goods(desk: Desk, chief: Desk, placed: Placed) -> None:
    """A refund of a part takes no pieces back: the whole price as a part is the whole price."""
    mine = exchanging(desk, placed)
    other = chief.to_decision(chief.opened(placed))
    chief.go(other, "approve_part", amount=12800, why="全额")
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)
    with pytest.raises(NotAllowed):
        desk.go(mine, "send")
    assert "return_exchange" not in [row.what for row in desk.rows(Task, case_id=mine)]
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("left", ["asked", "sent", "closed"])
@pytest.mark.parametrize("option", ["approve", "approve_part"])
def test_no_money_in_another_case_for_goods_that_are_exchanged(
    desk: Desk, chief: Desk, placed: Placed, left: str, option: str
) -> None:
    mine = exchanging(desk, placed)
    other = chief.to_decision(chief.opened(placed))
    desk.go(mine, "send")
    if left != "asked":
        task = desk.rows(Task, case_id=mine)[-1]
        tasks.answer_task(desk.ctx, task.id or 0, f"新品已发，顺丰 {NEW}")
    if left == "closed":
        desk.go(mine, "letter")
        settle(desk)
        desk.go(mine, "close")
        chief.to_decision(other)
    more: dict[str, Any] = {"amount": 12800, "why": "全额"} if option == "approve_part" else {}
    with pytest.raises(NotAllowed, match=r"return\.exchanged"):
        chief.go(other, option, **more)
    settle(desk)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store, [desk.ports])


@pytest.mark.parametrize("instead", ["return", "withdrawn"])
def test_the_warehouse_sends_nothing_new_once_it_is_something_else(
    desk: Desk, placed: Placed, instead: str
) -> None:
    """It was asked for new goods; then the customer wants the money, or their own goods back."""
    mine = exchanging(desk, placed)
    desk.go(mine, "send")
    asked = desk.rows(Task, case_id=mine, what="return_exchange")[-1].id or 0
    desk.go(mine, "change")
    if instead == "return":
        desk.go(mine, "return")
        desk.go(mine, "approve")
        settle(desk)
        assert refunded(desk.store, placed) == (12800, 0)
    else:
        desk.go(mine, "withdrawn")
        desk.go(mine, "confirm")
        assert [row.what for row in desk.rows(Task, case_id=mine, state=TaskState.OPEN)] == ["return_back"]
    with pytest.raises(NotAllowed, match=r"task\.done"):
        tasks.answer_task(desk.ctx, asked, f"新品已发，顺丰 {NEW}")
    assert row_of(desk, mine).new_sent_at is None
    must_add_up(desk.store, [desk.ports])


def test_other_goods_of_the_order_are_paid_back_as_ever(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, items=[Item(), Item("PAN-1", "锅", price_fen=5000)])
    mine = opened(desk, placed, media=True)
    desk.go(mine, "exchange", items=("1",))
    for option in ("quality", "letter", "complete"):
        desk.go(mine, option)
    desk.go(mine, "send", return_to=ADDRESS)
    desk.go(mine, "sent", carrier="sf", waybill=WAYBILL)
    desk.go(mine, "received")
    desk.go(mine, "record", finding="ok", finding_words="仓库看过")
    desk.go(mine, "send")
    other = chief.opened(placed)
    while chief.step(other) == "duplicate/same":
        chief.go(other, "other", difference="另一件商品")
    for _again in range(2):  # other goods: the check for the same matter reads otherwise now
        if chief.step(other) == "scope":
            chief.go(other, "part", items=("2",))
    chief.go(chief.to_decision(other), "approve")
    settle(desk)
    assert refunded(desk.store, placed) == (5000, 0)


def test_new_goods_that_fail_later_are_a_matter_of_their_own(desk: Desk, chief: Desk, placed: Placed) -> None:
    mine = exchanging(desk, placed)
    desk.go(mine, "send")
    tasks.answer_task(desk.ctx, desk.rows(Task, case_id=mine)[-1].id or 0, f"新品已发，顺丰 {NEW}")
    desk.go(mine, "letter")
    settle(desk)
    desk.go(mine, "close")
    desk.later(days=1)
    other = chief.to_decision(chief.opened(placed, kind=CaseKind.REFUND))
    chief.go(other, "approve")
    settle(desk)
    assert refunded(desk.store, placed) == (12800, 0)


def test_goods_of_one_order_are_no_receipt_for_another(desk: Desk, buyer: int, placed: Placed) -> None:
    """A cheap thing came back; the case is attached to a dear order of the same customer."""
    case_id = come_back(desk, placed)
    dear = order(desk.store, buyer, items=[Item(price_fen=49900)])
    planned: Any = Planned
    with desk.store.write(desk.ctx.actor.number) as unit:
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        effect = PlannedEffect(1, "contact.attach_order", Risk.RECORD, {"order_no": dear.order_no})
        call = EffectCall(Act(unit, unit.case(case_id)), desk.ctx, stand, planned, effect)
        with pytest.raises(NotAllowed, match=r"return\.already"):
            attach_order(call)
