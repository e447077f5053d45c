"""Deciding approvals: maker is never checker, by person; bound to the facts, lapsing after 24 h (B0.7).

Before that: reading the request, asking risk, passing it on to a higher level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bdesk.data.journal import events, voided
from bdesk.data.queries.supervision import signed_in_at
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, DeskError, NotAllowed, StoreProblem
from bdesk.models.kinds import ApprovalState, Role, Stream
from bdesk.models.tables import Approval, Case
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_be_apart
from bdesk.operations.change import APPROVAL_WAITS, Act, woken
from bdesk.operations.clocks import fulfil_event
from bdesk.operations.context import Context
from bdesk.operations.effects import documents as papers
from bdesk.operations.effects.account import begin_cooling
from bdesk.operations.effects.appeals import must_not_have_touched
from bdesk.operations.effects.limits import bound_digest, judged_at, spent_fen
from bdesk.operations.lapsing import lapsed_by
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may, role_now
from bdesk.operations.staff.people import sign_in
from bdesk.operations.standing import Standing, standing
from bdesk.rules import account, documents, requests, unfreeze
from bdesk.rules.ladder import RAISE_TO
from bdesk.rules.limits import Allowed, Proposer
from bdesk.rules.requests import NOTHING_SAID, Talk, talks

VERDICTS = {
    "approve": ApprovalState.APPROVED,
    "refuse": ApprovalState.REFUSED,
    "return": ApprovalState.RETURNED,
}
OWN_PASSWORD = frozenset({unfreeze.ACTION, account.ACTION})
"""Actions that are decided one by one with one's own password, typed again, and with a reason (P6, WU8; P8):
who holds the telephone of an account holds the account."""


def decide(
    ctx: Context, approval_id: int, verdict: str, words: str = "", *, password: str | None = None
) -> Changed:
    """Approve, refuse, or send back with a question.

    `password`: the decider's own, for what is decided with it (`OWN_PASSWORD`); it is compared like at the
    door, where wrong ones count and wait: BadInput("approval.password") without one,
    NotAllowed("approval.password_wrong"), and what else `sign_in` raises. Raises NotAllowed("approval.own")
    for one's own request or matter, ("approval.lapsed") when its time is over or its facts are others (it is
    then marked as lapsed), ("limits.above") when it is above the decider too, ("approval.passed_on") when it
    was passed on to somebody else, ("approval.risk_waits") for a yes before risk has answered what it was
    asked. Refusing and returning need words, and so does whatever is decided with a password:
    BadInput("approval.no_words").
    """
    state = _verdict(verdict)
    words = _words(state, words)
    _must_be_oneself(ctx, approval_id, password)
    return _decided(ctx, approval_id, state, words)


def _verdict(verdict: str) -> ApprovalState:
    state = VERDICTS.get(verdict)
    if state is None:
        raise BadInput("approval.verdict", verdict=verdict, known=", ".join(VERDICTS))
    return state


def _words(state: ApprovalState, words: str) -> str:
    if words.strip():
        return check_text(words, longest=400)
    if state is not ApprovalState.APPROVED:
        raise BadInput("approval.no_words")
    return ""


def _decided(
    ctx: Context, approval_id: int, state: ApprovalState, words: str, *, read_since: datetime | None = None
) -> Changed:
    """`read_since`: only if this person has read the request since then, as it is now."""
    with ctx.store.write(ctx.actor.number) as unit:
        row = _waiting(unit, approval_id)
        act = Act(unit, unit.case(row.case_id))
        stand = standing(unit.session, ctx, row.case_id, unit.now)
        lapsed = lapsed_by(unit.session, stand, row)
        if lapsed is None:
            talk = _talk(unit.session, row)
            _may_decide(unit.session, ctx, stand, row, act.case, talk)
            _must_be_heard(ctx, talk, state)
            _must_say_why(stand, row, state, words)
            if row.action == documents.ACTION and state is ApprovalState.APPROVED:
                papers.must_be_seen(unit.session, ctx, stand, row)
            if read_since is not None:
                _must_be_read(ctx, stand, row, talk, read_since)
        else:
            must_may(ctx, "approvals.decide")
        row.state = ApprovalState.LAPSED if lapsed else state
        row.decided_by, row.decided_at = ctx.actor.number, unit.now
        row.question = words or None
        act.add(
            "approval.lapsed" if lapsed else "approval.decided",
            {"approval": row.id, "state": row.state.value, "why": lapsed or ""},
            columns=woken(act.case, APPROVAL_WAITS),
        )
        fulfil_event(act, ctx, "approval")
        if row.action == account.ACTION and row.state is ApprovalState.APPROVED:
            begin_cooling(act, row)
        papers.settle(act, ctx, row)
        changed = act.finish(ctx, "approval.done", undo=False, state=row.state.value)
    if lapsed is not None:
        raise NotAllowed("approval.lapsed", why=lapsed, case_no=changed.case_no)
    return changed


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one of many requests: its new state, or why it was not decided."""

    approval_id: int
    case_no: str
    state: ApprovalState | None = None
    refused: DeskError | None = None


def decide_many(
    ctx: Context, approval_ids: Sequence[int], verdict: str, words: str = "", *, count: int, total_fen: int
) -> tuple[Judged, ...]:
    """Decide several requests, each judged alone as by `decide`; the answer is per item, in their order.

    `count` and `total_fen` are what the decider retyped. Raises BadInput("approval.count"), ("approval.sum")
    when they are not those of the requests, ("approval.verdict"), ("approval.no_words");
    NotAllowed("approval.one_by_one") with one of `OWN_PASSWORD` among them, ("approval.unknown"). An item
    is refused as `decide` refuses it, and with NotAllowed("approval.unread") where the decider has not opened
    the request in this sitting, as it is now.
    """
    state = _verdict(verdict)
    must_may(ctx, "approvals.decide_many")
    words = _words(state, words)
    ids = tuple(dict.fromkeys(approval_ids))
    if not ids or count != len(ids):
        raise BadInput("approval.count", count=len(ids), typed=count)
    with ctx.store.read() as session:
        found = {row.id: row for row in session.scalars(select(Approval).where(col(Approval.id).in_(ids)))}
        numbers = {one.id: one.case_no for one in session.scalars(
            select(Case).where(col(Case.id).in_({row.case_id for row in found.values()}))
        )}  # fmt: skip
        since = requests.sitting_began(signed_in_at(session, ctx.actor.number), ctx.store.now())
        for one in ids:
            if one not in found:
                raise NotAllowed("approval.unknown", number=one)
        if any(row.action in OWN_PASSWORD for row in found.values()):
            raise NotAllowed("approval.one_by_one")
        total = sum(row.amount_fen or 0 for row in found.values())
        cases = {one: numbers[found[one].case_id] for one in ids}
    if total_fen != total:
        raise BadInput("approval.sum", amount_fen=total)
    return tuple(_judged(ctx, one, cases[one], state, words, since) for one in ids)


def _judged(
    ctx: Context, approval_id: int, case_no: str, state: ApprovalState, words: str, since: datetime
) -> Judged:
    try:
        _decided(ctx, approval_id, state, words, read_since=since)
    except StoreProblem:
        raise
    except DeskError as refused:
        # Whatever became of one of them, the answers of the others stand and are told.
        return Judged(approval_id, case_no, refused=refused)
    return Judged(approval_id, case_no, state)


def read_request(ctx: Context, approval_id: int) -> Changed:
    """Keep that this person has opened the request, with the facts it is bound to as they are now; once in a
    sitting, until something about it is another.

    Raises NotAllowed("role.cannot_approve") for who decides nothing, and what a request that is not there or
    is decided raises.
    """
    must_may(ctx, "approvals.read_request")
    with ctx.store.write(ctx.actor.number) as unit:
        row = _waiting(unit, approval_id)
        act = Act(unit, unit.case(row.case_id))
        facts = bound_digest(standing(unit.session, ctx, row.case_id, unit.now), row.action)
        since = requests.sitting_began(signed_in_at(unit.session, ctx.actor.number), unit.now)
        if requests.was_read(_talk(unit.session, row), ctx.actor.number, facts, since):
            return Changed(cases=(row.case_id,), case_id=row.case_id, case_no=act.case.case_no)
        act.add(requests.READ, {"approval": row.id, "facts": facts})
        return act.finish(ctx, "", undo=False)


def ask_risk(ctx: Context, approval_id: int, words: str) -> Changed:
    """Ask risk about a request before deciding it. It goes on waiting, and lapses no later for that; nobody
    but risk approves it before the answer.

    Raises what `decide` raises for somebody who could not decide it, NotAllowed("role.cannot_ask_risk"),
    ("approval.lapsed"), ("approval.risk_asked") while a question has no answer;
    BadInput("approval.no_words").
    """
    must_may(ctx, "approvals.ask_risk")
    words = _words(ApprovalState.RETURNED, words)
    with ctx.store.write(ctx.actor.number) as unit:
        row = _waiting(unit, approval_id)
        act = Act(unit, unit.case(row.case_id))
        talk = _talk(unit.session, row)
        stand = _must_stand(unit, ctx, row)
        _may_decide(unit.session, ctx, stand, row, act.case, talk)
        if talk.waits_for_risk:
            raise NotAllowed("approval.risk_asked")
        _say(act, row, requests.RISK_ASKED, words)
        return act.finish(ctx, "approval.risk_asked_for", undo=False)


def answer_risk(ctx: Context, approval_id: int, words: str) -> Changed:
    """The answer of risk, in words; who asked decides with it.

    Raises NotAllowed("role.only_risk"), ("approval.own"), ("approval.risk_not_asked"), ("approval.lapsed");
    BadInput("approval.no_words").
    """
    must_may(ctx, "approvals.answer_risk")
    words = _words(ApprovalState.RETURNED, words)
    with ctx.store.write(ctx.actor.number) as unit:
        row = _waiting(unit, approval_id)
        act = Act(unit, unit.case(row.case_id))
        _must_be_anothers(ctx, _must_stand(unit, ctx, row), row)
        if not _talk(unit.session, row).waits_for_risk:
            raise NotAllowed("approval.risk_not_asked")
        _say(act, row, requests.RISK_ANSWERED, words)
        return act.finish(ctx, "approval.risk_answered", undo=False)


def pass_on(ctx: Context, approval_id: int, to: str, words: str) -> Changed:
    """Raise a request further: from now on only a manager, another supervisor, or risk decides it.

    Raises NotAllowed("role.cannot_approve"), ("approval.own"), ("approval.passed_on") for whom it was not
    passed to, ("approval.passed_already") where that is no step up, ("approval.not_for_risk") and
    ("approval.not_for_level") where the matrix lets nobody there decide it, ("approval.lapsed");
    BadInput("raise.unknown_level"), ("approval.no_words").
    """
    if to not in RAISE_TO:
        raise BadInput("raise.unknown_level", to=to, known=", ".join(RAISE_TO))
    must_may(ctx, "approvals.pass_on")
    words = _words(ApprovalState.RETURNED, words)
    with ctx.store.write(ctx.actor.number) as unit:
        row = _waiting(unit, approval_id)
        act = Act(unit, unit.case(row.case_id))
        talk = _talk(unit.session, row)
        stand = _must_stand(unit, ctx, row)
        _must_be_anothers(ctx, stand, row)
        _must_be_for(ctx, talk)
        if not requests.may_pass(talk, to):
            raise NotAllowed("approval.passed_already", to=talk.raised_to or "")
        asked = next(one for one in stand.snapshot.approvals if one.id == row.id)
        if code := requests.not_there(asked, to, stand.adopted.limits):
            raise NotAllowed(code, action=row.action, to=to, needs=row.needs_role)
        _say(act, row, requests.PASSED_ON, words, to=to)
        return act.finish(ctx, "approval.passed", undo=False, to=to)


def _say(act: Act, row: Approval, kind: str, words: str, **more: object) -> None:
    """Words about a request, kept as a text that can be erased."""
    text, digest = act.unit.text(act.case, "approval", words)
    act.add(kind, {"approval": row.id, **more, "text": text.id, "digest": digest})


def _waiting(unit: Unit, approval_id: int) -> Approval:
    row = unit.of_case(Approval, approval_id)
    if row is None:
        raise NotAllowed("approval.unknown", number=approval_id)
    if row.state is not ApprovalState.REQUESTED:
        raise NotAllowed("approval.decided", state=row.state.value, by=row.decided_by or "")
    return row


def _talk(session: Session, row: Approval) -> Talk:
    found = talks(events(session, Stream.CASE, row.case_id))
    return found.get(row.id or 0, NOTHING_SAID)


def _must_stand(unit: Unit, ctx: Context, row: Approval) -> Standing:
    """Nobody talks about a request that holds no more; it is marked as lapsed when it is decided or swept."""
    stand = standing(unit.session, ctx, row.case_id, unit.now)
    lapsed = lapsed_by(unit.session, stand, row)
    if lapsed is not None:
        raise NotAllowed("approval.lapsed", why=lapsed, case_no=stand.snapshot.case.case_no)
    return stand


def _must_be_anothers(ctx: Context, stand: Standing, row: Approval) -> None:
    if row.requested_by == ctx.actor.number or stand.facts.get("customer.is_actor") is True:
        raise NotAllowed("approval.own")


def _must_be_for(ctx: Context, talk: Talk) -> None:
    if not requests.is_for(talk, role_now(ctx), ctx.actor.number):
        raise NotAllowed("approval.passed_on", to=talk.raised_to or "")


def _must_be_heard(ctx: Context, talk: Talk, state: ApprovalState) -> None:
    """A question to risk is answered before somebody else says yes; saying no needs no answer."""
    if state is ApprovalState.APPROVED and talk.waits_for_risk and role_now(ctx) is not Role.RISK:
        raise NotAllowed("approval.risk_waits")


def _must_be_read(ctx: Context, stand: Standing, row: Approval, talk: Talk, since: datetime) -> None:
    if not requests.was_read(talk, ctx.actor.number, bound_digest(stand, row.action), since):
        raise NotAllowed("approval.unread")


def needs_password(ctx: Context, approval_id: int) -> bool:
    """Whether this request is decided with one's own password; False for one that is not there."""
    with ctx.store.read() as session:
        row = session.get(Approval, approval_id)
        return row is not None and row.action in OWN_PASSWORD


def _must_be_oneself(ctx: Context, approval_id: int, password: str | None) -> None:
    """Ask for the password before the write begins: argon2id takes its time, and its count of failures is
    written by itself. Whoever is somebody else by now, or has another role, decides nothing."""
    if not needs_password(ctx, approval_id):
        return
    if not password:
        raise BadInput("approval.password")
    try:
        oneself = sign_in(ctx.store, ctx.actor.number, password, on_duty=False, at_desk=True)
    except NotAllowed as refused:
        if refused.code != "sign_in.refused":
            raise
        raise NotAllowed("approval.password_wrong") from refused
    if (oneself.id, oneself.acting(None).role) != (ctx.actor.id, ctx.actor.acting(None).role):
        raise NotAllowed("role.cannot_approve", role=oneself.role.value)


def _may_decide(
    session: Session, ctx: Context, stand: Standing, row: Approval, case: Case, talk: Talk
) -> None:
    _must_be_anothers(ctx, stand, row)
    if row.action == "refund_other_target" and _registered_by(session, row) == ctx.actor.number:
        # Whoever wrote down where the money goes is one of the two persons (B0.7).
        raise NotAllowed("approval.own")
    must_not_have_touched(stand.snapshot)
    if row.action in (unfreeze.ACTION, account.ACTION, documents.ACTION):
        must_be_apart(session, row.case_id, ctx.actor.number)
    role = must_may(ctx, "approvals.decide")
    _must_be_for(ctx, talk)
    if row.action not in stand.adopted.limits.rows:
        if role is Role.SENIOR:
            raise NotAllowed("role.cannot_approve", role=role.value)
        return
    amount = (row.amount_fen or 0) + spent_fen(session, case, row.action)
    decision = judged_at(stand, row.action, amount, Proposer.OTHER)
    if decision.allowed is Allowed.REFUSED:
        raise NotAllowed(decision.reason.value, action=row.action, amount_fen=row.amount_fen or 0)
    if decision.allowed is not Allowed.DECIDE:
        needs = decision.needs_role.value if decision.needs_role else ""
        raise NotAllowed(
            "limits.above", amount_fen=row.amount_fen or 0, limit_fen=decision.limit_fen or 0, needs=needs
        )


def _registered_by(session: Session, row: Approval) -> str | None:
    stream = events(session, Stream.CASE, row.case_id)
    gone = voided(stream)
    said = [one for one in stream if one.kind == "customer.target_registered" and one.id not in gone]
    return said[-1].actor if said else None


def _must_say_why(stand: Standing, row: Approval, state: ApprovalState, words: str) -> None:
    """A very large sum takes the decider's own note beside the reason of whoever asked (B0.7)."""
    limit = stand.adopted.limits.rows.get(row.action)
    if state is ApprovalState.APPROVED and row.action in OWN_PASSWORD and not words:
        raise BadInput("approval.no_words")
    above = limit.note_above_fen if limit is not None else None
    if state is ApprovalState.APPROVED and above is not None and (row.amount_fen or 0) > above and not words:
        raise BadInput("approval.no_words")
