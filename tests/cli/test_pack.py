"""`bdesk pack`: one new file, its digest, and who may write it."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.saying import Say, speaker


@pytest.fixture
def say(own_copy: str, capsys: pytest.CaptureFixture[str]) -> Say:
    return speaker(capsys)


def test_one_file_for_an_outside_body(s1: str, say: Say, tmp_path: Path) -> None:
    out = tmp_path / "pack.txt"
    code, text, _err = say("pack", s1, "--out", str(out), "--json", "--as", "2001")
    assert code == 0
    told = json.loads(text)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert s1 in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o777 == 0o600
    code, _text, err = say("pack", s1, "--out", str(out), "--as", "2001")
    assert code != 0 and "pack.txt" in err


def test_an_agent_hands_out_nothing(s1: str, say: Say, tmp_path: Path) -> None:
    out = tmp_path / "pack.txt"
    assert say("pack", s1, "--out", str(out))[0] != 0
    assert not out.exists()
