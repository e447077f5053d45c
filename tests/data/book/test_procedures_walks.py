"""The packaged refund walked: scenario S1 and every branch of P1."""

from datetime import date

import pytest

from bdesk.data.book import loader
from bdesk.errors import BadInput, NotAllowed
from bdesk.rules.letters import render_for
from bdesk.rules.walk.plan import plan_timer
from bdesk.rules.walk.values import UNKNOWN, FactValue, GivenValue, Risk
from bdesk.rules.walk.views import Answer, Offer
from tests.data.book.walking import NOON, S1, Agent
from tests.rules.walk.recording import with_round


def _refunded(amount_fen: int = 12800) -> dict[str, FactValue]:
    return {
        "refund.state": "held",
        "refund.amount_fen": amount_fen,
        "order.refundable_fen": 12800 - amount_fen,
        "refund.proposed_fen": 12800 - amount_fen,
        "letters.result_sent": True,
    }


def test_s1_is_ten_keys_and_ten_digits_with_one_outcome_for_money_and_letter() -> None:
    agent = Agent(keys=1)  # F9 brought the case
    agent.to_decision()
    planned = agent.choose("approve")
    assert planned.money_fen == 12800
    assert planned.letters == ("N2",)
    assert planned.strip
    assert [(move.move.verb.value, move.move.kind) for move in planned.clocks] == [
        ("fulfil", "refund_review"),
        ("fulfil", "return_refund"),
        ("start", "refund_arrival"),
    ]
    agent.know(_refunded())
    agent.choose("close")
    assert agent.walk.finished is not None
    assert agent.walk.finished.outcome == "approved_full"
    assert (agent.keys, agent.digits) == (10, 10)


def test_a_quality_claim_is_never_asked_whether_it_was_used_nor_rejected_for_it() -> None:
    agent = Agent()
    agent.to_decision()
    assert "condition" not in [done.step for done in agent.walk.trail]
    agent.choose("reject")
    condition = next(one for one in agent.step.options if one.code == "condition")
    assert condition.offer is Offer.REFUSED
    assert condition.why is not None
    assert "质量" in condition.why.zh


def test_factors_are_compared_but_never_kept() -> None:
    agent = Agent()
    agent.choose("confirmed")
    agent.choose("whole")
    planned = agent.plan("check", recent_amount="128.00", phone_tail="0037")
    assert planned.captures == {}
    assert planned.secrets == {"recent_amount": "128.00", "phone_tail": "0037"}


def test_three_failures_lock_and_lead_to_a_rejection_that_names_no_factor() -> None:
    agent = Agent()
    agent.choose("confirmed")
    agent.choose("whole")
    agent.choose("check", recent_amount="1.00", phone_tail="0000")
    assert agent.step.step.id == "verify/factors"
    assert agent.step.round == 2
    agent.know({"verification.locked": True, "verification.tries_left": 0, "verification.failures": 3})
    assert agent.step.step.id == "verify/locked"
    assert agent.step.say is not None
    assert "金额" not in agent.step.say.zh
    assert "手机" not in agent.step.say.zh
    agent.choose("told")
    planned = agent.choose("not_owner")
    assert planned.letters == ("N3",)
    assert "back" not in [one.code for one in agent.step.options if one.offer is Offer.OFFERED]


def test_written_applications_skip_opening_and_verification() -> None:
    agent = Agent()
    agent.know({"contact.called": False, "contact.signed_in": True, "verification.level": 2})
    assert agent.step.step.id == "scope"
    agent.choose("whole")
    assert agent.step.step.id == "reason"


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({"payments.status": "none"}, "not_paid"),
        ({"payments.status": "success_unsynced"}, "not_paid"),
        ({"order.refundable_fen": 0, "order.refunded_fen": 12800}, "nothing_left"),
        ({"order.cancellable": True, "parcel.state": "unshipped"}, "unshipped"),
        ({"parcel.state": "in_transit", "parcel.silent_days": 1}, "transit"),
        ({"parcel.state": "in_transit", "parcel.silent_days": 7}, "reason"),
        ({"parcel.state": "returned"}, "goods_back"),
        ({"payments.status": "double", "case.reason": "duplicate_payment"}, "assess/decide"),
        ({"parcel.state": UNKNOWN}, "facts"),
    ],
)
def test_the_facts_of_the_order_choose_the_branch(facts: dict[str, FactValue], step: str) -> None:
    agent = Agent()
    agent.know(facts)
    agent.verify()
    assert agent.step.step.id == step


def test_a_refund_in_transit_is_promised_only_by_who_may_decide_it() -> None:
    agent = Agent()
    agent.know({"parcel.state": "in_transit", "parcel.silent_days": 1, "parcel.interceptable": True})
    agent.verify()
    assert [one.effect for one in agent.plan("refuse").effects] == ["task.open", "letter"]
    agent.know({"limits.refund_fen": 100})
    with pytest.raises(NotAllowed):
        agent.plan("refuse")
    agent.choose("refuse_first")
    assert agent.walk.waiting is not None
    agent.know({"parcel.state": "returned"})
    assert agent.step.step.id == "goods_back"


def test_an_unknown_fact_leaves_the_look_to_a_person() -> None:
    agent = Agent()
    agent.know({"parcel.state": UNKNOWN})
    agent.verify()
    offered = {one.code: one.offer for one in agent.step.options}
    assert offered["transit"] is Offer.OFFERED
    assert offered["not_paid"] is Offer.REFUSED
    agent.choose("delivered")
    assert agent.step.step.id == "reason"


def test_above_the_limit_a_second_person_decides_and_the_approved_sum_is_paid() -> None:
    agent = Agent()
    agent.know({"refund.proposed_fen": 80000, "order.refundable_fen": 80000, "order.paid_fen": 80000})
    agent.to_decision()
    approve = agent.step.options[0]
    assert approve.offer is Offer.REFUSED
    assert approve.why is not None
    assert approve.why.zh == "应退 800.00，须不超过 退款权限 500.00"
    assert approve.why.en == "To refund 800.00, must be at most Refund limit 500.00"
    with pytest.raises(NotAllowed) as refused:
        agent.plan("approve")
    assert refused.value.params["facts"] == ("refund.proposed_fen",)
    planned = agent.choose("approval", why="金额超限")
    assert not planned.strip
    assert planned.binding
    agent.know({"approval.state": "requested", "approval.amount_fen": 80000})
    waiting = agent.walk.waiting
    assert waiting is not None
    assert waiting.waits_for.value == "approval"
    agent.know({"approval.state": "approved"})
    assert agent.step.step.id == "assess/approved"
    assert agent.choose("refund").money_fen == 80000


def test_a_flag_takes_the_decision_to_a_supervisor_who_may_take_it() -> None:
    agent = Agent()
    agent.know({"risk.flagged": True, "risk.flags": ("many_refunds",)})
    agent.to_decision()
    assert agent.step.options[0].offer is Offer.REFUSED
    assert agent.step.options[2].offer is Offer.OFFERED
    agent.know({"actor.role": "supervisor", "limits.refund_fen": 2000000})
    offers = {one.code: one.offer for one in agent.step.options}
    assert offers["approve"] is Offer.OFFERED


def test_an_unknown_fact_never_opens_a_money_outcome() -> None:
    for name in (
        "refund.proposed_fen",
        "order.refundable_fen",
        "limits.refund_fen",
        "risk.flagged",
        "refund.state",
    ):
        agent = Agent()
        agent.to_decision()
        agent.know({name: UNKNOWN})
        money = [one for one in agent.step.options if one.risk is Risk.MONEY]
        # Without the sum there is nothing to decide: the step before it is asked again.
        assert bool(money) is (name != "order.refundable_fen")
        assert all(one.offer is not Offer.OFFERED for one in money), name


def test_a_part_is_held_against_what_is_refundable_and_against_the_limit() -> None:
    agent = Agent()
    agent.to_decision()
    with pytest.raises(BadInput, match=r"capture\.missing"):
        agent.plan("approve_part", why="少一件配件")
    with pytest.raises(NotAllowed):
        agent.plan("approve_part", amount=12801, why="少一件配件")
    planned = agent.choose("approve_part", amount=630, why="少一件配件")
    assert planned.money_fen == 630
    agent.know(_refunded(630))
    agent.choose("close")
    assert agent.walk.finished is not None
    assert agent.walk.finished.outcome == "approved_partial"


def test_evidence_round_stops_the_clock_with_its_letter_and_comes_back() -> None:
    agent = Agent()
    agent.know({"evidence.complete": False, "evidence.missing": ("media",)})
    agent.verify()
    agent.choose("quality")
    assert agent.step.options[0].offer is Offer.REFUSED
    assert "photo or video" in str(agent.step.options[0].why)
    assert agent.step.options[2].offer is Offer.REFUSED, "rejecting for missing proof needs a round first"
    planned = agent.choose("ask", materials="photo_label")
    effect = planned.effects[0]
    assert effect.effect == "clock.stop_with_letter"
    assert "照片" in str(effect.params["slots"])
    agent.know({"case.evidence_rounds": 1})
    waiting = agent.walk.waiting
    assert waiting is not None
    assert [(timer.after_days, timer.do.value) for timer in waiting.timers] == [(3, "remind"), (7, "close")]
    agent.know({"evidence.new_since_request": 1, "evidence.complete": True, "evidence.missing": ()})
    assert agent.step.step.id == "evidence"
    assert agent.step.round == 2
    agent.choose("complete")
    assert agent.step.step.id == "assess/decide"


def test_a_refund_that_fails_at_the_channel_asks_for_another_target_and_a_second_person() -> None:
    agent = Agent()
    agent.to_decision()
    agent.choose("approve")
    agent.know(
        {**_refunded(), "refund.state": "failed", "order.refundable_fen": 12800, "refund.proposed_fen": 12800}
    )
    assert agent.step.step.id == "other_target/ask"
    agent.choose("form")
    agent.know({"refund.target_registered": True})
    agent.choose("ask", target_why="卡已注销")
    agent.know({"approval.state": "approved", "approval.amount_fen": 12800})
    assert agent.choose("refund").effects[0].effect == "refund.other_target"
    assert agent.step.step.id == "paid_other"


def test_an_unknown_result_is_never_tried_again() -> None:
    agent = Agent()
    agent.to_decision()
    agent.choose("approve")
    agent.know({**_refunded(), "refund.state": "unknown"})
    assert agent.step.step.id == "paid"
    planned = agent.choose("unknown")
    assert planned.effects[0].params == {"group": "payment"}
    assert agent.step.step.id == "paid", "whoever takes it up goes on where it stood"
    agent.know({"refund.state": "accepted"})
    assert next(one for one in agent.step.options if one.code == "unknown").offer is Offer.REFUSED
    agent.choose("close")
    assert agent.walk.finished is not None


def test_a_hand_off_goes_on_where_the_group_takes_it_up() -> None:
    agent = Agent()
    agent.know({"payments.status": "processing"})
    agent.verify()
    agent.choose("payment")
    planned = agent.choose("go")
    assert planned.effects[0].params == {"group": "payment"}
    assert agent.step.step.id == "payment_check"
    agent.know({"payments.status": "success"})
    agent.choose("checked")
    assert agent.step.step.id == "reason"


def test_a_return_becomes_an_after_sales_matter() -> None:
    agent = Agent()
    agent.verify()
    agent.choose("no_reason")
    agent.choose("return")
    planned = agent.choose("go")
    assert planned.effects[0].params == {"kind": "after_sale", "subtype": "return"}
    assert agent.walk.finished is not None


def test_a_timer_that_leads_on_is_kept_as_an_answer_nobody_can_choose() -> None:
    agent = Agent()
    agent.know({"parcel.state": "in_transit", "parcel.silent_days": 1, "parcel.interceptable": True})
    agent.verify()
    agent.choose("refuse_first")
    with pytest.raises(NotAllowed):
        agent.plan("after_7_days")
    walked = agent.walk
    planned = plan_timer(agent.procedure, walked, 0, agent.facts)
    assert (planned.option, planned.goto, planned.effects) == ("after_7_days", "not_received", ())
    said = Answer(step=planned.step, option=planned.option, by="system", at=NOON)
    agent.answers.append(with_round(said, walked))
    assert agent.step.step.id == "not_received"
    agent.know({"parcel.state": "returned"})
    assert agent.step.step.id == "goods_back", "what has happened meanwhile goes before a timer"


def test_a_reminder_fills_every_slot_and_keeps_the_day_of_the_asking() -> None:
    agent = Agent()
    agent.know({"evidence.count": 0, "evidence.media_count": 0})
    agent.verify()
    agent.choose("quality")
    agent.choose("ask", materials="photo_label")
    agent.know({"deadline.asked": date(2026, 11, 25), "deadline.evidence": date(2026, 11, 28)})
    planned = plan_timer(agent.procedure, agent.walk, 0, agent.facts)
    slots = planned.effects[0].params["slots"]
    assert isinstance(slots, dict)
    assert slots["until"] == date(2026, 11, 25)
    letter = loader.letters()["N4"]
    given = agent.walk.given
    body = render_for(letter, slots, agent.facts, given, agent.procedure.facts, "zh").body
    assert "能看清问题和快递面单的照片或视频" in body
    assert "11月25日" in body
    assert plan_timer(agent.procedure, agent.walk, 1, agent.facts).finish is not None
    with pytest.raises(IndexError):
        plan_timer(agent.procedure, agent.walk, 2, agent.facts)
    with pytest.raises(IndexError):
        plan_timer(agent.procedure, Agent().walk, 0, agent.facts)


def test_facts_of_the_tests_are_those_of_the_book() -> None:
    assert set(S1) == set(loader.fact_specs())


def test_what_was_committed_is_history_whatever_the_facts_say_now() -> None:
    agent = Agent()
    agent.to_decision()
    agent.choose("approve")
    agent.know(_refunded())  # nothing is refundable any more: a fresh look would say "already refunded"
    assert agent.step.step.id == "paid"
    assert agent.walk.back_to == ()
    # What was looked at since then (is the wallet frozen?) is asked anew, and nothing else.
    assert [done.step for done in agent.walk.trail if not done.frozen] == ["landed/gate"]


def test_reapplication_goes_to_another_reviewer_and_needs_new_evidence() -> None:
    agent = Agent(cycle=2)
    agent.know(
        {
            "case.reapply_count": 1,
            "verification.level": 2,
            "contact.spoken": False,
            "contact.called": False,
            "case.decided_by_me": True,
        }
    )
    assert agent.step.step.id == "reapply"
    offers = {one.code: one.offer for one in agent.step.options}
    assert offers["review"] is Offer.REFUSED
    assert offers["colleague"] is Offer.OFFERED
    agent.know({"case.decided_by_me": False, "evidence.new_since_decision": 1})
    agent.choose("review")
    assert agent.choose("approve").money_fen == 12800


def test_a_third_reapplication_is_not_offered_but_an_appeal_is() -> None:
    agent = Agent()
    agent.to_decision()
    agent.know({"case.evidence_rounds": 1})
    agent.choose("reject")
    agent.choose("missing_voucher", detail="没有能看清问题的照片")
    agent.know({"case.reapply_count": 2, "letters.result_sent": True})
    # The count belongs to the next look at the start; this cycle's rejection stays where it is.
    offers = {one.code: one.offer for one in agent.step.options}
    assert offers["reapply"] is Offer.REFUSED
    assert offers["appeal"] is Offer.OFFERED


@pytest.mark.parametrize(
    ("code", "facts", "captures"),
    [
        ("past_deadline", {"window.open": False, "window.ends_on": date(2026, 11, 10)}, {}),
        ("condition", {}, {"detail": "吊牌已剪"}),
        ("missing_voucher", {"case.evidence_rounds": 1}, {"detail": "没有照片"}),
        ("excluded_class", {"product.excluded": True, "product.return_class": "custom"}, {}),
        (
            "already_refunded",
            {"order.refundable_fen": 0, "order.last_refund_fen": 100, "order.last_refund_at": NOON},
            {},
        ),
    ],
)
def test_every_rejection_carries_reason_fact_rule_next_step_and_date(
    code: str, facts: dict[str, FactValue], captures: dict[str, GivenValue]
) -> None:
    agent = Agent()
    agent.verify()
    agent.choose("no_reason")
    agent.choose("used")
    agent.choose("reject", judged="看过照片")
    agent.know(facts)
    if agent.step.step.id != "reject/code":
        agent.choose("reject")  # the new facts lead by another way to the same step
    planned = agent.plan(code, **captures)
    letter = next(one for one in planned.effects if one.effect == "letter")
    slots = letter.params["slots"]
    assert isinstance(slots, dict)
    assert {"reason", "fact", "rule", "next_step"} <= slots.keys()
    assert "--" not in str(slots)
    spec = loader.letters()["N3"].spec
    assert next(slot for slot in spec.slots if slot.name == "until").source == "deadline.reapply"
    assert planned.effects[0].effect == "case.reject"
    assert [move.move.verb.value for move in planned.clocks] == ["fulfil"]


def test_contradicting_the_facts_is_for_supervisors_and_never_says_fraud() -> None:
    agent = Agent()
    agent.to_decision()
    agent.choose("reject")
    agent.choose("fraud", detail="照片与商品不符")
    assert agent.step.step.id == "reject/contradicts_ask"
    agent.know({"actor.role": "supervisor"})
    assert agent.step.step.id == "reject/contradicts_tell"
    planned = agent.plan("reject", neutral="照片中的商品与订单不符")
    assert "欺诈" not in str(planned.effects)
    assert "骗" not in str(planned.effects)
