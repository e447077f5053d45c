"""Money back. Never more than was paid, by the way it came, once (ARCHITECTURE, Effects; law file 7)."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col, select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    CompensationKind,
    OrderStatus,
    ParcelState,
    PaymentState,
    RefundReason,
    RefundState,
)
from bdesk.models.tables import Compensation, Order, OrderItem, Parcel, Payment, Refund, RefundItem
from bdesk.models.views.strip import Phrase
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.limits import must_be_within
from bdesk.operations.walking import Standing
from bdesk.rules.refund_split import Share, item_shares, payment_shares
from bdesk.rules.walk.views import Planned, PlannedEffect

# Refunds in these states take up what was paid; failed and recalled ones do not.
LIVE = (
    RefundState.HELD,
    RefundState.RELEASED,
    RefundState.ACCEPTED,
    RefundState.ARRIVED,
    RefundState.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class _Order:
    order: Order
    payments: list[Payment]
    items: list[OrderItem]


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """ "Refund 128.00 to WeChat, order ..7741", in a code and parameters."""
    amount = effect.params.get("amount_fen")
    order = stand.snapshot.order
    shares = payment_shares(stand.snapshot.payments, int(str(amount)), excess=effect.params.get("extent") == "excess")
    methods = tuple(dict.fromkeys(share.method.value for share in shares))
    other = effect.effect == "refund.other_target"
    return Preview(
        Phrase(
            "strip.refund_other" if other else "strip.refund",
            {
                "amount_fen": amount,
                "methods": methods,
                "order_tail": order.order_no[-4:] if order is not None else "",
            },
        )
    )


def compensation_preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    return Preview(
        Phrase("strip.compensation", {"amount_fen": effect.params.get("amount_fen"), "form": effect.params.get("form")})
    )


def refund(call: EffectCall) -> None:
    """Hold a refund on the payments of the order, the original way only."""
    must_be_within(call, "refund", call.fen())
    _refund(call, other_target=None)


def refund_other(call: EffectCall) -> None:
    """To another target: two persons, and only after the channel refused (RF9a)."""
    must_be_within(call, "refund_other_target", call.fen())
    if not call.stand.facts.get("refund.target_registered"):
        raise NotAllowed("refund.no_target")
    _refund(call, other_target="registered")


def _refund(call: EffectCall, other_target: str | None) -> None:
    found = _lock(call)
    amount = call.fen()
    excess = call.text("extent") == "excess"
    shares = payment_shares(call.stand.snapshot.payments, amount, excess=excess, other=other_target is not None)
    pieces = () if excess else item_shares(call.stand.snapshot, amount, whole=call.text("extent") != "part")
    _pieces_left(call, found.items)
    by_id = {payment.id: payment for payment in found.payments}
    for position, share in enumerate(shares):
        payment = by_id[share.payment_id]
        _hold(call, payment, share.amount_fen)
        row = _refund_row(call, payment, share, other_target)
        if position == 0:
            for item_id, quantity, fen in pieces:
                call.act.unit.session.add(RefundItem(refund_id=row.id, item_id=item_id, quantity=quantity, amount_fen=fen))
        call.send({"refund_no": row.refund_no, "amount_fen": share.amount_fen}, refund_id=row.id)
    before = found.order.status
    found.order.status = OrderStatus.REFUNDING
    call.act.add("order.refunding", {"order": found.order.order_no, "was": before.value})


def _lock(call: EffectCall) -> _Order:
    """The order's rows, locked where the database locks rows; on SQLite this transaction holds the file."""
    session = call.act.unit.session
    order_id = call.act.case.order_id
    order = session.get(Order, order_id) if order_id is not None else None
    if order is None or order.id is None:
        raise NotAllowed("refund.no_order")
    payments = list(
        session.scalars(
            select(Payment)
            .where(Payment.order_id == order.id, Payment.state == PaymentState.SUCCESS)
            .order_by(col(Payment.id))
            .with_for_update()
        )
    )
    items = list(session.scalars(select(OrderItem).where(OrderItem.order_id == order.id)))
    return _Order(order, payments, items)


def _hold(call: EffectCall, payment: Payment, amount_fen: int) -> None:
    """Take the amount up on the payment, in one guarded update; the table's CHECK stands behind it."""
    done = call.act.unit.session.execute(
        update(Payment)
        .where(
            col(Payment.id) == payment.id,
            col(Payment.refunded_fen) + col(Payment.held_fen) + amount_fen <= col(Payment.amount_fen),
        )
        .values(held_fen=Payment.held_fen + amount_fen, version=Payment.version + 1)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise NotAllowed("refund.above_paid", amount_fen=amount_fen, paid_fen=payment.amount_fen)
    call.act.unit.session.refresh(payment)


def _pieces_left(call: EffectCall, items: list[OrderItem]) -> None:
    """No piece is paid back twice, whoever asks and from whichever case."""
    chosen = {item.id for item in call.stand.snapshot.items if item.chosen}
    if call.text("extent") == "excess":
        return
    done = call.act.unit.session.execute(
        select(RefundItem.item_id, RefundItem.quantity)
        .join(Refund, col(Refund.id) == col(RefundItem.refund_id))
        .where(col(RefundItem.item_id).in_([item.id for item in items]), col(Refund.state).in_(LIVE))
    ).all()
    gone: dict[int, int] = {}
    for item_id, quantity in done:
        gone[item_id] = gone.get(item_id, 0) + quantity
    for item in items:
        if item.id in chosen and item.id is not None and gone.get(item.id, 0) >= item.quantity > 0:
            raise NotAllowed("refund.piece_done", item=item.name)


def _refund_row(call: EffectCall, payment: Payment, share: Share, other_target: str | None) -> Refund:
    case = call.act.case
    session = call.act.unit.session
    assert payment.id is not None and case.order_id is not None and case.customer_id is not None
    reason = call.params.get("reason")
    earlier = session.scalars(
        select(Refund).where(Refund.case_id == case.id, Refund.payment_id == payment.id).order_by(col(Refund.id))
    ).all()
    row = Refund(
        refund_no=call.act.unit.next_number("TK"),
        case_id=case.id,
        order_id=case.order_id,
        payment_id=payment.id,
        customer_id=case.customer_id,
        amount_fen=share.amount_fen,
        method=payment.method,
        reason=RefundReason(str(reason)) if reason else case.reason,
        state=RefundState.HELD,
        attempt=1 + len(earlier),
        committed_at=call.now,
        other_target=other_target,
    )
    session.add(row)
    session.flush()
    call.act.add(
        "refund.held",
        {
            "refund": row.refund_no,
            "payment": payment.payment_no,
            "amount_fen": share.amount_fen,
            "method": payment.method.value,
        },
    )
    return row


def cancel_order(call: EffectCall) -> None:
    """Cancel an unshipped order. Raises NotAllowed("order.shipped") when a parcel left meanwhile (RF7a)."""
    session = call.act.unit.session
    order = session.get(Order, call.act.case.order_id) if call.act.case.order_id is not None else None
    if order is None:
        raise NotAllowed("refund.no_order")
    parcels = session.scalars(select(Parcel).where(Parcel.order_id == order.id)).all()
    if any(parcel.state is not ParcelState.PACKED for parcel in parcels):
        raise NotAllowed("order.shipped", order_no=order.order_no)
    before = order.status
    order.status = OrderStatus.CANCELLED
    call.act.add("order.cancelled", {"order": order.order_no, "was": before.value})


def compensate(call: EffectCall) -> None:
    """Once per order and delay; the unique key refuses a second (P2)."""
    amount = call.fen()
    must_be_within(call, "delay_compensation", amount)
    case = call.act.case
    session = call.act.unit.session
    if case.order_id is None:
        raise NotAllowed("refund.no_order")
    delay_key = call.text("cause", "delay")
    found = session.scalars(
        select(Compensation).where(
            Compensation.order_id == case.order_id,
            Compensation.delay_key == delay_key,
            col(Compensation.state).in_(LIVE),
        )
    ).first()
    if found is not None:
        raise NotAllowed("compensation.already", amount_fen=found.amount_fen)
    session.add(
        Compensation(
            order_id=case.order_id,
            case_id=case.id,
            delay_key=delay_key,
            kind=CompensationKind(call.text("form", "coupon")),
            amount_fen=amount,
            state=RefundState.HELD,
            committed_at=call.now,
        )
    )
    session.flush()
    call.act.add("compensation.held", {"amount_fen": amount, "delay": delay_key})
    call.send({"amount_fen": amount, "delay": delay_key})


