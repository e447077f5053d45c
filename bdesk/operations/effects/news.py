"""A letter that no step offers but a key does: how the matter stands (F7 6; P12, PE7).

It goes through the same strip, commit and outbox as the walk's; `step` is "key:progress".
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from bdesk.models.views.strip import Strip
from bdesk.operations.context import Context
from bdesk.operations.effects import adhoc
from bdesk.operations.effects.strip import newest_event, strip_of
from bdesk.operations.notes import check_text
from bdesk.operations.standing import Standing, standing
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect

STEP = "key:progress"
STEPS = frozenset({adhoc.STEP, STEP})
"""The steps that are keys."""

TELLS = "N11"


def plan_news(ctx: Context, case_id: int, words: str) -> Strip:
    """The strip that tells the customer by letter how the matter stands.

    Raises BadInput without words, NotAllowed("letter.no_target") for a customer nobody can write to.
    """
    with ctx.store.read() as session:
        seen = newest_event(session, case_id)
        stand = standing(session, ctx, case_id, ctx.now())
        strip = strip_of(ctx, stand, _planned(stand, {"words": words}))
    return replace(strip, seen_event=seen)


def planned_by_key(
    session: Session,
    ctx: Context,
    stand: Standing,
    step: str,
    option: str,
    captures: Mapping[str, object],
) -> Planned:
    """What a key does as a planned answer, made anew when it is committed. Raises what the plans raise."""
    if step == STEP:
        return _planned(stand, captures)
    return adhoc.planned_stop(session, ctx, stand, option, captures)


def _planned(stand: Standing, captures: Mapping[str, object]) -> Planned:
    words = check_text(str(captures.get("words", "")), longest=200)
    params: dict[str, object] = {"letter": TELLS, "slots": {"progress": words}}
    return beside(
        STEP,
        PlannedEffect(1, "letter", Risk.MESSAGE, params),
        option="notice",
        round=1 + sum(one.letter == TELLS for one in stand.snapshot.notifications),
        cycle=stand.snapshot.case.cycle,
        captures={"words": words},
    )
