"""The order card and `bdesk order`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bdesk.data.queries.order import order_id_of, order_page
from bdesk.models.views.pages import OrderPage
from bdesk.operations.context import Context
from bdesk.rules.masking import mask_email, mask_name, mask_phone

__all__ = ["OrderCard", "OrderPage", "order_card", "order_card_by_id", "order_id"]


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order with all that belongs to it. The customer's values are masked here; `age` is how old the
    shop's data are at `now`, None when the shop did not say."""

    page: OrderPage
    customer_name: str
    customer_phone: str
    customer_email: str
    age: timedelta | None
    now: datetime


def order_card(ctx: Context, key: str) -> OrderCard:
    """The card of an order by its number, however typed. Raises NotFound."""
    with ctx.store.read() as session:
        return _card(ctx, order_page(session, order_id_of(session, key)))


def order_card_by_id(ctx: Context, order_id: int) -> OrderCard:
    """The card of an order. Raises NotFound."""
    with ctx.store.read() as session:
        return _card(ctx, order_page(session, order_id))


def order_id(ctx: Context, key: str) -> int:
    """The id of an order by its number, however typed. Raises NotFound."""
    with ctx.store.read() as session:
        return order_id_of(session, key)


def _card(ctx: Context, page: OrderPage) -> OrderCard:
    now, customer = ctx.now(), page.customer
    return OrderCard(
        page=page,
        customer_name=mask_name(customer.name) if customer else "",
        customer_phone=mask_phone(customer.phone or "") if customer else "",
        customer_email=mask_email(customer.email or "") if customer else "",
        age=now - page.order.as_of if page.order.as_of is not None else None,
        now=now,
    )
