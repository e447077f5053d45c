"""What was said about a request that waits for a second person: who read it, what risk was asked and
answered, to whom it was passed on; who may decide it then, and why it was asked for (B0.7).

Values in, values out. The matrix itself is asked by `rules.limits`, with the facts of the case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bdesk.models.kinds import Role
from bdesk.models.views.journal import Event
from bdesk.models.views.queue import QueueRow
from bdesk.models.views.snapshot import ApprovalView
from bdesk.models.views.supervision import WaitingRequest
from bdesk.rules.ladder import RAISE_TO, may_raise, stands_at
from bdesk.rules.limits import Allowed, LimitReason, Limits, limit_of
from bdesk.rules.urgency import urgency

READ = "approval.read"
RISK_ASKED = "approval.risk_asked"
RISK_ANSWERED = "approval.risk_answered"
PASSED_ON = "approval.passed_on"
TALK = (READ, RISK_ASKED, RISK_ANSWERED, PASSED_ON)
"""The kinds of event in which all of this stands; no row repeats them."""

SITTING = timedelta(hours=12)
"""A request that was read so long ago was not read in this sitting, whenever that began."""

_ANY_BASE_FEN = 10**12
"""A price that is not known here: the lists ask with the widest ceiling, the decision with the real one."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody said: `text` is the number of the text, `event` of the event."""

    by: str
    at: datetime
    text: int | None
    event: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody opened the request; `facts` is the digest of what it was bound to then."""

    at: datetime
    facts: str
    event: int


@dataclass(frozen=True, slots=True)
class Talk:
    """`raised_to` is the level that decides since it was passed on, `raised_by` whoever did so last."""

    raised_to: str | None = None
    raised_by: str | None = None
    raised: Said | None = None
    question: Said | None = None
    answer: Said | None = None
    read: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def waits_for_risk(self) -> bool:
        """Whether a question to risk has no answer yet."""
        return self.question is not None and (self.answer is None or self.answer.event < self.question.event)


NOTHING_SAID = Talk()


def talks(events: Iterable[Event]) -> dict[int, Talk]:
    """What was said about each request, by its number; the events in the order of the journal."""
    found: dict[int, Talk] = {}
    for event in events:
        number = event.payload.get("approval")
        if event.kind in TALK and isinstance(number, int):
            found[number] = _heard(found.get(number, NOTHING_SAID), event)
    return found


def _heard(talk: Talk, event: Event) -> Talk:
    if event.kind == READ:
        facts = str(event.payload.get("facts", ""))
        return replace(talk, read={**talk.read, event.actor: Reading(event.recorded_at, facts, event.id)})
    text = event.payload.get("text")
    said = Said(event.actor, event.recorded_at, text if isinstance(text, int) else None, event.id)
    if event.kind == RISK_ASKED:
        return replace(talk, question=said)
    if event.kind == RISK_ANSWERED:
        return replace(talk, answer=said)
    return replace(talk, raised_to=str(event.payload.get("to")), raised_by=event.actor, raised=said)


def was_read(talk: Talk, number: str, facts: str, since: datetime) -> bool:
    """Whether this person has opened the request since then, with these facts, and heard all that others
    have said about it."""
    found = talk.read.get(number)
    if found is None or found.facts != facts or found.at < since:
        return False
    others = (said for said in (talk.raised, talk.question, talk.answer) if said is not None)
    return all(said.event < found.event for said in others if said.by != number)


def has_moved(talk: Talk, number: str, facts: str, since: datetime) -> bool:
    """Whether this person has opened the request since then and found other facts than it was asked with: it
    lapses whatever is decided, and opening it again changes nothing."""
    found = talk.read.get(number)
    return found is not None and found.facts != facts and found.at >= since


def sitting_began(signed_in: datetime | None, now: datetime) -> datetime:
    """From when on what was read counts as read in this sitting."""
    longest = now - SITTING
    return longest if signed_in is None else max(signed_in, longest)


def is_for(talk: Talk, role: Role, number: str) -> bool:
    """Whether a request that was passed on was passed to this person: somebody at that level, and never
    whoever passed it on."""
    if talk.raised_to is None:
        return True
    return stands_at(role, Role(talk.raised_to)) and talk.raised_by != number


def may_pass(talk: Talk, to: str) -> bool:
    """Whether passing it to `to` is a step: up, or over to risk and back, never down (`rules.ladder`)."""
    return to in RAISE_TO and may_raise(talk.raised_to, to)


def level_decides(request: ApprovalView, to: str, limits: Limits) -> bool:
    """Whether somebody at this level could decide it, as the matrix has it for its sum and flags: a request
    is passed to nobody who may only read it."""
    if request.action not in limits.rows:
        return to != Role.RISK.value
    return any(
        most is None or (most > 0 and (request.amount_fen or 0) <= most)
        for role in Role
        if role is not Role.ADMIN and stands_at(role, Role(to))
        for most in (limit_of(request.action, role, request.flags, _ANY_BASE_FEN, limits),)
    )


def not_there(request: ApprovalView, to: str, limits: Limits) -> str | None:
    """The code of why a request is not passed to this level, or None."""
    if level_decides(request, to, limits):
        return None
    return "approval.not_for_risk" if to == Role.RISK.value else "approval.not_for_level"


def why_asked(request: ApprovalView, limits: Limits) -> LimitReason:
    """Why it takes somebody else, as the matrix has it: for a list, before the facts are looked at."""
    row = limits.rows.get(request.action)
    if row is None:
        return LimitReason.PROPOSE_ONLY
    if row.two_persons:
        return LimitReason.SECOND_PERSON
    if any(not rule.any_of.isdisjoint(request.flags) for rule in row.flag_rules):
        return LimitReason.FLAGGED
    ceilings = any(cell.may is Allowed.DECIDE and cell.ceiling is not None for cell in row.cells.values())
    return LimitReason.ABOVE if ceilings and request.amount_fen else LimitReason.PROPOSE_ONLY


def hindrance(request: ApprovalView, talk: Talk, role: Role, number: str, limits: Limits) -> str | None:
    """The code of what keeps this person from deciding, as far as the request itself tells, or None.

    The decision asks everything, with the facts of the case; a list greys by this.
    """
    if request.requested_by == number:
        return "approval.own"
    if not is_for(talk, role, number):
        return "approval.passed_on"
    if request.action not in limits.rows:
        return "limits.above" if role is Role.SENIOR else None
    most = limit_of(request.action, role, request.flags, _ANY_BASE_FEN, limits)
    if most is not None and (most == 0 or (request.amount_fen or 0) > most):
        return "limits.above"
    return None


def pressing(one: WaitingRequest, now: datetime) -> tuple[QueueRow | None, tuple[int, bool, datetime]]:
    """What presses on who decides, and how much (`urgency.urgency`): the clock that leads the case, then with
    its row, or the end of the request, then without. A stopped clock presses nobody."""
    lapses = urgency(now, one.row.approval.lapses_at, one.due_from_at, one.now_from_at)
    row = one.case
    if row is None or row.stopped or row.due_at is None:
        return None, lapses
    own = urgency(now, row.due_at, row.due_from_at, row.now_from_at)
    return (row, own) if own < lapses else (None, lapses)
