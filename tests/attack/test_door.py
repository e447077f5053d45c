"""Somebody who guesses at the door: neither cause nor time shows, and starting again helps nothing."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bdesk.cli import main, passwords
from bdesk.data import journal
from bdesk.data.book.book import load_book
from bdesk.data.store import Store, open_store
from bdesk.data.verify import verify
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Role, Stream
from bdesk.models.tables import Staff
from bdesk.operations.staff import locking, people
from bdesk.operations.staff.passwords import NOBODY, check_password, hasher
from bdesk.secrets.machine import this_machine
from tests.attack.test_tampering import edit
from tests.builders import person
from tests.operations.desk import Desk, must_add_up

RIGHT, WRONG = "correct horse", "wrong horse!"


@pytest.fixture
def admin(desk: Desk) -> Desk:
    return Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)


@pytest.fixture
def known(admin: Desk) -> Desk:
    """1300 has a password; 1301 has one and was disabled; 1001 has none."""
    for number in ("1300", "1301"):
        people.add_staff(admin.ctx, people.NewPerson(number, "赵敏", Role.AGENT, RIGHT))
    people.change_staff(admin.ctx, "1301", active=False)
    return admin


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotAllowed) as found:
        act()
    return found.value.code


@pytest.mark.parametrize("number", ["1300", "1301", "1001", "4040", ""])
def test_every_refusal_costs_one_hash_the_first_one_included(
    known: Desk, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, costs = type(hasher()), list[str]()

    def counted(name: str) -> Callable[..., object]:
        work = getattr(kind, name)

        def done(*given: object) -> object:
            costs.append(name)
            return work(*given)

        return done

    for name in ("hash", "verify"):
        monkeypatch.setattr(kind, name, counted(name))
    assert refused(lambda: people.sign_in(known.store, number, WRONG)) == "sign_in.refused"
    assert costs == ["verify"]


def test_what_stands_for_nobody_costs_what_a_password_costs() -> None:
    assert not hasher().check_needs_rehash(NOBODY)


def test_the_kept_hash_is_what_was_measured_and_moves_with_the_settings(
    known: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher, extract_parameters
    from argon2.low_level import Type

    def parameters() -> tuple[int, int, int, Type]:
        found = extract_parameters(people._at_the_door(known.store, "1300")[0] or "")
        return found.memory_cost, found.time_cost, found.parallelism, found.type

    assert parameters() == (19456, 2, 1, Type.ID)
    moved = PasswordHasher(time_cost=3, memory_cost=19456, parallelism=1)
    monkeypatch.setattr(people, "hasher", lambda: moved)
    assert refused(lambda: people.sign_in(known.store, "1300", WRONG)) == "sign_in.refused"
    assert parameters()[1] == 2
    people.sign_in(known.store, "1300", RIGHT)
    assert parameters()[1] == 3
    must_add_up(known.store)


def test_waits_are_on_record_and_outlive_the_desk_and_hold_on_every_way_in(
    known: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BDESK_STORE", known.store.url)
    monkeypatch.setenv("BDESK_AS", "1300")
    monkeypatch.setenv("BDESK_PASSWORD", WRONG)
    actor = people.find_actor(known.store, "1300")
    refused(lambda: people.sign_in(known.store, "1300", WRONG))
    # The command line asks another clock, so the test moves nothing meanwhile.
    assert main(["queue"]) == 1
    assert (
        refused(lambda: people.change_password(known.store, actor, WRONG, "new password"))
        == "sign_in.refused"
    )
    with open_store(known.store.url, clock=known.store.clock) as again:
        assert refused(lambda: people.sign_in(again, "1300", RIGHT)) == "sign_in.wait"
    with known.store.read() as session:
        said = journal.events(session, Stream.STAFF, "1300")
    told = [event for event in said if event.kind == "staff.sign_in_failed"]
    assert [event.payload["count"] for event in told] == [1, 2, 3]
    assert [event.payload["until"] is None for event in told] == [True, True, False]
    assert "1300" not in capsys.readouterr().out


def guessed(store: Store) -> None:
    """Somebody types wrong passwords for 1300 elsewhere, until the number waits."""
    with open_store(store.url, clock=store.clock) as elsewhere:
        for _ in range(4):
            with suppress(NotAllowed):
                people.sign_in(elsewhere, "1300", WRONG)
        assert refused(lambda: people.sign_in(elsewhere, "1300", RIGHT)) == "sign_in.wait"


def test_who_guesses_at_the_door_keeps_nobody_from_the_desk_they_have_open(known: Desk) -> None:
    mine = Desk(known.store, people.sign_in(known.store, "1300", RIGHT), known.ports)
    locking.lock(mine.ctx)
    guessed(mine.store)
    locking.unlock(mine.ctx, RIGHT)
    guessed(mine.store)
    people.change_password(mine.store, mine.ctx.actor, RIGHT, "battery staple")
    must_add_up(known.store)


def test_the_tries_of_an_open_desk_are_few_and_count_for_the_door(known: Desk) -> None:
    mine = Desk(known.store, people.sign_in(known.store, "1300", RIGHT), known.ports)
    locking.lock(mine.ctx)
    guessed(mine.store)
    for _ in range(3):
        assert refused(lambda: locking.unlock(mine.ctx, WRONG)) == "sign_in.refused"
    assert refused(lambda: locking.unlock(mine.ctx, RIGHT)) == "sign_in.wait"
    with open_store(mine.store.url, clock=mine.store.clock) as again:
        assert refused(lambda: people.sign_in(again, "1300", RIGHT)) == "sign_in.wait"
    assert known.row(Staff, mine.ctx.actor.id).failed_sign_ins == 6
    known.later(minutes=15)
    locking.unlock(mine.ctx, RIGHT)
    must_add_up(known.store)


def test_a_wrong_password_is_on_record_with_where_it_was_typed(known: Desk) -> None:
    refused(lambda: people.sign_in(known.store, "1300", WRONG))
    with known.store.read() as session:
        said = journal.events(session, Stream.STAFF, "1300")[-1]
    assert (said.kind, said.payload["machine"]) == ("staff.sign_in_failed", this_machine())


@pytest.mark.parametrize("statement", ["failed_sign_ins=0", "locked_until=NULL"])
def test_who_takes_the_wait_away_by_hand_is_found(known: Desk, statement: str) -> None:
    for _ in range(3):
        refused(lambda: people.sign_in(known.store, "1300", WRONG))
    must_add_up(known.store)
    edit(known.store.place, f"UPDATE staff SET {statement} WHERE number='1300'")
    found = verify(known.store, load_book()).first_fault
    assert found is not None and (found.stream_id, found.code) == ("1300", "staff.differs")


def test_a_wait_that_ended_leaves_the_journal_in_order(known: Desk) -> None:
    for _ in range(3):
        refused(lambda: people.sign_in(known.store, "1300", WRONG))
    known.later(seconds=30)
    people.sign_in(known.store, "1300", RIGHT)
    must_add_up(known.store)
    refused(lambda: people.sign_in(known.store, "1300", WRONG))
    people.change_staff(known.ctx, "1300", password="first password")
    must_add_up(known.store)


@pytest.mark.parametrize(
    "typed", ["密码", "ｐａｓｓｗｏｒｄ", "password，", "p“w”", "パスワード", "passw…", "비밀번호"]
)
def test_what_only_an_input_method_types_is_no_attempt(known: Desk, typed: str) -> None:
    for _ in range(5):
        with pytest.raises(BadInput, match=r"password\.han"):
            people.sign_in(known.store, "1300", typed)
        with pytest.raises(BadInput, match=r"password\.han"):
            people.change_password(known.store, known.ctx.actor, RIGHT, typed * 4)
    assert people.sign_in(known.store, "1300", RIGHT).number == "1300"


@pytest.mark.parametrize("typed", ["Grüße aus Köln", "naïve-café!", "correct horse"])
def test_other_keyboards_are_no_input_method(typed: str) -> None:
    check_password(typed)


def test_a_password_that_the_door_could_not_take_is_not_set() -> None:
    with pytest.raises(BadInput, match=r"password\.long"):
        check_password("x" * 129)
    check_password("x" * 128)


def test_a_pipe_in_place_of_the_password_file_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    monkeypatch.setenv("BDESK_PASSWORD_FILE", str(tmp_path / "pipe"))
    with pytest.raises(BadInput, match=r"password\.file"):
        passwords.given(passwords.PASSWORD)
