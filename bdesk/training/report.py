"""What a seed made, for people and for `--json`: the coverage of the store, its people, its scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bdesk.training.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Login:
    number: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Bought:
    """An order as its customer remembers it: the day, and every sum that was taken, in fen."""

    order_no: str
    placed_at: datetime
    paid_fen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """What a customer of a scenario can say when an agent asks who they are: for whoever plays them.
    `previous_phone`: the number on file until it was changed, where that was not long ago."""

    name: str
    account: str
    phone: str | None
    previous_phone: str | None
    city: str
    bought: tuple[Bought, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A scenario as the index names it: which cases and orders it put there, and who may call."""

    code: str
    zh: str
    en: str
    cases: tuple[str, ...]
    orders: tuple[str, ...]
    callers: tuple[Caller, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`rows`: how many were written into each table."""

    store: str
    seed: int
    size: str
    now: datetime
    password: str
    logins: tuple[Login, ...]
    scenarios: tuple[Shown, ...]
    rows: Mapping[str, int]
    coverage: Coverage
