"""The keyring of this machine, as far as it can be trusted and answers in time.

Every call ends: after `CALL_SECONDS` the process that asked is ended with all it started, and the keyring is
not asked again in this run. No call ever asks the person anything. Calls take a quarter of a second: never on
the thread that paints.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from select import select
from threading import Lock
from time import monotonic
from typing import Any

from bdesk.secrets.memory import without_ours

CALL_SECONDS = 3.0
START_SECONDS = 10.0
"""How long the process itself may take to start, which says nothing about a keyring on a busy machine."""

LONGEST_ANSWER = 65536
HELPER = Path(__file__).with_name("helper.py")


class State(StrEnum):
    """What became of a call. Only `USABLE` means that it was done."""

    USABLE = "usable"
    NONE = "none"
    PLAIN = "plain"
    LOCKED = "locked"
    HANGS = "hangs"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Answer:
    """`backend` is a name, of a class or an error; `secret` is what was read, None where nothing is kept."""

    state: State
    backend: str = ""
    secret: str | None = None

    def __repr__(self) -> str:
        # An answer that lands in a message or a log tells no secret.
        return f"Answer({self.state.value}, {self.backend})"


_hangs: Answer | None = None
_one_at_a_time = Lock()


def look() -> Answer:
    """Whether there is a keyring that can be used now, and which. Never raises."""
    return _ask({"what": "look"})


def read(key: str) -> Answer:
    """What is kept under a key. Never raises."""
    return _ask({"what": "read", "key": key})


def keep(key: str, secret: str) -> Answer:
    """Keep a secret under a key, in place of what was there. Never raises."""
    return _ask({"what": "keep", "key": key, "secret": secret})


def forget(key: str) -> Answer:
    """Take away what is kept under a key; nothing there is no failure. Never raises."""
    return _ask({"what": "forget", "key": key})


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """What the helper is started with: nothing of ours, and a `pass` that fails rather than asking for its
    passphrase on somebody's terminal."""
    kept = {name: value for name, value in without_ours(own).items() if name != "GPG_TTY"}
    options = kept.get("PASSWORD_STORE_GPG_OPTS", "")
    return kept | {"PASSWORD_STORE_GPG_OPTS": f"{options} --pinentry-mode=error".strip()}


def ask_again() -> None:
    """Forget that the keyring did not answer."""
    global _hangs
    _hangs = None


def _ask(request: Mapping[str, str]) -> Answer:
    global _hangs
    with _one_at_a_time:
        if _hangs is None:
            found = _call(request)
            _hangs = found if found.state is State.HANGS else None
            return found
        return _hangs


def _call(request: Mapping[str, str]) -> Answer:
    try:
        helper = subprocess.Popen(
            [sys.executable, "-P", str(HELPER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        return Answer(State.FAILS, type(error).__name__)
    assert helper.stdin is not None and helper.stdout is not None
    with helper.stdin, helper.stdout:
        try:
            with suppress(BrokenPipeError):
                helper.stdin.write(json.dumps(request).encode() + b"\n")
                helper.stdin.flush()
            out = helper.stdout.fileno()
            first, rest = _line(out, b"", START_SECONDS)
            if first == b"ready":
                first, rest = _line(out, rest, CALL_SECONDS)
            return _read(first)
        finally:
            _end(helper)


def _line(handle: int, begun: bytes, seconds: float) -> tuple[bytes | None, bytes]:
    """The next line and what came after it; None when the time is up or nothing more comes."""
    end = monotonic() + seconds
    while b"\n" not in begun and len(begun) < LONGEST_ANSWER:
        if not select([handle], [], [], max(0.0, end - monotonic()))[0]:
            return None, begun
        more = os.read(handle, 4096)
        if not more:
            return b"", b""
        begun += more
    line, _newline, rest = begun.partition(b"\n")
    return line, rest


def _read(line: bytes | None) -> Answer:
    if line is None:
        return Answer(State.HANGS)
    try:
        told: dict[str, Any] = json.loads(line)
        return Answer(State(told["state"]), str(told["backend"]), told.get("secret"))
    except (ValueError, KeyError, TypeError):
        return Answer(State.FAILS)


def _end(helper: "subprocess.Popen[bytes]") -> None:
    """End it with all it started: what asks for a passphrase outlives what started it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(helper.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        helper.wait(CALL_SECONDS)
