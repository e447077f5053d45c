"""Goods on their way back, as `operations.effects.returns` keeps them: agreed, sent, received, inspected, and
what went out again. Each is written at the instant at which whoever works the case stands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bdesk.clock import to_iso
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import CaseState, Department, FreightPayer, Inspection, ReturnKind, TaskState
from bdesk.models.tables import GoodsReturn, Task
from bdesk.operations.change import to_json
from bdesk.training import stages
from bdesk.training.ledger import Work
from bdesk.training.opening import attach
from bdesk.training.rows import Row
from bdesk.training.words.goods import draw_waybill
from bdesk.training.world import at_local, local_date

ADDRESS = "苏州市训练路1号退货仓 0571-00000000"
SEND = "return_send"
_SEND_DAYS = 7
_LATEST: Mapping[str, timedelta] = {
    "return_receipt": timedelta(days=15),
    "inspection": timedelta(days=2),
    "return_exchange": timedelta(days=2),
    "return_repair": timedelta(days=30),
    "courier_claim": timedelta(days=7),
}
"""By when whoever was asked has to say (`task_names.yaml`)."""
_QUESTION: Mapping[str, str] = {
    "return_receipt": "{waybill} 收货并检验 / take in and inspect",
    "inspection": "检验：完好、已使用、损坏、错件或缺件 / inspect: ok, used, damaged, wrong or missing",
    "return_exchange": "发换新商品 / send new goods",
    "return_repair": "维修商品 / repair the goods",
    "courier_claim": "核查物流 / trace the parcel",
}


class Goods:
    """What comes back in one case. `moves`: the state of the case follows."""

    def __init__(self, work: Work, letter: str, *, moves: bool) -> None:
        self.work = work
        self.letter = letter
        self.moves = moves
        self.row: Row = {}
        self.task: Row = {}

    def agreed(self, kind: str, freight: FreightPayer) -> None:
        """By letter, with the address and the day until which to send them."""
        work = self.work
        day = local_date(work.at) + timedelta(days=_SEND_DAYS)
        until = at_local(day + timedelta(days=1), 0)
        self.row = work.world.rows.add(
            GoodsReturn,
            case_id=work.row["id"],
            order_id=work.row["order_id"],
            cycle=work.row["cycle"],
            kind=ReturnKind(kind),
            freight=freight,
            approved_at=work.at,
            approved_by=work.actor,
            send_by=until,
        )
        told = {"kind": kind, "freight": freight.value, "approved_at": work.iso(), "send_by": to_iso(until)}
        work.add(
            "return.approved",
            {"made": True, "order": work.row["order_id"], "return": self.row["id"], "set": told},
        )
        words = f"您好, 请在{day.month}月{day.day}日前把商品寄到{ADDRESS}, 附上售后编号, 并告诉我们单号。"
        stages.letter(work, "N15", self.letter, "寄回说明", words)
        attach(work, SEND, work.at)
        if self.moves:
            self._stop(PauseReason.CUSTOMER_ANSWER)
            work.add("case.state", {"to": "waiting_customer"}, state=CaseState.WAITING_CUSTOMER)

    def sent(self) -> None:
        """The customer told the waybill; the warehouse has to say when the parcel comes in."""
        work = self.work
        self._set("return.sent", carrier="sf", waybill=draw_waybill(work.draw, "顺丰"), sent_at=work.at)
        self._ask("return_receipt")
        work.add("clock.fulfilled", {"clock": SEND})
        if self.moves:
            self._stop(PauseReason.COURIER)
            work.add("case.state", {"to": "in_transit"}, state=CaseState.IN_TRANSIT)

    def received(self) -> None:
        """The warehouse has the parcel, and looks into it."""
        self._answered("包裹已签收入库", None)
        self._set("return.received", received_at=self.work.at)
        self._ask("inspection")

    def inspected(self) -> None:
        """What is in the parcel is what it should be."""
        words = "商品与描述一致"
        self._answered(words, "ok")
        self._set(
            "return.inspected",
            self.work.text("inspection", words)[1],
            inspection=Inspection.OK,
            detail=words,
            inspected_at=self.work.at,
        )

    def out_again(self, what: str) -> None:
        """The warehouse was asked for new goods or a repair."""
        self._ask(what)

    def reshipped(self) -> None:
        """They left for the customer."""
        waybill = draw_waybill(self.work.draw, "顺丰")
        self._answered(f"已寄出 {waybill}", None)
        self._set("return.reshipped", new_carrier="sf", new_waybill=waybill, new_sent_at=self.work.at)

    def finished(self) -> None:
        """Nothing is owed any more."""
        self._set("return.finished", finished_at=self.work.at)

    def _stop(self, why: PauseReason) -> None:
        self.work.add("clock.paused", {"clocks": ["resolution"], "reason": why.value, "who": why.waits_for})

    def _set(self, event: str, said: Mapping[str, object] | None = None, **columns: object) -> None:
        told = {name: value for name, value in columns.items() if name != "detail"}
        was = {name: to_json(self.row[name]) for name in told}
        self.row.update(columns)
        self.row["version"] += 1
        now = {name: to_json(value) for name, value in told.items()}
        self.work.add(event, {"return": self.row["id"], "set": now, "was": was, **(said or {})})

    def _ask(self, what: str, of: Department = Department.WAREHOUSE) -> None:
        work = self.work
        due: datetime = work.at + _LATEST[what]
        self.task = work.world.rows.add(
            Task,
            case_id=work.row["id"],
            department=of,
            what=what,
            state=TaskState.OPEN,
            question=_QUESTION[what].format(waybill=self.row["waybill"]),
            asked_by=work.actor,
            asked_at=work.at,
            due_at=due,
        )
        told = {"task": self.task["id"], "to": of.value, "what": what, "due_at": to_iso(due)}
        work.add("task.opened", told)

    def traced(self) -> None:
        """The courier was asked where the parcel is."""
        self.row = {"waybill": ""}
        self._ask("courier_claim", Department.COURIER)

    def _answered(self, words: str, finding: str | None) -> None:
        work, task = self.work, self.task
        task.update(
            state=TaskState.ANSWERED,
            answer=words,
            finding=finding,
            answered_by=work.actor,
            answered_at=work.at,
            version=task["version"] + 1,
        )
        work.add("task.answered", {"task": task["id"], "what": task["what"], "finding": finding})
