"""The second person is a second person: who brought the papers, judged them or verified the caller is not,
in whichever round and session it was done (B0.7)."""

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import ApprovalState, CaseKind, EvidenceKind, Role
from bdesk.models.tables import Approval, Contact, Evidence, StepAnswer
from bdesk.operations import calls, evidence, queue
from bdesk.operations.ports import Ports
from bdesk.operations.reopening import reopen
from tests.operations import changing
from tests.operations.desk import Desk
from tests.operations.frozen import at_work, decided, freeze, questioned, recommended, rung, seen, verified


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR)


@pytest.fixture
def second(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2002", Role.SUPERVISOR)


def brought(desk: Desk, case_id: int) -> None:
    for kind in (EvidenceKind.STATEMENT, EvidenceKind.TRANSACTION_RECORD):
        evidence.add_evidence(desk.ctx, case_id, kind, "1.pdf", "https://evidence.example.com/1.pdf", 1000)


def must_not_decide(chief: Desk, second: Desk, row: Approval) -> None:
    """Refused for the one who had a hand in it; the other one decides."""
    assert not chief.rows(StepAnswer, by="2001"), "no answer gives them away"
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(chief, row)
    decided(second, row)
    assert chief.row(Approval, row.id or 0).state is ApprovalState.APPROVED


def asked(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "told")
    desk.go(case_id, "answered", coached="alone", payee="二十名工人", purpose="发工资")


def compared(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "compared", device="known", place="fits", story="fits", payees="known")
    desk.go(case_id, "ready")


def test_whoever_brings_the_papers_does_not_decide_on_them(desk: Desk, chief: Desk, second: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    asked(desk, case_id)
    brought(chief, case_id)
    seen(desk, case_id)
    compared(desk, case_id)
    must_not_decide(chief, second, recommended(desk, case_id))


def test_whoever_found_them_clear_does_not_either(desk: Desk, chief: Desk, second: Desk) -> None:
    case_id = verified(desk, rung(desk, freeze(desk.store)))
    asked(desk, case_id)
    brought(desk, case_id)
    queue.release(desk.ctx, case_id)
    seen(chief, case_id)
    assert all(one.clear for one in desk.rows(Evidence))
    queue.claim(desk.ctx, case_id)
    compared(desk, case_id)
    must_not_decide(chief, second, recommended(desk, case_id))


def test_whoever_asked_in_an_earlier_round_is_a_maker_of_this_one(
    desk: Desk, chief: Desk, second: Desk
) -> None:
    case_id = questioned(chief, verified(chief, rung(chief, freeze(desk.store))))
    decided(second, recommended(chief, case_id, "refuse"))
    chief.go(case_id, "letter", ground="材料不足", wanted="流水")
    chief.later(seconds=11)
    chief.release()
    chief.go(case_id, "close")
    for one in chief.rows(Contact, ended_at=None):
        calls.end_call(chief.ctx, one.id or 0)
    reopen(desk.ctx, case_id, "客户带来了流水")
    contact = calls.start_call(desk.ctx, "15400000001")
    calls.attach_call(desk.ctx, contact, case_id)
    if desk.step(case_id) == "opening/greet":
        desk.go(case_id, "confirmed")
    verified(desk, case_id)
    asked(desk, case_id)
    compared(desk, case_id)
    row = recommended(desk, case_id)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        decided(chief, row)
    # Having decided in an earlier round is no hand in what was found.
    decided(second, row)


def test_of_account_data_too(desk: Desk, chief: Desk, second: Desk) -> None:
    buyer = changing.owner(desk.store, desk)
    case_id = changing.rung(desk, buyer)
    assert desk.case(case_id).kind is CaseKind.ACCOUNT_CHANGE
    changing.verified(desk, case_id)
    brought(chief, case_id)
    row = changing.proposed(desk, case_id, new_phone=changing.NEW_PHONE)
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        changing.decided(chief, row)
    changing.decided(second, row)
