"""Who may accept what was packed at the end of a shift."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.rules.shifts import SHIFT, may_accept
from tests.builders import T0


@dataclass(frozen=True)
class Packed:
    packed_by: str = "1001"
    receiver: str | None = None
    group_code: str | None = "hotline"
    until: datetime = T0 + SHIFT


SOMEBODY = ActorView(2, "1002", "陈默", Role.AGENT, group_code="hotline")


@pytest.mark.parametrize(
    ("packed", "who", "after", "may"),
    [
        (Packed(), SOMEBODY, 0, True),
        (Packed(), replace(SOMEBODY, group_code="payment"), 0, False),
        (Packed(), replace(SOMEBODY, group_code=None), 9, False),
        (Packed(group_code=None), replace(SOMEBODY, group_code=None), 9, False),
        (Packed(), replace(SOMEBODY, number="1001"), 9, False),
        (Packed(), replace(SOMEBODY, number="1001", role=Role.SUPERVISOR), 9, False),
        (Packed(receiver="1002"), replace(SOMEBODY, group_code=None), 0, True),
        (Packed(receiver="1003"), SOMEBODY, 0, False),
        (Packed(receiver="1003"), SOMEBODY, 7.99, False),
        (Packed(receiver="1003"), SOMEBODY, 8, True),
        (Packed(receiver="1003"), replace(SOMEBODY, group_code="payment"), 8, False),
        (Packed(receiver="1003"), replace(SOMEBODY, role=Role.SUPERVISOR, group_code=None), 0, True),
        (Packed(receiver="1003"), replace(SOMEBODY, role=Role.MANAGER, group_code=None), 0, True),
        (Packed(receiver="1003"), replace(SOMEBODY, role=Role.SENIOR), 0, False),
    ],
)
def test_it_is_the_receivers_the_groups_and_the_supervisors(
    packed: Packed, who: ActorView, after: float, may: bool
) -> None:
    assert may_accept(packed, who, T0 + timedelta(hours=after)) is may
