"""What somebody who guesses meets at the door: the same words and the same waits, whatever the number is.

A number that nobody has is counted too, in a row that is no member of staff's: else the wait after the third
wrong password would say that the number exists.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import text as sql

from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.tables import DoorSlot

FREE_TRIES = 3
LONGEST_LOCK = timedelta(minutes=15)
SLOTS = 4096

# Two desks may meet the same slot first.
_MAKE_SLOT = sql("INSERT INTO door_slot (id, failed) VALUES (:id, 0) ON CONFLICT (id) DO NOTHING")


def slot_of(number: str) -> int:
    """The slot of a number that nobody has."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:4]) % SLOTS


def must_not_wait(locked_until: datetime | None, now: datetime, pace: int) -> None:
    """Raises NotAllowed("sign_in.wait") until the wait is over, with the seconds that a person waits."""
    if locked_until is not None and locked_until > now:
        raise NotAllowed("sign_in.wait", seconds=int((locked_until - now).total_seconds() / pace) + 1)


def count_nobody(unit: Unit, number: str) -> None:
    """A wrong try for a number that nobody has: it waits and counts as one for a member of staff would.

    Commits. Raises NotAllowed("sign_in.wait").
    """
    unit.session.execute(_MAKE_SLOT, {"id": slot_of(number)})
    slot = unit.session.get_one(DoorSlot, slot_of(number), with_for_update=True)
    must_not_wait(slot.locked_until, unit.now, unit.pace)
    slot.failed += 1
    slot.locked_until = wait_after(slot.failed, unit.now, unit.pace)
    unit.commit()


def wait_after(failed: int, now: datetime, pace: int) -> datetime | None:
    """Until when a number waits after so many wrong tries: each after the third doubles it, to 15 minutes of
    whoever tries, at whatever `pace` the store's time goes (`Store.pace`)."""
    over = failed - FREE_TRIES
    return None if over < 0 else now + pace * min(LONGEST_LOCK, timedelta(seconds=5 * 2 ** min(over, 10)))
