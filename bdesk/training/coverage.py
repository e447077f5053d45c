"""What a training store holds, and what nothing in it shows: the coverage report (training.md D1.5).

It is read from the store itself, so that a trainer may ask again after a day's work.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from bdesk.data import journal
from bdesk.data.book.book import Book
from bdesk.data.core import CASE, STAFF
from bdesk.data.store import Store
from bdesk.models.clock_kinds import SlaState
from bdesk.models.kinds import (
    ApprovalState,
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    DelayCause,
    EvidenceKind,
    FreezeReason,
    FreightPayer,
    Inspection,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    PromiseState,
    RefundReason,
    RefundState,
    RejectCode,
    ReturnClass,
    ReturnKind,
    SignedBy,
    Stream,
    TaskState,
    WalletTxKind,
)
from bdesk.models.tables import (
    Approval,
    Case,
    CaseFlagRow,
    Evidence,
    Freeze,
    GoodsReturn,
    Order,
    OrderItem,
    Parcel,
    Payment,
    Promise,
    Refund,
    Task,
    WalletTx,
)
from bdesk.operations.context import Context
from bdesk.operations.staff.people import find_actor
from bdesk.operations.standing import standing
from bdesk.rules.walk.model import StepType
from bdesk.training.edges.index import NAMES, Edge

Counts = Mapping[str, Mapping[str, int]]
"""By list, or kind, or procedure: how often each of its values occurs."""

SEEDED = "training.seeded"
STREAM = "training"
"""The event, and the stream of the store, that say where the edge cases are."""

CLOCK_STATE = "clock state"

COLUMNS: Mapping[str, tuple[type[StrEnum], type[SQLModel], str]] = {
    "case kind": (CaseKind, Case, "kind"),
    "case state": (CaseState, Case, "state"),
    "channel": (Channel, Case, "channel"),
    "refund reason": (RefundReason, Case, "reason"),
    "outcome": (CaseOutcome, Case, "outcome"),
    "reject code": (RejectCode, Case, "reject_code"),
    "flag": (CaseFlag, CaseFlagRow, "flag"),
    "evidence": (EvidenceKind, Evidence, "kind"),
    "order status": (OrderStatus, Order, "status"),
    "delay cause": (DelayCause, Order, "delay_cause"),
    "return class": (ReturnClass, OrderItem, "return_class"),
    "payment method": (PaymentMethod, Payment, "method"),
    "payment state": (PaymentState, Payment, "state"),
    "payment failure": (PaymentFailure, Payment, "failure"),
    "refund state": (RefundState, Refund, "state"),
    "parcel state": (ParcelState, Parcel, "state"),
    "signed by": (SignedBy, Parcel, "signed_by"),
    "return kind": (ReturnKind, GoodsReturn, "kind"),
    "freight": (FreightPayer, GoodsReturn, "freight"),
    "inspection": (Inspection, GoodsReturn, "inspection"),
    "task": (TaskState, Task, "state"),
    "approval": (ApprovalState, Approval, "state"),
    "promise": (PromiseState, Promise, "state"),
    "freeze": (FreezeReason, Freeze, "reason"),
    "wallet transaction": (WalletTxKind, WalletTx, "kind"),
}
"""What is counted in rows; the state of the clocks is worked out."""

LISTS: Mapping[str, type[StrEnum]] = {
    **{name: kind for name, (kind, *_) in COLUMNS.items()},
    CLOCK_STATE: SlaState,
}

_STOOD_AT = frozenset({StepType.ASK, StepType.DECIDE, StepType.WAIT, StepType.CONVERT, StepType.HAND_OFF})
"""Steps at which a person, or a case that waits, can stand; the others are passed."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """`counts`: by list and value, in the order of the lists; `unreached`: the values that nothing has.

    `states` and `clocks`: by kind of case. `steps`: by procedure, how many open cases stand at each step, and
    `unreached_steps` where none does; both are empty when nobody asked for them. `missing`: the edge cases
    that the store has not.
    """

    counts: Counts
    unreached: Mapping[str, tuple[str, ...]]
    states: Counts
    clocks: Counts
    steps: Counts
    unreached_steps: Mapping[str, tuple[str, ...]]
    edges: tuple[Edge, ...]
    missing: tuple[str, ...]


def coverage(store: Store, book: Book, now: datetime, *, steps: bool) -> Coverage:
    """What is in a store at `now`. Walking every open case for `steps` takes seconds."""
    by_state = select(CASE.c.kind, CASE.c.state, func.count()).group_by(CASE.c.kind, CASE.c.state)
    with store.read() as session:
        counts = _counts(session, now)
        edges = edges_of(session)
        stood = stood_at(store, session, book, now) if steps else {}
        return Coverage(
            counts=counts,
            unreached=_empty(counts),
            states=_by_kind(session.execute(by_state)),
            clocks=_by_kind([(kind, state, 1) for kind, state in _chips(session, now)]),
            steps=stood,
            unreached_steps=_empty(stood),
            edges=edges,
            missing=tuple(edge.code for edge in edges if not edge.there),
        )


def _counts(session: Session, now: datetime) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, (kind, table, named) in COLUMNS.items():
        column = getattr(table, named)
        seen = {row[0]: row[1] for row in session.execute(select(column, func.count()).group_by(column))}
        found[name] = {member.value: seen.get(member, 0) for member in kind}
    chips = Counter(state for _, state in _chips(session, now))
    found[CLOCK_STATE] = {state.value: chips.get(state, 0) for state in SlaState}
    return found


def _chips(session: Session, now: datetime) -> list[tuple[CaseKind, SlaState]]:
    """What the chip of every open case reads; what has no running clock is left out."""
    marks = (CASE.c.queue_at, CASE.c.warn_due_at, CASE.c.warn_now_at)
    timed = select(CASE.c.kind, CASE.c.stopped, *marks).where(CASE.c.open, CASE.c.queue_clock.is_not(None))
    return [(kind, _chip(stopped, at, now)) for kind, stopped, *at in session.execute(timed)]


def _chip(stopped: bool, marks: Iterable[datetime | None], now: datetime) -> SlaState:
    due_at, due_from, now_from = marks
    if stopped:
        return SlaState.STOPPED
    if due_at is not None and now > due_at:
        return SlaState.OVER
    if now_from is not None and now >= now_from:
        return SlaState.NOW
    return SlaState.DUE if due_from is not None and now >= due_from else SlaState.FINE


def _by_kind(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {kind.value: Counter() for kind in CaseKind}
    for kind, value, count in rows:
        found[kind.value][value.value] += count
    return {kind: dict(sorted(counts.items())) for kind, counts in found.items()}


def _empty(counts: Counts) -> dict[str, tuple[str, ...]]:
    missing = {
        name: tuple(value for value, count in values.items() if not count) for name, values in counts.items()
    }
    return {name: values for name, values in missing.items() if values}


def stood_at(store: Store, session: Session, book: Book, now: datetime) -> dict[str, dict[str, int]]:
    """By procedure, how many open cases stand at each of its steps, as the first person of the store sees
    them."""
    found = {
        procedure.code: {step.id: 0 for step in procedure.steps if step.type in _STOOD_AT}
        for procedure in (book.procedure_for(kind) for kind in CaseKind)
    }
    number = session.execute(select(STAFF.c.number).order_by(STAFF.c.number).limit(1)).scalar_one()
    ctx = Context(store, book, find_actor(store, number))
    for case_id in session.execute(select(CASE.c.id).where(CASE.c.open).order_by(CASE.c.id)).scalars():
        stand = standing(session, ctx, case_id, now)
        walk = stand.walk
        step = (
            walk.current.step.id if walk.current is not None else walk.waiting.step if walk.waiting else None
        )
        counts = found.setdefault(stand.procedure.code, {})
        if step is not None:
            counts[step] = counts.get(step, 0) + 1
    return found


def told(edges: Iterable[Edge]) -> dict[str, object]:
    """The payload of the event that says where the edge cases are."""
    return {
        "edges": {
            edge.code: {"cases": list(edge.cases), "orders": list(edge.orders), "people": list(edge.people)}
            for edge in edges
        }
    }


def edges_of(session: Session) -> tuple[Edge, ...]:
    """Where the edge cases are, as the seed told it; none in a store that was made without them."""
    event = journal.newest(session, Stream.STORE, STREAM)
    kept = event.payload.get("edges") if event is not None else None
    if not isinstance(kept, Mapping):
        return ()
    return tuple(_edge(code, name, kept.get(code)) for code, name in NAMES.items())


def _edge(code: str, name: str, kept: object) -> Edge:
    if not isinstance(kept, Mapping):
        return Edge(code, name)
    return Edge(code, name, *(tuple(str(one) for one in kept.get(part, ())) for part in _PARTS))


_PARTS = ("cases", "orders", "people")
