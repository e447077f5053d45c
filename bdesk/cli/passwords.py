"""Where a command gets a password from: the environment, a file of ours, or the person at the terminal.

Never an argument: those are in the shell's history and in everybody's list of processes.
"""

import os
import sys
from pathlib import Path

from bdesk.errors import BadInput
from bdesk.i18n import _
from bdesk.secrets.files import first_line

PASSWORD = "BDESK_PASSWORD"
NEW_PASSWORD = "BDESK_NEW_PASSWORD"
AGENT_PASSWORD = "BDESK_AGENT_PASSWORD"
OWN_PASSWORD = "BDESK_OWN_PASSWORD"
"""One's own new password, where the present one was chosen by somebody else."""


def given(name: str) -> str | None:
    """The password in the variable `name`, or in the file that `name`_FILE says; None without either.

    Raises BadInput("password.file") for a file that others can read or that is not ours.
    """
    said = os.environ.get(name)
    if said:
        return said
    path = os.environ.get(f"{name}_FILE")
    return first_line(Path(path)) if path else None


def ask(name: str, label: str) -> str:
    """A password that somebody has. Raises BadInput("password.no_terminal") where nobody can be asked."""
    found = given(name)
    return found if found is not None else _typed(name, label)


def ask_new(name: str, label: str) -> str:
    """A password to be set: typed twice. Raises BadInput("password.differ") when the two are not the same,
    and what `operations.passwords.check_password` raises."""
    from bdesk.operations.staff.passwords import check_password

    found = given(name)
    if found is None:
        found = _typed(name, label)
        check_password(found)
        if _typed(name, _("{label} again", label=label)) != found:
            raise BadInput("password.differ")
    check_password(found)
    return found


def _typed(name: str, label: str) -> str:
    if not at_terminal():
        raise BadInput("password.no_terminal", name=name)
    import typer

    typed: str = typer.prompt(label, hide_input=True, err=True)
    return typed


def at_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()
