"""Looking again after a release: from when on that says anything (P6, WU11)."""

from datetime import datetime, timedelta
from typing import Final

from bdesk.models.views.snapshot import Snapshot

FIRST: Final = timedelta(hours=24)
SECOND: Final = timedelta(days=7)
"""After the customer was told of the release."""

CALLS: Final = frozenset({"look", "look_week"})
"""Steps at which the customer is rung up."""

_TOLD: Final = frozenset({("advice", "letter"), ("advice", "told")})


def told_at(snapshot: Snapshot) -> datetime | None:
    """When the customer was told of the newest release of this cycle; the follow-up counts from then."""
    told = [
        one.at
        for one in snapshot.answers
        if one.cycle == snapshot.case.cycle and (one.step, one.option) in _TOLD
    ]
    return max(told, default=None)


def open_from(snapshot: Snapshot, after: timedelta) -> datetime | None:
    """From when on it is looked at again; None before a release was told."""
    told = told_at(snapshot)
    return None if told is None else told + after


def is_open(snapshot: Snapshot, after: timedelta) -> bool:
    """Whether looking says something now."""
    at = open_from(snapshot, after)
    return at is not None and snapshot.now >= at
