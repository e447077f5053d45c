"""Which case is next, and why (SLA.md, "take-next order"); each rule is one short index walk."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    literal_column,
    select,
    union_all,
)
from sqlmodel import Session

from bdesk.data.core import CASE, STAFF_SKILL
from bdesk.data.queries.queue import NO_FILTERS, groups_seen
from bdesk.data.snapshot.work import contested_by
from bdesk.models.kinds import CaseKind
from bdesk.rules.appeals import FIRST, level_of

if TYPE_CHECKING:
    from bdesk.data.book.book import Book
    from bdesk.models.views.snapshot import ActorView, ContestedView
    from bdesk.rules.clock.ranking import NextRule

TRIES = 16
"""How many candidates of a rule are offered: others may take the first ones in the same moment."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be taken; `reason` is the code of the rule that puts it here. `touched`: so many
    appeals come before it that this person may not have."""

    case_id: int
    reason: str
    due_at: datetime
    touched: int = 0


def next_candidates(session: Session, actor: "ActorView", now: datetime, book: "Book") -> Iterator[Candidate]:
    """Cases this person may take, best first by the book's order; each is offered once, stopped ones never.

    Left out: cases put aside or held, other groups' cases, kinds the person has no skill for, a person's own
    matters (E29), and appeals against what they had a hand in, whose owner they never are (P5, AP5). All
    rules are one statement, whose later walks are not begun before the earlier ones are used up; a caller who
    has found a case stops asking. Who touched an appeal is asked of the first one, and of all the others in
    one go once that was touched.
    """
    offered: set[int] = set()
    touched: set[int] = set()
    while True:
        known = len(touched)
        for one in _clear(session, actor, _walked(session, actor, now, book, frozenset(touched)), touched):
            if one.case_id not in offered:
                offered.add(one.case_id)
                yield replace(one, touched=len(touched))
        if len(touched) == known:
            return


def _clear(
    session: Session, actor: "ActorView", found: Iterator[tuple[CaseKind, Candidate]], touched: set[int]
) -> Iterator[Candidate]:
    """Those that are for this person, up to the first appeal that is not: it and all after it that are not go
    into `touched`, and the walks begin again without them, since each of them is short."""
    for kind, one in found:
        if kind is not CaseKind.APPEAL or not _touching(session, actor, (one.case_id,)):
            yield one
            continue
        more = (other.case_id for other_kind, other in found if other_kind is CaseKind.APPEAL)
        touched.update(_touching(session, actor, (one.case_id, *dict.fromkeys(more))))
        return


def _touching(session: Session, actor: "ActorView", case_ids: Collection[int]) -> dict[int, "ContestedView"]:
    """Those of these appeals that contest what this person had a hand in, with what they contest."""
    found = contested_by(session, case_ids)
    return {case_id: one for case_id, one in found.items() if actor.number in one.touched}


def _walked(
    session: Session, actor: "ActorView", now: datetime, book: "Book", without: frozenset[int]
) -> Iterator[tuple[CaseKind, Candidate]]:
    statement = _all_rules(
        tuple(book.take_next), _seen(session, actor), skills(session, actor.id), bool(without)
    )
    values = {**_instants(book.take_next, now), **({"without": sorted(without)} if without else {})}
    found = session.connection().execute(statement, values)
    try:
        for row in found:
            yield row.kind, Candidate(row.id, book.take_next[row.place].code, row.due_at)
    finally:
        found.close()


def skills(session: Session, staff_id: int) -> tuple[CaseKind, ...]:
    """The kinds a person is offered; none listed means every kind."""
    return tuple(session.connection().execute(_SKILLS, {"staff_id": staff_id}).scalars())


PASSED_OVER = 100
"""So many waiting cases are looked at to say why none of them is offered."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Why cases that wait in a person's groups are not theirs to take: how many are of kinds they are not
    given, and which; their own matters; stopped ones, which wait for somebody else; appeals that they had a
    hand in, and at which level the first of these is decided."""

    kinds: tuple[CaseKind, ...] = ()
    other_kind: int = 0
    own: int = 0
    stopped: int = 0
    touched: int = 0
    level: int = FIRST


def passed_over(session: Session, actor: "ActorView") -> PassedOver:
    """What waits in this person's groups and is not offered to them, looked at when nothing was."""
    seen, given, case = _seen(session, actor), skills(session, actor.id), CASE.c
    waiting = select(case.id, case.kind, case.customer_id, case.stopped).where(
        case.open.is_(True), case.owner_id.is_(None), case.aside.is_(False)
    )
    if (among := _among(seen.groups)) is not None:
        waiting = waiting.where(among)
    own = {seen.customer_id, *seen.relatives} - {None}
    kinds: dict[CaseKind, int] = {}
    matters = stopped = 0
    appeals: list[int] = []
    for row in session.connection().execute(waiting.order_by(case.queue_at).limit(PASSED_OVER)):
        if row.customer_id in own:
            matters += 1
        elif given and row.kind not in given:
            kinds[row.kind] = kinds.get(row.kind, 0) + 1
        elif row.stopped:
            stopped += 1
        elif row.kind is CaseKind.APPEAL:
            appeals.append(row.id)
    touched = _touching(session, actor, appeals)
    level = next((level_of(one) for one in touched.values()), FIRST)
    return PassedOver(tuple(sorted(kinds)), sum(kinds.values()), matters, stopped, len(touched), level)


_SKILLS = (
    select(STAFF_SKILL.c.kind)
    .where(STAFF_SKILL.c.staff_id == bindparam("staff_id"))
    .order_by(STAFF_SKILL.c.kind)
)


def statements(
    session: Session, actor: "ActorView", now: datetime, rule: "NextRule", kinds: Sequence[CaseKind]
) -> Iterator[Select[Any]]:
    """The walks of one rule with their values."""
    return _walks(rule, _seen(session, actor), tuple(kinds), now, now + (rule.within or timedelta()))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a person may see: groups (None: all), and whose cases never, their own and their relatives'."""

    groups: tuple[int | None, ...] | None
    customer_id: int | None
    relatives: tuple[int, ...]


def _seen(session: Session, actor: "ActorView") -> _Seen:
    return _Seen(groups_seen(session, actor, NO_FILTERS), actor.customer_id, tuple(sorted(actor.relatives)))


_AT = CASE.c.queue_at.type
_NOW = bindparam("now", type_=_AT)


@lru_cache(256)
def _all_rules(
    order: tuple["NextRule", ...], seen: _Seen, kinds: tuple[CaseKind, ...], without: bool
) -> CompoundSelect[Any]:
    """Made once for a person: while a case is taken the store is locked for everybody else. With `without`
    some cases are named that are not offered."""

    def walks(place: int, rule: "NextRule") -> Iterator[Select[Any]]:
        for walk in _walks(rule, seen, kinds, _NOW, bindparam(f"until_{place}", type_=_AT)):
            left_out = CASE.c.id.not_in(bindparam("without", expanding=True))
            yield walk.where(left_out) if without else walk

    return union_all(*(_merged(place, tuple(walks(place, rule))) for place, rule in enumerate(order)))


def _merged(place: int, walks: Sequence[Select[Any]]) -> Select[Any]:
    """The walks of one rule as one, in order of their due times."""
    found = walks[0] if len(walks) == 1 else union_all(*(select(walk.subquery()) for walk in walks))
    each = found.subquery().c
    merged = select(each.id, each.kind, each.due_at, literal_column(str(place), Integer).label("place"))
    return (
        merged if len(walks) == 1 else select(merged.order_by(each.due_at, each.id).limit(TRIES).subquery())
    )


def _instants(order: Sequence["NextRule"], now: datetime) -> dict[str, datetime]:
    """The values of the instants that the walks name."""
    within = {f"until_{place}": now + rule.within for place, rule in enumerate(order) if rule.within}
    return {"now": now, **within}


def _walks(
    rule: "NextRule", seen: _Seen, kinds: tuple[CaseKind, ...], now: Any, until: Any
) -> Iterator[Select[Any]]:
    """Hard clocks and priorities have indexes of their own; all else is found by group and kind."""
    case = CASE.c
    free = and_(case.open.is_(True), case.owner_id.is_(None), case.aside.is_(False), case.stopped.is_(False))
    if seen.customer_id is not None:
        free = and_(free, case.customer_id.is_distinct_from(seen.customer_id))
    if seen.relatives:
        free = and_(free, case.customer_id.is_(None) | case.customer_id.not_in(seen.relatives))
    at = case.hard_at if rule.hard else case.queue_at
    wanted = and_(free, *_bounds(rule, at, now, until))
    if rule.hard or rule.priority is not None:
        among = _among(seen.groups)
        skilled = and_(case.kind.in_(kinds)) if kinds else None
        yield _walk(at, *(part for part in (wanted, among, skilled) if part is not None))
        return
    if seen.groups is None:
        yield _walk(at, wanted, *((case.kind.in_(kinds),) if kinds else ()))
        return
    for group in seen.groups:
        here = and_(wanted, case.group_id.is_(None) if group is None else case.group_id == group)
        if not kinds:
            yield _walk(at, here)
        for kind in kinds:
            yield _walk(at, and_(here, case.kind == kind))


def _bounds(rule: "NextRule", at: Any, now: Any, until: Any) -> Iterator[ColumnElement[bool]]:
    if rule.priority is not None:
        yield CASE.c.priority == rule.priority if rule.priority == 1 else CASE.c.priority <= rule.priority
        return
    if rule.hard is False:
        yield CASE.c.hard.is_(False)
    if rule.past_due:
        yield at < now
    elif rule.within is not None:
        yield at >= now
        yield at <= until


def _among(groups: Sequence[int | None] | None) -> ColumnElement[bool] | None:
    if groups is None:
        return None
    named = [group for group in groups if group is not None]
    without = CASE.c.group_id.is_(None)
    return without | CASE.c.group_id.in_(named) if named else without


def _walk(at: Any, *where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(CASE.c.id, CASE.c.kind, at.label("due_at")).where(*where).order_by(at, CASE.c.id).limit(TRIES)
    )
