"""The card of a frozen wallet and its decision: what risk said, and which limit on payments out holds now."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import ApprovalState, EvidenceKind, FreezeReason, Role, WalletState
from bdesk.models.tables import Approval, Contact, Evidence, Wallet
from bdesk.operations import approvals, calls, evidence
from bdesk.operations.ports import Ports, simulated
from bdesk.screens.wallet.deciding import DecideModal
from tests.operations.desk import Desk
from tests.operations.frozen import (
    PASSWORD,
    at_work,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    seen,
    verified,
)
from tests.screens.desks import AtDesk, at_desk

ANSWER = "三笔收款人已核实，均为其公司员工"
SIZES = [(80, 24), (120, 40)]

pytestmark = pytest.mark.usefixtures("patient_hand")


@pytest.fixture
def ports() -> Ports:
    return simulated()


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR, name="周岚")


@pytest.fixture
def risk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "3001", Role.RISK, name="邓博文")


def asked(desk: Desk) -> int:
    """A release that waits for its decision; the call is over."""
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    questioned(desk, case_id)
    recommended(desk, case_id, "limited")
    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)
    return case_id


async def opened(at: AtDesk, desk: Desk, case_id: int) -> None:
    await at.driver.press("f3")
    await at.driver.type(desk.case(case_id).case_no)
    await at.driver.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_what_risk_was_asked_and_said_stands_on_the_case_and_by_the_decision(
    desk: Desk, chief: Desk, risk: Desk, size: tuple[int, int], language: str
) -> None:
    case_id = asked(desk)
    number = desk.rows(Approval)[-1].id or 0
    approvals.ask_risk(chief.ctx, number, "收款人是否可疑")
    async with at_desk(desk.store, chief.ctx.actor, size=size) as at:
        await opened(at, desk, case_id)
        at.driver.shows("收款人是否可疑").shows_not(ANSWER).widths_ok()
        approvals.answer_risk(risk.ctx, number, ANSWER)
        await at.driver.run(at.screen.refresh_now)
        at.driver.shows(ANSWER[:10], "3001").widths_ok()
        await at.driver.press("1")
        assert asks(at)
        at.driver.shows("收款人是否可疑", ANSWER[:10]).widths_ok()
        await at.driver.press("1")
        at.driver.shows({"zh": "本人口令", "en": "Your own password"}[language]).widths_ok()


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_asked_stands_there_to_be_filled_in_and_to_be_read_by_who_decides(
    desk: Desk, chief: Desk, size: tuple[int, int], language: str
) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    async with at_desk(desk.store, desk.ctx.actor, size=size) as at:
        await opened(at, desk, case_id)
        await at.driver.press("1")
        for label in {"zh": ("有人指导", "收款人", "用途"), "en": ("Coached", "Payees", "Purpose")}[language]:
            at.driver.shows(label).widths_ok()
        await at.driver.type("1")
        await at.driver.press("enter")
        await at.driver.type("二十名工人")
        await at.driver.press("enter")
        await at.driver.type("发工资")
        await at.driver.press("enter")
        # What may be picked is named whole, at every width.
        at.driver.shows(
            *{"zh": ("3 查不到", "3 被投诉"), "en": ("3 cannot be told", "3 complained of")}[language]
        )
    for kind in (EvidenceKind.STATEMENT, EvidenceKind.TRANSACTION_RECORD):
        evidence.add_evidence(desk.ctx, case_id, kind, "1.pdf", "https://evidence.example.com/1.pdf", 1000)
    seen(desk, case_id)
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "ready")
    recommended(desk, case_id, "limited")
    async with at_desk(chief.store, chief.ctx.actor, size=size) as at:
        await opened(at, desk, case_id)
        await at.driver.press("1")
        assert asks(at)
        await at.driver.press("pagedown")
        at.driver.shows("二十名工人", "发工资").widths_ok()


@pytest.mark.parametrize("size", SIZES)
async def test_the_limit_in_force_is_named(
    desk: Desk, chief: Desk, size: tuple[int, int], language: str
) -> None:
    case_id = asked(desk)
    until = {"zh": "前不能转出", "en": "nothing out"}[language]
    part = {"zh": "只收不转出", "en": "receives only"}[language]
    async with at_desk(desk.store, chief.ctx.actor, size=size) as at:
        await opened(at, desk, case_id)
        at.driver.shows_not(until, part).widths_ok()
        with desk.store.write("test") as unit:
            wallet = unit.session.get_one(Wallet, 1)
            wallet.outgoing_limited_until = unit.now + timedelta(hours=24)
            unit.commit()
        await at.driver.run(at.screen.refresh_now)
        at.driver.shows(until).shows_not(part).widths_ok()
        with desk.store.write("test") as unit:
            wallet = unit.session.get_one(Wallet, 1)
            wallet.outgoing_limited_until = unit.now - timedelta(hours=1)
            wallet.state = WalletState.LIMITED
            unit.commit()
        await at.driver.run(at.screen.refresh_now)
        at.driver.shows(part).shows_not(until).widths_ok()


@pytest.mark.parametrize("size", SIZES)
async def test_what_f8_does_is_in_sight_whatever_there_is_to_read(
    desk: Desk, chief: Desk, risk: Desk, size: tuple[int, int], language: str
) -> None:
    case_id = asked(desk)
    number = desk.rows(Approval)[-1].id or 0
    approvals.ask_risk(chief.ctx, number, "收款人是否可疑，近期有无同类交易。" * 8)
    approvals.answer_risk(risk.ctx, number, "未见异常，均为其公司员工。" * 10)
    async with at_desk(desk.store, chief.ctx.actor, size=size) as at:
        await opened(at, desk, case_id)
        await at.driver.press("1", "1")
        await at.driver.type("同意")
        await at.driver.press("f8")
        missing = {"zh": "输入本人口令", "en": "Type your own password"}[language]
        at.driver.shows(missing)
        await at.driver.press("enter")
        await at.driver.type("one-two-three")
        at.driver.shows("F8", {"zh": "待执行", "en": "Pending"}[language]).widths_ok()
        papers = {"zh": "2 件", "en": "2, 2 unseen"}[language]
        if size == (80, 24):
            at.driver.shows("PgDn").shows_not(papers)
            await at.driver.press("pagedown", "pagedown", "pagedown")
        at.driver.shows(papers, "F8").widths_ok()
        await at.driver.press("pageup", "pageup", "pageup", "pageup")
        at.driver.shows("1001")


def asked_of_a_supervisor(desk: Desk) -> int:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    questioned(desk, case_id, payees="new", place="differs")
    assert recommended(desk, case_id, "limited").needs_role != "risk"
    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)
    return case_id


def asks(at: AtDesk) -> bool:
    """Whether the question about the release is open."""
    return isinstance(at.driver.app.screen, DecideModal)


@pytest.mark.parametrize("size", SIZES)
async def test_a_wrong_password_keeps_the_question_and_its_keys(
    desk: Desk, chief: Desk, size: tuple[int, int], language: str
) -> None:
    asked_of_a_supervisor(desk)
    async with at_desk(desk.store, chief.ctx.actor, size=size) as at:
        await at.driver.press("f10", "enter")
        # Typed ahead, both are for the question: it is opened once and the verdict chosen.
        await at.driver.burst("1", "1")
        await at.driver.type("回执一致")
        await at.driver.press("tab")
        at.driver.shows({"zh": "F8", "en": "then F8 decides"}[language])
        await at.driver.type("peixun-1111")
        await at.driver.press("f8")
        assert asks(at)
        wrong = {"zh": "这不是本人的口令", "en": "This is not your password"}[language]
        at.driver.shows(wrong, "回执一致").shows_not("****", {"zh": "待执行", "en": "Pending"}[language])
        # What is typed now goes into the emptied field, and is no key of the board.
        await at.driver.type("e142")
        assert asks(at)
        at.driver.shows("****").widths_ok()
        await at.driver.press(*["backspace"] * 4)
        await at.driver.type(PASSWORD)
        await at.driver.press("f8")
        assert not asks(at)
        assert [one.state for one in desk.rows(Approval)] == [ApprovalState.APPROVED]
        # One's own decision is told as done, not as a refusal.
        at.driver.shows({"zh": "已决定", "en": "Decided on"}[language])
        at.driver.shows_not({"zh": "重新查看工单", "en": "Read the case again"}[language])


async def test_a_release_that_is_decided_meanwhile_leaves_nothing_to_type_for(
    desk: Desk, chief: Desk
) -> None:
    asked_of_a_supervisor(desk)
    other = at_work(desk.store, desk.ports, "2002", Role.SUPERVISOR, name="方立新")
    async with at_desk(desk.store, chief.ctx.actor, size=(80, 24)) as at:
        await at.driver.press("f10", "enter", "1", "1")
        await at.driver.type("回执一致")
        await at.driver.press("enter")
        await at.driver.type(PASSWORD)
        decided(other, desk.rows(Approval)[-1])
        await at.driver.press("f8")
        assert not asks(at)
        at.driver.shows("The request is decided: approved")
    assert desk.rows(Approval)[-1].decided_by == "2002"


async def test_what_an_authority_froze_has_no_low_risk(desk: Desk, language: str) -> None:
    from bdesk.models.kinds import FreezeReason, FreezeSource

    held = freeze(desk.store, reason=FreezeReason.JUDICIAL, source=FreezeSource.JUDICIAL)
    case_id = rung(desk, held)
    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)
    async with at_desk(desk.store, desk.ctx.actor, size=(80, 24)) as at:
        await opened(at, desk, case_id)
        nobody = {"zh": "有权机关冻结，不能解除", "en": "nobody releases it here"}[language]
        low = {"zh": "风险 低", "en": "Risk low"}[language]
        at.driver.shows(nobody).shows_not(low).widths_ok()


async def test_who_looks_at_papers_goes_on_to_the_next_one(desk: Desk) -> None:
    """A piece found unclear leads to another step; the marker stays among the papers all the same."""
    case_id = questioned(desk, verified(desk, rung(desk, freeze(desk.store))))
    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)
    before = desk.step(case_id)
    async with at_desk(desk.store, desk.ctx.actor, size=(80, 24)) as at:
        await at.driver.press("enter", "tab", "space")
        assert desk.step(case_id) != before
        await at.driver.press("down", "space")
    assert [one.clear for one in desk.rows(Evidence, case_id=case_id)] == [False, False]


async def test_behind_the_last_field_tab_goes_to_what_no_answer_asks_for(desk: Desk, language: str) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store, reason=FreezeReason.ID_EXPIRED)))
    note = {"zh": "说明", "en": "Notes"}[language]
    async with at_desk(desk.store, desk.ctx.actor, size=(80, 24)) as at:
        await opened(at, desk, case_id)
        await at.driver.press("1")
        at.driver.shows({"zh": "有人指导", "en": "Coached"}[language])
        await at.driver.press("tab")
        await at.driver.type("换证中")
        at.driver.shows_not(f"Tab {note}").widths_ok()
        assert "换证中" in at.driver.line_with(note)
