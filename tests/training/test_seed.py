"""A seeded store: whole, verified, the same for the same number, and workable by hand."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bdesk.clock import FrozenClock, from_iso
from bdesk.data import bulk
from bdesk.data.book.book import load_book
from bdesk.data.core import APPROVAL, CASE, ORDER, STORE_INFO
from bdesk.data.journal import events, voided
from bdesk.data.queries import queue
from bdesk.data.store import Store, create_store, open_store
from bdesk.data.verify import verify
from bdesk.errors import BadInput, DeskError, NotAllowed, StoreProblem
from bdesk.models.kinds import ApprovalState, CaseState, OrderStatus, RefundReason, Stream
from bdesk.models.tables import Case, ClockRow, Customer, Evidence, NumberSeries, Order, WalletTx
from bdesk.operations.staff.people import find_actor, sign_in
from bdesk.rules.cases import may_move
from bdesk.training.edges.requests import OTHER_FACTS
from bdesk.training.report import Report
from bdesk.training.seed import seed_store
from tests.training.conftest import NOW, copied

OWN_TO_THE_FILE = {("store_info", "store_id")}
"""Drawn anew for every store: drafts of one store must never turn up in another."""


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def dump(store: Store) -> dict[str, list[str]]:
    """Every row of every table as text, in the order of its key."""
    found: dict[str, list[str]] = {}
    with store.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            keys = [column for column in table.columns if (table.name, column.name) not in OWN_TO_THE_FILE]
            rows = session.execute(select(*keys).order_by(*table.primary_key.columns)).all()
            found[table.name] = [repr(tuple(row)) for row in rows]
    return found


@pytest.fixture(scope="module")
def demo(demo_report: Report) -> Iterator[tuple[Store, Report]]:
    with open_store(f"sqlite:///{demo_report.store}") as store:
        yield store, demo_report


# That of a normal one is in test_coverage.
@pytest.mark.parametrize("size", ["empty", "demo"])
def test_the_journal_of_a_seeded_store_is_whole(tmp_path: Path, size: str) -> None:
    path = tmp_path / "desk.db"
    seed_store(url(path), size=size, seed=3, now=NOW, scenario="S1")
    with open_store(url(path)) as store:
        verdict = verify(store, load_book())
    assert verdict.faults == ()
    assert verdict.events > 0


@pytest.mark.parametrize(
    "now",
    ["2026-09-30T16:30+08:00", "2026-11-22T03:00+08:00", "2026-12-31T23:00+08:00", "2027-02-10T09:00+08:00"],
)
def test_any_day_will_do(tmp_path: Path, now: str) -> None:
    path = tmp_path / "desk.db"
    report = seed_store(url(path), size="demo", seed=11, now=from_iso(now))
    assert report.coverage.counts["clock state"]["over"] and report.coverage.counts["clock state"]["fine"]
    with open_store(url(path)) as store:
        assert verify(store, load_book()).faults == ()
        assert store.clock.now() == from_iso(now)


def test_the_seed_makes_only_states_that_can_be_reached(normal: Session) -> None:
    cases = normal.scalars(select(Case).order_by(CASE.c.id)).all()
    assert {case.state for case in cases} == set(CaseState)
    for case in cases:
        stream = events(normal, Stream.CASE, case.id or 0)
        gone = voided(stream)
        past = [
            CaseState(str(before["state"]))
            for event in stream
            if event.id not in gone
            and isinstance(before := event.payload.get("before"), Mapping)
            and "state" in before
        ]
        way = [*past, case.state]
        assert way[0] is CaseState.NEW, case.case_no
        assert all(may_move(frm, to) for frm, to in pairwise(way)), (case.case_no, way)


def test_same_seed_and_same_now_give_the_same_store(tmp_path: Path, demo: tuple[Store, Report]) -> None:
    path = tmp_path / "again.db"
    seed_store(url(path), size="demo", seed=7, now=NOW, host=FrozenClock(NOW + timedelta(days=400)))
    with open_store(url(path)) as again:
        first, second = dump(demo[0]), dump(again)
    assert first.keys() == second.keys()
    for name in first:
        assert first[name] == second[name], name
    assert sum(len(rows) for rows in first.values()) > 1000


def test_every_sla_state_and_every_section_has_cases(demo: tuple[Store, Report]) -> None:
    store, report = demo
    assert all(report.coverage.counts["clock state"].values()), report.coverage.counts["clock state"]
    actor = find_actor(store, "1001")
    with store.read() as session:
        sizes = {name: len(queue.page(session, name, actor).rows) for name in ("mine", "waiting", "aside")}
    assert sizes["mine"] >= 5 and sizes["waiting"] >= 6 and sizes["aside"] >= 1, sizes


def test_s1_is_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    seed_store(url(path), size="empty", scenario="s1", host=FrozenClock(datetime(2030, 1, 1, tzinfo=UTC)))
    with open_store(url(path)) as store, store.read() as session:
        now = store.clock.now()
        assert now == from_iso("2026-11-18T10:00+08:00")
        order = session.scalars(select(Order).where(ORDER.c.order_no == "BT20261114000101")).one()
        case = session.scalars(select(Case)).one()
        assert (order.status, order.total_fen, order.order_tail) == (OrderStatus.SIGNED, 12800, "0101")
        customer = session.get(Customer, order.customer_id)
        assert customer is not None
        assert (customer.name, customer.phone_tail, customer.born_on) == ("王丽", "0037", date(1986, 5, 12))
        amounts = [row.amount_fen for row in session.scalars(select(WalletTx).order_by("at"))]
        assert amounts == [5990, 12800]
        assert (case.order_id, case.state, case.owner_id) == (order.id, CaseState.NEW, None)
        assert case.received_at == now - timedelta(hours=3)
        assert case.reason is RefundReason.QUALITY
        clock = session.scalars(select(ClockRow)).one()
        assert (clock.kind, clock.due_at) == ("refund_review", now + timedelta(hours=21))
        assert case.queue_at == clock.due_at
        photo = session.scalars(select(Evidence)).one()
        assert photo.received_at == case.received_at and photo.looked_at is None


def test_whoever_plays_a_caller_is_told_what_to_say(tmp_path: Path) -> None:
    report = seed_store(url(tmp_path / "desk.db"), size="empty", seed=7, now=NOW, scenario="S3")
    (shown,) = report.scenarios
    first, second, third = shown.callers
    assert (first.name, first.phone, first.previous_phone) == ("苏宁静", "15400004101", None)
    # Nothing was taken for the newest order of the first; twice for that of the third.
    assert [one.paid_fen for one in first.bought] == [(), (6990,)]
    assert [one.paid_fen for one in second.bought] == [(24900,), (13900,)]
    assert [one.paid_fen for one in third.bought] == [(19900, 19900), (5500,)]
    report = seed_store(url(tmp_path / "other.db"), size="empty", seed=7, now=NOW, scenario="S7")
    (owner,) = report.scenarios[0].callers
    assert (owner.phone, owner.previous_phone, owner.city) == ("15400007702", "15400007701", "宁波市")


def test_newcomers_find_what_they_need_in_the_demo(demo: tuple[Store, Report]) -> None:
    store, report = demo
    shown = {entry.code: entry for entry in report.scenarios}
    assert set(shown) == {"S1", "S1-reject", "S1-call"}
    assert shown["S1-call"].cases == ()
    actor = find_actor(store, "1001")
    with store.read() as session:
        mine = {row.case_no for row in queue.page(session, "mine", actor).rows}
        tails = session.scalars(select(ORDER.c.order_no).where(ORDER.c.order_tail == "0101")).all()
    assert {*shown["S1"].cases, *shown["S1-reject"].cases} <= mine
    assert tails == [shown["S1"].orders[1]]


def test_the_training_password_opens_the_desk(demo: tuple[Store, Report], tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    report = seed_store(url(path), size="empty", seed=7, now=NOW)
    assert report.password == demo[1].password
    with open_store(url(path)) as store:
        assert sign_in(store, "1001", report.password).name == "林晓"
        with pytest.raises(DeskError, match=r"sign_in\.refused"):
            sign_in(store, "1001", "peixun0000x")


def test_numbers_go_on_where_the_seed_ended(demo: tuple[Store, Report], tmp_path: Path) -> None:
    with open_store(copied(demo[1], tmp_path)) as store:
        with store.write("1001") as unit:
            number = unit.next_number("KF")
        with store.read() as session:
            known = session.scalars(select(CASE.c.case_no)).all()
            last = [row.last for row in session.scalars(select(NumberSeries)) if row.prefix == "KF"]
    assert number not in known and number.startswith("KF20261118")
    assert sum(last) == len(known) == 30


def test_approvals_are_bound_to_their_facts(normal_report: Report, tmp_path: Path) -> None:
    from bdesk.operations.approvals import decide
    from bdesk.operations.context import Context

    with open_store(copied(normal_report, tmp_path)) as store:
        with store.read() as session:
            numbers = session.scalars(
                select(APPROVAL.c.id)
                .where(APPROVAL.c.state == ApprovalState.REQUESTED, APPROVAL.c.requested_by < "2000")
                .where(APPROVAL.c.facts_digest != OTHER_FACTS)
                .order_by(APPROVAL.c.id)
            ).all()
        assert len(numbers) > 2
        supervisor = Context(store, load_book(), find_actor(store, "2001"))
        decided = decide(supervisor, numbers[0], "approve")
        assert decided.params["state"] == "approved"
        assert verify(store, load_book()).faults == ()


def test_it_is_a_training_store_with_its_own_time(demo: tuple[Store, Report]) -> None:
    store, _report = demo
    assert store.training and store.clock.now() == NOW
    with store.read() as session:
        info = session.execute(select(STORE_INFO)).one()
        assert (info.seed, info.size, info.clock_rate, info.clock_base) == (7, "demo", 1, None)


def test_what_is_there_is_replaced_only_by_reset_and_only_training(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    seed_store(url(path), size="empty", seed=1, now=NOW)
    with pytest.raises(StoreProblem, match=r"store\.exists"):
        seed_store(url(path), size="empty", seed=2, now=NOW)
    seed_store(url(path), size="empty", seed=2, now=NOW, reset=True)
    with open_store(url(path)) as store:
        assert store.info.seed == 2
    assert [entry.name for entry in tmp_path.iterdir() if "seeding" in entry.name] == []


def test_a_real_store_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with create_store(url(path)):
        pass
    before = path.read_bytes()
    with pytest.raises(NotAllowed, match=r"seed\.real_store"):
        seed_store(url(path), size="empty", now=NOW, reset=True)
    assert path.read_bytes() == before


def test_a_store_with_an_open_desk_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    seed_store(url(path), size="empty", seed=1, now=NOW)
    with open_store(url(path)) as store:
        store.start_clock("1001")
        with pytest.raises(NotAllowed, match=r"seed\.desk_open"):
            seed_store(url(path), size="empty", seed=2, now=NOW, reset=True)


def test_a_seed_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(phase: str, _done: int, _total: int) -> None:
        if phase == "write":
            raise KeyboardInterrupt

    path = tmp_path / "desk.db"
    with pytest.raises(KeyboardInterrupt):
        seed_store(url(path), size="demo", seed=1, now=NOW, progress=fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "code"), [({"size": "huge"}, "seed.size"), ({"scenario": "S99"}, "seed.scenario")]
)
def test_unknown_sizes_and_scenarios_are_refused(tmp_path: Path, wrong: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        seed_store(url(tmp_path / "desk.db"), now=NOW, **wrong)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_thin_cases_page_like_others(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    seed_store(url(path), size="empty", now=NOW)
    with open_store(url(path)) as store:
        assert bulk.thin_cases(store, 25_000, received_at=NOW - timedelta(hours=5)) == 25_000
        actor = find_actor(store, "1001")
        started = time.perf_counter()
        with store.read() as session:
            page = queue.page(session, "waiting", actor, limit=40)
        assert len(page.rows) == 40
        assert time.perf_counter() - started < 1
        assert page.rows[0].due_at == NOW + timedelta(hours=19)


def test_the_command_says_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bdesk.cli import main

    monkeypatch.setenv("BDESK_STORE", url(tmp_path / "desk.db"))
    command = ["seed", "--size", "demo", "--seed", "7", "--now", "2026-11-18T10:00+08:00"]
    assert main([*command, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["now"] == "2026-11-18T10:00:00+08:00" and report["rows"]["work_case"] == 30
    assert main(command) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main([*command, "--reset"]) == 0
    assert "S1-reject" in capsys.readouterr().out
    assert main(["seed", "--now", "yesterday"]) == 2
