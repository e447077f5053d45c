"""What an application must show, and what of it is there. The needs are content (policies/evidence.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bdesk.models.kinds import EvidenceKind
from bdesk.models.views.snapshot import EvidenceView, Snapshot
from bdesk.rules.walk.values import Text


class Known(StrEnum):
    """What the desk knows by itself and takes instead of a piece."""

    DESCRIBED = "described"
    TRACKED = "tracked"
    CHARGED_TWICE = "charged_twice"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """One thing to be shown: by a clear piece of one of `kinds`, or by what the desk knows (`system`)."""

    code: str
    label: Text
    kinds: frozenset[EvidenceKind] = frozenset()
    system: Known | None = None


EvidenceNeeds = Mapping[str, tuple[EvidenceNeed, ...]]
"""By the reason of an application."""


def counting(snapshot: Snapshot) -> tuple[EvidenceView, ...]:
    """The pieces that count: all but those that somebody found unclear. One nobody has judged yet counts."""
    return tuple(one for one in snapshot.evidence if one.clear is not False)


def unclear(snapshot: Snapshot) -> tuple[EvidenceView, ...]:
    """The pieces that were found unclear, of kinds of which none came since that counts."""
    good: dict[EvidenceKind, int] = {}
    for one in counting(snapshot):
        good[one.kind] = max(good.get(one.kind, 0), one.number)
    return tuple(
        one for one in snapshot.evidence if one.clear is False and one.number > good.get(one.kind, 0)
    )


def missing(
    snapshot: Snapshot, needs: EvidenceNeeds, known: frozenset[Known]
) -> tuple[EvidenceNeed, ...] | None:
    """What is still to be shown, in the order of the policy; None while no reason is known."""
    reason = snapshot.case.reason
    if reason is None:
        return None
    shown = {one.kind for one in counting(snapshot)}
    return tuple(
        need
        for need in needs.get(reason.value, ())
        if not (need.kinds & shown) and (need.system is None or need.system not in known)
    )
