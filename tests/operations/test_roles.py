"""Roles are checked in operations, whatever a screen shows (B0.1, B0.7)."""

from collections.abc import Callable

import pytest

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Channel, EvidenceKind, Role
from bdesk.operations import (
    approvals,
    calls,
    clocks,
    evidence,
    notes,
    opening,
    parking,
    queue,
    raising,
    tasks,
    undoing,
)
from bdesk.operations.effects.recall import recall
from bdesk.operations.staff import people
from tests.builders import Placed, person
from tests.operations.desk import Desk, must_add_up

WORK: dict[str, Callable[[Desk, int], object]] = {
    "open": lambda desk, case: opening.open_case(desk.ctx, opening.NewCase(CaseKind.REFUND, Channel.HOTLINE)),
    "take": lambda desk, case: queue.take_next(desk.ctx),
    "claim": lambda desk, case: queue.claim(desk.ctx, case),
    "release": lambda desk, case: queue.release(desk.ctx, case),
    "answer": lambda desk, case: desk.go(case, "whole"),
    "aside": lambda desk, case: parking.put_aside(desk.ctx, case),
    "resume": lambda desk, case: parking.resume(desk.ctx, case),
    "raise": lambda desk, case: raising.raise_case(desk.ctx, case, "supervisor", "理由"),
    "hand over": lambda desk, case: raising.hand_over(desk.ctx, case, "payment", "理由"),
    "complaint": lambda desk, case: raising.to_complaint(desk.ctx, case, "理由"),
    "note": lambda desk, case: notes.add_note(desk.ctx, case, "便签"),
    "undo": lambda desk, case: undoing.undo(desk.ctx, case),
    "recall": lambda desk, case: recall(desk.ctx, 1),
    "call": lambda desk, case: calls.start_call(desk.ctx),
    "evidence": lambda desk, case: evidence.add_evidence(
        desk.ctx, case, EvidenceKind.PHOTO, "1.jpg", "https://evidence.example.com/2"
    ),
    "look": lambda desk, case: evidence.look_at(desk.ctx, 1),
    "judge": lambda desk, case: evidence.judge(desk.ctx, 1, True),
    "task": lambda desk, case: tasks.answer_task(desk.ctx, 1, "已查", "found"),
    "clock": lambda desk, case: clocks.attach(desk.ctx, case, "call_back"),
    "stop a clock": lambda desk, case: clocks.fulfil(desk.ctx, case, "refund_review"),
    "cancel a clock": lambda desk, case: clocks.cancel(desk.ctx, case, "refund_review", "withdrawn"),
    "approve": lambda desk, case: approvals.decide(desk.ctx, 1, "approve"),
    "erase": lambda desk, case: notes.erase_text(desk.ctx, 1, "到期"),
}


@pytest.mark.parametrize("verb", WORK)
def test_an_admin_works_no_cases(desk: Desk, placed: Placed, verb: str) -> None:
    case_id = desk.opened(placed, take=False)
    desk.later(seconds=5)
    admin = Desk(desk.store, person(desk.store, "9001", Role.ADMIN))
    before = desk.store.newest_event()
    with pytest.raises(NotAllowed) as refused:
        WORK[verb](admin, case_id)
    assert refused.value.code.startswith(("role.", "approval.unknown"))
    assert desk.store.newest_event() == before


def test_an_admin_approves_no_money(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed, take=False))
    pending = desk.strip(case_id, "approve")
    admin = Desk(desk.store, person(desk.store, "9001", Role.ADMIN))
    queue.release(desk.ctx, case_id)
    with pytest.raises(NotAllowed, match=r"role\.cannot_work_cases"):
        admin.press_f8(pending)


@pytest.mark.parametrize("verb", ["stop a clock", "cancel a clock", "erase"])
def test_what_takes_a_supervisor(desk: Desk, placed: Placed, verb: str) -> None:
    case_id = desk.opened(placed)
    for role in (Role.AGENT, Role.SENIOR, Role.RISK):
        other = Desk(desk.store, person(desk.store, role=role))
        with pytest.raises(NotAllowed, match=r"role\."):
            WORK[verb](other, case_id)


def test_a_supervisor_stops_a_clock_and_erases_a_text(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    clocks.cancel(chief.ctx, case_id, "refund_review", "withdrawn")
    assert desk.clock(case_id, "refund_review").run == "cancelled"
    with pytest.raises(NotAllowed, match=r"clock\.not_running"):
        clocks.fulfil(chief.ctx, case_id, "refund_review")
    notes.add_note(desk.ctx, case_id, "客户姓名写在这里")
    text_id = desk.events(case_id, "note.added")[-1].payload["text"]
    assert isinstance(text_id, int)
    notes.erase_text(chief.ctx, text_id, "客户要求删除")
    with pytest.raises(NotAllowed, match=r"text\.gone"):
        notes.erase_text(chief.ctx, text_id, "再删一次")
    must_add_up(desk.store)


def test_notes_never_hold_secrets(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    for body in ("卡号 6222021234567890123", "验证码 123456"):
        with pytest.raises(NotAllowed, match=r"text\.secret") as refused:
            notes.add_note(desk.ctx, case_id, body)
        assert "6222021234567890123" not in str(refused.value.params["proposal"])
    assert desk.events(case_id, "note.added") == []


def test_only_an_admin_adds_and_disables_people(desk: Desk) -> None:
    new = people.NewPerson("1300", "赵敏", Role.AGENT, "correct horse")
    with pytest.raises(NotAllowed, match=r"role\.only_admin"):
        people.add_staff(desk.ctx, new)
    admin = Desk(desk.store, person(desk.store, "9001", Role.ADMIN))
    people.add_staff(admin.ctx, new)
    assert people.sign_in(desk.store, "1300", "correct horse").role is Role.AGENT
    with pytest.raises(NotAllowed, match=r"staff\.not_yourself"):
        people.change_staff(admin.ctx, "9001", active=False)
    people.change_staff(admin.ctx, "1300", active=False)
    with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
        people.sign_in(desk.store, "1300", "correct horse")
    must_add_up(desk.store)


def test_a_wrong_password_makes_one_wait_longer_each_time(desk: Desk) -> None:
    admin = Desk(desk.store, person(desk.store, "9001", Role.ADMIN))
    people.add_staff(admin.ctx, people.NewPerson("1300", "赵敏", Role.AGENT, "correct horse"))
    for _ in range(3):
        with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
            people.sign_in(desk.store, "1300", "wrong horse")
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        people.sign_in(desk.store, "1300", "correct horse")
    desk.later(seconds=30)
    assert people.sign_in(desk.store, "1300", "correct horse").number == "1300"
    # Nobody and a wrong password sound the same.
    with pytest.raises(NotAllowed, match=r"sign_in\.refused"):
        people.sign_in(desk.store, "4040", "correct horse")
    must_add_up(desk.store)
