"""The call card: from F5 to an open step, its ceilings, its closing, what survives a crash (UX, A call)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, CaseState, Channel, Role
from bdesk.models.tables import Case, Contact
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.calls import ring
from bdesk.screens.customer.screen import CustomerScreen
from tests.builders import Placed, clock_of, context, customer, event, open_case, order, person
from tests.screens.desks import at_desk


def an_order(store: Store, number: str = "BT2026111800007741") -> Placed:
    return order(store, customer(store, name="李雪", phone="15400000482"), order_no=number)


def contacts(store: Store) -> list[Contact]:
    with store.read() as session:
        found = list(session.exec(select(Contact)).all())
        session.expunge_all()
    return found


def cases(store: Store) -> list[Case]:
    with store.read() as session:
        found = list(session.exec(select(Case).order_by(Case.id)).all())  # type: ignore[arg-type]
        session.expunge_all()
    return found


async def test_attach_in_three_keys_and_four_digits(store: Store, agent: ActorView) -> None:
    placed = an_order(store)
    case_id = open_case(store, order_id=placed.id)
    async with at_desk(store, agent) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f5")
        await driver.type("7741")
        driver.shows("BT..7741", "李**").widths_ok()
        await driver.press("enter")
        driver.shows("Attach to", "New: refund").widths_ok()
        await driver.press("1")
        assert (driver.keys, driver.digits) == (3, 4)
        assert desk.place.current == case_id
        assert desk.place.call is not None and desk.place.call.case_id == case_id
        driver.shows("On call")
    (contact,) = contacts(store)
    assert contact.case_id == case_id and contact.ended_at is None
    assert cases(store)[0].owner_id == agent.id


async def test_a_new_case_within_four_keys_and_four_digits(store: Store, agent: ActorView) -> None:
    placed = an_order(store)
    async with at_desk(store, agent) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f5")
        await driver.type("7741")
        await driver.press("enter", "1")
        assert driver.keys <= 4 and driver.digits == 4
        (made,) = cases(store)
        assert desk.place.current == made.id
    assert (made.kind, made.channel, made.order_id) == (CaseKind.REFUND, Channel.HOTLINE, placed.id)
    assert made.owner_id == agent.id
    (contact,) = contacts(store)
    # Its clocks start with the call (SLA.md).
    assert made.received_at == contact.started_at and contact.case_id == made.id


async def test_keys_typed_ahead_are_not_lost(store: Store, agent: ActorView) -> None:
    an_order(store)
    async with at_desk(store, agent) as desk:
        await desk.driver.burst("f5", "7", "7", "4", "1", "enter", "1")
        (made,) = cases(store)
        assert desk.place.current == made.id and made.kind is CaseKind.REFUND


async def test_open_cases_come_before_orders_and_a_digit_picks(store: Store, agent: ActorView) -> None:
    first = an_order(store)
    second = an_order(store, "BT2026111700007741")
    case_id = open_case(store, order_id=first.id)
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f5")
        await driver.type("7741")
        lines = [text for text in driver.lines() if "7741" in text or "KF.." in text]
        assert "KF.." in lines[1] and lines[1].lstrip(" ▐").startswith("1")
        await driver.press("down", "1")
        driver.shows("Attach to")
        await driver.press("1")
        assert desk.place.current == case_id
    assert contacts(store)[0].case_id == case_id
    assert second.id != first.id


async def test_attaching_lets_a_stopped_case_go_on(store: Store, agent: ActorView) -> None:
    case_id = open_case(store, order_id=an_order(store).id, owner=agent)
    with store.write("test") as unit:
        unit.case(case_id).state = CaseState.WAITING_CUSTOMER
        unit.commit()
    event(store, case_id, "case.state", {"state": "waiting_customer"})
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5")
        await desk.driver.type("7741")
        await desk.driver.press("enter", "1")
    assert cases(store)[0].state is CaseState.IN_PROGRESS


async def test_a_call_with_no_matter_is_three_keys_and_its_words(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f5", "f5")
        await driver.type("asked for the shop's address")
        await driver.press("enter")
        assert driver.keys == 3
        assert desk.place.call is None
        driver.shows_not("On call")
    (contact,) = contacts(store)
    assert contact.ended_at is not None and contact.note == "asked for the shop's address"
    assert contact.case_id is None


async def test_a_call_with_no_matter_wants_words(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5", "f5", "enter")
        desk.driver.shows("A few words are needed")
    assert contacts(store)[0].ended_at is None


async def test_escape_with_nothing_done_drops_the_card(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5", "escape")
        assert desk.place.call is None
        desk.driver.shows("Queue")
    (contact,) = contacts(store)
    assert contact.ended_at is not None and contact.note == ""


async def test_escape_with_something_typed_asks(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f5")
        await driver.type("77")
        await driver.press("escape")
        driver.shows("The call is over", "It goes on").widths_ok()
        await driver.press("2")
        assert desk.place.call is not None
        driver.shows("Card", "On call")
        await driver.press("f5")
        driver.shows("Call card", "77")
    assert len(contacts(store)) == 1


async def test_the_call_ends_from_its_card(store: Store, agent: ActorView) -> None:
    open_case(store, order_id=an_order(store).id)
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f5")
        await driver.type("7741")
        await driver.press("enter", "1")
        clock_of(store).move(timedelta(seconds=198))
        await driver.press("f2", "f5")
        driver.shows("Attached to KF..", "03:18")
        await driver.press("f5", "1")
        assert desk.place.call is None
        driver.shows_not("On call")
    assert contacts(store)[0].ended_at is not None


async def test_the_card_names_the_case_of_the_call_when_its_tab_is_gone(
    store: Store, agent: ActorView
) -> None:
    open_case(store, order_id=an_order(store).id)
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f5")
        await driver.type("7741")
        await driver.press("enter", "1")
        desk.place.open_cases.clear()
        await driver.press("f2", "f5")
        driver.shows("Attached to KF..")


async def test_a_crash_keeps_the_call_and_what_was_typed(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5")
        await desk.driver.type("77")
        started = desk.place.call
    async with at_desk(store, agent) as desk:
        assert desk.place.call == started
        desk.driver.shows("On call", "Card")
        await desk.driver.press("f5")
        desk.driver.shows("77")
    assert len(contacts(store)) == 1


async def test_a_ringing_call_is_found_by_its_number(store: Store, agent: ActorView) -> None:
    case_id = open_case(store, order_id=an_order(store).id)
    ring(context(store, person(store, role=Role.ADMIN)), "154 0000 0482", "1001")
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f9")
        driver.shows("Call card", "154****0482").shows_not("15400000482").widths_ok()
        await driver.press("enter")
        # One customer: their open cases first, then their orders; the bar is in the list, and digits pick.
        driver.shows("KF..", "1-9 pick").shows_not("Found by the number")
        await driver.press("1", "1")
        assert desk.place.current == case_id
    (contact,) = contacts(store)
    assert contact.case_id == case_id


async def test_a_matter_without_an_order(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5", "down", "1")
        desk.driver.shows("A case without an order", "New: refund")
        await desk.driver.press("9")
    (made,) = cases(store)
    assert made.kind is CaseKind.CONSULTATION and made.order_id is None


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hostile_texts_keep_the_widths(store: Store, agent: ActorView, size: tuple[int, int]) -> None:
    from tests.builders import Item

    buyer = customer(store, name="\x1b]2;x\x07[/b]李‮雪")
    item = Item(name="[/b]\x1b[31m" + "耳机𠮷" * 30)
    placed = order(store, buyer, order_no="BT2026111800007741", items=(item,))
    open_case(store, order_id=placed.id, subject="\x1b]2;x\x07[urgent]" + "很急" * 60)
    async with at_desk(store, agent, size=size) as desk:
        driver = desk.driver
        await driver.press("f5")
        driver.widths_ok()
        await driver.type("７７４１")
        driver.shows("BT..7741").widths_ok()
        await driver.press("enter")
        driver.shows("Attach to").widths_ok()


async def test_a_call_about_a_closed_case_reopens_it(store: Store, agent: ActorView) -> None:
    placed = an_order(store)
    case_id = open_case(store, order_id=placed.id)
    with store.write("test") as unit:
        case = unit.case(case_id)
        case.state, case.open, case.closed_at = CaseState.CLOSED, False, unit.now
        unit.commit()
    event(store, case_id, "case.closed", {"outcome": "answered"})
    async with at_desk(store, agent) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f5")
        await driver.type("7741")
        await driver.press("enter")
        driver.shows("Reopen KF..", "closed").widths_ok()
        await driver.press("1")
        await driver.type("asks again")
        await driver.press("enter")
        assert driver.keys == 4
        assert desk.place.current == case_id
        assert desk.place.call is not None and desk.place.call.case_id == case_id
    (contact,) = contacts(store)
    assert contact.case_id == case_id
    case = cases(store)[0]
    assert (case.open, case.cycle, case.owner_id) == (True, 2, agent.id)


async def test_f4_shows_whose_orders_are_listed_and_nobody_where_nobody_is(
    store: Store, agent: ActorView
) -> None:
    for number, name in (("1", "李雪"), ("2", "刘勋")):
        who = customer(store, name=name, phone=f"154000{number}0482")
        for n in range(2):
            order(store, who, order_no=f"BT202611180000{number}{n}77")
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("f5")
        await driver.type("9999")
        await driver.press("f4")
        driver.shows("No hit is selected")
        await driver.press("f3")
        await driver.type("0482")
        await driver.press("enter")
        found = [one for one in driver.lines() if "..0482" in one or "****0482" in one]
        assert len(found) == 2
        picked = "李**" if "李**" in found[0] else "刘**"
        await driver.press("1", "down", "f4")
        assert desk.on(CustomerScreen)
        driver.shows(picked)
