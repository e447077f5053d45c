"""Clock events: attach, fulfil, cancel, resume. What they amount to is folded by `rules.clock`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bdesk.clock import to_iso
from bdesk.data.book.book import Book
from bdesk.data.refold import readings
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseKind, CaseState
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.context import Context
from bdesk.rules.walk.model import ClockVerb, Procedure
from bdesk.rules.walk.views import PlannedClock


def attach_event(
    act: Act,
    ctx: Context,
    clock: str,
    *,
    start_at: datetime | None = None,
    params: Mapping[str, object] | None = None,
) -> None:
    """Start a clock, from now or from when its matter was received.

    Raises BadInput("clock.unknown") for a kind the book does not have.
    """
    if clock not in ctx.book.clock_kinds:
        raise BadInput("clock.unknown", clock=clock)
    payload: dict[str, object] = {
        "clock": clock,
        "cycle": act.case.cycle,
        "start_at": to_iso(start_at or act.unit.now),
        "policy": act.case.policy_version,
        "calendar": act.case.calendar_version,
    }
    if params:
        payload["params"] = dict(params)
    act.add("clock.attached", payload)


def clocks_for(book: Book, kind: CaseKind) -> tuple[str, ...]:
    """The clocks that a case of this kind opens with: data of its procedure."""
    return tuple(move.kind for move in book.procedure_for(kind).opens if move.verb is ClockVerb.START)


def running_clocks(act: Act, ctx: Context) -> tuple[str, ...]:
    """Clocks of the present cycle that run or stand paused, this act's own events included."""
    act.unit.session.flush()
    found = readings(act.unit.session, act.case, ctx.book, act.unit.now)
    return tuple(
        one.kind
        for one in found
        if one.cycle == act.case.cycle and one.run in (RunState.RUNNING, RunState.PAUSED)
    )


def fulfil_event(act: Act, ctx: Context, clock: str) -> bool:
    """Stop a clock as met or late; False when it does not run."""
    if clock not in running_clocks(act, ctx):
        return False
    act.add("clock.fulfilled", {"clock": clock})
    return True


def cancel_events(act: Act, ctx: Context, reason: str, clocks: Iterable[str] | None = None) -> None:
    """Cancel clocks that still run (all desk clocks when none are named)."""
    for clock in running_clocks(act, ctx):
        kind = ctx.book.clock_kinds[clock]
        if (clocks is None and kind.drives == "desk") or (clocks is not None and clock in tuple(clocks)):
            act.add("clock.cancelled", {"clock": clock, "reason": reason})


def apply_opening(act: Act, ctx: Context, procedure: Procedure) -> None:
    """The clocks a case opens with, all from the receipt of its matter (SLA.md, Rules)."""
    for move in procedure.opens:
        if move.verb is ClockVerb.START:
            attach_event(act, ctx, move.kind, start_at=act.case.received_at)


def apply_moves(act: Act, ctx: Context, moves: Iterable[PlannedClock]) -> None:
    """What an answer of the walk does to clocks (procedures as data)."""
    for planned in moves:
        move, settings = planned.move, dict(planned.settings)
        match move.verb:
            case ClockVerb.START:
                since = settings.pop("since", None)
                start = since if isinstance(since, datetime) else None
                attach_event(act, ctx, move.kind, start_at=start, params=_plain(settings))
            case ClockVerb.FULFIL:
                fulfil_event(act, ctx, move.kind)
            case ClockVerb.CANCEL:
                cancel_events(act, ctx, str(settings.get("reason", "withdrawn")), (move.kind,))
            case ClockVerb.PAUSE:
                act.add("clock.paused", {"clocks": [move.kind], **_plain(settings)})
            case ClockVerb.RESUME:
                act.add("clock.resumed", {"reason": "agent", **_plain(settings)})


def _plain(settings: Mapping[str, object]) -> dict[str, object]:
    return {
        name: to_iso(value) if isinstance(value, datetime) else value
        for name, value in settings.items()
        if value is not None
    }


def attach(ctx: Context, case_id: int, clock: str, start_at: datetime | None = None) -> Changed:
    """Start a clock by hand. Raises NotAllowed("clock.runs_already") when one of its kind runs."""
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if clock in running_clocks(act, ctx):
            raise NotAllowed("clock.runs_already", clock=clock)
        attach_event(act, ctx, clock, start_at=start_at)
        return act.finish(ctx, "clock.attached", clock=clock)


def fulfil(ctx: Context, case_id: int, clock: str) -> Changed:
    """Stop a clock by hand. Raises NotAllowed("clock.not_running") when it does not run."""
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        if not fulfil_event(act, ctx, clock):
            raise NotAllowed("clock.not_running", clock=clock)
        return act.finish(ctx, "clock.fulfilled", clock=clock)


def cancel(ctx: Context, case_id: int, clock: str, reason: str) -> Changed:
    """Cancel a clock by hand, with its reason. Raises NotAllowed("clock.not_running")."""
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        if clock not in running_clocks(act, ctx):
            raise NotAllowed("clock.not_running", clock=clock)
        act.add("clock.cancelled", {"clock": clock, "reason": reason})
        return act.finish(ctx, "clock.cancelled", clock=clock)


def stopped_state(waits_for: str) -> CaseState:
    """The case state that goes with whom we wait for (B0.2)."""
    return CaseState.WAITING_CUSTOMER if waits_for == "customer" else CaseState.IN_TRANSIT
