"""Customers as the shop knows them. Values are kept whole and masked wherever they are shown."""

from datetime import date, datetime

from sqlmodel import Field

from bdesk.models.tables.base import VersionedRow


class Customer(VersionedRow, table=True):
    """`phone_tail` is the last four digits, kept apart so that a caller can be found by it on an index."""

    __tablename__ = "customer"
    account: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=128)
    name_initials: str = Field(default="", max_length=32, index=True)
    phone: str | None = Field(default=None, max_length=32, index=True)
    phone_tail: str | None = Field(default=None, max_length=4, index=True)
    email: str | None = Field(default=None, max_length=128)
    province: str | None = Field(default=None, max_length=32)
    city: str | None = Field(default=None, max_length=32)
    address: str | None = Field(default=None, max_length=256)
    born_on: date | None = None
    vip: bool = False
    since: datetime | None = None
    language: str = Field(default="zh", max_length=2)
    contact_changed_at: datetime | None = None
    previous_phone: str | None = Field(default=None, max_length=32)
    verification_locked_until: datetime | None = None
    as_of: datetime | None = None
    # --- where letters go while a change of the e-mail is fresh
    previous_email: str | None = Field(default=None, max_length=128)
