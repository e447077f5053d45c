"""A firm's own order with a coupon, refunded in parts by this desk: exact to the fen."""

from itertools import permutations
from pathlib import Path

import pytest

from bdesk.models.kinds import CaseKind, Channel, EvidenceKind, RefundReason, Role
from bdesk.models.tables import Order, Payment
from bdesk.operations.evidence import add_evidence
from bdesk.operations.opening import NewCase, open_case
from tests.builders import person
from tests.operations.desk import Desk, must_add_up
from tests.operations.importing.firm import at, make_firm, order, payment

GOODS = [
    {"line": 1, "sku": "K1", "name": "电热水壶", "price_fen": 29900},
    {"line": 2, "sku": "K2", "name": "滤芯", "price_fen": 20000, "quantity": 3},
]
PARTS = ("1", "2*1", "2*2")


@pytest.mark.parametrize("parts", list(permutations(PARTS))[::2])
def test_a_coupon_off_the_whole_order_is_shared_by_its_lines(tmp_path: Path, parts: tuple[str, ...]) -> None:
    """The document says what each line costs and what came off in all, never what was paid for a line."""
    firm = make_firm(tmp_path)
    parcel = {
        "waybill": "SF1",
        "carrier": "顺丰",
        "state": "signed",
        "signed_at": at(40),
        "signed_by": "self",
    }
    paid = [payment("PAY-A", 60000), payment("PAY-B", 19900, method="wechat")]
    firm.bring(
        "orders", order(items=GOODS, coupon_fen=10000, payments=paid, status="signed", parcels=[parcel])
    )
    desk, refunded = Desk(firm.store, person(firm.store, "2001", Role.SUPERVISOR)), {}
    for part in parts:
        new = NewCase(
            CaseKind.REFUND,
            Channel.REFUND_FORM,
            order_id=firm.one(Order).id,
            description="打开就是坏的",
            reason=RefundReason.QUALITY,
            filed=True,
        )
        case_id = open_case(desk.ctx, new).case_id
        assert case_id is not None
        add_evidence(desk.ctx, case_id, EvidenceKind.PHOTO, "1.jpg", "https://evidence.example.com/1")
        desk.go(case_id, "part", items=(part,))
        desk.go(case_id, "quality")
        desk.go(case_id, "complete")
        refunded[part] = desk.fact(case_id, "refund.proposed_fen")
        desk.go(case_id, "approve")
        desk.later(seconds=11)
        desk.release()
        desk.go(case_id, "close")
    assert refunded["1"] == 26574  # 299 of 899 with 100 off
    assert sum(int(str(fen)) for fen in refunded.values()) == 79900
    assert sum(row.refunded_fen for row in firm.all(Payment)) == 79900
    must_add_up(firm.store, [desk.ports])
    firm.store.close()
