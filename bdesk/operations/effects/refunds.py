"""Money back. Never more than was paid, by the way it came, once (ARCHITECTURE, Effects; law file 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select, update

from bdesk.errors import FactsMoved, NotAllowed
from bdesk.models.kinds import (
    REFUND_LIVE,
    OrderStatus,
    RefundReason,
    RefundState,
    WalletTxKind,
)
from bdesk.models.tables import Order, OrderItem, Payment, Refund, RefundItem, WalletTx
from bdesk.models.views.strip import Phrase
from bdesk.operations.change import row_id, rows_changed
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import Context
from bdesk.operations.effects.appeals import must_be_granted
from bdesk.operations.effects.call import EffectCall, Preview
from bdesk.operations.effects.cancelling import must_be_cancelled
from bdesk.operations.effects.limits import must_be_verified, must_be_within
from bdesk.operations.effects.payments import held_payments
from bdesk.operations.effects.returns import must_not_be_exchanged
from bdesk.operations.effects.substitutions import about_item
from bdesk.operations.orders import WAS, status_before
from bdesk.operations.standing import Standing
from bdesk.rules.facts import Proposal, proposal
from bdesk.rules.facts.refund import ItemPart, difference_again
from bdesk.rules.facts.swaps import swap
from bdesk.rules.money import share_out
from bdesk.rules.refund_split import Share, over_shares, payment_shares
from bdesk.rules.walk.views import Planned, PlannedEffect

OTHER_TARGET = "registered"
"""What a refund to another target says of it: the channel has its number, the desk never does."""

_NOTHING = Proposal((), 0, 0)


@dataclass(frozen=True, slots=True)
class _Order:
    order: Order
    payments: dict[int, Payment]


def preview(ctx: Context, stand: Standing, planned: Planned, effect: PlannedEffect) -> Preview:
    """ "Refund 128.00 to WeChat, order ..7741", in a code and parameters."""
    amount = effect.params.get("amount_fen")
    other = effect.effect == "refund.other_target"
    shares = _shares(stand, amount if isinstance(amount, int) else 0, other=other)
    order = stand.snapshot.order
    return Preview(
        Phrase(
            "strip.refund_other" if other else "strip.refund",
            {
                "amount_fen": amount,
                "methods": tuple(dict.fromkeys(share.method.value for share in shares)),
                "order_tail": order.order_no[-4:] if order is not None else "",
            },
        )
    )


def refund(call: EffectCall) -> None:
    """Hold a refund on the payments of the order, the original way only.

    Raises what the limits and the verification say, NotAllowed("refund.above_paid", "refund.piece_done",
    "refund.no_order", "return.exchanged", "order.shipped", "order.replaced") and FactsMoved when the
    amount is not what the goods come to.
    """
    must_be_verified(call)
    must_be_granted(call)
    found = _lock(call)
    must_not_be_exchanged(call)
    must_be_cancelled(call, _reason(call))
    must_be_within(call, "refund", call.fen())
    _refund(call, found, other_target=None)


def refund_other(call: EffectCall) -> None:
    """To another target: two persons, and only where the original way is closed or refused (RF9a).

    Raises NotAllowed("refund.no_target") until the customer has registered one, ("refund.original_open").
    """
    must_be_verified(call)
    must_be_granted(call)
    found = _lock(call)
    must_not_be_exchanged(call)
    must_be_cancelled(call, _reason(call))
    facts = call.stand.facts
    if facts.get("payments.original_open") is not False and facts.get("refund.state") != "failed":
        raise NotAllowed("refund.original_open")
    must_be_within(call, "refund_other_target", call.fen())
    if call.stand.facts.get("refund.target_registered") is not True:
        raise NotAllowed("refund.no_target")
    _refund(call, found, other_target=OTHER_TARGET)


def _shares(stand: Standing, amount_fen: int, *, other: bool) -> tuple[Share, ...]:
    """The payments it goes back to; a second charge goes back to the newest of them."""
    excess = (proposal(stand.snapshot) or _NOTHING).excess_fen > 0
    return payment_shares(stand.snapshot.payments, amount_fen, excess=excess, other=other)


def _refund(call: EffectCall, found: _Order, other_target: str | None) -> None:
    _must_be_first(call)
    shares = _shares(call.stand, call.fen(), other=other_target is not None)
    parts = _parts(call)
    _pieces_left(call, parts)
    was = status_before(call.act.unit.session, found.order)
    reason, about = _reason(call), _about(call)
    for share, goods in zip(shares, over_shares(parts, shares), strict=True):
        payment = found.payments[share.payment_id]
        _hold(call, payment, share.amount_fen)
        row = _refund_row(call, payment, share, reason, other_target)
        for part in goods:
            call.act.unit.session.add(_refund_item(row, part))
        params = {"refund_no": row.refund_no, "amount_fen": share.amount_fen, WAS: was.value}
        call.send(params, refund_id=row_id(row), about=about)
    # The law's clock of returned goods ends when the money starts on its way (消法 25).
    fulfil_event(call.act, call.ctx, "return_refund")
    if found.order.status is not OrderStatus.CANCELLED:
        found.order.status = OrderStatus.REFUNDING
        call.act.add("order.refunding", {"order": found.order.order_no, "was": was.value})


def _must_be_first(call: EffectCall) -> None:
    """One answer pays one refund: what was approved, and what is shown before F8, is one sum. Raises
    NotAllowed("effect.already")."""
    if any(event.kind == "refund.held" for event in call.act.events):
        raise NotAllowed("effect.already", effect=call.effect.effect, case_no=call.act.case.case_no)


def _parts(call: EffectCall) -> tuple[ItemPart, ...]:
    """What the refund pays for. A whole refund takes the pieces back for good, the freight with the first
    of them; a part of their price leaves them with the customer: no pieces, only money."""
    found = proposal(call.stand.snapshot) or _NOTHING
    amount, goods = call.fen(), sum(part.amount_fen for part in found.parts)
    if call.text("extent") == "excess" and amount != found.excess_fen:
        raise FactsMoved(("payments.excess_fen",))
    if not found.parts:
        return ()
    if swapped := _swapped(call):
        # The difference in price of goods that were replaced, and of no others, and no more than that.
        swapping = swap(call.stand.snapshot, call.stand.adopted.limits.numbers)
        if swapping is None or amount > swapping.back_fen:
            raise FactsMoved(("substitute.back_fen",))
        return (ItemPart(swapped, 0, amount),)
    if lines := difference_again(call.stand.snapshot):
        # Of those lines and of nothing else, by whatever way it is paid.
        if amount > sum(lines.values()):
            raise FactsMoved(("refund.proposed_fen",))
        fens = share_out(amount, list(lines.values()))
        return tuple(ItemPart(line, 0, fen) for line, fen in zip(lines, fens, strict=True) if fen)
    if call.text("extent") == "full" and amount != found.amount_fen:
        raise FactsMoved(("refund.proposed_fen",))
    if call.text("extent") == "part" or amount != found.amount_fen or amount < goods:
        fens = share_out(amount, [part.amount_fen for part in found.parts]) if goods else ()
        priced = zip(found.parts, fens, strict=False)
        return tuple(ItemPart(part.item_id, 0, fen) for part, fen in priced if fen)
    taken = [part for part in found.parts if part.pieces or part.amount_fen]
    first, freight = taken[0], amount - goods
    return (ItemPart(first.item_id, first.pieces, first.amount_fen + freight), *taken[1:])


def _swapped(call: EffectCall) -> int | None:
    """The line that the same answer replaces by other goods."""
    held = (event.payload["item"] for event in call.act.events if event.kind == "substitution.held")
    return next((item for item in held if isinstance(item, int)), None)


def _about(call: EffectCall) -> str:
    """The lines whose difference in price is paid: once for each of them, at whatever step."""
    swapped = _swapped(call)
    lines = [swapped] if swapped else list(difference_again(call.stand.snapshot))
    return "+".join(map(about_item, lines))


def _reason(call: EffectCall) -> RefundReason | None:
    """What it is for. A price difference that is paid again stays one, whatever the case is about."""
    if difference_again(call.stand.snapshot):
        return RefundReason.PRICE_DIFFERENCE
    said = call.params.get("reason")
    return RefundReason(str(said)) if said else call.act.case.reason


def _refund_item(refund: Refund, part: ItemPart) -> RefundItem:
    return RefundItem(
        refund_id=row_id(refund), item_id=part.item_id, quantity=part.pieces, amount_fen=part.amount_fen
    )


def _lock(call: EffectCall) -> _Order:
    """The order and its payments, held. Raises what `held_payments` raises."""
    session, order_id = call.act.unit.session, call.act.case.order_id
    order = session.get(Order, order_id) if order_id is not None else None
    if order is None:
        raise NotAllowed("refund.no_order")
    _must_be_purchase(call)
    return _Order(order, held_payments(call, row_id(order)))


def _must_be_purchase(call: EffectCall) -> None:
    """Of what went through a wallet only a purchase is refunded: a transfer to somebody, a red packet, a
    top-up or a withdrawal was nothing that the shop was paid (WR-a, WR-d)."""
    tx_id = call.act.case.wallet_tx_id
    tx = call.act.unit.session.get(WalletTx, tx_id) if tx_id is not None else None
    if tx is not None and tx.kind is not WalletTxKind.PURCHASE:
        raise NotAllowed("refund.not_purchase", tx_no=tx.tx_no)


def _hold(call: EffectCall, payment: Payment, amount_fen: int) -> None:
    """Take the amount up on the payment, in one guarded update; the table's CHECK stands behind it."""
    done = call.act.unit.session.exec(
        update(Payment)
        .where(
            col(Payment.id) == payment.id,
            col(Payment.refunded_fen) + col(Payment.held_fen) + amount_fen <= col(Payment.amount_fen),
        )
        .values(held_fen=Payment.held_fen + amount_fen, version=Payment.version + 1)
    )
    if not rows_changed(done):
        raise NotAllowed("refund.above_paid", amount_fen=amount_fen, paid_fen=payment.amount_fen)
    call.act.unit.session.refresh(payment)


def _pieces_left(call: EffectCall, parts: Sequence[ItemPart]) -> None:
    """No piece is paid back twice, whoever asks and from whichever case; asked again under the lock."""
    session = call.act.unit.session
    taken = session.exec(
        select(RefundItem.item_id, func.sum(RefundItem.quantity))
        .join(Refund, col(Refund.id) == col(RefundItem.refund_id))
        .where(Refund.order_id == call.act.case.order_id, col(Refund.state).in_(REFUND_LIVE))
        .group_by(col(RefundItem.item_id))
    ).all()
    gone = {item_id: int(pieces) for item_id, pieces in taken}
    for part in parts:
        item = session.get_one(OrderItem, part.item_id)
        if part.pieces and gone.get(part.item_id, 0) + part.pieces > item.quantity:
            raise NotAllowed("refund.piece_done", item=item.name)


def _refund_row(
    call: EffectCall, payment: Payment, share: Share, reason: RefundReason | None, other_target: str | None
) -> Refund:
    case, session = call.act.case, call.act.unit.session
    if case.order_id is None or case.customer_id is None:
        raise NotAllowed("refund.no_order")
    earlier = session.scalars(
        select(func.count())
        .select_from(Refund)
        .where(Refund.case_id == case.id, Refund.payment_id == payment.id)
    ).one()
    row = Refund(
        refund_no=call.act.unit.next_number("TK"),
        case_id=case.id,
        order_id=case.order_id,
        payment_id=share.payment_id,
        customer_id=case.customer_id,
        amount_fen=share.amount_fen,
        method=payment.method,
        reason=reason,
        state=RefundState.HELD,
        attempt=1 + earlier,
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
            "paid_fen": payment.amount_fen,
            "as_of": payment.as_of,
        },
    )
    return row
