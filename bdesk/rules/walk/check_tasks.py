"""What is wrong with a question that a procedure sends to another department."""

from collections.abc import Iterator

from bdesk.rules.walk.check_opening import Fault
from bdesk.rules.walk.model import EffectUse
from bdesk.rules.walk.values import Known

EFFECT = "task.open"


def check_task(where: str, use: EffectUse, known: Known) -> Iterator[Fault]:
    """A department that is never asked for this; one that an answer names is refused when it is asked."""
    if use.effect != EFFECT:
        return
    params = dict(use.params)
    what, to = params.get("what"), params.get("to")
    if what is None or to is None or what.name is not None or to.name is not None:
        return
    may = known.tasks.get(str(what.literal))
    if may is not None and to.literal not in may:
        yield Fault("task.department", where, f"{what.literal} {to.literal}")
