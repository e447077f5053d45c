"""The time of the database's server, on a workstation whose own clock may be wrong.

What is written carries the server's time anyway; what is only shown, from the chip of a case to the seconds
of a recall, goes by this clock, so that all desks of a team show the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from bdesk.clock import Clock

_PRESENT = select(func.clock_timestamp())


@dataclass(slots=True)
class ServerClock:
    """The host's clock, put right by as much as the server's was ahead of it when it was heard last."""

    host: Clock
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return self.host.now() + self.ahead

    def hear(self, session: Session) -> datetime:
        """Ask the server what time it is."""
        present: datetime = session.execute(_PRESENT).scalar_one()
        self.ahead = present - self.host.now()
        return present
