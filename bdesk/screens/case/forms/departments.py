"""Asking another department from any case, and keeping the answer that came by telephone."""

from datetime import date, datetime

from bdesk.clock import LOCAL
from bdesk.i18n import _, language
from bdesk.models.kinds import Department
from bdesk.models.labels import label
from bdesk.models.views.snapshot import TaskView
from bdesk.operations import tasks
from bdesk.operations.looking.case import CasePage
from bdesk.rules.tasks import Needs
from bdesk.screens.case.departments import row, waiting
from bdesk.screens.case.forms import drafts
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Answered, Question, numbered

ASKED = (
    Department.WAREHOUSE,
    Department.MERCHANT,
    Department.COURIER,
    Department.PAYMENT,
    Department.TECHNICAL,
)
HOURS = ("4", "24", "72")
WORDS = "answered"
DRAFT = "ask"


def none_waits(host: CaseHost) -> str:
    """Why there is no answer to keep."""
    return "" if host.page is not None and waiting(host.page) else _("No question waits for an answer")


# Asking


def ask(host: CaseHost, case_id: int, _words: str) -> None:
    """Whom, what, by when."""
    question = Question(
        _("Ask a department"),
        numbered(*((one.value, label(one)) for one in ASKED)),
        wants_words=frozenset(one.value for one in ASKED),
        words_label=_("The question"),
        text=drafts.text(host, case_id, DRAFT),
    )
    keep = drafts.keeping(host, case_id, DRAFT)
    host.ask(question, lambda answer: _by_when(host, case_id, answer), keep)


def _by_when(host: CaseHost, case_id: int, asked: Answered) -> None:
    question = Question(
        _("By when"), numbered(*((hours, _("within {hours} h", hours=hours)) for hours in HOURS))
    )

    def chosen(when: Answered) -> None:
        then = drafts.forgetting(host, case_id, DRAFT)
        host.perform(tasks.ask, case_id, asked.code, asked.words, int(when.code), then=then)

    host.ask(question, chosen)


# Answering


def answer(host: CaseHost, _case_id: int, _words: str) -> None:
    """Which question, what the answer comes to, and its words."""
    page = host.page
    if page is None:
        return
    asked = waiting(page)[:9]
    if len(asked) == 1:
        _finding(host, page, asked[0])
        return
    question = Question(
        _("Which question was answered"),
        numbered(*((str(one.id), "".join(text for text, _role in row(page, one)).strip()) for one in asked)),
    )
    host.ask(
        question,
        lambda which: _finding(host, page, next(one for one in asked if str(one.id) == which.code)),
    )


def _finding(host: CaseHost, page: CasePage, task: TaskView) -> None:
    kind = page.book.tasks.get(task.what)
    pairs = [(code, name.get(language())) for code, name in kind.findings.items()] if kind is not None else []
    if kind is None or kind.needs is not Needs.MUST:
        pairs.append((WORDS, _("In words alone") if pairs else _("In words")))
    codes = frozenset(code for code, _label in pairs)
    question = Question(
        label(task.department),
        numbered(*pairs),
        wants_words=codes,
        words_label=_("What the department said"),
        says=task.question,
        chosen=pairs[0][0] if len(pairs) == 1 else "",
    )

    def chosen(found: Answered) -> None:
        if kind is not None and found.code in kind.dated:
            _day(host, page, task, found)
        else:
            finding = found.code if found.code != WORDS else None
            host.perform(tasks.answer_task, task.id, found.words, finding)

    host.ask(question, chosen)


def _day(host: CaseHost, page: CasePage, task: TaskView, found: Answered, complaint: str = "") -> None:
    question = Question(
        _("Which day"),
        numbered(("day", _("Type it: 11-25"))),
        wants_words=frozenset({"day"}),
        words_label=_("month-day"),
        note=complaint,
        chosen="day",
    )

    def chosen(typed: Answered) -> None:
        day = day_of(typed.words, page.standing.snapshot.now)
        if day is None:
            _day(host, page, task, found, _("That is no day: type it as 11-25"))
        else:
            host.perform(tasks.answer_task, task.id, found.words, found.code, day)

    host.ask(question, chosen)


def day_of(text: str, now: datetime) -> date | None:
    """A day as it is typed, with or without its year: the next one of that name. None for what is none."""
    today = now.astimezone(LOCAL).date()
    parts = text.strip().replace("/", "-").replace(".", "-").split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return date(*numbers)
        month, day = numbers
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except (TypeError, ValueError):
        return None
