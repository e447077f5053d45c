"""Help, menu, leaving and the key test."""

from pathlib import Path

import pytest
from sqlmodel import select

from bdesk import keys
from bdesk.data.store import Store
from bdesk.i18n import language, set_language
from bdesk.models.kinds import CaseKind, PersonState
from bdesk.models.tables import Staff
from bdesk.models.views.snapshot import ActorView
from bdesk.screens import first_run
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.first_run import FirstRunScreen
from bdesk.screens.help.screen import HelpScreen
from bdesk.screens.lookup.screen import LookupScreen
from bdesk.screens.menu import MenuModal
from bdesk.screens.queue.screen import QueueScreen
from bdesk.widgets.panel import Words
from tests.builders import customer, open_case, order
from tests.driver import driving
from tests.screens.desks import at_desk

SIZES = [(80, 24), (120, 40), (200, 60)]


def state_of(store: Store) -> PersonState:
    with store.read() as session:
        return PersonState(session.exec(select(Staff.state)).one())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_help_lists_every_key_of_the_screen(
    store: Store, agent: ActorView, size: tuple[int, int], lang: str
) -> None:
    set_language(lang)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f1")
        assert desk.on(HelpScreen)
        desk.driver.widths_ok()
        seen = set(desk.driver.lines())
        for _page in range(4):
            await desk.driver.press("pagedown")
            seen |= set(desk.driver.lines())
        text = "\n".join(seen)
        for key in keys.bindings(keys.Context.QUEUE):
            if not key.id.startswith("desk.choose_"):
                assert keys.shown(key.keys[0]) in text, key.id
        await desk.driver.press("escape")
        assert desk.on(QueueScreen)


async def test_help_on_a_case_gives_the_rule_and_where_it_is_written(store: Store, agent: ActorView) -> None:
    placed = order(store, customer(store))
    open_case(store, order_id=placed.id, owner=agent)
    async with at_desk(store, agent, size=(120, 40)) as desk:
        await desk.driver.press("enter")
        case = desk.screen
        assert isinstance(case, CaseScreen) and case.page is not None
        step = case.page.standing.walk.current
        assert step is not None
        await desk.driver.press("f1")
        desk.driver.shows(step.title.en, "Limits").widths_ok()
        help_screen = desk.screen
        assert isinstance(help_screen, HelpScreen)
        rows = help_screen.rows()
        book = desk.place.desk.book
        for id in step.step.realises:
            assert any(book.sources[id].en in str(row) for row in rows)


@pytest.mark.parametrize(
    ("digit", "state"),
    [
        ("1", PersonState.ONLINE),
        ("2", PersonState.BREAK),
        ("3", PersonState.AWAY),
        ("4", PersonState.AFTER_CALL),
    ],
)
async def test_my_state_by_digit(store: Store, agent: ActorView, digit: str, state: PersonState) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f10", digit)
        assert desk.on(QueueScreen)
    assert state_of(store) is state


async def test_function_keys_by_number_and_f8_by_name_only(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        driver = desk.driver
        await driver.press("colon", "5")
        line = driver.line_with("F8")
        assert "8 " not in line.split("F8")[0]
        await driver.press("8")
        assert desk.on(MenuModal)
        await driver.press("3")
        assert desk.on(LookupScreen)


@pytest.mark.parametrize("typed", ["find", "cz", "F3", "ｃｚ"])
async def test_the_menu_finds_by_name(store: Store, agent: ActorView, typed: str) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f10")
        await desk.driver.type(typed)
        desk.driver.widths_ok()
        await desk.driver.press("enter")
        assert desk.on(LookupScreen)


async def test_tk_finds_refunds(store: Store, agent: ActorView) -> None:
    placed = order(store, customer(store))
    open_case(store, order_id=placed.id, subject="first")
    open_case(store, order_id=placed.id, kind=CaseKind.UNFREEZE, subject="second")
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f10")
        await desk.driver.type("tk")
        await desk.driver.press("enter")
        desk.driver.shows("first").shows_not("second").widths_ok()


async def test_a_grey_line_says_why(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f10", "5", "6")
        assert desk.on(MenuModal)
        desk.driver.shows("No case is selected")


async def test_the_language_changes_at_once(store: Store, agent: ActorView) -> None:
    open_case(store, order_id=order(store, customer(store)).id, owner=agent)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("enter")
        desk.driver.shows("Case")
        await desk.driver.press("f10", "7")
        assert language() == "zh"
        desk.driver.shows("工单", "帮助").widths_ok()
        assert desk.on(CaseScreen)
        await desk.driver.press("f2")
        desk.driver.shows("队列", "退款").widths_ok()
    with store.read() as session:
        assert session.exec(select(Staff.language)).one() == "zh"


async def test_leaving_is_asked_for(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("ctrl+q")
        desk.driver.shows("Leave the desk?", "Nothing is unfinished").widths_ok()
        await desk.driver.press("2")
        assert desk.on(QueueScreen)
        await desk.driver.press("f10", "0")
        desk.driver.shows("Leave the desk?")
        await desk.driver.press("1")
        assert desk.driver.app._exit


async def test_nobody_leaves_during_a_call(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f5", "f2", "ctrl+q", "1")
        desk.driver.shows("You are on a call")
        assert not desk.driver.app._exit


@pytest.mark.parametrize("size", SIZES)
async def test_the_menu_fits(store: Store, agent: ActorView, size: tuple[int, int]) -> None:
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f10")
        desk.driver.shows("online", "Leave the desk").widths_ok()
        await desk.driver.press("5")
        desk.driver.shows("by name only").widths_ok()


async def test_the_key_test_ticks_what_comes(store: Store, agent: ActorView) -> None:
    assert first_run.needed()
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("f10")
        await desk.driver.type("ajcs")
        await desk.driver.press("enter")
        assert desk.on(FirstRunScreen)
        desk.driver.shows("Which keys").widths_ok()
        await desk.driver.press("f1", "f8", "ctrl+z")
        await desk.driver.type("１")
        desk.driver.shows("✓ F1 ", "✓ F8", "✓ Ctrl+Z", "✓ １", "Not yet: F2").widths_ok()
        await desk.driver.press("escape")
        assert desk.on(QueueScreen)
    assert not first_run.needed()


def test_the_keys_of_the_key_test_stand_in_columns() -> None:
    rows = [row for row in FirstRunScreen().rows() if isinstance(row, Words)]
    lines = ["".join(text for text, _role in row.pieces) for row in rows]
    upper, lower = (next(line for line in lines if key in line) for key in ("Space", "Ctrl+Z"))
    assert [lower.index(key) for key in ("Tab", "Left", "Right")] == [upper.index(key) for key in "10-"]


async def test_a_home_that_cannot_be_written_does_not_stop_the_key_test(own_home: Path) -> None:
    from textual.app import App

    marker = first_run.marker()
    marker.write_text("not json", encoding="utf-8")
    assert not first_run.needed()
    marker.unlink()
    marker.mkdir()

    class Alone(App[None]):
        def on_mount(self) -> None:
            self.push_screen(FirstRunScreen())

    async with driving(Alone(), painting=False) as driver:
        await driver.press("escape")
        assert not isinstance(driver.app.screen, FirstRunScreen)
