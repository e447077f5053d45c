"""The pending strip: what F8 would do, read-only, bound to the facts it was chosen on."""

from collections.abc import Mapping
from datetime import date, datetime

from bdesk.clock import to_iso
from bdesk.models.views.strip import Phrase, Strip
from bdesk.operations.context import Context
from bdesk.operations.effects.registry import PREVIEWS
from bdesk.operations.standing import Standing, planned_answer, standing
from bdesk.rules.facts import digest
from bdesk.rules.walk.values import UNKNOWN, Given
from bdesk.rules.walk.views import Planned


def plan_strip(ctx: Context, case_id: int, step: str, option: str, captures: Given) -> Strip:
    """The strip for an outcome that was chosen. Nothing is written.

    Raises what planning the answer raises, and NotAllowed("letter.open_slot") for a letter with a gap.
    """
    with ctx.store.read() as session:
        stand = standing(session, ctx, case_id, ctx.now(), at=step)
    planned = planned_answer(stand, step, option, captures)
    return strip_of(ctx, stand, planned)


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
    return {name: _plain(value) for name, value in params.items() if not isinstance(value, dict)}


def _plain(value: object) -> object:
    if value is UNKNOWN:
        return None
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
