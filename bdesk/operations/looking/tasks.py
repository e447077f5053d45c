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
    calling = mine(ctx) is not None
    with ctx.store.read() as session:
        found = open_tasks(session, department)
    return tuple(replace(one, task=replace(one.task, question=HIDDEN)) for one in found) if calling else found
