"""Walking a procedure: reading where a case stands, and recording an answer.

Options that send a message or move money are not answered here: they stand in the pending strip and
F8 commits them (UX 5, `operations.effects`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bdesk.data import snapshot as snapshots
from bdesk.errors import NotAllowed
from bdesk.models.tables import Case, StepAnswer
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import AnswerView, Snapshot
from bdesk.operations.change import Act, may_work, must_be_open, own
from bdesk.operations.clocks import apply_moves
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.rules.cases import hidden_facts
from bdesk.rules.facts import FactContext, compute
from bdesk.rules.walk.interpreter import walk
from bdesk.rules.walk.model import CaptureType, Procedure
from bdesk.rules.walk.plan import plan
from bdesk.rules.walk.values import Facts, Given, GivenValue, Risk
from bdesk.rules.walk.views import Answer, Planned, Walk

NEEDS_F8 = frozenset({Risk.MESSAGE, Risk.MONEY})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: everything a screen or an operation asks the rules about."""

    snapshot: Snapshot
    facts: Facts
    procedure: Procedure
    walk: Walk


def standing(session: Session, ctx: Context, case_id: int, now: datetime, *, at: str | None = None) -> Standing:
    """Build the snapshot, compute its facts and walk the case's own version of its procedure.

    `at` stops at an earlier step, for stepping back.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotAllowed("case.unknown", case_no=case_id)
    book = ctx.book.pinned(session, case)
    snap = snapshots.build(session, case_id, ctx.actor, now, book)
    facts = compute(FactContext(snap, book.calendars, book.clock_kinds, ctx.book.limits))
    procedure = book.procedure_for(snap.case.kind)
    answers = [_answer(one) for one in snap.answers]
    shown = procedure.shaded(hidden_facts(snap))
    return Standing(snap, facts, procedure, walk(shown, answers, facts, cycle=snap.case.cycle, at=at))


def _answer(view: AnswerView) -> Answer:
    return Answer(
        step=view.step,
        option=view.option,
        by=view.by,
        at=view.at,
        captures={name: thaw(value) for name, value in view.captures.items()},
        cycle=view.cycle,
        round=view.round,
        via=view.via,
        binding=view.binding,
    )


def thaw(value: object) -> GivenValue:
    """A kept capture as a value of the walk: lists become tuples, {"date": ...} a date."""
    if isinstance(value, list):
        return tuple(str(part) for part in value)
    if isinstance(value, dict) and "date" in value:
        return date.fromisoformat(str(value["date"]))
    if isinstance(value, bool | int | str):
        return value
    raise TypeError(f"not a capture: {value!r}")


def freeze(captures: Given) -> dict[str, object]:
    """Captures as they are kept (JSON)."""
    return {
        name: {"date": value.isoformat()} if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for name, value in captures.items()
    }


def needs_f8(planned: Planned) -> bool:
    """Whether an answer has to wait in the pending strip: it sends a message or moves money."""
    return any(effect.risk in NEEDS_F8 for effect in planned.effects)


def planned_answer(stand: Standing, step: str, option: str, captures: Given) -> Planned:
    """What the answer would do now.

    Raises NotAllowed("step.moved") when the case stands at another step than the person saw.
    """
    current = stand.walk.current
    if current is None or current.step.id != step:
        raise NotAllowed("step.moved", case_no=stand.snapshot.case.case_no)
    check_captures(stand, captures)
    return plan(stand.procedure, stand.walk, option, captures, stand.facts)


def check_captures(stand: Standing, captures: Given) -> None:
    """Free text passes the scanner before it is kept (B0.5)."""
    current = stand.walk.current
    if current is None:
        return
    for name, value in captures.items():
        capture = current.step.capture(name)
        if capture is not None and capture.type is CaptureType.TEXT and isinstance(value, str):
            check_text(value)


def answer(ctx: Context, case_id: int, version: int, step: str, option: str, captures: Given) -> Changed:
    """Record an answer and do what it does at once. The first answer claims the case.

    Raises NotAllowed("answer.needs_f8") for one that has to go through the strip, CaseMoved when the
    case changed since it was read, NotAllowed("option.refused") with the reason.
    """
    from bdesk.operations.effects.registry import run_effects

    may_work(ctx)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id, version=version))
        must_be_open(act.case)
        stand = standing(unit.session, ctx, case_id, unit.now, at=step)
        planned = planned_answer(stand, step, option, captures)
        if needs_f8(planned):
            raise NotAllowed("answer.needs_f8", option=option)
        record_answer(act, ctx, stand, planned)
        own(act, ctx)
        run_effects(act, ctx, stand, planned)
        apply_moves(act, ctx, planned.clocks)
        after = stand.walk.current
        return act.finish(ctx, "step.answered", step=step, title=after.title if after else step)


def record_answer(act: Act, ctx: Context, stand: Standing, planned: Planned) -> StepAnswer:
    """The row and event of an answer. Factors are never kept (B0.4); the journal keeps no free text."""
    row = StepAnswer(
        case_id=stand.snapshot.case.id,
        cycle=planned.cycle,
        round=planned.round,
        step=planned.step,
        option=planned.option,
        captures=freeze(planned.captures),
        via=[list(pair) for pair in planned.via],
        binding=planned.binding,
        by=ctx.actor.number,
        at=act.unit.now,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    columns = stored_columns(stand, planned)
    event = act.add(
        "step.answered",
        {
            "answer": row.id,
            "step": planned.step,
            "option": planned.option,
            "round": planned.round,
            "captures": _coded(stand, planned.captures),
        },
        **columns,
    )
    row.event_id = event.id
    return row


def stored_columns(stand: Standing, planned: Planned) -> dict[str, object]:
    """Answers that the case itself keeps: `stores` of the procedure maps a field or set to a column."""
    from bdesk.models.kinds import RefundReason

    given: dict[str, GivenValue] = {**planned.captures}
    chosen = stand.walk.current.step.option(planned.option) if stand.walk.current else None
    if chosen is not None:
        given |= dict(chosen.sets)
    columns: dict[str, object] = {}
    for name, fact in stand.procedure.stores.items():
        value = given.get(name)
        if value is None:
            continue
        if fact == "case.reason":
            columns["reason"] = RefundReason(str(value))
        elif fact in ("case.subject", "case.desired"):
            columns[fact.removeprefix("case.")] = str(value)[:200]
    return columns


def _coded(stand: Standing, captures: Given) -> dict[str, object]:
    """Only codes, numbers and dates go into the journal: texts can be erased, the journal cannot."""
    step = stand.walk.current.step if stand.walk.current else None
    kept: dict[str, object] = {}
    for name, value in freeze(captures).items():
        capture = step.capture(name) if step else None
        if capture is not None and capture.type in (CaptureType.CHOICE, CaptureType.AMOUNT, CaptureType.YESNO):
            kept[name] = value
    return kept


