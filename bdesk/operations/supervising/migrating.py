"""A case goes over to the versions in use now, after a look at what that changes (SLA.md, policy edited)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bdesk.data import journal
from bdesk.data.book.book import CALENDARS, CLOCKS, EVIDENCE, TASKS
from bdesk.data.refold import pins_of, readings, refold
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed
from bdesk.models.clock_kinds import EndReason, RunState
from bdesk.models.kinds import CaseState, Role, Stream
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.models.views.snapshot import AnswerView
from bdesk.operations.answering import STATE_OF_WAIT, withdraw_requests
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.change import Act, must_be_open
from bdesk.operations.clocks import hand_on, living_clocks, opening_clocks
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.operations.standing import Standing, standing
from bdesk.operations.supervising.hands import checked, is_held, kept, must_leave
from bdesk.operations.supervising.replays import ClockChange
from bdesk.rules.cases import cycle_start
from bdesk.rules.clock import Reading
from bdesk.rules.clock.migrating import Migrated, Versions, migrated
from bdesk.rules.walk.model import WaitsFor
from bdesk.rules.walk.values import Text
from bdesk.rules.walk.views import Answer, Walk

COLUMNS = (
    "procedure",
    "procedure_version",
    "policy_version",
    "calendar_version",
    "tasks_version",
    "evidence_version",
)
"""What a case is pinned by."""


@dataclass(frozen=True, slots=True)
class Version:
    """One of `COLUMNS`, and what it was and becomes."""

    what: str
    was: str | None
    becomes: str


@dataclass(frozen=True, slots=True)
class Fallen:
    """An answer that the new version does not take over: its question is asked again, or no more."""

    step: str
    option: str
    title: Text
    label: Text
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What migrating a case would change. `step` is None at the end of a walk; `refused` the code of why it
    cannot be done, "" when it can."""

    case_id: int
    case_no: str
    versions: tuple[Version, ...]
    clocks: tuple[ClockChange, ...]
    step_was: str | None
    title_was: Text
    step: str | None
    title: Text
    falls: tuple[Fallen, ...]
    refused: str


def preview(ctx: Context, case_id: int) -> Preview:
    """What migrating would change, worked out by doing it and taking it back: nothing is kept.

    Raises NotAllowed as `migrate` does, but for what `refused` says.
    """
    role = must_may(ctx, "supervising.migrating.preview")
    with ctx.store.write(ctx.actor.number) as unit:
        return _migrate(unit, ctx, role, case_id, "")[1]


def migrate(ctx: Context, case_id: int, reason: str) -> Changed:
    """Pin an open case to the versions in use: its clocks keep their starts and stops, its answers stay as
    far as the new walk asks for them.

    Raises BadInput without a reason; NotAllowed: "migrate.same" where it is on them already; "migrate.held"
    while something may be recalled; "migrate.committed" where the new version does not know what was
    committed; "migrate.end" where its walk would be over; and what `must_leave` raises.
    """
    role = must_may(ctx, "supervising.migrating.migrate")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        act, found = _migrate(unit, ctx, role, case_id, reason)
        if found.refused:
            raise NotAllowed(found.refused, case_no=found.case_no)
        return act.finish(ctx, "case.migrated", version=act.case.procedure_version)


def _migrate(unit: Unit, ctx: Context, role: Role, case_id: int, reason: str) -> tuple[Act, Preview]:
    act = Act(unit, unit.case(case_id))
    must_be_open(act.case)
    must_leave(unit, ctx, role, act.case)
    must_not_be_own(ctx, act.case)
    if is_held(unit, case_id):
        raise NotAllowed("migrate.held", case_no=act.case.case_no)
    versions = _versions(ctx, act.case)
    if not versions:
        raise NotAllowed("migrate.same", case_no=act.case.case_no)
    before = standing(unit.session, ctx, case_id, unit.now)
    plan = _clocks(act, ctx, before)
    running = living_clocks(act, ctx)
    act.add(
        "case.migrated",
        {
            "was": {one.what: one.was for one in versions},
            "becomes": {one.what: one.becomes for one in versions},
            "version": ctx.book.version("procedure", ctx.book.procedure_for(act.case.kind).code),
            **(kept(act, reason) if reason else {}),
        },
        columns={one.what: one.becomes for one in versions},
    )
    ctx.book.keep_texts(unit, act.case.procedure)
    numbers = _carry_out(act, ctx, plan)
    # The walk asks facts of the clocks as they are from now on.
    refold(unit.session, act.case, ctx.book, unit.now)
    after = standing(unit.session, ctx, case_id, unit.now)
    _settle(act, ctx, before, after, running)
    return act, _said(act, ctx, versions, (before, after), plan, numbers)


def _versions(ctx: Context, case: Case) -> tuple[Version, ...]:
    code = ctx.book.procedure_for(case.kind).code
    now = (
        code,
        ctx.book.version("procedure", code),
        ctx.book.version("policy", CLOCKS),
        ctx.book.version("calendar", CALENDARS),
        ctx.book.version("policy", TASKS),
        ctx.book.version("policy", EVIDENCE),
    )
    pairs = ((name, getattr(case, name), new) for name, new in zip(COLUMNS, now, strict=True))
    return tuple(Version(name, was, new) for name, was, new in pairs if was != new)


def _clocks(act: Act, ctx: Context, before: Standing) -> Migrated:
    session, case = act.unit.session, act.case
    session.flush()
    pins = pins_of(journal.events(session, Stream.CASE, act.case_id))
    book = ctx.book.with_versions(session, *pins)
    return migrated(
        readings(session, case, ctx.book, act.unit.now),
        opening_clocks(case, before.procedure),
        opening_clocks(case, ctx.book.procedure_for(case.kind)),
        Versions(book.clock_kinds, book.calendars),
        Versions(ctx.book.clock_kinds, ctx.book.calendars),
        cycle=case.cycle,
        began_at=cycle_start(before.snapshot),
    )


def _carry_out(act: Act, ctx: Context, plan: Migrated) -> list[int]:
    """The numbers of the clocks that were started."""
    numbers = [hand_on(act, ctx, one) for one in plan.starts]
    for gone in plan.drops:
        name = {"clock": gone.kind, "number": gone.number, "cycle": gone.cycle}
        act.add("clock.cancelled", {**name, "reason": EndReason.METRIC_DROPPED.value})
    return numbers


def _settle(act: Act, ctx: Context, before: Standing, after: Standing, running: Iterable[Reading]) -> None:
    """The case's state follows the walk that it stands in now (B0.2), and so do requests and stops that
    belonged to a wait which is none any more."""
    was, waits = before.walk.waiting, after.walk.waiting
    if (was and was.step) == (waits and waits.step):
        return
    if was is not None and was.waits_for is WaitsFor.APPROVAL:
        withdraw_requests(act, ctx)
    if was is not None and waits is None and any(one.run is RunState.PAUSED for one in running):
        act.add("clock.resumed", {"reason": "agent"})
    state = CaseState.IN_PROGRESS if waits is None else STATE_OF_WAIT[waits.waits_for]
    if act.case.state is not state:
        act.add("case.state", {"to": state.value}, state=state)


def _said(
    act: Act,
    ctx: Context,
    versions: tuple[Version, ...],
    stands: tuple[Standing, Standing],
    plan: Migrated,
    numbers: list[int],
) -> Preview:
    before, after = stands
    fallen = _fallen(before.walk, after.walk)
    refused = ""
    if _history(before) & {_key(one) for one in fallen}:
        refused = "migrate.committed"
    elif after.walk.current is None and before.walk.current is not None:
        refused = "migrate.end"
    return Preview(
        case_id=act.case_id,
        case_no=act.case.case_no,
        versions=versions,
        clocks=_changes(act, ctx, plan, numbers),
        step_was=_step(before.walk),
        title_was=_title(before.walk),
        step=_step(after.walk),
        title=_title(after.walk),
        falls=tuple(_named(before, one) for one in fallen),
        refused=refused,
    )


def _fallen(before: Walk, after: Walk) -> list[Answer]:
    """Answers that counted and count no more. One that is kept, but waits for a key, is asked again."""
    again = [walk.current.kept if walk.current is not None else None for walk in (before, after)]
    confirm = [walk.current is not None and walk.current.to_confirm for walk in (before, after)]
    lost = [*after.unreached, *([again[1]] if again[1] is not None and confirm[1] else [])]
    known = [*before.unreached, *([again[0]] if again[0] is not None and confirm[0] else [])]
    return [one for one in lost if one not in known]


def _key(one: Answer | AnswerView) -> tuple[object, ...]:
    return one.step, one.round, one.option, one.at


def _history(before: Standing) -> set[tuple[object, ...]]:
    """The answers of this cycle up to the last one that committed something: what was done rests on them."""
    mine = [one for one in before.snapshot.answers if one.cycle == before.snapshot.case.cycle]
    last = max((place for place, one in enumerate(mine) if one.binding), default=-1)
    return {_key(one) for one in mine[: last + 1]}


def _changes(act: Act, ctx: Context, plan: Migrated, numbers: list[int]) -> tuple[ClockChange, ...]:
    now = act.unit.now
    act.unit.session.flush()
    by_name = {
        (one.kind, one.cycle, one.number): one for one in readings(act.unit.session, act.case, ctx.book, now)
    }
    found = []
    for start, number in zip(plan.starts, numbers, strict=True):
        old, new = start.replaces, by_name[start.kind, act.case.cycle, number]
        late = new.breached_at is not None and (old is None or old.breached_at is None)
        found.append(ClockChange(start.kind, None if old is None else old.due_at, new.due_at, late))
    found += [ClockChange(gone.kind, gone.due_at, None) for gone in plan.drops]
    return tuple(found)


def _step(walk: Walk) -> str | None:
    return None if walk.current is None else walk.current.step.id


def _title(walk: Walk) -> Text:
    return Text("", "") if walk.current is None else walk.current.title


def _named(before: Standing, one: Answer) -> Fallen:
    title, label = Text(one.step, one.step), Text(one.option, one.option)
    if before.procedure.has(one.step):
        step = before.procedure.step(one.step)
        title = step.title
        chosen = step.option(one.option)
        label = chosen.label if chosen is not None else label
    return Fallen(one.step, one.option, title, label, one.by, one.at)
