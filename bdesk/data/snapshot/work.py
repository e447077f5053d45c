"""What was done on a case: evidence, tasks, checks, decisions, letters, answers, clocks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Result, Select, Table, and_, bindparam, func, or_, select
from sqlmodel import Session

from bdesk.clock import from_iso
from bdesk.data import journal
from bdesk.data.core import (
    APPROVAL,
    CLOCK,
    CONTACT,
    DECISION,
    EVENT,
    EVIDENCE,
    NOTIFICATION,
    OUTBOX,
    PROMISE,
    STAFF,
    STEP_ANSWER,
    TASK,
    TEXT,
    VERIFICATION,
)
from bdesk.data.rows import kept, shaped, shared
from bdesk.data.snapshot import contested
from bdesk.models.kinds import CheckResult, ContactKind, DeliveryState, Factor, Stream
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import (
    AnswerView,
    ApprovalView,
    CheckView,
    ClockView,
    ContactView,
    ContestedView,
    DecisionView,
    EvidenceView,
    NotificationView,
    PromiseView,
    TaskView,
)

View = TypeVar("View")

CHECKS_SEEN = timedelta(hours=24)
"""How far back attempts on other channels count (B0.4)."""

CONTACTS_KEPT = 200

_CYCLE = "case.reopened"
_CODE, _DOCUMENTS = "verification.code_sent", "verification.documents_asked"
_ANEW = "verification.anew"
_TARGET = "customer.target_registered"
_TIMER = "timer.fired"
_CONVERTED = "case.converted"
_RECHECK = "return.recheck"
_ACCOUNT = "account.changed"
_REVIEWED = "review.answered"
_LEVELS = (_CYCLE, _CONVERTED)
OPENING = "opening/"
"""Steps that are not walked again when a case becomes another kind: nobody repeats what they said."""
_SIGNS = (_CYCLE, _CODE, _DOCUMENTS, _ANEW, _TARGET, _TIMER, _CONVERTED, _RECHECK, _ACCOUNT, _REVIEWED)
_VOIDING = ("undone", "effect.recalled")


@dataclass(frozen=True, slots=True)
class Signs:
    """What only the journal of the case says."""

    cycle_started_at: datetime | None
    verified_anew_at: datetime | None
    code_sent_at: datetime | None
    documents_asked_at: datetime | None
    documents_for: str | None
    review_answered_at: datetime | None
    target_registered: bool
    fired_timers: frozenset[tuple[str, int, str]]
    reapplied: int
    converted_by: int
    rechecked: bool
    account_changed: bool
    level_from: int
    """The event by which it became its kind or its cycle began, whichever is newer; 0 for none."""
    events: tuple[Event, ...]
    """All of these that stand."""


def signs(session: Session, case_id: int) -> Signs:
    """What a few kinds of event say that were not taken back."""
    events = _standing(_events(session, str(case_id)))
    at: dict[str, datetime] = {event.kind: event.occurred_at for event in events}
    cycle = at.get(_CYCLE)

    def in_cycle(kind: str) -> bool:
        return kind in at and (cycle is None or at[kind] >= cycle)

    return Signs(
        cycle_started_at=cycle,
        verified_anew_at=max(
            (from_iso(str(one.payload["since"])) for one in events if one.kind == _ANEW), default=None
        ),
        code_sent_at=at.get(_CODE),
        documents_asked_at=at.get(_DOCUMENTS),
        documents_for=next(
            (str(one.payload.get("who")) for one in reversed(events) if one.kind == _DOCUMENTS), None
        ),
        review_answered_at=at.get(_REVIEWED),
        target_registered=in_cycle(_TARGET),
        rechecked=in_cycle(_RECHECK),
        account_changed=in_cycle(_ACCOUNT),
        reapplied=sum(event.kind == _CYCLE and event.payload.get("why") == "reapply" for event in events),
        converted_by=max((event.id for event in events if event.kind == _CONVERTED), default=0),
        level_from=_level_from(events),
        events=tuple(events),
        fired_timers=frozenset(
            (str(event.payload["step"]), int(str(event.payload["number"])), str(event.payload["since"]))
            for event in events
            if event.kind == _TIMER
        ),
    )


@kept
def _events(stream_id: Any) -> Select[Any]:
    return (
        select(*journal.COLUMNS)
        .where(
            EVENT.c.stream == Stream.CASE,
            EVENT.c.stream_id == stream_id,
            EVENT.c.kind.in_((*_SIGNS, *contested.EVENTS, *_VOIDING)),
        )
        .order_by(EVENT.c.sequence)
    )


def _standing(rows: Iterable[Any]) -> list[Event]:
    """The events of one stream that were not taken back."""
    found = [journal.to_event(row) for row in rows]
    gone = journal.voided(found)
    return [event for event in found if event.id not in gone]


def _level_from(events: Iterable[Event]) -> int:
    return max((event.id for event in events if event.kind in _LEVELS), default=0)


def contested_by(session: Session, case_ids: Collection[int]) -> dict[int, ContestedView]:
    """What each of these appeals contests, as a snapshot of it says, in two queries for all."""
    rows: dict[int, list[Any]] = {case_id: [] for case_id in case_ids}
    for row in _events_of_level(session, [str(case_id) for case_id in rows]):
        rows[int(row.stream_id)].append(row)
    found = contested.before_each(session, case_ids)
    events = {case_id: _standing(told) for case_id, told in rows.items()}
    return {
        case_id: contested.contested(found[case_id], told, _level_from(told))
        for case_id, told in events.items()
    }


@kept
def _events_of_level(stream_ids: Any) -> Select[Any]:
    return (
        select(*journal.COLUMNS)
        .where(
            EVENT.c.stream == Stream.CASE,
            EVENT.c.stream_id.in_(stream_ids),
            EVENT.c.kind.in_((*_LEVELS, *contested.EVENTS, *_VOIDING)),
        )
        .order_by(EVENT.c.stream_id, EVENT.c.sequence)
    )


def evidence(session: Session, case_id: int) -> tuple[EvidenceView, ...]:
    return _all(EvidenceView, _evidence(session, case_id))


@kept
def _evidence(case_id: Any) -> Select[Any]:
    return _rows_of(EvidenceView, EVIDENCE, case_id).order_by(EVIDENCE.c.number)


def tasks(session: Session, case_id: int) -> tuple[TaskView, ...]:
    return _all(TaskView, _tasks(session, case_id))


@kept
def _tasks(case_id: Any) -> Select[Any]:
    return _rows_of(TaskView, TASK, case_id)


def on_call_elsewhere(session: Session, case_id: int, staff_id: int) -> bool:
    """Whether somebody has a call open that is not on this case."""
    return _calls_elsewhere(session, case_id, staff_id).first() is not None


@kept
def _calls_elsewhere(case_id: Any, staff_id: Any) -> Select[Any]:
    mine = CONTACT.c.staff_id == staff_id, CONTACT.c.ended_at.is_(None), CONTACT.c.kind == ContactKind.CALL
    elsewhere = or_(CONTACT.c.case_id.is_(None), CONTACT.c.case_id != case_id)
    return select(CONTACT.c.id).where(*mine, elsewhere).limit(1)


def contacts(session: Session, case_id: int) -> tuple[ContactView, ...]:
    """The newest contacts, oldest first."""
    rows = _contacts(session, case_id).mappings().all()
    return tuple(shaped(ContactView, row) for row in reversed(rows))


@kept
def _contacts(case_id: Any) -> Select[Any]:
    return (
        select(*shared(ContactView, CONTACT), STAFF.c.number.label("staff"))
        .select_from(CONTACT.outerjoin(STAFF, STAFF.c.id == CONTACT.c.staff_id))
        .where(CONTACT.c.case_id == case_id)
        .order_by(CONTACT.c.id.desc())
        .limit(CONTACTS_KEPT)
    )


def checks(session: Session, case_id: int, customer_id: int | None, now: datetime) -> tuple[CheckView, ...]:
    """This account's attempts over all channels: those of the last 24 h and those of this case."""
    return _all(CheckView, _checks(session, case_id, customer_id, now - CHECKS_SEEN))


@kept
def _checks(case_id: Any, customer_id: Any, since: Any) -> Select[Any]:
    return (
        select(*shared(CheckView, VERIFICATION))
        .where(
            or_(
                VERIFICATION.c.case_id == case_id,
                (VERIFICATION.c.customer_id == customer_id) & (VERIFICATION.c.at > since),
            ),
            VERIFICATION.c.voided.is_(False),
        )
        .order_by(VERIFICATION.c.id)
    )


def decisions(session: Session, case_id: int) -> tuple[DecisionView, ...]:
    return _all(DecisionView, _decisions(session, case_id))


@kept
def _decisions(case_id: Any) -> Select[Any]:
    return _rows_of(DecisionView, DECISION, case_id).where(DECISION.c.voided.is_(False))


def approvals(session: Session, case_id: int, case_no: str) -> tuple[ApprovalView, ...]:
    rows = _approvals(session, case_id).mappings()
    return tuple(
        shaped(ApprovalView, row, case_id=case_id, case_no=case_no, flags=tuple(row["flags"])) for row in rows
    )


@kept
def _approvals(case_id: Any) -> Select[Any]:
    return _rows_of(ApprovalView, APPROVAL, case_id)


def notifications(session: Session, case_id: int) -> tuple[NotificationView, ...]:
    return _all(NotificationView, _notifications(session, case_id))


@kept
def _notifications(case_id: Any) -> Select[Any]:
    return (
        select(*shared(NotificationView, NOTIFICATION), TEXT.c.body.label("text"))
        .select_from(NOTIFICATION.join(TEXT, TEXT.c.id == NOTIFICATION.c.text_id))
        .where(NOTIFICATION.c.case_id == case_id)
        .order_by(NOTIFICATION.c.id)
    )


def promises(session: Session, case_id: int) -> tuple[PromiseView, ...]:
    return _all(PromiseView, _promises(session, case_id))


@kept
def _promises(case_id: Any) -> Select[Any]:
    return _rows_of(PromiseView, PROMISE, case_id)


def answers(session: Session, case_id: int, since: int = 0) -> tuple[AnswerView, ...]:
    """The answers that stand, in the order in which they were given.

    Those to another kind, before the event `since`, are history: the new kind is walked from its beginning.
    """
    rows = _answers(session, case_id, since).mappings()
    return tuple(
        shaped(
            AnswerView,
            row,
            via=tuple((str(one[0]), str(one[1])) for one in row["via"]),
            carried=bool(row["carried"]),
        )
        for row in rows
    )


@kept
def _answers(case_id: Any, since: Any) -> Select[Any]:
    earlier = and_(STEP_ANSWER.c.event_id.is_not(None), STEP_ANSWER.c.event_id <= since)
    return (
        _rows_of(AnswerView, STEP_ANSWER, case_id)
        .add_columns(earlier.label("carried"))
        .where(
            STEP_ANSWER.c.voided.is_(False),
            or_(
                STEP_ANSWER.c.event_id.is_(None),
                STEP_ANSWER.c.event_id > since,
                STEP_ANSWER.c.step.startswith(OPENING),
            ),
        )
    )


def clocks(session: Session, case_id: int) -> tuple[ClockView, ...]:
    return _all(ClockView, _clocks(session, case_id))


@kept
def _clocks(case_id: Any) -> Select[Any]:
    return _rows_of(ClockView, CLOCK, case_id).order_by(None).order_by(CLOCK.c.due_at, CLOCK.c.id)


def open_effects(session: Session, case_id: int) -> tuple[str, ...]:
    """ "<effect>:<state>" of what has not come to a definite end."""
    return tuple(f"{row.effect}:{row.state.value}" for row in _pending(session, case_id))


@kept
def _pending(case_id: Any) -> Select[Any]:
    pending = (DeliveryState.HELD, DeliveryState.RELEASED, DeliveryState.UNKNOWN)
    return (
        select(OUTBOX.c.effect, OUTBOX.c.state)
        .where(OUTBOX.c.case_id == case_id, OUTBOX.c.state.in_(pending))
        .order_by(OUTBOX.c.id)
    )


def count_failed_attempts(session: Session, customer_id: int | None, now: datetime) -> int:
    """Attempts with a wrong answer in the last 24 h over all channels; rows of one attempt share `at`."""
    about = {"customer": customer_id, "since": now - CHECKS_SEEN}
    return int(session.execute(_failed_since(), about).scalar_one())


@cache
def _failed_since() -> Select[Any]:
    attempts = (
        select(VERIFICATION.c.case_id, VERIFICATION.c.at)
        .where(
            VERIFICATION.c.customer_id == bindparam("customer"),
            VERIFICATION.c.at > bindparam("since"),
            VERIFICATION.c.voided.is_(False),
            VERIFICATION.c.result == CheckResult.FAILED,
            VERIFICATION.c.factor != Factor.DOCUMENT,  # refused by a person: no guess at an answer
        )
        .distinct()
        .subquery()
    )
    return select(func.count()).select_from(attempts)


def _rows_of(view: type, table: Table, case_id: Any) -> Select[Any]:
    return select(*shared(view, table)).where(table.c.case_id == case_id).order_by(table.c.id)


def _all(view: type[View], found: Result[Any]) -> tuple[View, ...]:
    return tuple(shaped(view, row) for row in found.mappings())
