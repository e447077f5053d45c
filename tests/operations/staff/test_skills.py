"""Skills and groups steer who is given what."""

import pytest

from bdesk.data.store import Store
from bdesk.errors import DeskError, NotAllowed
from bdesk.models.kinds import CaseKind, Role
from bdesk.models.tables import Case
from bdesk.operations import queue, raising
from bdesk.operations.staff.skills import change_skills
from tests.builders import customer, open_case, person
from tests.operations.desk import Desk, must_add_up

APPEAL, REFUND, COMPLAINT = CaseKind.APPEAL, CaseKind.REFUND, CaseKind.COMPLAINT


@pytest.fixture
def admin(store: Store) -> Desk:
    return Desk(store, person(store, "9001", Role.ADMIN))


def taken(desk: Desk) -> int | None:
    """What take-next gives, and nothing where nothing is for them."""
    try:
        return queue.take_next(desk.ctx).case_id
    except NotAllowed as refused:
        assert refused.code in ("queue.empty", "queue.other_kinds")
        return None


def test_a_skill_steers_take_next_and_taking_it_away_gives_every_kind_again(
    store: Store, admin: Desk, desk: Desk
) -> None:
    refund = open_case(store, kind=REFUND, priority=1)
    appeal = open_case(store, kind=APPEAL)
    assert change_skills(admin.ctx, "1001", add=(APPEAL,)) == (APPEAL,)
    assert taken(desk) == appeal
    with pytest.raises(NotAllowed, match=r"queue\.other_kinds") as refused:
        queue.take_next(desk.ctx)
    assert refused.value.params == {"count": 1, "kind": (REFUND,)}
    assert taken(desk) is None
    assert change_skills(admin.ctx, "1001", remove=(APPEAL,)) == ()
    assert taken(desk) == refund
    must_add_up(store)


def test_a_group_steers_take_next_and_a_handed_over_case_leaves_it(store: Store, desk: Desk) -> None:
    payment = Desk(store, person(store, "1002", group="payment"), desk.ports)
    after_sale = Desk(store, person(store, "1003", group="after_sale"), desk.ports)
    case_id = open_case(store)
    raising.hand_over(desk.ctx, case_id, "payment", "查账")
    assert taken(after_sale) is None
    assert taken(payment) == case_id
    raising.hand_over(payment.ctx, case_id, "after_sale", "已到账")
    assert taken(payment) is None
    assert taken(after_sale) == case_id


def test_both_bound_what_is_offered(store: Store, admin: Desk, desk: Desk) -> None:
    payment = Desk(store, person(store, "1002", group="payment"), desk.ports)
    change_skills(admin.ctx, "1002", add=(APPEAL,))
    refund, appeal = open_case(store, kind=REFUND), open_case(store, kind=APPEAL)
    for case_id in (refund, appeal):
        raising.hand_over(desk.ctx, case_id, "payment", "查账")
    assert taken(payment) == appeal
    assert taken(payment) is None


def test_what_is_changed_is_on_record_once(store: Store, admin: Desk, desk: Desk) -> None:
    assert change_skills(admin.ctx, "1001", add=(REFUND, APPEAL)) == (REFUND, APPEAL)
    before = store.newest_event()
    assert change_skills(admin.ctx, "1001", add=(APPEAL,)) == (REFUND, APPEAL)
    assert store.newest_event() == before
    assert change_skills(admin.ctx, "1001", add=(COMPLAINT,), remove=(REFUND,)) == (APPEAL, COMPLAINT)


Kinds = tuple[CaseKind, ...]


@pytest.mark.parametrize(
    ("number", "add", "remove", "code"),
    [
        ("4040", (APPEAL,), (), "staff.unknown"),
        ("1001", (APPEAL,), (APPEAL,), "skills.both"),
        ("1001", (), (APPEAL,), "skills.not_theirs"),
    ],
)
def test_what_is_refused_changes_nothing(
    store: Store,
    admin: Desk,
    desk: Desk,
    number: str,
    add: tuple[CaseKind, ...],
    remove: tuple[CaseKind, ...],
    code: str,
) -> None:
    change_skills(admin.ctx, "1001", add=(REFUND,))
    before = store.newest_event()
    with pytest.raises(DeskError) as refused:
        change_skills(admin.ctx, number, add, remove)
    assert refused.value.code == code
    assert store.newest_event() == before
    with pytest.raises(NotAllowed, match=r"role\.only_admin"):
        change_skills(desk.ctx, "1001", add=(APPEAL,))


def test_what_waits_and_is_not_offered_is_said_to_be_why(store: Store) -> None:
    own = customer(store)
    desk = Desk(store, person(store, "1001", customer_id=own))
    for refused, stopped, whose in (
        ("queue.empty", None, None),
        ("queue.stopped", True, None),
        ("queue.own", False, own),
    ):
        if stopped is not None:
            case_id = open_case(store, kind=REFUND, customer_id=whose)
            with store.write("test") as unit:
                unit.session.get_one(Case, case_id).stopped = stopped
                unit.commit()
        with pytest.raises(NotAllowed, match=refused.replace(".", r"\.")):
            queue.take_next(desk.ctx)
