"""The protective freeze by keys (P13, SA3): a digit puts it into the strip, F8 does it, nobody recalls it."""

import pytest

from bdesk.data.store import Store
from bdesk.models.kinds import FreezeSource, Role, WalletState
from bdesk.models.tables import Contact, Freeze, Wallet
from bdesk.operations import calls
from bdesk.operations.ports import simulated
from tests.operations.frozen import at_work
from tests.operations.test_suspicious import owner, rung, verified
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, rows

pytestmark = pytest.mark.usefixtures("patient_hand", "language")


async def test_a_digit_arms_it_and_f8_freezes(store: Store) -> None:
    desk = at_work(store, simulated(), "1001", Role.AGENT)
    case_id = rung(desk, owner(desk))
    verified(desk, case_id)
    calls.end_call(desk.ctx, desk.rows(Contact)[-1].id or 0)
    async with at_desk(store, desk.ctx.actor, size=(80, 24)) as at:
        seat = Seat(at)
        await seat.press("f3", f"={desk.case(case_id).case_no}", "enter")
        seat.sees("立即保护性冻结", "Freeze it now")
        seat.sees_not("限额内", "within your limit")
        await seat.press("1")
        assert rows(store, Wallet)[0].state is WalletState.NORMAL, "a digit only arms it"
        seat.sees("立即冻结尾号0001的钱包，解除须两人", "freeze wallet ..0001 now; releasing takes two")
        await seat.press("escape")
        assert rows(store, Wallet)[0].state is WalletState.NORMAL
        at.driver.forget_keys()
        await seat.press("1", "f8")
        assert at.driver.keys + at.driver.digits == 2, "quick: somebody may be emptying it"
        assert rows(store, Wallet)[0].state is WalletState.FROZEN
        assert [one.source for one in rows(store, Freeze)] == [FreezeSource.MANUAL]
        await seat.press("ctrl+z")
        assert rows(store, Wallet)[0].state is WalletState.FROZEN
        at.driver.widths_ok()
