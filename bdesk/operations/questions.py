"""Rows of questions to other departments: the one place where they are kept, and where they are closed.

What may be asked of whom, and what happens to the case, is said by `tasks` (people ask) and `returns` (goods
on their way ask).
"""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.models.kinds import Department, TaskState
from bdesk.models.tables import Task
from bdesk.operations.change import Act, row_id
from bdesk.operations.context import Context

LONGEST_QUESTION = 400
"""Characters."""


def keep_question(act: Act, what: str, department: Department, question: str, due: datetime) -> Task:
    """The row and the event of a question in words that were checked, or that the desk made."""
    row = Task(
        case_id=act.case_id,
        department=department,
        what=what,
        question=question[:LONGEST_QUESTION],
        asked_by=act.unit.actor,
        asked_at=act.unit.now,
        due_at=due,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    said = {"task": row.id, "to": department.value, "what": what, "due_at": to_iso(due)}
    act.add("task.opened", said)
    return row


def ask_once(act: Act, ctx: Context, what: str, question: str) -> None:
    """Ask the department that this question goes to; an open one of its kind is not asked again."""
    if open_questions(act, what):
        return
    kind = ctx.book.tasks_of(act.unit.session, act.case.tasks_version)[what]
    due = act.unit.now + timedelta(hours=kind.due_hours)
    keep_question(act, what, Department(kind.to[0]), question, due)


def close_questions(act: Act, *what: str) -> None:
    """What the desk knows by now need not be answered by anybody."""
    rows = [row for one in what for row in open_questions(act, one)]
    for row in rows:
        row.state = TaskState.CANCELLED
    if rows:
        act.unit.session.flush()
        act.add("task.closed", {"tasks": [row_id(row) for row in rows]})


def open_questions(act: Act, what: str) -> list[Task]:
    """The questions of a kind that wait on the case, the oldest first."""
    found = select(Task).where(Task.case_id == act.case_id, Task.what == what, Task.state == TaskState.OPEN)
    return list(act.unit.session.scalars(found.order_by(col(Task.id))))


def is_asked(act: Act, case_id: int, what: str) -> bool:
    """Whether a question of this kind is open on a case, be it another one."""
    asked = select(Task.id).where(Task.case_id == case_id, Task.what == what, Task.state == TaskState.OPEN)
    return act.unit.session.scalars(asked).first() is not None
