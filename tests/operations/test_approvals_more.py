"""Reading a request, asking risk, passing it on, deciding many (B0.7)."""

from dataclasses import replace
from typing import Any

import pytest

from bdesk.errors import BadInput, CaseMoved, NotAllowed
from bdesk.models.kinds import ApprovalState, Role, Stream
from bdesk.models.tables import Approval, CaseText, Payment
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import approvals, notes, undoing
from bdesk.operations.context import Context
from bdesk.operations.sweep import sweep
from tests.builders import Item, order, person
from tests.operations.desk import Desk, must_add_up

LAPTOP = (Item(sku="LAPTOP-1", name="笔记本电脑", price_fen=90000),)


@pytest.fixture
def asked(desk: Desk, buyer: int) -> int:
    return ask(desk, buyer)


def ask(desk: Desk, buyer: int) -> int:
    """A case whose agent has asked for approval; the number of the request."""
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, items=LAPTOP)))
    desk.go(case_id, "approval", why="超出我的权限")
    return desk.rows(Approval)[-1].id or 0


def at(desk: Desk, number: str, role: Role) -> Desk:
    return Desk(desk.store, person(desk.store, number, role), desk.ports)


@pytest.fixture
def risk(desk: Desk) -> Desk:
    return at(desk, "3001", Role.RISK)


@pytest.fixture
def second(desk: Desk) -> Desk:
    return at(desk, "2002", Role.SUPERVISOR)


@pytest.fixture
def manager(desk: Desk) -> Desk:
    return at(desk, "2901", Role.MANAGER)


def state(desk: Desk, number: int) -> ApprovalState:
    return desk.row(Approval, number).state


def case_of(desk: Desk, number: int) -> int:
    return desk.row(Approval, number).case_id


# Risk


def test_risk_is_asked_and_answers_and_the_supervisor_decides(
    desk: Desk, chief: Desk, risk: Desk, asked: int
) -> None:
    lapses = desk.row(Approval, asked).lapses_at
    approvals.ask_risk(chief.ctx, asked, "这个账户有盗用迹象吗")
    with pytest.raises(NotAllowed, match=r"approval\.risk_waits"):
        approvals.decide(chief.ctx, asked, "approve")
    with pytest.raises(NotAllowed, match=r"approval\.risk_asked"):
        approvals.ask_risk(chief.ctx, asked, "再问一次")
    assert (state(desk, asked), desk.row(Approval, asked).lapses_at) == (ApprovalState.REQUESTED, lapses)
    approvals.answer_risk(risk.ctx, asked, "没有异常登录")
    with pytest.raises(NotAllowed, match=r"approval\.risk_not_asked"):
        approvals.answer_risk(risk.ctx, asked, "再说一次")
    approvals.decide(chief.ctx, asked, "approve")
    kinds = [one.kind for one in desk.events(case_of(desk, asked)) if one.kind.startswith("approval.")]
    assert kinds == [
        "approval.requested",
        "approval.risk_asked",
        "approval.risk_answered",
        "approval.decided",
    ]
    words = [one.body for one in desk.rows(CaseText, kind="approval")]
    assert words == ["这个账户有盗用迹象吗", "没有异常登录"]
    must_add_up(desk.store)


@pytest.mark.parametrize("verdict", ["refuse", "return"])
def test_saying_no_waits_for_no_answer(desk: Desk, chief: Desk, asked: int, verdict: str) -> None:
    approvals.ask_risk(chief.ctx, asked, "有盗用迹象吗")
    approvals.decide(chief.ctx, asked, verdict, "材料不够")
    must_add_up(desk.store)


def test_the_words_to_risk_can_be_erased(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.ask_risk(chief.ctx, asked, "王女士说她在外地")
    text = desk.rows(CaseText, kind="approval")[0]
    notes.erase_text(chief.ctx, text.id or 0, "客户要求")
    must_add_up(desk.store)


def test_who_may_not_ask_risk_and_who_may_not_answer(
    desk: Desk, chief: Desk, risk: Desk, asked: int, buyer: int
) -> None:
    for other in (risk, desk, at(desk, "1009", Role.AGENT)):
        with pytest.raises(NotAllowed, match=r"role\.cannot_ask_risk"):
            approvals.ask_risk(other.ctx, asked, "问风控")
    own = replace(desk.ctx, actor=replace(desk.ctx.actor, role=Role.SUPERVISOR))
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        approvals.ask_risk(own, asked, "我自己问")
    with pytest.raises(BadInput, match=r"approval\.no_words"):
        approvals.ask_risk(chief.ctx, asked, "  ")
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        approvals.ask_risk(chief.ctx, asked, "卡号 6222021234567890123 查一下")
    with pytest.raises(NotAllowed, match=r"approval\.unknown"):
        approvals.ask_risk(chief.ctx, 99, "问")
    approvals.ask_risk(chief.ctx, asked, "有盗用迹象吗")
    for other in (chief, desk):
        with pytest.raises(NotAllowed, match=r"role\.only_risk"):
            approvals.answer_risk(other.ctx, asked, "我来答")
    customer_of_it = person(desk.store, "3002", Role.RISK, customer_id=buyer)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        approvals.answer_risk(Desk(desk.store, customer_of_it).ctx, asked, "我来答")


def test_a_senior_asks_about_what_they_may_decide_only(desk: Desk, buyer: int, asked: int) -> None:
    senior = at(desk, "1500", Role.SENIOR)
    approvals.ask_risk(senior.ctx, asked, "有盗用迹象吗")
    goods = (Item(sku="TV-1", name="电视机", price_fen=900000),)
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, items=goods)))
    desk.go(case_id, "approval", why="超出权限")
    with pytest.raises(NotAllowed, match=r"limits\.(above|flagged)"):
        approvals.ask_risk(senior.ctx, asked + 1, "有盗用迹象吗")


def test_nobody_talks_about_a_request_that_holds_no_more(
    desk: Desk, chief: Desk, risk: Desk, asked: int
) -> None:
    approvals.ask_risk(chief.ctx, asked, "有盗用迹象吗")
    desk.later(hours=24)
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        approvals.answer_risk(risk.ctx, asked, "没有")
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        approvals.pass_on(chief.ctx, asked, "manager", "我不便决定")
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        approvals.decide(chief.ctx, asked, "approve")
    assert state(desk, asked) is ApprovalState.LAPSED
    with pytest.raises(NotAllowed, match=r"approval\.decided"):
        approvals.ask_risk(chief.ctx, asked, "还算吗")
    must_add_up(desk.store)


def test_a_question_does_not_outlive_the_request(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.ask_risk(chief.ctx, asked, "有盗用迹象吗")
    desk.later(hours=25)
    assert sweep(chief.ctx).lapsed == 1
    assert state(desk, asked) is ApprovalState.LAPSED


# Passing on


def test_what_is_passed_on_is_decided_by_another_supervisor_or_a_manager(
    desk: Desk, chief: Desk, second: Desk, asked: int
) -> None:
    approvals.pass_on(chief.ctx, asked, "supervisor", "客户是我的邻居")
    senior = at(desk, "1500", Role.SENIOR)
    for barred in (chief, senior):
        for verdict in ("approve", "refuse", "return"):
            with pytest.raises(NotAllowed, match=r"approval\.passed_on"):
                approvals.decide(barred.ctx, asked, verdict, "同意")
        with pytest.raises(NotAllowed, match=r"approval\.passed_on"):
            approvals.pass_on(barred.ctx, asked, "manager", "再转")
        with pytest.raises(NotAllowed, match=r"approval\.passed_on"):
            approvals.ask_risk(barred.ctx, asked, "问一下")
    approvals.decide(second.ctx, asked, "approve")
    assert state(desk, asked) is ApprovalState.APPROVED
    must_add_up(desk.store)


def test_from_a_second_supervisor_to_the_manager_and_never_down(
    desk: Desk, chief: Desk, second: Desk, manager: Desk, asked: int
) -> None:
    approvals.pass_on(chief.ctx, asked, "supervisor", "请另一位主管看")
    with pytest.raises(NotAllowed, match=r"approval\.passed_already"):
        approvals.pass_on(second.ctx, asked, "supervisor", "还是您看")
    approvals.pass_on(second.ctx, asked, "manager", "金额大")
    with pytest.raises(NotAllowed, match=r"approval\.passed_on"):
        approvals.decide(second.ctx, asked, "approve")
    with pytest.raises(NotAllowed, match=r"approval\.passed_already"):
        approvals.pass_on(manager.ctx, asked, "supervisor", "请主管定")
    approvals.decide(manager.ctx, asked, "refuse", "不符合规则")
    must_add_up(desk.store)


def test_what_cannot_be_passed_on(desk: Desk, chief: Desk, asked: int) -> None:
    with pytest.raises(NotAllowed, match=r"approval\.not_for_risk"):
        approvals.pass_on(chief.ctx, asked, "risk", "请风控定")
    with pytest.raises(BadInput, match=r"raise\.unknown_level"):
        approvals.pass_on(chief.ctx, asked, "senior", "请资深定")
    with pytest.raises(BadInput, match=r"approval\.no_words"):
        approvals.pass_on(chief.ctx, asked, "manager", "")
    own = replace(desk.ctx, actor=replace(desk.ctx.actor, role=Role.SUPERVISOR))
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        approvals.pass_on(own, asked, "manager", "转")
    for role in (Role.AGENT, Role.ADMIN):
        with pytest.raises(NotAllowed, match=r"role\.cannot_approve"):
            approvals.pass_on(at(desk, f"80-{role.value}", role).ctx, asked, "manager", "转")
    assert not desk.events(case_of(desk, asked), "approval.passed_on")


# Reading


def test_reading_is_kept_once_and_touches_nothing(desk: Desk, chief: Desk, asked: int) -> None:
    case_id = case_of(desk, asked)
    pending = desk.strip(case_id, "withdrawn")
    approvals.read_request(chief.ctx, asked)
    approvals.read_request(chief.ctx, asked)
    (kept,) = desk.events(case_id, "approval.read")
    assert kept.actor == "2001"
    assert kept.payload["facts"] == desk.row(Approval, asked).facts_digest
    with pytest.raises(NotAllowed, match=r"role\.cannot_approve"):
        approvals.read_request(desk.ctx, asked)
    # What the agent has in the strip is as true as before.
    desk.press_f8(pending)
    must_add_up(desk.store)


def test_a_reading_cannot_be_undone(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.read_request(chief.ctx, asked)
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(chief.ctx, case_of(desk, asked))


def test_it_is_read_again_when_risk_has_answered(desk: Desk, chief: Desk, risk: Desk, asked: int) -> None:
    approvals.ask_risk(chief.ctx, asked, "有盗用迹象吗")
    approvals.read_request(chief.ctx, asked)
    approvals.answer_risk(risk.ctx, asked, "有一次异地登录")
    (one,) = approvals.decide_many(chief.ctx, [asked], "approve", count=1, total_fen=90000)
    assert one.refused is not None and one.refused.code == "approval.unread"
    approvals.read_request(chief.ctx, asked)
    (one,) = approvals.decide_many(chief.ctx, [asked], "approve", count=1, total_fen=90000)
    assert one.state is ApprovalState.APPROVED


# Many


def test_many_are_judged_one_by_one(desk: Desk, chief: Desk, buyer: int) -> None:
    good, unread, changed, mine = (ask(desk, buyer) for _ in range(4))
    for one in (good, changed, mine):
        approvals.read_request(chief.ctx, one)
    with desk.store.write("shop") as unit:
        refund = unit.session.get_one(Approval, changed)
        case = unit.case(refund.case_id)
        payment = next(row for row in desk.rows(Payment, order_id=case.order_id))
        unit.session.get_one(Payment, payment.id).refunded_fen = 50000
        unit.commit()
    with desk.store.write("test") as unit:
        unit.session.get_one(Approval, mine).requested_by = "2001"
        unit.commit()
    answers = approvals.decide_many(
        chief.ctx, [good, unread, changed, mine], "approve", count=4, total_fen=360000
    )
    assert [one.approval_id for one in answers] == [good, unread, changed, mine]
    codes = [one.state or (one.refused.code if one.refused else "") for one in answers]
    assert codes == [ApprovalState.APPROVED, "approval.unread", "approval.lapsed", "approval.own"]
    assert [state(desk, one).value for one in (good, unread, changed, mine)] == [
        "approved", "requested", "lapsed", "requested",
    ]  # fmt: skip
    assert all(one.case_no.startswith("KF") for one in answers)


def test_whatever_becomes_of_one_of_many_the_others_are_decided_and_told(
    desk: Desk, chief: Desk, buyer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, moved, last = (ask(desk, buyer) for _ in range(3))
    for one in (good, moved, last):
        approvals.read_request(chief.ctx, one)
    decided = approvals._decided

    def another_was_quicker(ctx: Context, approval_id: int, *more: Any, **named: Any) -> Any:
        if approval_id == moved:
            raise CaseMoved("KF2026111800001", "1002", "note.added")
        return decided(ctx, approval_id, *more, **named)

    monkeypatch.setattr(approvals, "_decided", another_was_quicker)
    answers = approvals.decide_many(chief.ctx, [good, moved, last], "approve", count=3, total_fen=270000)
    assert [one.state for one in answers] == [ApprovalState.APPROVED, None, ApprovalState.APPROVED]
    assert isinstance(answers[1].refused, CaseMoved)


@pytest.mark.parametrize(
    ("count", "total", "code"),
    [
        (1, 180000, "approval.count"),
        (3, 180000, "approval.count"),
        (2, 90000, "approval.sum"),
        (2, 0, "approval.sum"),
    ],
)
def test_count_and_sum_are_those_of_the_requests(
    desk: Desk, chief: Desk, buyer: int, count: int, total: int, code: str
) -> None:
    ids = [ask(desk, buyer), ask(desk, buyer)]
    for one in ids:
        approvals.read_request(chief.ctx, one)
    with pytest.raises(BadInput, match=code.replace(".", r"\.")):
        approvals.decide_many(chief.ctx, ids, "approve", count=count, total_fen=total)
    assert {state(desk, one) for one in ids} == {ApprovalState.REQUESTED}


def test_one_that_stands_twice_counts_once(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.read_request(chief.ctx, asked)
    with pytest.raises(BadInput, match=r"approval\.count"):
        approvals.decide_many(chief.ctx, [asked, asked], "approve", count=2, total_fen=180000)
    answers = approvals.decide_many(chief.ctx, [asked, asked], "approve", count=1, total_fen=90000)
    assert [one.state for one in answers] == [ApprovalState.APPROVED]


def test_a_release_is_never_among_many(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.read_request(chief.ctx, asked)
    with desk.store.write("test") as unit:
        row = unit.session.get_one(Approval, asked)
        unit.session.add(
            Approval(
                case_id=row.case_id, step="s", option="o", action="unfreeze", facts_digest="", amount_fen=0,
                needs_role="supervisor", requested_by="1001", requested_at=unit.now, lapses_at=row.lapses_at,
            )
        )  # fmt: skip
        unit.commit()
    with pytest.raises(NotAllowed, match=r"approval\.one_by_one"):
        approvals.decide_many(chief.ctx, [asked, asked + 1], "approve", count=2, total_fen=90000)
    assert state(desk, asked) is ApprovalState.REQUESTED


def test_many_need_words_a_verdict_and_requests(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.read_request(chief.ctx, asked)
    many = [
        (["approve"], [], 0, "count"),
        (["perhaps"], [asked], 1, "verdict"),
        (["refuse"], [asked], 1, "no_words"),
    ]
    for verdict, ids, count, code in many:
        with pytest.raises(BadInput, match=rf"approval\.{code}"):
            approvals.decide_many(chief.ctx, ids, verdict[0], count=count, total_fen=90000)
    with pytest.raises(NotAllowed, match=r"approval\.unknown"):
        approvals.decide_many(chief.ctx, [asked, 99], "approve", count=2, total_fen=90000)
    answers = approvals.decide_many(chief.ctx, [asked], "return", "请补照片", count=1, total_fen=90000)
    assert answers[0].state is ApprovalState.RETURNED
    assert desk.row(Approval, asked).question == "请补照片"


def sits_down(desk: Desk, who: ActorView, *, on_duty: bool = True) -> None:
    with desk.store.write(who.number) as unit:
        unit.append(Stream.STAFF, who.number, "staff.signed_in", {"on_duty": on_duty})
        unit.commit()


def test_what_was_read_in_an_earlier_sitting_is_not_read(desk: Desk, chief: Desk, asked: int) -> None:
    sits_down(desk, chief.ctx.actor)
    desk.later(minutes=1)
    approvals.read_request(chief.ctx, asked)
    desk.later(minutes=1)
    # The password of a release is a signing in too, and no new sitting.
    sits_down(desk, chief.ctx.actor, on_duty=False)
    approvals.read_request(chief.ctx, asked)
    assert len(desk.events(case_of(desk, asked), "approval.read")) == 1
    sits_down(desk, chief.ctx.actor)
    (one,) = approvals.decide_many(chief.ctx, [asked], "approve", count=1, total_fen=90000)
    assert one.refused is not None and one.refused.code == "approval.unread"


def test_a_sitting_lasts_half_a_day(desk: Desk, chief: Desk, asked: int) -> None:
    approvals.read_request(chief.ctx, asked)
    desk.later(hours=13)
    (one,) = approvals.decide_many(chief.ctx, [asked], "approve", count=1, total_fen=90000)
    assert one.refused is not None and one.refused.code == "approval.unread"


def test_somebody_elses_reading_is_not_mine(desk: Desk, chief: Desk, second: Desk, asked: int) -> None:
    approvals.read_request(second.ctx, asked)
    (one,) = approvals.decide_many(chief.ctx, [asked], "approve", count=1, total_fen=90000)
    assert one.refused is not None and one.refused.code == "approval.unread"
    assert state(desk, asked) is ApprovalState.REQUESTED
