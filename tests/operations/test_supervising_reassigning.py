"""Giving a case to a named person and taking one from a colleague, on a real file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bdesk.data.drafts import Drafts
from bdesk.data.store import Store
from bdesk.errors import BadInput, DeskError, NotAllowed
from bdesk.i18n import set_language
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import CaseState, Role, Stream
from bdesk.models.tables import CaseText, ClockRow, Staff
from bdesk.models.views.changed import Changed
from bdesk.operations import parking, queue, raising, undoing
from bdesk.operations.looking.case import case_page
from bdesk.operations.supervising.reassigning import reassign, take_over
from bdesk.screens.case.side import timeline_entries
from tests.builders import Placed, customer, order, person
from tests.operations.desk import Desk, must_add_up


@pytest.fixture
def other(store: Store, desk: Desk) -> Desk:
    return Desk(store, person(store, "1002", name="陈默"), desk.ports)


def clocks(desk: Desk, case_id: int) -> list[tuple[object, ...]]:
    rows = desk.rows(ClockRow, case_id=case_id)
    return [(row.kind, row.number, row.run, row.start_at, row.due_at, row.outcome) for row in rows]


@pytest.mark.parametrize("held", ["mine", "nobody's", "aside", "waiting"])
def test_a_case_goes_to_a_named_person_and_its_clocks_run_on(
    desk: Desk, chief: Desk, other: Desk, placed: Placed, held: str
) -> None:
    case_id = desk.opened(placed)
    if held == "nobody's":
        queue.release(desk.ctx, case_id)
    elif held == "aside":
        parking.put_aside(desk.ctx, case_id)
    elif held == "waiting":
        raising.raise_case(desk.ctx, case_id, "manager", "客户要求")
    before, state = clocks(desk, case_id), desk.case(case_id).state
    done = reassign(chief.ctx, case_id, " 1002 ", "林晓今天请假")
    case = desk.case(case_id)
    assert (case.owner_id, case.aside, case.state) == (other.ctx.actor.id, False, state)
    assert clocks(desk, case_id) == before
    (event,) = desk.events(case_id, "case.reassigned")
    assert (event.payload["from"], event.payload["to"]) == (None if held == "nobody's" else "1001", "1002")
    assert desk.row(CaseText, int(str(event.payload["text"]))).body == "林晓今天请假"
    assert (done.code, done.params["person"]) == ("case.reassigned", "陈默")
    must_add_up(desk.store)


def test_a_case_is_taken_from_a_colleague(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    before = clocks(desk, case_id)
    take_over(chief.ctx, case_id, "客户投诉等得太久")
    assert desk.case(case_id).owner_id == chief.ctx.actor.id
    assert clocks(desk, case_id) == before
    with pytest.raises(NotAllowed, match=r"case\.not_yours"):
        desk.go(case_id, "whole")
    chief.go(case_id, "whole")
    must_add_up(desk.store)


def test_what_the_one_who_held_it_has_typed_stays_theirs(
    desk: Desk, chief: Desk, other: Desk, placed: Placed, tmp_path: Path
) -> None:
    case_id = desk.opened(placed)
    path, store_id = tmp_path / "drafts.db", desk.store.info.store_id
    with Drafts(store_id, "1001", path) as drafts:
        drafts.save(f"case:{case_id}", "note", "客户说下午")
    reassign(chief.ctx, case_id, "1002", "换人")
    with Drafts(store_id, "1001", path) as mine, Drafts(store_id, "1002", path) as theirs:
        assert mine.load(f"case:{case_id}") == {"note": "客户说下午"}
        assert theirs.load(f"case:{case_id}") == {}


@pytest.mark.parametrize(
    ("lang", "given", "taken"),
    [("zh", "转给陈默", "从陈默手中接过"), ("en", "Given to 陈默", "Taken over from 陈默")],
)
def test_the_timeline_says_who_by_name_and_why(
    desk: Desk, chief: Desk, other: Desk, placed: Placed, lang: str, given: str, taken: str
) -> None:
    set_language(lang)
    case_id = desk.opened(placed)
    reassign(chief.ctx, case_id, "1002", "林晓请假")
    take_over(chief.ctx, case_id, "还是我来")
    said = [one.text for one in timeline_entries(case_page(desk.ctx, case_id))]
    assert any(given in text and "林晓请假" in text for text in said)
    assert any(taken in text and "还是我来" in text for text in said)
    assert not any("1002" in text for text in said)


def test_it_is_undone_within_a_minute(desk: Desk, chief: Desk, other: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    reassign(chief.ctx, case_id, "1002", "换人")
    undoing.undo(chief.ctx, case_id)
    assert desk.case(case_id).owner_id == desk.ctx.actor.id
    assert desk.events(case_id, "case.reassigned") == []
    must_add_up(desk.store)


def test_a_raised_case_that_is_given_back_was_decided(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    raising.raise_case(desk.ctx, case_id, "supervisor", "拿不准")
    queue.claim(chief.ctx, case_id)
    reassign(chief.ctx, case_id, "1001", "按规则退款即可")
    assert desk.case(case_id).escalated_to is None
    assert desk.clock(case_id, "escalation_decision").run is RunState.STOPPED
    raising.raise_case(desk.ctx, case_id, "supervisor", "又有新情况")
    must_add_up(desk.store)


def test_what_is_raised_above_a_supervisor_stays_raised(
    desk: Desk, chief: Desk, other: Desk, placed: Placed
) -> None:
    case_id = desk.opened(placed)
    raising.raise_case(desk.ctx, case_id, "manager", "客户要求经理")
    reassign(chief.ctx, case_id, "1002", "换人跟进")
    assert desk.case(case_id).escalated_to == "manager"
    assert desk.clock(case_id, "escalation_decision").run is RunState.RUNNING


Refused = tuple[Callable[["Scene"], Changed], type[DeskError], str]


class Scene:
    """A case of 1001's, a supervisor, and people it might be given to."""

    def __init__(self, desk: Desk, chief: Desk, buyer: int, case_id: int) -> None:
        store = desk.store
        self.desk, self.chief, self.case_id = desk, chief, case_id
        self.admin = person(store, "9001", Role.ADMIN, name="管理员")
        self.buyer = person(store, "1003", name="王丽", customer_id=buyer)
        self.gone = person(store, "1004", name="离职")
        with store.write("test") as unit:
            unit.session.get_one(Staff, self.gone.id).active = False
            unit.append(Stream.STAFF, "1004", "staff.active", {"active": False, "by": "9001"})
            unit.commit()

    def to(self, number: str, reason: str = "换人") -> Changed:
        return reassign(self.chief.ctx, self.case_id, number, reason)


REFUSED: dict[str, Refused] = {
    "an admin": (lambda at: at.to("9001"), NotAllowed, "reassign.admin"),
    "somebody disabled": (lambda at: at.to("1004"), NotAllowed, "staff.unknown"),
    "nobody": (lambda at: at.to("4040"), NotAllowed, "staff.unknown"),
    "who holds it": (lambda at: at.to("1001"), NotAllowed, "reassign.same"),
    "the customer": (lambda at: at.to("1003"), NotAllowed, "reassign.own_matter"),
    "without a reason": (lambda at: at.to("2001", "  "), BadInput, "supervise.no_reason"),
    "with a secret": (lambda at: at.to("2001", "卡号 6222021234567890123"), NotAllowed, "text.secret"),
    "too long": (lambda at: at.to("2001", "长" * 401), BadInput, "note.too_long"),
    "one's own": (
        lambda at: take_over(at.desk.ctx, at.case_id, "我"),
        NotAllowed,
        "role.cannot_supervise",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_who_may_not_have_it(desk: Desk, chief: Desk, buyer: int, placed: Placed, what: str) -> None:
    scene = Scene(desk, chief, buyer, desk.opened(placed))
    do, kind, code = REFUSED[what]
    before = desk.store.newest_event()
    with pytest.raises(kind) as refused:
        do(scene)
    assert refused.value.code == code
    assert desk.store.newest_event() == before
    must_add_up(desk.store)


def test_a_closed_case_goes_to_nobody(desk: Desk, chief: Desk, other: Desk, placed: Placed) -> None:
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approve")
    with desk.store.write("test") as unit:
        case = unit.case(case_id)
        case.state, case.open = CaseState.CLOSED, False
        unit.on_case(case, "case.closed", {"outcome": "answered"})
        unit.commit()
    deeds: tuple[Callable[[], object], ...] = (
        lambda: reassign(chief.ctx, case_id, "1002", "换人"),
        lambda: take_over(chief.ctx, case_id, "我来"),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed, match=r"case\.closed"):
            deed()


@pytest.mark.parametrize(
    ("state", "code"), [("mine", "case.yours_already"), ("nobody's", "take_over.nobodys")]
)
def test_only_a_colleagues_case_is_taken_over(
    desk: Desk, chief: Desk, placed: Placed, state: str, code: str
) -> None:
    case_id = (chief if state == "mine" else desk).opened(placed)
    if state == "nobody's":
        queue.release(desk.ctx, case_id)
    with pytest.raises(NotAllowed) as refused:
        take_over(chief.ctx, case_id, "我来")
    assert refused.value.code == code


@pytest.mark.parametrize(("role", "to"), [(Role.MANAGER, "manager"), (Role.RISK, "risk")])
def test_nobody_takes_a_case_from_who_decides_on_it(
    desk: Desk, chief: Desk, other: Desk, placed: Placed, role: Role, to: str
) -> None:
    case_id = desk.opened(placed)
    raising.raise_case(desk.ctx, case_id, to, "请上级决定")
    above = Desk(desk.store, person(desk.store, "3001", role, name="上级"), desk.ports)
    queue.claim(above.ctx, case_id)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: take_over(chief.ctx, case_id, "我来"),
        lambda: reassign(chief.ctx, case_id, "1002", "换人"),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed, match=r"reassign\.above"):
            deed()
    assert desk.case(case_id).owner_id == above.ctx.actor.id


def test_nobody_takes_over_or_gives_away_their_own_matter(desk: Desk, store: Store, other: Desk) -> None:
    buyer = customer(store)
    case_id = desk.opened(order(store, buyer))
    kin = Desk(store, person(store, "2002", Role.SUPERVISOR, customer_id=buyer), desk.ports)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: take_over(kin.ctx, case_id, "我来"),
        lambda: reassign(kin.ctx, case_id, "1002", "给熟人"),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
            deed()


def test_who_holds_their_own_matter_gives_it_away(desk: Desk, store: Store, other: Desk) -> None:
    """It was theirs before anybody said whose account it is."""
    buyer = customer(store)
    holder = person(store, "2002", Role.SUPERVISOR)
    case_id = Desk(store, holder, desk.ports).opened(order(store, buyer))
    kin = Desk(store, replace(holder, customer_id=buyer), desk.ports)
    reassign(kin.ctx, case_id, "1002", "是我自己的订单")
    assert desk.case(case_id).owner_id == other.ctx.actor.id
