"""Handing over a shift: packed at once, accepted case by case, on a real file."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from bdesk.data.store import Store
from bdesk.errors import BadInput, CaseMoved, DeskError, NotAllowed, StoreProblem
from bdesk.i18n import set_language
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import Role, ShiftState
from bdesk.models.tables import CaseText, ClockRow, ShiftHandover, ShiftItem
from bdesk.operations import promises, queue, raising, undoing
from bdesk.operations.effects import adhoc, commit
from bdesk.operations.looking import shifts
from bdesk.operations.looking.case import case_page
from bdesk.operations.shift_handover import accept, decline, pack, take_back
from bdesk.operations.staff import standing_in
from bdesk.operations.staff.arriving import arrival
from bdesk.operations.supervising.merging import merge_into
from bdesk.operations.supervising.reassigning import reassign
from bdesk.rules.shifts import SHIFT
from bdesk.screens.case.side import timeline_entries
from tests.builders import Placed, customer, make_store, order, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_appeals import House

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1011", name="林晓", group="hotline"), desk.ports)


@pytest.fixture
def next_one(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1012", name="陈默", group="hotline"), desk.ports)


@pytest.fixture
def third(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1013", name="何雨", group="hotline"), desk.ports)


def opened(desk: Desk) -> int:
    return desk.opened(order(desk.store, customer(desk.store)))


def item_of(desk: Desk, case_id: int) -> int:
    return desk.rows(ShiftItem, case_id=case_id)[-1].id or 0


def clocks(desk: Desk, case_id: int) -> list[tuple[object, ...]]:
    rows = desk.rows(ClockRow, case_id=case_id)
    return [(row.kind, row.number, row.run, row.start_at, row.due_at, row.outcome) for row in rows]


def numbers(rows: tuple[shifts.OfferedRow, ...]) -> list[int]:
    return [row.case_id for row in rows]


def test_nothing_changes_hands_before_it_is_accepted(desk: Desk, next_one: Desk) -> None:
    cases = [opened(desk), opened(desk)]
    queue.release(desk.ctx, opened(desk))
    before = [clocks(desk, one) for one in cases]
    done = pack(desk.ctx, "hotline", "注意第一件的客户脾气急")
    assert (done.code, done.params["count"]) == ("shift.packed", 2)
    assert [desk.case(one).owner_id for one in cases] == [desk.ctx.actor.id] * 2
    assert numbers(shifts.for_me(next_one.ctx)) == numbers(shifts.mine(desk.ctx)) == cases
    assert shifts.for_me(desk.ctx) == ()
    assert arrival(desk.store, next_one.ctx.actor).offered == 2
    accept(next_one.ctx, item_of(desk, cases[0]))
    assert [desk.case(one).owner_id for one in cases] == [next_one.ctx.actor.id, desk.ctx.actor.id]
    assert [clocks(desk, one) for one in cases] == before
    assert numbers(shifts.for_me(next_one.ctx)) == cases[1:]
    (event,) = desk.events(cases[0], "case.handed_over")
    assert (event.actor, event.payload["from"], event.payload["to"]) == ("1012", "1011", "1012")
    assert arrival(desk.store, next_one.ctx.actor).offered == 1
    desk.go(cases[1], "whole")
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        desk.go(cases[0], "whole")
    must_add_up(desk.store)


def test_words_and_half_typed_work_go_along_and_no_secret_does(desk: Desk, next_one: Desk) -> None:
    first, second, third = opened(desk), opened(desk), opened(desk)
    drafts = {first: "客户说下午三点方便", second: "卡号 6222021234567890128", 999: "不是我的"}
    pack(desk.ctx, "1012", "请先回第一件", drafts)
    rows = {row.case_id: row for row in shifts.for_me(next_one.ctx)}
    assert rows[first].words == "请先回第一件\n客户说下午三点方便"
    assert rows[second].words.startswith("请先回第一件\n卡号 ")
    assert "6222021234567890128" not in rows[second].words
    assert rows[third].words == "请先回第一件"
    bodies = [row.body for row in desk.rows(CaseText, kind="hand_over")]
    assert not any("6222021234567890128" in body or "不是我的" in body for body in bodies)
    with pytest.raises(NotAllowed, match=r"text\.secret"):
        pack(desk.ctx, "hotline", "卡号 6222021234567890128")
    must_add_up(desk.store)


def test_what_is_owed_and_what_stands_is_packed(desk: Desk, next_one: Desk) -> None:
    case_id = opened(desk)
    promises.make(desk.ctx, case_id, "回复进度", desk.ctx.now() + 2 * HOUR)
    commit.commit(desk.ctx, adhoc.plan_stop(desk.ctx, case_id, "customer", "请补发照片"))
    standing = [row for row in desk.rows(ClockRow, case_id=case_id) if row.run is RunState.PAUSED]
    found = shifts.summary(desk.ctx)
    assert (found.cases, found.promises, found.stopped) == (frozenset({case_id}), 1, len(standing))
    pack(desk.ctx, "hotline")
    (row,) = shifts.for_me(next_one.ctx)
    assert row.promises == (("回复进度", desk.ctx.now() + 2 * HOUR),)
    assert list(row.stopped) == [(one.waiting_for, one.resume_at) for one in standing]
    (event,) = desk.events(case_id, "shift.offered")
    assert len(event.payload["promises"]) == 1  # type: ignore[arg-type]
    assert len(event.payload["stopped"]) == len(standing) > 0  # type: ignore[arg-type]
    assert shifts.summary(desk.ctx).cases == frozenset()
    must_add_up(desk.store)


def test_a_case_is_in_one_package_at_a_time(desk: Desk, next_one: Desk) -> None:
    case_id = opened(desk)
    pack(desk.ctx, "hotline")
    with pytest.raises(NotAllowed, match=r"shift\.nothing"):
        pack(desk.ctx, "1012")
    later = opened(desk)
    pack(desk.ctx, "1012")
    assert len(desk.rows(ShiftItem, case_id=case_id)) == 1
    take_back(desk.ctx, item_of(desk, case_id))
    with pytest.raises(NotAllowed, match=r"shift\.decided"):
        accept(next_one.ctx, item_of(desk, case_id))
    pack(desk.ctx, "1012")
    accept(next_one.ctx, item_of(desk, case_id))
    assert numbers(shifts.for_me(next_one.ctx)) == [later]
    must_add_up(desk.store)


def test_it_is_declined_with_a_reason_into_the_queue_of_the_group(desk: Desk, next_one: Desk) -> None:
    case_id = opened(desk)
    pack(desk.ctx, "hotline")
    with pytest.raises(BadInput, match=r"note\.empty"):
        decline(next_one.ctx, item_of(desk, case_id), " ")
    decline(next_one.ctx, item_of(desk, case_id), "今天只接电话")
    case = desk.case(case_id)
    assert (case.owner_id, case.group_id, case.open) == (None, desk.ctx.actor.group_id, True)
    with pytest.raises(NotAllowed, match=r"shift\.decided"):
        accept(next_one.ctx, item_of(desk, case_id))
    assert queue.take_next(next_one.ctx).case_id == case_id
    must_add_up(desk.store)


def test_who_packed_it_accepts_it_never(desk: Desk, next_one: Desk, third: Desk) -> None:
    case_id = opened(desk)
    pack(desk.ctx, "hotline")
    number = item_of(desk, case_id)
    with pytest.raises(NotAllowed, match=r"shift\.own"):
        accept(desk.ctx, number)
    with pytest.raises(NotAllowed, match=r"shift\.own"):
        decline(desk.ctx, number, "不要")
    with pytest.raises(NotAllowed, match=r"shift\.not_packed"):
        take_back(third.ctx, number)
    with pytest.raises(NotAllowed, match=r"shift\.yourself"):
        pack(desk.ctx, "1011")
    with pytest.raises(NotAllowed, match=r"staff\.unknown"):
        pack(desk.ctx, "nobody")
    with pytest.raises(NotAllowed, match=r"shift\.unknown"):
        accept(next_one.ctx, number + 1)
    must_add_up(desk.store)


def test_for_a_colleague_it_waits_a_shift_long_and_then_for_the_group(
    desk: Desk, next_one: Desk, third: Desk, chief: Desk, store: Store
) -> None:
    stranger = Desk(store, person(store, "1014", group="payment"), desk.ports)
    case_id = opened(desk)
    pack(desk.ctx, "1012")
    number = item_of(desk, case_id)
    seen = [numbers(shifts.for_me(one.ctx)) for one in (next_one, third, chief, stranger)]
    assert seen == [[case_id], [], [case_id], []]
    with pytest.raises(NotAllowed, match=r"shift\.not_yours"):
        accept(third.ctx, number)
    desk.later(seconds=int(SHIFT.total_seconds()))
    seen = [numbers(shifts.for_me(one.ctx)) for one in (next_one, third, chief, stranger)]
    assert seen == [[case_id], [case_id], [case_id], []]
    with pytest.raises(NotAllowed, match=r"shift\.not_yours"):
        accept(stranger.ctx, number)
    accept(third.ctx, number)
    assert desk.case(case_id).owner_id == third.ctx.actor.id
    must_add_up(desk.store)


def test_what_was_closed_or_taken_meanwhile_drops_out_with_a_word(
    desk: Desk, next_one: Desk, chief: Desk, placed: Placed
) -> None:
    taken, closed, stays = opened(desk), desk.opened(placed), desk.opened(placed)
    pack(desk.ctx, "hotline")
    reassign(chief.ctx, taken, "1012", "客户点名")
    merge_into(chief.ctx, closed, desk.case(stays).case_no, "同一件事")
    assert not desk.case(closed).open
    rows = {row.case_id: row.gone for row in shifts.for_me(next_one.ctx)}
    assert rows == {taken: "taken", closed: "closed", stays: ""}
    assert numbers(shifts.for_me(next_one.ctx))[0] == stays
    assert arrival(desk.store, next_one.ctx.actor).offered == 1
    for case_id, code in ((taken, "gone"), (closed, "closed")):
        with pytest.raises(NotAllowed, match=rf"shift\.{code}"):
            accept(next_one.ctx, item_of(desk, case_id))
        with pytest.raises(NotAllowed, match=rf"shift\.{code}"):
            decline(next_one.ctx, item_of(desk, case_id), "不接")
    opened(desk)
    pack(desk.ctx, "hotline")
    states = [desk.rows(ShiftItem, case_id=one)[-1].state for one in (taken, closed, stays)]
    assert states == [ShiftState.DROPPED, ShiftState.DROPPED, ShiftState.OFFERED]
    assert desk.case(taken).owner_id == next_one.ctx.actor.id
    must_add_up(desk.store)


def test_two_desks_accept_at_once_and_one_has_it(desk: Desk, next_one: Desk, third: Desk) -> None:
    case_id = opened(desk)
    pack(desk.ctx, "hotline")
    number = item_of(desk, case_id)
    said: dict[str, str] = {}
    gate = Barrier(2)

    def at(one: Desk) -> None:
        gate.wait()
        try:
            said[one.ctx.actor.number] = accept(one.ctx, number).code
        except (CaseMoved, StoreProblem, DeskError) as refused:
            said[one.ctx.actor.number] = refused.code

    hands = [Thread(target=at, args=(one,)) for one in (next_one, third)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(said.values())[-1:] + sorted(said.values())[:1] == ["shift.decided", "shift.accepted"]
    winner = next(one for one in (next_one, third) if said[one.ctx.actor.number] == "shift.accepted")
    assert desk.case(case_id).owner_id == winner.ctx.actor.id
    assert len(desk.events(case_id, "case.handed_over")) == 1
    must_add_up(desk.store)


def test_nobody_accepts_their_own_matter_or_what_is_above_them(
    desk: Desk, next_one: Desk, chief: Desk, store: Store
) -> None:
    buyer = customer(store)
    own = Desk(store, person(store, "1015", group="hotline", customer_id=buyer), desk.ports)
    case_id = desk.opened(order(store, buyer))
    pack(desk.ctx, "hotline")
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        accept(own.ctx, item_of(desk, case_id))
    raised = opened(desk)
    raising.raise_case(desk.ctx, raised, "supervisor", "拿不准")
    queue.claim(chief.ctx, raised)
    pack(chief.ctx, "hotline")
    with pytest.raises(NotAllowed, match=r"shift\.above"):
        accept(next_one.ctx, item_of(desk, raised))
    other = Desk(store, person(store, "2002", Role.SUPERVISOR), desk.ports)
    accept(other.ctx, item_of(desk, raised))
    assert desk.case(raised).owner_id == other.ctx.actor.id
    must_add_up(desk.store)


def test_who_decided_what_an_appeal_contests_does_not_accept_it(tmp_path: Path) -> None:
    with make_store(tmp_path) as own:
        house = House(own)
        appeal = house.raised(house.other)
        assert house.other.case(appeal).owner_id == house.other.ctx.actor.id
        pack(house.other.ctx, house.first.ctx.actor.number)
        with pytest.raises(NotAllowed, match=r"reassign\.touched"):
            accept(house.first.ctx, item_of(house.first, appeal))
        must_add_up(own)


@pytest.mark.parametrize(
    ("lang", "said", "accepted"),
    [("zh", "交班给陈默，待接", "已从林晓接手"), ("en", "Packed for 陈默", "accepted from 林晓")],
)
def test_the_timeline_names_people(desk: Desk, next_one: Desk, lang: str, said: str, accepted: str) -> None:
    set_language(lang)
    case_id = opened(desk)
    pack(desk.ctx, "1012", "下午三点前回电")
    accept(next_one.ctx, item_of(desk, case_id))
    lines = [one.text for one in timeline_entries(case_page(desk.ctx, case_id))]
    assert any(said in text and "下午三点前回电" in text for text in lines)
    assert any(accepted in text for text in lines)
    assert not any("1012" in text for text in lines)


def test_packing_is_not_undone_but_taken_back(desk: Desk) -> None:
    case_id = opened(desk)
    pack(desk.ctx, "hotline")
    with pytest.raises(NotAllowed, match=r"undo\.never"):
        undoing.undo(desk.ctx, case_id)
    take_back(desk.ctx, item_of(desk, case_id))
    assert shifts.mine(desk.ctx) == ()
    assert shifts.summary(desk.ctx).cases == frozenset({case_id})


@pytest.mark.parametrize("part", ["state", "receiver"])
def test_a_hand_over_that_was_changed_in_the_file_is_noticed(desk: Desk, next_one: Desk, part: str) -> None:
    case_id = opened(desk)
    pack(desk.ctx, "1012")
    must_add_up(desk.store)
    with desk.store.write("test") as unit:
        if part == "state":
            unit.session.get_one(ShiftItem, item_of(desk, case_id)).state = ShiftState.ACCEPTED
        else:
            unit.session.get_one(ShiftHandover, 1).receiver = "1013"
        unit.commit()
    with pytest.raises(AssertionError, match=r"shift\.differs"):
        must_add_up(desk.store)


def test_who_stands_in_for_a_supervisor_accepts_what_a_supervisor_decides(
    desk: Desk, chief: Desk, store: Store
) -> None:
    senior = Desk(store, person(store, "1500", Role.SENIOR), desk.ports)
    admin = Desk(store, person(store, "9001", Role.ADMIN), desk.ports)
    raised = opened(desk)
    raising.raise_case(desk.ctx, raised, "supervisor", "拿不准")
    queue.claim(chief.ctx, raised)
    pack(chief.ctx, "1500")
    with pytest.raises(NotAllowed, match=r"shift\.above"):
        accept(senior.ctx, item_of(desk, raised))
    today = desk.ctx.now().date()
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, today, today)
    assert numbers(shifts.for_me(senior.ctx)) == [raised]
    accept(senior.ctx, item_of(desk, raised))
    assert desk.case(raised).owner_id == senior.ctx.actor.id
    must_add_up(desk.store)
