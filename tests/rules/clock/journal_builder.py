"""Journals for clock tests: events by local time, and the packaged kinds and calendars."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from unittest import mock
from zoneinfo import ZoneInfo

from bdesk.data.book.clocks import ClockBook, load_clocks
from bdesk.models.views.journal import Event
from bdesk.rules.clock import Reading, fold

SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def book() -> ClockBook:
    """The packaged book, without anybody's own files."""
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, BDESK_HOME=home):
        return load_clocks()


def at(text: str) -> datetime:
    """ "09-30 16:30" of 2026, or "2027-01-04 10:00", in Shanghai; 24:00 is the next midnight."""
    day, clock = text.split(" ")
    full = day if len(day) > 5 else f"2026-{day}"
    later = timedelta(days=1) if clock.startswith("24:") else timedelta(0)
    local = datetime.fromisoformat(f"{full}T{clock.replace('24:', '00:')}")
    return (local.replace(tzinfo=SHANGHAI) + later).astimezone(UTC)


def iso(text: str) -> str:
    return at(text).isoformat()


@dataclass
class Journal:
    """Events of one case, in the order in which they were recorded."""

    events: list[Event] = field(default_factory=list)

    def add(
        self,
        kind: str,
        when: str | datetime,
        payload: Mapping[str, object] | None = None,
        *,
        recorded: str | datetime | None = None,
        actor: str = "1001",
    ) -> int:
        """Append an event; its id."""
        occurred_at = at(when) if isinstance(when, str) else when
        recorded_at = at(recorded) if isinstance(recorded, str) else recorded or occurred_at
        number = len(self.events) + 1
        event = Event(
            id=number,
            stream="case",
            stream_id=1,
            sequence=number,
            actor=actor,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
            kind=kind,
            payload=dict(payload or {}),
        )
        self.events.append(event)
        return number

    def attach(self, clock: str, start: str, *, recorded: str | None = None, **more: object) -> int:
        payload: dict[str, object] = {"clock": clock, "start_at": iso(start), "policy": "1", "calendar": "1"}
        return self.add("clock.attached", recorded or start, {**payload, **more})

    def replace(self, old: Reading, by: str, when: str, *, policy: str = "1", **more: object) -> None:
        """Priority, kind or policy changed: a new clock with the original start in the old one's place."""
        begun = {"clock": by, "start_at": old.start_at.isoformat(), "cycle": old.cycle, "policy": policy}
        self.add("clock.attached", when, {**begun, "calendar": "1", "params": dict(old.params), **more})
        gone = {"clock": old.kind, "cycle": old.cycle, "number": old.number, "by": by}
        self.add("clock.superseded", when, gone)

    def pause(
        self,
        when: str,
        reason: str = "customer_material",
        *,
        resume: str | None = None,
        clocks: Iterable[str] | None = None,
        recorded: str | None = None,
    ) -> int:
        payload: dict[str, object] = {"reason": reason, "who": "客户"}
        if resume is not None:
            payload["resume_at"] = iso(resume)
        if clocks is not None:
            payload["clocks"] = list(clocks)
        return self.add("clock.paused", when, payload, recorded=recorded)

    def resume(self, when: str, reason: str = "agent", *, recorded: str | None = None) -> int:
        return self.add("clock.resumed", when, {"reason": reason}, recorded=recorded)

    def fulfil(self, when: str, clock: str, *, recorded: str | None = None, **more: object) -> int:
        return self.add("clock.fulfilled", when, {"clock": clock, **more}, recorded=recorded)

    def read(self, now: str | datetime) -> tuple[Reading, ...]:
        return fold(self.events, book().kinds, book().calendars, at(now) if isinstance(now, str) else now)

    def one(self, now: str | datetime) -> Reading:
        (reading,) = self.read(now)
        return reading
