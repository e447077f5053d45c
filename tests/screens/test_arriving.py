"""Between the door and the queue: group, state, what was handed over, and staying signed in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import cast

import pytest

from bdesk.app import DeskApp
from bdesk.cli.sitting import Sitting, desk_app
from bdesk.clock import LOCAL
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import PersonState, Role
from bdesk.models.tables import Staff
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context
from bdesk.operations.looking.shifts import for_me
from bdesk.operations.raising import hand_over
from bdesk.operations.shift_handover import pack
from bdesk.operations.staff import announcing, locking, passwords, people, standing_in, staying
from bdesk.operations.staff.arriving import arrival, begin, set_teams
from bdesk.operations.staff.groups import ensure_groups
from bdesk.screens.queue.screen import QueueScreen
from bdesk.screens.shift import Shift
from bdesk.screens.sign_in import SignInScreen
from bdesk.secrets.kept import number_kept
from bdesk.secrets.keyrings import Answer, State
from bdesk.settings import Settings
from tests.builders import customer, make_store, open_case, order, person
from tests.driver import Driver, driving
from tests.ground.keys_at_hand import MISSING, keyring_at
from tests.operations.rings import MemoryRing, memory_ring

RIGHT = "right-password"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        with made.write("test") as unit:
            ensure_groups(unit)
            hashed = passwords.hash_password(RIGHT)
            for number, more in (("1001", ("after_sale",)), ("1002", ())):
                one = people.NewPerson(number, "林晓", Role.AGENT, RIGHT, "hotline", more)
                people.add_person(unit, one, hashed)
            unit.commit()
        yield made


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryRing:
    return memory_ring(monkeypatch)


@dataclass(frozen=True, slots=True)
class Now:
    """How somebody stands in the store."""

    state: PersonState
    group_id: int | None


class Door:
    """A desk that is started again and again on one store, as on one machine."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder

    @asynccontextmanager
    async def opened(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
        sitting = Sitting(self.store, load_book(), Settings(), False, self.folder / "drafts.db")
        try:
            async with driving(desk_app(sitting, None), size=size, painting=False) as desk:
                yield desk
        finally:
            sitting.end()

    def person(self, number: str = "1001") -> Now:
        with self.store.read() as session:
            found = session.get(Staff, people.find_actor(self.store, number).id)
            assert found is not None
            return Now(found.state, found.group_id)


@pytest.fixture
def door(store: Store, tmp_path: Path) -> Door:
    return Door(store, tmp_path)


async def until(true: Callable[[], bool]) -> None:
    end = monotonic() + 10
    while not true():
        assert monotonic() < end, "it never came"
        await asyncio.sleep(0.01)


async def known(desk: Driver, number: str = "1001") -> None:
    """Past number and password."""
    await desk.type(number)
    await desk.press("enter")
    await desk.type(RIGHT)
    await desk.press("enter")


def on_queue(desk: Driver) -> bool:
    return isinstance(desk.app.screen, QueueScreen)


async def test_nothing_of_a_shift_shows_before_the_password(door: Door) -> None:
    open_case(door.store, owner=people.find_actor(door.store, "1001"))
    async with door.opened() as desk:
        desk.shows_not("Hotline", "in training", "林晓", "Yours from before")
        await desk.type("1001")
        await desk.press("enter")
        await desk.type("wrong-password")
        await desk.press("enter")
        desk.shows("Number or password is wrong").shows_not("Hotline", "林晓", "Yours from before")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
async def test_group_and_state_are_picked_by_digits(door: Door, size: tuple[int, int]) -> None:
    async with door.opened(size) as desk:
        await known(desk)
        desk.shows("1  Hotline ✓", "2  After-sales", "3  online ✓", "4  in training").widths_ok()
        assert door.person().state is PersonState.OFFLINE
        await desk.press("2", "4")
        desk.shows("2  After-sales ✓", "4  in training ✓").widths_ok()
        await desk.press("enter")
        assert on_queue(desk)
        desk.shows("in training")
        now = door.person()
        assert now.state is PersonState.TRAINING
        assert now.group_id != people.find_actor(door.store, "1002").group_id
    # The next shift begins in the group of the last one, and online.
    async with door.opened(size) as desk:
        await known(desk)
        desk.shows("1  After-sales ✓", "3  online ✓")


async def test_an_administrator_says_who_may_work_where(door: Door) -> None:
    admin = Context(door.store, load_book(), person(door.store, "9001", Role.ADMIN))
    actor = people.find_actor(door.store, "1001")
    assert [one.code for one in arrival(door.store, actor).teams] == ["hotline", "after_sale"]
    set_teams(admin, "1001", ("payment", "risk"))
    actor = people.find_actor(door.store, "1001")
    assert actor.group_code == "payment"
    assert [one.code for one in arrival(door.store, actor).teams] == ["payment", "risk"]
    with pytest.raises(BadInput, match=r"group\.not_theirs"):
        begin(door.store, actor, "hotline", PersonState.ONLINE)
    with pytest.raises(BadInput, match=r"state\.not_first"):
        begin(door.store, actor, "risk", PersonState.OFFLINE)
    with pytest.raises(BadInput, match=r"group\.unknown"):
        set_teams(admin, "1001", ("nowhere",))
    with pytest.raises(NotAllowed, match=r"role\.only_admin"):
        set_teams(Context(door.store, load_book(), actor), "1001", ("hotline",))
    assert begin(door.store, actor, "risk", PersonState.ONLINE).group_code == "risk"


async def test_one_group_alone_is_no_choice(door: Door) -> None:
    async with door.opened() as desk:
        await known(desk, "1002")
        desk.shows("Hotline", "1  online ✓", "2  in training").shows_not("3 ")
        await desk.press("5", "enter")
        assert on_queue(desk)
        assert door.person("1002").state is PersonState.ONLINE


async def test_full_width_digits_and_what_is_typed_ahead_count(door: Door) -> None:
    async with door.opened() as desk:
        await known(desk)
        await desk.press("２")
        desk.shows("2  After-sales ✓")
    async with door.opened() as desk:
        await desk.burst(*"1001", "enter", *RIGHT, "enter", "enter")
        await until(lambda: on_queue(desk))


async def test_what_was_handed_over_is_told_group_by_group(door: Door) -> None:
    mine = people.find_actor(door.store, "1001")
    other = Context(door.store, load_book(), people.find_actor(door.store, "1002"))
    placed = order(door.store, customer(door.store))
    for group in ("hotline", "hotline", "after_sale"):
        hand_over(other, open_case(door.store, order_id=placed.id, owner=other.actor), group, "交班")
    open_case(door.store, order_id=placed.id, owner=mine)
    async with door.opened() as desk:
        await known(desk)
        desk.shows("2 Handed to the group", "1 Yours from before")
        await desk.press("2")
        desk.shows("1 Handed to the group", "1 Yours from before")


async def test_somebody_else_goes_back_to_the_door(door: Door) -> None:
    async with door.opened() as desk:
        await known(desk)
        await desk.press("escape")
        desk.shows_not("林晓")
        await known(desk, "1002")
        desk.shows("1002")
        assert door.person("1001").state is PersonState.OFFLINE


async def test_who_ticks_it_needs_no_password_next_time_and_one_key_ends_that(
    door: Door, ring: MemoryRing
) -> None:
    async with door.opened() as desk:
        await known(desk)
        await until(lambda: "on this machine" in desk.screen_text())
        desk.shows("- on this machine")
        await desk.press("space")
        desk.shows("✓ on this machine")
        await desk.press("enter")
        await until(lambda: bool(ring.kept))
        await until(lambda: number_kept(door.store.info.store_id) == "1001")
    async with door.opened() as desk:
        await until(lambda: "林晓" in desk.screen_text())
        await until(lambda: "✓ on this machine" in desk.screen_text())
        await desk.press("enter")
        assert on_queue(desk)
        assert door.person().state is PersonState.ONLINE
        await desk.press("ctrl+q")
        desk.shows("Leave and sign out here")
        await desk.press("4")
        await until(lambda: not desk.app.is_running or desk.app._exit)
    assert ring.kept == {}
    async with door.opened() as desk:
        desk.shows("Password").shows_not("林晓")
        assert desk.app.screen.focused is not None and desk.app.screen.focused.id == "number"


async def test_the_tick_taken_away_ends_it_too(door: Door, ring: MemoryRing) -> None:
    staying.keep_here(door.store, people.find_actor(door.store, "1001"))
    async with door.opened() as desk:
        await until(lambda: "✓ on this machine" in desk.screen_text())
        await desk.press("space", "enter")
        await until(lambda: ring.kept == {})


@pytest.mark.parametrize("state", [one for one in State if one is not State.USABLE])
async def test_without_a_keyring_the_desk_says_why_and_opens(
    door: Door, ring: MemoryRing, state: State
) -> None:
    ring.state = state
    async with door.opened() as desk:
        await known(desk)
        await until(lambda: "Not kept: " in desk.screen_text())
        await desk.press("space")
        desk.shows("Not kept: ").widths_ok()
        await desk.press("enter")
        assert on_queue(desk)
    assert ring.kept == {}


async def test_a_keyring_that_hangs_hangs_nobody(
    door: Door, ring: MemoryRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    staying.keep_here(door.store, people.find_actor(door.store, "1001"))
    gate = Event()

    def never(*_given: str) -> Answer:
        gate.wait(30)
        return Answer(State.HANGS)

    for name in ("look", "read", "keep", "forget"):
        monkeypatch.setattr(f"bdesk.secrets.keyrings.{name}", never)
    try:
        async with door.opened() as desk:
            # The number is there already; the person types on.
            await desk.type(RIGHT)
            await desk.press("enter")
            desk.shows("林晓", "Looking for a keyring")
            await desk.press("enter")
            assert on_queue(desk)
            await desk.press("f3", "escape")
    finally:
        gate.set()


async def test_a_keyring_that_tells_when_the_queue_is_there_disturbs_nobody(
    door: Door, ring: MemoryRing
) -> None:
    async with door.opened() as desk:
        screen = cast(SignInScreen, desk.app.screen)
        await known(desk)
        await desk.press("enter")
        assert on_queue(desk)
        staying.keep_here(door.store, people.find_actor(door.store, "1001"))
        await screen._look_for_keyring()
        await screen._come_back()
        await screen._look_at_group(cast(Shift, screen._shift))
        ring.state = State.HANGS
        await screen._come_back()
        assert on_queue(desk)


async def test_a_desk_that_was_locked_asks_for_the_password(door: Door, ring: MemoryRing) -> None:
    actor = people.find_actor(door.store, "1001")
    staying.keep_here(door.store, actor)
    locking.lock(Context(door.store, load_book(), actor))
    async with door.opened() as desk:
        await until(lambda: "was locked" in desk.screen_text())
        desk.shows_not("林晓").widths_ok()
        await desk.type(RIGHT)
        await desk.press("enter")
        desk.shows("林晓")


async def test_who_types_before_the_keyring_tells_is_not_interrupted(
    door: Door, ring: MemoryRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    staying.keep_here(door.store, people.find_actor(door.store, "1001"))
    gate, read = Event(), ring.read
    monkeypatch.setattr("bdesk.secrets.keyrings.read", lambda key: (gate.wait(30), read(key))[1])
    async with door.opened() as desk:
        await desk.type("right-")
        gate.set()
        await until(lambda: ring.asked >= 3)
        await desk.idle()
        desk.shows("******").shows_not("林晓")


async def test_a_training_store_keeps_nobody(tmp_path: Path, ring: MemoryRing) -> None:
    with make_store(tmp_path, training=True, name="t.db") as store:
        with store.write("test") as unit:
            one = people.NewPerson("1001", "林晓", Role.AGENT, RIGHT)
            people.add_person(unit, one, passwords.hash_password(RIGHT))
            unit.commit()
        async with Door(store, tmp_path).opened() as desk:
            await known(desk)
            desk.shows("A training store keeps nobody signed in")
            await desk.press("space", "enter")
            assert on_queue(desk)
    assert ring.asked == 0


@pytest.mark.skipif(
    bool(MISSING), reason=f"no real keyring here: {MISSING} missing (Debian: dbus, gnome-keyring)"
)
async def test_staying_in_a_real_keyring(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    with keyring_at(door.folder / "ring") as made:
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        async with door.opened() as desk:
            await known(desk)
            await until(lambda: "on this machine" in desk.screen_text())
            await desk.press("space", "enter")
            await until(lambda: number_kept(door.store.info.store_id) == "1001")
        async with door.opened() as desk:
            await until(lambda: "✓ on this machine" in desk.screen_text())
        made.lock()
        async with door.opened() as desk:
            await until(lambda: "the keyring is locked" in desk.screen_text())
            await desk.type(RIGHT)
            await desk.press("enter")
            desk.shows("林晓")


async def test_who_stands_in_is_told_so_between_door_and_queue(door: Door) -> None:
    admin = Context(door.store, load_book(), person(door.store, "9001", Role.ADMIN))
    today = door.store.now().astimezone(LOCAL).date()
    standing_in.name(admin, "1001", Role.SUPERVISOR, today, today + timedelta(days=2))
    async with door.opened() as desk:
        await known(desk)
        last = (today + timedelta(days=2)).isoformat()
        desk.shows("1001 supervisor", f"You stand in for this role through {last}.").widths_ok()
        await desk.press("enter")
        assert on_queue(desk)
        desk.shows("林晓, as supervisor").widths_ok()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_the_last_shift_packed_is_said_at_the_door(door: Door, size: tuple[int, int]) -> None:
    packer = people.find_actor(door.store, "1002")
    case_id = open_case(door.store, owner=packer)
    open_case(door.store, owner=packer)
    pack(Context(door.store, load_book(), packer), "hotline")
    async with door.opened(size) as desk:
        await known(desk)
        desk.shows("2 Packed for you by the last shift", "F10 9").widths_ok()
        await desk.press("2")
        desk.shows_not("Packed for you")  # another group than the one it is for
    assert case_id in {row.case_id for row in for_me(Context(door.store, load_book(), one(door, "1001")))}


def one(door: Door, number: str) -> ActorView:
    return people.find_actor(door.store, number)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_announcements_are_read_at_the_door(door: Door, size: tuple[int, int]) -> None:
    chief = Context(door.store, load_book(), person(door.store, "2001", Role.SUPERVISOR))
    today = door.store.now().astimezone(LOCAL).date()
    for words in (
        "一",
        "二",
        "三",
        "华东仓停电，今天不发货，来电按停电口径答复，明早八点恢复后再逐件回电说明新的发货时间，不能确定的转主管跟进",
    ):
        announcing.announce(chief, words, today)
    async with door.opened(size) as desk:
        desk.shows_not("Announcements")
        await known(desk)
        desk.shows("Announcements  4", "华东仓停电", "主管跟进", "三", "二", "1 more").shows_not(
            "一"
        ).widths_ok()
        await desk.press("enter")
        assert on_queue(desk)
        app = cast(DeskApp, desk.app)
        assert app.place is not None
        await app._errands.round(app.place)
        await desk.idle()
        # Only what did not stand there is told at the desk.
        desk.shows("Announcement   一").shows_not("华东仓停电", "三")


async def test_only_what_there_is_room_for_is_read_out(door: Door) -> None:
    chief = Context(door.store, load_book(), person(door.store, "2001", Role.SUPERVISOR))
    today = door.store.now().astimezone(LOCAL).date()
    for number in range(5):
        announcing.announce(chief, f"第{number}条：" + "仓库停电，今天的订单明天才发，请勿承诺" * 5, today)
    async with door.opened((80, 24)) as desk:
        await known(desk)
        desk.shows("第4条", "more at the desk: F10", "Enter begin").shows_not("第1条").widths_ok()
        shown = sum(1 for number in range(5) if f"第{number}条" in desk.screen_text())
        desk.shows(f"{5 - shown} more at the desk")
        await desk.press("enter")
        app = cast(DeskApp, desk.app)
        assert len(app.told_at_door) == shown
