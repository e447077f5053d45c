"""Who may accept what was packed at the end of a shift."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from bdesk.models.views.snapshot import ActorView
from bdesk.rules.roles import CHIEFS

SHIFT: Final = timedelta(hours=8)
"""How long a shift is: for so long what was packed for a colleague waits for that colleague alone."""


class Packed(Protocol):
    """What a row and a view of a hand-over have in common."""

    @property
    def packed_by(self) -> str: ...
    @property
    def receiver(self) -> str | None: ...
    @property
    def group_code(self) -> str | None: ...
    @property
    def until(self) -> datetime: ...


def may_accept(packed: Packed, actor: ActorView, now: datetime) -> bool:
    """Whether it is this person's to accept or decline: never who packed it; else the colleague whom it is
    for, supervisors and managers, and the group, at once or once the shift of that colleague is over."""
    if actor.number == packed.packed_by:
        return False
    if actor.number == packed.receiver or actor.role in CHIEFS:
        return True
    in_group = packed.group_code is not None and packed.group_code == actor.group_code
    return in_group and (packed.receiver is None or now >= packed.until)
