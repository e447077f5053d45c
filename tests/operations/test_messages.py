"""Messages on a case: they wake it, set its clocks going and are owed an answer, from the oldest one."""

from datetime import datetime, timedelta

import pytest

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import CaseState, Channel
from bdesk.models.tables import CaseText, ClockRow, Contact
from bdesk.operations import calls, messages, parking, undoing
from bdesk.operations.effects import adhoc
from bdesk.operations.sweep import sweep
from tests.builders import Placed, person
from tests.operations.desk import Desk, met, must_add_up

NEXT = messages.NEXT


def owed(desk: Desk, case_id: int) -> list[datetime]:
    rows = desk.rows(ClockRow, case_id=case_id, kind=NEXT)
    return [row.start_at for row in rows if row.run is RunState.RUNNING]


def answer(desk: Desk, case_id: int) -> None:
    """A call in which the customer is answered."""
    contact = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, contact, case_id)
    calls.end_call(desk.ctx, contact, "已答复")


def test_nothing_is_owed_before_the_first_answer_and_a_call_owes_nothing(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    messages.receive(desk.ctx, case_id, "在吗")
    assert owed(desk, case_id) == []
    answer(desk, case_id)
    assert owed(desk, case_id) == []
    desk.picture(case_id)
    assert owed(desk, case_id) == []
    must_add_up(desk.store)


def test_it_is_owed_from_the_oldest_and_ends_with_an_answer(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    answer(desk, case_id)
    desk.later(hours=1)
    first = desk.ctx.now()
    messages.receive(desk.ctx, case_id, "请问到哪一步了", Channel.APP_CHAT)
    desk.later(hours=2)
    messages.receive(desk.ctx, case_id, "还在吗")
    assert owed(desk, case_id) == [first]
    assert desk.clock(case_id, NEXT).due_at == first + timedelta(hours=24)
    assert desk.rows(Contact, case_id=case_id)[-1].text_id is not None
    answer(desk, case_id)
    assert met(desk.clock(case_id, NEXT))
    desk.later(hours=1)
    messages.receive(desk.ctx, case_id, "谢谢，还有一个问题")
    assert owed(desk, case_id) == [desk.ctx.now()]
    must_add_up(desk.store)


def test_a_message_that_came_to_be_known_late_is_the_oldest(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    answer(desk, case_id)
    said = desk.ctx.now()
    desk.later(hours=5)
    messages.receive(desk.ctx, case_id, "第二封")
    messages.receive(desk.ctx, case_id, "第一封", at=said + timedelta(hours=1))
    assert owed(desk, case_id) == [said + timedelta(hours=1)]
    answer(desk, case_id)
    assert owed(desk, case_id) == []
    must_add_up(desk.store)


def test_a_message_that_was_recorded_after_the_answer_was_answered_by_nobody(
    desk: Desk, placed: Placed
) -> None:
    """It came before the answer, but whoever answered had not read it: it is owed from when it came, and is
    late at once where a day has passed since."""
    case_id = desk.opened(placed)
    answer(desk, case_id)
    desk.later(hours=2)
    came = desk.ctx.now()
    desk.later(hours=3)
    answer(desk, case_id)
    messages.receive(desk.ctx, case_id, "邮件刚分拣出来", at=came)
    assert owed(desk, case_id) == [came]
    assert desk.clock(case_id, NEXT).due_at == came + timedelta(hours=24)
    answer(desk, case_id)
    assert owed(desk, case_id) == []
    desk.later(hours=30)
    answer(desk, case_id)
    messages.receive(desk.ctx, case_id, "还有一封", at=came)
    sweep(desk.ctx)
    assert desk.clock(case_id, NEXT).outcome is Outcome.BREACHED
    must_add_up(desk.store)


def test_a_message_wakes_a_case_and_its_clock(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    desk.press_f8(adhoc.plan_stop(desk.ctx, case_id, "customer", "请补一张照片"))
    assert desk.clock(case_id, "refund_review").run is RunState.PAUSED
    assert desk.case(case_id).state is CaseState.WAITING_CUSTOMER
    desk.later(hours=3)
    messages.receive(desk.ctx, case_id, "照片稍后发")
    assert desk.clock(case_id, "refund_review").run is RunState.RUNNING
    assert desk.case(case_id).state is CaseState.IN_PROGRESS
    parking.put_aside(desk.ctx, case_id)
    messages.receive(desk.ctx, case_id, "还在吗")
    assert not desk.case(case_id).aside
    must_add_up(desk.store)


def test_no_reply_needed_is_on_the_record_and_can_be_undone(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"message\.none_waiting"):
        messages.no_reply_needed(desk.ctx, case_id, "只是致谢")
    answer(desk, case_id)
    desk.later(minutes=5)
    messages.receive(desk.ctx, case_id, "谢谢")
    other = Desk(desk.store, person(desk.store, "1007"), desk.ports)
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        messages.no_reply_needed(other.ctx, case_id, "只是致谢")
    with pytest.raises(BadInput, match=r"note\.empty"):
        messages.no_reply_needed(desk.ctx, case_id, "")
    messages.no_reply_needed(desk.ctx, case_id, "只是致谢")
    assert desk.clock(case_id, NEXT).run is RunState.CANCELLED
    (event,) = desk.events(case_id, messages.NO_REPLY)
    assert (event.actor, desk.row(CaseText, int(str(event.payload["text"]))).body) == ("1001", "只是致谢")
    undoing.undo(desk.ctx, case_id)
    assert desk.clock(case_id, NEXT).run is RunState.RUNNING
    messages.no_reply_needed(desk.ctx, case_id, "只是致谢")
    desk.later(minutes=5)
    messages.receive(desk.ctx, case_id, "还有一事")
    assert owed(desk, case_id) == [desk.ctx.now()]
    must_add_up(desk.store)


def test_what_was_late_stays_late(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    answer(desk, case_id)
    desk.later(minutes=5)
    messages.receive(desk.ctx, case_id, "请问")
    desk.later(hours=25)
    messages.no_reply_needed(desk.ctx, case_id, "客户自己已查到")
    sweep(desk.ctx)
    row = desk.clock(case_id, NEXT)
    assert (row.run, row.outcome) == (RunState.CANCELLED, Outcome.BREACHED)
    must_add_up(desk.store)


def test_what_must_not_be_kept_is_masked_and_a_closed_case_says_so(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    messages.receive(desk.ctx, case_id, "我的卡号 6222021234567890123 请退到这里")
    assert "6222021234567890123" not in desk.rows(CaseText, case_id=case_id, kind="message")[0].body
    with pytest.raises(BadInput, match=r"note\.empty"):
        messages.receive(desk.ctx, case_id, " \n ")
    with pytest.raises(BadInput, match=r"time\.future"):
        messages.receive(desk.ctx, case_id, "您好", at=desk.ctx.now() + timedelta(minutes=1))
