"""Rows that the journal speaks of: refunds, compensation, substitutes, letters, the outbox, approvals,
decisions, answers, promises, questions to departments, staff.

Whoever opens the file with another program can set a refund back or a request to approved; the events do
not say so. What no event tells (a name, what an imported order says) cannot be compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Table, func, select
from sqlmodel import Session

from bdesk.clock import to_iso
from bdesk.data import journal
from bdesk.data.core import (
    APPROVAL,
    CASE_LINK,
    COMPENSATION,
    DECISION,
    EVIDENCE,
    GOODS_RETURN,
    KEPT_SIGN_IN,
    NOTIFICATION,
    ORDER_DELAY,
    OUTBOX,
    PAYMENT,
    PROMISE,
    REFUND,
    SHIFT_HANDOVER,
    SHIFT_ITEM,
    STAFF,
    STAFF_RELATIVE,
    STAND_IN,
    STEP_ANSWER,
    SUBSTITUTION,
    TASK,
    TEXT,
    VERIFICATION,
)
from bdesk.data.made import made_for_training
from bdesk.data.verify_story import Story, Told, remedies
from bdesk.models.kinds import REFUND_PAID, REFUND_UNSETTLED, REFUND_VOID, DeliveryState, RefundState
from bdesk.models.views.journal import Event
from bdesk.models.views.verdict import Fault

Found = tuple[str, Event]
"""A code, and the event that does not fit."""


class Holders:
    """The cases that have rows of each kind: the others need not be asked for any."""

    def __init__(self, session: Session) -> None:
        kept = (REFUND, OUTBOX, APPROVAL, DECISION, STEP_ANSWER, NOTIFICATION, PROMISE, SHIFT_ITEM)
        tables = (*kept, COMPENSATION, EVIDENCE, GOODS_RETURN, ORDER_DELAY, SUBSTITUTION, TASK, VERIFICATION)
        self.training = made_for_training(session) is True
        self._whose = {table.name: table.c.case_id for table in tables} | {
            CASE_LINK.name: CASE_LINK.c.from_id
        }
        self._cases = {
            name: set(session.execute(select(column).distinct()).scalars())
            for name, column in self._whose.items()
        }

    def rows(self, session: Session, table: Table, case_id: int, told: object) -> Sequence[RowMapping]:
        if not told and case_id not in self._cases[table.name]:
            return ()
        found = select(table).where(self._whose[table.name] == case_id)
        return session.execute(found).mappings().all()


def of_case(session: Session, holders: Holders, case_id: int, events: Sequence[Event]) -> Found | None:
    """The first row of a case that is not what its events say, with the event."""
    story = Story(events, journal.voided(events))
    try:
        story.read()
    except (KeyError, TypeError, ValueError):
        return "event.unreadable", events[-1]
    outbox = holders.rows(session, OUTBOX, case_id, story.outbox or story.refunds)
    remedies(story, outbox)
    kinds = (
        ("refund.differs", REFUND, "refund_no", story.refunds),
        ("approval.differs", APPROVAL, "id", story.approvals),
        ("decision.differs", DECISION, "id", story.decisions),
        ("answer.differs", STEP_ANSWER, "id", story.answers),
        ("promise.differs", PROMISE, "id", story.promises),
        ("return.differs", GOODS_RETURN, "id", story.returns),
        ("delay.differs", ORDER_DELAY, "id", story.delays),
        ("substitution.differs", SUBSTITUTION, "id", story.swaps),
        ("task.differs", TASK, "id", story.tasks),
        ("shift.differs", SHIFT_ITEM, "id", story.shifts),
        ("compensation.differs", COMPENSATION, "id", _mine(session, case_id, story.given)),
    )
    for code, table, key, told in kinds:
        rows: dict[object, Mapping[str, Any]] = {
            row[key]: dict(row) for row in holders.rows(session, table, case_id, told)
        }
        wrong = _compared(told, rows)
        if wrong is not None:
            return code, wrong
        # In a training store refunds of earlier times hang on cases that have no word of them.
        if rows.keys() - told.keys() and not (table is REFUND and holders.training):
            return code, events[-1]
    if (wrong := _letters(session, holders, case_id, story)) is not None:
        return "letter.differs", wrong
    if (wrong := _handovers(session, story)) is not None:
        return "shift.differs", wrong
    if (wrong := _paid(session, story)) is not None:
        return "amount.differs", wrong
    wrong = _outbox(story, {row["id"]: row for row in outbox})
    return None if wrong is None else ("outbox.differs", wrong)


def _mine(session: Session, case_id: int, told: Mapping[object, Told]) -> dict[object, Told]:
    """The compensation that is still this case's: what came to nothing here may be given by another case."""
    numbers = [number for number, one in told.items() if one.columns["state"] in REFUND_VOID]
    moved = select(COMPENSATION.c.id).where(
        COMPENSATION.c.id.in_(numbers), COMPENSATION.c.case_id.is_not(None), COMPENSATION.c.case_id != case_id
    )
    gone = set(session.execute(moved).scalars()) if numbers else set()
    return {number: one for number, one in told.items() if number not in gone}


def _handovers(session: Session, story: Story) -> Event | None:
    """For whom the case was packed; one row stands for all cases of a hand-over."""
    if not story.handovers:
        return None
    found = select(SHIFT_HANDOVER).where(SHIFT_HANDOVER.c.id.in_(story.handovers))
    return _compared(story.handovers, {row["id"]: dict(row) for row in session.execute(found).mappings()})


def _letters(session: Session, holders: Holders, case_id: int, story: Story) -> Event | None:
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


def _paid(session: Session, story: Story) -> Event | None:
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


def _compared(told: Mapping[object, Told], rows: Mapping[object, Mapping[str, Any]]) -> Event | None:
    for key, one in told.items():
        row = rows.get(key)
        if row is None or not all(_same(row[name], value) for name, value in one.columns.items()):
            return one.event
    return None


def _same(kept: Any, told: object) -> bool:
    if told is RefundState.ACCEPTED:
        return kept in REFUND_PAID  # that it arrived is the shop's word, by import
    if isinstance(kept, datetime):
        kept = to_iso(kept)
    elif isinstance(kept, date):
        kept = kept.isoformat()
    return bool(kept == told)


def _outbox(story: Story, rows: Mapping[object, RowMapping]) -> Event | None:
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


_NO_WAIT = {"failed_sign_ins": 0, "locked_until": None}
_SETS: Mapping[str, Mapping[str, str]] = {
    "staff.active": {"active": "active"},
    "staff.customers": {"customer_id": "customer", "relatives": "relatives"},
    "staff.sign_in_failed": {"failed_sign_ins": "count", "locked_until": "until"},
}
"""Columns that an event sets, and where it says to what."""
_PROVEN = ("staff.signed_in", "staff.unlocked", "staff.password")
"""After these nobody waits any more."""


def of_staff(session: Session, number: str, events: Sequence[Event]) -> Found | None:
    """The role that somebody was given, whether they still work here, whose matters are theirs or a
    relative's, that their password is the one that was
    set, how long they wait for having guessed, where they stay signed in, and how often that was ended."""
    told = _person(events)
    if told is None:
        return None
    row = session.execute(select(STAFF).where(STAFF.c.number == number)).mappings().one_or_none()
    rows: dict[object, Mapping[str, Any]] = {}
    if row is not None:
        print_ = journal.fingerprint(row["password_hash"] or "")
        rows[number] = {**row, "password": print_, "relatives": _relatives(session, row["id"])}
    wrong = _compared({number: told}, rows)
    if wrong is None and row is not None:
        try:
            wrong = _stays(session, row["id"], events) or _stand_ins(session, row["id"], events)
        except (KeyError, TypeError):
            return "event.unreadable", events[-1]
    return None if wrong is None else ("staff.differs", wrong)


def _relatives(session: Session, staff_id: int) -> list[int]:
    theirs = select(STAFF_RELATIVE.c.customer_id).where(STAFF_RELATIVE.c.staff_id == staff_id)
    return sorted(session.execute(theirs).scalars())


def _person(events: Sequence[Event]) -> Told | None:
    """None for somebody of whom no event says that they were added."""
    told: Told | None = None
    out = 0
    for event in events:
        said = event.payload
        if event.kind == "staff.added" and "role" in said:
            told = Told(event, {"role": said["role"], "active": True, "signed_out": 0, **_NO_WAIT})
            told.now(event, customer_id=said.get("customer"), relatives=[])
        if told is None:
            continue
        if event.kind in _SETS:
            told.now(event, **{name: said.get(key) for name, key in _SETS[event.kind].items()})
        elif event.kind == "staff.signed_out":
            out += 1
            told.now(event, signed_out=out)
        elif event.kind in _PROVEN:
            told.now(event, **_NO_WAIT)
        if "password" in said:
            told.now(event, password=said["password"])
        if "must_change" in said:
            told.now(event, must_change_password=said["must_change"])
    return told


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return value


def _stays(session: Session, staff_id: int, events: Sequence[Event]) -> Event | None:
    """Kept sign-ins: whose, where, until when, whether they ask, and when they ended."""
    told: dict[object, Told] = {}
    for event in events:
        said = event.payload
        if event.kind == "staff.stay_kept":
            columns = {"digest": said["digest"], "machine": said["machine"], "expires_at": said["expires"]}
            told[said["kept"]] = Told(event, {**columns, "asks": False, "ended_at": None})
        elif event.kind in ("staff.stay_ended", "staff.stay_asks"):
            ended = event.kind == "staff.stay_ended"
            change = {"ended_at": to_iso(event.recorded_at)} if ended else {"asks": said["asks"]}
            for row in _list(said["kept"]):
                told[row].now(event, **change)
    kept = session.execute(select(KEPT_SIGN_IN).where(KEPT_SIGN_IN.c.staff_id == staff_id)).mappings()
    rows: dict[object, Mapping[str, Any]] = {row["id"]: dict(row) for row in kept}
    wrong = _compared(told, rows)
    return events[-1] if wrong is None and rows.keys() - told.keys() else wrong


def _stand_ins(session: Session, staff_id: int, events: Sequence[Event]) -> Event | None:
    """For which roles, from when until when, and when somebody ended it."""
    told: dict[object, Told] = {}
    for event in events:
        said = event.payload
        if event.kind == "stand_in.named":
            columns = {"role": said["role"], "from_at": said["from"], "until_at": said["until"]}
            told[said["stand_in"]] = Told(event, {**columns, "named_by": said["by"], "ended_at": None})
        elif event.kind == "stand_in.ended":
            told[said["stand_in"]].now(event, ended_at=to_iso(event.recorded_at))
    kept = session.execute(select(STAND_IN).where(STAND_IN.c.staff_id == staff_id)).mappings()
    rows: dict[object, Mapping[str, Any]] = {row["id"]: dict(row) for row in kept}
    wrong = _compared(told, rows)
    return events[-1] if wrong is None and rows.keys() - told.keys() else wrong


def payments(session: Session, most: int) -> Iterator[Fault]:
    """Payments of which more or less is taken up than their refunds say."""
    for column, states in ((PAYMENT.c.refunded_fen, REFUND_PAID), (PAYMENT.c.held_fen, REFUND_UNSETTLED)):
        taken = (
            select(func.coalesce(func.sum(REFUND.c.amount_fen), 0))
            .where(REFUND.c.payment_id == PAYMENT.c.id, REFUND.c.state.in_(states))
            .scalar_subquery()
        )
        wrong = select(PAYMENT.c.payment_no).where(column != taken).limit(most)
        for number in session.execute(wrong).scalars():
            yield Fault("payment", number, 0, 0, "payment.differs")
