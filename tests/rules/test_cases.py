"""States, closing, reopening, duplicates, hidden factors (B0.2, SLA.md, UX)."""

from datetime import datetime
from typing import Any

import pytest

from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    OPEN_STATES,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    DeliveryState,
    Factor,
    VerificationLevel,
    WalletTxKind,
)
from bdesk.models.views.snapshot import Snapshot, WalletTxView
from bdesk.rules.cases import (
    MOVES,
    STRONG_KINDS,
    can_close,
    customer_told,
    duplicates,
    hidden_facts,
    mask_factors,
    may_move,
    reopening,
)
from bdesk.rules.facts import NAMES
from tests.rules.samples import DAY, HOUR, NOW, brief, call, case, clock, item, letter, snapshot


def ready(**changes: Any) -> Snapshot:
    """A case that can be closed."""
    given: dict[str, Any] = {
        "case": case(outcome=CaseOutcome.APPROVED_FULL),
        "notifications": (letter("N2"),),
        "clocks": (clock(run=RunState.STOPPED), clock("refund_arrival", drives="fact")),
    }
    return snapshot(**{**given, **changes})


def test_a_finished_case_can_be_closed() -> None:
    assert can_close(ready()) == ()


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"case": case()}, ("close.no_outcome",)),
        ({"notifications": ()}, ("close.not_told",)),
        ({"notifications": (letter("N2", state=DeliveryState.FAILED),)}, ("close.not_told",)),
        ({"notifications": (letter("N2", written_at=NOW - 9 * DAY),)}, ("close.not_told",)),
        ({"clocks": (clock(),)}, ("close.clock_running",)),
        ({"clocks": (clock(run=RunState.PAUSED),)}, ("close.clock_running",)),
        ({"open_effects": ("letter:held",)}, ("close.effect_held",)),
        (
            {"open_effects": ("refund:released", "refund:unknown")},
            ("close.effect_held", "close.effect_unknown"),
        ),
    ],
)
def test_what_keeps_a_case_open(changes: dict[str, Any], reasons: tuple[str, ...]) -> None:
    assert can_close(ready(**changes)) == reasons


def test_every_reason_is_named_at_once() -> None:
    made = ready(case=case(), notifications=(), clocks=(clock(),), open_effects=("letter:held",))
    assert len(can_close(made)) == 4
    assert can_close(made, CaseOutcome.ANSWERED) == can_close(made)[1:]


@pytest.mark.parametrize("outcome", [CaseOutcome.MERGED, CaseOutcome.CONVERTED, CaseOutcome.NO_CONTACT])
def test_who_cannot_or_need_not_be_told(outcome: CaseOutcome) -> None:
    assert can_close(ready(notifications=(), case=case()), outcome) == ()


def test_a_spoken_answer_counts_when_it_is_logged_in_this_cycle() -> None:
    assert customer_told(snapshot(contacts=(call(),)))
    assert not customer_told(snapshot(contacts=(call(staff=None),)))
    before = call(started_at=NOW - 2 * DAY, ended_at=NOW - 2 * DAY + HOUR)
    assert not customer_told(snapshot(contacts=(before,)))


def test_moves() -> None:
    assert set(MOVES) == set(CaseState)
    assert not any(may_move(state, state) for state in CaseState)
    for state in OPEN_STATES:
        assert may_move(state, CaseState.MERGED) and may_move(state, CaseState.WITHDRAWN)
        assert not may_move(state, CaseState.NEW)
        assert not may_move(state, CaseState.REOPENED)
    for state in (CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN):
        assert may_move(state, CaseState.REOPENED)
        assert not may_move(state, CaseState.IN_PROGRESS)
    assert MOVES[CaseState.MERGED] == frozenset()
    assert may_move(CaseState.IN_PROGRESS, CaseState.WAITING_CUSTOMER)
    assert may_move(CaseState.WAITING_CUSTOMER, CaseState.IN_PROGRESS)
    assert may_move(CaseState.RESOLVED, CaseState.CLOSED)


@pytest.mark.parametrize(
    ("closed", "now", "allowed"),
    [
        ("2026-10-19T09:00+08:00", "2026-11-18T23:59+08:00", True),
        ("2026-10-19T23:59+08:00", "2026-11-18T00:01+08:00", True),
        ("2026-10-19T09:00+08:00", "2026-11-19T00:00+08:00", False),
        ("2026-10-20T09:00+08:00", "2026-11-18T09:00+08:00", True),  # E33: 29 days
        ("2026-10-18T09:00+08:00", "2026-11-18T09:00+08:00", False),  # E33: 31 days
    ],
)
def test_reopening(closed: str, now: str, allowed: bool) -> None:
    assert reopening(datetime.fromisoformat(closed), datetime.fromisoformat(now)) is allowed


def test_duplicates_are_open_cases_on_the_same_goods_the_oldest_first() -> None:
    others = (
        brief(2),
        brief(9, item_ids=(1, 3)),
        brief(3, item_ids=(2,)),
        brief(4, state=CaseState.CLOSED),
        brief(5, kind=CaseKind.APPEAL),
        brief(6, kind=CaseKind.SHIPMENT_DELAY),
        brief(10),
        brief(12, item_ids=(1,)),
    )
    about_one = snapshot(case=case(id=10), same_order=others, items=(item(1), item(2, chosen=False)))
    assert [one.id for one in duplicates(about_one)] == [9, 6, 2]
    whole = snapshot(case=case(id=10), same_order=others, items=(item(1), item(2)))
    assert [one.id for one in duplicates(whole)] == [9, 6, 3, 2]


def test_a_second_appeal_is_a_duplicate_of_the_first_only() -> None:
    others = (brief(2), brief(3, kind=CaseKind.APPEAL))
    made = snapshot(case=case(id=10, kind=CaseKind.APPEAL), same_order=others)
    assert [one.id for one in duplicates(made)] == [3]


def test_the_same_transaction_is_the_same_matter() -> None:
    tx = WalletTxView(8, "WX1", WalletTxKind.PURCHASE, 100, NOW)
    others = (brief(2, wallet_tx_id=8), brief(3, wallet_tx_id=9), brief(4))
    made = snapshot(wallet_tx=tx, same_customer=others, case=case(id=10, kind=CaseKind.WALLET_REFUND))
    assert [one.id for one in duplicates(made)] == [2]
    assert duplicates(snapshot(case=case(id=10), same_customer=others)) == ()


def test_an_older_case_is_not_thrown_back_by_a_newer_one() -> None:
    older, newer = case(id=2), case(id=5)
    assert duplicates(snapshot(case=older, same_order=(brief(2), brief(5)))) == ()
    assert [one.id for one in duplicates(snapshot(case=newer, same_order=(brief(2), brief(5))))] == [2]


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (VerificationLevel.V0, frozenset()),
        (VerificationLevel.V1, frozenset({Factor.ORDER_NO})),
        (VerificationLevel.V2, frozenset(Factor)),
        (VerificationLevel.V3P, frozenset(Factor)),
    ],
)
def test_factors_stay_hidden_until_verification(level: VerificationLevel, shown: frozenset[Factor]) -> None:
    made = snapshot(case=case(channel=Channel.HOTLINE, verified_level=level))
    hiding = {Factor.PHONE_TAIL, Factor.RECENT_AMOUNT, Factor.ORDER_NO, Factor.CITY, Factor.PURCHASE_DATE}
    assert mask_factors(made) == hiding - shown
    assert ("order.no" in hidden_facts(made)) is (Factor.ORDER_NO not in shown)
    assert ("order.paid_fen" in hidden_facts(made)) is (Factor.RECENT_AMOUNT not in shown)


@pytest.mark.parametrize("kind", sorted(STRONG_KINDS))
def test_who_must_prove_a_code_too_is_not_taken_for_the_customer_before(kind: CaseKind) -> None:
    """Whoever took a number over answers right to everything that level 2 asks."""
    at = {
        level: mask_factors(snapshot(case=case(kind=kind, channel=Channel.HOTLINE, verified_level=level)))
        for level in VerificationLevel
    }
    assert at[VerificationLevel.V2] == at[VerificationLevel.V1] != frozenset()
    assert at[VerificationLevel.V3] == at[VerificationLevel.V3P] == frozenset()


def test_every_amount_that_could_be_read_out_is_hidden() -> None:
    made = snapshot(case=case(channel=Channel.HOTLINE))
    policy = {name for name in NAMES if name.startswith("limits.")} | {"payments.cap_fen"}
    policy -= {"limits.compensation_fen"}  # a share of the price of these goods
    amounts = {name for name in NAMES if name.endswith("_fen")} - policy
    told = {"order.no", "order.ordered_at", "parcel.last_scan", "customer.letters_to", "letters.result_to"}
    told |= {"wallet_tx.at", "account.old_masked"}
    assert hidden_facts(made) == amounts | told


def test_who_is_on_a_call_with_somebody_else_sees_no_factor() -> None:
    made = snapshot(case=case(verified_level=VerificationLevel.V2), on_call_elsewhere=True)
    assert mask_factors(made) == mask_factors(snapshot(case=case(channel=Channel.HOTLINE)))
