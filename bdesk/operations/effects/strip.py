"""The pending strip: what F8 would do, read-only, bound to the facts it was chosen on."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from bdesk.clock import to_iso
from bdesk.data import journal
from bdesk.models.kinds import Stream
from bdesk.models.views.strip import Phrase, Strip
from bdesk.operations.context import Context
from bdesk.operations.effects.registry import PREVIEWS
from bdesk.operations.standing import Standing, planned_answer, standing
from bdesk.rules.facts import digest
from bdesk.rules.walk.values import UNKNOWN, Given, Text
from bdesk.rules.walk.views import Planned

QUIET = frozenset(
    {
        "note.added",
        "evidence.looked_at",
        "approval.read",
        "clock.breached",
        "shift.offered",
        "shift.taken_back",
        "shift.dropped",
    }
)
"""Events that change neither money nor state, nor what a step asks: a strip drawn before them still holds
while its facts do (ARCHITECTURE, Effects)."""

_LEFT = frozenset({"effect.released", "effect.accepted"})
"""The outbox lets something go, and the other side takes it."""


def is_quiet(kind: str, payload: Mapping[str, object]) -> bool:
    """Whether an event lets a strip stand that was drawn before it. A letter of before that leaves while the
    customer is asked about the next thing does; money that leaves and a letter that fails do not."""
    return kind in QUIET or (kind in _LEFT and payload.get("effect") == "letter")


def plan_strip(ctx: Context, case_id: int, step: str, option: str, captures: Given) -> Strip:
    """The strip for an outcome that was chosen. Nothing is written.

    Raises what planning the answer raises, and NotAllowed("letter.open_slot") for a letter with a gap.
    """
    with ctx.store.read() as session:
        seen = newest_event(session, case_id)
        stand = standing(session, ctx, case_id, ctx.now(), at=step)
    planned = planned_answer(stand, step, option, captures)
    return replace(strip_of(ctx, stand, planned), seen_event=seen)


def newest_event(session: Session, case_id: int) -> int:
    """The id of the newest event on a case. Read before the facts: what comes in between counts as new."""
    last = journal.newest(session, Stream.CASE, case_id)
    return last.id if last is not None else 0


def moved_by(strip: Strip, version: int, events: Iterable[tuple[int, bool]]) -> tuple[bool, int | None]:
    """Whether a case at `version`, with these newest events (id, `is_quiet`), is another than the strip was
    drawn on; and the event that made it so, where it is known.

    Only quiet events let it stand; whether facts have moved is asked again at F8 all the same.
    """
    if version == strip.case_version:
        return False, None
    since = [(event, quiet) for event, quiet in events if event > strip.seen_event]
    loud = [event for event, quiet in since if not quiet]
    still = strip.seen_event > 0 and version > strip.case_version and bool(since) and not loud
    return not still, max(loud, default=None)


def strip_of(ctx: Context, stand: Standing, planned: Planned) -> Strip:
    """The words, amounts and letters of a planned answer."""
    previews = [
        PREVIEWS[effect.effect](ctx, stand, planned, effect)
        for effect in planned.effects
        if effect.effect in PREVIEWS
    ]
    others = [
        Phrase(f"strip.{effect.effect}", _words(effect.params))
        for effect in planned.effects
        if effect.effect not in PREVIEWS
    ]
    case = stand.snapshot.case
    return Strip(
        case_id=case.id,
        case_no=case.case_no,
        case_version=case.version,
        cycle=case.cycle,
        step=planned.step,
        option=planned.option,
        captures=dict(planned.captures),
        phrases=(*(one.phrase for one in previews), *others),
        facts={name: _plain(value) for name, value in planned.rests_on.items()},
        facts_digest=digest_of(stand, planned),
        planned_at=stand.snapshot.now,
        amount_fen=planned.money_fen,
        letters=tuple(one.letter for one in previews if one.letter is not None),
        effects=tuple(effect.effect for effect in planned.effects),
    )


def digest_of(stand: Standing, planned: Planned) -> str:
    """A digest of every fact the answer rests on, its amount among them.

    `deadline.*` and other values that follow from the time of day are left out: they are no fact of the
    case, and a strip read at 23:59 must hold at 00:01.
    """
    names = (name for name in planned.rests_on if name in stand.facts and not moves_by_itself(name))
    return digest(stand.facts, sorted(names))


def moves_by_itself(name: str) -> bool:
    return name.startswith("deadline.")


def _words(params: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in params.items() if not isinstance(value, dict | Text)}


def _plain(value: object) -> object:
    if value is UNKNOWN:
        return None
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
