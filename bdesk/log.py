"""The log of what was not expected: codes, ids and places in the code, never texts or values.

A message of an exception can carry a customer's words or a password, so only its type is kept, with the
lines of code it came through.
"""

import logging
import os
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from bdesk.errors import DeskError
from bdesk.paths import log_path

MAX_BYTES = 1_000_000
BACKUPS = 3


class _OwnFile(RotatingFileHandler):
    """A rotating file that only its owner can read, after a rotation too."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8")


def record(error: BaseException) -> Path:
    """Write down where an unexpected error came from; returns the file. Raises StoreProblem."""
    path = log_path()
    handler = _OwnFile(path, maxBytes=MAX_BYTES, backupCount=BACKUPS)
    try:
        message = "\n".join([datetime.now(UTC).isoformat(timespec="seconds"), *describe(error)])
        handler.handle(logging.makeLogRecord({"msg": message, "levelno": logging.ERROR}))
    finally:
        handler.close()
    return path


def describe(error: BaseException) -> list[str]:
    """Types and places of an error and of those it came from, outermost first."""
    lines = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        code = f" {current.code}" if isinstance(current, DeskError) else ""
        lines.append(f"{kind.__module__}.{kind.__qualname__}{code}")
        for frame in traceback.extract_tb(current.__traceback__):
            lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
        current = current.__cause__ or current.__context__
    return lines
