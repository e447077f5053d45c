"""Lookup, order card, customer: found by what people say, opened by digits, nothing shown that verifies."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.customer.screen import CustomerScreen
from bdesk.screens.lookup.screen import LookupScreen
from bdesk.screens.order.screen import OrderScreen
from bdesk.screens.queue.screen import QueueScreen
from tests.builders import Item, Placed, customer, open_case, order
from tests.screens.desks import at_desk

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture
def placed(store: Store) -> Placed:
    buyer = customer(store, name="李雪", phone="15400000482", account="lixue01", name_initials="lx")
    return order(store, buyer, order_no="BT2026111800007741", items=(Item(name="蓝牙耳机 X2"),))


async def test_an_order_by_its_tail_is_two_keys_and_four_digits(
    store: Store, agent: ActorView, placed: Placed
) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f3")
        await driver.type("7741")
        await driver.press("enter")
        assert (driver.keys, driver.digits) == (2, 4)
        screen = desk.screen
        assert isinstance(screen, OrderScreen) and screen.order_id == placed.id


async def test_one_more_digit_when_it_is_not_the_only_one(
    store: Store, agent: ActorView, placed: Placed
) -> None:
    order(store, customer(store), order_no="BT2026111700007741")
    async with at_desk(store, agent) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f3")
        await driver.type("7741")
        await driver.press("enter")
        assert desk.on(LookupScreen)
        await driver.press("1")
        assert desk.on(OrderScreen)
        assert (driver.keys, driver.digits) == (3, 4)


@pytest.mark.parametrize(
    "typed",
    [
        "7741",
        "７７４１",
        "bt2026 1118 0000 7741",
        "ｂｔ２０２６１１１８－００００７７４１",
        "0482",
        "0482 11-13",
        "lixue01",
        "15400000482",
    ],
)
async def test_what_finds_it(store: Store, agent: ActorView, placed: Placed, typed: str) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f3")
        await desk.driver.type(typed)
        found = desk.driver.shows("李**").shows_not("李雪").widths_ok().line_with("李**")
        assert "15400000482" not in found


async def test_a_case_opens_on_its_tab(store: Store, agent: ActorView, placed: Placed) -> None:
    case_id = open_case(store, order_id=placed.id)
    with store.read() as session:
        number = session.exec(select(Case.case_no)).one()
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f3")
        await desk.driver.type(number)
        await desk.driver.press("enter")
        assert desk.on(CaseScreen) and desk.place.current == case_id


async def test_factors_stay_hidden_unless_the_caller_said_them(
    store: Store, agent: ActorView, placed: Placed
) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f3")
        await driver.type("7741")
        driver.shows("BT..7741").shows_not("0482", "128.00")
        await driver.press("f3")
        await driver.type("lixue01")
        driver.shows("****").shows_not("0482", "7741")
        await driver.press("enter")
        assert desk.on(CustomerScreen)
        driver.shows("BT..****").shows_not("0482", "7741", "杭州", "128.00")
        await driver.press("1")
        assert desk.on(OrderScreen)
        driver.shows("BT..****", "Parcels").shows_not("0482", "7741", "杭州", "128.00")


async def test_nothing_found_says_so_and_what_helps(store: Store, agent: ActorView, placed: Placed) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f3")
        await driver.type("77")
        driver.shows("2 more to search")
        await driver.type("99")
        driver.shows("Nothing has “7799”").widths_ok()
        await driver.press("enter")
        assert desk.on(LookupScreen)
        await driver.press("f3")
        driver.shows_not("7799")


async def test_f3_twice_filters_the_queue(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f3", "f3")
        assert desk.on(QueueScreen)
        await desk.driver.type("x")
        desk.driver.shows("x")
        assert desk.screen.has_class("-filtering")


async def test_space_looks_inside_and_a_digit_is_data_in_the_field(
    store: Store, agent: ActorView, placed: Placed
) -> None:
    order(store, customer(store), order_no="BT2026111700007741")
    async with at_desk(store, agent, size=(80, 24)) as desk:
        driver = desk.driver
        await driver.press("f3")
        await driver.type("7741")
        await driver.press("down", "space")
        driver.shows("电热水壶", "Parcels").widths_ok()
        await driver.press("escape", "escape")
        assert desk.on(LookupScreen)
        await driver.type("9")
        driver.shows("77419")


async def test_what_was_typed_comes_back_after_a_crash(
    store: Store, agent: ActorView, placed: Placed
) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f3")
        await desk.driver.type("7741")
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f3")
        desk.driver.shows("BT..7741")


@pytest.mark.parametrize("size", SIZES)
async def test_the_order_card(store: Store, agent: ActorView, placed: Placed, size: tuple[int, int]) -> None:
    open_case(store, order_id=placed.id)
    async with at_desk(store, agent, size=size) as desk:
        driver = desk.driver
        await driver.press("f3")
        await driver.type("7741")
        await driver.press("enter")
        driver.shows("蓝牙耳机 X2", "BT..7741", "**** ", "signed", "data as of now", "KF..", "New case")
        driver.shows_not("128.00").widths_ok()
        await driver.press("1")
        assert desk.on(CaseScreen)


async def test_old_data_say_how_old(store: Store, agent: ActorView, placed: Placed) -> None:
    from tests.builders import clock_of

    clock_of(store).move(timedelta(days=3))
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f3")
        await desk.driver.type("7741")
        await desk.driver.press("enter")
        desk.driver.shows("data 3 d old")


async def test_a_new_case_from_the_order_card_asks_for_the_channel(
    store: Store, agent: ActorView, placed: Placed
) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f3")
        await driver.type("7741")
        await driver.press("enter", "1")
        driver.shows("New: refund").widths_ok()
        await driver.press("1")
        driver.shows("How did it come in?").widths_ok()
        await driver.press("1")
        assert desk.on(CaseScreen)
    with store.read() as session:
        made = session.exec(select(Case)).one()
        assert (made.kind, made.channel, made.order_id) == (CaseKind.REFUND, Channel.EMAIL, placed.id)


async def test_a_customers_other_cases_in_one_key(store: Store, agent: ActorView, placed: Placed) -> None:
    first = open_case(store, order_id=placed.id, owner=agent)
    other = open_case(store, customer_id=placed.customer_id, kind=CaseKind.UNFREEZE)
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("enter")
        assert desk.place.current == first
        driver.forget_keys()
        await driver.press("f4")
        assert driver.keys == 1
        driver.shows("李**", "unfreeze", "open 2").shows_not("0482").widths_ok()
        line = driver.line_with("unfreeze")
        await driver.press(next(character for character in line if character.isdigit()))
        assert desk.place.current == other


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_texts(store: Store, agent: ActorView, size: tuple[int, int]) -> None:
    nasty = "\x1b]2;x\x07[/b]‮é𠮷" + "长" * 400
    buyer = customer(store, name=nasty[:40], phone="15400000482", vip=True)
    placed = order(
        store, buyer, order_no="BT2026111800007741", items=(Item(name=nasty[:120]),), merchant=nasty[:60]
    )
    open_case(store, order_id=placed.id, subject=nasty[:200])
    async with at_desk(store, agent, size=size) as desk:
        driver = desk.driver
        await driver.press("f3")
        await driver.type("7741")
        driver.widths_ok()
        await driver.press("down", "space")
        driver.widths_ok()
        await driver.press("f4")
        assert desk.on(CustomerScreen)
        driver.widths_ok()
        await driver.press("2")
        assert desk.on(OrderScreen)
        driver.widths_ok()
        await driver.resize(60, 15)
        driver.widths_ok()
