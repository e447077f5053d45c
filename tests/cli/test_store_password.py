"""The password of a PostgreSQL store: where it is looked for, that nothing shows it, what is said without it.

A real server with a role that needs one; a real keyring where there is one.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.cli import passwords
from bdesk.cli.address import STORE_PASSWORD, key_of, store_address
from bdesk.data import server as door
from bdesk.data.engine import parse, shown
from bdesk.data.store import create_store, open_store
from bdesk.errors import BadInput, DeskError, StoreProblem
from bdesk.secrets.keyrings import State
from tests.cli.saying import Say, speaker
from tests.ground.keys_at_hand import MISSING, keyring_at
from tests.operations.rings import MemoryRing, memory_ring
from tests.postgres import own_server

RIGHT = "Sésame, öffne@dich:/ 100%"
WRONG = "geheim-und-falsch"


@pytest.fixture(scope="module")
def wants_one() -> Iterator[str]:
    """The address, without a password, of a store on a server that lets `keeper` in with RIGHT only."""
    psycopg = pytest.importorskip("psycopg", reason="the postgres extra is not installed")
    with own_server() as started:
        address = parse(started).set(username="keeper", database="kept")._replace(password=None)
        with psycopg.connect(started, autocommit=True) as admin:
            admin.execute(psycopg.sql.SQL("CREATE ROLE keeper LOGIN PASSWORD {}").format(RIGHT))
            admin.execute("CREATE DATABASE kept OWNER keeper")
            rules = Path(admin.execute("SHOW hba_file").fetchone()[0])
            rules.write_text(f"local all keeper scram-sha-256\n{rules.read_text()}")
            admin.execute("SELECT pg_reload_conf()")
        url = address.render_as_string()
        end = time.monotonic() + 10
        while door.refusal(url) is None:  # until the server has read its rules again
            assert time.monotonic() < end
            time.sleep(0.02)
        create_store(door.with_password(url, RIGHT)).close()
        yield url


@pytest.fixture
def url(wants_one: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("BDESK_STORE", wants_one)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    for name in ("PGPASSWORD", STORE_PASSWORD, f"{STORE_PASSWORD}_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(passwords, "at_terminal", lambda: False)
    return wants_one


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryRing:
    return memory_ring(monkeypatch)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    return speaker(capsys)


def typed(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[str]:
    """Somebody sits there and types this; what they were asked."""
    asked: list[str] = []

    def prompt(label: str, **how: object) -> str:
        assert how["hide_input"]
        asked.append(label)
        return answer

    monkeypatch.setattr(passwords, "at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    return asked


def pgpass(tmp_path: Path, password: str) -> None:
    path = tmp_path / "pgpass"
    quoted = password.replace("\\", "\\\\").replace(":", "\\:")
    path.write_text(f"*:*:*:keeper:{quoted}\n", "utf-8")
    path.chmod(0o600)


def file_of(tmp_path: Path, password: str) -> str:
    path = tmp_path / "first"
    path.write_text(f"{password}\n", "utf-8")
    path.chmod(0o600)
    return str(path)


# Where it is looked for


def test_the_order_is_variable_file_pgpass_keyring_question(
    url: str, ring: MemoryRing, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = typed(monkeypatch, RIGHT)
    info = ("store", "info")
    assert say(*info)[0] == 0
    assert asked == [f"Password of {url}"]
    ring.kept[key_of(url)] = RIGHT
    assert say(*info)[0] == 0
    assert len(asked) == 1
    questions = ring.asked
    pgpass(tmp_path, RIGHT)
    assert say(*info)[0] == 0
    monkeypatch.setenv(f"{STORE_PASSWORD}_FILE", file_of(tmp_path, RIGHT))
    pgpass(tmp_path, WRONG)
    assert say(*info)[0] == 0
    monkeypatch.setenv(STORE_PASSWORD, RIGHT)
    file_of(tmp_path, WRONG)
    assert say(*info)[0] == 0
    monkeypatch.delenv(STORE_PASSWORD)
    monkeypatch.delenv(f"{STORE_PASSWORD}_FILE")
    monkeypatch.setenv("PGPASSWORD", RIGHT)
    assert say(*info)[0] == 0
    assert (len(asked), ring.asked) == (1, questions)


def test_one_in_the_address_itself_is_used(
    url: str, ring: MemoryRing, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BDESK_STORE", door.with_password(url, RIGHT))
    code, out, err = say("store", "info")
    assert (code, err, ring.asked) == (0, "", 0)
    assert "100%" not in out
    assert "Sésame" not in out


@pytest.mark.parametrize("where", ["variable", "file", "pgpass", "PGPASSWORD", "address", "typed"])
def test_a_wrong_one_is_one_clear_line_and_is_not_shown(
    url: str, ring: MemoryRing, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    asked: list[str] = []
    if where == "variable":
        monkeypatch.setenv(STORE_PASSWORD, WRONG)
    elif where == "file":
        monkeypatch.setenv(f"{STORE_PASSWORD}_FILE", file_of(tmp_path, WRONG))
    elif where == "pgpass":
        pgpass(tmp_path, WRONG)
    elif where == "PGPASSWORD":
        monkeypatch.setenv("PGPASSWORD", WRONG)
    elif where == "address":
        monkeypatch.setenv("BDESK_STORE", door.with_password(url, WRONG))
    else:
        asked = typed(monkeypatch, WRONG)
    code, out, err = say("store", "info")
    assert (code, out) == (1, "")
    last = err.splitlines()[-1]
    assert "does not take this password" in last
    assert len(err.splitlines()) == (2 if where == "typed" else 1)
    assert WRONG not in err
    # What is wrong where it was given is not hidden by asking for another.
    assert len(asked) == (1 if where == "typed" else 0)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.NONE, "there is no keyring here"),
        (State.PLAIN, "does not encrypt"),
        (State.LOCKED, "is locked"),
        (State.HANGS, "does not answer"),
        (State.FAILS, "refuses"),
    ],
)
def test_without_a_usable_keyring_it_says_why_and_asks(
    url: str, ring: MemoryRing, say: Say, monkeypatch: pytest.MonkeyPatch, state: State, said: str
) -> None:
    ring.state = state
    asked = typed(monkeypatch, RIGHT)
    code, _out, err = say("store", "info")
    assert (code, len(asked)) == (0, 1)
    assert err.count("\n") == 1
    assert said in err
    # And what would be kept is not typed for nothing.
    code, _out, err = say("store", "password")
    assert (code, len(asked)) == (1, 1)
    assert said in err


def test_one_in_the_keyring_that_is_old_is_told_and_asked_anew(
    url: str, ring: MemoryRing, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.kept[key_of(url)] = WRONG
    asked = typed(monkeypatch, RIGHT)
    code, _out, err = say("store", "info")
    assert (code, len(asked), err.count("\n")) == (0, 1, 1)
    assert "does not take the password that the keyring here keeps" in err


def test_nobody_there_to_be_asked_is_told_what_to_set(url: str, ring: MemoryRing, say: Say) -> None:
    code, out, err = say("store", "info")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].endswith(
        "There is no terminal to ask for a password. Set BDESK_STORE_PASSWORD or BDESK_STORE_PASSWORD_FILE."
    )


def test_doctor_asks_nobody_and_says_what_is_missing(
    url: str, ring: MemoryRing, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = typed(monkeypatch, RIGHT)
    found = {one["name"]: one for one in json.loads(say("doctor", "--json")[1])["checks"]}
    assert (found["store"]["code"], asked) == ("store.password_missing", [])
    monkeypatch.setenv(STORE_PASSWORD, WRONG)
    found = {one["name"]: one for one in json.loads(say("doctor", "--json")[1])["checks"]}
    assert found["store"]["code"] == "store.password_wrong"
    monkeypatch.delenv(STORE_PASSWORD)
    ring.kept[key_of(url)] = RIGHT
    found = {one["name"]: one for one in json.loads(say("doctor", "--json")[1])["checks"]}
    assert found["store"]["code"] == "doctor.store"


# Keeping it


def test_it_is_kept_once_the_server_takes_it(
    url: str, ring: MemoryRing, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, WRONG)
    code, out, err = say("store", "password")
    assert (code, out, ring.kept) == (1, "", {})
    assert "does not take this password" in err
    asked = typed(monkeypatch, RIGHT)
    code, out, err = say("store", "password")
    assert (code, out, err) == (0, f"The keyring here keeps the password of {url}.\n", "")
    assert ring.kept == {key_of(url): RIGHT}
    assert say("store", "info")[0] == 0
    assert len(asked) == 1
    assert say("store", "password", "--forget")[0] == 0
    assert ring.kept == {}


def test_a_file_has_none(own_copy: str, ring: MemoryRing, say: Say) -> None:
    code, out, err = say("store", "password")
    assert (code, out) == (2, "")
    assert "is a file and has no password" in err
    assert store_address() == own_copy
    assert ring.asked == 0


def test_a_real_keyring_keeps_it(url: str, tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    if MISSING:
        pytest.skip(f"no real keyring here: {MISSING} missing (Debian: dbus, gnome-keyring)")
    with keyring_at(tmp_path / "ring") as made:
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
        for name, value in made.environment.items():
            if name != "HOME":
                monkeypatch.setenv(name, value)
        asked = typed(monkeypatch, RIGHT)
        assert say("store", "password")[0] == 0
        assert say("store", "info")[0] == 0
        assert len(asked) == 1
        made.lock()
        code, _out, err = say("store", "info")
        assert (code, len(asked)) == (0, 2)
        assert "the keyring is locked" in err
    assert RIGHT.encode() not in b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())


# What is shown of it


def test_a_process_shows_it_to_nobody(url: str, tmp_path: Path) -> None:
    """Neither the list of processes, nor what is printed, nor the log and all else that is written."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom bdesk.cli import main\n"
        "code = main(['store', 'info'])\n"
        "print(Path('/proc/self/cmdline').read_text() if Path('/proc').exists() else sys.argv)\n"
        "sys.exit(code)\n"
    )
    home = tmp_path / "home"
    environment = os.environ | {
        "BDESK_HOME": str(home),
        f"{STORE_PASSWORD}_FILE": file_of(tmp_path, RIGHT),
        "BDESK_STORE": url,
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    written = "".join(one.read_text("utf-8", "replace") for one in home.rglob("*") if one.is_file())
    for place in (done.stdout, done.stderr, written):
        assert RIGHT not in place
        assert "Sésame" not in place


def test_a_refusal_carries_no_password(url: str) -> None:
    with pytest.raises(StoreProblem, match=r"store\.password_wrong") as refused:
        open_store(door.with_password(url, WRONG))
    assert refused.value.__cause__ is None
    assert WRONG not in f"{refused.value!r} {refused.value} {refused.value.params}"
    with open_store(door.with_password(url, RIGHT)) as store:
        assert "Sésame" not in store.place
        assert RIGHT not in store.place


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://keeper:geheim@host:port/name",
        "postgresql://keeper:geh@geheim@host/name",
        "postgresql:keeper:geheim@host/name",
        "mysql://keeper:geheim@host/name",
        "postgresql://keeper@host:x/name?password=geheim",
        "oracle://keeper@host/name?password=geheim",
    ],
)
def test_an_address_that_is_refused_shows_no_password(address: str) -> None:
    with pytest.raises(BadInput, match=r"store\.url") as refused:
        parse(address)
    assert "geheim" not in str(refused.value)


def test_an_address_is_shown_without_what_libpq_takes_behind_it() -> None:
    place = shown(
        parse("postgresql://keeper:geheim@host/name?password=geheim&sslpassword=geheim&sslmode=require")
    )
    assert "geheim" not in place
    assert "sslmode=require" in place


def test_a_missing_driver_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DeskError, match=r"store\.no_driver"):
        open_store(url)
