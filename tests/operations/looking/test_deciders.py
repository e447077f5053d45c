"""From when somebody can decide what a case asks of a second person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import PersonState, Role
from bdesk.models.tables import Staff
from bdesk.operations.looking.case import case_page
from bdesk.operations.looking.deciders import WAITING
from bdesk.operations.staff import standing_in
from bdesk.rules.walk.views import Offer, OptionView
from tests.builders import Item, adopt_limits, order, person
from tests.operations.desk import Desk
from tests.operations.frozen import freeze, questioned, recommended, rung, verified

TOMORROW = datetime(2026, 11, 19, 0, tzinfo=UTC)
"""8:00 local: T0 is in open time, and the hotline opens next then."""


def absent(desk: Desk, case_id: int) -> Mapping[str, datetime]:
    return case_page(desk.ctx, case_id).absent


@pytest.fixture
def wallet(store: Store, desk: Desk) -> int:
    return questioned(desk, verified(desk, rung(desk, freeze(store))))


@pytest.mark.parametrize(
    ("noted", "role", "can"),
    [
        ({}, Role.SUPERVISOR, True),
        ({}, Role.SENIOR, False),
        ({"device": "new", "story": "contradicts"}, Role.SUPERVISOR, False),
        ({"device": "new", "story": "contradicts"}, Role.RISK, True),
    ],
)
def test_a_release_waits_for_whom_its_risk_asks_for(
    store: Store, desk: Desk, noted: dict[str, str], role: Role, can: bool
) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store))), **noted)
    if desk.step(case_id) == "rating":
        desk.go(case_id, "ready")
    person(store, role=role)
    asks = {"limited", "refuse", "full"} & {one.code for one in _offered(desk, case_id)}
    assert asks
    assert absent(desk, case_id) == ({} if can else dict.fromkeys(asks, TOMORROW))


def _offered(desk: Desk, case_id: int) -> list[OptionView]:
    current = desk.stand(case_id).walk.current
    assert current is not None
    return [one for one in current.options if one.offer is Offer.OFFERED]


def test_a_recommendation_waits_too(store: Store, desk: Desk, wallet: int) -> None:
    recommended(desk, wallet)
    assert absent(desk, wallet) == {WAITING: TOMORROW}
    person(store, role=Role.MANAGER, state=PersonState.AFTER_CALL)
    assert absent(desk, wallet) == {}


def test_whose_request_it_is_not_is_told_nothing(store: Store, desk: Desk, chief: Desk, buyer: int) -> None:
    case_id = desk.to_decision(desk.opened(order(store, buyer, items=[Item(price_fen=90000)])))
    desk.go(case_id, "approval", why="超出权限")
    with store.write("test") as unit:
        unit.session.get_one(Staff, chief.ctx.actor.id).state = PersonState.OFFLINE
        unit.commit()
    assert absent(desk, case_id) == {WAITING: TOMORROW}
    assert absent(chief, case_id) == {}


def test_the_stores_own_limits_say_who_could(store: Store, desk: Desk, buyer: int) -> None:
    case_id = desk.to_decision(desk.opened(order(store, buyer, items=[Item(price_fen=90000)])))
    person(store, role=Role.SENIOR)
    assert absent(desk, case_id) == {}
    adopt_limits(store, ("max_fen: 200000", "max_fen: 80000"))
    assert absent(desk, case_id) == {"approval": TOMORROW}


def test_a_stand_in_who_begins_later_does_not_help_now(store: Store, desk: Desk, buyer: int) -> None:
    case_id = desk.to_decision(desk.opened(order(store, buyer, items=[Item(price_fen=90000)])))
    person(store, "1002")
    admin = Desk(store, person(store, "9001", Role.ADMIN))
    standing_in.name(admin.ctx, "1002", Role.SUPERVISOR, date(2026, 11, 19), date(2026, 11, 19))
    assert absent(desk, case_id) == {"approval": TOMORROW}
    desk.later(hours=14)
    assert absent(desk, case_id) == {}
