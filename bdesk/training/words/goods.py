"""Goods by category with their return class, carriers, banks and merchants (training.md D4)."""

from dataclasses import dataclass

from bdesk.models.kinds import PaymentMethod, ReturnClass
from bdesk.training.draw import Draw


@dataclass(frozen=True, slots=True)
class Good:
    """`low` and `high` bound the price in whole yuan; `warranty` is in days."""

    name: str
    category: str
    low: int
    high: int
    return_class: ReturnClass = ReturnClass.NORMAL
    window_days: int = 7
    warranty: int = 0


_N = ReturnClass.NORMAL
_P = ReturnClass.PERISHABLE
_C = ReturnClass.CUSTOM
_D = ReturnClass.DIGITAL
_R = ReturnClass.PRESS
_X = ReturnClass.CONFIRMED_EXCLUSION
_E = ReturnClass.ACTIVATED_ELECTRONICS

GOODS: tuple[Good, ...] = (
    Good("纯棉T恤", "服饰", 29, 129), Good("羽绒服", "服饰", 199, 899), Good("牛仔裤", "服饰", 79, 299),
    Good("运动卫衣", "服饰", 69, 259), Good("连衣裙", "服饰", 99, 499, _N, 14),
    Good("保暖内衣", "服饰", 49, 199, _X), Good("抽纸 24包", "日用", 29, 69),
    Good("洗衣液 3kg", "日用", 29, 59), Good("不锈钢保温杯", "日用", 39, 159),
    Good("雨伞", "日用", 25, 89), Good("收纳箱", "日用", 19, 99), Good("A4纸 5包", "日用", 69, 119),
    Good("坚果礼盒", "食品", 59, 199, _X), Good("挂面 10斤", "食品", 25, 59),
    Good("智利车厘子 5斤", "食品", 99, 269, _P), Good("烟台红富士苹果 10斤", "食品", 39, 99, _P),
    Good("赣南脐橙 10斤", "食品", 39, 89, _P), Good("面霜", "美妆", 59, 399, _X),
    Good("口红", "美妆", 49, 329), Good("防晒霜", "美妆", 49, 199),
    Good("蓝牙耳机", "数码", 79, 699, _E, 7, 365), Good("智能手表", "数码", 199, 1999, _E, 7, 365),
    Good("充电宝", "数码", 59, 199, _N, 7, 365), Good("手机壳", "数码", 15, 69),
    Good("平板电脑", "数码", 1299, 4999, _E, 7, 365), Good("电热水壶", "家电", 69, 299, _N, 7, 365),
    Good("空气炸锅", "家电", 159, 599, _N, 7, 365), Good("电饭煲", "家电", 129, 899, _N, 7, 365),
    Good("小冰箱", "家电", 499, 1499, _N, 7, 1095), Good("婴儿纸尿裤", "母婴", 69, 219),
    Good("儿童推车", "母婴", 199, 999, _N, 14), Good("奶瓶套装", "母婴", 49, 169),
    Good("四件套", "家居", 99, 499), Good("台灯", "家居", 39, 199, _N, 7, 365),
    Good("书桌", "家居", 159, 799), Good("少儿百科", "图书报刊", 39, 199),
    Good("摄影月刊", "图书报刊", 15, 39, _R), Good("定制手机壳", "定制", 29, 99, _C),
    Good("刻字保温杯", "定制", 59, 199, _C), Good("话费充值", "虚拟充值", 30, 500, _D),
    Good("视频会员年卡", "虚拟充值", 98, 268, _D), Good("瑜伽垫", "运动", 39, 159),
)  # fmt: skip

CATEGORIES: dict[str, float] = {
    "服饰": 26, "日用": 18, "食品": 12, "美妆": 10, "数码": 9, "家电": 6, "母婴": 6, "家居": 5,
    "图书报刊": 2, "定制": 2, "虚拟充值": 3, "运动": 1,
}  # fmt: skip

BY_CATEGORY: dict[str, tuple[Good, ...]] = {
    category: tuple(good for good in GOODS if good.category == category) for category in CATEGORIES
}

CARRIERS: dict[str, float] = {
    "中通": 23, "圆通": 17, "韵达": 14, "申通": 13, "极兔": 11, "顺丰": 10, "京东": 7, "EMS": 4, "德邦": 1,
}  # fmt: skip

_WAYBILLS: dict[str, tuple[str, int]] = {
    "顺丰": ("SF0000", 9), "圆通": ("YT0000", 9), "中通": ("780000", 8), "韵达": ("430000", 7),
    "申通": ("770000", 9), "极兔": ("JT0000", 9), "京东": ("JDV0000", 8), "EMS": ("980000", 7),
    "德邦": ("DPK0000", 8),
}  # fmt: skip
"""Prefix with its block of zeros, which no carrier gives out, and how many digits follow (law file 5)."""

BANKS = ("工商银行", "建设银行", "农业银行", "中国银行", "招商银行", "交通银行", "邮储银行")

MERCHANTS = (
    "晨光日用专营店(训练)",
    "小鹿母婴旗舰店(训练)",
    "山野果园(训练)",
    "一方家居(训练)",
    "青禾服饰(训练)",
)

METHODS: dict[PaymentMethod, float] = {
    PaymentMethod.WALLET: 34, PaymentMethod.WECHAT: 25, PaymentMethod.ALIPAY: 23, PaymentMethod.DEBIT_CARD: 9,
    PaymentMethod.CREDIT_CARD: 6, PaymentMethod.INSTALMENT: 2, PaymentMethod.COD: 1,
}  # fmt: skip

SCANS: tuple[str, ...] = (
    "已揽收", "到达{city}转运中心", "离开{city}转运中心", "到达目的地网点", "派送中, 请保持电话畅通",
)  # fmt: skip

SIGNED_SCANS = {
    "self": "已签收, 签收人: 本人",
    "other": "已签收, 签收人: 家人代收",
    "station": "已由驿站代收, 请凭取件码取件",
    "unknown": "已签收",
}


def draw_waybill(draw: Draw, carrier: str) -> str:
    prefix, count = _WAYBILLS[carrier]
    return prefix + draw.digits(count)


def draw_price(draw: Draw, good: Good) -> int:
    """Fen, with the endings that prices have: .00, .90, .99, other (training.md D4)."""
    middle = (good.low * good.high) ** 0.5
    whole = min(good.high, max(good.low, round(draw.lognormal(middle, 0.45))))
    ending = draw.weighted({0: 40, 90: 30, 99: 10, -1: 20})
    return whole * 100 + (draw.between(1, 98) if ending < 0 else ending)
