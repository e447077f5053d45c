"""Questions to other departments that wait for their answer."""

from sqlalchemy import select
from sqlmodel import Session

from bdesk.data.core import CASE, TASK
from bdesk.data.rows import shaped, shared
from bdesk.models.kinds import TaskState
from bdesk.models.views.pages import TaskRow
from bdesk.models.views.snapshot import TaskView

KEPT = 200


def open_tasks(session: Session, department: str | None = None) -> tuple[TaskRow, ...]:
    """What no department has answered yet, the earliest due at the top; of one department if named."""
    statement = (
        select(*shared(TaskView, TASK), CASE.c.case_no, CASE.c.tasks_version)
        .select_from(TASK.join(CASE, CASE.c.id == TASK.c.case_id))
        .where(TASK.c.state == TaskState.OPEN)
        .order_by(TASK.c.due_at, TASK.c.id)
        .limit(KEPT)
    )
    if department is not None:
        statement = statement.where(TASK.c.department == department)
    rows = session.execute(statement).mappings()
    return tuple(TaskRow(shaped(TaskView, row), row["case_no"], pinned=row["tasks_version"]) for row in rows)
