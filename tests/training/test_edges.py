"""Every edge case of training.md D6 is in a normal store, and its facts are really so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from bdesk.clock import LOCAL
from bdesk.data.book.book import load_book
from bdesk.data.journal import events
from bdesk.data.queries import queue
from bdesk.data.store import Store
from bdesk.models.kinds import (
    ApprovalState,
    CaseFlag,
    CaseKind,
    CaseOutcome,
    CaseState,
    Channel,
    DeliveryState,
    EvidenceKind,
    FreezeReason,
    LinkKind,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    RefundReason,
    RefundState,
    ReturnClass,
    SignedBy,
    Stream,
    TaskState,
)
from bdesk.models.tables import (
    Approval,
    Case,
    CaseFlagRow,
    CaseLink,
    CaseText,
    ClockRow,
    Contact,
    Customer,
    Evidence,
    Freeze,
    Notification,
    Order,
    OrderDelay,
    OrderItem,
    OutboxRow,
    Parcel,
    Payment,
    Product,
    Refund,
    Staff,
    Task,
    Wallet,
    WalletTx,
)
from bdesk.operations.context import Context
from bdesk.operations.staff.people import find_actor
from bdesk.operations.standing import standing
from bdesk.training.edges.index import NAMES
from bdesk.training.edges.requests import OTHER_FACTS
from bdesk.training.report import Report
from tests.training.conftest import NOW

Holds = Callable[["Place"], object]
CHECKS: dict[str, Holds] = {}


def holds(check: Holds) -> Holds:
    """`e07` checks E07: what it returns has to be true."""
    CHECKS[check.__name__.upper()] = check
    return check


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edge case is, with its rows at hand."""

    store: Store
    session: Session
    numbers: tuple[str, ...]
    orders_no: tuple[str, ...]
    people: tuple[str, ...]

    def cases(self) -> list[Case]:
        found = self.session.scalars(select(Case).where(col(Case.case_no).in_(self.numbers))).all()
        return sorted(found, key=lambda one: self.numbers.index(one.case_no))

    @property
    def case(self) -> Case:
        return self.cases()[0]

    def order_of(self, number: int = 0) -> Order:
        return self.session.scalars(select(Order).where(Order.order_no == self.orders_no[number])).one()

    @property
    def order(self) -> Order:
        return self.order_of()

    def of_order(self, table: type, number: int = 0) -> list:  # type: ignore[type-arg]
        return list(
            self.session.scalars(
                select(table).where(table.order_id == self.order_of(number).id).order_by(table.id)  # type: ignore[attr-defined]
            )
        )

    def of_case(self, table: type, number: int = 0) -> list:  # type: ignore[type-arg]
        case_id = self.cases()[number].id
        return list(self.session.scalars(select(table).where(table.case_id == case_id).order_by(table.id)))  # type: ignore[attr-defined]

    def fact(self, name: str, number: int = 0) -> object:
        """A fact of a case, as its owner or the first agent sees it."""
        ctx = Context(self.store, load_book(), find_actor(self.store, "1001"))
        return standing(self.session, ctx, self.cases()[number].id or 0, NOW).facts.get(name)

    def customer(self, number: int = 0) -> Customer:
        return self.session.get_one(Customer, self.cases()[number].customer_id or 0)

    def flags(self, number: int = 0) -> set[CaseFlag]:
        return {row.flag for row in self.of_case(CaseFlagRow, number)}

    def said(self, number: int = 0) -> str:
        return "".join(row.body for row in self.of_case(CaseText, number) if row.kind == "description")


@holds
def e01(at: Place) -> object:
    """Nothing was captured for the one; the other was, and the order does not know."""
    assert all(one.state is PaymentState.FAILED for one in at.of_order(Payment))
    assert [one.state for one in at.of_order(Payment, 1)] == [PaymentState.SUCCESS]
    assert {at.order_of(0).status, at.order_of(1).status} == {OrderStatus.PENDING_PAYMENT}
    return at.order.pay_by and [one.kind for one in at.cases()] == [
        CaseKind.SHIPMENT_DELAY,
        CaseKind.PAYMENT_FAILURE,
    ]


@holds
def e02(at: Place) -> object:
    (payment,), (refund,) = at.of_order(Payment), at.of_order(Refund)
    assert refund.state is RefundState.ARRIVED and refund.arrived_at is not None
    return payment.refunded_fen == payment.amount_fen and at.fact("order.refundable_fen") == 0


@holds
def e03(at: Place) -> object:
    (payment,) = at.of_order(Payment)
    assert payment.amount_fen - payment.refunded_fen == 1250
    return len(at.of_order(Refund)) == 3 and at.fact("order.refundable_fen") == 1250


@holds
def e04(at: Place) -> object:
    old, new = at.cases()
    (link,) = at.session.scalars(select(CaseLink).where(CaseLink.from_id == new.id))
    assert (link.to_id, link.kind) == (old.id, LinkKind.APPEAL_OF) and old.closed_at is not None
    return (new.received_at - old.closed_at).days in (15, 16) and old.outcome is CaseOutcome.REJECTED


@holds
def e05(at: Place) -> object:
    (item,) = at.of_order(OrderItem)
    assert item.return_class is ReturnClass.PERISHABLE and at.case.reason is RefundReason.NO_REASON
    return at.fact("product.excluded") is True


@holds
def e06(at: Place) -> object:
    (item,), (parcel,) = at.of_order(OrderItem), at.of_order(Parcel)
    assert item.return_class is ReturnClass.PERISHABLE and at.case.reason is RefundReason.QUALITY
    assert NOW - parcel.signed_at < timedelta(hours=24)
    return [one.kind for one in at.of_case(Evidence)] == [EvidenceKind.PHOTO]


@holds
def e07(at: Place) -> object:
    since = NOW - timedelta(days=30)
    mine = at.session.scalars(
        select(Refund).where(Refund.customer_id == at.customer().id, Refund.committed_at >= since)
    ).all()
    return len(mine) == 3 and at.of_order(Refund) == []


def frozen(at: Place) -> tuple[Wallet, Freeze]:
    wallet = at.session.scalars(select(Wallet).where(Wallet.customer_id == at.customer().id)).one()
    return wallet, at.session.scalars(select(Freeze).where(Freeze.wallet_id == wallet.id)).one()


@holds
def e08(at: Place) -> object:
    wallet, freeze = frozen(at)
    sent = at.session.scalars(
        select(WalletTx).where(
            WalletTx.wallet_id == wallet.id, col(WalletTx.counterparty).startswith("训练收款人")
        )
    ).all()
    assert len(sent) == 20 and max(one.at for one in sent) - min(one.at for one in sent) < timedelta(hours=1)
    return freeze.reason is FreezeReason.FREQUENT_TRANSFERS and wallet.balance_fen > 1_000_000


@holds
def e09(at: Place) -> object:
    wallet, freeze = frozen(at)
    return freeze.reason is FreezeReason.FREQUENT_TRANSFERS and wallet.balance_fen < 1_000


@holds
def e10(at: Place) -> object:
    first, second = at.cases()
    assert first.order_id == second.order_id and first.open and second.open
    assert first.channel is not second.channel and first.owner_id is not None
    agents = {row.staff_id for row in at.of_case(Contact, 1)} - {first.owner_id}
    return agents and at.fact("case.duplicate_no", 1) == first.case_no


@holds
def e11(at: Place) -> object:
    return "·" in at.customer().name


@holds
def e12(at: Place) -> object:
    born = at.customer().born_on
    assert born is not None and 11 <= NOW.year - born.year <= 13
    return EvidenceKind.GUARDIANSHIP in {one.kind for one in at.of_case(Evidence)}


@holds
def e13(at: Place) -> object:
    wallet = at.session.scalars(select(Wallet).where(Wallet.customer_id == at.customer().id)).one()
    assert (at.customer().phone or "").startswith("+1") and wallet.region == "US"
    return [one.failure for one in at.of_order(Payment)] == [PaymentFailure.REGION]


@holds
def e14(at: Place) -> object:
    (item,) = at.of_order(OrderItem)
    assert item.return_class is ReturnClass.CONFIRMED_EXCLUSION and item.exclusion_confirmed_at is None
    return at.fact("product.excluded") is False


@holds
def e15(at: Place) -> object:
    (item,) = at.of_order(OrderItem)
    assert item.return_class is ReturnClass.CUSTOM and item.exclusion_confirmed_at is not None
    return at.case.reason is RefundReason.QUALITY and len(at.of_case(Evidence)) == 2


@holds
def e16(at: Place) -> object:
    return at.of_order(Parcel)[0].signed_by is SignedBy.STATION


@holds
def e17(at: Place) -> object:
    return at.order.presale and at.order.estimated_ship_at and at.order.estimated_ship_at > NOW


@holds
def e18(at: Place) -> object:
    (payment,) = at.of_order(Payment)
    return at.order.estimated_ship_at is None and NOW - payment.paid_at > timedelta(hours=48)


@holds
def e19(at: Place) -> object:
    (parcel,) = at.of_order(Parcel)
    assert parcel.state is ParcelState.SIGNED and at.order.estimated_ship_at is not None
    assert at.order.status is OrderStatus.PART_SHIPPED and at.order.estimated_ship_at < NOW
    return [item.parcel_id for item in at.of_order(OrderItem)] == [parcel.id, None]


@holds
def e20(at: Place) -> object:
    paid = [one for one in at.of_order(Payment) if one.state is PaymentState.SUCCESS]
    return len(paid) == 2 and {one.amount_fen for one in paid} == {at.order.total_fen}


@holds
def e21(at: Place) -> object:
    (payment,) = at.of_order(Payment)
    return payment.method is PaymentMethod.DEBIT_CARD and payment.path_closed and payment.card_tail


@holds
def e22(at: Place) -> object:
    assert (at.order.goods_fen, at.order.coupon_fen, at.order.total_fen) == (1000, 300, 700)
    return at.fact("refund.proposed_fen") == 630


@holds
def e23(at: Place) -> object:
    return (NOW - at.of_order(Payment)[0].paid_at).days in (365, 366) and at.order.placed_at.year == 2025


@holds
def e24(at: Place) -> object:
    return frozen(at)[1].reason is FreezeReason.JUDICIAL


@holds
def e25(at: Place) -> object:
    return frozen(at)[1].reason is FreezeReason.USER_LOCK


@holds
def e26(at: Place) -> object:
    changed = at.customer().contact_changed_at
    assert frozen(at)[1].reason is FreezeReason.ABNORMAL_LOGIN
    return at.customer().previous_phone and changed and (NOW - changed).days == 2


@holds
def e27(at: Place) -> object:
    failed = [
        one for one in events(at.session, Stream.CASE, at.case.id or 0) if one.kind == "verification.checked"
    ]
    assert [one.payload["tries_left"] for one in failed] == [2, 1, 0] and "locked_until" in failed[-1].payload
    until = at.customer().verification_locked_until
    assert until is not None and until > NOW
    first, second = at.cases()
    return first.channel is not second.channel and first.customer_id == second.customer_id


@holds
def e28(at: Place) -> object:
    return "爱人" in at.said()


@holds
def e29(at: Place) -> object:
    own = at.session.scalars(select(Staff).where(Staff.customer_id == at.customer().id)).one()
    ctx = Context(at.store, load_book(), find_actor(at.store, own.number))
    return standing(at.session, ctx, at.case.id or 0, NOW).facts.get("customer.is_actor") is True


@holds
def e30(at: Place) -> object:
    (asked,) = at.of_case(Approval)
    by = at.session.scalars(select(Staff).where(Staff.number == asked.requested_by)).one()
    return asked.state is ApprovalState.REQUESTED and by.role.value == "supervisor"


@holds
def e31(at: Place) -> object:
    (old,), (moved,) = at.of_case(Approval, 0), at.of_case(Approval, 1)
    assert old.state is ApprovalState.LAPSED and NOW - old.requested_at > timedelta(hours=24)
    return moved.state is ApprovalState.REQUESTED and moved.facts_digest == OTHER_FACTS


@holds
def e32(at: Place) -> object:
    late, stopped, holiday = at.cases()
    opened = late.received_at.astimezone(LOCAL)
    assert (opened.weekday(), opened.hour, opened.minute) == (4, 23, 59)
    told = {one.kind: one for one in events(at.session, Stream.CASE, stopped.id or 0)}
    since, until = (told[kind].recorded_at.astimezone(LOCAL) for kind in ("clock.paused", "clock.resumed"))
    assert since.weekday() == 4 and until.weekday() == 0 and until - since > timedelta(days=2)
    breached = [one for one in at.of_case(ClockRow, 2) if one.breached_at is not None]
    days = {
        (one.breached_at.astimezone(LOCAL).month, one.breached_at.astimezone(LOCAL).day) for one in breached
    }
    return holiday.state is CaseState.CLOSED and days <= {(10, day) for day in range(1, 9)} and days


@holds
def e33(at: Place) -> object:
    again, old, new = at.cases()
    assert again.state is CaseState.REOPENED and again.cycle == 2
    closed = [one for one in events(at.session, Stream.CASE, again.id or 0) if one.kind == "case.closed"]
    assert (NOW - closed[0].recorded_at).days == 29 and old.closed_at is not None
    link = at.session.scalars(select(CaseLink).where(CaseLink.from_id == new.id)).one()
    said = [one for one in events(at.session, Stream.CASE, new.id or 0) if one.kind == "case.follows"]
    assert said[0].payload["previous"] == old.case_no
    return link.to_id == old.id and (NOW - old.closed_at).days == 31 and not old.open


@holds
def e34(at: Place) -> object:
    nobody, by_phone = at.customer(0), at.customer(1)
    assert nobody.phone is None and nobody.email is None
    return by_phone.phone and by_phone.email is None


@holds
def e35(at: Place) -> object:
    (letter,) = at.of_case(Notification)
    (sent,) = at.of_case(OutboxRow)
    assert letter.state is sent.state is DeliveryState.FAILED
    return CaseFlag.LETTER_FAILED in at.flags() and at.case.open


@holds
def e36(at: Place) -> object:
    return at.case.channel is Channel.SOCIAL and CaseFlag.PUBLIC in at.flags()


@holds
def e37(at: Place) -> object:
    kinds = {one.kind for one in at.of_case(ClockRow)}
    return at.case.channel is Channel.REGULATOR and "regulator" in kinds and at.case.priority == 1


@holds
def e38(at: Place) -> object:
    assert {CaseFlag.ABUSIVE, CaseFlag.PROMISE_BROKEN} <= at.flags()
    return at.order.estimated_ship_at and at.order.estimated_ship_at < NOW


@holds
def e39(at: Place) -> object:
    assert "慢" in at.said()
    return CaseFlag.ELDERLY in at.flags() and at.case.priority == 2


@holds
def e40(at: Place) -> object:
    return [at.order_of(one).total_fen for one in range(3)] == [0, 1, 4_999_900]


@holds
def e41(at: Place) -> object:
    (payment,), (parcel,) = at.of_order(Payment), at.of_order(Parcel)
    assert parcel.state is ParcelState.REFUSED
    return payment.method is PaymentMethod.COD and payment.state is PaymentState.NONE


@holds
def e42(at: Place) -> object:
    (parcel,) = at.of_order(Parcel)
    return parcel.signed_at is None and NOW - parcel.last_scan_at >= timedelta(days=7)


@holds
def e43(at: Place) -> object:
    (task,) = at.of_case(Task)
    return task.state is TaskState.ANSWERED and "不是原商品" in (task.answer or "") and at.case.open


@holds
def e44(at: Place) -> object:
    (item,) = at.of_order(OrderItem)
    return at.session.scalars(select(Product).where(Product.sku == item.sku)).one().stock == 0


@holds
def e45(at: Place) -> object:
    (asked,) = at.of_case(Approval)
    assert asked.state is ApprovalState.APPROVED and asked.decided_by != asked.requested_by
    return at.case.outcome is CaseOutcome.WITHDRAWN and at.of_order(Refund) == []


@holds
def e46(at: Place) -> object:
    (refund,) = at.of_order(Refund)
    assert refund.state is RefundState.RELEASED and (NOW - refund.committed_at).days == 3
    (arrival,) = [one for one in at.of_case(ClockRow, 1) if one.kind == "refund_arrival"]
    assert arrival.breached_at is not None
    return at.case.kind is CaseKind.PROGRESS and CaseFlag.PAYMENT_UNKNOWN in at.flags(2)


@holds
def e47(at: Place) -> object:
    number = at.numbers[0]
    return at.session.scalars(select(Case).where(Case.after_sale_no == number)).one().open


@holds
def e48(at: Place) -> object:
    who = select(Customer.id).where(Customer.account == at.people[0]).scalar_subquery()
    count = at.session.scalar(select(func.count()).select_from(Order).where(Order.customer_id == who))
    return count is not None and count >= 200


@holds
def e49(at: Place) -> object:
    return len(at.of_case(Contact)) >= 60


@holds
def e50(at: Place) -> object:
    actor = find_actor(at.store, at.people[0])
    return not queue.page(at.session, "mine", actor).rows and not queue.page(at.session, "aside", actor).rows


def test_every_edge_case_has_its_check() -> None:
    assert set(CHECKS) == set(NAMES)


@pytest.mark.parametrize("code", list(NAMES))
def test_the_facts_of_an_edge_case_are_so(
    normal_store: Store, normal_report: Report, normal: Session, code: str
) -> None:
    (edge,) = [one for one in normal_report.coverage.edges if one.code == code]
    place = Place(normal_store, normal, edge.cases, edge.orders, edge.people)
    assert CHECKS[code](place)


def test_no_remedy_for_a_delay_without_its_cause(normal: Session) -> None:
    """SD-09: what was given for being late, was given after the cause was known."""
    remedied = normal.scalars(
        select(Case).where(col(Case.outcome).in_([CaseOutcome.COMPENSATED, CaseOutcome.SUBSTITUTED]))
    ).all()
    assert len(remedied) == 4
    for case in remedied:
        (delay,) = normal.scalars(select(OrderDelay).where(OrderDelay.order_id == case.order_id))
        told = [one for one in events(normal, Stream.CASE, case.id or 0) if one.kind == "delay.recorded"]
        assert told[0].payload["delay"] == delay.id and told[0].payload["why"] == delay.cause.value
        assert case.closed_at is not None and delay.at <= case.closed_at
        assert delay.eta is not None and delay.eta.astimezone(LOCAL).hour == 0
