"""The journal: appended to, read, and never rewritten (ARCHITECTURE, The journal).

The chain of hashes shows damage; it does not stop somebody who may write the file and recomputes it.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, bindparam, insert, literal_column, select, update
from sqlmodel import Session

from bdesk.clock import as_utc, to_iso
from bdesk.data.core import EVENT, STREAM
from bdesk.models.kinds import Stream
from bdesk.models.views.journal import Event
from bdesk.rules.clock.known import in_force

GENESIS = ""
"""What the first event of a stream has for its `previous`."""

# Made once: each act sends them, most while the whole team waits for the lock.
_HERE = (STREAM.c.stream == bindparam("of_stream"), STREAM.c.stream_id == bindparam("of_id"))
_HEAD = select(STREAM.c.sequence, STREAM.c.head).where(*_HERE).with_for_update()
_INSERT = insert(EVENT).returning(EVENT.c.id)
_FIRST = insert(STREAM)
_MOVE = update(STREAM).where(*_HERE)
LAST = select(EVENT.c.recorded_at).order_by(EVENT.c.id.desc()).limit(literal_column("1"))


def canonical_json(value: object) -> str:
    """The one text of a value: sorted keys, no blanks, instants in ISO 8601 UTC.

    Raises TypeError for floats and for anything that JSON has no one form for.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case datetime():
            return to_iso(value)
        case date():
            return value.isoformat()
        case Mapping():
            if not all(isinstance(name, str) for name in value):
                raise TypeError("keys of a payload are strings")
            return {str(name): _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"a payload cannot hold {type(value).__name__}")


def event_hash(
    previous: str,
    stream: Stream,
    stream_id: str,
    sequence: int,
    actor: str,
    occurred_at: datetime,
    recorded_at: datetime,
    kind: str,
    payload: str,
) -> str:
    """sha256 over all that an event says and its place in the chain; `payload` is canonical JSON."""
    at = [to_iso(occurred_at), to_iso(recorded_at)]
    parts = [previous, stream.value, stream_id, sequence, actor, *at, kind, payload]
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def new_salt() -> str:
    return secrets.token_hex(16)


def salted_digest(salt: str, body: str) -> str:
    """What the journal keeps of a text. With the salt erased, guesses can no longer be tried against it."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def fingerprint(text: str) -> str:
    """What the journal keeps of a text that is no person's words: a text of the book, a salted hash."""
    return hashlib.sha256(text.encode()).hexdigest()


STANDS = "stands"
"""What every event on a case carries: how the case stood after it."""


SET_TO = "set_to"
"""What an event set these columns to, beside the `before` that taking it back needs: what kind a case is,
whose it is and to whom it was raised decide who may touch it."""

SET_COLUMNS = ("kind", "customer_id", "escalated_to")


def stands(state: str, owner_id: int | None, verified_level: str, cycle: int) -> str:
    """How a case stands in four words, so that whoever edits its row is told: no event says so."""
    return f"{state} {'-' if owner_id is None else owner_id} {verified_level} {cycle}"


def append(
    session: Session,
    stream: Stream,
    stream_id: str,
    kind: str,
    payload: Mapping[str, object],
    *,
    actor: str,
    occurred_at: datetime,
    recorded_at: datetime,
) -> Event:
    """Write one event at the end of its stream, in the transaction of `session`, and move the head."""
    occurred_at, recorded_at = as_utc(occurred_at), as_utc(recorded_at)
    # What is still unflushed must be in the same order as the events that speak of it.
    session.flush()
    connection = session.connection()
    place = {"of_stream": stream, "of_id": stream_id}
    head = connection.execute(_HEAD, place).one_or_none()
    last, previous = (head.sequence, head.head) if head is not None else (0, GENESIS)
    sequence, text = last + 1, canonical_json(payload)
    digest = event_hash(previous, stream, stream_id, sequence, actor, occurred_at, recorded_at, kind, text)
    event_id = connection.execute(
        _INSERT,
        {
            "stream": stream,
            "stream_id": stream_id,
            "sequence": sequence,
            "actor": actor,
            "occurred_at": occurred_at,
            "recorded_at": recorded_at,
            "kind": kind,
            "payload": text,
            "previous": previous,
            "hash": digest,
        },
    ).scalar_one()
    moved = {"sequence": sequence, "head": digest}
    if head is None:
        connection.execute(_FIRST, {"stream": stream, "stream_id": stream_id, **moved})
    else:
        connection.execute(_MOVE, {**place, **moved})
    return Event(
        id=event_id,
        stream=stream,
        stream_id=stream_id,
        sequence=sequence,
        actor=actor,
        kind=kind,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        payload=json.loads(text),
    )


COLUMNS = tuple(EVENT.c[name] for name in EVENT.c.keys() if name not in ("previous", "hash"))  # noqa: SIM118
"""What an Event is made of; hashes are read by `verify` alone."""


def to_event(row: SqlRow[Any]) -> Event:
    """An event from a row that has `COLUMNS`."""
    return Event(
        id=row.id,
        stream=row.stream,
        stream_id=row.stream_id,
        sequence=row.sequence,
        actor=row.actor,
        kind=row.kind,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        payload=json.loads(row.payload),
    )


def events(session: Session, stream: Stream, stream_id: str | int) -> tuple[Event, ...]:
    """A stream's events from the first to the last."""
    rows = session.execute(_of(stream, stream_id).order_by(EVENT.c.sequence))
    return tuple(to_event(row) for row in rows)


def newest(session: Session, stream: Stream, stream_id: str | int) -> Event | None:
    """The last event of a stream; None when it has none."""
    statement = _of(stream, stream_id).order_by(EVENT.c.sequence.desc()).limit(1)
    row = session.execute(statement).one_or_none()
    return None if row is None else to_event(row)


def newest_id(session: Session) -> int:
    """The id of the newest event of all; 0 in an empty journal."""
    return int(session.execute(select(EVENT.c.id).order_by(EVENT.c.id.desc()).limit(1)).scalar() or 0)


def last_recorded(session: Session) -> datetime | None:
    """When the newest event was recorded; the desk's time never goes behind it."""
    found: datetime | None = session.connection().execute(LAST).scalar()
    return found


def _of(stream: Stream, stream_id: str | int) -> Select[Any]:
    return select(*COLUMNS).where(EVENT.c.stream == stream, EVENT.c.stream_id == str(stream_id))


def voided(stream: Iterable[Event]) -> frozenset[int]:
    """The ids of the events of one stream that were taken back, with all they caused (in journal order).

    An undo that was itself taken back voids nothing; a breach that was recorded stays.
    """
    ordered = tuple(stream)
    kept = {event.id for event in in_force(ordered)}
    return frozenset(event.id for event in ordered if event.id not in kept)
