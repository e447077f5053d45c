"""Lifting the lock of identity checks: by a supervisor with a reason, never by who took the answers."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data import attempts
from bdesk.data.book.book import load_book
from bdesk.data.verify import verify
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CheckResult, Factor, Role, VerificationLevel
from bdesk.models.tables import CaseText, Customer, VerificationAttempt
from bdesk.operations import undoing, voiding
from bdesk.operations.change import Act
from bdesk.rules.verification import is_locked
from tests.builders import T0, Placed, person
from tests.operations.desk import Desk, must_add_up


def fail(desk: Desk, case_id: int, times: int = 3, by: str = "1001") -> None:
    """Wrong answers on this case, the third of which locks the account."""
    with desk.store.write(by) as unit:
        case = unit.case(case_id)
        customer = unit.session.get_one(Customer, case.customer_id)
        act = Act(unit, case)
        for number in range(times):
            row = VerificationAttempt(
                customer_id=customer.id or 0, case_id=case_id, level=VerificationLevel.V2,
                factor=Factor.PHONE_TAIL, result=CheckResult.FAILED, channel=case.channel, by=by,
                at=unit.now + timedelta(microseconds=number),
            )  # fmt: skip
            unit.session.add(row)
            unit.session.flush()
            said = attempts.told([{name: getattr(row, name) for name in attempts.COLUMNS}])
            locks = {"locked_until": to_iso(unit.now + timedelta(hours=24))} if number >= 2 else {}
            act.add("verification.checked", {"customer": customer.id, **said, **locks})
        if times >= 3:
            customer.verification_locked_until = unit.now + timedelta(hours=24)
        act.finish(desk.ctx, "step.answered")


def changed(desk: Desk, change: Callable[[VerificationAttempt], object]) -> None:
    """The first attempt is edited behind the desk."""
    with desk.store.write("test") as unit:
        change(
            unit.session.scalars(select(VerificationAttempt).order_by(col(VerificationAttempt.id))).all()[0]
        )
        unit.commit()


def fault(desk: Desk) -> str | None:
    found = verify(desk.store, load_book()).first_fault
    return found.code if found is not None else None


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


def test_refused_documents_are_no_failed_answer_of_who_refused_them(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed)
    with desk.store.write("2001") as unit:
        case = unit.case(case_id)
        row = VerificationAttempt(
            customer_id=case.customer_id or 0, case_id=case_id, level=VerificationLevel.V3P,
            factor=Factor.DOCUMENT, result=CheckResult.FAILED, channel=case.channel, by="2001", at=unit.now,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        said = attempts.told([{name: getattr(row, name) for name in attempts.COLUMNS}])
        act = Act(unit, case)
        act.add("verification.checked", {"customer": case.customer_id, **said})
        act.finish(desk.ctx, "step.answered")
    with pytest.raises(NotAllowed, match=r"verification\.not_locked"):
        voiding.void_failures(chief.ctx, case_id, "误锁")
    desk.later(minutes=1)
    fail(desk, case_id)
    assert voiding.void_failures(chief.ctx, case_id, "坐席听错尾号").params["count"] == 3
    assert not locked(desk, case_id)
    assert [one.voided for one in desk.rows(VerificationAttempt)] == [False, True, True, True]
    must_add_up(desk.store)


def test_right_answers_stay_and_nothing_is_lifted_twice_or_undone(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed)
    with pytest.raises(NotAllowed, match=r"verification\.not_locked"):
        voiding.void_failures(chief.ctx, case_id, "误锁")
    fail(desk, case_id)
    changed(desk, lambda row: setattr(row, "result", CheckResult.PASSED))
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("result", CheckResult.PASSED),
        ("voided", True),
        ("at", T0 - timedelta(days=3)),
        ("factor", Factor.CITY),
        ("by", "1099"),
    ],
)
def test_an_attempt_that_was_edited_behind_the_desk_is_found(
    desk: Desk, placed: Placed, name: str, value: object
) -> None:
    """Whoever opens the file and makes a failure a success would lift the lock."""
    fail(desk, desk.opened(placed))
    assert fault(desk) is None
    changed(desk, lambda row: setattr(row, name, value))
    assert fault(desk) == "attempt.differs"


def test_an_attempt_that_was_taken_out_or_put_in_is_found(desk: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    fail(desk, case_id, 2)
    with desk.store.write("test") as unit:
        row = unit.session.scalars(select(VerificationAttempt)).all()[1]
        kept = row.model_dump(exclude={"id"})
        unit.session.delete(row)
        unit.commit()
    assert fault(desk) == "attempt.differs"
    with desk.store.write("test") as unit:
        unit.session.add_all([VerificationAttempt(**kept), VerificationAttempt(**kept)])
        unit.commit()
    assert fault(desk) == "attempt.differs"


def test_a_voiding_and_a_lock_are_what_the_events_say(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    fail(desk, case_id)
    lock(desk, placed, None)
    assert fault(desk) == "lock.differs"
    lock(desk, placed, desk.ctx.now() + timedelta(hours=23))
    assert fault(desk) == "lock.differs"
    lock(desk, placed, desk.ctx.now() + timedelta(hours=24))
    assert fault(desk) is None
    voiding.void_failures(chief.ctx, case_id, "误锁")
    assert fault(desk) is None
    changed(desk, lambda row: setattr(row, "voided", False))
    assert fault(desk) == "attempt.differs"
    changed(desk, lambda row: setattr(row, "voided", True))
    lock(desk, placed, desk.ctx.now() + timedelta(hours=24))
    assert fault(desk) == "lock.differs"


def test_a_lock_that_no_event_made_is_found(desk: Desk, placed: Placed) -> None:
    desk.opened(placed)
    lock(desk, placed, desk.ctx.now() + timedelta(hours=1))
    assert fault(desk) == "lock.differs"


def lock(desk: Desk, placed: Placed, until: datetime | None) -> None:
    with desk.store.write("test") as unit:
        unit.session.get_one(Customer, placed.customer_id).verification_locked_until = until
        unit.commit()
