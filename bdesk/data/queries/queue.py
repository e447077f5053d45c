"""The queue by keyset: a page costs the same among a thousand cases and a million.

A section is a handful of *ranges*: equality on the leading columns of an index, sorted by its last
ones. Each range yields at most one page, and the pages are merged; so no database ever sorts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, literal, or_, select, tuple_
from sqlmodel import Session

from bdesk.data.core import CASE, CASE_FLAG, CUSTOMER, GROUP, ORDER, STAFF
from bdesk.models.kinds import CaseKind
from bdesk.models.views.queue import COUNT_CAP, SEE_ALL, QueueRow, Section
from bdesk.models.views.snapshot import ActorView
from bdesk.rules.masking import mask_name
from bdesk.rules.tags import tags_of

SECTIONS = ("mine", "waiting", "aside")
FOUND_CAP = 200
SHORTEST_TAIL = 4


@dataclass(frozen=True, slots=True)
class Key:
    """A case's place in its section: stopped ones below, then by due time, then by number."""

    stopped: bool
    queue_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Filters:
    """`kinds` none: all. `group` a code: only cases of that group. `text`: a case or order number or
    its last four or more characters."""

    kinds: tuple[CaseKind, ...] = ()
    group: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is where the following page goes on, `previous` where the one before ends; None: no more."""

    rows: tuple[QueueRow, ...]
    next: Key | None
    previous: Key | None = None


NO_FILTERS = Filters()


def key_of(row: QueueRow) -> Key:
    """The place of a row that was read before."""
    return Key(row.stopped, row.sorted_at or row.opened_at, row.case_id)


def page(
    session: Session,
    section: str,
    actor: ActorView,
    *,
    after: Key | None = None,
    before: Key | None = None,
    last: bool = False,
    limit: int = 64,
    filters: Filters = NO_FILTERS,
) -> Page:
    """Rows of a section in the order of the queue: the first ones, those `after` a key, those just
    `before` one, or the `last` ones."""
    backwards = last or before is not None
    if filters.text:
        found = _found(session, section, actor, filters)
        return Page(tuple(_rows(session, [key.id for key in found])), None)
    start = before if backwards else after
    keys = list(islice(_keys(session, section, actor, filters, start, backwards, limit + 1), limit + 1))
    more = len(keys) > limit
    keys = keys[:limit]
    if backwards:
        keys.reverse()
    rows = tuple(_rows(session, [key.id for key in keys]))
    if backwards:
        return Page(rows, keys[-1] if keys and not last else None, keys[0] if more else None)
    return Page(rows, keys[-1] if more else None, keys[0] if keys and after is not None else None)


def rows(session: Session, case_ids: Iterable[int]) -> tuple[QueueRow, ...]:
    """Rows to patch a list with; a case that is gone is left out."""
    return tuple(_rows(session, list(case_ids)))


def sections(
    session: Session, actor: ActorView, filters: Filters = NO_FILTERS, *, cap: int = COUNT_CAP
) -> tuple[Section, ...]:
    """The sections with how many cases each has, counted up to `cap`."""
    if filters.text:
        return tuple(Section(code, len(_found(session, code, actor, filters))) for code in SECTIONS)
    return tuple(Section(code, count(session, code, actor, filters, cap=cap)) for code in SECTIONS)


def count(
    session: Session,
    section: str,
    actor: ActorView,
    filters: Filters = NO_FILTERS,
    *,
    cap: int = COUNT_CAP,
    until: datetime | None = None,
) -> int:
    """How many cases a section has (running ones due by `until` if given), counted up to `cap`."""
    total = 0
    for stopped in (False,) if until is not None else (False, True):
        for where in _ranges(session, section, actor, filters):
            if total >= cap:
                return cap
            inner = select(CASE.c.id).where(where, CASE.c.stopped.is_(stopped))
            if until is not None:
                inner = inner.where(CASE.c.queue_at <= until)
            limited = inner.limit(cap - total).subquery()
            total += int(session.execute(select(func.count()).select_from(limited)).scalar_one())
    return min(total, cap)


def groups_seen(session: Session, actor: ActorView, filters: Filters) -> tuple[int | None, ...] | None:
    """The groups whose waiting cases a person sees: none's and their own; all (None) from supervisor up."""
    if filters.group is not None:
        found = session.execute(select(GROUP.c.id).where(GROUP.c.code == filters.group)).scalars().first()
        return (-1 if found is None else found,)
    if actor.role not in SEE_ALL:
        return (None,) if actor.group_id is None else (None, actor.group_id)
    if filters.kinds:
        # A kind is only found fast within a group.
        return (None, *session.execute(select(GROUP.c.id)).scalars())
    return None


def _ranges(
    session: Session, section: str, actor: ActorView, filters: Filters
) -> tuple[ColumnElement[bool], ...]:
    case = CASE.c
    mine = section in ("mine", "aside")
    base = and_(
        case.open.is_(True),
        case.owner_id == actor.id if mine else case.owner_id.is_(None),
        case.aside.is_(section == "aside"),
    )
    if mine and filters.group is None:
        # What one person holds is little, whatever its groups and kinds.
        return (and_(base, case.kind.in_(filters.kinds)) if filters.kinds else base,)
    groups = groups_seen(session, actor, filters)
    if groups is None:
        return (base,)
    by_group = [
        and_(base, case.group_id.is_(None) if one is None else case.group_id == one) for one in groups
    ]
    if not filters.kinds:
        return tuple(by_group)
    return tuple(and_(where, case.kind == kind) for where in by_group for kind in filters.kinds)


def _keys(
    session: Session,
    section: str,
    actor: ActorView,
    filters: Filters,
    start: Key | None,
    backwards: bool,
    limit: int,
) -> Iterator[Key]:
    """Keys in order from `start` on, running cases before stopped ones (or all the way back)."""
    ranges = _ranges(session, section, actor, filters)
    left = limit
    for stopped in (True, False) if backwards else (False, True):
        if start is not None and start.stopped is not stopped and stopped is backwards:
            continue
        here = start if start is not None and start.stopped is stopped else None
        pages = [_range(session, where, stopped, here, backwards, left) for where in ranges]
        ordered = merge(*pages, key=lambda key: (key.queue_at, key.id), reverse=backwards)
        for key in islice(ordered, left):
            left -= 1
            yield key
        if left <= 0:
            return


def range_statement(
    where: ColumnElement[bool], stopped: bool, start: Key | None, backwards: bool, limit: int
) -> Select[Any]:
    """One range of the queue: an index walk that ends after `limit` rows."""
    case = CASE.c
    statement = select(case.queue_at, case.id).where(where, case.stopped.is_(stopped))
    if start is not None:
        place = tuple_(case.queue_at, case.id)
        edge = tuple_(literal(start.queue_at, case.queue_at.type), start.id)
        statement = statement.where(place < edge if backwards else place > edge)
    order = (case.queue_at.desc(), case.id.desc()) if backwards else (case.queue_at, case.id)
    return statement.order_by(*order).limit(limit)


def _range(
    session: Session,
    where: ColumnElement[bool],
    stopped: bool,
    start: Key | None,
    backwards: bool,
    limit: int,
) -> list[Key]:
    statement = range_statement(where, stopped, start, backwards, limit)
    return [Key(stopped, row.queue_at, row.id) for row in session.execute(statement)]


def _found(session: Session, section: str, actor: ActorView, filters: Filters) -> Sequence[Key]:
    """Cases of a section by the end of their number or of their order's; there are never many."""
    tail = filters.text[-SHORTEST_TAIL:]
    if len(filters.text) < SHORTEST_TAIL:
        return ()
    numbered = CASE.c.case_no.endswith(filters.text, autoescape=True)
    named = session.execute(
        select(CASE.c.id).where(CASE.c.case_tail == tail, numbered).limit(FOUND_CAP)
    ).scalars()
    orders = (
        select(ORDER.c.id)
        .where(ORDER.c.order_tail == tail, ORDER.c.order_no.endswith(filters.text, autoescape=True))
        .limit(FOUND_CAP)
    )
    ordered = session.execute(select(CASE.c.id).where(CASE.c.order_id.in_(orders)).limit(FOUND_CAP)).scalars()
    within = or_(*_ranges(session, section, actor, replace(filters, text="")))
    keys = session.execute(
        select(CASE.c.stopped, CASE.c.queue_at, CASE.c.id)
        .where(CASE.c.id.in_({*named, *ordered}), within)
        .limit(FOUND_CAP)
    )
    found = [Key(row.stopped, row.queue_at, row.id) for row in keys]
    return sorted(found, key=lambda key: (key.stopped, key.queue_at, key.id))


_COLUMNS = (
    "case_no",
    "kind",
    "priority",
    "subject",
    "queue_at",
    "queue_clock",
    "queue_from",
    "warn_due_at",
    "warn_now_at",
    "state",
    "stopped",
    "waiting_for",
    "aside",
    "channel",
    "opened_at",
    "version",
    "provisional",
    "cycle",
    "escalated_to",
)


def _rows(session: Session, ids: Sequence[int]) -> Iterator[QueueRow]:
    statement = (
        select(
            CASE.c.id,
            *(CASE.c[name] for name in _COLUMNS),
            CUSTOMER.c.name.label("customer"),
            CUSTOMER.c.vip,
            STAFF.c.number.label("owner"),
            GROUP.c.code.label("group"),
        )
        .select_from(
            CASE.outerjoin(CUSTOMER, CUSTOMER.c.id == CASE.c.customer_id)
            .outerjoin(STAFF, STAFF.c.id == CASE.c.owner_id)
            .outerjoin(GROUP, GROUP.c.id == CASE.c.group_id)
        )
        .where(CASE.c.id.in_(ids))
    )
    found = {row["id"]: row for row in session.execute(statement).mappings()}
    flags: dict[int, list[str]] = {}
    for case_id, flag in session.execute(
        select(CASE_FLAG.c.case_id, CASE_FLAG.c.flag)
        .where(CASE_FLAG.c.case_id.in_(ids))
        .order_by(CASE_FLAG.c.id)
    ):
        flags.setdefault(case_id, []).append(flag.value)
    for case_id in ids:
        if case_id in found:
            yield _row(found[case_id], flags.get(case_id, []))


def _row(row: RowMapping, flags: list[str]) -> QueueRow:
    clock = row["queue_clock"]
    return QueueRow(
        case_id=row["id"],
        case_no=row["case_no"],
        kind=row["kind"].value,
        priority=row["priority"],
        customer=mask_name(row["customer"] or ""),
        tags=tags_of(row, flags),
        summary=row["subject"],
        due_at=row["queue_at"] if clock else None,
        due_from=row["queue_from"],
        clock=clock,
        state=row["state"].value,
        due_from_at=row["warn_due_at"],
        now_from_at=row["warn_now_at"],
        stopped=row["stopped"],
        waiting_for=row["waiting_for"],
        aside=row["aside"],
        owner=row["owner"],
        group=row["group"],
        channel=row["channel"].value,
        opened_at=row["opened_at"],
        version=row["version"],
        provisional=row["provisional"],
        sorted_at=row["queue_at"],
    )
