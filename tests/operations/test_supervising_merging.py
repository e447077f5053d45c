"""A supervisor merges two open cases: on a real file, with their clocks, promises and money."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.refold import refold
from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    FreightPayer,
    LinkKind,
    ReturnKind,
    Role,
)
from bdesk.models.tables import CaseLink, CaseText, ClockRow, Contact, GoodsReturn, Payment, Promise
from bdesk.operations import calls, promises, queue, raising, undoing
from bdesk.operations.ports import Answer
from bdesk.operations.supervising.merging import merge_into
from tests.builders import Placed, customer, order, person
from tests.operations.desk import Desk, must_add_up


def number(desk: Desk, case_id: int) -> str:
    return desk.case(case_id).case_no


def living(desk: Desk, case_id: int) -> dict[str, ClockRow]:
    rows = desk.rows(ClockRow, case_id=case_id)
    return {row.kind: row for row in rows if row.run in (RunState.RUNNING, RunState.PAUSED)}


@pytest.mark.parametrize("same", ["order", "customer"])
def test_two_cases_become_one(desk: Desk, chief: Desk, store: Store, buyer: int, same: str) -> None:
    first = order(store, buyer)
    target = desk.opened(first, hours=1)
    source = desk.opened(first if same == "order" else order(store, buyer), hours=9)
    done = merge_into(chief.ctx, source, number(desk, target), "同一件事报了两次")
    merged, into = desk.case(source), desk.case(target)
    assert (merged.state, merged.outcome, merged.open) == (CaseState.MERGED, CaseOutcome.MERGED, False)
    assert merged.closed_by == chief.ctx.actor.id
    assert (into.open, into.owner_id) == (True, desk.ctx.actor.id)
    assert living(desk, source) == {}
    # The earliest start of each kind is kept (SLA.md, merge).
    assert living(desk, target)["refund_review"].start_at == merged.received_at
    (link,) = desk.rows(CaseLink, from_id=source)
    assert (link.to_id, link.kind) == (target, LinkKind.DUPLICATE)
    (event,) = desk.events(source, "case.merged")
    assert desk.row(CaseText, int(str(event.payload["text"]))).body == "同一件事报了两次"
    assert done.params["into"] == into.case_no
    must_add_up(store)


def test_contacts_promises_and_requests_go_as_in_a_walks_merge(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    target, source = desk.opened(placed, hours=1), desk.opened(placed, hours=2)
    promises.make(desk.ctx, source, "今天回电", desk.ctx.now() + timedelta(hours=5))
    merge_into(chief.ctx, source, number(desk, target), "重复")
    (promise,) = desk.rows(Promise)
    assert promise.case_id == target
    assert "promise" in living(desk, target)
    must_add_up(desk.store)
    undoing.undo(chief.ctx, source)
    (promise,) = desk.rows(Promise)
    assert (promise.case_id, desk.case(source).open) == (source, True)
    assert desk.rows(CaseLink, from_id=source) == []
    assert "promise" not in living(desk, target)
    must_add_up(desk.store)


def test_a_contact_is_found_at_the_other_case(desk: Desk, chief: Desk, placed: Placed) -> None:
    target, source = desk.opened(placed, hours=1), desk.opened(placed, hours=2)
    calls.attach_call(desk.ctx, calls.start_call(desk.ctx), source)
    merge_into(chief.ctx, source, number(desk, target), "重复")
    assert {one.case_id for one in desk.rows(Contact)} == {target}


Do = Callable[[Desk, Desk, int, int], object]


def approved(desk: Desk, _chief: Desk, source: int, _target: int) -> None:
    desk.go(desk.to_decision(source), "approve")


def on_its_way(desk: Desk, chief: Desk, source: int, target: int) -> None:
    desk.payment.script = {one.payment_no: Answer.UNKNOWN for one in desk.rows(Payment)}
    approved(desk, chief, source, target)
    desk.later(seconds=11)
    desk.release()


def goods_come_back(desk: Desk, _chief: Desk, source: int, _target: int) -> None:
    now = desk.ctx.now()
    with desk.store.write("test") as unit:
        case = unit.case(source)
        assert case.order_id is not None
        row = GoodsReturn(
            case_id=source, order_id=case.order_id, kind=ReturnKind.RETURN, freight=FreightPayer.SHOP,
            approved_at=now, approved_by="1001", send_by=now + timedelta(days=7),
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        unit.on_case(case, "return.approved", {"return": row.id, "made": True, "set": {}})
        unit.commit()


def closed(desk: Desk, _chief: Desk, _source: int, target: int) -> None:
    with desk.store.write("test") as unit:
        case = unit.case(target)
        case.state, case.open = CaseState.CLOSED, False
        unit.on_case(case, "case.closed", {"outcome": "answered"})
        refold(unit, case, load_book(), unit.now)
        unit.commit()


def of_a_manager(desk: Desk, _chief: Desk, source: int, _target: int) -> None:
    raising.raise_case(desk.ctx, source, "manager", "请经理决定")
    queue.claim(Desk(desk.store, person(desk.store, role=Role.MANAGER)).ctx, source)


REFUSED: dict[str, tuple[Do, str]] = {
    "the target is closed": (closed, "merge.no_target"),
    "something may be recalled": (approved, "merge.held"),
    "its money is on its way": (on_its_way, "merge.paying"),
    "its goods are on their way": (goods_come_back, "merge.return"),
    "a manager decides on it": (of_a_manager, "reassign.above"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_merged(desk: Desk, chief: Desk, placed: Placed, what: str) -> None:
    target, source = desk.opened(placed, hours=1), desk.opened(placed, hours=2)
    do, code = REFUSED[what]
    do(desk, chief, source, target)
    before = desk.store.newest_event()
    with pytest.raises(NotAllowed) as refused:
        merge_into(chief.ctx, source, number(desk, target), "重复")
    assert refused.value.code == code
    assert desk.store.newest_event() == before
    must_add_up(desk.store)


def test_a_refund_of_the_other_case_under_way_does_not_keep_a_question_from_it(
    desk: Desk, chief: Desk, placed: Placed
) -> None:
    """The case that pays stays, and hears of it when the channel answers."""
    target, source = desk.opened(placed, hours=3), desk.opened(placed, hours=2)
    on_its_way(desk, chief, target, source)
    merge_into(chief.ctx, source, number(desk, target), "来问退款到哪了")
    assert desk.case(source).state is CaseState.MERGED
    must_add_up(desk.store, [desk.ports])


def test_neither_itself_nor_a_case_that_is_not_there(desk: Desk, chief: Desk, placed: Placed) -> None:
    source = desk.opened(placed)
    for into in (number(desk, source), "KF2026111899999"):
        with pytest.raises(NotAllowed, match=r"merge\.no_target"):
            merge_into(chief.ctx, source, into, "重复")
    with pytest.raises(BadInput, match=r"supervise\.no_reason"):
        merge_into(chief.ctx, source, number(desk, source), "")


def test_cases_of_two_customers_stay_two(desk: Desk, chief: Desk, store: Store, placed: Placed) -> None:
    stranger = desk.opened(order(store, customer(store)))
    source, nobodys = desk.opened(placed), desk.opened(None, media=False)
    for case_id, into in ((source, stranger), (source, nobodys), (nobodys, source)):
        with pytest.raises(NotAllowed, match=r"merge\.other_customer"):
            merge_into(chief.ctx, case_id, number(desk, into), "重复")


@pytest.mark.parametrize(
    ("kind", "into", "code"),
    [
        (CaseKind.APPEAL, CaseKind.REFUND, "merge.other_matter"),
        (CaseKind.REFUND, CaseKind.APPEAL, "merge.other_matter"),
        (CaseKind.COMPLAINT, CaseKind.REFUND, "merge.other_matter"),
        (CaseKind.UNFREEZE, CaseKind.WALLET_LIMITS, "merge.other_matter"),
        (CaseKind.COMPLAINT, CaseKind.COMPLAINT, None),
        (CaseKind.PROGRESS, CaseKind.REFUND, None),
        (CaseKind.AFTER_SALE, CaseKind.REFUND, None),
    ],
)
def test_what_others_decide_goes_into_its_own_kind_only(
    desk: Desk, chief: Desk, placed: Placed, kind: CaseKind, into: CaseKind, code: str | None
) -> None:
    target = desk.opened(placed, kind=into, reason=None, media=False)
    source = desk.opened(placed, kind=kind, reason=None, media=False)
    if code is None:
        merge_into(chief.ctx, source, number(desk, target), "重复")
        must_add_up(desk.store)
        return
    with pytest.raises(NotAllowed) as refused:
        merge_into(chief.ctx, source, number(desk, target), "重复")
    assert refused.value.code == code


def test_nobody_merges_their_own_matter(desk: Desk, store: Store) -> None:
    buyer = customer(store)
    mine = order(store, buyer)
    target, source = desk.opened(mine, hours=1), desk.opened(mine, hours=2)
    kin = Desk(store, person(store, "2002", Role.SUPERVISOR, customer_id=buyer))
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        merge_into(kin.ctx, source, number(desk, target), "重复")
