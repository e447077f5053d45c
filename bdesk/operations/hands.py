"""Who may type in what a department said (docs/decisions/0016): departments answer by telephone, so whoever
asked may type it, and the record says so; what opens more money than an agent decides alone takes a second
pair of hands.
"""

from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.standing import standing
from bdesk.rules import limits
from bdesk.rules.tasks import TaskKind, at_stake

REFUND = "refund"


def must_be_anothers(
    act: Act, ctx: Context, kind: TaskKind | None, finding: str | None, asked_by: str
) -> None:
    """Raises NotAllowed("task.own_answer") where the acting person asked, the finding opens money, and more
    of it is at stake on the case than an agent refunds alone (B0.7)."""
    if kind is None or finding not in kind.opens_money or asked_by != ctx.actor.number:
        return
    stand = standing(act.unit.session, ctx, act.case_id, act.unit.now)
    most = limits.limit_of(REFUND, Role.AGENT, (), None, stand.adopted.limits)
    if most is not None and at_stake(stand.facts) > most:
        raise NotAllowed("task.own_answer", limit_fen=most)
