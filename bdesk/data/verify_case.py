"""A case's own row, its links and its evidence against the events of the case, for `verify`.

What kind it is, whose, and to whom it was raised decide who may touch it; a piece found clear carries money.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, Table, select
from sqlmodel import Session

from bdesk.data import journal
from bdesk.data.core import CASE, CASE_LINK, EVIDENCE
from bdesk.data.verify_rows import Holders
from bdesk.models.kinds import LinkKind
from bdesk.models.views.journal import Event

Found = tuple[str, Event]

_CAME: Mapping[str, object] = {"customer.evidence": None}
"""The event that a piece came."""

_LINKS = {
    "case.merged": (LinkKind.DUPLICATE, "into"),
    "case.follows": (LinkKind.PREVIOUS, "previous"),
    "case.contests": (LinkKind.APPEAL_OF, "case"),
}
"""By the event that made a link: its kind, and where the event has the number of the other case."""


def of_case(session: Session, holders: Holders, case: RowMapping, events: Sequence[Event]) -> Found | None:
    """The first of these rows that is not what the events say, with the event."""
    gone = journal.voided(events)
    standing = [event for event in events if event.id not in gone]
    wrong = _columns(case, events, gone)
    if wrong is not None:
        return "case.differs", wrong
    # A row may stay of what was taken back, none of what was never said.
    wrong = _links(session, case, standing) or _more(session, holders, CASE_LINK, case["id"], events, _LINKS)
    if wrong is not None:
        return "link.differs", wrong
    wrong = _evidence(session, case, standing) or _more(session, holders, EVIDENCE, case["id"], events, _CAME)
    return None if wrong is None else ("evidence.differs", wrong)


def _more(
    session: Session,
    holders: Holders,
    table: Table,
    case_id: int,
    events: Sequence[Event],
    kinds: Mapping[str, object],
) -> Event | None:
    """The last event, where the case has a row that no event of these kinds names."""
    name = "link" if table is CASE_LINK else "evidence"
    told = [event.payload.get(name) for event in events if event.kind in kinds]
    if not all(isinstance(number, int) for number in told) or (name == "link" and holders.training):
        return (
            None  # written before rows were named; cases that were made for training follow others silently
        )
    rows = holders.rows(session, table, case_id, ())
    return events[-1] if {row["id"] for row in rows} - set(told) else None


def _columns(case: RowMapping, events: Sequence[Event], gone: frozenset[int]) -> Event | None:
    """What was said last of each column; nothing where an event changed it without saying to what, and where
    one that was taken back stands between those that say it."""
    for name in journal.SET_COLUMNS:
        known: tuple[Event, object] | None = None
        back = False
        for event in events:
            said = _said(event, name)
            if said is None:
                continue
            if event.id in gone:
                back = True
                continue
            known = None if back or said == _UNSAID else (event, said[0])
        if known is not None and case[name] != known[1]:
            return known[0]
    return None


_UNSAID: tuple[object, ...] = ()


def _said(event: Event, name: str) -> tuple[object, ...] | None:
    """None where the event is not about the column, `_UNSAID` where it does not say what it became."""
    said, before = event.payload.get(journal.SET_TO), event.payload.get("before")
    if isinstance(said, Mapping) and name in said:
        return (said[name],)
    if event.kind == "case.opened":
        payload = event.payload
        opened: dict[str, object] = {"kind": payload.get("kind"), "escalated_to": None}
        if "customer" in payload:
            opened["customer_id"] = payload["customer"]
        return (opened[name],) if name in opened else _UNSAID
    if event.kind == "case.raised" and name == "escalated_to":
        return (event.payload.get("to"),)
    return _UNSAID if isinstance(before, Mapping) and name in before else None


def _links(session: Session, case: RowMapping, standing: Sequence[Event]) -> Event | None:
    told = {event.payload.get("link"): event for event in standing if event.kind in _LINKS}
    if not told:
        return None
    other = CASE.alias()
    rows = session.execute(
        select(CASE_LINK, other.c.case_no)
        .select_from(CASE_LINK.join(other, other.c.id == CASE_LINK.c.to_id))
        .where(CASE_LINK.c.id.in_([one for one in told if isinstance(one, int)]))
    ).mappings()
    kept = {row["id"]: row for row in rows}
    for number, event in told.items():
        kind, named = _LINKS[event.kind]
        if not isinstance(number, int):
            continue  # written before links were named
        row = kept.get(number)
        if row is None or (row["from_id"], row["kind"]) != (case["id"], kind):
            return event
        if event.payload.get(named) not in (None, "", row["case_no"]):
            return event
    return None


def _evidence(session: Session, case: RowMapping, standing: Sequence[Event]) -> Event | None:
    """Which pieces there are, and whether somebody found them clear."""
    told: dict[object, tuple[Event, object]] = {}
    for event in standing:
        number = event.payload.get("evidence")
        if event.kind == "customer.evidence" and number is not None:
            told[number] = (event, None)
        elif event.kind == "evidence.judged" and number is not None:
            told[number] = (event, event.payload.get("clear"))
    if not told:
        return None
    rows = session.execute(select(EVIDENCE).where(EVIDENCE.c.case_id == case["id"])).mappings()
    kept = {row["id"]: row for row in rows}
    came = {event.payload.get("evidence"): event for event in standing if event.kind == "customer.evidence"}
    for number, (event, clear) in told.items():
        row = kept.get(number)
        if row is None or row["clear"] != clear:
            return event
        first = came.get(number)
        if first is not None and row["kind"] != first.payload.get("kind"):
            return first
    return None
