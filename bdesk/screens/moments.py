"""Instants where there is little room (cards, panels, the header): local time, alike in both languages."""

from datetime import datetime, timedelta

from bdesk.clock import LOCAL


def clock_time(at: datetime) -> str:
    """The time of day: 09:05."""
    return at.astimezone(LOCAL).strftime("%H:%M")


def passed(at: datetime, now: datetime) -> str:
    """When something was done: the time of day, or the day where that is another: 09:05, 10/13."""
    same = at.astimezone(LOCAL).date() == now.astimezone(LOCAL).date()
    return clock_time(at) if same else day_only(at)


def running(seconds: int) -> str:
    """How long something lasts, in five cells: 03:18; from an hour on 1h12."""
    if seconds >= 3600:
        return f"{seconds // 3600}h{seconds % 3600 // 60:02d}"
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def day(at: datetime | None) -> str:
    """Month/day and time: 10/13 09:05. Nothing for no instant."""
    if at is None:
        return ""
    local = at.astimezone(LOCAL)
    return f"{local.month}/{local.day} {local:%H:%M}"


def due_short(due_at: datetime) -> str:
    """A due time; the end of a day is 24:00 (SLA.md, Shape)."""
    local = due_at.astimezone(LOCAL)
    if (local.hour, local.minute) == (0, 0):
        local -= timedelta(days=1)
        return f"{local.month}/{local.day} 24:00"
    return day(due_at)


def day_only(at: datetime) -> str:
    """The day alone: 10/13."""
    local = at.astimezone(LOCAL)
    return f"{local.month}/{local.day}"
