"""What a process leaves behind when it dies, and what others of the same user may read of it meanwhile."""

import sys
from collections.abc import Mapping
from contextlib import suppress

PR_SET_DUMPABLE = 4

OURS = ("BDESK_", "PGPASSWORD")
"""Variables of ours may hold passwords, and so does the one that libpq reads."""


def without_ours(own: Mapping[str, str]) -> dict[str, str]:
    """The environment that programs are started with which are not ours."""
    return {name: value for name, value in own.items() if not name.startswith(OURS)}


def keep_out_of_dumps() -> None:
    """No core file from now on: it would hold passwords and customers. On Linux other processes of the same
    user cannot read this one's memory and environment either; root can."""
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        # A core that goes to a program (systemd-coredump) heeds this, not the limit.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
