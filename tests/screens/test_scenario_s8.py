"""S8 by the keys of a supervisor at 80x24 (training.md D7): an hour in a surge, up to its hand-over.

Who is asked and what is expected stands in the scenario; complaints begin without a walk of their own.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import FrozenClock, from_iso
from bdesk.data.book.book import load_book
from bdesk.data.journal import events
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    PersonState,
    PromiseState,
    Stream,
)
from bdesk.models.tables import (
    Approval,
    Case,
    CaseFlagRow,
    CaseText,
    ClockRow,
    Notification,
    Promise,
    Refund,
    ShiftHandover,
    ShiftItem,
    Staff,
)
from bdesk.operations import promises
from bdesk.operations.looking import supervision
from bdesk.operations.looking.queue import first_page, parse_filters, sla_state
from bdesk.operations.outbox import release_due
from bdesk.operations.staff.people import find_actor
from bdesk.screens.supervisor.screen import SupervisorScreen
from tests.builders import context
from tests.operations.desk import Desk
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, Seeded, T, at_work, rows

pytestmark = pytest.mark.usefixtures("patient_hand")

NOON = from_iso("2026-11-12T12:00+08:00")
STALE, OWN, LARGE = "平板屏幕有亮线", "扫地机器人不回充", "激光电视黑屏"
RELEASE, UNTRUE = "钱包被冻结，急用钱", "耳机一只没声音"
DARK = (
    *("羽绒服没发货", "电暖器没发", "保暖内衣没发", "雪地靴没发", "电热毯没发"),
    *("加湿器没发", "炸锅没发", "棉服没发", "取暖桌没发"),
)
BACK = ("咖啡机漏水", "投影仪有坏点")
LATE = ("客服让我自己找快递", "想问书桌的安装", "推车没发，答应回电没回", "电饭煲不加热")
TWIN = "吹风机不吹热风"
MINOR, REGULATOR, UNMASK = "孩子拿手机买了6480", "市场监管来函，明日12点前答复", "电动牙刷充不进电"


class Floor:
    """The store, and who sits at it."""

    def __init__(self, store: Store, host: FrozenClock) -> None:
        self.store, self.host = store, host

    @asynccontextmanager
    async def sits(self, number: str = "2001") -> AsyncIterator["Chief"]:
        async with at_desk(self.store, find_actor(self.store, number), size=(80, 24)) as desk:
            yield Chief(desk, self)

    def rows(self, kind: type[T], /, **where: object) -> list[T]:
        return rows(self.store, kind, **where)

    def case(self, subject: str) -> Case:
        (found,) = (one for one in self.rows(Case, subject=subject) if one.open or one.closed_at)
        return found

    def holder(self, subject: str) -> str | None:
        owner = self.case(subject).owner_id
        return None if owner is None else self.rows(Staff, id=owner)[0].number

    def asked(self, subject: str) -> Approval:
        return self.rows(Approval, case_id=self.case(subject).id)[-1]

    def told(self, subject: str, kind: str) -> list[CaseText]:
        return self.rows(CaseText, case_id=self.case(subject).id, kind=kind)

    def happened(self, subject: str) -> list[str]:
        with self.store.read() as session:
            return [one.kind for one in events(session, Stream.CASE, self.case(subject).id or 0)]

    def release(self) -> None:
        self.host.move(timedelta(seconds=11))
        release_due(context(self.store, find_actor(self.store, "2001")))


class Chief(Seat):
    """A supervisor, who finds things on the board and opens cases by their numbers."""

    def __init__(self, desk: object, floor: Floor) -> None:
        super().__init__(desk)  # type: ignore[arg-type]
        self.floor = floor

    @property
    def board(self) -> SupervisorScreen:
        assert isinstance(self.desk.screen, SupervisorScreen)
        return self.desk.screen

    async def goes_to(self, code: str, subject: str = "") -> None:
        """A list of the board, and a row of it."""
        if not self.desk.on(SupervisorScreen):
            await self.press("f10", "enter")
        while self.board.shown != code:
            await self.press("tab")
        if subject:
            await self.picks(subject)

    async def picks(self, subject: str) -> None:
        await self.press("home")
        wanted = self.floor.case(subject).id
        for _ in range(len(self.board.list.items)):
            found = self.board.selected_case()
            if found is not None and found[0] == wanted:
                return
            await self.press("down")
        raise AssertionError(f"{subject} is not in this list\n{self.driver.screen_text()}")

    async def lists(self, number: str) -> None:
        """What somebody of the team holds."""
        await self.goes_to("team")
        load = self.board.board.load if self.board.board is not None else ()
        place = next(at for at, one in enumerate(load) if one.number == number)
        await self.press("home", *["down"] * place, "enter")
        assert self.board.shown == "held"

    async def hands_on(self, number: str, why: str) -> None:
        """The selected case, to somebody who is named."""
        await self.press("f7", "4")
        await self.press(f"={number}", "enter", f"={why}", "enter")

    async def opens(self, subject: str) -> None:
        await self.press("f3", f"={self.floor.case(subject).case_no}", "enter", "enter")


@pytest.fixture
def floor(seeded: Seeded, tmp_path: Path, host: FrozenClock) -> Iterator[Floor]:
    with at_work(seeded("S8"), tmp_path, host) as store:
        yield Floor(store, host)
        verdict = verify(store, load_book())
        assert verdict.ok, verdict.first_fault


# What there is


def test_the_evening_is_as_it_is_described(floor: Floor) -> None:
    store = floor.store
    assert (store.now(), store.pace) == (from_iso("2026-11-11T21:00+08:00"), 10)
    ctx = context(store, find_actor(store, "2901"))
    board = supervision.board(ctx)
    assert [one.state for one in board.load if one.number in map(str, range(1001, 1007))].count(
        PersonState.BREAK
    ) == 1
    assert len([one for one in board.load if one.role == "agent"]) == 6
    assert {one.number: one.open for one in board.load}["1004"] == 5
    opened = floor.rows(Case, open=True)
    assert len(opened) == 45
    view = first_page(ctx, parse_filters("", lambda _word: None), limit=100)
    states = {row.case_id: sla_state(row, view.now) for row in view.rows["waiting"]}
    for number in (one.number for one in board.load):
        states |= {one.id: sla_state(one.row, view.now) for one in supervision.board(ctx, number).held}
    named = {one.id: one.subject for one in opened}
    assert {named[one] for one, state in states.items() if state == "now"} == {*DARK, *BACK, MINOR}
    assert {named[one] for one, state in states.items() if state == "over"} == set(LATE)
    assert {one.row.subject for one in board.requests} == {STALE, OWN, LARGE, RELEASE, UNTRUE}
    assert len({floor.case(one).order_id for one in DARK}) == 9


def test_what_must_not_be_kept_was_masked_at_the_door(floor: Floor) -> None:
    (words,) = floor.told("付款失败扣了钱", "description")
    assert "6222" not in words.body and "123456" not in words.body and "0123" in words.body


def test_three_refunds_in_a_month_are_a_flag_and_no_refusal(floor: Floor) -> None:
    desk = Desk(floor.store, find_actor(floor.store, "1006"))
    case_id = desk.to_decision(floor.case("大衣起球掉色").id or 0)
    assert desk.fact(case_id, "history.refunds_30d") == 3
    options = {one.code: one.why for one in desk.stand(case_id).walk.current.options}  # type: ignore[union-attr]
    assert options["approval"] is None and options["approve"] is not None, "somebody else decides"


def test_the_regulator_is_answered_by_noon_and_the_post_came_in_public(floor: Floor) -> None:
    case = floor.case(REGULATOR)
    (owed,) = floor.rows(Promise, case_id=case.id)
    assert (owed.state, owed.due_at) == (PromiseState.OPEN, NOON)
    agency = floor.rows(ClockRow, case_id=case.id, kind="regulator")
    assert (agency[-1].run, agency[-1].outcome) == (RunState.RUNNING, Outcome.OPEN)
    post = floor.rows(Case, channel=Channel.SOCIAL)
    assert [one.kind for one in post] == [CaseKind.COMPLAINT]


# The hour


@pytest.mark.usefixtures("language")
async def test_the_hour_from_the_requests_to_the_hand_over(floor: Floor) -> None:
    async with floor.sits() as chief:
        await requests(chief, floor)
        await outage(chief, floor)
        await a_break(chief, floor)
        await unmasking(chief, floor)
        await regulator(chief, floor)
        await a_minor(chief, floor)
        await twins(chief, floor)
        await hand_over(chief, floor)
    floor.release()
    assert not floor.rows(Refund, case_id=floor.case(STALE).id), "nothing was paid twice"
    for subject in LATE:
        assert not any(one.excused for one in floor.rows(ClockRow, case_id=floor.case(subject).id))


async def requests(chief: Chief, floor: Floor) -> None:
    """First what waits for a decision: neither one's own, nor what changed, nor risk's; no bulk unread."""
    await chief.goes_to("requests", OWN)
    await chief.press("1", "f8")
    chief.sees("是本人提的", "You asked for it yourself")
    await chief.picks(LARGE)
    await chief.press("space")
    assert not chief.board.marked, "what is decided together was read one by one"
    await chief.goes_to("requests", STALE)
    await chief.press("space")
    chief.sees_not("情况已变", "changed")
    await chief.press("enter")
    await chief.goes_to("requests", STALE)
    chief.sees("情况已变", "changed")
    await chief.press("space")
    chief.sees("提交后情况已变", "Not as it was when asked for")
    assert not chief.board.marked, "opening it again would change nothing"
    await chief.press("1", "f8")
    assert floor.asked(STALE).state is ApprovalState.LAPSED
    await chief.picks(UNTRUE)
    await chief.press("3", "=请发实物照片和序列号", "f8")
    await chief.picks(LARGE)
    await chief.press("enter")
    chief.driver.shows("22,000.00")
    await chief.goes_to("requests", LARGE)
    await chief.press("1", "f8")
    assert floor.asked(LARGE).state is ApprovalState.REQUESTED, "not without a note"
    await chief.press("=检测报告已看", "f8")
    await chief.picks(RELEASE)
    chief.sees("由风控决定", "Risk decides it")
    await chief.press("1")
    chief.sees_not("待执行", "Pending")
    await chief.press("f7", "2", "=风险高请风控决定", "enter")
    chief.sees("转风控", "passed on")
    states = {one: floor.asked(one).state for one in (OWN, LARGE, RELEASE, UNTRUE)}
    assert states == {
        OWN: ApprovalState.REQUESTED,
        LARGE: ApprovalState.APPROVED,
        RELEASE: ApprovalState.REQUESTED,
        UNTRUE: ApprovalState.RETURNED,
    }


async def outage(chief: Chief, floor: Floor) -> None:
    """What is late stands first, then what is due first; the nine are told once, nothing is forgotten."""
    await chief.goes_to("soon")
    shown = [one.row.summary for one in (chief.board.board.soon if chief.board.board else ())]
    assert set(shown[: len(LATE)]) == set(LATE)
    assert shown[len(LATE)] == DARK[0] and {*DARK, *BACK} < set(shown)
    for subject in DARK:
        await chief.picks(subject)
        await chief.press("space")
    await chief.press("f5", "=仓库停电 11月13日前发出", "enter")
    for subject in DARK:
        assert [one.body for one in floor.told(subject, "note")] == ["仓库停电 11月13日前发出"]


async def a_break(chief: Chief, floor: Floor) -> None:
    """The five of 1004 go to colleagues, the most urgent first; no clock moves by it."""
    await chief.lists("1004")
    held = [one.row.summary for one in (chief.board.board.held if chief.board.board else ())]
    assert held[:3] == ["电饭煲不加热", DARK[2], DARK[5]] and len(held) == 5
    due = {one: floor.rows(ClockRow, case_id=floor.case(one).id)[0].due_at for one in held}
    for subject, number in zip(held, ("1008", "1007", "1006", "1001", "1006"), strict=True):
        await chief.hands_on(number, "小休请接手")
        assert floor.holder(subject) == number
    chief.sees("名下没有未结工单", "Holds no open case")
    assert due == {one: floor.rows(ClockRow, case_id=floor.case(one).id)[0].due_at for one in held}


async def unmasking(chief: Chief, floor: Floor) -> None:
    """Nothing is unmasked on a colleague's word; the case goes back with a word, which is the decision."""
    await chief.goes_to("raised", UNMASK)
    await chief.press("f9", "f5", "=不解除打码请用掩码核对", "enter")
    await chief.lists("2001")
    await chief.picks(UNMASK)
    await chief.hands_on("1006", "按掩码核对即可")
    assert (floor.holder(UNMASK), floor.case(UNMASK).escalated_to) == ("1006", None)
    with floor.store.read() as session:
        shown = [one for one in events(session, Stream.STAFF, "2001") if one.kind == "customer.revealed"]
    assert not shown


async def regulator(chief: Chief, floor: Floor) -> None:
    await chief.lists("1007")
    await chief.picks(REGULATOR)
    await chief.press("f9", "=监管件我来办", "enter", "2")
    (pack,) = floor.told(REGULATOR, "pack")
    assert "2,399.00" in pack.body and "沈梅" not in pack.body, "masked, with what was paid"


async def a_minor(chief: Chief, floor: Floor) -> None:
    """The way of the guardian: proof is asked for, and nothing refused."""
    await chief.goes_to("soon", MINOR)
    await chief.press("f9", "=我来办", "enter", "1", "8", "1")
    chief.sees("监护", "uardian")
    await chief.press("2", "=5", "enter", "f8")
    case = floor.case(MINOR)
    assert (case.state, case.open) == (CaseState.WAITING_CUSTOMER, True)
    assert {one.letter for one in floor.rows(Notification, case_id=case.id)} == {"N4"}


async def twins(chief: Chief, floor: Floor) -> None:
    """Two about one hairdryer become one, whose clock is the earlier."""
    older, newer = floor.case(TWIN), floor.case("吹风机坏了，再发一次邮件")
    await chief.opens(newer.subject)
    await chief.press("1", "f8")
    assert floor.case(newer.subject).outcome is CaseOutcome.MERGED
    clocks = {one.kind: one.due_at for one in floor.rows(ClockRow, case_id=older.id, run=RunState.RUNNING)}
    assert clocks["after_sale_response"] == older.received_at + timedelta(hours=24)
    (mail,) = floor.rows(ClockRow, case_id=newer.id, kind="email_reply")
    assert mail.outcome is Outcome.MET, "the letter about the merge is the answer"


async def hand_over(chief: Chief, floor: Floor) -> None:
    """The end of the shift: a few words with what is still in hand, and the theme."""
    await chief.press("f10", "9", "2", "=审批剩两件 共性问题仓库停电", "enter")
    (packed,) = floor.rows(ShiftHandover)
    assert packed.group_code == "supervisors"
    items = floor.rows(ShiftItem)
    assert {one.case_id for one in items} == {floor.case(one).id for one in (OWN, REGULATOR, MINOR)}
    for one in items:
        (words,) = floor.rows(CaseText, id=one.text_id)
        assert "共性问题" in words.body


# Traps


async def test_a_release_of_high_risk_is_risks_alone(floor: Floor) -> None:
    async with floor.sits("3001") as risk:
        await risk.goes_to("requests", RELEASE)
        await risk.press("1")
        risk.driver.shows("26,500.00")
    assert floor.asked(RELEASE).state is ApprovalState.REQUESTED, "with the own password, not by a digit"


async def test_the_promised_call_is_broken_and_said_so(floor: Floor) -> None:
    case = floor.case(LATE[2])
    (owed,) = floor.rows(Promise, case_id=case.id)
    assert owed.state is PromiseState.BROKEN and promises.PROMISE in {
        one.kind for one in floor.rows(ClockRow, case_id=case.id, outcome=Outcome.BREACHED)
    }
    flags = {one.flag.value for one in floor.rows(CaseFlagRow, case_id=case.id)}
    assert flags == {"abusive", "promise_broken"}
