"""Stores to measure on, made once and kept in a folder under the system's temporary one."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from bdesk.data.bulk import thin_cases
from bdesk.data.store import open_store
from bdesk.training.seed import seed_store
from benchmarks.measure import FOLDER, TERM

AGENT = "1001"
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""Wednesday 10:00 in Asia/Shanghai."""


def thin(count: int) -> Path:
    """A training store of so many thin cases, all waiting; the first is due in half an hour."""
    received_at = NOW - timedelta(hours=23, minutes=30)

    def fill(place: Path) -> None:
        seed_store(url_of(place), size="empty", now=NOW)
        with open_store(url_of(place)) as store:
            thin_cases(store, count, received_at=received_at)

    return _made(f"thin-{count}", fill)


def timers(count: int, apart: int) -> Path:
    """A store of so many running clocks, one due every `apart` seconds, the first in two minutes.

    A clock shows seconds from ten minutes on, and changes once a minute before (UX, Ticking).
    """

    def fill(place: Path) -> None:
        seed_store(url_of(place), size="empty", now=NOW)
        with open_store(url_of(place)) as store:
            received_at = NOW - timedelta(hours=24) + timedelta(minutes=2)
            # One in five thin cases is stopped, so there are more of them than running clocks.
            thin_cases(store, count * 5 // 4, received_at=received_at, spacing=timedelta(seconds=apart))

    return _made(f"timers-{count}-{apart}", fill)


def seeded(size: str) -> Path:
    """A training store as `bdesk seed` makes it."""

    def fill(place: Path) -> None:
        seed_store(url_of(place), size=size, seed=1, now=NOW)

    return _made(f"seeded-{size}", fill)


def contested() -> Path:
    """A seeded surge whose waiting cases are all of one urgency and of no group.

    Everybody then competes for them by the last rule of take-next, after all index walks of the others.
    """

    def fill(place: Path) -> None:
        shutil.copy(seeded("surge"), place)
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute(
                "UPDATE work_case SET group_id = NULL, priority = 3, hard = 0, hard_at = NULL, stopped = 0, "
                "queue_at = strftime('%Y-%m-%d %H:%M:%S.000000', ?, 'unixepoch') "
                "WHERE open AND NOT aside AND owner_id IS NULL",
                (int((NOW + timedelta(days=9)).timestamp()),),
            )

    return _made("contested", fill)


def copy_of(store: Path, name: str) -> Path:
    """A fresh copy to write to."""
    place = FOLDER / f"{name}.db"
    remove(place)
    shutil.copy(store, place)
    return place


def url_of(place: Path) -> str:
    return f"sqlite:///{place}"


def remove(place: Path) -> None:
    for left in place.parent.glob(f"{place.name}*"):
        left.unlink(missing_ok=True)


def home(name: str) -> Path:
    """A person's folder with nothing in it but what every start after the first one finds."""
    folder = FOLDER / "homes" / name
    drafts = folder / "drafts"
    drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The test of the terminal's keys comes once; later starts show the queue.
    (drafts / "keys.json").write_text(json.dumps({TERM: []}), encoding="utf-8")
    return folder


@cache
def schema() -> str:
    """What the tables look like now, in eight characters: a store made for others is not measured on.

    The revision would not do: the first one is rewritten until a version is released.
    """
    with TemporaryDirectory() as folder:
        place = Path(folder) / "empty.db"
        seed_store(url_of(place), size="empty", now=NOW)
        with closing(sqlite3.connect(place)) as connection:
            made = connection.execute(
                "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
            ).fetchall()
    return sha256(repr(made).encode()).hexdigest()[:8]


def _made(name: str, fill: Callable[[Path], None]) -> Path:
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = FOLDER / f"{name}-{schema()}.db"
    if not place.exists():
        draft = place.with_name(f"making-{os.getpid()}-{place.name}")
        remove(draft)
        fill(draft)
        os.replace(draft, place)
    return place
