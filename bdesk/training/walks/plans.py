"""Cases in the middle of their walks: goods on their way back, looked at, exchanged or repaired; delays whose
cause is known or asked for; a payment that is reconciled; refunds that wait (training.md D1.5).

Each is opened with the others and then worked by `past.Worker`, so that what stands is what a desk writes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bdesk.clock import LOCAL, FrozenClock
from bdesk.data.book.book import Book
from bdesk.data.store import Store
from bdesk.models.kinds import CaseKind, Channel, EvidenceKind, OrderStatus, RefundReason
from bdesk.models.tables import Product
from bdesk.training.edges.bench import BY_NAME, Bench, Line
from bdesk.training.ledger import Work
from bdesk.training.rows import Row
from bdesk.training.shop import sku_of
from bdesk.training.walks import asked as prefix
from bdesk.training.walks.past import PastStore, Worker, settle
from bdesk.training.words.goods import draw_waybill
from bdesk.training.world import Deal

if TYPE_CHECKING:
    from bdesk.training.cases import Maker
    from bdesk.training.edges.cases import Edges

_R = RefundReason
REPAIR, EXCHANGE = "维修", "换货"
WANTED = {"退货退款": "return", EXCHANGE: "exchange", REPAIR: "repair"}
_LEFT = 12
"""How many of its goods the shop has for an exchange."""
_WARRANTY = 24 * 365
_MINUTE = timedelta(minutes=1)


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


class Visit:
    """One case while it is worked: who works it, and instants as hours before the store's present."""

    def __init__(self, worker: Worker, work: Work, now: datetime) -> None:
        self.worker = worker
        self.work = work
        self.now = now
        self.go = worker.go
        self.press_f8 = worker.press_f8
        self.answered = worker.answered

    def ago(self, hours: float) -> "Visit":
        self.worker.at(self.now - _hours(hours))
        return self

    def later(self, minutes: float = 2) -> "Visit":
        self.worker.at(self.worker.ctx.now() + minutes * _MINUTE)
        return self

    @property
    def waybill(self) -> str:
        return draw_waybill(self.work.draw, "顺丰")

    def day(self, days: int) -> date:
        return (self.now + timedelta(days=days)).astimezone(LOCAL).date()


Script = Callable[[Visit], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A case: what it is about, when it came (hours ago), and how it is worked."""

    kind: CaseKind
    words: str
    line: Line
    script: Script
    came: float
    reason: RefundReason | None = None
    desired: str = ""
    proof: bool = False
    signed: float | None = None
    status: OrderStatus = OrderStatus.SIGNED
    back: tuple[float, ...] = ()
    """When it was agreed that the goods come back, and when they were sent (hours ago)."""

    @property
    def last(self) -> tuple[str, str]:
        """The answer before the goods may come back."""
        if self.desired == REPAIR:
            return "warranty", "paid" if (self.signed or 0) > _WARRANTY else "free"
        return "condition" if self.reason is _R.NO_REASON else "evidence", "complete"


# Goods that come back


def then(*acts: tuple[float, Callable[[Visit], object]]) -> Script:
    """What came after the goods were sent, each at its hour before the present."""

    def script(visit: Visit) -> None:
        for hours, act in acts:
            act(visit.ago(hours))

    return script


def taken_in(visit: Visit) -> None:
    visit.answered("return_receipt", "包裹已签收入库")


def looked_at(finding: str, words: str) -> Callable[[Visit], None]:
    return lambda visit: visit.answered("inspection", words, finding)


def chosen(step: str, option: str) -> Callable[[Visit], object]:
    return lambda visit: visit.go(step, option)


def arrived(visit: Visit) -> None:
    """The desk itself saw the parcel come in: the warehouse need not answer any more."""
    visit.go("goods/travelling", "received")


def to_repair(visit: Visit) -> None:
    """What is broken is what a repair is for."""
    visit.go("failed", "accept", dispute="就是来修的")


def estimated(visit: Visit) -> None:
    visit.press_f8("repair/plan", "quote", amount=6_500, work="更换加热盘")


def new_goods(visit: Visit) -> None:
    visit.answered("return_exchange", f"新品已寄出 {visit.waybill}")


# Shipping, payment, refunds


def cause_known(visit: Visit) -> None:
    visit.ago(5).go("cause", "record", cause="out_of_stock", source="warehouse", eta=visit.day(4))


def asked(visit: Visit) -> None:
    _ask_warehouse(visit.ago(6))


def not_answered(visit: Visit) -> None:
    _ask_warehouse(visit.ago(27))
    visit.ago(2.5).worker.overdue("warehouse_check")


def _ask_warehouse(visit: Visit) -> None:
    visit.go("cause", "ask")
    visit.later().press_f8("ask_shop", "letter", whom="warehouse", question="请核对库存和发货日期")


def substituted(visit: Visit) -> None:
    cause_known(visit)
    visit.later().go("offer", "substitute")
    visit.later().press_f8("substitute", "book", agreed=True)
    visit.later(30).go("close_substituted/close", "close")


def substitute_offered(visit: Visit) -> None:
    """The customer thinks it over."""
    cause_known(visit)
    visit.later().go("offer", "substitute")


def compensated(visit: Visit) -> None:
    """A coupon within an agent's limit, and the new date as a promise."""
    cause_known(visit)
    visit.later().go("offer", "compensate")
    visit.later().press_f8("compensate", "coupon", amount=500)
    visit.later(30).go("close_compensated/close", "close")


def reconciled(visit: Visit) -> None:
    visit.ago(3).go("what", "charged")
    visit.later().go("unsynced", "reconcile")


def material(visit: Visit) -> None:
    visit.ago(30).press_f8("evidence", "ask", materials="photo_label")


def approval(visit: Visit) -> None:
    visit.ago(2).go("assess/decide", "approval", why="金额超出权限, 照片清楚")


def recalled(visit: Visit) -> None:
    """Committed and taken back within the window: the amount was looked at once more."""
    done = visit.ago(2).press_f8("assess/decide", "approve", leaves=False)
    visit.worker.take_back(done, timedelta(seconds=4))


def held(visit: Visit) -> None:
    """Committed in the last seconds: it can still be recalled."""
    visit.ago(4 / 3600).press_f8("assess/decide", "approve", leaves=False)


_A, _D, _F = CaseKind.AFTER_SALE, CaseKind.SHIPMENT_DELAY, CaseKind.REFUND
_KETTLE = "电热水壶"
_TO_SHIP = OrderStatus.TO_SHIP


def _goods(
    words: str,
    line: Line,
    reason: RefundReason,
    desired: str,
    came: float,
    back: tuple[float, ...],
    script: Script,
    signed: float,
) -> Plan:
    return Plan(_A, words, line, script, came, reason, desired, reason is not _R.NO_REASON, signed, back=back)


PLANS: tuple[Plan, ...] = (
    _goods("卫衣颜色不喜欢, 没穿过, 想退。", Line("运动卫衣", 15_900), _R.NO_REASON, "退货退款", 50,
           (47,), then(), 90),
    _goods("台灯一直闪, 退货。", Line("台灯", 9_900), _R.QUALITY, "退货退款", 74,
           (70, 44), then(), 100),
    _goods("书桌尺寸放不下, 没组装, 退。", Line("书桌", 22_900), _R.NO_REASON, "退货退款", 98,
           (94, 70), then((20, taken_in)), 130),
    _goods("四件套不想要了, 吊牌都在。", Line("四件套", 18_900), _R.NO_REASON, "退货退款", 98,
           (94, 72), then((45, taken_in),
                (21, looked_at("ok", "包装完好, 未使用"))), 130),
    _goods("牛仔裤不喜欢这个版型, 退。", Line("牛仔裤", 15_900), _R.NO_REASON, "退货退款", 97,
           (93, 71), then((46, taken_in),
                (22, looked_at("used", "裤脚有污渍, 吊牌已剪, 有洗涤痕迹"))), 130),
    _goods("耳机左边没声音, 退货。", Line("蓝牙耳机", 29_900), _R.QUALITY, "退货退款", 98,
           (94, 73), then((47, taken_in),
                (23, looked_at("wrong_item", "箱内是一副旧的有线耳机, 不是原商品, 已拍照留存"))), 130),
    _goods("空气炸锅和页面写的不是一个型号, 退货。", Line("空气炸锅", 32_900), _R.NOT_AS_DESCRIBED,
           "退货退款", 95,
           (91, 69), then((43, arrived),
                (18, looked_at("missing_parts", "缺少炸篮和说明书"))), 120),
    _goods("保温杯漏水, 换一个。", Line("不锈钢保温杯", 9_900), _R.QUALITY, "换货", 98,
           (94, 74), then((48, taken_in), (26, looked_at("ok", "确有漏水")),
                (24, chosen("exchange/stock", "send")), (4, new_goods)), 140),
    _goods("水壶用了一年多, 不烧水了, 能修吗？", Line(_KETTLE, 16_900), _R.QUALITY, "维修", 97,
           (93, 73), then((49, taken_in),
                (27, looked_at("damaged", "加热盘烧坏")), (24.2, to_repair), (24, estimated)), 24 * 400),
    Plan(_D, "卫衣为什么还没发？", Line("运动卫衣", 9_900), asked, 9, status=_TO_SHIP, desired="尽快发货"),
    Plan(_D, "书桌四天没动静, 你们查一下。", Line("书桌", 20_900), not_answered, 30, status=_TO_SHIP,
         desired="尽快发货"),
    Plan(_D, "保温杯拖了四天, 等可以, 总得有个说法。", Line("不锈钢保温杯", 9_900), compensated, 8,
         status=_TO_SHIP, desired="补偿"),
    Plan(_D, "炸锅还没发, 是不是没货？有别的也行。", Line("空气炸锅", 32_900), substitute_offered, 8,
         status=_TO_SHIP, desired="尽快发货"),
    Plan(_D, "台灯还没发, 没货就说没货。", Line("台灯", 9_900), substituted, 9, status=_TO_SHIP,
         desired="尽快发货"),
    Plan(CaseKind.PAYMENT_FAILURE, "钱扣了, 订单还是待付款。", Line("防晒霜", 8_900), reconciled, 4,
         desired="订单变为已付款", status=OrderStatus.PENDING_PAYMENT),
    Plan(_F, "水壶漏水, 退款。", Line(_KETTLE, 12_900), material, 33, _R.QUALITY, "退款", False, 60),
    Plan(_F, "平板屏幕有亮线, 退款。", Line("平板电脑", 359_900), approval, 5, _R.QUALITY, "退款", True, 60),
    Plan(_F, "卫衣拉链坏的, 退款。", Line("运动卫衣", 11_900), recalled, 5, _R.QUALITY, "全额退款", True, 60),
    Plan(_F, "裤子扣子掉了, 退款。", Line("牛仔裤", 8_900), held, 5, _R.QUALITY, "全额退款", True, 60),
)  # fmt: skip


class Walks:
    """The orders, the cases, and then their work."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.people = [self._somebody() for _ in PLANS]
        self.deals: list[Deal] = []
        self.works: list[Work] = []
        self.maker: Maker

    def _somebody(self) -> Row:
        """A customer of some years: a new account would take a refund out of an agent's hands."""
        who = self.bench.person()
        who["since"] = min(who["since"], self.bench.world.now - timedelta(days=400))
        return who

    def order(self) -> None:
        """What they bought."""
        self.deals = [self._order(plan, who) for plan, who in zip(PLANS, self.people, strict=True)]

    def _order(self, plan: Plan, who: Row) -> Deal:
        bench = self.bench
        if plan.desired == EXCHANGE:
            self._product(plan.line)["stock"] = _LEFT
        if plan.signed is not None:
            placed = _hours(plan.signed) + timedelta(days=3)
            status = plan.status if plan.signed < 24 * 15 else OrderStatus.COMPLETED
            return bench.signed(bench.order(who, status, [plan.line], ago=placed), _hours(plan.signed))
        paid_now = plan.status is OrderStatus.PENDING_PAYMENT
        ago = _hours(plan.came + 1) if paid_now else _hours(plan.came) + timedelta(days=4)
        deal = bench.order(who, plan.status, [plan.line], ago=ago)
        if plan.script in (substituted, substitute_offered):
            self._instead(plan.line)
        return deal

    def _instead(self, line: Line) -> None:
        """The shop would send other goods for the same money."""
        row = self._product(line)
        other = self.bench.world.rows.add(
            Product,
            sku=f"{row['sku']}-B",
            name=f"{line.name} 新款",
            price_fen=line.price_fen,
            stock=40,
            as_of=row["as_of"],
        )
        row["substitute_sku"] = other["sku"]

    def _product(self, line: Line) -> dict[str, object]:
        sku = sku_of(BY_NAME[line.name])
        return next(one for one in self.bench.world.rows.of(Product) if one["sku"] == sku)

    def open(self, edges: "Edges") -> None:
        """The cases, as they came."""
        self.maker = edges.maker
        world = self.bench.world
        for plan, deal in zip(PLANS, self.deals, strict=True):
            if plan.kind is _A:
                channel = Channel.AFTER_SALE_FORM
            else:
                channel = Channel.REFUND_FORM if plan.kind is _F else Channel.APP_CHAT
            proofs = (EvidenceKind.PHOTO,) if plan.proof else ()
            work = edges.about(
                plan.kind, channel, plan.words, deal, reason=plan.reason, desired=plan.desired,
                ago=_hours(plan.came), proofs=proofs,
            )  # fmt: skip
            world.walked.add(work.row["id"])
            self.works.append(work)

    def ask(self) -> None:
        """What needs no operation, once the cases have their numbers."""
        maker = self.maker
        for place, (plan, work) in enumerate(zip(PLANS, self.works, strict=True)):
            staff = maker.juniors[place % len(maker.juniors)]
            if plan.kind is _A:
                times = [self.bench.world.now - _hours(hours) for hours in plan.back]
                prefix.goods(
                    maker,
                    work,
                    staff,
                    WANTED[plan.desired],
                    plan.last,
                    times[0],
                    times[1] if times[1:] else None,
                )
            elif plan.kind is _F:
                prefix.refund(maker, work, staff, complete=plan.proof)

    def work(self, store: Store, book: Book) -> None:
        """Let people work them, each case by one of `agents`, up to the store's present."""
        world, agents = self.bench.world, self.maker.juniors
        draw = world.draw("walks")
        hand = FrozenClock(world.now)
        with PastStore(store, hand, lambda: draw.hex(32)) as past:
            for place, (plan, work) in enumerate(zip(PLANS, self.works, strict=True)):
                worker = Worker(past, book, agents[place % len(agents)]["number"], work.row["id"])
                plan.script(Visit(worker, work, world.now))
            settle(past, book, [work.row["id"] for work in self.works], world.now)
