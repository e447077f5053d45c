"""One person at a desk, for tests of operations: reads where a case stands, answers, presses F8.

desk = Desk(store, agent)                       a context and short words for what people do
case_id = desk.opened(placed)                   a refund case by the operation, from a form 3 h ago
desk.go(case_id, "approve", amount=5000)        an answer at the step at hand, through the strip or not
desk.step(case_id)                              where it stands
desk.later(seconds=11)                          time passes
desk.release()                                  the outbox lets go of what is due
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, func, select

from bdesk.data.book.book import load_book
from bdesk.data.journal import events, voided
from bdesk.data.store import Store
from bdesk.data.verify import verify
from bdesk.data.writers import Tries, Writers
from bdesk.models.clock_kinds import Outcome, RunState
from bdesk.models.kinds import (
    CaseKind,
    Channel,
    EvidenceKind,
    RefundReason,
    RefundState,
    Stream,
)
from bdesk.models.tables import Case, CaseText, ClockRow, Order, OutboxRow, Payment, Refund
from bdesk.models.views.changed import Changed
from bdesk.models.views.journal import Event
from bdesk.models.views.snapshot import ActorView
from bdesk.models.views.strip import Strip
from bdesk.operations import evidence, outbox, walking
from bdesk.operations.context import Context
from bdesk.operations.effects import commit, recall, strip
from bdesk.operations.opening import NewCase, open_case
from bdesk.operations.ports import Answer, Ports, SimulatedMail, SimulatedPayment, simulated
from bdesk.operations.standing import Standing
from bdesk.rules.walk.values import GivenValue, Risk
from bdesk.rules.walk.views import OptionView
from tests.builders import T0, Placed, clock_of, context

RowT = TypeVar("RowT", bound=SQLModel)
T = TypeVar("T")

USUAL = {"duplicate/same": "other", "scope": "whole", "reason": "quality", "evidence": "complete"}
"""The usual answer at each step of a quality complaint."""

PICTURE = "https://evidence.example.com/1.jpg"


def begin_again(store: Store, made: bytes) -> None:
    """Give an open store another file's content, in place: its engines keep the statements they compiled,
    and nothing else."""
    store._writers, store.tries = Writers(), Tries()
    for engine in (store._writer, store._reader):
        engine.dispose()
    path = Path(store.place)
    for more in path.parent.glob(f"{path.name}-*"):
        more.unlink()
    path.write_bytes(made)
    clock_of(store).at = T0


class Phases:
    """Where several tests begin: walked to by the first of them, and put there for the others."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, datetime, Any]] = {}

    def at(self, store: Store, name: str, walk: Callable[[], T]) -> T:
        """What `walk` found, the store and its clock being where it left them. Who is at work is added to the
        store before, in the same order by every test."""
        if name not in self._kept:
            made = walk()
            store.close()
            self._kept[name] = (Path(store.place).read_bytes(), clock_of(store).at, made)
            return made
        content, at, kept = self._kept[name]
        begin_again(store, content)
        clock_of(store).at = at
        found: T = kept
        return found


class NotThere(LookupError):
    """The step at hand has no such option."""


class Desk:
    """A signed-in person on a store, with their own or shared ports."""

    def __init__(self, store: Store, actor: ActorView, ports: Ports | None = None, **more: Any) -> None:
        self.store = store
        self.ports = ports or simulated()
        self.ctx: Context = context(store, actor, ports=self.ports, **more)

    @property
    def payment(self) -> SimulatedPayment:
        assert isinstance(self.ports.payment, SimulatedPayment)
        return self.ports.payment

    @property
    def mail(self) -> SimulatedMail:
        assert isinstance(self.ports.mail, SimulatedMail)
        return self.ports.mail

    # What people do

    def opened(
        self,
        placed: Placed | None,
        *,
        reason: RefundReason | None = RefundReason.QUALITY,
        description: str = "一打开就是坏的",
        media: bool = True,
        hours: int = 3,
        kind: CaseKind = CaseKind.REFUND,
        channel: Channel = Channel.REFUND_FORM,
        filed: bool = True,
        **more: Any,
    ) -> int:
        """A case of mine from a form, received `hours` ago, with one photo unless `media` is off."""
        new = NewCase(
            kind,
            channel,
            order_id=placed.id if placed is not None else None,
            subject="开箱就坏",
            description=description,
            reason=reason,
            received_at=self.ctx.now() - timedelta(hours=hours),
            filed=filed,
            **more,
        )
        case_id = open_case(self.ctx, new).case_id
        assert case_id is not None
        if media:
            self.picture(case_id)
        return case_id

    def picture(self, case_id: int) -> Changed:
        return evidence.add_evidence(self.ctx, case_id, EvidenceKind.PHOTO, "1.jpg", PICTURE, 200_000)

    def to_decision(self, case_id: int) -> int:
        """Walk a delivered order's quality complaint to the decision, past a second case on the order."""
        while True:
            stand = self.stand(case_id)
            current = stand.walk.current
            assert current is not None
            if current.step.id == "assess/decide":
                return case_id
            step, version = current.step.id, stand.snapshot.case.version
            more: dict[str, GivenValue] = {"difference": "另一件事"} if step == "duplicate/same" else {}
            walking.answer(self.ctx, case_id, version, step, USUAL[step], more)

    def go(self, case_id: int, option: str, **captures: GivenValue) -> Changed:
        """Choose an option of the step at hand, by F8 where it needs it."""
        stand = self.stand(case_id)
        if stand.walk.current is None:
            raise NotThere(f"{option}: the walk ended, {stand.walk.finished}")
        chosen = next((one for one in stand.walk.current.options if one.code == option), None)
        if chosen is None:
            raise NotThere(f"{option} at {stand.walk.current.step.id}")
        step = stand.walk.current.step.id
        if chosen.risk in (Risk.MESSAGE, Risk.MONEY):
            return commit.commit(self.ctx, strip.plan_strip(self.ctx, case_id, step, option, captures))
        return walking.answer(self.ctx, case_id, stand.snapshot.case.version, step, option, captures)

    def strip(self, case_id: int, option: str, **captures: GivenValue) -> Strip:
        step = self.step(case_id)
        if step is None:
            raise NotThere(f"{option}: the walk ended")
        return strip.plan_strip(self.ctx, case_id, step, option, captures)

    def press_f8(self, pending: Strip) -> Changed:
        return commit.commit(self.ctx, pending)

    def recall(self, done: Changed) -> Changed:
        assert done.undo_event is not None
        return recall.recall(self.ctx, done.undo_event)

    def release(self) -> list[Answer]:
        return list(outbox.release_due(self.ctx).answers.values())

    def later(self, **by: int) -> None:
        clock_of(self.store).move(timedelta(**by))

    # What they see

    def stand(self, case_id: int) -> Standing:
        with self.store.read() as session:
            return walking.standing(session, self.ctx, case_id, self.ctx.now())

    def step(self, case_id: int) -> str | None:
        current = self.stand(case_id).walk.current
        return current.step.id if current is not None else None

    def option(self, case_id: int, code: str) -> OptionView:
        current = self.stand(case_id).walk.current
        assert current is not None
        return next(one for one in current.options if one.code == code)

    def fact(self, case_id: int, name: str) -> object:
        return self.stand(case_id).facts[name]

    def row(self, kind: type[RowT], number: int) -> RowT:
        with self.store.read() as session:
            found = session.get_one(kind, number)
            session.expunge(found)
        return found

    def rows(self, kind: type[RowT], /, **where: object) -> list[RowT]:
        with self.store.read() as session:
            found = list(session.scalars(select(kind).filter_by(**where).order_by(col(kind.id))))  # type: ignore[attr-defined]
            session.expunge_all()
        return found

    def case(self, case_id: int) -> Case:
        return self.row(Case, case_id)

    def clock(self, case_id: int, kind: str, *, cycle: int = 1) -> ClockRow:
        return self.rows(ClockRow, case_id=case_id, kind=kind, cycle=cycle)[-1]

    def events(self, case_id: int, *kinds: str) -> list[Event]:
        """The case's events of these kinds that were not taken back."""
        with self.store.read() as session:
            found = events(session, Stream.CASE, case_id)
        gone = voided(found)
        return [one for one in found if one.id not in gone and (not kinds or one.kind in kinds)]


def met(row: ClockRow) -> bool:
    return (row.run, row.outcome) == (RunState.STOPPED, Outcome.MET)


def must_add_up(store: Store, ports: Iterable[Ports] = ()) -> None:
    """What must be so after anything: nothing above what was paid, the rows agree with each other and with
    the channel, each refund number once, and the journal is whole."""
    with store.read() as session:
        for payment in session.scalars(select(Payment)):
            refunds = list(session.scalars(select(Refund).where(Refund.payment_id == payment.id)))
            held = {RefundState.HELD, RefundState.RELEASED, RefundState.UNKNOWN}
            assert payment.refunded_fen + payment.held_fen <= payment.amount_fen
            assert payment.held_fen == sum(one.amount_fen for one in refunds if one.state in held)
            accepted = [one for one in refunds if one.state is RefundState.ACCEPTED]
            assert payment.refunded_fen == sum(one.amount_fen for one in accepted)
        numbers = [row.refund_no for row in session.scalars(select(Refund))]
        assert len(numbers) == len(set(numbers))
        known = {
            row.refund_no: (row.amount_fen, row.state is RefundState.ACCEPTED)
            for row in session.scalars(select(Refund))
        }
    paid: dict[str, int] = {}
    shown = tuple(ports)
    for port in shown:
        assert isinstance(port.payment, SimulatedPayment)
        for number, (_, amount) in port.payment.sent.items():
            assert known[number][0] == amount
        for number, _, amount in port.payment.asked:
            assert port.payment.sent[number][1] == amount
        paid |= port.payment.paid
    if shown:
        assert paid == {number: fen for number, (fen, accepted) in known.items() if accepted}
    verdict = verify(store, load_book())
    assert verdict.ok, verdict.first_fault


def refunded(store: Store, placed: Placed) -> tuple[int, int]:
    """Refunded and held of an order, in fen."""
    with store.read() as session:
        found = session.exec(
            select(func.sum(Payment.refunded_fen), func.sum(Payment.held_fen)).where(
                Payment.order_id == placed.id
            )
        ).one()
    return int(found[0] or 0), int(found[1] or 0)


def status_of(store: Store, placed: Placed) -> str:
    with store.read() as session:
        return session.get_one(Order, placed.id).status.value


def outbox_of(store: Store, case_id: int) -> list[tuple[str, str, int]]:
    """(effect, state, attempt) of everything a case sent."""
    with store.read() as session:
        rows = session.scalars(
            select(OutboxRow).where(OutboxRow.case_id == case_id).order_by(col(OutboxRow.id))
        )
        return [(row.effect, row.state.value, row.attempt) for row in rows]


def letters_of(desk: Desk, case_id: int) -> list[str]:
    """The letters of a case, whole, in the order in which they were written."""
    return [row.body for row in desk.rows(CaseText, case_id=case_id, kind="letter")]
