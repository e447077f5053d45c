"""Why a case's clocks are due when they are: `bdesk clock explain` and the key on the case screen."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bdesk.data.queries import staff as people
from bdesk.data.refold import readings
from bdesk.errors import BadInput, NotFound
from bdesk.i18n import _, language
from bdesk.models.tables import Case, CaseText
from bdesk.operations.context import Context
from bdesk.operations.looking.case import due_lines, own_book
from bdesk.rules.clock import Calendar, ClockKind, Line, Reading, explain, target_of
from bdesk.text import clean

__all__ = ["CaseClocks", "Explained", "clock_named", "explain_case"]


@dataclass(frozen=True, slots=True)
class Explained:
    """One clock and why it is due when it is: `speak(line.code, line.params)` says each line."""

    reading: Reading
    kind: ClockKind
    calendar: Calendar
    lines: tuple[Line, ...]
    leading: bool


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """All clocks of a case at `now`, the leading one first and ended ones last."""

    case_id: int
    case_no: str
    now: datetime
    clocks: tuple[Explained, ...]


def explain_case(ctx: Context, case_id: int, *, lang: str | None = None) -> CaseClocks:
    """Fold the case's clocks from the journal and explain each, in `lang` or the language in use.

    Raises NotFound for no such case.
    """
    now = ctx.now()
    said_in = lang or language()
    with ctx.store.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise NotFound("case", str(case_id))
        book = own_book(session, ctx, case)
        found = []
        for one in due_lines(readings(session, case_id, book, now), book):
            code = target_of(one.kind, one.reading.params).length.calendar
            calendar = book.calendars.get(f"{code}@{one.reading.calendar}") or book.calendars[code]
            reading = _in_words(session, one.reading)
            lines = explain(reading, one.kind, calendar, now, said_in)
            found.append(Explained(reading, one.kind, calendar, lines, one.leading))
        return CaseClocks(case_id, case.case_no, now, tuple(found))


def clock_named(found: CaseClocks, said: str, *, late: bool = False) -> str:
    """The code of the clock of this case that somebody means by its code or its name in either language.

    Raises BadInput("clock.not_here", known=) with those that there are to choose from, of which `late` keeps
    those that were missed.
    """
    word = clean(said).strip().casefold()
    for one in found.clocks:
        if word in (one.kind.code, one.kind.name.in_("zh").casefold(), one.kind.name.in_("en").casefold()):
            return one.kind.code
    there = [one.kind for one in found.clocks if not late or one.reading.breached_at is not None]
    known = tuple(dict.fromkeys(f"{one.name.in_(language())} ({one.code})" for one in there))
    code = "clock.not_here" if known else "clock.none_late" if late else "clock.none_here"
    raise BadInput(code, clock=clean(said), case_no=found.case_no, known=known)


def _in_words(session: Session, reading: Reading) -> Reading:
    """The reading with the words of its excuse, and the name of who gave it; of erased words only that they
    were there."""
    excuse = reading.excused
    if excuse is None:
        return reading
    who = people.names(session, (excuse.who,)).get(excuse.who, excuse.who)
    reason = excuse.reason
    if excuse.text is not None:
        row = session.get(CaseText, excuse.text)
        reason = row.body if row is not None and row.erased_at is None else _("erased")
    return replace(reading, excused=replace(excuse, who=who, reason=reason))
