"""The finished book, kept under a hash of all that made it: starting a desk then parses and checks nothing.

Only JSON is read back, by `bdesk.data.book.codec`, and only if it is whole; whatever is wrong with a kept
book, it is made anew from its files.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bdesk import __version__, paths
from bdesk.data.book.texts import own, packaged, packaged_source, read

FOLDERS = ("procedures", "letters", "policies", "calendars")
NAMES = ("fact_names.yaml", "effect_names.yaml", "task_names.yaml")
CODE = ("data/book", "rules", "rules/clock", "rules/walk", "models")
"""Where the code lies that makes a book of its texts."""

KEPT = {".book": 4, ".json": 200}
"""How many files of the cache stay, by kind: finished books, and parsed texts."""

_FORMAT = "1"


def key() -> str:
    """The hash of every text, of the code that reads them, and of the working days that are published.

    Raises BadInput("book.unreadable") for an own file that cannot be read.
    """
    whole = hashlib.sha256(f"{_FORMAT}\n{__version__}".encode())
    for part in (*_texts(), *_code(), *_days()):
        whole.update(b"\n---\n")
        whole.update(part.encode())
    return whole.hexdigest()


def take(name: str) -> dict[str, Any] | None:
    """The kept book of this key; None when there is none, or it is not whole."""
    folder = paths.cache_dir()
    if folder is None:
        return None
    try:
        digest, _, body = (folder / f"{name}.book").read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        found = json.loads(body)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def put(name: str, book: dict[str, Any]) -> None:
    """Keep a book; a full disk or a folder one may not write to only costs the next start its time."""
    folder = paths.cache_dir()
    if folder is None:
        return
    body = json.dumps(book, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        # Written aside and renamed: another desk may be reading the same name.
        handle, aside = tempfile.mkstemp(dir=folder, suffix=".tmp")
        with os.fdopen(handle, "wb") as out:
            out.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(aside, folder / f"{name}.book")
        _prune(folder)
    except OSError:
        return


def _prune(folder: Path) -> None:
    for ending, most in KEPT.items():
        found = sorted(folder.glob(f"*{ending}"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in found[most:]:
            old.unlink(missing_ok=True)


def _texts() -> Iterator[str]:
    for folder in FOLDERS:
        for name, entry in packaged(folder):
            yield f"{folder}/{name}\n{entry.read_text('utf-8')}"
        for path in own(folder):
            found = read(path)
            yield f"{found.name}\n{found.text}"
    for name in NAMES:
        yield f"{name}\n{packaged_source(name).text}"


def _code() -> Iterator[str]:
    """Name, size and time of the modules: a changed one may read the same texts otherwise."""
    root = resources.files("bdesk")
    if not isinstance(root, Path):
        return
    for folder in CODE:
        with os.scandir(root / folder) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name.endswith(".py"):
                    yield _stamp(Path(entry.path))


def _days() -> Iterator[str]:
    spec = find_spec("chinese_calendar")
    if spec is not None and spec.origin is not None:
        yield _stamp(Path(spec.origin).with_name("constants.py"))


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return path.name
    return f"{path.name} {found.st_size} {found.st_mtime_ns}"
