"""What is handed out: the lock, the Makefile's set-up, and the built wheel."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "awk", "cat", "dirname", "env", "make", "mkdir", "rm", "touch", "uname")


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", text) for text in requirements)
    return {re.sub(r"[._-]+", "-", match[0]).lower() for match in found if match}


def test_the_lock_pins_all_with_hashes_and_names_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    entries = text.replace("\\\n", " ").splitlines()
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry
    table = project()
    listed = table["project"]
    groups = table["dependency-groups"]
    assert isinstance(listed, dict)
    assert isinstance(groups, dict)
    wanted = listed["dependencies"] + listed["optional-dependencies"]["postgres"] + groups["dev"]
    assert names(wanted) - names(entries) == set()


def only_tools(tmp_path: Path, python: str) -> dict[str, str]:
    """A PATH with neither uv nor any Python but the one given as a script."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    (folder / "python3").write_text(python)
    (folder / "python3").chmod(0o755)
    return {"PATH": str(folder)}


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n', "sudo apt install python3-venv"),
        ("#!/bin/sh\nexit 1\n", "Python 3.11, 3.12 or 3.13 is needed"),
    ],
    ids=["no venv module", "too old"],
)
def test_set_up_says_in_one_line_what_to_install(tmp_path: Path, python: str, said: str) -> None:
    tree = tmp_path / "tree"
    (tree / "tools").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "tools/setup.sh"):
        shutil.copy(ROOT / name, tree / name)
    done = subprocess.run(
        ["make", "setup"],
        cwd=tree,
        env=only_tools(tmp_path, python),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(lines) == 1
    assert said in lines[0]
    assert not (tree / ".venv").exists()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree so that nothing is left in it."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tree / name)
    shutil.copytree(ROOT / "bdesk", tree / "bdesk", ignore=shutil.ignore_patterns("__pycache__"))
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tree / "dist"),
        str(tree),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = (tree / "dist").glob("*.whl")
    return built


def tracked_content() -> set[str]:
    kept = {
        ".yaml",
        ".po",
        ".mo",
        ".mako",
        ".tcss",
        ".md",
        ".toml",
        ".json",
        ".jsonl",
        ".csv",
        ".py",
        ".typed",
    }
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bdesk").rglob("*")
        if path.suffix in kept or path.name == "py.typed"
    }


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert tracked_content() - held == set()
    assert not [name for name in held if "__pycache__" in name or name.startswith("tests")]


def test_the_installed_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    purelib = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    # Its own packages first, those of this environment after them: nothing is fetched, and an editable
    # install of this tree is not followed, because .pth files of a .pth folder are not read.
    (Path(purelib) / "run.pth").write_text(f"{site}\n{sysconfig.get_path('purelib')}\n")
    script = """
import importlib.resources, json, sys
import bdesk
from bdesk.cli import main
from bdesk.i18n import translate
assert translate("zh", "Queue") == "队列"
book = importlib.resources.files("bdesk").joinpath("data", "book")
def count(folder):
    return sum(count(item) if item.is_dir() else len(item.read_bytes()) > 0 for item in folder.iterdir())
print(bdesk.__file__, count(book), file=sys.stderr)
sys.exit(main(["--help"]))
"""
    environment = {"PATH": os.defpath, "BDESK_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [python, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "keys" in done.stdout
    place, files = done.stderr.split()
    assert Path(place).is_relative_to(site)
    assert int(files) >= 2
