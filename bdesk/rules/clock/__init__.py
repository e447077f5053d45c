"""The clocks of a case: a pure function of its events, the pinned policy and calendar, and now (SLA.md).

Nothing is counted by ticking. `fold` reads a case's events into readings; `due` counts a clock that
has no case yet; `explain` says why. Nothing here knows rows, files, time or language of its own.

Events that clocks read, on the stream "case"; instants are ISO 8601, `?` marks what may be missing:

    clock.attached    clock, start_at, policy, calendar, cycle?, params?   `calendar` is a version
                      late?, pauses?   of the clock of another case that it goes on from: when that was
                      breached, and its stops, each {since, until, reason, who}
    clock.paused      reason, who?, resume_at?, clocks?                    absent: all that allow the reason
    clock.resumed     reason? (agent customer | resume_at pause_cap), clocks?
                      the last two only record what was so by itself, and change nothing
    clock.fulfilled   clock, number?, cycle?, by? (human | receipt note system)
    clock.cancelled   clock, reason, number?, cycle?
    clock.extended    clock, due_at, reason, by_role, number?, cycle?      earlier dates change nothing
    clock.superseded  clock, by (kind), number?, by_number?, cycle?        in one transaction with its heir
    clock.breached    clock, at, number?, cycle?                           a record; cannot be taken back
    clock.excused     clock, reason? or text?, number?, cycle?             only marks a breach
    clock.repinned    clock, calendar, number?, cycle?                     calendar data arrived
    case.closed       ends what still runs, as the kind's `on_close` says
    case.reopened     cycle?                                               later events are of that cycle
    undone            of                                                   also voids what `of` caused
    effect.recalled   of, voids?                                           also voids what `of` caused
    contact.inbound, customer.*                                            the customer stirred

An act happens at its `occurred_at`; what the journal did not yet hold when a due time passed cannot
prevent the breach. Without `number` an act is about the oldest living clock of the kind, a breach or an
excuse about the newest. `number` counts the attachments of one kind in one cycle, from 1. Events with
the `cause` of a voided event are void too.
"""

from bdesk.rules.clock.calendar import Calendar, Day, WorkingDays
from bdesk.rules.clock.count import Due, Pause, Segment, due
from bdesk.rules.clock.explaining import Line, explain
from bdesk.rules.clock.folding import fold
from bdesk.rules.clock.kind import ClockKind, Length, Setting, SettingType, Target, Words, target_of
from bdesk.rules.clock.ranking import DEFAULT_ORDER, NextRule, Rank, leading, take_next_rank
from bdesk.rules.clock.reading import Excuse, Reading, Stopped
from bdesk.rules.clock.thresholds import Mark, thresholds

__all__ = [
    "DEFAULT_ORDER",
    "Calendar",
    "ClockKind",
    "Day",
    "Due",
    "Excuse",
    "Length",
    "Line",
    "Mark",
    "NextRule",
    "Pause",
    "Rank",
    "Reading",
    "Segment",
    "Setting",
    "SettingType",
    "Stopped",
    "Target",
    "Words",
    "WorkingDays",
    "due",
    "explain",
    "fold",
    "leading",
    "take_next_rank",
    "target_of",
    "thresholds",
]
