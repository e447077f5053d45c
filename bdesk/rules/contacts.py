"""Whether phone or e-mail on file may be somebody else's by now, and where the customer is reached then
(B0.4, S7): the one rule for letters, surveys and calls back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bdesk.models.kinds import DeliveryState, NotificationChannel
from bdesk.models.views.snapshot import CustomerView, Snapshot
from bdesk.rules.masking import mask_email, mask_phone

CONTACT_GUARD: Final = timedelta(days=7)
"""Contact data changed more recently than this: the code goes to the old channel, or one calls back."""

_ANOTHERS: Final = frozenset({("scam", "phone")})
"""Answers by which a walk finds that what is on file is somebody else's: it is changed back in a case of its
own."""

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?1[3-9]\d{9}|(?:\+|00)(?!86)\d{6,15}")


class Known(Protocol):
    """Contact data as the file or a row has them."""

    @property
    def phone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def previous_phone(self) -> str | None: ...
    @property
    def previous_email(self) -> str | None: ...
    @property
    def contact_changed_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter may go."""

    channel: NotificationChannel
    value: str


def contact_changed(snapshot: Snapshot) -> bool:
    """Whether phone or e-mail on file changed in the last 7 days (S7: the code goes to the old one)."""
    return snapshot.customer is not None and _fresh(snapshot.customer, snapshot.now)


def changed_lately(known: Known, now: datetime) -> datetime | None:
    """When phone or e-mail changed, if that was in the last 7 days: it may be another's."""
    return known.contact_changed_at if _fresh(known, now) else None


def doubtful(snapshot: Snapshot) -> bool:
    """Whether what is on file may be another's: it changed in the last 7 days, or a walk of the case found so
    and it has not changed since."""
    if snapshot.customer is None:
        return False
    changed = snapshot.customer.contact_changed_at
    found = (one.at for one in snapshot.answers if (one.step, one.option) in _ANOTHERS)
    return contact_changed(snapshot) or any(changed is None or at >= changed for at in found)


def addresses(snapshot: Snapshot) -> tuple[Address, ...]:
    """Where the customer is written to, the e-mail first. Of what changed lately, or was found to be
    another's, what was there before; and nothing where nobody knows which of them changed."""
    customer = snapshot.customer
    if customer is None:
        return ()
    email, phone = _trusted(customer) if doubtful(snapshot) else (customer.email, customer.phone)
    found = [Address(NotificationChannel.EMAIL, email)] if email else []
    if phone and is_mobile(phone):
        found.append(Address(NotificationChannel.SMS, phone))
    return tuple(found)


def answering(snapshot: Snapshot) -> tuple[Address, ...]:
    """Those of them from which the case's newest letter there did not come back (E35). What came back before
    the contact data changed says nothing of the address that is on file now."""
    customer = snapshot.customer
    since = customer.contact_changed_at if customer is not None else None
    newest = {
        one.target_masked: one.state
        for one in sorted(snapshot.notifications, key=lambda one: one.id)
        if since is None or one.written_at >= since
    }
    return tuple(one for one in addresses(snapshot) if newest.get(masked(one)) is not DeliveryState.FAILED)


def masked(address: Address) -> str:
    """How an address may be shown, and stands on the letters that went there."""
    mask = mask_email if address.channel is NotificationChannel.EMAIL else mask_phone
    return mask(address.value)


def to_ring(snapshot: Snapshot) -> str | None:
    """The number at which the customer is rung up; by the same rule."""
    customer = snapshot.customer
    if customer is None:
        return None
    return _trusted(customer)[1] if doubtful(snapshot) else customer.phone


def on_file(customer: CustomerView | None) -> tuple[Address, ...]:
    """Every address on file whatever became of it, the e-mail first: a confirmation of a change goes to the
    old and the new one (AC-09)."""
    found: list[Address] = []
    if customer is not None and customer.email:
        found.append(Address(NotificationChannel.EMAIL, customer.email))
    if customer is not None and customer.phone and is_mobile(customer.phone):
        found.append(Address(NotificationChannel.SMS, customer.phone))
    return tuple(found)


def before(
    known: Known, at: datetime, *, phone: bool = False, email: bool = False
) -> Mapping[str, str | None]:
    """What to keep of the contact data that are about to change, by column: while the change before is fresh,
    what was there before that one. Who took a number over does not become the old channel by a second
    change."""
    fresh = _fresh(known, at)
    phones = known.previous_phone if fresh else None
    emails = known.previous_email if fresh else None
    return {
        "previous_phone": phones or (known.phone if phone else None),
        "previous_email": emails or (known.email if email else None),
    }


def is_mobile(number: str) -> bool:
    """Whether a number can take a text message; a landline cannot."""
    return _MOBILE.fullmatch(re.sub(r"[\s()-]", "", number)) is not None


def _trusted(customer: CustomerView) -> tuple[str | None, str | None]:
    """(e-mail, phone) of before the change; the one that did not change stands."""
    email, phone = customer.previous_email, customer.previous_phone
    if not email and not phone:
        return None, None
    return email or customer.email, phone or customer.phone


def _fresh(known: Known, now: datetime) -> bool:
    changed = known.contact_changed_at
    return changed is not None and now - changed < CONTACT_GUARD
