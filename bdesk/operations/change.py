"""Changing a case so that it can be taken back: an *act* is one event and those it caused.

The first event of a transaction on a case is the act; later ones carry `cause`. An act's payload keeps
under `before` the columns it changed, which is what undo and recall put back.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Result
from sqlmodel.sql.sqltypes import UTCDateTime

from bdesk.clock import from_iso, to_iso
from bdesk.data import journal
from bdesk.data.refold import refold
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import OPEN_STATES, CaseState
from bdesk.models.tables import Case
from bdesk.models.tables.base import Row
from bdesk.models.views.changed import Changed
from bdesk.models.views.journal import Event
from bdesk.operations.apart import is_own_matter, must_not_be_own
from bdesk.operations.context import Context
from bdesk.rules.cases import may_move

CUSTOMER_WAITS = frozenset({CaseState.WAITING_CUSTOMER})
HOUSE_WAITS = frozenset({CaseState.WAITING_INTERNAL, CaseState.IN_TRANSIT})
APPROVAL_WAITS = frozenset({CaseState.WAITING_APPROVAL})
"""The waits that the customer ends, that another department or a carrier ends, and that a decision ends
(B0.2)."""

FRESH = frozenset({CaseState.NEW, CaseState.REOPENED})
"""The states that end when somebody works the case."""

NOT_ASIDE: Mapping[str, object] = {"aside": False, "aside_until": None, "aside_reason": None}
"""The columns of a case that is not put aside."""


def to_json(value: object) -> object:
    """A value as the journal keeps it: instants in ISO 8601, enums by value."""
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, StrEnum):
        return value.value
    return value


def set_columns(case: Case, values: Mapping[str, object]) -> dict[str, object]:
    """Set columns of the case and return what they were, ready for a payload's `before`.

    Every change of state in the operations goes through here; raises what `check_move` raises.
    """
    before: dict[str, object] = {}
    for name, value in values.items():
        old = getattr(case, name)
        if old != value:
            if name == "state":
                check_move(case, value)
            before[name] = to_json(old)
            setattr(case, name, value)
    return before


def check_move(case: Case, to: object) -> None:
    """Ask the table of B0.2. Raises NotAllowed("case.no_move") for a move that it does not have."""
    if not isinstance(to, CaseState) or not may_move(case.state, to):
        raise NotAllowed("case.no_move", case_no=case.case_no, state=case.state.value, becomes=str(to))


def put_back(case: Case, before: Mapping[str, object]) -> None:
    """Restore columns kept by `set_columns`: taking an act back is no move, so no table is asked."""
    for name, value in before.items():
        setattr(case, name, restored(Case, name, value))


def restored(table: type[Row], name: str, value: object) -> object:
    """A column's value as it was kept by `to_json`."""
    if value is None:
        return None
    kind = table.__table__.columns[name].type  # type: ignore[attr-defined]
    if isinstance(kind, UTCDateTime) and isinstance(value, str):
        return from_iso(value)
    known = getattr(kind, "enum_class", None)
    return known(value) if known is not None else value


class Act:
    """The events of one operation on one case, the first being the act that undo names."""

    def __init__(self, unit: Unit, case: Case) -> None:
        self.unit = unit
        self.case = case
        self.events: list[Event] = []
        # Other cases whose clocks this act moved too (the target of a merge).
        self.touched: list[Case] = []
        # Kinds of clock that this act started, so that an effect and its answer do not both start one.
        self.started: set[str] = set()

    def add(
        self,
        what: str,
        payload: Mapping[str, object] | None = None,
        /,
        *,
        occurred_at: datetime | None = None,
        columns: Mapping[str, object] | None = None,
        **more: object,
    ) -> Event:
        """Append an event of the kind `what` to the case's stream, changing columns of the case with it."""
        body: dict[str, object] = dict(payload or {})
        before = set_columns(self.case, {**(columns or {}), **more})
        if before:
            body["before"] = before
            if after := {
                name: to_json(getattr(self.case, name)) for name in journal.SET_COLUMNS if name in before
            }:
                body[journal.SET_TO] = after
        if self.events:
            body["cause"] = self.events[0].id
        event = self.unit.on_case(self.case, what, body, occurred_at=occurred_at)
        self.events.append(event)
        return event

    @property
    def first(self) -> int:
        """The id of the event that undo and recall name."""
        return self.events[0].id

    @property
    def case_id(self) -> int:
        return row_id(self.case)

    def finish(self, ctx: Context, code: str, *, undo: bool = True, **params: object) -> Changed:
        """Fold the clocks, commit, and say what happened."""
        for case in (self.case, *self.touched):
            refold(self.unit.session, case, ctx.book, self.unit.now)
        case_id, case_no = self.case_id, self.case.case_no
        others = tuple(case.id for case in self.touched if case.id is not None)
        self.unit.commit()
        return Changed(
            code=code,
            params={"case_no": case_no, **params},
            cases=(case_id, *others),
            case_id=case_id,
            case_no=case_no,
            events=tuple(event.id for event in self.events),
            undo_event=self.events[0].id if undo and self.events else None,
        )


def row_id(row: Row) -> int:
    """The number of a row that is in the store. Raises LookupError for one that was never flushed."""
    if row.id is None:
        raise LookupError(type(row).__name__)
    return row.id


def rows_changed(result: Result[Any]) -> int:
    """How many rows a guarded update changed: none means that somebody else was first."""
    return int(getattr(result, "rowcount", 0))


def must_be_open(case: Case) -> None:
    """Raises NotAllowed("case.closed") for a case that is done."""
    if case.state not in OPEN_STATES:
        raise NotAllowed("case.closed", case_no=case.case_no, state=case.state.value)


def own(act: Act, ctx: Context, *, giving: bool = False) -> None:
    """Make sure that the actor works this case: claim it when nobody does (F9 or the first answer).

    `giving`: only to give it to others, as whoever holds a matter of their own may. Raises
    NotAllowed("case.not_yours") when somebody else holds it, ("limits.own_matter").
    """
    case = act.case
    must_be_open(case)
    if not giving or case.owner_id != ctx.actor.id:
        must_not_be_own(ctx, case)
    must_not_be_held(ctx, case)
    if case.owner_id is None:
        claim_event(act, ctx, "opened")
    elif case.aside or case.state in FRESH:
        columns = {"state": CaseState.IN_PROGRESS} if case.state in FRESH else {}
        act.add("case.taken_up", columns={**NOT_ASIDE, **columns})


def must_not_be_held(ctx: Context, case: Case) -> None:
    """Raises NotAllowed("case.not_yours") when somebody else holds the case."""
    if case.owner_id not in (None, ctx.actor.id):
        raise NotAllowed("case.not_yours", case_no=case.case_no)


def woken(case: Case, waits: Collection[CaseState]) -> dict[str, object]:
    """The columns of a case that was stirred from outside: it lies aside no more, and one of `waits` ends."""
    columns: dict[str, object] = {**NOT_ASIDE} if case.aside else {}
    if case.state in waits:
        columns["state"] = CaseState.IN_PROGRESS
    return columns


def claim_unless_own(act: Act, ctx: Context, why: str) -> None:
    """Claim a case that nobody holds, unless it is the actor's own matter: that waits for a colleague."""
    if not is_own_matter(ctx.actor, act.case):
        claim_event(act, ctx, why)


def claim_event(act: Act, ctx: Context, why: str) -> Event:
    """The event and columns of a claim; the caller has made sure that nobody holds the case."""
    columns = claim_columns(ctx, act.case.state, act.unit.now)
    return act.add("case.claimed", {"by": ctx.actor.number, "why": why}, columns=columns)


def claim_columns(ctx: Context, state: CaseState, now: datetime) -> dict[str, object]:
    """The columns of a case in `state` that the actor claims at `now`."""
    return {
        **NOT_ASIDE,
        "owner_id": ctx.actor.id,
        "claimed_at": now,
        "state": CaseState.IN_PROGRESS if state in FRESH else state,
    }
