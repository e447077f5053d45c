"""Found orders, cases and customers in words, for the lookup, the call card and the customer's list.

Nothing that could serve as a verification factor is shown, whoever looks, except what the caller said
himself: the end of the number he named (UX, Words; decision 11).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bdesk.clock import LOCAL
from bdesk.i18n import _
from bdesk.models.kinds import OPEN_STATES, CaseKind, CaseState, OrderStatus
from bdesk.models.labels import label, label_of
from bdesk.models.views.pages import LookupHit, OrderBrief
from bdesk.models.views.queue import QueueRow
from bdesk.models.views.snapshot import CaseBrief
from bdesk.operations.context import Context
from bdesk.operations.looking import lookup, queue
from bdesk.rules.masking import HIDDEN
from bdesk.screens.queue.words import whom
from bdesk.speech import speak
from bdesk.widgets.chip import Chip, make_chip, row_chip
from bdesk.widgets.hits import Hit

NAMED = frozenset({"order_no", "order_tail"})
"""Ways of finding by which the caller named the order itself."""

PHONED = frozenset({"phone", "phone_tail"})

DONE = frozenset(CaseState) - OPEN_STATES


@dataclass(frozen=True, slots=True)
class Found:
    """Hits with the queue's rows of the cases among them, whose chips need more than a hit carries."""

    hits: tuple[LookupHit, ...]
    rows: Mapping[int, QueueRow]
    more: bool


def find(ctx: Context, text: str, limit: int) -> Found:
    """What a text finds, with the rows of its cases."""
    return with_rows(ctx, lookup.find(ctx, text, limit=limit))


def with_rows(ctx: Context, page: lookup.LookupPage) -> Found:
    """The hits of a page with the rows of their open cases."""
    ids = {hit.case_id for hit in page.hits if hit.case_id is not None and hit.open}
    rows = {row.case_id: row for row in queue.rows(ctx, sorted(ids))} if ids else {}
    return Found(page.hits, rows, page.more)


def hit_of(hit: LookupHit, rows: Mapping[int, QueueRow], now: datetime) -> Hit:
    """One line of the lookup."""
    by = speak(f"by.{hit.by}")
    chip = chip_of(hit, rows, now)
    if hit.kind == "customer":
        who = hit.phone if hit.by in PHONED and hit.phone else HIDDEN
        counts = f"{_('orders {count}', count=hit.orders)} {_('cases {count}', count=hit.cases)}"
        return Hit("customer", str(hit.customer_id), (who, hit.customer, counts), by)
    if hit.kind == "case":
        kind = label(hit.case_kind) if hit.case_kind is not None else ""
        state = label(hit.case_state) if hit.case_state is not None else ""
        matter = (short_no(hit.case_no), hit.customer, hit.items or kind, kind, state)
        return Hit("case", str(hit.case_id), matter, by, chip)
    number = short_no(hit.order_no, named=hit.by in NAMED)
    goods = (number, hit.customer, hit.items, status_words(hit.status, hit.signed_at, now))
    note = _("has a case") if hit.open and hit.case_id is not None else ""
    return Hit("order", str(hit.order_id), goods, by, chip, note)


def chip_of(hit: LookupHit, rows: Mapping[int, QueueRow], now: datetime) -> Chip | None:
    """The chip of a hit's open case."""
    if hit.case_id is None or not hit.open:
        return None
    row = rows.get(hit.case_id)
    if row is not None:
        return row_chip(row, now, whom)
    return make_chip(now, hit.due_at, stopped=hit.stopped)


def short_no(number: str | None, *, named: bool = True) -> str:
    """A number by its letters and last four: `BT..7741`; stars for the four where nobody named it."""
    if not number:
        return ""
    head = number[:2] if number[:2].isalpha() else ""
    return f"{head}..{number[-4:] if named else HIDDEN}"


def status_words(status: OrderStatus | None, signed_at: datetime | None, now: datetime) -> str:
    """An order's status; how many days ago it was signed for."""
    if status is None:
        return ""
    words = label(status)
    if status is OrderStatus.SIGNED and signed_at is not None:
        days = (now.astimezone(LOCAL).date() - signed_at.astimezone(LOCAL).date()).days
        words += " " + (_("{days} d ago", days=days) if days else _("today"))
    return words


def case_hits(
    cases: Iterable[CaseBrief], rows: Mapping[int, QueueRow], now: datetime, person: Callable[[str], str]
) -> list[Hit]:
    """A customer's or an order's cases, as they come. `person` names a staff number."""
    found = []
    for case in cases:
        row = rows.get(case.id)
        chip = row_chip(row, now, whom) if row is not None and case.state not in DONE else None
        at = case.received_at.astimezone(LOCAL)
        columns = (
            short_no(case.case_no),
            label_of(CaseKind, case.kind.value),
            case.subject,
            f"{at.month}/{at.day}",
            person(case.owner) if case.owner else "",
        )
        found.append(Hit("case", str(case.id), columns, label_of(CaseState, case.state.value), chip))
    return found


def order_hits(orders: Iterable[OrderBrief]) -> list[Hit]:
    """A customer's orders by their goods: number, day and amount of each are factors."""
    found = []
    for order in orders:
        columns = (short_no(order.order_no, named=False), "", order.items, "", "")
        found.append(Hit("order", str(order.id), columns, label(order.status)))
    return found
