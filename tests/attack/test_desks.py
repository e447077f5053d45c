"""An open desk: whose limits it shows, and what becomes of it when its person is disabled."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from bdesk.app import DeskApp
from bdesk.data.book.book import load_book
from bdesk.data.drafts import Drafts
from bdesk.data.store import Store, open_store
from bdesk.data.verify import verify
from bdesk.errors import NotAllowed
from bdesk.models.kinds import PersonState, Role
from bdesk.models.tables import Staff
from bdesk.operations import notes
from bdesk.operations.looking.queue import first_page
from bdesk.operations.staff import people, standing_in
from bdesk.screens.locked import LockedScreen
from tests.attack.test_limits import GENEROUS, own_limits
from tests.builders import Placed, clock_of, context, make_store, person
from tests.operations.desk import Desk, must_add_up
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


def sign_out(store: Store, number: str) -> int:
    """Somebody else's program signs a number out everywhere."""
    with open_store(store.url, clock=clock_of(store)) as other:
        return people.sign_out(context(other, people.find_actor(other, "9001")), number)


async def test_signing_somebody_out_ends_their_open_desk(
    store: Store, desk: Desk, placed: Placed, tmp_path: Path
) -> None:
    person(store, "9001", Role.ADMIN)
    case_id = desk.opened(placed)
    actor = people.find_actor(store, "1001")
    async with at_desk(store, actor, drafts=tmp_path / "drafts.db") as at:
        app = cast(DeskApp, at.driver.app)
        await app._errands.round(at.place)
        notes.add_note(at.place.desk.ctx, case_id, "便签")
        sign_out(store, "1001")
        # Before the desk has looked: the store writes nothing more for it.
        with pytest.raises(NotAllowed, match=r"staff\.signed_out"):
            await at.place.desk.do(notes.add_note, case_id, "又一条")
        await round_done(at)
        assert at.on(LockedScreen)
        at.driver.shows("1001 was signed out everywhere.").widths_ok()
        with pytest.raises(NotAllowed, match=r"staff\.signed_out"):
            await at.place.desk.read(first_page)
    assert len(desk.events(case_id, "note.added")) == 1
    with store.read() as session:
        assert session.get_one(Staff, actor.id).state is PersonState.OFFLINE


def test_who_signs_in_again_works_on_and_others_never_stopped(
    store: Store, desk: Desk, chief: Desk, placed: Placed
) -> None:
    admin = Desk(store, person(store, "9001", Role.ADMIN))
    case_id = desk.opened(placed)
    people.change_staff(admin.ctx, "1001", password="correct horse")
    people.sign_in(store, "1001", "correct horse")
    people.find_actor(store, "2001")
    people.sign_out(admin.ctx, "1001")
    with pytest.raises(NotAllowed, match=r"staff\.signed_out"):
        notes.add_note(desk.ctx, case_id, "便签")
    notes.add_note(chief.ctx, case_id, "便签")
    people.sign_in(store, "1001", "correct horse")
    notes.add_note(desk.ctx, case_id, "便签")
    must_add_up(store)


def test_a_count_that_was_set_back_is_found(store: Store, desk: Desk) -> None:
    admin = Desk(store, person(store, "9001", Role.ADMIN))
    people.sign_out(admin.ctx, "1001")
    must_add_up(store)
    with store.write() as unit:
        unit.session.get_one(Staff, desk.ctx.actor.id).signed_out = 0
        unit.commit()
    found = verify(store, load_book()).first_fault
    assert found is not None and found.code == "staff.differs"


async def test_an_open_desk_takes_on_a_stand_in_and_gives_it_back_at_midnight(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    """The header says it; nothing has to be opened anew, by whoever names it or by the clock."""
    admin = Desk(store, person(store, "9001", Role.ADMIN))
    actor = people.find_actor(store, "1001")
    async with at_desk(store, actor, size=(80, 24), drafts=tmp_path / "drafts.db") as at:
        app = cast(DeskApp, at.driver.app)
        await app._errands.round(at.place)
        at.driver.shows_not("as supervisor")
        with open_store(store.url, clock=clock_of(store)) as other:
            day = date(2026, 11, 18)
            ctx = context(other, people.find_actor(other, "9001"))
            made = standing_in.name(ctx, "1001", Role.SUPERVISOR, day, day)
        await round_done(at)
        assert at.place.desk.actor.role is Role.SUPERVISOR
        at.driver.shows("林晓, as supervisor").widths_ok()
        desk.later(hours=14)
        await round_done(at)
        assert at.place.desk.actor.role.value == "agent"
        at.driver.shows_not("as supervisor")
    with pytest.raises(NotAllowed, match=r"stand_in\.over"):
        standing_in.end(admin.ctx, made)
