"""Customers, by account. An order may bring its own along."""

from sqlmodel import select

from bdesk.models.tables import Customer
from bdesk.operations.importing.change import Change, Job, newer, row_id
from bdesk.operations.importing.columns import Column, Shape, Values, day, flag, instant, language, text

COLUMNS: tuple[Column, ...] = (
    text("account", 64, required=True),
    text("name", 128, required=True),
    text("name_initials", 32),
    text("phone", 32, empty=True),
    text("email", 128, empty=True),
    text("province", 32, empty=True),
    text("city", 32, empty=True),
    text("address", 256, empty=True),
    day("born_on"),
    flag("vip"),
    instant("since"),
    language("language"),
    instant("contact_changed_at"),
    text("previous_phone", 32, empty=True),
)

SHAPE = Shape("customers", (*COLUMNS, instant("as_of", required=True)))
NESTED = Shape("customer", (*COLUMNS, instant("as_of")))
"""In an order, whose `as_of` serves where the customer has none."""


def apply(job: Job, values: Values) -> Change:
    """Add or update a customer. Raises BadInput("import.future")."""
    change = Change()
    upsert(job, values, change)
    return change


def find(job: Job, account: str) -> Customer | None:
    statement = select(Customer).where(Customer.account == account).with_for_update()
    return job.unit.session.scalars(statement).first()


def upsert(job: Job, values: Values, change: Change, *, under: str = "") -> Customer:
    """The customer of these values, kept if they are newer.

    A new phone or e-mail is a changed contact: for seven days a code goes to the old one (training.md S7),
    whether or not the file says so.
    """
    row = find(job, values["account"])
    if row is None:
        newer(job, None, values)
        row = Customer(**values, phone_tail=phone_tail(values.get("phone")))
        job.unit.session.add(row)
        job.unit.session.flush()
        change.new = not under
        change.columns |= {f"{under}{name}" for name in values}
    elif newer(job, row.as_of, values):
        values = _with_old_contact(row, values)
        change.put(row, values, under=under)
        row.phone_tail = phone_tail(row.phone)
    change.row_id = row_id(row)
    return row


def _with_old_contact(row: Customer, values: Values) -> Values:
    other_phone = "phone" in values and row.phone is not None and values["phone"] != row.phone
    other_email = "email" in values and row.email is not None and values["email"] != row.email
    kept: Values = {}
    if other_phone or other_email:
        # A file may say when it changed, never that it did not.
        kept["contact_changed_at"] = values.get("contact_changed_at") or values["as_of"]
    if other_phone:
        kept["previous_phone"] = values.get("previous_phone") or row.phone
    return values | kept


def phone_tail(phone: str | None) -> str | None:
    """The last four digits, by which a caller is found."""
    digits = "".join(char for char in phone or "" if char.isdigit())
    return digits[-4:] if len(digits) >= 4 else None
