"""Scenarios: named facts and cases as data (`data/book/scenarios`), laid into a store at its own present."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bdesk.clock import from_iso
from bdesk.data.book.files import Source, bad, fit, plain, sources
from bdesk.errors import BadInput
from bdesk.models.kinds import CaseKind, ParcelState, PaymentState, RefundState
from bdesk.models.tables import Compensation, Customer, Order, OrderItem, Product
from bdesk.training import stages
from bdesk.training.bought import bought, give_back, refunded
from bdesk.training.decided import contests, decided
from bdesk.training.frozen import freeze_as_told
from bdesk.training.heard import called
from bdesk.training.ledger import SYSTEM, Ledger, Work
from bdesk.training.opening import Opened, Pins, open_work
from bdesk.training.parcels import add_parcel, scan_until
from bdesk.training.report import Bought, Caller
from bdesk.training.rows import Row
from bdesk.training.scenario_file import (
    RawCase,
    RawCustomer,
    RawItem,
    RawOrder,
    RawParcel,
    RawProduct,
    RawRefunded,
    RawScenario,
    ago,
)
from bdesk.training.shop import add_payment
from bdesk.training.wallets import add_wallet
from bdesk.training.world import Deal, World, local_day


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario read and checked. `anchor` is its own present, used when none is given."""

    code: str
    anchor: datetime | None
    raw: RawScenario


def scenarios() -> Mapping[str, Scenario]:
    """Every scenario of the book, by code. Raises BadInput("book.bad") with file, line and column."""
    found: dict[str, Scenario] = {}
    for one in sources("scenarios"):
        raw = fit(one, RawScenario, plain(one))
        _must_fit(one, raw)
        found[raw.scenario] = Scenario(raw.scenario, from_iso(raw.anchor) if raw.anchor else None, raw)
    return found


def scenario_named(code: str) -> Scenario:
    """Raises BadInput("seed.scenario") for one that the book does not have; case does not matter."""
    known = scenarios()
    for name, one in known.items():
        if name.casefold() == code.casefold():
            return one
    raise BadInput("seed.scenario", scenario=code, allowed=tuple(known))


def _must_fit(found: Source, raw: RawScenario) -> None:
    customers = {one.key for one in raw.customers}
    orders = {one.key for one in raw.orders} | {one.key for one in raw.cases if one.bought is not None}
    for order in raw.orders:
        if order.customer not in customers:
            raise bad(found, 1, 1, f"order {order.key}: no customer {order.customer}")
    for case in raw.cases:
        if (case.order is not None and case.order not in orders) or (
            case.customer is not None and case.customer not in customers
        ):
            raise bad(found, 1, 1, f"case {case.key}: unknown order or customer")


class Staged:
    """The facts of one scenario in a world, by their keys; cases follow once the staff is there."""

    def __init__(self, world: World, scenario: Scenario) -> None:
        self.world = world
        self.scenario = scenario
        self.draw = world.draw(f"scenario/{scenario.code}")
        self.works: dict[str, Work] = {}
        self.later: list[tuple[Deal, Row]] = []
        self.customers = {one.key: self._customer(one) for one in scenario.raw.customers}
        for product in scenario.raw.products:
            self._product(product)
        self.deals = {one.key: self._order(one) for one in scenario.raw.orders}
        shape = f"scenario/{scenario.code}"
        for place, case in enumerate(scenario.raw.cases):
            if case.bought is not None:
                self.deals[case.key] = bought(world, self.draw, case.bought, shape, place)
                self._refunded(self.deals[case.key], case.bought.refunds)

    def callers(self) -> tuple[Caller, ...]:
        """What the customers of this scenario can say when they are asked, newest order first."""
        return tuple(
            Caller(
                row["name"],
                row["account"],
                row["phone"],
                row.get("previous_phone"),
                row["city"],
                tuple(
                    Bought(
                        deal.order["order_no"],
                        deal.order["placed_at"],
                        tuple(
                            one["amount_fen"] for one in deal.payments if one["state"] is PaymentState.SUCCESS
                        ),
                    )
                    for deal in sorted(
                        self.deals.values(), key=lambda deal: deal.order["placed_at"], reverse=True
                    )
                    if deal.customer is row
                ),
            )
            for row in self.customers.values()
        )

    def _customer(self, raw: RawCustomer) -> Row:
        world = self.world
        world.accounts.add(raw.account)
        row = world.rows.add(
            Customer,
            account=raw.account,
            name=raw.name,
            name_initials=raw.initials,
            phone=raw.phone,
            phone_tail=raw.phone[-4:] if raw.phone else None,
            email=raw.email,
            province=raw.province,
            city=raw.city,
            address=raw.address,
            born_on=raw.born,
            since=ago(world.now, raw.since),
            language=raw.language,
            contact_changed_at=ago(world.now, raw.contact_changed) if raw.contact_changed else None,
            previous_phone=raw.previous_phone,
            as_of=world.now - timedelta(minutes=5),
        )
        if raw.wallet_fen is not None:
            wallet = add_wallet(world, row, raw.wallet_fen, two_factor=True)
            if raw.freeze is not None:
                freeze_as_told(world, wallet, raw.freeze, ago(world.now, raw.freeze.frozen))
        return row

    def _product(self, raw: RawProduct) -> None:
        self.world.rows.add(
            Product,
            sku=raw.sku,
            name=raw.name,
            price_fen=raw.price_fen,
            stock=raw.stock,
            substitute_sku=raw.substitute,
            as_of=self.world.now - timedelta(minutes=3),
        )

    def _order(self, raw: RawOrder) -> Deal:
        world, customer = self.world, self.customers[raw.customer]
        placed = ago(world.now, raw.placed)
        number = f"BT{local_day(placed)}{raw.number}"
        world.order_nos.add(number)
        goods = sum(item.price_fen * item.quantity for item in raw.items)
        order = world.rows.add(
            Order,
            order_no=number,
            order_tail=number[-4:],
            customer_id=customer["id"],
            status=raw.status,
            placed_at=placed,
            goods_fen=goods,
            coupon_fen=raw.coupon_fen,
            freight_fen=raw.freight_fen,
            total_fen=goods - raw.coupon_fen + raw.freight_fen,
            estimated_ship_at=ago(world.now, raw.estimated) if raw.estimated else None,
            pay_by=ago(world.now, raw.pay_by) if raw.pay_by else None,
            presale=raw.presale,
            as_of=world.now - timedelta(minutes=3),
        )
        deal = Deal(f"scenario/{self.scenario.code}", customer, order, used=1)
        for line, item in enumerate(raw.items, start=1):
            self._offer(item)
            deal.items.append(
                world.rows.add(
                    OrderItem,
                    order_id=order["id"],
                    line=line,
                    sku=item.sku,
                    name=item.name,
                    quantity=item.quantity,
                    price_fen=item.price_fen,
                    return_class=item.return_class,
                    window_days=item.window_days,
                    exclusion_confirmed_at=placed if item.confirmed else None,
                )
            )
        if raw.paid is not None:
            paid = ago(world.now, raw.paid)
            add_payment(world, self.draw, deal, raw.method, PaymentState.SUCCESS, paid, order["total_fen"])
        for one in raw.payments:
            at, amount = ago(world.now, one.at), one.amount_fen
            made = at if one.state is PaymentState.SUCCESS else None
            add_payment(
                *(world, self.draw, deal, one.method or raw.method, one.state, made),
                order["total_fen"] if amount is None else amount,
                one.failure,
            )
        if raw.parcel is not None:
            self._parcel(deal, raw.parcel)
        for given in raw.compensations:
            world.rows.add(
                Compensation,
                order_id=order["id"],
                delay_key="shop",
                kind=given.kind,
                amount_fen=given.amount_fen,
                state=RefundState.ARRIVED,
                committed_at=ago(world.now, given.given),
            )
        self._refunded(deal, raw.refunds)
        world.deals.append(deal)
        return deal

    def _refunded(self, deal: Deal, given: list[RawRefunded]) -> None:
        """What the shop gave back; what it gave after the cases were worked is kept for then."""
        for one in given:
            row = refunded(self.world, deal, one.amount_fen, ago(self.world.now, one.given))
            if one.later:
                self.later.append((deal, row))
            else:
                give_back(self.world, deal, row)

    def _offer(self, item: RawItem) -> None:
        """What the shop asks for it today, and how many there are."""
        if item.stock is None:
            return
        sold = next((row for row in self.world.rows.of(Product) if row["sku"] == item.sku), None)
        if sold is None:
            as_of = self.world.now - timedelta(minutes=30)
            sold = self.world.rows.add(Product, sku=item.sku, name=item.name, as_of=as_of)
        sold.update(price_fen=item.price_fen, stock=item.stock)

    def _parcel(self, deal: Deal, raw: RawParcel) -> None:
        now = self.world.now
        signed = ago(now, raw.signed) if raw.signed else None
        state = ParcelState.SIGNED if signed else ParcelState.IN_TRANSIT
        parcel = add_parcel(
            self.world, deal, raw.waybill, raw.carrier, state, ago(now, raw.shipped), signed, raw.signed_by
        )
        scan_until(self.world, deal, parcel, (signed or now) - timedelta(hours=2), 5 if signed else 3)
        for item in deal.items:
            if not raw.lines or item["line"] in raw.lines:
                item["parcel_id"] = parcel["id"]

    def open_cases(self, ledger: Ledger, pins: Mapping[CaseKind, Pins], *, give: bool) -> list[Work]:
        """The scenario's cases; with `give` they go to the person the scenario names."""
        for raw in self.scenario.raw.cases:
            work = self._open(raw, ledger, pins)
            for piece in raw.evidence:
                at = ago(self.world.now, piece.received)
                stages.evidence(work, piece.kind, at, piece.name, piece.kilobytes * 1024)
            if raw.decided is not None:
                decided(work, raw.decided, ago(self.world.now, raw.decided.at))
            if raw.contests is not None:
                contests(work, self.works[raw.contests])
            staff = self.world.staff.get(raw.given_to or "")
            if raw.worked:
                # Until it is worked it stands as it was opened.
                self.world.walked.add(work.row["id"])
            elif give and staff is not None:
                stages.claim(work, staff, ago(self.world.now, raw.taken), "given")
            self.works[raw.key] = work
        return list(self.works.values())

    def _open(self, raw: RawCase, ledger: Ledger, pins: Mapping[CaseKind, Pins]) -> Work:
        received = ago(self.world.now, raw.received)
        about = raw.order or (raw.key if raw.bought is not None else None)
        deal = self.deals[about] if about else None
        customer = self.customers[raw.customer] if raw.customer else (deal.customer if deal else None)
        new = Opened(
            kind=raw.kind,
            channel=raw.channel,
            received_at=received,
            opened_at=received + timedelta(seconds=5),
            actor=raw.called or SYSTEM,
            deal=deal,
            customer=customer,
            subject=raw.subject,
            desired=raw.desired,
            description=raw.description,
            reason=raw.reason,
            priority=raw.priority,
            flags=tuple(raw.flags),
            wanted=raw.wanted,
        )
        work = open_work(self.world, ledger, self.draw, pins, new)
        if raw.called is not None:
            called(work, self.world.staff[raw.called], received)
        return work
