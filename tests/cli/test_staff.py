"""`bdesk staff`, and who acts on the command line."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.cli import main, passwords
from bdesk.clock import LOCAL
from bdesk.data import journal
from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import PersonState, Role, Stream
from bdesk.operations.context import Context
from bdesk.operations.staff.founding import found, list_staff
from bdesk.operations.staff.people import NewPerson, change_password, find_actor, sign_in
from tests.builders import make_store, person

ADMIN, AGENT, NEW = "admin password", "agent password", "first password"


@pytest.fixture
def url(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real store with an administrator 1000 and an agent 1001; the environment is the administrator's."""
    place = f"sqlite:///{own_home / 'desk.db'}"
    found(place, (NewPerson("1000", "周敏", Role.ADMIN, ADMIN), NewPerson("1001", "陈静", Role.AGENT, AGENT)))
    monkeypatch.setenv("BDESK_AS", "1000")
    monkeypatch.setenv("BDESK_PASSWORD", ADMIN)
    monkeypatch.setenv("BDESK_NEW_PASSWORD", NEW)
    yield place


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["staff", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_add_and_list(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    added = (
        "add",
        "１００２",
        "--name",
        "李\x1b强",
        "--role",
        "senior",
        "--group",
        "payment",
        "--skill",
        "refund",
    )
    assert run(capsys, *added) == (0, "1002 李强 can sign in.\n", "")
    with open_store(url) as store:
        assert sign_in(store, "1002", NEW).role is Role.SENIOR
    _, out, _ = run(capsys, "list", "--json")
    rows = {row["number"]: row for row in json.loads(out)["staff"]}
    assert set(rows) == {"1000", "1001", "1002"}
    assert (rows["1002"]["group"], rows["1002"]["skills"]) == ("payment", ["refund"])
    assert "password" not in out
    table = run(capsys, "list")[1]
    assert "李强" in table
    assert "1002" in table


def test_disable_enable_and_reset(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "disable", "1001")[:2] == (0, "1001 can no longer sign in.\n")
    with open_store(url) as store, pytest.raises(NotAllowed, match=r"sign_in\.refused"):
        sign_in(store, "1001", AGENT)
    assert [row["number"] for row in json.loads(run(capsys, "list", "--active", "--json")[1])["staff"]] == [
        "1000"
    ]
    assert "disabled" in run(capsys, "list")[1]
    assert run(capsys, "enable", "1001", "--json")[:2] == (0, '{\n  "number": "1001"\n}\n')
    assert run(capsys, "reset", "1001")[0] == 0
    with open_store(url) as store:
        with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
            sign_in(store, "1001", AGENT)
        assert sign_in(store, "1001", NEW).number == "1001"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "1001", "--name", "x"), 2, "The number 1001 is taken."),
        (("add", "1009", "--name", "x", "--group", "nowhere"), 2, "There is no group nowhere."),
        (("add", "1009", "--name", "x", "--role", "boss"), 2, "See `bdesk staff add --help`."),
        (("add", "1009"), 2, "--name is missing"),
        (("disable", "1000"), 1, "Nobody disables themselves"),
        (("reset", "9999"), 1, "Nobody with the number 9999 works here."),
        (("enable", "9999"), 1, "Nobody with the number 9999 works here."),
    ],
)
def test_refusals_are_one_line(
    url: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    found_code, out, err = run(capsys, *arguments)
    assert (found_code, out, err.count("\n")) == (code, "", 1)
    assert said in err


def test_only_an_administrator_changes_staff(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BDESK_PASSWORD", AGENT)
    for arguments in (("add", "1009", "--name", "x"), ("disable", "1000"), ("reset", "1000")):
        code, _, err = run(capsys, *arguments, "--as", "1001")
        assert (code, "Only an administrator may do this; you are signed in as agent." in err) == (1, True)
    assert run(capsys, "list", "--as", "1001")[0] == 0


def test_a_wrong_password_lets_nobody_in(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BDESK_PASSWORD", "wrong password")
    for _ in range(3):
        assert run(capsys, "list") == (1, "", "bdesk: Number or password is wrong. Type both again.\n")
    assert "Too many wrong passwords" in run(capsys, "list")[2]


def test_a_command_puts_nobody_on_duty_and_is_on_record(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "list")[0] == 0
    with open_store(url) as store:
        (admin, _) = list_staff(Context(store, load_book(), find_actor(store, "1000")))
        assert admin.state is PersonState.OFFLINE
        with store.read() as session:
            last = journal.newest(session, Stream.STAFF, "1000")
    assert last is not None
    assert (last.kind, last.payload) == ("staff.signed_in", {"on_duty": False})


def test_a_person_is_asked_for_number_and_password(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BDESK_AS", "BDESK_PASSWORD"):
        monkeypatch.delenv(name)
    code, _, err = run(capsys, "list")
    assert (code, "--as NUMBER or BDESK_AS" in err) == (2, True)
    answers = ["1000", ADMIN]
    monkeypatch.setattr(passwords, "at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: answers.pop(0))
    assert run(capsys, "list")[0] == 0
    assert answers == []


def test_a_training_store_takes_anybodys_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, training=True)
    person(store, "1001")
    store.close()
    monkeypatch.setenv("BDESK_STORE", store.url)
    assert run(capsys, "list", "--as", "1001")[0] == 0
    code, _, err = run(capsys, "list")
    assert (code, "training store" in err) == (2, True)
    assert run(capsys, "list", "--as", "7")[0] == 1


def test_changing_ones_own_password(url: str) -> None:
    with open_store(url) as store:
        ctx = Context(store, load_book(), find_actor(store, "1001"))
        with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
            change_password(ctx.store, ctx.actor, "wrong password", NEW)
        with pytest.raises(BadInput, match=r"password\.same"):
            change_password(ctx.store, ctx.actor, AGENT, AGENT)
        change_password(ctx.store, ctx.actor, AGENT, NEW)
        assert sign_in(store, "1001", NEW).number == "1001"


def test_skills_are_added_and_taken_away(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "skills", "1001", "--add", "appeal", "--add", "refund")
    assert said == (0, "1001 is offered: refund, appeal.\n", "")
    _, out, _ = run(capsys, "skills", "1001", "--remove", "appeal", "--json")
    assert json.loads(out) == {"number": "1001", "skills": ["refund"]}
    _, out, _ = run(capsys, "list", "--json")
    assert {row["number"]: row["skills"] for row in json.loads(out)["staff"]}["1001"] == ["refund"]
    said = run(capsys, "skills", "1001", "--remove", "refund")
    assert said == (0, "1001 is offered every kind of case.\n", "")
    code, out, err = run(capsys, "skills", "1001", "--remove", "refund")
    assert (code, out) == (2, "")
    assert err == "bdesk: 1001 does not have the skill refund. bdesk staff list shows what they have.\n"


def test_stand_ins_are_named_listed_and_ended(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(url) as store:
        today = store.now().astimezone(LOCAL).date()
    first, last = today.isoformat(), (today + timedelta(days=2)).isoformat()
    span = ("--from", first, "--to", last)
    said = run(capsys, "stand-in", "add", "1001", "--for", "supervisor", *span)
    assert said == (0, f"1  1001 stands in for supervisor from {first} through {last}.\n", "")
    with open_store(url) as store:
        assert find_actor(store, "1001").role is Role.SUPERVISOR
    _, out, _ = run(capsys, "stand-in", "list", "--json")
    (row,) = json.loads(out)["stand_ins"]
    assert (row["number"], row["own_role"], row["role"]) == ("1001", "agent", "supervisor")
    _, out, _ = run(capsys, "stand-in", "list")
    assert all(word in out for word in ("1001", "agent", "supervisor", first, last))
    later = (today + timedelta(days=5)).isoformat()
    assert run(capsys, "stand-in", "add", "1001", "--for", "senior", "--from", later, "--to", later)[0] == 0
    _, out, _ = run(capsys, "list")
    assert f"supervisor through {last}, senior from {later} through {later}" in out
    rows = {row["number"]: row for row in json.loads(run(capsys, "list", "--json")[1])["staff"]}
    assert [(one["role"], one["from_at"][:10]) for one in rows["1001"]["stands_in"]] == [
        ("supervisor", first),
        ("senior", later),
    ]
    assert rows["1000"]["stands_in"] == []
    assert run(capsys, "stand-in", "end", "2")[0] == 0
    code, _, err = run(capsys, "stand-in", "add", "1001", "--for", "senior", *span)
    assert (code, err) == (
        1,
        "bdesk: 1001 stands in for supervisor in these days already. Choose others, or end number 1 first: "
        "bdesk staff stand-in end.\n",
    )
    assert run(capsys, "stand-in", "end", "1") == (0, "The stand-in 1 is ended.\n", "")
    _, out, _ = run(capsys, "stand-in", "list", "--json")
    assert json.loads(out)["stand_ins"] == []
    _, out, _ = run(capsys, "stand-in", "list", "--all", "--json")
    assert json.loads(out)["stand_ins"][0]["ended_by"] == "1000"
    _, out, _ = run(capsys, "stand-in", "end", "1", "--json")
    assert out == ""
    assert run(capsys, "stand-in", "add", "1001", "--for", "supervisor", "--from", "x", "--to", last)[0] == 2
