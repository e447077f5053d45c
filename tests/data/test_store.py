"""Making, opening and refusing stores; what disks and files do to them."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bdesk.clock import FrozenClock
from bdesk.data.engine import journal_mode, parse, wal_is_safe
from bdesk.data.store import Store, create_store, migrate, open_store
from bdesk.errors import BadInput, CaseMoved, NotFound, StoreProblem
from bdesk.models.kinds import Stream
from bdesk.models.tables import Case, Customer
from tests.builders import T0, customer, make_store, open_case, person

ROOT = Path(__file__).parents[2]


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def refusal(url: str) -> str:
    with pytest.raises(StoreProblem) as caught:
        open_store(url)
    return caught.value.code


def scribble(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def write_one(store: Store) -> None:
    with store.write("1001") as unit:
        unit.append(Stream.STAFF, "1001", "staff.state", {"state": "online"})
        unit.commit()


def test_a_new_store_knows_itself(tmp_path: Path) -> None:
    with make_store(tmp_path) as store:
        assert not store.training
        assert store.info.made_at == T0
        with open_store(store.url) as again:
            assert again.info == store.info
        assert store.newest_event() == 2


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    assert refusal(url_of(tmp_path / "no.db")) == "store.missing"
    assert not (tmp_path / "no.db").exists()


def test_create_makes_a_missing_store_and_opens_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "desk.db"
    with open_store(url_of(path), create=True) as store:
        made = store.info.store_id
    with open_store(url_of(path), create=True) as store:
        assert store.info.store_id == made


def test_a_store_is_never_made_over_something(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_text("my thesis")
    with pytest.raises(StoreProblem) as caught:
        create_store(url_of(path))
    assert caught.value.code == "store.exists"
    assert path.read_text() == "my thesis"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"hello\n", b"SQLite format 3\x00" + bytes(100)])
def test_other_files_are_not_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(content)
    assert refusal(url_of(path)) == "store.not_ours"
    assert path.read_bytes() == content


def test_another_programs_database_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    scribble(path, "CREATE TABLE songs (title TEXT)")
    assert refusal(url_of(path)) == "store.not_ours"


def test_a_store_of_a_newer_program_is_refused_with_its_revision(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.close()
    scribble(tmp_path / "desk.db", "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreProblem) as caught:
        open_store(store.url)
    assert caught.value.code == "store.newer"
    assert caught.value.params["revision"] == "9999"
    with pytest.raises(StoreProblem, match=r"store\.newer"):
        migrate(store.url)


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.close()
    path = tmp_path / "desk.db"
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 40] = b"\xff" * (4096 * 39)
    path.write_bytes(bytes(data))
    assert refusal(store.url) == "store.damaged"


def test_a_full_disk_refuses_and_keeps_what_was(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    write_one(store)
    before = store.newest_event()
    with pytest.raises(StoreProblem) as caught, store.write("1001") as unit:
        driver = unit.session.connection()
        pages = driver.exec_driver_sql("PRAGMA page_count").scalar_one()
        driver.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
        for number in range(2000):
            unit.append(Stream.STAFF, str(number), "staff.state", {"state": "x" * 200})
        unit.commit()
    assert caught.value.code == "store.full"
    assert store.newest_event() == before
    store.close()


def test_a_read_only_file_can_be_read_and_says_so_when_written() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        folder = Path(name)
        make_store(folder).close()
        (folder / "desk.db").chmod(0o444)
        folder.chmod(0o755)
        # Root may write anything, so the desk of this test is run by nobody.
        program = f"""
import os
from bdesk.data.store import open_store
from bdesk.errors import StoreProblem
from bdesk.models.kinds import Stream
open_store("sqlite:///{folder / "desk.db"}").close()
if os.getuid() == 0:
    os.setuid(65534)
store = open_store("sqlite:///{folder / "desk.db"}")
print(store.newest_event())
try:
    with store.write("1001") as unit:
        unit.append(Stream.STAFF, "1001", "staff.state")
        unit.commit()
except StoreProblem as problem:
    print(problem.code)
"""
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
        )
    assert done.stdout.split() == ["2", "store.read_only"], done.stderr


def test_a_locked_store_is_busy_not_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bdesk.data.engine.BUSY_SECONDS", 0)
    store = make_store(tmp_path)
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreProblem) as caught:
        write_one(store)
    assert caught.value.code == "store.busy"
    other.execute("ROLLBACK")
    other.close()
    write_one(store)
    store.close()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://x/y", "http://example.com"]
)
def test_urls_that_are_no_store(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(url)
    assert caught.value.code == "store.url"


def test_a_password_is_never_told() -> None:
    with pytest.raises(BadInput) as caught:
        parse("mysql://me:geheim@host/db")
    assert "geheim" not in str(caught.value)


def test_a_file_is_for_its_owner_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        create_store(url_of(tmp_path / "desk.db")).close()
        shared = tmp_path / "shared"
        shared.mkdir()
        shared.chmod(0o2770)
        create_store(url_of(shared / "desk.db")).close()
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "desk.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((shared / "desk.db").stat().st_mode) == 0o660


def test_connections_are_set_up_as_measured(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    wanted = {
        "journal_mode": journal_mode().lower(),
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "secure_delete": 1,
    }
    with store.write() as unit:
        connection = unit.session.connection()
        for pragma, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    with pytest.raises(StoreProblem, match=r"store\.read_only"), store.read() as session:
        session.add(Customer(account="x", name="x"))
        session.flush()
    store.close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_wal_only_where_it_loses_nothing(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_nothing_is_kept_without_a_commit(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as unit:
        unit.session.add(Customer(account="a", name="a"))
        unit.append(Stream.STAFF, "1001", "staff.state")
    with pytest.raises(ZeroDivisionError), store.write() as unit:
        unit.session.add(Customer(account="b", name="b"))
        raise ZeroDivisionError
    assert store.newest_event() == 2
    with store.read() as session:
        assert session.exec(select(Customer)).all() == []
    store.close()


def test_a_crash_prints_no_values(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    customer(store, "same")
    with pytest.raises(IntegrityError) as caught, store.write() as unit:
        unit.session.add(Customer(account="same", name="王机密"))
        unit.commit()
    assert "王机密" not in str(caught.value)
    store.close()


def test_a_stale_version_names_who_moved_the_case(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    case_id = open_case(store)
    with store.read() as session:
        seen = session.get_one(Case, case_id).version
    with store.write("1002") as unit:
        case = unit.case(case_id)
        case.priority = 1
        unit.on_case(case, "case.raised", {"to": "supervisor"})
        unit.commit()
    with pytest.raises(CaseMoved) as caught, store.write("1001") as unit:
        unit.case(case_id, version=seen)
    assert caught.value.params["by"] == "1002"
    assert caught.value.params["what"] == "case.raised"
    with pytest.raises(NotFound), store.write("1001") as unit:
        unit.case(999)
    store.close()


def test_numbers_count_by_local_day(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    clock = store.clock
    assert isinstance(clock, FrozenClock)
    with store.write() as unit:
        assert [unit.next_number("KF"), unit.next_number("KF")] == ["KF2026111800001", "KF2026111800002"]
        assert unit.next_number("TK") == "TK20261118000001"
        unit.commit()
    clock.move(timedelta(hours=14))  # 02:00 UTC + 14 h is past midnight in Shanghai
    with store.write() as unit:
        assert unit.next_number("KF") == "KF2026111900001"
        with pytest.raises(BadInput):
            unit.next_number("??")
    with store.write() as unit:  # the last unit was not committed
        assert unit.next_number("KF") == "KF2026111900001"
    store.close()


def test_time_never_goes_behind_what_was_recorded(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    clock = store.clock
    assert isinstance(clock, FrozenClock)
    write_one(store)
    clock.move(-timedelta(days=2))
    with store.write() as unit:
        assert unit.now == T0
        event = unit.append(Stream.STAFF, "1001", "staff.state")
        assert event.recorded_at == T0
    assert store.now() == T0
    store.close()


def test_texts_are_cleaned_and_the_journal_keeps_only_their_digest(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    case_id = open_case(store, owner=person(store))
    with store.write("1001") as unit:
        row, digest = unit.text(case_id, "note", "hi\x1b]2;owned\x07 there\nline")
        event = unit.append(Stream.CASE, case_id, "note.added", {"text": row.id, "digest": digest})
        unit.commit()
    assert row.body == "hi]2;owned there\nline"
    assert "owned" not in str(event.payload)
    store.close()


def test_a_read_within_a_read_waits_for_no_commit(tmp_path: Path) -> None:
    """A commit waits for who reads; a second connection of who reads would wait for that commit."""
    with make_store(tmp_path) as store:
        committing, done = Event(), Event()

        def commit() -> None:
            with store.write("1001") as unit:
                unit.append(Stream.STAFF, "1001", "staff.state", {"state": "online"})
                committing.set()
                unit.commit()
            done.set()

        with store.read() as outer:
            outer.execute(select(Case)).all()
            writer = Thread(target=commit)
            writer.start()
            assert committing.wait(5)
            with store.read() as inner:
                assert inner is outer
                inner.execute(select(Customer)).all()
        writer.join(5)
        assert done.is_set()
        with store.read() as later:
            assert later is not outer
