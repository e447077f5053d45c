"""F6 and F7 on due times by digits alone, at 80x24 and 120x40, in both languages."""

from datetime import UTC, timedelta

import pytest
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseKind, Channel, CheckResult, Factor, PromiseState, Role, VerificationLevel
from bdesk.models.tables import Case, ClockRow, Customer, Promise, VerificationAttempt
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import calls, messages
from bdesk.rules.verification import LOCK
from tests.builders import context, customer, open_case, person
from tests.screens.desks import AtDesk, at_desk

pytestmark = pytest.mark.usefixtures("patient_hand")

SIZES = [(80, 24), (120, 40)]


def case_with(store: Store, agent: ActorView, *clocks: str) -> int:
    buyer = customer(store, name="王丽", phone="15400000037")
    return open_case(
        store, customer_id=buyer, kind=CaseKind.APPEAL, channel=Channel.EMAIL, clocks=clocks, owner=agent
    )


def clock_of_case(store: Store, case_id: int, kind: str) -> ClockRow:
    with store.read() as session:
        rows = select(ClockRow).where(ClockRow.case_id == case_id, ClockRow.kind == kind)
        found = session.exec(rows.order_by(ClockRow.id)).all()[-1]  # type: ignore[arg-type]
        session.expunge(found)
    return found


async def pressed(desk: AtDesk, *keys: str) -> None:
    await desk.driver.press(*keys)
    desk.driver.widths_ok()


@pytest.mark.parametrize("size", SIZES)
async def test_a_promise_is_made_and_kept_by_digits(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    case_id = case_with(store, agent, "resolution")
    async with at_desk(store, agent, size=size) as desk:
        await pressed(desk, "enter", "f6", "4", "4")
        await desk.driver.type("回复退款进度")
        await pressed(desk, "enter")
        with store.read() as session:
            (row,) = session.exec(select(Promise)).all()
            assert (row.words, row.state) == ("回复退款进度", PromiseState.OPEN)
            due = row.due_at
        assert due == clock_of_case(store, case_id, "promise").due_at
        assert due.astimezone(UTC).timetuple()[:5] == (2026, 11, 19, 10, 0)
        if size[0] >= 110:
            desk.driver.shows("承诺" if language == "zh" else "Promise", "11/19 18:00")
        await pressed(desk, "full_stop")
        desk.driver.shows("11月19日 18:00" if language == "zh" else "11/19 18:00")
        await pressed(desk, "escape", "f6", "6")
        await desk.driver.type("已电话告知")
        await pressed(desk, "enter")
    with store.read() as session:
        assert session.exec(select(Promise)).one().state is PromiseState.KEPT
    assert clock_of_case(store, case_id, "promise").run is RunState.STOPPED


async def test_another_time_is_typed_and_what_is_no_time_says_so(store: Store, agent: ActorView) -> None:
    case_id = case_with(store, agent, "resolution")
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await pressed(desk, "enter", "f6", "5", "6")
        await desk.driver.type("明天再打")
        await pressed(desk, "enter")
        desk.driver.shows("11-25 15:00")
        # What was typed is kept: only the time is put before it.
        await pressed(desk, "f6", "5", "6", "home")
        await desk.driver.type("11-25 15:00 ")
        await pressed(desk, "enter")
    with store.read() as session:
        (row,) = session.exec(select(Promise)).all()
        session.expunge(row)
    assert row.words == "明天再打"
    assert clock_of_case(store, case_id, "call_back").due_at == row.due_at
    assert (row.due_at.month, row.due_at.day, row.due_at.hour) == (11, 25, 7)


@pytest.mark.parametrize("size", SIZES)
async def test_a_named_party_stops_what_allows_it(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    case_id = case_with(store, agent, "resolution", "first_response")
    async with at_desk(store, agent, size=size) as desk:
        await pressed(desk, "enter", "f6", "2", "3")
        await desk.driver.type("退货在途")
        await pressed(desk, "enter", "f8")
    row = clock_of_case(store, case_id, "resolution")
    assert (row.run, row.waiting_for) == (RunState.PAUSED, "warehouse")


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_not_possible_says_why_in_its_place(
    store: Store, agent: ActorView, size: tuple[int, int], language: str
) -> None:
    case_with(store, agent, "ship_follow_up", "first_response")
    async with at_desk(store, agent, size=size) as desk:
        await pressed(desk, "enter", "f6", "2")
        desk.driver.shows("没有可为此停的时限" if language == "zh" else "No clock stops for this")
        await pressed(desk, "8")
        desk.driver.shows("没有可延期的时限" if language == "zh" else "can be extended")
        await pressed(desk, "escape", "f7", "4")
        desk.driver.shows("仅主管" if language == "zh" else "Supervisors only")


async def test_tab_goes_to_the_days_of_a_stop(store: Store, agent: ActorView) -> None:
    case_id = case_with(store, agent, "resolution")
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await pressed(desk, "enter", "f6", "1", "tab", "1")
        await desk.driver.type("开箱视频")
        await pressed(desk, "enter", "f8")
    assert clock_of_case(store, case_id, "resolution").resume_at == store.now() + timedelta(days=3)


async def test_what_is_late_already_is_not_offered_for_an_extension(store: Store, agent: ActorView) -> None:
    case_with(store, agent, "appeal_final")
    store.clock.move(timedelta(days=30))  # type: ignore[attr-defined]
    async with at_desk(store, agent, size=(80, 24)) as desk:
        await pressed(desk, "enter", "f6", "8")
        desk.driver.shows("can be extended")


async def test_an_extension_and_a_message_without_reply(store: Store, agent: ActorView) -> None:
    case_id = case_with(store, agent, "appeal_final")
    ctx = context(store, agent)
    contact = calls.start_call(ctx, "15400000037")
    calls.attach_call(ctx, contact, case_id)
    calls.end_call(ctx, contact, "answered")
    store.clock.move(timedelta(minutes=5))  # type: ignore[attr-defined]
    messages.receive(ctx, case_id, "谢谢")
    before = clock_of_case(store, case_id, "appeal_final").due_at
    async with at_desk(store, agent) as desk:
        await pressed(desk, "enter", "f6", "8")
        await desk.driver.type("多方核实")
        await pressed(desk, "enter")
        after = clock_of_case(store, case_id, "appeal_final").due_at
        assert before is not None and after is not None and after > before
        await pressed(desk, "f6", "9")
        await desk.driver.type("只是致谢")
        await pressed(desk, "enter")
        desk.driver.shows("只是致谢")
    assert clock_of_case(store, case_id, "next_response").run is RunState.CANCELLED


async def test_a_supervisor_lifts_a_lock_from_the_case(store: Store, agent: ActorView) -> None:
    chief = person(store, "2001", Role.SUPERVISOR, name="周岚")
    case_id = case_with(store, chief, "resolution")
    with store.write("test") as unit:
        case = unit.session.get_one(Case, case_id)
        for number in range(3):
            unit.session.add(
                VerificationAttempt(
                    customer_id=case.customer_id or 0, case_id=case_id, level=VerificationLevel.V2, by="1001",
                    factor=Factor.CITY, result=CheckResult.FAILED, channel=case.channel,
                    at=unit.now - timedelta(minutes=number),
                )
            )  # fmt: skip
        unit.session.get_one(Customer, case.customer_id).verification_locked_until = unit.now + LOCK
        unit.commit()
    async with at_desk(store, chief) as desk:
        await pressed(desk, "enter", "f7", "4")
        await desk.driver.type("听错尾号")
        await pressed(desk, "enter")
        desk.driver.shows("听错尾号")
    with store.read() as session:
        assert all(row.voided for row in session.exec(select(VerificationAttempt)))
