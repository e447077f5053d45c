"""Effects that no step offers but a key does: stopping the clock with a letter (F6 1 and 2).

They go through the same strip, commit and outbox as those of the walk; `step` is "key:park".
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from bdesk.data.refold import readings
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import Drives, RunState
from bdesk.models.views.strip import Strip
from bdesk.operations.context import Context
from bdesk.operations.effects.strip import newest_event, strip_of
from bdesk.operations.notes import check_text
from bdesk.operations.standing import Standing, standing
from bdesk.rules.walk.values import Risk, Text
from bdesk.rules.walk.views import Planned, PlannedEffect

STEP = "key:park"
WAITS = ("customer", "third_party")
RESUME_DAYS = 7
ASKS = "N4"


def plan_stop(ctx: Context, case_id: int, waits_for: str, words: str) -> Strip:
    """The strip that asks by letter and stops the leading clock that allows it (UX, F6).

    Raises NotAllowed("clock.never_stops") when none of the running clocks does, BadInput without words.
    """
    with ctx.store.read() as session:
        seen = newest_event(session, case_id)
        stand = standing(session, ctx, case_id, ctx.now())
        strip = strip_of(ctx, stand, planned_stop(session, ctx, stand, waits_for, {"words": words}))
    return replace(strip, seen_event=seen)


def planned_stop(
    session: Session, ctx: Context, stand: Standing, waits_for: str, captures: Mapping[str, object]
) -> Planned:
    """The stop as a planned answer, made anew when it is committed."""
    if waits_for not in WAITS:
        raise BadInput("clock.waits_for", waits_for=waits_for, known=", ".join(WAITS))
    words = check_text(str(captures.get("words", "")), longest=200)
    params: dict[str, object] = {
        "clock": _clock(session, ctx, stand, waits_for),
        "letter": ASKS,
        "waits_for": waits_for,
        "resume_days": RESUME_DAYS,
        "slots": {"materials": words},
    }
    effect = PlannedEffect(1, "clock.stop_with_letter", Risk.MESSAGE, params)
    return Planned(
        step=STEP,
        option=waits_for,
        label=Text("", ""),
        round=1 + sum(one.letter == ASKS for one in stand.snapshot.notifications),
        cycle=stand.snapshot.case.cycle,
        captures={"words": words},
        secrets={},
        effects=(effect,),
        clocks=(),
        letters=(ASKS,),
        money_fen=None,
        binding=True,
        goto=None,
        finish=None,
        via=(),
        rests_on={},
    )


def _clock(session: Session, ctx: Context, stand: Standing, waits_for: str) -> str:
    folded = readings(session, stand.snapshot.case.id, ctx.book, stand.snapshot.now)
    running = [one for one in folded if one.run is RunState.RUNNING and one.drives is Drives.DESK]
    for reading in sorted(running, key=lambda one: one.due_at):
        reasons = {reason.waits_for for reason in ctx.book.clock_kinds[reading.kind].pauses}
        if ("customer" in reasons) if waits_for == "customer" else (reasons - {"customer"}):
            return reading.kind
    raise NotAllowed("clock.never_stops", clock="", case_no=stand.snapshot.case.case_no)
