"""Facts about looking again after a release (P6, WU11)."""

from bdesk.rules import follow_up
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.walk.values import FactValue


@fact("unfreeze.look_at")
def _look_at(context: FactContext) -> FactValue:
    return follow_up.open_from(context.snapshot, follow_up.FIRST)


@fact("unfreeze.look_open")
def _look_open(context: FactContext) -> FactValue:
    return follow_up.is_open(context.snapshot, follow_up.FIRST)


@fact("unfreeze.week_at")
def _week_at(context: FactContext) -> FactValue:
    return follow_up.open_from(context.snapshot, follow_up.SECOND)


@fact("unfreeze.week_open")
def _week_open(context: FactContext) -> FactValue:
    return follow_up.is_open(context.snapshot, follow_up.SECOND)
