"""A customer and their other cases (F4)."""

from dataclasses import dataclass

from sqlalchemy import select

from bdesk.data.core import CASE
from bdesk.data.queries.customer import customer_page
from bdesk.models.views.pages import CustomerPage
from bdesk.models.views.snapshot import CaseBrief
from bdesk.operations.context import Context
from bdesk.rules.masking import mask_email, mask_name, mask_phone

__all__ = ["CustomerCard", "card", "cases", "customer_of_case"]


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer with their newest cases and orders; name, phone and e-mail are masked here."""

    page: CustomerPage
    name: str
    phone: str
    email: str


def card(ctx: Context, customer_id: int) -> CustomerCard:
    """The customer with orders and cases. Raises NotFound."""
    with ctx.store.read() as session:
        page = customer_page(session, customer_id)
    found = page.customer
    return CustomerCard(
        page, mask_name(found.name), mask_phone(found.phone or ""), mask_email(found.email or "")
    )


def cases(ctx: Context, customer_id: int) -> tuple[CaseBrief, ...]:
    """A customer's cases, open ones first. Raises NotFound."""
    return card(ctx, customer_id).page.cases


def customer_of_case(ctx: Context, case_id: int) -> int | None:
    """Whose case it is; None where no customer is known yet, and for no such case."""
    with ctx.store.read() as session:
        return session.execute(select(CASE.c.customer_id).where(CASE.c.id == case_id)).scalar()
