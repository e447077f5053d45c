"""Standing in for a role for some days: with its limits, and never as one's own checker."""

import sqlite3
from datetime import date, timedelta

import pytest

from bdesk.clock import midnight
from bdesk.data.book.book import load_book
from bdesk.data.journal import events
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import ApprovalState, Role, Stream
from bdesk.models.tables import Approval
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import approvals, clocks, notes
from bdesk.operations.looking.case import case_page
from bdesk.operations.staff import people, standing_in
from bdesk.rules.ladder import LADDER, may_stand_in
from bdesk.rules.walk.views import Offer
from bdesk.screens.case.side import timeline_entries
from tests.builders import Item, clock_of, order, person
from tests.operations.desk import Desk, must_add_up

TODAY = date(2026, 11, 18)
"""T0 is its tenth hour."""


@pytest.fixture
def admin(store: Store) -> Desk:
    return Desk(store, person(store, "9001", Role.ADMIN))


@pytest.fixture
def senior(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1500", Role.SENIOR), desk.ports)


def asked(desk: Desk, buyer: int, fen: int = 900000) -> int:
    """The number of a request above a senior's limit."""
    case_id = desk.to_decision(desk.opened(order(desk.store, buyer, items=[Item(price_fen=fen)])))
    desk.go(case_id, "approval", why="超出权限")
    return desk.rows(Approval, case_id=case_id)[-1].id or 0


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def test_a_stand_in_decides_as_the_role_does_while_it_lasts_and_not_after(
    desk: Desk, senior: Desk, admin: Desk, buyer: int
) -> None:
    request = asked(desk, buyer)
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, days(1), days(2))
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        approvals.decide(senior.ctx, request, "approve")
    # Local midnight of the first day: 16:00 UTC of the day before.
    desk.later(hours=14, seconds=-1)
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        approvals.decide(senior.ctx, request, "approve")
    desk.later(seconds=1)
    approvals.decide(senior.ctx, request, "approve")
    assert desk.rows(Approval)[-1].state is ApprovalState.APPROVED
    second = asked(desk, buyer)
    desk.later(hours=24 + 24, seconds=-1)
    clocks.attach(senior.ctx, case := desk.opened(order(desk.store, buyer)), "call_back")
    clocks.cancel(senior.ctx, case, "call_back", "withdrawn")
    desk.later(seconds=1)
    with pytest.raises(NotAllowed, match=r"role\.cannot_stop_clocks"):
        clocks.cancel(senior.ctx, case, "refund_review", "withdrawn")
    assert desk.rows(Approval, id=second)[-1].state is ApprovalState.REQUESTED
    must_add_up(desk.store, [desk.ports])


def test_money_leaves_by_the_limits_of_the_role(desk: Desk, senior: Desk, admin: Desk, buyer: int) -> None:
    case_id = senior.to_decision(senior.opened(order(desk.store, buyer, items=[Item(price_fen=900000)])))
    assert senior.option(case_id, "approve").offer is not Offer.OFFERED
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    assert senior.fact(case_id, "actor.role") == "supervisor"
    assert senior.option(case_id, "approve").offer is Offer.OFFERED
    pending = senior.strip(case_id, "approve")
    # The strip was drawn in the role; it is done in the role that counts when F8 is pressed.
    desk.later(hours=14)
    with pytest.raises(DeskError):
        senior.press_f8(pending)
    must_add_up(desk.store, [desk.ports])


def test_every_act_says_that_it_was_done_standing_in(
    desk: Desk, senior: Desk, admin: Desk, buyer: int
) -> None:
    case_id = senior.opened(order(desk.store, buyer))
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    notes.add_note(senior.ctx, case_id, "便签")
    clocks.cancel(senior.ctx, case_id, "refund_review", "withdrawn")
    notes.add_note(desk.ctx, case_id, "便签")
    desk.later(hours=14)
    notes.add_note(senior.ctx, case_id, "便签")
    said = [
        (one.kind, one.actor, one.payload.get("standing_in"))
        for one in desk.events(case_id, "note.added", "clock.cancelled")
    ]
    assert said == [
        ("note.added", "1500", "supervisor"),
        ("clock.cancelled", "1500", "supervisor"),
        ("note.added", "1001", None),
        ("note.added", "1500", None),
    ]
    must_add_up(desk.store)


def test_nobody_checks_what_they_made_by_standing_in(desk: Desk, admin: Desk, buyer: int) -> None:
    request = asked(desk, buyer)
    standing_in.name(admin.ctx, "1001", Role.SUPERVISOR, TODAY, TODAY)
    for ctx in (desk.ctx, Desk(desk.store, people.find_actor(desk.store, "1001")).ctx):
        with pytest.raises(NotAllowed, match=r"approval\.own"):
            approvals.decide(ctx, request, "approve")


def test_it_is_ended_before_its_time(desk: Desk, senior: Desk, admin: Desk, buyer: int) -> None:
    request = asked(desk, buyer)
    made = standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, days(5))
    assert people.find_actor(desk.store, "1500").role is Role.SUPERVISOR
    standing_in.end(admin.ctx, made)
    assert people.find_actor(desk.store, "1500").role is Role.SENIOR
    with pytest.raises(NotAllowed, match=r"limits\.above"):
        approvals.decide(senior.ctx, request, "approve")
    with pytest.raises(NotAllowed, match=r"stand_in\.over"):
        standing_in.end(admin.ctx, made)
    # The days are free again.
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, days(5))
    must_add_up(desk.store)


def test_a_clock_that_was_set_back_brings_no_stand_in_back(
    desk: Desk, senior: Desk, admin: Desk, buyer: int
) -> None:
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    case_id = desk.opened(order(desk.store, buyer))
    desk.later(hours=15)
    notes.add_note(desk.ctx, case_id, "便签")
    clock_of(desk.store).move(timedelta(hours=-10))
    with pytest.raises(NotAllowed, match=r"role\.cannot_stop_clocks"):
        clocks.cancel(senior.ctx, case_id, "refund_review", "withdrawn")


def test_who_comes_in_is_in_the_role(desk: Desk, senior: Desk, admin: Desk) -> None:
    people.change_staff(admin.ctx, "1500", password="correct horse")
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    found = people.sign_in(desk.store, "1500", "correct horse")
    assert (found.role, found.own_role, found.stands_in) == (Role.SUPERVISOR, Role.SENIOR, True)
    assert found.until is not None
    assert found.until - desk.ctx.now() == timedelta(hours=14)
    desk.later(hours=14)
    found = people.sign_in(desk.store, "1500", "correct horse")
    assert (found.role, found.own_role, found.until) == (Role.SENIOR, None, None)


@pytest.mark.parametrize(
    ("number", "role", "first", "last", "code"),
    [
        ("1500", Role.SUPERVISOR, -1, 1, "stand_in.past"),
        ("1500", Role.SUPERVISOR, -3, -1, "stand_in.past"),
        ("1500", Role.SUPERVISOR, 2, 1, "stand_in.days"),
        ("1500", Role.SUPERVISOR, 0, 92, "stand_in.too_long"),
        ("1500", Role.ADMIN, 0, 1, "stand_in.role"),
        ("1500", Role.SENIOR, 0, 1, "stand_in.role"),
        ("1500", Role.AGENT, 0, 1, "stand_in.role"),
        ("9002", Role.SUPERVISOR, 0, 1, "stand_in.role"),
        ("3001", Role.SUPERVISOR, 0, 1, "stand_in.role"),
        ("1001", Role.RISK, 0, 1, "stand_in.role"),
        ("9001", Role.MANAGER, 0, 1, "stand_in.not_yourself"),
        ("4040", Role.SUPERVISOR, 0, 1, "staff.unknown"),
        ("1500", Role.MANAGER, 3, 5, "stand_in.overlaps"),
        ("1500", Role.SUPERVISOR, 5, 5, "stand_in.overlaps"),
        ("1500", Role.SUPERVISOR, 1, 9, "stand_in.overlaps"),
    ],
)
def test_what_is_refused_writes_nothing(
    store: Store,
    desk: Desk,
    senior: Desk,
    admin: Desk,
    number: str,
    role: Role,
    first: int,
    last: int,
    code: str,
) -> None:
    person(store, "9002", Role.ADMIN)
    person(store, "3001", Role.RISK)
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, days(5), days(6))
    before = store.newest_event()
    with pytest.raises(DeskError) as refused:
        standing_in.name(admin.ctx, number, role, days(first), days(last))
    assert refused.value.code == code
    assert store.newest_event() == before


def test_days_beside_each_other_are_free_and_listed_in_their_order(admin: Desk, senior: Desk) -> None:
    for first, last in ((5, 6), (4, 4), (7, 9), (0, 0)):
        standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, days(first), days(last))
    assert [one.from_at for one in standing_in.listed(admin.ctx)] == [midnight(days(n)) for n in (0, 4, 5, 7)]
    admin.later(days=5)
    assert len(standing_in.listed(admin.ctx)) == 2
    assert len(standing_in.listed(admin.ctx, over=True)) == 4


def test_only_their_own_role_lets_people_name_others(
    store: Store, admin: Desk, chief: Desk, senior: Desk
) -> None:
    with pytest.raises(NotAllowed, match=r"role\.cannot_name"):
        standing_in.name(chief.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    made = standing_in.name(admin.ctx, "2001", Role.MANAGER, TODAY, days(1))
    with pytest.raises(NotAllowed, match=r"stand_in\.own_role"):
        standing_in.name(chief.ctx, "1500", Role.MANAGER, TODAY, TODAY)
    with pytest.raises(NotAllowed, match=r"stand_in\.own_role"):
        standing_in.end(chief.ctx, made)
    manager = Desk(store, person(store, "2901", Role.MANAGER))
    with pytest.raises(NotAllowed, match=r"stand_in\.not_yourself"):
        standing_in.name(manager.ctx, "2901", Role.RISK, TODAY, TODAY)
    standing_in.name(manager.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    standing_in.end(manager.ctx, made)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stand_in SET role='manager'",
        "UPDATE stand_in SET until_at='2027-01-01 00:00:00.000000'",
        "UPDATE stand_in SET staff_id=(SELECT id FROM staff WHERE number='1001')",
        "UPDATE stand_in SET ended_at='2026-11-18 03:00:00.000000'",
        "UPDATE stand_in SET named_by='2901'",
        "DELETE FROM stand_in",
        "INSERT INTO stand_in (staff_id, role, from_at, until_at, named_by, named_at) SELECT id, 'manager', "
        "'2026-11-18 00:00:00.000000', '2026-12-18 00:00:00.000000', '9001', '2026-11-18 00:00:00.000000' "
        "FROM staff WHERE number='1001'",
    ],
)
def test_an_edited_stand_in_is_found(
    store: Store, desk: Desk, senior: Desk, admin: Desk, statement: str
) -> None:
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    must_add_up(store)
    with sqlite3.connect(store.place) as connection:
        connection.execute(statement)
    found = verify(store, load_book()).first_fault
    assert found is not None and found.code == "staff.differs"


def test_the_journal_names_who_named_and_who_ended(store: Store, admin: Desk, senior: Desk) -> None:
    made = standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    standing_in.end(admin.ctx, made)
    with store.read() as session:
        told = [one for one in events(session, Stream.STAFF, "1500") if one.kind.startswith("stand_in.")]
    assert [(one.kind, one.payload["by"]) for one in told] == [
        ("stand_in.named", "9001"),
        ("stand_in.ended", "9001"),
    ]


def test_who_may_stand_in_for_whom() -> None:
    found = {(own, role) for own in Role for role in Role if may_stand_in(own, role)}
    up = {(low, high) for n, low in enumerate(LADDER) for high in LADDER[n + 1 :]}
    beside = {(own, Role.RISK) for own in (Role.SENIOR, Role.SUPERVISOR, Role.MANAGER)}
    assert found == up | beside


def test_a_view_of_somebody_keeps_whose_role_is_whose() -> None:
    mine = ActorView(1, "1500", "陈静", Role.SENIOR)
    assert mine.acting(Role.SUPERVISOR).acting(Role.MANAGER).own_role is Role.SENIOR
    assert mine.acting(Role.SUPERVISOR).acting(None) == mine


def test_the_timeline_says_as_what(desk: Desk, senior: Desk, admin: Desk, buyer: int) -> None:
    case_id = senior.opened(order(desk.store, buyer))
    notes.add_note(senior.ctx, case_id, "之前")
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    notes.add_note(senior.ctx, case_id, "之后")
    page = case_page(desk.ctx, case_id)
    lines = [one for one in page.timeline if one.kind == "note.added"]
    assert [(one.by, one.standing_in) for one in lines] == [("1500", Role.SUPERVISOR), ("1500", None)]
    assert all("standing_in" not in one.params for one in lines)
    said = [entry.who for entry in timeline_entries(page) if entry.text.endswith(("之前", "之后"))]
    assert said == ["1500, as supervisor", "1500"]
