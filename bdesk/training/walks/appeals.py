"""The way of an appeal through its questions (P5): recorded, checked, taken on, assigned, decided."""

from collections.abc import Mapping

from bdesk.models.kinds import CaseOutcome, CaseState
from bdesk.training.walks.known import Beat, Known, Phase, Route, checked, greeted

_RECORDED = ("N8", "您好, 您的申诉已登记, 由没有参与原处理的同事审理。")
_WHY: Mapping[str, object] = {"reasons": "已调取原处理记录和客户材料", "basis": "下单时的商品规则"}
_RESULTS = {
    CaseOutcome.UPHELD: ("upheld", "close_upheld/close"),
    CaseOutcome.PARTLY_UPHELD: ("partly", "close_partly/close"),
    CaseOutcome.NOT_UPHELD: ("not_upheld", "close_not_upheld/close"),
}


def appeal(known: Known) -> Route:
    """What the customers of a store without history contest has no case here: it is taken all the same."""
    yield from greeted(known)
    if known.state is CaseState.VERIFYING or known.twin:
        return
    yield Beat("intake", "result", Phase.CALL)
    yield from checked(known)
    if not (known.act or known.closed):
        return
    yield Beat("find", "service")
    if known.act == "material":
        yield Beat("evidence", "ask", Phase.ACT, {"materials": "any_proof"})
    elif known.outcome is CaseOutcome.NOT_ADMITTED:
        yield Beat("evidence", "as_it_is")
        yield Beat("admit", "refuse", captures={"clause": "judicial", "ground": "客户已就同一事项向法院起诉"})
        yield Beat("refuse", "send", Phase.ACT)
        yield Beat("close_not_admitted/close", "close", Phase.END)
    elif not known.closed or known.outcome in _RESULTS:
        yield from _looked_into(known)


def _looked_into(known: Known) -> Route:
    yield Beat("evidence", "as_it_is")
    yield Beat("admit", "admit")
    yield Beat("assign", "group", letter=_RECORDED)
    if known.outcome is None:
        return
    result, end = _RESULTS[known.outcome]
    yield Beat("investigate", "simple")
    yield Beat("preliminary", "send", captures={"finding": "正在核对原处理的依据"})
    yield Beat("decide", result, Phase.ACT, _WHY)
    if known.outcome is not CaseOutcome.NOT_UPHELD:
        yield Beat("redress", "put_right", Phase.ACT)
        yield Beat("told", "send", Phase.ACT)
    yield Beat("explain", "accepted", Phase.END)
    yield Beat(end, "close", Phase.END)
