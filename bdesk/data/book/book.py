"""The book: procedures, clocks, calendars, limits and letters, in the versions that are in use.

A case is pinned to the versions it was opened with. Their whole texts are kept in the store, because a
hash alone dies with the next upgrade; `pinned` and `with_versions` read them back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlmodel import Session

from bdesk import paths
from bdesk.data.book import shelf
from bdesk.data.book.adopted import LIMITS as LIMITS
from bdesk.data.book.calendar_text import thaw
from bdesk.data.book.letter import Letter
from bdesk.data.book.texts import Source
from bdesk.data.core import BOOK_TEXT
from bdesk.data.journal import fingerprint
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotFound
from bdesk.models.kinds import BookKind, Stream
from bdesk.models.tables import BookText, Case
from bdesk.rules.clock import Calendar, ClockKind, NextRule
from bdesk.rules.evidence import EvidenceNeeds
from bdesk.rules.limits import Limits
from bdesk.rules.tasks import TaskKinds
from bdesk.rules.walk.model import Procedure
from bdesk.rules.walk.values import EffectSpec, FactSpec

if TYPE_CHECKING:
    from bdesk.data.book.sources import DocumentedFact

GENERAL = "general"
"""The procedure for every kind without one of its own."""

CLOCKS, CALENDARS = "clocks", "all"
"""Codes of the policies, and of all calendars together."""

TASKS, EVIDENCE = "tasks", "evidence"
"""Codes of what departments may be asked and of what applications must show."""

TEXTS = "book"
"""The stream of the store that says which texts it keeps, and their digests."""

Value = TypeVar("Value")
Kept = tuple[BookKind, str, str]
"""Kind, code and version of a text."""


@dataclass(frozen=True, slots=True)
class Book:
    """Kinds are found by code, and by "code@policy"; calendars by code, and by "code@version".

    `serving`: the code of the procedure by kind of case.
    """

    procedures: Mapping[str, Procedure]
    serving: Mapping[str, str]
    clock_kinds: Mapping[str, ClockKind]
    calendars: Mapping[str, Calendar]
    take_next: tuple[NextRule, ...]
    limits: Limits
    letters: Mapping[str, Letter]
    fact_specs: Mapping[str, FactSpec]
    effect_specs: Mapping[str, EffectSpec]
    tasks: TaskKinds
    evidence: EvidenceNeeds
    versions: Mapping[tuple[str, str], str]
    texts: Mapping[Kept, str] = field(default_factory=dict, repr=False)
    own_procedure: Procedure | None = None

    @property
    def sources(self) -> "Mapping[str, DocumentedFact]":
        """The documented facts by id."""
        from bdesk.data.book.sources import load_facts

        return load_facts()

    def procedure_for(self, kind: str) -> Procedure:
        """The procedure of a kind of case: the case's own version in a pinned book, `general` where the
        kind has none. Raises NotFound."""
        if self.own_procedure is not None:
            return self.own_procedure
        return self.procedure(self.serving.get(kind, GENERAL))

    def procedure(self, code: str) -> Procedure:
        """A procedure by its code, in the version in use. Raises NotFound."""
        found = self.procedures.get(code)
        if found is None:
            raise NotFound("procedure", code)
        return found

    def letter(self, code: str) -> Letter:
        """A letter by its code (N1 ...). Raises NotFound."""
        found = self.letters.get(code)
        if found is None:
            raise NotFound("letter", code)
        return found

    def version(self, kind: str, code: str) -> str:
        """The version in use: ("procedure", code), ("letter", code), ("policy", "clocks" or "limits"),
        ("calendar", "all"). Raises NotFound."""
        found = self.versions.get((kind, code))
        if found is None:
            raise NotFound(kind, code)
        return found

    def with_versions(self, session: Session, policies: Iterable[str], calendars: Iterable[str]) -> "Book":
        """This book with earlier versions of clock kinds and calendars that the store keeps beside it."""
        policies = frozenset(policies) - {self.version("policy", CLOCKS)}
        calendars = frozenset(calendars) - {self.version("calendar", CALENDARS)}
        if not policies and not calendars:
            return self
        found = _kept(session, BookKind.POLICY, policies) | _kept(session, BookKind.CALENDAR, calendars)
        kinds: dict[str, ClockKind] = dict(self.clock_kinds)
        tables: dict[str, Calendar] = dict(self.calendars)
        for (kind, code, version), text in found.items():
            if kind is BookKind.CALENDAR:
                tables[f"{code}@{version}"] = thaw(text, version)
            elif code == CLOCKS:
                known = frozenset(self.calendars)
                kinds |= {f"{name}@{version}": one for name, one in _parsed(text, known).items()}
        return replace(self, clock_kinds=kinds, calendars=tables)

    def pinned(self, session: Session, case: Case) -> "Book":
        """This book as one case knows it: its own version of the procedure, of clocks and calendars, of task
        kinds and evidence rules. A task kind that is new since then is known as well: a case that becomes
        another kind goes by that kind's newest procedure.

        Limits and letters stay those of now (ARCHITECTURE, Versions).
        """
        policy, table = case.policy_version, case.calendar_version
        book = self.with_versions(session, (policy,), (table,))
        kinds, calendars = dict(book.clock_kinds), dict(book.calendars)
        kinds |= {
            name.removesuffix(f"@{policy}"): one for name, one in kinds.items() if name.endswith(f"@{policy}")
        }
        calendars |= {
            name.removesuffix(f"@{table}"): one
            for name, one in calendars.items()
            if name.endswith(f"@{table}")
        }
        asks = self._earlier(session, TASKS, case.tasks_version)
        shows = self._earlier(session, EVIDENCE, case.evidence_version)
        made = replace(
            book,
            clock_kinds=kinds,
            calendars=calendars,
            own_procedure=self._procedure_of(session, case, asks, shows),
        )
        return _on(made, asks, shows) if asks or shows else made

    def tasks_of(self, session: Session, version: str | None) -> TaskKinds:
        """What departments may be asked on a case that is on this version; None is the one in use."""
        asks = self._earlier(session, TASKS, version)
        return _on(self, asks, "").tasks if asks else self.tasks

    def _earlier(self, session: Session, code: str, version: str | None) -> str:
        """The text of the version that a case is on, where that is not the one in use; "" where it is, and
        for a text that was lost."""
        if version is None or version == self.version("policy", code):
            return ""
        return _kept(session, BookKind.POLICY, (version,)).get((BookKind.POLICY, code, version), "")

    def keep_texts(self, unit: Unit, *procedures: str) -> int:
        """Keep the texts of the versions in use that the store does not have yet: those of clocks, calendars,
        task kinds and evidence rules, of all letters, and of the procedures named. How many were new.

        Limits come into the store by being adopted, and no other way (`bdesk.data.book.adopted`).
        """
        wanted = {
            key: text
            for key, text in self.texts.items()
            if key[:2] != (BookKind.POLICY, LIMITS)
            and (key[0] is not BookKind.PROCEDURE or key[1] in procedures)
        }
        kept = select(BOOK_TEXT.c.kind, BOOK_TEXT.c.code, BOOK_TEXT.c.version)
        missing = wanted.keys() - {(row.kind, row.code, row.version) for row in unit.session.execute(kept)}
        told = []
        for key in sorted(missing):
            kind, code, version = key
            text = BookText(kind=kind, code=code, version=version, text=wanted[key], kept_at=unit.now)
            unit.session.add(text)
            told.append([kind, code, version, fingerprint(wanted[key])])
        if told:
            unit.append(Stream.STORE, TEXTS, "book.kept", {"texts": told})
        return len(missing)

    def _procedure_of(
        self, session: Session, case: Case, asks: str = "", shows: str = ""
    ) -> Procedure | None:
        if self.versions.get(("procedure", case.procedure)) == case.procedure_version:
            now = self.procedures[case.procedure]
            return replace(now, facts={**now.facts, **_facts(asks, shows)}) if asks or shows else now
        found = _kept(session, BookKind.PROCEDURE, (case.procedure_version,))
        text = found.get((BookKind.PROCEDURE, case.procedure, case.procedure_version))
        if text is None:
            return None
        # Only cases on an earlier version need what reads texts.
        from bdesk.data.book.loader import parse_text

        return parse_text(text, asks, shows)


def load_book() -> Book:
    """The book in use: a firm's own files in BDESK_HOME/book, then the packaged ones; read once a process.

    Raises BadInput with file, line and column for a file that does not fit.
    """
    own = paths.book_dir()
    return _load(str(own) if own.is_dir() else "")


def forget() -> None:
    """Read the book again next time: its files were changed."""
    from bdesk.data.book import loader

    loader.forget()
    _load.cache_clear()


@lru_cache(maxsize=4)
def _load(_own: str) -> Book:
    from bdesk.data.book.reading import from_plain, read_book, to_plain

    key = shelf.key()
    kept = shelf.take(key)
    if kept is not None:
        try:
            return from_plain(kept)
        except (KeyError, TypeError, ValueError, AttributeError, BadInput):
            # Whole, but not what this code writes: read past it.
            pass
    book = read_book()
    shelf.put(key, to_plain(book))
    return book


def also_by_version(found: Mapping[str, Value], version: str) -> dict[str, Value]:
    """Found by code, and by "code@version"."""
    return {**found, **{f"{code}@{version}": one for code, one in found.items()}}


def _kept(session: Session, kind: BookKind, versions: Iterable[str]) -> dict[Kept, str]:
    rows = session.execute(
        select(BOOK_TEXT.c.code, BOOK_TEXT.c.version, BOOK_TEXT.c.text)
        .where(BOOK_TEXT.c.kind == kind, BOOK_TEXT.c.version.in_(list(versions)))
        .order_by(BOOK_TEXT.c.id)
    )
    return {(kind, row.code, row.version): row.text for row in rows}


def _on(book: Book, asks: str, shows: str) -> Book:
    """The book on earlier texts of task kinds and evidence rules, with the facts that come with them."""
    from bdesk.data.book.evidence import parse_evidence
    from bdesk.data.book.tasks import parse_tasks

    return replace(
        book,
        tasks={**book.tasks, **parse_tasks(asks)} if asks else book.tasks,
        evidence=parse_evidence(shows) if shows else book.evidence,
        fact_specs={**book.fact_specs, **_facts(asks, shows)},
    )


def _facts(asks: str, shows: str) -> Mapping[str, FactSpec]:
    from bdesk.data.book.loader import pinned_facts

    return pinned_facts(asks, shows)


@lru_cache(maxsize=32)
def _parsed(text: str, calendars: frozenset[str]) -> Mapping[str, ClockKind]:
    from bdesk.data.book.clocks import parse_policy

    return parse_policy(Source("store", text), calendars)[0]
