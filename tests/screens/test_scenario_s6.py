"""S6 by keys at 80x24 to the end that a trainer expects (training.md D7), by several people in turn: who
refused the refund records its appeal and may not touch it, a senior decides it, a supervisor the second.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.clock import FrozenClock, from_iso
from bdesk.data.book.book import load_book
from bdesk.data.refold import readings
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseFlag, CaseKind, CaseOutcome, EvidenceKind, RefundState
from bdesk.models.tables import Case, CaseFlagRow, CaseText, ClockRow, Notification, Refund
from bdesk.operations import evidence
from bdesk.operations.outbox import release_due
from bdesk.operations.staff.people import find_actor
from tests.builders import context
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, Seeded, T, at_work, rows

pytestmark = pytest.mark.usefixtures("patient_hand", "language")

DUE = from_iso("2026-10-14T00:00+08:00")
"""13 October 24:00: five working days after 30 September, 10 October being worked."""


class Floor:
    """The store, and whoever sits down at it."""

    def __init__(self, store: Store, host: FrozenClock) -> None:
        self.store, self.host = store, host
        (self.case_id,) = (row.id or 0 for row in self.rows(Case, kind=CaseKind.APPEAL))

    @asynccontextmanager
    async def sits(self, number: str) -> AsyncIterator["Reader"]:
        async with at_desk(self.store, find_actor(self.store, number), size=(80, 24)) as desk:
            yield Reader(desk)
        self.host.move(timedelta(seconds=11))
        release_due(context(self.store, find_actor(self.store, number)))

    def rows(self, kind: type[T], /, **where: object) -> list[T]:
        return rows(self.store, kind, **where)

    @property
    def case(self) -> Case:
        (case,) = self.rows(Case, id=self.case_id)
        return case

    def clock(self, kind: str, cycle: int = 1) -> ClockRow:
        return self.rows(ClockRow, case_id=self.case_id, kind=kind, cycle=cycle)[-1]

    def letters(self) -> dict[str, str]:
        sent = self.rows(Notification, case_id=self.case_id)
        return {one.letter: self.rows(CaseText, id=one.text_id)[0].body for one in sent}


class Reader(Seat):
    """One of the people who work it in turn."""

    async def opens(self, number: str) -> None:
        """The case by its number, from anywhere."""
        await self.press("f3", f"={number[-4:]}", "enter", "enter")


@pytest.fixture
def floor(seeded: Seeded, tmp_path: Path, host: FrozenClock) -> Iterator[Floor]:
    with at_work(seeded("S6"), tmp_path, host) as store:
        yield Floor(store, host)
        verdict = verify(store, load_book())
        assert verdict.ok, verdict.first_fault


async def recorded(floor: Floor) -> None:
    """AP1 to AP5 by the very agent who refused the refund: it may be recorded, and goes to somebody else."""
    async with floor.sits("1005") as seat:
        await seat.press("enter", "1", "1")
        seat.sees("原决定日 9月24日", "Decided on 9/24")
        await seat.press("1")
        seat.sees("10月13日", "10/13")
        await seat.press("2")  # the trap: 1005 decides it
        assert not floor.letters(), "nothing was sent"
        await seat.press("1", "f8")
    assert floor.case.owner_id is None
    for kind in ("appeal_record", "appeal_assign"):
        clock = floor.clock(kind)
        assert (clock.run, clock.outcome) == (RunState.STOPPED, Outcome.MET)
    assert floor.clock("appeal_preliminary").due_at == DUE
    assert "10月13日" in floor.letters()["N8"]


async def decided(floor: Floor, option: str, reasons: str) -> None:
    """AP6 to AP8 by a senior: the window at ordering, the feedback, the decision with its reasons."""
    async with floor.sits("1006") as seat:
        await seat.opens(floor.case.case_no)
        seat.sees("申请期限 14天", "Window in days 14")
        await seat.press("1")
        await seat.press("=已调取商品页面", "enter", "f8")
        seat.sees("我可以决定 是", "I may decide yes")
        await seat.press(option, f"={reasons}", "enter", "=页面14天退货期", "enter")
        if option == "3":
            await seat.press("f8")
            return
        await seat.press("1")
        seat.sees("459.00", "459.00")
        await seat.press("1", "f8", "1", "f8", "1", "1")


async def test_the_first_appeal_is_upheld_by_somebody_else_and_paid(floor: Floor) -> None:
    await recorded(floor)
    async with floor.sits("1005") as seat:  # the trap again: taken from the group's queue
        await seat.opens(floor.case.case_no)
        seat.sees("我经手过", "I had a hand in it")
        await seat.press("1", "2", "3")
        assert not floor.letters().keys() & {"N9", "N10"}
        await seat.press("6")
    await decided(floor, "1", "下单时的规则是14天")
    case = floor.case
    assert (case.outcome, case.open) == (CaseOutcome.UPHELD, False)
    (refund,) = floor.rows(Refund, case_id=floor.case_id)
    assert (refund.amount_fen, refund.state) == (45900, RefundState.ACCEPTED)
    letters = floor.letters()
    assert {"N8", "N9", "N2", "N10"} <= letters.keys()
    assert "下单时的规则是14天" in letters["N10"] and "页面14天退货期" in letters["N10"]
    assert floor.clock("appeal_preliminary").outcome is Outcome.MET
    assert floor.clock("appeal_final").outcome is Outcome.MET


async def test_the_second_appeal_is_a_supervisors_and_is_extended_with_its_reason(floor: Floor) -> None:
    await recorded(floor)
    await decided(floor, "3", "鞋底有磨损")
    floor.host.move(timedelta(minutes=1))
    async with floor.sits("1006") as seat:
        await seat.opens(floor.case.case_no)
        await seat.press("2", "=没看鉴定意见", "enter")
    assert floor.case.cycle == 2
    ctx = context(floor.store, find_actor(floor.store, "1001"))
    for kind in (EvidenceKind.EXPERT_OPINION, EvidenceKind.OTHER_CONSUMERS, EvidenceKind.OTHER_CONSUMERS):
        floor.host.move(timedelta(minutes=1))
        evidence.add_evidence(ctx, floor.case_id, kind, f"{kind}.pdf", "https://e.example.com/1", 9000)
    async with floor.sits("1006") as seat:
        await seat.opens(floor.case.case_no)
        seat.sees("没看鉴定意见", "没看鉴定意见")  # said when it was contested: nobody types it again
        await seat.press("1", "1")
        await seat.press("2")  # the trap: the decider of the first level keeps it
        await seat.press("1", "f8")
    async with floor.sits("2001") as seat:
        await seat.opens(floor.case.case_no)
        await seat.press("5", "2")  # others met it too; several parties
        await seat.press("=正与厂家核实", "enter", "f8")
        before = floor.clock("appeal_final", 2).due_at
        await seat.press("2", "f8")
        after = floor.clock("appeal_final", 2).due_at
        assert before is not None and after is not None and after - before >= timedelta(days=14)
        await seat.press("1", "1", "=鉴定和两位买家都证明开胶", "enter", "=质量问题", "enter")
        await seat.press("1", "1", "f8", "1", "f8", "1", "1")
    assert floor.case.outcome is CaseOutcome.UPHELD
    assert [row.amount_fen for row in floor.rows(Refund, case_id=floor.case_id)] == [45900]
    assert CaseFlag.COMMON_PROBLEM in {row.flag for row in floor.rows(CaseFlagRow, case_id=floor.case_id)}
    assert "涉及多方" in floor.letters()["N11"]


async def test_an_outside_body_is_answered_by_the_date_in_its_letter(floor: Floor) -> None:
    """AP12: body, their number and the date in their letter are typed; the clock runs to that date."""
    await recorded(floor)
    await decided(floor, "3", "鞋底有磨损")
    async with floor.sits("1006") as seat:
        await seat.opens(floor.case.case_no)
        await seat.press("4", "4")  # no letter yet: the body alone is asked for
        seat.sees_not("对方编号", "Their number")
        await seat.press("escape", "3")
        seat.sees("对方编号", "Their number")
        seat.sees("要求答复日期", "Answer wanted by")
        await seat.press("1", "enter", "=HN12315-88", "enter", "=10-15", "enter")
    clock = floor.clock("regulator")
    assert (clock.run, clock.due_at) == (RunState.RUNNING, from_iso("2026-10-16T00:00+08:00"))
    assert CaseFlag.REGULATOR in {row.flag for row in floor.rows(CaseFlagRow, case_id=floor.case_id)}


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-10-05T23:59", False),
        ("2026-10-07T23:59", False),
        ("2026-10-13T23:59", False),
        ("2026-10-14T00:01", True),
    ],
)
def test_the_feedback_is_late_after_the_thirteenth_and_not_before(floor: Floor, now: str, late: bool) -> None:
    with floor.store.read() as session:
        found = readings(session, session.get_one(Case, floor.case_id), load_book(), from_iso(f"{now}+08:00"))
    (clock,) = (one for one in found if one.kind == "appeal_preliminary")
    assert clock.due_at == DUE
    assert (clock.outcome is Outcome.BREACHED) is late
