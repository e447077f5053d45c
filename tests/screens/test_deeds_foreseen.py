"""Another priority or kind, from the board, the case and the queue: what it does to clocks is read first."""

from datetime import timedelta
from typing import Any

import pytest

from bdesk.data.journal import events
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Role, Stream
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.raising import raise_case
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.modals.ask import AskModal
from tests.builders import T0, context, customer, open_case, order, person
from tests.screens.desks import AtDesk, at_desk

TO_RAISED = ("f10", "enter", "tab")


@pytest.fixture
def chief(store: Store) -> ActorView:
    return person(store, "2001", Role.SUPERVISOR)


def held(store: Store, agent: ActorView, **values: Any) -> int:
    placed = order(store, customer(store))
    return open_case(
        store,
        order_id=placed.id,
        owner=agent,
        kind=CaseKind.CONSULTATION,
        received_at=T0 - timedelta(hours=5),
        **values,
    )


def stands(store: Store, case_id: int) -> tuple[int, CaseKind]:
    with store.read() as session:
        found = session.get_one(Case, case_id)
        return found.priority, found.kind


def newest(store: Store, case_id: int) -> str:
    with store.read() as session:
        return events(session, Stream.CASE, case_id)[-1].kind


def press_digit_of(desk: AtDesk, words: str) -> str:
    return next(one for one in desk.driver.line_with(words) if one.isdigit())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_supervisor_changes_the_priority_from_the_board(
    store: Store, chief: ActorView, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    case_id = held(store, agent)
    raise_case(context(store, agent), case_id, "supervisor", "客户很急")
    async with at_desk(store, chief, size=size) as desk:
        await desk.driver.press(*TO_RAISED, "f7")
        words = {"zh": "改优先级", "en": "Another priority"}[language]
        desk.driver.shows(words).widths_ok()
        digit = press_digit_of(desk, words)
        await desk.driver.press(digit)
        desk.driver.shows({"zh": "现在就是这一级", "en": "It has this one"}[language]).widths_ok()
        await desk.driver.press("3")
        assert isinstance(desk.driver.app.screen, AskModal)
        await desk.driver.press("escape")
        before = store.newest_event()
        desk.driver.forget_keys()
        await desk.driver.press("f7", digit, "1")
        # Due times as they are and as they would be; nothing is done yet.
        desk.driver.shows(" > ").widths_ok()
        assert stands(store, case_id)[0] == 3
        assert store.newest_event() == before
        await desk.driver.type("媒体在问")
        await desk.driver.press("enter")
        assert desk.driver.keys == 4, "the ceiling, beside the words"
    assert stands(store, case_id)[0] == 1


async def test_a_kind_is_foreseen_too(store: Store, chief: ActorView, agent: ActorView) -> None:
    case_id = held(store, agent)
    raise_case(context(store, agent), case_id, "supervisor", "客户很急")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_RAISED, "f7", "6", "1")
        desk.driver.shows("refund", " > none").widths_ok()
        told = [line.split(">") for line in desk.driver.screen_text().splitlines() if " > " in line]
        assert any(line[0].rstrip().endswith("none") for line in told), "clocks that only the new kind has"
        await desk.driver.press("escape")
        assert stands(store, case_id)[1] is CaseKind.CONSULTATION
        await desk.driver.press("f7", "6", "1")
        await desk.driver.type("要退款")
        await desk.driver.press("enter")
    assert stands(store, case_id)[1] is CaseKind.REFUND


async def test_typed_faster_than_the_desk_looks(store: Store, chief: ActorView, agent: ActorView) -> None:
    case_id = held(store, agent)
    raise_case(context(store, agent), case_id, "supervisor", "客户很急")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_RAISED)
        await desk.driver.burst("f7", "9", "1", "x", "y", "z", "enter")
    assert stands(store, case_id)[0] == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_f7_on_a_row_of_the_queue_is_f7_on_its_case(
    store: Store, agent: ActorView, size: tuple[int, int]
) -> None:
    case_id = held(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f7")
        desk.driver.shows("Raise or hand over").widths_ok()
        await desk.driver.press("5", "1")
        desk.driver.shows(" > ").widths_ok()
        await desk.driver.type("老人急用")
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
    assert stands(store, case_id)[0] == 1


async def test_f6_on_a_row_of_the_queue_is_f6_on_its_case(store: Store, agent: ActorView) -> None:
    case_id = held(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("f6", "3")
        assert desk.driver.keys == 2, "put aside 2K"
    assert newest(store, case_id) == "case.put_aside"
