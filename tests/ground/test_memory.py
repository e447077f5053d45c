"""What a desk leaves behind when it dies, and what others may read of it while it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from bdesk.screens import viewer

SCRIPT = """
import ctypes, resource, sys
from bdesk.secrets.memory import keep_out_of_dumps
keep_out_of_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0)
# What a desk still has to do: start others, look at its own files.
import subprocess
started = subprocess.run([sys.executable, "-c", "print('started')"], capture_output=True, text=True)
print(started.stdout.strip())
"""


def test_no_core_and_no_look_into_its_memory() -> None:
    root = Path(__file__).resolve().parents[2]
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["0", "0", "started"]


def test_the_viewer_and_the_keyring_inherit_no_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "seen"
    script = tmp_path / "viewer"
    script.write_text(f"#!/bin/sh\nenv > {out}.new && mv {out}.new {out}\n")
    script.chmod(0o700)
    monkeypatch.setenv("BDESK_PASSWORD", "correct horse")
    assert viewer.open_with(str(script), "https://evidence.example.com/1.jpg")
    viewer._started[-1].wait(20)
    text = out.read_text("utf-8")
    assert "PATH=" in text and "correct horse" not in text
