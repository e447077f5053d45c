"""Where a case stands in its procedure, and what an answer would do. Read only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bdesk.data import snapshot as snapshots
from bdesk.data.book.adopted import Adopted, adopted
from bdesk.errors import NotAllowed
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import AnswerView, Snapshot
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.rules import limits
from bdesk.rules.asking import comparable
from bdesk.rules.cases import hidden_facts
from bdesk.rules.facts import FactContext, compute
from bdesk.rules.walk.interpreter import walk
from bdesk.rules.walk.model import CaptureType, Procedure
from bdesk.rules.walk.plan import plan
from bdesk.rules.walk.values import Facts, Given, GivenValue, Risk
from bdesk.rules.walk.views import Answer, Planned, Walk
from bdesk.text import clean

NEEDS_F8 = frozenset({Risk.MESSAGE, Risk.MONEY})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: everything a screen or an operation asks the rules about."""

    snapshot: Snapshot
    facts: Facts
    procedure: Procedure
    walk: Walk
    adopted: Adopted
    """The limits of the store at this moment."""


def standing(
    session: Session, ctx: Context, case_id: int, now: datetime, *, at: str | None = None
) -> Standing:
    """Build the snapshot, compute its facts and walk the case's own version of its procedure.

    `at` stops at an earlier step, for stepping back. Raises NotAllowed("case.unknown"), and what `adopted`
    raises.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotAllowed("case.unknown", case_no=case_id)
    book = ctx.book.pinned(session, case)
    snap = snapshots.build(session, case_id, ctx.actor, now, book)
    # Clocks are pinned; limits are those of the moment of execution (ARCHITECTURE, Versions), and the
    # store's: this desk's own book may say otherwise.
    policy = adopted(session)
    facts = compute(
        FactContext(snap, book.calendars, book.clock_kinds, policy.limits, book.tasks, book.evidence)
    )
    procedure = book.procedure_for(snap.case.kind)
    answers = [_answer(one) for one in snap.answers]
    # What is shown stars the values that could still serve as a factor; what letters say does not.
    shown = comparable(procedure.shaded(hidden_facts(snap)), snap)
    walked = walk(shown, answers, facts, cycle=snap.case.cycle, at=at)
    return Standing(snap, facts, procedure, walked, policy)


def _answer(view: AnswerView) -> Answer:
    return Answer(
        step=view.step,
        option=view.option,
        by=view.by,
        at=view.at,
        captures=thawed(view.captures),
        cycle=view.cycle,
        round=view.round,
        via=view.via,
        binding=view.binding,
        carried=view.carried,
    )


def thaw(value: object) -> GivenValue:
    """A kept capture as a value of the walk: lists become tuples, {"date": ...} a date.

    Raises TypeError for what no field holds.
    """
    if isinstance(value, list | tuple):
        return tuple(str(part) for part in value)
    if isinstance(value, dict) and "date" in value:
        return date.fromisoformat(str(value["date"]))
    if isinstance(value, bool | int | str | date):
        return value
    raise TypeError(f"not a capture: {value!r}")


def thawed(captures: Mapping[str, object]) -> dict[str, GivenValue]:
    """Kept captures as the walk reads them."""
    return {name: thaw(value) for name, value in captures.items()}


def freeze(captures: Given) -> dict[str, object]:
    """Captures as they are kept (JSON)."""
    return {name: _frozen(value) for name, value in captures.items()}


def _frozen(value: GivenValue) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def needs_f8(planned: Planned) -> bool:
    """Whether an answer has to wait in the pending strip: it sends a message or moves money."""
    return any(effect.risk in NEEDS_F8 or effect.effect in limits.MONEY_EFFECTS for effect in planned.effects)


def planned_answer(stand: Standing, step: str, option: str, captures: Given) -> Planned:
    """What the answer would do now.

    Raises NotAllowed("step.moved") when the case stands at another step than the person saw, and what
    `plan` and `check_text` raise.
    """
    current = stand.walk.current
    if current is None or current.step.id != step:
        raise NotAllowed("step.moved", case_no=stand.snapshot.case.case_no)
    given = {name: _cleaned(value) for name, value in captures.items()}
    check_captures(stand, given)
    return plan(stand.procedure, stand.walk, option, given, stand.facts)


def _cleaned(value: GivenValue) -> GivenValue:
    """What enters the store, and letters from there, drives no terminal and hides nothing."""
    if isinstance(value, tuple):
        return tuple(clean(part) for part in value)
    return clean(value, multiline=True) if isinstance(value, str) else value


def check_captures(stand: Standing, captures: Given) -> None:
    """Free text passes the scanner before it is kept (B0.5)."""
    current = stand.walk.current
    if current is None:
        return
    for name, value in captures.items():
        capture = current.step.capture(name)
        if capture is None or capture.type not in (CaptureType.TEXT, CaptureType.EVIDENCE):
            continue
        if isinstance(value, tuple):
            for part in value:
                check_text(part)
        elif isinstance(value, str):
            check_text(value)
