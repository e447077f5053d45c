"""What can be wrong below a desk: database library, file, disk, journal, calendars, the host's clock."""

import os
import sqlite3
import stat
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bdesk.clock import LOCAL
from bdesk.data.book.adopted import adopted, is_adopted, limits_source
from bdesk.data.book.book import load_book
from bdesk.data.engine import journal_mode, parse, wal_is_safe
from bdesk.data.journal import last_recorded
from bdesk.data.migrations import triggers
from bdesk.data.store import Store, open_store
from bdesk.errors import DeskError
from bdesk.models.views.health import Check, Health
from bdesk.rules.clock.calendar import unpublished_year

NETWORK = ("nfs", "cifs", "smb", "9p", "fuse", "afs", "ceph", "gluster", "lustre")
"""File systems on which SQLite's locks cannot be trusted (MEASURED)."""

CLOCK_BEHIND = timedelta(minutes=2)


def checks(url: str) -> Iterator[Check]:
    """Everything there is to say about the store at `url`, whether it opens or not."""
    yield sqlite_check()
    try:
        parts = parse(url)
        if parts.get_backend_name() == "sqlite":
            path = Path(str(parts.database))
            yield from file_checks(path)
            yield network_check(path, mounts())
        store = open_store(url)
    except DeskError as error:
        yield Check("store", Health.FAULT, error.code, dict(error.params))
        return
    with store:
        yield Check(
            "store", Health.OK, "doctor.store", {"store": store.place, "revision": store.info.revision}
        )
        yield journal_check(store)
        yield clock_check(store)
        yield from book_checks(store.now())
        yield limits_check(store)


def sqlite_check() -> Check:
    """Which SQLite, and which journal mode follows from it."""
    version, mode = sqlite3.sqlite_version, journal_mode()
    code = "doctor.sqlite" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "doctor.sqlite_wal_bug"
    return Check("sqlite", Health.OK, code, {"version": version, "mode": mode})


def file_checks(path: Path) -> Iterator[Check]:
    """Whether others may read the store, and whether its folder lets colleagues write."""
    try:
        mode, folder = path.stat().st_mode, path.parent.stat().st_mode
    except OSError:
        return  # opening it will say what is wrong
    octal = f"{stat.S_IMODE(mode):04o}"
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        yield Check("permissions", Health.FAULT, "doctor.open_to_all", {"path": str(path), "mode": octal})
    elif mode & stat.S_IWGRP and not folder & stat.S_ISGID:
        yield Check("permissions", Health.WARNING, "doctor.not_setgid", {"folder": str(path.parent)})
    else:
        yield Check("permissions", Health.OK, "doctor.permissions", {"mode": octal})
    if not os.access(path, os.W_OK):
        yield Check("permissions", Health.FAULT, "store.read_only", {"store": str(path)})


def mounts() -> tuple[tuple[str, str], ...]:
    """Mount points with their kind of file system; none where the host does not say (macOS)."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    found = (line.split() for line in lines)
    return tuple((parts[1].replace("\\040", " "), parts[2]) for parts in found if len(parts) > 2)


def network_check(path: Path, known: Sequence[tuple[str, str]]) -> Check:
    """Whether the file lies on a file system of another machine."""
    if not known:
        return Check("disk", Health.OK, "doctor.disk_unknown", {"system": sys.platform})
    place = os.path.realpath(path)
    inside = [
        (point, kind) for point, kind in known if place == point or place.startswith(point.rstrip("/") + "/")
    ]
    kind = max(inside, key=lambda one: len(one[0]), default=("/", "unknown"))[1]
    if kind.startswith(NETWORK):
        return Check("disk", Health.FAULT, "doctor.disk_network", {"path": str(path), "kind": kind})
    return Check("disk", Health.OK, "doctor.disk", {"kind": kind})


def journal_check(store: Store) -> Check:
    """Whether what keeps the journal append only is in place."""
    with store.read() as session:
        missing = triggers.missing(session.connection())
    if missing:
        return Check("journal", Health.FAULT, "doctor.triggers_missing", {"names": missing})
    return Check("journal", Health.OK, "doctor.triggers")


def clock_check(store: Store) -> Check:
    """A host clock that was set back stamps everything with the last recorded time; one that is ahead ends
    every wait early, which only a server's clock keeps from one person."""
    with store.read() as session:
        last = last_recorded(session)
    behind = (last or store.clock.now()) - store.clock.now()
    if behind > CLOCK_BEHIND:
        return Check("clock", Health.WARNING, "doctor.clock_behind", {"by": behind})
    by_host = store.dialect == "sqlite" and not store.training
    return Check("clock", Health.OK, "doctor.clock_host" if by_host else "doctor.clock", {"now": store.now()})


def limits_check(store: Store) -> Check:
    """Whether the store has limits, and whether the book here holds the same; if not, the store's count."""
    try:
        with store.read() as session:
            found = adopted(session)
            same = is_adopted(session, limits_source())
    except DeskError as error:
        return Check("limits", Health.FAULT, error.code, dict(error.params))
    if same:
        return Check("limits", Health.OK, "doctor.limits", {"version": found.version})
    return Check("limits", Health.WARNING, "policy.differs", {"version": found.version})


def book_checks(now: datetime) -> Iterator[Check]:
    """Whether the book reads, and whether next year's working days are known in time."""
    try:
        calendars = load_book().calendars
    except DeskError as error:
        yield Check("book", Health.FAULT, error.code, dict(error.params))
        return
    yield Check("book", Health.OK, "doctor.book")
    first = min(calendars.values(), key=lambda calendar: calendar.published_until)
    until = first.published_until.isoformat()
    year = unpublished_year(first, now.astimezone(LOCAL).date())
    if year is not None:
        yield Check("calendar", Health.WARNING, "doctor.calendar_missing", {"until": until, "year": year})
    else:
        yield Check("calendar", Health.OK, "doctor.calendar", {"until": until})
