"""The order card in rows. Pure: a card in, rows out.

No address, no city, no telephone number, no card: it is read before anybody was verified. The end of the
order's number and its amounts show only where the caller named the order.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bdesk.clock import LOCAL
from bdesk.i18n import _
from bdesk.models.kinds import OrderStatus, ParcelState
from bdesk.models.labels import label
from bdesk.models.views.snapshot import CaseBrief, ItemView, PaymentView
from bdesk.operations.looking.order import OrderCard
from bdesk.rules.masking import HIDDEN
from bdesk.screens.lookup.words import DONE, amount, short_no, status_words
from bdesk.text import yuan
from bdesk.widgets.panel import Field, Gap, Heading, Row, Words

STALE = timedelta(hours=24)
SCANS_SHOWN = 4
NOT_SENT = frozenset(
    {OrderStatus.PENDING_PAYMENT, OrderStatus.PAID, OrderStatus.TO_SHIP, OrderStatus.PART_SHIPPED}
)


def day(at: datetime | None) -> str:
    """A moment as cards show it: month/day and time."""
    if at is None:
        return ""
    local = at.astimezone(LOCAL)
    return f"{local.month}/{local.day} {local:%H:%M}"


def age_words(card: OrderCard) -> tuple[str, str]:
    """How old the shop's data are, and the role to say it in."""
    if card.age is None:
        return _("The shop did not say how old its data are"), "warn"
    minutes = int(card.age.total_seconds()) // 60
    if minutes < 1:
        return _("data as of now"), "dim"
    if minutes < 60:
        return _("data {minutes} min old", minutes=minutes), "dim"
    if minutes < 48 * 60:
        return _("data {hours} h old", hours=minutes // 60), "warn" if card.age >= STALE else "dim"
    return _("data {days} d old", days=minutes // (24 * 60)), "warn"


def order_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """Whose order it is, what it cost, when things happened."""
    order = card.page.order
    signed = max((one.signed_at for one in card.page.parcels if one.signed_at is not None), default=None)
    vip = card.page.customer is not None and card.page.customer.vip
    age, role = age_words(card)
    rows: list[Row] = [
        Heading(_("Order"), short_no(order.order_no, named=named)),
        Field(_("Status"), status_words(order.status, signed, card.now), "strong"),
        Field(_("Customer"), card.customer_name, "text", "VIP" if vip else "", "vip"),
        Field(_("Placed"), day(order.placed_at)),
        Field(
            _("Paid"),
            amount(order.total_fen, named=named),
            "amount",
            _money_note(card) if named else "",
            "dim",
        ),
    ]
    if order.estimated_ship_at is not None and order.status in NOT_SENT:
        rows.append(Field(_("Ships by"), day(order.estimated_ship_at)))
    if order.merchant:
        rows.append(Field(_("Seller"), order.merchant))
    rows.append(Field("", age, role))
    return rows


def _money_note(card: OrderCard) -> str:
    order = card.page.order
    parts = []
    if order.coupon_fen:
        parts.append(_("coupon {amount}", amount=yuan(order.coupon_fen)))
    if order.freight_fen:
        parts.append(_("freight {amount}", amount=yuan(order.freight_fen)))
    return "  ".join(parts)


def goods_rows(items: Sequence[ItemView], *, named: bool) -> list[Row]:
    """The lines of the order."""
    rows: list[Row] = [Gap(), Heading(_("Goods"), str(len(items)))]
    for item in items:
        count = f"{item.name} X{item.quantity}" if item.quantity > 1 else item.name
        pieces = [(count, "text"), (f"  {amount(item.price_fen, named=named)}", "soft")]
        if item.refunded_fen:
            pieces.append(
                (f"  {_('refunded {amount}', amount=amount(item.refunded_fen, named=named))}", "warn")
            )
        rows.append(Words(tuple(pieces)))
    return rows


def payment_rows(payments: Sequence[PaymentView], *, named: bool) -> list[Row]:
    """Payments: method, amount, state, what went back."""
    rows: list[Row] = [Gap(), Heading(_("Payments"))]
    if not payments:
        rows.append(Words(((_("No payment is known"), "soft"),)))
    for payment in payments:
        pieces = [
            (label(payment.method), "text"),
            (f"  {amount(payment.amount_fen, named=named)}", "amount"),
            (f"  {label(payment.state)}", "soft"),
            (f"  {day(payment.paid_at)}", "dim"),
        ]
        back = payment.refunded_fen + payment.held_fen
        if back:
            pieces.append((f"  {_('refunded {amount}', amount=amount(back, named=named))}", "warn"))
        rows.append(Words(tuple(pieces)))
    return rows


def parcel_rows(card: OrderCard, scans: int = SCANS_SHOWN) -> list[Row]:
    """Parcels with their newest scans; the waybill by its end, without places: the city is a factor."""
    parcels, city = card.page.parcels, _city(card)
    rows: list[Row] = [Gap(), Heading(_("Parcels"), str(len(parcels)) if parcels else "")]
    if not parcels:
        rows.append(Words(((_("Nothing was sent yet"), "soft"),)))
    for parcel in parcels:
        good = "good" if parcel.state is ParcelState.SIGNED else "text"
        rows.append(
            Words(
                (
                    (f"{parcel.carrier} ", "text"),
                    (short_no(parcel.waybill), "text"),
                    (f"  {label(parcel.state)}", good),
                    (f"  {day(parcel.signed_at or parcel.last_scan_at)}", "dim"),
                )
            )
        )
        newest = sorted(parcel.scans, key=lambda scan: scan.at, reverse=True)[:scans]
        rows += [Field(day(scan.at), _without(scan.text, city), "soft") for scan in newest]
    return rows


def _city(card: OrderCard) -> str:
    """The customer's city as scans would name it, without the word for city."""
    customer = card.page.customer
    return (customer.city or "").removesuffix("市") if customer is not None else ""


def _without(text: str, city: str) -> str:
    return text.replace(city, HIDDEN) if city else text


def refund_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """What went back, and compensation."""
    page = card.page
    if not page.refunds and not page.compensations:
        return []
    rows: list[Row] = [Gap(), Heading(_("Refunds"))]
    for refund in page.refunds:
        when = day(refund.arrived_at or refund.committed_at)
        pieces = ((amount(refund.amount_fen, named=named), "amount"), (f"  {label(refund.method)}", "text"))
        rows.append(Words((*pieces, (f"  {label(refund.state)}", "soft"), (f"  {when}", "dim"))))
    for one in page.compensations:
        text = _("compensation for delay")
        rows.append(
            Words(
                ((amount(one.amount_fen, named=named), "amount"), (f"  {text}  {label(one.state)}", "soft"))
            )
        )
    return rows


def card_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """The whole card in one column."""
    page = card.page
    return [
        *order_rows(card, named=named),
        *goods_rows(page.items, named=named),
        *payment_rows(page.payments, named=named),
        *parcel_rows(card),
        *refund_rows(card, named=named),
    ]


def peek_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """The card for a look inside from a list: one scan for each parcel."""
    page = card.page
    return [
        Gap(),
        *order_rows(card, named=named),
        *goods_rows(page.items, named=named),
        *parcel_rows(card, 1),
        *refund_rows(card, named=named),
    ]


def brief_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """Three lines for the call card: whose, what, where it is."""
    order, page = card.page.order, card.page
    signed = max((one.signed_at for one in page.parcels if one.signed_at is not None), default=None)
    goods = ", ".join(f"{one.name} X{one.quantity}" if one.quantity > 1 else one.name for one in page.items)
    age, role = age_words(card)
    return [
        Words(
            (
                (short_no(order.order_no, named=named), "strong"),
                (f"   {card.customer_name}", "text"),
                (f"   {amount(order.total_fen, named=named)}", "amount"),
                (f"   {status_words(order.status, signed, card.now)}", "good"),
                (f"   {day(order.placed_at)}", "dim"),
            )
        ),
        Words(((goods, "soft"),)),
        Words(((age, role),)),
    ]


def open_cases(cases: Sequence[CaseBrief]) -> list[CaseBrief]:
    """Those that a call can be attached to, the newest first."""
    return [case for case in cases if case.state not in DONE]
