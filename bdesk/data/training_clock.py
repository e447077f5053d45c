"""A training store's own time: it runs while a desk is open on it and stands while none is.

A class seeded on Friday is then not overdue on Monday (ARCHITECTURE, Training).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlmodel import Session

from bdesk.clock import TRAINING_GRACE, Clock, SystemClock, TrainingClock
from bdesk.data.core import PRESENCE, STORE_INFO
from bdesk.models.tables import Presence

COLUMNS = (
    *(STORE_INFO.c[name] for name in ("clock_anchor", "made_at", "clock_base", "clock_rate")),
    select(func.max(PRESENCE.c.seen_at)).scalar_subquery().label("seen_at"),
)
"""What a training store's clock is made of; `of` makes it."""

_CLOCK = select(*COLUMNS)


@dataclass(slots=True)
class StoreClock:
    """The store's time as last read from the store. `read` again after another process moved it."""

    inner: TrainingClock
    host: Clock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        return self.inner.now()


def read(session: Session, host: Clock) -> TrainingClock:
    """The clock as the store keeps it."""
    return of(session.connection().execute(_CLOCK).one(), host)


def of(info: Row[Any], host: Clock) -> TrainingClock:
    """The clock from a row that has `COLUMNS`."""
    seen: datetime | None = info.seen_at
    return TrainingClock(
        anchor=info.clock_anchor or info.made_at,
        # A base without any desk is what a crash of the last one leaves when its presence was cleared.
        base=info.clock_base if seen is not None else None,
        rate=info.clock_rate,
        last_seen=seen,
        host=host,
    )


def start(session: Session, host: Clock, desk_id: str, staff: str) -> TrainingClock:
    """A desk opens: the clock runs from where it stands, unless another desk keeps it running."""
    return _touch(session, host, desk_id, staff)


def beat(session: Session, host: Clock, desk_id: str, staff: str) -> TrainingClock:
    """A desk is still open. After a longer silence than the grace (a lid closed over the weekend) the
    clock goes on from where it stood, not from the host's time."""
    return _touch(session, host, desk_id, staff)


def stop(session: Session, host: Clock, desk_id: str) -> TrainingClock:
    """A desk closes: with the last one the clock stands still."""
    clock, now = read(session, host), host.now()
    session.execute(delete(PRESENCE).where(PRESENCE.c.id == desk_id))
    session.execute(delete(PRESENCE).where(PRESENCE.c.seen_at < now - TRAINING_GRACE))
    if session.execute(select(func.count()).select_from(PRESENCE)).scalar() == 0:
        _anchor(session, clock.at(now), None)
    return read(session, host)


def _touch(session: Session, host: Clock, desk_id: str, staff: str) -> TrainingClock:
    clock, now = read(session, host), host.now()
    alive = clock.base is not None and clock.last_seen is not None and now <= clock.last_seen + TRAINING_GRACE
    if not alive:
        _anchor(session, clock.at(now), now)
    present = session.get(Presence, desk_id)
    if present is None:
        session.add(Presence(id=desk_id, staff=staff, seen_at=now))
    else:
        present.seen_at = max(now, present.seen_at)
    session.flush()
    return read(session, host)


def _anchor(session: Session, anchor: datetime, base: datetime | None) -> None:
    session.execute(update(STORE_INFO).values(clock_anchor=anchor, clock_base=base))
