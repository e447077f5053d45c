"""P2 at the keyboard: not late yet, compensation, other goods; each within its keys (UX), at 80x24."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import SQLModel, select

from bdesk import i18n
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, Channel
from bdesk.models.tables import Case, Compensation, OrderDelay, Refund, Substitution
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.case.screen import CaseScreen
from tests.builders import Placed, clock_of, customer, open_case
from tests.operations.late import shipped, unshipped
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

SMALL = (80, 24)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    i18n.set_language("zh")
    yield
    i18n.set_language("en")


def waiting(store: Store, due: timedelta) -> tuple[Placed, int]:
    """A signed-in customer asks about an order that was promised `due` from now."""
    placed = unshipped(store, customer(store, phone="15400000142"), due=due)
    case_id = open_case(
        store,
        order_id=placed.id,
        kind=CaseKind.SHIPMENT_DELAY,
        channel=Channel.APP_CHAT,
        subject="怎么还不发货",
        received_at=clock_of(store).now() - timedelta(minutes=20),
    )
    return placed, case_id


def rows(store: Store, kind: type[SQLModel]) -> list[SQLModel]:
    with store.read() as session:
        found = list(session.exec(select(kind)))
        session.expunge_all()
    return found


def case_of(store: Store, case_id: int) -> Case:
    with store.read() as session:
        found = session.get_one(Case, case_id)
        session.expunge(found)
        return found


async def to_the_offer(desk: AtDesk) -> None:
    """Overdue: the cause is stored, with its source from the stock and a date that is typed."""
    await desk.driver.press("f9", "1")
    await desk.driver.type("2026-11-25")
    await desk.driver.press("enter")
    desk.driver.shows("缺货", "11月25日", "取消订单").widths_ok()


async def test_not_late_yet_takes_two_keys(store: Store, agent: ActorView) -> None:
    _, case_id = waiting(store, timedelta(hours=32))
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("f9")
        desk.driver.shows("还在承诺时间内", "11月19日 18:00", "加提醒").shows_not("补偿").widths_ok()
        desk.driver.forget_keys()
        await desk.driver.press("1", "f8")
        assert (desk.driver.keys, desk.driver.digits) == (2, 0), "not late yet takes 2K at its step (UX)"
        desk.driver.shows("Ctrl+Z").widths_ok()
    case = case_of(store, case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.IN_TIME)
    assert not rows(store, Compensation)
    assert verify(store, load_book()).ok


async def test_a_day_without_its_year_is_shown_with_it(store: Store, agent: ActorView) -> None:
    _, case_id = waiting(store, -timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("f9", "1")
        await desk.driver.type("2-30")
        await desk.driver.press("enter")
        desk.driver.shows("2-30").widths_ok()
        await desk.driver.press("backspace", "backspace", "backspace", "backspace")
        await desk.driver.type("11-25")
        await desk.driver.press("tab")
        desk.driver.shows("2026-11-25").widths_ok()
        await desk.driver.press("enter")
    (delay,) = rows(store, OrderDelay)
    assert isinstance(delay, OrderDelay) and delay.eta is not None
    assert f"{delay.eta:%Y-%m-%dT%H:%M}" == "2026-11-25T16:00", "the end of that day"
    assert case_of(store, case_id).open


async def test_compensation_takes_three_keys_from_the_offer(store: Store, agent: ActorView) -> None:
    _, case_id = waiting(store, -timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_offer(desk)
        desk.driver.forget_keys()
        await desk.driver.press("1", "1")
        desk.driver.shows("12.80", "补偿短信", "F8 执行").widths_ok()
        assert not rows(store, Compensation), "nothing before F8"
        await desk.driver.press("f8")
        assert (desk.driver.keys, desk.driver.digits) == (3, 0), "delay compensation takes 3K (UX)"
        desk.driver.shows("补偿 12.80").widths_ok()
        await desk.driver.press("1")
    assert case_of(store, case_id).outcome is CaseOutcome.COMPENSATED
    (given,) = rows(store, Compensation)
    assert isinstance(given, Compensation) and given.amount_fen == 1280
    assert len(rows(store, OrderDelay)) == 1
    assert verify(store, load_book()).ok


async def test_an_edited_sum_is_the_one_that_is_read_back(store: Store, agent: ActorView) -> None:
    waiting(store, -timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_offer(desk)
        await desk.driver.press("1")
        desk.driver.shows("我们补偿您12.80元").widths_ok()
        await desk.driver.press("shift+tab", *["backspace"] * 5)
        desk.driver.shows("我们补偿您--元").widths_ok()
        await desk.driver.type("5")
        desk.driver.shows("我们补偿您5.00元").widths_ok()
        await desk.driver.press("escape", "1", "f8")
        desk.driver.shows("补偿 5.00").widths_ok()
    (given,) = rows(store, Compensation)
    assert isinstance(given, Compensation) and given.amount_fen == 500


async def test_cancelling_takes_three_keys_from_the_offer(store: Store, agent: ActorView) -> None:
    waiting(store, -timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_offer(desk)
        desk.driver.forget_keys()
        await desk.driver.press("3")
        desk.driver.shows("128.00", "同意退款").shows_not("全部还是部分").widths_ok()
        await desk.driver.press("1")
        desk.driver.shows("取消订单", "F8 执行").widths_ok()
        await desk.driver.press("f8")
        assert (desk.driver.keys, desk.driver.digits) == (3, 0)
    (refund,) = rows(store, Refund)
    assert isinstance(refund, Refund) and refund.amount_fen == 12800
    assert verify(store, load_book()).ok


async def test_other_goods_go_out_with_the_customers_own_yes(store: Store, agent: ActorView) -> None:
    _, case_id = waiting(store, -timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_offer(desk)
        await desk.driver.press("2")
        desk.driver.shows("恒温电热水壶", "我们承担", "客户明确同意").widths_ok()
        await desk.driver.press("f8")
        assert not rows(store, Substitution)
        await desk.driver.type("1")
        await desk.driver.press("enter", "f8", "1")
    assert case_of(store, case_id).outcome is CaseOutcome.SUBSTITUTED
    (other,) = rows(store, Substitution)
    assert isinstance(other, Substitution) and other.diff_fen == 300
    assert verify(store, load_book()).ok


async def test_what_was_shipped_meanwhile_is_refused_in_one_line_and_nothing_typed_is_lost(
    store: Store, agent: ActorView
) -> None:
    placed, case_id = waiting(store, -timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        await to_the_offer(desk)
        await desk.driver.press("f5")
        await desk.driver.type("客户说周末要用")
        await desk.driver.press("escape", "1", "1")
        shipped(store, placed)
        await desk.driver.press("f8")
        desk.driver.shows("已重新读取", "客户说周末要用", "由顺丰发出").widths_ok()
        assert desk.on(CaseScreen)
    assert not rows(store, Compensation)
    assert case_of(store, case_id).open
    assert verify(store, load_book()).ok
