"""Verification by documents (V3+) by operations: asked for, handed in, opened and passed by another person,
and asked for again by what rests on it (B0.4, P6, P8)."""

from datetime import date
from typing import Any

import pytest

from bdesk.data.journal import events
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseState,
    CheckResult,
    EvidenceKind,
    Factor,
    FreezeReason,
    Role,
    Stream,
    VerificationLevel,
    WalletState,
)
from bdesk.models.tables import Approval, Evidence, Freeze, Notification, VerificationAttempt, Wallet
from bdesk.operations import approvals, evidence
from bdesk.operations.change import Act
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.documents import submit
from bdesk.operations.effects.unfreezing import recommend
from bdesk.operations.ports import Ports
from bdesk.operations.sweep import sweep
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect
from tests.operations import changing
from tests.operations.desk import Desk, NotThere, must_add_up
from tests.operations.frozen import (
    AMOUNT,
    TAIL,
    WALLET_TAIL,
    at_work,
    decided,
    freeze,
    recommended,
    rung,
    seen,
    verified,
)

SECRET = "张三_33010619900101123X.jpg"


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR, name="周岚")


@pytest.fixture
def other(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2002", Role.SUPERVISOR, name="韩冬")


@pytest.fixture
def risk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "3001", Role.RISK, name="邓博文")


@pytest.fixture
def system(store: Store, ports: Ports) -> Desk:
    """Whoever brings in what arrives by the secure form."""
    return at_work(store, ports, "1900", Role.AGENT)


def came(system: Desk, case_id: int, *kinds: EvidenceKind) -> None:
    for kind in kinds:
        evidence.add_evidence(system.ctx, case_id, kind, SECRET, "https://secure.example.com/1", 1000)


def opened(by: Desk, case_id: int) -> None:
    for piece in by.rows(Evidence, case_id=case_id):
        evidence.look_at(by.ctx, piece.id or 0)


def check(by: Desk, verdict: str = "approve", words: str = "") -> None:
    approvals.decide(by.ctx, by.rows(Approval)[-1].id or 0, verdict, words)


OWNERS = (EvidenceKind.ID_DOCUMENT, EvidenceKind.HANDHELD)


def without_phone(desk: Desk, frozen_by: FreezeReason = FreezeReason.USER_LOCK) -> int:
    """A caller who answered and has lost the phone; documents are asked for and the clock stands."""
    case_id = rung(desk, freeze(desk.store, reason=frozen_by))
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    desk.go(case_id, "documents")
    desk.go(case_id, "phone_lost")
    desk.go(case_id, "ask")
    return case_id


def test_a_lost_phone_is_made_up_for_by_documents_that_another_person_passes(
    desk: Desk, chief: Desk, system: Desk
) -> None:
    case_id = without_phone(desk)
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    stopped = desk.clock(case_id, "resolution")
    assert stopped.run is RunState.PAUSED
    desk.later(hours=5)
    came(system, case_id, EvidenceKind.ID_DOCUMENT)
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING, "what arrives makes the clock run on"
    assert desk.step(case_id) == "verify/papers/arriving", "one of two is not enough"
    assert desk.fact(case_id, "documents.missing") == ("handheld",)
    came(system, case_id, EvidenceKind.HANDHELD)
    assert desk.step(case_id) == "verify/papers/submit"
    assert desk.fact(case_id, "verification.level") == 2, "handed in is not passed"
    desk.go(case_id, "put")
    row = desk.rows(Approval)[-1]
    assert (row.action, row.needs_role, row.planned["who"]) == ("documents", "supervisor", "phone_lost")
    assert desk.case(case_id).state is CaseState.WAITING_APPROVAL
    assert desk.clock(case_id, "approval").run is RunState.RUNNING
    assert desk.clock(case_id, "resolution").run is RunState.RUNNING, "a colleague stops no customer's clock"
    opened(chief, case_id)
    check(chief)
    assert desk.fact(case_id, "verification.level") == 3
    assert desk.case(case_id).verified_level is VerificationLevel.V3P
    assert desk.step(case_id) == "ask_lock"
    assert desk.clock(case_id, "approval").run is RunState.STOPPED
    (tried,) = [one for one in desk.rows(VerificationAttempt) if one.factor is Factor.DOCUMENT]
    assert (tried.result, tried.level, tried.by) == (CheckResult.PASSED, VerificationLevel.V3P, "2001")
    must_add_up(desk.store, [desk.ports])


def test_what_stands_in_a_document_is_kept_nowhere(desk: Desk, chief: Desk, system: Desk) -> None:
    case_id = without_phone(desk)
    came(system, case_id, *OWNERS)
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)
    assert {one.name for one in desk.rows(Evidence, case_id=case_id)} == {"id_document", "handheld"}
    with desk.store.read() as session:
        said = " ".join(str(one.payload) for one in events(session, Stream.CASE, case_id))
    assert "33010619900101123X" not in said and "张三" not in said


def test_nobody_passes_what_they_asked_for_brought_in_or_did_not_open(
    desk: Desk, chief: Desk, other: Desk, system: Desk
) -> None:
    case_id = without_phone(desk)
    came(system, case_id, EvidenceKind.ID_DOCUMENT)
    came(chief, case_id, EvidenceKind.HANDHELD)
    desk.go(case_id, "put")
    for who, code in (
        (desk, r"approval\.own"),
        (at_work(desk.store, desk.ports, "1500", Role.SENIOR), r"role\.cannot_approve|limits\.above"),
        (at_work(desk.store, desk.ports, "3001", Role.RISK), r"limits\."),
        (chief, r"approval\.own"),
        (other, r"documents\.unseen"),
    ):
        if who is chief:
            opened(chief, case_id)
        with pytest.raises(NotAllowed, match=code):
            check(who)
    assert desk.rows(Approval)[-1].state is ApprovalState.REQUESTED
    evidence.look_at(other.ctx, desk.rows(Evidence, case_id=case_id)[0].id or 0)
    with pytest.raises(NotAllowed, match=r"documents\.unseen"):
        check(other)
    opened(other, case_id)
    check(other)
    assert desk.fact(case_id, "verification.level") == 3
    must_add_up(desk.store, [desk.ports])


def test_a_supervisor_who_works_the_case_does_not_check_it(chief: Desk, other: Desk, system: Desk) -> None:
    case_id = without_phone(chief)
    came(system, case_id, *OWNERS)
    chief.go(case_id, "put")
    opened(chief, case_id)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        check(chief)
    opened(other, case_id)
    check(other)
    assert chief.fact(case_id, "verification.level") == 3


def test_another_piece_lapses_the_check(desk: Desk, chief: Desk, system: Desk) -> None:
    case_id = without_phone(desk)
    came(system, case_id, *OWNERS)
    desk.go(case_id, "put")
    opened(chief, case_id)
    came(system, case_id, EvidenceKind.HANDHELD)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        check(chief)
    assert desk.fact(case_id, "verification.level") == 2
    assert desk.step(case_id) == "verify/papers/submit"
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)
    assert desk.fact(case_id, "verification.level") == 3


@pytest.mark.parametrize("verdict", ["refuse", "return"])
def test_what_was_not_passed_can_be_handed_in_again(
    desk: Desk, chief: Desk, system: Desk, verdict: str
) -> None:
    case_id = without_phone(desk)
    came(system, case_id, *OWNERS)
    desk.go(case_id, "put")
    check(chief, verdict, "照片看不清")
    assert desk.step(case_id) == "verify/papers/answered"
    assert desk.fact(case_id, "documents.note") == "照片看不清"
    assert (desk.fact(case_id, "verification.level"), desk.fact(case_id, "verification.failures")) == (2, 0)
    desk.go(case_id, "again")
    assert desk.step(case_id) == "verify/papers/tell"
    desk.go(case_id, "ask")
    desk.later(minutes=1)
    came(system, case_id, EvidenceKind.HANDHELD)
    assert desk.step(case_id) == "verify/papers/submit"
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)
    assert desk.step(case_id) == "ask_lock"
    must_add_up(desk.store, [desk.ports])


def test_documents_that_were_refused_open_nothing(desk: Desk, chief: Desk, system: Desk) -> None:
    case_id = without_phone(desk)
    came(system, case_id, *OWNERS)
    desk.go(case_id, "put")
    check(chief, "refuse", "不是本人")
    desk.go(case_id, "stop")
    assert desk.step(case_id) == "unverified"
    assert desk.fact(case_id, "verification.level") == 2


def test_a_check_that_was_edited_in_the_store_is_none(desk: Desk, chief: Desk, system: Desk) -> None:
    case_id = without_phone(desk)
    came(system, case_id, *OWNERS)
    desk.go(case_id, "put")
    opened(chief, case_id)
    with desk.store.write("thief") as unit:
        row = unit.session.get_one(Approval, desk.rows(Approval)[-1].id)
        row.planned = {**row.planned, "who": "owner"}
        unit.commit()
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        check(chief)


def feared(desk: Desk, reason: FreezeReason = FreezeReason.FRAUD_RISK, **who: Any) -> int:
    """A caller verified by code, whose freeze takes documents besides; at the step that says so."""
    case_id = verified(desk, rung(desk, freeze(desk.store, reason=reason, **who)))
    desk.go(case_id, "told")
    calls = {"calls": "没有接到"} if reason is FreezeReason.FRAUD_RISK else {}
    desk.go(case_id, "answered", coached="alone", **calls)
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    assert desk.step(case_id) == "identity"
    return case_id


def shown(desk: Desk, system: Desk, chief: Desk, case_id: int, *kinds: EvidenceKind) -> None:
    desk.go(case_id, "ask")
    desk.go(case_id, "told")
    came(system, case_id, *kinds)
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)


def test_a_wallet_frozen_for_fraud_takes_the_code_the_documents_and_risk(
    desk: Desk, chief: Desk, risk: Desk, system: Desk
) -> None:
    case_id = feared(desk)
    assert desk.fact(case_id, "unfreeze.documents_for") == "owner"
    shown(desk, system, chief, case_id, *OWNERS)
    assert desk.step(case_id) == "papers", "the receipt of the police besides"
    came(system, case_id, EvidenceKind.POLICE_RECEIPT)
    seen(desk, case_id)
    desk.go(case_id, "ready")
    row = recommended(desk, case_id, "limited")
    assert row.needs_role == "risk"
    decided(risk, row)
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()
    assert desk.rows(Wallet)[0].state is WalletState.LIMITED
    must_add_up(desk.store, [desk.ports])


def test_without_documents_there_is_no_release_and_a_refusal_may_be_asked_for(desk: Desk, risk: Desk) -> None:
    case_id = feared(desk)
    desk.go(case_id, "without")
    desk.go(case_id, "ready")
    for extent in ("full", "limited"):
        with pytest.raises(NotAllowed, match=r"option\.refused"):
            desk.go(case_id, extent, why="客户着急", tail=WALLET_TAIL)
    decided(risk, recommended(desk, case_id, "refuse"))
    assert desk.step(case_id) == "refuse"
    assert desk.rows(Freeze)[0].released_at is None


def test_the_effect_refuses_whatever_a_procedure_offers(desk: Desk) -> None:
    case_id = feared(desk)
    stand = desk.stand(case_id)
    for extent in ("full", "limited"):
        said = {"extent": extent, "why": "客户着急", "tail": WALLET_TAIL}
        effect = PlannedEffect(1, "wallet.recommend", Risk.MONEY, said)
        planned = beside("anything", effect, option="anything", round=1, cycle=1)
        with desk.store.write("1001") as unit:
            act = Act(unit, unit.case(case_id))
            with pytest.raises(NotAllowed, match=r"unfreeze\.undocumented"):
                recommend(EffectCall(act, desk.ctx, stand, planned, effect, []))
    effect = PlannedEffect(1, "verify.submit", Risk.RECORD, {})
    planned = beside("anything", effect, option="anything", round=1, cycle=1)
    with desk.store.write("1001") as unit:
        act = Act(unit, unit.case(case_id))
        with pytest.raises(NotAllowed, match=r"documents\.not_asked"):
            submit(EffectCall(act, desk.ctx, stand, planned, effect, []))


def test_a_release_that_was_approved_falls_with_its_documents(
    desk: Desk, chief: Desk, risk: Desk, system: Desk
) -> None:
    """Later documents that somebody refuses take the earlier yes away, also from a release under way."""
    case_id = feared(desk)
    shown(desk, system, chief, case_id, *OWNERS)
    came(system, case_id, EvidenceKind.POLICE_RECEIPT)
    seen(desk, case_id)
    desk.go(case_id, "ready")
    row = recommended(desk, case_id, "limited")
    decided(risk, row)
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    with desk.store.write("2001") as unit:
        passed = unit.session.get_one(Approval, desk.rows(Approval)[0].id)
        assert passed.action == "documents"
        passed.state = ApprovalState.REFUSED
        unit.commit()
    desk.later(seconds=11)
    desk.release()
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN
    assert desk.step(case_id) == "failed"


def test_a_minor_s_wallet_takes_the_guardian_s_documents(desk: Desk, chief: Desk, system: Desk) -> None:
    case_id = feared(desk, FreezeReason.MINOR, born_on=date(2012, 1, 1))
    desk.go(case_id, "ask")
    assert desk.fact(case_id, "documents.wanted") == ("guardian_id", "guardianship")
    desk.go(case_id, "told")
    came(system, case_id, EvidenceKind.ID_DOCUMENT, EvidenceKind.HANDHELD)
    assert desk.step(case_id) == "identity_papers/arriving"
    came(system, case_id, EvidenceKind.GUARDIANSHIP)
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)
    assert desk.step(case_id) == "rating"
    assert desk.fact(case_id, "unfreeze.undocumented") is False


def test_a_name_is_changed_by_documents_a_second_person_and_a_day(
    desk: Desk, chief: Desk, other: Desk, system: Desk
) -> None:
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer, "name")
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    assert desk.step(case_id) == "name_papers"
    with pytest.raises(NotThere):
        desk.go(case_id, "read", new_name="王莉")
    shown(desk, system, chief, case_id, *OWNERS)
    assert desk.step(case_id) == "enter_name"
    row = changing.proposed(desk, case_id, new_name="王莉")
    changing.decided(other, row)
    changing.warned(desk, case_id)
    desk.later(hours=24)
    assert changing.on_file(desk, buyer).name != "王莉"
    changing.saved(desk, case_id)
    assert changing.on_file(desk, buyer).name == "王莉"
    assert {one.letter for one in desk.rows(Notification, case_id=case_id)} == {"N11", "N12"}
    must_add_up(desk.store, [desk.ports])


def test_a_lost_phone_is_changed_on_the_strength_of_documents(
    desk: Desk, chief: Desk, other: Desk, system: Desk
) -> None:
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer, "phone")
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    desk.go(case_id, "documents")
    desk.go(case_id, "phone_lost")
    desk.go(case_id, "told")
    came(system, case_id, *OWNERS)
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)
    assert desk.step(case_id) == "enter_phone"
    changing.decided(other, changing.proposed(desk, case_id, new_phone=changing.NEW_PHONE))
    changing.warned(desk, case_id)
    desk.later(hours=24)
    changing.saved(desk, case_id)
    assert changing.on_file(desk, buyer).phone == changing.NEW_PHONE


def test_whoever_acts_for_the_owner_changes_nothing(desk: Desk, chief: Desk, system: Desk) -> None:
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer, "phone")
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    desk.go(case_id, "documents")
    desk.go(case_id, "agent")
    desk.go(case_id, "told")
    came(system, case_id, EvidenceKind.ID_DOCUMENT, EvidenceKind.POWER_OF_ATTORNEY)
    desk.go(case_id, "put")
    opened(chief, case_id)
    check(chief)
    assert desk.fact(case_id, "account.for_another") is True
    assert desk.step(case_id) == "not_owner"


def test_nobody_waits_for_documents_for_ever(desk: Desk) -> None:
    case_id = without_phone(desk)
    desk.later(seconds=11)
    desk.release()
    desk.later(days=3)
    sweep(desk.ctx)
    assert [one.letter for one in desk.rows(Notification, case_id=case_id)] == ["N4", "N4"]
    desk.later(days=4, minutes=1)
    sweep(desk.ctx)
    assert desk.case(case_id).state is not CaseState.WAITING_CUSTOMER
    assert desk.stand(case_id).walk.finished or not desk.case(case_id).open
