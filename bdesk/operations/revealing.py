"""What is masked everywhere, shown whole once to a supervisor who says why (B0.7; law and practice, 4); and
the number alone to whoever owes a call back (decision 24).

The journal has who looked, at whom and why before anything is shown; lists, exports and commands never do.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bdesk.data.queries import call_backs
from bdesk.errors import BadInput, NotAllowed, NotFound
from bdesk.models.kinds import RevealReason, Stream
from bdesk.models.tables import Customer
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.standing import standing
from bdesk.rules import contacts, follow_up

SHOWN_SECONDS = 30
"""After so many seconds the screen hides it again (law and practice, 4)."""

EVENT = "customer.revealed"


@dataclass(frozen=True, slots=True)
class Revealed:
    """The values, for one screen. None is part of what it prints as: no log and no error tells them.
    `to_ring`: the number alone, for a call back."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    address: str = field(repr=False)
    to_ring: bool = False
    changed_at: datetime | None = None
    """When phone or e-mail changed, if that was in the last 7 days: what stands there may be another's."""


def reveal(ctx: Context, customer_id: int, reason: str) -> Revealed:
    """Read a customer's name and addresses whole, on record.

    Raises NotAllowed("role.cannot_reveal") below a supervisor, BadInput("reveal.reason") for none of the
    reasons, NotFound.
    """
    must_may(ctx, "revealing.reveal")
    if reason not in set(RevealReason):
        raise BadInput("reveal.reason", known=", ".join(RevealReason))
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.session.get(Customer, customer_id)
        if row is None:
            raise NotFound("customer", str(customer_id))
        unit.append(Stream.STAFF, ctx.actor.number, EVENT, {"customer": customer_id, "reason": str(reason)})
        address = row.address or ""
        where = "".join(part for part in (row.province, row.city) if part and part not in address) + address
        changed = contacts.changed_lately(row, unit.now)
        found = Revealed(row.name, row.phone or "", row.email or "", where, changed_at=changed)
        unit.commit()
    return found


def reveal_to_ring(ctx: Context, customer_id: int) -> Revealed:
    """Read the number at which the customer is rung up, on record: for whoever holds a case of theirs on
    which a call back runs or whose step is a call to them, or promised one on a case that nobody holds. It is
    the old number where the one on file changed lately or is another's (`rules.contacts`).

    Raises NotAllowed: ("reveal.on_call") during any call, since whoever is on the line may be somebody else;
    ("reveal.no_call_back") where none is owed; ("reveal.no_number") where there is none to be trusted.
    NotFound.
    """
    must_may(ctx, "revealing.reveal_to_ring")
    with ctx.store.write(ctx.actor.number) as unit:
        case_id, number = _to_ring(unit.session, ctx, customer_id, unit.now)
        said = {"customer": customer_id, "reason": RevealReason.CALL_BACK.value, "case": case_id}
        unit.append(Stream.STAFF, ctx.actor.number, EVENT, said)
        unit.commit()
    return Revealed("", number, "", "", to_ring=True)


def owes_a_call(ctx: Context, customer_id: int) -> None:
    """Whether there is a number to be seen, before anybody is asked why. Raises what `reveal_to_ring` raises
    for whoever may at all; nothing is read out and nothing is on record."""
    with ctx.store.read() as session:
        _to_ring(session, ctx, customer_id, ctx.now())


def _to_ring(session: Session, ctx: Context, customer_id: int, now: datetime) -> tuple[int, str]:
    """The case about which this person has to ring the customer up, and the number."""
    if session.get(Customer, customer_id) is None:
        raise NotFound("customer", str(customer_id))
    if call_backs.on_a_call(session, ctx.actor):
        raise NotAllowed("reveal.on_call")
    case_id = _about(session, ctx, customer_id, now)
    if case_id is None:
        raise NotAllowed("reveal.no_call_back")
    number = contacts.to_ring(standing(session, ctx, case_id, now).snapshot)
    if not number:
        raise NotAllowed("reveal.no_number")
    return case_id, number


def _about(session: Session, ctx: Context, customer_id: int, now: datetime) -> int | None:
    owed = call_backs.owed_to(session, ctx.actor, customer_id)
    if owed:
        return owed[0]
    for case_id in call_backs.held(session, ctx.actor, customer_id):
        current = standing(session, ctx, case_id, now).walk.current
        if current is not None and current.step.id in follow_up.CALLS:
            return case_id
    return None
