"""Effects that no step offers but a key does: stopping the clock with a letter (F6 1 and 2).

They go through the same strip, commit and outbox as those of the walk; `step` is "key:park".
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from bdesk.data.refold import readings
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.views.strip import Strip
from bdesk.operations.context import Context
from bdesk.operations.effects.strip import newest_event, strip_of
from bdesk.operations.notes import check_text
from bdesk.operations.standing import Standing, standing
from bdesk.rules.clock.planning import stop_for
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import Planned, PlannedEffect

STEP = "key:park"
CUSTOMER, THIRD_PARTY = "customer", "third_party"
PARTIES = tuple(reason.value for reason in PauseReason if reason.waits_for != CUSTOMER)
"""The third parties that a clock may wait for, each by its own reason."""

WAITS = (CUSTOMER, THIRD_PARTY, *PARTIES)
RESUME_DAYS = 7
ASKS, TELLS = "N4", "N11"
"""The letter that asks the customer for something, and the one that says what we wait for."""


def plan_stop(
    ctx: Context, case_id: int, waits_for: str, words: str, resume_days: int = RESUME_DAYS
) -> Strip:
    """The strip that writes to the customer and stops every clock that may stop for this (UX, F6).

    `waits_for`: "customer", one of PARTIES, or "third_party" for whichever party the clocks allow. The clocks
    run again with the customer's next event, by hand, or after `resume_days`, their caps permitting. Raises
    NotAllowed as `planned_stop` does, BadInput without words.
    """
    captures = {"words": words, "days": resume_days}
    with ctx.store.read() as session:
        seen = newest_event(session, case_id)
        stand = standing(session, ctx, case_id, ctx.now())
        strip = strip_of(ctx, stand, planned_stop(session, ctx, stand, waits_for, captures))
    return replace(strip, seen_event=seen)


def planned_stop(
    session: Session, ctx: Context, stand: Standing, waits_for: str, captures: Mapping[str, object]
) -> Planned:
    """The stop as a planned answer, made anew when it is committed.

    Raises BadInput("clock.waits_for"), NotAllowed("clock.never_stops", "clock.stopped_already",
    "clock.cap_used").
    """
    if waits_for not in WAITS:
        raise BadInput("clock.waits_for", waits_for=waits_for, known=", ".join(WAITS))
    words = check_text(str(captures.get("words", "")), longest=200)
    case, now = stand.snapshot.case, stand.snapshot.now
    found = stop_for(
        reasons_of(waits_for), readings(session, case.id, ctx.book, now), ctx.book.clock_kinds, now
    )
    if found.why:
        raise NotAllowed(found.why, clock="", case_no=case.case_no)
    letter, slot = (ASKS, "materials") if waits_for == CUSTOMER else (TELLS, "progress")
    days = captures.get("days")
    params: dict[str, object] = {
        "clock": " ".join(kind for kind, _until in found.clocks),
        "letter": letter,
        "waits_for": waits_for,
        "resume_days": days if isinstance(days, int) and days > 0 else RESUME_DAYS,
        "slots": {slot: words},
    }
    effect = PlannedEffect(1, "clock.stop_with_letter", Risk.MESSAGE, params)
    return beside(
        STEP,
        effect,
        option=waits_for,
        round=1 + sum(one.letter == letter for one in stand.snapshot.notifications),
        cycle=case.cycle,
        captures={"words": words, "days": int(str(params["resume_days"]))},
    )


def reasons_of(waits_for: str) -> tuple[PauseReason, ...]:
    """The reasons under which a clock stops for somebody."""
    if waits_for in (CUSTOMER, THIRD_PARTY):
        return tuple(one for one in PauseReason if (one.waits_for == CUSTOMER) is (waits_for == CUSTOMER))
    return (PauseReason(waits_for),)
