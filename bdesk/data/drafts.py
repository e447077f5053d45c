"""Half-typed work, kept through crashes and somebody else's update (UX, principle 9).

A file of its own in the person's folder, so that a keystroke wakes no other desk and needs no journal.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from threading import Condition, Lock, Thread
from types import TracebackType

from bdesk import paths
from bdesk.errors import StoreProblem

_SCHEMA = """CREATE TABLE IF NOT EXISTS draft (
    store TEXT NOT NULL, staff TEXT NOT NULL, place TEXT NOT NULL, field TEXT NOT NULL,
    value TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (store, staff, place, field))"""

_KEEP = """INSERT INTO draft (store, staff, place, field, value) VALUES (?,?,?,?,?)
    ON CONFLICT DO UPDATE SET value=excluded.value, at=CURRENT_TIMESTAMP"""
_FORGET = "DELETE FROM draft WHERE store=? AND staff=? AND place=? AND field=?"


WRITE_AFTER = 0.25
"""Seconds from a change to its being on disk at the latest, while the disk answers: what a killed desk loses
is less than half a second of typing (UX 9)."""

RETRY_AFTER = 1.0
"""Seconds until a write that failed is tried again; nothing is dropped meanwhile."""

Field = tuple[str, str]
"""A place and a field of it."""


class Drafts:
    """One person's drafts on one store. `place` is where it was typed ("case:17", "call"), `field` what
    ("note", "strip", "capture:amount"); values are anything JSON has.

    They are read once and live in memory; a thread of their own writes what has changed, so that no
    keystroke waits for a disk. `failing` says that the last write did not work.
    """

    def __init__(self, store_id: str, staff: str, path: Path | None = None) -> None:
        """Raises StoreProblem("drafts.unusable") where the file cannot be made or read."""
        self._store, self._staff = store_id, staff
        self._path = path or paths.drafts_dir() / "drafts.db"
        self.failing = False
        self._places: dict[str, dict[str, str]] = {}
        self._changed: dict[Field, str | None] = {}
        # One guards what is in memory and is held for moments; the other is held while the disk works.
        self._memory = Condition()
        self._disk = Lock()
        self._at_once = self._closing = self._writing = False
        try:
            self._path.touch(mode=0o600)
            os.chmod(self._path, 0o600)
            self._connection = self._open()
        except (OSError, sqlite3.OperationalError) as error:
            raise StoreProblem("drafts.unusable", path=str(self._path), reason=str(error)) from None
        self._writer = Thread(target=self._write_behind, name="bdesk-drafts", daemon=True)
        self._writer.start()

    @property
    def unwritten(self) -> bool:
        """Whether anything is not on disk yet."""
        with self._memory:
            return bool(self._changed) or self._writing

    def save(self, place: str, field: str, value: object, *, at_once: bool = False) -> None:
        """Keep a draft; None or an empty value forgets it. `at_once`: it is written without waiting for
        more, still by the thread."""
        forgets = value is None or value == "" or value == {}
        text = None if forgets else json.dumps(value, ensure_ascii=False)
        with self._memory:
            if self._places.get(place, {}).get(field) == text:
                return
            self._keep(place, field, text)
            self._changed[place, field] = text
            self._at_once |= at_once
            self._memory.notify()

    def load(self, place: str) -> Mapping[str, object]:
        """What was typed at a place, by field."""
        with self._memory:
            kept = dict(self._places.get(place, {}))
        return {field: json.loads(text) for field, text in kept.items()}

    def places(self) -> tuple[str, ...]:
        """Every place with a draft, the newest last: what a restart can offer again."""
        with self._memory:
            return tuple(self._places)

    def forget(self, place: str) -> None:
        """Drop what was typed at a place: it was done, or thrown away."""
        for field in tuple(self.load(place)):
            self.save(place, field, None)

    def flush_soon(self) -> None:
        """Write what has changed without waiting for more: a field was left, the terminal lost the focus."""
        with self._memory:
            self._at_once = True
            self._memory.notify()

    def flush(self) -> None:
        """Write what has changed, now, and wait for it. What cannot be written stays for the next try."""
        self._write()

    def close(self) -> None:
        """Write what is left and let go of the file."""
        with self._memory:
            if self._closing:
                return
            self._closing = True
            self._memory.notify()
        self._writer.join()
        self._write()
        self._connection.close()

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    # Memory

    def _keep(self, place: str, field: str, text: str | None) -> None:
        """The place typed at last stands last."""
        fields = self._places.pop(place, {})
        fields.pop(field, None)
        if text is not None:
            fields[field] = text
        if fields:
            self._places[place] = fields

    def _read(self, connection: sqlite3.Connection) -> None:
        wanted = "SELECT place, field, value FROM draft WHERE store=? AND staff=? ORDER BY at, rowid"
        for place, field, text in connection.execute(wanted, (self._store, self._staff)).fetchall():
            # A row that no desk wrote is passed over: it must not keep anybody from working.
            if all(isinstance(one, str) for one in (place, field, text)) and _is_json(text):
                self._keep(place, field, text)

    # The thread

    def _write_behind(self) -> None:
        while True:
            with self._memory:
                self._memory.wait_for(lambda: self._changed or self._closing)
                if not self._closing:
                    # More may be typed meanwhile; the wait is counted from the first change, not the last.
                    self._memory.wait_for(lambda: self._at_once or self._closing, WRITE_AFTER)
                if self._closing:
                    return
            if not self._write():
                with self._memory:
                    self._memory.wait_for(lambda: self._closing, RETRY_AFTER)

    def _write(self) -> bool:
        """All that has changed, in one transaction. False when the disk refused; it is tried again then."""
        with self._disk:
            with self._memory:
                changed, self._changed = self._changed, {}
                self._at_once, self._writing = False, True
            try:
                self._run(changed)
            except sqlite3.Error:
                with self._memory:
                    self._changed = changed | self._changed
                self.failing = True
            else:
                self.failing = False
            with self._memory:
                self._writing = False
            return not self.failing

    def _run(self, changed: Mapping[Field, str | None]) -> None:
        if not changed:
            return
        mine = (self._store, self._staff)
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for (place, field), text in changed.items():
                if text is None:
                    self._connection.execute(_FORGET, (*mine, place, field))
                else:
                    self._connection.execute(_KEEP, (*mine, place, field, text))

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
        self._read(connection)
        return connection


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
