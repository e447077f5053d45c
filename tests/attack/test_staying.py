"""Tokens that ran out, were ended, carried away or borrowed; rows that were edited; what is left about."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.data.book.book import load_book
from bdesk.data.verify import verify
from bdesk.errors import NotAllowed
from bdesk.log import record
from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff import locking, people, staying, stays
from bdesk.operations.staff.staying import REASONS
from bdesk.secrets import machine
from bdesk.secrets.kept import number_kept
from bdesk.secrets.keyrings import State
from tests.attack.test_tampering import edit
from tests.builders import clock_of, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.rings import MemoryRing, memory_ring

RIGHT, HERE, THERE = "correct horse", "machine one", "machine two"


@pytest.fixture
def admin(desk: Desk) -> Desk:
    made = Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)
    for number in ("1300", "1301"):
        people.add_staff(made.ctx, people.NewPerson(number, "赵敏", Role.AGENT, RIGHT))
    return made


@pytest.fixture
def mine(admin: Desk) -> Desk:
    return Desk(admin.store, people.find_actor(admin.store, "1300"), admin.ports)


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryRing:
    return memory_ring(monkeypatch)


def back(desk: Desk, token: str, number: str = "1300", where: str = HERE) -> ActorView:
    return stays.come_back(desk.store, number, token, where)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotAllowed) as found:
        act()
    return found.value.code


def test_a_token_lets_its_person_in_until_it_has_run_out(mine: Desk) -> None:
    token = stays.issue(mine.store, mine.ctx.actor, HERE).token
    for _ in range(3):
        assert back(mine, token) == mine.ctx.actor
    clock_of(mine.store).move(stays.STAY - timedelta(seconds=1))
    assert back(mine, token) == mine.ctx.actor
    clock_of(mine.store).move(timedelta(seconds=1))
    assert refused(lambda: back(mine, token)) == "stay.over"
    must_add_up(mine.store)


@pytest.mark.parametrize("way", ["own", "admin", "password", "reset", "disabled", "left", "again", "other"])
def test_a_token_that_was_ended_is_worth_nothing(mine: Desk, admin: Desk, way: str) -> None:
    store, actor = mine.store, mine.ctx.actor
    token = stays.issue(store, actor, HERE).token
    ways: dict[str, Callable[[], object]] = {
        "own": lambda: people.sign_out(mine.ctx, "1300"),
        "admin": lambda: people.sign_out(admin.ctx, "1300"),
        "password": lambda: people.change_password(store, actor, RIGHT, "another horse"),
        "reset": lambda: people.change_staff(admin.ctx, "1300", password="another horse"),
        "disabled": lambda: people.change_staff(admin.ctx, "1300", active=False),
        "left": lambda: stays.end_here(store, actor, HERE),
        "again": lambda: stays.issue(store, actor, HERE),
        "other": lambda: stays.issue(store, people.find_actor(store, "1301"), HERE),
    }
    ways[way]()
    if way == "disabled":
        people.change_staff(admin.ctx, "1300", active=True)
    for _ in range(2):
        assert refused(lambda: back(mine, token)) == "stay.over"
    must_add_up(store)


def test_nobody_signs_others_out(mine: Desk) -> None:
    assert refused(lambda: people.sign_out(mine.ctx, "1301")) == "role.only_admin"


def test_a_token_carried_to_another_machine_is_worth_nothing_anywhere_from_then_on(mine: Desk) -> None:
    token = stays.issue(mine.store, mine.ctx.actor, HERE).token
    other = stays.issue(mine.store, mine.ctx.actor, THERE).token
    assert refused(lambda: back(mine, token, where=THERE)) == "stay.over"
    assert refused(lambda: back(mine, token)) == "stay.over"
    assert back(mine, other, where=THERE) == mine.ctx.actor
    must_add_up(mine.store)


@pytest.mark.parametrize("number", ["1301", "1001", "9001", "4040", "", "1300' OR 1"])
def test_a_token_lets_nobody_else_in(mine: Desk, number: str) -> None:
    token = stays.issue(mine.store, mine.ctx.actor, HERE).token
    assert refused(lambda: back(mine, token, number)) == "stay.over"
    for wrong in ("", token[:-1], token + "x", token.swapcase(), "x" * 10000):
        assert refused(lambda wrong=wrong: back(mine, wrong)) == "stay.over"  # type: ignore[misc]
    assert back(mine, token) == mine.ctx.actor


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kept_sign_in SET expires_at='2030-01-01 00:00:00.000000'",
        "UPDATE kept_sign_in SET staff_id=(SELECT id FROM staff WHERE number='1301')",
        "UPDATE kept_sign_in SET machine='machine two'",
        "UPDATE kept_sign_in SET digest='0'",
        "DELETE FROM kept_sign_in",
    ],
)
def test_an_edited_row_lets_nobody_in_and_is_found(mine: Desk, statement: str) -> None:
    token = stays.issue(mine.store, mine.ctx.actor, HERE).token
    edit(mine.store.place, statement)
    for number in ("1300", "1301"):
        for where in (HERE, THERE):
            assert refused(lambda n=number, w=where: back(mine, token, n, w)) == "stay.over"  # type: ignore[misc]
    found = verify(mine.store, load_book()).first_fault
    assert found is not None and found.code == "staff.differs"


def test_a_row_that_was_taken_up_again_lets_nobody_in_and_is_found(mine: Desk) -> None:
    token = stays.issue(mine.store, mine.ctx.actor, HERE).token
    people.sign_out(mine.ctx, "1300")
    edit(mine.store.place, "UPDATE kept_sign_in SET ended_at=NULL")
    assert refused(lambda: back(mine, token)) == "stay.over"
    assert not verify(mine.store, load_book()).ok


def test_a_row_that_was_put_in_lets_nobody_in_and_is_found(mine: Desk) -> None:
    """Somebody who reads this program can make a row that fits a token of their own."""
    chief = people.find_actor(mine.store, "9001")
    expires = mine.ctx.now() + timedelta(days=1)
    forged = stays._digest(mine.store, "9001", HERE, expires, "my own token")
    with sqlite3.connect(mine.store.place) as connection:
        connection.execute(
            "INSERT INTO kept_sign_in (staff_id, digest, machine, kept_at, expires_at, asks) "
            "VALUES (?,?,?,?,?,0)",
            (chief.id, forged, HERE, *[f"{expires:%Y-%m-%d %H:%M:%S.%f}"] * 2),
        )
    connection.close()
    assert refused(lambda: back(mine, "my own token", "9001")) == "stay.over"
    assert not verify(mine.store, load_book()).ok


def test_a_locked_desk_is_not_opened_by_starting_it_again(
    mine: Desk, ring: MemoryRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert staying.keep_here(mine.store, mine.ctx.actor) is State.USABLE
    locking.lock(mine.ctx)
    assert refused(lambda: staying.come_back_here(mine.store)) == "stay.locked"
    edit(mine.store.place, "UPDATE kept_sign_in SET asks=0")
    assert refused(lambda: staying.come_back_here(mine.store)) == "stay.locked"
    edit(mine.store.place, "UPDATE kept_sign_in SET asks=1")
    must_add_up(mine.store)
    assert refused(lambda: locking.unlock(mine.ctx, "wrong horse!")) == "sign_in.refused"
    assert refused(lambda: staying.come_back_here(mine.store)) == "stay.locked"
    locking.unlock(mine.ctx, RIGHT)
    assert staying.come_back_here(mine.store) == mine.ctx.actor
    must_add_up(mine.store)


def test_guessing_at_a_locked_desk_waits_and_a_token_is_no_way_round(mine: Desk, ring: MemoryRing) -> None:
    staying.keep_here(mine.store, mine.ctx.actor)
    for _ in range(3):
        assert refused(lambda: locking.unlock(mine.ctx, "wrong horse!")) == "sign_in.refused"
    for act in (
        lambda: locking.unlock(mine.ctx, RIGHT),
        lambda: people.sign_in(mine.store, "1300", RIGHT),
        lambda: staying.come_back_here(mine.store),
    ):
        assert refused(act) == "sign_in.wait"
    mine.later(seconds=30)
    assert staying.come_back_here(mine.store) == mine.ctx.actor


def test_both_the_keyring_and_the_store_forget_at_signing_out(mine: Desk, ring: MemoryRing) -> None:
    staying.keep_here(mine.store, mine.ctx.actor)
    (token,) = ring.kept.values()
    staying.forget_here(mine.store, mine.ctx.actor)
    assert (ring.kept, number_kept(mine.store.info.store_id)) == ({}, None)
    assert refused(lambda: back(mine, token, where=machine.this_machine())) == "stay.over"
    assert staying.come_back_here(mine.store) is None


def test_signing_out_holds_where_the_keyring_does_not_answer(mine: Desk, ring: MemoryRing) -> None:
    staying.keep_here(mine.store, mine.ctx.actor)
    (token,) = ring.kept.values()
    ring.state = State.HANGS
    staying.forget_here(mine.store, mine.ctx.actor)
    ring.state = State.USABLE
    assert refused(lambda: back(mine, token, where=machine.this_machine())) == "stay.over"


@pytest.mark.parametrize("state", [one for one in State if one is not State.USABLE])
def test_without_a_keyring_nobody_is_kept_and_the_reason_is_told(
    mine: Desk,
    ring: MemoryRing,
    state: State,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staying.keep_here(mine.store, mine.ctx.actor)
    ring.state = state
    assert staying.keep_here(mine.store, mine.ctx.actor) is state
    assert refused(lambda: staying.come_back_here(mine.store)) == REASONS[state]
    # A command says so in one line, and then asks.
    monkeypatch.setenv("BDESK_STORE", mine.store.url)
    assert main(["queue"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and lines[0].startswith("Not kept: "), lines


def test_a_keyring_that_refuses_in_the_middle_leaves_nothing_that_counts(
    mine: Desk, ring: MemoryRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    keep = ring.keep

    def too_late(key: str, secret: str) -> object:
        told.append(secret)
        keep(key, secret)
        ring.state = State.HANGS
        return ring.look()

    monkeypatch.setattr("bdesk.secrets.keyrings.keep", too_late)
    assert staying.keep_here(mine.store, mine.ctx.actor) is State.HANGS
    assert refused(lambda: back(mine, told[0], where=machine.this_machine())) == "stay.over"
    assert number_kept(mine.store.info.store_id) is None


def test_no_keyring_is_asked_where_nothing_was_kept(mine: Desk, ring: MemoryRing) -> None:
    assert staying.come_back_here(mine.store) is None
    staying.forget_here(mine.store, mine.ctx.actor)
    assert ring.asked == 0


def test_a_token_and_a_password_lie_nowhere_but_in_the_keyring(
    mine: Desk, ring: MemoryRing, own_home: Path
) -> None:
    staying.keep_here(mine.store, mine.ctx.actor)
    (token,) = ring.kept.values()
    assert staying.come_back_here(mine.store) == mine.ctx.actor
    try:
        secret, password = token, RIGHT  # noqa: F841 - what a traceback with locals would tell
        raise RuntimeError(f"{token} {RIGHT}")
    except RuntimeError as error:
        record(error)
    assert "RuntimeError" in (own_home / "log" / "bdesk.log").read_text("utf-8")
    folders = (own_home, Path(mine.store.place).parent)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"kept.json", "bdesk.log", "desk.db"}
    for path in files:
        assert token.encode() not in path.read_bytes(), path
        assert RIGHT.encode() not in path.read_bytes(), path
    assert (own_home / "kept.json").stat().st_mode & 0o777 == 0o600
    assert token not in repr(stays.issue(mine.store, mine.ctx.actor, HERE))


def test_a_command_needs_no_password_of_somebody_who_stayed_and_of_nobody_else(
    mine: Desk, ring: MemoryRing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BDESK_STORE", mine.store.url)
    clock_of(mine.store).at = mine.store.now()
    staying.keep_here(mine.store, mine.ctx.actor)
    edit(mine.store.place, "UPDATE staff SET language='en' WHERE number='1300'")
    for arguments in (["queue", "--json"], ["queue", "--json", "--as", "1300"]):
        assert main(arguments) == 0
    assert main(["queue", "--json", "--as", "1301"]) == 2
    monkeypatch.setenv("BDESK_PASSWORD", "wrong horse!")
    assert main(["queue", "--json", "--as", "1300"]) == 1
    capsys.readouterr()


def test_another_machine_is_another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    first.write_text("0123456789abcdef0123456789abcdef\n")
    second.write_text("fedcba9876543210fedcba9876543210\n")
    found = set()
    for place in (first, second, tmp_path / "nowhere"):
        monkeypatch.setattr(machine, "MACHINE_IDS", (str(place),))
        found |= {machine.this_machine(), machine.this_machine()}
        assert "0123456789abcdef" not in machine.this_machine()
    assert len(found) == 3
