"""docs/commands.md says what the commands say."""

import subprocess
import sys
from pathlib import Path

from bdesk.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_commands_is_current() -> None:
    run = subprocess.run(
        [sys.executable, "tools/commands.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_every_command_and_its_examples_are_on_the_page() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        part = page.split(f"## bdesk {command.name}\n", 1)[1].split("\n## ", 1)[0]
        assert f"bdesk {command.name}" in part
        assert "Examples:" in part
