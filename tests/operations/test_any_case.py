"""Cases nobody planned, worked by real operations on a real file.

Whatever the order, the customer and the answers: a step always leaves something to do, money stays within
what was paid, and every walk can be ended.
"""

import random
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bdesk.data.store import Store
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import (
    ApprovalState,
    CaseKind,
    Channel,
    EvidenceKind,
    FreezeReason,
    FreezeSource,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    RefundReason,
    ReturnClass,
    Role,
    TaskState,
    WalletState,
    WalletTxKind,
)
from bdesk.models.tables import (
    Approval,
    Evidence,
    Freeze,
    Order,
    OrderItem,
    Parcel,
    Payment,
    Product,
    Task,
    Wallet,
    WalletTx,
)
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import approvals, calls, codes, evidence, queue, tasks, walking
from bdesk.operations.change import Act
from bdesk.operations.effects.call import EffectCall
from bdesk.operations.effects.cases import reject
from bdesk.operations.opening import NewCase, open_case
from bdesk.operations.ports import Ports, SimulatedMail, SimulatedPayment
from bdesk.operations.staff.groups import ensure_groups
from bdesk.operations.sweep import sweep
from bdesk.rules.documents import KINDS
from bdesk.rules.walk.model import CaptureType
from bdesk.rules.walk.plan import beside
from bdesk.rules.walk.values import GivenValue, Risk
from bdesk.rules.walk.views import Offer, PlannedEffect, StepView
from tests.builders import Item, Placed, customer, make_store, order, person
from tests.data.book.test_any_walk import distances
from tests.operations.desk import Desk, begin_again, must_add_up
from tests.operations.frozen import PASSWORD, WALLET_TAIL, freeze, hashed
from tests.rules.typed_factors import SAID

ROLES = (Role.AGENT, Role.SENIOR, Role.SUPERVISOR, Role.MANAGER, Role.RISK)
CHANNELS = (Channel.REFUND_FORM, Channel.EMAIL, Channel.SOCIAL, Channel.AFTER_SALE_FORM, Channel.HOTLINE)

CALLS = (
    CaseKind.REFUND,
    CaseKind.SHIPMENT_DELAY,
    CaseKind.PAYMENT_FAILURE,
    CaseKind.AFTER_SALE,
    CaseKind.WALLET_REFUND,
    CaseKind.UNFREEZE,
)
"""The calls that come all day."""

DIRECTS = frozenset(
    {
        *("letter.no_target", "verification.no_customer", "order.not_found", "order.other_customer"),
        *("wallet_tx.not_found", "wallet_tx.several", "case.open_beside", "task.own_answer"),
        *("appeal.unknown_case", "appeal.undecided"),
        *("refund.own_answer", "order.answered"),
    }
)
"""Refusals of an offered answer that say what to do instead; every other one is a fault of the walk."""

# What is typed, and not what is done, can be wrong; it is refused before anything else is looked at.
TYPED = frozenset({"item.not_of_order", "item.pieces", "capture.missing", "account.format", "account.same"})


NEW_VALUES = {
    "new_name": "王莉",
    "new_phone": "15488880042",
    "new_email": "new@example.com",
    "new_address": "杭州市训练路2号401",
}


@cache
def prepared() -> tuple[bytes, tuple[ActorView, ...]]:
    with tempfile.TemporaryDirectory() as folder, make_store(Path(folder)) as store:
        actors = tuple(
            person(store, f"{place}001", role, password_hash=hashed()) for place, role in enumerate(ROLES, 1)
        )
        with store.write("test") as unit:
            ensure_groups(unit)
            unit.commit()
        store.close()
        return (Path(folder) / "desk.db").read_bytes(), actors


def buyer_of(store: Store, rng: random.Random) -> int:
    return customer(
        store,
        email=rng.choice(["w@example.com", "w@example.com", "w@nowhere.invalid", None]),
        phone=rng.choice(["15400000037", "15400000037", "0571-88001234", None]),
        vip=rng.random() < 0.1,
    )


def order_of(store: Store, buyer: int, rng: random.Random) -> Placed:
    goods = [Item(price_fen=rng.choice([0, 1, 12800, 60000, 2_500_000]))]
    if rng.random() < 0.5:
        goods.append(Item(sku="FILTER-1", name="滤芯", price_fen=5050, quantity=2))
    total = sum(one.price_fen * one.quantity for one in goods)
    coupon = rng.choice([0, total // 3])
    first = rng.choice([total - coupon, (total - coupon) // 2])
    sums = [first, total - coupon - first] if first != total - coupon else [first]
    if rng.random() < 0.1:
        sums.append(total - coupon)
    payments: list[dict[str, Any]] = [
        {
            "amount_fen": fen,
            "path_closed": rng.random() < 0.2,
            "method": rng.choice([PaymentMethod.WALLET, PaymentMethod.WECHAT, PaymentMethod.COD]),
            "state": rng.choice([PaymentState.SUCCESS] * 8 + [PaymentState.FAILED, PaymentState.PROCESSING]),
        }
        for fen in sums
        if fen
    ]
    sent = rng.random() < 0.75
    status = OrderStatus.SIGNED if sent else rng.choice([OrderStatus.TO_SHIP, OrderStatus.PENDING_PAYMENT])
    signed = rng.choice([1, 8, 12]) if sent else None
    placed = order(
        store, buyer, items=goods, coupon_fen=coupon, status=status, payments=payments, signed_days=signed,
        placed_days=rng.choice([15, 400]),
    )  # fmt: skip
    with store.write("shop") as unit:
        for number in placed.parcels:
            parcel = unit.session.get_one(Parcel, number)
            parcel.state = rng.choice([ParcelState.SIGNED] * 4 + [*ParcelState])
        for number in placed.items:
            bought = unit.session.get_one(OrderItem, number)
            bought.return_class = rng.choice([ReturnClass.NORMAL] * 3 + [*ReturnClass])
            bought.exclusion_confirmed_at = rng.choice([None, unit.now - timedelta(days=9)])
        unit.commit()
    return placed


def late(store: Store, placed: Placed, rng: random.Random) -> None:
    """What a delay is about: the promise, a parcel or none, stock, and other goods in place of the first."""
    with store.write("shop") as unit:
        order = unit.session.get_one(Order, placed.id)
        order.estimated_ship_at = rng.choice([None, unit.now + timedelta(hours=rng.randrange(-90, 40))])
        order.presale = rng.random() < 0.2
        if rng.random() < 0.6:
            order.status = rng.choice([OrderStatus.TO_SHIP, OrderStatus.PART_SHIPPED])
            for number in placed.items[: rng.randrange(1, 3)]:
                unit.session.get_one(OrderItem, number).parcel_id = None
        for number in placed.parcels:
            parcel = unit.session.get_one(Parcel, number)
            parcel.last_scan_at = rng.choice([None, parcel.last_scan_at, unit.now - timedelta(days=4)])
        for number in placed.items:
            bought = unit.session.get_one(OrderItem, number)
            product = unit.session.scalars(select(Product).where(Product.sku == bought.sku)).one()
            other = Product(sku=f"OTHER-{number}", name=f"替代{number}")
            other.price_fen = max(0, bought.price_fen + rng.choice([-5000, -100, 0, 100, 9000]))
            other.stock = rng.choice([0, 1, 9])
            product.stock, product.substitute_sku = rng.choice([0, 10]), rng.choice([None, other.sku])
            unit.session.add(other)
        unit.commit()


def frozen_wallet_of(store: Store, buyer: int, rng: random.Random) -> None:
    """A wallet that is frozen for whatever reason, by whomever."""
    freeze(
        store,
        buyer=buyer,
        reason=rng.choice([FreezeReason.FREQUENT_TRANSFERS, *FreezeReason]),
        source=rng.choice([FreezeSource.SYSTEM] * 6 + [*FreezeSource]),
        held_fen=rng.choice([0, 98_000, 9_900_000]),
        sent=3,
    )


def unsettled(store: Store, placed: Placed, rng: random.Random) -> None:
    """What a payment failure is about: attempts that came to nothing, hang, or are not on the order yet."""
    with store.write("shop") as unit:
        order = unit.session.get_one(Order, placed.id)
        order.status = rng.choice(
            [OrderStatus.PENDING_PAYMENT] * 4 + [OrderStatus.CANCELLED, OrderStatus.PAID]
        )
        order.pay_by = rng.choice([None, unit.now + timedelta(hours=2), unit.now - timedelta(hours=2)])
        for payment in unit.session.scalars(select(Payment).where(Payment.order_id == placed.id)):
            payment.state = rng.choice([*PaymentState])
            payment.failure = rng.choice([None, *PaymentFailure])
        unit.commit()


def wallet_of(store: Store, buyer: int, placed: Placed | None, rng: random.Random) -> None:
    """A wallet, perhaps frozen, with what went through it."""
    with store.write("wallet") as unit:
        wallet = Wallet(wallet_no="QB1", customer_id=buyer, balance_fen=rng.choice([0, 5000, 900_000]))
        wallet.state = rng.choice([WalletState.NORMAL] * 3 + [WalletState.FROZEN])
        unit.session.add(wallet)
        unit.session.flush()
        for number, kind in enumerate(rng.sample([*WalletTxKind], 3)):
            order_id = placed.id if placed is not None and kind is WalletTxKind.PURCHASE else None
            moved = WalletTx(
                tx_no=f"WX{number}", wallet_id=wallet.id or 0, kind=kind, amount_fen=12800, at=unit.now
            )
            moved.order_id = order_id
            unit.session.add(moved)
        unit.commit()


def refused_before(desks: tuple[Desk, ...], placed: Placed, rng: random.Random) -> None:
    """What an appeal is about: a refund that one of these people decided, some days ago."""
    desk = rng.choice(desks)
    case_id = desk.opened(placed)
    with desk.store.write(desk.ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        stand = walking.standing(unit.session, desk.ctx, case_id, unit.now)
        code = {"code": rng.choice(["past_deadline", "condition"]), "next_step": "appeal"}
        effect = PlannedEffect(1, "case.reject", Risk.RECORD, code)
        reject(EffectCall(act, desk.ctx, stand, beside("reject/code", effect, cycle=1), effect))
        act.finish(desk.ctx, "test")
    desk.later(days=rng.choice([1, 14, 15, 16]))


class World:
    """A store, four people, one case, and what may happen around it."""

    def __init__(self, store: Store, rng: random.Random, kind: CaseKind) -> None:
        _bytes, actors = prepared()
        self.store, self.rng = store, rng
        ports = Ports(SimulatedPayment(seed=rng.randrange(99), faults_percent=30), SimulatedMail())
        self.desks = tuple(Desk(store, actor, ports) for actor in actors)
        self.desk = rng.choice(self.desks[:4])
        buyer = buyer_of(store, rng)
        if kind is CaseKind.UNFREEZE and rng.random() < 0.9:
            frozen_wallet_of(store, buyer, rng)
        placed = order_of(store, buyer, rng) if rng.random() < 0.9 else None
        if placed is not None and kind is CaseKind.SHIPMENT_DELAY:
            late(store, placed, rng)
        if placed is not None and kind is CaseKind.PAYMENT_FAILURE:
            unsettled(store, placed, rng)
        if kind in (CaseKind.WALLET_REFUND, CaseKind.PAYMENT_FAILURE) and rng.random() < 0.7:
            wallet_of(store, buyer, placed, rng)
        self.order_id = placed.id if placed is not None else None
        self.ending, self.kind = False, kind
        # The system that sends one-time codes, under its own number.
        self.system = Desk(store, replace(actors[3], role=Role.ADMIN), ports)
        self.form = self.desks[0] if self.desk is not self.desks[0] else self.desks[1]
        if placed is not None and rng.random() < 0.15:
            self.desk.opened(placed, take=False)
        if placed is not None and kind is CaseKind.APPEAL and rng.random() < 0.8:
            refused_before(self.desks, placed, rng)
        filed = kind in (CaseKind.SHIPMENT_DELAY, CaseKind.APPEAL) and rng.random() < 0.8
        channel = Channel.APP_CHAT if filed else rng.choice(CHANNELS)
        reasoned = kind in (CaseKind.REFUND, CaseKind.AFTER_SALE, CaseKind.WALLET_REFUND)
        reason = rng.choice([None, *RefundReason]) if reasoned else None
        new = NewCase(
            kind, channel, order_id=placed.id if placed else None, reason=reason,
            customer_id=buyer if placed is None and rng.random() < 0.5 else None,
            description=rng.choice(["", "打开就是坏的"]), filed=filed,
        )  # fmt: skip
        if channel is Channel.HOTLINE:
            contact = calls.start_call(self.desk.ctx)
            case_id = calls.open_from_call(self.desk.ctx, contact, new).case_id
            if rng.random() < 0.3:
                calls.end_call(self.desk.ctx, contact, "说完了")
        else:
            case_id = open_case(self.desk.ctx, new).case_id
        assert case_id is not None
        self.case_id = case_id
        self.number = placed.order_no if placed else "BT0"
        if kind is CaseKind.UNFREEZE and self.desk.fact(case_id, "wallet.state") and rng.random() < 0.7:
            self.verified()

    def verified(self) -> None:
        """Most callers are who they say they are: what they say is right, and so is the code."""
        right = {
            "opening/greet": "confirmed",
            "duplicate/same": "other",
            "verify/factors": "check",
            "verify/code": "send",
        }
        while (step := self.desk.step(self.case_id)) in right:
            current = self.desk.stand(self.case_id).walk.current
            asked = {view.capture.name for view in current.captures} if current is not None else set()
            said = {"recent_amount": "1000.00", "phone_tail": "0037"}
            if step == "verify/factors" and not asked >= said.keys():
                return  # the file has nothing to compare with
            self.desk.go(self.case_id, right[step], **said if step == "verify/factors" else {})
            if step == "verify/code":
                codes.code_result(self.system.ctx, self.case_id, "passed")
            if self.desk.fact(self.case_id, "verification.failures"):
                return

    # What people type

    def filled(self, step: StepView) -> dict[str, GivenValue]:
        values: dict[CaptureType, GivenValue] = {
            CaptureType.AMOUNT: 1,
            CaptureType.YESNO: True,
            CaptureType.DATE: self.desk.ctx.now().date(),
            CaptureType.ITEMS: ("1",),
            CaptureType.EVIDENCE: ("1",),
            CaptureType.DIGITS: "0037",
        }
        found: dict[str, GivenValue] = {}
        for view in step.captures:
            capture = view.capture
            value = values.get(capture.type, "情况说明")
            if capture.choices:
                value = self.rng.choice(capture.choices).code
            elif capture.name in ("tail", "again_tail"):
                value = self.rng.choice([WALLET_TAIL, WALLET_TAIL, "1234"])
            elif capture.name in NEW_VALUES:
                value = self.rng.choice([NEW_VALUES[capture.name], "0037"])
            elif capture.name in ("order_no", "order_named", "other_no"):
                value = self.number
            elif capture.factor is not None:
                value = self.rng.choice(SAID[capture.factor])
            elif capture.length and isinstance(value, str) and len(value) > capture.length:
                value = value[: capture.length]
            found[capture.name] = value
        return found

    # What happens

    def answer(self, step: StepView, option: str) -> bool:
        """Whether it was done; a refusal must be one that says what to do."""
        try:
            self.desk.go(self.case_id, option, **self.filled(step))
        except BadInput as wrong:
            assert wrong.code in TYPED or wrong.code.startswith("verification."), (
                step.step.id,
                option,
                wrong,
            )
            return False
        except NotAllowed as refused:
            accepted = refused.code == "option.refused" and (refused.params["why"] or refused.params["facts"])
            assert accepted or refused.code in DIRECTS or refused.code == "effect.already", (
                step.step.id, option, refused.code, refused.params,
            )  # fmt: skip
            return False
        return True

    def decide(self) -> None:
        chief = self.desks[2] if self.desk is self.desks[3] else self.desks[3]
        for row in self.desk.rows(Approval, state=ApprovalState.REQUESTED):
            verdict = self.rng.choice(["approve", "approve", "refuse", "return"])
            for decider in (chief, self.desks[4]):
                if self.rng.random() < 0.7:
                    for piece in self.desk.rows(Evidence, case_id=self.case_id):
                        evidence.look_at(decider.ctx, piece.id or 0)
                try:
                    approvals.decide(decider.ctx, row.id or 0, verdict, "看过", password=PASSWORD)
                except NotAllowed as refused:
                    assert refused.code.startswith(
                        ("limits.", "approval.", "role.", "appeal.touched", "documents.unseen")
                    ), refused.code

    def code(self) -> None:
        """The system says what became of the code that is outstanding, if one is."""
        result = self.rng.choice(["passed", "passed", "failed", "timed_out"])
        try:
            codes.code_result(self.system.ctx, self.case_id, result)
        except NotAllowed as refused:
            assert refused.code == "verification.no_code", refused.code

    def wallet(self) -> None:
        """The wallet moves while somebody works its release: a refund lands, an authority freezes it too."""
        with self.store.write("wallet") as unit:
            for row in unit.session.scalars(select(Wallet)):
                row.balance_fen += self.rng.choice([0, 1, 12800])
                if self.rng.random() < 0.1:
                    unit.session.add(
                        Freeze(
                            wallet_id=row.id or 0,
                            reason=FreezeReason.JUDICIAL,
                            source=FreezeSource.JUDICIAL,
                            frozen_at=unit.now,
                        )
                    )
            unit.commit()

    def nothing_is_released_alone(self) -> None:
        """Whatever was done: a freeze is lifted only where somebody else than its maker has approved it, and
        one by an authority never."""
        approved = [
            row
            for row in self.desk.rows(Approval, action="unfreeze")
            if row.state is ApprovalState.APPROVED and row.decided_by != row.requested_by
        ]
        for row in self.desk.rows(Freeze):
            assert row.released_at is None or (approved and row.source is not FreezeSource.JUDICIAL)
            if row.released_at is not None and row.reason in (FreezeReason.FRAUD_RISK, FreezeReason.MINOR):
                assert any(
                    one.state is ApprovalState.APPROVED and one.decided_by != one.requested_by
                    for one in self.desk.rows(Approval, action="documents")
                ), "a code alone does not do"
        for wallet in self.desk.rows(Wallet):
            held = [one for one in self.desk.rows(Freeze, wallet_id=wallet.id) if one.released_at is None]
            assert not held or wallet.state is not WalletState.NORMAL

    def papers(self) -> None:
        """What the secure form brings in, whoever asked for it or did not; under a number of its own."""
        for kind in self.rng.sample([*sorted(KINDS), EvidenceKind.OTHER_DOCUMENT], 3):
            evidence.add_evidence(self.form.ctx, self.case_id, kind, "1.jpg", "https://e.example.com/1", 9)

    def register(self) -> None:
        """Nobody registers another target before the form went out."""
        try:
            evidence.register_target(self.desk.ctx, self.case_id, "工商银行 尾号 0123")
        except NotAllowed as refused:
            assert refused.code == "refund.no_form"

    def departments(self) -> None:
        """Whatever they were asked, they answer; what opens much money is typed in by who did not ask."""
        for task in self.desk.rows(Task, state=TaskState.OPEN):
            kind = self.desk.ctx.book.tasks[task.what]
            plain = [one for one in kind.findings if one not in kind.dated]
            finding = self.rng.choice(plain) if plain else None
            other = next(one for one in self.desks if one.ctx.actor.number != task.asked_by)
            typed_by = self.desk
            if self.desk.ctx.actor.number == task.asked_by and finding in kind.opens_money:
                typed_by = other
            tasks.answer_task(typed_by.ctx, task.id or 0, "查过了", finding)

    def shop(self) -> None:
        """The shop's own facts move while somebody is at the case."""
        with self.store.write("shop") as unit:
            parcels = unit.session.scalars(select(Parcel).where(Parcel.order_id == self.order_id)).all()
            payments = unit.session.scalars(select(Payment).where(Payment.order_id == self.order_id)).all()
            match self.rng.randrange(4):
                case 0 if parcels:
                    self.rng.choice(parcels).state = self.rng.choice([*ParcelState])
                case 1 if payments:
                    payment = self.rng.choice(payments)
                    if not payment.held_fen and not payment.refunded_fen:
                        payment.state = self.rng.choice([PaymentState.SUCCESS, PaymentState.FAILED])
                case 2:
                    for product in unit.session.scalars(select(Product)):
                        product.stock = self.rng.choice([0, 5])
                case _ if self.order_id is not None:
                    unit.session.get_one(Order, self.order_id).status = self.rng.choice([*OrderStatus])
            unit.commit()

    def outside(self) -> None:
        """Something that is waited for, or time, or the outbox, or what the shop says now."""
        is_open = self.desk.case(self.case_id).open
        match self.rng.randrange(11):
            case 7 if not self.ending:
                self.shop()
            case 8 if not self.ending and self.kind is CaseKind.UNFREEZE:
                self.wallet()
            case 9 if is_open and self.kind is CaseKind.UNFREEZE:
                self.code()
            case 0:
                self.decide()
            case 1 if is_open:
                self.desk.picture(self.case_id)
            case 10 if is_open:
                self.papers()
            case 2:
                self.departments()
            case 3 if is_open:
                self.register()
            case 4:
                self.desk.later(days=self.rng.choice([1, 3, 8]))
                sweep(self.desk.ctx)
            case _:
                self.desk.later(seconds=11)
                self.desk.release()

    def take(self) -> None:
        """Somebody may have handed it on; whoever works it takes it back, or at the end of an appeal somebody
        who had no hand in what it contests."""
        case = self.desk.case(self.case_id)
        if self.ending and case.owner_id is None and self.desk.fact(self.case_id, "appeal.touched_by_me"):
            others = (one for one in self.desks if not one.fact(self.case_id, "appeal.touched_by_me"))
            self.desk = next(others, self.desk)
        if case.open and case.owner_id != self.desk.ctx.actor.id:
            queue.claim(self.desk.ctx, self.case_id)

    def wander(self, steps: int) -> None:
        for _ in range(steps):
            if not self.desk.case(self.case_id).open:
                return
            self.take()
            current = self.desk.stand(self.case_id).walk.current
            if current is None:
                return
            offered = [one.code for one in current.options if one.offer is Offer.OFFERED]
            doubtful = any(one.offer is Offer.UNKNOWN for one in current.options)
            assert offered or doubtful, current.step.id
            self.rng.shuffle(offered)
            if not any(self.answer(current, option) for option in offered):
                assert self.says_what_to_do(current), current.step.id
            for _ in range(self.rng.randrange(3)):
                self.outside()

    def says_what_to_do(self, step: StepView) -> bool:
        return any(one.why is not None for one in step.options)

    def end(self) -> None:
        """From wherever it is, by the nearest way that was not gone yet; what is unknown about money becomes
        known, and who is asked answers."""
        self.desk.payment.faults_percent = 0
        self.ending = True
        gone: Counter[tuple[str, str]] = Counter()
        for _ in range(40):
            if not self.desk.case(self.case_id).open:
                return
            self.take()
            stand = self.desk.stand(self.case_id)
            current = stand.walk.current
            assert current is not None, stand.walk.finished
            if stand.walk.waiting is not None:
                # Nobody ends a matter while somebody else is asked about money that is here.
                self.departments()
                self.decide()
                current = self.desk.stand(self.case_id).walk.current or current
            far = distances(stand.procedure)
            options = {one.code: one for one in current.step.options}
            offered = sorted(
                (one for one in current.options if one.offer is Offer.OFFERED),
                key=lambda one: (
                    gone[current.step.id, one.code],
                    0 if options[one.code].outcome else far.get(str(options[one.code].goto), 99),
                ),
            )
            taken = next((one.code for one in offered if self.answer(current, one.code)), None)
            assert taken is not None, f"stuck at {current.step.id}"
            gone[current.step.id, taken] += 1
            self.desk.later(seconds=11)
            self.desk.release()
            if self.rng.random() < 0.5:
                self.outside()
        raise AssertionError("no end")


# Nobody to write to: each letter that says so comes back.
@example(seed=29, kind=CaseKind.REFUND)
@given(
    seed=st.integers(0, 10**9),
    kind=st.sampled_from([*CALLS] * 4 + [*CaseKind]),
)
@settings(
    max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_there_is_always_something_to_do_and_an_end(store: Store, seed: int, kind: CaseKind) -> None:
    begin_again(store, prepared()[0])
    rng = random.Random(seed)
    world = World(store, rng, kind)
    world.wander(rng.randrange(3, 14))
    if rng.random() < 0.5:
        must_add_up(store)
    world.end()
    must_add_up(store)
    if kind is CaseKind.UNFREEZE:
        world.nothing_is_released_alone()
