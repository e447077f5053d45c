"""When the desk locks by itself: nobody touched it for some minutes, and no call is at hand."""

import time
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from bdesk.screens.place import Place

TOUCHES = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)

# A machine that slept counts: Python's monotonic clock stands still meanwhile on Linux.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def seconds() -> float:
    """Seconds since some moment, sleep included."""
    return time.clock_gettime(_CLOCK)


class Idling:
    """How long nobody touched the desk. Being shown something is no touch, nor is a moved mouse."""

    def __init__(self) -> None:
        self._last = seconds()

    def saw(self, event: events.Event) -> None:
        """A key, a click or a paste begins the count anew."""
        if isinstance(event, TOUCHES):
            self.begin()

    def begin(self) -> None:
        """Count from now."""
        self._last = seconds()

    def is_due(self, place: "Place") -> bool:
        """Whether to lock now. A call at hand holds the count at its beginning; a training store asks nobody
        who they are, so there is nothing to lock with."""
        if place.call is not None or place.desk.store.training:
            self.begin()
        return seconds() - self._last >= place.settings.lock_minutes * 60
