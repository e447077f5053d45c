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
class Shown:
    """A scenario as the index names it: which cases and orders it put there."""

    code: str
    zh: str
    en: str
    cases: tuple[str, ...]
    orders: tuple[str, ...]


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
