"""Rows put in with another program, of which no event speaks: `journal verify` names whose they are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.data.verify import verify
from bdesk.models.kinds import (
    ApprovalState,
    CaseOutcome,
    Channel,
    CheckResult,
    Department,
    EvidenceKind,
    Factor,
    FreezeReason,
    FreezeSource,
    LinkKind,
    RefundState,
    Role,
    VerificationLevel,
)
from bdesk.models.tables import (
    Approval,
    CaseLink,
    Decision,
    Evidence,
    Freeze,
    KeptSignIn,
    OutboxRow,
    Promise,
    Refund,
    Staff,
    StaffRelative,
    StandIn,
    StepAnswer,
    Task,
    VerificationAttempt,
    Wallet,
)
from bdesk.operations.staff import own_matters, people
from bdesk.operations.staff.founding import found
from tests.builders import T0, Placed, customer, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.importing.firm import at, make_firm

Put = Callable[[Session], SQLModel]


@pytest.fixture
def worked(desk: Desk, placed: Placed) -> Desk:
    """A case 1 of 1001 with a refund and its letter, a case 2 beside it, and a person 1300 by the journal."""
    admin = Desk(desk.store, person(desk.store, "9001", Role.ADMIN), desk.ports)
    people.add_staff(admin.ctx, people.NewPerson("1300", "赵敏", Role.AGENT, "correct horse"))
    desk.go(desk.to_decision(desk.opened(placed)), "approve")
    desk.later(seconds=30)
    desk.release()
    desk.opened(None, customer_id=customer(desk.store), media=False)
    must_add_up(desk.store)
    return desk


def again(session: Session, table: type[SQLModel], **more: object) -> SQLModel:
    """A row like the first of its table."""
    there = session.exec(select(table)).first()
    assert there is not None
    return table(**{**there.model_dump(exclude={"id"}), **more})


OF_CASE: dict[str, Put] = {
    "approval": lambda _: Approval(
        case_id=1,
        step="assess/decide",
        option="approval",
        action="refund",
        amount_fen=99,
        facts_digest="x",
        needs_role="supervisor",
        requested_by="1001",
        requested_at=T0,
        lapses_at=T0,
        state=ApprovalState.APPROVED,
        decided_by="2001",
        decided_at=T0,
    ),
    "decision": lambda _: Decision(
        case_id=1, step="assess/decide", option="reject", outcome=CaseOutcome.REJECTED, by="1001", at=T0
    ),
    "step_answer": lambda session: again(session, StepAnswer, step="assess/decide", round=9),
    "refund": lambda session: again(session, Refund, refund_no="RF1", state=RefundState.FAILED),
    "outbox": lambda session: again(session, OutboxRow, key="another"),
    "promise": lambda _: Promise(case_id=1, words="今天回电", due_at=T0, made_by="1001", made_at=T0),
    "task": lambda _: Task(
        case_id=1,
        what="x",
        department=Department.WAREHOUSE,
        asked_by="1001",
        asked_at=T0,
        due_at=T0,
        question="在哪",
    ),
    "evidence": lambda _: Evidence(
        case_id=1, number=9, kind=EvidenceKind.POLICE_RECEIPT, received_at=T0, clear=True
    ),
    "case_link": lambda _: CaseLink(from_id=1, to_id=2, kind=LinkKind.APPEAL_OF),
    "verification": lambda _: VerificationAttempt(
        level=VerificationLevel.V2,
        channel=Channel.HOTLINE,
        case_id=1,
        customer_id=1,
        factor=Factor.RECENT_AMOUNT,
        result=CheckResult.PASSED,
        by="1001",
        at=T0,
    ),
}


def put(desk: Desk, row: Put) -> list[tuple[str, str]]:
    """What `verify` says once the row is there."""
    with desk.store.write("intruder") as unit:
        unit.session.add(row(unit.session))
        unit.commit()
    return [(fault.stream, fault.stream_id) for fault in verify(desk.store, load_book()).faults]


@pytest.mark.parametrize("table", sorted(OF_CASE))
def test_a_row_of_a_case_that_no_event_speaks_of(worked: Desk, table: str) -> None:
    assert ("case", "1") in put(worked, OF_CASE[table])


def test_a_freeze_that_neither_a_file_nor_the_desk_put(tmp_path: Path) -> None:
    firm = make_firm(tmp_path, Role.ADMIN)
    firm.bring("customers", {"account": "wangli", "name": "王丽", "as_of": at(1)})
    wallet = {"wallet_no": "QB1", "account": "wangli", "state": "frozen", "as_of": at(1)}
    firm.bring("wallets", {**wallet, "freeze_reason": "user_lock"})
    assert firm.sound()
    (own,) = firm.all(Wallet)
    with firm.store.write("intruder") as unit:
        unit.session.add(
            Freeze(wallet_id=own.id, reason=FreezeReason.JUDICIAL, source=FreezeSource.JUDICIAL, frozen_at=T0)
        )
        unit.commit()
    fault = verify(firm.store, load_book()).first_fault
    assert fault is not None and (fault.stream, fault.code) == ("store", "wallet.differs")


def about_1300(session: Session) -> Staff:
    return session.exec(select(Staff).where(Staff.number == "1300")).one()


def own_customer(session: Session) -> SQLModel:
    row = about_1300(session)
    row.customer_id = 1
    return row


OF_STAFF: dict[str, Put] = {
    "staff.customer_id": own_customer,
    "staff_relative": lambda session: StaffRelative(staff_id=about_1300(session).id or 0, customer_id=1),
    "stand_in": lambda session: StandIn(
        staff_id=about_1300(session).id or 0,
        role=Role.MANAGER,
        from_at=T0,
        until_at=T0,
        named_by="3001",
        named_at=T0,
    ),
    "kept_sign_in": lambda session: KeptSignIn(
        staff_id=about_1300(session).id or 0, digest="x", machine="y", kept_at=T0, expires_at=T0
    ),
}


@pytest.mark.parametrize("table", sorted(OF_STAFF))
def test_what_no_event_says_of_a_person(worked: Desk, table: str) -> None:
    assert ("staff", "1300") in put(worked, OF_STAFF[table])


def test_whose_matters_are_a_person_s_is_what_was_said_last(worked: Desk) -> None:
    admin = Desk(worked.store, person(worked.store, "9002", Role.ADMIN), worked.ports)
    customer(worked.store, account="mei")
    customer(worked.store, account="bao")
    own_matters.set_customers(admin.ctx, "1300", "mei", ["bao"])
    must_add_up(worked.store)
    own_matters.set_customers(admin.ctx, "1300", None, ["mei", "bao"])
    must_add_up(worked.store)
    with worked.store.write("intruder") as unit:
        for row in unit.session.exec(select(StaffRelative)):
            unit.session.delete(row)
        unit.commit()
    fault = verify(worked.store, load_book()).first_fault
    assert fault is not None and (fault.stream_id, fault.code) == ("1300", "staff.differs")


def test_a_person_whom_nobody_added(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.db'}"
    found(url, (people.NewPerson("9001", "彭立", Role.ADMIN, "correct horse"),))
    with open_store(url) as store:
        must_add_up(store)
        with store.write("intruder") as unit:
            unit.session.add(Staff(number="2009", name="某人", role=Role.SUPERVISOR))
            unit.commit()
        fault = verify(store, load_book()).first_fault
    assert fault is not None and (fault.stream, fault.stream_id) == ("staff", "2009")
