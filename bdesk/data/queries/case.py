"""The case screen: snapshot, timeline and notes."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data import journal, snapshot
from bdesk.data.core import CASE, EVENT, TEXT
from bdesk.errors import NotFound
from bdesk.models.kinds import Stream
from bdesk.models.views.pages import CasePage, NoteView, TimelineEntry
from bdesk.models.views.snapshot import ActorView
from bdesk.text import normalise_key

TIMELINE_KEPT = 100


def case_page(
    session: Session, case_id: int, actor: ActorView, now: datetime, *, entries: int = TIMELINE_KEPT
) -> CasePage:
    """Everything the case screen shows, with the newest `entries` of the timeline. Raises NotFound."""
    built = snapshot.build(session, case_id, actor, now)
    shown, more = timeline(session, case_id, entries=entries)
    return CasePage(built, shown, notes(session, case_id), more)


def timeline(
    session: Session, case_id: int, *, entries: int = TIMELINE_KEPT
) -> tuple[tuple[TimelineEntry, ...], bool]:
    """The newest entries of a case, newest first, and whether there are older ones."""
    events = journal.events(session, Stream.CASE, case_id)
    gone = journal.voided(events)
    shown = events[-entries:]
    ids = [text for event in shown if isinstance(text := event.payload.get("text"), int)]
    words = {
        row.id: row.body
        for row in session.execute(
            select(TEXT.c.id, TEXT.c.body).where(TEXT.c.id.in_(ids), TEXT.c.erased_at.is_(None))
        )
    }
    return tuple(
        TimelineEntry(
            event_id=event.id,
            kind=event.kind,
            actor=event.actor,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            payload=event.payload,
            text=words.get(text) if isinstance(text := event.payload.get("text"), int) else None,
            voided=event.id in gone,
        )
        for event in reversed(shown)
    ), len(events) > len(shown)


def notes(session: Session, case_id: int) -> tuple[NoteView, ...]:
    """The notes of a case, newest first; of an erased one only that it was there."""
    rows = session.execute(
        select(TEXT.c.id, TEXT.c.body, TEXT.c.by, TEXT.c.at, TEXT.c.erased_at)
        .where(TEXT.c.case_id == case_id, TEXT.c.kind == "note", TEXT.c.voided.is_(False))
        .order_by(TEXT.c.id.desc())
        .limit(TIMELINE_KEPT)
    )
    return tuple(NoteView(row.id, row.body, row.by, row.at, row.erased_at is not None) for row in rows)


def looked_at_by(session: Session, case_id: int, number: str) -> frozenset[int]:
    """Ids of the evidence of a case that somebody has looked at: the rows keep only who did so last."""
    payloads = session.execute(
        select(EVENT.c.payload).where(
            EVENT.c.stream == Stream.CASE,
            EVENT.c.stream_id == str(case_id),
            EVENT.c.kind == "evidence.looked_at",
            EVENT.c.actor == number,
        )
    ).scalars()
    ids = (json.loads(payload).get("evidence") for payload in payloads)
    return frozenset(one for one in ids if isinstance(one, int))


def case_id_of(session: Session, number: str) -> int:
    """The id of a case by its number or after-sales number, however typed. Raises NotFound."""
    key = normalise_key(number)
    statement = select(CASE.c.id)
    for column in (CASE.c.case_no, CASE.c.after_sale_no):
        found = session.execute(statement.where(column == key)).scalar()
        if found is not None:
            return int(found)
    raise NotFound("case", number)
