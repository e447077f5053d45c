"""Whoever owes a call back can dial, on record: the number alone, and nobody else's (decision 24)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bdesk.data.core import EVENT
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.models.tables import Promise
from bdesk.operations import calls, promises, queue, revealing
from bdesk.operations.ports import Ports
from tests.builders import T0
from tests.operations.changing import OLD_PHONE, owner, rung
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import at_work

TAKEN = "15499990000"


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def mate(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1002", Role.AGENT)


def told(desk: Desk) -> list[dict[str, object]]:
    with desk.store.read() as session:
        found = select(EVENT.c.payload).where(EVENT.c.kind == revealing.EVENT)
        return [json.loads(row) for row in session.execute(found).scalars()]


def promised(desk: Desk, **more: object) -> tuple[int, int]:
    """(customer, case) whom somebody promised a call back; the call is over."""
    buyer = owner(desk.store, desk, **more)
    case_id = rung(desk, buyer)
    promises.make(desk.ctx, case_id, "明天上午回电", desk.ctx.now() + timedelta(hours=20), promises.CALL_BACK)
    hung_up(desk)
    return buyer, case_id


def hung_up(desk: Desk) -> None:
    from bdesk.models.tables import Contact

    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)


def why(desk: Desk, buyer: int) -> str:
    with pytest.raises(NotAllowed) as refused:
        revealing.reveal_to_ring(desk.ctx, buyer)
    return refused.value.code


def test_who_promised_a_call_back_sees_the_number_alone_on_record(desk: Desk) -> None:
    buyer, case_id = promised(desk)
    found = revealing.reveal_to_ring(desk.ctx, buyer)
    assert (found.phone, found.name, found.email, found.address) == (OLD_PHONE, "", "", "")
    assert OLD_PHONE not in repr(found)
    assert told(desk) == [{"customer": buyer, "reason": "call_back", "case": case_id}]
    must_add_up(desk.store)


def test_nobody_who_owes_none(desk: Desk, mate: Desk) -> None:
    buyer, _ = promised(desk)
    assert why(mate, buyer) == "reveal.no_call_back"
    promises.keep(desk.ctx, desk.rows(Promise)[-1].id or 0, "已回电")
    assert why(desk, buyer) == "reveal.no_call_back", "it was made"
    assert told(desk) == []
    other = owner_without(desk)
    assert why(desk, other) == "reveal.no_call_back"


def owner_without(desk: Desk) -> int:
    from tests.builders import customer

    return customer(desk.store)


def test_whoever_holds_the_case_now_rings_and_not_who_promised_it(desk: Desk, mate: Desk) -> None:
    buyer, case_id = promised(desk)
    queue.release(desk.ctx, case_id)
    assert revealing.reveal_to_ring(desk.ctx, buyer).phone == OLD_PHONE, "nobody has it: who promised does"
    queue.claim(mate.ctx, case_id)
    assert why(desk, buyer) == "reveal.no_call_back"
    assert revealing.reveal_to_ring(mate.ctx, buyer).phone == OLD_PHONE


def test_not_while_anybody_is_on_the_line(desk: Desk) -> None:
    """Whoever rings in may be somebody else and ask for the number."""
    buyer, _ = promised(desk)
    calls.start_call(desk.ctx, "15400000009")
    assert why(desk, buyer) == "reveal.on_call"
    assert told(desk) == []


def test_the_old_number_is_rung_while_a_change_is_fresh(desk: Desk) -> None:
    changed = {"contact_changed_at": T0 - timedelta(days=2), "previous_phone": TAKEN}
    buyer, _ = promised(desk, **changed)
    assert revealing.reveal_to_ring(desk.ctx, buyer).phone == TAKEN


def test_no_number_where_nobody_knows_which_changed(desk: Desk) -> None:
    buyer, _ = promised(desk, contact_changed_at=T0 - timedelta(days=2))
    assert why(desk, buyer) == "reveal.no_number"


def test_administrators_see_none(desk: Desk, store: Store, ports: Ports) -> None:
    buyer, _ = promised(desk)
    assert why(at_work(store, ports, "9001", Role.ADMIN), buyer).startswith("role.")
