"""Ctrl+Z: my newest act, nothing after it, within a minute; and what a stale screen is told."""

from collections.abc import Callable

import pytest

from bdesk.errors import CaseMoved, DeskError, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import Asides, CaseKind, CaseState, Role
from bdesk.models.tables import CaseText, Contact, StepAnswer
from bdesk.operations import calls, clocks, evidence, notes, parking, queue, raising, undoing, walking
from bdesk.operations.staff.groups import ensure_groups
from tests.builders import Placed, order, person
from tests.operations.desk import Desk, must_add_up


def state(desk: Desk, case_id: int) -> tuple[object, ...]:
    case = desk.case(case_id)
    return (
        case.state,
        case.owner_id,
        case.aside,
        case.aside_reason,
        case.escalated_to,
        case.group_id,
        case.kind,
        case.stopped,
        case.queue_at,
        desk.step(case_id),
    )


ACTS: dict[str, Callable[[Desk, int], object]] = {
    "answer": lambda desk, case: desk.go(case, "whole"),
    "note": lambda desk, case: notes.add_note(desk.ctx, case, "客户下午方便"),
    "aside": lambda desk, case: parking.put_aside(desk.ctx, case, reason=Asides.CALL_FIRST),
    "raise": lambda desk, case: raising.raise_case(desk.ctx, case, "supervisor", "客户要求主管"),
    "release": lambda desk, case: queue.release(desk.ctx, case),
    "complaint": lambda desk, case: raising.to_complaint(desk.ctx, case, "要求投诉"),
    "clock": lambda desk, case: clocks.attach(desk.ctx, case, "call_back"),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_undone_whole(desk: Desk, placed: Placed, act: str) -> None:
    case_id = desk.opened(placed)
    before = state(desk, case_id)
    ACTS[act](desk, case_id)
    desk.later(seconds=59)
    undoing.undo(desk.ctx, case_id)
    assert state(desk, case_id) == before
    must_add_up(desk.store)


@pytest.mark.parametrize("act", ACTS)
def test_after_a_minute_it_stays(desk: Desk, placed: Placed, act: str) -> None:
    case_id = desk.opened(placed)
    ACTS[act](desk, case_id)
    after = state(desk, case_id)
    desk.later(seconds=61)
    with pytest.raises(NotAllowed, match=r"undo\.too_late"):
        undoing.undo(desk.ctx, case_id)
    assert state(desk, case_id) == after


def test_a_note_that_was_undone_is_not_shown(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    notes.add_note(desk.ctx, case_id, "写错了")
    undoing.undo(desk.ctx, case_id)
    assert [row.voided for row in desk.rows(CaseText, kind="note")] == [True]


def test_somebody_acted_after_me(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.go(case_id, "whole")
    notes.add_note(chief.ctx, case_id, "主管看过")
    with pytest.raises(NotAllowed, match=r"undo\.not_yours") as refused:
        undoing.undo(desk.ctx, case_id)
    assert refused.value.params["by"] == "2001"


def test_one_after_the_other_and_then_nothing(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, take=False, media=False)
    queue.claim(desk.ctx, case_id)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    for step in ("reason", "scope", "scope"):
        undoing.undo(desk.ctx, case_id)
        assert desk.step(case_id) == step
    assert desk.case(case_id).owner_id is None
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(desk.ctx, case_id)
    assert all(row.voided for row in desk.rows(StepAnswer))
    must_add_up(desk.store)


def test_openings_and_calls_are_not_undone(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, media=False)
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(desk.ctx, case_id)
    contact = calls.start_call(desk.ctx)
    calls.attach_call(desk.ctx, contact, case_id)
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(desk.ctx, case_id)


def test_a_judgement_comes_back_as_it_was(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"evidence\.unseen"):
        evidence.judge(desk.ctx, 1, True)
    evidence.look_at(desk.ctx, 1)
    evidence.look_at(desk.ctx, 1)
    assert len(desk.events(case_id, "evidence.looked_at")) == 1
    evidence.judge(desk.ctx, 1, True)
    evidence.judge(desk.ctx, 1, False)
    undoing.undo(desk.ctx, case_id)
    assert desk.stand(case_id).snapshot.evidence[0].clear is True
    undoing.undo(desk.ctx, case_id)
    assert desk.stand(case_id).snapshot.evidence[0].clear is None
    must_add_up(desk.store)


def test_a_stale_screen_is_told_who_moved_the_case(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    seen = desk.stand(case_id)
    raising.raise_case(chief.ctx, case_id, "supervisor", "主管关注")
    with pytest.raises(CaseMoved) as moved:
        walking.answer(desk.ctx, case_id, seen.snapshot.case.version, "scope", "whole", {})
    assert (moved.value.params["by"], moved.value.params["what"]) == ("2001", "clock.attached")


def test_an_answer_to_another_step_than_the_one_at_hand(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    version = desk.case(case_id).version
    with pytest.raises(NotAllowed, match=r"step\.moved"):
        walking.answer(desk.ctx, case_id, version, "assess/decide", "approve", {})
    desk.to_decision(case_id)
    version = desk.case(case_id).version
    with pytest.raises(NotAllowed, match=r"answer\.needs_f8"):
        walking.answer(desk.ctx, case_id, version, "assess/decide", "approve", {})


def test_stepping_back_and_answering_otherwise(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    version = desk.case(case_id).version
    walking.answer(desk.ctx, case_id, version, "reason", "not_received", {})
    assert desk.step(case_id) == "not_received"
    assert desk.case(case_id).reason == "not_received"
    undoing.undo(desk.ctx, case_id)
    assert desk.step(case_id) == "assess/decide"
    assert desk.case(case_id).reason == "quality"
    must_add_up(desk.store)


def test_who_a_case_was_raised_to_takes_it_over(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        queue.claim(chief.ctx, case_id)
    raising.raise_case(desk.ctx, case_id, "supervisor", "客户要求主管")
    with pytest.raises(NotAllowed, match=r"case\.raised_already"):
        raising.raise_case(desk.ctx, case_id, "supervisor", "再次")
    other = Desk(desk.store, person(desk.store, "1102"))
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        queue.claim(other.ctx, case_id)
    queue.claim(chief.ctx, case_id)
    assert desk.case(case_id).owner_id == chief.ctx.actor.id
    # The customer's clock ran on all the time.
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    assert desk.clock(case_id, "escalation_decision").run is RunState.RUNNING


def test_handing_over_gives_the_case_to_a_groups_queue(desk: Desk, placed: Placed) -> None:
    with desk.store.write("test") as unit:
        ensure_groups(unit)
        unit.commit()
    case_id = desk.opened(placed)
    with pytest.raises(DeskError, match=r"group\.unknown"):
        raising.hand_over(desk.ctx, case_id, "nobody", "转交")
    raising.hand_over(desk.ctx, case_id, "payment", "请核对扣款")
    case = desk.case(case_id)
    assert (case.owner_id, case.group_id is not None) == (None, True)
    undoing.undo(desk.ctx, case_id)
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    must_add_up(desk.store)


# Calls


def test_a_ringing_call_is_answered_and_logged(desk: Desk) -> None:
    telephone = Desk(desk.store, person(desk.store, role=Role.ADMIN))
    calls.ring(telephone.ctx, "15412345678", "1001")
    contact = calls.start_call(desk.ctx)
    assert desk.row(Contact, contact).number == "15412345678"
    with pytest.raises(NotAllowed, match=r"call\.open_already"):
        calls.start_call(desk.ctx)
    with pytest.raises(DeskError, match=r"call\.no_words"):
        calls.end_call(desk.ctx, contact)
    desk.later(seconds=40)
    assert calls.end_call(desk.ctx, contact, "打错了").params["seconds"] == 40
    with pytest.raises(NotAllowed, match=r"call\.ended"):
        calls.end_call(desk.ctx, contact, "再来")
    with pytest.raises(NotAllowed, match=r"staff\.unknown"):
        calls.ring(telephone.ctx, "15412345678", "9999")
    must_add_up(desk.store)


def test_a_call_wakes_what_lay_aside_and_a_logged_one_answers(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, kind=CaseKind.LOGIN, media=False)
    assert desk.clock(case_id, "first_response").run is RunState.RUNNING
    parking.put_aside(desk.ctx, case_id)
    contact = calls.start_call(desk.ctx)
    calls.attach_call(desk.ctx, contact, case_id)
    assert not desk.case(case_id).aside
    assert desk.clock(case_id, "first_response").run is RunState.RUNNING
    calls.end_call(desk.ctx, contact)
    assert desk.clock(case_id, "first_response").run is RunState.STOPPED
    must_add_up(desk.store)


def test_a_colleagues_case_keeps_its_owner_when_i_take_the_call(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed)
    contact = calls.start_call(chief.ctx)
    calls.attach_call(chief.ctx, contact, case_id)
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    with pytest.raises(NotAllowed, match=r"call\.not_yours"):
        calls.end_call(desk.ctx, contact)
    with pytest.raises(NotAllowed, match=r"call\.has_case"):
        calls.drop_call(chief.ctx, contact)


def test_resuming_a_stop_by_hand(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, media=False)
    with pytest.raises(NotAllowed, match=r"clock\.not_stopped"):
        parking.resume(desk.ctx, case_id)
    desk.go(case_id, "whole")
    desk.go(case_id, "quality")
    desk.go(case_id, "ask", materials="photo_label")
    desk.later(hours=1)
    parking.resume(desk.ctx, case_id)
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    undoing.undo(desk.ctx, case_id)
    assert desk.clock(case_id, "refund_review").run is RunState.PAUSED
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    must_add_up(desk.store)


def test_the_second_order_of_a_customer_is_attached_instead(desk: Desk, placed: Placed, buyer: int) -> None:
    other = order(desk.store, buyer)
    case_id = desk.opened(placed, item_ids=placed.items)
    desk.go(case_id, "other")
    with pytest.raises(NotAllowed, match=r"order\.not_found"):
        desk.go(case_id, "attach", other_no="BT0")
    desk.go(case_id, "attach", other_no=other.order_no)
    assert desk.case(case_id).order_id == other.id
    assert desk.step(case_id) == "scope"
    undoing.undo(desk.ctx, case_id)
    assert desk.case(case_id).order_id == placed.id
    assert desk.step(case_id) == "other_order"
    must_add_up(desk.store)
