"""Looking again after a release (P6, WU11): open from 24 hours and from day 7 on, and not before."""

from datetime import timedelta

import pytest

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseOutcome, CaseState, Role
from bdesk.operations import parking
from bdesk.operations.ports import Ports
from bdesk.operations.sweep import sweep
from tests.operations.desk import Desk, must_add_up
from tests.operations.frozen import (
    WALLET_TAIL,
    at_work,
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
def case_id(desk: Desk, store: Store, ports: Ports) -> int:
    """A wallet released by two people, and its owner told."""
    case_id = verified(desk, rung(desk, freeze(store)))
    questioned(desk, case_id)
    decided(at_work(store, ports, "2001", Role.SUPERVISOR), recommended(desk, case_id))
    desk.go(case_id, "lift", again_tail=WALLET_TAIL)
    desk.later(seconds=11)
    desk.release()
    desk.go(case_id, "letter")
    desk.later(seconds=11)
    desk.release()
    return case_id


def test_nobody_looks_before_a_day_is_over_nor_again_before_the_seventh(desk: Desk, case_id: int) -> None:
    for step, hours in (("watch", 24), ("watch_week", 6 * 24)):
        assert desk.step(case_id) == step
        desk.later(hours=hours - 1)
        option = desk.option(case_id, "looked")
        assert option.offer == "refused" and option.why is not None and "起才能" in option.why.zh
        with pytest.raises(NotAllowed, match=r"option\.refused"):
            desk.go(case_id, "looked")
        desk.later(hours=1)
        desk.go(case_id, "looked")
    desk.go(case_id, "close")
    assert desk.case(case_id).outcome is CaseOutcome.APPROVED_FULL
    must_add_up(desk.store, [desk.ports])


def test_the_case_comes_back_by_itself_when_it_is_time(desk: Desk, case_id: int) -> None:
    assert desk.case(case_id).state is CaseState.WAITING_INTERNAL
    parking.put_aside(desk.ctx, case_id, desk.ctx.now() + timedelta(days=30))
    for step, hours in (("look", 24), ("look_week", 6 * 24)):
        desk.later(hours=hours - 1)
        sweep(desk.ctx)
        assert desk.step(case_id) != step
        desk.later(hours=1)
        sweep(desk.ctx)
        assert desk.step(case_id) == step
        assert (desk.case(case_id).state, desk.case(case_id).aside) == (CaseState.IN_PROGRESS, False)
        desk.go(case_id, "looked")
    desk.go(case_id, "close")
    must_add_up(desk.store, [desk.ports])


def test_the_wallet_is_looked_at_anew_when_it_is_frozen_before(desk: Desk, case_id: int) -> None:
    desk.later(hours=2)
    freeze_again(desk)
    assert desk.step(case_id) == "frozen_again"


def freeze_again(desk: Desk) -> None:
    from bdesk.models.kinds import FreezeReason, FreezeSource, WalletState
    from bdesk.models.tables import Freeze, Wallet

    with desk.store.write("wallet") as unit:
        (wallet,) = desk.rows(Wallet)
        unit.session.get_one(Wallet, wallet.id).state = WalletState.FROZEN
        unit.session.add(
            Freeze(
                wallet_id=wallet.id or 0,
                reason=FreezeReason.ABNORMAL_LOGIN,
                source=FreezeSource.SYSTEM,
                amount_fen=1,
                frozen_at=unit.now,
            )
        )
        unit.commit()
