"""After the result of an appeal: calm words, a word to a supervisor, and another look that keeps it open
(S2:20, S2:26, S2:29)."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import (
    CaseFlag,
    CaseOutcome,
    Channel,
    ContactKind,
    Direction,
    EvidenceKind,
    PromiseState,
)
from bdesk.models.tables import CaseFlagRow, Contact, Notification, Promise
from bdesk.operations import evidence, packing, queue, undoing
from bdesk.operations.change import Act
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.registry import HANDLERS
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import Risk
from bdesk.rules.walk.views import PlannedEffect
from tests.builders import clock_of
from tests.operations.desk import Desk, letters_of, must_add_up
from tests.operations.test_appeals import House


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def told(house: House) -> int:
    """A first appeal that a senior has not upheld; its result is being explained."""
    case_id = house.assigned(house.agent)
    house.decided(case_id, house.senior, "not_upheld")
    assert house.senior.step(case_id) == "explain"
    return case_id


def done(desk: Desk, case_id: int, name: str, **said: object) -> str:
    """What an effect refuses, whatever a procedure offers."""
    effect = PlannedEffect(1, name, Risk.RECORD, said)
    planned = beside("anything", effect, option="anything", round=1, cycle=desk.case(case_id).cycle)
    stand = desk.stand(case_id)
    with desk.store.write(desk.ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        try:
            HANDLERS[name](EffectCall(act, desk.ctx, stand, planned, effect, []))
        except NotAllowed as refused:
            return refused.code
    return ""


def test_a_request_for_review_keeps_the_case_open_until_somebody_else_has_looked(house: House) -> None:
    case_id = told(house)
    house.senior.go(case_id, "review", objection="商家刚承认了质量问题")
    (asked,) = house.senior.rows(Contact, case_id=case_id, kind=ContactKind.REVIEW)
    assert asked.ended_at is not None, "no call is under way by it"
    assert house.senior.fact(case_id, "appeal.review") == "open"
    (promise,) = house.senior.rows(Promise, case_id=case_id)
    assert promise.due_at == house.senior.ctx.now() + timedelta(hours=72)
    # Nobody closes it meanwhile, and who decided it does not say that it stays.
    assert done(house.senior, case_id, "case.close", outcome="not_upheld") == "close.review_open"
    assert done(house.senior, case_id, "appeal.answer_review", review="stays") == "limits.same_decider"
    assert house.senior.option(case_id, "stays").offer.value == "refused"
    house.senior.go(case_id, "pass_on")
    queue.claim(house.chief.ctx, case_id)
    house.chief.go(case_id, "stays", looked="商家的说法与检测一致")
    assert house.chief.step(case_id) == "explain"
    assert house.chief.rows(Promise, case_id=case_id)[0].state is PromiseState.KEPT
    assert [one.letter for one in house.chief.rows(Notification, case_id=case_id)][-1] == "N11"
    assert "维持原结果" in letters_of(house.chief, case_id)[-1]
    assert house.chief.option(case_id, "review").offer.value == "refused", "once at a level"
    house.chief.later(seconds=11)
    house.chief.release()
    house.chief.go(case_id, "accepted")
    house.chief.go(case_id, "close")
    assert house.chief.case(case_id).outcome is CaseOutcome.NOT_UPHELD
    must_add_up(house.store)


def test_something_new_makes_it_the_next_level(house: House) -> None:
    case_id = told(house)
    house.senior.go(case_id, "review", objection="有了检测报告")
    house.senior.go(case_id, "next", looked="报告是新的证据")
    assert (house.senior.case(case_id).cycle, house.senior.fact(case_id, "appeal.level")) == (2, 2)
    assert house.senior.fact(case_id, "appeal.review") == "none", "a level of its own"
    must_add_up(house.store)


def test_whoever_had_a_hand_in_the_matter_looks_at_nothing_again(house: House) -> None:
    case_id = told(house)
    house.senior.go(case_id, "review", objection="再看看")
    assert done(house.desks["first"], case_id, "appeal.answer_review", review="stays") == "appeal.touched"


def test_a_review_is_asked_for_after_a_result_and_one_at_a_time(house: House) -> None:
    case_id = house.assigned(house.agent)
    assert done(house.agent, case_id, "appeal.ask_review", what="再看看") == "appeal.undecided"
    assert done(house.agent, case_id, "appeal.answer_review", review="left") == "appeal.no_review"
    house.decided(case_id, house.senior, "not_upheld")
    house.senior.go(case_id, "review", objection="再看看")
    assert done(house.senior, case_id, "appeal.ask_review", what="再看看") == "appeal.review_open"
    house.senior.go(case_id, "left")
    assert house.senior.step(case_id) == "explain"


def test_a_request_that_is_taken_back_leaves_nothing(house: House) -> None:
    case_id = told(house)
    house.senior.go(case_id, "review", objection="再看看")
    undoing.undo(house.senior.ctx, case_id)
    assert house.senior.rows(Contact, case_id=case_id, kind=ContactKind.REVIEW) == []
    assert house.senior.fact(case_id, "appeal.review") == "none"
    must_add_up(house.store)


def test_going_public_is_flagged_told_a_supervisor_and_changes_nothing(house: House) -> None:
    case_id = told(house)
    before = house.senior.fact(case_id, "appeal.result")
    house.senior.go(case_id, "public")
    house.senior.go(case_id, "flag")
    assert [one.flag for one in house.senior.rows(CaseFlagRow, case_id=case_id)] == [CaseFlag.PUBLIC]
    assert house.senior.case(case_id).escalated_to == "supervisor"
    assert (house.senior.step(case_id), house.senior.fact(case_id, "appeal.result")) == ("explain", before)
    house.senior.go(case_id, "public")
    assert house.senior.option(case_id, "flag").offer.value == "refused"
    house.senior.go(case_id, "back")
    must_add_up(house.store)


@pytest.mark.parametrize("pause", [False, True])
def test_calm_words_come_first_and_change_no_clock(house: House, pause: bool) -> None:
    case_id = told(house)
    house.senior.go(case_id, "upset")
    assert house.senior.step(case_id) == "calm_after/card"
    clocks = {one.kind: one.due_at for one in house.senior.stand(case_id).snapshot.clocks}
    house.senior.go(case_id, "later" if pause else "calm")
    assert house.senior.step(case_id) == "explain"
    after = {one.kind: one.due_at for one in house.senior.stand(case_id).snapshot.clocks}
    assert {kind: due for kind, due in after.items() if kind in clocks} == clocks
    owed = [one.due_at for one in house.senior.rows(Promise, case_id=case_id)]
    assert owed == ([clock_of(house.store).now() + timedelta(hours=1)] if pause else [])


def test_earlier_contacts_come_along_and_documents_stay_out_of_the_pack(house: House) -> None:
    with house.store.write("test") as unit:
        before = Contact(
            case_id=house.refund_id, kind=ContactKind.MESSAGE, direction=Direction.INBOUND,
            channel=Channel.APP_CHAT, started_at=unit.now, ended_at=unit.now,
        )  # fmt: skip
        unit.session.add(before)
        unit.commit()
    case_id = house.assigned(house.agent)
    assert house.agent.fact(case_id, "appeal.talks") == 1
    for kind in (EvidenceKind.ID_DOCUMENT, EvidenceKind.CHAT_RECORD):
        evidence.add_evidence(house.agent.ctx, case_id, kind, "1.jpg", f"https://e.example.com/{kind}", 9)
    text = packing.pack(house.chief.ctx, case_id).text
    assert "message" in text and "https://e.example.com/chat_record" in text
    assert "id_document" not in text, "who somebody is belongs to the verification"
