"""What an appeal contests: decisions of the cases it follows and of its own earlier levels, with who had a
hand in them (docs/decisions/0030). The cases before and beside are one query; what this case says of itself
comes from its journal.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import Session

from bdesk.data.core import APPROVAL, CASE, CASE_LINK, CONTACT, DECISION, OUTBOX
from bdesk.data.store import SYSTEM
from bdesk.models.kinds import APPEAL_RESULTS, CaseKind, CaseOutcome, DeliveryState, LinkKind
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import ContestedView
from bdesk.rules.cases import CHAIN

DECIDED, ASKED, ANSWERED, SENT = (
    "decision.made",
    "approval.requested",
    "approval.decided",
    "effect.committed",
)
EXTENDED, WRITTEN = "clock.extended", "letter.written"
TOUCHING = frozenset({DECIDED, ASKED, ANSWERED, SENT})
"""The events of a case that say who had a hand in it."""
EVENTS = (*sorted(TOUCHING), EXTENDED, WRITTEN)

FINAL, RESULT = "appeal_final", "N10"

_RESULTS = frozenset(one.value for one in APPEAL_RESULTS)
_PARTED = frozenset({CaseOutcome.MERGED.value, CaseOutcome.CONVERTED.value})
"""Outcomes that decide nothing about the matter."""
_OF_APPEALS = _RESULTS | {CaseOutcome.NOT_ADMITTED.value, CaseOutcome.SETTLED_OUTSIDE.value}
"""Outcomes of an appeal, which say nothing about what it contests."""

_HANDS: Final = "chain", "order", "customer"
"""Where somebody may have had a hand: in the cases this one follows and what was merged into any of them; in
decided ones of the same order; in decided ones of the same customer."""


_Asked = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Whether a column names a case that is asked about."""


@dataclass(frozen=True, slots=True)
class Before:
    """The cases before this one: how many it re-applies for, how often one talked there, and what was decided
    there by whom. `order`: who had a hand in decided cases of the same order, `customer`: of the same
    customer; None, for an appeal alone, without an order."""

    reapplied: int
    talks: int
    touched: frozenset[str]
    order: frozenset[str] | None
    customer: frozenset[str]
    decided: tuple[tuple[datetime, str, str], ...]
    """When, by whom, with which outcome; the oldest first."""


@cache
def _before(many: bool) -> CompoundSelect[Any]:
    """Of one case, or of `many`, each row saying in `root` of which. Built once: building it takes longer
    than running it."""

    def asked(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column.in_(bindparam("cases", expanding=True)) if many else column == bindparam("case")

    again = _chain(asked, "again", frozenset({LinkKind.REAPPLY_OF}))
    chain = _chain(asked, "chain", CHAIN)
    # What was merged into one of them, or into this one, is the same matter: its hands come along.
    wide = _chain(asked, "wide", CHAIN, back=LinkKind.DUPLICATE)
    places = {
        "chain": select(wide.c.root, wide.c.to_id),
        "order": _beside(CASE.c.order_id, asked, "of_order"),
        "customer": _beside(CASE.c.customer_id, asked, "of_customer"),
    }
    nothing = null()
    return union_all(
        select(
            chain.c.root.label("root"),
            literal("decided").label("what"),
            DECISION.c.by.label("who"),
            DECISION.c.at.label("at"),
            cast(DECISION.c.outcome, String).label("outcome"),
        )
        .select_from(chain.join(DECISION, DECISION.c.case_id == chain.c.to_id))
        .where(_STANDS),
        *(one for name, place in places.items() for one in _hands(name, place)),
        select(CASE.c.id, literal("has_order"), cast(CASE.c.order_id, String), nothing, nothing).where(
            asked(CASE.c.id), CASE.c.order_id.is_not(None)
        ),
        _who(again.c.root, "reapplied", cast(again.c.to_id, String)),
        _who(chain.c.root, "talked", cast(func.count(CONTACT.c.id), String))
        .select_from(chain.join(CONTACT, CONTACT.c.case_id == chain.c.to_id))
        .group_by(chain.c.root),
    )


_STANDS: Final = and_(
    DECISION.c.voided.is_(False), or_(DECISION.c.outcome.is_not(None), DECISION.c.reject_code.is_not(None))
)
"""A decision that counts."""


def before(session: Session, case_id: int) -> Before:
    """The chain of cases that this one follows, re-applies for or appeals against, and for an appeal those
    beside it, in one query."""
    return _of(session.execute(_before(False), {"case": case_id}).all())


def before_each(session: Session, case_ids: Collection[int]) -> dict[int, Before]:
    """The same of several cases, still in one query."""
    rows: dict[int, list[Any]] = {case_id: [] for case_id in case_ids}
    for row in session.execute(_before(True), {"cases": list(rows)}):
        rows[row.root].append(row)
    return {case_id: _of(found) for case_id, found in rows.items()}


def _of(rows: Sequence[Any]) -> Before:
    decided = sorted((row.at, row.who, row.outcome or "") for row in rows if row.what == "decided")
    hands = {name: frozenset(row.who for row in rows if row.what == name) for name in _HANDS}
    has_order = any(row.what == "has_order" for row in rows)
    return Before(
        reapplied=sum(row.what == "reapplied" for row in rows),
        talks=sum(int(row.who) for row in rows if row.what == "talked"),
        touched=hands["chain"],
        order=hands["order"] if has_order else None,
        customer=hands["customer"],
        decided=tuple(one for one in decided if one[2] not in _PARTED),
    )


def _chain(asked: _Asked, name: str, along: Collection[LinkKind], back: LinkKind | None = None) -> Any:
    """The cases reached from those asked about over links of these kinds, and against links of the kind
    `back`, each with the one it was reached from."""

    def edges(links: Any, near: Callable[[Any], ColumnElement[bool]]) -> tuple[Any, Any, ColumnElement[bool]]:
        there = and_(near(links.from_id), links.kind.in_(along))
        if back is None:
            return links.from_id, links.to_id, there
        # Either way by an index of the links: a union of both ways would be read as a whole.
        here = and_(near(links.to_id), links.kind == back)
        root = case((there, links.from_id), else_=links.to_id)
        return root, case((there, links.to_id), else_=links.from_id), or_(there, here)

    first, again = (CASE_LINK.alias(f"{name}_{step}") for step in ("first", "again"))
    root, reached, begins = edges(first.c, asked)
    chain = select(root.label("root"), reached.label("to_id")).where(begins).cte(name, recursive=True)
    # UNION, not UNION ALL: a ring of links must not turn for ever.
    _, reached, goes_on = edges(again.c, lambda column: column == chain.c.to_id)
    return chain.union(select(chain.c.root, reached).select_from(chain.join(again, goes_on)))


def _beside(column: ColumnElement[Any], asked: _Asked, name: str) -> Select[Any]:
    """Other cases with a decision that share the order, or the customer, of an appeal, each after that
    appeal; for every other kind of case none."""
    other = CASE.alias(name)
    shared = other.c[column.key]  # type: ignore[index]
    return (
        select(CASE.c.id, other.c.id)
        .select_from(CASE.join(other, and_(shared == column, other.c.id != CASE.c.id)))
        .where(asked(CASE.c.id), CASE.c.kind == CaseKind.APPEAL)
        .where(exists().where(DECISION.c.case_id == other.c.id, _STANDS))
    )


def _hands(what: str, place: Select[Any]) -> Iterator[Select[Any]]:
    """Who decided in the cases of a place, asked for or decided an approval, or sent something."""
    root, case_id = place.subquery().c

    def who(number: ColumnElement[Any], *where: ColumnElement[bool]) -> Select[Any]:
        there = root.table.join(number.table, number.table.c.case_id == case_id)
        return _who(root, what, number).select_from(there).where(*where)

    yield who(DECISION.c.by, _STANDS)
    yield who(APPROVAL.c.requested_by)
    yield who(APPROVAL.c.decided_by, APPROVAL.c.decided_by.is_not(None))
    yield who(OUTBOX.c.actor, OUTBOX.c.state != DeliveryState.RECALLED)


def _who(root: Any, what: str, who: Any) -> Select[Any]:
    return select(root, literal(what), who, null(), null())


def contested(found: Before, events: Sequence[Event], level_from: int) -> ContestedView:
    """What lies before the present level. `events` of this case that stand; `level_from`: the event that made
    it an appeal, or opened its present cycle, 0 where the case began as it is.
    """
    mine = [one for one in events if one.id < level_from and one.kind in TOUCHING]
    results = [one.id for one in events if one.kind == DECIDED and one.id > level_from]
    own = [
        (one.occurred_at, one.actor, str(one.payload.get("outcome") or ""))
        for one in mine
        if one.kind == DECIDED
    ]
    own = [one for one in own if one[2] not in _PARTED]
    decided = sorted((*found.decided, *own))
    newest = decided[-1] if decided else None
    raised = next((one.occurred_at for one in events if one.id == level_from), None) if own else None
    beside = found.customer
    if found.order is not None and any(one[2] not in _OF_APPEALS for one in decided):
        # It is known which decision is contested, so what else the customer has is another matter.
        beside = found.order
    return ContestedView(
        touched=(found.touched | beside | {one.actor for one in mine}) - {SYSTEM},
        decided_by=newest[1] if newest else None,
        decided_at=newest[0] if newest else None,
        appeals=sum(one[2] in _RESULTS for one in decided),
        raised_at=raised,
        talks=found.talks,
        extensions=sum(
            one.kind == EXTENDED and one.id > level_from and one.payload.get("clock") == FINAL
            for one in events
        ),
        result_letters=tuple(
            int(str(one.payload["notification"]))
            for one in events
            if one.kind == WRITTEN
            and one.payload.get("letter") == RESULT
            and one.id > max(results, default=0)
        ),
    )
