"""F8: doing what the strip says, once, on the facts it was chosen on."""

from dataclasses import replace
from datetime import date, datetime

from bdesk.clock import LOCAL, to_iso
from bdesk.data import journal
from bdesk.data.unit import Unit
from bdesk.errors import CaseMoved, FactsMoved
from bdesk.models.kinds import CaseOutcome, Stream
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.models.views.strip import Strip
from bdesk.operations.answering import record_answer, settle_state
from bdesk.operations.change import Act, must_be_open, must_not_be_held, own, row_id
from bdesk.operations.clocks import apply_moves
from bdesk.operations.context import Context
from bdesk.operations.effects import news
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.cases import decide
from bdesk.operations.effects.registry import run_effects
from bdesk.operations.effects.strip import is_quiet, moved_by, moves_by_itself, strip_of
from bdesk.operations.roles import must_may
from bdesk.operations.standing import Standing, planned_answer, standing, thawed
from bdesk.rules.walk.views import Planned


def commit(ctx: Context, strip: Strip) -> Changed:
    """Rebuild the facts inside the write transaction, ask guards and current limits again, and do it.

    Everything that leaves the desk is held until now + the recall window. Raises CaseMoved when somebody
    changed the case, FactsMoved(what) when a fact the strip rests on is another, and what the guards,
    limits and handlers refuse. Nothing is half done: the transaction rolls back.
    """
    must_may(ctx, "effects.commit.commit")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, _unmoved(unit, strip))
        must_be_open(act.case)
        must_not_be_held(ctx, act.case)
        walked = strip.step not in news.STEPS
        stand = standing(unit.session, ctx, strip.case_id, unit.now, at=strip.step if walked else None)
        if walked:
            planned = planned_answer(stand, strip.step, strip.option, thawed(strip.captures))
        else:
            planned = news.planned_by_key(unit.session, ctx, stand, strip.step, strip.option, strip.captures)
        _compare(ctx, stand, planned, strip)
        act.add(
            "effect.committed",
            {
                "step": strip.step,
                "option": strip.option,
                "effects": [effect.effect for effect in planned.effects],
                "amount_fen": planned.money_fen,
                "facts": strip.facts_digest,
                "limits": stand.adopted.version,
                "at": to_iso(unit.now),
            },
        )
        own(act, ctx)
        if walked:
            record_answer(act, ctx, stand, planned)
        _keep_decision(act, ctx, stand, planned)
        outbox = run_effects(act, ctx, stand, planned)
        apply_moves(act, ctx, planned.clocks)
        if walked:
            settle_state(act, ctx, stand, planned)
        changed = act.finish(ctx, "effect.committed", amount_fen=strip.amount_fen, seconds=ctx.recall_seconds)
    return replace(changed, outbox=tuple(row_id(row) for row in outbox))


def _unmoved(unit: Unit, strip: Strip) -> Case:
    """The case, as the strip was drawn on it. A note, a look at evidence or a letter of before that left
    since then changes nothing that is committed; whatever else came in between refuses, naming who did it."""
    case = unit.case(strip.case_id)
    if type(strip.case_version) is not int:  # nothing at all was not seen either
        raise unit.moved(strip.case_id, case.case_no)
    if case.version == strip.case_version:
        return case
    stream = {event.id: event for event in journal.events(unit.session, Stream.CASE, strip.case_id)}
    said = [(event.id, is_quiet(event.kind, event.payload)) for event in stream.values()]
    moved, by = moved_by(strip, case.version, said)
    if not moved:
        return case
    if by is None:
        raise unit.moved(strip.case_id, case.case_no)
    raise CaseMoved(case.case_no, stream[by].actor, stream[by].kind)


def _compare(ctx: Context, stand: Standing, planned: Planned, strip: Strip) -> None:
    """Names what differs: the facts, and the letters' own words."""
    now = strip_of(ctx, stand, planned)
    if now.facts_digest != strip.facts_digest:
        before, after = dict(strip.facts), dict(now.facts)
        what = tuple(
            sorted(
                name
                for name in {*before, *after}
                if before.get(name) != after.get(name) and not moves_by_itself(name)
            )
        )
        raise FactsMoved(what or ("facts",))
    if now.amount_fen != strip.amount_fen:
        raise FactsMoved(("refund.proposed_fen",))
    if [one.target_masked for one in now.letters] != [one.target_masked for one in strip.letters]:
        raise FactsMoved(("customer.email_masked",))
    # A letter names dates that move on at midnight; for the rest it goes out as it was shown.
    same_day = _day(strip.planned_at) == _day(stand.snapshot.now)
    if same_day and [one.body for one in now.letters] != [one.body for one in strip.letters]:
        raise FactsMoved(("letters",))


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def _keep_decision(act: Act, ctx: Context, stand: Standing, planned: Planned) -> None:
    """An outcome that refunds is a decision: who took it counts for later levels (B0.7)."""
    for effect in planned.effects:
        if effect.effect in ("refund", "refund.other_target"):
            amount = effect.params.get("amount_fen")
            part = effect.params.get("extent") == "part"
            outcome = CaseOutcome.APPROVED_PARTIAL if part else CaseOutcome.APPROVED_FULL
            call = EffectCall(act, ctx, stand, planned, effect)
            decide(call, outcome, amount if isinstance(amount, int) else None)
            return
