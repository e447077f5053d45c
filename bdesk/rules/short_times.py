"""What is left of a clock, or by how much it is late, in at most five cells (UX, SLA states).

Apart from the clocks themselves: a chip needs no more than this, and the first frame is painted with it.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bdesk.clock import LOCAL

_WEEK = timedelta(days=7)
_TICK = timedelta(microseconds=1)


def short_time(due_at: datetime, now: datetime, lang: str, zone: ZoneInfo = LOCAL) -> str:
    """What is left until `due_at`, or by how much it is past, in at most five cells.

    Left: `03:55` under ten minutes, `42分`, `1h12`, `3天` from a day on, `10/13` from a week on: the day
    at whose end, or in which, it is due. Past: `+2分`, `+2h14`, `+12h`, `+3天`. English has m and d.
    """
    if now > due_at:
        return late_time(now - due_at, lang)
    if due_at - now >= _WEEK:
        day = (due_at - _TICK).astimezone(zone)
        return f"{day.month}/{day.day}"
    return span(due_at - now, lang)


def span(left: timedelta, lang: str) -> str:
    """A stretch of time, in at most five cells: `03:55`, `42分`, `1h12`, `3天`."""
    seconds = max(left // timedelta(seconds=1), 0)
    if seconds < 600:
        return f"{seconds // 60:02d}:{seconds % 60:02d}"
    return _coarse(seconds // 60, lang)


def late_time(late: timedelta, lang: str) -> str:
    """By how much something is past, in at most five cells while that is under a hundred days."""
    minutes = max(late // timedelta(minutes=1), 0)
    if 10 * 60 <= minutes < 24 * 60:
        return f"+{minutes // 60}h"
    return f"+{_coarse(minutes, lang)}"


def _coarse(minutes: int, lang: str) -> str:
    if minutes < 60:
        return f"{minutes}{'分' if lang == 'zh' else 'm'}"
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02d}"
    return f"{minutes // (24 * 60)}{'天' if lang == 'zh' else 'd'}"
