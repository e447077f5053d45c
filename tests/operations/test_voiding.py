"""Lifting the lock of identity checks: by a supervisor with a reason, never by who took the answers."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CheckResult, Factor, Role, VerificationLevel
from bdesk.models.tables import Case, CaseText, Customer, VerificationAttempt
from bdesk.operations import undoing, voiding
from bdesk.rules.verification import is_locked
from tests.builders import Placed, person
from tests.operations.desk import Desk, must_add_up


def fail(desk: Desk, case_id: int, times: int = 3, by: str = "1001") -> None:
    """Wrong answers on this case, the third of which locks the account."""
    with desk.store.write("test") as unit:
        case = unit.session.get_one(Case, case_id)
        customer = unit.session.get_one(Customer, case.customer_id)
        for number in range(times):
            unit.session.add(
                VerificationAttempt(
                    customer_id=customer.id or 0, case_id=case_id, level=VerificationLevel.V2,
                    factor=Factor.PHONE_TAIL, result=CheckResult.FAILED, channel=case.channel, by=by,
                    at=unit.now + timedelta(microseconds=number),
                )
            )  # fmt: skip
        if times >= 3:
            customer.verification_locked_until = unit.now + timedelta(hours=24)
        unit.commit()


def locked(desk: Desk, case_id: int) -> bool:
    return is_locked(desk.stand(case_id).snapshot)


def test_a_supervisor_lifts_the_lock_on_every_case_of_the_customer(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    one, two = desk.opened(placed), desk.opened(placed)
    fail(desk, one, 2)
    fail(desk, two, 3)
    assert locked(desk, one) and locked(desk, two)
    done = voiding.void_failures(chief.ctx, one, "坐席听错尾号")
    assert done.params["count"] == 5
    assert not locked(desk, one) and not locked(desk, two)
    assert all(row.voided for row in desk.rows(VerificationAttempt))
    (event,) = desk.events(one, voiding.VOIDED)
    assert (event.actor, len(event.payload["attempts"])) == ("2001", 5)  # type: ignore[arg-type]
    assert desk.row(CaseText, int(str(event.payload["text"]))).body == "坐席听错尾号"
    # What is voided counts no more: three new failures lock anew, two do not.
    fail(desk, one, 2)
    assert not locked(desk, one)
    fail(desk, two, 1)
    assert locked(desk, one)
    must_add_up(desk.store)


def test_right_answers_stay_and_nothing_is_lifted_twice_or_undone(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"verification\.not_locked"):
        voiding.void_failures(chief.ctx, case_id, "误锁")
    fail(desk, case_id)
    with desk.store.write("test") as unit:
        row = unit.session.scalars(select(VerificationAttempt)).first()
        assert row is not None
        row.result = CheckResult.PASSED
        unit.commit()
    voiding.void_failures(chief.ctx, case_id, "误锁")
    assert [row.voided for row in desk.rows(VerificationAttempt)] == [False, True, True]
    with pytest.raises(NotAllowed, match=r"verification\.not_locked"):
        voiding.void_failures(chief.ctx, case_id, "误锁")
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(chief.ctx, case_id)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.RISK, Role.ADMIN])
def test_nobody_below_a_supervisor(desk: Desk, placed: Placed, role: Role) -> None:
    case_id = desk.opened(placed)
    fail(desk, case_id)
    other = Desk(desk.store, person(desk.store, "1007", role), desk.ports)
    with pytest.raises(NotAllowed, match=r"role\.cannot_void"):
        voiding.void_failures(other.ctx, case_id, "误锁")
    assert locked(desk, case_id)


def test_nobody_voids_what_he_took_himself_or_of_his_own(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    fail(desk, case_id, by="2001")
    with pytest.raises(NotAllowed, match=r"verification\.own_failures"):
        voiding.void_failures(chief.ctx, case_id, "误锁")
    own = Desk(
        desk.store, person(desk.store, "2002", Role.MANAGER, customer_id=placed.customer_id), desk.ports
    )
    with pytest.raises(NotAllowed, match=r"verification\.own_failures"):
        voiding.void_failures(own.ctx, case_id, "误锁")
    another = Desk(desk.store, person(desk.store, "2003", Role.MANAGER), desk.ports)
    with pytest.raises(BadInput, match=r"note\.empty"):
        voiding.void_failures(another.ctx, case_id, " ")
    voiding.void_failures(another.ctx, case_id, "误锁")
    assert not locked(desk, case_id)


def test_a_lock_that_is_over_needs_no_voiding(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    fail(desk, case_id)
    desk.later(hours=25)
    with pytest.raises(NotAllowed, match=r"verification\.not_locked"):
        voiding.void_failures(chief.ctx, case_id, "误锁")
