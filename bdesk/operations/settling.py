"""Writing down what the outside world said of a released effect. Money, letter and order change together
with the event that says so."""

from datetime import timedelta

from sqlmodel import col, select, update

from bdesk.data.unit import Unit
from bdesk.models.clock_kinds import EndReason
from bdesk.models.kinds import CaseFlag, DeliveryState, OrderStatus, RefundState
from bdesk.models.tables import (
    Compensation,
    Notification,
    OutboxRow,
    Payment,
    Refund,
    RefundItem,
    Substitution,
)
from bdesk.operations.change import Act
from bdesk.operations.clocks import ARRIVAL, cancel_events
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.effects import account
from bdesk.operations.effects.letters import Purpose
from bdesk.operations.effects.unfreezing import RELEASE, lift
from bdesk.operations.flags import put_flag, take_flag
from bdesk.operations.orders import WAS, settle_status
from bdesk.operations.ports import PATH_CLOSED, Answer, Reply
from bdesk.operations.reversing import give_back
from bdesk.operations.stock import give_back_stock
from bdesk.operations.waking import wake

_CARRIED = {RELEASE: lift, account.SAVE: account.carry_out}
"""What the desk itself carries out once the outbox lets go of it; each returns why it did not."""

ASK_AGAIN = timedelta(minutes=2)

_NOT_MISSED = (Purpose.SURVEY, Purpose.NOTICE)
"""Letters whose loss calls nobody back to the case."""

_OPEN = (DeliveryState.RELEASED, DeliveryState.UNKNOWN)


def settle(ctx: Context, number: int, reply: Reply) -> None:
    """Keep an answer; a row that somebody else settled meanwhile stays as it is."""
    with ctx.store.write(SYSTEM) as unit:
        row = unit.of_case(OutboxRow, number)
        if row is None or row.state not in _OPEN:
            return
        act = Act(unit, unit.case(row.case_id))
        match reply.answer:
            case Answer.OK if (does := _CARRIED.get(row.effect)) and (why := does(act, ctx, row)):
                _failed(act, row, why)
                wake(act, ctx, {"why": "effect_failed", "outbox": row.id}, clock="next_response")
            case Answer.OK:
                _accepted(act, row)
            case Answer.FAILED:
                _failed(act, row, reply.reason)
                _nothing_to_arrive(act, ctx, row)
                if row.params.get("purpose") not in _NOT_MISSED:
                    wake(act, ctx, {"why": "effect_failed", "outbox": row.id}, clock="next_response")
            case Answer.PROCESSING:
                _not_yet(act, row, Answer.PROCESSING, DeliveryState.RELEASED, RefundState.RELEASED)
            case Answer.UNKNOWN:
                _not_yet(act, row, Answer.UNKNOWN, DeliveryState.UNKNOWN, RefundState.UNKNOWN)
        if act.events:
            act.finish(ctx, "effect.settled", undo=False)
        else:
            unit.commit()


def _payload(row: OutboxRow, answer: Answer) -> dict[str, object]:
    return {"outbox": row.id, "key": row.key, "effect": row.effect, "answer": answer.value}


def _end(act: Act, row: OutboxRow, answer: Answer, state: DeliveryState) -> None:
    row.state, row.result, row.finished_at = state, answer.value, act.unit.now
    row.lease_until = row.next_try_at = None


def _not_yet(act: Act, row: OutboxRow, answer: Answer, state: DeliveryState, of_refund: RefundState) -> None:
    """No end yet: the money stays held and the same number is asked about again, never another tried."""
    said_before = row.result == answer.value
    row.state, row.result, row.lease_until = state, answer.value, None
    row.next_try_at = act.unit.now + ASK_AGAIN
    if row.refund_id is not None:
        act.unit.session.get_one(Refund, row.refund_id).state = of_refund
        if answer is Answer.UNKNOWN:
            put_flag(act.unit, row.case_id, CaseFlag.PAYMENT_UNKNOWN)
    elif row.notification_id is not None:
        act.unit.session.get_one(Notification, row.notification_id).state = state
    if not said_before:
        act.add(f"effect.{answer.value}", _payload(row, answer))


def _accepted(act: Act, row: OutboxRow) -> None:
    _end(act, row, Answer.OK, DeliveryState.ACCEPTED)
    payload = _payload(row, Answer.OK)
    session = act.unit.session
    if row.refund_id is not None:
        refund = session.get_one(Refund, row.refund_id)
        refund.state, refund.accepted_at = RefundState.ACCEPTED, act.unit.now
        _pay(act.unit, refund)
        payload["refund"], payload["amount_fen"] = refund.refund_no, refund.amount_fen
        payload["order_status"] = settle_status(session, refund.order_id, _was(row)).value
        take_flag(act.unit, row.case_id, CaseFlag.PAYMENT_UNKNOWN)
    elif row.notification_id is not None:
        note = session.get_one(Notification, row.notification_id)
        note.state, note.sent_at = DeliveryState.ACCEPTED, act.unit.now
    else:
        _remedy(act.unit, row, RefundState.ACCEPTED)
    act.add("effect.accepted", payload)


def _pay(unit: Unit, refund: Refund) -> None:
    """What was held is refunded; both change in one update, under the table's CHECK."""
    unit.session.flush()
    unit.session.exec(
        update(Payment)
        .where(col(Payment.id) == refund.payment_id)
        .values(
            held_fen=Payment.held_fen - refund.amount_fen,
            refunded_fen=Payment.refunded_fen + refund.amount_fen,
            version=Payment.version + 1,
        )
    )
    unit.session.expire_all()


def _failed(act: Act, row: OutboxRow, reason: str) -> None:
    _end(act, row, Answer.FAILED, DeliveryState.FAILED)
    payload = {**_payload(row, Answer.FAILED), "reason": reason}
    session = act.unit.session
    if row.refund_id is not None:
        refund = session.get_one(Refund, row.refund_id)
        refund.state, refund.failure = RefundState.FAILED, reason
        _return_pieces(act.unit, row, refund)
        give_back(act.unit, refund)
        if reason == PATH_CLOSED:
            session.get_one(Payment, refund.payment_id).path_closed = True
        payload["refund"] = refund.refund_no
        payload["order_status"] = settle_status(session, refund.order_id, _was(row)).value
        take_flag(act.unit, row.case_id, CaseFlag.PAYMENT_UNKNOWN)
    elif row.notification_id is not None:
        note = session.get_one(Notification, row.notification_id)
        note.state, note.failure = DeliveryState.FAILED, reason
        put_flag(act.unit, row.case_id, CaseFlag.LETTER_FAILED)
    else:
        _remedy(act.unit, row, RefundState.FAILED)
    act.add("effect.failed", payload)


def _nothing_to_arrive(act: Act, ctx: Context, row: OutboxRow) -> None:
    """No part of the refund goes out any more, so nothing of it is waited for."""
    if row.refund_id is None:
        return
    act.unit.session.flush()
    other = select(OutboxRow.id).where(
        OutboxRow.commit_event_id == row.commit_event_id,
        col(OutboxRow.refund_id).is_not(None),
        col(OutboxRow.state) != DeliveryState.FAILED,
    )
    if act.unit.session.scalars(other).first() is None:
        cancel_events(act, ctx, EndReason.METRIC_DROPPED.value, (ARRIVAL,))


def _was(row: OutboxRow) -> OrderStatus | None:
    was = row.params.get(WAS)
    return OrderStatus(str(was)) if was else None


def _return_pieces(unit: Unit, row: OutboxRow, refund: Refund) -> None:
    """Goods paid for by two payments of which one refused are not paid back: what the other one gives is
    money alone, and the pieces can be asked for again."""
    mine = select(RefundItem.item_id).where(RefundItem.refund_id == refund.id)
    together = select(OutboxRow.refund_id).where(
        OutboxRow.commit_event_id == row.commit_event_id, col(OutboxRow.refund_id).is_not(None)
    )
    unit.session.flush()
    unit.session.exec(
        update(RefundItem)
        .where(col(RefundItem.item_id).in_(mine), col(RefundItem.refund_id).in_(together))
        .values(quantity=0)
    )


def _remedy(unit: Unit, row: OutboxRow, state: RefundState) -> None:
    """A compensation or a substitute comes to its end; what is not sent is in stock again."""
    found = row.params.get("compensation")
    if isinstance(found, int):
        unit.session.get_one(Compensation, found).state = state
    other = row.params.get("substitution")
    if isinstance(other, int):
        swapped = unit.session.get_one(Substitution, other)
        swapped.state = state
        if state is RefundState.FAILED:
            give_back_stock(unit, swapped)
