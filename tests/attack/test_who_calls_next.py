"""A caller who could not be verified leaves nothing behind for the next one (S7, B0.4)."""

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel, Role, VerificationLevel
from bdesk.models.tables import Contact
from bdesk.operations import calls, voiding
from bdesk.operations.opening import NewCase
from bdesk.operations.ports import Ports
from bdesk.operations.standing import standing
from bdesk.rules.cases import HIDING_FACTORS, mask_factors
from bdesk.rules.verification import reached
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import AMOUNT, TAIL, at_work, code, freeze, rung


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR)


def hung_up(desk: Desk) -> None:
    for one in desk.rows(Contact, ended_at=None):
        calls.end_call(desk.ctx, one.id or 0)


def known(desk: Desk, case_id: int) -> tuple[VerificationLevel, bool]:
    """The level reached, and whether every value that a caller is asked for is hidden."""
    with desk.store.read() as session:
        snapshot = standing(session, desk.ctx, case_id, desk.store.now()).snapshot
    return reached(snapshot), mask_factors(snapshot) == HIDING_FACTORS


def given_up(desk: Desk, case_id: int) -> None:
    """Two right answers and a code that did not pass."""
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    desk.go(case_id, "send")
    code(desk, case_id, "failed")
    desk.go(case_id, "refused")


def test_right_answers_of_a_caller_who_failed_at_the_code_are_nobody_s(desk: Desk) -> None:
    case_id = rung(desk, freeze(desk.store))
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    assert known(desk, case_id)[0] is VerificationLevel.V2
    desk.go(case_id, "send")
    code(desk, case_id, "failed")
    desk.go(case_id, "refused")
    assert known(desk, case_id) == (VerificationLevel.V0, True)
    hung_up(desk)
    assert known(desk, case_id) == (VerificationLevel.V0, True)
    must_add_up(desk.store)


def test_lifting_a_lock_verifies_nobody(desk: Desk, chief: Desk) -> None:
    """The first caller answered right and failed at the code, the second one wrong until it locked."""
    frozen = freeze(desk.store)
    case_id = rung(desk, frozen)
    given_up(desk, case_id)
    hung_up(desk)
    desk.go(case_id, "again")
    assert desk.step(case_id) == "verify/factors"
    for _try in range(2):
        desk.go(case_id, "check", recent_amount="1.00", phone_tail="0000")
    assert desk.step(case_id) == "verify/locked"
    voiding.void_failures(chief.ctx, case_id, "客户本人带证件来过")
    assert known(desk, case_id) == (VerificationLevel.V0, True)
    assert desk.step(case_id) == "verify/factors"
    must_add_up(desk.store)


def test_recalling_a_letter_of_before_verifies_nobody(desk: Desk) -> None:
    """The number of the case went out by SMS, the caller failed and hung up; then the SMS is recalled."""
    contact = calls.start_call(desk.ctx, "15400000001")
    owner = freeze(desk.store).customer_id
    new = NewCase(CaseKind.UNFREEZE, Channel.HOTLINE, customer_id=owner, subject="钱包冻结")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id or 0
    sent = desk.go(case_id, "number")
    desk.go(case_id, "confirmed")
    given_up(desk, case_id)
    hung_up(desk)
    desk.recall(sent)
    assert known(desk, case_id) == (VerificationLevel.V0, True)
    must_add_up(desk.store)
