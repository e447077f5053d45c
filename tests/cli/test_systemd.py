"""The units of samples/systemd: what they say is what the command line understands."""

import json
import shlex
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.models.kinds import Role
from bdesk.operations.staff.founding import found
from bdesk.operations.staff.people import NewPerson

UNITS = Path(__file__).parents[2] / "samples" / "systemd"
PASSWORD = "sweeping by the minute"


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """The sections of a unit; a setting may stand several times."""
    found_in: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in (UNITS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found_in.setdefault(section, {}).setdefault(key, []).append(value)
    return found_in


def test_the_service_sweeps_a_real_store_by_itself(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service = unit("bdesk-sweep.service")["Service"]
    said = dict(one.split("=", 1) for one in service["Environment"])
    number = said["BDESK_AS"]
    found(
        f"sqlite:///{own_home / 'desk.db'}",
        (
            NewPerson("1000", "周敏", Role.ADMIN, "admin password"),
            NewPerson(number, "自动", Role.AGENT, PASSWORD),
        ),
    )
    secret = own_home / Path(said["BDESK_PASSWORD_FILE"]).name
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    secret.chmod(0o600)
    monkeypatch.setenv("BDESK_AS", number)
    monkeypatch.setenv("BDESK_PASSWORD_FILE", str(secret))
    assert set(said) == {"BDESK_HOME", "BDESK_AS", "BDESK_PASSWORD_FILE"}
    program, *arguments = shlex.split(service["ExecStart"][0])
    assert Path(program).name == "bdesk"
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["breaches"] == 0


def test_the_timer_starts_the_service_every_minute() -> None:
    assert unit("bdesk-sweep.timer")["Timer"]["OnCalendar"] == ["minutely"]
    assert unit("bdesk-sweep.service")["Service"]["Type"] == ["oneshot"]
    assert {path.name for path in UNITS.iterdir()} == {"bdesk-sweep.service", "bdesk-sweep.timer"}
