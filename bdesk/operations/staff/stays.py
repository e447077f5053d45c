"""Kept sign-ins as the store knows them: a digest, a machine, an end. The token lies in a keyring only.

The digest covers whose it is, where and until when, so that a row that was edited fits no token any more; and
the journal must speak of it, so that a row that was put in, or taken up again, lets nobody in.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from bdesk.clock import to_iso
from bdesk.data.core import EVENT
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Stream
from bdesk.models.tables import KeptSignIn, Staff
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff.door import must_not_wait
from bdesk.operations.staff.people import actor_of, let_in
from bdesk.operations.staff.stay_rows import ASKS, ENDED, KEPT, end, end_others, living
from bdesk.text import normalise_key

STAY = timedelta(days=7)
"""From the password to the next one: a week of shifts. Using it does not prolong it."""

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """A kept sign-in that was made; `token` is told once, to whoever keeps it."""

    kept: int
    token: str = field(repr=False)


def issue(store: Store, actor: ActorView, machine: str) -> Issued:
    """Keep somebody signed in on one machine and account, in place of whoever was kept there."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with store.write(actor.number) as unit:
        staff = unit.session.get_one(Staff, actor.id)
        end(unit, staff, "replaced", machine=machine)
        end_others(unit, staff, machine)
        expires = unit.now + STAY
        digest = _digest(store, staff.number, machine, expires, token)
        row = KeptSignIn(
            staff_id=actor.id, digest=digest, machine=machine, kept_at=unit.now, expires_at=expires
        )
        unit.session.add(row)
        unit.session.flush()
        assert row.id is not None
        told = {"kept": row.id, "digest": digest, "machine": machine, "expires": expires}
        unit.append(Stream.STAFF, staff.number, KEPT, told)
        unit.commit()
        return Issued(row.id, token)


def end_here(store: Store, actor: ActorView, machine: str) -> None:
    """Signed out: what is kept for this person on this machine ends."""
    with store.write(actor.number) as unit:
        if end(unit, unit.session.get_one(Staff, actor.id), "signed_out", machine=machine):
            unit.commit()


def come_back(store: Store, number: str, token: str, machine: str) -> ActorView:
    """Let somebody in by their token; who it is.

    Raises NotAllowed: stay.over for every cause that makes it worth nothing, stay.locked for a desk that was
    locked when it ended, sign_in.wait while the number waits for wrong passwords.
    """
    number = normalise_key(number)
    with store.write(number[:16] or "?", at_the_door=True) as unit:
        staff = unit.session.scalars(select(Staff).where(col(Staff.number) == number)).first()
        row = None if staff is None else _fitting(store, unit.session, staff, token)
        told = None if staff is None or row is None else _told(unit.session, staff.number, row)
        if staff is None or row is None or told is None or not staff.active or row.expires_at <= unit.now:
            raise NotAllowed("stay.over")
        if row.machine != machine:
            # Somebody carried it away: nobody comes in with it any more, here or there.
            end(unit, staff, "other_machine", machine=row.machine)
            unit.commit()
            raise NotAllowed("stay.over")
        must_not_wait(staff.locked_until, unit.now, unit.pace)
        if row.asks or told.asks or staff.must_change_password:
            raise NotAllowed("stay.locked")
        assert row.id is not None
        unit.append(Stream.STAFF, staff.number, "staff.signed_in", {"on_duty": False, "kept": row.id})
        actor = actor_of(unit.session, staff, unit.now)
        let_in(store, staff)
        unit.commit()
        return actor


def _fitting(store: Store, session: Session, staff: Staff, token: str) -> KeptSignIn | None:
    """The living row that this token fits."""
    found = None
    for row in living(session, staff):
        wanted = _digest(store, staff.number, row.machine, row.expires_at, token)
        if hmac.compare_digest(wanted, row.digest):
            found = row
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal says of a kept sign-in that it has not ended."""

    asks: bool


def _told(session: Session, number: str, row: KeptSignIn) -> _Told | None:
    """None for a row that the journal does not know, or has ended."""
    events = session.execute(
        select(EVENT.c.kind, EVENT.c.payload)
        .where(EVENT.c.stream == Stream.STAFF, EVENT.c.stream_id == number)
        .where(EVENT.c.kind.in_((KEPT, ENDED, ASKS)))
        .order_by(EVENT.c.sequence)
    )
    told = None
    for event in events:
        said = json.loads(event.payload)
        if event.kind == KEPT and said["kept"] == row.id:
            told = _Told(asks=False) if said["digest"] == row.digest else None
        elif event.kind != KEPT and row.id in said["kept"]:
            told = _Told(asks=said["asks"]) if event.kind == ASKS and told is not None else None
    return told


def _digest(store: Store, number: str, machine: str, expires: datetime, token: str) -> str:
    parts = [store.info.store_id, number, machine, to_iso(expires), token]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
