"""What every operation is handed: the store, the book, who acts, and the outside world."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.ports import Ports, simulated

if TYPE_CHECKING:
    from bdesk.data.book.book import Book

# UX 6: executed effects wait 10 s in the outbox; a setting, to 60.
RECALL_SECONDS = 10

SYSTEM = "system"
"""The actor of what happens by itself."""


@dataclass(frozen=True, slots=True)
class Context:
    """`recall_seconds` is how long an executed effect is held before it may leave (0 to 60)."""

    store: Store
    book: "Book"
    actor: ActorView
    recall_seconds: int = RECALL_SECONDS
    ports: Ports = field(default_factory=simulated)

    def now(self) -> datetime:
        """The store's time: its own in a training store, the server's on PostgreSQL."""
        return self.store.clock.now()
