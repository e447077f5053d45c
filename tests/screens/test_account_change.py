"""P8 at the keyboard: a new phone number typed, read back and asked for; decided by somebody else; saved a
day later and confirmed. At 80x24, by digits and F-keys."""

from datetime import timedelta

import pytest

from bdesk import i18n
from bdesk.data.book.book import load_book
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.models.kinds import ApprovalState, CaseKind, CaseOutcome, Channel, Role
from bdesk.models.tables import Approval, Case, Customer, Notification, Wallet
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import codes
from bdesk.operations.outbox import release_due
from bdesk.rules.masking import mask_phone
from tests.builders import clock_of, context, open_case, person
from tests.operations.changing import NEW_PHONE, OLD_PHONE, owner
from tests.operations.desk import Desk
from tests.operations.frozen import PASSWORD, TAIL, hashed
from tests.screens.desks import at_desk
from tests.screens.scenario import Seat, rows

pytestmark = pytest.mark.usefixtures("patient_hand", "language")


async def asks(desk: Seat, store: Store, case_id: int) -> None:
    """Self-service first, then verified, typed, read back and asked for."""
    await desk.press("f9")
    desk.sees("非本人来电", "Not the owner")
    await desk.press("2")
    desk.sees("打开账户中心", "the account centre")
    await desk.press("1")
    desk.driver.shows_not(OLD_PHONE)
    await desk.press("=128.00", "enter", f"={TAIL}", "enter", "1")
    codes.code_result(context(store, person(store, "9001", Role.ADMIN)), case_id, "passed")
    await desk.looks_again()
    desk.sees("录入，复述给客户", "Enter, then read it back")
    await desk.press(f"={NEW_PHONE}", "enter")
    desk.driver.shows("154 8888 0042")
    await desk.press("1")
    desk.sees("提请复核", "Ask for the review")
    await desk.press("=旧手机号已停用", "enter")
    desk.sees("撤回，重新提出", "Take back, ask again")


async def decides(store: Store, chief: ActorView, case_id: int) -> None:
    """Another person reads what it is about, masked, and lets it through with their own password."""
    async with at_desk(store, chief, size=(80, 24)) as at:
        desk = Seat(at)
        await desk.press("f3", f"={rows(store, Case, id=case_id)[0].case_no}", "enter", "1")
        desk.sees("信息变更决定", "Decide on the change")
        at.driver.shows("154****0042", f"154****{TAIL}").shows_not(NEW_PHONE, OLD_PHONE).widths_ok()
        desk.sees("3级 验证码", "level 3, code to the number")
        desk.sees("没有改过的记录", "no change known")
        await desk.press("1", "=和本人核对过", "enter", f"={PASSWORD}")
        desk.sees("批准：手机号 154****0042", "Approve: telephone number 154****0042")
        await desk.press("f8")


async def saves(desk: Seat, store: Store, agent: ActorView) -> None:
    """The old address is told; a day later it is saved."""
    desk.sees("发通知到原联系方式", "Write to the old address")
    await desk.press("1", "f8")
    clock_of(store).move(timedelta(hours=24, seconds=11))
    release_due(context(store, agent))
    await desk.looks_again()
    desk.sees("保存：手机号", "Save: telephone number")
    await desk.press("1")
    desk.sees("更改：手机号", "change: telephone number")
    await desk.press("f8")
    assert rows(store, Customer)[0].phone == OLD_PHONE
    for _ in range(2):
        clock_of(store).move(timedelta(seconds=11))
        release_due(context(store, agent))
    await desk.looks_again()


async def test_a_phone_is_changed_by_keys(store: Store, agent: ActorView) -> None:
    buyer = owner(store, Desk(store, agent))
    case_id = open_case(
        store,
        kind=CaseKind.ACCOUNT_CHANGE,
        channel=Channel.HOTLINE,
        customer_id=buyer,
        subject="更改手机和银行卡",
        received_at=clock_of(store).now() - timedelta(minutes=5),
    )
    async with at_desk(store, agent, size=(80, 24)) as at:
        desk = Seat(at)
        await asks(desk, store, case_id)
        # The line of the customer says that they are, and by which number they are known.
        desk.driver.line_with(mask_phone(OLD_PHONE)).index("已核" if i18n.language() == "zh" else "verified")
        chief = person(store, "2001", Role.SUPERVISOR, password_hash=hashed())
        await decides(store, chief, case_id)
        assert rows(store, Approval)[0].state is ApprovalState.APPROVED
        await desk.looks_again()
        await saves(desk, store, agent)
        desk.sees("已告知，结单", "Told; close the case")
        # Neither the old number nor the new one stands whole in the timeline.
        desk.driver.shows_not(OLD_PHONE, NEW_PHONE)
        await desk.press("1")
    customer = rows(store, Customer)[0]
    assert (customer.phone, customer.previous_phone) == (NEW_PHONE, OLD_PHONE)
    assert rows(store, Wallet)[0].outgoing_limited_until is not None
    assert rows(store, Case, id=case_id)[0].outcome is CaseOutcome.SOLVED
    told = [one.letter for one in rows(store, Notification, case_id=case_id)]
    assert told[:4] == ["N11", "N12", "N12", "N12"]
    assert verify(store, load_book()).ok
