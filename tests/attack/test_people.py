"""Who was sent away, who guesses, and who writes a false strip."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Staff
from bdesk.operations import approvals, evidence, notes, people
from tests.builders import Item, Placed, clock_of, order, person
from tests.operations.desk import Desk, must_add_up, refunded


@pytest.fixture
def admin(desk: Desk) -> Desk:
    return Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)


def test_a_desk_left_open_does_nothing_for_somebody_who_was_disabled(
    desk: Desk, admin: Desk, placed: Placed
) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    pending = desk.strip(case_id, "approve")
    people.change_staff(admin.ctx, "1001", active=False)
    for act in (
        lambda: desk.press_f8(pending),
        lambda: notes.add_note(desk.ctx, case_id, "便签"),
        lambda: desk.opened(placed),
        lambda: people.change_password(desk.store, desk.ctx.actor, "old password", "new password"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "staff.disabled"
    assert refunded(desk.store, placed) == (0, 0)


def test_a_disabled_approver_approves_nothing(desk: Desk, chief: Desk, admin: Desk, buyer: int) -> None:
    dear = order(desk.store, buyer, items=[Item(price_fen=80000)])
    desk.go(desk.to_decision(desk.opened(dear)), "approval", why="贵")
    people.change_staff(admin.ctx, "2001", active=False)
    with pytest.raises(NotAllowed, match=r"staff\.disabled"):
        approvals.decide(chief.ctx, 1, "approve")


def test_the_sign_in_of_somebody_disabled_hints_at_nothing(desk: Desk, admin: Desk) -> None:
    people.change_staff(admin.ctx, "1001", active=False, password="correct horse")
    for number, password in (("1001", "correct horse"), ("1001", "wrong horse"), ("7777", "wrong horse")):
        with pytest.raises(NotAllowed) as refused:
            people.sign_in(desk.store, number, password)
        assert refused.value.code == "sign_in.refused"


def test_guesses_at_the_same_moment_wait_like_guesses_one_after_another(
    desk: Desk, admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.change_staff(admin.ctx, "1001", password="correct horse")
    compare = people._matches

    def others_are_quicker(known: str, password: str) -> bool:
        with desk.store.write("test") as unit:
            unit.session.get_one(Staff, desk.ctx.actor.id).locked_until = unit.now + timedelta(minutes=1)
            unit.commit()
        return compare(known, password)

    monkeypatch.setattr(people, "_matches", others_are_quicker)
    with pytest.raises(NotAllowed, match=r"sign_in\.wait"):
        people.sign_in(desk.store, "1001", "correct horse")
    monkeypatch.undo()
    clock_of(desk.store).move(timedelta(minutes=2))
    assert people.sign_in(desk.store, "1001", "correct horse").number == "1001"


def test_the_journal_says_what_was_done_and_not_what_a_strip_claims(desk: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.press_f8(replace(desk.strip(case_id, "approve"), effects=("letter",)))
    (committed,) = desk.events(case_id, "effect.committed")
    assert committed.payload["effects"] == ["refund", "letter"]
    assert committed.payload["amount_fen"] == 12800
    assert committed.payload["limits"] == desk.ctx.book.version("policy", "limits")


def test_an_edited_strip_pays_nothing_else(desk: Desk, placed: Placed, buyer: int) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    other = desk.to_decision(desk.opened(order(desk.store, buyer)))
    pending = desk.strip(case_id, "approve")
    for forged in (
        replace(pending, amount_fen=100),
        replace(pending, amount_fen=None),
        replace(pending, letters=()),
        replace(pending, case_id=other),
        replace(pending, case_id=other, case_version=desk.case(other).version),
        replace(pending, step="assess/approved", option="refund"),
        replace(pending, option="approve_part", captures={"amount": 99999, "why": "x"}),
        replace(pending, option="finance", captures={"finance_note": "x"}),
        replace(pending, captures={"amount": -1}),
        replace(pending, captures={"nothing": "like it"}),
        replace(pending, facts_digest="0" * 64),
    ):
        with pytest.raises(DeskError):
            desk.press_f8(forged)
    assert refunded(desk.store, placed) == (0, 0)
    must_add_up(desk.store, [desk.ports])


def test_a_colleagues_look_is_not_mine(desk: Desk, chief: Desk, placed: Placed) -> None:
    desk.opened(placed)
    evidence.look_at(chief.ctx, 1)
    with pytest.raises(NotAllowed, match=r"evidence\.unseen"):
        evidence.judge(desk.ctx, 1, True)
    evidence.look_at(desk.ctx, 1)
    evidence.look_at(chief.ctx, 1)
    assert evidence.judge(desk.ctx, 1, True).code == "evidence.judged"
