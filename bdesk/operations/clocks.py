"""Clock events: attach, fulfil, cancel, resume. What they amount to is folded by `rules.clock`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from bdesk.clock import to_iso
from bdesk.data import journal
from bdesk.data.refold import readings
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import Drives, EndReason, OnClose, RunState
from bdesk.models.kinds import CaseOutcome, CaseState, Stream
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.context import SYSTEM, Context
from bdesk.operations.roles import must_may
from bdesk.rules.clock import Reading, known
from bdesk.rules.clock.handing import Handover
from bdesk.rules.clock.pausing import brought
from bdesk.rules.clock.planning import again
from bdesk.rules.clock.track import UNTOLD
from bdesk.rules.walk.model import ClockVerb, Procedure, opening
from bdesk.rules.walk.views import PlannedClock

ARRIVAL = "refund_arrival"
"""The clock of money on its way: it is met when the money arrives, and never by closing the case."""

_LIVING = (RunState.RUNNING, RunState.PAUSED)


def attach_event(
    act: Act,
    ctx: Context,
    clock: str,
    *,
    start_at: datetime | None = None,
    params: Mapping[str, object] | None = None,
    since: Handover | None = None,
) -> None:
    """Start a clock, from now or from when its matter was received.
    `since`: it goes on from another one, whose stops and breach it brings along.

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
    if since is not None and since.late is not None:
        payload["late"] = to_iso(since.late)
    if since is not None and since.pauses:
        payload["pauses"] = [brought(pause) for pause in since.pauses]
    act.started.add(clock)
    act.add("clock.attached", payload)


def next_number(act: Act, clock: str) -> int:
    """The number that the next clock of this kind gets in this cycle; one that was taken back keeps its."""
    stream = journal.events(act.unit.session, Stream.CASE, act.case_id)
    cycle = act.case.cycle
    same = (one for one in stream if one.kind == known.ATTACHED and one.payload.get("clock") == clock)
    return 1 + sum(one.payload.get("cycle", 1) == cycle for one in same)


def hand_on(act: Act, ctx: Context, found: Handover) -> int:
    """Attach a clock that goes on from another one, with its stops and extensions; the number by which acts
    name it."""
    number = next_number(act, found.kind)
    attach_event(act, ctx, found.kind, start_at=found.start_at, params=found.params, since=found)
    name = {"clock": found.kind, "number": number, "cycle": act.case.cycle}
    for move in found.moves:
        act.add(
            "clock.extended",
            {**name, "due_at": to_iso(move.due_at), "by_role": move.by_role},
            occurred_at=move.at,
        )
    if found.replaces is not None:
        gone = {"clock": found.kind, "number": found.replaces.number, "cycle": found.replaces.cycle}
        act.add("clock.superseded", {**gone, "by": found.kind, "by_number": number})
    return number


def running_clocks(act: Act, ctx: Context) -> tuple[str, ...]:
    """Clocks that run or stand paused, this act's own events included; those that outlived an earlier
    cycle (a promise, a regulator's date) among them."""
    return tuple(one.kind for one in living_clocks(act, ctx))


def living_clocks(act: Act, ctx: Context) -> tuple[Reading, ...]:
    """Readings of the clocks that run or stand paused, of whatever cycle."""
    act.unit.session.flush()
    found = readings(act.unit.session, act.case, ctx.book, act.unit.now)
    return tuple(one for one in found if one.run in _LIVING)


def fulfil_event(act: Act, ctx: Context, clock: str) -> bool:
    """Stop a clock as met or late; False when it does not run."""
    if clock not in running_clocks(act, ctx):
        return False
    act.add("clock.fulfilled", {"clock": clock})
    return True


def answer_events(act: Act, ctx: Context) -> None:
    """A person has answered the customer, by letter or in a call: what waited for that is met (SLA.md)."""
    if act.unit.actor == SYSTEM:
        return
    for clock in running_clocks(act, ctx):
        if ctx.book.clock_kinds[clock].human_only:
            act.add("clock.fulfilled", {"clock": clock})


def end_clocks(act: Act, ctx: Context, outcome: CaseOutcome) -> None:
    """What closing does to the desk clocks that still run, except those that outlive a case (a promise).

    An outcome that was told to the customer meets what its kind says it meets, a result or an answer; a
    matter withdrawn, merged or without contact cancels them, with that reason (SLA.md, fulfil and cancel).
    """
    untold = UNTOLD.get(outcome.value)
    for clock in running_clocks(act, ctx):
        kind = ctx.book.clock_kinds[clock]
        if kind.drives is not Drives.DESK or kind.on_close is OnClose.KEEP:
            continue
        if untold is None and kind.on_close is OnClose.FULFIL:
            act.add("clock.fulfilled", {"clock": clock})
        else:
            act.add("clock.cancelled", {"clock": clock, "reason": (untold or EndReason.CLOSED).value})


def cancel_events(act: Act, ctx: Context, reason: str, clocks: Iterable[str]) -> None:
    """Cancel those of these clocks that still run."""
    wanted = frozenset(clocks)
    for clock in running_clocks(act, ctx):
        if clock in wanted:
            act.add("clock.cancelled", {"clock": clock, "reason": reason})


def opening_clocks(case: Case, procedure: Procedure) -> dict[str, Mapping[str, object]]:
    """The clocks a case of its kind, channel and priority opens with, and their settings: data."""
    moves = opening(procedure, case.kind.value, case.channel.value, case.priority)
    return {move.kind: dict(move.literals) for move in moves}


def apply_opening(act: Act, ctx: Context, procedure: Procedure) -> None:
    """The clocks a case opens with, all from the receipt of its matter (SLA.md, Rules)."""
    for clock, params in opening_clocks(act.case, procedure).items():
        attach_event(act, ctx, clock, start_at=act.case.received_at, params=params)


def rearm(act: Act, ctx: Context, living: Collection[str]) -> None:
    """The clocks of a new cycle, all from now; those `living` still outlived the one before and go on."""
    wanted = opening_clocks(act.case, ctx.book.procedure_for(act.case.kind))
    for clock in again(wanted, ctx.book.clock_kinds):
        if clock not in living:
            attach_event(act, ctx, clock, params=wanted[clock])


def apply_moves(act: Act, ctx: Context, moves: Iterable[PlannedClock]) -> None:
    """What an answer of the walk does to clocks (procedures as data)."""
    for planned in moves:
        move, settings = planned.move, dict(planned.settings)
        match move.verb:
            case ClockVerb.START if move.kind in act.started:
                continue
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
    must_may(ctx, "clocks.attach")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        if clock in running_clocks(act, ctx):
            raise NotAllowed("clock.runs_already", clock=clock)
        attach_event(act, ctx, clock, start_at=start_at)
        return act.finish(ctx, "clock.attached", clock=clock)


def fulfil(ctx: Context, case_id: int, clock: str) -> Changed:
    """Stop a clock by hand, which waives what it asks for: a supervisor or above (B0.7).

    Raises NotAllowed("clock.not_running") when it does not run.
    """
    must_may(ctx, "clocks.fulfil")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        if not fulfil_event(act, ctx, clock):
            raise NotAllowed("clock.not_running", clock=clock)
        return act.finish(ctx, "clock.fulfilled", clock=clock)


def cancel(ctx: Context, case_id: int, clock: str, reason: str) -> Changed:
    """Cancel a clock by hand, with its reason: a supervisor or above (B0.7).

    Raises NotAllowed("clock.not_running").
    """
    must_may(ctx, "clocks.cancel")
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        if clock not in running_clocks(act, ctx):
            raise NotAllowed("clock.not_running", clock=clock)
        act.add("clock.cancelled", {"clock": clock, "reason": reason})
        return act.finish(ctx, "clock.cancelled", clock=clock)


def stopped_state(waits_for: str) -> CaseState:
    """The case state that goes with whom we wait for (B0.2)."""
    return CaseState.WAITING_CUSTOMER if waits_for == "customer" else CaseState.IN_TRANSIT
