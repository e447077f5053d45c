"""The pending strip: a chosen outcome in words, bound to the facts it was chosen on (UX 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing the strip will do, as a code with parameters; screens speak it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """The letter exactly as it will be sent, and where to, masked."""

    letter: str
    language: str
    channel: str
    target_masked: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What F8 will do. Executing rebuilds the facts and compares `facts_digest` and `case_version`.

    `seen_event`: the newest event on the case when it was drawn; 0 when that is not known. A case that went
    on from there by quiet events alone (a note) is still the one the strip was drawn on.
    `amount_fen` is the sum of money in it. `retype` is the tail that a high-risk strip asks for.
    """

    case_id: int
    case_no: str
    case_version: int
    cycle: int
    step: str
    option: str
    captures: Mapping[str, object]
    phrases: tuple[Phrase, ...]
    facts: Mapping[str, object]
    facts_digest: str
    planned_at: datetime
    amount_fen: int | None = None
    letters: tuple[LetterPreview, ...] = ()
    effects: tuple[str, ...] = ()
    retype: str | None = None
    seen_event: int = 0


@dataclass(frozen=True, slots=True)
class RecallWindow:
    """A committed strip that can still be taken back, for the recall strip on every screen."""

    case_id: int
    case_no: str
    commit_event: int
    outbox: tuple[int, ...]
    phrases: tuple[Phrase, ...]
    hold_until: datetime
