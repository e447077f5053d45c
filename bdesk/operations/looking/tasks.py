"""What other departments were asked and have not answered: `bdesk task list`."""

from bdesk.data.queries.tasks import open_tasks
from bdesk.errors import BadInput
from bdesk.models.kinds import Department
from bdesk.models.views.pages import TaskRow
from bdesk.operations.context import Context


def waiting(ctx: Context, department: str | None = None) -> tuple[TaskRow, ...]:
    """Open tasks, the earliest due at the top. Raises BadInput("task.department") for one that is none."""
    if department is not None and department not in {one.value for one in Department}:
        raise BadInput("task.department", department=department, known=", ".join(Department))
    with ctx.store.read() as session:
        return open_tasks(session, department)
