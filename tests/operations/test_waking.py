"""What brings a case back by itself; of one that was merged, the case in which its matter goes on."""

from itertools import pairwise

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import CaseState
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.merging import merge
from bdesk.operations.looking.case import case_page
from bdesk.operations.ports import Answer
from bdesk.operations.standing import standing
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect
from bdesk.speech import speak
from tests.builders import Placed
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_channel import scripted


def merged(desk: Desk, case_id: int, into: int) -> None:
    """Merged with whatever it has under way: a procedure may do that after it sent something."""
    effect = PlannedEffect(1, "case.merge", Risk.RECORD, {"into": desk.case(into).case_no})
    with desk.store.write(desk.ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        stand = standing(unit.session, desk.ctx, case_id, unit.now)
        merge(EffectCall(act, desk.ctx, stand, beside("duplicate", effect, cycle=act.case.cycle), effect))
        act.finish(desk.ctx, "case.merged")


def told(ctx: Context, case_id: int) -> list[str]:
    """The timeline in words, the newest first."""
    page = case_page(ctx, case_id)
    return [speak(one.code, one.params, page.words) for one in page.timeline]


@pytest.mark.parametrize("times", [1, 2])
def test_money_refused_after_a_merge_brings_the_case_back_in_which_the_matter_goes_on(
    store: Store, placed: Placed, times: int
) -> None:
    desk, _ = scripted(store, placed, Answer.UNKNOWN, Answer.FAILED)
    refunding = desk.to_decision(desk.opened(placed))
    desk.go(refunding, "approve")
    desk.later(seconds=11)
    assert Answer.UNKNOWN in desk.release()
    others = [desk.opened(placed, media=False) for _ in range(times)]
    merged(desk, refunding, others[0])
    for one, other in pairwise(others):
        merged(desk, one, other)
    desk.later(minutes=3)
    assert Answer.FAILED in desk.release()
    assert desk.case(refunding).state is CaseState.MERGED
    assert desk.events(refunding, "case.woken") == []
    (woken,) = desk.events(others[-1], "case.woken")
    number = desk.case(refunding).case_no
    assert (woken.payload["why"], woken.payload["merged_from"]) == ("effect_failed", number)
    assert desk.case(others[-1]).state is CaseState.IN_PROGRESS
    failed = f"something failed on {number}, which was merged into this"
    assert f"Back in work: {failed}" in told(desk.ctx, others[-1])
    must_add_up(desk.store, [desk.ports])
