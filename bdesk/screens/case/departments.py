"""Questions to other departments: asked from any case (F6 0 1), their rows, and answers that come by
telephone (F6 0 2)."""

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from bdesk.clock import LOCAL
from bdesk.i18n import _, language
from bdesk.models.kinds import Department, TaskState
from bdesk.models.labels import label
from bdesk.models.views.snapshot import TaskView
from bdesk.operations import tasks
from bdesk.operations.looking.case import CasePage
from bdesk.rules.short_times import short_time
from bdesk.rules.tasks import Needs, is_overdue
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.widgets.lines import Piece

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen

ASKED = (
    Department.WAREHOUSE,
    Department.MERCHANT,
    Department.COURIER,
    Department.PAYMENT,
    Department.TECHNICAL,
)
HOURS = ("4", "24", "72")
WORDS = "answered"
ROWS = 3


def waiting(page: CasePage) -> list[TaskView]:
    """The questions that wait for their answers, the earliest due at the top."""
    found = [one for one in page.standing.snapshot.tasks if one.state is TaskState.OPEN]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at, one.id))


def refused(page: CasePage) -> dict[str, str]:
    """Why there is no answer to keep."""
    return {} if waiting(page) else {"answer": _("No question waits for an answer")}


def rows(page: CasePage, most: int = ROWS) -> list[list[Piece]]:
    """One line for each task: those that wait first, then the newest answers; a cancelled one is none."""
    done = [one for one in page.standing.snapshot.tasks if one.state is TaskState.ANSWERED]
    done.sort(key=lambda one: (one.answered_at is None, one.answered_at, one.id), reverse=True)
    return [_row(page, one) for one in (*waiting(page), *done)][:most]


def _row(page: CasePage, task: TaskView) -> list[Piece]:
    now = page.standing.snapshot.now
    kind = page.book.tasks.get(task.what)
    name = kind.label.get(language()) if kind is not None else task.question
    head: list[Piece] = [(f" {label(task.department)} ", "strong"), (name, "text")]
    if task.state is TaskState.OPEN:
        if task.due_at is None:
            return [*head, (f"  {_('waits')}", "soft")]
        late = is_overdue(task, page.standing.snapshot)
        words = f"{_('overdue') if late else _('waits')} {short_time(task.due_at, now, language())}"
        return [*head, (f"  {words}", "bad" if late else "soft")]
    found = kind.findings.get(task.finding) if kind is not None and task.finding is not None else None
    said = " ".join(
        part
        for part in (
            found.get(language()) if found is not None else "",
            f"{task.finding_on:%m-%d}" if task.finding_on is not None else "",
            task.answer or "",
        )
        if part
    )
    return [(" ✓", "good"), *head, (f"  {said}", "soft")]


# Asking


def ask(screen: "CaseScreen", case_id: int) -> None:
    """F6 0 1: whom, what, by when."""
    drafts = screen.place.desk.drafts
    question = Question(
        _("Ask a department"),
        numbered(*((one.value, label(one)) for one in ASKED)),
        wants_words=frozenset(one.value for one in ASKED),
        words_label=_("The question"),
        text=str(drafts.load(f"case:{case_id}").get("ask", "")),
    )

    def keep(text: str) -> None:
        drafts.save(f"case:{case_id}", "ask", text)

    screen.app.push_screen(AskModal(question, keep), partial(_by_when, screen, case_id))


def _by_when(screen: "CaseScreen", case_id: int, answer: Answered | None) -> None:
    if answer is None:
        return
    question = Question(
        _("By when"), numbered(*((hours, _("within {hours} h", hours=hours)) for hours in HOURS))
    )

    def chosen(when: Answered | None) -> None:
        if when is None:
            return
        screen.perform(
            tasks.ask,
            case_id,
            answer.code,
            answer.words,
            int(when.code),
            then=lambda _changed: screen.place.desk.drafts.save(f"case:{case_id}", "ask", None),
        )

    screen.app.push_screen(AskModal(question), chosen)


# Answering


def answer(screen: "CaseScreen", page: CasePage) -> None:
    """F6 0 2: which question, what the answer comes to, and its words."""
    asked = waiting(page)[:9]
    if len(asked) == 1:
        _finding(screen, page, asked[0])
        return
    question = Question(
        _("Which question was answered"),
        numbered(*((str(one.id), "".join(text for text, _role in _row(page, one)).strip()) for one in asked)),
    )

    def chosen(which: Answered | None) -> None:
        if which is not None:
            _finding(screen, page, next(one for one in asked if str(one.id) == which.code))

    screen.app.push_screen(AskModal(question), chosen)


def _finding(screen: "CaseScreen", page: CasePage, task: TaskView) -> None:
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

    def chosen(found: Answered | None) -> None:
        if found is None:
            return
        if kind is not None and found.code in kind.dated:
            _day(screen, page, task, found)
        else:
            finding = found.code if found.code != WORDS else None
            screen.perform(tasks.answer_task, task.id, found.words, finding)

    screen.app.push_screen(AskModal(question), chosen)


def _day(screen: "CaseScreen", page: CasePage, task: TaskView, found: Answered, complaint: str = "") -> None:
    question = Question(
        _("Which day"),
        numbered(("day", _("Type it: 11-25"))),
        wants_words=frozenset({"day"}),
        words_label=_("month-day"),
        note=complaint,
        chosen="day",
    )

    def chosen(typed: Answered | None) -> None:
        if typed is None:
            return
        day = day_of(typed.words, page.standing.snapshot.now)
        if day is None:
            _day(screen, page, task, found, _("That is no day: type it as 11-25"))
        else:
            screen.perform(tasks.answer_task, task.id, found.words, found.code, day)

    screen.app.push_screen(AskModal(question), chosen)


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
