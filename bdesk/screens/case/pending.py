"""The strip of the case on the screen: on disk from the moment it stands, and F8 only once it was painted."""

from collections.abc import Callable

from bdesk.models.views.strip import Strip
from bdesk.screens.case.strip_draft import strip_draft
from bdesk.screens.place import Place

F8_WAIT = 0.3
"""F8 counts only so long after the strip was painted (UX 5)."""


class Pending:
    """What stands in the pending strip, and whether F8 may do it now. `flash`: F8 came too early."""

    def __init__(self, place: Place, seconds: Callable[[], float]) -> None:
        self.place = place
        self.flash = False
        self._seconds = seconds
        self._seen: Strip | None = None
        self._painted_at: float | None = None

    @property
    def strip(self) -> Strip | None:
        """The strip of the current case."""
        current = self.place.current
        return self.place.strips.get(current) if current is not None else None

    def put(self, strip: Strip) -> None:
        """A chosen outcome stands in the strip; it is on disk from now on."""
        self.place.strips[strip.case_id] = strip
        self.place.desk.drafts.save(f"case:{strip.case_id}", "strip", strip_draft(strip), at_once=True)
        self.flash = False

    def drop(self) -> None:
        """Nothing is pending on the current case any more."""
        current = self.place.current
        if current is not None:
            self.place.strips.pop(current, None)
            self.place.desk.drafts.save(f"case:{current}", "strip", None, at_once=True)
        self.flash = False

    def shown(self) -> bool:
        """The screen is about to paint: True when it shows another strip than before, whose painting is then
        told by `painted`: a new one, that of another tab, or one that came back after a crash."""
        strip = self.strip
        if strip is self._seen:
            return False
        self._seen, self._painted_at = strip, None
        return strip is not None

    def painted(self) -> None:
        """The strip stands on the screen, to be read."""
        self._painted_at = self._seconds()

    def take(self) -> Strip | None:
        """The strip, to be done now, once; None when there is none or F8 came too early."""
        strip = self.strip
        if strip is None:
            return None
        if self._painted_at is None or self._seconds() - self._painted_at < F8_WAIT:
            self.flash = True
            return None
        # A second F8 needs another painting.
        self._painted_at = None
        return strip
