"""What an appeal contests: decisions of the cases it follows and of its own earlier levels, with who had a
hand in them. The cases before are one query; what this case says of itself comes from its journal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, cast, func, literal, null, or_, select, union_all
from sqlmodel import Session

from bdesk.data.core import APPROVAL, CASE_LINK, CONTACT, DECISION, OUTBOX
from bdesk.data.store import SYSTEM
from bdesk.models.kinds import APPEAL_RESULTS, CaseOutcome, DeliveryState, LinkKind
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


@dataclass(frozen=True, slots=True)
class Before:
    """The cases before this one: how many it re-applies for, how often one talked there, and what was decided
    there by whom."""

    reapplied: int
    talks: int
    touched: frozenset[str]
    decided: tuple[tuple[datetime, str, str], ...]
    """When, by whom, with which outcome; the oldest first."""


@cache
def _before() -> CompoundSelect[Any]:
    """Built once: building it takes longer than running it."""
    again = _chain(frozenset({LinkKind.REAPPLY_OF}), "again")
    chain = _chain(CHAIN, "chain")
    nothing = null()
    return union_all(
        select(
            literal("decided").label("what"),
            DECISION.c.by.label("who"),
            DECISION.c.at.label("at"),
            cast(DECISION.c.outcome, String).label("outcome"),
        )
        .where(DECISION.c.case_id.in_(select(chain.c.to_id)), DECISION.c.voided.is_(False))
        .where(or_(DECISION.c.outcome.is_not(None), DECISION.c.reject_code.is_not(None))),
        _who("touched", APPROVAL.c.requested_by, nothing).where(_among(APPROVAL, chain)),
        _who("touched", APPROVAL.c.decided_by, nothing).where(
            _among(APPROVAL, chain), APPROVAL.c.decided_by.is_not(None)
        ),
        _who("touched", OUTBOX.c.actor, nothing).where(
            _among(OUTBOX, chain), OUTBOX.c.state != DeliveryState.RECALLED
        ),
        _who("reapplied", cast(again.c.to_id, String), nothing),
        _who("talked", cast(func.count(CONTACT.c.id), String), nothing).where(_among(CONTACT, chain)),
    )


def before(session: Session, case_id: int) -> Before:
    """The chain of cases that this one follows, re-applies for or appeals against, in one query."""
    rows = session.execute(_before(), {"case": case_id}).all()
    decided = sorted((row.at, row.who, row.outcome or "") for row in rows if row.what == "decided")
    return Before(
        reapplied=sum(row.what == "reapplied" for row in rows),
        touched=frozenset(row.who for row in rows if row.what in ("decided", "touched")),
        talks=sum(int(row.who) for row in rows if row.what == "talked"),
        decided=tuple(one for one in decided if one[2] not in _PARTED),
    )


def _chain(kinds: frozenset[LinkKind], name: str) -> Any:
    links = CASE_LINK.c
    first = select(links.to_id).where(links.from_id == bindparam("case"), links.kind.in_(kinds))
    chain = first.cte(name, recursive=True)
    # UNION, not UNION ALL: a ring of links must not turn for ever.
    return chain.union(
        select(links.to_id)
        .select_from(CASE_LINK.join(chain, links.from_id == chain.c.to_id))
        .where(links.kind.in_(kinds))
    )


def _who(what: str, who: Any, nothing: Any) -> Any:
    return select(literal(what), who, nothing, nothing)


def _among(table: Any, chain: Any) -> Any:
    return table.c.case_id.in_(select(chain.c.to_id))


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
    return ContestedView(
        touched=(found.touched | {one.actor for one in mine}) - {SYSTEM},
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
