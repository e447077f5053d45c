"""Keys that come faster than they can be shown: in the order they were pressed, none of them lost."""

import pytest
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.models.kinds import Channel
from bdesk.models.tables import OutboxRow
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.lookup.screen import LookupScreen
from tests.builders import customer, open_case, order
from tests.screens.desks import AtDesk, at_desk
from tests.screens.test_case import scenario_one, to_the_decision

pytestmark = pytest.mark.usefixtures("patient_hand")


def committed(store: Store) -> int:
    with store.read() as session:
        return len(session.exec(select(OutboxRow)).all())


@pytest.mark.parametrize("keys", [("escape", "f8"), ("alt+7", "f8")], ids=["esc", "alt"])
async def test_esc_drops_what_f8_right_behind_it_would_do(
    store: Store, agent: ActorView, keys: tuple[str, ...]
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1")
        assert desk.place.strips
        await desk.driver.burst(*keys)
        assert not desk.place.strips
    assert committed(store) == 0


async def test_esc_and_a_digit_leave_a_field_and_choose(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9", "2")  # a part of the goods: which ones?
        form = screen_of(desk).steps.form
        assert form is not None and form.has_focus_within
        await desk.driver.burst("escape", "1")
        assert current_step(desk) not in ("scope", "scope/items")


async def test_a_search_can_be_typed_before_its_field_is_there(store: Store, agent: ActorView) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.burst("f3", *"0101")
        assert desk.on(LookupScreen)
        assert desk.screen.query_one("#field").value == "0101"  # type: ignore[attr-defined]


async def test_f9_behind_enter_claims_what_enter_opened(store: Store, agent: ActorView) -> None:
    buyer = customer(store, name="李雷", phone="15400000040")
    for number in ("BT20261114000201", "BT20261114000202"):
        placed = order(store, buyer, order_no=number)
        open_case(store, order_id=placed.id, channel=Channel.REFUND_FORM)
    async with at_desk(store, agent) as desk:
        await desk.driver.burst("2", "enter", "f9")
        assert len(desk.place.open_cases) == 1
        page = screen_of(desk).page
        assert page is not None
        assert page.standing.snapshot.case.owner_id is not None
        assert page.standing.snapshot.order is not None
        assert page.standing.snapshot.order.order_no == "BT20261114000202"


async def test_an_answer_typed_ahead_of_f9_is_kept(store: Store, agent: ActorView) -> None:
    first = scenario_one(store, agent)
    buyer = customer(store, name="李雷", phone="15400000040")
    second = open_case(store, order_id=order(store, buyer, order_no="BT20261114000202").id)
    async with at_desk(store, agent) as desk:
        await desk.driver.burst("f9", "1", "f9")
        assert {one.case_id for one in desk.place.open_cases} == {first, second}
        await desk.driver.press("minus")
        assert current_step(desk) != "scope"


def screen_of(desk: AtDesk) -> CaseScreen:
    screen = desk.screen
    assert isinstance(screen, CaseScreen)
    return screen


def current_step(desk: AtDesk) -> str:
    page = screen_of(desk).page
    assert page is not None and page.standing.walk.current is not None
    return page.standing.walk.current.step.id


async def test_a_second_that_ends_while_a_screen_is_put_together_is_let_go(
    store: Store, agent: ActorView
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent) as desk:
        CaseScreen(desk.place).second(desk.place.now())
        desk.driver.shows("bdesk")
