"""Copies of a store: made while desks work on it, and put back without ever losing what was there."""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bdesk.data.engine import parse, shown, spoken
from bdesk.data.files import file_mode, must_be_ours
from bdesk.errors import StoreProblem

PAGES = 2000
"""Pages copied at a time; other desks write in between."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Copy:
    """`kept` is where `restore` put the store that was there before."""

    source: str
    target: str
    size_bytes: int
    kept: str | None = None


def backup(url: str, target: Path, *, force: bool = False, progress: Progress | None = None) -> Copy:
    """Copy a store to a file, whole and consistent, by SQLite's own backup.

    Raises StoreProblem: store.files_only, store.backup_exists, and what opening a store raises.
    """
    source = _file_of(url)
    must_be_ours(source)
    _not_itself(source, target)
    if os.path.lexists(target) and not force:
        raise StoreProblem("store.backup_exists", path=str(target))
    _copy(source, target, progress)
    return Copy(str(source), str(target), target.stat().st_size)


def keep_aside(url: str) -> str | None:
    """Copy a store beside itself before something is done to it; where to. None for what is no file."""
    if parse(url).get_backend_name() != "sqlite":
        return None
    source = _file_of(url)
    must_be_ours(source)
    kept = _aside(source)
    _copy(source, kept, None)
    return str(kept)


def restore(url: str, source: Path, *, force: bool = False, progress: Progress | None = None) -> Copy:
    """Put a copy in the place of a store. With `force` a store that is there is kept beside it.

    Raises StoreProblem: store.files_only, store.restore_exists, and for the copy store.missing,
    store.not_ours, store.damaged.
    """
    target = _file_of(url)
    must_be_ours(source)
    _not_itself(source, target)
    _must_be_whole(source)
    there = os.path.lexists(target)
    if there and not force:
        raise StoreProblem("store.restore_exists", store=str(target))
    kept = _aside(target) if there else None
    if kept is not None:
        _copy(target, kept, None)
    _copy(source, target, progress)
    return Copy(str(source), str(target), target.stat().st_size, str(kept) if kept is not None else None)


def _file_of(url: str) -> Path:
    parts = parse(url)
    if parts.get_backend_name() != "sqlite":
        raise StoreProblem("store.files_only", store=shown(parts))
    return Path(str(parts.database))


def _not_itself(one: Path, other: Path) -> None:
    if os.path.lexists(other) and os.path.realpath(one) == os.path.realpath(other):
        raise StoreProblem("store.in_place", path=str(other))


def _must_be_whole(path: Path) -> None:
    with spoken(parse(f"sqlite:///{path}")):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            connection.close()
    if found != "ok":
        raise StoreProblem("store.damaged", store=str(path))


def _aside(path: Path) -> Path:
    number = 1
    while os.path.lexists(kept := path.with_name(f"{path.name}.kept-{number}")):
        number += 1
    return kept


def _copy(source: Path, target: Path, progress: Progress | None) -> None:
    """Copy beside the target, then give it the name: a copy that is cut short is never taken for one."""
    draft = target.with_name(f"{target.name}.copying-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        os.chmod(draft, file_mode(target.parent))
        with spoken(parse(f"sqlite:///{source}")):
            _pages(source, draft, progress)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StoreProblem("store.unreachable", store=str(target), reason=reason) from None
    finally:
        for left in draft.parent.glob(f"{draft.name}*"):
            left.unlink(missing_ok=True)


def _pages(source: Path, draft: Path, progress: Progress | None) -> None:
    reading = sqlite3.connect(source, timeout=5)
    writing = sqlite3.connect(draft)
    try:
        reading.backup(
            writing,
            pages=PAGES,
            progress=None if progress is None else lambda _, left, total: progress(total - left, total),
        )
        # A copy of a WAL store must be one file, to be carried and opened anywhere.
        writing.execute("PRAGMA journal_mode = DELETE")
        writing.commit()
    finally:
        writing.close()
        reading.close()
