"""The orders and people behind the edge cases, made before the ordinary ones."""

from dataclasses import replace
from datetime import timedelta

from bdesk.models.kinds import (
    DelayCause,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    RefundState,
    SignedBy,
)
from bdesk.training.edges.bench import Bench, Line
from bdesk.training.parcels import LEFT_FEN
from bdesk.training.rows import Row
from bdesk.training.wallets import add_wallet
from bdesk.training.world import Deal, World

_S = OrderStatus
_P = PaymentState
_M = PaymentMethod
KETTLE = Line("电热水壶", 12_890)
LATE = {"delay_cause": DelayCause.OUT_OF_STOCK.value}
AWAY = "+1-202-555-0142"
"""Abroad, in the block that fiction has for itself."""


def days(count: float) -> timedelta:
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


class Facts:
    """Orders by the id of their edge case, and people where they are what it is about."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bench = Bench(world)
        self.deals: dict[str, Deal] = {}
        self.people: dict[str, Row] = {}

    def make(self) -> None:
        """Every fact of every edge case."""
        self._payments()
        self._refunded()
        self._shipping()
        self._goods()
        self._money()
        self._people()
        self._ends()

    def _payments(self) -> None:
        bench, deals = self.bench, self.deals
        deals["E01"] = bench.order(
            bench.person(), _S.PENDING_PAYMENT, [Line("雨伞", 4_590)], ago=hours(3), unpaid=True
        )
        for _ in range(2):
            bench.pay(deals["E01"], _M.WECHAT, _P.FAILED, hours(0), PaymentFailure.NETWORK)
        unsynced = bench.order(bench.person(), _S.PENDING_PAYMENT, [Line("台灯", 8_900)], ago=hours(5))
        deals["E01/unsynced"] = unsynced
        away = self.world.customers[13]
        away.update(phone=AWAY, phone_tail=AWAY[-4:])
        self.people["E13"] = away
        deals["E13"] = bench.order(
            away, _S.PENDING_PAYMENT, [Line("口红", 16_900)], ago=hours(4), unpaid=True
        )
        bench.pay(deals["E13"], _M.WALLET, _P.FAILED, hours(0), PaymentFailure.REGION)
        add_wallet(self.world, away, 52_000)["region"] = "US"
        deals["E20"] = bench.order(
            bench.person(), _S.TO_SHIP, [Line("书桌", 19_900)], ago=hours(20), method=_M.WALLET
        )
        bench.pay(deals["E20"], _M.WALLET, _P.SUCCESS, timedelta(minutes=4))
        deals["E41"] = bench.order(
            bench.person(), _S.SHIPPED, [Line("收纳箱", 5_900)], ago=days(5), unpaid=True
        )
        bench.pay(deals["E41"], _M.COD, _P.NONE, hours(0))
        bench.ship(deals["E41"], ParcelState.REFUSED, shipped=days(4.2), last=hours(20))

    def _refunded(self) -> None:
        bench, deals = self.bench, self.deals
        deals["E02"] = bench.signed(
            bench.order(bench.person(), _S.REFUNDED, [Line("充电宝", 7_990)], ago=days(16)), days(12)
        )
        bench.refund(deals["E02"], 7_990, days(10))
        parts = 5_000
        deals["E03"] = bench.signed(
            bench.order(
                bench.person(), _S.PART_REFUNDED, [Line("四件套", 3 * parts + LEFT_FEN)], ago=days(22)
            ),
            days(18),
        )
        for ago in (15, 12, 9):
            bench.refund(deals["E03"], parts, days(ago))
        often = bench.person()
        for ago in (24, 17, 11):
            past = bench.order(often, _S.REFUNDED, [Line("纯棉T恤", 5_900)], ago=days(ago))
            bench.signed(past, days(ago - 3))
            bench.refund(past, 5_900, days(ago - 4))
        deals["E07"] = bench.signed(
            bench.order(often, _S.SIGNED, [Line("牛仔裤", 12_900)], ago=days(5)), days(2)
        )
        deals["E46"] = bench.signed(
            bench.order(
                bench.person(), _S.REFUNDING, [Line("空气炸锅", 29_900)], ago=days(8), method=_M.WALLET
            ),
            days(5),
        )
        bench.refund(deals["E46"], 29_900, days(3), RefundState.RELEASED)
        deals["E46/unknown"] = bench.signed(
            bench.order(
                bench.person(), _S.REFUNDING, [Line("空气炸锅", 28_900)], ago=days(5), method=_M.WALLET
            ),
            days(2),
        )
        bench.refund(deals["E46/unknown"], 28_900, hours(14), RefundState.UNKNOWN)

    def _shipping(self) -> None:
        bench, deals = self.bench, self.deals

        def late() -> Deal:
            return bench.order(
                bench.person(), _S.TO_SHIP, [Line("儿童推车", 25_999)], ago=days(4), columns=LATE
            )

        for code in ("E10", "E27", "E28", "E38"):
            deals[code] = late()
        deals["E11"] = bench.order(
            self.world.customers[1], _S.TO_SHIP, [Line("运动卫衣", 9_900)], ago=days(4), columns=LATE
        )
        deals["E39"] = bench.order(
            bench.person(born=1951), _S.TO_SHIP, [Line("电饭煲", 15_900)], ago=days(4), columns=LATE
        )
        deals["E17"] = bench.order(
            bench.person(),
            _S.TO_SHIP,
            [Line("智能手表", 69_900)],
            ago=days(6),
            columns={"presale": True, "estimated_ship_at": self.world.now + days(7)},
        )
        deals["E18"] = bench.order(
            bench.person(), _S.TO_SHIP, [Line("洗衣液 3kg", 3_990, 2)], ago=hours(52), estimated=False
        )
        deals["E19"] = bench.order(
            bench.person(),
            _S.PART_SHIPPED,
            [Line("不锈钢保温杯", 6_900), Line("雨伞", 3_900)],
            ago=days(6),
            columns=LATE,
        )
        bench.ship(
            deals["E19"],
            ParcelState.SIGNED,
            shipped=days(5),
            signed=days(1),
            items=deals["E19"].items[:1],
        )
        deals["E42"] = bench.order(bench.person(), _S.SHIPPED, [Line("奶瓶套装", 8_900)], ago=days(10))
        bench.ship(deals["E42"], ParcelState.IN_TRANSIT, shipped=days(9), last=days(8))
        deals["E29"] = bench.order(
            self.world.customers[5], _S.TO_SHIP, [Line("口红", 9_900)], ago=days(4), columns=LATE
        )

    def _goods(self) -> None:
        bench, deals = self.bench, self.deals

        def got(
            lines: list[Line], ago: timedelta, by: SignedBy = SignedBy.SELF, who: Row | None = None
        ) -> Deal:
            person = who or bench.person()
            return bench.signed(bench.order(person, _S.SIGNED, lines, ago=ago + days(3)), ago, by)

        cherries = Line("智利车厘子 5斤", 15_900)
        deals["E05"] = got([replace(cherries, confirmed=True)], hours(8))
        deals["E06"] = got([cherries], hours(7))
        child = self.world.customers[18]
        self.people["E12"] = child
        deals["E12"] = got([Line("智能手表", 64_800)], days(2), who=child)
        deals["E14"] = got([Line("保暖内衣", 9_900)], days(2))
        deals["E15"] = got([Line("刻字保温杯", 11_900, confirmed=True)], days(1))
        deals["E16"] = got([Line("防晒霜", 7_900)], days(2), SignedBy.STATION)
        deals["E43"] = got([Line("蓝牙耳机", 29_900)], days(6))
        deals["E44"] = got([Line("连衣裙", 19_900)], days(3))
        bench.out_of_stock("连衣裙")
        deals["E47"] = got([Line("小冰箱", 59_900)], days(40))
        for code in ("E31", "E31/moved", "E45", "E30", "refused", "returned", "asked_again"):
            deals[code] = got([Line("平板电脑", 159_990)], days(4))
        for code in ("E34", "E34/sms", "E35"):
            deals[code] = got([KETTLE], days(2), who=self._reached(code))
        deals["E33/29"] = bench.signed(
            bench.order(bench.person(), _S.COMPLETED, [KETTLE], ago=days(48)), days(44)
        )
        deals["E33/31"] = bench.signed(
            bench.order(bench.person(), _S.COMPLETED, [KETTLE], ago=days(48)), days(44)
        )
        deals["E04"] = got([KETTLE], days(20))

    def _reached(self, code: str) -> Row | None:
        """By no address at all, by a phone alone, or as anybody is."""
        if code == "E34":
            return next(one for one in self.world.customers if not one["phone"] and not one["email"])
        if code == "E35":
            return None
        one = self.bench.person()
        one["email"] = None
        return one

    def _money(self) -> None:
        bench, deals = self.bench, self.deals
        deals["E21"] = bench.signed(
            bench.order(bench.person(), _S.SIGNED, [KETTLE], ago=days(6), method=_M.DEBIT_CARD), days(2)
        )
        deals["E21"].payments[0]["path_closed"] = True
        bench.refund(deals["E21"], KETTLE.price_fen, hours(20), RefundState.FAILED)["failure"] = (
            "channel.closed"
        )
        # Ten yuan of goods, three of coupons; nine of the ten go back: 9 x 7 / 10 = 6.30 (S1:46).
        deals["E22"] = bench.signed(
            bench.order(
                bench.person(),
                _S.SIGNED,
                [Line("抽纸 24包", 900), Line("手机壳", 100)],
                ago=days(5),
                coupon_fen=300,
            ),
            days(2),
        )
        deals["E22/missing"] = bench.signed(
            bench.order(bench.person(), _S.SIGNED, [Line("抽纸 24包", 3_990, 2)], ago=days(5)), days(2)
        )
        deals["E23"] = bench.signed(
            bench.order(bench.person(), _S.COMPLETED, [KETTLE], ago=days(366)), days(361)
        )

    def _people(self) -> None:
        """Wallets of the edge cases about freezes, and of the closed ones whose freeze stands."""
        for code, balance in (
            ("E08", 3_860_000),
            ("E09", 120),
            ("E24", 510_000),
            ("E25", 46_000),
            ("E26", 88_000),
            ("judicial", 240_000),
            ("kept_frozen", 96_000),
        ):
            self.people[code] = one = self.bench.person()
            if one["id"] not in self.world.wallets:
                add_wallet(self.world, one, balance)
        changed = self.people["E26"]
        changed["contact_changed_at"] = self.world.now - days(2)
        changed["previous_phone"] = "154" + self.bench.draw.digits(8)

    def _ends(self) -> None:
        """Orders of the closed cases that show every way to end (`ends`)."""
        bench, deals = self.bench, self.deals
        held = ("in_time", "compensated", "substituted", "repay", "exchanged", "repaired", "found", "upheld")
        for code in held:
            unpaid = code == "repay"
            deals[code] = bench.signed(
                bench.order(
                    bench.person(), _S.COMPLETED, [Line("书桌", 16_990)], ago=days(21), unpaid=unpaid
                ),
                days(14),
            )
            if unpaid:
                # Told why it failed, they paid once more.
                bench.pay(deals[code], _M.WALLET, _P.SUCCESS, hours(8))
                bench.pay(deals[code], _M.WALLET, _P.FAILED, hours(0), PaymentFailure.BALANCE)
        lines = {
            "past_deadline": Line("口红", 9_900),
            "condition": Line("牛仔裤", 12_900),
            "missing_voucher": KETTLE,
            "excluded_class": Line("智利车厘子 5斤", 12_900),
            "fraud": Line("蓝牙耳机", 39_900),
            "not_owner": Line("书桌", 22_900),
            "not_admissible": KETTLE,
            "data_gap": Line("保暖内衣", 9_900),
        }
        for code, line in lines.items():
            signed = days(19 if code == "past_deadline" else 9)
            deals[code] = bench.signed(
                bench.order(bench.person(), _S.COMPLETED, [line], ago=signed + days(3)), signed
            )
        deals["not_paid"] = bench.order(
            bench.person(), _S.CANCELLED, [Line("台灯", 9_900)], ago=days(9), unpaid=True
        )
        bench.pay(deals["not_paid"], _M.ALIPAY, _P.CLOSED, hours(0))
        deals["converted"] = bench.order(
            bench.person(), _S.CANCELLED, [Line("运动卫衣", 8_900)], ago=days(10), unpaid=True
        )
        bench.pay(deals["converted"], _M.WECHAT, _P.FAILED, hours(0), PaymentFailure.CHANNEL)
        deals["already_refunded"] = bench.signed(
            bench.order(bench.person(), _S.REFUNDED, [KETTLE], ago=days(20)), days(16)
        )
        bench.refund(deals["already_refunded"], KETTLE.price_fen, days(14))
