"""What was asked before a case is worked by operations, each act later than the one before."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bdesk.models.kinds import FreightPayer
from bdesk.training import stages
from bdesk.training.ledger import Work
from bdesk.training.rows import Row
from bdesk.training.walks.goods import ADDRESS, Goods
from bdesk.training.walks.told import Teller

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

_MINUTES = timedelta(minutes=2)
_BY_ORDER = frozenset({("by_what", "wallet")})


def goods(
    maker: "Maker",
    work: Work,
    staff: Row,
    kind: str,
    last: tuple[str, str],
    agreed: datetime,
    sent: datetime | None,
) -> None:
    """Kind and reason were asked, the number was told, `last` says how the goods are; then it was agreed that
    they come back, and they were sent."""
    teller = _taken(maker, work, staff)
    teller.say("type", kind)
    _next(work)
    teller.say("reason", work.row["reason"].value)
    _next(work)
    number = work.row["after_sale_no"]
    words = f"您好, 您的售后编号是{number}, 凭它可以随时查询进度, 每一步我们都会通知您。"
    teller.say("number", "letter")
    stages.letter(work, "N16", maker.letters["N16"], "售后编号通知", words)
    work.add("clock.fulfilled", {"clock": "after_sale_response"})
    _next(work)
    teller.say(*last)
    back = Goods(work, maker.letters["N15"], moves=True)
    work.act(agreed, work.actor)
    teller.say("approve", "send", {"return_to": ADDRESS})
    ours = last[0] == "evidence" or last == ("warranty", "free")
    back.agreed(kind, FreightPayer.SHOP if ours else FreightPayer.CUSTOMER)
    if sent is not None:
        work.act(sent, work.actor)
        teller.say("goods/send", "sent", {"carrier": "sf"})
        back.sent()


def refund(maker: "Maker", work: Work, staff: Row, complete: bool) -> None:
    """The whole order, for its quality; the evidence was looked at when it is `complete`."""
    teller = _taken(maker, work, staff)
    teller.say("scope", "whole")
    _next(work)
    teller.say("reason", "quality")
    if complete:
        _next(work)
        teller.say("evidence", "complete")


def _taken(maker: "Maker", work: Work, staff: Row) -> Teller:
    stages.claim(work, staff, work.at + _MINUTES, "opened")
    return Teller(work, maker.pins[work.row["kind"]].made, _BY_ORDER)


def _next(work: Work) -> None:
    work.act(work.at + _MINUTES, work.actor)
