"""Calls that nobody made: a desk that rings without end answers no customer."""

from pathlib import Path

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Contact
from bdesk.operations import calls
from bdesk.operations.looking import queue as looking
from tests.builders import context, make_store, person
from tests.operations.desk import Desk


@pytest.fixture
def telephone(store: Store) -> Desk:
    return Desk(store, person(store, "9001", Role.ADMIN))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_nobody_at_a_desk_lets_calls_ring(store: Store, desk: Desk, role: Role) -> None:
    somebody = context(store, person(store, "5001", role))
    with pytest.raises(NotAllowed, match=r"call\.not_the_telephone"):
        calls.ring(somebody, "13800000000", "1001")
    assert looking.ringing(desk.ctx) is None


def test_at_one_desk_one_call_rings_at_a_time(desk: Desk, telephone: Desk) -> None:
    """What rang before and was not taken has rung off: the caller is gone."""
    for number in range(50):
        calls.ring(telephone.ctx, f"1380000{number:04d}", "1001")
    ringing = looking.ringing(desk.ctx)
    assert ringing is not None and ringing.number == "138****0049"
    calls.drop_call(desk.ctx, calls.start_call(desk.ctx))
    assert looking.ringing(desk.ctx) is None
    assert len(desk.rows(Contact, staff_id=None)) == 49
    calls.ring(telephone.ctx, "13800009999", "1001")
    assert looking.ringing(desk.ctx) is not None


def test_a_call_in_hand_does_not_ring_off(desk: Desk, telephone: Desk) -> None:
    calls.ring(telephone.ctx, "13800000001", "1001")
    contact = calls.start_call(desk.ctx)
    calls.ring(telephone.ctx, "13800000002", "1001")
    assert desk.row(Contact, contact).ended_at is None


@pytest.mark.parametrize(
    ("said", "number"),
    [("9" * 5000, "9" * 32), ("", None), (" 138\x1b 0001\n", "138 0001"), ("sip:a@example.com",) * 2],
)
def test_a_number_is_no_longer_than_a_number(
    desk: Desk, telephone: Desk, said: str, number: str | None
) -> None:
    calls.ring(telephone.ctx, said, "1001")
    assert desk.row(Contact, calls.start_call(desk.ctx)).number == number


def test_in_a_training_store_anybody_plays_the_telephone(tmp_path: Path) -> None:
    with make_store(tmp_path, training=True) as store:
        agent = Desk(store, person(store, "1001"))
        calls.ring(agent.ctx, "13800000000", "1001")
        assert looking.ringing(agent.ctx) is not None
