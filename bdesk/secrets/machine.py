"""Which machine and account this is: what a kept sign-in is bound to."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bdesk import paths

MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")
SHORTEST_ID = 16


def this_machine() -> str:
    """A fingerprint of this machine and the account on it; the machine's own id is not to be told to others.

    Where the system has none, a random one is kept in the person's folder. Raises StoreProblem where that
    cannot be.
    """
    for place in MACHINE_IDS:
        with suppress(OSError, UnicodeDecodeError):
            found = Path(place).read_text("ascii").strip()
            if len(found) >= SHORTEST_ID:
                return _fingerprint(found)
    return _fingerprint(_own_id())


def _fingerprint(machine: str) -> str:
    return hashlib.sha256(f"bdesk {machine} {os.geteuid()}".encode()).hexdigest()


def _own_id() -> str:
    path = paths.home() / "machine-id"
    with suppress(OSError, UnicodeDecodeError):
        found = path.read_text("ascii").strip()
        if len(found) >= SHORTEST_ID:
            return found
    made = secrets.token_hex(16)
    with suppress(OSError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(made)
    return made
