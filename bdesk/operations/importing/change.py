"""Putting what a file says into rows, and remembering which columns that changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from bdesk.data.unit import Unit
from bdesk.errors import BadInput
from bdesk.operations.context import Context
from bdesk.operations.importing.columns import Values

# A shop's clock may go a little ahead of ours; more would let one row shut out every later one.
AHEAD = timedelta(minutes=5)


@dataclass(slots=True)
class Change:
    """What one row of a file did. `key` is a number of the shop, never a person's; `columns` names what
    changed, without values. Nothing in it means that the store knew it all."""

    key: str | None = None
    row_id: int | None = None
    new: bool = False
    columns: set[str] = field(default_factory=set)
    wallet: dict[str, object] = field(default_factory=dict)
    """Of a wallet its state and freezes as they are now, for the journal (`bdesk.data.verify_wallets`)."""

    def put(self, row: SQLModel, values: Values, *, under: str = "") -> None:
        """Set the columns of `row` that differ."""
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                self.columns.add(f"{under}{name}")


@dataclass(frozen=True, slots=True)
class Job:
    """What a row is applied with: the transaction of its chunk, and who imports."""

    ctx: Context
    unit: Unit


def newer(job: Job, stored: datetime | None, values: Values) -> bool:
    """Whether the row is newer than what is stored. Raises BadInput("import.future")."""
    as_of: datetime = values["as_of"]
    if as_of > job.unit.now + AHEAD:
        raise BadInput("import.future", field="as_of", at=as_of)
    return stored is None or as_of > stored


def without(values: Values, *names: str) -> Values:
    """The values without some columns."""
    return {name: value for name, value in values.items() if name not in names}


def only_once(keys: Iterable[Any], where: str) -> None:
    """Raises BadInput("import.twice") when a key stands twice in one list."""
    seen: set[Any] = set()
    for key in keys:
        if key in seen:
            raise BadInput("import.twice", field=where, key=str(key))
        seen.add(key)


def row_id(row: Any) -> int:
    """The number of a row that was flushed."""
    found: int | None = row.id
    if found is None:
        raise LookupError(type(row).__name__)
    return found
