"""The ladder of roles: who stands where, and to which level a case may be raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import Role
from bdesk.rules.ladder import LADDER, RAISE_TO, decides_on, may_raise, reach, stands_at

ROLES = st.sampled_from([*Role])
LEVELS = st.sampled_from([None, *RAISE_TO])


@pytest.mark.parametrize(
    ("role", "level", "stands"),
    [
        (Role.AGENT, Role.AGENT, True),
        (Role.AGENT, Role.SENIOR, False),
        (Role.SUPERVISOR, Role.SENIOR, True),
        (Role.SUPERVISOR, Role.MANAGER, False),
        (Role.MANAGER, Role.SUPERVISOR, True),
        (Role.RISK, Role.AGENT, False),
        (Role.MANAGER, Role.RISK, False),
        (Role.RISK, Role.RISK, True),
        (Role.ADMIN, Role.AGENT, False),
        (Role.ADMIN, Role.ADMIN, False),
    ],
)
def test_who_stands_at_which_level(role: Role, level: Role, stands: bool) -> None:
    assert stands_at(role, level) is stands


@given(ROLES)
def test_everybody_reaches_themselves_and_what_is_below(role: Role) -> None:
    assert reach(role)[-1] is role
    assert all(one is role or stands_at(role, one) for one in reach(role))


@pytest.mark.parametrize(
    ("now", "to", "may"),
    [
        (None, "supervisor", True),
        (None, "agent", False),
        ("supervisor", "supervisor", False),
        ("supervisor", "manager", True),
        ("manager", "supervisor", False),
        ("manager", "risk", True),
        ("risk", "manager", True),
        ("risk", "risk", False),
    ],
)
def test_a_case_is_raised_up_or_over_and_never_down(now: str | None, to: str, may: bool) -> None:
    assert may_raise(now, to) is may


@given(ROLES, LEVELS)
def test_who_decides_on_what_was_raised(role: Role, level: str | None) -> None:
    decides = decides_on(role, level)
    assert decides is (level is not None and stands_at(role, Role(level)))
    if decides and role in LADDER and level is not None:
        assert LADDER.index(role) >= LADDER.index(Role(level))
