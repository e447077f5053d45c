"""`bdesk case VERB`: what supervisors do, as said on a command line, and what programs read of it."""

import json
from pathlib import Path

import pytest
from sqlmodel import col, select

from bdesk.data.book.book import load_book
from bdesk.data.store import open_store
from bdesk.data.verify import verify
from bdesk.models.kinds import CaseKind, CaseState, Role
from bdesk.models.tables import Case, ClockRow, Staff
from tests.cli.saying import Say, document, speaker


@pytest.fixture
def say(own_copy: str, capsys: pytest.CaptureFixture[str]) -> Say:
    return speaker(capsys)


@pytest.fixture
def chief(own_copy: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A supervisor acts."""
    with open_store(own_copy) as store, store.read() as session:
        found = session.scalars(select(Staff.number).where(Staff.role == Role.SUPERVISOR)).first() or ""
    monkeypatch.setenv("BDESK_AS", found)
    return found


def numbers(url: str, **where: object) -> list[str]:
    with open_store(url) as store, store.read() as session:
        return list(session.scalars(select(Case.case_no).filter_by(**where).order_by(col(Case.id))))


def case(url: str, number: str) -> Case:
    with open_store(url) as store, store.read() as session:
        found = session.scalars(select(Case).where(Case.case_no == number)).one()
        session.expunge(found)
        return found


def whole(url: str) -> None:
    with open_store(url) as store:
        verdict = verify(store, load_book())
    assert verdict.ok, verdict.first_fault


def test_a_number_alone_still_shows_the_case(say: Say, s1: str) -> None:
    shown = document(say, "case", s1)
    assert shown["case_no"] == s1
    assert document(say, "case", "show", s1) == shown
    code, _out, err = say("case")
    assert code == 2 and "NO is missing" in err
    code, _out, err = say("case", "reasign")
    assert code == 1 and "reasign" in err.casefold()


def test_reassigned_and_taken_over(say: Say, own_copy: str, s1: str, chief: str) -> None:
    assert document(say, "case", "reassign", s1, "1002", "换人") == {"case_no": s1, "person": "1002"}
    code, out, _err = say("case", "take-over", s1, "我来")
    assert code == 0 and s1 in out
    with open_store(own_copy) as store, store.read() as session:
        owner = session.get_one(Staff, case(own_copy, s1).owner_id)
        assert owner.number == chief
    timeline = [one["kind"] for one in document(say, "case", s1)["timeline"]]
    assert {"case.reassigned", "case.taken_over"} <= set(timeline)
    whole(own_copy)


def test_an_agent_is_refused(say: Say, own_copy: str, s1: str) -> None:
    for words in (
        ("reassign", s1, "1002", "换人"),
        ("take-over", s1, "我来"),
        ("merge", s1, "KF1", "重复"),
        ("kind", s1, "complaint", "改"),
        ("migrate", s1),
        ("broadcast", "通知", s1),
        ("excuse", s1, "refund_review", "故障"),
        ("reopen", s1, "重开"),
    ):
        code, out, err = say("case", *words)
        assert (code, out) == (1, "") and err.count("\n") == 1, words
        assert "supervisor can" in err, words


def test_merged(say: Say, own_copy: str, chief: str) -> None:
    with open_store(own_copy) as store, store.write("test") as unit:
        rows = unit.session.scalars(
            select(Case).where(Case.kind == CaseKind.REFUND, col(Case.open).is_(True)).order_by(col(Case.id))
        ).all()
        first, second = rows[0], rows[1]
        second.customer_id, second.order_id = first.customer_id, first.order_id
        source, into = second.case_no, first.case_no
        unit.commit()
    assert document(say, "case", "merge", source, into, "重复") == {"case_no": source, "into": into}
    assert case(own_copy, source).state is CaseState.MERGED


def test_another_kind(say: Say, own_copy: str, s1: str, chief: str) -> None:
    code, _out, err = say("case", "kind", s1, "nonsense", "改")
    assert code == 2 and "complaint" in err
    assert document(say, "case", "kind", s1, "complaint", "投诉服务") == {"case_no": s1, "kind": "complaint"}
    assert case(own_copy, s1).kind is CaseKind.COMPLAINT
    whole(own_copy)


def test_migrated_after_a_look(say: Say, own_copy: str, s1: str, chief: str, own_home: Path) -> None:
    code, _out, err = say("case", "migrate", s1)
    assert code == 1 and "already" in err
    text = (Path(__file__).parents[2] / "bdesk/data/book/policies/clocks.yaml").read_text("utf-8")
    tail = "\n    unit: hours\n    calendar: hotline\n    drives: desk\n    pauses: [customer_material]"
    assert text.count(f"length: 24{tail}") == 1
    folder = own_home / "book" / "policies"
    folder.mkdir(parents=True)
    newer = text.replace(f"length: 24{tail}", f"length: 12{tail}").replace("version: 1\n", "version: 2\n", 1)
    (folder / "clocks.yaml").write_text(newer, "utf-8")
    found = document(say, "case", "migrate", s1)
    assert [one["what"] for one in found["versions"]] == ["policy_version"]
    assert [one["clock"] for one in found["clocks"]] == ["refund_review"]
    assert (found["answers"], found["refused"]) == ([], None)
    code, out, _err = say("case", "migrate", s1)
    assert code == 0 and "Refund review" in out and "Clocks" in out
    assert case(own_copy, s1).policy_version == found["versions"][0]["was"]
    done = document(say, "case", "migrate", s1, "新政策即日适用")
    assert done["case_no"] == s1
    assert case(own_copy, s1).policy_version == found["versions"][0]["becomes"]


def test_one_note_to_many(say: Say, own_copy: str, s1: str, chief: str) -> None:
    closed = numbers(own_copy, open=False)[0]
    told = [s1, next(one for one in numbers(own_copy, open=True) if one != s1)]
    code, out, err = say("case", "broadcast", "仓库停电", *told)
    assert (code, err) == (0, "") and "2" in out
    code, out, _err = say("case", "broadcast", "仓库停电", told[0], closed, "KF2026111899999", "--json")
    assert code == 1
    assert [(one["case_no"], one["told"], one["why"]) for one in json.loads(out)["cases"]] == [
        (told[0], True, None),
        (closed, False, "case.closed"),
        ("KF2026111899999", False, "not_found"),
    ]
    code, out, _err = say("case", "broadcast", "仓库停电", closed)
    assert code == 1 and closed in out
    assert [one["text"] for one in document(say, "case", s1)["notes"]][:2] == ["仓库停电"] * 2
    whole(own_copy)


def test_a_breach_is_excused(say: Say, own_copy: str, chief: str) -> None:
    with open_store(own_copy) as store, store.read() as session:
        row = session.scalars(
            select(ClockRow)
            .where(ClockRow.outcome == "breached", ClockRow.drives == "desk")
            .order_by(col(ClockRow.id))
        ).first()
        assert row is not None
        number, clock = session.get_one(Case, row.case_id).case_no, row.kind
        assert not row.excused
    done = document(say, "case", "excuse", number, clock, "支付系统故障")
    assert (done["case_no"], done["clock"]) == (number, clock)
    clocks = document(say, "clock", "explain", number)["clocks"]
    mine = next(one for one in clocks if (one["clock"], one["number"]) == (clock, done["number"]))
    assert mine["excused"]["reason"] == "支付系统故障" and mine["breached_at"] is not None
    code, _out, err = say("case", "excuse", number, clock, "再一次")
    assert code == 1 and "already" in err
    whole(own_copy)


def test_a_clock_is_named_as_the_desk_shows_it(say: Say, own_copy: str, chief: str) -> None:
    with open_store(own_copy) as store, store.read() as session:
        late = select(ClockRow).where(ClockRow.outcome == "breached", ClockRow.drives == "desk")
        row = session.scalars(late.order_by(col(ClockRow.id))).first()
        assert row is not None
        number, clock = session.get_one(Case, row.case_id).case_no, row.kind
    name = load_book().clock_kinds[clock].name
    code, _out, err = say("case", "excuse", number, "订单钟", "故障")
    assert code == 2 and number in err and f"{name.in_('en')} ({clock})" in err
    code, _out, err = say("clock", "extend", number, "订单钟", "要核实")
    assert code == 2 and f"({clock})" in err, err
    done = document(say, "case", "excuse", number, name.in_("zh"), "支付系统故障")
    assert done["clock"] == clock
    code, _out, err = say("case", "excuse", number, name.in_("en").upper(), "再一次")
    assert code == 1 and "already" in err


def test_another_priority(
    say: Say, own_copy: str, s1: str, chief: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = case(own_copy, s1)
    becomes = 4 if before.priority != 4 else 1
    found = document(say, "case", "priority", s1, str(becomes), "--preview")
    assert found["case_no"] == s1
    code, out, err = say("case", "priority", s1, str(becomes), "--preview")
    assert (code, err) == (0, "") and out.strip()
    assert case(own_copy, s1).priority == before.priority
    code, _out, err = say("case", "priority", s1, "9")
    assert code == 2 and err.count("\n") == 1
    code, _out, err = say("case", "priority", s1, "4")
    assert code == 2 and "why" in err.casefold()
    assert document(say, "case", "priority", s1, "4", "只是建议") == {"case_no": s1, "priority": 4}
    assert document(say, "case", "priority", s1, "1") == {"case_no": s1, "priority": 1}
    assert case(own_copy, s1).priority == 1
    monkeypatch.setenv("BDESK_AS", "1003")
    code, _out, err = say("case", "priority", s1, "2", "改")
    assert code == 1 and err.count("\n") == 1
    whole(own_copy)


def test_reopened(say: Say, own_copy: str, chief: str) -> None:
    closed = numbers(own_copy, open=False, state=CaseState.CLOSED)[0]
    cycle = case(own_copy, closed).cycle
    assert document(say, "case", "reopen", closed, "银行退票") == {"case_no": closed, "cycle": cycle + 1}
    assert case(own_copy, closed).open
    whole(own_copy)
