"""Announcements: told to everybody until a day is over, or until somebody ends them."""

from datetime import date, timedelta

import pytest

from bdesk.clock import LOCAL
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Role
from bdesk.operations.context import Context
from bdesk.operations.staff import announcing
from bdesk.operations.staff.arriving import arrival
from tests.builders import clock_of, context, person
from tests.operations.desk import must_add_up


@pytest.fixture
def chief(store: Store) -> Context:
    ctx: Context = context(store, person(store, "2001", Role.SUPERVISOR))
    return ctx


def today(store: Store) -> date:
    return store.now().astimezone(LOCAL).date()


def told(store: Store) -> tuple[str, ...]:
    return tuple(one.words for one in arrival(store, person(store)).announced)


def test_it_is_told_at_the_door_until_its_day_is_over(store: Store, chief: Context) -> None:
    announcing.announce(chief, "华东仓停电\n今天不发货", today(store))
    announcing.announce(chief, "明天盘点", today(store) + timedelta(days=1))
    assert told(store) == ("明天盘点", "华东仓停电 今天不发货")
    clock_of(store).move(timedelta(days=1))
    assert told(store) == ("明天盘点",)
    clock_of(store).move(timedelta(days=1))
    assert told(store) == ()
    must_add_up(store)


def test_it_is_ended_once(store: Store, chief: Context) -> None:
    number = announcing.announce(chief, "系统升级", today(store))
    announcing.end(chief, number)
    assert told(store) == ()
    for unknown in (number, 999_999):
        with pytest.raises(NotAllowed, match=r"announcement\.unknown"):
            announcing.end(chief, unknown)


@pytest.mark.parametrize("days", [-1, 32])
def test_a_day_that_is_over_or_far_off_is_refused(store: Store, chief: Context, days: int) -> None:
    with pytest.raises(BadInput, match=r"announcement\.days"):
        announcing.announce(chief, "系统升级", today(store) + timedelta(days=days))
    assert announcing.current(chief) == ()


@pytest.mark.parametrize("words", ["", "x" * 121])
def test_words_are_needed_and_few(store: Store, chief: Context, words: str) -> None:
    with pytest.raises(BadInput):
        announcing.announce(chief, words, today(store))


def test_what_must_never_be_kept_is_refused(store: Store, chief: Context) -> None:
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        announcing.announce(chief, "客户卡号 6222021234567890128", today(store))
    assert announcing.current(chief) == ()


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.RISK])
def test_who_supervises_nobody_announces_nothing(store: Store, role: Role) -> None:
    with pytest.raises(NotAllowed, match=r"role\.cannot_announce"):
        announcing.announce(context(store, person(store, "5000", role)), "开会", today(store))
