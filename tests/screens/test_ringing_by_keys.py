"""An agent who owes a call back dials: the number by two keys, thirty seconds, and only where one is owed."""

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import Role
from bdesk.operations import revealing
from bdesk.operations.ports import simulated
from bdesk.screens import navigation
from bdesk.screens.customer.revealed import RevealedModal
from tests.builders import customer
from tests.operations.changing import OLD_PHONE
from tests.operations.frozen import at_work
from tests.operations.test_ringing import promised, told
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat

pytestmark = pytest.mark.usefixtures("patient_hand", "language")


async def test_the_number_is_there_for_a_call_back_and_gone_by_any_key(store: Store) -> None:
    desk = at_work(store, simulated(), "1001", Role.AGENT)
    buyer, case_id = promised(desk)
    other = customer(store, name="李雪", phone="15412340099")
    async with at_desk(store, desk.ctx.actor, size=(80, 24)) as at:
        seat = Seat(at)
        await at.driver.run(lambda: navigation.push_customer(at.screen, buyer))
        await seat.press("space")
        at.driver.shows("30").shows_not(OLD_PHONE)
        seat.sees_not("数据有疑问", "in doubt")
        await seat.press("1")
        modal = at.driver.app.screen
        assert isinstance(modal, RevealedModal) and modal.hiding is not None
        assert modal.hiding._interval == revealing.SHOWN_SECONDS == 30
        at.driver.shows(OLD_PHONE).shows_not("@example.com").widths_ok()
        seat.sees("只拨这个号码", "Ring this number")
        await seat.press("down")
        at.driver.shows_not(OLD_PHONE)
        await at.driver.run(lambda: navigation.push_customer(at.screen, other))
        await seat.press("space")
        at.driver.shows_not("15412340099", "30")
        seat.sees("没有答应给这位客户回电", "owe this customer no call back")
    assert told(desk) == [{"customer": buyer, "reason": "call_back", "case": case_id}]
