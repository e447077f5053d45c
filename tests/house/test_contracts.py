"""The rooms of the house and what may load what."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"textual", "sqlmodel", "sqlalchemy", "alembic", "keyring", "rich", "pydantic", "ruamel", "argon2"}


def loaded_by(code: str, tmp_path: Path) -> set[str]:
    """The top-level packages that are loaded after `code` has run in a process of its own."""
    script = "import sys, json\ndef main():\n"
    script += "".join(f"    {line}\n" for line in code.splitlines())
    script += "main()\nsys.stderr.write(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"BDESK_HOME": str(tmp_path / "home"), "LANG": "zh_CN.UTF-8"},
    )
    return set(json.loads(run.stderr))


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "bdesk").rglob("*.py")} - {
        ROOT / "bdesk/data/migrations/versions"
    }
    # Without the file the wheel leaves the folder out and the contracts do not see it.
    assert [
        str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()
    ] == []


def test_imports_keep_the_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    code = "sys.argv = ['bdesk', '--help']\nfrom bdesk.cli import main as bdesk\nassert bdesk() == 0"
    got = loaded_by(code, tmp_path)
    assert "typer" in got
    assert got & HEAVY == set()
    assert not (tmp_path / "home").exists()


def test_an_unknown_command_loads_no_heavy_library_either(tmp_path: Path) -> None:
    code = "sys.argv = ['bdesk', 'nothing']\nsys.stderr = open('/dev/null', 'w')\n"
    code += "from bdesk.cli import main as bdesk\nassert bdesk() == 2\nsys.stderr = sys.__stderr__"
    # Typer itself reads values with pydantic as soon as a command line is parsed.
    assert loaded_by(code, tmp_path) & HEAVY <= {"pydantic"}


@pytest.mark.parametrize("module", ["clock", "errors", "i18n", "keys", "paths", "settings", "speech", "text"])
def test_the_ground_stands_on_the_standard_library(module: str, tmp_path: Path) -> None:
    got = loaded_by(f"import bdesk.{module}", tmp_path)
    assert got & (HEAVY | {"typer", "click"}) == set()


def test_the_kitty_protocol_is_off_before_textual_can_be_imported(tmp_path: Path) -> None:
    code = "import os, bdesk\nassert os.environ['TEXTUAL_DISABLE_KITTY_KEY'] == '1'"
    assert "textual" not in loaded_by(code, tmp_path)
