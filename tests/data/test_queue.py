"""The queue: its order, its pages, and that they cost the same however long it is."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, insert
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from bdesk.data.book.book import load_book
from bdesk.data.core import CASE
from bdesk.data.queries import queue as queries
from bdesk.data.queries import taking
from bdesk.data.queries.figures import figures
from bdesk.data.queries.queue import Filters, Key, count, key_of, page, rows, sections
from bdesk.data.store import Store
from bdesk.models.kinds import CaseFlag, CaseKind, CaseState, Channel, Role
from bdesk.models.tables import Case, CaseFlagRow
from bdesk.models.views.queue import QueueRow
from bdesk.models.views.snapshot import ActorView
from tests.builders import T0, customer, event, make_store, open_case, order, person

MANY = 3000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def thin(number: int, **values: Any) -> dict[str, Any]:
    """A case as the queue sees one, without anything behind it."""
    return {
        "version": 1, "case_no": f"KF20261118{number:05d}", "case_tail": f"{number:05d}"[-4:],
        "kind": CaseKind.REFUND, "channel": Channel.REFUND_FORM, "priority": 3, "state": CaseState.NEW,
        "cycle": 1, "subject": "", "desired": "", "received_at": T0, "opened_at": T0, "procedure": "refund",
        "verified_level": "V0", "procedure_version": "1", "policy_version": "1", "calendar_version": "1",
        "open": True, "aside": False, "stopped": False, "queue_at": T0 + timedelta(minutes=number % 997),
        "queue_clock": "refund_review", "breached": False, "hard": False, "provisional": False, **values,
    }  # fmt: skip


def fill(store: Store, cases: Sequence[dict[str, Any]]) -> None:
    with store.write() as unit:
        unit.session.connection().execute(insert(CASE), cases)
        unit.commit()


def case_with(store: Store, case_id: int, **values: Any) -> None:
    with store.write() as unit:
        case = unit.case(case_id)
        for name, value in values.items():
            setattr(case, name, value)
        unit.commit()


def ids(found: Sequence[QueueRow]) -> list[int]:
    return [row.case_id for row in found]


def walk(
    session: Session, section: str, actor: ActorView, limit: int, filters: Filters = queries.NO_FILTERS
) -> list[int]:
    """All cases of a section, page by page."""
    found: list[int] = []
    after: Key | None = None
    while True:
        read = page(session, section, actor, after=after, limit=limit, filters=filters)
        found += ids(read.rows)
        if read.next is None:
            return found
        after = read.next


def plan_of(session: Session, statement: Select[Any]) -> list[str]:
    text = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    raw = str(text)
    values = tuple(
        text.bind_names and (value if not hasattr(value, "isoformat") else str(value))
        for value in (text.params[name] for name in text.positiontup or ())
    )
    return [str(row[3]) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {raw}", values)]


def test_stopped_cases_stand_below_and_the_rest_by_due_time(store: Store) -> None:
    actor = person(store)
    late = open_case(store, received_at=T0 - timedelta(hours=20))
    early = open_case(store, received_at=T0 - timedelta(hours=23))
    stopped = open_case(store, received_at=T0 - timedelta(hours=23, minutes=30))
    event(store, stopped, "clock.paused", {"reason": "customer_material"})
    unclocked = open_case(store, clocks=())
    with store.read() as session:
        found = page(session, "waiting", actor).rows
    assert ids(found) == [early, late, unclocked, stopped]
    assert [row.stopped for row in found] == [False, False, False, True]
    assert found[2].due_at is None
    assert found[3].waiting_for == "customer"


def test_a_row_is_masked_and_says_what_a_list_says(store: Store) -> None:
    actor = person(store, "1001", group="hotline")
    buyer = customer(store, name="欧阳静怡", vip=True)
    placed = order(store, buyer)
    case_id = open_case(store, order_id=placed.id, owner=actor)
    with store.write() as unit:
        unit.session.add(CaseFlagRow(case_id=case_id, flag=CaseFlag.REPEAT))
        unit.commit()
    case_with(store, case_id, escalated_to="supervisor", cycle=2, group_id=actor.group_id)
    with store.read() as session:
        (row,) = page(session, "mine", actor).rows
        assert rows(session, [case_id, 999]) == (row,)
    assert row.customer == "欧阳**"
    assert row.tags == ("vip", "repeat", "raised", "reopened")
    assert (row.owner, row.group, row.clock, row.kind) == ("1001", "hotline", "refund_review", "refund")
    assert key_of(row) == Key(False, T0 + timedelta(hours=24), case_id)


def test_sections_are_mine_waiting_and_put_aside(store: Store) -> None:
    me, other = person(store), person(store)
    mine = open_case(store, owner=me)
    theirs = open_case(store, owner=other)
    waiting = open_case(store)
    aside = open_case(store, owner=me)
    case_with(store, aside, aside=True)
    closed = open_case(store)
    case_with(store, closed, open=False)
    with store.read() as session:
        assert {code: ids(page(session, code, me).rows) for code in queries.SECTIONS} == {
            "mine": [mine], "waiting": [waiting], "aside": [aside],
        }  # fmt: skip
        assert [(one.code, one.total) for one in sections(session, me)] == [
            ("mine", 1), ("waiting", 1), ("aside", 1),
        ]  # fmt: skip
        assert ids(page(session, "mine", other).rows) == [theirs]


def test_agents_see_their_groups_cases_supervisors_all(store: Store) -> None:
    agent, risk = person(store, group="hotline"), person(store, group="risk")
    chief, loner = person(store, role=Role.SUPERVISOR, group="hotline"), person(store)
    free, hotline, risky = open_case(store), open_case(store), open_case(store)
    case_with(store, hotline, group_id=agent.group_id)
    case_with(store, risky, group_id=risk.group_id)
    with store.read() as session:
        assert ids(page(session, "waiting", agent).rows) == [free, hotline]
        assert ids(page(session, "waiting", risk).rows) == [free, risky]
        assert ids(page(session, "waiting", loner).rows) == [free]
        assert ids(page(session, "waiting", chief).rows) == [free, hotline, risky]
        assert ids(page(session, "waiting", chief, filters=Filters(group="risk")).rows) == [risky]
        assert ids(page(session, "waiting", chief, filters=Filters(group="none")).rows) == []
        assert ids(page(session, "waiting", chief, filters=Filters(kinds=(CaseKind.REFUND,))).rows) == [
            free, hotline, risky,
        ]  # fmt: skip


def mixed() -> list[dict[str, Any]]:
    kinds = (CaseKind.REFUND, CaseKind.APPEAL, CaseKind.LOGIN)
    return [
        thin(number, stopped=number % 7 == 0, kind=kinds[number % 3], group_id=(None, 1, 2)[number % 3])
        for number in range(200)
    ]


@pytest.mark.parametrize("limit", [1, 7, 64, 500])
def test_pages_join_without_a_gap_or_a_double(store: Store, limit: int) -> None:
    actor = person(store, group="a", role=Role.SUPERVISOR)
    person(store, group="b")
    fill(store, mixed())
    with store.read() as session:
        found = walk(session, "waiting", actor, limit)
        some = walk(session, "waiting", actor, limit, Filters(kinds=(CaseKind.REFUND, CaseKind.LOGIN)))
        every = {row.case_id: row for row in rows(session, range(1, 201))}
    wanted = sorted(every.values(), key=lambda row: (row.stopped, row.sorted_at, row.case_id))
    assert found == ids(wanted)
    assert some == ids([row for row in wanted if row.kind != "appeal"])


def test_pages_go_backwards_as_they_went_forwards(store: Store) -> None:
    actor = person(store, group="a")
    person(store, group="b")
    fill(store, mixed())
    with store.read() as session:
        forwards = walk(session, "waiting", actor, 500)
        backwards: list[int] = []
        read = page(session, "waiting", actor, last=True, limit=9)
        assert read.next is None
        while True:
            backwards = ids(read.rows) + backwards
            if read.previous is None:
                break
            read = page(session, "waiting", actor, before=read.previous, limit=9)
    assert backwards == forwards


def test_a_filter_by_number_finds_by_the_end(store: Store) -> None:
    actor = person(store)
    placed = order(store, customer(store), order_no="BT20261114007741")
    by_order, other = open_case(store, order_id=placed.id), open_case(store)
    with store.read() as session:
        number = session.get_one(Case, other).case_no
        for text, wanted in [
            ("7741", [by_order]), ("07741", [by_order]), ("97741", []), ("774", []),
            (number, [other]), (number[-5:], [other]), ("%741", []),
        ]:  # fmt: skip
            assert ids(page(session, "waiting", actor, filters=Filters(text=text)).rows) == wanted, text
            assert sections(session, actor, Filters(text=text))[1].total == len(wanted)


def test_counts_stop_at_the_cap(store: Store) -> None:
    actor = person(store)
    fill(store, [thin(number, stopped=number % 2 == 0) for number in range(30)])
    with store.read() as session:
        assert count(session, "waiting", actor) == 30
        assert count(session, "waiting", actor, cap=20) == 20
        assert count(session, "waiting", actor, until=T0 + timedelta(minutes=5)) == 3


def test_figures_of_a_day(store: Store) -> None:
    me = person(store)
    for minutes in (-5, 3, 12, 60):
        open_case(store, received_at=T0 - timedelta(hours=24) + timedelta(minutes=minutes))
    done, late = open_case(store, owner=me), open_case(store, owner=me, received_at=T0 - timedelta(hours=30))
    for case_id in (done, late):
        event(store, case_id, "clock.fulfilled", {"clock": "refund_review"})
        case_with(store, case_id, open=False, closed_by=me.id, closed_at=T0 + timedelta(minutes=4))
    with store.read() as session:
        found = figures(session, me, T0)
        tomorrow = figures(session, me, T0 + timedelta(days=1))
    assert (found.over, found.soon5, found.soon15, found.waiting, found.aside) == (1, 1, 2, 4, 0)
    assert (found.handled, found.avg_seconds, found.met_percent) == (2, 240, 50.0)
    assert (found.late, found.excused) == (1, 0)
    event(store, late, "clock.excused", {"clock": "refund_review", "reason": "系统故障"})
    case_with(store, late, open=False)
    with store.read() as session:
        found = figures(session, me, T0)
    assert (found.late, found.excused, found.met_percent) == (1, 1, 50.0), "late all the same"
    assert (tomorrow.handled, tomorrow.avg_seconds, tomorrow.met_percent) == (0, None, None)


SHAPES = [
    (role, section, filters, stopped, start)
    for role, section, filters, stopped, start in itertools.product(
        (Role.AGENT, Role.SUPERVISOR),
        queries.SECTIONS,
        (Filters(), Filters(group="hotline"), Filters(kinds=(CaseKind.APPEAL,))),
        (False, True),
        (None, "after", "before"),
    )
]


@pytest.mark.parametrize(("role", "section", "filters", "stopped", "start"), SHAPES)
def test_every_walk_is_one_index_range(
    tmp_path: Path, role: Role, section: str, filters: Filters, stopped: bool, start: str | None
) -> None:
    store = make_store(tmp_path)
    actor = person(store, role=role, group="hotline")
    key = Key(stopped, T0, 5) if start else None
    with store.read() as session:
        for where in queries._ranges(session, section, actor, filters):
            statement = queries.range_statement(where, stopped, key, start == "before", 64)
            (plan,) = plan_of(session, statement)
            assert "SEARCH work_case USING" in plan, plan
            assert "ix_work_case_" in plan, plan
            assert ("queue_at>?" in plan or "queue_at<?" in plan) == (start is not None), plan
    store.close()


def test_every_rule_of_take_next_is_one_index_range(store: Store) -> None:
    agent = person(store, group="hotline", skills=(CaseKind.REFUND, CaseKind.APPEAL))
    chief = person(store, role=Role.SUPERVISOR)
    with store.read() as session:
        for actor, rule in itertools.product((agent, chief), load_book().take_next):
            kinds = taking.skills(session, actor.id)
            for statement in taking.statements(session, actor, T0, rule, kinds):
                (plan,) = plan_of(session, statement)
                assert "SEARCH work_case USING" in plan, (rule.code, plan)
                assert "TEMP B-TREE" not in plan


def steps_of(session: Session, actor: ActorView) -> int:
    """Steps of SQLite's virtual machine that a whole queue screen takes."""
    driver = session.connection().connection.driver_connection
    assert driver is not None
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    driver.set_progress_handler(step, 10)
    first = page(session, "waiting", actor)
    page(session, "waiting", actor, after=first.next)
    page(session, "waiting", actor, last=True)
    sections(session, actor, cap=100)
    list(taking.next_candidates(session, actor, T0, load_book()))
    driver.set_progress_handler(None, 0)
    return steps


def test_a_long_queue_costs_as_much_as_a_short_one(store: Store) -> None:
    actor = person(store, group="hotline")
    fill(store, [thin(number, hard_at=T0 + timedelta(hours=1)) for number in range(300)])
    with store.read() as session:
        short = steps_of(session, actor)
    fill(store, [thin(number) for number in range(300, MANY)])
    with store.read() as session:
        long = steps_of(session, actor)
    assert long < short * 1.2
