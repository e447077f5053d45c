"""A calendar as one text, working-day table and all, and back: what the store keeps for pinned cases.

The text alone must give the same due times after any upgrade of the packages that made it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bdesk.errors import BadInput
from bdesk.rules.clock import Calendar, Day, WorkingDays


def freeze(calendar: Calendar) -> str:
    """Canonical JSON: the same calendar always gives the same text. Its version is not in it."""
    year = calendar.working_days
    plain = {
        "code": calendar.code,
        "zone": calendar.zone,
        "weekly": calendar.weekly,
        "follows_working_days": calendar.follows_working_days,
        "closed": _dated(calendar.closed),
        "opened": _dated(calendar.opened),
        "notes": _dated(calendar.notes),
        "since": year.since.isoformat(),
        "until": year.until.isoformat(),
        "table": {when.isoformat(): [day.working, day.name] for when, day in year.table.items()},
        "extra": {when.isoformat(): [day.working, day.name] for when, day in year.extra.items()},
        "fixed": {f"{month:02d}-{day:02d}": name for (month, day), name in year.fixed.items()},
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def version_of(text: str, number: int | str, until: date) -> str:
    """A calendar's version: its file's number, the last published year, and a digest of all it says."""
    return f"{number}-{until.year}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def thaw(text: str, version: str) -> Calendar:
    """The calendar that `freeze` made the text from. Raises BadInput("calendar.bad_text")."""
    try:
        plain: dict[str, Any] = json.loads(text)
        year = WorkingDays(
            since=date.fromisoformat(plain["since"]),
            until=date.fromisoformat(plain["until"]),
            table=_days(plain["table"]),
            extra=_days(plain["extra"]),
            fixed={(int(key[:2]), int(key[3:])): str(name) for key, name in plain["fixed"].items()},
        )
        return Calendar(
            code=str(plain["code"]),
            version=version,
            zone=str(plain["zone"]),
            weekly=tuple(_hours(each) for each in plain["weekly"]),
            working_days=year,
            follows_working_days=bool(plain["follows_working_days"]),
            closed={date.fromisoformat(key): _hours(each) for key, each in plain["closed"].items()},
            opened={date.fromisoformat(key): _hours(each) for key, each in plain["opened"].items()},
            notes={date.fromisoformat(key): str(note) for key, note in plain["notes"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise BadInput("calendar.bad_text", version=version) from None


def _dated(values: Mapping[date, object]) -> dict[str, object]:
    return {when.isoformat(): value for when, value in values.items()}


def _days(plain: Mapping[str, tuple[bool, str | None]]) -> dict[date, Day]:
    return {date.fromisoformat(key): Day(working, name) for key, (working, name) in plain.items()}


def _hours(plain: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), int(end)) for start, end in plain)
