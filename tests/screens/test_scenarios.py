"""S1 to S4 from their own seeded stores to the end that a trainer expects, by keys at 80x24 (training.md D7).

`COSTS` is the shortest way that an agent has through each, step by step: command keys and data digits. A way
that asks twice, or wants one more confirmation, costs more than its row and fails here.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bdesk.clock import FrozenClock, from_iso
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    DeliveryState,
    PromiseState,
    RefundReason,
    RefundState,
    RejectCode,
)
from bdesk.models.tables import (
    Case,
    CaseFlagRow,
    CaseText,
    ClockRow,
    Compensation,
    Contact,
    GoodsReturn,
    Notification,
    Order,
    OrderDelay,
    OutboxRow,
    Payment,
    Promise,
    Refund,
    Substitution,
    Task,
)
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import approvals, tasks
from bdesk.operations.outbox import release_due
from bdesk.operations.staff.people import find_actor
from tests.builders import context
from tests.driver import PATIENCE
from tests.screens.desks import AtDesk, at_desk
from tests.screens.scenario import Seat, Seeded, T, at_work, rows

pytestmark = pytest.mark.usefixtures("patient_hand", "language")

Cost = tuple[int, int]

VERIFIED, ENDED = "amount and phone tail", "the call is over"

COSTS: dict[str, dict[str, Cost]] = {
    "S1": {"take": (1, 0), "whole order, quality, complete": (3, 0), "refund": (2, 0), "told": (1, 0)},
    "S2 A": {"take": (1, 0), "in time: remind, tell, close": (2, 0)},
    "S2 B": {
        "open": (2, 0),
        "ask the warehouse": (3, 0),
        "store the cause": (1, 0),
        "other goods": (1, 0),
        "agreed": (2, 1),
        "told": (1, 0),
    },
    "S3 a": {
        "call to open step": (3, 4),
        "greeted, failed": (2, 0),
        VERIFIED: (2, 7),
        "network": (1, 0),
        "pay again, told": (1, 0),
        ENDED: (4, 0),
    },
    "S3 b": {
        "call to open step": (3, 4),
        "greeted, charged": (2, 0),
        VERIFIED: (2, 7),
        "payments put it right": (1, 0),
        "on to the shipping": (1, 0),
        "in time: remind, told, close": (2, 0),
        ENDED: (4, 0),
    },
    "S3 c": {
        "call to open step": (3, 4),
        "greeted, twice": (2, 0),
        VERIFIED: (2, 6),
        "the second goes back": (3, 0),
        "told": (1, 0),
        ENDED: (4, 0),
    },
    "S4 1": {
        "take": (1, 0),
        "return without a reason, number told": (3, 0),
        "excluded, rejected": (3, 0),
        "told": (1, 0),
    },
    "S4 2": {
        "open": (2, 0),
        "return without a reason, number told": (3, 0),
        "no confirmation": (1, 0),
        "agree": (2, 0),
    },
    "S4 3": {
        "open": (2, 0),
        "return, a defect, number told": (3, 0),
        "nothing to send back": (1, 0),
        "to a supervisor": (2, 0),
        "refund": (2, 0),
        "told": (1, 0),
    },
    "S4 4": {
        "open": (2, 0),
        "return without a reason, number told": (3, 0),
        "complete": (1, 0),
        "agree": (2, 0),
        "waybill": (2, 14),
        "refund": (2, 0),
        "told": (1, 0),
    },
}
"""Keys and digits of each step. Words (a reason for the approver) and the point of a sum are no digits."""


class Hand(Seat):
    """Somebody who works a scenario, and what each step cost them."""

    def __init__(self, way: str, desk: AtDesk, store: Store, agent: ActorView, host: FrozenClock) -> None:
        super().__init__(desk)
        self.way, self.store, self.agent, self.host = way, store, agent, host
        self.ctx = context(store, agent)
        self.spent: dict[str, Cost] = {}

    async def does(self, step: str, *moves: str) -> None:
        """Keys, and what is typed behind a `=`; no more of them than the step may cost."""
        keys, digits = self.driver.keys, self.driver.digits
        await self.press(*moves)
        self.spent[step] = (self.driver.keys - keys, self.driver.digits - digits)
        most = COSTS[self.way][step]
        assert all(had <= may for had, may in zip(self.spent[step], most, strict=True)), (step, self.spent)

    async def tries(self, *moves: str) -> None:
        """A trap: keys that are no part of the way, and are not counted."""
        keys, digits = self.driver.keys, self.driver.digits
        await self.press(*moves)
        self.driver.keys, self.driver.digits = keys, digits

    async def answered(self, words: str, finding: str, on: date | None = None) -> None:
        """A department answers the newest question; it has no desk."""
        tasks.answer_task(self.ctx, self.rows(Task)[-1].id or 0, words, finding, on)
        await self.looks_again()

    async def calls(self, tail: str, claim: str, amount: str, phone_tail: str, said: str) -> None:
        """From F5 on the queue to the state of the payment."""
        await self.does("call to open step", "f5", f"={tail}", "enter", "4")
        await self.does(said, "1", claim)
        await self.does(VERIFIED, f"={amount}", "enter", f"={phone_tail}", "enter")

    async def hangs_up(self) -> None:
        await self.does(ENDED, "f2", "f5", "f5", "1")
        assert self.rows(Contact)[-1].ended_at is not None

    async def released(self) -> None:
        """What was committed goes out, once it cannot be recalled; by this hand or by the desk itself."""
        self.host.move(timedelta(seconds=11))
        release_due(self.ctx)
        async with asyncio.timeout(PATIENCE):
            while self.rows(OutboxRow, state=DeliveryState.RELEASED):
                await asyncio.sleep(0)

    # What stands in the store

    def rows(self, kind: type[T], /, **where: object) -> list[T]:
        return rows(self.store, kind, **where)

    @property
    def case(self) -> Case:
        """The case on the screen."""
        assert self.desk.place.current is not None
        return self.rows(Case, id=self.desk.place.current)[0]

    def ended(self, case_id: int | None, outcome: CaseOutcome) -> Case:
        (case,) = self.rows(Case, id=case_id)
        assert (case.state, case.outcome, case.owner_id) == (CaseState.CLOSED, outcome, self.agent.id)
        return case

    def clocks(self, case_id: int | None) -> dict[str, tuple[RunState, Outcome]]:
        return {row.kind: (row.run, row.outcome) for row in self.rows(ClockRow, case_id=case_id)}

    def met(self, case_id: int | None, *kinds: str) -> None:
        clocks = self.clocks(case_id)
        assert {kind: clocks[kind] for kind in kinds} == dict.fromkeys(kinds, (RunState.STOPPED, Outcome.MET))

    def letters(self, case_id: int | None) -> dict[str, str]:
        """Of each letter the body that was sent."""
        sent = self.rows(Notification, case_id=case_id)
        assert {one.state for one in sent} <= {DeliveryState.ACCEPTED}, "all of them went out"
        return {one.letter: self.rows(CaseText, id=one.text_id)[0].body for one in sent}

    def money(self, tail: str) -> list[Refund]:
        """The refunds of an order; each accepted, and the payments say the same."""
        (order,) = self.rows(Order, order_tail=tail)
        payments = self.rows(Payment, order_id=order.id)
        refunds = [row for one in payments for row in self.rows(Refund, payment_id=one.id)]
        assert {row.state for row in refunds} <= {RefundState.ACCEPTED}
        assert sum(one.refunded_fen for one in payments) == sum(row.amount_fen for row in refunds)
        assert not any(one.held_fen for one in payments)
        return refunds


Working = Callable[[str], Any]


@pytest.fixture
def working(seeded: Seeded, tmp_path: Path, host: FrozenClock) -> Working:
    """`async with working("S2 A") as hand`: a desk on a fresh copy. At the end the whole way was walked, at
    no more than it may cost, and the journal is whole."""

    @asynccontextmanager
    async def working_on(way: str) -> AsyncIterator[Hand]:
        with at_work(seeded(way.split()[0]), tmp_path, host) as store:
            agent = find_actor(store, "1001")
            async with at_desk(store, agent, size=(80, 24)) as desk:
                desk.driver.widths_ok().forget_keys()
                hand = Hand(way, desk, store, agent, host)
                yield hand
            if hand.spent:
                assert hand.spent.keys() == COSTS[way].keys(), "every step of the way, and no other"
                keys = sum(cost[0] for cost in COSTS[way].values())
                digits = sum(cost[1] for cost in COSTS[way].values())
                assert hand.driver.keys <= keys and hand.driver.digits <= digits
            assert verify(store, load_book()).ok

    return working_on


# S1, broken out of the box


async def test_s1_is_refunded_with_its_letter(working: Working) -> None:
    async with working("S1") as hand:
        await hand.does("take", "f9")
        case_id = hand.case.id
        await hand.does("whole order, quality, complete", "1", "1", "1")
        # The traps: another way back is not open, and nothing closes the case before the letter.
        await hand.tries("6")
        hand.sees("原路可以退回", "The original path is open")
        await hand.does("refund", "1", "f8")
        hand.driver.shows("Ctrl+Z").shows_not("15400000037")
        await hand.does("told", "1")
        await hand.released()
        case = hand.ended(case_id, CaseOutcome.APPROVED_FULL)
        assert [row.amount_fen for row in hand.money("0101")] == [12800]
        assert "128.00" in hand.letters(case_id)["N2"]
        hand.met(case_id, "refund_review")
        (review,) = hand.rows(ClockRow, case_id=case_id, kind="refund_review")
        assert review.due_at == case.received_at + timedelta(hours=24), "from the form, not from the pick-up"
    assert sum(keys for keys, _ in COSTS["S1"].values()) <= 10, "S1 whole takes 10 keys (UX)"


# S2, why was it not shipped


async def test_s2_a_is_not_late_yet(working: Working) -> None:
    async with working("S2 A") as hand:
        await hand.does("take", "f9")
        case_id = hand.case.id
        hand.sees("11月19日 18:00", "11/19 18:00")
        hand.sees_not("补偿", "ompens")
        # The trap: no digit gives anything before the promise is broken.
        await hand.tries("6", "7", "8", "9", "f8")
        assert hand.case.open
        await hand.does("in time: remind, tell, close", "1", "f8")
        await hand.released()
        hand.ended(case_id, CaseOutcome.IN_TIME)
        assert not hand.rows(Compensation) and not hand.rows(Refund)
        (promise,) = hand.rows(Promise)
        assert (promise.state, promise.due_at) == (PromiseState.OPEN, from_iso("2026-11-19T18:00+08:00"))
        assert "11月19日 18:00" in hand.letters(case_id)["N6"]
        hand.met(case_id, "first_response", "resolution")
        assert hand.clocks(case_id)["ship_promise"] == (RunState.RUNNING, Outcome.OPEN)


async def test_s2_b_is_late_and_goes_out_as_other_goods(working: Working) -> None:
    async with working("S2 B") as hand:
        await hand.does("open", "2", "enter")
        case_id = hand.case.id
        # The traps: no remedy stands here before a cause is stored, and none is stored without its date.
        hand.sees_not("补偿", "ompens")
        await hand.tries("1", "escape")
        assert not hand.rows(OrderDelay)
        await hand.does("ask the warehouse", "2", "2", "f8")
        assert [row.state for row in hand.rows(Promise)] == [PromiseState.OPEN], "24 hours, on record"
        await hand.answered("缺货，28日到货", "ships_on", date(2026, 11, 28))
        hand.sees("仓库", "warehouse")
        await hand.does("store the cause", "1")
        (delay,) = hand.rows(OrderDelay)
        assert (delay.cause, delay.source) == ("out_of_stock", "warehouse"), "the answer, not the stock"
        for zh, en in (("继续等，补偿", "Wait, with"), ("换替代商品", "Other goods"), ("取消订单", "Cancel")):
            hand.sees(zh, en)
        # The trap: the difference is said, and nothing goes out without the customer's own yes.
        await hand.does("other goods", "2")
        hand.driver.shows("3.00")
        await hand.tries("enter", "f8")
        assert not hand.rows(Substitution)
        await hand.does("agreed", "=1", "enter", "f8")
        await hand.does("told", "1")
        await hand.released()
        hand.ended(case_id, CaseOutcome.SUBSTITUTED)
        (other,) = hand.rows(Substitution)
        assert (other.name, other.diff_fen, other.state) == ("电饭煲 4升 白色", 300, RefundState.ACCEPTED)
        assert not hand.rows(Compensation) and not hand.rows(Refund)
        assert "电饭煲 4升 白色" in hand.letters(case_id)["N6"]
        hand.met(case_id, "first_response", "resolution", "ship_follow_up")
        assert [row.state for row in hand.rows(Promise)] == [PromiseState.KEPT, PromiseState.OPEN]


# S3, charged and still unpaid


async def test_s3_a_pays_again_in_time(working: Working) -> None:
    async with working("S3 a") as hand:
        await hand.calls("3101", "1", "69.9", "4101", "greeted, failed")
        case_id = hand.case.id
        # The trap: of the balance only that it is enough.
        hand.sees("余额够付 是", "Balance covers it yes")
        hand.driver.shows_not("886.40", "88640")
        await hand.does("network", "1")
        hand.sees("11月19日 13:00", "11/19 13:00")
        hand.driver.shows_not("886.40")
        await hand.does("pay again, told", "1")
        await hand.hangs_up()
        await hand.released()
        case = hand.ended(case_id, CaseOutcome.REPAY)
        assert case.kind is CaseKind.PAYMENT_FAILURE, "not a shipping delay"
        assert hand.money("3101") == []
        assert hand.letters(case_id).keys() == {"N17"}
        hand.met(case_id, "first_response", "resolution")


async def test_s3_b_is_put_right_and_goes_on_to_its_shipping(working: Working) -> None:
    async with working("S3 b") as hand:
        await hand.calls("3202", "2", "139", "4202", "greeted, charged")
        case_id = hand.case.id
        await hand.tries("2")
        hand.sees("款项已收到，再付会重复扣款", "Paid already; it would pay twice")
        await hand.does("payments put it right", "1")
        await hand.answered("渠道已收款，订单已补", "fixed")
        # The trap, once more: what is put right is not paid again either.
        await hand.tries("4")
        hand.sees("款项已收到，再付会重复扣款", "Paid already; it would pay twice")
        await hand.does("on to the shipping", "1")
        hand.sees("11月20日 14:02", "11/20 14:02")
        hand.sees("订单状态 已付款", "Order status paid")
        hand.sees_not("还没有付成", "did not go through")
        await hand.does("in time: remind, told, close", "2", "1")
        await hand.hangs_up()
        await hand.released()
        case = hand.ended(case_id, CaseOutcome.IN_TIME)
        assert case.kind is CaseKind.SHIPMENT_DELAY
        assert hand.money("3202") == []
        assert [row.what for row in hand.rows(Task)] == ["reconcile"]
        assert hand.rows(Promise)[0].due_at == from_iso("2026-11-20T14:02+08:00"), "48 hours from the payment"
        hand.met(case_id, "first_response", "resolution")


async def test_s3_c_has_the_second_charge_back(working: Working) -> None:
    async with working("S3 c") as hand:
        await hand.calls("3303", "3", "55", "4303", "greeted, twice")
        case_id = hand.case.id
        await hand.does("the second goes back", "1", "1", "f8")
        # The trap: nobody is suspected of anything.
        assert hand.rows(CaseFlagRow) == []
        await hand.does("told", "1")
        await hand.hangs_up()
        await hand.released()
        hand.ended(case_id, CaseOutcome.APPROVED_FULL)
        (refund,) = hand.money("3303")
        assert (refund.amount_fen, refund.reason) == (19900, RefundReason.DUPLICATE_PAYMENT)
        assert "199.00" in hand.letters(case_id)["N2"]
        hand.met(case_id, "first_response", "resolution", "refund_review")


# S4, seven days without a reason


async def test_s4_1_is_rejected_in_writing(working: Working) -> None:
    async with working("S4 1") as hand:
        await hand.does("take", "f9")
        case_id = hand.case.id
        await hand.does("return without a reason, number told", "1", "1", "f8")
        await hand.tries("1")
        hand.sees("期限或商品类别不符", "Window or class does not fit")
        assert not hand.rows(GoodsReturn)
        await hand.does("excluded, rejected", "3", "5", "f8")
        await hand.does("told", "1")
        await hand.released()
        case = hand.ended(case_id, CaseOutcome.REJECTED)
        assert case.reject_code is RejectCode.EXCLUDED_CLASS
        # Reason, fact, rule, next step and date.
        for part in ("不支持无理由退货", "下单时已确认", "第二十五条", "申诉", "10月23日"):
            assert part in hand.letters(case_id)["N3"], part
        assert hand.money("0401") == []
        hand.met(case_id, "after_sale_response", "resolution")


async def test_s4_2_comes_back_and_the_gap_is_reported(working: Working) -> None:
    async with working("S4 2") as hand:
        await hand.does("open", "2", "enter")
        case_id = hand.case.id
        await hand.does("return without a reason, number told", "1", "1", "f8")
        # The trap: not rejected "by the system".
        await hand.tries("3")
        hand.sees("没有确认记录", "No confirmation on record")
        assert hand.case.open
        await hand.does("no confirmation", "2")
        await hand.does("agree", "1", "f8")
        await hand.released()
        case = hand.case
        assert (case.state, case.outcome, case.owner_id) == (
            CaseState.WAITING_CUSTOMER,
            None,
            hand.agent.id,
        )
        assert [row.flag for row in hand.rows(CaseFlagRow)] == [CaseFlag.DATA_GAP]
        assert [(row.what, row.department) for row in hand.rows(Task)] == [("data_gap", "technical")]
        assert [row.case_id for row in hand.rows(GoodsReturn)] == [case_id]
        assert any("苏州市训练路1号" in body for body in hand.letters(case_id).values())
        hand.met(case_id, "after_sale_response")
        assert hand.clocks(case_id)["resolution"][0] is RunState.PAUSED


async def test_s4_3_rotten_cherries_need_not_come_back(working: Working) -> None:
    async with working("S4 3") as hand:
        await hand.does("open", "3", "enter")
        case_id = hand.case.id
        await hand.does("return, a defect, number told", "1", "1", "f8")
        hand.sees("签收后举证 6小时", "Hours to the photo 6")
        # The trap: whether it was used is not asked where there is a fault.
        hand.sees_not("有没有使用过", "Has it been used")
        await hand.does("nothing to send back", "2")
        await hand.tries("1")
        assert not hand.rows(Refund), "perishable goods are a supervisor's"
        await hand.does("to a supervisor", "3", "=签收后举证，明显腐烂", "enter")
        approvals.decide(context(hand.store, find_actor(hand.store, "2001")), 1, "approve")
        await hand.looks_again()
        await hand.does("refund", "1", "f8")
        await hand.does("told", "1")
        await hand.released()
        hand.ended(case_id, CaseOutcome.APPROVED_FULL)
        assert [row.amount_fen for row in hand.money("0403")] == [12800]
        assert "128.00" in hand.letters(case_id)["N2"]
        assert not hand.rows(GoodsReturn)
        hand.met(case_id, "after_sale_response", "resolution")


async def test_s4_3_is_never_rejected_as_used(working: Working) -> None:
    async with working("S4 3") as hand:
        await hand.tries("3", "enter", "1", "1", "f8", "2", "5", "2", "f8")
        hand.sees_not("Esc 放弃", "Esc Drop")
        await hand.tries("2")
        hand.sees("因质量等原因退款，不看是否用过", "Whether used matters only without a defect")
        assert hand.case.open


async def test_s4_4_is_in_time_past_the_holiday(working: Working) -> None:
    async with working("S4 4") as hand:
        await hand.does("open", "4", "enter")
        case_id = hand.case.id
        await hand.does("return without a reason, number told", "1", "1", "f8")
        # The traps: the day of signing is not counted, and the last day moved past the holiday.
        hand.sees("截止 10月8日", "Last day 10/8")
        await hand.tries("5")
        hand.sees("还在期限内", "The window is open")
        await hand.does("complete", "1")
        await hand.does("agree", "1", "f8")
        await hand.does("waybill", "=5", "enter", "=4300004040999", "enter")
        await hand.answered("吊牌完好，未穿着", "ok")
        await hand.does("refund", "1", "f8")
        await hand.does("told", "1")
        await hand.released()
        hand.ended(case_id, CaseOutcome.APPROVED_FULL)
        assert [row.amount_fen for row in hand.money("0404")] == [39900]
        (back,) = hand.rows(GoodsReturn)
        assert (back.carrier, back.waybill) == ("yunda", "4300004040999")
        assert "399.00" in hand.letters(case_id)["N2"]
        hand.met(case_id, "after_sale_response", "return_send", "return_refund", "resolution")
