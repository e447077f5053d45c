"""Commands for what arrives from outside: answers, material, targets; and erasing a text."""

from datetime import date

import pytest
from sqlmodel import col, select

from bdesk.data.store import open_store
from bdesk.models.kinds import DeliveryState, Department, TaskState
from bdesk.models.tables import Case, CaseText, Evidence, OutboxRow, Staff, Task
from tests.cli.saying import Say, document, speaker


@pytest.fixture
def say(own_copy: str, capsys: pytest.CaptureFixture[str]) -> Say:
    return speaker(capsys)


def supervisor(url: str) -> str:
    with open_store(url) as store, store.read() as session:
        return session.scalars(select(Staff.number).where(Staff.role == "supervisor")).first() or ""


def test_a_departments_answer_wakes_the_case(say: Say, own_copy: str) -> None:
    found = document(say, "task", "list")["tasks"]
    assert found and found == sorted(found, key=lambda one: (one["due_at"], one["id"]))
    claim = found[0]
    with open_store(own_copy) as store, store.write("test") as unit:
        row = unit.session.get_one(Task, claim["id"])
        row.what, row.department = "courier_claim", Department.COURIER
        unit.commit()
    of_courier = document(say, "task", "list", "--department", "courier")["tasks"]
    assert {one["department"] for one in of_courier} == {"courier"}
    code, _out, err = say("task", "answer", str(claim["id"]), "派错了")
    assert code == 2 and "not_delivered" in err
    done = document(say, "task", "answer", str(claim["id"]), "派错了", "--finding", "not_delivered")
    assert done == {"id": claim["id"], "case_no": claim["case_no"], "finding": "not_delivered"}
    with open_store(own_copy) as store, store.read() as session:
        asked = session.get_one(Task, claim["id"])
        assert (asked.state, asked.answered_by) == (TaskState.ANSWERED, "1001")
    code, _out, err = say("task", "answer", str(claim["id"]), "再答", "--finding", "lost")
    assert code == 1 and str(claim["id"]) in err


def test_an_answer_that_names_a_day(say: Say, own_copy: str) -> None:
    asked = document(say, "task", "list")["tasks"][0]
    with open_store(own_copy) as store, store.write("test") as unit:
        row = unit.session.get_one(Task, asked["id"])
        row.what, row.department = "warehouse_check", Department.WAREHOUSE
        unit.commit()
    listed = next(one for one in document(say, "task", "list")["tasks"] if one["id"] == asked["id"])
    assert listed["findings"] == ["in_stock", "out_of_stock", "ships_on"]
    number, ships = str(asked["id"]), ("--finding", "ships_on")
    code, _out, err = say("task", "answer", number, "周三发", *ships)
    assert code == 2 and "needs a day" in err
    code, _out, err = say("task", "answer", number, "周三发", "--on", "2026-11-25")
    assert code == 2 and "in_stock" in err
    done = document(say, "task", "answer", number, "周三发", *ships, "--on", "2026-11-25")
    assert (done["finding"], done["on"]) == ("ships_on", "2026-11-25")
    with open_store(own_copy) as store, store.read() as session:
        assert session.get_one(Task, asked["id"]).finding_on == date(2026, 11, 25)


def test_what_may_be_asked_and_answered_is_told(say: Say) -> None:
    kinds = {one["what"]: one for one in document(say, "task", "kinds")["kinds"]}
    assert kinds["trace_refund"]["findings"] == ["arrived", "in_progress", "returned"]
    assert kinds["warehouse_check"]["with_a_day"] == ["ships_on"]
    code, out, _err = say("task", "kinds")
    assert code == 0 and "not_delivered" in out


def test_a_department_that_is_none(say: Say) -> None:
    code, out, err = say("task", "list", "--department", "moon")
    assert (code, out) == (2, "")
    assert "courier" in err
    assert "KF" in say("task", "list")[1]


def test_material_is_added_and_a_kind_that_is_none_refused(say: Say, own_copy: str, s1: str) -> None:
    code, _out, err = say("evidence", "add", s1, "--kind", "song", "--address", "/srv/1.mp3")
    assert code == 2 and "photo" in err
    done = document(say, "evidence", "add", s1, "--kind", "video", "--address", "/srv/mail/2.mp4")
    assert (done["case_no"], done["kind"]) == (s1, "video")
    with open_store(own_copy) as store, store.read() as session:
        row = session.scalars(select(Evidence).order_by(col(Evidence.id).desc())).first()
        assert row is not None
        assert (row.number, row.name, row.address) == (done["number"], "2.mp4", "/srv/mail/2.mp4")


def test_a_piece_is_looked_at_and_one_that_is_none_refused(say: Say, own_copy: str, s1: str) -> None:
    added = document(
        say, "evidence", "add", s1, "--kind", "id_document", "--address", "https://e.example.com/1"
    )
    code, _out, err = say("evidence", "look", s1, "99")
    assert code == 1 and err
    seen = document(say, "evidence", "look", s1, str(added["number"]))
    assert (seen["kind"], seen["address"]) == ("id_document", "https://e.example.com/1")
    with open_store(own_copy) as store, store.read() as session:
        row = session.scalars(select(Evidence).order_by(col(Evidence.id).desc())).first()
        assert row is not None and row.looked_by is not None
        assert row.name == "id_document", "not even the name of the file"


def test_a_target_is_noted_after_the_form_and_a_whole_number_refused(
    say: Say, own_copy: str, s1: str
) -> None:
    code, out, err = say("target", s1, "6222 0210 0111 6245 702")
    assert (code, out) == (1, "") and err
    code, out, err = say("target", s1, "工商银行 尾号 0123")
    assert (code, out) == (1, "")
    assert "form" in err
    _form_went_out(own_copy, s1)
    assert document(say, "target", s1, "工商银行 尾号 0123") == {"case_no": s1, "registered": True}


def _form_went_out(url: str, case_no: str) -> None:
    """As the walk leaves it where the original way is closed; S1's is open."""
    with open_store(url) as store, store.write() as unit:
        case = unit.session.scalars(select(Case).where(Case.case_no == case_no)).one()
        event = unit.on_case(case, "note.added")
        row = OutboxRow(
            key=f"{case_no}:form",
            case_id=case.id or 0,
            cycle=case.cycle,
            step="target",
            effect="payout.form",
            state=DeliveryState.ACCEPTED,
            actor="1001",
            commit_event_id=event.id,
            committed_at=unit.now,
            hold_until=unit.now,
        )
        unit.session.add(row)
        unit.commit()


def test_a_text_is_erased_by_a_supervisor_and_the_journal_still_fits(
    say: Say, own_copy: str, s1: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say("journal", "texts", s1)[0] == 1
    monkeypatch.setenv("BDESK_AS", supervisor(own_copy))
    with open_store(own_copy) as store, store.read() as session:
        number, case_no = session.execute(
            select(CaseText.id, Case.case_no).join(Case, col(Case.id) == CaseText.case_id)
        ).first() or (0, "")
    found = document(say, "journal", "texts", case_no)["texts"]
    assert number in [one["id"] for one in found]
    done = document(say, "journal", "erase", str(number), "--reason", "客户要求删除")
    assert done == {"id": number, "case_no": case_no, "erased": True}
    again = next(one for one in document(say, "journal", "texts", case_no)["texts"] if one["id"] == number)
    assert (again["erased"], again["words"]) == (True, "")
    assert document(say, "journal", "verify")["ok"]
    assert say("journal", "erase", str(number), "--reason", "再来")[0] == 1
