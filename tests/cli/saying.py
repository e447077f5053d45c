"""Commands said as on a command line, and what they print."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bdesk.cli import main

Say = Callable[..., tuple[int, str, str]]
"""Arguments to the exit code, what was printed, and what was printed as an error."""


def speaker(capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs commands in this process."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def document(say: Say, *arguments: str) -> Any:
    """What `--json` prints of a command that is done."""
    code, out, err = say(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)
