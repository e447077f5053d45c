"""A case stands at once as its terminal's width wants it, whatever the store is doing meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import tasks
from bdesk.widgets.choices import Choices
from tests.builders import context, customer, make_store, open_case, order
from tests.screens.desks import AtDesk, at_desk
from tests.screens.test_staying import until

NARROW, WIDE = (80, 24), (120, 40)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    i18n.set_language("zh")
    with make_store(tmp_path) as made:
        yield made
    i18n.set_language("en")


def a_case(store: Store, agent: ActorView) -> None:
    buyer = customer(store, phone="15412346621")
    bought = order(store, buyer, order_no="BT20261118007741").id
    open_case(store, order_id=bought, owner=agent)


def wide(desk: AtDesk) -> bool:
    """Whether the steps stand below each other, as they do where there is room for three columns."""
    return bool(desk.screen.query("#steps #done")) and not desk.screen.query("#steps #recent")


async def as_new(desk: AtDesk) -> str:
    """What the screen says once the case was read again."""
    await desk.driver.run(desk.screen.reload)
    return desk.driver.screen_text()


@pytest.mark.parametrize(("size", "other"), [(NARROW, WIDE), (WIDE, NARROW)])
async def test_another_width_is_laid_out_as_if_opened_in_it(
    store: Store, agent: ActorView, size: tuple[int, int], other: tuple[int, int]
) -> None:
    a_case(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("1", "enter")
        await desk.driver.resize(*other)
        assert wide(desk) is (other == WIDE)
        assert desk.driver.screen_text() == await as_new(desk)


@pytest.mark.parametrize("over", ["f1", "f10", "f6", "f2", "f4", "f3"])
@pytest.mark.parametrize(("size", "other"), [(NARROW, WIDE), (WIDE, NARROW)])
async def test_another_width_while_something_else_is_shown(
    store: Store, agent: ActorView, size: tuple[int, int], other: tuple[int, int], over: str
) -> None:
    a_case(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("1", "enter", over)
        await desk.driver.resize(*other)
        await desk.driver.press(*(("1", "enter") if over == "f2" else ("escape",)))
        assert wide(desk) is (other == WIDE)
        assert desk.driver.screen_text() == await as_new(desk)


@pytest.mark.parametrize(("size", "other"), [(NARROW, WIDE), (WIDE, NARROW)])
async def test_another_width_does_not_wait_for_the_store(
    store: Store, agent: ActorView, size: tuple[int, int], other: tuple[int, int]
) -> None:
    """A store that takes its time, or is out of reach, leaves no half of the old screen standing."""
    a_case(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("1", "enter")
        gate = Event()
        desk.place.desk._reader.submit(gate.wait)
        try:
            await desk.driver.pilot.resize_terminal(*other)
            await until(lambda: wide(desk) is (other == WIDE))
        finally:
            gate.set()
        await desk.driver.idle()
        assert desk.driver.screen_text() == await as_new(desk)


async def test_another_width_keeps_the_answer_that_enter_takes(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    async with at_desk(store, agent, size=NARROW) as desk:
        await desk.driver.press("1", "enter", "down")
        (stood,) = desk.screen.query(Choices)
        stands = stood.standing
        assert stood.at == 1
        for size in (WIDE, (200, 60), NARROW):
            await desk.driver.resize(*size)
            (laid,) = desk.screen.query(Choices)
            assert laid.standing == stands


@pytest.mark.parametrize(("size", "other"), [(NARROW, WIDE), (WIDE, NARROW)])
async def test_what_departments_were_asked_takes_its_lines_where_it_stands(
    store: Store, agent: ActorView, size: tuple[int, int], other: tuple[int, int]
) -> None:
    """Above the step at 80 columns, in the side pane at 120: no band of blank lines is left of it."""
    buyer = customer(store, phone="15412346621")
    bought = order(store, buyer, order_no="BT20261118007741").id
    case_id = open_case(store, order_id=bought, owner=agent)
    tasks.ask(context(store, agent), case_id, "warehouse", "有货吗", 4, "warehouse_check")
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("1", "enter")
        await desk.driver.resize(*other)
        band = desk.screen.query_one("#asked")
        assert band.size.height == (0 if other == WIDE else 1)
        assert desk.driver.screen_text() == await as_new(desk)
