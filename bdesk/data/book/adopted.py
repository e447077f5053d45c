"""The limits that a store has adopted: the journal says which text counts, whatever a desk's own book holds.

A desk reads its own files before the packaged ones, and whoever sits at it may write them. So the store keeps
the text, an event names it by its whole digest, and every desk reckons with that (docs/decisions/0010).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data import journal
from bdesk.data.book.texts import Source, sources
from bdesk.data.core import BOOK_TEXT
from bdesk.errors import BadInput, StoreProblem
from bdesk.models.kinds import BookKind, Stream
from bdesk.models.tables import BookText
from bdesk.models.views.journal import Event
from bdesk.rules.limits import Limits

if TYPE_CHECKING:
    from bdesk.data.unit import Unit

LIMITS = "limits"
"""The policy, and the stream of the store in which its adoptions stand."""

ADOPTED = "policy.adopted"


@dataclass(frozen=True, slots=True)
class Adopted:
    """The limits in force in a store. `digest` is the sha256 of their whole text, `by` who adopted them."""

    version: str
    digest: str
    by: str
    at: datetime
    limits: Limits


def limits_source() -> Source:
    """The text of the limits that the book here holds: an own file, else the packaged one.

    Raises BadInput("book.unreadable").
    """
    return next(one for one in sources("policies") if PurePath(one.name).name == f"{LIMITS}.yaml")


def version_of(number: int, text: str) -> str:
    """What a text of the book is called: its own number and the beginning of its digest."""
    return f"{number}-{digest_of(text)[:8]}"


def digest_of(text: str) -> str:
    return journal.fingerprint(text)


def adopted(session: Session) -> Adopted:
    """The limits in force.

    Raises StoreProblem: policy.none_adopted, and policy.damaged when the text that the store keeps is not
    the one that was adopted; nothing is decided by either.
    """
    event = last_adoption(session)
    if event is None:
        raise StoreProblem("policy.none_adopted")
    digest, version = str(event.payload["digest"]), str(event.payload["version"])
    return Adopted(version, digest, event.actor, event.recorded_at, _limits(session, version, digest))


def last_adoption(session: Session) -> Event | None:
    """The event by which the limits in force were adopted; None in a store that has none."""
    return journal.newest(session, Stream.STORE, LIMITS)


def is_adopted(session: Session, found: Source) -> bool:
    """Whether this very text is in force, and the store still has it."""
    event = last_adoption(session)
    if event is None or event.payload["digest"] != digest_of(found.text):
        return False
    kept = _kept(session, str(event.payload["version"]))
    return kept is not None and digest_of(kept) == event.payload["digest"]


def adopt(unit: "Unit", found: Source) -> Mapping[str, object]:
    """Make a text the limits of the store, uncommitted; what the event says.

    Raises BadBook for a text that does not fit, BadInput("policy.version_taken") for one that is called
    like another text the store keeps.
    """
    from bdesk.data.book.policies import parse_limits

    version = version_of(parse_limits(found.text, found.name).version, found.text)
    _keep(unit, version, found.text)
    before = last_adoption(unit.session)
    payload: dict[str, object] = {"policy": LIMITS, "version": version, "digest": digest_of(found.text)}
    if before is not None:
        payload["was"] = before.payload["version"]
    unit.append(Stream.STORE, LIMITS, ADOPTED, payload)
    return payload


def _keep(unit: "Unit", version: str, text: str) -> None:
    """Keep the text under its version; a kept one that was damaged since gives way to it."""
    row = unit.session.execute(
        select(BookText).filter_by(kind=BookKind.POLICY, code=LIMITS, version=version)
    ).scalar_one_or_none()
    if row is None:
        row = BookText(kind=BookKind.POLICY, code=LIMITS, version=version, text=text, kept_at=unit.now)
        unit.session.add(row)
    elif row.text != text:
        # Eight signs of a digest can be made to match; two texts of one name would be told apart by nobody.
        if version.endswith(digest_of(row.text)[:8]):
            raise BadInput("policy.version_taken", version=version)
        row.text = text
    unit.session.flush()


def _limits(session: Session, version: str, digest: str) -> Limits:
    known = _parsed.get(digest)
    if known is None:
        text = _kept(session, version)
        if text is None or digest_of(text) != digest:
            raise StoreProblem("policy.damaged", version=version)
        from bdesk.data.book.policies import parse_limits

        known = _parsed[digest] = parse_limits(text, "policies/limits.yaml", kept=True)
    return known


def _kept(session: Session, version: str) -> str | None:
    text: str | None = session.execute(
        select(BOOK_TEXT.c.text).where(
            BOOK_TEXT.c.kind == BookKind.POLICY, BOOK_TEXT.c.code == LIMITS, BOOK_TEXT.c.version == version
        )
    ).scalar_one_or_none()
    return text


_parsed: dict[str, Limits] = {}
"""By digest: a text that was adopted is read once a process."""
