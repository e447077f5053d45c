"""Keeping an answer: its row and event, what the case itself keeps of it, and the state that follows."""

from collections.abc import Sequence

from sqlmodel import col, delete, select

from bdesk.errors import BadInput
from bdesk.models.kinds import ApprovalState, CaseState, RefundReason, Stream
from bdesk.models.tables import Approval, CaseItem, OrderItem, StepAnswer
from bdesk.operations.change import Act, row_id
from bdesk.operations.clocks import running_clocks
from bdesk.operations.context import Context
from bdesk.operations.standing import Standing, freeze, standing
from bdesk.rules import unfreeze
from bdesk.rules.walk.model import CaptureType, StepType, WaitsFor
from bdesk.rules.walk.values import GivenValue
from bdesk.rules.walk.views import Planned, Waiting
from bdesk.text import normalise_key

ITEMS = "case.items"
WHOLE = "whole"

STATE_OF_WAIT = {
    WaitsFor.CUSTOMER: CaseState.WAITING_CUSTOMER,
    WaitsFor.THIRD_PARTY: CaseState.IN_TRANSIT,
    WaitsFor.APPROVAL: CaseState.WAITING_APPROVAL,
    WaitsFor.COLLEAGUE: CaseState.WAITING_INTERNAL,
}
"""The state of a case whose procedure waits (B0.2)."""

_CODED = (CaptureType.CHOICE, CaptureType.AMOUNT, CaptureType.YESNO)


def record_answer(act: Act, ctx: Context, stand: Standing, planned: Planned) -> StepAnswer:
    """The row and event of an answer. Factors are never kept (B0.4); the journal keeps no free text.

    Raises BadInput("item.not_of_order", "item.pieces") for goods that are not in the order.
    """
    row = StepAnswer(
        case_id=act.case_id,
        cycle=planned.cycle,
        round=planned.round,
        step=planned.step,
        option=planned.option,
        captures=freeze(planned.captures),
        via=[list(pair) for pair in planned.via],
        binding=planned.binding,
        by=act.unit.actor,
        at=act.unit.now,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    event = act.add(
        "step.answered",
        {
            "answer": row.id,
            "step": planned.step,
            "option": planned.option,
            "round": planned.round,
            "captures": _coded(stand, planned),
        },
        columns=_stored_columns(stand, planned),
    )
    row.event_id = event.id
    _store_items(act, stand, planned)
    _note_coached(act, stand, planned)
    _leave_approval(act, ctx, stand)
    return row


def _given(stand: Standing, planned: Planned) -> dict[str, GivenValue]:
    current = stand.walk.current
    chosen = current.step.option(planned.option) if current is not None else None
    return {**planned.captures, **(dict(chosen.sets) if chosen is not None else {})}


def _stored_columns(stand: Standing, planned: Planned) -> dict[str, object]:
    """Answers that the case itself keeps: `stores` of the procedure maps a field or set to a column."""
    given = _given(stand, planned)
    columns: dict[str, object] = {}
    for name, fact in stand.procedure.stores.items():
        value = given.get(name)
        if value is None:
            continue
        if fact == "case.reason":
            columns["reason"] = RefundReason(str(value))
        elif fact == "case.subtype":
            columns["subtype"] = str(value)[:32]
        elif fact in ("case.subject", "case.desired"):
            columns[fact.removeprefix("case.")] = str(value)[:200]
    return columns


def _coded(stand: Standing, planned: Planned) -> dict[str, object]:
    """Only codes, numbers and dates go into the journal: texts can be erased, the journal cannot."""
    step = stand.walk.current.step if stand.walk.current else None
    kept: dict[str, object] = {}
    for name, value in freeze(planned.captures).items():
        capture = step.capture(name) if step else None
        if capture is not None and capture.type in _CODED:
            kept[name] = value
    return kept


def _note_coached(act: Act, stand: Standing, planned: Planned) -> None:
    """That somebody tells the caller what to do is kept with the wallet, whatever becomes of the answer, of
    its case and of its kind (WU4v)."""
    freeze, wallet = unfreeze.holding(stand.snapshot), stand.snapshot.wallet
    if planned.captures.get("coached") != "guided" or freeze is None or wallet is None:
        return
    if freeze.coached is None or not freeze.coached.so:
        act.unit.append(Stream.WALLET, wallet.id, unfreeze.COACHED, {"case": act.case_id})


# Goods


def _store_items(act: Act, stand: Standing, planned: Planned) -> None:
    """Keep which goods the case is about. Choosing the whole order at that step takes a choice back."""
    name = next((field for field, fact in stand.procedure.stores.items() if fact == ITEMS), None)
    current = stand.walk.current
    if name is None or current is None or current.step.capture(name) is None:
        return
    if _given(stand, planned).get("extent") == WHOLE:
        set_items(act, {})
        return
    value = planned.captures.get(name)
    if isinstance(value, tuple):
        set_items(act, wanted_items(act, value))


def wanted_items(act: Act, typed: Sequence[str]) -> dict[int, int]:
    """Order lines by what was typed: a line number or an SKU, with `*2` for two pieces of it.

    Raises BadInput("item.not_of_order") for what the order does not have, and ("item.pieces") for none or
    more pieces than it has.
    """
    rows = act.unit.session.scalars(select(OrderItem).where(OrderItem.order_id == act.case.order_id)).all()
    by_name = {normalise_key(row.sku): row for row in rows} | {str(row.line): row for row in rows}
    wanted: dict[int, int] = {}
    for part in typed:
        name, _, pieces = part.replace("×", "*").partition("*")
        row = by_name.get(normalise_key(name)) or by_name.get(name)
        if row is None:
            raise BadInput("item.not_of_order", item=name)
        count = int(pieces) if pieces.isascii() and pieces.isdigit() else row.quantity if not pieces else 0
        if not 0 < count <= row.quantity:
            raise BadInput("item.pieces", item=row.name, most=row.quantity)
        wanted[row_id(row)] = count
    return wanted


def set_items(act: Act, wanted: dict[int, int]) -> None:
    """Make the case about these pieces (item: pieces); none at all means the whole order."""
    session = act.unit.session
    rows = session.scalars(select(CaseItem).where(CaseItem.case_id == act.case_id).order_by(col(CaseItem.id)))
    was = {row.item_id: row.quantity for row in rows}
    if was == wanted:
        return
    replace_items(act, wanted)
    act.add("case.items", {"items": _pairs(wanted), "was": _pairs(was)})


def replace_items(act: Act, wanted: dict[int, int]) -> None:
    """The rows alone, without an event."""
    session = act.unit.session
    session.exec(delete(CaseItem).where(col(CaseItem.case_id) == act.case_id))
    session.add_all(CaseItem(case_id=act.case_id, item_id=item, quantity=wanted[item]) for item in wanted)
    session.flush()


def _pairs(items: dict[int, int]) -> list[list[int]]:
    return [[item, pieces] for item, pieces in items.items()]


# What follows


def _leave_approval(act: Act, ctx: Context, stand: Standing) -> None:
    """Whoever leaves the wait for an approval by another way takes the request back."""
    waiting = stand.walk.waiting
    if waiting is not None and waiting.waits_for is WaitsFor.APPROVAL:
        withdraw_requests(act, ctx)


def withdraw_requests(act: Act, ctx: Context) -> None:
    """Take back what waits for a second person on this case; its clock is cancelled."""
    rows = act.unit.session.scalars(
        select(Approval).where(Approval.case_id == act.case_id, Approval.state == ApprovalState.REQUESTED)
    ).all()
    for row in rows:
        row.state = ApprovalState.WITHDRAWN
        act.add("approval.withdrawn", {"approval": row.id})
    if rows and "approval" in running_clocks(act, ctx):
        act.add("clock.cancelled", {"clock": "approval", "reason": "withdrawn"})


def settle_state(act: Act, ctx: Context, before: Standing, planned: Planned) -> None:
    """Let the case's state follow its procedure: into a wait, and out of one that was left (B0.2)."""
    if not act.case.open:
        return
    after = _waits_at(act, ctx, before, planned)
    if after is not None:
        state = STATE_OF_WAIT[after.waits_for]
    elif before.walk.waiting is not None:
        state = CaseState.IN_PROGRESS
    else:
        return
    if act.case.state is not state:
        act.add("case.state", {"to": state.value}, state=state)


def _waits_at(act: Act, ctx: Context, before: Standing, planned: Planned) -> Waiting | None:
    """The wait that the answer led to, unless what is waited for is there already."""
    goto = planned.goto
    if goto is None or not before.procedure.has(goto):
        return None
    # A look may lead on into a wait by itself.
    if before.procedure.step(goto).type not in (StepType.WAIT, StepType.LOOK):
        return None
    act.unit.session.flush()
    return standing(act.unit.session, ctx, act.case_id, act.unit.now).walk.waiting
