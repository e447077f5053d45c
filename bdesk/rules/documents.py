"""Verification by documents (V3+, B0.4): where the number on file is lost, somebody acts for the customer, or
a matter asks for more than a code. Which documents each situation takes is content (policies/evidence.yaml).

A document is looked at by another person than whoever asked for it, a supervisor or above. Of it only the
kind is kept, when it came and who passed it: never what stands in it.
"""

from datetime import datetime
from typing import Final

from bdesk.models.kinds import ApprovalState, EvidenceKind
from bdesk.models.views.snapshot import ApprovalView, EvidenceView, Snapshot
from bdesk.rules.evidence import EvidenceNeed, EvidenceNeeds, counting

ACTION: Final = "documents"
"""The row of the matrix (B0.7) and the action of the approvals."""

BOUND: Final = ("documents.missing", "documents.pieces", "documents.situation")
"""What a check rests on: another piece, or one found unclear, and it is asked for anew (B0.7)."""

KINDS: Final = frozenset(
    {
        EvidenceKind.ID_DOCUMENT,
        EvidenceKind.HANDHELD,
        EvidenceKind.GUARDIANSHIP,
        EvidenceKind.POWER_OF_ATTORNEY,
    }
)
"""Pieces that show who somebody is: not even the name of the file is kept of them."""

OWNERS: Final = frozenset({"phone_lost", "owner", "name"})
"""Situations in which the customer in person shows documents."""

OTHERS: Final = frozenset({"minor", "agent", "deceased"})
"""Situations in which somebody acts for the customer."""

_PREFIX: Final = "documents."
_DECIDED: Final = frozenset({ApprovalState.APPROVED, ApprovalState.REFUSED})
_ENDED: Final = {ApprovalState.APPROVED: "accepted", ApprovalState.REFUSED: "refused"}


def needs_key(situation: str) -> str:
    """Where the rules of evidence have what a situation takes."""
    return f"{_PREFIX}{situation}"


def is_situation(key: str) -> bool:
    """Whether a key of those rules is one of `needs_key`."""
    return key.startswith(_PREFIX)


def situation(snapshot: Snapshot) -> str | None:
    """For whom documents were last asked for in this cycle; None when they were not."""
    at = snapshot.documents_asked_at
    return snapshot.documents_for if at is not None and at >= _cycle_start(snapshot) else None


def wanted(snapshot: Snapshot, needs: EvidenceNeeds) -> tuple[EvidenceNeed, ...] | None:
    """What the situation takes; None where nothing was asked for, or no rule says what."""
    found = situation(snapshot)
    return needs.get(needs_key(found)) if found is not None else None


def missing(snapshot: Snapshot, needs: EvidenceNeeds) -> tuple[EvidenceNeed, ...] | None:
    """What has not been handed in yet, in this cycle and clear enough; None as of `wanted`."""
    asked = wanted(snapshot, needs)
    if asked is None:
        return None
    shown = {one.kind for one in _of_cycle(snapshot)}
    return tuple(need for need in asked if not need.kinds & shown)


def pieces(snapshot: Snapshot, needs: EvidenceNeeds) -> tuple[EvidenceView, ...]:
    """The pieces that a check is about: every one of this cycle of a kind that was asked for."""
    kinds = {kind for need in wanted(snapshot, needs) or () for kind in need.kinds}
    return tuple(one for one in _of_cycle(snapshot) if one.kind in kinds)


def request(snapshot: Snapshot) -> ApprovalView | None:
    """The newest check that was asked for since documents were, and was not taken back."""
    since = snapshot.documents_asked_at
    asked = [one for one in _requests(snapshot) if since is not None and one.requested_at >= since]
    return max(asked, key=lambda one: one.id, default=None)


def accepted(snapshot: Snapshot) -> str | None:
    """For whom documents of this customer were passed in this cycle, by somebody else than who asked; None
    when they were not, and when later ones were refused."""
    decided = [one for one in _requests(snapshot) if one.state in _DECIDED and one.decided_at is not None]
    newest = max(decided, key=lambda one: (one.decided_at, one.id), default=None)
    if newest is None or newest.state is not ApprovalState.APPROVED:
        return None
    who, customer = newest.planned.get("who"), snapshot.customer
    theirs = customer is not None and newest.planned.get("customer") == customer.id
    by_another = newest.decided_by not in (None, newest.requested_by)
    return who if isinstance(who, str) and theirs and by_another else None


def state(snapshot: Snapshot, needs: EvidenceNeeds) -> str:
    """none, asked, uploaded, checking, returned, accepted or refused.

    `uploaded`: all of it is there and waits to be put before a supervisor; after a refusal, or a question,
    once something more has come.
    """
    if situation(snapshot) is None:
        return "none" if accepted(snapshot) is None else "accepted"
    row = request(snapshot)
    if row is not None and row.state is ApprovalState.APPROVED:
        return "refused" if accepted(snapshot) is None else "accepted"
    if row is not None and row.state is ApprovalState.REQUESTED and snapshot.now < row.lapses_at:
        return "checking"
    complete = missing(snapshot, needs) == ()
    answered = _answered_at(row)
    if row is not None and answered is not None:
        later = any(one.received_at > answered for one in pieces(snapshot, needs))
        return "uploaded" if complete and later else _ENDED.get(row.state, "returned")
    return "uploaded" if complete else "asked"


def _answered_at(row: ApprovalView | None) -> datetime | None:
    said = (ApprovalState.REFUSED, ApprovalState.RETURNED)
    return row.decided_at if row is not None and row.state in said else None


def _requests(snapshot: Snapshot) -> list[ApprovalView]:
    since = _cycle_start(snapshot)
    mine = (one for one in snapshot.approvals if one.action == ACTION and one.requested_at >= since)
    return [one for one in mine if one.state is not ApprovalState.WITHDRAWN]


def _of_cycle(snapshot: Snapshot) -> list[EvidenceView]:
    since = _cycle_start(snapshot)
    return [one for one in counting(snapshot) if one.received_at >= since]


def _cycle_start(snapshot: Snapshot) -> datetime:
    return snapshot.case.cycle_started_at or snapshot.case.received_at
