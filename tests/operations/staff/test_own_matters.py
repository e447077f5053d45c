"""Who of the staff is a customer too, or a relative of one: set on a real store, and asked everywhere."""

import json
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.data.journal import events
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import CaseKind, Role, Stream
from bdesk.models.tables import Staff
from bdesk.operations import approvals, queue
from bdesk.operations.staff import people
from bdesk.operations.staff.groups import ensure_groups
from bdesk.operations.staff.own_matters import set_customers
from bdesk.operations.supervising.kinds import set_kind
from tests.builders import Item, customer, make_store, open_case, order, person
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import PASSWORD, hashed


@pytest.fixture
def admin(store: Store) -> Desk:
    return Desk(store, person(store, "9001", Role.ADMIN))


def back(store: Store, number: str) -> Desk:
    """The person comes in again, as they must."""
    return Desk(store, people.sign_in(store, number, PASSWORD))


WHOSE = ["own", "relative"]


def say(admin: Desk, number: str, whose: str, account: str) -> None:
    set_customers(admin.ctx, number, *((account,) if whose == "own" else (None, [account])))


@pytest.mark.parametrize("whose", WHOSE)
def test_nobody_is_offered_moves_or_decides_a_matter_of_their_own(
    store: Store, admin: Desk, desk: Desk, whose: str
) -> None:
    person(store, "2001", Role.SUPERVISOR, password_hash=hashed())
    chief = back(store, "2001")
    buyer = customer(store, "wangli")
    case_id = desk.opened(order(store, buyer, items=[Item(price_fen=80000)]))
    desk.go(desk.to_decision(case_id), "approval", why="贵")
    say(admin, "2001", whose, "wangli")
    with pytest.raises(NotAllowed, match=r"staff\.signed_out"):
        approvals.decide(chief.ctx, 1, "approve", "同意")
    chief = back(store, "2001")
    with pytest.raises(NotAllowed, match=r"approval\.own"):
        approvals.decide(chief.ctx, 1, "approve", "同意")
    with pytest.raises(NotAllowed, match=r"limits\.own_matter"):
        set_kind(chief.ctx, case_id, CaseKind.FEEDBACK, "其实是反馈")
    waiting = open_case(store, customer_id=buyer)
    with pytest.raises(NotAllowed, match=r"queue\.own"):
        queue.take_next(chief.ctx)
    set_customers(admin.ctx, "2001", None)
    chief = back(store, "2001")
    assert queue.take_next(chief.ctx).case_id == waiting
    approvals.decide(chief.ctx, 1, "approve", "同意")
    must_add_up(store)


def test_it_is_on_record_without_an_account(store: Store, admin: Desk) -> None:
    own, theirs = customer(store, "chenjing"), customer(store, "wangli")
    person(store, "1002")
    set_customers(admin.ctx, "1002", "chenjing", ["wangli", "wangli"])
    set_customers(admin.ctx, "1002", "chenjing", ["wangli"])
    with store.read() as session:
        (said,) = [one for one in events(session, Stream.STAFF, "1002") if one.kind == "staff.customers"]
    assert said.payload == {"customer": own, "relatives": [theirs], "by": "9001"}
    assert said.actor == "9001"
    assert verify(store, admin.ctx.book).ok


def test_what_is_not_there_changes_nothing(store: Store, admin: Desk, desk: Desk) -> None:
    for number, account, code in (("1001", "nobody", "staff.no_customer"), ("7777", None, "staff.unknown")):
        with pytest.raises((BadInput, NotAllowed)) as refused:
            set_customers(admin.ctx, number, account)
        assert refused.value.code == code
    with pytest.raises(NotAllowed, match=r"role\.only_admin"):
        set_customers(desk.ctx, "1001", None)
    assert desk.row(Staff, desk.ctx.actor.id).customer_id is None


def test_by_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_store(tmp_path, training=True) as store:
        person(store, "1000", Role.ADMIN)
        with store.write("test") as unit:
            ensure_groups(unit)
            unit.commit()
        own, theirs = customer(store, "chenjing"), customer(store, "wangli")
        monkeypatch.setenv("BDESK_STORE", store.url)
        monkeypatch.setenv("BDESK_AS", "1000")
        monkeypatch.setenv("BDESK_NEW_PASSWORD", "first password")
        assert main(["staff", "add", "1002", "--name", "陈静", "--customer", "chenjing"]) == 0
        assert people.find_actor(store, "1002").customer_id == own
        assert main(["staff", "customer", "1002", "--relative", "wangli", "--json"]) == 0
        assert json.loads(capsys.readouterr().out.split("\n", 1)[1]) == {"number": "1002"}
        found = people.find_actor(store, "1002")
        assert (found.customer_id, found.relatives) == (None, (theirs,))
        for wrong in ([], ["--none", "--account", "chenjing"]):
            assert main(["staff", "customer", "1002", *wrong]) == 2
        assert main(["staff", "customer", "1002", "--none"]) == 0
        assert people.find_actor(store, "1002").relatives == ()
