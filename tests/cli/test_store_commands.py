"""`bdesk store`, `bdesk journal` and `bdesk doctor`, as somebody runs them."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bdesk import cli
from bdesk.cli import doctor
from bdesk.data.migrations import HEAD
from bdesk.data.store import Store
from bdesk.models.views.health import Health
from bdesk.secrets import keyrings
from bdesk.secrets.keyrings import Answer, State
from bdesk.speech import speak
from tests.builders import make_store, open_case

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = make_store(tmp_path)
    open_case(store)
    monkeypatch.setenv("BDESK_STORE", store.url)
    store.close()
    return store


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def runner(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return runner


def document(run: Run, *arguments: str, code: int = 0) -> Any:
    done, out, err = run(*arguments, "--json")
    assert (done, err) == (code, "")
    return json.loads(out)


def test_info_counts(store: Store, run: Run) -> None:
    found = document(run, "store", "info")
    assert (found["cases"], found["open_cases"], found["dialect"]) == (1, 1, "sqlite")
    assert found["info"]["training"] is False
    assert found["now"].endswith("+08:00")
    code, out, _ = run("store", "info")
    assert code == 0
    assert "1 open of 1 cases" in out


def test_commands_say_what_to_do_without_a_store(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BDESK_STORE", f"sqlite:///{tmp_path / 'no.db'}")
    for command in (("store", "info"), ("store", "migrate"), ("journal", "verify")):
        code, out, err = run(*command)
        assert (code, out) == (1, "")
        assert err.startswith("bdesk: There is no store at ")
        assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_migrate_says_when_there_is_nothing_to_do(store: Store, run: Run, tmp_path: Path) -> None:
    assert document(run, "store", "migrate") == {"before": HEAD, "after": HEAD, "kept": None}
    assert "up to date" in run("store", "migrate")[1]


def test_migrate_puts_back_what_guards_the_journal(store: Store, run: Run) -> None:
    connection = sqlite3.connect(store.place)
    connection.execute("DROP TRIGGER event_no_delete")
    connection.commit()
    connection.close()
    assert run("journal", "verify")[0] == 1
    assert run("store", "migrate")[0] == 0
    assert run("journal", "verify")[0] == 0


def test_backup_and_restore(store: Store, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = document(run, "store", "backup", str(copy))
    assert done["target"] == str(copy)
    code, _, err = run("store", "backup", str(copy))
    assert code == 1
    assert "--force" in err
    code, _, err = run("store", "restore", str(copy))
    assert code == 1
    assert "--force" in err
    done = document(run, "store", "restore", str(copy), "--force")
    assert Path(done["kept"]).exists()
    assert run("journal", "verify")[0] == 0


def test_verify_names_the_first_event(store: Store, run: Run) -> None:
    sound = document(run, "journal", "verify")
    assert sound["ok"] is True
    assert sound["first_fault"] is None
    assert "fit together" in run("journal", "verify")[1]
    connection = sqlite3.connect(store.place)
    connection.execute("DROP TRIGGER event_no_update")
    connection.execute("UPDATE event SET actor = 'x' WHERE stream = 'case' AND sequence = 2")
    connection.commit()
    connection.close()
    found = document(run, "journal", "verify", code=1)
    assert {"stream": "store", "stream_id": "event_no_update", "sequence": 0, "event_id": 0,
            "code": "trigger.missing"} in found["faults"]  # fmt: skip
    assert any(fault["code"] == "event.changed" and fault["sequence"] == 2 for fault in found["faults"])
    code, out, _ = run("journal", "verify")
    assert code == 1
    assert "first event that does not fit" in out


def test_doctor_lists_checks_and_fails_on_a_fault(
    store: Store, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = document(run, "doctor")
    names = {one["name"] for one in found["checks"]}
    assert {"sqlite", "store", "permissions", "disk", "journal", "locale", "terminal", "keyring"} <= names
    assert all(one["text"] and not one["text"].startswith(one["code"]) for one in found["checks"])
    assert "Journal" in run("doctor")[1]
    assert "nothing leaves this machine" in next(
        one["text"] for one in found["checks"] if one["name"] == "delivery"
    )
    (tmp_path / "desk.db").chmod(0o644)
    assert run("doctor")[0] == 1


@pytest.mark.parametrize(
    ("size", "code"),
    [((80, 24), "doctor.terminal"), ((60, 15), "doctor.terminal_small"), (None, "doctor.terminal_none")],
)
def test_the_terminal_is_measured(
    size: tuple[int, int] | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def measured(_handle: int) -> os.terminal_size:
        if size is None:
            raise OSError
        return os.terminal_size(size)

    monkeypatch.setattr(os, "get_terminal_size", measured)
    assert doctor.terminal_check().code == code


@pytest.mark.parametrize(
    ("encoding", "health"),
    [
        ("UTF-8", Health.OK),
        ("ANSI_X3.4-1968", Health.OK),
        ("GB18030", Health.WARNING),
        ("??", Health.WARNING),
    ],
)
def test_the_locale_is_read(encoding: str, health: Health, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: encoding)
    assert doctor.locale_check().health is health


@pytest.mark.parametrize(
    ("found", "code", "health"),
    [
        (Answer(State.USABLE, "keyring.backends.SecretService.Keyring"), "doctor.keyring", Health.OK),
        (Answer(State.NONE), "doctor.keyring_none", Health.OK),
        (Answer(State.PLAIN, "keyrings.alt.file.PlaintextKeyring"), "doctor.keyring_plain", Health.WARNING),
        (Answer(State.LOCKED, "x"), "doctor.keyring_locked", Health.WARNING),
        (Answer(State.HANGS), "doctor.keyring_hangs", Health.WARNING),
        (Answer(State.FAILS, "KeyringError"), "doctor.keyring_fails", Health.WARNING),
    ],
)
def test_only_the_name_of_the_keyring_is_told(
    found: Answer, code: str, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyrings, "look", lambda: found)
    check = doctor.keyring_check()
    assert (check.code, check.health) == (code, health)
    assert "{" not in speak(check.code, check.params)
