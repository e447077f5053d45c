"""Facts about the case itself. Unions of words: domain facts X3, X8; B0.2."""

from datetime import datetime

from bdesk.models.clock_kinds import PauseReason, RunState
from bdesk.models.kinds import Channel
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.cases import duplicates, earlier_cases, letters_of_cycle, stands
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import all_chosen, chosen, items_text
from bdesk.rules.walk.values import UNKNOWN, FactValue

CHANNELS = {Channel.FEEDBACK_CENTER: "feedback_form"}
"""Where the word of a procedure is not the stored one: both take the customer's own words."""

EVIDENCE_LETTERS = frozenset({"N4"})
"""Letters that ask for material (B0.9)."""


def evidence_letters(snapshot: Snapshot) -> list[datetime]:
    """When letters asking for material were written in this cycle, oldest first; a reminder is none."""
    written = (each for each in letters_of_cycle(snapshot) if each.letter in EVIDENCE_LETTERS)
    return sorted(each.written_at for each in written if not each.reminder)


@fact("case.no")
def _no(context: FactContext) -> FactValue:
    return context.snapshot.case.case_no


@fact("case.kind")
def _kind(context: FactContext) -> FactValue:
    return context.snapshot.case.kind.value


@fact("case.channel")
def _channel(context: FactContext) -> FactValue:
    channel = context.snapshot.case.channel
    return CHANNELS.get(channel, channel.value)


@fact("case.reason")
def _reason(context: FactContext) -> FactValue:
    reason = context.snapshot.case.reason
    return None if reason is None else reason.value


@fact("case.priority")
def _priority(context: FactContext) -> FactValue:
    return context.snapshot.case.priority


@fact("case.received_at")
def _received_at(context: FactContext) -> FactValue:
    return context.snapshot.case.received_at


@fact("case.due_at")
def _due_at(context: FactContext) -> FactValue:
    running = (
        clock.due_at
        for clock in context.snapshot.clocks
        if clock.run is RunState.RUNNING and clock.drives == "desk" and clock.due_at is not None
    )
    return min(running, default=None)


@fact("case.due_word")
def _due_word(context: FactContext) -> FactValue:
    due_at = _due_at(context)
    if not isinstance(due_at, datetime):
        return None
    return "passed" if due_at <= context.snapshot.now else "to_come"


@fact("case.stoppable_clock")
def _stoppable_clock(context: FactContext) -> FactValue:
    found = [
        (clock.due_at, clock.kind)
        for clock in context.snapshot.clocks
        if clock.run is RunState.RUNNING
        and clock.drives == "desk"
        and clock.due_at is not None
        and clock.kind in context.clock_kinds
        and PauseReason.CUSTOMER_MATERIAL in context.clock_kinds[clock.kind].pauses
    ]
    return min(found)[1] if found else None


@fact("case.duplicate_no")
def _duplicate_no(context: FactContext) -> FactValue:
    others = duplicates(context.snapshot)
    return others[0].case_no if others else None


@fact("case.part_only")
def _part_only(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return not all_chosen(context.snapshot)


@fact("case.items_text")
def _items_text(context: FactContext) -> FactValue:
    if context.snapshot.order is None:
        return UNKNOWN
    return items_text((one.item.name, one.quantity) for one in chosen(context.snapshot))


@fact("case.evidence_rounds")
def _evidence_rounds(context: FactContext) -> FactValue:
    return len(evidence_letters(context.snapshot))


@fact("case.reapply_count")
def _reapply_count(context: FactContext) -> FactValue:
    return context.snapshot.history.reapplications


@fact("case.previous_no")
def _previous_no(context: FactContext) -> FactValue:
    earlier = earlier_cases(context.snapshot)
    if earlier:
        return earlier[-1].case_no
    # A re-application opens the next cycle of the same case.
    return context.snapshot.case.case_no if context.snapshot.case.cycle > 1 else None


@fact("case.decided_by_me")
def _decided_by_me(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    decided = [one for one in snapshot.decisions if stands(one)]
    earlier = {one.by for one in decided if one.cycle < snapshot.case.cycle}
    earlier |= {one.decided_by for one in earlier_cases(snapshot) if one.decided_by is not None}
    # Before the next cycle is opened, the decision at hand is the one to be contested.
    return snapshot.actor.number in (earlier or {one.by for one in decided})


@fact("case.other_reviewer_free")
def _other_reviewer_free(context: FactContext) -> FactValue:
    others = context.snapshot.other_reviewers
    return UNKNOWN if others is None else others > 0


@fact("case.decided")
def _decided(context: FactContext) -> FactValue:
    snapshot = context.snapshot
    return any(stands(one) for one in snapshot.decisions if one.cycle == snapshot.case.cycle)
