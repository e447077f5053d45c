"""Closed cases that show every way in which these kinds end, and every reason for refusing (B0.8, B9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    CaseOutcome,
    Channel,
    CompensationKind,
    DelayCause,
    DeliveryState,
    FreezeReason,
    RefundState,
    RejectCode,
)
from bdesk.models.tables import Compensation
from bdesk.training import stages
from bdesk.training.edges.delays import recorded
from bdesk.training.edges.facts import days, hours
from bdesk.training.edges.trails import outbox
from bdesk.training.ledger import SYSTEM, Work
from bdesk.training.wallets import freeze

if TYPE_CHECKING:
    from bdesk.training.edges.cases import Edges

_K = CaseKind
_O = CaseOutcome
_R = RejectCode
_LATE = frozenset({CaseOutcome.COMPENSATED, CaseOutcome.SUBSTITUTED})
"""What is only given once the cause is known (SD-09)."""
_FREEZES: Mapping[CaseOutcome, FreezeReason] = {
    CaseOutcome.JUDICIAL: FreezeReason.JUDICIAL,
    CaseOutcome.KEPT_FROZEN: FreezeReason.FRAUD_RISK,
}
"""Why the wallet was frozen when they asked, and still is."""
COMPENSATION_FEN = 1_000


@dataclass(frozen=True, slots=True)
class End:
    """One closed case: how long ago it came, what the customer said, and how it ended."""

    about: str
    kind: CaseKind
    words: str
    outcome: CaseOutcome
    ago: float
    reject: RejectCode | None = None
    rule: str | None = None
    flags: tuple[CaseFlag, ...] = ()


ENDS: tuple[End, ...] = (
    End("in_time", _K.SHIPMENT_DELAY, "书桌什么时候发？", _O.IN_TIME, 20),
    End("in_time", _K.PROGRESS, "上次问的书桌发了吗？", _O.ANSWERED, 19),
    End("compensated", _K.SHIPMENT_DELAY, "书桌晚发了两天，要补偿。", _O.COMPENSATED, 18),
    End("substituted", _K.SHIPMENT_DELAY, "书桌缺货，有没有别的可以换？", _O.SUBSTITUTED, 18),
    End("found", _K.SHIPMENT_DELAY, "书桌显示已签收，门口没有。", _O.FOUND, 13),
    End("converted", _K.SHIPMENT_DELAY, "卫衣下单好几天了，怎么不发？", _O.CONVERTED, 7),
    End("no_order", _K.PAYMENT_FAILURE, "短信说我有一单没付款，我没下过单。", _O.NO_ORDER, 6),
    End("repay", _K.PAYMENT_FAILURE, "付款说余额不足。", _O.REPAY, 20.9),
    End("exchanged", _K.AFTER_SALE, "书桌有划痕，换一张。", _O.EXCHANGED, 12),
    End("repaired", _K.AFTER_SALE, "书桌抽屉卡住了。", _O.REPAIRED, 11),
    End("data_gap", _K.AFTER_SALE, "保暖内衣不想要了。", _O.SOLVED, 8, flags=(CaseFlag.DATA_GAP,)),
    End("past_deadline", _K.AFTER_SALE, "口红不想要了。", _O.REJECTED, 8, _R.PAST_DEADLINE, "S1:50"),
    End("condition", _K.AFTER_SALE, "裤子洗过一次，不合身，退。", _O.REJECTED, 6, _R.CONDITION, "S1:51"),
    End("excluded_class", _K.AFTER_SALE, "车厘子不想要了。", _O.REJECTED, 8, _R.EXCLUDED_CLASS, "S1:42"),
    End("missing_voucher", _K.AFTER_SALE, "水壶坏了。", _O.REJECTED, 6, _R.MISSING_VOUCHER, "S1:52"),
    End("fraud", _K.AFTER_SALE, "耳机是假的，有检测报告。", _O.REJECTED, 6, _R.FRAUD, "S1:53"),
    End("already_refunded", _K.WALLET_REFUND, "退款没到。", _O.REJECTED, 9, _R.ALREADY_REFUNDED, "B0.8"),
    End("not_admissible", _K.APPEAL, "还是不服，要求再审。", _O.NOT_ADMITTED, 10, _R.NOT_ADMISSIBLE, "S2:30"),
    End("upheld", _K.APPEAL, "运费也该退给我。", _O.PARTLY_UPHELD, 9, flags=(CaseFlag.COMMON_PROBLEM,)),
    End("upheld", _K.APPEAL, "退货运费说好你们出的怎么没退宽", _O.UPHELD, 9.4),
    End("upheld", _K.APPEAL, "12315已经调解过了。", _O.SETTLED_OUTSIDE, 7),
    End("not_owner", _K.WALLET_REFUND, "那笔是我妹妹的，退给我。", _O.REJECTED, 5, _R.NOT_OWNER, "B0.8"),
    End("not_paid", _K.WALLET_REFUND, "台灯的钱退给我。", _O.REJECTED, 7, _R.NOT_PAID, "S0:23"),
    End("judicial", _K.UNFREEZE, "钱包冻了，法院的通知我没收到。", _O.JUDICIAL, 9),
    End("kept_frozen", _K.UNFREEZE, "有位警官让我赶紧解冻转账。", _O.KEPT_FROZEN, 8),
)  # fmt: skip
"""Each about the order or the wallet's owner of the same name in `facts`; where there is neither, about
somebody without an order."""


def make(edges: "Edges") -> None:
    """The closed cases, each decided within a day of its receipt."""
    for number, end in enumerate(ENDS):
        owner = edges.facts.people.get(end.about)
        if owner is not None:
            wallet, before = edges.world.wallets[owner["id"]], int(end.ago * 24) + 1
            freeze(edges.world, edges.facts.bench.draw, wallet, _FREEZES[end.outcome], before)
        work = edges.case(
            end.about,
            end.kind,
            Channel.WEB_CHAT if number % 3 == 0 else Channel.HOTLINE,
            end.words,
            desired="",
            customer=None if end.about in edges.facts.deals else owner or edges.maker.facts.person(),
            ago=days(end.ago),
            flags=end.flags,
            known=False,
        )
        stages.claim(work, edges.maker.staff("ends"), work.at + hours(2))
        work.act(work.at + hours(3), work.actor)
        if end.outcome in _LATE:
            recorded(work, DelayCause.OUT_OF_STOCK, "warehouse", 3)
        if end.outcome is CaseOutcome.COMPENSATED:
            _compensated(edges, work)
        step = "reject/code" if end.reject else "result"
        option = end.reject.value if end.reject else end.outcome.value
        stages.decide(work, step, option, end.outcome, reject=end.reject, rule=end.rule)
        edges.maker.write(work, "N3" if end.reject else "N11", "rejected" if end.reject else "done")
        for clock in edges.maker.left_clocks(work):
            work.add("clock.fulfilled", {"clock": clock})
        stages.close(work, work.at, end.outcome)


def _compensated(edges: "Edges", work: Work) -> None:
    """A coupon that was given and left the desk."""
    actor = work.actor
    row = edges.world.rows.add(
        Compensation,
        order_id=work.row["order_id"],
        case_id=work.row["id"],
        delay_key="delay",
        kind=CompensationKind.COUPON,
        amount_fen=COMPENSATION_FEN,
        state=RefundState.ACCEPTED,
        committed_at=work.at,
    )
    what = {"effects": ["compensation"], "amount_fen": COMPENSATION_FEN}
    committed = work.add("effect.committed", {"step": "offer", "option": "coupon", **what})
    given = {"amount_fen": COMPENSATION_FEN, "delay": "delay", "compensation": row["id"]}
    work.add("compensation.held", given)
    sent = outbox(work, "offer", "compensation", DeliveryState.ACCEPTED, committed, params=given)
    told = {"outbox": sent["id"], "key": sent["key"], "effect": "compensation"}
    work.act(work.at + timedelta(seconds=11), SYSTEM)
    work.add("effect.released", told)
    work.add("effect.accepted", {**told, "answer": "ok"})
    work.act(work.at + timedelta(seconds=1), actor)
