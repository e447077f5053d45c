"""Checking who calls: counted per account, locked for a day, never kept, never lifted by undo (B0.4)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select as sql
from sqlalchemy import text

from bdesk.data.core import EVENT
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.i18n import set_language
from bdesk.models.kinds import CaseKind, Channel, CheckResult, Factor, VerificationLevel
from bdesk.models.tables import Customer, StepAnswer, VerificationAttempt
from bdesk.operations import calls, undoing, walking
from bdesk.operations.opening import NewCase
from bdesk.speech import speak_error
from tests.builders import T0, Placed, customer, order
from tests.operations.desk import Desk, must_add_up

RIGHT = {"recent_amount": "128.00", "phone_tail": "6621"}
WRONG = {"recent_amount": "999.00", "phone_tail": "6621"}


@pytest.fixture
def buyer(store: Store) -> int:
    return customer(store, phone="15412346621", name="欧阳静怡", city="杭州市")


def called(desk: Desk, placed: Placed) -> int:
    """A case from a call, at the identity check."""
    contact = calls.start_call(desk.ctx, "15400000001")
    new = NewCase(CaseKind.REFUND, Channel.HOTLINE, order_id=placed.id)
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    while (step := desk.step(case_id)) != "verify/factors":
        if step == "duplicate/same":
            desk.go(case_id, "other", difference="另一件事")
        else:
            desk.go(case_id, {"opening/greet": "confirmed", "scope": "whole"}[step or ""])
    return case_id


def hang_up(desk: Desk, case_id: int) -> None:
    with desk.store.read() as session:
        contact = session.execute(
            text("SELECT id FROM contact WHERE case_id = :case AND ended_at IS NULL"), {"case": case_id}
        ).scalar_one()
    calls.end_call(desk.ctx, contact)


def test_the_right_answers_reach_level_2(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    desk.go(case_id, "check", **RIGHT)
    assert desk.fact(case_id, "verification.level") == 2
    assert desk.case(case_id).verified_level is VerificationLevel.V2
    assert desk.step(case_id) == "reason"
    rows = desk.rows(VerificationAttempt)
    assert {(row.factor, row.result) for row in rows} == {
        (Factor.RECENT_AMOUNT, CheckResult.PASSED),
        (Factor.PHONE_TAIL, CheckResult.PASSED),
    }
    must_add_up(desk.store)


def test_a_failure_is_said_without_which_part_it_was(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    for left in (2, 1, 0):
        changed = desk.go(case_id, "check", **WRONG)
        assert (changed.code, changed.params["tries_left"]) == ("verification.failed", left)
        assert set(changed.params) == {"case_no", "tries_left"}


def test_a_check_that_holds_is_an_answer_like_any(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    assert desk.go(case_id, "check", **RIGHT).code == "step.answered"


def test_only_the_fields_that_the_answer_names_are_compared(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    desk.go(case_id, "check", **RIGHT, city="上海")
    assert desk.fact(case_id, "verification.level") == 2


def test_other_details_count_by_their_own_factor(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    bought = (desk.ctx.now() - timedelta(days=5)).date().isoformat()
    desk.go(case_id, "other", city="杭州", purchase_date=bought)
    assert desk.fact(case_id, "verification.level") == 2


def test_no_value_is_kept_anywhere(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    desk.go(case_id, "check", recent_amount="777.77", phone_tail="8642")
    kept = json.dumps([row.captures for row in desk.rows(StepAnswer)])
    with desk.store.read() as session:
        journal = " ".join(str(row) for row in session.execute(sql(EVENT.c.payload)).scalars())
    for value in ("777.77", "77777", "8642"):
        assert value not in kept + journal
    (event,) = desk.events(case_id, "verification.checked")
    # Nor does anything say which of them was wrong.
    rows = {"customer", "attempts", "attempts_digest"}
    told = {"level", "result", "factors", "tries_left"}
    assert set(event.payload) - {"cause", "before", "stands"} - rows == told


def test_three_failures_lock_the_account_for_a_day_on_every_case(desk: Desk, placed: Placed) -> None:
    """The clock stands still here, and three attempts are three."""
    first = called(desk, placed)
    desk.go(first, "check", **WRONG)
    desk.go(first, "check", **WRONG)
    assert desk.fact(first, "verification.tries_left") == 1
    hang_up(desk, first)
    second = called(desk, placed)
    desk.go(second, "check", **WRONG)
    locked = desk.row(Customer, placed.customer_id).verification_locked_until
    assert locked == desk.ctx.now() + timedelta(hours=24)
    assert desk.step(second) == "verify/locked"
    hang_up(desk, second)
    third = called(desk, placed) if desk.step(second) == "verify/factors" else second
    assert desk.fact(third, "verification.locked") is True
    desk.later(hours=23, minutes=59)
    assert desk.fact(second, "verification.locked") is True
    desk.later(minutes=2)
    assert desk.fact(second, "verification.locked") is False
    must_add_up(desk.store)


def locked_by_calls(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    for _ in range(3):
        desk.go(case_id, "check", **WRONG)
    hang_up(desk, case_id)


@pytest.mark.parametrize("channel", [Channel.APP_CHAT, Channel.REFUND_FORM])
def test_a_locked_account_is_not_let_in_by_a_new_case_of_a_form(
    desk: Desk, placed: Placed, channel: Channel
) -> None:
    locked_by_calls(desk, placed)
    by_hand = desk.opened(placed, channel=channel, filed=False)
    assert desk.fact(by_hand, "verification.level") == 0
    by_system = desk.opened(placed, channel=channel)
    assert desk.fact(by_system, "verification.level") == 0
    desk.go(by_system, "other", difference="另一件事")
    desk.go(by_system, "whole")
    assert desk.step(by_system) == "verify/locked"
    desk.later(hours=24, seconds=1)
    assert desk.fact(by_system, "verification.level") == 2
    assert desk.fact(by_hand, "verification.level") == 0
    must_add_up(desk.store)


def test_a_locked_step_tells_until_when(desk: Desk, placed: Placed) -> None:
    locked_by_calls(desk, placed)
    case_id = desk.opened(placed, filed=False)
    desk.go(case_id, "other", difference="另一件事")
    desk.go(case_id, "whole")
    current = desk.stand(case_id).walk.current
    assert current is not None and current.say is not None
    assert "11月19日 10:00" in current.say.zh and "11/19 10:00" in current.say.en


def test_answers_typed_while_another_desk_locks_the_account_are_not_compared(
    desk: Desk, placed: Placed
) -> None:
    case_id = called(desk, placed)
    seen = desk.stand(case_id).snapshot.case.version
    with desk.store.write("test") as unit:
        row = unit.session.get_one(Customer, placed.customer_id)
        row.verification_locked_until = desk.ctx.now() + timedelta(hours=5)
        unit.commit()
    with pytest.raises(NotAllowed, match=r"step\.moved"):
        walking.answer(desk.ctx, case_id, seen, "verify/factors", "check", RIGHT)
    assert desk.step(case_id) == "verify/locked"
    assert desk.rows(VerificationAttempt) == []


def test_the_refusal_says_until_when_and_what_to_tell() -> None:
    refusal = NotAllowed("verification.locked", until=T0 + timedelta(hours=5))
    set_language("en")
    assert "15:00" in speak_error(refusal) and "call again or apply in the App" in speak_error(refusal)
    set_language("zh")
    assert "15:00" in speak_error(refusal) and "再来电或登录App提交" in speak_error(refusal)


def test_another_account_is_not_locked(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    for _ in range(3):
        desk.go(case_id, "check", **WRONG)
    hang_up(desk, case_id)
    other = order(desk.store, customer(desk.store, phone="15412346621"))
    second = called(desk, other)
    desk.go(second, "check", **RIGHT)
    assert desk.fact(second, "verification.level") == 2


def test_undo_takes_no_attempt_back(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    for tries in (2, 1, 0):
        desk.go(case_id, "check", **WRONG)
        assert desk.fact(case_id, "verification.tries_left") == tries
        with pytest.raises(NotAllowed, match=r"undo\.never"):
            undoing.undo(desk.ctx, case_id)
    assert desk.fact(case_id, "verification.locked") is True
    assert len(desk.rows(VerificationAttempt)) == 6


def test_too_little_is_no_attempt(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    with pytest.raises(BadInput, match=r"verification\.short"):
        desk.go(case_id, "other", city="杭州")
    assert desk.rows(VerificationAttempt) == []
    assert desk.fact(case_id, "verification.tries_left") == 3


def test_who_is_not_verified_is_rejected_as_such(desk: Desk, placed: Placed) -> None:
    case_id = called(desk, placed)
    for _ in range(3):
        desk.go(case_id, "check", **WRONG)
    desk.go(case_id, "told")
    desk.go(case_id, "not_owner")
    assert desk.case(case_id).reject_code == "not_owner"
    must_add_up(desk.store)


def test_a_letter_that_is_recalled_takes_no_check_of_identity_with_it(desk: Desk, placed: Placed) -> None:
    """The check was made on top of a letter that was still held: what became of it stays, and counts."""
    contact = calls.start_call(desk.ctx, "15400000001")
    case_id = calls.open_from_call(
        desk.ctx, contact, NewCase(CaseKind.REFUND, Channel.HOTLINE, order_id=placed.id)
    ).case_id
    assert case_id is not None
    sent = desk.press_f8(desk.strip(case_id, "number"))
    desk.go(case_id, "confirmed")
    desk.go(case_id, "whole")
    desk.go(case_id, "check", **RIGHT)
    desk.recall(sent)
    assert desk.case(case_id).verified_level is VerificationLevel.V2
    assert desk.fact(case_id, "verification.level") == 2
    assert len(desk.events(case_id, "verification.checked")) == 1
    must_add_up(desk.store)
