"""Rows that the journal speaks of: refunds, letters, the outbox, approvals, decisions, answers, promises,
staff.

Whoever opens the file with another program can set a refund back or a request to approved; the events do
not say so. What no event tells (a name, what an imported order says) cannot be compared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, func, select
from sqlmodel import Session

from bdesk.clock import to_iso
from bdesk.data import journal
from bdesk.data.core import (
    APPROVAL,
    DECISION,
    GOODS_RETURN,
    NOTIFICATION,
    ORDER_DELAY,
    OUTBOX,
    PAYMENT,
    PROMISE,
    REFUND,
    STAFF,
    STEP_ANSWER,
    SUBSTITUTION,
    TEXT,
)
from bdesk.models.kinds import ApprovalState, DeliveryState, PromiseState, RefundState
from bdesk.models.tables.remedies import RETURN_EVENTS
from bdesk.models.views.journal import Event
from bdesk.models.views.verdict import Fault

Found = tuple[str, Event]
"""A code, and the event that does not fit."""

_SENT: Mapping[str, tuple[DeliveryState, RefundState]] = {
    "effect.released": (DeliveryState.RELEASED, RefundState.RELEASED),
    "effect.processing": (DeliveryState.RELEASED, RefundState.RELEASED),
    "effect.unknown": (DeliveryState.UNKNOWN, RefundState.UNKNOWN),
    "effect.accepted": (DeliveryState.ACCEPTED, RefundState.ACCEPTED),
    "effect.failed": (DeliveryState.FAILED, RefundState.FAILED),
}
_BACK = (RefundState.ACCEPTED, RefundState.ARRIVED)
_UNDER_WAY = (RefundState.HELD, RefundState.RELEASED, RefundState.UNKNOWN)


@dataclass(slots=True)
class _Told:
    """What the events of a case say of one row: the columns, and the event that spoke last."""

    event: Event
    columns: dict[str, object]

    def now(self, event: Event, **columns: object) -> None:
        self.event = event
        self.columns |= columns


@dataclass(slots=True)
class _Story:
    """What the events of a case say of its rows, by the key that they name."""

    events: Sequence[Event]
    gone: frozenset[int]
    refunds: dict[object, _Told] = field(default_factory=dict)
    outbox: dict[object, _Told] = field(default_factory=dict)
    approvals: dict[object, _Told] = field(default_factory=dict)
    decisions: dict[object, _Told] = field(default_factory=dict)
    answers: dict[object, _Told] = field(default_factory=dict)
    letters: dict[object, _Told] = field(default_factory=dict)
    paid: dict[object, _Told] = field(default_factory=dict)
    promises: dict[object, _Told] = field(default_factory=dict)
    returns: dict[object, _Told] = field(default_factory=dict)
    delays: dict[object, _Told] = field(default_factory=dict)
    swaps: dict[object, _Told] = field(default_factory=dict)

    def read(self) -> None:
        for event in self.events:
            teller = _TELLERS.get(event.kind)
            if teller is not None:
                teller(self, event)

    def void(self, event: Event) -> bool:
        return event.id in self.gone


def _held(story: _Story, event: Event) -> None:
    state = RefundState.RECALLED if story.void(event) else RefundState.HELD
    story.refunds[event.payload["refund"]] = _Told(
        event, {"amount_fen": event.payload["amount_fen"], "state": state}
    )
    if "paid_fen" in event.payload:
        paid = {"amount_fen": event.payload["paid_fen"], "as_of": event.payload["as_of"]}
        story.paid[event.payload["payment"]] = _Told(event, paid)


def _written(story: _Story, event: Event) -> None:
    columns = {"letter": event.payload["letter"], "text_id": event.payload["text"]}
    columns |= {name: event.payload[name] for name in ("salted_target",) if name in event.payload}
    story.letters[event.payload["notification"]] = _Told(event, columns)


def _sent(story: _Story, event: Event) -> None:
    delivery, of_refund = _SENT[event.kind]
    row = event.payload["outbox"]
    told = story.outbox.setdefault(row, _Told(event, {}))
    told.now(event, state=delivery, key=event.payload["key"])
    if "refund" in event.payload:
        told.columns["refund"] = event.payload["refund"]
    refund = story.refunds.get(told.columns.get("refund"))
    if refund is not None:
        refund.now(event, state=of_refund)


def _requested(story: _Story, event: Event) -> None:
    state = ApprovalState.WITHDRAWN if story.void(event) else ApprovalState.REQUESTED
    told = {name: event.payload[name] for name in ("action", "amount_fen")}
    columns = {**told, "requested_by": event.actor, "state": state, "decided_by": None}
    story.approvals[event.payload["approval"]] = _Told(event, columns)


def _decided(story: _Story, event: Event) -> None:
    told = story.approvals.get(event.payload["approval"])
    if told is None or story.void(event):
        return
    if event.kind == "approval.withdrawn":
        told.now(event, state=ApprovalState.WITHDRAWN)
        return
    told.now(event, state=ApprovalState(str(event.payload["state"])), decided_by=event.actor)
    if event.payload.get("why") == "age":
        told.columns["decided_by"] = None  # nobody did: the sweep let it lapse


def _decision(story: _Story, event: Event) -> None:
    columns: dict[str, object] = {"by": event.actor, "voided": story.void(event)}
    columns |= {name: event.payload[name] for name in ("outcome", "amount_fen") if name in event.payload}
    story.decisions[event.payload["decision"]] = _Told(event, columns)


def _answer(story: _Story, event: Event) -> None:
    columns = {name: event.payload[name] for name in ("step", "option")}
    columns |= {"by": event.actor, "voided": story.void(event)}
    story.answers[event.payload["answer"]] = _Told(event, columns)


def _woken(story: _Story, event: Event) -> None:
    """A closing whose effect failed stands no more (`operations.settling`)."""
    taken_out = event.payload.get("answers")
    for number in taken_out if isinstance(taken_out, list) and not story.void(event) else ():
        if number in story.answers:
            story.answers[number].now(event, voided=True)


_PROMISED: Mapping[str, PromiseState] = {
    "promise.kept": PromiseState.KEPT,
    "promise.broken": PromiseState.BROKEN,
    "promise.cancelled": PromiseState.CANCELLED,
}


def _promised(story: _Story, event: Event) -> None:
    if event.kind == "promise.carried" and story.void(event):
        return
    state = PromiseState.CANCELLED if story.void(event) else PromiseState.OPEN
    story.promises[event.payload["promise"]] = _Told(event, {"state": state})


def _promise_went(story: _Story, event: Event) -> None:
    """Kept, broken or taken back; one that was done late stays broken."""
    told = story.promises.get(event.payload["promise"])
    if told is not None and not story.void(event) and not event.payload.get("late"):
        told.now(event, state=_PROMISED[event.kind])


def _merged(story: _Story, event: Event) -> None:
    """Promises go on in the case that this one was merged into."""
    moved = event.payload.get("promises")
    for number in moved if isinstance(moved, list) and not story.void(event) else ():
        story.promises.pop(number, None)


def _return(story: _Story, event: Event) -> None:
    """Goods that come back: an approval taken back leaves no row, a later step what was before it."""
    if story.void(event):
        return
    number = event.payload["return"]
    told = story.returns.setdefault(number, _Told(event, {}))
    columns = event.payload["set"]
    told.now(event, **(columns if isinstance(columns, Mapping) else {}))


def _delayed(story: _Story, event: Event) -> None:
    told = {"cause": event.payload["why"], "source": event.payload["source"]}
    story.delays[event.payload["delay"]] = _Told(event, {**told, "voided": story.void(event)})


def _swapped(story: _Story, event: Event) -> None:
    told = {name: event.payload[name] for name in ("sku", "quantity", "diff_fen")}
    columns = {"item_id": event.payload["item"], **told}
    if story.void(event):
        columns["state"] = RefundState.RECALLED
    story.swaps[event.payload["substitution"]] = _Told(event, columns)


_TELLERS: Mapping[str, Callable[[_Story, Event], None]] = {
    "refund.held": _held,
    "letter.written": _written,
    **dict.fromkeys(_SENT, _sent),
    "approval.requested": _requested,
    "approval.decided": _decided,
    "approval.lapsed": _decided,
    "approval.withdrawn": _decided,
    "decision.made": _decision,
    "step.answered": _answer,
    "case.woken": _woken,
    "promise.made": _promised,
    "promise.carried": _promised,
    **dict.fromkeys(_PROMISED, _promise_went),
    "case.merged": _merged,
    **dict.fromkeys(RETURN_EVENTS, _return),
    "delay.recorded": _delayed,
    "substitution.held": _swapped,
}


class Holders:
    """The cases that have rows of each kind: the others need not be asked for any."""

    def __init__(self, session: Session) -> None:
        kept = (REFUND, OUTBOX, APPROVAL, DECISION, STEP_ANSWER, NOTIFICATION, PROMISE)
        tables = (*kept, GOODS_RETURN, ORDER_DELAY, SUBSTITUTION)
        self._cases = {
            table.name: set(session.execute(select(table.c.case_id).distinct()).scalars()) for table in tables
        }

    def rows(self, session: Session, table: Table, case_id: int, told: object) -> Sequence[RowMapping]:
        if not told and case_id not in self._cases[table.name]:
            return ()
        return session.execute(select(table).where(table.c.case_id == case_id)).mappings().all()


def of_case(session: Session, holders: Holders, case_id: int, events: Sequence[Event]) -> Found | None:
    """The first row of a case that is not what its events say, with the event."""
    story = _Story(events, journal.voided(events))
    try:
        story.read()
    except (KeyError, TypeError, ValueError):
        return "event.unreadable", events[-1]
    kinds = (
        ("refund.differs", REFUND, "refund_no", story.refunds),
        ("approval.differs", APPROVAL, "id", story.approvals),
        ("decision.differs", DECISION, "id", story.decisions),
        ("answer.differs", STEP_ANSWER, "id", story.answers),
        ("promise.differs", PROMISE, "id", story.promises),
        ("return.differs", GOODS_RETURN, "id", story.returns),
        ("delay.differs", ORDER_DELAY, "id", story.delays),
        ("substitution.differs", SUBSTITUTION, "id", story.swaps),
    )
    for code, table, key, told in kinds:
        rows: dict[object, Mapping[str, Any]] = {
            row[key]: dict(row) for row in holders.rows(session, table, case_id, told)
        }
        wrong = _compared(told, rows)
        if wrong is not None:
            return code, wrong
        # A refund of earlier times may hang on a case that has no word of it: it only takes money up.
        if table is not REFUND and rows.keys() - told.keys():
            return code, events[-1]
    if (wrong := _letters(session, holders, case_id, story)) is not None:
        return "letter.differs", wrong
    if (wrong := _paid(session, story)) is not None:
        return "amount.differs", wrong
    outbox = holders.rows(session, OUTBOX, case_id, story.outbox or story.refunds)
    wrong = _outbox(story, {row["id"]: row for row in outbox})
    return None if wrong is None else ("outbox.differs", wrong)


def _letters(session: Session, holders: Holders, case_id: int, story: _Story) -> Event | None:
    """Which letter went where. An address is kept as a digest with its text's salt, and erased with it."""
    rows = {row["id"]: dict(row) for row in holders.rows(session, NOTIFICATION, case_id, story.letters)}
    salts = select(TEXT.c.id, TEXT.c.salt).where(TEXT.c.id.in_([row["text_id"] for row in rows.values()]))
    salt_of = {row.id: row.salt for row in session.execute(salts)} if rows else {}
    for key, one in story.letters.items():
        row = rows.get(key)
        if row is None:
            return one.event
        salt = salt_of.get(row["text_id"])
        columns = {name: value for name, value in one.columns.items() if salt or name != "salted_target"}
        row["salted_target"] = journal.salted_digest(salt or "", row["target"])
        if any(row[name] != value for name, value in columns.items()):
            return one.event
    return story.events[-1] if rows.keys() - story.letters.keys() else None


def _paid(session: Session, story: _Story) -> Event | None:
    """What a payment was for when money of it was taken up; a newer import speaks for itself."""
    for number, one in story.paid.items():
        row = session.execute(
            select(PAYMENT.c.amount_fen, PAYMENT.c.as_of).where(PAYMENT.c.payment_no == number)
        ).one_or_none()
        if row is None:
            return one.event
        as_of = None if row.as_of is None else to_iso(row.as_of)
        if as_of == one.columns["as_of"] and row.amount_fen != one.columns["amount_fen"]:
            return one.event
    return None


def _compared(told: Mapping[object, _Told], rows: Mapping[object, Mapping[str, Any]]) -> Event | None:
    for key, one in told.items():
        row = rows.get(key)
        if row is None or not all(_same(row[name], value) for name, value in one.columns.items()):
            return one.event
    return None


def _same(kept: Any, told: object) -> bool:
    if told is RefundState.ACCEPTED:
        return kept in _BACK  # that it arrived is the shop's word, by import
    if isinstance(kept, datetime):
        kept = to_iso(kept)
    return bool(kept == told)


def _outbox(story: _Story, rows: Mapping[object, RowMapping]) -> Event | None:
    """What left has its events; what did not is held, or was recalled with its commit."""
    known = {event.id: event for event in story.events}
    for key, one in story.outbox.items():
        row = rows.get(key)
        if row is None or row["state"] != one.columns["state"] or row["key"] != one.columns["key"]:
            return one.event
    for key, row in rows.items():
        commit = known.get(row["commit_event_id"])
        if commit is None:
            return story.events[-1]
        held = DeliveryState.RECALLED if story.void(commit) else DeliveryState.HELD
        if key not in story.outbox and row["state"] != held:
            return commit
    refunds = {row["refund_id"] for row in rows.values() if row["refund_id"] is not None}
    if len(refunds) != len(story.refunds):
        return next(iter(story.refunds.values())).event if story.refunds else story.events[-1]
    return None


def of_staff(session: Session, number: str, events: Sequence[Event]) -> Found | None:
    """The role that somebody was given, whether they still work here, and that their password is the one that
    was set."""
    told: _Told | None = None
    for event in events:
        if event.kind == "staff.added" and "role" in event.payload:
            told = _Told(event, {"role": event.payload["role"], "active": True})
        elif event.kind == "staff.active" and told is not None:
            told.now(event, active=event.payload.get("active"))
        if told is not None and "password" in event.payload:
            told.now(event, password=event.payload["password"])
    if told is None:
        return None
    row = session.execute(select(STAFF).where(STAFF.c.number == number)).mappings().one_or_none()
    rows: dict[object, Mapping[str, Any]] = {}
    if row is not None:
        rows[number] = {**row, "password": journal.fingerprint(row["password_hash"] or "")}
    wrong = _compared({number: told}, rows)
    return None if wrong is None else ("staff.differs", wrong)


def payments(session: Session, most: int) -> Iterator[Fault]:
    """Payments of which more or less is taken up than their refunds say."""
    for column, states in ((PAYMENT.c.refunded_fen, _BACK), (PAYMENT.c.held_fen, _UNDER_WAY)):
        taken = (
            select(func.coalesce(func.sum(REFUND.c.amount_fen), 0))
            .where(REFUND.c.payment_id == PAYMENT.c.id, REFUND.c.state.in_(states))
            .scalar_subquery()
        )
        wrong = select(PAYMENT.c.payment_no).where(column != taken).limit(most)
        for number in session.execute(wrong).scalars():
            yield Fault("payment", number, 0, 0, "payment.differs")
