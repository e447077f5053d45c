"""Questions to other departments as the case shows them: those that wait, and the newest answers."""

from bdesk.i18n import _, language
from bdesk.models.kinds import TaskState
from bdesk.models.labels import label
from bdesk.models.views.snapshot import TaskView
from bdesk.operations.looking.case import CasePage
from bdesk.rules.short_times import short_time
from bdesk.rules.tasks import is_overdue
from bdesk.widgets.lines import Piece

ROWS = 3


def waiting(page: CasePage) -> list[TaskView]:
    """The questions that wait for their answers, the earliest due at the top."""
    found = [one for one in page.standing.snapshot.tasks if one.state is TaskState.OPEN]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at, one.id))


def rows(page: CasePage, most: int = ROWS) -> list[list[Piece]]:
    """One line for each task: those that wait first, then the newest answers; a cancelled one is none."""
    done = [one for one in page.standing.snapshot.tasks if one.state is TaskState.ANSWERED]
    done.sort(key=lambda one: (one.answered_at is None, one.answered_at, one.id), reverse=True)
    return [row(page, one) for one in (*waiting(page), *done)][:most]


def row(page: CasePage, task: TaskView) -> list[Piece]:
    """Who was asked what, and since when it waits or what they said."""
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
            f"{task.finding_on.month}/{task.finding_on.day}" if task.finding_on is not None else "",
            task.answer or "",
        )
        if part
    )
    return [(" ✓", "good"), *head, (f"  {said}", "soft")]
