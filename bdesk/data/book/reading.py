"""The book made from its files, and the form in which a finished one is kept."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from bdesk.data.book.adopted import limits_source
from bdesk.data.book.book import CALENDARS, CLOCKS, EVIDENCE, LIMITS, TASKS, Book, Kept, also_by_version
from bdesk.data.book.calendar_text import freeze, thaw
from bdesk.data.book.codec import pack, unpack
from bdesk.data.book.letter import Letter
from bdesk.models.kinds import BookKind
from bdesk.rules.limits import Limits
from bdesk.rules.walk.model import Procedure
from bdesk.rules.walk.values import GIVEN, FactSpec

Value = TypeVar("Value")


def read_book() -> Book:
    """Read, check and build everything. Raises BadInput with file, line and column for what does not fit."""
    from bdesk.data.book import loader
    from bdesk.data.book.clocks import ClockBook, load_clocks
    from bdesk.data.book.evidence import evidence_source
    from bdesk.data.book.tasks import tasks_source
    from bdesk.data.book.texts import Source

    clocks: ClockBook = load_clocks()
    letters = loader.letters()
    procedures = {one.code: one for one in loader.procedures()}
    limits_text, limits = _limits()
    others = {TASKS: tasks_source(), EVIDENCE: evidence_source()}
    versions = {
        ("policy", CLOCKS): clocks.policy_version,
        **{("policy", code): _version(1, found.digest) for code, found in others.items()},
        ("policy", LIMITS): _version(limits.version, Source(LIMITS, limits_text).digest),
        ("calendar", CALENDARS): clocks.calendar_version,
        **{("procedure", code): _version(one.version, one.digest) for code, one in procedures.items()},
        **{("letter", code): _version(one.version, one.digest) for code, one in letters.items()},
    }
    policies = {
        (BookKind.POLICY, CLOCKS, clocks.policy_version): clocks.policy_text,
        (BookKind.POLICY, LIMITS, versions["policy", LIMITS]): limits_text,
        **{(BookKind.POLICY, code, versions["policy", code]): one.text for code, one in others.items()},
    }
    calendars = {
        (BookKind.CALENDAR, code, clocks.calendar_version): text
        for code, text in clocks.calendar_texts.items()
    }
    return Book(
        procedures=procedures,
        serving=_serving(procedures.values(), loader.GENERAL),
        clock_kinds=also_by_version(clocks.kinds, clocks.policy_version),
        calendars=also_by_version(clocks.calendars, clocks.calendar_version),
        take_next=clocks.take_next,
        limits=limits,
        letters=letters,
        fact_specs=loader.fact_specs(),
        effect_specs=loader.effect_specs(),
        tasks=loader.task_kinds(),
        evidence=loader.evidence_needs(),
        versions=versions,
        texts={**policies, **calendars, **_texts(procedures, letters, versions)},
    )


def _serving(procedures: Iterable[Procedure], general: str) -> dict[str, str]:
    """The code of the procedure that serves a kind; of several the first by code, and `general` last."""
    found: dict[str, str] = {}
    for procedure in sorted(procedures, key=lambda one: (one.code == general, one.code)):
        for kind in procedure.kinds:
            found.setdefault(kind, procedure.code)
    return found


def _texts(
    procedures: Iterable[str], letters: Mapping[str, Letter], versions: Mapping[tuple[str, str], str]
) -> dict[Kept, str]:
    from bdesk.data.book import loader
    from bdesk.data.book.texts import sources

    found: dict[Kept, str] = {
        (BookKind.PROCEDURE, code, versions["procedure", code]): loader.procedure_text(code)
        for code in procedures
    }
    for source, letter in zip(sources("letters"), letters.values(), strict=True):
        code = letter.spec.code
        found[BookKind.LETTER, code, versions["letter", code]] = source.text
    return found


def _limits() -> tuple[str, Limits]:
    from bdesk.data.book.policies import parse_limits

    found = limits_source()
    return found.text, parse_limits(found.text, found.name)


def _version(number: int, digest: str) -> str:
    return f"{number}-{digest[:8]}"


# On the shelf --------------------------------------------------------------------------------


def to_plain(book: Book) -> dict[str, Any]:
    """A finished book as JSON; what is big and seldom wanted lies in it as text, and is parsed when it is."""
    return {
        "procedures": {code: _text(pack(_slim(one))) for code, one in book.procedures.items()},
        "serving": dict(book.serving),
        "kinds": pack(_bare(book.clock_kinds)),
        "calendars": {code: [one.version, freeze(one)] for code, one in _bare(book.calendars).items()},
        "take_next": pack(book.take_next),
        "limits": pack(book.limits),
        "letters": {code: _text(pack(one)) for code, one in book.letters.items()},
        "facts": {name: _text(pack(one)) for name, one in book.fact_specs.items()},
        "effects": {name: _text(pack(one)) for name, one in book.effect_specs.items()},
        "tasks": pack(book.tasks),
        "evidence": pack(book.evidence),
        "versions": [[*key, version] for key, version in book.versions.items()],
        "texts": [[kind.value, code, version, text] for (kind, code, version), text in book.texts.items()],
    }


def from_plain(plain: Mapping[str, Any]) -> Book:
    """The book that `to_plain` made this from; most of it is put together when it is first asked for.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    versions = {(kind, code): version for kind, code, version in plain["versions"]}
    facts: Late[FactSpec] = _unpacked(plain["facts"])
    procedures = {code: partial(_procedure, text, facts) for code, text in plain["procedures"].items()}
    calendars = Late({code: partial(thaw, text, of) for code, (of, text) in plain["calendars"].items()})
    same = {code: partial(calendars.__getitem__, code) for code in calendars}
    return Book(
        procedures=Late(procedures),
        serving=plain["serving"],
        clock_kinds=also_by_version(unpack(plain["kinds"]), versions["policy", CLOCKS]),
        calendars=Late(also_by_version(same, versions["calendar", CALENDARS])),
        take_next=unpack(plain["take_next"]),
        limits=unpack(plain["limits"]),
        letters=_unpacked(plain["letters"]),
        fact_specs=facts,
        effect_specs=_unpacked(plain["effects"]),
        tasks=unpack(plain["tasks"]),
        evidence=unpack(plain["evidence"]),
        versions=versions,
        texts={(BookKind(kind), code, version): text for kind, code, version, text in plain["texts"]},
    )


def _text(packed: object) -> str:
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def _unpacked(texts: Mapping[str, str]) -> "Late[Any]":
    return Late({name: partial(_value, text) for name, text in texts.items()})


def _value(text: str) -> Any:
    return unpack(json.loads(text))


def _procedure(text: str, facts: Mapping[str, FactSpec]) -> Procedure:
    slim: Procedure = _value(text)
    return replace(slim, facts={**facts, **slim.facts})


def _bare(found: Mapping[str, Value]) -> dict[str, Value]:
    """Without the second names, which carry a version."""
    return {code: one for code, one in found.items() if "@" not in code}


def _slim(one: Procedure) -> Procedure:
    """Without the facts that every procedure has."""
    return replace(one, facts={name: spec for name, spec in one.facts.items() if name.startswith(GIVEN)})


class Late(Mapping[str, Value]):
    """A mapping whose values are made when they are first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Value]]) -> None:
        self._makers = makers
        self._made: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Value:
        if key not in self._made:
            # Two threads may make it; both go on with the one that was first.
            self._made.setdefault(key, self._makers[key]())
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
