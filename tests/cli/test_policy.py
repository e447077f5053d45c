"""`bdesk policy`: which limits count in the store, and adopting others."""

import json
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.data.book.book import load_book
from bdesk.data.book.policies import packaged_limits_text
from bdesk.models.kinds import Role
from bdesk.operations.staff.founding import found
from bdesk.operations.staff.people import NewPerson

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def url(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = (
        NewPerson("1000", "周敏", Role.ADMIN, PASSWORD),
        NewPerson("1001", "陈静", Role.AGENT, PASSWORD),
    )
    found(f"sqlite:///{own_home / 'desk.db'}", people)
    monkeypatch.setenv("BDESK_AS", "1000")
    monkeypatch.setenv("BDESK_PASSWORD", PASSWORD)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_show_adopt_and_what_doctor_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packaged = load_book().version("policy", "limits")
    code, out, _ = run(capsys, "policy", "show", "--json")
    shown = json.loads(out)["limits"]
    assert (code, shown["version"], shown["here"], shown["same"]) == (0, packaged, packaged, True)
    assert run(capsys, "policy", "adopt")[:2] == (0, f"Limits {packaged} are those of the store already.\n")
    path = tmp_path / "limits.yaml"
    path.write_text(packaged_limits_text().replace("version: 1", "version: 2", 1), "utf-8")
    code, out, _ = run(capsys, "policy", "adopt", str(path), "--json")
    adopted = json.loads(out)["limits"]
    assert (code, adopted["was"], adopted["changed"]) == (0, packaged, True)
    assert adopted["version"].startswith("2-")
    told = run(capsys, "policy", "show")[1].splitlines()
    assert told[0].startswith(f"Limits {adopted['version']}, adopted by 1000 at ")
    assert told[1].startswith("The limits on this machine are not the store's")
    checks = json.loads(run(capsys, "doctor", "--json")[1])["checks"]
    assert {one["name"]: one["health"] for one in checks}["limits"] == "warning"


def test_refusals_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "policy", "adopt", "--as", "1001")
    assert (code, err.count("\n")) == (1, 1)
    assert "Only an administrator" in err
    path = tmp_path / "limits.yaml"
    path.write_text("version: no\n", "utf-8")
    code, _, err = run(capsys, "policy", "adopt", str(path))
    assert (code, err.count("\n")) == (2, 1)
    assert "limits.yaml" in err
