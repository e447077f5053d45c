"""An owner who wants account data changed, on the telephone, for tests (P8)."""

from typing import Any

from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel
from bdesk.models.tables import Approval, Customer
from bdesk.operations import approvals, calls
from bdesk.operations.opening import NewCase
from tests.builders import customer
from tests.operations.desk import Desk
from tests.operations.frozen import PASSWORD, TAIL, code
from tests.operations.test_wallet_refund import transaction, wallet

OLD_PHONE = f"1541234{TAIL}"
NEW_PHONE = "15488880042"
NEW_EMAIL = "new.address@example.com"
NEW_ADDRESS = "杭州市西湖区训练路2号3幢401"


def owner(store: Store, desk: Desk, **more: Any) -> int:
    """A customer with a wallet that paid 128.00 a few days ago."""
    buyer = customer(store, **{"phone": OLD_PHONE, "address": "杭州市上城区训练路1号", **more})
    transaction(desk, wallet(desk, buyer))
    return buyer


def rung(desk: Desk, buyer: int, change: str = "phone", *, help_first: bool = True) -> int:
    """A case from a call, greeted, with what is to change; the customer cannot do it alone."""
    contact = calls.start_call(desk.ctx, "15400000001")
    new = NewCase(CaseKind.ACCOUNT_CHANGE, Channel.HOTLINE, customer_id=buyer, subject="更改账户信息")
    case_id = calls.open_from_call(desk.ctx, contact, new).case_id
    assert case_id is not None
    desk.go(case_id, "confirmed")
    desk.go(case_id, change)
    if help_first:
        desk.go(case_id, "help")
    return case_id


def verified(desk: Desk, case_id: int) -> int:
    desk.go(case_id, "check", recent_amount="128.00", phone_tail=TAIL)
    desk.go(case_id, "send")
    code(desk, case_id, "passed")
    return case_id


def proposed(desk: Desk, case_id: int, **typed: str) -> Approval:
    """The value typed, read back and confirmed, and a second person asked."""
    if typed:
        desk.go(case_id, "read", **typed)
        desk.go(case_id, "right")
    else:
        desk.go(case_id, "ask")
    desk.go(case_id, "ask", account_why="旧手机号已停用")
    return desk.rows(Approval)[-1]


def decided(by: Desk, row: Approval, verdict: str = "approve", words: str = "核对过") -> None:
    approvals.decide(by.ctx, row.id or 0, verdict, words, password=PASSWORD)


def warned(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "letter")
    desk.later(seconds=11)
    desk.release()


def saved(desk: Desk, case_id: int) -> None:
    desk.go(case_id, "save")
    desk.later(seconds=11)
    desk.release()


def on_file(desk: Desk, buyer: int) -> Customer:
    return desk.row(Customer, buyer)
