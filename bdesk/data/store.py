"""The store: opened, made, read and written. Nothing outside `data` knows which database it is."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.engine import URL
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from bdesk.clock import Clock, SystemClock, TrainingClock
from bdesk.data import journal, training_clock
from bdesk.data.core import STORE_INFO
from bdesk.data.engine import make_engine, parse, shown, spoken
from bdesk.data.files import file_id, make_sqlite_file, must_be_ours
from bdesk.data.made import MADE, made_for_training
from bdesk.data.migrations import HEAD, KNOWN, triggers
from bdesk.data.migrations.run import revision_of, upgrade
from bdesk.data.notice import Notice
from bdesk.data.server_clock import ServerClock
from bdesk.data.training_clock import StoreClock
from bdesk.data.unit import Unit
from bdesk.data.writers import WHO_ACTS, Tries, Writers, stood_in
from bdesk.errors import CaseMoved, StoreProblem
from bdesk.models.kinds import Stream
from bdesk.models.tables import StoreInfo
from bdesk.models.views.store import StoreInfoView

__all__ = ["Store", "Unit", "create_store", "migrate", "open_store"]

SYSTEM = "system"
"""The actor of what no person did: the making of a store, a sweep."""

# Who acts and what time it is, in one statement: each act asks while the whole team waits for the lock.
_BEGUN = (*WHO_ACTS, journal.LAST.scalar_subquery().label("last"))
_DOOR = select(*_BEGUN)
_TRAINING_DOOR = select(*_BEGUN, *training_clock.COLUMNS)


class Store:
    """One open store: a writing engine, a reading one, and what the store says about itself."""

    def __init__(self, url: URL, info: StoreInfoView, host: Clock) -> None:
        self.url = url.render_as_string(hide_password=False)
        self.info = info
        self.dialect = url.get_backend_name()
        self._url = url
        self._host = host
        self._writer = make_engine(url, writes=True)
        self._reader = make_engine(url, writes=False)
        self._notice = Notice(self._reader)
        self._desk_id = uuid.uuid4().hex
        self._writers = Writers()
        self.tries = Tries()
        self._reading = local()
        self._file = file_id(self.place) if self.dialect == "sqlite" else None
        self.clock: Clock = host
        if info.training:
            with self.read() as session:
                self.clock = StoreClock(training_clock.read(session, host), host)
        elif self.dialect == "postgresql" and isinstance(host, SystemClock):
            # Desks on several hosts share one time: the server's.
            self.clock = ServerClock(host)
            self.beat_clock()

    @property
    def training(self) -> bool:
        return self.info.training

    @property
    def pace(self) -> int:
        """How many of the store's seconds go by in one of a person's: 10 in a training store that runs ten
        times as fast, else 1. What is for somebody's hand or eye lasts so many times as long here."""
        return max(1, self.info.clock_rate)

    @property
    def place(self) -> str:
        """The file, or the address without its password: what people are told."""
        return shown(self._url)

    @contextmanager
    def write(self, actor: str = SYSTEM, *, at_the_door: bool = False) -> Iterator[Unit]:
        """One write transaction; it rolls back unless `unit.commit()` was called.

        Raises StoreProblem when the store cannot be written ("store.stale" when a row was changed since
        it was read), CaseMoved when that row was a case, and NotAllowed for a member of staff who was
        disabled ("staff.disabled") or signed out everywhere ("staff.signed_out") since `let_in`.
        `at_the_door` is signing in, which hints at nothing.
        """
        self._same_file()
        with spoken(self._url), Session(self._writer, expire_on_commit=False) as session:
            found = self._begun(session, actor)
            if actor != SYSTEM and not at_the_door:
                self._writers.must_be_let_in(actor, found)
            unit = self._unit(session, found, actor)
            try:
                yield unit
            except StaleDataError:
                session.rollback()
                raise self._moved(unit) from None
            finally:
                session.rollback()
            if unit.committed:
                self._notice.own(unit.appended)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A reading transaction. Fetch and leave: while it is open, commits may have to wait.

        Within another of the same thread it is that one: a second would wait for a commit that waits for the
        first.
        """
        open_here: Session | None = getattr(self._reading, "session", None)
        if open_here is not None:
            yield open_here
            return
        with spoken(self._url), Session(self._reader) as session:
            self._reading.session = session
            try:
                yield session
            finally:
                self._reading.session = None
                session.rollback()

    def let_in(self, number: str, signed_out: int) -> None:
        """Somebody came in by this open store. They write through it until they are signed out everywhere,
        which counts `signed_out` on."""
        self._writers.let_in(number, signed_out)

    def ended(self, number: str) -> str | None:
        """Why a number that was let in works here no more: "staff.locked" for who was disabled,
        "staff.signed_out"; None while it may."""
        with self.read() as session:
            return self._writers.ended(session, number)

    def now(self) -> datetime:
        """The store's present: the clock's time, never behind what was recorded last."""
        with self.read() as session:
            return self._now(session)

    def poll(self) -> bool:
        """Whether another process wrote to the journal since the last poll; the first one only looks.

        Raises StoreProblem("store.moved") when the file was replaced by another.
        """
        self._same_file()
        with spoken(self._url):
            changed = self._notice.poll()
        if changed and isinstance(self.clock, StoreClock):
            with self.read() as session:
                self.clock.inner = training_clock.read(session, self._host)
        return changed

    def newest_event(self) -> int:
        """The id of the newest event in the journal; 0 when there is none."""
        with self.read() as session:
            return journal.newest_id(session)

    def start_clock(self, staff: str = "") -> None:
        """A desk opens. In a training store its time runs from now on; elsewhere nothing happens."""
        self._move_clock(lambda session: training_clock.start(session, self._host, self._desk_id, staff))

    def beat_clock(self, staff: str = "") -> None:
        """Once a minute from an open desk: a training store's time goes on running, a server's is heard."""
        if isinstance(self.clock, ServerClock):
            with self.read() as session:
                self.clock.hear(session)
        self._move_clock(lambda session: training_clock.beat(session, self._host, self._desk_id, staff))

    def stop_clock(self) -> None:
        """A desk closes. With the last one a training store's time stands still."""
        self._move_clock(lambda session: training_clock.stop(session, self._host, self._desk_id))

    def close(self) -> None:
        """Let go of every connection."""
        self._notice.close()
        self._reader.dispose()
        self._writer.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _same_file(self) -> None:
        """What is written to a file that lost its name is gone; `seed --reset` and `restore` do that."""
        if self._file is not None and file_id(self.place) != self._file:
            raise StoreProblem("store.moved", store=self.place)

    def _begun(self, session: Session, actor: str) -> Row[Any]:
        door = _TRAINING_DOOR if isinstance(self.clock, StoreClock) else _DOOR
        return session.connection().execute(door, {"number": actor}).one()

    def _unit(self, session: Session, found: Row[Any], actor: str) -> Unit:
        unit = Unit(session, now=self._at(session, found), actor=actor, locks=self.dialect != "sqlite")
        unit.pace = self.pace
        if found.stands_in:
            unit.standing_in = stood_in(session, actor, unit.now)
        return unit

    def _now(self, session: Session) -> datetime:
        return self._at(session, self._begun(session, ""))

    def _at(self, session: Session, found: Row[Any]) -> datetime:
        if isinstance(self.clock, StoreClock):
            self.clock.inner = training_clock.of(found, self._host)
            present = self.clock.now()
        elif isinstance(self.clock, ServerClock):
            present = self.clock.hear(session)
        else:
            present = self._host.now()
        last: datetime | None = found.last
        return present if last is None else max(present, last)

    def _move_clock(self, move: Callable[[Session], TrainingClock]) -> None:
        if not isinstance(self.clock, StoreClock):
            return
        with spoken(self._url), Session(self._writer) as session:
            self.clock.inner = move(session)
            session.commit()

    def _moved(self, unit: Unit) -> Exception:
        case = unit.last_case()
        if case is None:
            return StoreProblem("store.stale", store=self.place)
        with self.read() as session:
            last = journal.newest(session, Stream.CASE, case[0])
        return CaseMoved(case[1], last.actor if last else "", last.kind if last else "")


def open_store(url: str, *, clock: Clock | None = None, create: bool = False) -> Store:
    """Open a store that is there; with `create` make an empty real one when it is missing.

    Raises BadInput("store.url"), and StoreProblem: store.missing, store.newer (written by a newer
    program), store.older (needs `bdesk store migrate`), store.not_ours, store.damaged, store.busy,
    store.unreachable, store.no_driver.
    """
    parts = parse(url)
    if parts.get_backend_name() == "sqlite":
        if create and not os.path.lexists(str(parts.database)):
            return create_store(url, clock=clock)
        must_be_ours(Path(str(parts.database)))
    with spoken(parts):
        engine = make_engine(parts, writes=False)
        try:
            with Session(engine) as session:
                info = _read_info(session, parts)
        finally:
            engine.dispose()
    return Store(parts, info, clock or SystemClock())


def create_store(
    url: str,
    *,
    training: bool = False,
    clock_anchor: datetime | None = None,
    rate: int = 1,
    seed: int | None = None,
    size: str | None = None,
    scenario: str | None = None,
    clock: Clock | None = None,
) -> Store:
    """Make a new store and open it. A SQLite file appears whole or not at all.

    A training store starts at `clock_anchor` and stands until a desk opens on it; `rate` is 0, 1 or 10.
    It adopts the limits that the book here holds. Raises StoreProblem("store.exists") when something is there
    already, BadInput for limits that do not fit.
    """
    parts, host = parse(url), clock or SystemClock()
    anchor = (clock_anchor or host.now()) if training else None
    if anchor is not None:
        TrainingClock(anchor=anchor, rate=rate)  # refuses a rate that no training clock has
    info = StoreInfo(
        store_id=uuid.uuid4().hex,
        training=training,
        made_at=anchor or host.now(),
        clock_anchor=anchor,
        clock_rate=rate,
        seed=seed,
        size=size,
        scenario=scenario,
    )
    if parts.get_backend_name() == "sqlite":
        make_sqlite_file(parts, lambda made: _fill(made, info))
    else:
        _fill_database(parts, info)
    return open_store(url, clock=host)


def migrate(url: str) -> tuple[str, str]:
    """Bring a store to the newest revision and put back triggers that are gone; the revisions before and
    after.

    Raises StoreProblem as `open_store` does, except store.older.
    """
    parts = parse(url)
    if parts.get_backend_name() == "sqlite":
        must_be_ours(Path(str(parts.database)))
    with spoken(parts):
        engine = make_engine(parts, writes=True, foreign_keys=False)
        try:
            with engine.connect() as connection:
                before = _known_revision(revision_of(connection), parts)
                unguarded = triggers.missing(connection) if before == HEAD else ()
            if before != HEAD or unguarded:
                upgrade(engine)
            return before, HEAD
        finally:
            engine.dispose()


def revision_at(url: str) -> str:
    """The revision a store is at, whether this program can open it or not. Raises as `open_store` does."""
    parts = parse(url)
    if parts.get_backend_name() == "sqlite":
        must_be_ours(Path(str(parts.database)))
    with spoken(parts):
        engine = make_engine(parts, writes=False)
        try:
            with engine.connect() as connection:
                return _known_revision(revision_of(connection), parts)
        finally:
            engine.dispose()


def _read_info(session: Session, url: URL) -> StoreInfoView:
    revision = _known_revision(revision_of(session.connection()), url)
    if revision != HEAD:
        raise StoreProblem("store.older", store=shown(url), revision=revision, newest=HEAD)
    # Columns, not objects: the first object of a process configures the mappers of all tables.
    row = session.execute(select(STORE_INFO)).first()
    if row is None:
        raise StoreProblem("store.not_ours", store=shown(url))
    if made_for_training(session) not in (None, row.training):
        # In a store for training anybody is let in and plays the system: nobody makes one of a real store.
        raise StoreProblem("store.turned", store=shown(url))
    return StoreInfoView(
        store_id=row.store_id,
        training=row.training,
        made_at=row.made_at,
        revision=revision,
        clock_rate=row.clock_rate,
        seed=row.seed,
        size=row.size,
        scenario=row.scenario,
    )


def _known_revision(revision: str | None, url: URL) -> str:
    if revision is None:
        raise StoreProblem("store.not_ours", store=shown(url))
    if revision not in KNOWN:
        raise StoreProblem("store.newer", store=shown(url), revision=revision, newest=HEAD)
    return revision


def _fill_database(url: URL, info: StoreInfo) -> None:
    with spoken(url):
        engine = make_engine(url, writes=True)
        try:
            with engine.connect() as connection:
                taken = revision_of(connection) is not None
            if taken:
                raise StoreProblem("store.exists", store=shown(url))
            _fill_engine(engine, info)
        finally:
            engine.dispose()


def _fill(url: URL, info: StoreInfo) -> None:
    with spoken(url):
        engine = make_engine(url, writes=True, foreign_keys=False)
        try:
            _fill_engine(engine, info)
        finally:
            engine.dispose()


def _fill_engine(engine: Engine, info: StoreInfo) -> None:
    # What opens a store that is there needs nothing of the book.
    from bdesk.data.book.adopted import adopt, limits_source

    upgrade(engine)
    with Session(engine) as session:
        unit = Unit(session, now=info.made_at, actor=SYSTEM, locks=False)
        session.add(info)
        unit.append(Stream.STORE, "store", MADE, {"training": info.training, "revision": HEAD})
        adopt(unit, limits_source())
        unit.commit()
