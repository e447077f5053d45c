"""Cases, by the key that the firm's own system gave them. A case is opened once; after that it is the desk's.

Its clocks run from `received_at`, the receipt of the matter, not from the import (SLA.md).
"""

from datetime import datetime

from sqlmodel import select

from bdesk.data.refold import refold
from bdesk.data.unit import Unit
from bdesk.errors import BadInput
from bdesk.models.kinds import CaseFlag, CaseKind, Channel, EvidenceKind, RefundReason
from bdesk.models.tables import Case, Evidence, Order, OrderItem
from bdesk.operations.change import Act
from bdesk.operations.importing import customers
from bdesk.operations.importing.change import Change, Job, row_id
from bdesk.operations.importing.columns import (
    Shape,
    Values,
    choice,
    instant,
    key,
    numbers,
    several,
    text,
    whole,
    words,
    words_of,
)
from bdesk.operations.opening import NewCase, open_event
from bdesk.rules.documents import KINDS
from bdesk.rules.scanner import scan

LONGEST_DESCRIPTION = 10_000
MOST_BYTES = 2_000_000_000

_EVIDENCE = Shape(
    "evidence",
    (
        choice("kind", EvidenceKind, required=True),
        text("name", 128),
        text("address", 400, required=True),
        whole("size_bytes", 0, MOST_BYTES, default=0),
        instant("received_at"),
    ),
)
SHAPE = Shape(
    "cases",
    (
        text("key", 64, required=True),
        choice("kind", CaseKind, required=True),
        choice("channel", Channel, required=True),
        instant("received_at", required=True),
        key("order_no", 32),
        text("account", 64, empty=True),
        text("subject", 200, required=True),
        words("description", LONGEST_DESCRIPTION),
        text("desired", 200),
        choice("reason", RefundReason),
        whole("priority", 1, 4),
        numbers("lines"),
        words_of("flags", CaseFlag),
        key("after_sale_no", 24),
        several("evidence", _EVIDENCE),
    ),
)


def apply(job: Job, values: Values) -> Change:
    """Open the case unless its key is known.

    Raises BadInput: import.future, import.no_order, import.no_customer, import.other_customer,
    import.no_line, import.after_sale_taken.
    """
    unit = job.unit
    change = Change(key=values["key"])
    known = unit.session.scalars(select(Case.id).where(Case.external_key == values["key"])).first()
    if known is not None:
        change.row_id = known
        return change
    late = max([values["received_at"], *(_received(one, values) for one in values.get("evidence", ()))])
    if late > unit.now:
        raise BadInput("import.future", field="received_at", at=late)
    act = open_event(unit, job.ctx, _new_case(job, values))
    act.case.external_key = values["key"]
    for number, one in enumerate(values.get("evidence", ()), start=1):
        _evidence(act, number, one, _received(one, values))
    refold(unit, act.case, job.ctx.book, unit.now)
    change.row_id, change.new, change.columns = row_id(act.case), True, set(values)
    return change


def _new_case(job: Job, values: Values) -> NewCase:
    order_id, customer_id = _matter(job, values)
    return NewCase(
        kind=values["kind"],
        channel=values["channel"],
        order_id=order_id,
        customer_id=customer_id,
        # What customers write into forms holds what a desk must never keep (B0.5).
        subject=scan(values["subject"]).masked,
        description=scan(values.get("description") or "").masked,
        desired=scan(values.get("desired") or "").masked,
        reason=values.get("reason"),
        received_at=values["received_at"],
        priority=values.get("priority"),
        item_ids=_item_ids(job, order_id, values.get("lines", [])),
        flags=tuple(dict.fromkeys(values.get("flags", ()))),
        filed=True,
        after_sale_no=_after_sale_no(job.unit, values),
    )


def _matter(job: Job, values: Values) -> tuple[int | None, int | None]:
    """The order and the customer that the case is about."""
    account, order_no = values.get("account"), values.get("order_no")
    customer = customers.find(job, account) if account else None
    if account and customer is None:
        raise BadInput("import.no_customer", account=account)
    customer_id = row_id(customer) if customer is not None else None
    if order_no is None:
        return None, customer_id
    order = job.unit.session.scalars(select(Order).where(Order.order_no == order_no)).first()
    if order is None:
        raise BadInput("import.no_order", key=order_no)
    if customer_id is not None and order.customer_id != customer_id:
        raise BadInput("import.other_customer", key=order_no)
    return row_id(order), order.customer_id


def _item_ids(job: Job, order_id: int | None, lines: list[int]) -> tuple[int, ...]:
    found = []
    for line in dict.fromkeys(lines):
        statement = select(OrderItem.id).where(OrderItem.order_id == order_id, OrderItem.line == line)
        item_id = job.unit.session.scalars(statement).first()
        if item_id is None:
            raise BadInput("import.no_line", line=line)
        found.append(item_id)
    return tuple(found)


def _after_sale_no(unit: Unit, values: Values) -> str | None:
    number: str | None = values.get("after_sale_no")
    if number is not None:
        taken = unit.session.scalars(select(Case.id).where(Case.after_sale_no == number)).first()
        if taken is not None:
            raise BadInput("import.after_sale_taken", key=number)
    return number


def _received(one: Values, values: Values) -> datetime:
    found: datetime = one.get("received_at") or values["received_at"]
    return found


def _evidence(act: Act, number: int, one: Values, received_at: datetime) -> None:
    row = Evidence(
        case_id=row_id(act.case),
        number=number,
        kind=one["kind"],
        name=one["kind"].value if one["kind"] in KINDS else one.get("name", ""),
        address=one["address"],
        size_bytes=one.get("size_bytes", 0),
        received_at=received_at,
        cycle=act.case.cycle,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    payload = {"evidence": row.id, "kind": row.kind.value, "number": number}
    act.add("customer.evidence", payload, occurred_at=received_at)
