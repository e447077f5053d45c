"""`bdesk clock extend` and `promise`, `bdesk message`, `bdesk verification void`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import select

from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.models.kinds import CheckResult, Factor, VerificationLevel
from bdesk.models.tables import Case, CaseText, Customer, Promise, Staff, VerificationAttempt
from bdesk.operations import calls, clocks
from bdesk.operations.context import Context
from bdesk.operations.looking.case import case_id
from bdesk.operations.staff.people import find_actor
from bdesk.rules.verification import LOCK
from tests.cli.saying import Say, document, speaker


@pytest.fixture
def say(own_copy: str, capsys: pytest.CaptureFixture[str]) -> Say:
    return speaker(capsys)


@pytest.fixture
def mine(say: Say) -> str:
    """An open case of the acting agent."""
    return str(document(say, "queue", "--section", "mine")["sections"][0]["cases"][0]["case_no"])


def supervisor(url: str) -> str:
    with open_store(url) as store, store.read() as session:
        return session.scalars(select(Staff.number).where(Staff.role == "supervisor")).first() or ""


@contextmanager
def acting_on(url: str) -> Iterator[Context]:
    """The agent at a desk beside the commands."""
    with open_store(url) as store:
        yield Context(store=store, book=load_book(), actor=find_actor(store, "1001"))


def test_a_promise_has_its_clock_and_past_times_are_refused(say: Say, own_copy: str, mine: str) -> None:
    code, _out, err = say("clock", "promise", mine, "回电", "--by", "2026-11-17T10:00+08:00")
    assert code == 2 and "2026-11-17" in err
    said = document(say, "clock", "promise", mine, "回电", "--by", "2026-11-19T10:00+08:00", "--call-back")
    assert (said["clock"], said["due_at"]) == ("call_back", "2026-11-19T10:00:00+08:00")
    found = document(say, "clock", "explain", mine)["clocks"]
    assert [one["due_at"] for one in found if one["clock"] == "call_back"] == ["2026-11-19T10:00:00+08:00"]
    with open_store(own_copy) as store, store.read() as session:
        assert session.scalars(select(Promise.words)).all()[-1] == "回电"


def test_a_clock_is_extended_and_the_first_due_time_stays_readable(
    say: Say, own_copy: str, mine: str
) -> None:
    with acting_on(own_copy) as ctx:
        clocks.attach(ctx, case_id(ctx, mine), "appeal_final")
    code, _out, err = say("clock", "extend", mine, "refund_review", "x")
    assert code == 2 and "refund_review" in err and "appeal_final" in err, "what may be named is listed"
    said = document(say, "clock", "extend", mine, "appeal_final", "多方核实")
    (found,) = [
        one for one in document(say, "clock", "explain", mine)["clocks"] if one["clock"] == "appeal_final"
    ]
    assert (found["due_at"], found["extensions"]) == (said["due_at"], 1)
    assert found["first_due_at"] == "2026-12-03T00:00:00+08:00"
    code, _out, err = say("clock", "extend", mine, "appeal_final", "再等")
    assert code == 1 and "supervisor" in err
    assert say("clock", "extend", mine, "appeal_final", "再等", "--as", supervisor(own_copy))[0] == 0


def test_a_message_is_kept_and_settled(say: Say, own_copy: str, mine: str) -> None:
    code, _out, err = say("message", "receive", mine, "您好", "--channel", "pigeon")
    assert code == 2 and "email" in err
    with acting_on(own_copy) as ctx:
        contact = calls.start_call(ctx, "15400000001")
        calls.attach_call(ctx, contact, case_id(ctx, mine))
        calls.end_call(ctx, contact, "已答复")
    code, _out, err = say("message", "settle", mine, "只是致谢")
    assert code == 1 and mine in err
    assert document(say, "message", "receive", mine, "请问到哪一步了")["channel"] == "email"
    with open_store(own_copy) as store, store.read() as session:
        assert (
            "请问到哪一步了" in session.scalars(select(CaseText.body).where(CaseText.kind == "message")).all()
        )
    owed = [
        one for one in document(say, "clock", "explain", mine)["clocks"] if one["clock"] == "next_response"
    ]
    assert owed[-1]["run"] == "running"
    assert document(say, "message", "settle", mine, "只是致谢") == {"case_no": mine, "settled": True}


def test_failed_checks_are_voided_by_a_supervisor(say: Say, own_copy: str, mine: str) -> None:
    chief = supervisor(own_copy)
    with open_store(own_copy) as store, store.write("test") as unit:
        case = unit.session.scalars(select(Case).where(Case.case_no == mine)).one()
        for number in range(3):
            unit.session.add(
                VerificationAttempt(
                    customer_id=case.customer_id or 0, case_id=case.id, level=VerificationLevel.V2, by="1001",
                    factor=Factor.CITY, result=CheckResult.FAILED, channel=case.channel,
                    at=unit.now - timedelta(minutes=number),
                )
            )  # fmt: skip
        unit.session.get_one(Customer, case.customer_id).verification_locked_until = unit.now + LOCK
        unit.commit()
    code, _out, err = say("verification", "void", mine, "听错")
    assert code == 1 and "F7" in err
    assert document(say, "verification", "void", mine, "听错", "--as", chief)["voided"] >= 3
    assert say("verification", "void", mine, "听错", "--as", chief)[0] == 1
