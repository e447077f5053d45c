"""Verification by documents (V3+, B0.4): what a situation takes, how far it is, what it opens."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdesk.models.kinds import (
    ApprovalState,
    CheckResult,
    EvidenceKind,
    Factor,
    FreezeReason,
    FreezeSource,
    VerificationLevel,
    WalletState,
)
from bdesk.models.views.snapshot import AnswerView, ApprovalView, FreezeView, Snapshot, WalletView
from bdesk.rules import account, documents, unfreeze
from bdesk.rules.verification import passed_for, reached_at_all
from tests.rules.samples import HOUR, NEEDS, NOW, approval, case, customer, evidence, fact, snapshot, tried

ASKED = NOW - 2 * HOUR
CARD = evidence(1, EvidenceKind.ID_DOCUMENT)
FACE = evidence(2, EvidenceKind.HANDHELD)
KINDS = {
    "phone_lost": {"id_document", "handheld"},
    "owner": {"id_document", "handheld"},
    "name": {"id_document", "handheld"},
    "minor": {"id_document", "guardianship"},
    "agent": {"id_document", "power_of_attorney"},
    "deceased": {"id_document", "other_document"},
}


def asked(who: str = "phone_lost", **more: object) -> Snapshot:
    return replace(snapshot(documents_asked_at=ASKED, documents_for=who), **more)  # type: ignore[arg-type]


def verdict(state: ApprovalState, who: str = "phone_lost", **more: object) -> ApprovalView:
    """A check asked for an hour ago and decided half an hour ago by somebody else."""
    said: dict[str, object] = {"who": who, "pieces": "1 2", "customer": 5}
    decided = {"decided_by": "2001", "decided_at": NOW - HOUR / 2, "planned": said, "action": "documents"}
    return approval(state, **{**decided, **more})


@pytest.mark.parametrize(("who", "kinds"), KINDS.items())
def test_what_each_situation_takes(who: str, kinds: set[str]) -> None:
    needs = NEEDS[documents.needs_key(who)]
    assert {kind.value for need in needs for kind in need.kinds} == kinds
    assert documents.missing(asked(who), NEEDS) == needs
    shown = tuple(evidence(number, EvidenceKind(kind)) for number, kind in enumerate(sorted(kinds), 1))
    assert documents.missing(asked(who, evidence=shown), NEEDS) == ()
    for left_out in range(len(shown)):
        fewer = asked(who, evidence=shown[:left_out] + shown[left_out + 1 :])
        assert len(documents.missing(fewer, NEEDS) or ()) == 1
        assert documents.state(fewer, NEEDS) == "asked"


BOTH = (CARD, FACE)
LATER = evidence(3, EvidenceKind.ID_DOCUMENT, received_at=NOW)
A, R, B, W, Q, L = (
    ApprovalState.APPROVED,
    ApprovalState.REFUSED,
    ApprovalState.RETURNED,
    ApprovalState.WITHDRAWN,
    ApprovalState.REQUESTED,
    ApprovalState.LAPSED,
)


@pytest.mark.parametrize(
    ("pieces", "rows", "state"),
    [
        ((), (), "asked"),
        ((CARD,), (), "asked"),
        (BOTH, (), "uploaded"),
        ((replace(CARD, clear=False), FACE), (), "asked"),
        ((replace(CARD, received_at=NOW - 90 * HOUR), FACE), (), "asked"),
        (BOTH, (verdict(Q, decided_by=None, decided_at=None),), "checking"),
        (BOTH, (verdict(Q, decided_by=None, decided_at=None, lapses_at=NOW),), "uploaded"),
        (BOTH, (verdict(L),), "uploaded"),
        (BOTH, (verdict(W),), "uploaded"),
        (BOTH, (verdict(A),), "accepted"),
        (BOTH, (verdict(A, decided_by="1001"),), "refused"),
        (BOTH, (verdict(A, action="refund"),), "uploaded"),
        (BOTH, (verdict(A, planned={}),), "refused"),
        (BOTH, (verdict(A, planned={"who": "phone_lost", "customer": 99}),), "refused"),
        (BOTH, (verdict(A, requested_at=ASKED - HOUR, decided_at=ASKED),), "uploaded"),
        (BOTH, (verdict(R),), "refused"),
        ((*BOTH, LATER), (verdict(R),), "uploaded"),
        (BOTH, (verdict(B),), "returned"),
        ((*BOTH, LATER), (verdict(B),), "uploaded"),
        (BOTH, (verdict(R, id=60), verdict(A, decided_at=NOW)), "accepted"),
        (BOTH, (verdict(A, id=60), verdict(R, decided_at=NOW)), "refused"),
    ],
)
def test_how_far_it_is(pieces: tuple[object, ...], rows: tuple[ApprovalView, ...], state: str) -> None:
    made = asked(evidence=pieces, approvals=rows)
    assert documents.state(made, NEEDS) == state
    assert fact("verification.documents", made) == state


def test_nothing_was_asked_for() -> None:
    assert documents.state(snapshot(evidence=BOTH), NEEDS) == "none"
    assert fact("documents.complete", snapshot(evidence=BOTH)) is False
    before = asked(evidence=BOTH, approvals=(verdict(A),), case=case(cycle_started_at=NOW))
    assert documents.state(before, NEEDS) == "none", "an earlier round of the case shows nothing"
    assert documents.accepted(before) is None


def test_a_rule_that_is_not_there_opens_nothing() -> None:
    made = asked("phone_lost", evidence=BOTH)
    assert documents.missing(made, {}) is None
    assert documents.state(made, {}) == "asked"


PROVEN = (tried(Factor.ACCOUNT), tried(Factor.CITY))
TYPED = tried(Factor.ONE_TIME_CODE, level=VerificationLevel.V3, at=NOW)


@pytest.mark.parametrize(
    ("checks", "rows", "shown", "level"),
    [
        ((), (), None, VerificationLevel.V0),
        ((), (verdict(A),), None, VerificationLevel.V0),
        (PROVEN, (), None, VerificationLevel.V2),
        (PROVEN, (verdict(A),), "phone_lost", VerificationLevel.V3P),
        (PROVEN, (verdict(R),), None, VerificationLevel.V2),
        ((*PROVEN, TYPED), (), None, VerificationLevel.V3),
        ((*PROVEN, TYPED), (verdict(A),), "phone_lost", VerificationLevel.V3),
        ((*PROVEN, tried(Factor.DOCUMENT, CheckResult.PASSED)), (), None, VerificationLevel.V2),
    ],
)
def test_documents_come_on_top_of_level_2(
    checks: tuple[object, ...], rows: tuple[ApprovalView, ...], shown: str | None, level: VerificationLevel
) -> None:
    made = asked(
        checks=checks, approvals=rows, code_sent_at=NOW - timedelta(minutes=1), case=case(filed=False)
    )
    assert passed_for(made) == shown
    assert reached_at_all(made) is level
    assert fact("documents.passed_for", made) == shown


def test_a_form_that_was_filed_signed_in_is_level_2_for_them() -> None:
    filed = asked(approvals=(verdict(A),))
    assert (passed_for(filed), reached_at_all(filed)) == ("phone_lost", VerificationLevel.V3P)
    by_code = snapshot(checks=(TYPED,), code_sent_at=NOW - timedelta(minutes=1))
    assert reached_at_all(by_code) is VerificationLevel.V3


def frozen(
    reason: FreezeReason, *, born: date | None = date(1986, 5, 12), who: str | None = None
) -> Snapshot:
    freeze = FreezeView(
        id=1, reason=reason, source=FreezeSource.SYSTEM, frozen_at=NOW - HOUR, amount_fen=100, trigger=""
    )
    wallet = WalletView(id=1, wallet_no="QB1", state=WalletState.FROZEN, balance_fen=100, freeze=freeze)
    rows = (verdict(A, who),) if who is not None else ()
    return asked(
        who or "owner",
        wallet=wallet,
        checks=(*PROVEN, TYPED),
        approvals=rows,
        customer=customer(born_on=born),
    )


@pytest.mark.parametrize(
    ("reason", "born", "who", "asks", "lacks"),
    [
        (FreezeReason.FREQUENT_TRANSFERS, None, None, None, False),
        (FreezeReason.USER_LOCK, None, None, None, False),
        (FreezeReason.FRAUD_RISK, None, None, "owner", True),
        (FreezeReason.FRAUD_RISK, None, "owner", "owner", False),
        (FreezeReason.FRAUD_RISK, None, "phone_lost", "owner", False),
        (FreezeReason.FRAUD_RISK, None, "agent", "owner", True),
        (FreezeReason.FRAUD_RISK, date(2012, 1, 1), "owner", "minor", True),
        (FreezeReason.MINOR, None, None, "minor", True),
        (FreezeReason.MINOR, None, "owner", "minor", True),
        (FreezeReason.MINOR, None, "minor", "minor", False),
        (FreezeReason.ABNORMAL_LOGIN, date(2012, 1, 1), None, "minor", True),
        (FreezeReason.ABNORMAL_LOGIN, date(2012, 1, 1), "minor", "minor", False),
    ],
)
def test_whose_documents_a_release_takes(
    reason: FreezeReason, born: date | None, who: str | None, asks: str | None, lacks: bool
) -> None:
    made = frozen(reason, born=born, who=who)
    assert (unfreeze.documents_for(made), unfreeze.undocumented(made)) == (asks, lacks)
    assert (fact("unfreeze.documents_for", made), fact("unfreeze.undocumented", made)) == (asks, lacks)


@pytest.mark.parametrize(
    ("change", "who", "lacks"),
    [
        ("phone", None, False),
        ("name", None, True),
        ("name", "phone_lost", True),
        ("name", "agent", True),
        ("name", "name", False),
    ],
)
def test_a_name_takes_documents_of_its_own(change: str, who: str | None, lacks: bool) -> None:
    said = AnswerView("what", change, {}, "1001", NOW - HOUR)
    rows = (verdict(A, who),) if who is not None else ()
    made = asked(who or "name", answers=(said,), approvals=rows, checks=PROVEN)
    assert account.undocumented(made) is lacks
    assert account.acts_for_another(made) is (who == "agent")


STATES = st.sampled_from(tuple(ApprovalState))


@given(
    rows=st.lists(st.tuples(STATES, st.booleans(), st.integers(0, 120)), max_size=5),
    pieces=st.lists(st.sampled_from(tuple(EvidenceKind)), max_size=4),
    who=st.sampled_from(sorted(KINDS)),
)
def test_nobody_passes_their_own_request(
    rows: list[tuple[ApprovalState, bool, int]], pieces: list[EvidenceKind], who: str
) -> None:
    """Whatever was asked and answered in which order: without a yes of somebody else nothing is passed."""
    found = tuple(
        verdict(
            state,
            who,
            id=number,
            decided_by="1001" if own else "2001",
            decided_at=NOW - timedelta(minutes=ago),
        )
        for number, (state, own, ago) in enumerate(rows, 1)
    )
    shown = tuple(evidence(number, kind) for number, kind in enumerate(pieces, 1))
    made = asked(who, approvals=tuple(found), evidence=shown, checks=PROVEN)
    by_others = any(state is A and not own for state, own, _ago in rows)
    assert passed_for(made) is None or by_others
    assert (documents.state(made, NEEDS) == "accepted") <= by_others
