"""Two desks and one sum of money: whoever comes second is told, and nothing stays pending (UX 5)."""

import pytest

from bdesk.data.store import Store
from bdesk.models.tables import Refund
from bdesk.models.views.snapshot import ActorView
from tests.builders import customer, order, person
from tests.operations.desk import Desk
from tests.screens.desks import at_desk

pytestmark = pytest.mark.usefixtures("language")


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
