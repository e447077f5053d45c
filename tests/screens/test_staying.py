"""What must neither be lost nor jump: half-written notes, the case at hand, keys typed ahead of a screen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import cast

import pytest
from sqlmodel import select
from textual.app import ComposeResult
from textual.widget import Widget

from bdesk.app import DeskApp
from bdesk.data.book.book import load_book
from bdesk.data.drafts import Drafts
from bdesk.data.store import Store
from bdesk.desk import Desk
from bdesk.errors import StoreProblem
from bdesk.models.kinds import Channel, EvidenceKind, RefundReason
from bdesk.models.tables import CaseText
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import evidence
from bdesk.screens.call.screen import CallScreen
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.place import OpenCase, Place
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.restoring import restore_drafts
from bdesk.screens.sign_in import SignInScreen
from bdesk.settings import Settings
from bdesk.speech import speak_error
from bdesk.widgets.note_area import NoteArea
from tests.builders import clock_of, context, customer, open_case, order
from tests.driver import Driver, driving
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")


def a_case(store: Store) -> int:
    return open_case(store, order_id=order(store, customer(store)).id)


async def until(true: Callable[[], bool]) -> None:
    """Wait for something on the screen while the desk is not idle, and is not meant to be."""
    end = monotonic() + 10
    while not true():
        assert monotonic() < end, "it never came"
        await asyncio.sleep(0.01)


def notes(store: Store) -> list[tuple[str, bool]]:
    with store.read() as session:
        found = session.exec(select(CaseText).where(CaseText.kind == "note").order_by("id"))
        return [(text.body, text.voided) for text in found]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_undone_note_is_there_to_be_written_on(
    store: Store, agent: ActorView, size: tuple[int, int], tmp_path: Path
) -> None:
    a_case(store)
    drafts = tmp_path / "drafts.db"
    async with at_desk(store, agent, size=size, drafts=drafts) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户周五出差")
        await desk.driver.press("enter")
        await desk.driver.type("新的")
        await desk.driver.press("ctrl+z")
        assert isinstance(desk.screen.focused, NoteArea)
        assert desk.screen.focused.text == "客户周五出差\n新的"
    # It is a draft like any other: it outlives the desk.
    async with at_desk(store, agent, size=size, drafts=drafts) as desk:
        await desk.driver.press("enter", "f5", "enter")
    assert notes(store) == [("客户周五出差", True), ("客户周五出差\n新的", False)]


async def test_an_undone_note_waits_in_its_case_when_it_was_undone_elsewhere(
    store: Store, agent: ActorView
) -> None:
    a_case(store)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户周五出差")
        await desk.driver.press("enter", "f2", "ctrl+z", "grave_accent")
        assert desk.on(CaseScreen)
        desk.driver.shows("客户周五出差")


async def test_the_recall_strip_says_all_that_it_takes_back_and_how_much_that_is(
    store: Store, agent: ActorView
) -> None:
    case_id = open_case(
        store,
        order_id=order(store, customer(store, phone="15400000037")).id,
        channel=Channel.REFUND_FORM,
        reason=RefundReason.QUALITY,
        subject="开箱就坏",
        description="一打开就是坏的",
        received_at=clock_of(store).now() - timedelta(hours=3),
    )
    seen = context(store, agent)
    evidence.add_evidence(seen, case_id, EvidenceKind.PHOTO, "photo", "https://e.invalid/1", 900)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("f9", "1", "1", "1", "1", "f8")
        strip = desk.driver.line_with("Committed")
        assert "sent in" in strip and "Ctrl+Z" in strip and "together" not in strip
        # The timeline tells what was committed, not what is left to refund now.
        desk.driver.shows("Decide the refund: Refund ").shows_not("Refund 0.00")
        await desk.driver.press("1")
        strip = desk.driver.line_with("Committed")
        assert "2 together" in strip and "sent in" in strip and "Ctrl+Z" in strip
        desk.driver.widths_ok()


async def test_the_cursor_of_the_input_method_comes_back_with_the_screen(
    store: Store, agent: ActorView
) -> None:
    a_case(store)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户")
        area = desk.screen.focused
        assert isinstance(area, NoteArea)
        await desk.driver.press("f3")
        await desk.driver.type("7741")
        assert desk.driver.app.cursor_position != area.cursor_screen_offset
        await desk.driver.press("escape")
        assert desk.driver.app.cursor_position == area.cursor_screen_offset


async def test_a_half_written_note_keeps_its_cursor_when_the_terminal_is_resized(
    store: Store, agent: ActorView
) -> None:
    a_case(store)
    async with at_desk(store, agent, size=(120, 40)) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户周五")
        for size in ((60, 15), (80, 24), (120, 40)):
            await desk.driver.resize(*size)
            await desk.driver.type("出")
        await desk.driver.press("enter")
    assert notes(store) == [("客户周五出出出", False)]


def test_what_comes_back_after_a_crash_does_not_take_the_case_at_hand(
    store: Store, agent: ActorView, tmp_path: Path
) -> None:
    with Drafts(store.info.store_id, agent.number, tmp_path / "drafts.db") as drafts:
        place = Place(Desk(store, load_book(), agent, drafts), Settings())
        try:
            drafts.save("case:7", "note", "half")
            restore_drafts(place)
            assert (place.current, [one.case_id for one in place.open_cases]) == (7, [7])
            place.open(OpenCase(8, "KF8", "", ""))
            drafts.save("case:9", "note", "half")
            restore_drafts(place)
            assert (place.current, [one.case_id for one in place.open_cases]) == (8, [7, 8, 9])
        finally:
            place.desk.close()


async def test_a_case_that_takes_its_time_says_its_number_and_that_it_is_read(
    store: Store, agent: ActorView
) -> None:
    a_case(store)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        gate = Event()
        desk.place.desk._reader.submit(gate.wait)
        try:
            desk.driver._send("f9")
            await until(lambda: desk.on(CaseScreen) and "KF" in desk.driver.screen_text())
            await until(lambda: "Reading KF" in desk.driver.screen_text())
        finally:
            gate.set()
        await desk.driver.idle()
        desk.driver.shows("All of it, or part?").shows_not("Reading").widths_ok()


async def test_a_case_that_comes_at_once_does_not_flicker(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("bdesk.screens.case.view.SLOW_SECONDS", 60.0)
    monkeypatch.setattr(CaseScreen, "_say_reading", lambda _screen: said.append("reading"))
    a_case(store)
    async with at_desk(store, agent) as desk:
        await desk.driver.press("f9")
        desk.driver.shows("All of it, or part?")
    assert said == []


class Slow(Widget):
    """A part of the queue that takes its time to come."""

    gate: asyncio.Event

    async def on_mount(self) -> None:
        await self.gate.wait()


@asynccontextmanager
async def coming_in(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Driver, AtDesk]]:
    """Somebody has signed in, and their queue is still being put together."""
    whole = QueueScreen.compose_body
    Slow.gate = asyncio.Event()

    def compose_body(screen: QueueScreen) -> ComposeResult:
        yield Slow()
        yield from whole(screen)

    with Drafts(store.info.store_id, agent.number) as drafts:
        place = Place(Desk(store, load_book(), agent, drafts), Settings())
        app = DeskApp(lambda _app: SignInScreen(store, lambda _who: None))
        try:
            async with driving(app, painting=False) as driver:
                monkeypatch.setattr(QueueScreen, "compose_body", compose_body)
                app.enter(place)
                await until(lambda: isinstance(app.screen, QueueScreen))
                yield driver, AtDesk(driver, place)
                Slow.gate.set()
        finally:
            place.desk.close()


async def test_what_is_read_and_refused_while_the_queue_is_put_together_is_said_when_it_is_there(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = StoreProblem("store.busy")
    async with coming_in(store, agent, monkeypatch) as (driver, desk):
        app = cast(DeskApp, driver.app)
        # At once, before it has a single part, and again when it has some of them.
        desk.screen.say_refusal(refused)
        desk.screen.frame()
        await until(lambda: bool(app.screen.query(Slow)))
        desk.screen.say_refusal(refused)
        await app.refresh_windows()
        app.published()
        Slow.gate.set()
        await driver.idle()
        driver.shows(speak_error(refused)[:30]).widths_ok()


async def test_keys_typed_before_the_queue_is_there_wait_for_it(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with coming_in(store, agent, monkeypatch) as (driver, desk):
        driver._send("f5")
        await until(lambda: bool(driver.app.screen.query(Slow)))
        Slow.gate.set()
        await driver.idle()
        assert desk.on(CallScreen)


async def test_backtick_goes_back_to_the_case_that_was_left_also_after_a_crash(
    store: Store, agent: ActorView, tmp_path: Path
) -> None:
    drafts = tmp_path / "drafts.db"
    async with at_desk(store, agent, drafts=drafts) as desk:
        await desk.driver.press("grave_accent")
        desk.driver.shows("No case is open here")
    a_case(store)
    async with at_desk(store, agent, drafts=drafts) as desk:
        await desk.driver.press("f9", "f5")
        await desk.driver.type("客户周五")
    for key in ("grave_accent", "-", "="):
        async with at_desk(store, agent, drafts=drafts) as desk:
            await desk.driver.press(key)
            assert desk.on(CaseScreen)
            desk.driver.shows("客户周五")


async def test_a_case_screen_is_ticked_framed_and_gone_to_before_its_parts_are_there_and_after(
    store: Store, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = a_case(store)
    come = asyncio.Event()
    mount = CaseScreen.mount_composed_widgets

    async def late(screen: CaseScreen, widgets: list[Widget]) -> None:
        await come.wait()
        await mount(screen, widgets)

    monkeypatch.setattr(CaseScreen, "mount_composed_widgets", late)
    async with at_desk(store, agent) as desk:
        app = cast(DeskApp, desk.driver.app)
        desk.place.open(OpenCase(case_id, "", "", "", None))
        desk.place.go_to(case_id)
        app.show_case()
        await until(lambda: isinstance(app.screen, CaseScreen))
        screen = cast(CaseScreen, app.screen)
        assert not screen.query("#header")
        screen.frame()
        screen.second(desk.place.now())
        screen.toast("words", "hint")
        screen.refresh_now()
        app.show_case()
        going = asyncio.ensure_future(screen.go_to_current())
        await asyncio.sleep(0)
        come.set()
        await going
        await desk.driver.idle()
        assert screen.page is not None
        desk.driver.shows(screen.page.standing.snapshot.case.case_no)
        await desk.driver.press("f2")
        assert not screen.is_running
        screen.frame()
        screen.second(desk.place.now())
        await screen.read_again()
        await screen.go_to_current()
