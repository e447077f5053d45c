"""Releasing a frozen wallet by operations (P6): one person verifies, asks and recommends, another decides,
and it is carried out once, on facts that are asked again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    CaseOutcome,
    CaseState,
    EvidenceKind,
    FreezeReason,
    FreezeSource,
    Role,
    WalletState,
)
from bdesk.models.tables import Approval, Case, Freeze, Notification, Task, Wallet
from bdesk.operations import approvals, calls, codes, evidence, queue, undoing
from bdesk.operations.ports import Ports
from bdesk.operations.sweep import sweep
from bdesk.rules.walk.values import Text
from tests.builders import T0, person
from tests.operations.desk import Desk, NotThere, letters_of, met, must_add_up
from tests.operations.frozen import (
    AMOUNT,
    HELD,
    PASSWORD,
    TAIL,
    WALLET_TAIL,
    WHY,
    at_work,
    code,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    seen,
    verified,
)


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR, name="周岚")


@pytest.fixture
def risk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "3001", Role.RISK, name="邓博文")


def state(desk: Desk) -> tuple[WalletState, bool]:
    """The wallet's state, and whether its freeze still holds."""
    return desk.rows(Wallet)[0].state, desk.rows(Freeze)[0].released_at is None


def carried_out(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()


def test_a_payroll_is_released_in_full_by_two_people(desk: Desk, chief: Desk) -> None:
    case_id = rung(desk, freeze(desk.store))
    assert desk.clock(case_id, "unfreeze_response").due_at == T0 + timedelta(minutes=30)
    verified(desk, case_id)
    questioned(desk, case_id)
    assert desk.fact(case_id, "unfreeze.rating") == "low"
    row = recommended(desk, case_id)
    assert (row.action, row.amount_fen, row.needs_role) == ("unfreeze", HELD, "supervisor")
    assert desk.case(case_id).state is CaseState.WAITING_APPROVAL
    assert desk.clock(case_id, "unfreeze_decision").run is RunState.RUNNING
    decided(chief, row)
    assert state(desk) == (WalletState.FROZEN, True), "nothing is released by deciding"
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    assert state(desk) == (WalletState.FROZEN, True), "nothing is released while it can be recalled"
    assert desk.step(case_id) == "settling"
    desk.later(seconds=11)
    desk.release()
    assert state(desk) == (WalletState.NORMAL, False)
    assert desk.step(case_id) == "advice"
    desk.go(case_id, "letter")
    desk.later(seconds=11)
    desk.release()
    assert [one.letter for one in desk.rows(Notification, case_id=case_id)] == ["N13"]
    assert "全部解除" in letters_of(desk, case_id)[0]
    for clock in ("unfreeze_response", "unfreeze_decision", "unfreeze_legal", "resolution", "approval"):
        assert met(desk.clock(case_id, clock)), clock
    assert desk.clock(case_id, "unfreeze_follow_up").due_at == desk.ctx.now() + timedelta(
        hours=24
    ) - timedelta(seconds=11)
    desk.later(days=1)
    desk.go(case_id, "looked")
    desk.later(days=6)
    desk.go(case_id, "looked")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    must_add_up(desk.store, [desk.ports])


def test_high_risk_goes_to_risk_and_no_supervisor_decides_it(desk: Desk, chief: Desk, risk: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    questioned(desk, case_id, story="contradicts")
    assert desk.fact(case_id, "unfreeze.rating") == "high"
    row = recommended(desk, case_id, "limited")
    assert row.needs_role == "risk"
    due = desk.clock(case_id, "unfreeze_decision").due_at
    assert due is not None and due > desk.ctx.now() + timedelta(days=2)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        decided(chief, row)
    decided(risk, row)
    carried_out(desk, case_id)
    assert state(desk) == (WalletState.LIMITED, True), "the freeze goes on to hold"
    desk.go(case_id, "letter")
    assert "部分解除" in letters_of(desk, case_id)[0]
    must_add_up(desk.store)


def test_what_keeps_a_release_back_is_named(desk: Desk, chief: Desk, risk: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    questioned(desk, case_id)
    for tail, said in (("0078", "钱包尾号不符，请重输"), ("", "capture.missing")):
        fields = {"why": WHY} | ({"tail": tail} if tail else {})
        with pytest.raises((NotAllowed, BadInput)) as refused:
            desk.go(case_id, "limited", **fields)
        why = refused.value.params.get("why")
        assert (why.zh if isinstance(why, Text) else refused.value.code) == said
    with desk.store.write("wallet") as unit:
        unit.session.get_one(Wallet, 1).state = WalletState.LIMITED
        unit.commit()
    limited = desk.option(case_id, "limited")
    assert limited.why is not None and limited.why.zh == "已经部分解除"


def test_a_high_risk_is_passed_to_nobody_but_risk(desk: Desk, chief: Desk, risk: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    questioned(desk, case_id, story="contradicts")
    assert desk.fact(case_id, "unfreeze.rating") == "high"
    row = recommended(desk, case_id, "limited")
    for to in ("supervisor", "manager"):
        with pytest.raises(NotAllowed, match=r"approval\.not_for_level") as refused:
            approvals.pass_on(chief.ctx, row.id or 0, to, "请上级定")
        assert refused.value.params == {"action": "unfreeze", "to": to, "needs": "risk"}
    approvals.pass_on(chief.ctx, row.id or 0, "risk", "风险高")
    decided(risk, row)
    must_add_up(desk.store)


def test_a_limited_release_is_followed_by_a_full_one_with_its_own_decision(
    desk: Desk, chief: Desk, risk: Desk
) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    questioned(desk, case_id, payees="new", place="differs")
    assert desk.fact(case_id, "unfreeze.rating") == "medium"
    decided(chief, recommended(desk, case_id, "limited"))
    carried_out(desk, case_id)
    desk.go(case_id, "letter")
    desk.go(case_id, "more")
    assert desk.option(case_id, "limited").offer == "refused"
    decided(chief, recommended(desk, case_id))
    carried_out(desk, case_id)
    assert state(desk) == (WalletState.NORMAL, False)
    must_add_up(desk.store)


def test_of_two_freezes_each_is_released_by_a_decision_of_its_own(
    desk: Desk, chief: Desk, risk: Desk
) -> None:
    frozen = freeze(desk.store)
    with desk.store.write("wallet") as unit:
        first = unit.session.get_one(Freeze, frozen.freeze_id)
        more = first.model_dump(exclude={"id", "version"})
        unit.session.add(Freeze(**more | {"frozen_at": first.frozen_at + timedelta(hours=1)}))
        unit.commit()
    case_id = questioned(desk, verified(desk, rung(desk, frozen)))
    for left in (1, 0):
        row = recommended(desk, case_id)
        decided(risk if row.needs_role == "risk" else chief, row)
        carried_out(desk, case_id)
        assert sum(one.released_at is None for one in desk.rows(Freeze)) == left
        assert desk.rows(Wallet)[0].state is (WalletState.FROZEN if left else WalletState.NORMAL)
        if left:
            assert desk.step(case_id) == "failed", "nobody is told that the wallet is free"
            desk.go(case_id, "again")
    must_add_up(desk.store)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.RISK])
def test_whoever_recommends_never_decides(store: Store, ports: Ports, role: Role) -> None:
    both = at_work(store, ports, "2002", role)
    case_id = questioned(both, verified(both, rung(both, freeze(store))))
    row = recommended(both, case_id)
    # Another session of the same person is the same person.
    again = Desk(store, both.ctx.actor, ports)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(again, row)
    assert both.rows(Approval)[0].state is ApprovalState.REQUESTED


def test_whoever_questioned_the_customer_is_a_maker_too(desk: Desk, chief: Desk) -> None:
    case_id = verified(chief, rung(chief, freeze(desk.store)))
    questioned(chief, case_id)
    queue.release(chief.ctx, case_id)
    queue.claim(desk.ctx, case_id)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(chief, recommended(desk, case_id))


def test_whoever_decided_does_not_carry_it_out(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    decided(chief, recommended(desk, case_id))
    queue.release(desk.ctx, case_id)
    queue.claim(chief.ctx, case_id)
    assert chief.option(case_id, "lift").offer == "refused"
    assert state(desk) == (WalletState.FROZEN, True)


def test_the_decision_takes_ones_own_password(desk: Desk, chief: Desk) -> None:
    from bdesk.operations.approvals import decide

    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    row = recommended(desk, case_id)
    with pytest.raises(BadInput, match=r"approval\.password"):
        decide(chief.ctx, row.id or 0, "approve", "核对过")
    with pytest.raises(NotAllowed, match=r"approval\.password_wrong"):
        decide(chief.ctx, row.id or 0, "approve", "核对过", password="something else")
    with pytest.raises(BadInput, match=r"approval\.no_words"):
        decide(chief.ctx, row.id or 0, "approve", password=PASSWORD)
    assert desk.rows(Approval)[0].state is ApprovalState.REQUESTED
    # Guessing waits as it does at the door, and no right password shortens the wait.
    for _ in range(3):
        with pytest.raises(NotAllowed, match=r"approval\.password_wrong|sign_in\."):
            decide(chief.ctx, row.id or 0, "approve", "核对过", password="guess-guess")
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        decide(chief.ctx, row.id or 0, "approve", "核对过", password=PASSWORD)


def test_an_agent_decides_nothing_and_a_question_comes_back(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    row = recommended(desk, case_id)
    other = at_work(desk.store, desk.ports, "1002", Role.AGENT)
    with pytest.raises(NotAllowed, match=r"role\.cannot_approve"):
        decided(other, row)
    decided(chief, row, "return", "收款人里有没有亲属？")
    assert desk.step(case_id) == "answered"
    assert desk.fact(case_id, "approval.note") == "收款人里有没有亲属？"
    desk.go(case_id, "again")
    decided(chief, recommended(desk, case_id))
    assert desk.step(case_id) == "release"


def test_a_refusal_carries_reason_material_and_remedy(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    decided(chief, recommended(desk, case_id, "refuse"))
    assert desk.step(case_id) == "refuse"
    desk.go(case_id, "letter", ground="现有材料不足以排除风险", wanted="收款人关系证明")
    (body,) = letters_of(desk, case_id)
    for part in ("现有材料不足以排除风险", "收款人关系证明", "申诉", "15日内", "12月"):
        assert part in body, part
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.REJECTED
    assert state(desk) == (WalletState.FROZEN, True)
    must_add_up(desk.store)


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        (FreezeReason.FREQUENT_TRANSFERS, {"payee": "房东", "purpose": "房租"}),
        (FreezeReason.ABNORMAL_LOGIN, {"where_from": "昨天在杭州", "links": "没有"}),
        (FreezeReason.ABNORMAL_FREQUENCY, {"merchant": "点卡店", "purpose": "充值"}),
        (FreezeReason.FRAUD_RISK, {"calls": "没有接到"}),
    ],
)
def test_what_is_asked_by_the_reason_is_written_down(
    desk: Desk, reason: FreezeReason, asked: dict[str, str]
) -> None:
    """WU4: who says that nobody coaches them is asked the rest; whoever is coached is stopped at once."""
    case_id = verified(desk, rung(desk, freeze(desk.store, reason=reason)))
    desk.go(case_id, "told")
    for left_out in asked:
        some = {name: said for name, said in asked.items() if name != left_out}
        with pytest.raises(NotAllowed, match=r"option\.refused"):
            desk.go(case_id, "answered", coached="alone", **some)
    desk.go(case_id, "answered", coached="alone", **asked)
    assert desk.step(case_id) == "records"


def test_a_coached_caller_stays_frozen_until_the_police_know(desk: Desk, chief: Desk, risk: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="guided")
    assert desk.step(case_id) == "scam"
    left_alone = {code: desk.option(case_id, code).offer for code in ("keep", "close")}
    assert left_alone == {"keep": "refused", "close": "refused"}, "money went out and nobody asked to stop it"
    desk.go(case_id, "stop")
    assert [one.what for one in desk.rows(Task)] == ["stop_payment"]
    assert desk.case(case_id).escalated_to == "supervisor"
    desk.go(case_id, "keep")
    assert desk.step(case_id) == "hold"
    desk.go(case_id, "refuse")
    # Nothing but keeping and refusing is open: no amount of saying so makes it a release.
    assert {code: desk.option(case_id, code).offer for code in ("full", "limited")} == {
        "full": "refused",
        "limited": "refused",
    }
    desk.go(case_id, "keep")
    evidence.add_evidence(
        desk.ctx, case_id, EvidenceKind.POLICE_RECEIPT, "r.jpg", "https://evidence.example.com/r.jpg", 900
    )
    assert desk.step(case_id) == "records"
    seen(desk, case_id)
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="new")
    desk.go(case_id, "without")
    desk.go(case_id, "ready")
    assert desk.option(case_id, "full").offer == "refused", "coached: never in full"
    row = recommended(desk, case_id, "limited")
    assert "high_risk" in row.flags
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        decided(chief, row)
    decided(risk, row)
    carried_out(desk, case_id)
    assert state(desk) == (WalletState.LIMITED, True)
    must_add_up(desk.store)


def test_a_changed_phone_is_checked_by_the_old_one_and_a_failed_code_opens_nothing(desk: Desk) -> None:
    frozen = freeze(desk.store, contact_changed_at=T0 - timedelta(days=2), previous_phone="15400000001")
    case_id = rung(desk, frozen)
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    assert desk.option(case_id, "send").offer == "refused"
    desk.go(case_id, "old_channel")
    code(desk, case_id, "failed")
    assert desk.step(case_id) == "verify/code"
    desk.go(case_id, "refused")
    assert desk.step(case_id) == "unverified"
    desk.go(case_id, "report")
    assert [one.what for one in desk.rows(Task)] == ["risk_check"]
    assert desk.step(case_id) == "verify_wait"
    assert desk.fact(case_id, "unfreeze.rating") == "high"
    with pytest.raises(NotThere):
        desk.go(case_id, "full", why=WHY, tail=WALLET_TAIL)


def test_only_the_system_says_that_a_code_was_right(desk: Desk, chief: Desk) -> None:
    case_id = rung(desk, freeze(desk.store))
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    with pytest.raises(NotAllowed, match=r"verification\.no_code"):
        code(desk, case_id, "passed")
    desk.go(case_id, "send")
    for who in (desk, chief):
        with pytest.raises(NotAllowed, match=r"verification\.not_the_system"):
            codes.code_result(who.ctx, case_id, "passed")
    desk.later(minutes=5)
    with pytest.raises(NotAllowed, match=r"verification\.no_code"):
        code(desk, case_id, "passed")
    desk.go(case_id, "send")
    code(desk, case_id, "passed")
    with pytest.raises(NotAllowed, match=r"verification\.no_code"):
        code(desk, case_id, "passed")
    assert desk.fact(case_id, "verification.level") == 3


def test_three_wrong_codes_lock_the_account_for_a_day(desk: Desk) -> None:
    case_id = rung(desk, freeze(desk.store))
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    for tries in range(3):
        assert desk.fact(case_id, "verification.locked") is False, tries
        desk.go(case_id, "send")
        code(desk, case_id, "failed")
        desk.later(seconds=1)
    assert desk.fact(case_id, "verification.locked") is True
    assert desk.step(case_id) == "verify/locked"
    must_add_up(desk.store)


def test_a_code_of_an_earlier_call_opens_nothing_in_the_next(desk: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    calls.end_call(desk.ctx, 1)
    desk.later(hours=2)
    again = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, again, case_id)
    assert desk.fact(case_id, "verification.level") == 0
    assert desk.step(case_id) == "verify/factors"
    verified(desk, case_id)
    assert desk.step(case_id) == "explain"


@pytest.mark.parametrize(
    ("reason", "source"),
    [
        (FreezeReason.JUDICIAL, FreezeSource.JUDICIAL),
        (FreezeReason.FREQUENT_TRANSFERS, FreezeSource.JUDICIAL),
        (FreezeReason.JUDICIAL, FreezeSource.MANUAL),
    ],
)
def test_nobody_here_lifts_what_an_authority_froze(
    desk: Desk, reason: FreezeReason, source: FreezeSource
) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store, reason=reason, source=source)))
    assert desk.step(case_id) == "judicial"
    desk.go(case_id, "letter")
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.JUDICIAL
    assert desk.case(case_id).escalated_to == "supervisor"
    assert state(desk) == (WalletState.FROZEN, True)
    must_add_up(desk.store)


def test_an_order_of_an_authority_that_comes_after_the_approval_stops_the_release(
    desk: Desk, chief: Desk
) -> None:
    frozen = freeze(desk.store)
    case_id = questioned(desk, verified(desk, rung(desk, frozen)))
    decided(chief, recommended(desk, case_id))
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    with desk.store.write("court") as unit:
        unit.session.add(
            Freeze(
                wallet_id=frozen.wallet_id,
                reason=FreezeReason.JUDICIAL,
                source=FreezeSource.JUDICIAL,
                frozen_at=unit.now,
            )
        )
        unit.commit()
    desk.later(seconds=11)
    desk.release()
    assert state(desk) == (WalletState.FROZEN, True)
    assert desk.step(case_id) == "failed"
    must_add_up(desk.store)


@pytest.mark.parametrize("change", ["balance", "state", "freeze", "contact"])
def test_what_changed_after_the_approval_is_never_released(desk: Desk, chief: Desk, change: str) -> None:
    frozen = freeze(desk.store)
    case_id = questioned(desk, verified(desk, rung(desk, frozen)))
    decided(chief, recommended(desk, case_id))
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    with desk.store.write("wallet") as unit:
        wallet = unit.session.get_one(Wallet, frozen.wallet_id)
        held = unit.session.get_one(Freeze, frozen.freeze_id)
        match change:
            case "balance":
                wallet.balance_fen += 1
            case "state":
                wallet.state = WalletState.LIMITED
            case "freeze":
                held.released_at = unit.now
                unit.session.add(
                    Freeze(
                        wallet_id=frozen.wallet_id,
                        reason=FreezeReason.FRAUD_RISK,
                        source=FreezeSource.MANUAL,
                        frozen_at=unit.now,
                    )
                )
            case _:
                from bdesk.models.tables import Customer

                unit.session.get_one(Customer, frozen.customer_id).contact_changed_at = unit.now
        unit.commit()
    before = [(one.id, one.released_at) for one in desk.rows(Freeze)]
    desk.later(seconds=11)
    desk.release()
    assert [(one.id, one.released_at) for one in desk.rows(Freeze)] == before
    assert desk.rows(Wallet)[0].state is not WalletState.NORMAL
    assert desk.fact(case_id, "unfreeze.release") == "none"
    assert [one.kind for one in desk.events(case_id, "effect.failed", "release.done")] == ["effect.failed"]


def test_an_approval_of_yesterday_releases_nothing(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    row = recommended(desk, case_id)
    desk.later(hours=23, minutes=59)
    decided(chief, row)
    desk.later(minutes=1)
    assert desk.step(case_id) == "recommend", "the approval lapsed"
    assert state(desk) == (WalletState.FROZEN, True)


def test_a_recalled_release_released_nothing_and_can_be_committed_again(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    decided(chief, recommended(desk, case_id))
    done = desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.recall(done)
    desk.later(seconds=11)
    desk.release()
    assert state(desk) == (WalletState.FROZEN, True)
    assert desk.step(case_id) == "release"
    carried_out(desk, case_id)
    assert state(desk) == (WalletState.NORMAL, False)
    must_add_up(desk.store)


def test_a_wrong_tail_recommends_and_releases_nothing(desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "full", why=WHY, tail="1234")
    decided(chief, recommended(desk, case_id))
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "lift", again_tail="1234")


def test_a_wallet_frozen_again_comes_back_to_the_questions_at_risk(desk: Desk, chief: Desk) -> None:
    frozen = freeze(desk.store)
    case_id = questioned(desk, verified(desk, rung(desk, frozen)))
    decided(chief, recommended(desk, case_id))
    carried_out(desk, case_id)
    desk.go(case_id, "letter")
    desk.later(hours=2)
    with desk.store.write("wallet") as unit:
        unit.session.get_one(Wallet, frozen.wallet_id).state = WalletState.FROZEN
        unit.session.add(
            Freeze(
                wallet_id=frozen.wallet_id,
                reason=FreezeReason.ABNORMAL_LOGIN,
                source=FreezeSource.SYSTEM,
                frozen_at=unit.now,
            )
        )
        unit.commit()
    assert desk.step(case_id) == "frozen_again"
    desk.go(case_id, "raise")
    assert desk.step(case_id) == "ask_login"
    assert desk.case(case_id).escalated_to == "risk"
    assert "again" in desk.stand(case_id).facts["unfreeze.signs"]  # type: ignore[operator]


def test_missing_papers_are_asked_for_by_name_and_the_clock_stands(desk: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "ask")
    (body,) = letters_of(desk, case_id)
    assert "交易凭证" in body and "收款人关系" in body
    assert desk.clock(case_id, "resolution").run is RunState.PAUSED
    assert desk.clock(case_id, "unfreeze_legal").run is RunState.RUNNING, "the law's limit never stands"
    desk.later(days=3)
    sweep(desk.ctx)
    assert len(letters_of(desk, case_id)) == 2
    must_add_up(desk.store)


def test_a_second_request_of_the_same_customer_is_the_same_matter(desk: Desk) -> None:
    frozen = freeze(desk.store)
    first = rung(desk, frozen)
    calls.end_call(desk.ctx, 1)
    second = rung(desk, frozen)
    assert desk.step(second) == "duplicate/same"
    desk.go(second, "merge")
    assert desk.case(second).state is CaseState.MERGED
    assert [one.id for one in desk.rows(Case, kind=CaseKind.UNFREEZE) if one.open] == [first]


def test_nobody_releases_their_own_wallet(store: Store, ports: Ports, chief: Desk) -> None:
    frozen = freeze(store)
    maker = Desk(store, person(store, "1009"), ports)
    case_id = questioned(maker, verified(maker, rung(maker, frozen)))
    # An administrator says whose wallet it is when the case is in their hands already.
    owner = Desk(store, replace(maker.ctx.actor, customer_id=frozen.customer_id), ports)
    for option in ("full", "limited", "refuse"):
        assert owner.option(case_id, option).offer == "refused"


def test_a_recommendation_is_not_undone_but_taken_back(desk: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    row = recommended(desk, case_id)
    with pytest.raises(NotAllowed):
        undoing.undo(desk.ctx, case_id)
    desk.go(case_id, "withdraw")
    assert desk.row(Approval, row.id or 0).state is ApprovalState.WITHDRAWN
    assert desk.step(case_id) == "recommend"
    assert TAIL not in str([one.payload for one in desk.events(case_id)])
