"""What a supervisor looks at: which rows, and that reading them costs the same however much was closed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert
from sqlmodel import select

from bdesk.data.core import CASE
from bdesk.data.queries import supervision as queries
from bdesk.data.queries.ended import ended
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import ApprovalState, EvidenceKind, PersonState, Role, Stream
from bdesk.models.tables import Approval, ClockRow, Evidence, Staff
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import calls
from bdesk.operations.looking import supervision
from bdesk.operations.raising import raise_case
from bdesk.rules.requests import pressing
from tests.builders import T0, clock_of, context, customer, make_store, open_case, order, person
from tests.data.test_queue import fill, plan_of, thin

EVERY = ("supervisor", "manager", "risk")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        yield made


@pytest.fixture
def chief(store: Store) -> ActorView:
    return person(store, "2001", Role.SUPERVISOR, name="周岚", group="supervisors")


def ids(found: Any) -> list[int]:
    return [one.case_id for one in found]


def held(store: Store, case_id: int, who: ActorView | None, **values: Any) -> None:
    with store.write() as unit:
        case = unit.case(case_id)
        case.owner_id = who.id if who is not None else None
        for name, value in values.items():
            setattr(case, name, value)
        unit.commit()


# Raised


def test_raised_cases_wait_until_somebody_there_holds_them(store: Store, chief: ActorView) -> None:
    agent, other = person(store, "1001"), person(store, "2002", Role.SUPERVISOR)
    ctx = context(store, agent)
    cases = [open_case(store, owner=agent) for _ in range(5)]
    for number, one in enumerate(cases[:4]):
        clock_of(store).move(timedelta(minutes=1))
        raise_case(ctx, one, "manager" if number == 3 else "supervisor", "超出权限")
    held(store, cases[1], other)
    held(store, cases[2], None)
    with store.read() as session:
        found = queries.raised(session, ["supervisor"], chief.id)
        assert ids(found) == [cases[0], cases[2]]
        assert [one.clock for one in found] == ["escalation_decision"] * 2
        assert found[0].due_at is not None and found[0].due_at < found[1].due_at  # type: ignore[operator]
        assert queries.raised_count(session, ["supervisor"], chief.id) == 2
        assert ids(queries.raised(session, ["supervisor", "manager"], chief.id)) == [
            cases[0],
            cases[2],
            cases[3],
        ]
        assert queries.raised(session, [], chief.id) == ()
        assert queries.raised_count(session, [], chief.id) == 0
    held(store, cases[0], chief)
    held(store, cases[2], None, open=False)
    with store.read() as session:
        assert queries.raised(session, ["supervisor"], chief.id) == ()


def test_a_raised_case_whose_clock_is_over_still_waits(store: Store, chief: ActorView) -> None:
    case_id = open_case(store, escalated_to="supervisor")
    with store.read() as session:
        (found,) = queries.raised(session, ["supervisor"], chief.id)
    assert (found.case_id, found.clock, found.due_at) == (case_id, None, None)
    (row,) = supervision.board(context(store, chief)).raised
    assert (row.level, row.clock) == ("supervisor", "refund_review")


# About to be missed


def due_in(store: Store, minutes: int, **values: Any) -> int:
    """A case whose first clock is due in so many minutes."""
    return open_case(store, received_at=T0 - timedelta(hours=24) + timedelta(minutes=minutes), **values)


def test_clocks_due_within_half_an_hour_each_case_once(store: Store, chief: ActorView) -> None:
    late, now, near, edge, far = (due_in(store, minutes) for minutes in (-1, 0, 10, 30, 31))
    stopped, closed = due_in(store, 5), due_in(store, 6)
    with store.write() as unit:
        for row in unit.session.exec(select(ClockRow).where(ClockRow.case_id == stopped)):
            row.run = RunState.PAUSED
        for row in unit.session.exec(select(ClockRow).where(ClockRow.case_id == near)):
            twin = ClockRow(**{**row.model_dump(exclude={"id"}), "kind": "promise", "number": 1})
            twin.due_at = row.due_at + timedelta(minutes=1) if row.due_at is not None else None
        unit.session.add(twin)
        unit.commit()
    held(store, closed, None, open=False)
    with store.read() as session:
        found = queries.soon(session, None, T0)
        assert ids(found) == [now, near, edge]
        assert queries.soon_count(session, None, T0) == 3
        assert found[1].clock == "refund_review"
        assert ids(queries.late(session, None, T0)) == [late]
    assert {late, far}.isdisjoint(ids(found))
    seen = supervision.board(context(store, chief))
    assert [one.id for one in seen.soon] == [late, now, near, edge], "what is late first, as in every list"
    assert seen.figures.soon == 3


def test_late_cases_stand_before_those_that_will_be(
    store: Store, chief: ActorView, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, late, later, far = (due_in(store, minutes) for minutes in (10, -1, -600, 31))
    stopped, closed = due_in(store, -5), due_in(store, -6)
    with store.write() as unit:
        for row in unit.session.exec(select(ClockRow).where(ClockRow.case_id == stopped)):
            row.run = RunState.PAUSED
        # A sweep has written this one down already.
        for row in unit.session.exec(select(ClockRow).where(ClockRow.case_id == later)):
            row.outcome = Outcome.BREACHED
        unit.commit()
    held(store, closed, None, open=False)
    found = supervision.board(context(store, chief))
    assert [one.id for one in found.soon] == [later, late, near]
    assert found.figures.soon == 1
    # However many are late, what can still be saved is on the list.
    monkeypatch.setattr(queries, "KEPT", 2)
    assert [one.id for one in supervision.board(context(store, chief)).soon] == [late, near]
    assert far not in [one.id for one in found.soon]


def test_seniors_and_risk_see_their_own_groups_clocks_and_people(store: Store, chief: ActorView) -> None:
    senior = person(store, "1500", Role.SENIOR, group="east")
    mate, stranger = person(store, "1001", group="east"), person(store, "1002", group="south")
    theirs, ours, of_group = (
        due_in(store, minutes, owner=who) for minutes, who in ((5, stranger), (6, mate), (7, None))
    )
    held(store, of_group, None, group_id=senior.group_id)
    seen = supervision.board(context(store, senior))
    assert [one.id for one in seen.soon] == [ours, of_group]
    assert seen.figures.soon == 2
    assert [one.number for one in seen.load] == ["1001", "1500"]
    every = supervision.board(context(store, chief))
    assert [one.id for one in every.soon] == [theirs, ours, of_group]
    loner = person(store, "1501", Role.SENIOR)
    assert supervision.board(context(store, loner)).soon == ()


# The team


def test_load_is_what_people_hold_open_and_how_much_of_it_is_urgent(store: Store, chief: ActorView) -> None:
    busy, free = person(store, "1001"), person(store, "1002", state=PersonState.BREAK)
    gone, admin = person(store, "1003"), person(store, "9001", Role.ADMIN)
    off = person(store, "1004", state=PersonState.OFFLINE)
    open_case(store, owner=busy)
    due_in(store, 5, owner=busy)
    due_in(store, -60, owner=busy)
    stopped = due_in(store, 5, owner=busy)
    closed = due_in(store, 5, owner=busy)
    held(store, stopped, busy, stopped=True)
    held(store, closed, busy, open=False)
    with store.write() as unit:
        unit.session.get_one(Staff, gone.id).active = False
        unit.commit()
    with store.read() as session:
        found = {one.number: one for one in queries.load(session, None, T0)}
    assert set(found) == {"1001", "1002", "1004", "2001"}
    assert admin.number not in found
    assert (found["1001"].open, found["1001"].urgent) == (4, 2)
    assert (found["1002"].open, found["1002"].urgent, found["1002"].state) == (0, 0, PersonState.BREAK)
    assert queries.states_of(found.values()) == {PersonState.ONLINE: 2, PersonState.BREAK: 1}
    assert (free.number, off.number) == ("1002", "1004")


def test_the_share_in_time_is_of_what_the_team_closed_today(store: Store, chief: ActorView) -> None:
    agent, other = person(store, "1001"), person(store, "1002")
    for who, outcome, days in (
        (agent, Outcome.MET, 0), (agent, Outcome.BREACHED, 0),
        (other, Outcome.MET, 0), (agent, Outcome.BREACHED, 1),
    ):  # fmt: skip
        # An excuse is told apart, and is no time kept.
        case_id = open_case(store, owner=who)
        held(store, case_id, who, open=False, closed_by=who.id, closed_at=T0 - timedelta(days=days))
        with store.write() as unit:
            for row in unit.session.exec(select(ClockRow).where(ClockRow.case_id == case_id)):
                row.outcome, row.excused = outcome, outcome is Outcome.BREACHED
            unit.commit()
    with store.read() as session:
        both = ended(session, [agent.id, other.id], T0)
        assert (both.met, both.late, both.excused, both.met_percent) == (2, 1, 1, 66.7)
        assert ended(session, [other.id], T0).met_percent == 100.0
        assert ended(session, [], T0).met_percent is None
    seen = supervision.board(context(store, chief)).figures
    assert (seen.met_percent, seen.late, seen.excused) == (66.7, 1, 1)


# The whole board


def test_who_decides_nothing_has_no_board(store: Store) -> None:
    for number, role in (("1001", Role.AGENT), ("9001", Role.ADMIN)):
        with pytest.raises(NotAllowed, match=r"role\.no_board"):
            supervision.board(context(store, person(store, number, role)))


def asked(store: Store, case_id: int, **values: Any) -> int:
    with store.write() as unit:
        row = Approval(**{
            "case_id": case_id, "step": "s", "option": "a", "action": "refund", "amount_fen": 48_000,
            "facts_digest": "d", "needs_role": "senior", "requested_by": "1001", "reason": "超出权限",
            "requested_at": unit.now, "lapses_at": unit.now + timedelta(hours=24), **values,
        })  # fmt: skip
        unit.session.add(row)
        unit.commit()
    assert row.id is not None
    return row.id


def test_a_request_stands_where_its_case_presses(store: Store, chief: ActorView) -> None:
    """The end of the request is a day away; the case it is on may be late now."""
    calm, late, stopped, near = (due_in(store, minutes) for minutes in (60 * 30, -3, -3, 10))
    held(store, stopped, None, stopped=True)
    numbers = {case_id: asked(store, case_id) for case_id in (calm, late, stopped, near)}
    soon = asked(store, calm, lapses_at=T0 + timedelta(minutes=5))
    found = supervision.board(context(store, chief)).requests
    assert [one.id for one in found] == [numbers[late], soon, numbers[near], numbers[calm], numbers[stopped]]
    first = {one.id: pressing(one, T0)[0] for one in found}
    assert [one is None for one in first.values()] == [False, True, False, True, True]
    (row, *_) = [one for one in first.values() if one is not None]
    assert row.due_at == T0 - timedelta(minutes=3)


def test_the_board_says_what_a_decider_needs(store: Store, chief: ActorView) -> None:
    agent = person(store, "1001", name="林晓")
    placed = order(store, customer(store, name="韩梅"))
    case_id = open_case(store, order_id=placed.id, owner=agent)
    with store.write() as unit:
        for number, seen in ((1, T0), (2, None)):
            unit.session.add(
                Evidence(
                    case_id=case_id, number=number, kind=EvidenceKind.PHOTO, received_at=T0, looked_at=seen
                )
            )
        unit.commit()
    first = asked(store, case_id)
    own = asked(store, case_id, requested_by="2001", lapses_at=T0 + timedelta(hours=25), state="requested")
    asked(store, case_id, state=ApprovalState.APPROVED)
    found = supervision.board(context(store, chief))
    assert [one.id for one in found.requests] == [first, own]
    one = found.requests[0]
    assert (one.row.customer, one.row.evidence, one.row.unseen) == ("韩**", 2, 1)
    assert (one.why, one.hindrance, one.read, one.alone, one.wants_words) == (
        "limits.above",
        "",
        False,
        False,
        False,
    )
    assert one.due_from_at == T0 + timedelta(hours=22)
    assert one.now_from_at == T0 + timedelta(hours=23, minutes=30)
    assert found.requests[1].hindrance == "approval.own"
    assert (found.figures.requests, found.figures.raised, found.names["1001"]) == (2, 0, "林晓")
    assert found.shown


def test_during_a_call_neither_sums_nor_words_are_there(store: Store, chief: ActorView) -> None:
    agent = person(store, "1001")
    placed = order(store, customer(store))
    case_id = open_case(store, order_id=placed.id, owner=agent)
    raise_case(context(store, agent), case_id, "supervisor", "客户要求见主管")
    number = asked(store, case_id, amount_fen=2_500_000)
    ctx = context(store, chief)
    with store.write("2001") as unit:
        text, digest = unit.text(case_id, "approval", "有异常登录吗")
        unit.on_case(
            unit.case(case_id), "approval.risk_asked", {"approval": number, "text": text.id, "digest": digest}
        )
        unit.commit()
    before = supervision.board(ctx)
    assert before.requests[0].question is not None
    assert (before.requests[0].question.words, before.requests[0].waits_for_risk) == ("有异常登录吗", True)
    assert before.requests[0].wants_words
    assert before.raised[0].raised is not None
    assert (before.raised[0].raised.words, before.raised[0].raised.by) == ("客户要求见主管", "1001")
    calls.start_call(ctx)
    during = supervision.board(ctx)
    assert not during.shown
    assert during.requests[0].row.approval.amount_fen is None
    assert during.requests[0].row.approval.reason == "****"
    assert during.requests[0].question is not None and during.requests[0].question.words == "****"
    assert during.raised[0].raised is not None and during.raised[0].raised.words == "****"


def test_read_is_shown_until_something_is_another(store: Store, chief: ActorView) -> None:
    case_id = open_case(store, order_id=order(store, customer(store)).id)
    number = asked(store, case_id)
    ctx = context(store, chief)

    def told(by: str, kind: str, **payload: object) -> bool:
        with store.write(by) as unit:
            unit.on_case(unit.case(case_id), kind, {"approval": number, **payload})
            unit.commit()
        return supervision.board(ctx).requests[0].read

    assert not told("2002", "approval.read", facts="d")
    assert not told("2001", "approval.read", facts="old")
    assert told("2001", "approval.read", facts="d")
    assert not told("3001", "approval.risk_answered")
    assert told("2001", "approval.read", facts="d")
    with store.write("2001") as unit:
        unit.append(Stream.STAFF, "2001", "staff.signed_in", {"on_duty": True})
        unit.commit()
    assert supervision.board(ctx).requests[0].read  # the same instant: it was read while signing in
    clock_of(store).move(timedelta(minutes=1))
    with store.write("2001") as unit:
        unit.append(Stream.STAFF, "2001", "staff.signed_in", {"on_duty": True})
        unit.commit()
    assert not supervision.board(ctx).requests[0].read


# What it costs


def statements_of(store: Store, ctx: Any) -> int:
    said: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        supervision.board(ctx)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(said)


def test_the_number_of_queries_is_fixed(store: Store, chief: ActorView) -> None:
    ctx = context(store, chief)
    supervision.board(ctx)
    agent = person(store, "1001")
    open_case(store, owner=agent, escalated_to="supervisor")
    due_in(store, 5)
    asked(store, open_case(store))
    few = statements_of(store, ctx)
    for _ in range(5):
        case_id = due_in(store, 6, owner=agent)
        asked(store, case_id)
        raise_case(context(store, agent), case_id, "supervisor", "再看")
        person(store)
    assert statements_of(store, ctx) == few
    assert few <= 22


def test_closed_cases_are_not_looked_at(store: Store, chief: ActorView) -> None:
    """Every walk over cases and clocks is by an index that ends where the open ones do."""
    with store.write() as unit:
        closed = [thin(number, open=False, escalated_to="supervisor") for number in range(500)]
        unit.session.connection().execute(insert(CASE), closed)
        unit.commit()
    fill(store, [thin(600, escalated_to="supervisor")])
    with store.read() as session:
        raised = plan_of(session, queries.raised_statement(["supervisor"], chief.id))
        soon = plan_of(session, queries.soon_statement(None, T0))
        late = plan_of(session, queries.late_statement(None, T0))
        assert ids(queries.raised(session, ["supervisor"], chief.id)) == [501]
    assert any("ix_work_case_raised (escalated_to=? AND open=?" in step for step in raised), raised
    assert any(
        "ix_case_clock_breach (drives=? AND run=? AND outcome=? AND due_at>? AND due_at<?" in step
        for step in soon
    ), soon
    assert any(
        "ix_case_clock_breach (drives=? AND run=? AND outcome=? AND due_at<?" in step for step in late
    ), late
    assert not any(step.startswith("SCAN") for step in (*raised, *soon, *late))
