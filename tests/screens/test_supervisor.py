"""The supervisor's screen: what it shows, what a digit and F8 do, what it keeps, and its ceilings of keys."""

import asyncio
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bdesk import i18n
from bdesk.clock import FrozenClock
from bdesk.data.journal import events
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import ApprovalState, CaseKind, Role, Stream
from bdesk.models.tables import Approval, Case, CaseText
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import approvals, calls
from bdesk.operations.raising import raise_case
from bdesk.operations.staff.people import find_actor
from bdesk.operations.supervising.reassigning import reassign
from bdesk.screens import navigation
from bdesk.screens.call.screen import CallScreen
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.customer.screen import CustomerScreen
from bdesk.screens.lookup.screen import LookupScreen
from bdesk.screens.menu import MenuModal
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.supervisor.answers import AnswersModal
from bdesk.screens.supervisor.screen import SupervisorScreen
from bdesk.screens.wallet.deciding import DecideModal
from tests.builders import T0, Item, clock_of, context, customer, make_store, open_case, order, person
from tests.operations.desk import Desk
from tests.screens.desks import AtDesk, at_desk

KEPT = Path(__file__).parent / "pictures"
SIZES = [(80, 24), (120, 40)]
TO_BOARD = ("f10", "enter")
patient = pytest.mark.usefixtures("patient_hand")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


ASKED = (("韩梅", 90000), ("马超", 80000), ("欧阳静怡", 2_500_000), ("钱进", 900_000))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store whose agent has asked for four approvals; each comes onto the board by `requested`."""
    folder = tmp_path_factory.mktemp("board")
    with make_store(folder) as store:
        person(store, "2001", Role.SUPERVISOR, name="周岚", group="supervisors")
        desk = Desk(store, person(store, "1001", name="林晓", group="east"))
        for name, amount in ASKED:
            goods = (Item(sku=f"GOODS-{amount}", name="笔记本电脑", price_fen=amount),)
            case_id = desk.to_decision(desk.opened(order(store, customer(store, name=name), items=goods)))
            desk.go(case_id, "approval", why="超出我的权限")
        with store.write("test") as unit:
            for one in unit.session.scalars(select(Approval)):
                one.state = ApprovalState.WITHDRAWN
            unit.commit()
    return (folder / "desk.db").read_bytes()


@pytest.fixture
def store(made: bytes, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "desk.db"
    path.touch(mode=0o600)
    path.write_bytes(made)
    with open_store(f"sqlite:///{path}", clock=FrozenClock(T0)) as opened:
        yield opened


@pytest.fixture
def chief(store: Store) -> ActorView:
    return find_actor(store, "2001")


@pytest.fixture
def agent(store: Store) -> ActorView:
    return find_actor(store, "1001")


def requested(store: Store, name: str = "韩梅") -> int:
    """A request that waits; its number."""
    number = 1 + [one for one, _amount in ASKED].index(name)
    with store.write("test") as unit:
        found = unit.session.get_one(Approval, number)
        found.state, found.requested_at = ApprovalState.REQUESTED, unit.now
        found.lapses_at = unit.now + timedelta(hours=24)
        unit.commit()
    return number


def row(store: Store, number: int) -> Approval:
    with store.read() as session:
        found = session.get_one(Approval, number)
        session.expunge(found)
    return found


def row_of(store: Store, case_id: int) -> str:
    with store.read() as session:
        return session.get_one(Case, case_id).case_no


def words_of(store: Store, kind: str) -> list[str]:
    with store.read() as session:
        from sqlmodel import col, select

        return [
            one.body
            for one in session.scalars(
                select(CaseText).where(CaseText.kind == kind).order_by(col(CaseText.id))
            )
        ]


def board(desk: AtDesk) -> SupervisorScreen:
    assert isinstance(desk.screen, SupervisorScreen)
    return desk.screen


def said(zh: str, en: str) -> str:
    return zh if i18n.language() == "zh" else en


def urgent_case(store: Store, minutes: int, **values: Any) -> int:
    return open_case(store, received_at=T0 - timedelta(hours=24) + timedelta(minutes=minutes), **values)


def furnish(store: Store, agent: ActorView) -> None:
    """What a board is full of: two requests, a raised case, one that will soon be late."""
    requested(store)
    clock_of(store).move(timedelta(minutes=7))
    requested(store, "欧阳静怡")
    placed = order(store, customer(store, name="马超"))
    raised = open_case(store, order_id=placed.id, owner=agent, subject="要求见主管")
    raise_case(context(store, agent), raised, "supervisor", "客户要求见主管, 说已经打过三次电话")
    urgent_case(store, 25, subject="杯子碎了", customer_id=placed.customer_id)


# What it shows


@pytest.mark.parametrize("size", SIZES)
async def test_the_board_is_as_it_was_looked_at(
    store: Store, chief: ActorView, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    furnish(store, agent)
    changed = []
    async with at_desk(store, chief, size=size) as desk:
        await desk.driver.press(*TO_BOARD)
        for code in board(desk).codes:
            shown = desk.driver.widths_ok().screen_text() + "\n"
            kept = KEPT / f"board_{code}_{size[0]}_{language}.txt"
            if os.environ.get("BDESK_KEEP_PICTURES"):
                kept.write_text(shown, encoding="utf-8")
            if shown != kept.read_text(encoding="utf-8"):
                changed.append(kept.name)
            await desk.driver.press("tab")
    assert not changed, "look, then keep them anew"


async def test_an_empty_board_says_what_it_would_show(store: Store, chief: ActorView, language: str) -> None:
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.shows(said("没有等审批的申请", "Nothing waits for a decision")).widths_ok()
        await desk.driver.press("1", "f8", "space", "enter", "f4", "f5", "f7", "f9", "tab")
        desk.driver.shows(said("没有升级过来的工单", "No case is raised to you"))
        await desk.driver.press("tab")
        desk.driver.shows(said("本队没有超时", "No clock of the team")).widths_ok()


@pytest.mark.parametrize("role", [Role.SENIOR, Role.SUPERVISOR, Role.MANAGER, Role.RISK])
async def test_the_menu_leads_there(store: Store, role: Role) -> None:
    who = person(store, "5001", role)
    async with at_desk(store, who, size=(80, 24)) as desk:
        await desk.driver.press("f10")
        await desk.driver.type("zbt")
        await desk.driver.press("enter")
        board(desk)
        await desk.driver.press("f10")
        desk.driver.shows_not("requests, raised cases")
        await desk.driver.press("escape", "f2")
        assert desk.on(QueueScreen)


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
async def test_who_decides_nothing_has_no_way_there(store: Store, role: Role) -> None:
    who = person(store, "5001", role)
    async with at_desk(store, who, size=(80, 24)) as desk:
        await desk.driver.press("f10")
        desk.driver.shows_not("requests, raised cases")
        await desk.driver.press("escape")
        # Nor does pushing the screen show them anything: the read itself refuses.
        await desk.driver.run(lambda: navigation.push_board(desk.screen))
        desk.driver.shows("you decide no requests")


async def test_sums_and_reasons_are_hidden_during_a_call(store: Store, chief: ActorView) -> None:
    number = requested(store)
    calls.start_call(context(store, chief))
    async with at_desk(store, chief, size=(120, 40)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.shows("韩**", "****").shows_not("900.00", "超出我的权限")
        await desk.driver.press("1", "f8", "space")
        desk.driver.shows("Not during a call").shows_not("Pending")
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
    assert row(store, number).state is ApprovalState.REQUESTED


# One request


@patient
async def test_approving_takes_a_digit_and_f8(store: Store, chief: ActorView) -> None:
    number = requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.forget_keys()
        await desk.driver.press("1")
        desk.driver.shows("Pending", "Approve  refund  900.00  韩**")
        assert row(store, number).state is ApprovalState.REQUESTED
        await desk.driver.press("f8")
        assert (desk.driver.keys, desk.driver.digits) == (2, 0), "the ceiling"
        desk.driver.shows("Nothing waits for a decision").shows_not("Pending").widths_ok()
    assert (row(store, number).state, row(store, number).decided_by) == (ApprovalState.APPROVED, "2001")


async def test_f8_before_the_strip_could_be_read_does_nothing(
    store: Store, chief: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(CaseScreen, "seconds", staticmethod(lambda: now[0]))
    number = requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        await desk.driver.burst("1", "f8")
        now[0] += 0.29
        await desk.driver.press("f8")
        desk.driver.shows("press again")
        assert row(store, number).state is ApprovalState.REQUESTED
        now[0] += 0.3
        await desk.driver.press("f8")
    assert row(store, number).state is ApprovalState.APPROVED


@patient
@pytest.mark.parametrize(("digit", "state"), [("2", ApprovalState.REFUSED), ("3", ApprovalState.RETURNED)])
async def test_saying_no_takes_words_too(
    store: Store, chief: ActorView, digit: str, state: ApprovalState, language: str
) -> None:
    number = requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.forget_keys()
        await desk.driver.press(digit, "f8")
        desk.driver.shows(said("需要", "A few words are needed"))
        assert row(store, number).state is ApprovalState.REQUESTED
        await desk.driver.type("请补一张开箱照片")
        desk.driver.shows("请补一张开箱照片", said("待执行", "Pending")).widths_ok()
        desk.driver.forget_keys()
        await desk.driver.press("f8")
        assert desk.driver.keys == 1
    assert (row(store, number).state, row(store, number).question) == (state, "请补一张开箱照片")


@patient
async def test_words_survive_esc_the_queue_and_a_crash(
    store: Store, chief: ActorView, tmp_path: Path
) -> None:
    number, drafts = requested(store), tmp_path / "drafts.db"
    async with at_desk(store, chief, size=(80, 24), drafts=drafts) as desk:
        await desk.driver.press(*TO_BOARD, "3")
        await desk.driver.type("请补照片")
        await desk.driver.press("escape")
        desk.driver.shows_not("Pending")
        await desk.driver.press("3")
        desk.driver.shows("请补照片", "Pending")
        await desk.driver.press("f2", *TO_BOARD)
        desk.driver.shows("请补照片", "Pending")
    async with at_desk(store, chief, size=(80, 24), drafts=drafts) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.shows("请补照片", "Pending")
        assert row(store, number).state is ApprovalState.REQUESTED
        await desk.driver.press("f8")
        await desk.driver.press("f2", *TO_BOARD)
        desk.driver.shows_not("Pending", "请补照片")
    assert row(store, number).question == "请补照片"


@patient
async def test_a_very_large_sum_asks_for_the_note(store: Store, chief: ActorView) -> None:
    number = requested(store, "欧阳静怡")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "1", "f8")
        desk.driver.shows("A few words are needed")
        await desk.driver.type("财务已核对")
        await desk.driver.press("f8")
    assert row(store, number).state is ApprovalState.APPROVED


@patient
async def test_risk_is_asked_and_answers_at_their_own_board(
    store: Store, chief: ActorView, language: str
) -> None:
    number = requested(store)
    risk = person(store, "3001", Role.RISK, name="邓博文", group="risk")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "4")
        await desk.driver.type("近期有异常登录吗")
        await desk.driver.press("f8", "1")
        desk.driver.shows(
            said("等风控", "risk asked"), said("已问风控，还没有答复", "Risk was asked and has not")
        ).widths_ok()
        desk.driver.shows_not(said("待执行", "Pending"))
    async with at_desk(store, risk, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.shows("近期有异常登录吗").widths_ok()
        await desk.driver.press("1")
        desk.driver.shows_not(said("待执行", "Pending"))
        await desk.driver.press("4")
        await desk.driver.type("没有异常")
        await desk.driver.press("f8")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.shows("没有异常", said("风控已答", "risk said"))
        await desk.driver.press("1", "f8")
    assert row(store, number).state is ApprovalState.APPROVED


async def test_what_is_not_mine_stays_grey_and_says_why(store: Store, chief: ActorView) -> None:
    requested(store, "钱进")
    senior = person(store, "1500", Role.SENIOR, group="senior")
    async with at_desk(store, senior, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "1")
        desk.driver.shows("Above what you may decide").shows_not("Pending")


@patient
async def test_one_decided_by_somebody_else_meanwhile_is_dropped(store: Store, chief: ActorView) -> None:
    number = requested(store)
    other = person(store, "2002", Role.SUPERVISOR)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "1")
        desk.driver.shows("Pending")
        approvals.decide(context(store, other), number, "refuse", "不同意")
        desk.screen.refresh_now()
        await desk.driver.idle()
        desk.driver.shows("decided or taken back by now", "gone").shows_not("Pending").widths_ok()
        await desk.driver.press("f8", "0")
        desk.driver.shows("Nothing waits for a decision")
    assert row(store, number).state is ApprovalState.REFUSED


# Passing on


@patient
async def test_f7_passes_on_in_three_keys_and_words(store: Store, chief: ActorView) -> None:
    number = requested(store)
    second = person(store, "2002", Role.SUPERVISOR)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        desk.driver.forget_keys()
        await desk.driver.press("f7")
        desk.driver.shows(
            "A second supervisor, or a manager", "Risk decides nothing of this kind"
        ).widths_ok()
        await desk.driver.press("1")
        await desk.driver.type("客户是我的邻居")
        await desk.driver.press("enter")
        assert desk.driver.keys == 3, "the ceiling: raise 3K"
        desk.driver.shows("passed on", "客户是我的邻居")
        await desk.driver.press("1")
        desk.driver.shows("Passed on to supervisor").shows_not("Pending")
    async with at_desk(store, second, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "1", "f8")
    assert row(store, number).decided_by == "2002"


@patient
async def test_f7_3_sends_back_with_a_question(store: Store, chief: ActorView) -> None:
    number = requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "f7", "3")
        await desk.driver.type("哪一张是开箱照片")
        desk.driver.shows("Back with a question  refund")
        await desk.driver.press("f8")
    assert row(store, number).state is ApprovalState.RETURNED


# Many


async def read_through(desk: AtDesk, times: int) -> None:
    """Open each request once and come back."""
    for _ in range(times):
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
        await desk.driver.press("escape")
        board(desk)
        await desk.driver.press("down")


@patient
async def test_many_are_read_marked_retyped_and_answered_one_by_one(
    store: Store, chief: ActorView, language: str
) -> None:
    first, second = requested(store), requested(store, "马超")
    other = person(store, "2002", Role.SUPERVISOR)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "space")
        desk.driver.shows(said("先打开看", "Open it first"))
        await read_through(desk, 2)
        await desk.driver.press("space", "up", "space")
        assert desk.place.board.marked == {first, second}
        desk.driver.shows(said("已标记 2", "Marked 2")).widths_ok()
        desk.driver.forget_keys()
        await desk.driver.press("1")
        desk.driver.shows("1,700.00").shows_not(said("待执行", "Pending"))
        await desk.driver.type("3")
        await desk.driver.press("enter")
        await desk.driver.type("1700")
        await desk.driver.press("f8")
        desk.driver.shows_not(said("待执行", "Pending"))
        assert row(store, first).state is ApprovalState.REQUESTED
        await desk.driver.press("shift+tab", "backspace")
        await desk.driver.type("2")
        desk.driver.shows(said("待执行", "Pending")).widths_ok()
        # What F8 would do can be read: whose, and how much each.
        desk.driver.shows("韩** 900.00", said("件数  2", "Count 2"))
        approvals.decide(context(store, other), second, "refuse", "重复申请")
        await desk.driver.press("f8")
        assert desk.on(AnswersModal)
        desk.driver.shows(
            said("2 件中决定了 1 件", "1 of 2 decided"), row_no(store, first), row_no(store, second)
        ).widths_ok()
        await desk.driver.press("enter")
        board(desk)
        assert desk.place.board.marked == frozenset()
    assert [row(store, one).state.value for one in (first, second)] == ["approved", "refused"]


def row_no(store: Store, number: int) -> str:
    with store.read() as session:
        return session.get_one(Case, session.get_one(Approval, number).case_id).case_no


@patient
async def test_many_within_the_ceiling(store: Store, chief: ActorView) -> None:
    """Marked ones: digit, count, Enter, sum, F8: three keys beside what is retyped."""
    for name in ("韩梅", "马超"):
        requested(store, name)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD)
        await read_through(desk, 2)
        await desk.driver.press("space", "up", "space")
        desk.driver.forget_keys()
        await desk.driver.press("1")
        await desk.driver.type("2")
        await desk.driver.press("enter")
        await desk.driver.type("1700")
        await desk.driver.press("f8")
        assert (desk.driver.keys, desk.driver.digits) == (3, 5)
        desk.driver.shows("2 of 2 decided")


@patient
async def test_a_mark_goes_with_a_new_choice_and_with_esc(store: Store, chief: ActorView) -> None:
    number = requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "1")
        await read_through(desk, 1)
        await desk.driver.press("space")
        assert desk.place.board.marked == {number}
        await desk.driver.press("4")
        desk.driver.shows("One request at a time")
        await desk.driver.press("escape")
        assert desk.place.board.marked == frozenset()
        await desk.driver.press("escape")
        assert desk.on(QueueScreen)


# A release


async def test_a_release_goes_to_its_own_question(store: Store, chief: ActorView, agent: ActorView) -> None:
    case_id = open_case(store, owner=agent, kind=CaseKind.UNFREEZE, customer_id=customer(store))
    with store.write("1001") as unit:
        unit.session.add(
            Approval(
                case_id=case_id, step="s", option="o", action="unfreeze", facts_digest="", amount_fen=231_050,
                needs_role="supervisor", requested_by="1001", requested_at=unit.now, reason="材料齐全",
                lapses_at=unit.now + timedelta(hours=24),
            )
        )  # fmt: skip
        unit.commit()
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "space")
        desk.driver.shows("A release is decided by itself")
        await desk.driver.press("1")
        assert desk.on(DecideModal)
        await desk.driver.press("escape")
        board(desk)
    assert row(store, len(ASKED) + 1).state is ApprovalState.REQUESTED


async def test_the_chip_of_a_request_is_the_more_urgent_of_case_and_request(
    store: Store, chief: ActorView, language: str
) -> None:
    number = requested(store)
    with store.write("test") as unit:
        case = unit.session.get_one(Case, row(store, number).case_id)
        case.queue_at = unit.now - timedelta(minutes=3)
        unit.commit()
    for size in SIZES:
        async with at_desk(store, chief, size=size) as desk:
            await desk.driver.press(*TO_BOARD)
            desk.driver.shows(said("超 ", "OVR")).widths_ok()
            desk.driver.shows(said("+3分", "+3m"), said("审批", "Approve"))


# Raised and pressed cases


async def test_taking_over_a_raised_case_is_one_key(store: Store, chief: ActorView, agent: ActorView) -> None:
    furnish(store, agent)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab")
        desk.driver.shows("客户要求见主管").forget_keys()
        await desk.driver.press("f9")
        assert desk.driver.keys == 1
        assert desk.on(CaseScreen)
        taken = desk.place.current
        await desk.driver.press("escape")
        board(desk)
        desk.driver.shows("No case is raised to you")
    with store.read() as session:
        assert session.get_one(Case, taken).owner_id == chief.id


def case_row(store: Store, case_id: int) -> Case:
    with store.read() as session:
        found = session.get_one(Case, case_id)
        session.expunge(found)
    return found


async def test_a_case_is_taken_from_a_colleague_with_a_reason(
    store: Store, chief: ActorView, agent: ActorView
) -> None:
    case_id = urgent_case(store, 10, owner=agent)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f9")
        desk.driver.shows("over from 林晓").widths_ok()
        await desk.driver.type("快超时了，坐席在通话")
        assert case_row(store, case_id).owner_id == agent.id
        await desk.driver.press("enter")
        assert desk.on(CaseScreen)
    assert case_row(store, case_id).owner_id == chief.id


async def test_what_is_late_is_excused_from_the_board(
    store: Store, chief: ActorView, agent: ActorView, language: str
) -> None:
    late = urgent_case(store, -200, owner=agent)
    urgent_case(store, 10, owner=agent)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab")
        desk.driver.line_with("▐1").index(said("超 +3h20", "OVR  +3h20"))
        desk.driver.widths_ok()
        await desk.driver.press("f7", "8")
        # Which, when it was due, and by how much it was missed.
        desk.driver.shows(said("退款审核", "Refund review")).widths_ok()
        assert "+3h20" in desk.driver.line_with(said("退款审核", "Refund review"))
        await desk.driver.press("1")
        await desk.driver.type("系统故障")
        await desk.driver.press("enter")
    with store.read() as session:
        found = events(session, Stream.CASE, late)
    assert [one.kind for one in found if one.kind == "clock.excused"] == ["clock.excused"]


async def test_a_senior_takes_nothing_from_a_colleague(store: Store, agent: ActorView) -> None:
    case_id = urgent_case(store, 10, owner=agent)
    senior = person(store, "1500", Role.SENIOR, group="east")
    async with at_desk(store, senior, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f9")
        desk.driver.shows("Somebody works on it; a supervisor takes it over")
        await desk.driver.press("f7", "4")
        desk.driver.shows("Supervisors only")
        await desk.driver.press("1")
        await desk.driver.type("快超时了")
        await desk.driver.press("enter")
    case = case_row(store, case_id)
    assert (case.owner_id, case.escalated_to) == (agent.id, "supervisor")


async def test_f7_4_gives_the_case_to_somebody_else(
    store: Store, chief: ActorView, agent: ActorView, language: str
) -> None:
    case_id = urgent_case(store, 10, owner=agent)
    other = person(store, "1002", name="陈佳", group="east")
    person(store, "1003", name="方立新", group="east")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f7", "4")
        desk.driver.shows("陈佳").shows_not("林晓  ").widths_ok()
        # A number is typed whole; its digits pick nobody. One that is unknown, or begins many, gives nothing.
        for typed in ("9", "1", ""):
            await desk.driver.type(typed)
            await desk.driver.press("enter")
            desk.driver.shows(said("由谁处理", "Who works on")).widths_ok()
            await desk.driver.press("backspace")
        assert case_row(store, case_id).owner_id == agent.id
        await desk.driver.type("1002")
        await desk.driver.press("enter")
        # Who gets it stands there before it is done.
        desk.driver.shows("陈佳 1002").shows_not("方立新").widths_ok()
        await desk.driver.type("林晓手上太多")
        desk.driver.widths_ok()
        assert case_row(store, case_id).owner_id == agent.id
        await desk.driver.press("enter")
    assert case_row(store, case_id).owner_id == other.id


async def test_somebody_is_gone_to_with_the_arrows_or_named(
    store: Store, chief: ActorView, agent: ActorView
) -> None:
    case_id = urgent_case(store, 10, owner=agent)
    person(store, "1002", name="陈佳", group="east")
    third = person(store, "1003", name="方立新", group="east")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f7", "4")
        await desk.driver.type("方立")
        desk.driver.shows("方立新").shows_not("陈佳")
        await desk.driver.press("escape", "f7", "4")
        while not desk.driver.line_with("▸").count("方立新") if "▸" in desk.driver.screen_text() else True:
            await desk.driver.press("down")
        await desk.driver.press("enter")
        desk.driver.shows("Give", "方立新 1003")
        await desk.driver.type("换人")
        await desk.driver.press("enter")
    assert case_row(store, case_id).owner_id == third.id


async def test_a_note_goes_to_the_case_of_the_row(store: Store, chief: ActorView, language: str) -> None:
    requested(store)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "f5")
        await desk.driver.type("已电话问过仓库")
        desk.driver.widths_ok()
        await desk.driver.press("escape", "f5")
        desk.driver.shows("已电话问过仓库")
        await desk.driver.press("enter")
        desk.driver.shows_not("已电话问过仓库")
    assert words_of(store, "note") == ["已电话问过仓库"]


async def test_other_keys_lead_where_they_say(store: Store, chief: ActorView, agent: ActorView) -> None:
    furnish(store, agent)
    async with at_desk(store, chief, size=(120, 40)) as desk:
        await desk.driver.press(*TO_BOARD, "f4")
        assert desk.on(CustomerScreen)
        await desk.driver.press("escape", "f3")
        assert desk.on(LookupScreen)
        await desk.driver.press("f3")
        board(desk)
        await desk.driver.type("欧阳")
        await desk.driver.press("enter")
        desk.driver.shows("欧阳**")
        assert [one.row.customer for one in board(desk).list.items] == ["欧阳**"]
        await desk.driver.press("escape")
        assert len(board(desk).list.items) == 2
        await desk.driver.press("f6")
        desk.driver.shows("put aside from the case itself")
        await desk.driver.press("f10")
        assert desk.on(MenuModal)


async def test_a_ringing_call_is_answered_from_the_board(store: Store, chief: ActorView) -> None:
    async with at_desk(store, chief, size=(80, 24)) as desk:
        calls.ring(context(store, person(store, role=Role.ADMIN)), "13800006621", "2001")
        desk.screen.refresh_now()
        await desk.driver.idle()
        await desk.driver.press(*TO_BOARD)
        await desk.driver.press("f9")
        assert desk.on(CallScreen)


async def test_the_list_does_not_move_under_the_cursor(store: Store, chief: ActorView) -> None:
    first, second = requested(store), requested(store, "马超")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "down")
        assert board(desk).list.selected_id == second
        third = requested(store, "钱进")
        with store.write("test") as unit:
            unit.session.get_one(Approval, third).lapses_at = unit.now + timedelta(minutes=5)
            unit.append(Stream.STAFF, "2001", "staff.state", {"state": "online"})
            unit.commit()
        desk.screen.refresh_now()
        await desk.driver.idle()
        desk.driver.shows("1 changes not sorted in").shows_not("钱**")
        assert [one.id for one in board(desk).list.items] == [first, second]
        await desk.driver.press("0")
        assert [one.id for one in board(desk).list.items] == [third, first, second]
        assert board(desk).list.selected_id == second


async def test_tab_turns_the_lists_of_the_queue_too(store: Store, agent: ActorView) -> None:
    mine, waiting = open_case(store, owner=agent), open_case(store)
    async with at_desk(store, agent, size=(80, 24)) as desk:
        queue = desk.screen
        assert isinstance(queue, QueueScreen)
        queue.list.select(mine)
        await desk.driver.press("tab")
        assert queue.list.selected_id == waiting


# A supervisor's other deeds


def kinds_of(store: Store, case_id: int) -> list[str]:
    with store.read() as session:
        return [one.kind for one in events(session, Stream.CASE, case_id)]


async def test_one_note_goes_to_every_marked_case(store: Store, chief: ActorView, agent: ActorView) -> None:
    cases = [urgent_case(store, minutes, owner=agent) for minutes in (10, 12, 14)]
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "space", "down", "space", "f5")
        desk.driver.shows("2 cases").widths_ok()
        await desk.driver.type("华东仓今天停电，晚上恢复")
        await desk.driver.press("enter")
        assert desk.place.board.cases == frozenset()
    with store.read() as session:
        told = [one.case_id for one in session.scalars(select(CaseText).where(CaseText.kind == "note"))]
    assert sorted(told) == cases[:2]


async def test_another_kind_by_the_menu_of_deeds(
    store: Store, chief: ActorView, agent: ActorView, language: str
) -> None:
    placed = order(store, customer(store))
    case_id = urgent_case(store, 10, owner=agent, order_id=placed.id)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f7")
        desk.driver.shows(said("超时免责", "Excuse a missed due time")).widths_ok()
        await desk.driver.press("6", "0")
        desk.driver.shows(said("投诉", "complaint")).widths_ok()
        line = desk.driver.line_with(said("投诉", "complaint"))
        await desk.driver.press(next(character for character in line if character.isdigit()))
        await desk.driver.type("客户要投诉")
        await desk.driver.press("enter")
    assert case_row(store, case_id).kind is CaseKind.COMPLAINT


async def test_a_case_goes_into_another_of_the_same_customer(
    store: Store, chief: ActorView, agent: ActorView
) -> None:
    placed = order(store, customer(store))
    first = urgent_case(store, 10, owner=agent, order_id=placed.id)
    into = open_case(store, order_id=placed.id, owner=agent)
    open_case(store, order_id=placed.id, owner=agent)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f7", "5")
        # The others are listed, and no digit of a number that is typed whole picks one of them.
        desk.driver.shows(case_row(store, into).case_no, "By its number").widths_ok()
        await desk.driver.type(case_row(store, into).case_no)
        await desk.driver.press("enter")
        desk.driver.shows(case_row(store, into).case_no).widths_ok()
        await desk.driver.type("同一件事")
        await desk.driver.press("enter")
    assert not case_row(store, first).open


async def test_the_rules_in_use_now_are_looked_at_before_they_are_taken(
    store: Store, chief: ActorView, agent: ActorView
) -> None:
    case_id = urgent_case(store, 10, owner=agent)
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "tab", "f7", "8")
        desk.driver.shows("No due time was missed on this case")
        await desk.driver.press("f7", "7")
        desk.driver.shows("No due time and no answer changes").widths_ok()
        assert "case.migrated" not in kinds_of(store, case_id)
        await desk.driver.type("新规则即日适用")
        await desk.driver.press("enter")
        assert kinds_of(store, case_id)[-1] == "case.migrated"
        await desk.driver.press("f7", "7")
        desk.driver.shows("rules in use now already")


async def test_a_missed_due_time_is_excused_with_a_reason(
    store: Store, chief: ActorView, agent: ActorView
) -> None:
    late = urgent_case(store, -30, owner=agent)
    raise_case(context(store, agent), late, "supervisor", "已经超时")
    async with at_desk(store, chief, size=(80, 24)) as desk:
        await desk.driver.press(*TO_BOARD, "tab", "f7", "8", "1")
        await desk.driver.type("仓库停电")
        await desk.driver.press("enter")
    assert kinds_of(store, late)[-1] == "clock.excused"


async def test_what_was_read_before_a_deed_does_not_stand_for_what_came_of_it(
    store: Store, chief: ActorView, agent: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read of a moment before ends after the deed: the row that is done goes all the same, and the next one
    is selected, not nothing."""
    first, second = urgent_case(store, 20, owner=agent), urgent_case(store, 25, owner=agent)
    async with at_desk(store, chief) as desk:
        await desk.driver.press(*TO_BOARD)
        while board(desk).shown != "team":
            await desk.driver.press("tab")
        seen = board(desk).board
        assert seen is not None
        board(desk).list.select(next(one.id for one in seen.load if one.number == "1001"))
        await desk.driver.press("enter")
        assert board(desk).selected_case() == (first, row_of(store, first))
        read, was_read, goes_on = desk.place.desk.read, asyncio.Event(), asyncio.Event()

        async def slow(*args: Any, **kwargs: Any) -> Any:
            found = await read(*args, **kwargs)
            was_read.set()
            await goes_on.wait()
            return found

        monkeypatch.setattr(desk.place.desk, "read", slow)
        board(desk).refresh_now()
        await was_read.wait()
        reassign(context(store, chief), first, "2001", "小休")
        board(desk).settle()
        monkeypatch.setattr(desk.place.desk, "read", read)
        goes_on.set()
        await desk.driver.idle()
        board(desk).refresh_now()
        await desk.driver.idle()
        assert board(desk).selected_case() == (second, row_of(store, second))
        assert not board(desk).list.gone
