"""Who could decide, and from when (B0.7)."""

from datetime import UTC, datetime, timedelta

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.book.policies import packaged_limits_text, parse_limits
from bdesk.models.kinds import Role
from bdesk.rules.deciders import deciding_roles, from_when, next_opening

LIMITS = parse_limits(packaged_limits_text(), "limits.yaml")
HOTLINE = load_book().calendars["hotline"]
S, V, M, R = Role.SENIOR, Role.SUPERVISOR, Role.MANAGER, Role.RISK
NO = frozenset[Role]()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Local time in November 2026, in UTC: the hotline is staffed from 8:00 to 24:00."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("action", "fen", "flags", "roles"),
    [
        ("refund", 60000, (), {S, V, M}),
        ("refund", 200001, (), {V, M}),
        ("refund", 100, ("perishable",), {V, M}),
        ("reject_fraud", 0, (), {V, M, R}),
        ("goodwill_return", 0, (), {S, V, M}),
        ("compensation", 50001, (), {M}),
        ("goodwill_coupon", 20001, (), set()),
        ("unfreeze", 0, (), {V, M, R}),
        ("unfreeze", 0, ("high_risk",), {R}),
        ("unfreeze", 0, ("judicial",), set()),
        ("something else", 0, (), {V, M, R}),
    ],
)
def test_who_could_decide(action: str, fen: int, flags: tuple[str, ...], roles: set[Role]) -> None:
    assert deciding_roles(action, fen, flags, 1000000, LIMITS) == roles


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(18, 10), at(19, 8)),
        (at(18, 23, 59), at(19, 8)),
        (at(18, 0), at(18, 8)),
        (at(18, 7, 59), at(18, 8)),
        (at(18, 8), at(19, 8)),
        # Through the nights of the campaign it never closes, until the 12th.
        (at(9, 10), at(12, 8)),
        (at(11, 3), at(12, 8)),
    ],
)
def test_when_it_opens_next(now: datetime, opens: datetime) -> None:
    assert next_opening(HOTLINE, now) == opens


def test_somebody_who_is_here_can() -> None:
    assert from_when({S, V}, {V, Role.AGENT}, (), HOTLINE, at(18, 10)) is None
    assert from_when({V, M}, {S, Role.AGENT, R}, (), HOTLINE, at(18, 10)) == at(19, 8)


def test_what_nobody_may_decide_waits_for_nobody() -> None:
    assert from_when(NO, NO, (), HOTLINE, at(18, 10)) is None


@pytest.mark.parametrize(
    ("coming", "now", "when"),
    [
        # In the nights of the campaign a stand-in decides from midnight on.
        (((V, at(10, 0)),), at(9, 22), at(10, 0)),
        (((S, at(10, 0)),), at(9, 22), at(12, 8)),
        (((S, at(10, 0)), (V, at(11, 0))), at(9, 22), at(11, 0)),
        # Else their day begins when the hotline opens, and somebody else's before that counts.
        (((V, at(19, 0)),), at(18, 22), at(19, 8)),
        (((V, at(25, 0)),), at(18, 22), at(19, 8)),
    ],
)
def test_a_stand_in_may_come_earlier(
    coming: tuple[tuple[Role, datetime], ...], now: datetime, when: datetime
) -> None:
    assert from_when({V, M}, NO, coming, HOTLINE, now) == when
