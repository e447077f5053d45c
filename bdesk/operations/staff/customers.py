"""The account of somebody of the staff who is a customer too."""

from sqlmodel import select

from bdesk.data.unit import Unit
from bdesk.errors import BadInput
from bdesk.models.tables import Customer
from bdesk.text import clean


def customer_of(unit: Unit, account: str) -> int:
    """The row number of a customer by their account. Raises BadInput("staff.no_customer")."""
    wanted = select(Customer.id).where(Customer.account == account.strip())
    found: int | None = unit.session.scalars(wanted).first()
    if found is None:
        raise BadInput("staff.no_customer", account=clean(account))
    return found
