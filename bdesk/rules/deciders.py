"""Who could decide a request, and from when somebody can, where nobody is there now (B0.7)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from bdesk.models.kinds import Role
from bdesk.rules import roles
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.limits import Allowed, LimitContext, Limits, Proposer, decide


def deciding_roles(
    action: str, amount_fen: int, flags: Collection[str], base_fen: int | None, limits: Limits
) -> frozenset[Role]:
    """The roles that may decide this when somebody else asks for it. What the case lacks, whoever acts, is
    not looked at: the request says so itself."""
    if action not in limits.rows:
        return roles.DECIDERS - {Role.SENIOR}
    asked = LimitContext(
        base_fen=base_fen,
        verification=3,
        evidence=1,
        consent=True,
        hours_late=0,
        proposer=Proposer.OTHER,
    )
    return frozenset(
        role
        for role in roles.DECIDERS
        if decide(action, role, amount_fen, flags, asked, limits).allowed is Allowed.DECIDE
    )


def from_when(
    needed: Collection[Role],
    here: Collection[Role],
    coming: Iterable[tuple[Role, datetime]],
    calendar: Calendar,
    now: datetime,
) -> datetime | None:
    """From when somebody of the roles `needed` can decide; None while one is `here`, and for what nobody may
    decide. That is the next opening, by the calendar that approvals count in, or when a stand-in for one of
    the roles begins before it: `coming` are the roles and beginnings of stand-ins."""
    if not needed or set(needed) & set(here):
        return None
    begins = [calendar.next_open(at) for role, at in coming if role in needed and at > now]
    return min([next_opening(calendar, now), *begins])


def next_opening(calendar: Calendar, now: datetime) -> datetime:
    """When it opens next; while it is open, when it opens again after it has closed. Midnight closes nothing
    where the next day is open from its first minute."""
    until = now
    for start, end in calendar.open_from(now):
        if start > until:
            return start
        until = end
    raise AssertionError  # `open_from` ends only by raising
