"""Who may type in what a department said (docs/decisions/0016): departments answer by telephone, so whoever
asked may type it, and the record says so; what opens more money than an agent decides alone takes a second
pair of hands.
"""

from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.standing import Standing, standing
from bdesk.rules import limits
from bdesk.rules.cases import cycle_start
from bdesk.rules.tasks import TaskKind, TaskKinds, at_stake

REFUND = "refund"


def must_be_anothers(
    act: Act, ctx: Context, kind: TaskKind | None, finding: str | None, asked_by: str
) -> None:
    """Raises NotAllowed("task.own_answer") where the acting person asked, the finding opens money, and more
    of it is at stake on the case than an agent refunds alone (B0.7)."""
    if kind is None or finding not in kind.opens_money or asked_by != ctx.actor.number:
        return
    stand = standing(act.unit.session, ctx, act.case_id, act.unit.now)
    most = _alone_fen(stand)
    if most is not None and at_stake(stand.facts) > most:
        raise NotAllowed("task.own_answer", limit_fen=most)


def pays_on_own_answer(stand: Standing, kinds: TaskKinds, amount_fen: int) -> int | None:
    """What an agent refunds alone, in fen, where the acting person would pay more than that on a case of
    which they asked and typed in what opens money, while less was at stake; else None."""
    me, since, most = stand.snapshot.actor.number, cycle_start(stand.snapshot), _alone_fen(stand)
    typed = any(
        one.answered_by == me
        and one.typed_by_asker
        and one.asked_at >= since
        and (kind := kinds.get(one.what)) is not None
        and one.finding in kind.opens_money
        for one in stand.snapshot.tasks
    )
    return most if typed and most is not None and amount_fen > most else None


def _alone_fen(stand: Standing) -> int | None:
    return limits.limit_of(REFUND, Role.AGENT, (), None, stand.adopted.limits)
