"""Announcements: what everybody is told between the door and the queue (UX, Sign-in).

They are for the staff and name no customer; what the scanner finds is refused. Each stands until the end of a
local day, or until somebody ends it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bdesk.clock import LOCAL, from_iso, midnight, to_iso
from bdesk.data.journal import events
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Stream
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may

STREAM = "announcements"
MADE, ENDED = "announcement.made", "announcement.ended"

LONGEST = 120
"""Characters: one line of a wide screen, two at 80 columns."""

LONGEST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Announcement:
    """`number` ends it; `until`: the midnight after its last local day."""

    number: int
    words: str
    by: str
    made_at: datetime
    until: datetime


def announce(ctx: Context, words: str, last: date) -> int:
    """Tell everybody something until the end of the local day `last`; the number by which it is ended.

    Raises NotAllowed("role.cannot_announce") below a supervisor, BadInput("announcement.days") for a day that
    is over or more than 31 days ahead, and what `check_text` raises.
    """
    must_may(ctx, "staff.announcing.announce")
    words = " ".join(check_text(words, longest=LONGEST).split())
    with ctx.store.write(ctx.actor.number) as unit:
        today = unit.now.astimezone(LOCAL).date()
        if not today <= last <= today + timedelta(days=LONGEST_DAYS):
            raise BadInput("announcement.days", last=last.isoformat(), days=LONGEST_DAYS)
        until = midnight(last) + timedelta(days=1)
        event = unit.append(Stream.STORE, STREAM, MADE, {"words": words, "until": to_iso(until)})
        unit.commit()
    return event.id


def end(ctx: Context, number: int) -> None:
    """It is told no more. Raises NotAllowed("announcement.unknown") for none that stands."""
    must_may(ctx, "staff.announcing.end")
    with ctx.store.write(ctx.actor.number) as unit:
        if number not in {one.number for one in standing(unit.session, unit.now)}:
            raise NotAllowed("announcement.unknown", number=number)
        unit.append(Stream.STORE, STREAM, ENDED, {"of": number})
        unit.commit()


def current(ctx: Context) -> tuple[Announcement, ...]:
    """Those that stand now, the newest first."""
    with ctx.store.read() as session:
        return standing(session, ctx.now())


def standing(session: Session, now: datetime) -> tuple[Announcement, ...]:
    """Those that stand at `now`, the newest first."""
    told = events(session, Stream.STORE, STREAM)
    ended = {one.payload["of"] for one in told if one.kind == ENDED}
    made = (
        Announcement(
            one.id,
            str(one.payload["words"]),
            one.actor,
            one.occurred_at,
            from_iso(str(one.payload["until"])),
        )
        for one in reversed(told)
        if one.kind == MADE and one.id not in ended
    )
    return tuple(one for one in made if one.until > now)
