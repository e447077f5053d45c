"""Scenario S4 worked by operations: four returns without a reason, each to the end its trainer expects."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bdesk.clock import FrozenClock
from bdesk.data.core import CASE
from bdesk.data.store import Store, open_store
from bdesk.models.kinds import CaseFlag, CaseOutcome, CaseState, RejectCode
from bdesk.models.tables import CaseFlagRow, CaseText, GoodsReturn, Task
from bdesk.operations import approvals, queue, tasks
from bdesk.operations.ports import Ports, simulated
from bdesk.operations.staff.people import find_actor
from bdesk.training.seed import seed_store
from tests.operations.desk import Desk, must_add_up

ADDRESS = "苏州市训练路1号退货仓"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("s4") / "desk.db"
    seed_store(f"sqlite:///{path}", size="empty", scenario="S4")
    return path.read_bytes()


@pytest.fixture
def host() -> FrozenClock:
    """The clock of the machine: the store's own runs with it, from the scenario's anchor."""
    return FrozenClock(datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture
def store(seeded: bytes, tmp_path: Path, host: FrozenClock) -> Iterator[Store]:
    path = tmp_path / "desk.db"
    path.touch(mode=0o600)
    path.write_bytes(seeded)
    with open_store(f"sqlite:///{path}", clock=host) as made:
        made.start_clock("1001")
        yield made


@pytest.fixture
def ports() -> Ports:
    return simulated()


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return Desk(store, find_actor(store, "1001"), ports)


def case_about(desk: Desk, subject: str) -> int:
    """The case of a subject, taken, its number told and led to the question of this scenario."""
    with desk.store.read() as session:
        case_id = session.execute(select(CASE.c.id).where(CASE.c.subject == subject)).scalar_one()
    if desk.case(case_id).owner_id is None:
        queue.claim(desk.ctx, case_id)
    assert desk.step(case_id) == "confirm"
    assert desk.fact(case_id, "return.kind") == "return", "the form says what is wanted"
    assert desk.option(case_id, "right").primary
    return int(case_id)


def letter(desk: Desk, case_id: int) -> str:
    return desk.rows(CaseText, case_id=case_id, kind="letter")[-1].body


def test_confirmed_when_ordering_is_rejected_in_writing(desk: Desk, ports: Ports) -> None:
    case_id = case_about(desk, "定制手机壳不想要了")
    for option in ("right", "letter", "excluded", "excluded_class"):
        desk.go(case_id, option)
    body = letter(desk, case_id)
    for part in ("不支持无理由退货", "下单时已确认", "第二十五条", "申诉", "10月23日"):
        assert part in body, part
    desk.release()
    desk.go(case_id, "close")
    case = desk.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, CaseOutcome.REJECTED)
    assert case.reject_code is RejectCode.EXCLUDED_CLASS
    must_add_up(desk.store, [ports])


def test_without_a_confirmation_the_return_is_accepted_and_the_gap_reported(desk: Desk, ports: Ports) -> None:
    case_id = case_about(desk, "定制手机壳不合适")
    for option in ("right", "letter"):
        desk.go(case_id, option)
    assert desk.option(case_id, "excluded").offer == "refused"
    desk.go(case_id, "gap")
    desk.go(case_id, "send", return_to=ADDRESS)
    assert [row.flag for row in desk.rows(CaseFlagRow, case_id=case_id)] == [CaseFlag.DATA_GAP]
    assert [row.what for row in desk.rows(Task, case_id=case_id)] == ["data_gap"]
    assert len(desk.rows(GoodsReturn, case_id=case_id)) == 1
    must_add_up(desk.store, [ports])


def test_rotten_cherries_are_approved_by_a_supervisor_without_coming_back(
    desk: Desk, ports: Ports, host: FrozenClock
) -> None:
    case_id = case_about(desk, "樱桃烂了一半")
    assert desk.fact(case_id, "evidence.hours_after_signing") == 6
    for option in ("right", "letter", "no_return"):
        desk.go(case_id, option)
    assert desk.option(case_id, "approve").offer == "refused"
    desk.go(case_id, "approval", why="签收6小时内的照片，明显腐烂")
    chief = Desk(desk.store, find_actor(desk.store, "2001"), ports)
    approvals.decide(chief.ctx, 1, "approve")
    desk.go(case_id, "refund")
    host.move(timedelta(seconds=11))
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    must_add_up(desk.store, [ports])


def test_the_last_day_moved_past_the_holiday_to_today(desk: Desk, ports: Ports, host: FrozenClock) -> None:
    case_id = case_about(desk, "羽绒服买大了")
    assert desk.fact(case_id, "parcel.signed_on") == date(2026, 9, 30)
    assert desk.fact(case_id, "window.ends_on") == date(2026, 10, 8), "10-07 is a holiday, 10-08 is not"
    assert desk.fact(case_id, "window.open") is True
    for option in ("right", "letter", "complete"):
        desk.go(case_id, option)
    desk.go(case_id, "send", return_to=ADDRESS)
    desk.go(case_id, "sent", carrier="yunda", waybill="4300004040999")
    task = desk.rows(Task, case_id=case_id)[-1]
    host.move(timedelta(days=2))
    tasks.answer_task(desk.ctx, task.id or 0, "吊牌完好，未穿着", "ok")
    desk.go(case_id, "approve")
    host.move(timedelta(seconds=11))
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    must_add_up(desk.store, [ports])
