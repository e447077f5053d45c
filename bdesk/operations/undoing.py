"""Ctrl+Z: my newest act on this case, nothing after it, within 60 s (ARCHITECTURE, The journal)."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from bdesk.data.journal import events as events_of
from bdesk.data.journal import voided
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Stream
from bdesk.models.tables import CaseText, OutboxRow
from bdesk.models.views.changed import Changed
from bdesk.models.views.journal import Event
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.effects.recall import recall
from bdesk.operations.reversing import NEVER, reverse
from bdesk.operations.roles import must_may
from bdesk.rules.clock.known import VOIDING

UNDO_WINDOW = timedelta(seconds=60)
"""Of a person's own time, however fast the store's runs."""

# What people did that may be taken back; openings, calls, checks of identity and the system's own may not.
UNDOABLE = frozenset(
    {
        "case.claimed",
        "case.released",
        "case.taken_up",
        "case.put_aside",
        "case.raised",
        "case.handed_off",
        "case.converted",
        "case.merged",
        "case.migrated",
        "case.reopened",
        "case.priority",
        "case.reassigned",
        "case.taken_over",
        "clock.resumed",
        "clock.cancelled",
        "clock.fulfilled",
        "clock.attached",
        "clock.extended",
        "message.settled",
        "promise.made",
        "promise.kept",
        "note.added",
        "step.answered",
        "evidence.judged",
        "task.opened",
    }
)


def undo(ctx: Context, case_id: int) -> Changed:
    """Take back my newest act. A committed effect that is still held is recalled instead.

    Raises NotAllowed("undo.nothing"), ("undo.not_yours") when somebody acted after me, ("undo.too_late")
    after 60 s, ("undo.never") for an act that cannot be taken back, and what `recall` raises. A note's
    words come back in `Changed.words`.
    """
    must_may(ctx, "undoing.undo")
    with ctx.store.read() as session:
        head = _newest_act(ctx, events_of(session, Stream.CASE, case_id))[0]
        sent = select(OutboxRow.id).where(OutboxRow.commit_event_id == head.id).limit(1)
        leaves = session.scalars(sent).first() is not None
    # What sends something can be taken back while it is held, and not after that.
    if leaves or head.kind == "effect.committed":
        return recall(ctx, head.id)
    with ctx.store.write(ctx.actor.number) as unit:
        case = unit.case(case_id)
        stream = events_of(unit.session, Stream.CASE, case_id)
        found = _newest_act(ctx, stream)
        head = found[0]
        if head.kind not in UNDOABLE or any(event.kind in NEVER for event in found):
            raise NotAllowed("undo.never", kind=head.kind)
        if unit.now - head.recorded_at > unit.pace * UNDO_WINDOW:
            raise NotAllowed("undo.too_late", seconds=int(UNDO_WINDOW.total_seconds()))
        act = Act(unit, case)
        words = _written(unit, head)
        act.touched += reverse(unit, case, found, stream)
        act.add("undone", {"of": head.id, "voids": [event.id for event in found]})
        return replace(act.finish(ctx, "undo.done", undo=False, kind=head.kind), words=words)


def _written(unit: Unit, head: Event) -> str:
    """The words of a note: it was taken back to be written better, not to be typed again."""
    if head.kind != "note.added":
        return ""
    row = unit.session.get(CaseText, head.payload["text"])
    return row.body if row is not None else ""


def _newest_act(ctx: Context, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events of the newest act on the case, its head first."""
    gone = voided(events)
    live = [event for event in events if event.id not in gone and event.kind not in VOIDING]
    if not live:
        raise NotAllowed("undo.nothing")
    newest = live[-1]
    cause = newest.payload.get("cause")
    head_id = cause if isinstance(cause, int) else newest.id
    if newest.actor != ctx.actor.number:
        raise NotAllowed("undo.not_yours", by=newest.actor, kind=newest.kind)
    found = tuple(event for event in live if event.id == head_id or event.payload.get("cause") == head_id)
    if not found or found[0].id != head_id:
        raise NotAllowed("undo.nothing")
    return found
