"""A desk that nobody touches locks; what was half done there is there again, and no call is ever cut off."""

from pathlib import Path
from typing import cast

import pytest

from bdesk.app import DeskApp
from bdesk.data.store import Store
from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff import passwords, people
from bdesk.screens import idling
from bdesk.screens.call.screen import CallScreen
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.idle import IdleScreen
from bdesk.screens.locked import LockedScreen
from bdesk.screens.menu import MenuModal
from bdesk.settings import Settings
from bdesk.widgets.note_area import NoteArea
from tests.builders import context, customer, make_store, open_case, order, person
from tests.screens.desks import AtDesk, at_desk

RIGHT = "right-password"

pytestmark = pytest.mark.usefixtures("patient_hand")


@pytest.fixture
def agent(store: Store) -> ActorView:
    with store.write("test") as unit:
        one = people.NewPerson("1001", "林晓", Role.AGENT, RIGHT)
        people.add_person(unit, one, passwords.hash_password(RIGHT))
        unit.commit()
    return people.find_actor(store, "1001")


class Hands:
    """The clock that counts how long nobody touched the desk."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at

    async def away(self, desk: AtDesk, minutes: float) -> None:
        """Nobody touches it for so long; then a second passes."""
        self.at += minutes * 60
        await cast(DeskApp, desk.driver.app)._tick()
        await desk.driver.idle()


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    made = Hands()
    monkeypatch.setattr(idling, "seconds", made)
    return made


def a_case(store: Store) -> int:
    return open_case(store, order_id=order(store, customer(store)).id)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_locks_hides_everything_and_comes_back_as_it_was(
    store: Store, agent: ActorView, hands: Hands, size: tuple[int, int]
) -> None:
    a_case(store)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户周五出差")
        shown = desk.driver.screen_text()
        await hands.away(desk, 9.9)
        assert desk.on(CaseScreen)
        await hands.away(desk, 0.2)
        assert desk.on(IdleScreen)
        desk.driver.shows("The desk is locked").shows_not("客户周五出差", "KF2").widths_ok()
        # Nothing below is reached, whatever is pressed.
        await desk.driver.press("f2", "f9", "f8", "f10", "escape", "ctrl+z", "1", "grave_accent", "tab")
        assert desk.on(IdleScreen)
        desk.driver.shows_not("KF2")
        desk.driver.app.screen.query_one("#password").put("")  # type: ignore[attr-defined]
        await desk.driver.type("wrong-password")
        await desk.driver.press("enter")
        desk.driver.shows("The password is wrong").shows_not("wrong-password")
        await desk.driver.type("密码")
        await desk.driver.press("enter")
        desk.driver.shows("The input method is on")
        desk.driver.app.screen.query_one("#password").put("")  # type: ignore[attr-defined]
        await desk.driver.type(RIGHT)
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
        assert isinstance(desk.screen.focused, NoteArea)
        assert desk.screen.focused.text == "客户周五出差"
        assert desk.driver.screen_text() == shown
        await hands.away(desk, 9.9)
        assert desk.on(CaseScreen)


async def test_every_key_click_and_paste_counts_and_the_settings_say_how_long(
    store: Store, agent: ActorView, hands: Hands
) -> None:
    async with at_desk(store, agent, settings=Settings(lock_minutes=3)) as desk:
        for touch in (
            lambda: desk.driver.press("f3", "escape"),
            lambda: desk.driver.paste("x"),
            lambda: desk.driver.pilot.click(offset=(1, 1)),
        ):
            await hands.away(desk, 2.9)
            await touch()
        await hands.away(desk, 2.9)
        assert not desk.on(IdleScreen)
        await hands.away(desk, 0.2)
        assert desk.on(IdleScreen)


async def test_a_call_is_never_cut_off_and_the_count_begins_when_it_ends(
    store: Store, agent: ActorView, hands: Hands
) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5")
        assert desk.on(CallScreen) and desk.place.call is not None
        await hands.away(desk, 45)
        assert desk.on(CallScreen)
        await desk.driver.press("f5")
        if desk.place.call is not None:
            desk.place.call = None  # closing asks what it was about; that is not what is looked at here
        await hands.away(desk, 9.9)
        assert not desk.on(IdleScreen)
        await hands.away(desk, 0.2)
        assert desk.on(IdleScreen)


async def test_it_stands_over_questions_and_nothing_takes_it_away(
    store: Store, agent: ActorView, hands: Hands
) -> None:
    a_case(store)
    async with at_desk(store, agent) as desk:
        app = cast(DeskApp, desk.driver.app)
        await desk.driver.press("f9", "f10")
        assert desk.on(MenuModal)
        await hands.away(desk, 11)
        assert desk.on(IdleScreen)
        app.show_queue()
        app.show_case()
        app.published()
        app.lock_now()
        await desk.driver.idle()
        assert desk.on(IdleScreen)
        assert sum(isinstance(one, IdleScreen) for one in app.screen_stack) == 1
        await desk.driver.type(RIGHT)
        await desk.driver.press("enter")
        assert desk.on(MenuModal)


async def test_somebody_disabled_while_their_desk_is_locked_does_not_come_back(
    store: Store, agent: ActorView, hands: Hands
) -> None:
    admin = context(store, person(store, "9001", Role.ADMIN))
    async with at_desk(store, agent) as desk:
        await hands.away(desk, 11)
        people.change_staff(admin, "1001", active=False)
        await desk.driver.type(RIGHT)
        await desk.driver.press("enter")
        assert not desk.on(LockedScreen) or desk.place.desk.locked
        desk.driver.shows_not("Queue")


async def test_the_leaving_question_locks_too(store: Store, agent: ActorView, hands: Hands) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("ctrl+q", "3")
        assert desk.on(IdleScreen)
        await desk.driver.press("ctrl+q")
        assert desk.driver.app._exit


async def test_a_training_store_has_nothing_to_lock_with(tmp_path: Path, hands: Hands) -> None:
    with make_store(tmp_path, training=True, name="t.db") as store:
        async with at_desk(store, person(store, "1001")) as desk:
            await hands.away(desk, 600)
            assert not desk.on(IdleScreen)
            await desk.driver.press("ctrl+q")
            desk.driver.shows_not("Lock the desk")


def test_a_machine_that_slept_counts_its_sleep() -> None:
    import time

    if hasattr(time, "CLOCK_BOOTTIME"):
        assert idling._CLOCK == time.CLOCK_BOOTTIME
    assert idling.seconds() <= idling.seconds()
