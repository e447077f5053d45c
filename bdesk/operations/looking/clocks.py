"""Why a case's clocks are due when they are: `bdesk clock explain` and the key on the case screen."""

from dataclasses import dataclass
from datetime import datetime

from bdesk.data.refold import readings
from bdesk.errors import NotFound
from bdesk.i18n import language
from bdesk.models.tables import Case
from bdesk.operations.context import Context
from bdesk.operations.looking.case import due_lines, own_book
from bdesk.rules.clock import Calendar, ClockKind, Line, Reading, explain, target_of

__all__ = ["CaseClocks", "Explained", "explain_case"]


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
            lines = explain(one.reading, one.kind, calendar, now, said_in)
            found.append(Explained(one.reading, one.kind, calendar, lines, one.leading))
        return CaseClocks(case_id, case.case_no, now, tuple(found))
