"""Today's figures of the queue; counted up to a cap, so that they cost the same in a surge."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from bdesk.clock import LOCAL
from bdesk.data.core import CASE
from bdesk.data.queries.ended import ended
from bdesk.data.queries.queue import count
from bdesk.models.views.queue import COUNT_CAP, QueueFigures
from bdesk.models.views.snapshot import ActorView

HANDLED_KEPT = 500
"""More than anybody closes in a day."""


def figures(session: Session, actor: ActorView, now: datetime) -> QueueFigures:
    """Over due, due within 5 and 15 minutes (each within the next), waiting, put aside, and what this
    person closed today: how many, the share of their clocks that was met, how many were not, and the
    mean handling time."""
    over = _due_by(session, actor, now - timedelta(microseconds=1))
    in5 = _due_by(session, actor, now + timedelta(minutes=5))
    in15 = _due_by(session, actor, now + timedelta(minutes=15))
    handled, seconds = _handled(session, actor, now)
    clocks = ended(session, (actor.id,), now)
    return QueueFigures(
        over=over,
        soon5=in5 - over,
        soon15=in15 - over,
        waiting=count(session, "waiting", actor),
        aside=count(session, "aside", actor),
        met_percent=clocks.met_percent,
        late=clocks.late,
        excused=clocks.excused,
        handled=handled,
        avg_seconds=seconds,
    )


def _due_by(session: Session, actor: ActorView, until: datetime) -> int:
    mine = count(session, "mine", actor, until=until)
    return min(mine + count(session, "waiting", actor, until=until), COUNT_CAP)


def _today(now: datetime) -> datetime:
    return now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)


def _handled(session: Session, actor: ActorView, now: datetime) -> tuple[int, int | None]:
    rows = session.execute(
        select(CASE.c.claimed_at, CASE.c.closed_at)
        .where(CASE.c.closed_by == actor.id, CASE.c.closed_at >= _today(now))
        .limit(HANDLED_KEPT)
    ).all()
    times = [(row.closed_at - row.claimed_at).total_seconds() for row in rows if row.claimed_at is not None]
    return len(rows), int(sum(times) / len(times)) if times else None
