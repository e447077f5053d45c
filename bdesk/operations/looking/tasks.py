"""What other departments were asked and have not answered: `bdesk task list`."""

from dataclasses import replace

from bdesk.data.queries.tasks import open_tasks
from bdesk.errors import BadInput
from bdesk.models.kinds import Department
from bdesk.models.views.pages import TaskRow
from bdesk.operations.context import Context
from bdesk.operations.looking.calls import mine
from bdesk.rules.masking import HIDDEN


def waiting(ctx: Context, department: str | None = None) -> tuple[TaskRow, ...]:
    """Open tasks, the earliest due at the top. During a call their words are ****: they may tell what the
    caller is asked for (decision 11). Raises BadInput("task.department") for one that is none.
    """
    if department is not None and department not in {one.value for one in Department}:
        raise BadInput("task.department", department=department, known=", ".join(Department))
    calling, now = mine(ctx) is not None, ctx.now()
    with ctx.store.read() as session:
        found = open_tasks(session, department)
        kinds = {one: ctx.book.tasks_of(session, one) for one in {row.pinned for row in found}}
    return tuple(
        replace(
            one,
            task=replace(one.task, question=HIDDEN) if calling else one.task,
            findings=tuple(kind.findings)
            if (kind := kinds[one.pinned].get(one.task.what)) is not None
            else (),
            overdue=one.task.due_at is not None and one.task.due_at <= now,
        )
        for one in found
    )
