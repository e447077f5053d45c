"""What would release a wallet that should stay frozen: one person in two sessions, an edited request, two
desks at once; and whether anything that a caller said to be verified is found anywhere afterwards."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bdesk.data.store import Store, open_store
from bdesk.errors import BadInput, CaseMoved, NotAllowed
from bdesk.models.kinds import ApprovalState, Role, WalletState
from bdesk.models.tables import Approval, Freeze, OutboxRow, Wallet
from bdesk.operations import approvals
from bdesk.operations.ports import Ports
from bdesk.operations.staff.people import find_actor
from tests.attack.hands import let_go_twice, pressed_twice
from tests.builders import clock_of
from tests.operations.desk import Desk, Phases
from tests.operations.frozen import (
    AMOUNT,
    PASSWORD,
    TAIL,
    WALLET_TAIL,
    at_work,
    code,
    decided,
    freeze,
    questioned,
    recommended,
    rung,
    verified,
)


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


@pytest.fixture
def chief(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "2001", Role.SUPERVISOR)


def still_frozen(store: Store) -> bool:
    with store.read() as session:
        state = session.execute(text("SELECT state FROM wallet")).scalar_one()
        return state == "frozen" and session.execute(
            text("SELECT released_at FROM wallet_freeze")
        ).scalar_one() is None  # fmt: skip


def let_go(desk: Desk) -> None:
    desk.later(seconds=11)
    desk.release()


def test_a_second_session_of_the_maker_is_the_maker(store: Store, ports: Ports) -> None:
    boss = at_work(store, ports, "2002", Role.SUPERVISOR)
    case_id = questioned(boss, verified(boss, rung(boss, freeze(store))))
    row = recommended(boss, case_id)
    with open_store(store.url, clock=clock_of(store)) as second:
        again = Desk(second, find_actor(second, "2002"), ports)
        with pytest.raises(NotAllowed, match=r"approval\.own"):
            decided(again, row)
    assert still_frozen(store)


def test_another_persons_password_decides_nothing(
    store: Store, ports: Ports, desk: Desk, chief: Desk
) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store))))
    row = recommended(desk, case_id)
    for password in ("", "wrong-password", PASSWORD + " "):
        with pytest.raises((BadInput, NotAllowed)):
            approvals.decide(chief.ctx, row.id or 0, "approve", "ok", password=password)
    assert desk.rows(Approval)[0].state is ApprovalState.REQUESTED
    assert still_frozen(store)


def lifted(desk: Desk, chief: Desk) -> int:
    """A limited release that was approved, and F8 pressed."""
    frozen = freeze(desk.store)
    case_id = questioned(desk, verified(desk, rung(desk, frozen)), payees="new", place="differs")
    decided(chief, recommended(desk, case_id, "limited"))
    desk.press_f8(desk.strip(case_id, "lift", again_tail=WALLET_TAIL))
    return case_id


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE approval SET amount_fen = 1",
        'UPDATE approval SET planned = \'{"extent": "full"}\'',
        "UPDATE approval SET facts_digest = 'x'",
        "UPDATE wallet SET balance_fen = balance_fen * 10",
        "UPDATE wallet_freeze SET source = 'judicial'",
        "UPDATE approval SET requested_at = '2026-11-16 00:00:00.000000'",
    ],
)
def test_what_is_edited_after_the_approval_releases_nothing(
    store: Store, desk: Desk, chief: Desk, phases: Phases, edit: str
) -> None:
    """Before F8, and again between F8 and the moment at which it is carried out."""
    case_id = phases.at(store, "lifted", lambda: lifted(desk, chief))
    with store.write("nobody") as unit:
        unit.session.connection().exec_driver_sql(edit)
        unit.commit()
    let_go(desk)
    with store.read() as session:
        assert session.execute(text("SELECT state FROM wallet")).scalar_one() == "frozen"
        assert session.execute(text("SELECT released_at FROM wallet_freeze")).scalar_one() is None
    assert not desk.events(case_id, "release.done")
    with pytest.raises(NotAllowed):
        decided(chief, desk.rows(Approval)[-1])


def test_an_edited_request_cannot_be_approved(store: Store, desk: Desk, chief: Desk) -> None:
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store))), payees="new", place="differs")
    row = recommended(desk, case_id, "limited")
    with store.write("nobody") as unit:
        unit.session.get_one(Approval, row.id).planned = {"extent": "full"}
        unit.commit()
    with pytest.raises(NotAllowed, match=r"approval\.lapsed"):
        decided(chief, row)
    assert still_frozen(store)


def test_two_desks_at_once_release_once(store: Store, desk: Desk, chief: Desk) -> None:
    """The same strip from two terminals of the same person, then both of them let the outbox go."""
    case_id = questioned(desk, verified(desk, rung(desk, freeze(store))))
    decided(chief, recommended(desk, case_id))
    pressed_twice(desk, desk.strip(case_id, "lift", again_tail=WALLET_TAIL))
    desk.later(seconds=11)
    let_go_twice(desk)
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
    assert len(desk.events(case_id, "release.done")) == 1
    assert [row.effect for row in desk.rows(OutboxRow) if row.effect == "wallet.release"] == [
        "wallet.release"
    ]


def test_an_approval_is_used_once(store: Store, desk: Desk, chief: Desk) -> None:
    """A freeze that comes back after the release is another freeze: the old approval does not carry it."""
    frozen = freeze(store)
    case_id = questioned(desk, verified(desk, rung(desk, frozen)))
    decided(chief, recommended(desk, case_id))
    pending = desk.strip(case_id, "lift", again_tail=WALLET_TAIL)
    desk.press_f8(pending)
    let_go(desk)
    with store.write("wallet") as unit:
        unit.session.get_one(Freeze, frozen.freeze_id).released_at = None
        unit.session.get_one(Wallet, frozen.wallet_id).state = WalletState.FROZEN
        unit.commit()
    with pytest.raises((NotAllowed, CaseMoved)):
        desk.press_f8(pending)
    assert still_frozen(store)


def test_nothing_a_caller_said_to_be_verified_is_found_anywhere(
    store: Store, desk: Desk, chief: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Wrong answers too: in no row, no event, no file of the store, and in no log."""
    secret_amount, secret_tail, secret_city = "48151.62", "3421", "乌鲁木齐"
    caplog.set_level(0)
    case_id = rung(desk, freeze(store))
    desk.go(case_id, "check", recent_amount=secret_amount, phone_tail=secret_tail)
    desk.go(case_id, "other", recent_amount=AMOUNT, phone_tail=TAIL, city=secret_city)
    desk.go(case_id, "check", recent_amount=AMOUNT, phone_tail=TAIL)
    desk.go(case_id, "send")
    code(desk, case_id, "passed")
    questioned(desk, case_id)
    decided(chief, recommended(desk, case_id))
    store.close()
    for path in Path(store.place).parent.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for said in (secret_amount, "4815162", secret_city, PASSWORD):
                assert said.encode() not in content, (path, said)
    for said in (secret_amount, secret_tail, secret_city, PASSWORD):
        assert said not in caplog.text
