"""Case, evidence, risk, approvals, tasks, letters and dates."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bdesk.data.book.loader import letters
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    ApprovalState,
    Channel,
    DeliveryState,
    EvidenceKind,
    FreezeReason,
    FreezeSource,
    LinkKind,
    RefundState,
    RejectCode,
    ReturnClass,
    Role,
    WalletState,
)
from bdesk.models.views.snapshot import (
    FreezeView,
    HistoryView,
    WalletView,
)
from bdesk.rules.facts.case import EVIDENCE_LETTERS
from bdesk.rules.facts.progress import RESULT_LETTERS
from bdesk.rules.walk.values import UNKNOWN
from tests.rules.samples import (
    DAY,
    HOUR,
    NOW,
    approval,
    brief,
    call,
    case,
    clock,
    customer,
    decision,
    evidence,
    fact,
    item,
    letter,
    parcel,
    payment,
    refund,
    snapshot,
)


def test_due_is_the_earliest_running_desk_clock() -> None:
    clocks = (
        clock(due_at=NOW + 5 * HOUR),
        clock("resolution", due_at=NOW + 3 * HOUR, run=RunState.PAUSED),
        clock("return_window", due_at=NOW + HOUR, drives="fact"),
        clock("approval", due_at=NOW + 4 * HOUR),
    )
    assert fact("case.due_at", snapshot(clocks=clocks)) == NOW + 4 * HOUR
    assert fact("approval.due_at", snapshot(clocks=clocks)) == NOW + 4 * HOUR
    assert fact("case.due_at", snapshot()) is None


def test_letters_asking_for_material_are_counted_per_cycle() -> None:
    letters = (
        letter(written_at=NOW - 3 * DAY),
        letter(written_at=NOW - HOUR),
        letter(written_at=NOW - HOUR, state=DeliveryState.RECALLED),
        letter(written_at=NOW - HOUR, state=DeliveryState.FAILED),
        letter("N1"),
    )
    assert fact("case.evidence_rounds", snapshot(notifications=letters)) == 1
    first = case(received_at=NOW - 4 * DAY)
    assert fact("case.evidence_rounds", snapshot(notifications=letters, case=first)) == 2


def test_new_material_since_the_request() -> None:
    pieces = (evidence(1, received_at=NOW - 2 * HOUR), evidence(2, received_at=NOW - HOUR / 2))
    assert fact("evidence.new_since_request", snapshot(evidence=pieces)) == 0
    asked = snapshot(evidence=pieces, notifications=(letter(written_at=NOW - HOUR),))
    assert fact("evidence.new_since_request", asked) == 1
    assert fact("evidence.count", asked) == 2


def test_media_and_description() -> None:
    pieces = (evidence(1), evidence(2, EvidenceKind.VIDEO), evidence(3, EvidenceKind.INVOICE))
    made = snapshot(evidence=pieces)
    assert (fact("evidence.count", made), fact("evidence.media_count", made)) == (3, 2)
    assert fact("evidence.described", made) is True
    assert fact("evidence.described", snapshot(case=case(description=" \n"))) is False


def test_the_chain_of_a_second_cycle() -> None:
    again = case(cycle=2, cycle_started_at=NOW - DAY)
    pieces = (evidence(1, received_at=NOW - 3 * DAY), evidence(2))
    mine = decision(by="1001")
    made = snapshot(case=again, decisions=(mine,), evidence=pieces)
    assert fact("case.previous_no", made) == again.case_no
    assert fact("case.decided_by_me", made) is True
    assert fact("case.decided", made) is False
    assert fact("evidence.new_since_decision", made) == 1
    newer = decision(cycle=2, by="1002", at=NOW)
    assert fact("case.decided_by_me", snapshot(case=again, decisions=(decision(), newer))) is False
    assert fact("case.decided", snapshot(case=again, decisions=(newer,))) is True


def test_the_chain_of_linked_cases() -> None:
    this = case(id=9)
    links = (
        brief(2, link=LinkKind.REAPPLY_OF, decided_by="1001", decided_at=NOW - 2 * DAY),
        brief(3, link=LinkKind.DUPLICATE, decided_by="1002"),
        brief(12, link=LinkKind.REAPPLY_OF, received_at=NOW, decided_by="1003"),  # follows this one
    )
    made = snapshot(case=this, links=links, evidence=(evidence(1),))
    assert fact("case.previous_no", made) == links[0].case_no
    assert fact("case.decided_by_me", made) is True
    assert fact("evidence.new_since_decision", made) == 1
    assert fact("case.previous_no", snapshot()) is None


def test_before_the_next_cycle_opens_the_decision_at_hand_is_the_earlier_one() -> None:
    made = snapshot(decisions=(decision(by="1001", at=NOW - 2 * HOUR),), evidence=(evidence(1),))
    assert fact("case.decided_by_me", made) is True
    assert fact("evidence.new_since_decision", made) == 1
    step_on_the_way = decision(outcome=None, option="needs_evidence")
    assert fact("case.decided", snapshot(decisions=(step_on_the_way,))) is False
    rejected = decision(outcome=None, reject_code=RejectCode.CONDITION)
    assert fact("case.decided", snapshot(decisions=(rejected,))) is True


@pytest.mark.parametrize(("others", "expected"), [(0, False), (1, True), (None, UNKNOWN)])
def test_other_reviewers(others: int | None, expected: object) -> None:
    assert fact("case.other_reviewer_free", snapshot(other_reviewers=others)) is expected


def test_risk_flags() -> None:
    assert fact("risk.flags", snapshot()) == ()
    assert fact("risk.flagged", snapshot()) is False
    made = snapshot(
        history=HistoryView(refunds_30d=3),
        customer=customer(since=NOW - 6 * DAY),
        items=(item(return_class=ReturnClass.PERISHABLE),),
        parcels=(parcel(shipped_at=NOW - 32 * DAY, signed_at=NOW - 30 * DAY),),
        refunds=(refund(case_id=2, amount_fen=100, state=RefundState.ARRIVED),),
    )
    every = ("many_refunds", "new_account", "past_window", "perishable", "partial_history")
    assert fact("risk.flags", made) == every
    assert fact("risk.flagged", made) is True


@pytest.mark.parametrize(
    ("changes", "raised"),
    [
        ({"case_id": 2, "amount_fen": 100}, True),
        ({"case_id": None, "amount_fen": 100}, True),
        ({"case_id": 2, "amount_fen": 100, "state": RefundState.FAILED}, False),
        ({"case_id": 2, "amount_fen": 12800}, False),
        ({"case_id": 1, "amount_fen": 100}, False),  # what this case does now is no history
    ],
)
def test_partial_history(changes: dict[str, Any], raised: bool) -> None:
    flags = fact("risk.flags", snapshot(refunds=(refund(**changes),)))
    assert isinstance(flags, tuple)
    assert ("partial_history" in flags) is raised


@pytest.mark.parametrize(
    ("role", "limit"),
    [
        (Role.AGENT, 50_000),
        (Role.SENIOR, 200_000),
        (Role.SUPERVISOR, 2_000_000),
        (Role.MANAGER, 2_000_000),
        (Role.RISK, 0),
        (Role.ADMIN, 0),
    ],
)
def test_refund_limits(role: Role, limit: int) -> None:
    made = snapshot(actor=replace(snapshot().actor, role=role))
    assert fact("limits.refund_fen", made) == limit
    assert fact("actor.role", made) == role.value


def test_other_numbers_of_the_policy() -> None:
    assert fact("limits.reapply_max", snapshot()) == 2
    assert fact("limits.goodwill_hours", snapshot()) == 48
    history = HistoryView(refunds_30d=4, goodwill_12m=1, reapplications=2, failed_checks=1)
    made = snapshot(history=history)
    assert fact("history.refunds_30d", made) == 4
    assert fact("history.goodwill_returns_1y", made) == 1
    assert fact("case.reapply_count", made) == 2


def test_approvals() -> None:
    assert fact("approval.state", snapshot()) == "none"
    assert fact("approval.state", snapshot(approvals=(approval(),))) == "requested"
    withdrawn = approval(ApprovalState.WITHDRAWN, requested_at=NOW)
    assert (
        fact("approval.state", snapshot(approvals=(approval(ApprovalState.REFUSED), withdrawn))) == "refused"
    )
    newer = approval(ApprovalState.RETURNED, id=62, requested_at=NOW, question="缺照片", amount_fen=500)
    made = snapshot(approvals=(newer, approval()))
    assert fact("approval.state", made) == "returned"
    assert fact("approval.note", made) == "缺照片"
    assert fact("approval.amount_fen", made) == 500
    old_cycle = snapshot(case=case(cycle=2, cycle_started_at=NOW - HOUR / 2), approvals=(approval(),))
    assert fact("approval.state", old_cycle) == "none"


def test_e31_an_approval_lapses() -> None:
    stale = approval(ApprovalState.APPROVED, lapses_at=NOW, decided_at=NOW - HOUR)
    assert fact("approval.state", snapshot(approvals=(stale,))) == "lapsed"
    approved = replace(stale, lapses_at=NOW + HOUR)
    assert fact("approval.state", snapshot(approvals=(approved,))) == "approved"
    less_left = snapshot(approvals=(approved,), payments=(payment(refunded_fen=100),))
    assert fact("approval.state", less_left) == "lapsed"
    used = snapshot(approvals=(stale,), refunds=(refund(),), payments=(payment(held_fen=12800),))
    assert fact("approval.state", used) == "approved"


def test_result_letters() -> None:
    assert fact("letters.result_sent", snapshot(notifications=(letter("N4"),))) is False
    assert fact("letters.result_sent", snapshot(notifications=(letter("N3"),))) is True
    held = letter("N2", state=DeliveryState.HELD)
    assert fact("letters.result_sent", snapshot(notifications=(held,))) is True
    bounced = letter("N2", state=DeliveryState.FAILED)
    assert fact("letters.result_sent", snapshot(notifications=(bounced,))) is False


def test_dates_to_tell_are_local_days() -> None:
    late = NOW.replace(hour=16)  # past midnight in Shanghai
    assert fact("deadline.evidence", snapshot(now=late)) == date(2026, 11, 26)
    assert fact("deadline.reapply", snapshot()) == date(2026, 12, 3)


def test_customer_and_contact() -> None:
    assert fact("customer.name_masked", snapshot()) == "王**"
    assert fact("customer.email_masked", snapshot()) == "w***@example.com"
    assert fact("customer.email_masked", snapshot(customer=customer(email=None))) is None
    actor = snapshot().actor
    assert fact("customer.is_actor", snapshot()) is False
    assert fact("customer.is_actor", snapshot(actor=replace(actor, customer_id=5))) is True
    assert fact("customer.is_actor", snapshot(actor=replace(actor, relatives=(4, 5)))) is True
    assert fact("contact.spoken", snapshot()) is False
    assert fact("contact.signed_in", snapshot()) is True
    spoken = snapshot(contacts=(call(),))
    assert (fact("contact.spoken", spoken), fact("contact.signed_in", spoken)) == (True, False)
    over = snapshot(contacts=(call(ended_at=NOW),), case=case(channel=Channel.HOTLINE))
    assert (fact("contact.called", snapshot()), fact("contact.called", over)) == (False, True)
    again = replace(over, case=replace(over.case, cycle_started_at=NOW + timedelta(seconds=1)))
    assert fact("contact.called", again) is False
    assert (fact("contact.spoken", over), fact("contact.signed_in", over)) == (False, False)


@pytest.mark.parametrize(
    ("email", "phone", "expected"),
    [
        ("a@example.com", None, True),
        (None, "154 0000 0037", True),
        (None, "+86 15400000037", True),
        (None, "+44 7700 900123", True),
        (None, "010-88880000", False),
        (None, None, False),
    ],
)
def test_e34_who_can_be_written_to(email: str | None, phone: str | None, expected: bool) -> None:
    assert fact("customer.reachable", snapshot(customer=customer(email=email, phone=phone))) is expected


def test_wallets() -> None:
    wallet = WalletView(1, "W1", WalletState.NORMAL, 100)
    freeze = FreezeView(FreezeReason.FREQUENT_TRANSFERS, FreezeSource.SYSTEM, NOW, 100)
    assert fact("wallet.frozen", snapshot()) is False
    assert fact("wallet.frozen", snapshot(wallet=wallet)) is False
    assert fact("wallet.frozen", snapshot(wallet=replace(wallet, state=WalletState.LIMITED))) is True
    assert fact("wallet.frozen", snapshot(wallet=replace(wallet, freeze=freeze))) is True
    lifted = replace(wallet, freeze=replace(freeze, released_at=NOW))
    assert fact("wallet.frozen", snapshot(wallet=lifted)) is False


def test_duplicates_are_named_by_the_oldest() -> None:
    others = (brief(3), brief(4))
    assert fact("case.duplicate_no", snapshot(case=case(id=10), same_order=others)) == others[1].case_no
    assert fact("case.duplicate_no", snapshot()) is None


def test_letters_that_facts_speak_of_are_in_the_book() -> None:
    book = letters()
    assert {code for code, one in book.items() if one.decision} == RESULT_LETTERS
    assert all("materials" in {slot.name for slot in book[code].spec.slots} for code in EVIDENCE_LETTERS)
