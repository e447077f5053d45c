"""At 80x24 with the recall strip and the pending strip: no answer falls off the bottom unsaid."""

from typing import cast

import pytest

from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.case.screen import CaseScreen
from tests.screens.desks import AtDesk, at_desk
from tests.screens.test_case import scenario_one, to_the_decision

pytestmark = pytest.mark.usefixtures("patient_hand")

LAST = {"zh": "客户放弃", "en": "Customer withdraws"}
FIRST = {"zh": "同意退款", "en": "Refund 128.00"}


async def both_strips(desk: AtDesk) -> None:
    """A letter that can be recalled, and a refund that waits for F8, on the step with nine answers."""
    await to_the_decision(desk)
    await desk.driver.press("f6", "1")
    await desk.driver.type("开箱视频，以及发票照片和外包装照片")
    await desk.driver.press("enter", "f8", "1")
    desk.driver.shows("Ctrl+Z", "F8")


async def test_all_nine_answers_are_seen_between_both_strips(
    store: Store, agent: ActorView, language: str
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await both_strips(desk)
        desk.driver.shows(FIRST[language], LAST[language]).shows_not("PgDn").widths_ok()
        await desk.driver.press("escape")
        desk.driver.shows(LAST[language]).widths_ok()


async def test_what_cannot_be_seen_is_named_and_reached(
    store: Store, agent: ActorView, language: str
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await to_the_decision(desk)
        for words in ("门店有没有记录", "快递有没有记录"):
            await desk.driver.press("f6", "0", "1", "1")
            await desk.driver.type(words)
            await desk.driver.press("enter", "1")
        await desk.driver.press("f6", "1")
        await desk.driver.type("开箱视频，以及发票照片和外包装照片")
        await desk.driver.press("enter", "f8", "1")
        desk.driver.shows(FIRST[language], "▾ PgDn", "9").shows_not(LAST[language]).widths_ok()
        assert "8 9" in desk.driver.line_with("PgDn")
        await desk.driver.press("pagedown")
        desk.driver.shows(LAST[language], "▴ PgUp").shows_not("▾ PgDn").widths_ok()
        assert " 1 " in desk.driver.line_with("PgUp")
        await desk.driver.press("pageup")
        desk.driver.shows(FIRST[language], "▾ PgDn").shows_not("▴ PgUp").widths_ok()
        await desk.driver.press("escape")
        await desk.driver.press(*["down"] * 9)
        desk.driver.shows(LAST[language]).widths_ok()
        # A digit works whether its answer is in sight or not, and what was chosen then is.
        await desk.driver.press("1")
        assert cast(CaseScreen, desk.screen).steps.choices is not None
        desk.driver.shows(FIRST[language]).widths_ok()


async def test_fields_that_an_answer_asks_for_push_no_answer_out_of_sight(
    store: Store, agent: ActorView, language: str
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await to_the_decision(desk)
        await desk.driver.press("2")
        fields = {"zh": ("退款金额", "理由"), "en": ("Amount", "Reason")}
        desk.driver.shows(*fields[language], FIRST[language], LAST[language]).widths_ok()


async def test_there_is_no_mark_where_all_is_in_sight(store: Store, agent: ActorView, language: str) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await to_the_decision(desk)
        desk.driver.shows(LAST[language]).shows_not("PgDn", "PgUp").widths_ok()


async def test_what_is_said_to_be_out_of_sight_is_so_beside_a_wide_step(
    store: Store, agent: ActorView, language: str
) -> None:
    scenario_one(store, agent)
    async with at_desk(store, agent, size=(120, 40)) as desk:
        await to_the_decision(desk)
        await desk.driver.press("1")
        lines = desk.driver.lines()
        named = next((line.partition("PgDn")[2].split() for line in lines if "PgDn" in line), [])
        seen = [digit for digit in "123456789" if any(f" {digit}  " in line[34:46] for line in lines)]
        assert set(named).isdisjoint(seen), "\n".join(lines)
        assert set("123456789") <= {*named, *seen}, "\n".join(lines)
