"""One plain refund case (training scenario S1) as a snapshot, to be bent by each test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bdesk.data.book.clocks import load_clocks
from bdesk.data.book.evidence import evidence_needs
from bdesk.data.book.policies import packaged_limits_text, parse_limits
from bdesk.data.book.tasks import task_kinds
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    CheckResult,
    ContactKind,
    DeliveryState,
    Direction,
    EvidenceKind,
    Factor,
    NotificationChannel,
    OrderStatus,
    ParcelState,
    PaymentMethod,
    PaymentState,
    RefundReason,
    RefundState,
    ReturnClass,
    Role,
    SignedBy,
    VerificationLevel,
)
from bdesk.models.views.snapshot import (
    ActorView,
    ApprovalView,
    CaseBrief,
    CaseView,
    CheckView,
    ClockView,
    ContactView,
    CustomerView,
    DecisionView,
    EvidenceView,
    HistoryView,
    ItemView,
    NotificationView,
    OrderView,
    ParcelView,
    PaymentView,
    RefundView,
    Snapshot,
)
from bdesk.rules.facts import FactContext, compute
from bdesk.rules.walk.values import FactValue

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in Shanghai
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOOK = load_clocks()
LIMITS = parse_limits(packaged_limits_text(), "policies/limits.yaml")
TASKS = task_kinds()
NEEDS = evidence_needs()


def case(**changes: Any) -> CaseView:
    made = CaseView(
        id=1,
        case_no="KF2026111800001",
        kind=CaseKind.REFUND,
        channel=Channel.REFUND_FORM,
        priority=3,
        state=CaseState.IN_PROGRESS,
        cycle=1,
        version=1,
        subject="电热水壶开箱就坏",
        desired="退款",
        received_at=NOW - 3 * HOUR,
        opened_at=NOW - HOUR,
        verified_level=VerificationLevel.V0,
        procedure="refund",
        procedure_version="p",
        policy_version="p",
        calendar_version="c",
        reason=RefundReason.QUALITY,
        description="收到一打开就是坏的",
        filed=True,
    )
    return replace(made, **changes)


def customer(**changes: Any) -> CustomerView:
    made = CustomerView(
        id=5,
        account="wangli_77",
        name="王丽",
        phone="15400000037",
        phone_tail="0037",
        email="wangli@example.com",
        province="浙江",
        city="杭州市",
        since=NOW - 400 * DAY,
    )
    return replace(made, **changes)


def order(**changes: Any) -> OrderView:
    made = OrderView(
        id=7,
        order_no="BT20261114000101",
        status=OrderStatus.SIGNED,
        placed_at=datetime(2026, 11, 13, 17, 30, tzinfo=UTC),  # 11-14 01:30 in Shanghai
        goods_fen=12800,
        coupon_fen=0,
        freight_fen=0,
        total_fen=12800,
        customer_id=5,
    )
    return replace(made, **changes)


def item(number: int = 1, price_fen: int = 12800, **changes: Any) -> ItemView:
    made = ItemView(
        id=number,
        line=number,
        sku=f"SKU{number}",
        name="电热水壶",
        quantity=1,
        price_fen=price_fen,
        return_class=ReturnClass.NORMAL,
        window_days=7,
        parcel_id=11,
    )
    return replace(made, **changes)


def payment(number: int = 21, amount_fen: int = 12800, **changes: Any) -> PaymentView:
    made = PaymentView(
        id=number,
        payment_no=f"PAY{number}",
        method=PaymentMethod.WALLET,
        state=PaymentState.SUCCESS,
        amount_fen=amount_fen,
        refunded_fen=0,
        held_fen=0,
        paid_at=NOW - 4 * DAY + number * timedelta(minutes=1),
    )
    return replace(made, **changes)


def parcel(number: int = 11, **changes: Any) -> ParcelView:
    made = ParcelView(
        id=number,
        waybill=f"SF0000000000{number}",
        carrier="顺丰速运",
        state=ParcelState.SIGNED,
        shipped_at=NOW - 4 * DAY,
        signed_at=NOW - 2 * DAY,
        signed_by=SignedBy.SELF,
    )
    return replace(made, **changes)


def refund(number: int = 31, **changes: Any) -> RefundView:
    made = RefundView(
        id=number,
        refund_no=f"TK20261118{number:06}",
        case_id=1,
        payment_id=21,
        amount_fen=12800,
        method=PaymentMethod.WALLET,
        state=RefundState.HELD,
        attempt=1,
        committed_at=NOW - timedelta(minutes=5),
    )
    return replace(made, **changes)


def letter(code: str = "N4", **changes: Any) -> NotificationView:
    made = NotificationView(
        id=41,
        letter=code,
        language="zh",
        channel=NotificationChannel.EMAIL,
        target_masked="w***@example.com",
        subject="",
        state=DeliveryState.ACCEPTED,
        written_at=NOW - HOUR,
    )
    return replace(made, **changes)


def call(**changes: Any) -> ContactView:
    made = ContactView(
        id=51,
        kind=ContactKind.CALL,
        direction=Direction.INBOUND,
        channel=Channel.HOTLINE,
        started_at=NOW - timedelta(minutes=10),
        staff="1001",
    )
    return replace(made, **changes)


def tried(factor: Factor, result: CheckResult = CheckResult.PASSED, **changes: Any) -> CheckView:
    made = CheckView(
        level=VerificationLevel.V2, factor=factor, result=result, at=NOW - timedelta(minutes=5), case_id=1
    )
    return replace(made, **changes)


def clock(kind: str = "refund_review", **changes: Any) -> ClockView:
    made = ClockView(
        kind=kind,
        cycle=1,
        run=RunState.RUNNING,
        outcome=Outcome.OPEN,
        start_at=NOW - 3 * HOUR,
        due_at=NOW + 21 * HOUR,
        drives="desk",
    )
    return replace(made, **changes)


def brief(number: int, **changes: Any) -> CaseBrief:
    made = CaseBrief(
        id=number,
        case_no=f"KF20261118{number:05}",
        kind=CaseKind.REFUND,
        state=CaseState.NEW,
        subject="",
        received_at=NOW - number * HOUR,
    )
    return replace(made, **changes)


def approval(state: ApprovalState = ApprovalState.REQUESTED, **changes: Any) -> ApprovalView:
    made = ApprovalView(
        id=61,
        case_id=1,
        case_no="KF2026111800001",
        step="assess",
        option="propose",
        action="refund",
        amount_fen=12800,
        flags=(),
        needs_role="supervisor",
        reason="",
        state=state,
        requested_by="1001",
        requested_at=NOW - HOUR,
        lapses_at=NOW + 23 * HOUR,
    )
    return replace(made, **changes)


def decision(**changes: Any) -> DecisionView:
    made = DecisionView(
        step="reject", option="reject", by="1005", at=NOW - 2 * DAY, outcome=CaseOutcome.REJECTED
    )
    return replace(made, **changes)


def evidence(number: int = 1, kind: EvidenceKind = EvidenceKind.PHOTO, **changes: Any) -> EvidenceView:
    made = EvidenceView(
        id=number, number=number, kind=kind, name="p.jpg", size_bytes=1, address="", received_at=NOW - HOUR
    )
    return replace(made, **changes)


def snapshot(**changes: Any) -> Snapshot:
    """Scenario S1 at T0: a broken kettle, paid by wallet, signed for two days ago."""
    made = Snapshot(
        case=case(),
        actor=ActorView(1, "1001", "周敏", Role.AGENT),
        now=NOW,
        customer=customer(),
        order=order(),
        items=(item(),),
        payments=(payment(),),
        parcels=(parcel(),),
        history=HistoryView(recent_amounts_fen=(5990, 12800)),
        other_reviewers=2,
    )
    return replace(made, **changes)


def sold(items: Sequence[ItemView], *, coupon_fen: int = 0, freight_fen: int = 0, **changes: Any) -> Snapshot:
    """An order of these items, paid in one payment."""
    goods = sum(one.price_fen * one.quantity for one in items)
    total = goods - coupon_fen + freight_fen
    made = order(goods_fen=goods, coupon_fen=coupon_fen, freight_fen=freight_fen, total_fen=total)
    given: dict[str, Any] = {"items": tuple(items), "order": made, "payments": (payment(amount_fen=total),)}
    return snapshot(**{**given, **changes})


def context(of: Snapshot) -> FactContext:
    return FactContext(of, BOOK.calendars, BOOK.kinds, LIMITS, TASKS, NEEDS)


def fact(name: str, of: Snapshot) -> FactValue:
    return compute(context(of))[name]
