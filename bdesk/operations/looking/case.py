"""The case screen and `bdesk case`: where the case stands, what happened on it, its clocks and limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from bdesk.clock import from_iso
from bdesk.data import journal
from bdesk.data.book.book import Book
from bdesk.data.core import GROUP
from bdesk.data.queries import case as queries
from bdesk.data.queries import staff as people
from bdesk.data.queries.case import case_id_of
from bdesk.data.queries.queue import rows as queue_rows
from bdesk.data.refold import pins_of, readings
from bdesk.data.unit import STANDING_IN
from bdesk.errors import BadInput, NotFound
from bdesk.i18n import pick
from bdesk.models.kinds import Factor, Role, Stream
from bdesk.models.tables import Case
from bdesk.models.views.pages import NoteView, TimelineEntry
from bdesk.models.views.queue import QueueRow
from bdesk.models.views.snapshot import Snapshot
from bdesk.models.views.strip import Strip
from bdesk.operations.context import Context
from bdesk.operations.effects.limits import judged_at
from bdesk.operations.effects.strip import is_quiet, moved_by
from bdesk.operations.looking.deciders import absent
from bdesk.operations.looking.risk_said import RiskSaid, risk_said
from bdesk.operations.looking.strips import veiled_strip
from bdesk.operations.looking.words import book_words, procedure_words
from bdesk.operations.staff.groups import NAMES
from bdesk.operations.standing import Standing, standing
from bdesk.rules import cases
from bdesk.rules.clock import ClockKind, Reading, leading
from bdesk.rules.limits import Allowed
from bdesk.rules.masking import HIDDEN
from bdesk.rules.veiling import veiled

__all__ = ["CasePage", "DueLine", "LimitLine", "TimelineLine", "case_id", "case_page"]

NEVER_SAID = frozenset(
    {"before", "cause", "digest", "salted_target", journal.SET_TO, "stands", STANDING_IN, "text", "voids"}
)
"""Parts of a payload that are bookkeeping and say nothing to people."""

NAMING_PEOPLE = frozenset({"case.reassigned", "case.taken_over", "shift.offered", "case.handed_over"})
"""Events that name people by their numbers, under "from", "to" and "receiver"."""


WHOLE_VALUES = frozenset({"account.entered", "account.proposed", "account.held", "account.changed"})
"""Events whose text is a phone, an address or a name as it is: the timeline masks such things by leaving
them out (B0.8)."""

READ_ELSEWHERE = WHOLE_VALUES | {"case.packed"}
"""These, and the pack of evidence, which is a file and no line."""

LETTERS = frozenset({"letter.written"})

SAID_OTHERWISE = {
    "by_asker": "by_asker",
    "after_days": "late",
    "broadcast": "broadcast",
    "merged_from": "merged",
    "receiver": "person",
    "reminds": "promise",
}
"""What in a payload gives its event another line than its kind has, and the end of that line's code."""


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One event: `speak(code, params, page.words)` says it in one line; `text` are the words that go with
    it, None without any or when erased. `voided`: taken back by an undo or recall. `by`: a staff number;
    `standing_in`: the role that this person stood in for then. `quiet`: it lets a pending strip stand."""

    event_id: int
    at: datetime
    by: str
    kind: str
    code: str
    params: Mapping[str, object]
    text: str | None = None
    voided: bool = False
    caused: bool = False
    standing_in: Role | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class DueLine:
    """A clock with the names of its kind. `leading`: the one the case is sorted by."""

    reading: Reading
    kind: ClockKind
    leading: bool = False


@dataclass(frozen=True, slots=True)
class LimitLine:
    """What the acting person may do of one row of the matrix, on this case: alone up to `limit_fen` (None:
    without a ceiling), else with somebody of the role `needs`."""

    action: str
    zh: str
    en: str
    allowed: Allowed
    limit_fen: int | None
    needs: Role | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """`timeline` is newest first, `more` says that it goes on. `hidden`: names of facts to be shown as
    **** now, `hidden_factors` the factors behind them. `version` is the case's, `newest_event` the id of
    the newest event on it; `book` the case's own versions, for names; `words`
    what `speak` needs for its codes; `row` the case as the queue shows it;
    `groups` (code, zh, en) what it can be handed to; `looked` the evidence that this person has looked at,
    whoever looked last; `absent`: from when somebody can decide what waits or what an answer would ask for,
    where nobody can now (`looking.deciders`); `risk`: what risk was asked about a request, and said."""

    standing: Standing
    timeline: tuple[TimelineLine, ...]
    more: bool
    notes: tuple[NoteView, ...]
    readings: tuple[Reading, ...]
    due_lines: tuple[DueLine, ...]
    limits: tuple[LimitLine, ...]
    hidden: frozenset[str]
    hidden_factors: frozenset[Factor]
    version: int
    newest_event: int
    book: Book
    words: Mapping[str, str]
    row: QueueRow | None
    groups: tuple[tuple[str, str, str], ...]
    looked: frozenset[int] = frozenset()
    absent: Mapping[str, datetime] = field(default_factory=dict)
    risk: RiskSaid = field(default_factory=RiskSaid)

    def shown(self, strip: Strip) -> Strip:
        """The strip as it may be shown now."""
        return veiled_strip(strip, self.standing.snapshot, self.hidden_factors)

    def moved_since(self, strip: Strip) -> bool:
        """Whether the case is another than the one this strip was drawn on; F8 asks the same again."""
        if self.more and self.timeline[-1].event_id > strip.seen_event and self.version != strip.case_version:
            return True  # what came first after it is not on this page
        return moved_by(strip, self.version, [(line.event_id, line.quiet) for line in self.timeline])[0]


def case_page(ctx: Context, case_id: int, at: str | None = None) -> CasePage:
    """Everything the case screen shows, in one read. `at` names an earlier step, for stepping back.

    Raises NotFound for no such case.
    """
    now = ctx.now()
    with ctx.store.read() as session:
        case = _case(session, case_id)
        stand = standing(session, ctx, case_id, now, at=at)
        entries, more = queries.timeline(session, case_id)
        book = own_book(session, ctx, case)
        folded = readings(session, case_id, book, now)
        hidden = cases.mask_factors(stand.snapshot)
        undone = _undone(entries)
        return CasePage(
            standing=stand,
            timeline=tuple(
                _line(entry, stand.snapshot, hidden, undone.get(entry.event_id)) for entry in entries
            ),
            more=more,
            notes=tuple(
                replace(note, body=veiled(note.body, stand.snapshot, hidden))
                for note in queries.notes(session, case_id)
            ),
            readings=folded,
            due_lines=due_lines(folded, book),
            limits=_limits(stand),
            hidden=cases.hidden_facts(stand.snapshot),
            hidden_factors=hidden,
            version=stand.snapshot.case.version,
            newest_event=entries[0].event_id if entries else 0,
            book=book,
            words={
                **book_words(book),
                **_walked_words(book, stand, entries),
                **_people_words(session, entries),
                **_group_words(session, entries),
            },
            row=next(iter(queue_rows(session, [case_id])), None),
            groups=tuple((code, zh, en) for code, (zh, en) in NAMES.items()),
            looked=queries.looked_at_by(session, case_id, ctx.actor.number),
            absent=absent(session, stand, book),
            risk=risk_said(session, stand, hidden),
        )


def _walked_words(book: Book, stand: Standing, entries: tuple[TimelineEntry, ...]) -> Mapping[str, str]:
    """Words of the steps a case went through: after it became another kind, those of the earlier walk too."""
    hidden = cases.hidden_facts(stand.snapshot)
    sums = {
        (str(entry.payload.get("step")), str(entry.payload.get("option"))): amount
        for entry in reversed(entries)
        if entry.kind == "effect.committed" and not entry.voided
        if isinstance(amount := entry.payload.get("amount_fen"), int)
    }
    walks = [*book.procedures.values()] if stand.snapshot.converted_by else []
    words: dict[str, str] = {}
    for procedure in (*walks, stand.procedure):
        words.update(procedure_words(procedure, stand.facts, sums, hidden))
    return words


def _people_words(session: Session, entries: tuple[TimelineEntry, ...]) -> Mapping[str, str]:
    """Names of the people whom events name: people are told apart by their names (UX, the timeline)."""
    said = {
        (name, number)
        for entry in entries
        if entry.kind in NAMING_PEOPLE
        for name in ("from", "to", "receiver")
        if isinstance(number := entry.payload.get(name), str)
    }
    if not said:
        return {}
    names = people.names(session, {number for _name, number in said})
    return {f"{name}.{number}": names[number] for name, number in said if number in names}


def _group_words(session: Session, entries: tuple[TimelineEntry, ...]) -> Mapping[str, str]:
    """Names of the groups that a change of shift names: those of the store, which has its own."""
    codes = {str(entry.payload.get("group")) for entry in entries if entry.kind == "shift.offered"}
    if not codes:
        return {}
    found = session.execute(
        select(GROUP.c.code, GROUP.c.name_zh, GROUP.c.name_en).where(GROUP.c.code.in_(codes))
    )
    return {f"group.{row.code}": pick(row.name_zh, row.name_en) for row in found}


def case_id(ctx: Context, number: str) -> int:
    """The id of a case by its number or after-sales number, however typed. Raises NotFound."""
    with ctx.store.read() as session:
        return case_id_of(session, number)


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("case", str(case_id))
    return case


def own_book(session: Session, ctx: Context, case: Case) -> Book:
    """The book in the case's own versions, and in those of every clock attached to it."""
    assert case.id is not None  # it was read
    events = journal.events(session, Stream.CASE, case.id)
    return ctx.book.pinned(session, case).with_versions(session, *pins_of(events))


def due_lines(folded: tuple[Reading, ...], book: Book) -> tuple[DueLine, ...]:
    """The clocks by urgency: what runs and sorts the queue first, then the rest, ended ones last."""
    first = leading(folded)
    ordered = sorted(folded, key=lambda one: (one is not first, not one.live, one.due_at, one.event_id))
    return tuple(DueLine(one, kind_of(one, book), one is first) for one in ordered)


def kind_of(reading: Reading, book: Book) -> ClockKind:
    """The kind of a clock in the version the clock is pinned to."""
    return book.clock_kinds.get(f"{reading.kind}@{reading.policy}") or book.clock_kinds[reading.kind]


def _undone(entries: tuple[TimelineEntry, ...]) -> Mapping[int, TimelineEntry]:
    """What each undoing took back, by the event that says so."""
    heads = {entry.event_id: entry for entry in entries}
    return {
        entry.event_id: heads[head]
        for entry in entries
        if entry.kind == "undone" and isinstance(head := entry.payload.get("of"), int) and head in heads
    }


def _line(
    entry: TimelineEntry, snapshot: Snapshot, hidden: frozenset[Factor], undone: TimelineEntry | None = None
) -> TimelineLine:
    no_amounts = Factor.RECENT_AMOUNT in hidden
    text = veiled(entry.text, snapshot, hidden) if entry.text is not None else None
    return TimelineLine(
        event_id=entry.event_id,
        at=entry.occurred_at,
        by=entry.actor,
        kind=entry.kind,
        code=".".join(("event", entry.kind, *_variant(entry), *_of(undone))),
        params=_params(entry, hidden) if undone is None else {**_params(undone, hidden), "kind": undone.kind},
        # A letter tells the order's number and sums; a new phone or address is read at its step alone.
        text=None if entry.kind in (READ_ELSEWHERE | LETTERS if no_amounts else READ_ELSEWHERE) else text,
        voided=entry.voided,
        caused="cause" in entry.payload,
        standing_in=Role(str(entry.payload[STANDING_IN])) if STANDING_IN in entry.payload else None,
        quiet=is_quiet(entry.kind, entry.payload),
    )


def _of(undone: TimelineEntry | None) -> tuple[str, ...]:
    if undone is None:
        return ()
    return ("step",) if undone.kind == "step.answered" else ("of",)


def _variant(entry: TimelineEntry) -> tuple[str, ...]:
    return tuple(name for said, name in SAID_OTHERWISE.items() if entry.payload.get(said))


def _params(entry: TimelineEntry, hidden: frozenset[Factor]) -> dict[str, object]:
    """What the payload says: instants read back, and an answer named together with its step. Amounts and the
    order's number are stars while they could be read out to a caller."""
    found: dict[str, object] = {}
    for name, value in entry.payload.items():
        if name in NEVER_SAID:
            continue
        starred = name.endswith("_fen") and Factor.RECENT_AMOUNT in hidden
        starred |= name == "order" and Factor.ORDER_NO in hidden
        found[name] = HIDDEN if starred else _instant(name, value)
    if isinstance(lasted := found.get("seconds"), int):
        found["lasted"] = timedelta(seconds=lasted)
    if "step" in found and "option" in found:
        found["option"] = f"{found['step']}.{found['option']}"
    return found


def _instant(name: str, value: object) -> object:
    if not isinstance(value, str) or not (name == "at" or name.endswith("_at")):
        return value
    try:
        return from_iso(value)
    except BadInput:
        return value


def _limits(stand: Standing) -> tuple[LimitLine, ...]:
    amount = stand.facts.get("refund.proposed_fen")
    found = []
    for row in stand.adopted.limits.rows.values():
        fen = amount if row.action.startswith("refund") and isinstance(amount, int) else 0
        decision = judged_at(stand, row.action, fen)
        found.append(
            LimitLine(row.action, row.zh, row.en, decision.allowed, decision.limit_fen, decision.needs_role)
        )
    return tuple(found)
