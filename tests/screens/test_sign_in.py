"""Signing in: the right person, one refusal for every cause, a password of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.app import DeskApp
from bdesk.data.store import Store
from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff.passwords import hash_password
from bdesk.operations.staff.people import NewPerson, add_person, sign_in
from bdesk.screens.sign_in import SignInScreen
from tests.builders import make_store
from tests.driver import driving

GIVEN = "given-by-admin"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        with made.write("test") as unit:
            known = NewPerson("1001", "林晓", Role.AGENT, "right-password")
            add_person(unit, known, hash_password(known.password))
            given = NewPerson("1002", "陈佳", Role.AGENT, GIVEN, must_change=True)
            add_person(unit, given, hash_password(given.password))
            unit.commit()
        yield made


class Door:
    """The sign-in screen, and who came through it."""

    def __init__(self, store: Store) -> None:
        self.entered: list[ActorView] = []
        self.app = DeskApp(lambda _app: SignInScreen(store, self.entered.append))


async def test_the_right_password_opens_the_desk(store: Store) -> None:
    door = Door(store)
    async with driving(door.app, painting=False) as desk:
        await desk.type("1001")
        await desk.press("enter")
        await desk.type("right-password")
        await desk.press("enter")
        assert door.entered == []
        desk.shows("林晓", "Nothing was handed over").widths_ok()
        await desk.press("enter")
        desk.widths_ok()
    assert [one.number for one in door.entered] == ["1001"]


@pytest.mark.parametrize("number", ["1001", "9999"])
async def test_a_wrong_password_and_an_unknown_number_say_the_same(store: Store, number: str) -> None:
    door = Door(store)
    async with driving(door.app, painting=False) as desk:
        await desk.type(number)
        await desk.press("enter")
        await desk.type("wrong-password")
        await desk.press("enter")
        desk.shows("Number or password").shows_not("wrong-password")
    assert door.entered == []


async def test_chinese_characters_are_an_input_method_not_an_attempt(store: Store) -> None:
    door = Door(store)
    async with driving(door.app, painting=False) as desk:
        await desk.type("1001")
        await desk.press("enter")
        for _attempt in range(5):
            await desk.type("密码")
            await desk.press("enter")
        desk.shows("input method")
        await desk.type("right-password")  # nobody sees what stands there: it is typed anew
        await desk.press("enter", "enter")
    assert [one.number for one in door.entered] == ["1001"]
    assert sign_in(store, "1001", "right-password").number == "1001"


async def test_a_password_of_ones_own_in_chinese_characters_is_typed_anew(store: Store) -> None:
    door = Door(store)
    async with driving(door.app, painting=False) as desk:
        await desk.type("1002")
        await desk.press("enter")
        await desk.type(GIVEN)
        await desk.press("enter")
        for _twice in range(2):
            await desk.type("我自己的口令八个字")
            await desk.press("enter")
        desk.shows("input method")
        for _twice in range(2):
            await desk.type("my-own-password")
            await desk.press("enter")
        await desk.press("enter")
    assert [one.number for one in door.entered] == ["1002"]


async def test_a_given_password_is_changed_before_the_desk_opens(store: Store) -> None:
    door = Door(store)
    async with driving(door.app, painting=False) as desk:
        await desk.type("1002")
        await desk.press("enter")
        await desk.type(GIVEN)
        await desk.press("enter")
        assert door.entered == []
        await desk.type("my-own-password")
        await desk.press("enter")
        await desk.type("another")
        await desk.press("enter")
        desk.shows("not the same")
        await desk.type("my-own-password")
        await desk.press("enter", "enter")
    assert [one.number for one in door.entered] == ["1002"]
    assert sign_in(store, "1002", "my-own-password").number == "1002"
