"""Half-typed work, kept through crashes and somebody else's update (UX, principle 9).

A file of its own in the person's folder, so that a keystroke wakes no other desk and needs no journal.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from types import TracebackType

from bdesk import paths
from bdesk.errors import StoreProblem

_SCHEMA = """CREATE TABLE IF NOT EXISTS draft (
    store TEXT NOT NULL, staff TEXT NOT NULL, place TEXT NOT NULL, field TEXT NOT NULL,
    value TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (store, staff, place, field))"""


class Drafts:
    """One person's drafts on one store. `place` is where it was typed ("case:17", "call"), `field` what
    ("note", "strip", "capture:amount"); values are anything JSON has."""

    def __init__(self, store_id: str, staff: str, path: Path | None = None) -> None:
        self._store, self._staff = store_id, staff
        self._path = path or paths.drafts_dir() / "drafts.db"
        self._lock = Lock()
        try:
            self._path.touch(mode=0o600)
            os.chmod(self._path, 0o600)
            self._connection = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise StoreProblem("drafts.unusable", path=str(self._path), reason=str(error)) from None

    def save(self, place: str, field: str, value: object) -> None:
        """Keep a draft; None or an empty value forgets it."""
        if value is None or value == "" or value == {}:
            self._run("DELETE FROM draft WHERE store=? AND staff=? AND place=? AND field=?", place, field)
            return
        text = json.dumps(value, ensure_ascii=False)
        self._run(
            "INSERT INTO draft (store, staff, place, field, value) VALUES (?,?,?,?,?) "
            "ON CONFLICT DO UPDATE SET value=excluded.value, at=CURRENT_TIMESTAMP",
            place, field, text,
        )  # fmt: skip

    def load(self, place: str) -> Mapping[str, object]:
        """What was typed at a place, by field."""
        rows = self._run("SELECT field, value FROM draft WHERE store=? AND staff=? AND place=?", place)
        return {field: json.loads(value) for field, value in rows}

    def places(self) -> tuple[str, ...]:
        """Every place with a draft, the newest last: what a restart can offer again."""
        rows = self._run(
            "SELECT place FROM draft WHERE store=? AND staff=? GROUP BY place ORDER BY max(at), max(rowid)"
        )
        return tuple(place for (place,) in rows)

    def forget(self, place: str) -> None:
        """Drop what was typed at a place: it was done, or thrown away."""
        self._run("DELETE FROM draft WHERE store=? AND staff=? AND place=?", place)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        with self._lock:
            return self._connection.execute(statement, (self._store, self._staff, *values)).fetchall()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # A damaged drafts file must not keep anybody from working: it is put aside, not mended.
            os.replace(self._path, self._path.with_suffix(".damaged"))
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=5, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_SCHEMA)
        return connection
