"""A look at a store before the frame is painted, without SQLAlchemy: its import takes longer than that.

What can be refused at once is refused on the command line; whatever is not clear is left to `open_store`.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bdesk.errors import StoreProblem

_PREFIX = "sqlite:///"


def file_of(url: str) -> str | None:
    """The file a plain URL names; None where there is none, or where only opening it can tell."""
    if not url.startswith(_PREFIX) or "?" in url:
        return None
    path = url.removeprefix(_PREFIX)
    return path if path and path != ":memory:" else None


def is_training(url: str) -> bool | None:
    """Whether the store is one for training; None where only opening it can tell.

    Raises StoreProblem("store.missing").
    """
    path = file_of(url)
    if path is None:
        return None
    if not os.path.lexists(path):
        raise StoreProblem("store.missing", store=path)
    if not os.path.isfile(path):
        return None  # a pipe would be waited for without end
    try:
        uri = f"{Path(path).absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=1)) as connection:
            row = connection.execute("SELECT training FROM store_info").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else bool(row[0])
