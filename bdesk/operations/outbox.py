"""The outbox: letting go of what was held, asking the outside world, and writing down what it said.

Any process may do this, since the desk that committed may be dead. A row is released under a lease by one
guarded update; whoever dies after that leaves a lease that runs out, and the next asks again with the
same refund number, which refunds once (law file 7).
"""

import os
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, and_, col, select

from bdesk.data.store import Store
from bdesk.data.unit import Unit
from bdesk.models.kinds import (
    CaseFlag,
    CaseState,
    DeliveryState,
    OrderStatus,
    PaymentState,
    RefundState,
)
from bdesk.models.tables import (
    CaseFlagRow,
    CaseText,
    Compensation,
    Notification,
    Order,
    OutboxRow,
    Payment,
    Refund,
)
from bdesk.operations.change import Act
from bdesk.operations.clocks import attach_event
from bdesk.operations.context import Context
from bdesk.operations.ports import Answer, Reply
from bdesk.operations.reversing import give_back

LEASE = timedelta(seconds=60)
ASK_AGAIN = timedelta(minutes=2)
BATCH = 20
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Released:
    """How many rows left and how each ended, by its id."""

    answers: dict[int, Answer]


def due(session: Session, store: Store) -> bool:
    """Whether anything is to be let go of or asked again; one index look, for the desk's tick."""
    now = store.clock.now()
    return session.scalars(select(OutboxRow.id).where(_due(now)).limit(1)).first() is not None


def _due(now):  # type: ignore[no-untyped-def]
    held = and_(col(OutboxRow.state) == DeliveryState.HELD, col(OutboxRow.hold_until) <= now)
    lost = and_(col(OutboxRow.state) == DeliveryState.RELEASED, col(OutboxRow.lease_until) <= now)
    asked = and_(col(OutboxRow.state) == DeliveryState.UNKNOWN, col(OutboxRow.next_try_at) <= now)
    return or_(held, lost, asked)


def release_due(ctx: Context) -> Released:
    """Let go of every row whose hold is over and settle it. Safe to run in several processes at once."""
    answers: dict[int, Answer] = {}
    while True:
        leased = _lease(ctx)
        if not leased:
            return Released(answers)
        for row_id in leased:
            reply = _ask(ctx, row_id)
            _settle(ctx, row_id, reply)
            answers[row_id] = reply.answer


def _lease(ctx: Context) -> list[int]:
    """Mark due rows as released by this process; another process sees no row change and passes on."""
    mine = f"{os.getpid()}"
    with ctx.store.write(SYSTEM) as unit:
        rows = unit.session.scalars(select(OutboxRow).where(_due(unit.now)).order_by(col(OutboxRow.id)).limit(BATCH)).all()
        leased: list[int] = []
        for row in rows:
            done = unit.session.execute(
                update(OutboxRow)
                .where(col(OutboxRow.id) == row.id, col(OutboxRow.version) == row.version)
                .values(
                    state=DeliveryState.RELEASED,
                    released_at=row.released_at or unit.now,
                    lease_until=unit.now + LEASE,
                    lease_by=mine,
                    tries=row.tries + 1,
                    version=OutboxRow.version + 1,
                )
            )
            if done.rowcount and row.id is not None:  # type: ignore[attr-defined]
                leased.append(row.id)
        if not leased:
            return []
        unit.session.expire_all()
        for row_id in leased:
            _released_event(unit, ctx, row_id)
        unit.commit()
        return leased


def _row(unit: Unit, row_id: int) -> OutboxRow:
    return unit.session.scalars(select(OutboxRow).where(OutboxRow.id == row_id)).one()


def _released_event(unit: Unit, ctx: Context, row_id: int) -> None:
    row = _row(unit, row_id)
    if row.tries > 1:
        return
    act = Act(unit, unit.case(row.case_id))
    act.add("effect.released", {"outbox": row.id, "key": row.key, "effect": row.effect})
    if row.refund_id is not None:
        _refund(unit, row.refund_id).state = RefundState.RELEASED
        _refund(unit, row.refund_id).released_at = unit.now
    if row.notification_id is not None:
        _notification(unit, row.notification_id).state = DeliveryState.RELEASED


def _refund(unit: Unit, refund_id: int) -> Refund:
    return unit.session.scalars(select(Refund).where(Refund.id == refund_id)).one()


def _notification(unit: Unit, notification_id: int) -> Notification:
    return unit.session.scalars(select(Notification).where(Notification.id == notification_id)).one()


def _ask(ctx: Context, row_id: int) -> Reply:
    """Ask the port, outside any transaction. Rows that go nowhere outside are simply accepted."""
    with ctx.store.read() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.id == row_id)).one()
        if row.refund_id is not None:
            refund = session.scalars(select(Refund).where(Refund.id == row.refund_id)).one()
            payment = session.scalars(select(Payment).where(Payment.id == refund.payment_id)).one()
            call = (refund.refund_no, payment.payment_no, refund.amount_fen)
            asked_before = row.tries > 1 and row.result is not None
            letter = None
        elif row.notification_id is not None:
            note = session.scalars(select(Notification).where(Notification.id == row.notification_id)).one()
            text = session.scalars(select(CaseText).where(CaseText.id == note.text_id)).one()
            letter = (row.key, note.channel.value, note.target, note.subject, text.body)
            call, asked_before = ("", "", 0), False
        else:
            return Reply(Answer.OK)
    if letter is not None:
        return ctx.ports.mail.send(*letter)
    refund_no, payment_no, amount_fen = call
    if asked_before:
        return ctx.ports.payment.query(refund_no, payment_no)
    return ctx.ports.payment.refund(refund_no, payment_no, amount_fen)


def _settle(ctx: Context, row_id: int, reply: Reply) -> None:
    """Write down what the port said; a row that somebody else settled meanwhile stays as it is."""
    with ctx.store.write(SYSTEM) as unit:
        row = _row(unit, row_id)
        if row.state not in (DeliveryState.RELEASED, DeliveryState.UNKNOWN):
            return
        act = Act(unit, unit.case(row.case_id))
        payload = {"outbox": row.id, "key": row.key, "effect": row.effect, "answer": reply.answer.value}
        row.result = reply.answer.value
        match reply.answer:
            case Answer.OK:
                row.state, row.finished_at, row.lease_until = DeliveryState.ACCEPTED, unit.now, None
                _accepted(unit, row)
                act.add("effect.accepted", payload)
            case Answer.FAILED:
                row.state, row.finished_at, row.lease_until = DeliveryState.FAILED, unit.now, None
                _failed(unit, row, reply.reason)
                act.add("effect.failed", {**payload, "reason": reply.reason})
                _wake(act, ctx, row)
            case Answer.PROCESSING | Answer.UNKNOWN:
                unknown_before = row.state is DeliveryState.UNKNOWN
                row.state, row.next_try_at, row.lease_until = DeliveryState.UNKNOWN, unit.now + ASK_AGAIN, None
                if not unknown_before:
                    _unknown(unit, row, reply.answer)
                    act.add("effect.unknown", payload)
        if act.events:
            act.finish(ctx, "effect.settled", undo=False)
        else:
            unit.commit()


def _accepted(unit: Unit, row: OutboxRow) -> None:
    if row.refund_id is not None:
        refund = _refund(unit, row.refund_id)
        refund.state, refund.accepted_at = RefundState.ACCEPTED, unit.now
        unit.session.flush()
        unit.session.execute(
            update(Payment)
            .where(col(Payment.id) == refund.payment_id)
            .values(
                held_fen=Payment.held_fen - refund.amount_fen,
                refunded_fen=Payment.refunded_fen + refund.amount_fen,
                version=Payment.version + 1,
            )
        )
        unit.session.expire_all()
        _order_status(unit, refund.order_id)
        _unflag(unit, row.case_id, CaseFlag.PAYMENT_UNKNOWN)
    elif row.notification_id is not None:
        note = _notification(unit, row.notification_id)
        note.state, note.sent_at = DeliveryState.ACCEPTED, unit.now
    elif row.effect == "compensation":
        _set_compensation(unit, row, RefundState.ACCEPTED)


def _order_status(unit: Unit, order_id: int) -> None:
    """已退款 when nothing is left to give back, else 部分退款; a cancelled order stays cancelled."""
    order = unit.session.scalars(select(Order).where(Order.id == order_id)).one()
    payments = unit.session.scalars(
        select(Payment).where(Payment.order_id == order_id, Payment.state == PaymentState.SUCCESS)
    ).all()
    paid, back = sum(one.amount_fen for one in payments), sum(one.refunded_fen for one in payments)
    if order.status is not OrderStatus.CANCELLED:
        order.status = OrderStatus.REFUNDED if back >= paid else OrderStatus.PART_REFUNDED


def _failed(unit: Unit, row: OutboxRow, reason: str) -> None:
    if row.refund_id is not None:
        refund = _refund(unit, row.refund_id)
        refund.state, refund.failure = RefundState.FAILED, reason
        give_back(unit, refund)
        payment = unit.session.scalars(select(Payment).where(Payment.id == refund.payment_id)).one()
        if reason == "channel.closed":
            payment.path_closed = True
        _unflag(unit, row.case_id, CaseFlag.PAYMENT_UNKNOWN)
    elif row.notification_id is not None:
        note = _notification(unit, row.notification_id)
        note.state, note.failure = DeliveryState.FAILED, reason
        _flag(unit, row.case_id, CaseFlag.LETTER_FAILED)
    elif row.effect == "compensation":
        _set_compensation(unit, row, RefundState.FAILED)


def _set_compensation(unit: Unit, row: OutboxRow, state: RefundState) -> None:
    rows = unit.session.scalars(
        select(Compensation).where(Compensation.case_id == row.case_id, Compensation.state == RefundState.HELD)
    )
    for compensation in rows:
        compensation.state = state


def _unknown(unit: Unit, row: OutboxRow, answer: Answer) -> None:
    """The money stays held: an unknown result never allows a second attempt."""
    if row.refund_id is not None:
        _refund(unit, row.refund_id).state = (
            RefundState.RELEASED if answer is Answer.PROCESSING else RefundState.UNKNOWN
        )
        if answer is Answer.UNKNOWN:
            _flag(unit, row.case_id, CaseFlag.PAYMENT_UNKNOWN)


def _flag(unit: Unit, case_id: int, flag: CaseFlag) -> None:
    found = unit.session.scalars(
        select(CaseFlagRow).where(CaseFlagRow.case_id == case_id, CaseFlagRow.flag == flag)
    ).first()
    if found is None:
        unit.session.add(CaseFlagRow(case_id=case_id, flag=flag))


def _unflag(unit: Unit, case_id: int, flag: CaseFlag) -> None:
    for row in unit.session.scalars(
        select(CaseFlagRow).where(CaseFlagRow.case_id == case_id, CaseFlagRow.flag == flag)
    ):
        unit.session.delete(row)


def _wake(act: Act, ctx: Context, row: OutboxRow) -> None:
    """Something failed after the case was done with: it comes back to its owner with a running clock."""
    if act.case.open:
        act.add("case.woken", {"why": "effect_failed", "outbox": row.id}, state=CaseState.IN_PROGRESS, aside=False)
    else:
        act.add(
            "case.woken",
            {"why": "effect_failed", "outbox": row.id},
            state=CaseState.IN_PROGRESS,
            open=True,
            closed_at=None,
            closed_by=None,
            outcome=None,
        )
    attach_event(act, ctx, "next_response")
