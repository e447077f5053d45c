"""Changing account data on the customer's word: what may change, in which form, by whom, from when on.

Source: P8 (AC1 to AC7); B0.7 (a phone or payment change is proposed after V3 and decided by a supervisor);
AC-01, AC-06, AC-11. The e-mail is where letters go, so it is treated like the phone; so is the name, which
takes documents besides (decision 26).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bdesk.models.kinds import ApprovalState, DeliveryState, VerificationLevel
from bdesk.models.views.snapshot import AnswerView, ApprovalView, Snapshot
from bdesk.rules import lasting
from bdesk.rules.cases import cycle_start
from bdesk.rules.documents import OTHERS, accepted
from bdesk.rules.verification import passed_for

ACTION: Final = "account_change"
"""The row of the matrix (B0.7) and the action of the approvals."""

LEVEL: Final = 3
"""What any change needs (AC3)."""

CHANGES: Final = ("address", "phone", "email", "payment", "name", "rights")
"""What the step `what` offers, by the code of its options."""

CHECKED: Final = frozenset({"phone", "email", "payment", "name"})
"""What a second person decides, and what waits afterwards (AC5)."""

FIELDS: Final = {
    "address": "new_address",
    "phone": "new_phone",
    "email": "new_email",
    "name": "new_name",
}
"""Where the new value is typed. Payment data have no field: the customer binds the card in the App."""

COOLING: Final = timedelta(hours=24)
"""From the decision to the change; so long the wallet sends nothing out (AC5)."""

SAVE_WITHIN: Final = timedelta(hours=72)
"""After the cooling-off; later the decision is old and is asked for again."""

WARNING: Final = "N11"
"""The letter to the address on file that says what was asked for."""

BOUND: Final = (
    "account.change",
    "account.contact_changed_at",
    "account.old_masked",
    "account.proven_by",
    "customer.letters_to",
    "customer.reachable",
    "verification.locked",
)
"""What an approval rests on beside the value and the customer's row themselves (B0.7): what whoever decides
has read."""

_WHAT = "what"
_UNDER_WAY = frozenset({"requested", "cooling", "ready"})
_MOBILE = re.compile(r"1[3-9]\d{9}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ADDRESS = range(6, 201)
_NAME = re.compile(r"[^\W\d_][^\d_]{0,30}[^\W\d_]")


def asked(snapshot: Snapshot) -> str | None:
    """What the customer wants changed: the newest answer of this cycle to the first question."""
    mine = [one for one in _answers(snapshot) if one.step == _WHAT and one.option in CHANGES]
    return mine[-1].option if mine else None


def entered(snapshot: Snapshot) -> str | None:
    """The new value as it was typed after what is to change was chosen, in its plain form."""
    change = asked(snapshot)
    field = FIELDS.get(change or "")
    if change is None or field is None:
        return None
    mine = _answers(snapshot)
    since = max(place for place, one in enumerate(mine) if one.step == _WHAT)
    typed = [str(one.captures[field]) for one in mine[since:] if field in one.captures]
    return plain(change, typed[-1]) if typed else None


def _answers(snapshot: Snapshot) -> list[AnswerView]:
    return [one for one in snapshot.answers if one.cycle == snapshot.case.cycle]


def plain(change: str, value: str) -> str:
    """A value without the blanks and dashes that people put into it."""
    value = value.strip()
    return re.sub(r"[\s()-]", "", value) if change == "phone" else value


def without(captures: Mapping[str, object], value: str) -> dict[str, object]:
    """The fields of an answer with this new value taken out of them."""
    changes = {field: change for change, field in FIELDS.items()}
    return {
        name: "" if name in changes and plain(changes[name], str(typed)) == value else typed
        for name, typed in captures.items()
    }


def well_formed(change: str, value: str) -> bool:
    """Whether a value can be what it is said to be (AC-11)."""
    if change == "phone":
        return _MOBILE.fullmatch(value) is not None
    if change == "email":
        return len(value) <= 128 and _EMAIL.fullmatch(value) is not None
    if change == "name":
        return _NAME.fullmatch(value) is not None
    return change == "address" and len(value) in _ADDRESS


def on_file(snapshot: Snapshot, change: str) -> str | None:
    """What the file has of it now."""
    customer = snapshot.customer
    kept = {} if customer is None else {name: getattr(customer, name) for name in FIELDS}
    return kept.get(change)


def spelt(change: str, value: str) -> str:
    """A value as it is read back: a phone number in groups (AC4)."""
    return f"{value[:3]} {value[3:7]} {value[7:]}" if change == "phone" else value


def acts_for_another(snapshot: Snapshot) -> bool:
    """Whether the documents that were accepted are those of somebody who is not the owner (P8, Refuse)."""
    return accepted(snapshot) in OTHERS


def undocumented(snapshot: Snapshot) -> bool:
    """Whether what is to change takes documents that another person has not passed: a name does (P8)."""
    return asked(snapshot) == "name" and passed_for(snapshot) != "name"


def request(snapshot: Snapshot) -> ApprovalView | None:
    """The newest request of this cycle to change something, that was not withdrawn."""
    since = cycle_start(snapshot)
    mine = [
        one
        for one in snapshot.approvals
        if one.action == ACTION and one.requested_at >= since and one.state is not ApprovalState.WITHDRAWN
    ]
    return max(mine, key=lambda one: one.id, default=None)


def level_held(snapshot: Snapshot) -> VerificationLevel:
    """The level that carries a change now: proven in the 48 h before it was asked for, as long as that stands
    (it has a day to be decided, one to cool off and three to be made); else in the last 48 h."""
    row = request(snapshot)
    asked_at = row.requested_at if row is not None and stage(snapshot) in _UNDER_WAY else snapshot.now
    return lasting.level_since(snapshot, asked_at - lasting.HOLDS)


def cooling_until(decided_at: datetime | None) -> datetime | None:
    """When a change that was approved may be made."""
    return None if decided_at is None else decided_at + COOLING


def too_old(decided_at: datetime, now: datetime) -> bool:
    """Whether a decision was not used in its time."""
    return now >= decided_at + COOLING + SAVE_WITHIN


def stage(snapshot: Snapshot) -> str:
    """none, requested, returned, refused, lapsed, cooling or ready: where the request stands."""
    row = request(snapshot)
    if row is None or row.planned.get("change") != asked(snapshot):
        return "none"
    if row.state is ApprovalState.REQUESTED and snapshot.now >= row.lapses_at:
        return "lapsed"
    if row.state is not ApprovalState.APPROVED or row.decided_at is None:
        return row.state.value
    if snapshot.customer is None or row.planned.get("customer") != snapshot.customer.version:
        return "lapsed"
    if too_old(row.decided_at, snapshot.now):
        return "lapsed"
    return "cooling" if snapshot.now < row.decided_at + COOLING else "ready"


def warned(snapshot: Snapshot) -> bool:
    """Whether a letter to the address on file told of the change since it was approved."""
    row = request(snapshot)
    since = None if row is None else row.decided_at
    lost = (DeliveryState.FAILED, DeliveryState.RECALLED)
    return since is not None and any(
        one.letter == WARNING and one.written_at >= since and one.state not in lost
        for one in snapshot.notifications
    )
