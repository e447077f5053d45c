"""The order card in rows. Pure: a card in, rows out.

No telephone number and no card. What could serve as a verification factor shows as **** unless the reader
holds a verified case of the order (`OrderCard.hidden`); the end of the number also where the caller named it.
"""

from collections.abc import Sequence
from datetime import timedelta

from bdesk.i18n import _
from bdesk.models.kinds import Factor, OrderStatus, ParcelState
from bdesk.models.labels import label
from bdesk.models.views.snapshot import CaseBrief
from bdesk.operations.looking.order import OrderCard
from bdesk.rules.masking import HIDDEN
from bdesk.screens.lookup.words import DONE, short_no, status_words
from bdesk.screens.moments import day
from bdesk.text import yuan
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import Field, Gap, Heading, Row, Words

STALE = timedelta(hours=24)
SCANS_SHOWN = 4
NOT_SENT = frozenset(
    {OrderStatus.PENDING_PAYMENT, OrderStatus.PAID, OrderStatus.TO_SHIP, OrderStatus.PART_SHIPPED}
)


def _amount(fen: int, card: OrderCard, role: str, before: str = "  ") -> list[Piece]:
    """An amount of the order, or nothing: a recent amount is a factor."""
    return [] if card.hides(Factor.RECENT_AMOUNT) else [(f"{before}{yuan(fen)}", role)]


def _gone(fen: int, card: OrderCard) -> list[Piece]:
    """That something went back, and how much where it may be told."""
    if not fen:
        return []
    words = _("refunded") if card.hides(Factor.RECENT_AMOUNT) else _("refunded {amount}", amount=yuan(fen))
    return [(f"  {words}", "warn")]


def number_of(card: OrderCard, *, named: bool) -> str:
    """The order's number by its end."""
    return short_no(card.page.order.order_no, named=named or not card.hides(Factor.ORDER_NO))


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
        Heading(_("Order"), number_of(card, named=named)),
        Field(_("Status"), status_words(order.status, signed, card.now), "strong"),
        *(Field(_("Doubtful"), label(one), "warn") for one in card.contradictions),
        Field(_("Customer"), card.customer_name, "text", "VIP" if vip else "", "vip"),
        *_factor_rows(card),
    ]
    if order.merchant:
        rows.append(Field(_("Seller"), order.merchant))
    rows.append(Field("", age, role))
    return rows


def _factor_rows(card: OrderCard) -> list[Row]:
    """Day, sum and place of the order; in their place one line that says when they show."""
    order = card.page.order
    if card.hidden:
        return [
            Words(
                (
                    (f"{HIDDEN}  ", "text"),
                    (_("day, sums and city: in your verified case of this order"), "dim"),
                )
            )
        ]
    rows: list[Row] = [
        Field(_("Placed"), day(order.placed_at)),
        Field(_("Paid"), yuan(order.total_fen), "amount", _money_note(card), "dim"),
    ]
    if card.address:
        rows.append(Field(_("Ships to"), card.address))
    if order.estimated_ship_at is not None and order.status in NOT_SENT:
        rows.append(Field(_("Ships by"), day(order.estimated_ship_at)))
    return rows


def _money_note(card: OrderCard) -> str:
    order = card.page.order
    parts = []
    if order.coupon_fen:
        parts.append(_("coupon {amount}", amount=yuan(order.coupon_fen)))
    if order.freight_fen:
        parts.append(_("freight {amount}", amount=yuan(order.freight_fen)))
    return "  ".join(parts)


def goods_rows(card: OrderCard) -> list[Row]:
    """The lines of the order."""
    items = card.page.items
    rows: list[Row] = [Gap(), Heading(_("Goods"), str(len(items)))]
    for item in items:
        count = f"{item.name} X{item.quantity}" if item.quantity > 1 else item.name
        price = _amount(item.price_fen, card, "soft")
        off = _("cancelled {count}", count=item.cancelled) if item.quantity > 1 else _("cancelled")
        cancelled: list[Piece] = [(f"  {off}", "warn")] if item.cancelled else []
        rows.append(Words(((count, "text"), *price, *cancelled, *_gone(item.refunded_fen, card))))
    return rows


def payment_rows(card: OrderCard) -> list[Row]:
    """Payments: method, amount, state, what went back."""
    payments = card.page.payments
    rows: list[Row] = [Gap(), Heading(_("Payments"))]
    if not payments:
        rows.append(Words(((_("No payment is known"), "soft"),)))
    for payment in payments:
        when = "" if card.hides(Factor.PURCHASE_DATE) else f"  {day(payment.paid_at)}"
        pieces: list[Piece] = [
            (label(payment.method), "text"),
            *_amount(payment.amount_fen, card, "amount"),
            (f"  {label(payment.state)}", "soft"),
            (when, "dim"),
            *_gone(payment.refunded_fen + payment.held_fen, card),
        ]
        rows.append(Words(tuple(pieces)))
    return rows


def parcel_rows(card: OrderCard, scans: int = SCANS_SHOWN) -> list[Row]:
    """Parcels with their newest scans; the waybill by its end, without the receiver's city: a factor."""
    parcels = card.page.parcels
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
        rows += [Field(day(scan.at), card.veiled(scan.text), "soft") for scan in newest]
    return rows


def refund_rows(card: OrderCard) -> list[Row]:
    """What went back, and compensation."""
    page = card.page
    if not page.refunds and not page.compensations:
        return []
    rows: list[Row] = [Gap(), Heading(_("Refunds"))]
    for refund in page.refunds:
        when = day(refund.arrived_at or refund.committed_at)
        pieces = [*_amount(refund.amount_fen, card, "amount", ""), (f"  {label(refund.method)}", "text")]
        rows.append(Words((*pieces, (f"  {label(refund.state)}", "soft"), (f"  {when}", "dim"))))
    for one in page.compensations:
        text = _("compensation for delay")
        sums = _amount(one.amount_fen, card, "amount", "")
        rows.append(Words((*sums, (f"  {text}  {label(one.state)}", "soft"))))
    return rows


def card_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """The whole card in one column."""
    return [
        *order_rows(card, named=named),
        *goods_rows(card),
        *payment_rows(card),
        *parcel_rows(card),
        *refund_rows(card),
    ]


def peek_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """The card for a look inside from a list: one scan for each parcel."""
    return [
        Gap(),
        *order_rows(card, named=named),
        *goods_rows(card),
        *parcel_rows(card, 1),
        *refund_rows(card),
    ]


def brief_rows(card: OrderCard, *, named: bool) -> list[Row]:
    """Three lines for the call card: whose, what, where it is."""
    order, page = card.page.order, card.page
    signed = max((one.signed_at for one in page.parcels if one.signed_at is not None), default=None)
    goods = ", ".join(f"{one.name} X{one.quantity}" if one.quantity > 1 else one.name for one in page.items)
    age, role = age_words(card)
    # No amount and no day here at all: the card is read while somebody unknown is on the line.
    return [
        Words(
            (
                (number_of(card, named=named), "strong"),
                (f"   {card.customer_name}", "text"),
                (f"   {status_words(order.status, signed, card.now)}", "good"),
            )
        ),
        Words(((goods, "soft"),)),
        *(Words(((f"{_('Doubtful')}  {label(one)}", "warn"),)) for one in card.contradictions),
        Words(((age, role),)),
    ]


def open_cases(cases: Sequence[CaseBrief]) -> list[CaseBrief]:
    """Those that a call can be attached to, the newest first."""
    return [case for case in cases if case.state not in DONE]
