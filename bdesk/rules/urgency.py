"""How a clock stands at an instant: the one rule behind every chip, row, alert and table (UX, SLA states).

It follows from instants alone, so that a list can tick without asking anybody, and it stands outside
`rules.clock` so that the first rows of the queue are painted without the book.
"""

from datetime import datetime

from bdesk.models.clock_kinds import SlaState


def states_at(
    now: datetime,
    due_at: datetime | None,
    due_from: datetime | None,
    now_from: datetime | None,
    *,
    stopped: bool = False,
) -> tuple[SlaState, ...]:
    """All states that a live clock shows at `now`, the one it is sorted by first.

    A clock that stands stopped after it was late is both (SLA.md, "pause after breach"): a stop from before
    the due time moves that time behind its own end, so due and stopped at once means late. Without a due
    time it is fine.
    """
    late = due_at is not None and now > due_at
    if stopped:
        return (SlaState.STOPPED, SlaState.OVER) if late else (SlaState.STOPPED,)
    if late:
        return (SlaState.OVER,)
    if now_from is not None and now >= now_from:
        return (SlaState.NOW,)
    if due_from is not None and now >= due_from:
        return (SlaState.DUE,)
    return (SlaState.FINE,)


def state_at(
    now: datetime,
    due_at: datetime | None,
    due_from: datetime | None,
    now_from: datetime | None,
    *,
    stopped: bool = False,
) -> SlaState:
    """The state a chip is coloured by: the first of `states_at`. Stopped stands before overdue, since only
    stopped clocks sort below."""
    return states_at(now, due_at, due_from, now_from, stopped=stopped)[0]


_FIRST = (SlaState.OVER, SlaState.NOW, SlaState.DUE, SlaState.FINE, SlaState.STOPPED)


def urgency(
    now: datetime,
    due_at: datetime | None,
    due_from: datetime | None,
    now_from: datetime | None,
    *,
    stopped: bool = False,
) -> tuple[int, bool, datetime]:
    """The key by which clocks compare: the more urgent state first, then what is due first; one without a
    due time presses nobody."""
    state = state_at(now, due_at, due_from, now_from, stopped=stopped)
    return _FIRST.index(state), due_at is None, due_at or now


def resumes_at(since: datetime, left: datetime, resume_at: datetime | None) -> tuple[datetime, bool]:
    """When a stop ends by itself: at `resume_at`, at the latest at `left`, where the kind's cap is used up;
    and whether it is the cap that ends it (SLA.md, "resume")."""
    if resume_at is not None and resume_at <= left:
        return max(resume_at, since), False
    return left, True


def stands(paused: bool, resumes: datetime | None, now: datetime) -> bool:
    """Whether a clock that was stopped until `resumes` still stands: it runs on by itself then, whether or
    not anybody has written that down."""
    return paused and (resumes is None or now < resumes)
