"""The one ladder of roles (B0.1): who stands at or above whom, and to which level a case may be raised (P15).

Risk stands beside the ladder, admins nowhere on it.
"""

from typing import Final

from bdesk.models.kinds import Role

LADDER: Final[tuple[Role, ...]] = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.MANAGER)
"""From the lowest up: each may at least what the one before may."""

RAISE_TO: Final = (Role.SUPERVISOR.value, Role.MANAGER.value, Role.RISK.value)
"""Levels that decide on what is raised to them."""


def stands_at(role: Role, level: Role) -> bool:
    """Whether a role stands on the ladder at this level or above it; for one beside it, at it."""
    if role in LADDER and level in LADDER:
        return LADDER.index(role) >= LADDER.index(level)
    return role is level and role is Role.RISK


def reach(role: Role) -> tuple[Role, ...]:
    """The role and those below it, from the lowest up; one beside the ladder alone."""
    return LADDER[: LADDER.index(role) + 1] if role in LADDER else (role,)


def decides_on(role: Role, raised_to: str | None) -> bool:
    """Whether a role may take a case from its owner because it was raised to it; none was, to None."""
    return raised_to is not None and stands_at(role, Role(raised_to))


def may_raise(raised_to: str | None, to: str) -> bool:
    """Whether raising to `to` is a step: up the ladder, or over to risk and back, never down and never to
    where a case is."""
    if raised_to is None:
        return to in RAISE_TO
    return to in RAISE_TO and not stands_at(Role(raised_to), Role(to))


def may_stand_in(own: Role, role: Role) -> bool:
    """Whether somebody of a role may stand in for another: up the ladder, and from senior on for risk. Admins
    and risk stand in for nobody, and nobody for admins (segregation of duties, B0.1)."""
    if role is Role.RISK:
        return stands_at(own, Role.SENIOR)
    return own in LADDER and role in LADDER and own is not role and stands_at(role, own)
