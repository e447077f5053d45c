"""Putting a case aside: the clock runs on, the case comes back by itself."""

from datetime import timedelta

from bdesk.operations import parking
from bdesk.screens.case.host import CaseHost

ASIDE = timedelta(hours=1)


def for_an_hour(host: CaseHost, case_id: int, _words: str) -> None:
    """Out of the hand, and back in an hour."""
    until = host.place.now() + ASIDE
    host.perform(parking.put_aside, case_id, until, then=lambda _changed: host.let_go(case_id))
