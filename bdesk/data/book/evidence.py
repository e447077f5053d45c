"""What applications must show, as content: policies/evidence.yaml, and the facts that follow."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field

from bdesk.data.book.files import bad, fit, plain, position
from bdesk.data.book.schema import Code, Raw, RawText
from bdesk.data.book.texts import Source, sources
from bdesk.models.kinds import EvidenceKind, RefundReason
from bdesk.rules.evidence import EvidenceNeed, EvidenceNeeds, Known
from bdesk.rules.walk.values import FactSpec, FactType, Text

FILE = "evidence.yaml"
MISSING = "evidence.missing"


class RawNeed(RawText):
    code: Code
    kinds: list[EvidenceKind] | Literal["any"] = Field(default_factory=list)
    system: Known | None = None


class RawReason(Raw):
    reason: RefundReason
    needs: Annotated[list[RawNeed], Field(min_length=1)]


class RawEvidence(Raw):
    evidence: list[RawReason]


def evidence_needs() -> EvidenceNeeds:
    """What each reason needs. Raises BadBook for a reason that stands twice, for a need that nothing meets,
    and for one code with two names."""
    found = evidence_source()
    return parse_evidence(found.text, found.name)


def evidence_source() -> Source:
    """The text of the rules: an own file, else the packaged one. Raises BadInput("book.unreadable")."""
    return next(one for one in sources("policies") if PurePath(one.name).name == FILE)


@lru_cache(maxsize=8)
def parse_evidence(text: str, name: str = FILE) -> EvidenceNeeds:
    """The rules of a text. Raises as `evidence_needs` does."""
    found = Source(name, text)
    needs: dict[str, tuple[EvidenceNeed, ...]] = {}
    names: dict[str, Text] = {}
    for place, one in enumerate(fit(found, RawEvidence, plain(found)).evidence):
        at = ("evidence", place, "reason")
        if one.reason.value in needs:
            raise bad(found, *position(found, at), f"{one.reason.value} stands twice")
        for raw in one.needs:
            if not raw.kinds and raw.system is None:
                raise bad(found, *position(found, at), f"nothing meets {raw.code}")
            if names.setdefault(raw.code, Text(raw.zh, raw.en)) != Text(raw.zh, raw.en):
                raise bad(found, *position(found, at), f"{raw.code} has two names")
        needs[one.reason.value] = tuple(_need(raw) for raw in one.needs)
    return needs


def _need(raw: RawNeed) -> EvidenceNeed:
    kinds = frozenset(EvidenceKind if raw.kinds == "any" else raw.kinds)
    return EvidenceNeed(raw.code, Text(raw.zh, raw.en), kinds, raw.system)


def evidence_facts(rules: EvidenceNeeds | None = None) -> Mapping[str, FactSpec]:
    """The contract of the fact that names what is missing: its values are the needs' codes, of the rules in
    use where none are given."""
    known = evidence_needs() if rules is None else rules
    values = {need.code: need.label for needs in known.values() for need in needs}
    label, meaning = Text("缺少材料", "Missing material"), "what the application still has to show"
    return {MISSING: FactSpec(MISSING, FactType.CODES, label, meaning, values=values)}
