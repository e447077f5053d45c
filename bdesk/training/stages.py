"""How far a case has come: the acts that took it there, in the words of the journal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bdesk.clock import to_iso
from bdesk.data import attempts
from bdesk.data.journal import salted_digest
from bdesk.models.clock_kinds import PauseReason
from bdesk.models.kinds import (
    CaseOutcome,
    CaseState,
    Channel,
    CheckResult,
    ContactKind,
    DeliveryState,
    Department,
    Direction,
    EvidenceKind,
    Factor,
    NotificationChannel,
    RejectCode,
    TaskState,
    VerificationLevel,
)
from bdesk.models.tables import Approval, Contact, Decision, Evidence, Notification, Task, VerificationAttempt
from bdesk.rules import masking
from bdesk.training.ledger import Work
from bdesk.training.rows import Row

CONTACTS: dict[Channel, ContactKind] = {
    Channel.HOTLINE: ContactKind.CALL,
    Channel.WEB_CHAT: ContactKind.MESSAGE,
    Channel.APP_CHAT: ContactKind.MESSAGE,
    Channel.EMAIL: ContactKind.EMAIL,
    Channel.SOCIAL: ContactKind.MESSAGE,
}


def contact(work: Work, at: datetime, seconds: int, staff: Row | None, text: Row | None = None) -> Row:
    """A call or message from the customer, at the case or before it was opened."""
    customer, channel = work.customer, work.row["channel"]
    return work.world.rows.add(
        Contact,
        case_id=work.row["id"],
        customer_id=work.row["customer_id"],
        kind=CONTACTS.get(channel, ContactKind.FORM),
        direction=Direction.INBOUND,
        channel=channel,
        number=customer["phone"] if customer and channel is Channel.HOTLINE else None,
        staff_id=staff["id"] if staff else None,
        started_at=at,
        ended_at=min(at + timedelta(seconds=seconds), work.world.now),
        text_id=text["id"] if text else None,
    )


def claim(work: Work, staff: Row, at: datetime, why: str = "due") -> None:
    """Somebody takes the case."""
    work.act(at, staff["number"])
    claim_now(work, staff, why)


def claim_now(work: Work, staff: Row, why: str) -> None:
    fresh = work.row["state"] in (CaseState.NEW, CaseState.REOPENED)
    work.add(
        "case.claimed",
        {"by": staff["number"], "why": why},
        owner_id=staff["id"],
        claimed_at=work.at,
        state=CaseState.IN_PROGRESS if fresh else work.row["state"],
        aside=False,
        aside_until=None,
        aside_reason=None,
    )


def release(work: Work, at: datetime) -> None:
    work.act(at, work.actor)
    work.add(
        "case.released", owner_id=None, claimed_at=None, aside=False, aside_until=None, aside_reason=None
    )


def note(work: Work, at: datetime, words: str) -> None:
    work.act(at, work.actor)
    work.add("note.added", work.text("note", words)[1])


def aside(work: Work, at: datetime, until: datetime | None, reason: str) -> None:
    work.act(at, work.actor)
    work.add("case.put_aside", {"reason": reason}, aside=True, aside_until=until, aside_reason=reason)


def evidence(work: Work, kind: EvidenceKind, at: datetime, name: str = "", size: int = 0) -> Row:
    """A piece of evidence. Its address is a file of the training set, which no viewer will find."""
    work.pieces += 1
    number = work.pieces
    ending = "mp4" if kind is EvidenceKind.VIDEO else "jpg"
    row = work.world.rows.add(
        Evidence,
        case_id=work.row["id"],
        number=number,
        kind=kind,
        name=name or f"EV{number}.{ending}",
        size_bytes=size or work.draw.between(180, 4200) * 1024,
        address=f"https://evidence.example.com/{work.row['id']}/{number}.{ending}",
        received_at=at,
    )
    work.add(
        "customer.evidence", {"evidence": row["id"], "kind": kind.value, "number": number}, occurred_at=at
    )
    return row


def letter(work: Work, code: str, version: str, subject: str, body: str) -> Row | None:
    """A letter that was sent; None when the customer can only be rung up."""
    customer = work.customer
    if customer is None or not (customer["email"] or customer["phone"]):
        return None
    by_mail = bool(customer["email"])
    target = customer["email"] or customer["phone"]
    text, said = work.text("letter", f"{subject}\n\n{body}")
    channel = NotificationChannel.EMAIL if by_mail else NotificationChannel.SMS
    row = work.world.rows.add(
        Notification,
        case_id=work.row["id"],
        letter=code,
        letter_version=version,
        language="zh",
        channel=channel,
        target=target,
        target_masked=masking.mask_email(target) if by_mail else masking.mask_phone(target),
        subject=subject,
        text_id=text["id"],
        state=DeliveryState.ACCEPTED,
        written_at=work.at,
        sent_at=min(work.at + timedelta(seconds=12), work.world.now),
    )
    told = {"letter": code, "notification": row["id"], **said, "channel": channel.value}
    work.add("letter.written", {**told, "salted_target": salted_digest(text["salt"], row["target"])})
    return row


def pause(work: Work, clock: str, reason: PauseReason, resume_at: datetime, state: CaseState) -> None:
    """Stop a clock. The letter that goes with it was written in the same act."""
    work.add(
        "clock.paused",
        {"clocks": [clock], "reason": reason.value, "who": reason.waits_for, "resume_at": to_iso(resume_at)},
        state=state,
    )


ASKED = {
    Department.PAYMENT: "reconcile",
    Department.COURIER: "courier_claim",
    Department.WAREHOUSE: "warehouse_check",
}
"""What a department is asked for, as the procedures name it."""


def ask_department(work: Work, at: datetime, department: Department, question: str, hours: int) -> None:
    """A task to another department; the customer's clocks run on."""
    work.act(at, work.actor)
    row = work.world.rows.add(
        Task,
        case_id=work.row["id"],
        department=department,
        what=ASKED.get(department, "feedback"),
        state=TaskState.OPEN,
        question=question,
        asked_by=work.actor,
        asked_at=work.at,
        due_at=work.at + timedelta(hours=hours),
    )
    work.add(
        "task.opened",
        {
            "task": row["id"],
            "to": department.value,
            "what": row["what"],
            "due_at": to_iso(row["due_at"]),
        },
        state=CaseState.WAITING_INTERNAL,
    )


def ask_approval(work: Work, at: datetime, step: str, option: str, amount_fen: int) -> Row:
    """A request to a second person. What it is bound to is worked out once the rows are in a store."""
    work.act(at, work.actor)
    row = work.world.rows.add(
        Approval,
        case_id=work.row["id"],
        step=step,
        option=option,
        action="refund",
        amount_fen=amount_fen,
        flags=[],
        planned={},
        facts_digest="",
        needs_role="senior" if amount_fen <= 200_000 else "supervisor",
        reason="金额超出权限, 证据齐全",
        requested_by=work.actor,
        requested_at=work.at,
        lapses_at=work.at + timedelta(hours=24),
    )
    work.add(
        "approval.requested",
        {"approval": row["id"], "action": "refund", "amount_fen": amount_fen, "needs": row["needs_role"]},
        state=CaseState.WAITING_APPROVAL,
    )
    return row


def checked(
    work: Work, results: Mapping[Factor, CheckResult], said: Mapping[str, object], **columns: Any
) -> None:
    """A check of who it is, on level 2: kind and result of each factor, never a value (B0.4); `said` of it is
    how many tries are left, and until when it locks."""
    passed = all(result is CheckResult.PASSED for result in results.values())
    rows = [
        work.world.rows.add(
            VerificationAttempt,
            customer_id=work.row["customer_id"],
            case_id=work.row["id"],
            level=VerificationLevel.V2,
            factor=factor,
            result=result,
            channel=work.row["channel"],
            by=work.actor,
            at=work.at,
        )
        for factor, result in results.items()
    ]
    payload = {
        "customer": work.row["customer_id"],
        **attempts.told(rows),
        "level": VerificationLevel.V2.value,
        "result": (CheckResult.PASSED if passed else CheckResult.FAILED).value,
        "factors": sorted(factor.value for factor in results),
        **said,
    }
    work.add("verification.checked", payload, **columns)


def failed_check(
    work: Work, at: datetime, *, tries_left: int = 2, locks_until: datetime | None = None
) -> None:
    """One attempt that did not match."""
    work.act(at, work.actor)
    results = {Factor.RECENT_AMOUNT: CheckResult.FAILED, Factor.PHONE_TAIL: CheckResult.PASSED}
    said: dict[str, object] = {"tries_left": tries_left}
    if locks_until is not None:
        said["locked_until"] = to_iso(locks_until)
    checked(work, results, said, state=CaseState.VERIFYING)


def decide(
    work: Work,
    step: str,
    option: str,
    outcome: CaseOutcome,
    *,
    amount_fen: int | None = None,
    reject: RejectCode | None = None,
    rule: str | None = None,
) -> None:
    row = work.world.rows.add(
        Decision,
        case_id=work.row["id"],
        step=step,
        option=option,
        outcome=outcome,
        reject_code=reject,
        rule_ref=rule,
        amount_fen=amount_fen,
        by=work.actor,
        at=work.at,
    )
    work.add(
        "decision.made",
        {
            "decision": row["id"],
            "step": step,
            "option": option,
            "outcome": outcome.value,
            "amount_fen": amount_fen,
        },
        outcome=outcome,
        reject_code=reject,
        rule_ref=rule,
    )


def close(work: Work, at: datetime, outcome: CaseOutcome, state: CaseState = CaseState.CLOSED) -> None:
    """The case is done; clocks end as their kinds say (SLA.md)."""
    work.act(at, work.actor)
    staff = work.world.staff.get(work.actor)
    work.add(
        "case.closed",
        {"outcome": outcome.value, "state": state.value},
        state=state,
        open=False,
        outcome=outcome,
        closed_at=work.at,
        closed_by=staff["id"] if staff else None,
        aside=False,
        aside_until=None,
        aside_reason=None,
    )
