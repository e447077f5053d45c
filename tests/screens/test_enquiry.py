"""A customer asks how it stands, and questions to departments: by digits alone, at 80x24 and in Chinese."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.models.kinds import PromiseState, TaskState
from bdesk.models.tables import Promise, Task
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import promises, tasks
from bdesk.screens.case.forms.departments import day_of
from bdesk.screens.case.screen import CaseScreen
from tests.builders import T0, clock_of, context, customer, make_store, open_case, order
from tests.screens.desks import at_desk

SMALL = (80, 24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    i18n.set_language("zh")
    with make_store(tmp_path) as made:
        yield made


def a_case(store: Store, agent: ActorView) -> int:
    return open_case(
        store,
        order_id=order(store, customer(store, phone="15412346621"), order_no="BT2026111800007741").id,
        owner=agent,
    )


def the_task(store: Store) -> Task:
    with store.read() as session:
        found = session.scalars(select(Task)).one()
        session.expunge(found)
        return found


def the_promise(store: Store) -> Promise:
    with store.read() as session:
        found = session.scalars(select(Promise)).one()
        session.expunge(found)
        return found


async def test_from_the_call_to_the_status_in_the_customers_words(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    clock_of(store).move(timedelta(minutes=5))
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = desk.driver.forget_keys()
        await driver.press("f5")
        await driver.type("7741")
        await driver.press("enter", "1")
        assert desk.on(CaseScreen), "\n".join(driver.lines())
        # 3K+4D at most: F5, the tail, Enter, the digit that attaches.
        assert driver.keys <= 3 + 4
        # Nothing was checked yet, so nothing may be told.
        driver.shows("先问", "手机尾号或收件人姓氏", "F7 6").shows_not("目前进度：").widths_ok()
        await driver.press("f7", "6")
        driver.shows("客户问进度", "先核对", "已告知，记录", "超时：致歉").widths_ok()
        await driver.press("1")
        driver.shows("已告知客户进度")


async def test_a_caller_who_was_checked_may_be_told(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    clock_of(store).move(timedelta(minutes=5))
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("f5")
        await desk.driver.type("7741")
        await desk.driver.press("enter", "1")
        await desk.driver.press("1", "1")
        await desk.driver.type("128.00")
        await desk.driver.press("tab")
        await desk.driver.type("6621")
        await desk.driver.press("1")
        desk.driver.shows("目前进度：", "前答复您", "F7 6").widths_ok()


async def test_a_case_that_began_with_this_call_is_not_asked_after(store: Store, agent: ActorView) -> None:
    order(store, customer(store), order_no="BT2026111800007741")
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("f5")
        await desk.driver.type("7741")
        await desk.driver.press("enter", "1")
        assert desk.on(CaseScreen), "\n".join(desk.driver.lines())
        desk.driver.shows_not("目前进度：", "F7 6")


async def test_without_a_call_no_line_is_in_the_way(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("enter")
        desk.driver.shows_not("目前进度")


async def test_late_is_raised_with_a_new_date_and_kept(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    clock_of(store).move(timedelta(hours=30))
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = desk.driver
        await driver.press("enter", "f7", "6")
        driver.shows("抱歉超过了").widths_ok()
        await driver.press("2", "2", "enter")
        driver.shows("已升级，承诺")
        promise = the_promise(store)
        assert promise.state is PromiseState.OPEN
        await driver.press("f7", "6")
        driver.shows("答复处理进展").widths_ok()
        await driver.press("4")
        await driver.type("已回电")
        await driver.press("enter")
    kept = the_promise(store)
    assert kept.state is PromiseState.KEPT


async def test_of_two_promises_the_one_that_was_done_is_asked_for(store: Store, agent: ActorView) -> None:
    case_id = a_case(store, agent)
    ctx = context(store, agent)
    promises.make(ctx, case_id, "告知到账日期", ctx.now() + timedelta(hours=20))
    promises.make(ctx, case_id, "回电说明发票", ctx.now() + timedelta(hours=30), promises.CALL_BACK)
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("enter", "f7", "6", "4")
        desk.driver.shows("告知到账日期", "回电说明发票").widths_ok()
        await desk.driver.press("2")
        await desk.driver.type("已回电")
        await desk.driver.press("enter")
    with store.read() as session:
        states = session.exec(select(Promise.state).order_by(col(Promise.id))).all()
    assert list(states) == [PromiseState.OPEN, PromiseState.KEPT]


async def test_what_cannot_be_done_says_why(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        await desk.driver.press("enter", "f7", "6", "5")
        desk.driver.shows("没有超时未到账的退款")
        await desk.driver.press("4")
        desk.driver.shows("没有待兑现的承诺")


async def test_a_department_is_asked_and_answers_by_telephone(store: Store, agent: ActorView) -> None:
    a_case(store, agent)
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = desk.driver
        await driver.press("enter", "f6", "0", "2")
        driver.shows("没有待答复的询问")
        await driver.press("1", "1")
        await driver.type("外箱是否完好")
        await driver.press("enter", "1")
        driver.shows("已询问仓库", "待答复").widths_ok()
        await driver.press("f6", "0", "2")
        driver.shows("外箱是否完好").widths_ok()
        await driver.type("完好")
        await driver.press("enter")
        driver.shows("✓", "完好").widths_ok()
    asked = the_task(store)
    assert (asked.state, asked.answer, asked.question) == (TaskState.ANSWERED, "完好", "外箱是否完好")


async def test_an_overdue_answer_is_seen_on_both_widths(store: Store, agent: ActorView) -> None:
    case_id = a_case(store, agent)
    tasks.ask(context(store, agent), case_id, "warehouse", "有货吗", 4, "warehouse_check")
    clock_of(store).move(timedelta(hours=6))
    for size in (SMALL, (120, 40)):
        async with at_desk(store, agent, size=size) as desk:
            await desk.driver.press("enter")
            desk.driver.shows("仓库核对", "已超时").widths_ok()


async def test_a_finding_with_its_day(store: Store, agent: ActorView) -> None:
    case_id = a_case(store, agent)
    tasks.ask(context(store, agent), case_id, "warehouse", "有货吗", 4, "warehouse_check")
    async with at_desk(store, agent, size=SMALL) as desk:
        driver = desk.driver
        await driver.press("enter", "f6", "0", "2", "3")
        await driver.type("周三补货")
        await driver.press("enter")
        await driver.type("moon")
        await driver.press("enter")
        driver.shows("不是日期")
        await driver.type("11-25")
        await driver.press("enter")
        driver.shows("有发货日期", "11/25")
    asked = the_task(store)
    assert asked.finding == "ships_on" and asked.finding_on is not None
    assert f"{asked.finding_on:%m-%d}" == "11-25"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11-25", "2026-11-25"),
        ("11/25", "2026-11-25"),
        ("1-5", "2027-01-05"),
        ("2026-12-01", "2026-12-01"),
        ("2-30", None),
        ("soon", None),
        ("", None),
        ("1-2-3-4", None),
    ],
)
def test_days_as_they_are_typed(typed: str, day: str | None) -> None:
    found = day_of(typed, T0)
    assert (found.isoformat() if found is not None else None) == day
