"""The one process that talks to a keyring: asked on its standard input, answers on its standard output, ends.

A process of its own, because a keyring may hang for ever, print where the desk paints, or ask for a
passphrase on the desk's terminal: it has no terminal, and whoever started it can end it. It is run as a file
and imports nothing of bdesk. Secrets travel through the two pipes only: arguments and environments can be
read by others.
"""

import json
import os
import signal
import sys
from contextlib import closing, suppress
from subprocess import CalledProcessError
from typing import Any

ACCEPTED = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
    "keyring_pass.PasswordStoreBackend",
)
"""Those that encrypt what they keep (MEASURED). Whatever else is installed, or comes by itself, is told and
not used: `keyrings.alt` keeps base64 in a file."""

NOTHING = ("keyring.backends.fail.Keyring", "keyring.backends.null.Keyring")
SECRET_SERVICE = ACCEPTED[0]
SERVICE = "bdesk"

LONGEST = 20
"""Seconds after which it ends by itself."""


def name_of(backend: object) -> str:
    """The full name of a backend's class."""
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"


def choose() -> tuple[Any, str, str]:
    """The backend to use or None, its name, and the state: usable, none or plain."""
    import keyring

    found: Any = keyring.get_keyring()
    # Where several are there, keyring puts one over them that asks each in turn.
    several = list(found.backends) if name_of(found).endswith(".ChainerBackend") else [found]
    for one in several:
        if name_of(one) in ACCEPTED:
            return one, name_of(one), "usable"
    other = [name_of(one) for one in several if name_of(one) not in NOTHING]
    return None, other[0] if other else "", "plain" if other else "none"


def is_locked(backend: Any, name: str) -> bool:
    """Whether using this keyring would ask the person for its password. It is never asked for: the question
    may come up on another screen than the one where they sit, or on none."""
    if name != SECRET_SERVICE:
        return False
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        place = getattr(backend, "preferred_collection", None)
        try:
            # Not the default by its function, which would make one and ask for a password for it.
            chosen = secretstorage.Collection(bus, place) if place else secretstorage.Collection(bus)
            return bool(chosen.is_locked())
        except secretstorage.ItemNotFoundException:
            return True


def answer(request: dict[str, str]) -> dict[str, Any]:
    """Do what is asked: look, read, keep or forget. `secret` is None where nothing is kept."""
    backend, name, state = choose()
    if backend is None:
        return {"state": state, "backend": name}
    if is_locked(backend, name):
        return {"state": "locked", "backend": name}
    found: dict[str, Any] = {"state": state, "backend": name}
    key = request.get("key", "")
    if request["what"] == "read":
        found["secret"] = backend.get_password(SERVICE, key)
    elif request["what"] == "keep":
        backend.set_password(SERVICE, key, request["secret"])
    elif request["what"] == "forget":
        forget(backend, key)
    return found


def forget(backend: Any, key: str) -> None:
    """Take away what is kept; nothing there is no failure. First without reading it: for `pass` that would
    need the passphrase."""
    from keyring.errors import PasswordDeleteError

    try:
        backend.delete_password(SERVICE, key)
    except (PasswordDeleteError, CalledProcessError):  # the latter where `pass` itself says so
        if backend.get_password(SERVICE, key) is not None:
            raise


def main() -> None:
    """Say "ready" once what is needed is imported, then answer the one request."""
    # What a backend or a program of its own prints must not be taken for the answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(AttributeError):
        # Nobody ends it where whoever started it has gone.
        signal.alarm(LONGEST)
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        import keyring  # noqa: F401

        answers.write("ready\n")
        answers.flush()
        told = answer(json.loads(sys.stdin.readline()))
    except Exception as error:  # noqa: BLE001 - backends fail in ways of their own; their words may hold secrets
        told = {"state": "fails", "backend": type(error).__name__}
    answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
