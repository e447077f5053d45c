"""Announcements at an open desk: those that stand, and those that its person has read (UX, Sign-in).

Values only: who reads them from the store is the desk's errands, who shows them the frame and the menu.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdesk.operations.staff.announcing import Announcement


@dataclass(slots=True)
class Notices:
    """`standing`: the newest first. `read`: the numbers of those that were read at the door or here."""

    standing: "tuple[Announcement, ...]" = ()
    read: set[int] = field(default_factory=set)

    @property
    def unread(self) -> "tuple[Announcement, ...]":
        return tuple(one for one in self.standing if one.number not in self.read)

    def seen_first(self) -> None:
        """The one on the strip was read."""
        self.read |= {one.number for one in self.unread[:1]}

    def seen_all(self) -> None:
        """All of them were read."""
        self.read |= {one.number for one in self.standing}
