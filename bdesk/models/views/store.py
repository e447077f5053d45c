"""What a store says about itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoreInfoView:
    """`revision` is the migration the tables are at; `made_at` is an aware UTC instant."""

    store_id: str
    training: bool
    made_at: datetime
    revision: str
    clock_rate: int = 1
    seed: int | None = None
    size: str | None = None
    scenario: str | None = None
