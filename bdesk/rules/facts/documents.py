"""Facts about verification by documents (V3+). Source: B0.4; P6 (WU1, WU5), P8 (AC3)."""

from bdesk.rules import documents
from bdesk.rules.evidence import EvidenceNeed
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.verification import passed_for
from bdesk.rules.walk.values import UNKNOWN, FactValue


def _codes(found: tuple[EvidenceNeed, ...] | None) -> FactValue:
    return UNKNOWN if found is None else tuple(need.code for need in found)


@fact("verification.documents")
def _state(context: FactContext) -> FactValue:
    return documents.state(context.snapshot, context.evidence)


@fact("documents.situation")
def _situation(context: FactContext) -> FactValue:
    return documents.situation(context.snapshot)


@fact("documents.passed_for")
def _passed_for(context: FactContext) -> FactValue:
    return passed_for(context.snapshot)


@fact("documents.wanted")
def _wanted(context: FactContext) -> FactValue:
    return _codes(documents.wanted(context.snapshot, context.evidence))


@fact("documents.missing")
def _missing(context: FactContext) -> FactValue:
    return _codes(documents.missing(context.snapshot, context.evidence))


@fact("documents.complete")
def _complete(context: FactContext) -> FactValue:
    return documents.missing(context.snapshot, context.evidence) == ()


@fact("documents.pieces")
def _pieces(context: FactContext) -> FactValue:
    found = documents.pieces(context.snapshot, context.evidence)
    return " ".join(str(one.number) for one in found) or None


@fact("documents.note")
def _note(context: FactContext) -> FactValue:
    row = documents.request(context.snapshot)
    return None if row is None else row.question or None
