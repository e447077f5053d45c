"""`bdesk find`: cases, orders and customers by what a caller can say."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.pages import LookupHit

app = new_app()


@app.command(
    help=_(
        "Find cases, orders and customers by a number or its last four characters, a telephone number or its "
        "tail, a tail with a date, a waybill, an account, or initials. Names and numbers come masked; of an "
        "order's number shows what was typed."
    ),
    epilog=examples(
        "bdesk find 7741 --as 1001", 'bdesk find "6621 11-14" --as 1001', "bdesk find SF00112233 --json"
    ),
)
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What the caller can say."))],
    limit: Annotated[int, typer.Option(min=1, max=200, help=_("At most so many."))] = 30,
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.errors import DeskError
    from bdesk.operations.looking import lookup

    with acting(as_) as ctx:
        page = lookup.find(ctx, text, limit=limit)
    if not page.hits:
        raise DeskError("find.nothing", text=text)
    if as_json:
        write_json({"hits": [_document(hit) for hit in page.hits], "more": page.more})
        return
    headings = (_("Kind"), _("No."), _("Customer"), _("Summary"), _("State"), _("Due"), _("Found by"))
    write_table(headings, [_cells(hit) for hit in page.hits])
    if page.more:
        write_line(_("There are more. Type more of the number."))


def _phone(hit: "LookupHit") -> str:
    """The tail of a number is a factor of verification: it is shown only to who named it already."""
    from bdesk.rules.masking import HIDDEN

    return hit.phone if hit.by.startswith("phone") or not hit.phone else HIDDEN


def _order_no(hit: "LookupHit") -> str | None:
    """The order's number as far as it was typed: whole, by its end, or not at all. It is a factor too."""
    from bdesk.rules.masking import HIDDEN

    if hit.order_no is None or hit.by == "order_no":
        return hit.order_no
    end = hit.order_no[-4:] if hit.by == "order_tail" else HIDDEN
    head = hit.order_no[:2]
    return f"{head if head.isalpha() else ''}..{end}"


def _document(hit: "LookupHit") -> dict[str, object]:
    """No sums and no purchase days: a list never shows what could serve as a factor (decision 11)."""
    return {
        "kind": hit.kind,
        "found_by": hit.by,
        "customer": hit.customer,
        "phone": _phone(hit),
        "order_no": _order_no(hit),
        "items": hit.items,
        "status": hit.status,
        "signed_at": hit.signed_at,
        "case_no": hit.case_no,
        "case_kind": hit.case_kind,
        "case_state": hit.case_state,
        "open": hit.open,
        "due_at": hit.due_at,
        "stopped": hit.stopped,
        "orders": hit.orders,
        "cases": hit.cases,
    }


def _cells(hit: "LookupHit") -> tuple[str, ...]:
    from bdesk.models.labels import label
    from bdesk.speech import speak

    kind = speak(f"kind.{hit.kind}")
    by = speak(f"by.{hit.by}")
    due = shown_at(hit.due_at)
    if hit.kind == "customer":
        what = _("{orders} orders, {cases} cases", orders=hit.orders, cases=hit.cases)
        return kind, _phone(hit), hit.customer, what, "", due, by
    if hit.kind == "order":
        state = label(hit.status) if hit.status is not None else ""
        if hit.case_no:
            state = f"{state}  {hit.case_no}"
        return kind, _order_no(hit) or "", hit.customer, hit.items, state, due, by
    state = label(hit.case_state) if hit.case_state is not None else ""
    return kind, hit.case_no or "", hit.customer, hit.items, state, due, by


def shown_at(instant: object) -> str:
    """An instant in local time for a table; nothing for None."""
    from datetime import datetime

    from bdesk.clock import LOCAL

    if not isinstance(instant, datetime):
        return ""
    return instant.astimezone(LOCAL).strftime("%m-%d %H:%M")
