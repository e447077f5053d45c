"""`bdesk order`: the order card."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.snapshot import ItemView, ParcelView, PaymentView, RefundView
    from bdesk.operations.looking.order import OrderCard

app = new_app()


@app.command(
    help=_("Show an order: items, payments, parcels, refunds and its cases. The customer comes masked."),
    epilog=examples(
        "bdesk order BT20261114007741 --as 1001", "bdesk order BT20261114007741 --json --as 1001"
    ),
)
def show(
    key: Annotated[str, typer.Argument(metavar="KEY", help=_("The order number."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.looking.order import order_card

    with acting(as_) as ctx:
        card = order_card(ctx, key)
    if as_json:
        write_json(document(card))
    else:
        _write(card)


def document(card: "OrderCard") -> dict[str, object]:
    """What `--json` prints. Telephone and address stay out: their ends are factors of verification."""
    page = card.page
    order = page.order
    return {
        "order_no": order.order_no,
        "status": order.status,
        "placed_at": order.placed_at,
        "goods_fen": order.goods_fen,
        "coupon_fen": order.coupon_fen,
        "freight_fen": order.freight_fen,
        "total_fen": order.total_fen,
        "seller": order.seller_type,
        "merchant": order.merchant,
        "presale": order.presale,
        "estimated_ship_at": order.estimated_ship_at,
        "as_of": order.as_of,
        "customer": card.customer_name,
        "items": [_item(one) for one in page.items],
        "payments": [_payment(one) for one in page.payments],
        "parcels": [_parcel(one) for one in page.parcels],
        "refunds": [_refund(one) for one in page.refunds],
        "compensations": page.compensations,
        "cases": [
            {"case_no": one.case_no, "kind": one.kind, "state": one.state, "due_at": one.due_at}
            for one in page.cases
        ],
    }


def _item(one: "ItemView") -> dict[str, object]:
    return {
        "line": one.line,
        "sku": one.sku,
        "name": one.name,
        "quantity": one.quantity,
        "price_fen": one.price_fen,
        "return_class": one.return_class,
        "refunded_fen": one.refunded_fen,
    }


def _payment(one: "PaymentView") -> dict[str, object]:
    return {
        "payment_no": one.payment_no,
        "method": one.method,
        "state": one.state,
        "amount_fen": one.amount_fen,
        "refunded_fen": one.refunded_fen,
        "held_fen": one.held_fen,
        "paid_at": one.paid_at,
    }


def _parcel(one: "ParcelView") -> dict[str, object]:
    return {
        "waybill": one.waybill,
        "carrier": one.carrier,
        "state": one.state,
        "shipped_at": one.shipped_at,
        "signed_at": one.signed_at,
        "signed_by": one.signed_by,
        "scans": [{"at": scan.at, "place": scan.place, "text": scan.text} for scan in one.scans],
    }


def _refund(one: "RefundView") -> dict[str, object]:
    return {
        "refund_no": one.refund_no,
        "amount_fen": one.amount_fen,
        "method": one.method,
        "state": one.state,
        "committed_at": one.committed_at,
    }


def _write(card: "OrderCard") -> None:
    from bdesk.models.labels import label
    from bdesk.text import yuan

    page = card.page
    order = page.order
    write_line(f"{order.order_no}  {label(order.status)}  {yuan(order.total_fen)}  {card.customer_name}")
    placed = shown_at(order.placed_at)
    if card.age is not None:
        write_line(_("Ordered {at}; data as of {as_of}", at=placed, as_of=shown_at(order.as_of)))
    else:
        write_line(_("Ordered {at}", at=placed))
    _table(
        (_("Item"), _("Pieces"), _("Price"), _("Refunded")),
        [(one.name, one.quantity, yuan(one.price_fen), yuan(one.refunded_fen)) for one in page.items],
    )
    _table(
        (_("Payment"), _("Method"), _("State"), _("Amount"), _("Refunded")),
        [
            (
                one.payment_no,
                label(one.method),
                label(one.state),
                yuan(one.amount_fen),
                yuan(one.refunded_fen),
            )
            for one in page.payments
        ],
    )
    _write_ways(card)


def _write_ways(card: "OrderCard") -> None:
    from bdesk.models.labels import label
    from bdesk.text import yuan

    page = card.page
    _table(
        (_("Parcel"), _("Carrier"), _("State"), _("Signed for")),
        [(one.waybill, one.carrier, label(one.state), shown_at(one.signed_at)) for one in page.parcels],
    )
    _table(
        (_("Refund"), _("Method"), _("State"), _("Amount"), _("When")),
        [
            (
                one.refund_no,
                label(one.method),
                label(one.state),
                yuan(one.amount_fen),
                shown_at(one.committed_at),
            )
            for one in page.refunds
        ],
    )
    _table(
        (_("Case"), _("Kind"), _("State"), _("Due")),
        [(one.case_no, label(one.kind), label(one.state), shown_at(one.due_at)) for one in page.cases],
    )


def _table(headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    if rows:
        write_line("")
        write_table(headings, rows)
