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
    help=_(
        "Show an order: items, payments, parcels, refunds and its cases. The customer comes masked. Sums, "
        "the day of the purchase and the city show to who holds a verified case of the order; else they are "
        "**** (null in JSON)."
    ),
    epilog=examples(
        "bdesk order BT20261114007741 --as 1001",
        'bdesk order "6621 11-14" --as 1001',
        "bdesk order BT20261114007741 --json --as 1001",
    ),
)
def show(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help=_("The order number, or what finds this order alone."))
    ],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.looking.order import order_card

    with acting(as_) as ctx:
        card = order_card(ctx, key)
    if as_json:
        write_json(document(card, key))
    else:
        _write(card, key)


def document(card: "OrderCard", key: str) -> dict[str, object]:
    """What `--json` prints. Telephone and street stay out; sums and days that could serve as a factor of
    verification are null while they are hidden, texts ****."""
    from bdesk.models.kinds import Factor

    page = card.page
    order = page.order
    no_days = card.hides(Factor.PURCHASE_DATE)
    return {
        "order_no": order_no(card, key),
        "status": order.status,
        "contradictions": list(card.contradictions),
        "placed_at": None if no_days else order.placed_at,
        **_sums(card, goods_fen=order.goods_fen, coupon_fen=order.coupon_fen, freight_fen=order.freight_fen),
        **_sums(card, total_fen=order.total_fen),
        "seller": order.seller_type,
        "merchant": order.merchant,
        "presale": order.presale,
        "estimated_ship_at": None if no_days else order.estimated_ship_at,
        "as_of": order.as_of,
        "customer": card.customer_name,
        "address": card.address,
        "hidden": sorted(card.hidden),
        "items": [_item(one, card) for one in page.items],
        "payments": [_payment(one, card) for one in page.payments],
        "parcels": [_parcel(one, card) for one in page.parcels],
        "refunds": [_refund(one, card) for one in page.refunds],
        "compensations": [
            {"state": one.state, "committed_at": one.committed_at, **_sums(card, amount_fen=one.amount_fen)}
            for one in page.compensations
        ],
        "cases": [
            {"case_no": one.case_no, "kind": one.kind, "state": one.state, "due_at": one.due_at}
            for one in page.cases
        ],
    }


def order_no(card: "OrderCard", key: str) -> str:
    """The order's number, as far as it was typed while it is hidden."""
    from bdesk.models.kinds import Factor
    from bdesk.rules.masking import HIDDEN
    from bdesk.text import normalise_key

    number, typed = card.page.order.order_no, normalise_key(key)
    if typed == number or not card.hides(Factor.ORDER_NO):
        return number
    head = number[:2] if number[:2].isalpha() else ""
    return f"{head}..{number[-4:] if len(typed) >= 4 and number.endswith(typed) else HIDDEN}"


def _sums(card: "OrderCard", **sums: int) -> dict[str, int | None]:
    from bdesk.models.kinds import Factor

    hidden = card.hides(Factor.RECENT_AMOUNT)
    return {name: None if hidden else fen for name, fen in sums.items()}


def _item(one: "ItemView", card: "OrderCard") -> dict[str, object]:
    return {
        "line": one.line,
        "sku": one.sku,
        "name": one.name,
        "quantity": one.quantity,
        **_sums(card, price_fen=one.price_fen, refunded_fen=one.refunded_fen),
        "return_class": one.return_class,
    }


def _payment(one: "PaymentView", card: "OrderCard") -> dict[str, object]:
    from bdesk.models.kinds import Factor

    return {
        "payment_no": one.payment_no,
        "method": one.method,
        "state": one.state,
        **_sums(card, amount_fen=one.amount_fen, refunded_fen=one.refunded_fen, held_fen=one.held_fen),
        "paid_at": None if card.hides(Factor.PURCHASE_DATE) else one.paid_at,
    }


def _parcel(one: "ParcelView", card: "OrderCard") -> dict[str, object]:
    return {
        "waybill": one.waybill,
        "carrier": one.carrier,
        "state": one.state,
        "shipped_at": one.shipped_at,
        "signed_at": one.signed_at,
        "signed_by": one.signed_by,
        "scans": [
            {"at": scan.at, "place": card.veiled(scan.place), "text": card.veiled(scan.text)}
            for scan in one.scans
        ],
    }


def _refund(one: "RefundView", card: "OrderCard") -> dict[str, object]:
    return {
        "refund_no": one.refund_no,
        **_sums(card, amount_fen=one.amount_fen),
        "method": one.method,
        "state": one.state,
        "committed_at": one.committed_at,
    }


def _yuan(fen: int, card: "OrderCard") -> str:
    from bdesk.models.kinds import Factor
    from bdesk.rules.masking import HIDDEN
    from bdesk.text import yuan

    return HIDDEN if card.hides(Factor.RECENT_AMOUNT) else yuan(fen)


def _write(card: "OrderCard", key: str) -> None:
    from bdesk.models.kinds import Factor
    from bdesk.models.labels import label
    from bdesk.rules.masking import HIDDEN

    page = card.page
    order = page.order
    total = _yuan(order.total_fen, card)
    write_line(f"{order_no(card, key)}  {label(order.status)}  {total}  {card.customer_name}")
    placed = HIDDEN if card.hides(Factor.PURCHASE_DATE) else shown_at(order.placed_at)
    if card.age is not None:
        write_line(_("Ordered {at}; data as of {as_of}", at=placed, as_of=shown_at(order.as_of)))
    else:
        write_line(_("Ordered {at}", at=placed))
    for one in card.contradictions:
        write_line(f"{_('Doubtful')}  {label(one)}")
    if card.address:
        write_line(f"{_('Ships to')} {card.address}")
    if card.hidden:
        write_line(_("**** shows while you hold a verified case of this order."))
    _table(
        (_("Item"), _("Pieces"), _("Price"), _("Refunded")),
        [
            (one.name, one.quantity, _yuan(one.price_fen, card), _back(one.refunded_fen, card))
            for one in page.items
        ],
    )
    _table(
        (_("Payment"), _("Method"), _("State"), _("Amount"), _("Refunded")),
        [
            (
                one.payment_no,
                label(one.method),
                label(one.state),
                _yuan(one.amount_fen, card),
                _back(one.refunded_fen, card),
            )
            for one in page.payments
        ],
    )
    _write_ways(card)


def _back(fen: int, card: "OrderCard") -> str:
    """What went back; that nothing did is no secret."""
    return _yuan(fen, card) if fen else "0.00"


def _write_ways(card: "OrderCard") -> None:
    from bdesk.models.labels import label

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
                _yuan(one.amount_fen, card),
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
