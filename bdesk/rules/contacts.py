"""Whether phone or e-mail on file may be somebody else's by now (B0.4, S7)."""

from datetime import timedelta
from typing import Final

from bdesk.models.views.snapshot import Snapshot

CONTACT_GUARD: Final = timedelta(days=7)
"""Contact data changed more recently than this: the code goes to the old channel, or one calls back."""


def contact_changed(snapshot: Snapshot) -> bool:
    """Whether phone or e-mail on file changed in the last 7 days (S7: the code goes to the old one)."""
    changed = snapshot.customer.contact_changed_at if snapshot.customer is not None else None
    return changed is not None and snapshot.now - changed < CONTACT_GUARD
