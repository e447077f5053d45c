"""Opening evidence with the person's own viewer, detached from the terminal."""

import shlex
import shutil
import subprocess


def open_with(viewer: str, address: str) -> bool:
    """Start the viewer on an address. False when it is not there; the address is an argument of its own,
    never part of a shell line, and never taken for an option."""
    command = shlex.split(viewer)
    if not command or shutil.which(command[0]) is None or address.startswith("-"):
        return False
    try:
        subprocess.Popen(
            [*command, address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
