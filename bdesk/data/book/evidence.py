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
from bdesk.rules import documents
from bdesk.rules.documents import is_situation, needs_key
from bdesk.rules.evidence import EvidenceNeed, EvidenceNeeds, Known
from bdesk.rules.walk.values import FactSpec, FactType, Text

FILE = "evidence.yaml"
MISSING = "evidence.missing"
WANTED, LACKING = "documents.wanted", "documents.missing"


class RawNeed(RawText):
    code: Code
    kinds: list[EvidenceKind] | Literal["any"] = Field(default_factory=list)
    system: Known | None = None


class RawReason(Raw):
    reason: RefundReason
    needs: Annotated[list[RawNeed], Field(min_length=1)]


class RawSituation(Raw):
    situation: Literal["phone_lost", "owner", "name", "minor", "agent", "deceased"]
    needs: Annotated[list[RawNeed], Field(min_length=1)]


class RawEvidence(Raw):
    evidence: list[RawReason]
    documents: list[RawSituation] = Field(default_factory=list)


def evidence_needs() -> EvidenceNeeds:
    """What each reason, and each situation of a verification by documents, needs. Raises BadBook for one that
    stands twice, for a need that nothing meets, and for one code with two names."""
    found = evidence_source()
    return parse_evidence(found.text, found.name)


def evidence_source() -> Source:
    """The text of the rules: an own file, else the packaged one. Raises BadInput("book.unreadable")."""
    return next(one for one in sources("policies") if PurePath(one.name).name == FILE)


@lru_cache(maxsize=8)
def parse_evidence(text: str, name: str = FILE) -> EvidenceNeeds:
    """The rules of a text. Raises as `evidence_needs` does."""
    found = Source(name, text)
    raw = fit(found, RawEvidence, plain(found))
    needs: dict[str, tuple[EvidenceNeed, ...]] = {}
    names: dict[str, Text] = {}
    rows = [("evidence", place, one.reason.value, one.needs) for place, one in enumerate(raw.evidence)]
    rows += [
        ("documents", place, needs_key(one.situation), one.needs) for place, one in enumerate(raw.documents)
    ]
    for part, place, key, wanted in rows:
        at = (part, place)
        if key in needs:
            raise bad(found, *position(found, at), f"{key} stands twice")
        for need in wanted:
            if not need.kinds and (need.system is None or part == "documents"):
                raise bad(found, *position(found, at), f"nothing meets {need.code}")
            if names.setdefault(need.code, Text(need.zh, need.en)) != Text(need.zh, need.en):
                raise bad(found, *position(found, at), f"{need.code} has two names")
        needs[key] = tuple(_need(need) for need in wanted)
        # Or rules of one's own could let a statement stand for a person's papers (V3+, B0.4).
        if part == "documents" and not any(one.kinds <= documents.KINDS for one in needs[key]):
            raise bad(found, *position(found, at), f"{key} takes no piece that shows who somebody is")
    return needs


def _need(raw: RawNeed) -> EvidenceNeed:
    kinds = frozenset(EvidenceKind if raw.kinds == "any" else raw.kinds)
    return EvidenceNeed(raw.code, Text(raw.zh, raw.en), kinds, raw.system)


def evidence_facts(rules: EvidenceNeeds | None = None) -> Mapping[str, FactSpec]:
    """The contracts of the facts that name what is missing: their values are the codes of the needs, of the
    rules in use where none are given."""
    known = evidence_needs() if rules is None else rules
    shown: dict[str, Text] = {}
    papers: dict[str, Text] = {}
    for key, needs in known.items():
        (papers if is_situation(key) else shown).update({need.code: need.label for need in needs})
    return {
        name: FactSpec(name, FactType.CODES, label, meaning, values=values)
        for name, label, meaning, values in (
            (MISSING, Text("缺少材料", "Missing material"), "what the application still has to show", shown),
            (WANTED, Text("所需证件", "Documents"), "the documents that the situation takes", papers),
            (LACKING, Text("缺少证件", "Missing documents"), "which of them have not come", papers),
        )
    }
