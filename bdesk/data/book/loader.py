"""The book as frozen values: procedures, facts, effects, letters, documented facts.

`known` is put together from the registries of the code (clock kinds, groups) and of the book. Whatever does
not fit is refused as BadBook with file, line and column.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bdesk.data.book.build import Builder, RawFragments
from bdesk.data.book.evidence import evidence_facts, evidence_needs, parse_evidence
from bdesk.data.book.files import Source, bad, fit, plain, position, source, sources
from bdesk.data.book.letter import Letter
from bdesk.data.book.schema import RawBody, RawCoverage, RawEffects, RawFacts, RawLetter, RawText
from bdesk.data.book.sources import load_facts
from bdesk.data.book.tasks import parse_tasks, task_facts, task_kinds
from bdesk.data.book.texts import packaged_source
from bdesk.errors import NotFound
from bdesk.models.kinds import CaseKind, CaseOutcome, Channel, Department, RejectCode
from bdesk.rules.walk.check import Fault, check, check_letter
from bdesk.rules.walk.coverage import Coverage, Covered, Declared, coverage
from bdesk.rules.walk.elements import Element, ElementKind, elements
from bdesk.rules.walk.model import Procedure
from bdesk.rules.walk.values import (
    EffectSpec,
    FactSpec,
    FactType,
    Known,
    LetterSpec,
    ParamSpec,
    Risk,
    SlotSpec,
    Text,
)

GENERAL = "general"
"""The procedure for every kind without one of its own."""

BANNED = (
    "最终解释权",
    "概不退换",
    "签收即认可",
    "签收后概不负责",
    "拆封不退",
    "系统判定没办法",
    "这是商家的事",
    "我们只是平台",
    "与我们无关",
    "您自己的问题",
    "请把验证码告诉我",
    "您可以去告",
    "保证一定",
)
"""Phrases no text may hold (law and practice 12, L11)."""


@lru_cache(maxsize=1)
def fact_specs() -> Mapping[str, FactSpec]:
    """Every fact content may name, by name."""
    found = packaged_source("fact_names.yaml")
    raw = fit(found, RawFacts, plain(found))
    own = {
        one.name: FactSpec(
            name=one.name,
            type=FactType(one.type),
            label=Text(one.zh, one.en),
            meaning=one.meaning,
            unit=one.unit,
            absent=one.absent,
            values={code: _text(label) for code, label in one.values.items()},
        )
        for one in raw.facts
    }
    return {**own, **evidence_facts(), **task_facts()}


@lru_cache(maxsize=1)
def effect_specs() -> Mapping[str, EffectSpec]:
    """Every effect content may name, by name."""
    found = packaged_source("effect_names.yaml")
    raw = fit(found, RawEffects, plain(found))
    return {
        one.name: EffectSpec(
            name=one.name,
            risk=Risk(one.risk),
            params=tuple(_param(name, written) for name, written in one.params.items()),
            meaning=one.meaning,
            limit=one.limit,
            letter=one.letter,
            moves=one.moves,
        )
        for one in raw.effects
    }


def letters() -> Mapping[str, Letter]:
    """Every letter by its code (N1 ...)."""
    return {letter.spec.code: letter for letter in (_letter(found) for found in sources("letters"))}


def documented() -> Mapping[str, str]:
    """Kind of each documented fact by its id (RF-08: limit)."""
    return {one.id: one.kind for one in load_facts().values()}


def known(clocks: Iterable[str]) -> Known:
    """All that content may name; the kinds of clocks come from the policy that counts them."""
    kinds = clocks if isinstance(clocks, Mapping) else {}
    return Known(
        facts=fact_specs(),
        effects=effect_specs(),
        letters={code: letter.spec for code, letter in letters().items()},
        clocks=frozenset(clocks),
        documented=documented(),
        kinds=frozenset(kind.value for kind in CaseKind),
        outcomes=frozenset(outcome.value for outcome in CaseOutcome),
        rejects=frozenset(code.value for code in RejectCode),
        groups=frozenset(group.value for group in Department),
        banned=BANNED,
        channels=frozenset(channel.value for channel in Channel),
        settings={code: frozenset(one.name for one in kind.settings) for code, kind in kinds.items()},
        tasks={kind.what: frozenset(kind.to) for kind in task_kinds().values()},
    )


def declared() -> Mapping[str, Declared]:
    """Documented facts settled outside of procedures: shown by a screen, declined, or only context.

    Raises BadBook for an id twice or one that is not documented.
    """
    found = source("coverage.yaml")
    raw = fit(found, RawCoverage, plain(found))
    facts = load_facts()
    said: dict[str, Declared] = {}
    for place, one in enumerate(raw.shown):
        if one.id in said or one.id not in facts:
            reason = "stands twice" if one.id in said else "is no documented fact"
            raise bad(found, *position(found, ("shown", place, "id")), f"{one.id} {reason}")
        said[one.id] = Declared(one.id, Covered.SHOWN, one.where)
    for fact in facts.values():
        if fact.declined is not None:
            said[fact.id] = Declared(fact.id, Covered.DECLINED, fact.declined)
        elif fact.context:
            said.setdefault(fact.id, Declared(fact.id, Covered.CONTEXT, fact.desk))
    return said


def covered() -> tuple[Coverage, ...]:
    """State of each documented fact over all procedures and letters of the book."""
    found = [element for one in procedures() for element in elements(one)]
    for code, letter in letters().items():
        found.append(Element(ElementKind.LETTER, f"letter {code}", letter.realises))
    return coverage(documented(), found, declared())


def faults(one: Procedure, clocks: Iterable[str]) -> tuple[Fault, ...]:
    """Everything wrong with a procedure, and with the letters of the book.

    `clocks`: the kinds of clocks by code, so that their settings are checked too, or their codes alone.
    """
    names = known(clocks)
    wrong = list(check(one, names))
    for letter in letters().values():
        texts = tuple(text for text in (letter.subject, letter.body, letter.sms) if text is not None)
        wrong.extend(check_letter(letter.spec, texts, names))
    return tuple(wrong)


def procedures() -> tuple[Procedure, ...]:
    """Every procedure of the book, by code."""
    fragments = _fragments()
    made = [_build(found, data, fragments) for found, data in _files() if "procedure" in data]
    return tuple(sorted(made, key=lambda one: one.code))


def procedure(code: str) -> Procedure:
    """One procedure. Raises NotFound."""
    for found, data in _files():
        if data.get("procedure") == code:
            return _build(found, data, _fragments())
    raise NotFound("procedure", code)


def procedure_for(kind: str) -> Procedure:
    """The procedure that serves a kind of case; `general` where none does."""
    for found, data in _files():
        if "procedure" in data and kind in (data.get("kinds") or []) and data["procedure"] != GENERAL:
            return _build(found, data, _fragments())
    return procedure(GENERAL)


def procedure_text(code: str) -> str:
    """The whole text of a procedure and the fragments it calls, for the store to keep beside a case."""
    fragments = _fragments()
    for _, data in _files():
        if data.get("procedure") == code:
            used = _used(data, fragments, set())
            bundle = {"procedure": data, "fragments": {name: fragments[name][1] for name in sorted(used)}}
            return json.dumps(bundle, ensure_ascii=False)
    raise NotFound("procedure", code)


@lru_cache(maxsize=64)
def parse_text(text: str, tasks: str = "", evidence: str = "") -> Procedure:
    """The procedure of a text that `procedure_text` gave; with the facts of earlier task kinds and evidence
    rules, where their texts are given. Raises BadBook."""
    found = Source("store", text)
    try:
        bundle = json.loads(text)
        data, kept = bundle["procedure"], bundle["fragments"]
    except (ValueError, KeyError, TypeError):
        raise bad(found, 1, 1, "not a kept procedure") from None
    fragments = {name: (found, fragment) for name, fragment in kept.items()}
    return _build(found, data, fragments, pinned_facts(tasks, evidence))


def pinned_facts(tasks: str, evidence: str) -> Mapping[str, FactSpec]:
    """The contracts of the facts that come with these texts; none for an empty one."""
    found: dict[str, FactSpec] = {}
    if evidence:
        found |= evidence_facts(parse_evidence(evidence))
    if tasks:
        found |= task_facts(parse_tasks(tasks))
    return found


def build_procedure(text: str, name: str = "text") -> Procedure:
    """The procedure of a YAML text that is no file of the book, with the packaged fragments."""
    found = Source(name, text)
    return _build(found, plain(found), _fragments())


def forget() -> None:
    """Forget registries and procedures read so far, after a file of the book changed. What was parsed is
    known by its text, so that a changed file is parsed anew and the others are not."""
    fact_specs.cache_clear()
    parse_tasks.cache_clear()
    effect_specs.cache_clear()
    parse_text.cache_clear()
    _built.clear()


_built: dict[tuple[str, str], Procedure] = {}
"""By name and digest. One with facts of its own is not kept here: `parse_text` does."""


def _build(
    found: Source, data: dict[str, Any], fragments: RawFragments, facts: Mapping[str, FactSpec] | None = None
) -> Procedure:
    used = sorted(_used(data, fragments, set()))
    whole = [found.text, *(fragments[name][0].text for name in used)]
    digest = hashlib.sha256("\n---\n".join(whole).encode()).hexdigest()
    key = (found.name, digest)
    if facts:
        specs = {**fact_specs(), **facts}
        return Builder(fragments, specs, effect_specs()).procedure(found, data, digest)
    if key not in _built:
        _built[key] = Builder(fragments, fact_specs(), effect_specs()).procedure(found, data, digest)
    return _built[key]


def _files() -> list[tuple[Source, dict[str, Any]]]:
    return [(found, plain(found)) for found in sources("procedures")]


def _fragments() -> RawFragments:
    return {data["fragment"]: (found, data) for found, data in _files() if "fragment" in data}


def _used(data: Mapping[str, Any], fragments: RawFragments, seen: set[str]) -> set[str]:
    for step in data.get("steps") or []:
        name = step.get("fragment") if isinstance(step, dict) else None
        if isinstance(name, str) and name in fragments and name not in seen:
            seen.add(name)
            _used(fragments[name][1], fragments, seen)
    return seen


def _letter(found: Source) -> Letter:
    raw = fit(found, RawLetter, plain(found))
    spec = LetterSpec(
        code=raw.letter,
        slots=tuple(SlotSpec(name, FactType(slot.type), slot.source) for name, slot in raw.slots.items()),
        title=_text(raw.title),
    )
    return Letter(
        spec=spec,
        version=raw.version,
        channels=tuple(raw.channels),
        decision=raw.decision,
        subject=_subject(found, raw.zh, raw.en),
        body=Text(raw.zh.body, raw.en.body),
        sms=_text(raw.sms) if raw.sms is not None else None,
        realises=tuple(raw.realises),
        digest=found.digest,
    )


def _subject(found: Source, zh: RawBody, en: RawBody) -> Text | None:
    if (zh.subject is None) != (en.subject is None):
        raise bad(found, 1, 1, "a subject in one language only")
    return Text(zh.subject, en.subject) if zh.subject is not None and en.subject is not None else None


def _param(name: str, written: str) -> ParamSpec:
    required = not written.endswith("?")
    kind = written.removesuffix("?")
    choices: tuple[str, ...] = ()
    if kind.startswith("choice(") and kind.endswith(")"):
        choices = tuple(kind[len("choice(") : -1].split("|"))
        kind = "choice"
    elif kind == "task":
        choices, kind = tuple(task_kinds()), "choice"
    return ParamSpec(name, kind, required, choices)


def _text(raw: RawText) -> Text:
    return Text(raw.zh, raw.en)


__all__ = [
    "BANNED",
    "GENERAL",
    "Letter",
    "build_procedure",
    "covered",
    "declared",
    "documented",
    "effect_specs",
    "evidence_needs",
    "fact_specs",
    "faults",
    "forget",
    "known",
    "letters",
    "parse_text",
    "procedure",
    "procedure_for",
    "procedure_text",
    "procedures",
    "task_kinds",
]
