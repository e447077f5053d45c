"""Promises to a customer, a call back among them: what, by when, and whether it was kept.

Each runs a clock of its own (`promise`, `call_back`), named in its row, that outlives its case. An agent
keeps it with a word, the walk by its topic; what its due time passes is broken, and the sweep says so once,
with the breach. What closing does with those that are owed is docs/decisions/0017.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bdesk.clock import to_iso
from bdesk.data.journal import events, voided
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.clock_kinds import EndReason
from bdesk.models.kinds import CaseFlag, CaseOutcome, PromiseState, Stream
from bdesk.models.tables import Promise
from bdesk.models.views.changed import Changed
from bdesk.models.views.journal import Event
from bdesk.operations.change import Act, must_be_open, must_not_be_held, row_id
from bdesk.operations.clocks import attach_event, living_clocks, next_number
from bdesk.operations.context import Context
from bdesk.operations.flags import put_flag
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may
from bdesk.rules.clock.handing import EACH_ITS_OWN
from bdesk.rules.clock.reading import Reading
from bdesk.rules.clock.track import UNTOLD
from bdesk.rules.promises import TOLD, name_of

PROMISE, CALL_BACK = "promise", "call_back"

LONGEST_TOPIC = 64
"""Characters of the code of what the walk promised."""


def make(ctx: Context, case_id: int, words: str, due_at: datetime, kind: str = PROMISE) -> Changed:
    """Promise the customer of an open case something by a time; its clock is the earlier of what is due.

    `kind` is PROMISE or CALL_BACK. Raises BadInput("promise.past", "promise.kind"),
    NotAllowed("case.not_yours") on a colleague's case, and what `check_text` raises.
    """
    must_may(ctx, "promises.make")
    words = check_text(words, longest=200)
    if kind not in EACH_ITS_OWN:
        raise BadInput("promise.kind", kind=kind, known=", ".join(sorted(EACH_ITS_OWN)))
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        must_be_open(act.case)
        must_not_be_held(ctx, act.case)
        promise_event(act, ctx, words, due_at, kind)
        return act.finish(ctx, "promise.made", clock=kind, due_at=due_at)


def promise_event(
    act: Act, ctx: Context, words: str, due_at: datetime, kind: str = PROMISE, topic: str | None = None
) -> Promise:
    """The row, the event and the clock of a promise; `topic` where the walk makes it. Raises
    BadInput("promise.past") for a time that has passed."""
    if due_at <= act.unit.now:
        raise BadInput("promise.past", until=due_at)
    topic = topic[:LONGEST_TOPIC] if topic is not None else None
    number, cycle = next_number(act, kind), act.case.cycle
    row = Promise(
        case_id=act.case_id,
        words=words,
        due_at=due_at,
        made_by=ctx.actor.number,
        made_at=act.unit.now,
        clock=kind,
        number=number,
        cycle=cycle,
        topic=topic,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    text, digest = act.unit.text(act.case, "promise", words)
    name = {"clock": kind, "number": number, "cycle": cycle, "topic": topic}
    said = {"promise": row.id, "due_at": to_iso(due_at), "text": text.id, "digest": digest}
    act.add("promise.made", {**said, **name})
    attach_event(act, ctx, kind, params={"by": to_iso(due_at)})
    return row


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise whose clock still runs. `by_answer`: the act of the walk that made it; None where an agent
    made it by hand."""

    row: Promise
    clock: Reading
    by_answer: int | None


def owed(act: Act, ctx: Context) -> list[Owed]:
    """What was promised on the case and is not done: open, or broken while its clock runs; oldest first."""
    running = {(one.kind, one.number, one.cycle): one for one in living_clocks(act, ctx)}
    stream = events(act.unit.session, Stream.CASE, act.case_id)
    gone = voided(stream)
    answers = {act_of(one) for one in stream if one.kind == "step.answered"}
    heads = {one.payload["promise"]: act_of(one) for one in stream if one.kind in TOLD and one.id not in gone}
    found = []
    rows = select(Promise).where(Promise.case_id == act.case_id).order_by(col(Promise.id))
    for row in act.unit.session.scalars(rows):
        clock = running.get((row.clock or "", row.number or 0, row.cycle or 0))
        if clock is not None and row.state in (PromiseState.OPEN, PromiseState.BROKEN):
            head = heads.get(row_id(row))
            found.append(Owed(row, clock, head if head in answers else None))
    return found


def keep(ctx: Context, promise_id: int, words: str) -> Changed:
    """What was promised is done, told in a few words. A broken one is done late and stays broken.

    Raises NotAllowed("promise.unknown"), ("promise.done") for one that is done or taken back already,
    ("case.not_yours") on a colleague's case, and what `check_text` raises.
    """
    must_may(ctx, "promises.keep")
    words = check_text(words, longest=200)
    with ctx.store.write(ctx.actor.number) as unit:
        row = unit.of_case(Promise, promise_id)
        if row is None:
            raise NotAllowed("promise.unknown", number=promise_id)
        act = Act(unit, unit.case(row.case_id))
        must_not_be_held(ctx, act.case)
        mine = next((one for one in owed(act, ctx) if one.row.id == promise_id), None)
        if mine is None:
            raise NotAllowed("promise.done", number=promise_id, state=row.state.value)
        text, digest = unit.text(act.case, "promise_kept", words)
        _kept(act, mine, {"text": text.id, "digest": digest})
        return act.finish(ctx, "promise.kept")


def keep_open(act: Act, ctx: Context, among: Callable[[Owed], bool]) -> None:
    """The customer is told what was promised: what still runs is kept by it, a broken one late. `among`: of
    which promises that is said."""
    for one in owed(act, ctx):
        if among(one):
            _kept(act, one, {})


def _kept(act: Act, one: Owed, said: dict[str, object]) -> None:
    late = one.clock.breached_at is not None
    if not late:
        one.row.state = PromiseState.KEPT
    act.add("promise.kept", {"promise": one.row.id, "late": late, **said})
    act.add("clock.fulfilled", name_of(one.clock))


def by_the_walk(topics: Collection[str] = ()) -> Callable[[Owed], bool]:
    """Of what the walk promised, on these topics where any is named: it is kept by the walk. What somebody
    promised by hand is theirs to keep."""

    def is_meant(one: Owed) -> bool:
        return one.row.topic is not None and (not topics or one.row.topic in topics)

    return is_meant


def promise_of(unit: Unit, case_id: int, kind: str, cycle: int, number: int) -> Promise | None:
    """The promise whose clock this is."""
    if kind not in EACH_ITS_OWN:
        return None
    wanted = select(Promise).filter_by(case_id=case_id, clock=kind, cycle=cycle, number=number)
    # A clock that was taken back with its promise keeps its number to itself; the newest has it.
    return unit.session.scalars(wanted.order_by(col(Promise.id).desc())).first()


def broken_event(act: Act, kind: str, cycle: int, number: int) -> None:
    """Beside the breach of a promise's clock: it is broken, and the case says so. Once, since a breach is
    written down once."""
    row = promise_of(act.unit, act.case_id, kind, cycle, number)
    if row is None or row.state is not PromiseState.OPEN:
        return
    row.state = PromiseState.BROKEN
    act.add("promise.broken", {"promise": row.id})
    put_flag(act.unit, act.case_id, CaseFlag.PROMISE_BROKEN)


def settle_at_closing(act: Act, ctx: Context, outcome: CaseOutcome, *, told: bool = True) -> None:
    """What becomes of promises when their case is closed (docs/decisions/0017): none is lost unsaid.

    With a matter that is withdrawn nothing is owed any more; nor is what is late, where nobody could be
    reached. What the walk promised and is late is done by telling the outcome. What is still to come stays,
    and brings the case back before it is due. `told`: somebody tells the customer the outcome.

    Raises NotAllowed("close.promise_open") for what somebody promised by hand, is late and was not done.
    """
    for one in owed(act, ctx):
        late = one.clock.breached_at is not None
        if outcome is CaseOutcome.WITHDRAWN:
            _let_go(act, one, EndReason.WITHDRAWN)
        elif not late:
            act.add("promise.stays", {"promise": one.row.id, "due_at": to_iso(one.row.due_at)})
        elif not told or outcome.value in UNTOLD:
            _let_go(act, one, EndReason.NO_CONTACT)
        elif one.row.topic is not None:
            _kept(act, one, {})
        else:
            raise NotAllowed("close.promise_open", case_no=act.case.case_no)


def _let_go(act: Act, one: Owed, why: EndReason) -> None:
    """It is owed no more; one that was broken stays so."""
    if one.row.state is PromiseState.OPEN and one.clock.breached_at is None:
        one.row.state = PromiseState.CANCELLED
        act.add("promise.cancelled", {"promise": one.row.id})
    act.add("clock.cancelled", {**name_of(one.clock), "reason": why.value})


def carry(other: Act, source: Act, mine: Reading, number: int) -> int | None:
    """The promise of a clock that goes on in the case that this one is merged into goes with it."""
    row = promise_of(source.unit, source.case_id, mine.kind, mine.cycle, mine.number)
    if row is None:
        return None
    row.case_id, row.number, row.cycle = other.case_id, number, other.case.cycle
    name = {"clock": mine.kind, "number": number, "cycle": other.case.cycle, "topic": row.topic}
    other.add("promise.carried", {"promise": row.id, "due_at": to_iso(row.due_at), **name})
    return row.id


def act_of(event: Event) -> int:
    """The act that an event belongs to: its first event."""
    cause = event.payload.get("cause")
    return cause if isinstance(cause, int) else event.id
