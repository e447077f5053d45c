"""Desks that share a PostgreSQL store: one time for all, and one count of wrong passwords."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bdesk.clock import LOCAL, FrozenClock, SystemClock
from bdesk.data.journal import events
from bdesk.data.store import Store, open_store
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import CaseKind, Role, Stream
from bdesk.models.tables import Staff
from bdesk.operations import revealing
from bdesk.operations.context import Context
from bdesk.operations.roles import role_now
from bdesk.operations.staff import locking, passwords, people, standing_in
from bdesk.operations.supervising.kinds import set_kind
from tests.builders import context, customer, open_case, person
from tests.data.test_postgres import store

__all__ = ["store"]

GUESSES = 8


@pytest.mark.parametrize("days", [7, -7])
def test_a_stand_in_holds_by_the_server_s_time_and_not_by_the_workstation_s(
    store: Store, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    admin, senior = context(store, person(store, "9001", Role.ADMIN)), person(store, "1101", Role.SENIOR)
    ctx, buyer = context(store, senior), customer(store)
    day = store.now().astimezone(LOCAL).date() + timedelta(days=max(days, 0))
    number = standing_in.name(admin, "1101", Role.SUPERVISOR, day, day)
    case_id = open_case(store, kind=CaseKind.CONSULTATION, customer_id=buyer, received_at=store.now())
    real = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda self: real(self) + timedelta(days=days))
    if days < 0:
        # A clock that is behind takes nobody's role away either.
        assert role_now(ctx) is Role.SUPERVISOR
        standing_in.end(admin, number)
    assert role_now(ctx) is Role.SENIOR
    with pytest.raises(NotAllowed, match=r"role\.cannot_reveal"):
        revealing.reveal(ctx, buyer, "call_back")
    with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
        set_kind(ctx, case_id, CaseKind.FEEDBACK, "其实是反馈")


def test_the_wait_at_the_door_goes_by_the_server_s_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = passwords.hash_password("right password")
    actor = person(store, "2002", Role.SUPERVISOR, password_hash=hashed)
    with store.write("2002") as unit:
        unit.session.get_one(Staff, actor.id).locked_until = unit.now + timedelta(minutes=10)
        unit.commit()
    real = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda self: real(self) - timedelta(hours=1))
    with pytest.raises(NotAllowed, match=r"sign_in\.wait") as refused:
        people.sign_in(store, "2002", "right password")
    seconds = refused.value.params["seconds"]
    assert isinstance(seconds, int) and seconds <= 600


def sign_in(ctx: Context, password: str) -> object:
    return people.sign_in(ctx.store, ctx.actor.number, password, on_duty=False)


def change_password(ctx: Context, password: str) -> None:
    people.change_password(ctx.store, ctx.actor, password, "another password")


@pytest.mark.parametrize("door", [sign_in, change_password, locking.unlock], ids=lambda one: one.__name__)
def test_every_guess_at_the_same_moment_is_counted(
    store: Store, made_url: str, monkeypatch: pytest.MonkeyPatch, door: Callable[[Context, str], object]
) -> None:
    """All compare before any counts, as desks on many machines do: the fourth waits all the same."""
    actor = person(store, "2001", Role.SUPERVISOR, password_hash=passwords.hash_password("right password"))
    together, compared = Barrier(GUESSES), people.compared

    def all_at_once(*args: str, **more: bool) -> tuple[str | None, bool]:
        found = compared(*args, **more)  # type: ignore[arg-type]
        together.wait()
        return found

    monkeypatch.setattr(people, "compared", all_at_once)
    monkeypatch.setattr(locking, "compared", all_at_once)
    came_to: list[str] = []
    at = store.now()

    def guess(number: int) -> None:
        # No time passes: the first wait is five seconds, and a busy machine may take them.
        with open_store(made_url, clock=FrozenClock(at)) as mine:
            try:
                door(context(mine, actor), f"wrong password {number}")
            except DeskError as error:
                came_to.append(error.code)

    threads = [Thread(target=guess, args=(number,)) for number in range(GUESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came_to) == ["sign_in.refused"] * 3 + ["sign_in.wait"] * (GUESSES - 3)
    with store.read() as session:
        staff = session.get_one(Staff, actor.id)
        kept = staff.failed_sign_ins, staff.locked_until is not None
        counted = [one for one in events(session, Stream.STAFF, "2001") if one.kind == "staff.sign_in_failed"]
    assert (kept, len(counted)) == ((3, True), 3)
