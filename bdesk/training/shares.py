"""The shares of training.md D4 in full: what is bought, who asks for money back, how urgent it is, and how
it comes in. Only stores of a whole size keep them; a demo shows a day's work with what is at hand.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bdesk.clock import LOCAL
from bdesk.models.kinds import CaseKind, Channel, ReturnClass
from bdesk.models.tables import Order
from bdesk.training.draw import Draw
from bdesk.training.rows import Row
from bdesk.training.words.goods import BY_CATEGORY, CATEGORIES, GOODS, Good
from bdesk.training.world import HOURS, Deal, World

PLACED: Mapping[str, tuple[int, int]] = {"refunded": (12, 28)}
"""Local days ago, where they differ: what was refunded was so within thirty days (D4, refunds)."""

_PRICES_WEIGH = 1.5
"""How much seldomer dear goods are bought than cheap ones: the median order is 69 yuan."""
_LIKED: Mapping[str, float] = {
    "保暖内衣": 0.5, "坚果礼盒": 0.6, "面霜": 1.0, "智利车厘子 5斤": 0.6, "烟台红富士苹果 10斤": 0.4,
    "赣南脐橙 10斤": 0.4, "蓝牙耳机": 5.0, "智能手表": 20.0, "平板电脑": 50.0, "摄影月刊": 0.3,
}  # fmt: skip
"""What is bought more or less often than its price says, so that return classes keep their shares."""
_TO_RETURN = ("服饰", "日用", "家电", "数码", "家居", "母婴", "美妆")
_MANY_FEN = 500_000
_MANY_FROM_FEN = 29_900
_USUAL = frozenset(
    {"shipped_moving", "signed_old", "unshipped", "unshipped_late", "paid", "cancelled", "shipped_silent"}
)
"""What the customer with very many orders has: what others have too, or every case would be theirs."""
WEIGHTS: Mapping[str, float] = {"signed_past": 3.5, "signed_recent": 9.5}
"""How often situations of orders come, where it is not as in a demo: many ask too late."""
_PAID_BACK = frozenset({"refunding", "refunded", "part_refunded"})
_TWICE, _ONCE = 2, 5
"""Of seven orders paid back one after another, the first four go to two customers, twice each."""

PRIORITY: Mapping[CaseKind, int] = {
    CaseKind.SECURITY: 1,
    CaseKind.UNFREEZE: 2,
    CaseKind.COMPLAINT: 2,
    CaseKind.FEEDBACK: 4,
    CaseKind.PROGRESS: 4,
    CaseKind.RECORDS: 4,
    CaseKind.CONSULTATION: 4,
    CaseKind.WALLET_LIMITS: 4,
}
_EASY = frozenset({14, 19, 49, 51})
"""Matters that can wait: not due yet, a colour, a price that fell, no fault at all."""
_PRESSING = frozenset({10, 15, 31})
"""A minor's purchase, a shipment that may be none, somebody who called again and again."""
_FRAUD = 36
DEAR_FEN = 500_000

_TURNS: Mapping[Channel, tuple[Channel, ...]] = {
    Channel.APP_CHAT: (
        Channel.APP_CHAT,
        Channel.HOTLINE,
        Channel.APP_CHAT,
        Channel.WEB_CHAT,
        Channel.HOTLINE,
    ),
    Channel.REFUND_FORM: (Channel.REFUND_FORM, Channel.WEB_CHAT),
    Channel.AFTER_SALE_FORM: (
        Channel.AFTER_SALE_FORM,
        Channel.WEB_CHAT,
        Channel.AFTER_SALE_FORM,
        Channel.HOTLINE,
        Channel.HOTLINE,
    ),
    Channel.FEEDBACK_FORM: (Channel.FEEDBACK_CENTER, Channel.FEEDBACK_FORM),
}
"""The same words reach the desk by several ways; each matter takes them in turn."""


def goods_for(draw: Draw, shape: str, category: str | None) -> list[Good]:
    """What an order of this shape holds."""
    if shape == "signed_fruit":
        return [_liked(draw, [good for good in GOODS if good.return_class is ReturnClass.PERISHABLE])]
    if shape in ("split", "part_refunded"):
        ordinary = [good for good in GOODS if good.return_class is ReturnClass.NORMAL]
        return draw.some(ordinary, 3)
    wanted = category
    if wanted is None and (shape.startswith("signed_re") or shape == "signed_past"):
        wanted = draw.weighted({name: CATEGORIES[name] for name in _TO_RETURN})
    first = _liked(draw, BY_CATEGORY[wanted or draw.weighted(CATEGORIES)])
    return [first, _liked(draw, GOODS[:30])] if draw.chance(14) else [first]


def _liked(draw: Draw, goods: Sequence[Good]) -> Good:
    weights = {
        number: _LIKED.get(good.name, 1.0) / (good.low * good.high) ** (_PRICES_WEIGH / 2)
        for number, good in enumerate(goods)
    }
    return goods[draw.weighted(weights)]


def buy_many(world: World, deal: Deal) -> int:
    """Every hundredth order is a firm's, of more than 5,000 yuan; what that adds, in fen."""
    item = deal.items[0]
    counts = world.counts.setdefault("many", {})
    wanted = len(world.rows.of(Order)) // 100
    fits = item["price_fen"] >= _MANY_FROM_FEN and item["return_class"] is ReturnClass.NORMAL
    if counts.get("made", 0) >= wanted or not fits or deal.shape in _PAID_BACK:
        return 0
    counts["made"] = counts.get("made", 0) + 1
    before, item["quantity"] = item["quantity"], _MANY_FEN // item["price_fen"] + 2
    more: int = (item["quantity"] - before) * item["price_fen"]
    return more


class Repeats:
    """Whose orders were paid back: some customers twice, nobody by chance three times (D4)."""

    def __init__(self, world: World) -> None:
        self.draw = world.draw("repeats")
        self._kept = world.kept
        self._free = self.draw.shuffled(world.customers)
        self._turn = 0
        self._heavy = 0
        self._last: Row | None = None

    def who(self, shape: str, customer: Row, heavy: Row | None, most: int) -> Row:
        """The customer of the next order: `heavy` for `most` of them, else `customer`, but for what is paid
        back."""
        if shape not in _PAID_BACK:
            if heavy is not None and self._heavy < most and shape in _USUAL:
                self._heavy += 1
                return heavy
            return customer
        if shape == "part_refunded":
            return self._next(heavy)
        place = self._turn % (2 * _TWICE + _ONCE)
        self._turn += 1
        if self._last is None or place >= 2 * _TWICE or place % 2 == 0:
            self._last = self._next(heavy)
        return self._last

    def _next(self, heavy: Row | None) -> Row:
        found = self._free.pop()
        while found is heavy or found["id"] in self._kept:
            found = self._free.pop()
        return found


def priority_of(number: int, kind: CaseKind, channel: Channel, customer: Row, deal: Deal | None) -> int:
    """P1 for active fraud and a regulator's letter, P2 for minors, the elderly, much money and those who
    come again, P4 for what can wait (D4)."""
    if channel is Channel.REGULATOR or number == _FRAUD:
        return 1
    usual = PRIORITY.get(kind, 3)
    if usual < 3:
        return usual
    dear = deal is not None and deal.order["total_fen"] > DEAR_FEN
    if dear or number in _PRESSING or elderly(customer):
        return min(usual, 2)
    return 4 if number in _EASY else usual


def elderly(customer: Row) -> bool:
    born = customer["born_on"]
    return born is not None and born.year < 1957


def channel_of(world: World, own: Channel) -> Channel:
    """The way a matter takes this time."""
    way = next_channel(world, own)
    if own in _TURNS:
        world.there("channels", own)
    return way


def next_channel(world: World, own: Channel) -> Channel:
    """The way that the next matter of this channel takes."""
    ways = _TURNS.get(own, (own,))
    return ways[world.counts.get("channels", {}).get(own, 0) % len(ways)]


def by_the_hour(draw: Draw, first: datetime, last: datetime) -> datetime:
    """An instant between two, at an hour at which customers call."""
    some = [draw.moment(first, last) for _ in range(8)]
    weights = {place: HOURS.get(at.astimezone(LOCAL).hour, 0.1) for place, at in enumerate(some)}
    return some[draw.weighted(weights)]


def urgent_first(plan: list[tuple[str, str]], by_hours: Sequence[bool], running: Sequence[bool]) -> None:
    """Let chips that need a clock of hours change places with calm ones that have it (`plan` is changed).

    `by_hours` says of each place whether its case will have such a clock, `running` whether it will run.
    """
    takers = [
        place for place, (_, chip) in enumerate(plan) if chip == "fine" and by_hours[place] and running[place]
    ]
    for place, (stage, chip) in enumerate(plan):
        if chip == "now" and not by_hours[place] and takers:
            other = takers.pop(0)
            plan[other], plan[place] = (plan[other][0], chip), (stage, "fine")
