"""The order card."""

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data import snapshot
from bdesk.data.core import CASE, ORDER
from bdesk.data.snapshot import others, shop
from bdesk.errors import NotFound
from bdesk.models.views.pages import OrderPage
from bdesk.text import normalise_key

CASES_KEPT = 50
_NO_CASE = 0


def order_page(session: Session, order_id: int) -> OrderPage:
    """An order with all that belongs to it and its cases, open ones first. Raises NotFound."""
    order = shop.order_view(session, order_id)
    if order is None:
        raise NotFound("order", str(order_id))
    cases = (
        select(CASE.c.id)
        .where(CASE.c.order_id == order_id)
        .order_by(CASE.c.open.desc(), CASE.c.id.desc())
        .limit(CASES_KEPT)
    )
    return OrderPage(
        order=order,
        customer=snapshot.customer_view(session, order.customer_id),
        items=shop.items(session, _NO_CASE, order_id),
        payments=shop.payments(session, order_id),
        parcels=shop.parcels(session, order_id),
        refunds=shop.refunds(session, _NO_CASE, order_id),
        compensations=shop.compensations(session, order_id),
        cases=others.briefs(session, cases),
    )


def order_id_of(session: Session, number: str) -> int:
    """The id of an order by its number, however typed. Raises NotFound."""
    found = session.execute(select(ORDER.c.id).where(ORDER.c.order_no == normalise_key(number))).scalar()
    if found is None:
        raise NotFound("order", number)
    return int(found)
