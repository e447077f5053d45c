"""Odd activity on an account (P13): one person freezes to protect, two release, and the case stays open until
it was reviewed."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, CaseOutcome, Channel, FreezeSource, Role, WalletState, WalletTxKind
from bdesk.models.tables import Case, Freeze, Task, Wallet, WalletTx
from bdesk.operations import calls, undoing, walking
from bdesk.operations.opening import NewCase
from bdesk.operations.ports import Ports
from tests.builders import customer
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import TAIL, at_work, code, freeze
from tests.operations.test_wallet_refund import transaction, wallet


@pytest.fixture
def desk(store: Store, ports: Ports) -> Desk:
    return at_work(store, ports, "1001", Role.AGENT)


def rung(desk: Desk, buyer: int) -> int:
    contact = calls.start_call(desk.ctx, "15400000001")
    new = NewCase(CaseKind.SECURITY, Channel.HOTLINE, customer_id=buyer, subject="钱包异动")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    desk.go(case_id, "noted", what_seen="有两笔不是我转的")
    return case_id


def owner(desk: Desk) -> int:
    buyer = customer(desk.store, phone=f"1541234{TAIL}")
    transaction(desk, wallet(desk, buyer))
    return buyer


def verified(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    desk.go(case_id, "send")
    code(desk, case_id, "passed")


def test_what_went_out_is_counted_before_anything_is_frozen(desk: Desk) -> None:
    """Whoever calls about odd activity has a wallet that is emptied now: that nothing holds it is why."""
    case_id = rung(desk, owner(desk))
    with desk.store.write("wallet") as unit:
        for number, hours in enumerate((1, 2, 25)):
            unit.session.add(
                WalletTx(
                    tx_no=f"WX{number}",
                    wallet_id=desk.rows(Wallet)[0].id or 0,
                    kind=WalletTxKind.TRANSFER,
                    amount_fen=100_000,
                    at=unit.now - timedelta(hours=hours),
                    counterparty="收款人",
                )
            )
        unit.commit()
    assert desk.fact(case_id, "wallet.sent_24h") == 2
    verified(desk, case_id)
    desk.go(case_id, "freeze")
    assert desk.fact(case_id, "wallet.sent_24h") == 2


def test_one_person_freezes_and_nobody_takes_it_back_alone(desk: Desk) -> None:
    case_id = rung(desk, owner(desk))
    verified(desk, case_id)
    version = desk.case(case_id).version
    with pytest.raises(NotAllowed, match=r"answer\.needs_f8"):
        walking.answer(desk.ctx, case_id, version, "protect", "freeze", {})
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL
    desk.go(case_id, "freeze")
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN, "at once: nothing waits while the money leaves"
    (held,) = desk.rows(Freeze)
    assert (held.source, held.released_at) == (FreezeSource.MANUAL, None)
    with pytest.raises(NotAllowed):
        undoing.undo(desk.ctx, case_id)
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN
    desk.go(case_id, "foreign")
    assert [one.what for one in desk.rows(Task)] == ["stop_payment"]
    desk.go(case_id, "told")
    desk.go(case_id, "letter")
    assert desk.step(case_id) == "review"
    assert desk.option(case_id, "reviewed").offer == "refused", "an agent does not review"
    desk.go(case_id, "unfreeze")
    assert [one.kind for one in desk.rows(Case)] == [CaseKind.SECURITY, CaseKind.UNFREEZE]
    must_add_up(desk.store)


def test_what_was_not_the_customers_own_is_reviewed_whoever_withdraws(desk: Desk) -> None:
    """Whoever tells a caller what to do also tells them to take it back."""
    case_id = rung(desk, owner(desk))
    verified(desk, case_id)
    desk.go(case_id, "leave")
    desk.go(case_id, "foreign")
    for option in ("told", "letter"):
        desk.go(case_id, option)
    assert desk.step(case_id) == "review"
    assert desk.option(case_id, "over").offer == "refused"


def test_a_senior_reviews_and_closes_it(desk: Desk, store: Store, ports: Ports) -> None:
    from bdesk.operations import queue

    case_id = rung(desk, owner(desk))
    verified(desk, case_id)
    for option in ("leave", "own", "letter"):
        desk.go(case_id, option)
    queue.release(desk.ctx, case_id)
    senior = at_work(store, ports, "1501", Role.SENIOR)
    queue.claim(senior.ctx, case_id)
    senior.go(case_id, "reviewed")
    desk.later(seconds=11)
    desk.release()
    senior.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.SOLVED
    must_add_up(store)


def test_a_stranger_has_nobodys_wallet_frozen(desk: Desk) -> None:
    case_id = rung(desk, owner(desk))
    desk.go(case_id, "check", recent_amount="1.00", phone_tail="0000")
    desk.go(case_id, "refused")
    assert desk.option(case_id, "protect").offer == "refused"
    desk.go(case_id, "watch")
    assert [one.what for one in desk.rows(Task)] == ["risk_check"]
    assert desk.rows(Wallet)[0].state is WalletState.NORMAL


def test_what_is_frozen_is_not_frozen_twice(desk: Desk) -> None:
    case_id = rung(desk, freeze(desk.store).customer_id)
    desk.go(case_id, "check", recent_amount="1000.00", phone_tail=TAIL)
    desk.go(case_id, "send")
    code(desk, case_id, "passed")
    assert desk.option(case_id, "freeze").offer == "refused"
    desk.go(case_id, "frozen")
    assert len(desk.rows(Freeze)) == 1


def test_a_wallet_that_was_released_in_part_is_frozen_again_by_one_person(desk: Desk) -> None:
    frozen = freeze(desk.store)
    with desk.store.write("wallet") as unit:
        unit.session.get_one(Wallet, frozen.wallet_id).state = WalletState.LIMITED
        unit.commit()
    case_id = rung(desk, frozen.customer_id)
    desk.go(case_id, "check", recent_amount="1000.00", phone_tail=TAIL)
    desk.go(case_id, "send")
    code(desk, case_id, "passed")
    assert desk.option(case_id, "frozen").offer == "refused"
    desk.go(case_id, "freeze")
    assert desk.rows(Wallet)[0].state is WalletState.FROZEN
    assert [one.released_at for one in desk.rows(Freeze)] == [None, None], "what held it goes on to hold"
    assert desk.fact(case_id, "wallet.freeze_source") == "manual"
    must_add_up(desk.store)
