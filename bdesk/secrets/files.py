"""A secret in a file: one of ours that nobody else can read, or none at all."""

import os
import stat
from pathlib import Path

from bdesk.errors import BadInput

LONGEST = 1024


def first_line(path: Path) -> str:
    """The first line of a file.

    Raises BadInput: password.file for one that others can read or that is not ours, password.unreadable.
    """
    try:
        # A pipe without anybody at its other end would be waited for without end.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, encoding="utf-8") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
                raise BadInput("password.file", path=str(path))
            return file.readline(LONGEST).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise BadInput("password.unreadable", path=str(path)) from None
