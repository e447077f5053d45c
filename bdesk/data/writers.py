"""Who may write through an open store: whoever was let in and not disabled or signed out since, and programs.

An open desk outlives the account it was opened with, so each act asks again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, select
from sqlmodel import Session

from bdesk.data.core import STAFF, STAND_IN
from bdesk.data.queries.standing_in import living
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role

_STAFF = STAFF.c.number == bindparam("number")
_ACTIVE = select(STAFF.c.active).where(_STAFF)
_SIGNED_OUT = select(STAFF.c.signed_out).where(_STAFF)
_STANDS_IN = exists().where(_STAFF, STAND_IN.c.staff_id == STAFF.c.id, STAND_IN.c.ended_at.is_(None))
_WORKS = select(STAFF.c.active, STAFF.c.signed_out).where(_STAFF)

WHO_ACTS = (
    _ACTIVE.scalar_subquery().label("active"),
    _SIGNED_OUT.scalar_subquery().label("signed_out"),
    _STANDS_IN.label("stands_in"),
)
"""What a write asks of its actor, by `number`: columns for the one statement with which it begins."""


class Writers:
    """Who came in by one open store, and how often they had been signed out everywhere by then."""

    def __init__(self) -> None:
        self._let_in: dict[str, int] = {}

    def let_in(self, number: str, signed_out: int) -> None:
        """Somebody came in; being signed out everywhere counts `signed_out` on."""
        self._let_in[number] = signed_out

    def must_be_let_in(self, number: str, found: Row[Any]) -> None:
        """Raises NotAllowed for a member of staff who was disabled ("staff.disabled") or signed out
        everywhere ("staff.signed_out") since; `found` has the columns of `WHO_ACTS`."""
        if _disabled(found.active):
            raise NotAllowed("staff.disabled", number=number)
        if self._is_out(number, found.signed_out):
            raise NotAllowed("staff.signed_out", number=number)

    def ended(self, session: Session, number: str) -> str | None:
        """Why a number that was let in works here no more: "staff.locked" for who was disabled,
        "staff.signed_out"; None while it may."""
        found = session.execute(_WORKS, {"number": number}).one_or_none()
        if found is None:
            return None
        if _disabled(found.active):
            return "staff.locked"
        return "staff.signed_out" if self._is_out(number, found.signed_out) else None

    def _is_out(self, number: str, signed_out: int | None) -> bool:
        return self._let_in.get(number, signed_out) != signed_out


class Tries:
    """Passwords that people type again at the open desk they came in by: a few wrong ones are theirs, however
    long somebody else who guesses at the door makes the number wait."""

    MOST = 3

    def __init__(self) -> None:
        self._wrong: dict[str, int] = {}

    def came_in(self, number: str) -> None:
        """Somebody came in here, or typed the right password again."""
        self._wrong[number] = 0

    def was_wrong(self, number: str) -> None:
        """One try less for who came in here."""
        if number in self._wrong:
            self._wrong[number] += 1

    def are_left(self, number: str) -> bool:
        """Whether this number came in here and has a try of its own."""
        return self._wrong.get(number, self.MOST) < self.MOST


def stood_in(session: Session, number: str, now: datetime) -> Role | None:
    """The role that somebody stands in for at `now`: what every event of theirs then says."""
    here = STAND_IN.c
    mine = select(here.role).select_from(STAND_IN.join(STAFF, STAFF.c.id == here.staff_id))
    found = session.execute(mine.where(STAFF.c.number == number, living(now)).order_by(here.id.desc()))
    return found.scalars().first()


def _disabled(active: bool | None) -> bool:
    """Who is no member of staff is a program, and may write."""
    return active is not None and not active
