"""One event of the journal, as rules read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, who did it, when it happened and when the store learnt of it.

    `id` rises through the whole journal, `sequence` within one stream ("case", "staff", "wallet",
    "store"). Both instants are aware UTC; `recorded_at` never goes back (ARCHITECTURE, The journal).
    `payload` is the canonical JSON read back: instants in it are ISO 8601 texts.
    """

    id: int
    stream: str
    stream_id: int | str
    sequence: int
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    kind: str
    payload: Mapping[str, object]
