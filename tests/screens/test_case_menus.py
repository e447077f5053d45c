"""The menus of a case as tables: each row is reached by the key that the table says."""

import pytest

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import queue
from bdesk.screens.case.entries import Menu
from bdesk.screens.case.menus import ENQUIRY, PARK, RAISE
from bdesk.speech import speak_error
from tests.builders import context, customer, open_case, person
from tests.screens.desks import at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")


@pytest.mark.parametrize("menu", [PARK, RAISE, ENQUIRY], ids=lambda menu: menu.title)
def test_each_row_has_a_name_and_a_key_of_its_own(menu: Menu) -> None:
    codes = [entry.code for entry in menu.entries]
    assert len(set(codes)) == len(codes)
    digits = [menu.digit(code) for code in codes]
    assert digits == [str(n) for n in range(1, 10)][: len(codes)] + [
        f"0 {n}" for n in range(1, len(codes) - 8)
    ]


def test_a_row_that_is_not_there_has_no_key() -> None:
    with pytest.raises(KeyError):
        PARK.digit("progress")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("menu", [PARK, RAISE], ids=["park", "raise"])
async def test_every_row_stands_under_the_digit_the_table_names(
    store: Store, agent: ActorView, menu: Menu, language: str
) -> None:
    buyer = customer(store, name="王丽", phone="15400000037")
    open_case(store, customer_id=buyer, kind=CaseKind.APPEAL, channel=Channel.EMAIL, owner=agent)
    i18n.set_language(language)
    try:
        async with at_desk(store, agent, size=(80, 24)) as desk:
            await desk.driver.press("enter", menu.key.lower())
            for entry in menu.entries:
                *turns, digit = menu.digit(entry.code).split()
                await desk.driver.press(*turns)
                assert f" {digit} " in desk.driver.line_with(i18n._(entry.label)[:12])
                desk.driver.widths_ok()
                if turns:
                    await desk.driver.press("0")
    finally:
        i18n.set_language("en")


async def test_who_holds_a_case_gives_it_back(store: Store, agent: ActorView) -> None:
    buyer = customer(store, name="王丽", phone="15400000037")
    case_id = open_case(store, customer_id=buyer, kind=CaseKind.APPEAL, channel=Channel.EMAIL, owner=agent)
    other = person(store, "1002", name="陈佳")
    # Whoever is refused is told the key that the holder has for it.
    with pytest.raises(NotAllowed, match=r"case\.not_yours") as refused:
        queue.claim(context(store, other), case_id)
    assert RAISE.keys("give_back") in speak_error(refused.value)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("enter", "f7", RAISE.digit("give_back"))
        desk.driver.shows("Waiting 1").widths_ok()
        desk.driver.shows("back to the queue")  # what was done is said where one is then
        with store.read() as session:
            assert session.get_one(Case, case_id).owner_id is None
    async with at_desk(store, other, size=(80, 24)) as desk:
        await desk.driver.press("tab", "enter", "f7", RAISE.digit("give_back"))
        desk.driver.shows("Nobody has it")
