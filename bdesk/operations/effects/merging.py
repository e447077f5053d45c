"""Merging a case into the one that has its matter already, as an answer of the walk (B0.3)."""

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.tables import Case
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.merging import merge_event


def merge(call: EffectCall) -> None:
    """Into the other case. Raises NotAllowed("merge.no_target") when there is no such open case."""
    session, act = call.act.unit.session, call.act
    target = session.scalars(select(Case).where(Case.case_no == call.text("into"))).first()
    if target is None or target.id == act.case_id or not target.open:
        raise NotAllowed("merge.no_target", case_no=call.text("into"))
    merge_event(act, call.ctx, target)
