"""V3+ at the keyboard, by two persons at 80x24: the phone is lost, documents are asked for, a supervisor
opens and passes them on the board, and the release goes on; what stands in one is on no screen."""

from datetime import timedelta

import pytest

from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.clock_kinds import RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    Channel,
    EvidenceKind,
    FreezeReason,
    Role,
    VerificationLevel,
    WalletState,
)
from bdesk.models.tables import Approval, Case, ClockRow, Evidence, Notification, Wallet
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import evidence
from bdesk.operations.outbox import release_due
from tests.builders import clock_of, context, open_case, person
from tests.operations.frozen import AMOUNT, TAIL, WALLET_TAIL, freeze, hashed
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, rows

pytestmark = pytest.mark.usefixtures("patient_hand", "language")

NAME = "张三_33010619900101123X.jpg"


async def asks(desk: Seat, case_id: int, store: Store) -> None:
    """Verified by answers; no code can arrive: the owner's documents, with the clock stopped by a letter."""
    await desk.press("f9", f"={AMOUNT}", "enter", f"={TAIL}", "enter")
    desk.sees("任何人问都", "tell it to nobody")
    await desk.press("3")
    desk.sees("本人，手机停用", "The owner, number lost")
    await desk.press("1")
    desk.sees("手持证件照", "a photo")
    await desk.press("1", "f8")
    clocks = {one.kind: one.run for one in rows(store, ClockRow, case_id=case_id)}
    assert clocks["resolution"] is RunState.PAUSED
    clock_of(store).move(timedelta(seconds=11))
    release_due(context(store, desk.desk.place.desk.actor))
    assert [one.letter for one in rows(store, Notification, case_id=case_id)] == ["N4"]


def uploads(store: Store, case_id: int) -> None:
    form = context(store, person(store, "1900"))
    for kind in (EvidenceKind.ID_DOCUMENT, EvidenceKind.HANDHELD):
        evidence.add_evidence(form, case_id, kind, NAME, "https://secure.example.com/1", 1000)


async def passes(desk: Seat, store: Store, case_id: int) -> None:
    """The board lets nobody pass what they did not open; Enter leads to the case, Tab to the pieces."""
    await desk.press("f10", "=zbt", "enter")
    desk.sees("证件核对", "documents")
    await desk.press("1", "f8")
    desk.sees("还没有打开看过", "was not opened by you")
    (row,) = rows(store, Approval)
    assert row.state is ApprovalState.REQUESTED
    await desk.press("escape", "enter")
    desk.sees("主管核对中", "being checked")
    await desk.press("tab", "enter", "down", "enter")
    desk.driver.shows_not("33010619900101123X", "张三_")
    assert {one.looked_by for one in rows(store, Evidence, case_id=case_id)} == {"2001"}
    await desk.press("escape", "escape")
    await desk.press("1", "f8")
    (row,) = rows(store, Approval)
    assert (row.state, row.decided_by) == (ApprovalState.APPROVED, "2001")


async def test_a_lost_phone_takes_two_persons(store: Store, agent: ActorView) -> None:
    frozen = freeze(store, reason=FreezeReason.USER_LOCK)
    case_id = open_case(
        store,
        kind=CaseKind.UNFREEZE,
        channel=Channel.HOTLINE,
        customer_id=frozen.customer_id,
        subject="钱包解锁, 手机丢了",
        received_at=clock_of(store).now() - timedelta(minutes=5),
    )
    chief = person(store, "2001", Role.SUPERVISOR, password_hash=hashed())
    async with at_desk(store, agent, size=(80, 24)) as at:
        mine = Seat(at)
        await asks(mine, case_id, store)
        uploads(store, case_id)
        await mine.looks_again()
        mine.sees("提请另一人核对", "Have somebody else check")
        mine.driver.shows_not("33010619900101123X", "张三_")
        await mine.press("1")
        mine.sees("主管核对中", "being checked")
        async with at_desk(store, chief, size=(80, 24)) as other:
            await passes(Seat(other), store, case_id)
        await mine.looks_again()
        mine.sees("已回答", "Answered")
        assert rows(store, Case, id=case_id)[0].verified_level is VerificationLevel.V3P
        mine.sees("已核，证件", "by documents")
        await mine.press("=1", "enter")
        await releases(mine, store)
    assert verify(store, load_book()).ok


async def releases(desk: Seat, store: Store) -> None:
    """It goes on as after a code: compared, recommended to somebody else again."""
    desk.sees("核对完成", "Compared")
    await desk.press("=1", "enter", "=1", "enter", "=1", "enter", "=1", "enter", "1")
    desk.sees("全部解除", "Release in full")
    await desk.press("1", f"={WALLET_TAIL}", "enter", "=本人锁定, 证件已核对", "enter", "f8")
    assert [one.action for one in rows(store, Approval)] == ["documents", "unfreeze"]
    assert rows(store, Wallet)[0].state is WalletState.FROZEN
