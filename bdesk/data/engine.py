"""How a database is reached: drivers, pragmas, transactions, and what its errors mean.

Nothing above this file knows which database it is. Source: MEASURED, "SQLite with several processes".
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from random import uniform
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bdesk.errors import BadInput, StoreProblem

BUSY_SECONDS = 5
TRY_AGAIN = (0.001, 0.005)
"""Between how many seconds a desk sleeps before it asks for the lock again."""

CROWDED_SECONDS = 1.0
"""How long after having waited for the lock a desk takes it that others want it too."""

APPLICATION_ID = 0x42444B31  # "BDK1": `file` and `bdesk` can tell the file from any other database

# Versions from which commits can no longer be lost in WAL mode with several processes.
_WAL_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))

_SQLITE_CODES = {
    "SQLITE_BUSY": "store.busy",
    "SQLITE_LOCKED": "store.busy",
    "SQLITE_FULL": "store.full",
    "SQLITE_READONLY": "store.read_only",
    "SQLITE_CANTOPEN": "store.unreachable",
    "SQLITE_PERM": "store.unreachable",
    "SQLITE_IOERR": "store.disk",
    "SQLITE_CORRUPT": "store.damaged",
    "SQLITE_NOTADB": "store.not_ours",
    "SQLITE_SCHEMA": "store.damaged",
}
_POSTGRES_CODES = {
    "55P03": "store.busy",
    "57014": "store.busy",
    "40001": "store.busy",
    "40P01": "store.busy",
    "53100": "store.full",
    "25006": "store.read_only",
    "XX001": "store.damaged",
    "XX002": "store.damaged",
}


PASSWORD_MISSING = "store.password_missing"
PASSWORD_WRONG = "store.password_wrong"

SECRETS = ("password", "sslpassword", "oauth_client_secret")
"""What libpq also takes behind the question mark."""

_AT_THE_DOOR = (PASSWORD_MISSING, PASSWORD_WRONG, "store.unreachable")
_WRONG_PASSWORD = ("authentication failed", "认证失败")
"""A failed connection carries no code, and the server speaks its own language."""


def parse(url: str) -> URL:
    """The URL in parts. Raises BadInput("store.url") for what is neither a SQLite file nor PostgreSQL."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise BadInput("store.url", url=_unread(url)) from None
    if "@" in (parts.host or ""):
        # A password with a sign that ends it: the rest of it would be shown as the host.
        raise BadInput("store.url", url=_unread(url))
    dialect = parts.get_backend_name()
    if dialect == "sqlite" and parts.database and parts.database != ":memory:":
        return parts
    if dialect == "postgresql":
        return parts.set(drivername="postgresql+psycopg")
    raise BadInput("store.url", url=_without_secrets(parts))


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (MEASURED)."""
    newest = _WAL_FIXED[0]
    return version >= newest or any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_FIXED)


def journal_mode() -> str:
    """The journal mode for the SQLite that this Python is linked to."""
    return "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "TRUNCATE"


def make_engine(url: URL, *, writes: bool, foreign_keys: bool = True) -> Engine:
    """An engine for one use. A reading one cannot write; a writing one takes its lock at BEGIN.

    Without `foreign_keys` rows may be moved between tables, as migrations do.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, writes=writes, foreign_keys=foreign_keys)
    return _postgres_engine(url, writes=writes)


def _sqlite_engine(url: URL, *, writes: bool, foreign_keys: bool) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=1,
        max_overflow=8,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    lock = _WriteLock()

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute(f"PRAGMA journal_mode = {journal_mode()}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA recursive_triggers = ON")
        # A text that is erased must leave the file too, whatever this build's default is.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if writes:
            lock.begin(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


class _WriteLock:
    """Takes the writing lock before anything is read, or two deferred transactions refuse each other.

    SQLite's own waiting sleeps up to 100 ms between two tries: of eight desks that take cases some then
    come first again and again, and one may wait for all of its five seconds. Here all ask again after a
    short sleep of random length, which lets everybody through. Who had to wait lately also gives way
    before the first try: whoever has just written is awake, and would be back before those who sleep.
    """

    def __init__(self) -> None:
        self._crowded_until = 0.0

    def begin(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        until = monotonic() + BUSY_SECONDS
        if monotonic() < self._crowded_until:
            sleep(uniform(*TRY_AGAIN))
        crowded = False
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            while not _begun_immediate(driver, last=monotonic() > until):
                crowded = True
                sleep(uniform(*TRY_AGAIN))
        finally:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        if crowded:
            self._crowded_until = monotonic() + CROWDED_SECONDS


def _begun_immediate(driver: sqlite3.Connection, *, last: bool) -> bool:
    """Whether the lock was free. The last try raises what the database says."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise
        return False
    return True


def _postgres_engine(url: URL, *, writes: bool) -> Engine:
    # Waiting for ever would hang the desk on exit, since a worker thread cannot be stopped.
    limit = BUSY_SECONDS * 1000
    options = f"-c statement_timeout={limit} -c lock_timeout={limit} -c timezone=UTC"
    if not writes:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=1,
        max_overflow=8,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": BUSY_SECONDS},
    )


@contextmanager
def spoken(url: URL) -> Iterator[None]:
    """Turn the database's own errors into StoreProblem with a code that says what can be done."""
    try:
        yield
    except DBAPIError as error:
        code = _code(error.orig)
        if code is None:
            raise
        # What comes from the driver knows the password that was tried.
        raise StoreProblem(code, store=shown(url)) from (None if code in _AT_THE_DOOR else error)
    except sqlite3.Error as error:
        code = _code(error)
        if code is None:
            raise
        raise StoreProblem(code, store=shown(url)) from error
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name != "psycopg":
            raise
        raise StoreProblem("store.no_driver", store=shown(url)) from error


def shown(url: URL) -> str:
    """What people are told the store is: the file, or the address without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return _without_secrets(url)


def _without_secrets(url: URL) -> str:
    return url.difference_update_query(SECRETS).render_as_string(hide_password=True)


def _unread(url: str) -> str:
    """What is shown of an address that makes no sense: it may hold a password all the same."""
    before, _question, _query = url.partition("?")
    head, at, host = before.rpartition("@")
    scheme = re.match(r"[\w+]*:(//)?", head)
    return f"{scheme[0] if scheme else ''}***@{host}" if at else before


def _code(error: BaseException | None) -> str | None:
    name = getattr(error, "sqlite_errorname", None)
    if isinstance(name, str):
        # Extended names go on after the primary one: SQLITE_READONLY_DIRECTORY, SQLITE_BUSY_SNAPSHOT.
        return next((code for primary, code in _SQLITE_CODES.items() if name.startswith(primary)), None)
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return "store.not_ours"
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRES_CODES.get(state, "store.unreachable" if state.startswith(("08", "57P")) else None)
    if type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError":
        return _at_the_door(error)
    return None


def _at_the_door(error: BaseException | None) -> str:
    """Why a server cannot be reached: it may want another password."""
    tried = getattr(error, "pgconn", None)
    if tried is None or not tried.used_password:
        return "store.unreachable"
    if tried.needs_password:
        return PASSWORD_MISSING
    text = str(error).lower()
    return PASSWORD_WRONG if any(words in text for words in _WRONG_PASSWORD) else "store.unreachable"
