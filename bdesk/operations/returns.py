"""Goods on their way back: the row of this cycle and the events that say how it came to be so (P7).

Every change is one event with the columns it set and what they were, so that undo and recall put them back
and `journal verify` folds the row again. The effects of the walk and the answers of the warehouse both end
here.
"""

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import Inspection, ReturnKind
from bdesk.models.tables import GoodsReturn, Task
from bdesk.operations.change import Act, row_id, to_json
from bdesk.operations.clocks import attach_event, cancel_events, fulfil_event, living_clocks
from bdesk.operations.context import Context
from bdesk.operations.questions import ask_once, close_questions
from bdesk.rules import waybills

RECEIPT, PARCEL, REPAIR, BACK = "return_receipt", "return_exchange", "return_repair", "return_back"
INSPECTION = "inspection"
"""What the warehouse is asked (task_names.yaml): to take the goods in, to send new ones, to repair them, to
send them back as they came, and to look at them, for which the shop has 48 hours of its own (B0.6)."""

GOES_OUT = (PARCEL, REPAIR, BACK)
"""The questions by which goods go out to the customer: one of them for what came back."""

LOOKED_AT = (INSPECTION, RECEIPT)
"""The questions of which an answer says what the goods are like."""

DATA_GAP = "data_gap"
"""What who keeps the orders is asked: a confirmation that is not on the order."""

OTHER = "other"
"""A carrier that the field does not list."""

LAW = "return_refund"
"""The clock of the law: money within 7 days of receiving the goods (消法 25)."""


def of_cycle(act: Act) -> GoodsReturn | None:
    """The row of this cycle of the case."""
    return act.unit.session.scalars(
        select(GoodsReturn).where(GoodsReturn.case_id == act.case_id, GoodsReturn.cycle == act.case.cycle)
    ).first()


def must_be_there(act: Act) -> GoodsReturn:
    """Raises NotAllowed("return.none") while no return was agreed in this cycle."""
    row = of_cycle(act)
    if row is None:
        raise NotAllowed("return.none", case_no=act.case.case_no)
    return row


def must_not_come_back(act: Act) -> None:
    """Goods of one order say nothing about another: a case keeps its order once they may come back.

    Raises NotAllowed("return.already").
    """
    if of_cycle(act) is not None:
        raise NotAllowed("return.already", case_no=act.case.case_no)


def must_not_be_sent(row: GoodsReturn) -> None:
    """Raises NotAllowed("return.sent_out") once new or repaired goods are on their way to the customer."""
    if row.new_sent_at is not None:
        raise NotAllowed("return.sent_out", waybill=row.new_waybill or "")


def made(act: Act, row: GoodsReturn) -> None:
    """The event of an approval, after its row."""
    act.unit.session.add(row)
    act.unit.session.flush()
    told = {name: to_json(getattr(row, name)) for name in ("kind", "freight", "approved_at", "send_by")}
    act.add("return.approved", {"return": row_id(row), "order": row.order_id, "set": told, "made": True})


def set_row(act: Act, row: GoodsReturn, code: str, **values: object) -> None:
    """Set columns of the row and say so. Words (`detail`) are kept as a text that can be erased."""
    payload: dict[str, object] = {"return": row_id(row)}
    if "detail" in values:
        row.detail = str(values.pop("detail"))
        if row.detail:
            text, digest = act.unit.text(act.case, "inspection", row.detail)
            payload |= {"text": text.id, "digest": digest}
    was = {name: to_json(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    act.unit.session.add(row)
    act.unit.session.flush()
    payload |= {"set": {name: to_json(value) for name, value in values.items()}, "was": was}
    act.add(code, payload)


def sent(act: Act, ctx: Context, row: GoodsReturn, carrier: str, waybill: str) -> None:
    """The customer told the number; the warehouse is asked to take the parcel in."""
    number = _number(waybill)
    known = _carrier(carrier, number)
    set_row(act, row, "return.sent", carrier=known, waybill=number, sent_at=row.sent_at or act.unit.now)
    ask_once(act, ctx, RECEIPT, f"{number} 收货并检验 / take in and inspect")


def received(act: Act, ctx: Context, row: GoodsReturn) -> None:
    """The goods are here: the law's days for the money begin, and the inspection with its 48 hours."""
    if row.received_at is not None:
        return
    set_row(act, row, "return.received", received_at=act.unit.now)
    close_questions(act, RECEIPT)
    fulfil_event(act, ctx, "return_send")
    law_clock(act, ctx, row)
    ask_once(
        act,
        ctx,
        INSPECTION,
        "检验：完好、已使用、损坏、错件或缺件 / inspect: ok, used, damaged, wrong or missing",
    )


def inspected(act: Act, ctx: Context, row: GoodsReturn, finding: Inspection, detail: str) -> None:
    """What the warehouse found; goods that were never taken in were taken in with it."""
    received(act, ctx, row)
    set_row(act, row, "return.inspected", inspection=finding, inspected_at=act.unit.now, detail=detail[:200])
    close_questions(act, INSPECTION)
    if any(one.kind == LAW and one.run is RunState.PAUSED for one in living_clocks(act, ctx)):
        act.add("clock.resumed", {"reason": "agent", "clocks": [LAW]})


def law_clock(act: Act, ctx: Context, row: GoodsReturn) -> None:
    """The clock of the law runs while the goods of a return are here and no money went out, from the day
    they came, whatever else was agreed in between."""
    runs = any(one.kind == LAW for one in living_clocks(act, ctx))
    if row.kind is ReturnKind.RETURN and row.received_at is not None:
        if not runs:
            attach_event(act, ctx, LAW, start_at=row.received_at)
    elif runs:
        cancel_events(act, ctx, "metric_dropped", (LAW,))


def reshipped(act: Act, row: GoodsReturn, carrier: str, waybill: str) -> None:
    """New or repaired goods are on their way to the customer."""
    must_not_be_sent(row)
    number = _number(waybill)
    known = _carrier(carrier, number)
    set_row(act, row, "return.reshipped", new_carrier=known, new_waybill=number, new_sent_at=act.unit.now)
    close_questions(act, PARCEL, REPAIR)


def _number(typed: str) -> str:
    """A waybill as it is kept. Raises NotAllowed("return.no_waybill") when nothing of it is left."""
    number = waybills.normalise(typed)[:40]
    if not number:
        raise NotAllowed("return.no_waybill")
    return number


def _carrier(named: str, number: str) -> str:
    """The carrier as it was named; one that is not in the list, where its number tells who it is."""
    likely = waybills.looks_like(number)
    return likely[0] if named == OTHER and len(likely) == 1 else named


def answered(act: Act, ctx: Context, task: Task) -> None:
    """What an answer of the warehouse does to the goods it is about; the task itself is answered already.

    A number in the words of who sends new goods is taken over when it is the only one known by sight.
    """
    row = of_cycle(act)
    if row is None or not act.case.open:
        return
    words = task.answer or ""
    if task.what in (RECEIPT, INSPECTION) and task.finding is not None:
        inspected(act, ctx, row, Inspection(task.finding), words)
    elif task.what == RECEIPT:
        received(act, ctx, row)
    elif task.what in (PARCEL, REPAIR) and row.new_sent_at is None:
        found = waybills.found_in(words)
        if found is not None:
            reshipped(act, row, *found)
