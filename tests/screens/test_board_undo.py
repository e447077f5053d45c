"""Ctrl+Z on the board takes back what was done there last; the keys that a field has are told under it."""

import pytest

from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from tests.builders import person
from tests.screens.desks import AtDesk, at_desk
from tests.screens.test_supervisor import (
    TO_BOARD,
    agent,
    board,
    case_row,
    chief,
    language,
    made,
    requested,
    said,
    store,
    urgent_case,
)

__all__ = ["agent", "chief", "language", "made", "store"]


async def give_away(desk: AtDesk, number: str) -> None:
    driver = desk.driver
    await driver.press("f7", "4")
    await driver.type(number)
    await driver.press("enter")
    driver.shows("Enter  Esc")
    await driver.type("换人")
    await driver.press("enter")


async def test_a_case_given_to_the_wrong_person_is_taken_back_by_one_key(
    store: Store, chief: ActorView, agent: ActorView
) -> None:
    case_id, beside = urgent_case(store, 10, owner=agent), urgent_case(store, 20, owner=agent)
    other = person(store, "1002", name="陈佳", group="east")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "down", "enter")
        assert desk.place.current == beside
        await desk.driver.press("f2", *TO_BOARD, "up")
        desk.driver.shows("Ctrl+Z undo").widths_ok()
        await give_away(desk, "1002")
        assert case_row(store, case_id).owner_id == other.id
        await desk.driver.press("ctrl+z")
        assert case_row(store, case_id).owner_id == agent.id
        await desk.driver.press("ctrl+z")
        desk.driver.shows("nothing to undo")
        assert case_row(store, case_id).owner_id == agent.id


async def test_a_field_of_the_board_tells_its_own_keys(store: Store, chief: ActorView, language: str) -> None:
    requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "3")
        desk.driver.shows(said("Enter 回到列表", "Enter back to the list")).shows_not("Space")
        await desk.driver.press("escape")
        desk.driver.shows("Space")
        await desk.driver.press("f5")
        desk.driver.shows(said("Enter 存便签", "Enter keep the note")).widths_ok()
        await desk.driver.press("escape", "f3", "f3")
        desk.driver.shows(said("Enter 只看相关", "Enter filter this list")).widths_ok()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_filtering_takes_no_cell_from_the_list(
    store: Store, chief: ActorView, agent: ActorView, size: tuple[int, int]
) -> None:
    urgent_case(store, 10, owner=agent)
    async with at_desk(store, chief, size=size) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab")
        cells = board(desk).list.size.width
        await desk.driver.press("f3", "f3")
        assert board(desk).list.size.width == cells
        desk.driver.widths_ok()


async def test_what_is_typed_ahead_meets_the_rows_of_the_board(store: Store, chief: ActorView) -> None:
    requested(store)
    second = requested(store, "马超")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.burst(*TO_BOARD, "down", "3")
        assert board(desk).list.selected_id == second
        desk.driver.shows("Back with a question", "马**")
