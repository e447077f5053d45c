"""Days as people write them: with dashes, strokes, dots, in Chinese, as eight digits; or without a year."""

import re
from datetime import date, timedelta
from typing import Literal

When = Literal["past", "future"]

AHEAD = timedelta(days=183)
"""Without a year a day lies ahead by so much at most: one that was yesterday does not mean next year's."""

_WHOLE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_LEAP = 8
"""Years between two 29ths of February, at most."""


def day_written(text: str, today: date | None = None, when: When | None = None) -> date | None:
    """The day that `text` names, None for what is none.

    A month and a day are the nearest such day: `when` says on which side of `today`, which counts for both;
    without it they are this year's. Without `today` the year has to be written.
    """
    if parts := _WHOLE.fullmatch(text):
        year, *rest = (int(part) for part in parts.groups() if part)
        return _day(year, rest[0], rest[1])
    parts = _SHORT.fullmatch(text)
    if parts is None or today is None:
        return None
    month, day = int(parts.group(1)), int(parts.group(2))
    if when is None:
        return _day(today.year, month, day)
    step = 1 if when == "future" else -1
    years = (today.year + step * far for far in range(_LEAP + 1))
    days = (found for year in years if (found := _day(year, month, day)) is not None)
    return next((found for found in days if (found - today).days * step >= 0), None)


def is_over(text: str, today: date) -> bool:
    """Whether a month and a day, as somebody wrote them of what is to come, are rather one that is over."""
    day = day_written(text, today, "future")
    return day is not None and _WHOLE.fullmatch(text) is None and day - today > AHEAD


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
