"""Where things are kept on this machine, for one person."""

import os
import stat
from pathlib import Path

from bdesk.errors import StoreProblem


def home() -> Path:
    """The person's folder, made with mode 0700 if missing: BDESK_HOME, else the XDG data folder.

    Raises StoreProblem when it cannot be made.
    """
    return _own_folder(_home())


def store_url() -> str:
    """The URL of the store: BDESK_STORE, else what the file says that BDESK_STORE_FILE names, else the SQLite
    file desk.db in the person's folder.

    A URL may hold a password, which a variable tells to everything that is started from the same shell.
    Raises BadInput for a file that others can read.
    """
    named = os.environ.get("BDESK_STORE")
    file = os.environ.get("BDESK_STORE_FILE")
    if not named and file:
        from bdesk.secrets.files import first_line

        named = first_line(Path(file))
    return named or f"sqlite:///{home() / 'desk.db'}"


def drafts_dir() -> Path:
    """Where half-typed work is kept, so that it outlives a crash."""
    return _own_folder(home() / "drafts")


def book_dir() -> Path:
    """Where a firm's own procedures, policies, calendars and letters go; it need not exist."""
    return _home() / "book"


def cache_dir() -> Path | None:
    """Where finished books are kept, so that a start need not read them again; it can be lost at any time.

    None where it cannot be made, or where others could put in what everybody's limits are read from.
    """
    try:
        folder = home() / "cache" / "book"
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, exist_ok=True)
        ours = all(_only_ours(each) for each in (folder.parent.parent, folder.parent, folder))
    except (OSError, StoreProblem):
        return None
    return folder if ours else None


def _only_ours(folder: Path) -> bool:
    """Whether this is a folder, no link, in which nobody else can write."""
    found = folder.lstat()
    writable = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not writable


def log_path() -> Path:
    """The log file, created with mode 0600: it holds codes and ids only, and is still nobody else's."""
    path = _own_folder(home() / "log") / "bdesk.log"
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreProblem("home.unusable", path=str(path), reason=_reason(error)) from None
    return path


def settings_path() -> Path:
    """The settings file; it need not exist."""
    return _home() / "settings.toml"


def _home() -> Path:
    named = os.environ.get("BDESK_HOME")
    if named:
        return Path(named).expanduser().absolute()
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(share).expanduser().absolute() / "bdesk"


def _own_folder(folder: Path) -> Path:
    try:
        # Parents get the usual mode; only the last folder is ours to close.
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreProblem("home.unusable", path=str(folder), reason=_reason(error)) from None
    return folder


def _reason(error: OSError) -> str:
    if isinstance(error, FileExistsError):
        return "not a directory"
    return (error.strerror or type(error).__name__).lower()
