"""What a second person goes by who decides a change of account data: from what to what, and how sure it is
that the owner asked. Source: P8 (AC3, AC5); B0.4; masks of law and practice, section 4.

The values are masked: whoever decides compares, and dials nothing from here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bdesk.models.kinds import OPEN_STATES, CaseKind, VerificationLevel
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules import account
from bdesk.rules.masking import mask_address, mask_email, mask_name, mask_phone
from bdesk.rules.verification import level_number, reached_at_all

_MASKS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"address": mask_address, "phone": mask_phone, "email": mask_email, "name": mask_name}
)

_CODES: Final = MappingProxyType({"send": "code", "old_channel": "old_channel"})
"""Where a one-time code went, by the answer that had it sent."""

_CODE_STEP: Final = "verify/code"


def masked(change: str | None, value: str | None) -> str | None:
    """A value as whoever decides may see it; None where there is none."""
    mask = _MASKS.get(change or "")
    return None if mask is None or not value else mask(value)


def new_value(snapshot: Snapshot) -> str | None:
    """What was typed and read back, masked; None for payment data, which nobody types here."""
    return masked(account.asked(snapshot), account.entered(snapshot))


def old_value(snapshot: Snapshot) -> str | None:
    """What the file has of it now, masked; None where it has nothing."""
    change = account.asked(snapshot)
    return masked(change, account.on_file(snapshot, change or ""))


def proven_by(snapshot: Snapshot) -> str:
    """none, answers, code, old_channel or documents: what the owner was known by, in whichever contact."""
    level = reached_at_all(snapshot)
    if level is VerificationLevel.V3P:
        return "documents"
    if level is VerificationLevel.V3:
        mine = [one for one in snapshot.answers if one.step == _CODE_STEP and one.option in _CODES]
        return _CODES[mine[-1].option] if mine else "code"
    return "answers" if level_number(level) else "none"


def contact_changed_at(snapshot: Snapshot) -> datetime | None:
    """When telephone or e-mail on file last changed; None where nobody knows of a change."""
    return None if snapshot.customer is None else snapshot.customer.contact_changed_at


def open_no(snapshot: Snapshot) -> str | None:
    """The number of the customer's open case about account data beside this one; None for none."""
    mine = [
        one
        for one in snapshot.same_customer
        if one.kind is CaseKind.ACCOUNT_CHANGE and one.state in OPEN_STATES and one.id != snapshot.case.id
    ]
    return max(mine, key=lambda one: one.id).case_no if mine else None
