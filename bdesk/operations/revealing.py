"""What is masked everywhere, shown whole once to a supervisor who says why (B0.7; law and practice, 4).

The journal has who looked, at whom and why before anything is shown; lists, exports and commands never do.
"""

from dataclasses import dataclass, field

from bdesk.errors import BadInput, NotFound
from bdesk.models.kinds import RevealReason, Stream
from bdesk.models.tables import Customer
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may

SHOWN_SECONDS = 30
"""After so many seconds the screen hides it again (law and practice, 4)."""

EVENT = "customer.revealed"


@dataclass(frozen=True, slots=True)
class Revealed:
    """The values, for one screen. None is part of what it prints as: no log and no error tells them."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    address: str = field(repr=False)


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
        found = Revealed(row.name, row.phone or "", row.email or "", where)
        unit.commit()
    return found
