"""S7 from its seeded store to the end that a trainer expects, by the keys of three people at 80x24 (D7).

The first caller is not verified, the second is coached, and two people release the wallet in part.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import SQLModel, select

from bdesk import i18n
from bdesk.clock import FrozenClock
from bdesk.data.book.book import load_book
from bdesk.data.store import Store, open_store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    CaseOutcome,
    EvidenceKind,
    WalletState,
)
from bdesk.models.tables import Approval, Case, ClockRow, Freeze, Notification, Task, Wallet
from bdesk.operations import codes, evidence
from bdesk.operations.outbox import release_due
from bdesk.operations.people import find_actor
from bdesk.training.seed import seed_store
from tests.builders import context
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

T = TypeVar("T", bound=SQLModel)

OLD, NEW = "15400007701", "15400007702"


@pytest.fixture(params=["zh", "en"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """The store, and the password of its people."""
    path = tmp_path_factory.mktemp("s7") / "desk.db"
    report = seed_store(f"sqlite:///{path}", size="empty", scenario="S7")
    return path.read_bytes(), report.password


@pytest.fixture
def host() -> FrozenClock:
    return FrozenClock(datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture
def place(seeded: tuple[bytes, str], tmp_path: Path) -> str:
    path = tmp_path / "desk.db"
    path.touch(mode=0o600)
    path.write_bytes(seeded[0])
    return f"sqlite:///{path}"


def rows(store: Store, kind: type[T], /, **where: object) -> list[T]:
    with store.read() as session:
        found = list(session.exec(select(kind).filter_by(**where).order_by(kind.id)))  # type: ignore[attr-defined]
        session.expunge_all()
    return found


async def does(desk: AtDesk, *moves: str) -> None:
    """Keys, and what is typed behind a `=`."""
    for move in moves:
        if move.startswith("="):
            await desk.driver.type(move[1:])
        else:
            await desk.driver.press(move)
        desk.driver.widths_ok()
        # Neither number is ever shown whole, to whoever calls.
        desk.driver.shows_not(OLD, NEW)


async def looks_again(desk: AtDesk) -> None:
    desk.screen.refresh_now()
    await desk.driver.idle()


def sees(desk: AtDesk, zh: str, en: str) -> None:
    desk.driver.shows(zh if i18n.language() == "zh" else en)


def sees_not(desk: AtDesk, zh: str, en: str) -> None:
    desk.driver.shows_not(zh if i18n.language() == "zh" else en)


def system_says(store: Store, case_id: int, result: str) -> None:
    codes.code_result(context(store, find_actor(store, "9001")), case_id, result)


async def test_s7_ends_in_a_limited_release_by_two_people(
    place: str, seeded: tuple[bytes, str], host: FrozenClock
) -> None:
    async with AsyncExitStack() as stack:
        store = stack.enter_context(open_store(place, clock=host))
        agent = find_actor(store, "1001")
        store.start_clock(agent.number)
        async with at_desk(store, agent, size=(80, 24)) as desk:
            case_id = await first_caller(desk, store)
            host.move(timedelta(minutes=30))
            await looks_again(desk)
            await second_caller(desk, store, case_id)
            await recommends(desk, store, case_id)
        # The supervisor reads it at a terminal of their own, and may not decide: the risk is high.
        for number, verdict in (("2001", ApprovalState.REQUESTED), ("3001", ApprovalState.APPROVED)):
            with open_store(place, clock=host) as theirs:
                theirs.start_clock(number)
                async with at_desk(theirs, find_actor(theirs, number), size=(80, 24)) as other:
                    await decides(other, theirs, seeded[1])
            assert [one.state for one in rows(store, Approval)] == [verdict], number
        store.start_clock(agent.number)
        async with at_desk(store, agent, size=(80, 24)) as desk:
            await carries_out(desk, store, case_id, host)
        assert verify(store, load_book()).ok


async def first_caller(desk: AtDesk, store: Store) -> int:
    await does(desk, "f5", "=0707", "enter", "6", "1")
    (case,) = rows(store, Case, kind=CaseKind.UNFREEZE)
    assert case.id is not None
    # Before verification neither the sum nor a number can be read out.
    desk.driver.shows_not("38,600.00", "7702", "1,000.00")
    await does(desk, "=1000.00", "enter", "=7702", "enter")
    sees(desk, "任何人问都", "tell it to nobody")
    await does(desk, "1")
    sees(desk, "未发送", "not sent")  # the trap: no code goes to the number of two days ago
    await does(desk, "2")
    system_says(store, case.id, "failed")
    await looks_again(desk)
    for hint_zh, hint_en in (("号码不对", "wrong number"), ("旧号", "old number")):
        sees_not(desk, hint_zh, hint_en)
    await does(desk, "4", "1")
    assert [one.what for one in rows(store, Task)] == ["risk_check"]
    sees(desk, "再核实", "Verify again")
    await does(desk, "f2", "f5", "f5", "1")
    assert rows(store, Wallet)[0].state is WalletState.FROZEN
    return int(case.id)


async def second_caller(desk: AtDesk, store: Store, case_id: int) -> None:
    """The owner knows another detail and holds the old phone; an "officer" tells him what to do."""
    await does(desk, "f5", "=0707", "enter", "1")
    assert desk.place.current == case_id
    desk.driver.shows_not("38,600.00", "7702")
    await does(desk, "1", "=139.00", "escape", "2", "tab", "=宁波", "escape", "2", "2")
    system_says(store, case_id, "passed")
    await looks_again(desk)
    sees(desk, "已说明，开始询问", "Said; go on to the questions")
    # What set it off is for staff; the words to the caller name neither number nor time.
    said = desk.driver.line_with("话术" if i18n.language() == "zh" else "Say")
    assert "20" not in said and "55" not in said
    await does(desk, "1", "=2", "enter")
    sees(desk, "96110", "96110")
    await does(desk, "1")
    assert {one.what for one in rows(store, Task)} == {"risk_check", "stop_payment"}
    await does(desk, "2", "3")
    assert [one.kind for one in rows(store, Case)] == [CaseKind.UNFREEZE, CaseKind.ACCOUNT_CHANGE]
    sees(desk, "提出不予解除", "Recommend a refusal")
    # The trap: being pushed opens neither a full nor a limited release.
    await does(desk, "1", "1", "2", "f8")
    assert not rows(store, Approval)
    await does(desk, "3")
    evidence.add_evidence(
        context(store, find_actor(store, "1001")),
        case_id,
        EvidenceKind.POLICE_RECEIPT,
        "receipt.jpg",
        "https://evidence.example.com/receipt.jpg",
        900_000,
    )
    await looks_again(desk)


async def recommends(desk: AtDesk, store: Store, case_id: int) -> None:
    sees(desk, "核对完成", "Compared")
    await does(desk, "=1", "enter", "=1", "enter", "=1", "enter", "=2", "enter")
    sees(desk, "发补材料通知并停表", "Ask by letter, stop the clock")
    await does(desk, "2", "1")
    desk.driver.forget_keys()
    await does(desk, "2", f"={rows(store, Wallet)[0].wallet_no[-4:]}", "=报警回执已核对", "enter")
    assert (desk.driver.keys, desk.driver.digits) <= (2, 4), "the ceiling of UX, beside the words"
    sees(desk, "建议部分解除 38,600.00，交风控", "recommend limited release, 38,600.00, to risk")
    await does(desk, "f8")
    (row,) = rows(store, Approval)
    assert (row.planned, row.needs_role, row.amount_fen) == ({"extent": "limited"}, "risk", 3_860_000)
    sees(desk, "撤回，重新提出", "Take back, recommend again")
    # The trap: whoever asked finds no way to decide it.
    sees_not(desk, "看申请并决定", "Read the request and decide")
    await does(desk, "f2", "f5", "f5", "1")


async def decides(desk: AtDesk, store: Store, password: str) -> None:
    number = rows(store, Case)[0].case_no
    await does(desk, "f3", f"={number}", "enter")
    sees(desk, "看申请并决定", "Read the request and decide")
    await does(desk, "1")
    sees(desk, "解冻决定", "Decide on the release")
    desk.driver.shows("38,600.00")
    await does(desk, "1", "=回执和转账记录一致", "enter", f"={password}")
    desk.driver.shows_not(password)
    await does(desk, "f8")


async def carries_out(desk: AtDesk, store: Store, case_id: int, host: FrozenClock) -> None:
    await does(desk, "1", "enter")
    sees(desk, "执行：部分解除", "Carry out: limited release")
    await does(desk, f"={rows(store, Wallet)[0].wallet_no[-4:]}", "enter")
    sees(desk, "执行部分解除 38,600.00", "release: limited release, 38,600.00")
    await does(desk, "f8")
    desk.driver.shows("Ctrl+Z")
    assert rows(store, Wallet)[0].state is WalletState.FROZEN
    host.move(timedelta(seconds=11))
    release_due(context(store, find_actor(store, "1001")))
    await looks_again(desk)
    (wallet,) = rows(store, Wallet)
    assert (wallet.state, rows(store, Freeze)[0].released_at) == (WalletState.LIMITED, None)
    sees(desk, "已提醒，发解冻通知", "Advised; send the notice")
    await does(desk, "1", "f8")
    host.move(timedelta(seconds=11))
    release_due(context(store, find_actor(store, "1001")))
    await looks_again(desk)
    assert [one.letter for one in rows(store, Notification, case_id=case_id)] == ["N13"]
    await does(desk, "1", "1", "1")
    (case,) = rows(store, Case, id=case_id)
    assert case.outcome is CaseOutcome.APPROVED_PARTIAL
    clocks = {one.kind: (one.run, one.outcome) for one in rows(store, ClockRow, case_id=case_id)}
    for kind in ("unfreeze_response", "unfreeze_decision", "unfreeze_legal"):
        assert clocks[kind] == (RunState.STOPPED, Outcome.MET), kind
