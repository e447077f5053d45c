"""Ways to decide, or to bury, an appeal against oneself (P5; docs/decisions/0030)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, Channel, EvidenceKind, Role
from bdesk.operations import raising
from bdesk.operations.staff.groups import ensure_groups
from bdesk.operations.supervising.kinds import set_kind
from bdesk.operations.supervising.merging import merge_into
from bdesk.operations.supervising.reassigning import take_over
from tests.builders import Placed, clock_of, customer, order, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.test_appeals import done, piece

REJECTED = ("reject", "past_deadline", "close")
RESULT = {"result": "not_upheld", "why": "维持原决定", "rule": "条款"}


class House:
    """A customer with orders, a supervisor who refused one of them, and others."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.write("test") as unit:
            ensure_groups(unit)
            unit.commit()
        self.agent = Desk(store, person(store, "1001"))
        self.chief = Desk(store, person(store, "2001", Role.SUPERVISOR), self.agent.ports)
        self.other = Desk(store, person(store, "2002", Role.SUPERVISOR), self.agent.ports)
        self.buyer = customer(store, email="w@example.com")

    def placed(self) -> Placed:
        return order(self.store, self.buyer, signed_days=8)

    def refused(self, desk: Desk, placed: Placed) -> int:
        """A refund that this person refused and closed."""
        case_id = desk.opened(placed)
        desk.to_decision(case_id)
        for option in REJECTED:
            desk.go(case_id, option)
        return case_id

    def later(self) -> None:
        clock_of(self.store).move(timedelta(days=2))
        self.agent.release()

    def appeal(self, desk: Desk, placed: Placed | None, *then: str) -> int:
        case_id = desk.opened(
            placed,
            kind=CaseKind.APPEAL,
            channel=Channel.APP_CHAT,
            reason=None,
            media=False,
            hours=0,
            customer_id=self.buyer if placed is None else None,
        )
        piece(desk, case_id, EvidenceKind.CHAT_RECORD)
        for option in ("result", *then):
            desk.go(case_id, option)
        return case_id


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def code_of(deed: Callable[[], object]) -> str:
    with pytest.raises(NotAllowed) as refused:
        deed()
    return refused.value.code


def must_be_anothers(house: House, case_id: int, desk: Desk) -> None:
    """The facts that the screen goes by and the effects themselves keep this person out of it."""
    assert desk.fact(case_id, "appeal.touched_by_me") is True
    assert desk.fact(case_id, "appeal.may_decide") is False
    assert done(desk, case_id, "appeal.decide", RESULT) == "appeal.touched"


# Nothing linked


def test_an_appeal_with_no_case_linked_is_not_for_who_refused_its_order(house: House) -> None:
    placed = house.placed()
    house.refused(house.chief, placed)
    house.later()
    case_id = house.appeal(house.chief, placed, "service")
    assert house.chief.fact(case_id, "appeal.contested_no") is None
    must_be_anothers(house, case_id, house.chief)
    assert done(house.other, case_id, "appeal.decide", RESULT) is None


@pytest.mark.parametrize("with_order", [True, False])
def test_an_appeal_that_names_no_decision_is_for_who_decided_nothing_for_the_customer(
    house: House, with_order: bool
) -> None:
    house.refused(house.chief, house.placed())
    house.later()
    case_id = house.appeal(house.agent, house.placed() if with_order else None, "service")
    must_be_anothers(house, case_id, house.chief)
    assert house.other.fact(case_id, "appeal.may_decide") is True


def test_a_second_level_names_no_decision_by_the_result_of_the_first(house: House) -> None:
    """What the first level said about an appeal against nothing does not say which decision is meant."""
    house.refused(house.chief, house.placed())
    house.later()
    case_id = house.appeal(house.agent, house.placed(), "service", "complete", "admit", "group")
    house.other.go(case_id, "simple")
    house.other.go(case_id, "send", finding="已核")
    house.other.go(case_id, "not_upheld", reasons="维持", basis="条款")
    house.other.go(case_id, "second", objection="不服")
    assert house.other.fact(case_id, "appeal.level") == 2
    must_be_anothers(house, case_id, house.chief)


def test_what_was_decided_for_somebody_else_keeps_nobody_out(house: House) -> None:
    theirs = order(house.store, customer(house.store), signed_days=8)
    house.refused(house.chief, theirs)
    mine = house.placed()
    house.refused(house.agent, mine)
    house.later()
    assert house.chief.fact(house.appeal(house.agent, mine, "service"), "appeal.may_decide") is True


def test_another_order_keeps_nobody_out_where_the_contested_decision_is_named(house: House) -> None:
    house.refused(house.chief, house.placed())
    mine = house.placed()
    house.refused(house.agent, mine)
    house.later()
    case_id = house.appeal(house.agent, mine, "suggested")
    assert house.chief.fact(case_id, "appeal.may_decide") is True


def test_who_only_answered_about_the_order_has_not_touched_it(house: House) -> None:
    placed = house.placed()
    house.refused(house.agent, placed)
    house.chief.opened(placed, kind=CaseKind.CONSULTATION, channel=Channel.HOTLINE, reason=None)
    house.later()
    case_id = house.appeal(house.agent, placed, "suggested")
    assert house.chief.fact(case_id, "appeal.may_decide") is True


# Another case than the one that is meant


def test_an_appeal_contests_no_case_of_another_order(house: House) -> None:
    mine, harmless = house.placed(), house.placed()
    house.refused(house.chief, mine)
    theirs = house.refused(house.agent, harmless)
    house.later()
    case_id = house.appeal(house.chief, mine)
    number = house.chief.case(theirs).case_no
    assert done(house.chief, case_id, "appeal.contest", {"case_no": number}) == "appeal.other_order"
    by_number = partial(house.chief.go, case_id, "by_number", earlier_no=number)
    assert code_of(by_number) == "appeal.other_order"
    must_be_anothers(house, case_id, house.chief)


def test_who_touched_an_appeal_s_order_names_no_other_one(house: House) -> None:
    mine, harmless = house.placed(), house.placed()
    house.refused(house.chief, mine)
    house.refused(house.agent, harmless)
    house.later()
    case_id = house.appeal(house.chief, mine)
    attach = {"order_no": harmless.order_no}
    assert done(house.chief, case_id, "contact.attach_order", attach) == "appeal.touched"
    assert done(house.other, case_id, "contact.attach_order", attach) is None


def test_an_appeal_that_was_decided_is_about_nothing_else_afterwards(house: House) -> None:
    mine, harmless = house.placed(), house.placed()
    meant = house.refused(house.chief, mine)
    house.refused(house.agent, harmless)
    house.later()
    case_id = house.appeal(house.agent, harmless, "suggested", "complete", "admit", "group")
    house.chief.go(case_id, "simple")
    house.chief.go(case_id, "send", finding="已核")
    house.chief.go(case_id, "not_upheld", reasons="维持", basis="条款")
    for name, given in (
        ("contact.attach_order", {"order_no": mine.order_no}),
        ("appeal.contest", {"case_no": house.chief.case(meant).case_no}),
    ):
        assert done(house.chief, case_id, name, given) == "appeal.decided"


def test_an_appeal_of_nobody_known_is_decided_by_nobody(house: House) -> None:
    """Else it would be somebody's afterwards, and against who decided it."""
    house.refused(house.chief, house.placed())
    house.later()
    case_id = house.chief.opened(
        None, kind=CaseKind.APPEAL, channel=Channel.HOTLINE, reason=None, media=False, hours=0
    )
    assert done(house.chief, case_id, "appeal.decide", RESULT) == "verification.no_customer"


# Merging


def test_an_appeal_is_not_merged_into_one_about_something_else(house: House) -> None:
    mine, harmless = house.placed(), house.placed()
    house.refused(house.chief, mine)
    house.refused(house.agent, harmless)
    house.later()
    against = house.appeal(house.agent, mine, "suggested")
    into = house.appeal(house.agent, harmless, "suggested")
    number = house.agent.case(into).case_no
    for ctx in (house.chief.ctx, house.other.ctx):
        assert code_of(partial(merge_into, ctx, against, number, "重复")) == "merge.other_appeal"
    assert done(house.agent, against, "case.merge", {"into": number}) == "merge.other_appeal"
    assert house.agent.case(against).open
    must_add_up(house.store)


def test_two_appeals_about_one_order_become_one(house: House) -> None:
    placed = house.placed()
    house.refused(house.agent, placed)
    house.later()
    first = house.appeal(house.agent, placed, "suggested")
    second = house.agent.opened(
        placed, kind=CaseKind.APPEAL, channel=Channel.APP_CHAT, reason=None, media=False, hours=0
    )
    merge_into(house.chief.ctx, second, house.agent.case(first).case_no, "同一件事")
    assert not house.agent.case(second).open


def test_hands_of_a_case_that_was_merged_into_the_contested_one_stay(house: House) -> None:
    placed, theirs = house.placed(), house.placed()
    merged = house.chief.opened(theirs)
    house.chief.to_decision(merged)
    house.chief.go(merged, "reject")
    house.chief.go(merged, "past_deadline")
    into = house.agent.opened(placed)
    house.chief.later(seconds=11)
    house.chief.release()
    merge_into(house.chief.ctx, merged, house.agent.case(into).case_no, "重复")
    house.agent.to_decision(into)
    for option in REJECTED:
        house.agent.go(into, option)
    house.later()
    case_id = house.appeal(house.agent, placed, "suggested")
    assert house.agent.fact(case_id, "appeal.contested_no") == house.agent.case(into).case_no
    must_be_anothers(house, case_id, house.chief)


# Another kind


@pytest.mark.parametrize("to", [CaseKind.REFUND, CaseKind.FEEDBACK, CaseKind.COMPLAINT])
def test_an_appeal_is_made_nothing_else_by_who_it_is_against(house: House, to: CaseKind) -> None:
    placed = house.placed()
    house.refused(house.chief, placed)
    house.later()
    case_id = house.appeal(house.agent, placed, "suggested", "complete", "admit")
    assert code_of(lambda: take_over(house.chief.ctx, case_id, "我来")) == "reassign.touched"
    assert code_of(lambda: set_kind(house.chief.ctx, case_id, to, "其实不是申诉")) == "appeal.touched"
    assert house.chief.case(case_id).kind is CaseKind.APPEAL
    assert done(house.chief, case_id, "case.convert", {"kind": to.value}) == "appeal.touched"
    set_kind(house.other.ctx, case_id, to, "其实不是申诉")
    assert house.chief.case(case_id).kind is to


def test_f7_makes_it_no_complaint_either(house: House) -> None:
    placed = house.placed()
    house.refused(house.agent, placed)
    house.later()
    case_id = house.appeal(house.agent, placed)
    assert house.agent.option(case_id, "none").offer.value == "refused"
    assert code_of(lambda: raising.to_complaint(house.agent.ctx, case_id, "服务")) == "appeal.touched"
    raising.hand_over(house.agent.ctx, case_id, "appeals", "我经手过")
    assert house.agent.case(case_id).owner_id is None
    must_add_up(house.store)


# The end of it


@pytest.mark.parametrize("outcome", ["withdrawn", "no_contact", "answered"])
def test_nobody_ends_an_appeal_against_themselves(house: House, outcome: str) -> None:
    placed = house.placed()
    house.refused(house.agent, placed)
    house.later()
    case_id = house.appeal(house.agent, placed, "suggested", "withdrawn")
    for option in ("confirm", "spoken", "silent"):
        assert house.agent.option(case_id, option).offer.value == "refused"
    assert done(house.agent, case_id, "case.close", {"outcome": outcome}) == "appeal.touched"
    house.agent.go(case_id, "pass_on")
    assert house.agent.case(case_id).owner_id is None
    house.other.go(case_id, "confirm")
    house.other.go(case_id, "close")
    assert house.other.case(case_id).outcome is CaseOutcome.WITHDRAWN
    must_add_up(house.store)


def test_an_unverified_caller_ends_no_appeal_by_who_it_is_against(house: House) -> None:
    placed = house.placed()
    house.refused(house.agent, placed)
    house.later()
    case_id = house.agent.opened(
        placed, kind=CaseKind.APPEAL, channel=Channel.HOTLINE, reason=None, media=False, hours=0
    )
    house.agent.go(case_id, "result")
    while house.agent.step(case_id) != "unverified":
        house.agent.go(case_id, "refused")
    for option in ("letter", "close"):
        assert house.agent.option(case_id, option).offer.value == "refused"
    house.agent.go(case_id, "pass_on")
    assert house.agent.case(case_id).owner_id is None


def test_a_result_is_told_by_anybody_and_never_withdrawn_by_who_it_is_against(house: House) -> None:
    placed = house.placed()
    house.refused(house.agent, placed)
    house.later()
    case_id = house.appeal(house.agent, placed, "suggested", "complete", "admit", "group")
    house.other.go(case_id, "simple")
    house.other.go(case_id, "send", finding="已核")
    house.other.go(case_id, "upheld", reasons="成立", basis="条款")
    for outcome in ("withdrawn", "no_contact", "not_upheld"):
        assert done(house.agent, case_id, "case.close", {"outcome": outcome}) == "appeal.touched"
    assert done(house.agent, case_id, "case.close", {"outcome": "upheld"}) != "appeal.touched"
