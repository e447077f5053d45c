"""F10 9: handing over the shift in three keys, and accepting it case by case."""

from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.data.drafts import Drafts
from bdesk.data.store import Store
from bdesk.models.tables import Case, CaseText, ShiftItem
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import promises
from bdesk.operations.shift_handover import pack
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.handover import drafts_of
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.shift_items import ShiftItemsScreen
from tests.builders import context, customer, open_case, order, person
from tests.operations.desk import Desk
from tests.screens.desks import at_desk

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def mine(store: Store) -> ActorView:
    return person(store, "1001", name="林晓", group="hotline")


@pytest.fixture
def comes(store: Store) -> ActorView:
    return person(store, "1002", name="陈默", group="hotline")


def held(store: Store, actor: ActorView, count: int = 2) -> list[int]:
    placed = [order(store, customer(store, name=f"王小{n}")) for n in range(count)]
    return [open_case(store, order_id=one.id, owner=actor, subject="少发一件") for one in placed]


def owner(store: Store, case_id: int) -> int | None:
    with store.read() as session:
        return session.get_one(Case, case_id).owner_id


@pytest.mark.parametrize("size", SIZES)
async def test_three_keys_hand_over_the_shift_and_nothing_typed_is_lost(
    store: Store, mine: ActorView, comes: ActorView, size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    cases = held(store, mine)
    promises.make(
        context(store, mine), cases[0], "告知核查结果", context(store, mine).now() + timedelta(hours=2)
    )
    drafts = tmp_path / "drafts.db"
    with Drafts(store.info.store_id, "1001", drafts) as kept:
        kept.save(f"case:{cases[0]}", "note", "客户说下午三点方便")
        kept.save(f"case:{cases[0]}", "step:intake", {"amount": "二十"})
        kept.save("call", "note", "不是工单")
    async with at_desk(store, mine, size=size, drafts=drafts) as desk:
        await desk.driver.press("f10", "9")
        said = {"zh": ("手中 2 件", "承诺 1 项", "草稿 1 份", "交给本组"), "en": ("cases 2", "drafts 1")}
        desk.driver.shows(*said[language]).widths_ok()
        await desk.driver.press("1")
        assert desk.driver.keys == 3
        assert desk.on(QueueScreen)
        desk.driver.shows({"zh": "已打包 2 件", "en": "Packed: 2."}[language]).widths_ok()
        await desk.driver.press("f10", "9")
        desk.driver.shows({"zh": "我交出的：2 件", "en": "What I packed: 2"}[language])
    assert [owner(store, one) for one in cases] == [mine.id] * 2
    texts = Desk(store, comes).rows(CaseText, kind="hand_over")
    assert [row.body for row in texts] == ["客户说下午三点方便\namount: 二十"]


async def test_each_way_of_handing_over_asks_for_what_it_wants(
    store: Store, mine: ActorView, comes: ActorView, language: str
) -> None:
    held(store, mine)
    number = {"zh": "同事的工号", "en": "The colleague's number"}[language]
    words = {"zh": "给本组的话", "en": "A few words for the group"}[language]
    async with at_desk(store, mine, size=(80, 24)) as desk:
        await desk.driver.press("f10", "9", "2")
        desk.driver.shows(words).shows_not(number)
        await desk.driver.press("escape", "f10", "9", "3")
        desk.driver.shows(number).shows_not(words)


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_accepted_case_by_case(
    store: Store, mine: ActorView, comes: ActorView, size: tuple[int, int], language: str
) -> None:
    cases = held(store, mine, 3)
    ctx = context(store, mine)
    promises.make(ctx, cases[0], "告知核查结果", ctx.now() + timedelta(hours=2))
    pack(ctx, "hotline", "第一件先回电")
    async with at_desk(store, comes, size=size) as desk:
        await desk.driver.press("f10", "9", "4")
        assert desk.on(ShiftItemsScreen)
        desk.driver.shows("第一件先回电", "林晓").shows_not("王小").widths_ok()
        await desk.driver.press("1")
        desk.driver.shows("告知核查结果", {"zh": "接手，归本人", "en": "Accept: the case is mine"}[language])
        desk.driver.widths_ok()
        await desk.driver.press("1")
        assert [owner(store, one) for one in cases] == [comes.id, mine.id, mine.id]
        assert desk.on(ShiftItemsScreen)
        await desk.driver.press("1", "2")
        await desk.driver.type("不熟悉")
        await desk.driver.press("enter")
        assert [owner(store, one) for one in cases] == [comes.id, None, mine.id]
        await desk.driver.press("1", "3")
        assert desk.on(CaseScreen)
        assert desk.place.current == cases[2]


async def test_what_i_packed_is_taken_back(store: Store, mine: ActorView, comes: ActorView) -> None:
    held(store, mine)
    pack(context(store, mine), "1002")
    async with at_desk(store, mine, size=(80, 24)) as desk:
        await desk.driver.press("f10", "9", "1")
        desk.driver.shows("Nothing is left to pack")
        await desk.driver.press("5", "1")
        desk.driver.shows("for 陈默").widths_ok()
        await desk.driver.press("1")
        await desk.driver.press("1", "1")
        desk.driver.shows("Nothing of yours waits").widths_ok()
    states = {row.state.value for row in Desk(store, comes).rows(ShiftItem)}
    assert states == {"taken_back"}


async def test_a_case_that_dropped_out_says_so(store: Store, mine: ActorView, comes: ActorView) -> None:
    cases = held(store, mine)
    pack(context(store, mine), "hotline")
    with store.write("test") as unit:
        unit.session.get_one(Case, cases[0]).owner_id = None
        unit.commit()
    async with at_desk(store, comes, size=(80, 24)) as desk:
        await desk.driver.press("f10", "9", "4")
        desk.driver.shows("taken meanwhile").widths_ok()
        # What stands beside the words stays whole.
        line = desk.driver.line_with("taken meanwhile")
        assert "refund" in line and "林晓" in line and "KF..0001" in line, line
        await desk.driver.press("2", "1")
        desk.driver.shows("taken meanwhile")
    assert owner(store, cases[0]) is None


def test_what_was_half_typed_is_one_text_for_each_case(tmp_path: Path) -> None:
    with Drafts("store", "1001", tmp_path / "drafts.db") as kept:
        kept.save("case:1", "step:offer", {"amount": "20", "words": ""})
        kept.save("case:1", "note", "客户说下午")
        kept.save("case:1", "raise", "拿不准")
        kept.save("case:2", "strip", {"step": "decide", "captures": {"detail": "照片不清"}, "letters": []})
        kept.save("case:3", "note", "别人的")
        assert drafts_of(kept, (1, 2, 4)) == {1: "客户说下午\namount: 20\n拿不准", 2: "detail: 照片不清"}
