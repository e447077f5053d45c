"""What people did on a scenario's cases before its present: the real operations in the order of time."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update
from sqlmodel import col, select

from bdesk.clock import FrozenClock
from bdesk.data.book.book import Book
from bdesk.data.core import PAYMENT, core
from bdesk.data.store import SYSTEM, Store
from bdesk.models.tables import Evidence, Refund
from bdesk.operations import codes, evidence, promises, queue, raising, sweep
from bdesk.operations.context import Context
from bdesk.operations.ports import simulated
from bdesk.operations.staff.people import find_actor
from bdesk.training.scenario_file import (
    RawAct,
    RawAnswered,
    RawCame,
    RawCode,
    RawLooked,
    RawPromised,
    RawRaised,
    RawTaken,
    ago,
)
from bdesk.training.walks.past import PastStore, Worker, settle
from bdesk.training.world import local_date

if TYPE_CHECKING:
    from bdesk.training.scenario import Staged

_STEP = timedelta(minutes=1)
_SWEEPER = "9001"


def work(store: Store, book: Book, staged: Iterable["Staged"]) -> None:
    """Let people work the cases of scenarios up to the store's present, then let the shop act after them."""
    for one in staged:
        _play(store, book, one)
        _later(store, one)


def _play(store: Store, book: Book, staged: "Staged") -> None:
    now = staged.world.now
    acts = [
        (ago(now, act.at), place, act, staged.works[case.key])
        for case in staged.scenario.raw.cases
        for place, act in enumerate(case.worked)
    ]
    if not acts:
        return
    draw = staged.world.draw(f"worked/{staged.scenario.code}")
    worked = sorted({case.row["id"] for *_, case in acts})
    with PastStore(store, FrozenClock(now), lambda: draw.hex(32)) as past:
        for at, _place, act, case in sorted(acts, key=lambda one: (one[0], one[3].row["id"], one[1])):
            worker = Worker(past, book, act.by, case.row["id"]).at(at)
            _DEEDS[type(act)](worker, act, now)
        settle(past, book, worked, now)
        swept = Context(past, book, find_actor(past, _SWEEPER), ports=simulated())
        for case_id in worked:
            sweep.record_breaches(swept, case_id)


def _take(worker: Worker, _act: RawTaken, _now: datetime) -> None:
    queue.claim(worker.ctx, worker.case_id)


def _answer(worker: Worker, act: RawAnswered, now: datetime) -> None:
    begun = ago(now, act.at)
    *before, (step, option) = act.steps
    for place, (one, chosen) in enumerate(before):
        worker.at(begun + place * _STEP).go(one, chosen)
    worker.at(begun + len(before) * _STEP)
    days = {name: local_date(ago(now, when)) for name, when in act.days.items()}
    given: dict[str, Any] = {**act.give, **days}
    if act.sends:
        worker.press_f8(step, option, **given)
    else:
        worker.go(step, option, **given)


def _code(worker: Worker, act: RawCode, _now: datetime) -> None:
    codes.code_result(worker.ctx, worker.case_id, act.result)


def _raise(worker: Worker, act: RawRaised, _now: datetime) -> None:
    raising.raise_case(worker.ctx, worker.case_id, act.to, act.words)


def _came(worker: Worker, act: RawCame, _now: datetime) -> None:
    address = f"https://evidence.example.com/{worker.case_id}/{act.name}"
    evidence.add_evidence(worker.ctx, worker.case_id, act.kind, act.name, address, act.kilobytes * 1024)


def _look(worker: Worker, _act: RawLooked, _now: datetime) -> None:
    with worker.store.read() as session:
        mine = select(Evidence.id).where(Evidence.case_id == worker.case_id).order_by(col(Evidence.number))
        pieces = [number for number in session.scalars(mine) if number is not None]
    for number in pieces:
        evidence.look_at(worker.ctx, number)
        evidence.judge(worker.ctx, number, True)


def _promise(worker: Worker, act: RawPromised, now: datetime) -> None:
    promises.make(worker.ctx, worker.case_id, act.words, ago(now, act.due))


_DEEDS: Mapping[type[RawAct], Callable[[Worker, Any, datetime], None]] = {
    RawTaken: _take,
    RawAnswered: _answer,
    RawCode: _code,
    RawRaised: _raise,
    RawCame: _came,
    RawLooked: _look,
    RawPromised: _promise,
}


def _later(store: Store, staged: "Staged") -> None:
    """What the shop gave back by itself after all that: facts from outside, of which no case knows yet."""
    if not staged.later:
        return
    with store.write(SYSTEM) as unit:
        for deal, columns in staged.later:
            payment = deal.payments[0]
            given = payment["refunded_fen"] + columns["amount_fen"]
            unit.session.execute(insert(core(Refund)).values(**columns))
            unit.session.execute(
                update(PAYMENT).where(PAYMENT.c.id == payment["id"]).values(refunded_fen=given)
            )
        unit.commit()
