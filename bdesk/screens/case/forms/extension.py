"""Another due time for a clock that may have one, and why it takes longer."""

from bdesk.i18n import _, pick
from bdesk.operations import extending
from bdesk.rules.clock.kind import target_of
from bdesk.rules.clock.planning import next_due, why_not_extended
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Question, numbered
from bdesk.screens.moments import due_short


def none_possible(host: CaseHost) -> str:
    """Why no due time can be extended."""
    return "" if _extensible(host) else _("No clock can be extended")


def ask(host: CaseHost, case_id: int, _words: str) -> None:
    """Which clock, and why."""
    pairs = _extensible(host)
    question = Question(
        _("Extend a due time"),
        numbered(*pairs),
        wants_words=frozenset(code for code, _label in pairs),
        words_label=_("Why it takes longer"),
        chosen=pairs[0][0] if len(pairs) == 1 else "",
    )
    host.ask(question, lambda answer: host.perform(extending.extend, case_id, answer.code, answer.words))


def _extensible(host: CaseHost) -> list[tuple[str, str]]:
    """The clocks that may get another due time, each with its name and the date it would get."""
    page = host.page
    if page is None:
        return []
    book, found = page.book, []
    for one in page.due_lines:
        if not one.reading.live or why_not_extended(one.reading, one.kind, host.place.now()):
            continue
        code = target_of(one.kind, one.reading.params).length.calendar
        calendar = book.calendars.get(f"{code}@{one.reading.calendar}") or book.calendars[code]
        later = next_due(one.reading, one.kind, calendar)
        if later is not None:
            name = pick(one.kind.name.zh, one.kind.name.en)
            found.append((one.reading.kind, _("{clock}: due {day}", clock=name, day=due_short(later.due_at))))
    return found
