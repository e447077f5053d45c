"""Noticing that another process wrote: cheap enough for once a second.

On SQLite `PRAGMA data_version` on one kept connection says whether anything was committed (2.5
microseconds), and only then the journal is asked; elsewhere the newest id of the journal is enough.
"""

from collections.abc import Iterable
from threading import Lock

from sqlalchemy import Connection, Engine, text

_NEWEST = text("SELECT coalesce(max(id), 0) FROM event")
_SINCE = text("SELECT id FROM event WHERE id > :seen ORDER BY id")


class Notice:
    """What this process has seen of the journal, and which events were its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._own: set[int] = set()
        self._kept: Connection | None = None
        self._version: object = None
        self._seen: int | None = None

    def own(self, ids: Iterable[int]) -> None:
        """These events were written by this process and are no news to it."""
        with self._lock:
            self._own.update(ids)

    def poll(self) -> bool:
        """Whether somebody else's events came since the last poll; the first poll only looks."""
        if self._engine.dialect.name == "sqlite" and not self._file_moved():
            return False
        with self._engine.connect() as connection:
            if self._seen is None:
                self._seen = int(connection.execute(_NEWEST).scalar_one())
                return False
            new = [int(found) for found in connection.execute(_SINCE, {"seen": self._seen}).scalars()]
        with self._lock:
            others = any(found not in self._own for found in new)
            self._own.difference_update(new)
        if new:
            self._seen = new[-1]
        return others

    def close(self) -> None:
        """Give the kept connection back."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _file_moved(self) -> bool:
        if self._kept is None:
            self._kept = self._engine.connect()
        # Outside a transaction: a kept one would hold its lock and its view of the file.
        driver = self._kept.connection.driver_connection
        if driver is None:
            return True
        version = driver.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return False
        self._version = version
        return True
