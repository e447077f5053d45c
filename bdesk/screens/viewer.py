"""Opening evidence with the person's own viewer, detached from the terminal."""

import os
import shlex
import shutil
import subprocess

from bdesk.rules.locators import locator_fault
from bdesk.secrets.memory import without_ours

_started: list[subprocess.Popen[bytes]] = []


def open_with(viewer: str, address: str) -> bool:
    """Start the viewer on an address. False when it is not there; the address is an argument of its own,
    never part of a shell line, and one that `locator_fault` finds fault with is never handed over."""
    try:
        command = shlex.split(viewer)
    except ValueError:
        return False
    if not command or shutil.which(command[0]) is None or locator_fault(address) is not None:
        return False
    # Those that have ended are reaped; the rest stay held, or Python would warn of a lost child.
    _started[:] = [one for one in _started if one.poll() is None]
    try:
        started = subprocess.Popen(
            [*command, address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=without_ours(os.environ),
            start_new_session=True,
        )
    except OSError:
        return False
    _started.append(started)
    return True
