"""A strip before its F8: Enter does not do it, and of two desks with one sum of money the second is told
(UX 4 and 5)."""

import pytest

from bdesk.data.store import Store
from bdesk.models.tables import Refund
from bdesk.models.views.snapshot import ActorView
from tests.builders import customer, order, person
from tests.operations.desk import Desk
from tests.screens.desks import at_desk

pytestmark = pytest.mark.usefixtures("patient_hand", "language")


async def test_a_strip_goes_with_the_step_it_was_drawn_at(store: Store, agent: ActorView) -> None:
    placed = order(store, customer(store))
    mine, other = Desk(store, agent), Desk(store, person(store, "1002"))
    second = mine.opened(placed)
    first = other.opened(placed)
    other.to_decision(first)
    mine.to_decision(second)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        driver = desk.driver
        await driver.press("1", "enter", "1")
        driver.shows("128.00", "F8")
        other.go(first, "approve")
        await driver.press("f8")
        # The same money, asked for on another case meanwhile.
        driver.shows_not("Esc 放弃", "Esc Drop")
        await driver.press("f8")
    assert len(mine.rows(Refund)) == 1


async def test_enter_on_a_pending_strip_says_that_f8_does_it(store: Store, agent: ActorView) -> None:
    mine = Desk(store, agent)
    mine.to_decision(mine.opened(order(store, customer(store))))
    async with at_desk(store, agent, size=(80, 24)) as desk:
        driver = desk.driver
        await driver.press("1", "enter", "1")
        driver.shows_not("只有 F8 才会执行", "that alone does")
        await driver.press("enter")
        assert any("请按 F8" in line or "Press F8" in line for line in driver.lines())
        assert not mine.rows(Refund)
        await driver.press("f8")
    assert len(mine.rows(Refund)) == 1
