"""Customers, by account. An order may bring its own along."""

from datetime import datetime

from sqlmodel import select

from bdesk.models.tables import Customer
from bdesk.operations.importing.change import Change, Job, newer, row_id, without
from bdesk.operations.importing.columns import Column, Shape, Values, day, flag, instant, language, text
from bdesk.rules.contacts import before

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

    A new phone or e-mail is a changed contact: for seven days a code goes to the old one (B0.4, training.md
    S7), counted from when the store hears of it, whatever the file says.
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
        values = _guarded(row, values, job.unit.now)
        change.put(row, values, under=under)
        row.phone_tail = phone_tail(row.phone)
    change.row_id = row_id(row)
    return row


def _guarded(row: Customer, values: Values, now: datetime) -> Values:
    """The values as far as a file may set them: it may say that a contact changed, never that it did not or
    that it did longer ago, and never which was the old one."""
    kept: Values = {}
    values = without(values, "previous_phone")
    phone, email = _other(row, values, "phone"), _other(row, values, "email")
    known = [one for one in (row.contact_changed_at, values.get("contact_changed_at")) if one is not None]
    if (row.phone or row.email) and (phone or email):
        known.append(now)
    if known:
        kept["contact_changed_at"] = max(known)
    if phone or email:
        kept.update(before(row, now, phone=phone, email=email))
    return values | kept


def _other(row: Customer, values: Values, name: str) -> bool:
    return name in values and values[name] != getattr(row, name)


def phone_tail(phone: str | None) -> str | None:
    """The last four digits, by which a caller is found."""
    digits = "".join(char for char in phone or "" if char.isdigit())
    return digits[-4:] if len(digits) >= 4 else None
