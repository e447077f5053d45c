"""F10 8: what I promised for today."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import promises
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.promised import PromisedScreen
from bdesk.screens.queue.screen import QueueScreen
from tests.builders import context, customer, open_case, order
from tests.screens.desks import at_desk

SIZES = [(80, 24), (120, 40)]


def promised(store: Store, agent: ActorView) -> list[int]:
    ctx = context(store, agent)
    found = []
    for n, (who, words) in enumerate((("李晓明", "告知仓库核查结果"), ("王强", "寄出新的水壶")), start=1):
        placed = order(store, customer(store, name=who))
        case_id = open_case(store, order_id=placed.id, owner=agent)
        kind = promises.CALL_BACK if n == 1 else promises.PROMISE
        promises.make(ctx, case_id, words, ctx.now() + timedelta(hours=4 - n), kind)
        found.append(case_id)
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_two_keys_to_the_list_and_a_digit_to_the_case(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    cases = promised(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        await desk.driver.press("f10", "8")
        assert desk.on(PromisedScreen)
        title = {"zh": "今天的承诺", "en": "Promised today"}[language]
        desk.driver.shows(title, "告知仓库核查结果", "寄出新的水壶", "F6 6").shows_not("李晓明").widths_ok()
        lines = [desk.driver.line_with("寄出新的水壶"), desk.driver.line_with("告知仓库核查结果")]
        assert [line.split()[0].strip("▐") for line in lines] == ["1", "2"]
        await desk.driver.press("2")
        assert desk.on(CaseScreen)
        assert desk.place.current == cases[0]
        await desk.driver.press("f2")
        await desk.driver.press("f10", "8", "enter")
        assert desk.place.current == cases[1]


async def test_nothing_promised_is_said_and_esc_goes_back(store: Store, agent: ActorView) -> None:
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await desk.driver.press("f10")
        await desk.driver.type("promise")
        await desk.driver.press("enter")
        desk.driver.shows("Nothing more is promised for today").widths_ok()
        await desk.driver.press("escape")
        assert desk.on(QueueScreen)
