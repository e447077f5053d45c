"""Short times for chips, and instants in words (UX, SLA states). Pure: the language is an argument."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bdesk.clock import LOCAL
from bdesk.rules.clock.reading import Reading
from bdesk.rules.short_times import late_time, short_time, span

__all__ = ["amount", "late_time", "moment", "short_time", "span", "text_of"]

_DAY = timedelta(days=1)


def text_of(reading: Reading, now: datetime, lang: str, zone: ZoneInfo = LOCAL) -> str:
    """The short time of a clock: lateness stands still while paused, and after the clock ended."""
    left = reading.remaining(now)
    if left < timedelta(0):
        return late_time(-left, lang)
    if reading.paused is not None or not reading.live:
        return span(left, lang)
    return short_time(reading.due_at, now, lang, zone)


def moment(instant: datetime, now: datetime, lang: str, zone: ZoneInfo = LOCAL, *, end: bool = False) -> str:
    """An instant as a person says it: "10月13日 24:00", in English as on chips "10/13 24:00"; with the
    year when it is another.

    With `end` a midnight belongs to the day it ends (SLA.md, Shape).
    """
    local = instant.astimezone(zone)
    clock = local.strftime("%H:%M")
    if end and (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        local, clock = local - _DAY, "24:00"
    return f"{day_words(local, now.astimezone(zone).year, lang)} {clock}"


def day_words(day: datetime, year: int, lang: str) -> str:
    """A date in words, without the year when it is `year`."""
    if lang == "zh":
        text = f"{day.month}月{day.day}日"
        return text if day.year == year else f"{day.year}年{text}"
    text = f"{day.month}/{day.day}"
    return text if day.year == year else f"{day.year}/{text}"


def amount(counted: int, in_days: bool, lang: str) -> str:
    """A counted length in words: "5 天", "23 小时 30 分", "5 days", "23 h 30 min"."""
    if in_days:
        if lang == "zh":
            return f"{counted} 天"
        return f"{counted} day" if counted == 1 else f"{counted} days"
    hours, rest = divmod(counted, 3600)
    minutes, seconds = divmod(rest, 60)
    units = ("小时", "分", "秒") if lang == "zh" else ("h", "min", "s")
    parts = [f"{value} {unit}" for value, unit in zip((hours, minutes, seconds), units, strict=True) if value]
    return " ".join(parts) or f"0 {units[1]}"
