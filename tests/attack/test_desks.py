"""An open desk: whose limits it shows, and what becomes of it when its person is disabled."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from bdesk.app import DeskApp
from bdesk.data.drafts import Drafts
from bdesk.data.store import Store, open_store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.operations import people
from bdesk.operations.looking.queue import first_page
from bdesk.screens.locked import LockedScreen
from tests.attack.test_limits import GENEROUS, own_limits
from tests.builders import Placed, clock_of, context, make_store, person
from tests.operations.desk import Desk
from tests.screens.desks import AtDesk, at_desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of one's own: what notices others' commits does not outlive a file that is begun again."""
    with make_store(tmp_path) as made:
        yield made


async def test_a_desk_with_limits_of_its_own_says_whose_count(
    store: Store, desk: Desk, own_home: Path, tmp_path: Path
) -> None:
    own_limits(own_home, GENEROUS)
    async with at_desk(store, desk.ctx.actor, drafts=tmp_path / "drafts") as at:
        app = cast(DeskApp, at.driver.app)
        await at.driver.run(lambda: app.run_worker(app.sat_down()))
        await at.driver.idle()
        at.driver.shows("The limits on this machine are not the store's")


async def round_done(at: AtDesk) -> None:
    """What the desk does once a second, now: the round that the clock began may still be under way."""
    errands = cast(DeskApp, at.driver.app)._errands
    while errands._running:
        await at.driver.idle()
    await errands.round(at.place)
    await at.driver.idle()


def disable(store: Store, number: str) -> people.StaffChange:
    """Somebody else's program disables a number."""
    with open_store(store.url, clock=clock_of(store)) as other:
        return people.change_staff(context(other, people.find_actor(other, "9001")), number, active=False)


async def test_an_open_desk_locks_and_loses_nothing_typed(
    store: Store, desk: Desk, placed: Placed, tmp_path: Path
) -> None:
    person(store, "9001", Role.ADMIN)
    case_id = desk.to_decision(desk.opened(placed))
    async with at_desk(store, desk.ctx.actor, drafts=tmp_path / "drafts.db") as at:
        app = cast(DeskApp, at.driver.app)
        await at.driver.idle()
        await at.driver.press("enter")
        await at.driver.press("2")
        await at.driver.type("12.50")
        await app._errands.round(at.place)
        assert not at.place.desk.locked
        assert disable(store, "1001").released == (desk.case(case_id).case_no,)
        await round_done(at)
        assert at.on(LockedScreen)
        at.driver.shows("The number 1001 was disabled. This desk is locked; what you typed is kept.")
        at.driver.shows_not(placed.order_no[-4:], desk.case(case_id).case_no).widths_ok()
        for key in ("f9", "escape", "f8", "f3", "1", "enter"):
            await at.driver.press(key)
        assert at.on(LockedScreen)
        with pytest.raises(NotAllowed, match=r"staff\.locked"):
            await at.place.desk.read(first_page)
        with pytest.raises(NotAllowed, match=r"staff\.locked"):
            await at.place.desk.do(people.set_language, "en")
    kept = Drafts(store.info.store_id, "1001", tmp_path / "drafts.db")
    assert "12.50" in str(kept.load(f"case:{case_id}"))
    kept.close()


async def test_a_desk_that_opened_in_the_same_moment_locks_too(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    person(store, "9001", Role.ADMIN)
    disable(store, "1001")
    async with at_desk(store, desk.ctx.actor, drafts=tmp_path / "drafts.db") as at:
        await round_done(at)
        assert at.on(LockedScreen)
        await at.driver.press("ctrl+q")
        assert at.driver.app._exit
