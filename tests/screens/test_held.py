"""What one person of the team holds, on the supervisor's board: found, handed on, told together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.data.journal import events
from bdesk.data.store import Store
from bdesk.models.kinds import Role, Stream
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.looking import supervision
from bdesk.operations.staff.people import find_actor
from bdesk.screens.queue.screen import QueueScreen
from tests.builders import context, customer, make_store, open_case, person
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, rows

TO_TEAM = ("f10", "enter", "tab", "tab", "tab")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        person(made, "2001", Role.SUPERVISOR, name="周岚", group="supervisors")
        mate, other = person(made, "1001", name="林晓"), person(made, "1002", name="陈佳")
        for number, owner in enumerate((mate, mate, other, None)):
            open_case(made, customer_id=customer(made), owner=owner, subject=f"事项{number}")
        yield made


@pytest.fixture
def chief(store: Store) -> ActorView:
    return find_actor(store, "2001")


def test_only_what_is_asked_for_is_read(store: Store, chief: ActorView) -> None:
    ctx = context(store, chief)
    assert supervision.board(ctx).held == ()
    held = supervision.board(ctx, "1001").held
    assert [one.row.summary for one in held] == ["事项0", "事项1"]
    assert supervision.board(ctx, "4711").held == ()
    senior = person(store, "1500", Role.SENIOR, group="south")
    assert supervision.board(context(store, senior), "1001").held == (), "nobody of that group"


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_case_is_handed_on_from_there(store: Store, chief: ActorView, size: tuple[int, int]) -> None:
    async with at_desk(store, chief, size=size) as desk:
        seat = Seat(desk)
        await seat.press(*TO_TEAM, "1", "enter")
        desk.driver.shows("事项0", "事项1").shows_not("事项2", "事项3")
        await seat.press("f7", "4")
        seat.sees("陈佳", "陈佳")
        await seat.press("=1002", "enter", "=小休，请接手", "enter")
        desk.driver.shows_not("事项0")
        desk.driver.shows("事项1")
        await seat.press("escape")
        seat.sees("紧急", "Urgent")
        await seat.press("escape")
        assert desk.on(QueueScreen)
    (moved,) = rows(store, Case, subject="事项0")
    assert moved.owner_id != rows(store, Case, subject="事项1")[0].owner_id is not None


async def test_several_are_told_at_once(store: Store, chief: ActorView) -> None:
    async with at_desk(store, chief, size=(80, 24)) as desk:
        seat = Seat(desk)
        await seat.press(*TO_TEAM, "1", "enter", "space", "down", "space", "f5", "=仓库停电", "enter")
        desk.driver.shows("2")
    with store.read() as session:
        told = [
            event
            for case in rows(store, Case)
            for event in events(session, Stream.CASE, case.id or 0)
            if event.kind == "note.added"
        ]
    assert len(told) == 2
