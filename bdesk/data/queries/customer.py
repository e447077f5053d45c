"""A customer with their other cases and orders (F4)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data import snapshot
from bdesk.data.core import CASE, ORDER, ORDER_ITEM
from bdesk.data.rows import shaped, shared
from bdesk.data.snapshot import others, shop
from bdesk.errors import NotFound
from bdesk.models.views.pages import CustomerPage, OrderBrief

KEPT = 50


def customer_page(session: Session, customer_id: int, *, kept: int = KEPT) -> CustomerPage:
    """A customer with their newest orders and their cases, open ones first. Raises NotFound."""
    found = snapshot.customer_view(session, customer_id)
    if found is None:
        raise NotFound("customer", str(customer_id))
    cases = others.briefs(
        session,
        select(CASE.c.id)
        .where(CASE.c.customer_id == customer_id)
        .order_by(CASE.c.open.desc(), CASE.c.id.desc())
        .limit(kept + 1),
    )
    rows = (
        session.execute(
            select(*shared(OrderBrief, ORDER))
            .where(ORDER.c.customer_id == customer_id)
            .order_by(ORDER.c.id.desc())
            .limit(kept + 1)
        )
        .mappings()
        .all()
    )
    named = item_texts(session, [row["id"] for row in rows[:kept]])
    return CustomerPage(
        customer=found,
        wallet=shop.wallet(session, customer_id),
        cases=cases[:kept],
        orders=tuple(shaped(OrderBrief, row, items=named.get(row["id"], "")) for row in rows[:kept]),
        more_cases=len(cases) > kept,
        more_orders=len(rows) > kept,
    )


def item_texts(session: Session, order_ids: Sequence[int]) -> dict[int, str]:
    """What each order is of, in a few words: names, with the number of pieces when there are several."""
    names: dict[int, list[str]] = {}
    rows = session.execute(
        select(ORDER_ITEM.c.order_id, ORDER_ITEM.c.name, ORDER_ITEM.c.quantity)
        .where(ORDER_ITEM.c.order_id.in_(list(order_ids)))
        .order_by(ORDER_ITEM.c.order_id, ORDER_ITEM.c.line)
    )
    for order_id, name, quantity in rows:
        names.setdefault(order_id, []).append(name if quantity == 1 else f"{name} X{quantity}")
    return {order_id: ", ".join(found) for order_id, found in names.items()}
