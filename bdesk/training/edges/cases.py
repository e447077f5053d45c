"""The cases about the edge facts: opened by the way they came, and as far along as what they show needs."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    Channel,
    DelayCause,
    EvidenceKind,
    RefundReason,
)
from bdesk.models.tables import CaseItem
from bdesk.training import stages
from bdesk.training.edges import ends, trails, wallets
from bdesk.training.edges.delays import recorded
from bdesk.training.edges.facts import Facts, hours
from bdesk.training.edges.finding import Found
from bdesk.training.edges.index import NAMES
from bdesk.training.happened import paid_back
from bdesk.training.ledger import SYSTEM, Work
from bdesk.training.opening import Asked
from bdesk.training.rows import Row
from bdesk.training.shares import by_the_hour, priority_of
from bdesk.training.words.texts import Matter
from bdesk.training.world import Deal

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

_K = CaseKind
_C = Channel
_R = RefundReason
_E = EvidenceKind
_F = CaseFlag
_OTHER = "walk"
EDGE = 900
"""The number of a matter that is none of the forty."""


class Edges:
    """Makes the cases, and remembers where everything is."""

    def __init__(self, maker: "Maker", facts: Facts) -> None:
        self.maker = maker
        self.world = maker.world
        self.facts = facts
        self.found: dict[str, Found] = {code: Found() for code in NAMES}
        self.works: list[Work] = []

    def case(
        self,
        code: str,
        kind: CaseKind,
        channel: Channel,
        words: str,
        *,
        about: str = "",
        subject: str = "",
        desired: str = "",
        reason: RefundReason | None = None,
        ago: timedelta | None = None,
        customer: Row | None = None,
        proofs: tuple[EvidenceKind, ...] = (),
        flags: tuple[CaseFlag, ...] = (),
        priority: int | None = None,
        known: bool = True,
    ) -> Work:
        """A case about the facts of an edge case, received `ago`, or at some hour of the last day and after
        all of those facts; `known`: it is part of what is shown."""
        deal = self.facts.deals.get(about or code) if customer is None else None
        who = customer or (deal.customer if deal is not None else self.maker.facts.person())
        filled = {
            "order_no": deal.order["order_no"] if deal else "",
            "item": deal.items[0]["name"] if deal else "",
        }
        matter = Matter(
            EDGE,
            kind,
            channel,
            "edge",
            (words,),
            reason,
            desired,
            subject or _matter(words),
            flags,
        )
        now = self.world.now
        if ago is None:
            first = max(now - hours(20), paid_back(deal)) if deal is not None else now - hours(20)
            received = by_the_hour(self.facts.bench.draw, first, now - hours(1))
        else:
            received = now - ago
        asked = Asked(kind, channel, priority or priority_of(EDGE, kind, channel, who, deal))
        work = self.maker.open(matter, asked, len(self.works), deal, who, received, filled)
        for proof in proofs:
            work.act(work.at, SYSTEM)
            stages.evidence(work, proof, work.at)
        self.works.append(work)
        if known:
            self.found[code].cases.append(work)
            if deal is not None and deal.order not in self.found[code].orders:
                self.found[code].orders.append(deal.order)
        return work

    def about(
        self,
        kind: CaseKind,
        channel: Channel,
        words: str,
        deal: Deal,
        **more: Any,
    ) -> Work:
        """A case about an order that belongs to no edge case."""
        self.facts.deals[_OTHER] = deal
        return self.case(_OTHER, kind, channel, words, known=False, **more)

    def make(self) -> list[Work]:
        """Every edge case that has a case of its own."""
        self._payments()
        self._refunds()
        self._shipping()
        self._returns()
        self._callers()
        wallets.make(self)
        trails.make(self)
        ends.make(self)
        return self.works

    def _payments(self) -> None:
        self.case(
            "E01",
            _K.SHIPMENT_DELAY,
            _C.HOTLINE,
            "我明明付过钱了，怎么还不发货？短信都收到了！",
            desired="尽快发货",
        )
        self.case(
            "E01", _K.PAYMENT_FAILURE, _C.HOTLINE, "扣款短信都来了，订单{order_no}还是待付款。",
            about="E01/unsynced", desired="订单变为已付款", proofs=(_E.PAYMENT_SCREENSHOT,), ago=hours(4),
        )  # fmt: skip
        self.case(
            "E13",
            _K.PAYMENT_FAILURE,
            _C.HOTLINE,
            "I am abroad and the wallet refuses every payment.",
            desired="完成付款",
            ago=hours(3),
        )
        self.case(
            "E20",
            _K.PAYMENT_FAILURE,
            _C.APP_CHAT,
            "同一单扣了我两次，退一笔。",
            desired="退回一笔",
            ago=hours(6),
        )
        self.case(
            "E41",
            _K.REFUND,
            _C.HOTLINE,
            "货到付款的，我没收，快递拿回去了，你们给我退钱。",
            reason=_R.NO_REASON,
            desired="退款",
        )

    def _refunds(self) -> None:
        self.case(
            "E02",
            _K.REFUND,
            _C.APP_CHAT,
            "充电宝的退款你们到底退没退？再退我一次。",
            reason=_R.QUALITY,
            desired="退款",
        )
        self.case(
            "E03",
            _K.REFUND,
            _C.REFUND_FORM,
            "四件套还是有问题，剩下的全部退给我。",
            reason=_R.QUALITY,
            desired="退回全部",
            proofs=(_E.PHOTO,),
        )
        self.case(
            "E07",
            _K.REFUND,
            _C.APP_CHAT,
            "裤子掉色，退款。",
            reason=_R.QUALITY,
            desired="全额退款",
            proofs=(_E.PHOTO,),
        )
        self.case(
            "E21",
            _K.REFUND,
            _C.HOTLINE,
            "壶坏了要退，当时付款的那张卡我已经销户了。",
            reason=_R.QUALITY,
            desired="退到别的卡",
            proofs=(_E.PHOTO,),
        )
        part = self.case(
            "E22",
            _K.REFUND,
            _C.REFUND_FORM,
            "抽纸破了，退抽纸的钱。",
            reason=_R.QUALITY,
            desired="退抽纸",
            proofs=(_E.PHOTO,),
        )
        self.case(
            "E22",
            _K.REFUND,
            _C.REFUND_FORM,
            "抽纸买了两份，箱子里只有一份。",
            about="E22/missing",
            subject="抽纸少件",
            reason=_R.MISSING_ITEM,
            desired="退少发的",
            proofs=(_E.PHOTO,),
            known=False,
        )
        item = self.facts.deals["E22"].items[0]
        self.world.rows.add(CaseItem, case_id=part.row["id"], item_id=item["id"], quantity=1)
        self.case(
            "E23",
            _K.REFUND,
            _C.HOTLINE,
            "去年买的水壶一直没拆，昨天一用就漏水，退给我。",
            reason=_R.QUALITY,
            proofs=(_E.TEST_REPORT,),
            desired="退款",
        )
        self.case(
            "E46", _K.PROGRESS, _C.HOTLINE, "退款三天前就说通过了，钱呢？", desired="查到账", ago=hours(2)
        )
        trails.on_its_way(self, "E46", "processing")
        trails.on_its_way(self, "E46/unknown", "unknown")

    def _shipping(self) -> None:
        first = self.case(
            "E10", _K.SHIPMENT_DELAY, _C.APP_CHAT, "推车四天了还没发。", desired="尽快发货", ago=hours(20)
        )
        self.maker.take(first, "working")
        recorded(first, DelayCause.OUT_OF_STOCK, "warehouse", 2)
        self.case(
            "E10",
            _K.SHIPMENT_DELAY,
            _C.HOTLINE,
            "订单{order_no}四天没发货，我昨天在网上问过了。",
            desired="尽快发货",
            ago=hours(1),
        )
        self.case("E11", _K.SHIPMENT_DELAY, _C.WEB_CHAT, "卫衣什么时候发？", desired="尽快发货")
        self.case(
            "E17", _K.SHIPMENT_DELAY, _C.HOTLINE, "预售的手表能不能早点发？", desired="提前发货", priority=4
        )
        self.case(
            "E18", _K.SHIPMENT_DELAY, _C.APP_CHAT, "页面上没写哪天发货，付款两天多了。", desired="告知时间"
        )
        self.case("E19", _K.SHIPMENT_DELAY, _C.HOTLINE, "杯子到了，伞没到，是不是漏了？", desired="补发")
        self.case(
            "E42",
            _K.SHIPMENT_DELAY,
            _C.HOTLINE,
            "物流一个多星期不动了，是不是丢了？",
            desired="重发或退款",
            priority=2,
        )

    def _returns(self) -> None:
        self.case(
            "E05",
            _K.REFUND,
            _C.HOTLINE,
            "车厘子买多了，没拆，不想要了。",
            reason=_R.NO_REASON,
            priority=4,
            desired="退货退款",
        )
        self.case(
            "E06",
            _K.REFUND,
            _C.AFTER_SALE_FORM,
            "车厘子一半是烂的，照片传了。",
            reason=_R.QUALITY,
            desired="全额退款",
            proofs=(_E.PHOTO,),
            ago=hours(1),
        )
        self.case(
            "E14",
            _K.AFTER_SALE,
            _C.HOTLINE,
            "保暖内衣没穿过，七天无理由退。",
            reason=_R.NO_REASON,
            desired="退货",
        )
        self.case(
            "E15",
            _K.AFTER_SALE,
            _C.AFTER_SALE_FORM,
            "杯子上的字刻错了一个。",
            reason=_R.QUALITY,
            desired="重做",
            proofs=(_E.PHOTO, _E.ORDER_RECORD),
        )
        self.case(
            "E16",
            _K.REFUND,
            _C.HOTLINE,
            "显示驿站签收，我去驿站没有，人也没签过。",
            reason=_R.NOT_RECEIVED,
            desired="退款",
        )
        sent = self.case(
            "E43",
            _K.REFUND,
            _C.AFTER_SALE_FORM,
            "耳机已经退回去了，请退款。",
            reason=_R.RETURNED_GOODS,
            desired="退款",
            ago=hours(22),
        )
        trails.other_thing(self, sent)
        self.case(
            "E44",
            _K.AFTER_SALE,
            _C.AFTER_SALE_FORM,
            "裙子大了，换小一码，没穿过。",
            priority=4,
            desired="换货",
        )
        fridge = self.case(
            "E47", _K.AFTER_SALE, _C.HOTLINE, "冰箱不制冷了，还在保修期。", desired="维修", ago=hours(23)
        )
        self.maker.take(fridge, "working")

    def _callers(self) -> None:
        self.case(
            "E12",
            _K.REFUND,
            _C.HOTLINE,
            "孩子拿自己的账号买了个手表，才十二岁，我是他妈妈。",
            reason=_R.MINOR,
            desired="退款",
            flags=(_F.MINOR,),
            proofs=(_E.GUARDIANSHIP, _E.ID_DOCUMENT),
            priority=2,
        )
        self.case(
            "E28",
            _K.SHIPMENT_DELAY,
            _C.HOTLINE,
            "我是他爱人，推车是他下的单，他在上班，你跟我说就行。",
            desired="尽快发货",
        )
        self.case("E29", _K.SHIPMENT_DELAY, _C.APP_CHAT, "我买的口红怎么还没发？", desired="尽快发货")
        self.case(
            "E38",
            _K.SHIPMENT_DELAY,
            _C.HOTLINE,
            "你们一群废物！四天不发货，骗子公司！",
            ago=hours(6),
            desired="马上发货",
            flags=(_F.ABUSIVE,),
        )
        self.case(
            "E39",
            _K.SHIPMENT_DELAY,
            _C.HOTLINE,
            "姑娘你慢点说，我耳朵不好。我的电饭煲还没来。",
            desired="告知时间",
            priority=2,
        )
        self.case(
            "E34",
            _K.REFUND,
            _C.HOTLINE,
            "水壶坏了。我没有邮箱，手机也注销了，你们怎么找我？",
            reason=_R.QUALITY,
            desired="退款",
        )
        self.case(
            "E34",
            _K.REFUND,
            _C.HOTLINE,
            "水壶坏了，我没有邮箱，发短信吧。",
            about="E34/sms",
            reason=_R.QUALITY,
            desired="退款",
        )


def _matter(words: str) -> str:
    """The first clause, which says what it is about."""
    return re.split("[，。！？,.]", words)[0][:24]
