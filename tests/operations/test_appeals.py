"""Appeals at a real store (P5): through their levels, and never by who had a hand in what is contested."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk.clock import from_iso
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    EvidenceKind,
    RefundReason,
    RejectCode,
    Role,
)
from bdesk.models.tables import Approval, CaseFlagRow, CaseLink, Decision, Notification, OrderItem, Refund
from bdesk.operations import approvals, evidence, packing, queue, reopening, undoing, walking
from bdesk.operations.change import Act
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.registry import HANDLERS
from bdesk.operations.looking.case import case_page
from bdesk.operations.staff.groups import ensure_groups
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect
from bdesk.speech import speak
from tests.builders import Placed, clock_of, customer, make_store, order, person
from tests.operations.desk import PICTURE, Desk, letters_of, met, must_add_up, refunded

ROLES = {
    "first": ("1005", Role.AGENT),
    "agent": ("1001", Role.AGENT),
    "senior": ("1101", Role.SENIOR),
    "chief": ("2001", Role.SUPERVISOR),
    "other": ("2002", Role.SUPERVISOR),
    "manager": ("3001", Role.MANAGER),
}


class House:
    """A few people at their desks, and an order whose refund one of them refused wrongly."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.write("test") as unit:
            ensure_groups(unit)
            unit.commit()
        self.desks = {name: Desk(store, person(store, *who)) for name, who in ROLES.items()}
        self.buyer = customer(store, email="w@example.com")
        self.placed: Placed = order(store, self.buyer, signed_days=8)
        first = self.desks["first"]
        self.refund_id = first.opened(self.placed, reason=RefundReason.QUALITY)
        first.to_decision(self.refund_id)
        for option in ("reject", "past_deadline", "close"):
            first.go(self.refund_id, option)
        with store.write("shop") as unit:
            # The page of the goods says 14 days: the refusal was wrong.
            unit.session.get_one(OrderItem, self.placed.items[0]).window_days = 14
            unit.commit()
        clock_of(store).move(timedelta(days=2))
        first.release()

    def __getattr__(self, name: str) -> Desk:
        desk: Desk = self.__dict__["desks"][name]
        return desk

    def raised(self, desk: Desk, *, linked: bool = True) -> int:
        """An appeal of the same order by a signed-in form, verified by it, with a chat record."""
        case_id = desk.opened(
            self.placed, kind=CaseKind.APPEAL, channel=Channel.APP_CHAT, reason=None, media=False, hours=0
        )
        piece(desk, case_id, EvidenceKind.CHAT_RECORD)
        desk.go(case_id, "result")
        if linked:
            desk.go(case_id, "suggested")
            desk.go(case_id, "complete")
        return case_id

    def assigned(self, desk: Desk) -> int:
        case_id = self.raised(desk)
        desk.go(case_id, "admit")
        desk.go(case_id, "group")
        return case_id

    def decided_at_third(self, case_id: int) -> None:
        other = self.desks["other"]
        other.go(case_id, "simple")
        other.go(case_id, "send", finding="已由另一位主管审理")
        other.go(case_id, "partly", reasons="部分成立", basis="条款")
        other.go(case_id, "put_right")
        other.go(case_id, "send_done", done="更正记录并致歉")
        other.go(case_id, "accepted")
        other.go(case_id, "close")

    def decided(self, case_id: int, desk: Desk, result: str) -> None:
        queue.claim(desk.ctx, case_id)
        desk.go(case_id, "simple")
        desk.go(case_id, "send", finding="已调取原处理记录")
        desk.go(case_id, result, reasons="商品支持14天退货", basis="商品页面的退货期")


def piece(desk: Desk, case_id: int, kind: EvidenceKind) -> None:
    evidence.add_evidence(desk.ctx, case_id, kind, f"{kind}.jpg", PICTURE, 1000)


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def refused(house: House, desk: Desk, case_id: int, option: str, **given: str) -> str:
    with pytest.raises(NotAllowed) as why:
        desk.go(case_id, option, **given)
    return why.value.code


# Who


def test_who_refused_the_refund_decides_nothing_of_its_appeal_whatever_they_are_now(house: House) -> None:
    case_id = house.assigned(house.agent)
    queue.claim(house.first.ctx, case_id)
    assert house.first.fact(case_id, "appeal.touched_by_me") is True
    assert refused(house, house.first, case_id, "simple") == "option.refused"
    house.first.go(case_id, "pass_on")
    assert house.agent.case(case_id).owner_id is None


@pytest.mark.parametrize("who", ["senior", "chief", "manager"])
def test_the_operation_refuses_what_the_screen_would_not_offer(
    house: House, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is taken away; the effect refuses all the same."""
    desk = house.desks[who]
    case_id = house.assigned(house.agent)
    with house.store.write("test") as unit:
        for row in unit.session.scalars(select(Decision).where(Decision.case_id == house.refund_id)):
            row.by = desk.ctx.actor.number
        unit.commit()
    queue.claim(desk.ctx, case_id)
    stand = desk.stand(case_id)
    assert stand.facts["appeal.may_decide"] is False
    tried: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("appeal.decide", {"result": "upheld", "why": "x"}),
        ("appeal.refuse", {"clause": "late", "why": "x"}),
        ("appeal.extend", {"reason": "multi_party"}),
        ("appeal.feedback", {"letter": "N9", "slots": {"feedback": "x"}}),
        ("appeal.settle", {"result": "agreed", "why": "x"}),
    )
    for effect, given in tried:
        assert done(desk, case_id, effect, given) == "appeal.touched"
    assert done(desk, case_id, "refund", {"amount_fen": 12800, "reason": "quality", "extent": "full"}) == (
        "appeal.touched"
    )


@pytest.mark.parametrize(
    ("who", "code"), [("agent", "limits.role"), ("senior", None), ("chief", None), ("manager", None)]
)
def test_a_first_appeal_is_decided_by_a_senior_or_above(house: House, who: str, code: str | None) -> None:
    case_id = house.assigned(house.agent)
    desk = house.desks[who]
    queue.claim(desk.ctx, case_id)
    given = {"result": "not_upheld", "why": "已核实", "rule": "14天"}
    assert done(desk, case_id, "appeal.decide", given) == code


def test_a_level_is_decided_once(house: House) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "upheld")
    queue.release(house.senior.ctx, case_id)
    queue.claim(house.chief.ctx, case_id)
    assert done(house.chief, case_id, "appeal.decide", {"result": "upheld", "why": "x"}) == "appeal.decided"


def test_nobody_approves_a_refund_in_an_appeal_against_their_own_decision(house: House) -> None:
    case_id = house.assigned(house.agent)
    with house.store.write("test") as unit:
        for row in unit.session.scalars(select(Decision).where(Decision.case_id == house.refund_id)):
            row.by = house.chief.ctx.actor.number
        unit.session.get_one(OrderItem, house.placed.items[0]).window_days = 7  # flagged: a supervisor's
        unit.commit()
    house.decided(case_id, house.senior, "upheld")
    house.senior.go(case_id, "refund")
    house.senior.go(case_id, "approval", why="申诉成立")
    (asked,) = house.senior.rows(Approval, case_id=case_id)
    with pytest.raises(NotAllowed) as why:
        approvals.decide(house.chief.ctx, asked.id or 0, "approve", "同意")
    assert why.value.code == "appeal.touched"
    approvals.decide(house.other.ctx, asked.id or 0, "approve", "同意")
    house.senior.go(case_id, "refund")
    assert refunded(house.store, house.placed) == (0, 12800)


def done(desk: Desk, case_id: int, name: str, given: Mapping[str, object]) -> str | None:
    """The code with which the operation refuses an effect without any guard; None when it does it."""
    with desk.store.write(desk.ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        stand = walking.standing(unit.session, desk.ctx, case_id, unit.now)
        effect = PlannedEffect(1, name, Risk.RECORD, given)
        planned = beside("decide", effect, cycle=stand.snapshot.case.cycle)
        try:
            HANDLERS[name](EffectCall(act, desk.ctx, stand, planned, effect))
        except NotAllowed as refused:
            return refused.code
        return None


def test_nothing_is_paid_before_the_appeal_is_upheld(house: House) -> None:
    case_id = house.assigned(house.agent)
    queue.claim(house.senior.ctx, case_id)
    money: dict[str, object] = {"amount_fen": 12800, "reason": "quality", "extent": "full"}
    assert done(house.senior, case_id, "refund", money) == "appeal.not_granted"
    house.senior.go(case_id, "simple")
    house.senior.go(case_id, "send", finding="核查中")
    house.senior.go(case_id, "not_upheld", reasons="已核实", basis="条款")
    assert done(house.senior, case_id, "refund", money) == "appeal.not_granted"


# The way through


def test_a_first_appeal_is_upheld_and_paid_by_the_ordinary_refund(house: House) -> None:
    case_id = house.raised(house.agent)
    assert house.agent.fact(case_id, "appeal.contested_no") == house.agent.case(house.refund_id).case_no
    assert house.agent.fact(case_id, "appeal.decided_by") == "1005"
    assert met(house.agent.clock(case_id, "appeal_record"))
    house.agent.go(case_id, "admit")
    house.agent.go(case_id, "group")
    assert met(house.agent.clock(case_id, "appeal_assign"))
    house.decided(case_id, house.senior, "upheld")
    assert met(house.agent.clock(case_id, "appeal_preliminary"))
    assert house.senior.clock(case_id, "appeal_final").run is RunState.RUNNING
    house.senior.go(case_id, "refund")
    house.senior.go(case_id, "approve")
    house.senior.later(seconds=11)
    house.senior.release()
    house.senior.go(case_id, "send")
    assert met(house.agent.clock(case_id, "appeal_final"))
    house.senior.go(case_id, "accepted")
    house.senior.go(case_id, "close")
    case = house.senior.case(case_id)
    assert (case.outcome, case.open) == (CaseOutcome.UPHELD, False)
    assert refunded(house.store, house.placed) == (12800, 0)
    letters = [row.letter for row in house.senior.rows(Notification, case_id=case_id)]
    assert letters == ["N8", "N9", "N2", "N10", "N17"]
    result = letters_of(house.senior, case_id)[3]
    assert "商品支持14天退货" in result and "商品页面的退货期" in result and "12315" in result
    must_add_up(house.store)


def test_a_second_appeal_needs_something_new_and_another_decider_and_a_third_the_higher_level(
    house: House,
) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "not_upheld")
    house.senior.go(case_id, "second", objection="没看我的鉴定报告")
    assert house.senior.case(case_id).cycle == 2
    assert house.senior.fact(case_id, "appeal.level") == 2
    assert house.senior.step(case_id) == "again"
    assert house.senior.clock(case_id, "appeal_preliminary", cycle=2).run is RunState.RUNNING
    assert house.senior.fact(case_id, "appeal.objection") == "没看我的鉴定报告", "nobody types it again"
    assert refused(house, house.senior, case_id, "new_evidence") == "option.refused", "nothing new"
    clock_of(house.store).move(timedelta(minutes=1))
    piece(house.senior, case_id, EvidenceKind.EXPERT_OPINION)
    house.senior.go(case_id, "new_evidence")
    house.senior.go(case_id, "admit")
    house.senior.go(case_id, "group")
    queue.claim(house.senior.ctx, case_id)
    assert refused(house, house.senior, case_id, "simple") == "option.refused"
    queue.release(house.senior.ctx, case_id)
    queue.claim(house.chief.ctx, case_id)
    house.chief.go(case_id, "several")
    house.chief.go(case_id, "send", finding="正与商家、检测机构核实")
    before = house.chief.clock(case_id, "appeal_final", cycle=2).due_at
    house.chief.go(case_id, "parties")
    after = house.chief.clock(case_id, "appeal_final", cycle=2).due_at
    assert before is not None and after is not None and after > before
    house.chief.go(case_id, "detailed")  # a supervisor may give a second one
    assert house.chief.option(case_id, "parties").offer.value == "refused"
    house.chief.go(case_id, "decide")
    house.chief.go(case_id, "not_upheld", reasons="检测合格", basis="检测报告")
    house.chief.go(case_id, "higher", objection="还是不服")
    assert house.chief.fact(case_id, "appeal.level") == 3
    assert house.chief.fact(case_id, "appeal.may_decide") is False
    house.chief.go(case_id, "raise")
    queue.claim(house.other.ctx, case_id)
    house.decided_at_third(case_id)
    assert house.other.case(case_id).outcome is CaseOutcome.PARTLY_UPHELD
    must_add_up(house.store)


def test_an_agent_extends_once_and_no_more(house: House) -> None:
    case_id = house.assigned(house.agent)
    queue.claim(house.agent.ctx, case_id)
    house.agent.go(case_id, "detailed")
    house.agent.go(case_id, "send", finding="需要调查")
    house.agent.go(case_id, "detailed")
    assert refused(house, house.agent, case_id, "parties") == "option.refused"
    assert house.agent.fact(case_id, "appeal.extensions") == 1
    said = letters_of(house.agent, case_id)[-1]
    assert "需要详细调查" in said


def test_the_last_day_is_a_working_day_with_the_make_up_saturday(tmp_path: Path) -> None:
    with make_store(tmp_path, at=from_iso("2026-09-30T16:30+08:00")) as store:
        house = House(store)
        clock_of(store).at = from_iso("2026-09-30T16:30+08:00")
        case_id = house.raised(house.agent)
        assert house.agent.fact(case_id, "appeal.preliminary_by") == date(2026, 10, 13)
        clock_of(store).at = from_iso("2026-10-13T23:59+08:00")
        assert house.agent.fact(case_id, "appeal.preliminary_by") == date(2026, 10, 13)


# Admission


@pytest.mark.parametrize(("days", "late"), [(0, False), (13, False), (14, True)])
def test_fifteen_days_from_the_decision(house: House, days: int, late: bool) -> None:
    house.agent.later(days=days)
    case_id = house.raised(house.agent)
    assert house.agent.fact(case_id, "appeal.in_time") is not late
    assert (house.agent.option(case_id, "admit").offer.value == "refused") is late
    code = done(house.agent, case_id, "appeal.admit", {"how": "in_time"})
    assert code == ("appeal.late" if late else None)


@pytest.mark.parametrize("clause", ["late", "not_ours", "same_facts"])
def test_nobody_refuses_by_a_clause_that_the_facts_contradict(house: House, clause: str) -> None:
    """In time, about a decision of ours, and never decided on appeal: whoever decides admission."""
    case_id = house.raised(house.agent)
    assert house.agent.fact(case_id, "appeal.clauses") == ("judicial",)
    assert refused(house, house.agent, case_id, "propose", clause=clause, ground="x") == "option.refused"
    assert done(house.chief, case_id, "appeal.refuse", {"clause": clause, "why": "x"}) == "appeal.clause"
    queue.release(house.agent.ctx, case_id)
    queue.claim(house.chief.ctx, case_id)
    assert refused(house, house.chief, case_id, "refuse", clause=clause, ground="x") == "option.refused"
    assert house.agent.rows(Decision, case_id=case_id) == []
    house.chief.go(case_id, "refuse", clause="judicial", ground="法院已受理")
    assert house.chief.option(case_id, "send").offer == "offered"


def test_a_late_one_is_admitted_or_refused_by_a_supervisor_with_the_clause(house: House) -> None:
    house.agent.later(days=20)
    case_id = house.raised(house.agent)
    assert refused(house, house.agent, case_id, "refuse", clause="late", ground="x") == "option.refused"
    house.agent.go(case_id, "propose", clause="late", ground="超期20天无理由")
    (row,) = house.agent.rows(Approval, case_id=case_id)
    with pytest.raises(NotAllowed):
        approvals.decide(house.senior.ctx, row.id or 0, "approve")
    approvals.decide(house.chief.ctx, row.id or 0, "approve")
    assert house.agent.step(case_id) == "refuse"
    house.agent.go(case_id, "send")
    (decision,) = house.agent.rows(Decision, case_id=case_id)
    assert (decision.outcome, decision.reject_code) == (CaseOutcome.NOT_ADMITTED, RejectCode.NOT_ADMISSIBLE)
    assert decision.rule_ref == "late"
    assert "《申诉规则》第3条" in letters_of(house.agent, case_id)[-1]
    assert "12315" in letters_of(house.agent, case_id)[-1]
    house.agent.go(case_id, "close")
    assert house.agent.case(case_id).outcome is CaseOutcome.NOT_ADMITTED
    must_add_up(house.store)


def test_a_supervisor_admits_a_late_one_with_a_reason(house: House) -> None:
    house.agent.later(days=20)
    case_id = house.raised(house.chief)
    house.chief.go(case_id, "late", ground="客户住院，有证明")
    assert house.chief.step(case_id) == "assign"


# What is contested


def test_only_a_decided_case_of_the_same_customer_is_contested(house: House) -> None:
    other = order(house.store, customer(house.store))
    theirs = house.senior.opened(other)
    open_one = house.senior.opened(house.placed, hours=0)
    case_id = house.raised(house.agent, linked=False)
    number = house.agent.case(theirs).case_no
    assert refused(house, house.agent, case_id, "by_number", earlier_no=number) == "appeal.other_customer"
    number = house.agent.case(open_one).case_no
    assert refused(house, house.agent, case_id, "by_number", earlier_no=number) == "appeal.undecided"
    assert refused(house, house.agent, case_id, "by_number", earlier_no="KF1") == "appeal.unknown_case"
    house.agent.go(case_id, "suggested")
    (link,) = house.agent.rows(CaseLink, from_id=case_id)
    assert link.to_id == house.refund_id
    undoing.undo(house.agent.ctx, case_id)
    assert house.agent.rows(CaseLink, from_id=case_id) == []
    assert house.agent.step(case_id) == "find"
    must_add_up(house.store)


def test_a_refused_refund_becomes_an_appeal_that_is_received_now(house: House) -> None:
    case_id = house.first.opened(house.placed, reason=RefundReason.NO_REASON, hours=30)
    for _ in range(20):
        step = house.first.step(case_id)
        if step == "rejected":
            break
        house.first.go(
            case_id, {"duplicate/same": "other"}.get(str(step), HOW[str(step)]), **WITH.get(str(step), {})
        )
    house.first.go(case_id, "appeal")
    case = house.first.case(case_id)
    assert case.kind is CaseKind.APPEAL
    assert house.first.clock(case_id, "appeal_record").start_at == house.first.ctx.now()
    assert house.first.fact(case_id, "appeal.touched_by_me") is True
    assert house.senior.fact(case_id, "appeal.touched_by_me") is False
    assert house.first.fact(case_id, "appeal.contested_no") == case.case_no
    assert house.first.fact(case_id, "appeal.level") == 1
    must_add_up(house.store)


HOW = {
    "scope": "whole",
    "reason": "no_reason",
    "condition": "used",
    "condition_judged": "reject",
    "reject/code": "condition",
}
WITH = {"condition_judged": {"judged": "已剪标"}, "reject/code": {"detail": "已剪标"}}


# Outside


def test_who_was_told_of_outside_bodies_goes_on_where_the_appeal_stood(house: House) -> None:
    """Neither admitted a second time nor told a second time that it is recorded."""
    case_id = house.raised(house.agent)
    house.agent.go(case_id, "external")
    house.agent.go(case_id, "told")
    assert house.agent.step(case_id) == "admit"
    house.agent.go(case_id, "admit")
    house.agent.go(case_id, "group")
    queue.claim(house.senior.ctx, case_id)
    house.senior.go(case_id, "external")
    house.senior.go(case_id, "told")
    assert house.senior.step(case_id) == "investigate"


def test_a_matter_that_is_outside_is_settled_by_a_supervisor(house: House) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "not_upheld")
    house.senior.go(case_id, "external")
    house.senior.go(
        case_id, "registered", agency="h12315", reference="2026-001", answer_by=house.senior.ctx.now().date()
    )
    assert house.senior.clock(case_id, "regulator").run is RunState.RUNNING
    flags = {row.flag for row in house.senior.rows(CaseFlagRow, case_id=case_id)}
    assert CaseFlag.REGULATOR in flags
    house.senior.go(case_id, "answered")
    assert met(house.senior.clock(case_id, "regulator"))
    house.senior.go(case_id, "mediated")
    assert refused(house, house.senior, case_id, "agreed", reasons="x", basis="y") == "option.refused"
    house.senior.go(case_id, "pass_on")
    queue.claim(house.manager.ctx, case_id)
    house.manager.go(case_id, "agreed", reasons="调解退款", basis="调解书1号")
    house.manager.go(case_id, "refund")
    house.manager.go(case_id, "approve")
    house.manager.later(seconds=11)
    house.manager.release()
    house.manager.go(case_id, "send_done", done="全额退款")
    house.manager.go(case_id, "accepted")
    house.manager.go(case_id, "close")
    assert house.manager.case(case_id).outcome is CaseOutcome.SETTLED_OUTSIDE
    assert [row.amount_fen for row in house.manager.rows(Refund, case_id=case_id)] == [12800]
    must_add_up(house.store)


def test_a_common_problem_is_flagged_once(house: House) -> None:
    case_id = house.assigned(house.agent)
    queue.claim(house.senior.ctx, case_id)
    house.senior.go(case_id, "common", similar_no=house.senior.case(house.refund_id).case_no)
    house.senior.go(case_id, "common")
    (event,) = house.senior.events(case_id, "case.flagged")
    assert event.payload["similar"] == house.senior.case(house.refund_id).case_no


def test_an_appeal_withdrawn_is_closed_and_its_clocks_end(house: House) -> None:
    case_id = house.assigned(house.agent)
    queue.claim(house.senior.ctx, case_id)
    house.senior.go(case_id, "withdrawn")
    house.senior.go(case_id, "confirm")
    house.senior.go(case_id, "close")
    assert house.senior.case(case_id).outcome is CaseOutcome.WITHDRAWN
    assert house.senior.clock(case_id, "appeal_preliminary").run is RunState.CANCELLED
    must_add_up(house.store)


# The pack for outside bodies


def test_the_pack_is_one_text_with_everything_and_nothing_personal(house: House) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "not_upheld")
    made = packing.pack(house.chief.ctx, case_id)
    number = house.senior.case(house.refund_id).case_no
    for words in (
        number,
        house.placed.order_no,
        "128.00",
        "商品支持14天退货",
        "商品页面的退货期",
        "chat_record.jpg",
    ):
        assert words in made.text, words
    for body in letters_of(house.senior, case_id):
        assert all(line.strip() in made.text for line in body.splitlines())
    assert "w@example.com" not in made.text and "王丽" not in made.text
    assert made.digest == hashlib.sha256(made.text.encode()).hexdigest()
    (event,) = house.chief.events(case_id, "case.packed")
    assert event.payload["sha256"] == made.digest
    (line,) = [one for one in case_page(house.chief.ctx, case_id).timeline if one.kind == "case.packed"]
    assert line.text is None, "the file is no line of the history"
    must_add_up(house.store)


def test_the_answer_that_makes_the_pack_says_how_it_becomes_a_file(house: House) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "not_upheld")
    house.senior.go(case_id, "external")
    house.senior.go(
        case_id, "registered", agency="h12315", reference="2026-001", answer_by=house.senior.ctx.now().date()
    )
    queue.release(house.senior.ctx, case_id)
    queue.claim(house.chief.ctx, case_id)
    changed = house.chief.go(case_id, "pack")
    number = house.chief.case(case_id).case_no
    assert f"bdesk pack {number} --out" in speak(changed.code, changed.params)


@pytest.mark.parametrize("who", ["agent", "senior"])
def test_records_are_handed_out_by_a_supervisor(house: House, who: str) -> None:
    case_id = house.assigned(house.agent)
    with pytest.raises(NotAllowed, match="cannot_pack"):
        packing.pack(house.desks[who].ctx, case_id)
    assert done(house.desks[who], case_id, "appeal.pack", {}) == "role.cannot_pack"


# Before an appeal, and after


def test_a_closed_appeal_that_comes_back_is_the_second(house: House) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "not_upheld")
    house.senior.go(case_id, "accepted")
    house.senior.go(case_id, "close")
    reopening.reopen(house.agent.ctx, case_id, "还是不服")
    assert house.agent.fact(case_id, "appeal.level") == 2
    assert house.agent.step(case_id) == "again"
    assert house.chief.fact(case_id, "appeal.may_decide") is True
    assert house.senior.fact(case_id, "appeal.may_decide") is False


def test_after_thirty_days_a_new_case_follows_and_knows_who_decided(house: House) -> None:
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.chief, "not_upheld")
    house.chief.go(case_id, "accepted")
    house.chief.go(case_id, "close")
    house.agent.later(days=40)
    new = reopening.reopen(house.agent.ctx, case_id, "还是不服").case_id
    assert new not in (None, case_id)
    assert house.chief.fact(new or 0, "appeal.level") == 2
    assert house.chief.fact(new or 0, "appeal.touched_by_me") is True
    assert house.first.fact(new or 0, "appeal.touched_by_me") is True, "through the whole chain"
    assert house.other.fact(new or 0, "appeal.may_decide") is True
    assert house.other.fact(new or 0, "appeal.in_time") is False


def test_a_refund_is_applied_for_again_twice_and_then_contested(house: House) -> None:
    for _ in range(2):
        reopening.reopen(house.senior.ctx, house.refund_id, "有新证据")
        assert done(house.senior, house.refund_id, "case.reapply", {"why": "x"}) in (
            None,
            "reapply.none_left",
        )
        with house.store.write("1101") as unit:
            act = Act(unit, unit.case(house.refund_id))
            closed = {"state": CaseState.CLOSED, "outcome": CaseOutcome.REJECTED, "open": False}
            act.add("case.closed", {"outcome": "rejected"}, columns={**closed, "closed_at": unit.now})
            act.finish(house.senior.ctx, "case.closed")
    reopening.reopen(house.senior.ctx, house.refund_id, "又有新证据")
    assert done(house.senior, house.refund_id, "case.reapply", {"why": "x"}) == "reapply.none_left"
