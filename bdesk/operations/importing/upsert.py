"""A whole file: checked first, then kept a chunk of rows at a time, each chunk with its journal.

A chunk is one transaction. Whatever stops the import between two of them leaves a store in which every row
is either as before or as the file says; running it again does the rest.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from bdesk.data.unit import Unit
from bdesk.data.verify_wallets import TOLD
from bdesk.errors import BadInput, DeskError, NotAllowed
from bdesk.models.kinds import Stream
from bdesk.operations.context import Context
from bdesk.operations.importing import cases, customers, orders, products, wallets
from bdesk.operations.importing.change import Change, Job
from bdesk.operations.importing.columns import Shape, Values, read_row
from bdesk.operations.importing.reading import Form, Row, inspect, rows
from bdesk.operations.roles import must_may

STREAM = "store"


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be imported. `csv`: whether its rows are flat enough for a CSV file."""

    shape: Shape
    apply: Callable[[Job, Values], Change]
    csv: bool = True


KINDS: dict[str, Kind] = {
    "orders": Kind(orders.SHAPE, orders.apply, csv=False),
    "customers": Kind(customers.SHAPE, customers.apply),
    "products": Kind(products.SHAPE, products.apply),
    "wallets": Kind(wallets.SHAPE, wallets.apply),
    "cases": Kind(cases.SHAPE, cases.apply),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """A chunk ends after `rows` rows or `seconds`, and then the store rests for `rest` seconds: desks that
    work meanwhile wait for its lock, and must never wait long."""

    rows: int = 500
    seconds: float = 0.25
    rest: float = 0.1


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be kept: where it stands, why, and what it said."""

    line: int
    error: DeskError
    raw: object


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file. `unchanged` counts rows that the store knew already, or knew better."""

    kind: str
    digest: str
    rows: int
    added: int
    changed: int
    unchanged: int
    rejected: int


@dataclass(slots=True)
class _Count:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def add(self, outcome: "Change | Reject") -> None:
        if isinstance(outcome, Reject):
            self.rejected += 1
        elif outcome.new:
            self.added += 1
        elif outcome.columns:
            self.changed += 1
        else:
            self.unchanged += 1


def run_import(
    ctx: Context,
    kind: str,
    path: Path,
    *,
    on_reject: Callable[[Reject], None],
    on_bytes: Callable[[int, int], None] | None = None,
    pace: Pace | None = None,
) -> Imported:
    """Import a file. `on_reject` hears of each row that is refused; `on_bytes` of (done, all) bytes.

    Raises NotAllowed("role.cannot_import"), BadInput("import.kind") and what `reading.inspect` raises; then
    nothing was written.
    """
    must_may(ctx, "importing.upsert.run_import")
    chosen = KINDS.get(kind)
    if chosen is None:
        raise BadInput("import.kind", kind=kind, known=tuple(KINDS))
    source = inspect(path, chosen.shape, csv_allowed=chosen.csv)
    run = _journal(ctx, {"phase": "start", "kind": kind, "digest": source.digest, "bytes": source.size})
    count = _Count()
    keeper = _Keeper(ctx, kind, chosen, source.form is Form.CSV, pace or Pace())
    for outcome, end in keeper.keep(rows(path, source.form)):
        count.add(outcome)
        if isinstance(outcome, Reject):
            on_reject(outcome)
        if on_bytes is not None:
            on_bytes(end, source.size)
    result = Imported(
        kind, source.digest, source.rows, count.added, count.changed, count.unchanged, count.rejected
    )
    counts = {name: getattr(result, name) for name in ("rows", "added", "changed", "unchanged", "rejected")}
    _journal(ctx, {"phase": "end", "run": run, "kind": kind, "digest": source.digest, **counts})
    return result


def _journal(ctx: Context, payload: dict[str, object]) -> int:
    with ctx.store.write(ctx.actor.number) as unit:
        event = unit.append(Stream.STORE, STREAM, "import.run", payload)
        unit.commit()
        return event.id


class _Keeper:
    """Keeps rows chunk by chunk and tells what became of each, once its chunk is in the store."""

    def __init__(self, ctx: Context, name: str, kind: Kind, loose: bool, pace: Pace) -> None:
        self.ctx = ctx
        self.name = name
        self.kind = kind
        self.loose = loose
        self.pace = pace

    def keep(self, source: Iterable[Row]) -> Iterator[tuple[Change | Reject, int]]:
        coming = iter(source)
        while batch := [(row, self._read(row)) for row in islice(coming, self.pace.rows)]:
            place = 0
            while place < len(batch):
                if place:
                    time.sleep(self.pace.rest)
                outcomes = self._chunk(batch[place:])
                ends = (row.end for row, _ in batch[place:])
                yield from zip(outcomes, ends, strict=False)
                place += len(outcomes)
            time.sleep(self.pace.rest)

    def _read(self, row: Row) -> Values | Reject:
        if row.problem is not None or row.value is None:
            return Reject(row.line, row.problem or BadInput("import.not_object"), row.raw)
        try:
            return read_row(self.kind.shape, row.value, loose=self.loose)
        except BadInput as error:
            return Reject(row.line, error, row.raw)

    def _chunk(self, batch: list[tuple[Row, Values | Reject]]) -> list[Change | Reject]:
        outcomes: list[Change | Reject] = []
        ends_at = time.monotonic() + self.pace.seconds
        with self.ctx.store.write(self.ctx.actor.number) as unit:
            for row, read in batch:
                outcomes.append(read if isinstance(read, Reject) else self._apply(unit, row, read))
                if time.monotonic() >= ends_at:
                    break
            unit.commit()
        return outcomes

    def _apply(self, unit: Unit, row: Row, values: Values) -> Change | Reject:
        written = len(unit.appended)
        try:
            # One row's fault must not take the others of its chunk with it.
            with unit.session.begin_nested():
                change = self.kind.apply(Job(self.ctx, unit), values)
                if change.columns:
                    unit.append(Stream.STORE, STREAM, "import.row", self._payload(change, values))
                return change
        except (BadInput, NotAllowed) as error:
            problem: DeskError = error
        except IntegrityError:
            problem = BadInput("import.conflict")
        # What was read inside the savepoint speaks of rows that are gone with it.
        unit.session.expunge_all()
        del unit.appended[written:]
        return Reject(row.line, problem, row.raw)

    def _payload(self, change: Change, values: Values) -> dict[str, object]:
        """Numbers and names of columns: a person's data could never be erased from here."""
        payments = [[one["payment_no"], one["amount_fen"]] for one in values.get("payments", ())]
        return {
            **({"payments": payments} if payments else {}),
            **({TOLD: change.wallet} if change.wallet else {}),
            "kind": self.name,
            "key": change.key,
            "row": change.row_id,
            "new": change.new,
            "columns": sorted(change.columns),
            "as_of": values.get("as_of"),
        }
