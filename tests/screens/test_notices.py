"""An announcement reaches a desk that is open: one line under the header, whole in the menu."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest

from bdesk.app import DeskApp
from bdesk.clock import LOCAL
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context
from bdesk.operations.staff import announcing
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.modals.notices import NoticesModal
from bdesk.screens.queue.screen import QueueScreen
from tests.builders import clock_of, context, customer, open_case, order, person
from tests.operations.desk import Desk
from tests.screens.desks import AtDesk, at_desk

LONG = "华东仓停电，今天十八点以后的订单明天才发；请不要承诺今天发货，明天十二点前给准确时间，已打电话确认"


@pytest.fixture
def chief(store: Store) -> Iterator[Context]:
    """At another desk: what is written here is no news to this one."""
    actor = person(store, "2001", Role.SUPERVISOR, name="韩冬")
    with open_store(store.url, clock=clock_of(store)) as theirs:
        yield context(theirs, actor)


def announce(ctx: Context, words: str, days: int = 0) -> int:
    today = ctx.now().astimezone(LOCAL).date()
    return announcing.announce(ctx, words, today + timedelta(days=days))


async def a_second(desk: AtDesk) -> None:
    errands = cast(DeskApp, desk.driver.app)._errands
    while errands._running:
        # The desk's own round may have looked already: another one begins after it.
        await asyncio.sleep(0.01)
    await errands.round(desk.place)
    await desk.driver.idle()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_reaches_an_open_desk_in_one_line_and_the_menu_shows_it_whole(
    store: Store, agent: ActorView, chief: Context, size: tuple[int, int], language: str
) -> None:
    open_case(store, order_id=order(store, customer(store)).id, owner=agent)
    async with at_desk(store, agent, size=size) as desk:
        await a_second(desk)
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
        before = desk.driver.screen_text()
        announce(chief, LONG)
        await a_second(desk)
        word = {"zh": "公告", "en": "Announcement"}[language]
        desk.driver.shows(word, LONG[:12]).widths_ok()
        strip = desk.driver.line_with(LONG[:12])
        assert "F10" in strip and "Esc" in strip
        assert LONG in strip or ".." in strip
        # Nothing else is covered: every answer stands as before, a line lower.
        for line in before.splitlines()[1:]:
            if line.strip()[:2] in ("1 ", "2 ", "3 ") or line.startswith("F1"):
                assert line.strip() in desk.driver.screen_text()
        await desk.driver.press("f10", "enter")
        assert isinstance(desk.driver.app.screen, NoticesModal)
        desk.driver.shows(
            LONG[:12], LONG[-6:], {"zh": "至 11/18 止", "en": "until the end of 11/18"}[language]
        ).widths_ok()
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
        assert desk.driver.screen_text() == before


async def test_esc_has_seen_it_and_the_next_one_comes(store: Store, agent: ActorView, chief: Context) -> None:
    announce(chief, "盘点")
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await a_second(desk)
        announce(chief, "系统升级")
        await a_second(desk)
        desk.driver.shows("2 announcements", "系统升级").shows_not("盘点").widths_ok()
        await desk.driver.press("escape")
        desk.driver.shows("盘点").shows_not("系统升级")
        await desk.driver.press("escape")
        desk.driver.shows_not("盘点", "系统升级")
        assert desk.on(QueueScreen)
        await desk.driver.press("f10")
        desk.driver.shows("2, 0 unread").widths_ok()


async def test_esc_answers_the_pending_strip_before_what_is_only_told(
    store: Store, agent: ActorView, chief: Context
) -> None:
    case_id = Desk(store, agent).to_decision(Desk(store, agent).opened(order(store, customer(store))))
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("enter", "1")
        assert desk.place.current == case_id
        desk.driver.shows("Pending")
        announce(chief, "盘点")
        await a_second(desk)
        # Esc is offered once: by what it drops.
        assert "F10" in desk.driver.line_with("盘点") and "Esc" not in desk.driver.line_with("盘点")
        await desk.driver.press("escape")
        desk.driver.shows_not("Pending")
        assert "Esc" in desk.driver.line_with("盘点")
        await desk.driver.press("escape")
        desk.driver.shows_not("盘点")
        assert desk.on(CaseScreen)


async def test_what_is_ended_or_over_is_shown_no_more(store: Store, agent: ActorView, chief: Context) -> None:
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await a_second(desk)
        number = announce(chief, "盘点")
        announce(chief, "系统升级", 1)
        await a_second(desk)
        announcing.end(chief, number)
        await a_second(desk)
        desk.driver.shows("系统升级").shows_not("盘点", "2 announcements")
        clock_of(store).move(timedelta(days=2))
        cast(DeskApp, desk.driver.app)._errands._next["announced"] = 0.0
        await a_second(desk)
        desk.driver.shows_not("系统升级")
        await desk.driver.press("f10")
        desk.driver.shows_not("Announcements")


async def test_a_ringing_call_and_an_urgent_case_go_first(
    store: Store, agent: ActorView, chief: Context
) -> None:
    from bdesk.operations.looking.queue import Ringing

    async with at_desk(store, agent, size=(80, 24)) as desk:
        announce(chief, "盘点")
        await a_second(desk)
        desk.driver.shows("盘点")
        desk.place.ringing = Ringing(1, "138****6621", desk.place.now())
        await desk.driver.run(desk.screen.frame)
        desk.driver.shows("138****6621").shows_not("盘点")
        # Esc is not for what does not show.
        await desk.driver.press("escape")
        desk.place.ringing = None
        await desk.driver.run(desk.screen.frame)
        desk.driver.shows("盘点")
