"""Opening a case: from a call, a form or an import."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data.book.book import EVIDENCE, TASKS
from bdesk.data.unit import Unit, key_tail
from bdesk.errors import BadInput
from bdesk.models.kinds import CaseFlag, CaseKind, CaseState, Channel, RefundReason
from bdesk.models.tables import Case, CaseFlagRow, CaseItem, Customer, Order, OrderItem
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, claim_unless_own, row_id
from bdesk.operations.clocks import apply_opening
from bdesk.operations.context import Context
from bdesk.operations.numbers import after_sale_number, tail_of
from bdesk.operations.roles import must_may
from bdesk.rules.facts.goods import items_text
from bdesk.rules.scanner import scan
from bdesk.text import clean

# B0: what is dangerous or dated comes first, suggestions last (training.md D4).
PRIORITY = {CaseKind.SECURITY: 1, CaseKind.UNFREEZE: 2, CaseKind.COMPLAINT: 2, CaseKind.FEEDBACK: 4}
ORDINARY = 3


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known when a case is opened. `received_at` is when the matter was received, which is where
    its clocks start (SLA.md): the time of a form, not of picking it up. `filed`: the channel's own system
    hands it in (an import); who opens a case by hand only says how it came (B0.4). `after_sale_no`: that
    of the firm's own system; without one an after-sales case gets the next (S1:24)."""

    kind: CaseKind
    channel: Channel
    order_id: int | None = None
    customer_id: int | None = None
    subject: str = ""
    description: str = ""
    desired: str = ""
    reason: RefundReason | None = None
    received_at: datetime | None = None
    priority: int | None = None
    item_ids: tuple[int, ...] = ()
    flags: tuple[CaseFlag, ...] = ()
    take: bool = True
    filed: bool = False
    after_sale_no: str | None = None


def open_case(ctx: Context, new: NewCase) -> Changed:
    """Open a case with its clocks; the person who opens it works it.

    Raises BadInput("order.unknown") for an order that is not there, "time.future" for a receipt to come.
    """
    must_may(ctx, "opening.open_case")
    with ctx.store.write(ctx.actor.number) as unit:
        act = open_event(unit, ctx, new)
        if new.take:
            claim_unless_own(act, ctx, "opened")
        return act.finish(ctx, "case.opened", undo=False)


def open_event(unit: Unit, ctx: Context, new: NewCase) -> Act:
    """The rows and events of an opening, uncommitted: calls and imports add theirs."""
    received = new.received_at or unit.now
    if received > unit.now:
        raise BadInput("time.future", at=received)
    procedure = ctx.book.procedure_for(new.kind)
    case = _case(unit, ctx, new, received, procedure.code)
    unit.session.add(case)
    unit.session.flush()
    _attach_items(unit, case, new.item_ids)
    for flag in new.flags:
        unit.session.add(CaseFlagRow(case_id=row_id(case), flag=flag))
    payload: dict[str, object] = {
        "kind": new.kind.value,
        "channel": new.channel.value,
        "filed": new.filed,
        "received_at": to_iso(received),
        "order": new.order_id,
        "customer": case.customer_id,
        "procedure": [case.procedure, case.procedure_version],
        "policy": case.policy_version,
        "calendar": case.calendar_version,
        "tasks": case.tasks_version,
        "evidence": case.evidence_version,
        "priority": case.priority,
    }
    if new.description.strip():
        row, digest = unit.text(case, "description", _kept(new.description, multiline=True))
        payload |= {"text": row.id, "digest": digest}
    ctx.book.keep_texts(unit, procedure.code)
    act = Act(unit, case)
    act.add("case.opened", payload, occurred_at=received)
    apply_opening(act, ctx, procedure)
    return act


def _case(unit: Unit, ctx: Context, new: NewCase, received: datetime, procedure: str) -> Case:
    """The row, pinned to the versions in use."""
    number = unit.next_number("KF")
    after_sale_no = after_sale_number(unit, new.kind, new.after_sale_no)
    return Case(
        case_no=number,
        case_tail=key_tail(number),
        kind=new.kind,
        channel=new.channel,
        filed=new.filed,
        priority=new.priority or PRIORITY.get(new.kind, ORDINARY),
        state=CaseState.NEW,
        customer_id=_customer(unit, new),
        order_id=new.order_id,
        subject=(_kept(new.subject) or _goods(unit, new))[:200],
        desired=_kept(new.desired)[:200],
        reason=new.reason,
        received_at=received,
        opened_at=unit.now,
        procedure=procedure,
        procedure_version=ctx.book.version("procedure", procedure),
        policy_version=ctx.book.version("policy", "clocks"),
        calendar_version=ctx.book.version("calendar", "all"),
        tasks_version=ctx.book.version("policy", TASKS),
        evidence_version=ctx.book.version("policy", EVIDENCE),
        queue_at=received,
        after_sale_no=after_sale_no,
        after_sale_tail=tail_of(after_sale_no),
    )


def _goods(unit: Unit, new: NewCase) -> str:
    """What a case is about as long as nobody has said it: the goods it was opened on."""
    rows = unit.session.scalars(
        select(OrderItem).where(OrderItem.order_id == new.order_id).order_by(col(OrderItem.line))
    )
    named = [row for row in rows if not new.item_ids or row.id in new.item_ids]
    return items_text((row.name, row.quantity) for row in named)


def _kept(words: str, *, multiline: bool = False) -> str:
    """What a customer wrote or said may hold what a desk must never keep (B0.5): that is masked."""
    return scan(clean(words, multiline=multiline)).masked


def _customer(unit: Unit, new: NewCase) -> int | None:
    if new.order_id is not None:
        order = unit.session.get(Order, new.order_id)
        if order is None:
            raise BadInput("order.unknown", key=new.order_id)
        return order.customer_id
    if new.customer_id is not None and unit.session.get(Customer, new.customer_id) is None:
        raise BadInput("customer.unknown", key=new.customer_id)
    return new.customer_id


def _attach_items(unit: Unit, case: Case, item_ids: tuple[int, ...]) -> None:
    if not item_ids:
        return
    items = unit.session.scalars(select(OrderItem).where(OrderItem.order_id == case.order_id)).all()
    known = {item.id: item for item in items}
    for item_id in item_ids:
        if item_id not in known:
            raise BadInput("item.not_of_order", item=item_id)
        unit.session.add(CaseItem(case_id=row_id(case), item_id=item_id, quantity=known[item_id].quantity))
