"""The after-sales walk by the keyboard alone: S4's rejection and its data gap, and the waybill step."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk import i18n
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.kinds import CaseFlag, CaseKind, CaseOutcome, CaseState, Channel, RefundReason, ReturnClass
from bdesk.models.tables import Case, CaseFlagRow, CaseText, GoodsReturn, OrderItem
from bdesk.models.views.snapshot import ActorView
from tests.builders import Item, clock_of, customer, open_case, order
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

SMALL = (80, 24)


def phone_case(store: Store, *, confirmed: bool) -> int:
    """S4(1) and (2): a phone case made to order, nothing wrong with it."""
    buyer = customer(store, name="孙悦", phone="15400004101")
    goods = (Item(sku="S0401", name="定制手机壳", price_fen=4900),)
    placed = order(store, buyer, order_no="BT20261109000401", items=goods)
    with store.write("shop") as unit:
        item = unit.session.get_one(OrderItem, placed.items[0])
        item.return_class = ReturnClass.CUSTOM
        item.exclusion_confirmed_at = unit.now - timedelta(days=5) if confirmed else None
        unit.commit()
    return open_case(
        store,
        order_id=placed.id,
        kind=CaseKind.AFTER_SALE,
        channel=Channel.AFTER_SALE_FORM,
        reason=RefundReason.NO_REASON,
        subject="定制手机壳不想要了",
        description="没有用过，想退",
        received_at=clock_of(store).now() - timedelta(hours=4),
        after_sale_no="SH20261118000001",
        subtype="return",
    )


def row(store: Store, case_id: int) -> Case:
    with store.read() as session:
        found = session.exec(select(Case).where(Case.id == case_id)).one()
        session.expunge(found)
        return found


async def to_the_condition(desk: AtDesk) -> None:
    """From the queue: a return, without a reason, the number told."""
    await desk.driver.press("f9")
    desk.driver.shows("定制手机壳").widths_ok()
    await desk.driver.press("1", "5")
    desk.driver.shows("SH20261118000001").widths_ok()
    await desk.driver.press("1", "f8")
    desk.driver.widths_ok()


async def test_s4_the_first_is_rejected_in_few_keys(store: Store, agent: ActorView, language: str) -> None:
    case_id = phone_case(store, confirmed=True)
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_condition(desk)
        # Excluded class, then its rejection, F8, and told.
        await desk.driver.press("3", "5", "f8")
        desk.driver.shows("Ctrl+Z").widths_ok()
        await desk.driver.press("1")
        assert desk.driver.keys <= 11, "few keys from start to finish (AS-30)"
        assert desk.driver.digits + desk.driver.letters == 0
    case = row(store, case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.REJECTED)
    with store.read() as session:
        texts = select(CaseText.body).where(CaseText.case_id == case_id, CaseText.kind == "letter")
        assert any("第二十五条" in body for body in session.exec(texts))
    assert verify(store, load_book()).ok


async def test_s4_the_second_comes_back_and_the_gap_is_reported(
    store: Store, agent: ActorView, language: str
) -> None:
    case_id = phone_case(store, confirmed=False)
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_condition(desk)
        await desk.driver.press("2")
        desk.driver.shows("0512-00000000").widths_ok()
        # The address stands there from the policy: no typing.
        await desk.driver.press("1", "f8")
        desk.driver.widths_ok()
        assert desk.driver.digits + desk.driver.letters == 0
    with store.read() as session:
        assert session.exec(select(GoodsReturn.case_id)).one() == case_id
        assert session.exec(select(CaseFlagRow.flag)).one() is CaseFlag.DATA_GAP
    assert verify(store, load_book()).ok


async def test_a_waybill_of_another_carrier_is_asked_about(store: Store, agent: ActorView) -> None:
    i18n.set_language("zh")
    try:
        phone_case(store, confirmed=False)
        async with at_desk(store, agent, size=SMALL) as desk:
            await to_the_condition(desk)
            await desk.driver.press("2", "1", "f8")
            desk.driver.shows("运单号", "1 顺丰  2 中通", "7 其他")
            await desk.driver.type("1")
            await desk.driver.press("enter")
            await desk.driver.type("yt2519033443762")
            await desk.driver.press("enter")
            await desk.driver.press("1")
            desk.driver.shows("YT2519033443762", "是圆通，改承运商").widths_ok()
            await desk.driver.press("1")
            desk.driver.shows("寄回途中").widths_ok()
    finally:
        i18n.set_language("en")
    with store.read() as session:
        sent_back = session.exec(select(GoodsReturn)).one()
        assert (sent_back.carrier, sent_back.waybill) == ("yto", "YT2519033443762")
    assert verify(store, load_book()).ok


async def test_half_a_waybill_is_gone_on_with_after_a_crash(
    store: Store, agent: ActorView, tmp_path: Path
) -> None:
    """A digit of it once chose an answer: the words were back, the cursor was not."""
    i18n.set_language("zh")
    try:
        case_id, drafts = phone_case(store, confirmed=False), tmp_path / "drafts.db"
        async with at_desk(store, agent, size=SMALL, drafts=drafts) as desk:
            await to_the_condition(desk)
            await desk.driver.press("2", "1", "f8")
            await desk.driver.type("5")
            await desk.driver.press("enter")
            await desk.driver.type("43000")
        # The desk is gone without a word; a new one opens on the same drafts.
        async with at_desk(store, agent, size=SMALL, drafts=drafts) as desk:
            await desk.driver.press("enter")
            desk.driver.shows("43000").shows_not("430004040999")
            await desk.driver.type("4040999")
            desk.driver.shows("430004040999", "客户已寄出，登记单号")
            await desk.driver.type("9")
            assert row(store, case_id).state is CaseState.WAITING_CUSTOMER
            desk.driver.shows("草稿已自动保存")
            await desk.driver.press("enter")
            desk.driver.shows("寄回承运商 韵达", "仓库已签收").widths_ok()
            await desk.driver.press("f6", "escape")
            desk.driver.shows_not("草稿已自动保存")
    finally:
        i18n.set_language("en")
    with store.read() as session:
        sent_back = session.exec(select(GoodsReturn)).one()
        assert (sent_back.carrier, sent_back.waybill) == ("yunda", "4300040409999")


async def test_a_long_label_stands_whole_beside_its_field(store: Store, agent: ActorView) -> None:
    phone_case(store, confirmed=False)
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_condition(desk)
        await desk.driver.press("4")
        desk.driver.shows("What the judgement rests on").widths_ok()
        await desk.driver.type("the seal is broken")
        desk.driver.shows("the seal is broken").widths_ok()
