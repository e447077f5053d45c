"""The outbox: letting go of what was held, asking the outside world, and writing down what it said.

Any process may do this, since the desk that committed may be dead. A row is released under a lease by one
guarded update; whoever dies after that leaves a lease that runs out, and the next asks again with the
same refund number, which refunds once (law file 7).
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, and_, col, select, update

from bdesk.data.store import Store
from bdesk.data.unit import Unit
from bdesk.errors import SetAside
from bdesk.models.kinds import DeliveryState, RefundState
from bdesk.models.tables import CaseText, Notification, OutboxRow, Payment, Refund
from bdesk.operations.change import Act, row_id, rows_changed
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.ports import Answer, Reply
from bdesk.operations.settling import settle

LEASE = timedelta(seconds=60)
BATCH = 20


@dataclass(frozen=True, slots=True)
class Released:
    """The rows that left, or were asked about again, by id, with what the other side said."""

    answers: dict[int, Answer]


def due(session: Session, store: Store) -> bool:
    """Whether anything is to be let go of or asked again; one index look, for the desk's tick."""
    now = store.now()
    return session.scalars(select(OutboxRow.id).where(_due(now)).limit(1)).first() is not None


def pending(session: Session) -> bool:
    """Whether any row waits for its time or an answer; while none does, `due` need not be asked."""
    waiting = (DeliveryState.HELD, DeliveryState.RELEASED, DeliveryState.UNKNOWN)
    return (
        session.scalars(select(OutboxRow.id).where(col(OutboxRow.state).in_(waiting)).limit(1)).first()
        is not None
    )


def _due(now: datetime) -> ColumnElement[bool]:
    """Held until now; released by a process that died; or still without an answer, and time to ask."""
    free = or_(col(OutboxRow.lease_until).is_(None), col(OutboxRow.lease_until) <= now)
    held = and_(col(OutboxRow.state) == DeliveryState.HELD, col(OutboxRow.hold_until) <= now)
    lost = and_(col(OutboxRow.state) == DeliveryState.RELEASED, col(OutboxRow.next_try_at).is_(None), free)
    asked = and_(
        col(OutboxRow.state).in_((DeliveryState.RELEASED, DeliveryState.UNKNOWN)),
        col(OutboxRow.next_try_at) <= now,
        free,
    )
    return or_(held, lost, asked)


def release_due(ctx: Context) -> Released:
    """Let go of every row whose hold is over and settle it. Safe to run in several processes at once.

    A row that cannot be settled is asked for again once its lease is over; what it raises is raised when the
    others are through.
    """
    answers: dict[int, Answer] = {}
    aside = SetAside()
    while leased := _lease(ctx):
        for number in leased:
            with aside.each():
                reply = _ask(ctx, number)
                settle(ctx, number, reply)
                answers[number] = reply.answer
    aside.tell()
    return Released(answers)


def _lease(ctx: Context) -> list[int]:
    """Mark due rows as released by this process; another process sees no row change and passes on."""
    with ctx.store.write(SYSTEM) as unit:
        rows = unit.session.scalars(
            select(OutboxRow).where(_due(unit.now)).order_by(col(OutboxRow.id)).limit(BATCH)
        ).all()
        leased = [row_id(row) for row in rows if _take(unit, row)]
        if not leased:
            return []
        unit.session.expire_all()
        for number in leased:
            _released_event(unit, number)
        unit.commit()
        return leased


def _take(unit: Unit, row: OutboxRow) -> bool:
    """An unknown result stays unknown while it is asked for again: only what was held is released."""
    held = row.state is DeliveryState.HELD
    done = unit.session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.id) == row.id, col(OutboxRow.version) == row.version)
        .values(
            state=DeliveryState.RELEASED if held else row.state,
            released_at=row.released_at or unit.now,
            lease_until=unit.now + unit.pace * LEASE,
            lease_by=str(os.getpid()),
            tries=row.tries + 1,
            version=OutboxRow.version + 1,
        )
    )
    return bool(rows_changed(done))


def _released_event(unit: Unit, number: int) -> None:
    """Written once, when the row leaves; asking again changes no state."""
    row = unit.session.get_one(OutboxRow, number)
    if row.tries > 1:
        return
    payload: dict[str, object] = {"outbox": row.id, "key": row.key, "effect": row.effect}
    if row.refund_id is not None:
        refund = unit.session.get_one(Refund, row.refund_id)
        refund.state, refund.released_at = RefundState.RELEASED, unit.now
        payload["refund"] = refund.refund_no
    if row.notification_id is not None:
        unit.session.get_one(Notification, row.notification_id).state = DeliveryState.RELEASED
    Act(unit, unit.case(row.case_id)).add("effect.released", payload)


@dataclass(frozen=True, slots=True)
class _Refund:
    refund_no: str
    payment_no: str
    amount_fen: int
    answered: bool


@dataclass(frozen=True, slots=True)
class _Letter:
    key: str
    channel: str
    target: str
    subject: str
    body: str


def _ask(ctx: Context, number: int) -> Reply:
    """Ask the port, outside any transaction. Rows that go nowhere outside are simply accepted."""
    with ctx.store.read() as session:
        asked = _asked(session, session.get_one(OutboxRow, number))
    if isinstance(asked, _Letter):
        return ctx.ports.mail.send(asked.key, asked.channel, asked.target, asked.subject, asked.body)
    if asked is None:
        return Reply(Answer.OK)
    if asked.answered:
        return ctx.ports.payment.query(asked.refund_no, asked.payment_no)
    return ctx.ports.payment.refund(asked.refund_no, asked.payment_no, asked.amount_fen)


def _asked(session: Session, row: OutboxRow) -> _Refund | _Letter | None:
    if row.refund_id is not None:
        refund = session.get_one(Refund, row.refund_id)
        payment = session.get_one(Payment, refund.payment_id)
        # A channel that has answered once is asked what became of it, and never again to pay.
        return _Refund(refund.refund_no, payment.payment_no, refund.amount_fen, row.result is not None)
    if row.notification_id is not None:
        note = session.get_one(Notification, row.notification_id)
        text = session.get_one(CaseText, note.text_id)
        return _Letter(row.key, note.channel.value, note.target, note.subject, text.body)
    return None
