"""Writing many rows at once: a seeded store, and the thin cases of a benchmark.

Rows come with their numbers. Events are chained here exactly as `journal.append` chains one; whoever
hands them over has them in the order in which they were recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, func, insert, select, text
from sqlmodel import Session, SQLModel

from bdesk.data import journal
from bdesk.data.core import CASE, core
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, CaseState, Channel, Stream, VerificationLevel
from bdesk.models.tables import EventRow, StreamRow

Row = Mapping[str, Any]

CHUNK = 20_000
"""Rows of one transaction: enough to pay for its fsync, few enough to say how far it is."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event with its number and its payload as canonical JSON; only the chain is missing."""

    id: int
    stream: Stream
    stream_id: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    kind: str
    payload: str


def chained(
    events: Iterable[NewEvent], heads: Mapping[tuple[Stream, str], tuple[int, str]]
) -> tuple[list[Row], list[Row]]:
    """Rows of events and of the heads of their streams, each stream going on from its head in `heads`."""
    rows: list[Row] = []
    at: dict[tuple[Stream, str], tuple[int, str]] = dict(heads)
    touched: dict[tuple[Stream, str], None] = {}
    for event in events:
        key = (event.stream, event.stream_id)
        last, previous = at.get(key, (0, journal.GENESIS))
        sequence = last + 1
        digest = journal.event_hash(
            previous,
            event.stream,
            event.stream_id,
            sequence,
            event.actor,
            event.occurred_at,
            event.recorded_at,
            event.kind,
            event.payload,
        )
        rows.append(
            {
                "id": event.id,
                "stream": event.stream,
                "stream_id": event.stream_id,
                "sequence": sequence,
                "actor": event.actor,
                "occurred_at": event.occurred_at,
                "recorded_at": event.recorded_at,
                "kind": event.kind,
                "payload": event.payload,
                "previous": previous,
                "hash": digest,
            }
        )
        at[key] = (sequence, digest)
        touched[key] = None
    heads_rows: list[Row] = [
        {
            "stream": stream,
            "stream_id": stream_id,
            "sequence": at[stream, stream_id][0],
            "head": at[stream, stream_id][1],
        }
        for stream, stream_id in touched
    ]
    return rows, heads_rows


def write_rows(
    store: Store,
    tables: Mapping[type[SQLModel], Sequence[Row]],
    *,
    on_rows: Callable[[int], None] | None = None,
) -> int:
    """Write every row, parents before children, `CHUNK` rows to a transaction; how many there were.

    `on_rows` hears after each transaction how many rows it held. Raises StoreProblem as any write does.
    """
    by_table = {core(model).name: rows for model, rows in tables.items()}
    count = 0
    for batch in _batches(
        (table.name, by_table[table.name])
        for table in SQLModel.metadata.sorted_tables
        if table.name in by_table
    ):
        with store.write() as unit:
            for name, rows in batch:
                unit.session.execute(insert(SQLModel.metadata.tables[name]), [dict(row) for row in rows])
            unit.commit()
        size = sum(len(rows) for _, rows in batch)
        count += size
        if on_rows is not None:
            on_rows(size)
    return count


def _batches(tables: Iterable[tuple[str, Sequence[Row]]]) -> Iterator[list[tuple[str, Sequence[Row]]]]:
    batch: list[tuple[str, Sequence[Row]]] = []
    room = CHUNK
    for name, rows in tables:
        start = 0
        while start < len(rows):
            part = rows[start : start + room]
            batch.append((name, part))
            start += len(part)
            room -= len(part)
            if room == 0:
                yield batch
                batch, room = [], CHUNK
    if batch:
        yield batch


def write_journal(
    store: Store, events: Iterable[NewEvent], *, on_rows: Callable[[int], None] | None = None
) -> int:
    """Chain and write events of streams that have none yet."""
    rows, heads = chained(events, {})
    return write_rows(store, {EventRow: rows, StreamRow: heads}, on_rows=on_rows)


def settle(store: Store) -> None:
    """After rows with numbers of their own: let the database count on from there."""
    with store.write() as unit:
        if store.dialect == "postgresql":
            _set_sequences(unit.session)
        unit.session.execute(text("ANALYZE"))
        unit.commit()


def _set_sequences(session: Session) -> None:
    for table in SQLModel.metadata.sorted_tables:
        column = table.columns.get("id")
        if column is None or not column.primary_key or column.autoincrement is False:
            continue
        newest = session.execute(select(func.max(column))).scalar()
        if isinstance(newest, int):
            session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :newest)"),
                {"name": table.name, "newest": newest},
            )


def thin_cases(
    store: Store, count: int, *, received_at: datetime, spacing: timedelta = timedelta(seconds=1)
) -> int:
    """`count` cases with a number, a due time and nothing else, for measuring the queue (issue, part 14).

    They have no events and no clocks, so `journal verify` refuses such a store. Every fifth is stopped
    and every seventh breached; due times lie `spacing` (whole seconds) apart from 24 h after
    `received_at`. Their numbers start with KT, which no desk gives out. Returns how many were written.
    """
    if count < 1:
        return 0
    with store.read() as session:
        first = int(session.execute(select(func.max(CASE.c.id))).scalar() or 0) + 1
    with store.write() as unit:
        unit.session.execute(insert(CASE), [_thin(first, received_at)])
        unit.commit()
    statement = _copies(store.dialect)
    for start in range(1, count, THIN_CHUNK):
        given = {
            "first": first,
            "start": start,
            "end": min(start + THIN_CHUNK, count) - 1,
            "due": int((received_at + THIN_LENGTH).timestamp()),
            "step": int(spacing.total_seconds()),
        }
        with store.write() as unit:
            unit.session.execute(statement, given)
            unit.commit()
    settle(store)
    return count


THIN_CHUNK = 100_000
THIN_LENGTH = timedelta(hours=24)
_THIN_PREFIX = "KT20000101"
_INSTANTS = {
    # The text that SQLAlchemy writes for an instant, or the type of its own.
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', {}, 'unixepoch')",
    "postgresql": "to_timestamp({})",
}
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT :start UNION ALL SELECT i + 1 FROM n WHERE i < :end) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(CAST(:start AS integer), CAST(:end AS integer))) ",
}


def _copies(dialect: str) -> TextClause:
    """Copies of the case `:first` that differ in what the queue sorts by. Made inside the database: a
    million rows through Python take two minutes."""
    instant = _INSTANTS[dialect]
    due = "(:due + n.i * :step)"
    digits = "substr('0000000' || n.i, -7)" if dialect == "sqlite" else "lpad(n.i::text, 7, '0')"
    tail = "substr('0000' || n.i, -4)" if dialect == "sqlite" else "right('0000' || n.i, 4)"
    changed = {
        "id": ":first + n.i",
        "case_no": f"'{_THIN_PREFIX}' || {digits}",
        "case_tail": tail,
        "queue_at": instant.format(due),
        "warn_due_at": instant.format(f"({due} - 7200)"),
        "warn_now_at": instant.format(f"({due} - 1800)"),
        "stopped": "(:first + n.i) % 5 = 0",
        "breached": "(:first + n.i) % 7 = 0",
    }
    names = [column.name for column in CASE.columns]
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    select_from = f"SELECT {values} FROM n JOIN work_case t ON t.id = :first"
    if dialect == "sqlite":
        return text(f"{_NUMBERS[dialect]}INSERT INTO work_case ({columns}) {select_from}")
    return text(f"INSERT INTO work_case ({columns}) {_NUMBERS[dialect]}{select_from}")


def _thin(number: int, received_at: datetime) -> dict[str, Any]:
    due_at = received_at + THIN_LENGTH
    return {
        "id": number,
        "version": 1,
        "case_no": f"{_THIN_PREFIX}{0:07d}",
        "case_tail": "0000",
        "kind": CaseKind.REFUND,
        "channel": Channel.REFUND_FORM,
        "priority": 3,
        "state": CaseState.NEW,
        "cycle": 1,
        "subject": "",
        "desired": "",
        "received_at": received_at,
        "opened_at": received_at,
        "verified_level": VerificationLevel.V0,
        "procedure": "refund",
        "procedure_version": "thin",
        "policy_version": "thin",
        "calendar_version": "thin",
        "open": True,
        "aside": False,
        "stopped": number % 5 == 0,
        "queue_at": due_at,
        "queue_clock": "refund_review",
        "queue_from": received_at,
        "warn_due_at": due_at - timedelta(hours=2),
        "warn_now_at": due_at - timedelta(minutes=30),
        "breached": number % 7 == 0,
        "hard": False,
        "provisional": False,
    }
