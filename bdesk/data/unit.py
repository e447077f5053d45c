"""A unit of work: one write transaction, which rolls back unless it is committed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Select, Table, Update, bindparam, select, update
from sqlalchemy import text as sql
from sqlmodel import Session, SQLModel

from bdesk.clock import LOCAL, as_utc
from bdesk.data import journal
from bdesk.data.core import CASE, core
from bdesk.errors import BadInput, CaseMoved, NotFound
from bdesk.models.kinds import Role, Stream
from bdesk.models.tables import Case, CaseText
from bdesk.models.views.journal import Event
from bdesk.text import clean

RowT = TypeVar("RowT", bound=SQLModel)

STANDING_IN = "standing_in"
"""What an event of somebody who acts in a role that is not theirs carries: that role."""

# Digits after the date, by prefix (training.md D8).
_DIGITS = {"KF": 5, "SH": 6, "BT": 6, "TK": 6, "SS": 4, "PAY": 8, "AP": 4, "WX": 8}

_NEXT_NUMBER = sql(
    "INSERT INTO number_series (prefix, day, last) VALUES (:prefix, :day, 1) "
    "ON CONFLICT (prefix, day) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


def key_tail(number: str) -> str:
    """The last four characters of an order or case number: what `order_tail` and `case_tail` hold."""
    return number[-4:]


@lru_cache(8)
def _free(columns: tuple[str, ...]) -> Select[Any]:
    known = ("id", "case_no", "version", "state", "owner_id", "verified_level", "cycle")
    return select(*(CASE.c[name] for name in dict.fromkeys((*known, *columns)))).where(
        CASE.c.id == bindparam("case_id"), CASE.c.open.is_(True), CASE.c.owner_id.is_(None)
    )


@lru_cache(8)
def _taking(columns: tuple[str, ...]) -> Update:
    here = (CASE.c.id == bindparam("case_id"), CASE.c.version == bindparam("at"), CASE.c.owner_id.is_(None))
    return update(CASE).where(*here).values({name: bindparam(name) for name in (*columns, "version")})


class Unit:
    """What an operation writes through. `now` is the later of the clock's time and the last recorded.
    `standing_in`: the role that the actor stands in for, which every event then says. `pace`: how many of
    the store's seconds go by in one of a person's (`Store.pace`)."""

    def __init__(self, session: Session, *, now: datetime, actor: str, locks: bool) -> None:
        self.session = session
        self.now = as_utc(now)
        self.actor = actor
        self.standing_in: Role | None = None
        self.pace = 1
        self.committed = False
        self.appended: list[int] = []
        self._locks = locks
        self._cases: dict[int, str] = {}

    def case(self, case_id: int, *, version: int | None = None) -> Case:
        """A case to change, locked where the database locks rows.

        Raises NotFound, and CaseMoved naming who did what last when it is no longer at `version`.
        """
        found = self.session.get(Case, case_id, with_for_update=self._locks, populate_existing=self._locks)
        if found is None:
            raise NotFound("case", str(case_id))
        self._cases[case_id] = found.case_no
        if version is not None and found.version != version:
            raise self.moved(case_id, found.case_no)
        return found

    def case_at(self, case_id: int, version: object) -> Case:
        """A case to change by somebody who saw it at `version`: anything but its present number, nothing at
        all included, was not seen. Raises as `case` does."""
        found = self.case(case_id)
        if type(version) is not int or found.version != version:
            raise self.moved(case_id, found.case_no)
        return found

    def free_case(self, case_id: int, columns: tuple[str, ...]) -> RowMapping | None:
        """`columns` of a case that is open and held by nobody, and what `take` needs; else None."""
        found = self.session.connection().execute(_free(columns), {"case_id": case_id})
        return found.mappings().one_or_none()

    def take(
        self, case: RowMapping, columns: Mapping[str, object], kind: str, payload: Mapping[str, object]
    ) -> Event | None:
        """Set columns of a case from `free_case` and write the event that says so; None when another desk
        was first."""
        values = {**columns, "version": case["version"] + 1, "case_id": case["id"], "at": case["version"]}
        done = self.session.connection().execute(_taking(tuple(columns)), values)
        if not done.rowcount:
            return None
        after: dict[str, Any] = {**case, **columns}
        now = journal.stands(after["state"], after["owner_id"], after["verified_level"], after["cycle"])
        return self.append(Stream.CASE, case["id"], kind, {**payload, journal.STANDS: now})

    def moved(self, case_id: int, case_no: str) -> CaseMoved:
        """The refusal that says who changed a case first."""
        last = journal.newest(self.session, Stream.CASE, case_id)
        return CaseMoved(case_no, last.actor if last else "", last.kind if last else "")

    def hold(self, case_ids: Collection[int]) -> None:
        """Lock cases, in one order for everybody, where the database locks rows; elsewhere the whole store is
        locked already. Done before anything is changed: what is read after it is as the desk before left it.
        """
        if self._locks and case_ids:
            held = select(CASE.c.id).where(CASE.c.id.in_(case_ids)).order_by(CASE.c.id).with_for_update()
            self.session.execute(held)
            self.session.expire_all()

    def hold_found(self, statement: Select[Any]) -> None:
        """`hold` the cases whose numbers a statement yields; it is asked only where rows are locked."""
        if self._locks:
            self.hold(self.session.scalars(statement).all())

    def hold_of(self, table: Table, row_id: int) -> None:
        """`hold` the case that a row of a table belongs to, or is."""
        of_it = table.c.id if table is CASE else table.c.case_id
        self.hold_found(select(of_it).where(table.c.id == row_id))

    def of_case(self, table: type[RowT], row_id: int) -> RowT | None:
        """A row that belongs to a case, to change both: the case is locked first, so that the row is not one
        that another desk was changing while this one waited. None when there is no such row."""
        self.hold_of(core(table), row_id)
        return self.session.get(table, row_id)

    def locked(self, row: type[SQLModel], row_id: int) -> SQLModel:
        """A row to change, locked where the database locks rows (a payment before a refund).

        Raises NotFound.
        """
        found = self.session.get(row, row_id, with_for_update=self._locks, populate_existing=self._locks)
        if found is None:
            raise NotFound(str(row.__tablename__), str(row_id))
        return found

    def append(
        self,
        stream: Stream,
        stream_id: str | int,
        kind: str,
        payload: Mapping[str, object] | None = None,
        *,
        occurred_at: datetime | None = None,
    ) -> Event:
        """Write an event at the end of a stream. `occurred_at` is when the thing happened; `now` if left out.

        Raises TypeError for a payload that has no canonical form (floats, for one).
        """
        if self.standing_in is not None:
            payload = {**(payload or {}), STANDING_IN: self.standing_in.value}
        event = journal.append(
            self.session,
            stream,
            str(stream_id),
            kind,
            payload or {},
            actor=self.actor,
            occurred_at=occurred_at or self.now,
            recorded_at=self.now,
        )
        self.appended.append(event.id)
        return event

    def on_case(
        self,
        case: Case,
        kind: str,
        payload: Mapping[str, object] | None = None,
        occurred_at: datetime | None = None,
    ) -> Event:
        """Write an event on a case; a new case gets its id first. Columns of the case are changed before it:
        it says how the case stands from now on."""
        case_id = self._case_id(case)
        now = journal.stands(case.state, case.owner_id, case.verified_level, case.cycle)
        payload = {**(payload or {}), journal.STANDS: now}
        return self.append(Stream.CASE, case_id, kind, payload, occurred_at=occurred_at)

    def text(self, case: Case | int, kind: str, body: str) -> tuple[CaseText, str]:
        """Keep words that a person's right can erase. The journal carries the row's id and the digest."""
        salt, cleaned = self.salt(), clean(body, multiline=True)
        digest = journal.salted_digest(salt, cleaned)
        row = CaseText(
            case_id=case if isinstance(case, int) else self._case_id(case),
            kind=kind,
            body=cleaned,
            salt=salt,
            digest=digest,
            by=self.actor,
            at=self.now,
        )
        self.session.add(row)
        self.session.flush()
        return row, digest

    def salt(self) -> str:
        """What a text's digest is salted with; a store in the making draws it from its seed."""
        return journal.new_salt()

    def next_number(self, prefix: str) -> str:
        """The next number of a series: KF20261122 00001 without the blank; the day is the local one.

        Raises BadInput for a prefix that has no series.
        """
        digits = _DIGITS.get(prefix)
        if digits is None:
            raise BadInput("number.prefix", prefix=prefix)
        day = self.now.astimezone(LOCAL).strftime("%Y%m%d")
        last = self.session.execute(_NEXT_NUMBER, {"prefix": prefix, "day": day}).scalar_one()
        return f"{prefix}{day}{last:0{digits}d}"

    def commit(self) -> None:
        """Make it so. Nothing can be written after it."""
        self.session.commit()
        self.committed = True

    def last_case(self) -> tuple[int, str] | None:
        """The case loaded last: what a stale write was most likely about."""
        return next(reversed(self._cases.items()), None)

    def _case_id(self, case: Case) -> int:
        if case.id is None:
            self.session.add(case)
            self.session.flush()
        if case.id is None:
            raise NotFound("case", case.case_no)
        return case.id
