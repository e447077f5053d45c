"""What the journal keeps of the rows of one identity check: their numbers, and one digest of the rest.

Which factor was wrong stands in the rows alone, for the log (B0.4); who reads the event learns that a check
was made and how it ended, and `journal verify` that the rows are still those.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bdesk.clock import to_iso
from bdesk.data.journal import fingerprint

COLUMNS = ("id", "customer_id", "case_id", "level", "factor", "result", "by", "at")
"""What a row of a check says; `voided` is told by an event of its own."""


def told(rows: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """The part of a `verification.checked` event about its rows, which are in the store."""
    ordered = sorted(rows, key=lambda one: int(str(one["id"])))
    return {"attempts": [one["id"] for one in ordered], "attempts_digest": digest(ordered)}


def digest(rows: Iterable[Mapping[str, object]]) -> str:
    """One digest of the rows, in the order of their numbers."""
    ordered = sorted(rows, key=lambda one: int(str(one["id"])))
    return fingerprint("\n".join("|".join(_plain(one[name]) for name in COLUMNS) for one in ordered))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return to_iso(value)
    return value.value if isinstance(value, StrEnum) else str(value)
