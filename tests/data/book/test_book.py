"""The book as a whole: versions, texts that are kept, and cases pinned to them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bdesk.data.book import tasks as book_tasks
from bdesk.data.book.book import Book, forget, load_book
from bdesk.data.book.reading import read_book
from bdesk.data.book.tasks import tasks_source
from bdesk.data.book.texts import Source
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotFound
from bdesk.models.kinds import BookKind, CaseKind
from bdesk.models.tables import BookText, Case, Task
from bdesk.operations import tasks
from bdesk.operations.looking.case import case_page
from bdesk.operations.looking.tasks import waiting
from tests.builders import customer, make_store, open_case, order, person
from tests.operations.desk import Desk, must_add_up

pytestmark = pytest.mark.usefixtures("parsed")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path)


def keep(store: Store, book: Book, *procedures: str) -> int:
    with store.write() as unit:
        kept = book.keep_texts(unit, *procedures)
        unit.commit()
    return kept


def test_the_book_is_read_once() -> None:
    assert load_book() is load_book()


def test_every_kind_of_case_has_a_procedure_and_everything_a_version() -> None:
    book = load_book()
    for kind in CaseKind:
        assert kind in book.procedure_for(kind).kinds
    assert book.procedure("refund") is book.procedure_for(CaseKind.REFUND)
    for what, code in [("policy", "clocks"), ("policy", "limits"), ("calendar", "all"), ("letter", "N2")]:
        assert book.version(what, code)
    assert {"RF-08", "RF-01"} <= book.sources.keys()
    for ask in (
        lambda: book.version("letter", "N99"),
        lambda: book.letter("N99"),
        lambda: book.procedure("x"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_texts_are_kept_once_and_only_those_in_use(store: Store) -> None:
    book = load_book()
    first = keep(store, book, "refund")
    assert first > 0
    assert keep(store, book, "refund") == 0
    assert keep(store, book, "general") == 1
    with store.read() as session:
        rows = session.exec(select(BookText)).all()
        kept = {(row.kind, row.code) for row in rows}
    assert {(BookKind.POLICY, "clocks"), (BookKind.POLICY, "limits"), (BookKind.CALENDAR, "hotline"),
            (BookKind.PROCEDURE, "refund"), (BookKind.LETTER, "N2")} <= kept  # fmt: skip
    store.close()


def own_file(home: Path, folder: str, name: str, old: str, new: str) -> Path:
    """A copy of a packaged file with one thing changed, where a firm's own files go."""
    packaged = Path(__file__).parents[3] / "bdesk" / "data" / "book" / folder / name
    text = packaged.read_text("utf-8")
    assert old in text
    own = home / "book" / folder / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(text.replace(old, new, 1), "utf-8")
    forget()
    return own


def test_a_case_stays_on_the_versions_it_was_opened_with(store: Store, own_home: Path) -> None:
    before = load_book()
    case_id = open_case(store)
    own = own_file(own_home, "policies", "clocks.yaml", "length: 24", "length: 12")
    own_file(own_home, "calendars", "hotline.yaml", "08:00-24:00", "09:00-24:00")
    after = load_book()
    assert after.version("policy", "clocks") != before.version("policy", "clocks")
    assert after.version("calendar", "all") != before.version("calendar", "all")
    changed = [code for code, kind in before.clock_kinds.items() if "@" not in code
               and kind.length != after.clock_kinds[code].length]  # fmt: skip
    assert len(changed) == 1
    with store.read() as session:
        pinned = after.pinned(session, session.get_one(Case, case_id))
    assert pinned.clock_kinds[changed[0]].length == 24
    assert after.clock_kinds[changed[0]].length == 12
    version = before.version("calendar", "all")
    assert pinned.calendars["hotline"].weekly == before.calendars["hotline"].weekly
    assert f"hotline@{version}" in pinned.calendars
    own.unlink()
    forget()
    store.close()


def test_a_case_keeps_its_own_procedure(store: Store, own_home: Path) -> None:
    before = load_book()
    case_id = open_case(store)
    title = before.procedure("refund").title.zh
    own_file(own_home, "procedures", "refund.yaml", title, "新的退款")
    after = load_book()
    assert after.procedure_for(CaseKind.REFUND).title.zh == "新的退款"
    with store.read() as session:
        case = session.get_one(Case, case_id)
        pinned = after.pinned(session, case)
        again = after.pinned(session, case)
    assert pinned.procedure_for(CaseKind.REFUND).title.zh == title
    assert again.procedure_for(CaseKind.REFUND) is pinned.procedure_for(CaseKind.REFUND)
    assert before.pinned is not None
    forget()
    store.close()


def test_a_current_case_costs_no_query(store: Store) -> None:
    book = load_book()
    version = book.version("policy", "clocks"), book.version("calendar", "all")
    with store.read() as session:
        assert book.with_versions(session, {version[0]}, {version[1]}) is book
    store.close()


def test_a_case_keeps_its_task_kinds_and_evidence_rules(
    store: Store, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are read anew from a changed book, and what the case was opened under still counts for it."""
    desk = Desk(store, person(store, "1001"))
    placed = order(store, customer(store))
    mine = desk.opened(placed, media=False)
    tasks.ask(desk.ctx, mine, "courier", "在哪", 24, "courier_claim")
    assert desk.fact(mine, "evidence.missing") == ("media",)
    text = tasks_source().text.replace("      lost: {zh: 确认丢失", "      gone: {zh: 确认丢失")
    monkeypatch.setattr(book_tasks, "tasks_source", lambda: Source("task_names.yaml", text))
    own_file(own_home, "policies", "evidence.yaml", "kinds: [photo, video]", "kinds: [statement]")
    desk.ctx = replace(desk.ctx, book=read_book())
    assert set(desk.ctx.book.tasks["courier_claim"].findings) == {"found", "gone", "not_delivered"}
    newer = desk.opened(order(store, customer(store)), media=False)
    tasks.ask(desk.ctx, newer, "courier", "在哪", 24, "courier_claim")
    listed = {row.case_no: row.findings for row in waiting(desk.ctx)}
    assert listed[desk.case(mine).case_no] == ("found", "lost", "not_delivered")
    assert listed[desk.case(newer).case_no] == ("found", "gone", "not_delivered")
    page = case_page(desk.ctx, mine)
    assert "lost" in page.book.tasks["courier_claim"].findings
    assert page.book.fact_specs["tasks.courier"].values["lost"].zh == "确认丢失"
    for case_id in (mine, newer):
        desk.picture(case_id)
    assert desk.fact(mine, "evidence.missing") == ()
    assert desk.fact(newer, "evidence.missing") == ("media",)
    numbers = {row.case_id: row.id or 0 for row in desk.rows(Task)}
    with pytest.raises(BadInput, match=r"task\.finding"):
        tasks.answer_task(desk.ctx, numbers[newer], "丢了", "lost")
    tasks.answer_task(desk.ctx, numbers[mine], "丢了", "lost")
    assert desk.fact(mine, "tasks.courier") == "lost"
    must_add_up(store)
    forget()
    store.close()
