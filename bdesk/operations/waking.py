"""A case comes back to its owner by itself: what it sent failed, or what was promised will soon be due.

Of one that was merged meanwhile, the case in which its matter goes on comes back.
"""

from collections.abc import Mapping

from sqlmodel import col, select

from bdesk.data.journal import events as events_of
from bdesk.data.journal import voided
from bdesk.data.unit import Unit
from bdesk.models.kinds import CaseState, LinkKind, Stream
from bdesk.models.tables import Case, CaseLink, StepAnswer
from bdesk.operations.change import NOT_ASIDE, Act, row_id
from bdesk.operations.clocks import attach_event, running_clocks
from bdesk.operations.context import Context


def wake(act: Act, ctx: Context, why: Mapping[str, object], *, clock: str | None = None) -> None:
    """Back to its owner, closed or not; with a clock that runs, where none is named that runs already."""
    found = goes_on_in(act.unit, act.case)
    if found is not act.case:
        wake(Act(act.unit, found), ctx, {**why, "merged_from": act.case.case_no}, clock=clock)
        act.touched.append(found)
        return
    if act.case.state is CaseState.MERGED:
        return
    payload = dict(why)
    columns: dict[str, object] = {**NOT_ASIDE, "state": CaseState.IN_PROGRESS}
    if not act.case.open:
        reopened = {"state": CaseState.REOPENED, "outcome": None}
        columns |= {**reopened, "open": True, "closed_at": None, "closed_by": None}
        payload["answers"] = _open_again(act)
    act.add("case.woken", payload, columns=columns)
    if clock is not None and clock not in running_clocks(act, ctx):
        attach_event(act, ctx, clock)


def goes_on_in(unit: Unit, case: Case) -> Case:
    """The case in which a matter goes on: the one that its case was merged into, through however many merges;
    else its own."""
    while case.state is CaseState.MERGED:
        wanted = select(CaseLink.to_id).where(
            CaseLink.from_id == case.id, CaseLink.kind == LinkKind.DUPLICATE
        )
        into = unit.session.scalars(wanted.order_by(col(CaseLink.id).desc())).first()
        if into is None:
            break
        case = unit.case(into)
    return case


def _open_again(act: Act) -> list[int]:
    """The answer by which the case was closed stands no more, so that its procedure goes on from where
    the failure leads. Returns the answers that were taken out."""
    stream = events_of(act.unit.session, Stream.CASE, act.case_id)
    gone = voided(stream)
    closed = [event for event in stream if event.kind == "case.closed" and event.id not in gone]
    if not closed:
        return []
    head = closed[-1].payload.get("cause", closed[-1].id)
    answered = [
        event.id
        for event in stream
        if event.kind == "step.answered" and head in (event.id, event.payload.get("cause"))
    ]
    rows = act.unit.session.scalars(select(StepAnswer).where(col(StepAnswer.event_id).in_(answered))).all()
    for row in rows:
        row.voided = True
    return [row_id(row) for row in rows]
