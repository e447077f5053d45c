"""Checking the journal: chains, heads, texts, and the clocks, queue columns and rows that follow from it.

It reads in short transactions, so that desks can go on working. A missing or erased text is accepted,
a missing event never (ARCHITECTURE, The journal).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Row, RowMapping, String, cast, exists, func, select, tuple_
from sqlmodel import Session

from bdesk.data import journal, verify_case, verify_rows
from bdesk.data.book.book import CALENDARS, CLOCKS, Book
from bdesk.data.core import BOOK_TEXT, CASE, CLOCK, EVENT, STAFF, STREAM, TEXT, VERIFICATION
from bdesk.data.migrations import triggers
from bdesk.data.refold import clock_values, columns_of, fold_case, pins_of
from bdesk.data.store import Store
from bdesk.data.verify_checks import CheckRows
from bdesk.data.verify_store import StoreRows
from bdesk.data.verify_wallets import WalletRows
from bdesk.errors import DeskError
from bdesk.models.kinds import BookKind, Stream
from bdesk.models.views.journal import Event
from bdesk.models.views.verdict import Fault, Verdict
from bdesk.rules.clock import known

CHUNK = 2000
"""Events read in one transaction."""

MOST_FAULTS = 100

WHOLE = "journal"
"""Where a number is missing that no stream can be asked about."""

Progress = Callable[[int, int], None]
"""Called with how many events were checked, and of how many."""

Name = tuple[str, str]
"""A stream and its id."""


@dataclass(slots=True)
class _Chain:
    """One stream while it is read."""

    name: Name
    sequence: int = 0
    last_id: int = 0
    head: str = journal.GENESIS
    fault: Fault | None = None
    events: list[Event] = field(default_factory=list)

    def blame(self, code: str, sequence: int = 0, event_id: int = 0) -> None:
        self.fault = self.fault or Fault(*self.name, sequence, event_id, code)


def verify(store: Store, book: Book, *, progress: Progress | None = None) -> Verdict:
    """Check the whole journal. Slow on a large store; it changes nothing."""
    faults: list[Fault] = []
    checked = streams = 0
    with store.read() as session:
        total = int(session.execute(select(func.count()).select_from(EVENT)).scalar_one())
        faults += [
            Fault("store", name, 0, 0, "trigger.missing") for name in triggers.missing(session.connection())
        ]
    told, checks, wallets = StoreRows(), CheckRows(), WalletRows()
    for ended, seen in _streams(store, book, told, checks, wallets):
        checked += seen
        if ended is not None:
            streams += 1
            if ended.fault is not None:
                faults.append(ended.fault)
        if progress is not None:
            progress(checked, total)
    with store.read() as session:
        faults += _gaps(session)
        faults += _strays(session)
        faults += told.strays(session)
        faults += checks.faults(session)
        faults += wallets.faults(session)
        faults += verify_rows.payments(session, MOST_FAULTS)
    # An event says more than a sum that does not add up or a number that is not there.
    ordered = sorted(faults, key=_place)
    return Verdict(checked, streams, tuple(ordered[:MOST_FAULTS]))


def _place(fault: Fault) -> tuple[bool, int, str, str]:
    last = fault.stream == "payment" or fault.stream_id == WHOLE
    return last, fault.event_id, fault.stream, fault.stream_id


def _streams(
    store: Store, book: Book, told: StoreRows, checks: CheckRows, wallets: WalletRows
) -> Iterator[tuple[_Chain | None, int]]:
    """Each stream when its end was reached (its head is compared in the transaction that saw the end),
    and how many events were read since the last time."""
    last: tuple[str, str, int] | None = None
    chain: _Chain | None = None
    with store.read() as session:
        holders = verify_rows.Holders(session)
    while True:
        ended: list[_Chain] = []
        with store.read() as session:
            rows = _chunk(session, last)
            for row in rows:
                name = (row.stream.value, row.stream_id)
                if chain is not None and chain.name != name:
                    ended.append(chain)
                if chain is None or chain.name != name:
                    chain = _Chain(name)
                _link(chain, row)
                _own(session, chain, told, wallets)
            if rows:
                last = (rows[-1].stream.value, rows[-1].stream_id, rows[-1].sequence)
            if len(rows) < CHUNK and chain is not None:
                ended.append(chain)
            for one in ended:
                _end(session, one, book, holders, checks, wallets)
        yield None, len(rows)
        for one in ended:
            yield one, 0
        if len(rows) < CHUNK:
            return


def _chunk(session: Session, last: tuple[str, str, int] | None) -> Sequence[Row[Any]]:
    place = (EVENT.c.stream, EVENT.c.stream_id, EVENT.c.sequence)
    statement = select(EVENT).order_by(*place).limit(CHUNK)
    if last is not None:
        statement = statement.where(tuple_(*place) > tuple_(*last))
    return session.execute(statement).all()


def _link(chain: _Chain, row: Row[Any]) -> None:
    digest = journal.event_hash(
        row.previous,
        row.stream,
        row.stream_id,
        row.sequence,
        row.actor,
        row.occurred_at,
        row.recorded_at,
        row.kind,
        row.payload,
    )
    if row.sequence != chain.sequence + 1:
        chain.blame("event.missing", row.sequence, row.id)
    elif row.previous != chain.head:
        chain.blame("chain.broken", row.sequence, row.id)
    elif row.hash != digest or row.id <= chain.last_id:
        # No hash covers the id by which later events name this one; but ids only rise.
        chain.blame("event.changed", row.sequence, row.id)
    chain.sequence, chain.head, chain.last_id = row.sequence, row.hash, row.id
    try:
        chain.events.append(journal.to_event(row))
    except json.JSONDecodeError:
        chain.blame("event.changed", row.sequence, row.id)


def _end(
    session: Session,
    chain: _Chain,
    book: Book,
    holders: verify_rows.Holders,
    checks: CheckRows,
    wallets: WalletRows,
) -> None:
    head = session.execute(
        select(STREAM.c.sequence, STREAM.c.head).where(
            STREAM.c.stream == Stream(chain.name[0]), STREAM.c.stream_id == chain.name[1]
        )
    ).one_or_none()
    last_id = chain.events[-1].id if chain.events else 0
    if head is None or (head.sequence, head.head) != (chain.sequence, chain.head):
        cut = head is not None and head.sequence > chain.sequence
        chain.blame("event.missing" if cut else "head.differs", chain.sequence, last_id)
    _texts(session, chain)
    if chain.name[0] == Stream.CASE.value and chain.fault is None:
        _case(session, chain, book, holders)
    if chain.fault is None:
        _rows(session, chain, holders)
    if chain.name[0] == Stream.CASE.value and chain.events:
        rows = holders.rows(session, VERIFICATION, int(chain.name[1]), ())
        wallets.of_case(chain.name[1], chain.events)
        found = checks.of_case(chain.name[1], chain.events, rows)
        if found is not None:
            chain.blame(found[0], found[1].sequence, found[1].id)
    chain.events = []


def _own(session: Session, chain: _Chain, told: StoreRows, wallets: WalletRows) -> None:
    """An event of the store's own streams is compared and forgotten: an import writes one for each row."""
    if chain.name[0] != Stream.STORE.value or not chain.events:
        return
    event = chain.events[-1]
    wallets.of_store(chain.name[1], event)
    code = told.differs(session, event)
    if code is not None:
        chain.blame(code, event.sequence, event.id)
    chain.events = [event]


def _rows(session: Session, chain: _Chain, holders: verify_rows.Holders) -> None:
    """What the events say of rows of money, and of who decided."""
    stream, number = chain.name
    found = None
    if stream == Stream.CASE.value:
        found = verify_rows.of_case(session, holders, int(number), chain.events)
    elif stream == Stream.STAFF.value:
        found = verify_rows.of_staff(session, number, chain.events)
    if found is not None:
        chain.blame(found[0], found[1].sequence, found[1].id)


def _texts(session: Session, chain: _Chain) -> None:
    """Words must still be those whose digest the journal keeps, unless they were erased."""
    spoken = {
        text: event
        for event in chain.events
        if isinstance(text := event.payload.get("text"), int) and "digest" in event.payload
    }
    if not spoken:
        return
    rows = session.execute(
        select(TEXT.c.id, TEXT.c.body, TEXT.c.salt).where(
            TEXT.c.id.in_(list(spoken)), TEXT.c.erased_at.is_(None)
        )
    )
    for row in rows:
        event = spoken[row.id]
        if journal.salted_digest(row.salt, row.body) != event.payload["digest"]:
            chain.blame("text.changed", event.sequence, event.id)


def _case(session: Session, chain: _Chain, book: Book, holders: verify_rows.Holders) -> None:
    """The clocks and the place in the queue, folded again for the instant for which they were folded."""
    last = chain.events[-1]
    case = session.execute(select(CASE).where(CASE.c.id == int(chain.name[1]))).mappings().one_or_none()
    if case is None:
        chain.blame("case.missing", last.sequence, last.id)
        return
    if not _stands(session, chain, case, holders) or case["folded_at"] is None:
        return
    gone = _lost_book(session, chain.events, book)
    if gone is not None:
        chain.blame("book.missing", gone.sequence, gone.id)
        return
    # An event that no clock reads need not be followed by a fold.
    later = [event for event in chain.events if event.recorded_at > case["folded_at"]]
    unread = known.relevant(later)
    if unread:
        chain.blame("clock.not_folded", unread[0].sequence, unread[0].id)
        return
    folded = [event for event in chain.events if event.recorded_at <= case["folded_at"]]
    try:
        read = fold_case(session, folded, book, case["folded_at"])
    except DeskError:
        chain.blame("clock.unreadable", last.sequence, last.id)
        return
    rows = session.execute(select(CLOCK).where(CLOCK.c.case_id == case["id"])).mappings()
    kept = {(row["kind"], row["cycle"], row["number"]): row for row in rows}
    for reading in read:
        row = kept.pop((reading.kind, reading.cycle, reading.number), None)
        if row is None or not _same(clock_values(reading), row):
            about = next(event for event in chain.events if event.id == reading.event_id)
            chain.blame("clock.differs", about.sequence, about.id)
    if kept:
        chain.blame("clock.differs", last.sequence, last.id)
    if not _same(asdict(columns_of(read, case["opened_at"])), case):
        chain.blame("queue.differs", last.sequence, last.id)


def _stands(session: Session, chain: _Chain, case: RowMapping, holders: verify_rows.Holders) -> bool:
    """Whether the case stands as its last event says, which older events do not say; and whether its kind,
    whose it is, its links and its evidence are what the events say."""
    stood = next((event for event in reversed(chain.events) if journal.STANDS in event.payload), None)
    now = journal.stands(case["state"], case["owner_id"], case["verified_level"], case["cycle"])
    if stood is not None and stood.payload[journal.STANDS] != now:
        chain.blame("case.differs", stood.sequence, stood.id)
        return False
    found = verify_case.of_case(session, holders, case, chain.events)
    if found is not None:
        chain.blame(found[0], found[1].sequence, found[1].id)
    return found is None


def _same(wanted: Mapping[str, object], row: RowMapping | Mapping[str, object]) -> bool:
    return all(row[name] == value for name, value in wanted.items())


def _lost_book(session: Session, events: Sequence[Event], book: Book) -> Event | None:
    """The event whose pinned version of clocks or calendars neither the store nor the book has."""
    policies, calendars = pins_of(events)
    policies -= {book.version("policy", CLOCKS)}
    calendars -= {book.version("calendar", CALENDARS)}
    for kind, wanted in ((BookKind.POLICY, policies), (BookKind.CALENDAR, calendars)):
        if not wanted:
            continue
        found = session.execute(
            select(BOOK_TEXT.c.version).where(BOOK_TEXT.c.kind == kind, BOOK_TEXT.c.version.in_(list(wanted)))
        ).scalars()
        lost = wanted - set(found)
        if lost:
            field_name = "policy" if kind is BookKind.POLICY else "calendar"
            return next(event for event in events if event.payload.get(field_name) in lost)
    return None


def _gaps(session: Session) -> Iterator[Fault]:
    """Numbers that no event has: a stream's end was cut off together with its head. SQLite gives out each
    number after the other and takes one back that was not committed; PostgreSQL leaves gaps of its own."""
    if session.get_bind().dialect.name != "sqlite":
        return
    count, newest = session.execute(select(func.count(), func.max(EVENT.c.id)).select_from(EVENT)).one()
    if count == (newest or 0):
        return
    before = EVENT.alias()
    wanted = (
        select(EVENT.c.id - 1)
        .where(EVENT.c.id > 1, ~exists().where(before.c.id == EVENT.c.id - 1))
        .order_by(EVENT.c.id)
        .limit(MOST_FAULTS)
    )
    for number in session.execute(wanted).scalars():
        yield Fault("store", WHOLE, 0, number, "event.missing")


def _strays(session: Session) -> Iterator[Fault]:
    """Heads, cases and people without any event: what a walk along the events cannot meet."""
    events = exists().where(EVENT.c.stream == STREAM.c.stream, EVENT.c.stream_id == STREAM.c.stream_id)
    for row in session.execute(select(STREAM.c.stream, STREAM.c.stream_id).where(~events).limit(MOST_FAULTS)):
        yield Fault(row.stream.value, row.stream_id, 0, 0, "event.missing")
    told = exists().where(EVENT.c.stream == Stream.CASE, EVENT.c.stream_id == cast(CASE.c.id, String))
    for case_id in session.execute(select(CASE.c.id).where(~told).limit(MOST_FAULTS)).scalars():
        yield Fault(Stream.CASE.value, str(case_id), 0, 0, "event.missing")
    added = exists().where(
        EVENT.c.stream == Stream.STAFF, EVENT.c.stream_id == STAFF.c.number, EVENT.c.kind == "staff.added"
    )
    nobody = select(STAFF.c.number).where(~added).order_by(STAFF.c.id).limit(MOST_FAULTS)
    for number in session.execute(nobody).scalars():
        yield Fault(Stream.STAFF.value, number, 0, 0, "event.missing")
