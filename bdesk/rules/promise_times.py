"""By when something is promised: the few times that an agent offers by a digit, and one that is typed.

Pure; local times of Asia/Shanghai.
"""

import re
from datetime import datetime, timedelta

from bdesk.clock import LOCAL
from bdesk.rules.walk.days import AHEAD

_TYPED = re.compile(r"^\s*(\d{1,2})[-/.月](\d{1,2})日?\s+(\d{1,2})[:：](\d{2})\s*(.*)$", re.DOTALL)


def offers(now: datetime) -> dict[str, datetime | None]:
    """The times by code; None where today's has passed."""
    local = now.astimezone(LOCAL)

    def at(days: int, hour: int) -> datetime:
        return (local + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)

    today = at(0, 18)
    return {
        "two_hours": now + timedelta(hours=2),
        "today": today if today > local else None,
        "tomorrow_noon": at(1, 12),
        "tomorrow": at(1, 18),
        "three_days": at(3, 18),
    }


def typed(text: str, now: datetime) -> tuple[datetime, str] | None:
    """A time and the words behind it, from "11-25 15:00 what is promised"; the next such day from now on.
    None when it begins with no time. One that is over and comes again in more than half a year is meant as
    the one that is over: nobody promises a year ahead."""
    found = _TYPED.match(text)
    if found is None:
        return None
    month, day, hour, minute = (int(part) for part in found.groups()[:4])
    year = now.astimezone(LOCAL).year
    try:
        when = datetime(year, month, day, hour, minute, tzinfo=LOCAL)
        again = when if when > now else when.replace(year=year + 1)
    except ValueError:
        return None
    return again if again - now <= AHEAD else when, found.group(5).strip()
