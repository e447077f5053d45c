"""Extensions: another date for a clock whose kind allows one, on the record with its reason.

The first by whoever holds the case, the second by a supervisor, and no third (SLA.md, "extension"; S2:40).
The first due time stays readable, and a breach can never be taken back by one.
"""

from datetime import datetime

from bdesk.clock import to_iso
from bdesk.data.book.adopted import adopted
from bdesk.data.journal import events
from bdesk.data.refold import pins_of
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Stream
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.clocks import living_clocks
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may, role_now
from bdesk.rules.clock import Calendar, ClockKind, Reading, target_of
from bdesk.rules.clock.planning import next_due, why_not_extended
from bdesk.rules.limits import Allowed, LimitContext, decide

ACTION = "clock_extend"


def extend(ctx: Context, case_id: int, clock: str, reason: str, until: datetime | None = None) -> Changed:
    """Give a running clock another due time: `until`, or what one extension of its kind gives, which is also
    the latest.

    Raises NotAllowed: "clock.not_running"; "clock.never_extended" for a kind without extension;
    "clock.extend_late" past the due time; "clock.extended_twice"; "clock.extend_again" for a second one by
    less than a supervisor; "case.not_yours" for a first one on a colleague's case. Raises
    BadInput("clock.extend_until") for a date that is not later, or too late.
    """
    must_may(ctx, "extending.extend")
    reason = check_text(reason, longest=200)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        due_at = extend_event(act, ctx, clock, reason, until)
        return act.finish(ctx, "clock.extended", clock=clock, due_at=due_at)


def extend_event(act: Act, ctx: Context, clock: str, reason: str, until: datetime | None = None) -> datetime:
    """The event of an extension inside an act, and the new due time. Raises what `extend` does."""
    reading = next((one for one in living_clocks(act, ctx) if one.kind == clock), None)
    if reading is None:
        raise NotAllowed("clock.not_running", clock=clock)
    kind, calendar = _pinned(act, ctx, reading)
    why = why_not_extended(reading, kind, act.unit.now)
    latest = next_due(reading, kind, calendar)
    if why or latest is None:
        raise NotAllowed(why, clock=clock)
    _may_extend(act, ctx, reading)
    due_at = until or latest.due_at
    if not reading.due_at < due_at <= latest.due_at:
        raise BadInput("clock.extend_until", until=due_at, latest=latest.due_at)
    text, digest = act.unit.text(act.case, "extension", reason)
    act.add(
        "clock.extended",
        {
            "clock": clock,
            "number": reading.number,
            "cycle": reading.cycle,
            "due_at": to_iso(due_at),
            "by_role": role_now(ctx).value,
            "text": text.id,
            "digest": digest,
        },
    )
    return due_at


def _pinned(act: Act, ctx: Context, reading: Reading) -> tuple[ClockKind, Calendar]:
    """The kind and the calendar in the versions that the clock is pinned to."""
    session = act.unit.session
    book = ctx.book.with_versions(session, *pins_of(events(session, Stream.CASE, act.case_id)))
    kind = book.clock_kinds.get(f"{reading.kind}@{reading.policy}") or book.clock_kinds[reading.kind]
    code = target_of(kind, reading.params).length.calendar
    return kind, book.calendars.get(f"{code}@{reading.calendar}") or book.calendars[code]


def _may_extend(act: Act, ctx: Context, reading: Reading) -> None:
    matrix = adopted(act.unit.session).limits
    chief = decide(ACTION, role_now(ctx), 0, (), LimitContext(), matrix).allowed is Allowed.DECIDE
    if reading.moves and not chief:
        raise NotAllowed("clock.extend_again", clock=reading.kind)
    if not chief and act.case.owner_id != ctx.actor.id:
        raise NotAllowed("case.not_yours", case_no=act.case.case_no)
