"""Whose turn it is to write to a SQLite file: asked for beside the store, where asking costs little.

A refused `BEGIN IMMEDIATE` opens, locks and looks through the store's files, about 0.2 ms of a processor;
eight desks that ask every few milliseconds keep two processors from the one desk that writes, and hold up
its commit, which needs the file for itself. Asking for a lock on an empty file is one call to the system.
It only orders the desks: what keeps writes apart is SQLite's own lock, taken after it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from random import uniform
from time import monotonic, sleep

try:
    import fcntl
except ImportError:  # pragma: no cover  (a system without: SQLite's own waiting must do)
    HERE = False
else:
    HERE = True

ASK_AGAIN = (0.0005, 0.002)
"""Between how many seconds a desk sleeps before it asks again whether it is its turn."""

SUFFIX = "-turn"
"""What the empty file is called beside the store, as SQLite calls its own -journal and -wal."""


class Turn:
    """One connection's place among all that want to write; a process that dies gives its turn back."""

    def __init__(self, store: str) -> None:
        self._path = store + SUFFIX
        self._file: int | None = None

    def take(self, until: float) -> bool:
        """Wait for the turn, at most `until` (monotonic seconds); whether there was any waiting.

        Without it (a folder that takes no file, time over) SQLite's own lock still decides.
        """
        file = self._open()
        waited = False
        while file is not None and not _locked(file) and monotonic() < until:
            waited = True
            sleep(uniform(*ASK_AGAIN))
        return waited

    def give_back(self) -> None:
        """The next one may write."""
        if self._file is not None:
            with suppress(OSError):
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int | None:
        if HERE and self._file is None:
            with suppress(OSError):
                # Never through a link, and for no more people than the store: who can open it can hold it.
                how = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
                self._file = os.open(self._path, how, 0o600)
                self._share(self._file)
        return self._file

    def _share(self, file: int) -> None:
        """In a folder that a group shares the group's desks take turns too, whatever the umask took away."""
        found = os.fstat(file)
        shared = bool(Path(self._path).parent.stat().st_mode & stat.S_ISGID)
        if shared and found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != 0o660:
            os.fchmod(file, 0o660)


def _locked(file: int) -> bool:
    """Whether the turn was got; also where the file system knows no such locks, since then nobody has any."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, InterruptedError):
        return False
    except OSError:
        return True
    return True
