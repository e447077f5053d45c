"""The queue as a screen or `bdesk queue` shows it: sections, first rows, figures, what is next and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data.core import CONTACT, GROUP, STAFF
from bdesk.data.queries import queue as queries
from bdesk.data.queries.figures import figures
from bdesk.data.queries.queue import NO_FILTERS, SECTIONS, Filters, key_of
from bdesk.data.queries.taking import Candidate, next_candidates
from bdesk.models.clock_kinds import SlaState
from bdesk.models.kinds import CaseKind
from bdesk.models.views.queue import COUNT_CAP, QueueFigures, QueueRow, Section
from bdesk.operations.context import Context
from bdesk.operations.roles import may
from bdesk.operations.staff.groups import NAMES
from bdesk.rules.masking import mask_phone
from bdesk.rules.urgency import state_at
from bdesk.text import clean, normalise_key

__all__ = [
    "COUNT_CAP",
    "NO_FILTERS",
    "PAGE",
    "SECTIONS",
    "Filters",
    "QueueView",
    "Ringing",
    "Wanted",
    "first_page",
    "my_rows",
    "page",
    "parse_filters",
    "ringing",
    "rows",
    "sla_state",
    "why_next",
]

PAGE = 64
"""Rows of a section that are read at once."""


class Wanted(Protocol):
    """A page to read: `limit` rows of a section from `index` on, beside rows that are known."""

    @property
    def section(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def limit(self) -> int: ...
    @property
    def after(self) -> QueueRow | None: ...
    @property
    def before(self) -> QueueRow | None: ...


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that rings at this person's desk; `number` is masked."""

    contact_id: int
    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class QueueView:
    """`rows` are the first of each section by its code. `why_next`: the case that take-next would give now
    and the code of the rule ("next.<reason>" is spoken), None when nothing waits. `group_names`: (zh, en)
    by code; `staff_names`: names by staff number."""

    sections: tuple[Section, ...]
    rows: Mapping[str, tuple[QueueRow, ...]]
    figures: QueueFigures
    why_next: Candidate | None
    group_names: Mapping[str, tuple[str, str]]
    staff_names: Mapping[str, str]
    ringing: Ringing | None
    now: datetime


def first_page(
    ctx: Context, filters: Filters = NO_FILTERS, *, limit: int = PAGE, why: bool = True
) -> QueueView:
    """Everything the queue paints first, in one read. Without `why` the book is not asked what is next."""
    now = ctx.now()
    with ctx.store.read() as session:
        return QueueView(
            sections=queries.sections(session, ctx.actor, filters),
            rows={
                code: queries.page(session, code, ctx.actor, limit=limit, filters=filters).rows
                for code in SECTIONS
            },
            figures=figures(session, ctx.actor, now),
            why_next=_next(session, ctx, now) if why else None,
            group_names=_group_names(session),
            staff_names=_staff_names(session),
            ringing=_ringing(session, ctx),
            now=now,
        )


def page(ctx: Context, wanted: Wanted, filters: Filters = NO_FILTERS) -> tuple[QueueRow, ...]:
    """The rows of a page that came into view, in the order of the list: by keyset beside known rows."""
    section, limit = wanted.section, wanted.limit
    with ctx.store.read() as session:
        if wanted.after is not None:
            after = key_of(wanted.after)
            found = queries.page(session, section, ctx.actor, after=after, limit=limit, filters=filters)
        elif wanted.before is not None:
            before = key_of(wanted.before)
            found = queries.page(session, section, ctx.actor, before=before, limit=limit, filters=filters)
        elif wanted.index and _is_last(session, ctx, wanted, filters):
            found = queries.page(session, section, ctx.actor, last=True, limit=limit, filters=filters)
        else:
            return _by_offset(session, ctx, wanted, filters)
    return found.rows


def _is_last(session: Session, ctx: Context, wanted: Wanted, filters: Filters) -> bool:
    """Whether the page ends the section; a count that was cut off says nothing about its end."""
    total = queries.count(session, wanted.section, ctx.actor, filters)
    return total < COUNT_CAP and wanted.index + wanted.limit == total


def _by_offset(session: Session, ctx: Context, wanted: Wanted, filters: Filters) -> tuple[QueueRow, ...]:
    # A jump into the middle lands within the counted rows, so this reads a thousand of them at most.
    upto = wanted.index + wanted.limit
    found = queries.page(session, wanted.section, ctx.actor, limit=upto, filters=filters)
    return found.rows[wanted.index :]


def rows(ctx: Context, case_ids: Iterable[int]) -> tuple[QueueRow, ...]:
    """Rows of these cases as they are now, to patch a list with; a case that is gone is left out."""
    with ctx.store.read() as session:
        return queries.rows(session, case_ids)


def my_rows(ctx: Context) -> tuple[QueueRow, ...]:
    """The first of my own cases, the most urgent at the top: what alerts are raised from."""
    with ctx.store.read() as session:
        return queries.page(session, "mine", ctx.actor, limit=PAGE).rows


def why_next(ctx: Context) -> Candidate | None:
    """The case that take-next would give now, and by which rule."""
    with ctx.store.read() as session:
        return _next(session, ctx, ctx.now())


def _next(session: Session, ctx: Context, now: datetime) -> Candidate | None:
    if not may(ctx, "looking.queue.next"):
        return None
    return next(iter(next_candidates(session, ctx.actor, now, ctx.book)), None)


def ringing(ctx: Context) -> Ringing | None:
    """The oldest call that rings at this person's desk and that nobody has answered."""
    with ctx.store.read() as session:
        return _ringing(session, ctx)


def _ringing(session: Session, ctx: Context) -> Ringing | None:
    row = session.execute(
        select(CONTACT.c.id, CONTACT.c.number, CONTACT.c.started_at)
        .where(
            CONTACT.c.ringing_for == ctx.actor.id,
            CONTACT.c.staff_id.is_(None),
            CONTACT.c.ended_at.is_(None),
        )
        .order_by(CONTACT.c.id)
        .limit(1)
    ).first()
    return None if row is None else Ringing(row.id, mask_phone(row.number or ""), row.started_at)


def _group_names(session: Session) -> dict[str, tuple[str, str]]:
    found = session.execute(select(GROUP.c.code, GROUP.c.name_zh, GROUP.c.name_en))
    return {row.code: (row.name_zh, row.name_en) for row in found}


def _staff_names(session: Session) -> dict[str, str]:
    """Who is called what: people are told apart by their names (UX, the timeline), numbers are kept."""
    return {row.number: row.name for row in session.execute(select(STAFF.c.number, STAFF.c.name))}


def parse_filters(text: str, kind_by_word: Callable[[str], CaseKind | None]) -> Filters:
    """What was typed into the filter: words for kinds, a group's code or name, the end of a number.

    A word that is none of these is looked for as a number, so that a mistyped one finds nothing rather
    than everything.
    """
    kinds: list[CaseKind] = []
    group: str | None = None
    number = ""
    for word in clean(text).split():
        kind = kind_by_word(word)
        if kind is not None:
            kinds.append(kind)
        elif (code := _group_by_word(word)) is not None:
            group = code
        else:
            number = normalise_key(word)
    return Filters(tuple(dict.fromkeys(kinds)), group, number)


def _group_by_word(word: str) -> str | None:
    said = word.casefold()
    return next(
        (code for code, names in NAMES.items() if said in (code, *(name.casefold() for name in names))), None
    )


def sla_state(row: QueueRow, now: datetime) -> SlaState:
    """What a row's chip says at `now` (UX, SLA states); a case without a running clock is fine."""
    return state_at(now, row.due_at, row.due_from_at, row.now_from_at, stopped=row.stopped)
