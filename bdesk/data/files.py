"""A store that is one SQLite file: made whole, with the right permissions, and recognised again."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from bdesk.data.engine import APPLICATION_ID
from bdesk.errors import StoreProblem

_HEADER = b"SQLite format 3\x00"
_APPLICATION_ID_AT = 68  # SQLite file format, "The Database Header"


def file_mode(folder: Path) -> int:
    """0660 in a folder that a group shares (setgid), else 0600; SQLite gives its journal the same."""
    return 0o660 if folder.stat().st_mode & stat.S_ISGID else 0o600


def file_id(path: str) -> tuple[int, int] | None:
    """Which file stands at a path: another one after it was replaced; None when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def must_be_ours(path: Path) -> None:
    """Raises StoreProblem: store.missing, store.not_ours or store.unreachable."""
    try:
        # A pipe would be waited for without end.
        if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
            raise StoreProblem("store.not_ours", store=str(path))
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        raise StoreProblem("store.missing", store=str(path)) from None
    except OSError as error:
        raise StoreProblem("store.unreachable", store=str(path), reason=_reason(error)) from None
    ours = APPLICATION_ID.to_bytes(4, "big")
    if head[:16] != _HEADER or head[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4] != ours:
        raise StoreProblem("store.not_ours", store=str(path))


def make_sqlite_file(url: URL, fill: Callable[[URL], None]) -> None:
    """Make the file beside its place, fill it, then give it its name: nobody sees half a store.

    Raises StoreProblem: store.exists, store.unreachable, and what `fill` raises.
    """
    path = Path(str(url.database))
    if os.path.lexists(path):
        raise StoreProblem("store.exists", store=str(path))
    draft = path.with_name(f"{path.name}.making-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _create_empty(draft)
        fill(url.set(database=str(draft)))
        _give_name(draft, path)
    except FileExistsError:
        raise StoreProblem("store.exists", store=str(path)) from None
    except OSError as error:
        raise StoreProblem("store.unreachable", store=str(path), reason=_reason(error)) from None
    finally:
        for left in (draft, *draft.parent.glob(f"{draft.name}-*")):
            left.unlink(missing_ok=True)


def _create_empty(path: Path) -> None:
    mode = file_mode(path.parent)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
    try:
        os.fchmod(handle, mode)  # whatever the umask took away
    finally:
        os.close(handle)


def _give_name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # unlike a rename, it refuses a name that is taken
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(str(path)) from None
        draft.rename(path)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
