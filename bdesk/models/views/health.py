"""What `bdesk store info` and `bdesk doctor` say."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bdesk.models.views.store import StoreInfoView


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `code` with `params` is its sentence, said by whoever shows it."""

    name: str
    health: Health
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """A store in numbers; `now` is its own time."""

    info: StoreInfoView
    place: str
    dialect: str
    now: datetime
    events: int
    cases: int
    open_cases: int
    customers: int
    orders: int
    staff: int
    size_bytes: int | None
