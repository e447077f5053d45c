"""Two desks at once on PostgreSQL: one wins, the other gets one clear line, and the journal stays whole.

There every desk writes at the same time as the others, as far as row locks let it; in a file one waits for
the whole of the other.
"""

from datetime import date
from pathlib import Path

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import ApprovalState, OrderStatus, Role, ShiftState, WalletState
from bdesk.models.tables import (
    Approval,
    Freeze,
    OutboxRow,
    Payment,
    ShiftItem,
    StandIn,
    Task,
    Wallet,
)
from bdesk.operations import approvals, outbox, queue, shift_handover, walking
from bdesk.operations.effects import commit
from bdesk.operations.staff import standing_in
from bdesk.operations.supervising import merging, reassigning
from tests.builders import Item, customer, order
from tests.data.racing import DONE, LAPTOP, Deed, House, asked, order_of
from tests.operations import frozen
from tests.operations.desk import Desk, NotThere, must_add_up, refunded
from tests.operations.test_after_sale import come_back

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 18)


def kinds(desk: Desk, case_id: int, *names: str) -> list[str]:
    return [one.kind for one in desk.events(case_id, *names)]


# Who has a case


def packed(house: House) -> tuple[Desk, int, int]:
    """Somebody's desk, their case, and its place in the package for the group."""
    desk = house.desk("1011", group="hotline")
    case_id = desk.opened(house.placed())
    shift_handover.pack(desk.ctx, "hotline")
    return desk, case_id, desk.rows(ShiftItem, case_id=case_id)[-1].id or 0


@pytest.mark.parametrize("second", ["accept", "decline", "take_back"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_packed_case_goes_one_way(house: House, second: str, turned: bool) -> None:
    desk, case_id, item = packed(house)
    next_one, third = (house.desk(number, group="hotline") for number in ("1012", "1013"))
    other = {
        "accept": house.by(third, shift_handover.accept, item),
        "decline": house.by(third, shift_handover.decline, item, "不熟悉"),
        "take_back": house.by(desk, shift_handover.take_back, item),
    }[second]
    deeds = [house.by(next_one, shift_handover.accept, item), other]
    said = house.race.on("work_case", case_id, *(reversed(deeds) if turned else deeds))
    assert said == [DONE, "shift.decided"]
    row = desk.row(ShiftItem, item)
    state = {"accept": ShiftState.ACCEPTED, "decline": ShiftState.DECLINED}.get(second, ShiftState.TAKEN_BACK)
    assert row.state is (state if turned else ShiftState.ACCEPTED)
    told = kinds(desk, case_id, "case.handed_over", "shift.declined", "shift.taken_back")
    assert len(told) == 1
    must_add_up(house.store)


@pytest.mark.parametrize("turned", [False, True])
def test_accepted_while_a_supervisor_takes_it_over(house: House, turned: bool) -> None:
    desk, case_id, item = packed(house)
    next_one, chief = house.desk("1012", group="hotline"), house.chief()
    deeds = [
        house.by(next_one, shift_handover.accept, item),
        house.by(chief, reassigning.take_over, case_id, "客户要求主管"),
    ]
    said = house.race.on("work_case", case_id, *(reversed(deeds) if turned else deeds))
    # From whoever holds it now: the one who was packed for no more, when that was the supervisor.
    assert said == ([DONE, "shift.gone"] if turned else [DONE, DONE])
    assert desk.case(case_id).owner_id == chief.ctx.actor.id
    (taken,) = desk.events(case_id, "case.taken_over")
    assert taken.payload["from"] == ("1011" if turned else "1012")
    must_add_up(house.store)


def test_two_supervisors_take_one_case_over(house: House) -> None:
    desk = house.desk()
    case_id = desk.opened(house.placed())
    one, two = house.chief(), house.chief("2002")
    takes = [house.by(who, reassigning.take_over, case_id, "客户要求主管") for who in (one, two)]
    assert house.race.on("work_case", case_id, *takes) == [DONE, DONE]
    first, second = desk.events(case_id, "case.taken_over")
    assert (first.payload["from"], second.payload["from"]) == ("1001", "2001")
    assert desk.case(case_id).owner_id == two.ctx.actor.id
    must_add_up(house.store)


def test_two_desks_take_the_one_case_that_waits(house: House) -> None:
    desk, other = house.desk(), house.desk("1002")
    case_id = desk.opened(house.placed(), take=False)
    takes = [house.by(desk, queue.take_next), house.by(other, queue.claim, case_id)]
    assert house.race.on("work_case", case_id, *takes) == [DONE, "case.not_yours"]
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    must_add_up(house.store)


def test_one_person_packs_at_two_desks(house: House) -> None:
    desk = house.desk("1011", group="hotline")
    case_id = desk.opened(house.placed())
    packs = [house.by(desk, shift_handover.pack, "hotline")] * 2
    assert house.race.on("work_case", case_id, *packs) == [DONE, "shift.nothing"]
    assert [row.case_id for row in desk.rows(ShiftItem)] == [case_id]
    must_add_up(house.store)


# Who decides


@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_two_people_decide_one_request(house: House, second: str) -> None:
    row = asked(house.desk())
    one, two = house.chief(), house.chief("2002")
    deeds = [
        house.by(one, approvals.decide, row.id, "approve", "同意"),
        house.by(two, approvals.decide, row.id, second, "不同意"),
    ]
    assert house.race.on("work_case", row.case_id, *deeds) == [DONE, "approval.decided"]
    (kept,) = one.rows(Approval)
    assert (kept.state, kept.decided_by) == (ApprovalState.APPROVED, "2001")
    assert len(one.events(row.case_id, "approval.decided")) == 1
    must_add_up(house.store)


@pytest.mark.parametrize("turned", [False, True])
def test_approved_while_its_maker_takes_it_back_to_change_the_sum(house: House, turned: bool) -> None:
    desk, chief = house.desk(), house.chief()
    row = asked(desk)
    version = desk.case(row.case_id).version
    deeds: list[Deed] = [
        house.by(chief, approvals.decide, row.id, "approve", "同意"),
        lambda store: Desk(store, desk.ctx.actor, house.ports).go(row.case_id, "withdrawn"),
    ]
    said = house.race.on("work_case", row.case_id, *(reversed(deeds) if turned else deeds))
    assert said[0] == DONE
    assert said[1] in (("approval.decided",) if turned else ("case.moved", "approval.decided")), said
    assert desk.case(row.case_id).version > version
    state = desk.row(Approval, row.id or 0).state
    assert state is (ApprovalState.WITHDRAWN if turned else ApprovalState.APPROVED)
    assert len(desk.events(row.case_id, "approval.decided")) == (0 if turned else 1)
    must_add_up(house.store)


def test_approved_while_another_case_pays_from_the_same_payment(house: House) -> None:
    """What is left to pay is bound into the request: it is decided, and opens nothing any more."""
    desk, other, chief = house.desk(), house.desk("1002"), house.chief()
    row = asked(desk)
    placed = order_of(desk, row.case_id)
    second = other.to_decision(other.opened(placed))
    pending = other.strip(second, "approve_part", amount=20000, why="协商")
    payment = desk.rows(Payment)[-1].id or 0
    pays = house.by(other, commit.commit, pending)
    decides = house.by(chief, approvals.decide, row.id, "approve", "同意")
    assert house.race.on("payment", payment, pays, decides) == [DONE, DONE]
    assert refunded(desk.store, placed) == (0, 20000)
    with pytest.raises(NotThere):
        desk.go(row.case_id, "refund")
    assert desk.step(row.case_id) == "assess/decide"
    must_add_up(house.store)


def test_parts_of_one_order_are_not_paid_past_a_limit_from_two_cases(house: House) -> None:
    """Each alone is within an agent's limit; the second of them is asked with what the first has paid."""
    desk = house.desk()
    placed = order(desk.store, customer(desk.store), items=LAPTOP, status=OrderStatus.CANCELLED)
    cases = [desk.to_decision(desk.opened(placed)) for _ in range(2)]
    pending = [desk.strip(one, "approve_part", amount=45000, why="协商") for one in cases]
    payment = desk.rows(Payment)[-1].id or 0
    said = house.race.on("payment", payment, *(house.by(desk, commit.commit, one) for one in pending))
    assert said == [DONE, "facts.moved"]
    assert refunded(desk.store, placed) == (0, 45000)
    assert desk.option(cases[1], "approve_part").offer == "refused"
    must_add_up(house.store)


@pytest.mark.parametrize("turned", [False, True])
def test_goods_that_are_exchanged_while_another_case_pays_them_back(house: House, turned: bool) -> None:
    desk, other = house.desk(), house.desk("1002")
    placed = house.placed()
    mine = come_back(desk, placed, kind="exchange", reason="quality", media=True)
    pending = other.strip(other.to_decision(other.opened(placed)), "approve")
    version = desk.case(mine).version
    deeds = [
        house.by(other, commit.commit, pending),
        house.by(desk, walking.answer, mine, version, "exchange/stock", "send", {}),
    ]
    payment = desk.rows(Payment)[-1].id or 0
    said = house.race.on("payment", payment, *(reversed(deeds) if turned else deeds))
    assert said == [DONE, "return.exchanged" if turned else "facts.moved"]
    assert refunded(desk.store, placed) == ((0, 0) if turned else (0, 12800))
    assert bool(desk.rows(Task, what="return_exchange")) is turned
    must_add_up(house.store)


def test_many_at_once_while_one_of_them_is_decided_alone(house: House) -> None:
    desk, one, two = house.desk(), house.chief(), house.chief("2002")
    rows = [asked(desk) for _ in range(3)]
    for row in rows:
        approvals.read_request(one.ctx, row.id or 0)
    ids = [row.id or 0 for row in rows]
    answers: list[approvals.Judged] = []

    def many(store: Store) -> None:
        ctx = Desk(store, one.ctx.actor, house.ports).ctx
        answers.extend(approvals.decide_many(ctx, ids, "approve", count=3, total_fen=270000))

    alone = house.by(two, approvals.decide, ids[1], "refuse", "不同意")
    assert house.race.on("work_case", rows[1].case_id, alone, many) == [DONE, DONE]
    codes = [answer.refused.code if answer.refused else answer.state for answer in answers]
    assert codes == [ApprovalState.APPROVED, "approval.decided", ApprovalState.APPROVED]
    assert [row.state.value for row in desk.rows(Approval)] == ["approved", "refused", "approved"]
    must_add_up(house.store)


@pytest.mark.parametrize("turned", [False, True])
def test_merged_while_its_request_is_decided(house: House, turned: bool) -> None:
    desk, one, two = house.desk(), house.chief(), house.chief("2002")
    row = asked(desk)
    target = desk.opened(order_of(desk, row.case_id))
    deeds = [
        house.by(one, approvals.decide, row.id, "approve", "同意"),
        house.by(two, merging.merge_into, row.case_id, desk.case(target).case_no, "同一件事"),
    ]
    said = house.race.on("work_case", row.case_id, *(reversed(deeds) if turned else deeds))
    assert said == [DONE, "approval.decided" if turned else DONE]
    assert not desk.case(row.case_id).open
    state = desk.row(Approval, row.id or 0).state
    assert state is (ApprovalState.WITHDRAWN if turned else ApprovalState.APPROVED)
    must_add_up(house.store)


def test_two_merges_into_each_other(house: House) -> None:
    desk, one, two = house.desk(), house.chief(), house.chief("2002")
    placed = house.placed()
    first, second = desk.opened(placed), desk.opened(placed)
    numbers = {case_id: desk.case(case_id).case_no for case_id in (first, second)}
    deeds = [
        house.by(one, merging.merge_into, first, numbers[second], "同一件事"),
        house.by(two, merging.merge_into, second, numbers[first], "同一件事"),
    ]
    said = house.race.on("work_case", max(first, second), *deeds)
    assert said[0] == DONE and said[1] in ("case.closed", "merge.no_target"), said
    assert [desk.case(one).open for one in (first, second)] == [False, True]
    must_add_up(house.store)


# A wallet


def test_two_checkers_and_two_hands_release_a_wallet_once(house: House) -> None:
    desk, one, two = house.desk(password_hash=frozen.hashed()), house.chief(), house.chief("2002")
    case_id = frozen.questioned(desk, frozen.verified(desk, frozen.rung(desk, frozen.freeze(house.store))))
    row = frozen.recommended(desk, case_id)
    deeds = [
        house.by(who, approvals.decide, row.id, "approve", "核对过凭证", password=frozen.PASSWORD)
        for who in (one, two)
    ]
    assert house.race.on("work_case", case_id, *deeds) == [DONE, "approval.decided"]
    pending = desk.strip(case_id, "lift", again_tail=frozen.WALLET_TAIL)
    said = house.race.on("work_case", case_id, *[house.by(desk, commit.commit, pending)] * 2)
    assert said == [DONE, "case.moved"]
    desk.later(seconds=11)
    held = desk.rows(OutboxRow)[-1].id or 0
    assert house.race.on("outbox", held, *[house.by(desk, outbox.release_due)] * 2) == [DONE, DONE]
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
    assert desk.rows(Freeze)[0].released_at is not None
    assert len(desk.events(case_id, "release.done")) == 1
    must_add_up(house.store)


# Standing in


def test_two_administrators_name_the_same_person(house: House) -> None:
    one, two = (house.desk(number, Role.ADMIN) for number in ("9001", "9002"))
    senior = house.desk("1500", Role.SENIOR)
    deeds = [
        house.by(who, standing_in.name, "1500", role, TODAY, TODAY)
        for who, role in ((one, Role.SUPERVISOR), (two, Role.MANAGER))
    ]
    assert house.race.on("staff", senior.ctx.actor.id, *deeds) == [DONE, "stand_in.overlaps"]
    assert [row.role for row in senior.rows(StandIn)] == [Role.SUPERVISOR]
    must_add_up(house.store)


@pytest.mark.parametrize("turned", [False, True])
def test_a_stand_in_is_ended_while_they_decide(house: House, turned: bool) -> None:
    """In the role or not at all: never by the old limits, and never without saying whose they were."""
    admin, senior, desk = house.desk("9001", Role.ADMIN), house.desk("1500", Role.SENIOR), house.desk()
    placed = order(house.store, customer(house.store), items=[Item(price_fen=900000)])
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approval", why="超出权限")
    row = desk.rows(Approval)[-1]
    number = standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, TODAY, TODAY)
    deeds = [
        house.by(senior, approvals.decide, row.id, "approve", "同意"),
        house.by(admin, standing_in.end, number),
    ]
    said = house.race.on("work_case", case_id, *(reversed(deeds) if turned else deeds))
    decided = desk.row(Approval, row.id or 0).state is ApprovalState.APPROVED
    assert said[1 if turned else 0] == (DONE if decided else "limits.above")
    assert [one.payload.get("standing_in") for one in desk.events(case_id, "approval.decided")] == (
        ["supervisor"] if decided else []
    )
    must_add_up(house.store)
