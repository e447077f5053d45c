"""Facts about the evidence. Source: S0:15, S0:17, S1:18; RF5, RF12."""

from datetime import datetime

from bdesk.models.kinds import EvidenceKind
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.cases import earlier_cases, stands
from bdesk.rules.evidence import EvidenceNeed, Known, counting, missing, unclear
from bdesk.rules.facts.base import FactContext, fact, registered
from bdesk.rules.facts.case import evidence_letters
from bdesk.rules.walk.values import UNKNOWN, FactValue

MEDIA = frozenset({EvidenceKind.PHOTO, EvidenceKind.VIDEO})


def decided_before_at(snapshot: Snapshot) -> datetime | None:
    """When the decision was taken that this application contests: in an earlier cycle or case, else here."""
    decided = [one for one in snapshot.decisions if stands(one)]
    earlier = [one.at for one in decided if one.cycle < snapshot.case.cycle]
    earlier += [one.decided_at for one in earlier_cases(snapshot) if one.decided_at is not None]
    return max(earlier or [one.at for one in decided], default=None)


def _newer(snapshot: Snapshot, since: datetime) -> int:
    return sum(1 for one in snapshot.evidence if one.received_at > since)


@fact("evidence.count")
def _count(context: FactContext) -> FactValue:
    return len(context.snapshot.evidence)


@fact("evidence.media_count")
def _media_count(context: FactContext) -> FactValue:
    return sum(1 for one in counting(context.snapshot) if one.kind in MEDIA)


@fact("evidence.described")
def _described(context: FactContext) -> FactValue:
    return bool(context.snapshot.case.description.strip())


@fact("evidence.new_since_request")
def _new_since_request(context: FactContext) -> FactValue:
    letters = evidence_letters(context.snapshot)
    return _newer(context.snapshot, letters[-1]) if letters else 0


@fact("evidence.new_since_decision")
def _new_since_decision(context: FactContext) -> FactValue:
    since = decided_before_at(context.snapshot)
    return 0 if since is None else _newer(context.snapshot, since)


@fact("evidence.complete")
def _complete(context: FactContext) -> FactValue:
    found = lacking(context)
    return UNKNOWN if found is None else not found


@fact("evidence.missing")
def _missing(context: FactContext) -> FactValue:
    found = lacking(context)
    return UNKNOWN if found is None else tuple(need.code for need in found)


@fact("evidence.unclear")
def _unclear(context: FactContext) -> FactValue:
    return len(unclear(context.snapshot))


def lacking(context: FactContext) -> tuple[EvidenceNeed, ...] | None:
    """What the application still has to show; None while no reason is known."""
    return missing(context.snapshot, context.evidence, _known(context))


def _known(context: FactContext) -> frozenset[Known]:
    snapshot, made = context.snapshot, registered()
    excess = made["payments.excess_fen"](context)
    found = {
        Known.DESCRIBED: bool(snapshot.case.description.strip()),
        Known.TRACKED: any(one.waybill for one in snapshot.parcels),
        Known.CHARGED_TWICE: isinstance(excess, int) and excess > 0,
        Known.FROZEN: made["wallet.frozen"](context) is True,
    }
    return frozenset(one for one, so in found.items() if so)
