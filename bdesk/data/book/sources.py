"""The documented facts: what the published texts about B特派 say, in our own words, in both languages.

S0 is the text on contact, account, refund, shipping, records and feedback; S1 on after-sales; S2 on
appeals; S3 on the wallet. `S0:16` is line 16 of S0. Procedures name the facts they realise by id.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bdesk.data.book.yamltext import BadBook, read_yaml

FactKind = Literal[
    "rule", "step", "limit", "channel", "reason", "reject", "evidence",
    "data", "status", "outcome", "exception", "advice", "metric",
]  # fmt: skip


CONTRADICTIONS = "contradictions.yaml"


@dataclass(frozen=True, slots=True)
class DocumentedFact:
    """One fact. `context` facts need no element of a procedure; `declined` says why one is not followed."""

    id: str
    section: int
    source: str
    kind: str
    zh: str
    en: str
    area: str
    desk: str
    context: bool = False
    declined: str | None = None
    declined_zh: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A group of facts whose ids share a prefix."""

    number: int
    prefix: str
    area: str
    zh: str
    en: str
    facts: tuple[DocumentedFact, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where the texts disagree, and what the desk does about it."""

    id: str
    facts: tuple[str, ...]
    tension_zh: str
    tension_en: str
    resolution_zh: str
    resolution_en: str


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Both(_Strict):
    zh: Words
    en: Words


class _Fact(_Strict):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{2}$")]
    source: Annotated[str, StringConstraints(pattern=r"^S[0-3]:[1-9]\d*$")]
    kind: FactKind
    zh: Words
    en: Words
    desk: Words
    context: bool = False
    declined: _Both | None = None


class _Section(_Strict):
    section: Annotated[int, Field(ge=1)]
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    area: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    title: _Both
    facts: Annotated[list[_Fact], Field(min_length=1)]


class _Contradiction(_Strict):
    id: Annotated[str, StringConstraints(pattern=r"^X\d+$")]
    facts: Annotated[list[str], Field(min_length=1)]
    tension: _Both
    resolution: _Both


class _Contradictions(_Strict):
    contradictions: Annotated[list[_Contradiction], Field(min_length=1)]


def parse_section(text: str, file: str) -> Section:
    """The section in a YAML text. Raises BadBook for a fault, an id twice or an id of another section."""
    reading = read_yaml(text, _Section, file)
    section = reading.value
    facts: list[DocumentedFact] = []
    seen: set[str] = set()
    for index, fact in enumerate(section.facts):
        if not fact.id.startswith(f"{section.prefix}-"):
            raise reading.fault(("facts", index, "id"), f"{fact.id} does not begin with {section.prefix}-")
        if fact.id in seen:
            raise reading.fault(("facts", index, "id"), f"{fact.id} stands twice")
        seen.add(fact.id)
        facts.append(
            DocumentedFact(
                id=fact.id,
                section=section.section,
                source=fact.source,
                kind=fact.kind,
                zh=fact.zh,
                en=fact.en,
                area=section.area,
                desk=fact.desk,
                context=fact.context,
                declined=fact.declined.en if fact.declined else None,
                declined_zh=fact.declined.zh if fact.declined else None,
            )
        )
    return Section(
        section.section, section.prefix, section.area, section.title.zh, section.title.en, tuple(facts)
    )


def parse_contradictions(text: str, file: str, known: Container[str]) -> tuple[Contradiction, ...]:
    """The contradictions in a YAML text. Raises BadBook for a fault or a fact that is not in `known`."""
    reading = read_yaml(text, _Contradictions, file)
    found: list[Contradiction] = []
    for index, item in enumerate(reading.value.contradictions):
        for place, fact in enumerate(item.facts):
            if fact not in known:
                raise reading.fault(("contradictions", index, "facts", place), f"there is no fact {fact}")
        if any(item.id == other.id for other in found):
            raise reading.fault(("contradictions", index, "id"), f"{item.id} stands twice")
        found.append(
            Contradiction(
                id=item.id,
                facts=tuple(item.facts),
                tension_zh=item.tension.zh,
                tension_en=item.tension.en,
                resolution_zh=item.resolution.zh,
                resolution_en=item.resolution.en,
            )
        )
    return tuple(found)


@cache
def load_sections() -> tuple[Section, ...]:
    """The packaged sections in the order of their numbers, every prefix and number once."""
    folder = resources.files("bdesk.data.book").joinpath("sources")
    sections = [
        parse_section(file.read_text(encoding="utf-8"), f"sources/{file.name}")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yaml") and file.name != CONTRADICTIONS
    ]
    for name in ("number", "prefix", "area"):
        values = [getattr(section, name) for section in sections]
        if len(set(values)) != len(values):
            raise BadBook("sources", 1, 1, f"two sections have the same {name}")
    return tuple(sorted(sections, key=lambda section: section.number))


@cache
def load_facts() -> Mapping[str, DocumentedFact]:
    """Every documented fact by id, in the order of the sections."""
    return MappingProxyType({fact.id: fact for section in load_sections() for fact in section.facts})


@cache
def load_contradictions() -> tuple[Contradiction, ...]:
    """Where the published texts disagree, with what the desk does."""
    file = resources.files("bdesk.data.book").joinpath("sources", CONTRADICTIONS)
    return parse_contradictions(file.read_text(encoding="utf-8"), f"sources/{CONTRADICTIONS}", load_facts())
