"""Ways around what only supervisors do: other roles, ended accounts, two at once, the long way round."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bdesk.clock import LOCAL
from bdesk.data.store import Store
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import CaseKind, CaseState, Role, Stream
from bdesk.models.tables import Case, ClockRow, Staff
from bdesk.operations import approvals, queue, raising
from bdesk.operations.context import Context
from bdesk.operations.priority import set_priority
from bdesk.operations.reopening import reopen_late
from bdesk.operations.staff import people, standing_in
from bdesk.operations.supervising.broadcasting import broadcast
from bdesk.operations.supervising.excusing import excuse
from bdesk.operations.supervising.kinds import set_kind
from bdesk.operations.supervising.merging import merge_into
from bdesk.operations.supervising.migrating import migrate, preview
from bdesk.operations.supervising.reassigning import reassign, take_over
from bdesk.operations.sweep import sweep
from tests.builders import Item, Placed, order, person
from tests.operations.desk import Desk, must_add_up, refunded
from tests.operations.test_reopening import general_case


class Scene:
    """Cases of an agent's that each deed could be done on: one late, one closed, one to merge into."""

    def __init__(self, desk: Desk, placed: Placed) -> None:
        self.desk = desk
        self.closed = general_case(desk, placed)
        self.into = desk.opened(placed, hours=1)
        self.late = desk.opened(placed, hours=30)
        sweep(desk.ctx)
        self.into_no = desk.case(self.into).case_no


Deed = Callable[[Context, Scene], object]

DEEDS: dict[str, Deed] = {
    "reassign": lambda ctx, at: reassign(ctx, at.late, "2001", "换人"),
    "take over": lambda ctx, at: take_over(ctx, at.late, "我来"),
    "merge": lambda ctx, at: merge_into(ctx, at.late, at.into_no, "重复"),
    "kind": lambda ctx, at: set_kind(ctx, at.late, CaseKind.COMPLAINT, "是投诉"),
    "priority": lambda ctx, at: set_priority(ctx, at.late, 1, "急"),
    "reopen": lambda ctx, at: reopen_late(ctx, at.closed, "重开"),
    "preview": lambda ctx, at: preview(ctx, at.late),
    "migrate": lambda ctx, at: migrate(ctx, at.late, "新政策"),
    "broadcast": lambda ctx, at: broadcast(ctx, [at.late], "仓库停电"),
    "excuse": lambda ctx, at: excuse(ctx, at.late, "refund_review", 1, 1, "故障"),
}
NOTHING_TO_DO = {"preview", "migrate"}
"""A case of now is on the rules in use already."""


@pytest.fixture
def scene(desk: Desk, placed: Placed) -> Scene:
    return Scene(desk, placed)


def refusals(scene: Scene, ctx: Context) -> dict[str, str]:
    """Every deed tried: the code by which it was refused, "" for one that was done."""
    said = {}
    for name, deed in DEEDS.items():
        said[name] = ""
        try:
            deed(ctx, scene)
        except NotAllowed as refused:
            said[name] = refused.code
    return said


REFUSED = dict.fromkeys(DEEDS, "role.cannot_supervise") | {"priority": "case.not_yours"}
"""What an agent may do on cases of their own is refused as a colleague's case."""


def test_nobody_below_or_beside_a_supervisor_does_any_of_it(scene: Scene) -> None:
    store = scene.desk.store
    others = {role: person(store, role=role) for role in (Role.AGENT, Role.SENIOR, Role.RISK, Role.ADMIN)}
    before = store.newest_event()
    for role, actor in others.items():
        expected = REFUSED if role is not Role.ADMIN else {**REFUSED, "priority": "role.cannot_work_cases"}
        assert refusals(scene, Context(store, scene.desk.ctx.book, actor)) == expected, role
    assert store.newest_event() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_a_supervisor_does_and_the_journal_stays_whole(scene: Scene, chief: Desk, deed: str) -> None:
    if deed in NOTHING_TO_DO:
        with pytest.raises(NotAllowed, match=r"migrate\.same"):
            DEEDS[deed](chief.ctx, scene)
    else:
        before = scene.desk.store.newest_event()
        DEEDS[deed](chief.ctx, scene)
        assert scene.desk.store.newest_event() > before
    must_add_up(scene.desk.store)


def test_a_manager_does_it_too(scene: Scene, chief: Desk) -> None:
    """In an order in which each finds what it needs; the case ends with the supervisor."""
    boss = Desk(scene.desk.store, person(scene.desk.store, role=Role.MANAGER))
    for deed in ("broadcast", "excuse", "priority", "kind", "reassign", "reopen"):
        DEEDS[deed](boss.ctx, scene)
    assert scene.desk.case(scene.late).owner_id == chief.ctx.actor.id
    must_add_up(scene.desk.store)


def test_a_desk_outlives_its_account_but_does_nothing(scene: Scene) -> None:
    store = scene.desk.store
    gone = person(store, "2008", Role.SUPERVISOR)
    with store.write("test") as unit:
        unit.session.get_one(Staff, gone.id).active = False
        unit.append(Stream.STAFF, "2008", "staff.active", {"active": False, "by": "9001"})
        unit.commit()
    before = store.newest_event()
    said = refusals(scene, Context(store, scene.desk.ctx.book, gone))
    assert said == dict.fromkeys(DEEDS, "staff.disabled")
    assert store.newest_event() == before


def test_who_stands_in_for_a_supervisor_does_it_on_those_days_and_no_longer(scene: Scene) -> None:
    """Also from a desk that was opened before; and not from one that was opened during them."""
    store = scene.desk.store
    admin = Desk(store, person(store, role=Role.ADMIN))
    senior = Desk(store, person(store, "1500", Role.SENIOR))
    today = senior.ctx.now().astimezone(LOCAL).date()
    standing_in.name(admin.ctx, "1500", Role.SUPERVISOR, today, today)
    during = Desk(store, people.find_actor(store, "1500"))
    assert during.ctx.actor.role is Role.SUPERVISOR
    take_over(senior.ctx, scene.late, "代主管接手")
    excuse(during.ctx, scene.late, "refund_review", 1, 1, "故障")
    senior.later(hours=24)
    for desk in (senior, during):
        with pytest.raises(NotAllowed, match=r"role\.cannot_supervise"):
            broadcast(desk.ctx, [scene.late], "仓库停电")
    must_add_up(store)


def both(store: Store, *deeds: Callable[[], object]) -> list[object]:
    """Done at once: what each gave back, or was refused with."""

    def run(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except DeskError as refused:
            return refused

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_cases_merged_into_each_other_at_once_leave_one(desk: Desk, chief: Desk, placed: Placed) -> None:
    first, second = desk.opened(placed), desk.opened(placed)
    other = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR))
    numbers = desk.case(first).case_no, desk.case(second).case_no
    done = both(
        desk.store,
        lambda: merge_into(chief.ctx, first, numbers[1], "重复"),
        lambda: merge_into(other.ctx, second, numbers[0], "重复"),
    )
    assert sum(isinstance(one, DeskError) for one in done) == 1
    states = [desk.case(one).state for one in (first, second)]
    assert states.count(CaseState.MERGED) == 1
    assert sum(desk.case(one).open for one in (first, second)) == 1
    must_add_up(desk.store)


def test_a_case_given_to_two_people_at_once_has_one_owner(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed)
    person(desk.store, "1005"), person(desk.store, "1006")
    other = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR))
    both(
        desk.store,
        lambda: reassign(chief.ctx, case_id, "1005", "换人"),
        lambda: reassign(other.ctx, case_id, "1006", "换人"),
    )
    said = desk.events(case_id, "case.reassigned")
    with desk.store.read() as session:
        owner = session.get_one(Staff, session.get_one(Case, case_id).owner_id)
        assert owner.number == said[-1].payload["to"]
    must_add_up(desk.store)


def test_a_breach_excused_twice_at_once_is_excused_once(desk: Desk, chief: Desk, placed: Placed) -> None:
    case_id = desk.opened(placed, hours=30)
    sweep(desk.ctx)
    other = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR))
    both(
        desk.store,
        lambda: excuse(chief.ctx, case_id, "refund_review", 1, 1, "故障"),
        lambda: excuse(other.ctx, case_id, "refund_review", 1, 1, "故障"),
    )
    assert len(desk.events(case_id, "clock.excused")) == 1
    must_add_up(desk.store)


@pytest.mark.parametrize("way", ["merge", "kind", "take over"])
def test_no_deed_pays_twice_or_past_its_limit(desk: Desk, chief: Desk, buyer: int, way: str) -> None:
    """A refund was approved and stands to be carried out. Whatever a supervisor does with its case meanwhile,
    the money goes out once at most."""
    placed = order(desk.store, buyer, items=(Item(price_fen=90000),))
    case_id, into = desk.to_decision(desk.opened(placed)), desk.opened(placed, hours=1)
    desk.go(case_id, "approval", why="超出我的权限")
    approvals.decide(chief.ctx, 1, "approve")
    pending = desk.strip(case_id, "refund")
    if way == "merge":
        merge_into(chief.ctx, case_id, desk.case(into).case_no, "重复")
    elif way == "kind":
        set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "是投诉")
    else:
        take_over(chief.ctx, case_id, "我来")
    with pytest.raises(DeskError):
        desk.press_f8(pending)
    if way == "take over":
        chief.go(case_id, "refund")
    desk.later(seconds=11)
    desk.release()
    assert refunded(desk.store, placed) == (90000 if way == "take over" else 0, 0)
    with pytest.raises(DeskError):
        chief.press_f8(pending)
    must_add_up(desk.store, [desk.ports])


def test_turning_a_matter_there_and_back_does_not_approve_again(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, items=(Item(price_fen=90000),))
    case_id = desk.to_decision(desk.opened(placed))
    desk.go(case_id, "approval", why="超出我的权限")
    set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "是投诉")
    set_kind(chief.ctx, case_id, CaseKind.REFUND, "还是退款")
    with pytest.raises(NotAllowed, match=r"approval\.decided"):
        approvals.decide(chief.ctx, 1, "approve")
    desk.to_decision(case_id)
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approve")
    must_add_up(desk.store)


def test_who_was_given_a_case_is_still_bound_by_their_own_limits(desk: Desk, chief: Desk, buyer: int) -> None:
    placed = order(desk.store, buyer, items=(Item(price_fen=90000),))
    case_id = chief.to_decision(chief.opened(placed))
    reassign(chief.ctx, case_id, "1001", "你来退")
    with pytest.raises(NotAllowed, match=r"option\.refused"):
        desk.go(case_id, "approve")
    assert refunded(desk.store, placed) == (0, 0)


def test_a_raised_case_comes_out_of_no_higher_hands_by_the_long_way(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    """Neither merged away, nor turned into another kind, nor given to oneself."""
    case_id, into = desk.opened(placed), desk.opened(placed, hours=1)
    raising.raise_case(desk.ctx, case_id, "manager", "请经理决定")
    queue.claim(Desk(desk.store, person(desk.store, role=Role.MANAGER)).ctx, case_id)
    before = desk.store.newest_event()
    deeds: tuple[Callable[[], object], ...] = (
        lambda: merge_into(chief.ctx, case_id, desk.case(into).case_no, "重复"),
        lambda: merge_into(chief.ctx, into, desk.case(case_id).case_no, "重复"),
        lambda: set_kind(chief.ctx, case_id, CaseKind.COMPLAINT, "是投诉"),
        lambda: reassign(chief.ctx, case_id, "2001", "我来"),
        lambda: take_over(chief.ctx, case_id, "我来"),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed, match=r"reassign\.above"):
            deed()
    assert desk.store.newest_event() == before


@pytest.mark.parametrize("times", [1, 2])
def test_what_became_late_in_one_s_hands_is_not_excused_after_a_merge(
    desk: Desk, chief: Desk, placed: Placed, times: int
) -> None:
    """The clock goes on in the other case; whose it was when it became late goes with it."""
    late = chief.opened(placed, hours=0)
    chief.later(hours=40)
    sweep(chief.ctx)
    with pytest.raises(NotAllowed, match=r"excuse\.own"):
        excuse(chief.ctx, late, "refund_review", 1, 1, "故障")
    into = late
    for _ in range(times):
        gone, into = into, desk.opened(placed, hours=1)
        merge_into(chief.ctx, gone, desk.case(into).case_no, "重复")
    (carried,) = [
        one for one in desk.rows(ClockRow, case_id=into) if one.breached_at and one.kind == "refund_review"
    ]
    with pytest.raises(NotAllowed, match=r"excuse\.own"):
        excuse(chief.ctx, into, "refund_review", carried.cycle, carried.number, "故障")
    second = Desk(desk.store, person(desk.store, "2002", Role.SUPERVISOR), desk.ports)
    excuse(second.ctx, into, "refund_review", carried.cycle, carried.number, "故障")
    must_add_up(desk.store)
