"""What was asked before a case is worked by operations: answers that neither send nor pay."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bdesk.models.tables import StepAnswer
from bdesk.training import stages
from bdesk.training.ledger import Work
from bdesk.training.rows import Row

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

Via = tuple[tuple[str, str], ...]
"""The steps that the walk passed by itself before an answer, with the ways it took."""

_OPENED: Via = (
    ("start", "first"),
    ("opening/gate", "written"),
    ("find", "found"),
    ("duplicate/check", "none"),
)
_BOUGHT: Via = (
    *(("start", "first"), ("opening/gate", "written"), ("by_what", "order"), ("find", "found")),
    ("duplicate/check", "none"),
)
_MINUTES = timedelta(minutes=2)


def answered(work: Work, step: str, option: str, via: Via, **columns: Any) -> Row:
    """An answer as `operations.answering` keeps one; the walk replays it only by the same way."""
    row = work.world.rows.add(
        StepAnswer,
        case_id=work.row["id"],
        cycle=1,
        round=1,
        step=step,
        option=option,
        captures={},
        via=[list(pair) for pair in via],
        binding=False,
        by=work.actor,
        at=work.at,
    )
    said = work.add(
        "step.answered",
        {"answer": row["id"], "step": step, "option": option, "round": 1, "captures": {}},
        **columns,
    )
    work.ledger.link(row, "event_id", said)
    return row


def goods(maker: "Maker", work: Work, staff: Row, kind: str, last: tuple[str, str]) -> None:
    """Kind and reason were asked, the number was told, and `last` says how the goods are."""
    stages.claim(work, staff, work.at + _MINUTES, "opened")
    answered(work, "type", kind, _OPENED, subtype=kind)
    _next(work)
    reason = work.row["reason"].value
    answered(work, "reason", reason, (("verify/factors", "passed"), ("facts", "delivered")))
    _next(work)
    number = work.row["after_sale_no"]
    words = f"您好, 您的售后编号是{number}, 凭它可以随时查询进度, 每一步我们都会通知您。"
    stages.letter(work, "N16", maker.letters["N16"], "售后编号通知", words)
    work.add("clock.fulfilled", {"clock": "after_sale_response"})
    _next(work)
    by = {"condition": "no_reason", "evidence": "fault", "warranty": "repair"}[last[0]]
    answered(work, *last, (("number", "told"), ("eligible", by)))


def refund(work: Work, staff: Row, complete: bool) -> None:
    """The whole order, for its quality; the evidence was looked at when it is `complete`."""
    stages.claim(work, staff, work.at + _MINUTES, "opened")
    answered(work, "scope", "whole", _BOUGHT)
    _next(work)
    answered(work, "reason", "quality", (("verify/factors", "passed"), ("facts", "delivered")))
    if complete:
        _next(work)
        answered(work, "evidence", "complete", ())


def _next(work: Work) -> None:
    work.act(work.at + _MINUTES, work.actor)
