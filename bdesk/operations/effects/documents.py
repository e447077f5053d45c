"""Documents on top of level 2 (V3+, B0.4): asked for, put before another person, passed or not.

The record keeps which kinds were seen, when and by whom; never what stands in a document.
"""

from sqlmodel import Session

from bdesk.data import attempts
from bdesk.data.journal import events, voided
from bdesk.errors import NotAllowed
from bdesk.models.kinds import ApprovalState, CheckResult, Factor, Stream, VerificationLevel
from bdesk.models.tables import Approval, VerificationAttempt
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import CustomerView
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.effects.asking import ask_second_person
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.verifying import next_instant
from bdesk.operations.standing import Standing
from bdesk.rules import documents
from bdesk.rules.limits import LimitReason
from bdesk.rules.verification import level_number, reached_at_all

SUBMITTED = "documents.submitted"

_RESULTS = {ApprovalState.APPROVED: CheckResult.PASSED, ApprovalState.REFUSED: CheckResult.FAILED}
_NEEDS = 2
"""The level that documents come on top of, and never in place of (B0.4)."""


def ask(call: EffectCall) -> None:
    """Ask for the documents of a situation by the secure form.

    Raises NotAllowed("limits.verification") below level 2, ("verification.no_customer").
    """
    _must_be_known(call.stand)
    call.act.add("verification.documents_asked", {"who": call.text("who")})


def submit(call: EffectCall) -> None:
    """Put what was handed in before another person, a supervisor or above; bound to these pieces.

    Raises NotAllowed: ("documents.not_asked"), ("documents.missing") while something is still to come,
    ("limits.verification") below level 2, ("limits.own_matter"), ("approval.waiting").
    """
    _must_be_known(call.stand)
    facts = call.stand.facts
    lacking = facts.get("documents.missing")
    if not isinstance(lacking, tuple):
        raise NotAllowed("documents.not_asked")
    if lacking:
        raise NotAllowed("documents.missing")
    if facts.get("customer.is_actor") is True:
        raise NotAllowed(LimitReason.OWN_MATTER.value)
    said: dict[str, object] = {
        "who": facts.get("documents.situation"),
        "pieces": facts.get("documents.pieces"),
        "customer": call.act.case.customer_id,
    }
    row = ask_second_person(call, documents.ACTION, None, planned=said)
    call.act.add(SUBMITTED, {**said, "approval": row.id, "facts": row.facts_digest})


def as_submitted(session: Session, approval: Approval, customer: CustomerView | None) -> bool:
    """Whether the request is what its maker put before us, as the journal has it, about the same customer."""
    said = [one for one in _standing_events(session, approval.case_id) if one.kind == SUBMITTED]
    told = next((one for one in reversed(said) if one.payload.get("approval") == approval.id), None)
    return (
        told is not None
        and set(approval.planned) == {"who", "pieces", "customer"}
        and all(told.payload.get(name) == value for name, value in approval.planned.items())
        and told.payload.get("facts") == approval.facts_digest
        and told.actor == approval.requested_by
        and customer is not None
        and approval.planned.get("customer") == customer.id
    )


def must_be_seen(session: Session, ctx: Context, stand: Standing, approval: Approval) -> None:
    """Nobody passes a document unseen, or one that they brought in themselves.

    Raises NotAllowed("documents.unseen", number=), ("approval.own").
    """
    numbers = {int(one) for one in str(approval.planned.get("pieces", "")).split() if one.isdecimal()}
    mine = [one for one in _standing_events(session, approval.case_id) if one.actor == ctx.actor.number]
    for piece in stand.snapshot.evidence:
        if piece.number not in numbers:
            continue
        did = {one.kind for one in mine if one.payload.get("evidence") == piece.id}
        if "customer.evidence" in did:
            raise NotAllowed("approval.own")
        if "evidence.looked_at" not in did and piece.looked_by != ctx.actor.number:
            raise NotAllowed("documents.unseen", number=piece.number)


def settle(act: Act, ctx: Context, approval: Approval) -> None:
    """Log what a decision on documents came to, kind and result alone (B0.4), and raise the level with it.
    A refusal is no wrong answer: it counts towards no lock."""
    result = _RESULTS.get(approval.state)
    if approval.action != documents.ACTION or result is None or act.case.customer_id is None:
        return
    row = VerificationAttempt(
        customer_id=act.case.customer_id,
        case_id=act.case_id,
        level=VerificationLevel.V3P,
        factor=Factor.DOCUMENT,
        result=result,
        channel=act.case.channel,
        by=ctx.actor.number,
        at=next_instant(act.unit, act.case.customer_id),
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    payload: dict[str, object] = {
        "customer": act.case.customer_id,
        **attempts.told([{name: getattr(row, name) for name in attempts.COLUMNS}]),
        "level": VerificationLevel.V3P.value,
        "result": result.value,
        "factors": [Factor.DOCUMENT.value],
    }
    passed = result is CheckResult.PASSED and level_number(act.case.verified_level) < level_number(row.level)
    columns: dict[str, object] = {"verified_level": VerificationLevel.V3P} if passed else {}
    act.add("verification.checked", payload, columns=columns)


def _must_be_known(stand: Standing) -> None:
    if stand.snapshot.customer is None:
        raise NotAllowed("verification.no_customer")
    if level_number(reached_at_all(stand.snapshot)) < _NEEDS:
        raise NotAllowed(LimitReason.VERIFICATION.value)


def _standing_events(session: Session, case_id: int) -> list[Event]:
    stream = events(session, Stream.CASE, case_id)
    gone = voided(stream)
    return [one for one in stream if one.id not in gone]
