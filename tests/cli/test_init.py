"""`bdesk init`: a real store, all or nothing, with passwords from the terminal, the environment or a file."""

import json
import os
import stat
from pathlib import Path

import pytest

from bdesk.cli import main, passwords
from bdesk.data.book.book import load_book
from bdesk.data.store import create_store, open_store
from bdesk.data.verify import verify
from bdesk.errors import BadInput
from bdesk.models.kinds import PersonState, Role
from bdesk.operations.context import Context
from bdesk.operations.staff.founding import found, list_staff
from bdesk.operations.staff.groups import NAMES
from bdesk.operations.staff.people import NewPerson, sign_in

GOOD = "correct horse"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["init", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def url(own_home: Path) -> str:
    return f"sqlite:///{own_home / 'desk.db'}"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at a terminal who types these one after the other."""
    answers: list[str] = []
    monkeypatch.setattr(passwords, "at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: answers.pop(0))
    return answers


def test_a_script_makes_a_store_with_an_administrator_and_an_agent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own_home: Path, url: str
) -> None:
    monkeypatch.setenv("BDESK_PASSWORD", GOOD)
    monkeypatch.setenv("BDESK_AGENT_PASSWORD", GOOD + "2")
    code, out, err = run(capsys, "--name", "周敏", "--agent", "1001", "--agent-name", "陈静", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"store": str(own_home / "desk.db"), "staff": ["1000", "1001"]}
    assert stat.S_IMODE((own_home / "desk.db").stat().st_mode) == 0o600
    with open_store(url) as store:
        assert not store.training
        admin = sign_in(store, "1000", GOOD)
        agent = sign_in(store, "1001", GOOD + "2", on_duty=False)
        assert (admin.role, admin.name, agent.role, agent.group_code) == (
            Role.ADMIN,
            "周敏",
            Role.AGENT,
            "hotline",
        )
        states = {one.number: one.state for one in list_staff(Context(store, load_book(), admin))}
        assert states == {"1000": PersonState.ONLINE, "1001": PersonState.OFFLINE}
        assert verify(store, load_book()).ok


def test_every_group_a_case_can_be_handed_to_is_there(url: str) -> None:
    from sqlmodel import select

    from bdesk.models.tables import Group

    found(url, (NewPerson("1000", "", Role.ADMIN, GOOD),))
    with open_store(url) as store, store.read() as session:
        assert set(session.exec(select(Group.code))) == set(NAMES)


def test_a_person_types_each_password_twice(
    capsys: pytest.CaptureFixture[str], typed: list[str], url: str
) -> None:
    typed += [GOOD, GOOD, "1001", GOOD + "2", GOOD + "2"]
    assert run(capsys)[0] == 0
    assert typed == []
    with open_store(url) as store:
        assert sign_in(store, "1001", GOOD + "2").role is Role.AGENT


def test_nobody_but_the_administrator_when_no_agent_is_wanted(
    capsys: pytest.CaptureFixture[str], typed: list[str]
) -> None:
    typed += [GOOD, GOOD, " "]
    code, out, _ = run(capsys)
    assert code == 0
    assert "Staff who can sign in: 1000." in out


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([GOOD, GOOD + "x"], "not the same"),
        (["short"], "at least 8 characters"),
        (["密码密码密码密码"], "input method"),
        ([GOOD, GOOD, "1000", GOOD, GOOD], "The number 1000 is taken."),
        ([GOOD, GOOD, "10-!", GOOD, GOOD], "cannot be a staff number"),
    ],
)
def test_a_slip_is_one_line_and_init_can_be_run_again(
    capsys: pytest.CaptureFixture[str], typed: list[str], answers: list[str], said: str
) -> None:
    typed += answers
    code, out, err = run(capsys)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert GOOD not in err
    typed[:] = [GOOD, GOOD, ""]
    assert run(capsys)[0] == 0


def test_an_existing_store_is_refused_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str], typed: list[str], url: str, own_home: Path
) -> None:
    found(url, (NewPerson("1000", "", Role.ADMIN, GOOD),))
    before = (own_home / "desk.db").read_bytes()
    code, _, err = run(capsys)
    assert (code, err.count("\n")) == (1, 1)
    assert (own_home / "desk.db").read_bytes() == before


def test_a_training_store_is_refused(capsys: pytest.CaptureFixture[str], url: str) -> None:
    create_store(url, training=True).close()
    assert run(capsys)[0] == 1


def test_a_file_that_is_something_else_is_left_alone(
    capsys: pytest.CaptureFixture[str], own_home: Path
) -> None:
    (own_home / "desk.db").write_text("dear diary")
    assert run(capsys)[0] == 1
    assert (own_home / "desk.db").read_text() == "dear diary"


def test_what_a_broken_attempt_left_is_taken_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    create_store(url).close()
    monkeypatch.setenv("BDESK_PASSWORD", GOOD)
    assert run(capsys)[0] == 0
    assert run(capsys)[0] == 1


def test_without_terminal_or_variable_it_says_which_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys)
    assert (code, err.count("\n")) == (2, 1)
    assert "Set BDESK_PASSWORD or BDESK_PASSWORD_FILE" in err


def test_a_password_file_must_be_ours_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    path = tmp_path / "password"
    monkeypatch.setenv("BDESK_PASSWORD_FILE", str(path))
    assert "cannot be read" in run(capsys)[2]
    path.write_text(f"{GOOD}\nsecond line\n")
    path.chmod(0o640)
    code, _, err = run(capsys)
    assert (code, f"chmod 600 {path}" in err) == (2, True)
    path.chmod(0o600)
    assert run(capsys)[0] == 0
    with open_store(url) as store:
        assert sign_in(store, "1000", GOOD).number == "1000"


def test_a_fifo_is_no_password_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    monkeypatch.setenv("X_FILE", str(tmp_path / "folder"))
    with pytest.raises(BadInput, match=r"password\."):
        passwords.given("X")
    assert os.environ.get("X") is None


def test_the_first_person_is_an_administrator(url: str, own_home: Path) -> None:
    with pytest.raises(BadInput, match=r"staff\.first_admin"):
        found(url, (NewPerson("1001", "", Role.AGENT, GOOD),))
    assert not (own_home / "desk.db").exists()
