"""The order card and `bdesk order`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bdesk.data import snapshot
from bdesk.data.queries.lookup import lookup
from bdesk.data.queries.order import order_id_of, order_page
from bdesk.errors import NotFound
from bdesk.models.kinds import OPEN_STATES, Contradiction, Factor
from bdesk.models.views.pages import OrderPage
from bdesk.models.views.snapshot import CustomerView
from bdesk.operations.context import Context
from bdesk.rules.cases import HIDING_FACTORS, mask_factors
from bdesk.rules.contradictions import contradictions
from bdesk.rules.masking import HIDDEN, mask_address, mask_email, mask_name, mask_phone

__all__ = ["OrderCard", "OrderPage", "order_card", "order_card_by_id", "order_id"]


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order with all that belongs to it. The customer's values are masked here; `age` is how old the
    shop's data are at `now`, None when the shop did not say. `hidden`: the factors whose values, which are
    whole in `page`, must not be shown to this person now."""

    page: OrderPage
    customer_name: str
    customer_phone: str
    customer_email: str
    address: str
    age: timedelta | None
    now: datetime
    hidden: frozenset[Factor] = HIDING_FACTORS

    def hides(self, factor: Factor) -> bool:
        """Whether the values of a factor must not be shown."""
        return factor in self.hidden

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """What the shop's data say of the order that cannot all be true."""
        page = self.page
        return contradictions(page.order, page.items, page.payments, page.parcels, self.now)

    def veiled(self, text: str) -> str:
        """A text of the courier without the receiver's city, while that is hidden."""
        customer = self.page.customer
        city = (customer.city or "").removesuffix("市") if customer is not None else ""
        return text.replace(city, HIDDEN) if city and self.hides(Factor.CITY) else text


def order_card(ctx: Context, key: str) -> OrderCard:
    """The card of an order by its number, however typed, or by whatever else finds this one order alone: the
    end of the number, a waybill, a phone tail and a date. Raises NotFound."""
    with ctx.store.read() as session:
        return _card(ctx, session, order_page(session, _order_id(ctx, session, key)))


def order_card_by_id(ctx: Context, order_id: int) -> OrderCard:
    """The card of an order. Raises NotFound."""
    with ctx.store.read() as session:
        return _card(ctx, session, order_page(session, order_id))


def order_id(ctx: Context, key: str) -> int:
    """The id of an order by its number, however typed. Raises NotFound."""
    with ctx.store.read() as session:
        return order_id_of(session, key)


def _order_id(ctx: Context, session: Session, key: str) -> int:
    try:
        return order_id_of(session, key)
    except NotFound:
        hits = lookup(session, key, ctx.now()).hits
        found = {hit.order_id for hit in hits if hit.kind == "order" and hit.order_id is not None}
        if len(found) != 1:
            raise
        return found.pop()


def _card(ctx: Context, session: Session, page: OrderPage) -> OrderCard:
    now, customer = ctx.now(), page.customer
    hidden = _hidden(ctx, session, page, now)
    return OrderCard(
        page=page,
        customer_name=mask_name(customer.name) if customer else "",
        customer_phone=mask_phone(customer.phone or "") if customer else "",
        customer_email=mask_email(customer.email or "") if customer else "",
        address=_address(customer, Factor.CITY in hidden),
        age=now - page.order.as_of if page.order.as_of is not None else None,
        now=now,
        hidden=hidden,
    )


def _hidden(ctx: Context, session: Session, page: OrderPage, now: datetime) -> frozenset[Factor]:
    """What the open cases of the order that this person holds leave hidden: the least of them; without such
    a case, everything that could serve as a factor (B0.4, decision 11)."""
    mine = (case for case in page.cases if case.state in OPEN_STATES and case.owner == ctx.actor.number)
    views = (snapshot.build(session, case.id, ctx.actor, now) for case in mine)
    return min((mask_factors(view) for view in views), key=len, default=HIDING_FACTORS)


def _address(customer: CustomerView | None, hidden: bool) -> str:
    """Province and city (law_and_practice 4); nothing where none is on file."""
    if customer is None or not (customer.address or customer.city):
        return ""
    if hidden:
        return HIDDEN
    return mask_address("".join(part or "" for part in (customer.province, customer.city, customer.address)))
