"""What a fact is made from, and the register of all of them.

A fact is a function of a `FactContext`, registered under its name. The names, types and closed values are
those of `bdesk/data/book/fact_names.yaml`; a test holds both sets equal. Facts about tasks to departments
come with the context instead, one set for each kind of task in the book.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.kind import ClockKind
from bdesk.rules.evidence import EvidenceNeeds
from bdesk.rules.limits import Limits
from bdesk.rules.tasks import TaskKinds
from bdesk.rules.walk.values import FactValue


@dataclass(frozen=True, slots=True)
class FactContext:
    """A case at one moment, the calendars and clock kinds it is pinned to, the limits in force now, what
    departments may be asked, and what applications must show."""

    snapshot: Snapshot
    calendars: Mapping[str, Calendar]
    clock_kinds: Mapping[str, ClockKind]
    limits: Limits
    tasks: TaskKinds = field(default_factory=dict)
    evidence: EvidenceNeeds = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The calendar that return windows are counted on; days of facts are its local days."""
        return self.calendars[self.clock_kinds["return_window"].calendar]


Compute = Callable[[FactContext], FactValue]

_REGISTER: dict[str, Compute] = {}


def fact(name: str) -> Callable[[Compute], Compute]:
    """Register a function as the fact of this name. Raises RuntimeError when the name is taken."""

    def register(compute: Compute) -> Compute:
        if name in _REGISTER:
            raise RuntimeError(f"two functions for the fact {name}")
        _REGISTER[name] = compute
        return compute

    return register


def as_kept(
    row: Callable[[FactContext], object | None], fields: Mapping[str, str], *, without: FactValue = None
) -> None:
    """Register facts that are what a row of the case says, by the names of its fields; `without` is said
    where there is no such row. Raises RuntimeError when a name is taken."""
    for name, field_name in fields.items():
        fact(name)(partial(_kept, row, field_name, without))


def _kept(
    row: Callable[[FactContext], object | None], field_name: str, without: FactValue, context: FactContext
) -> FactValue:
    found = row(context)
    value: FactValue = without if found is None else getattr(found, field_name)
    return value.value if isinstance(value, StrEnum) else value


def registered() -> Mapping[str, Compute]:
    return _REGISTER


# Equal when the facts are; and a table in a traceback must not print the customer.
@dataclass(slots=True, eq=False, repr=False)
class FactTable(Mapping[str, FactValue]):
    """The facts of one context, each computed when it is first asked for and then kept. `more`: those that
    come with the context, by name."""

    context: FactContext
    more: Mapping[str, Compute] = field(default_factory=dict)
    _kept: dict[str, FactValue] = field(default_factory=dict)

    def __getitem__(self, name: str) -> FactValue:
        if name not in self._kept:
            made = _REGISTER.get(name) or self.more[name]
            self._kept[name] = made(self.context)
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        yield from _REGISTER
        yield from self.more

    def __len__(self) -> int:
        return len(_REGISTER) + len(self.more)
