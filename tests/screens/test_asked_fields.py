"""Optional fields an answer goes by are there to be filled in: otherwise it could never be chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, CaseState, Channel, OrderStatus
from bdesk.models.tables import StepAnswer
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import calls
from bdesk.operations.opening import NewCase
from bdesk.screens.case.evidence import EvidenceList
from tests.builders import context, customer, make_store, open_case, order
from tests.operations.desk import Desk
from tests.screens.desks import AtDesk, at_desk

SMALL = (80, 24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    i18n.set_language("zh")
    with make_store(tmp_path) as made:
        yield made
    i18n.set_language("en")


async def opened(desk: AtDesk) -> AtDesk:
    await desk.driver.press("1", "enter")
    return desk


async def test_an_order_is_looked_for_by_its_number(store: Store, agent: ActorView) -> None:
    buyer = customer(store, phone="15412346621")
    order(store, buyer, order_no="BT20261118007741")
    open_case(store, kind=CaseKind.AFTER_SALE, customer_id=buyer, owner=agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        driver.shows("订单号", "下单手机后四位", "购买日期").widths_ok()
        await driver.type("BT20261118007741")
        # The number is enough: Enter goes on past the fields that are empty.
        await driver.press("enter")
        driver.shows("..7741", "请问要退货、换货还是维修")


async def test_phone_and_date_find_it_too(store: Store, agent: ActorView) -> None:
    buyer = customer(store, phone="15412346621")
    order(store, buyer, order_no="BT20261118007741")
    open_case(store, kind=CaseKind.AFTER_SALE, customer_id=buyer, owner=agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        await driver.press("enter")
        await driver.type("6621")
        # The phone alone finds nothing: Enter asks for the date.
        await driver.press("enter")
        await driver.type("2026-01-02")
        driver.shows("查找并关联", "6621", "2026-01-02")


async def test_a_progress_enquiry_is_verified_by_the_case_number(store: Store, agent: ActorView) -> None:
    buyer = customer(store, phone="15412346621")
    bought = order(store, buyer, order_no="BT20261118007741").id
    asked = open_case(store, kind=CaseKind.REFUND, order_id=bought, case_no="KF2026111800031")
    assert asked
    open_case(
        store,
        kind=CaseKind.PROGRESS,
        order_id=bought,
        channel=Channel.HOTLINE,
        state=CaseState.VERIFYING,
        owner=agent,
    )
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        driver.shows("核对工单号", "   工单号")
        # The other way asks for its own fields before it is refused.
        await driver.press("escape", "2")
        driver.shows("填订单号，和手机后四位或姓", "收件人姓").widths_ok()


async def test_other_details_are_asked_for(store: Store, agent: ActorView) -> None:
    buyer = customer(store, phone="15412346621")
    bought = order(store, buyer, order_no="BT20261118007741").id
    open_case(
        store,
        kind=CaseKind.REFUND,
        order_id=bought,
        channel=Channel.HOTLINE,
        state=CaseState.VERIFYING,
        owner=agent,
    )
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        await driver.press("1", "1", "escape", "2")
        driver.shows("至少填一项其他信息", "收货城市", "购买日期").widths_ok()


async def test_half_typed_proofs_live_through_another_width(store: Store, agent: ActorView) -> None:
    """No draft keeps what proves who calls; a pane drawn wider while the caller speaks loses none of it."""
    bought = order(store, customer(store, phone="15412346621"), order_no="BT20261118007741").id
    open_case(
        store,
        kind=CaseKind.REFUND,
        order_id=bought,
        channel=Channel.HOTLINE,
        state=CaseState.VERIFYING,
        owner=agent,
    )
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        await driver.press("1", "1")
        await driver.type("128.00")
        await driver.press("escape", "2")
        await driver.type("BT2026111800")
        for size in ((120, 40), (200, 60), SMALL):
            await driver.resize(*size)
            driver.shows("128.00", "收货城市", "购买日期").widths_ok()
        await driver.type("7741")
        driver.shows("128.00", "BT20261118007741")
        # The keyboard is where it was too: the answers, once they had it.
        await driver.press("escape")
        await driver.resize(120, 40)
        await driver.press("2")
        driver.shows_not("128.00")


async def test_tab_does_not_stop_at_evidence_there_is_none_of(store: Store, agent: ActorView) -> None:
    open_case(store, order_id=order(store, customer(store, phone="15412346621")).id, owner=agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        for _ in range(4):
            await driver.press("tab")
            assert not isinstance(desk.screen.focused, EvidenceList)
            driver.shows_not("打开证据")


@pytest.mark.parametrize(
    ("language", "kinds"),
    [("zh", ("1 退款", "8 账户异动", "16 咨询")), ("en", ("1 refund", "8 suspicious", "16 consultation"))],
)
async def test_all_that_a_field_takes_is_seen(
    store: Store, agent: ActorView, language: str, kinds: tuple[str, ...]
) -> None:
    """More kinds than a field has room for stand below it, each with its number."""
    i18n.set_language(language)
    buyer = customer(store, phone="15412346621")
    open_case(store, kind=CaseKind.LOGIN, channel=Channel.WEB_CHAT, customer_id=buyer, owner=agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        await driver.press("7")
        driver.shows_not(kinds[-1])
        await driver.press("2")
        driver.shows("1-16", *kinds).widths_ok()
        await driver.type("16")
        await driver.press("enter")
        driver.shows_not("1-16")


async def test_material_to_ask_for_shows_with_its_field(store: Store, agent: ActorView) -> None:
    placed = order(store, customer(store, phone="15412346621"))
    walked = Desk(store, agent)
    case_id = walked.opened(placed, media=False)
    walked.go(case_id, "whole")
    walked.go(case_id, "quality")
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        driver.shows_not("3 情况的文字说明")
        await driver.press("2")
        driver.shows("要补的材料", "1-5", "3 情况的文字说明", "5 监护关系证明", "客户放弃").widths_ok()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_stands_in_a_field_cuts_nothing_that_it_takes(
    store: Store, agent: ActorView, size: tuple[int, int]
) -> None:
    """A proposed answer stands in the field: what else it takes is seen whole beside it, or below it."""
    i18n.set_language("en")
    placed = order(store, customer(store, phone="15412346621"), status=OrderStatus.TO_SHIP, signed_days=None)
    walked = Desk(store, agent)
    case_id = walked.opened(placed, kind=CaseKind.SHIPMENT_DELAY, reason=None, channel=Channel.WEB_CHAT)
    assert walked.step(case_id) == "cause"
    walked.go(case_id, "ask")
    async with at_desk(store, agent, size=size) as desk:
        driver = (await opened(desk)).driver
        driver.shows("1 warehouse  2 merchant").widths_ok()


async def test_an_answer_that_lacks_a_field_names_it(store: Store, agent: ActorView) -> None:
    placed = order(store, customer(store, phone="15412346621"), status=OrderStatus.TO_SHIP, signed_days=None)
    walked = Desk(store, agent)
    walked.opened(placed, kind=CaseKind.SHIPMENT_DELAY, reason=None, channel=Channel.WEB_CHAT)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        await driver.press("1")
        driver.shows("填好", "新的发货日期后按 Enter")


async def test_what_a_field_of_digits_does_not_take_is_told(store: Store, agent: ActorView) -> None:
    buyer = customer(store, phone="15412346621")
    open_case(store, channel=Channel.EMAIL, order_id=order(store, buyer).id, owner=agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = (await opened(desk)).driver
        await driver.press("enter")
        driver.shows("手机后四位")
        await driver.type("128")
        await driver.press("enter")
        await driver.type("六")
        driver.shows("输入法在中文状态", "「六」没有当作按键")
        await driver.type("6a")
        driver.shows_not("输入法在中文状态").shows("这一栏只收数字")
        await driver.type("621")
        await driver.press("enter")
        driver.shows("退款原因")


def greeting(store: Store, agent: ActorView) -> int:
    """A case from a call whose caller is being greeted."""
    bought = order(store, customer(store, phone="15412346621"), order_no="BT20261118007741").id
    ctx = context(store, agent)
    new = NewCase(CaseKind.REFUND, Channel.HOTLINE, order_id=bought)
    case_id = calls.open_from_call(ctx, calls.start_call(ctx), new).case_id
    assert case_id is not None
    return case_id


def answered(store: Store, case_id: int) -> tuple[str, object]:
    with store.read() as session:
        told = session.exec(select(StepAnswer).where(StepAnswer.case_id == case_id)).one()
        return told.option, told.captures.get("subject")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_no_answer_asks_for_is_written_down_after_tab(
    store: Store, agent: ActorView, size: tuple[int, int]
) -> None:
    case_id = greeting(store, agent)
    async with at_desk(store, agent, size=size) as desk:
        driver = (await opened(desk)).driver
        driver.shows("Tab 一句话事由")
        await driver.press("tab")
        await driver.type("耳机左边没声音")
        driver.shows_not("Tab 一句话事由").widths_ok()
        assert "耳机左边没声音" in driver.line_with("一句话事由")
        await driver.press("enter")
        assert answered(store, case_id) == ("confirmed", "耳机左边没声音")


async def test_enter_passes_an_empty_field_that_no_answer_asks_for(store: Store, agent: ActorView) -> None:
    case_id = greeting(store, agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        await (await opened(desk)).driver.press("tab", "enter")
        assert answered(store, case_id) == ("confirmed", None)


async def test_who_has_nothing_to_write_answers_as_before(store: Store, agent: ActorView) -> None:
    case_id = greeting(store, agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        await (await opened(desk)).driver.press("1")
        assert answered(store, case_id) == ("confirmed", None)
