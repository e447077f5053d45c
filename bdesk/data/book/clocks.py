"""Clock kinds, the take-next order and calendars, read from the book; own files go before packaged ones.

Errors are BadBook, with file, line and column.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePath
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bdesk.data.book import files
from bdesk.data.book.calendar_text import freeze, version_of
from bdesk.data.book.working_days import FILE as DAYS_FILE
from bdesk.data.book.working_days import FOLDER, working_days
from bdesk.errors import BadInput
from bdesk.models.clock_kinds import Counting, Drives, OnClose, PauseReason, Unit
from bdesk.rules.clock import Calendar, ClockKind, Length, NextRule, Setting, SettingType, Words, WorkingDays
from bdesk.rules.clock.kind import (
    DAYS_DUE,
    DAYS_NOW,
    HOURS_DUE,
    HOURS_NOW,
    AfterDay,
    AfterElapsed,
    LastOpenTime,
    LeftAtMost,
    Threshold,
)

_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Some = Annotated[int, Field(ge=1, le=100_000)]
_Hours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_OVERRIDE = timedelta(days=366)


class _Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Words(_Raw):
    zh: _Text
    en: _Text

    def made(self) -> Words:
        return Words(self.zh, self.en)


class _Length(_Raw):
    counting: Counting
    length: _Some
    unit: Unit
    calendar: _Code | None = None

    @model_validator(mode="after")
    def _fits(self) -> "_Length":
        if self.counting.in_days is not (self.unit is Unit.DAYS):
            raise ValueError(f"{self.counting} are not counted in {self.unit}")
        return self

    def made(self, calendar: str) -> Length:
        return Length(self.counting, self.length, self.unit, self.calendar or calendar)


class _Setting(_Raw):
    name: _Code
    type: SettingType
    label: _Words
    choices: dict[str, _Length] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> "_Setting":
        if (self.type is SettingType.CHOICE) is not bool(self.choices):
            raise ValueError("a choice needs choices, and nothing else has them")
        return self


class _Left(_Raw):
    at_least_minutes: _Some
    percent: Annotated[int, Field(ge=0, le=100)]
    at_most_minutes: _Some


class _Threshold(_Raw):
    left: _Left | None = None
    after_day: _Some | None = None
    after_hours: _Some | None = None
    last_open_minutes: _Some | None = None

    @model_validator(mode="after")
    def _one(self) -> "_Threshold":
        if len(self.model_fields_set) != 1:
            raise ValueError("give one of left, after_day, after_hours, last_open_minutes")
        return self

    def made(self) -> Threshold:
        if self.left is not None:
            least, most = self.left.at_least_minutes, self.left.at_most_minutes
            return LeftAtMost(timedelta(minutes=least), self.left.percent, timedelta(minutes=most))
        if self.after_day is not None:
            return AfterDay(self.after_day)
        if self.after_hours is not None:
            return AfterElapsed(timedelta(hours=self.after_hours))
        return LastOpenTime(self.last_open_minutes or 0)


class _Clock(_Length):
    code: _Code
    short: _Words
    name: _Words
    explain: _Words
    drives: Drives
    hard: bool = False
    pauses: list[PauseReason] = Field(default_factory=list)
    pause_cap_days: _Some | None = None
    due: _Threshold | None = None
    now: _Threshold | None = None
    settings: list[_Setting] = Field(default_factory=list)
    on_close: OnClose | None = None
    human_only: bool = False
    rearm: bool = True
    extension: _Some | None = None
    source: _Text = "+"

    @model_validator(mode="after")
    def _pauses_end(self) -> "_Clock":
        if bool(self.pauses) is not (self.pause_cap_days is not None):
            raise ValueError("pauses and pause_cap_days go together: every pause has an end")
        if self.due is not None and self.due.after_day is not None and not self.counting.in_days:
            raise ValueError("after_day is for clocks counted in days")
        return self


class _Next(_Raw):
    code: _Code
    priority: _Some | None = None
    hard: bool | None = None
    past_due: bool = False
    within_minutes: _Some | None = None


class _Policy(_Raw):
    version: _Some
    clocks: Annotated[list[_Clock], Field(min_length=1)]
    take_next: Annotated[list[_Next], Field(min_length=1)]


class _Override(_Raw):
    from_: date = Field(alias="from")
    to: date
    hours: list[_Hours] | None = None
    note: _Text | None = None

    @model_validator(mode="after")
    def _fits(self) -> "_Override":
        if not timedelta(0) <= self.to - self.from_ <= _LONGEST_OVERRIDE:
            raise ValueError("from and to must be in order and at most a year apart")
        return self

    def dates(self) -> list[date]:
        return [self.from_ + timedelta(days=n) for n in range((self.to - self.from_).days + 1)]


class _Weekly(_Raw):
    monday: list[_Hours]
    tuesday: list[_Hours]
    wednesday: list[_Hours]
    thursday: list[_Hours]
    friday: list[_Hours]
    saturday: list[_Hours]
    sunday: list[_Hours]


class _Calendar(_Raw):
    calendar: _Code
    version: _Some
    zone: str
    name: _Words
    follows_working_days: bool
    weekly: _Weekly
    closed: list[_Override] = Field(default_factory=list)
    opened: list[_Override] = Field(default_factory=list)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("no such time zone; give an IANA name such as Asia/Shanghai") from None
        return value


@dataclass(frozen=True, slots=True)
class ClockBook:
    """All that clocks are counted by, with the texts that the store keeps for the cases pinned to it.

    `policy_text` and `calendar_texts` (by code) are what `parse_policy` and `calendar_text.thaw` read.
    """

    kinds: Mapping[str, ClockKind]
    calendars: Mapping[str, Calendar]
    take_next: tuple[NextRule, ...]
    policy_version: str
    calendar_version: str
    policy_text: str
    calendar_texts: Mapping[str, str]


def load_clocks() -> ClockBook:
    """Kinds, take-next order and calendars of the book, checked against each other."""
    calendars = load_calendars()
    found = next(each for each in files.sources("policies") if PurePath(each.name).name == "clocks.yaml")
    kinds, take_next, version = parse_policy(found, frozenset(calendars))
    texts = {code: freeze(calendar) for code, calendar in calendars.items()}
    until = max(calendar.published_until for calendar in calendars.values())
    return ClockBook(
        kinds=kinds,
        calendars=calendars,
        take_next=take_next,
        policy_version=version,
        calendar_version=version_of("\n".join(texts[code] for code in sorted(texts)), "all", until),
        policy_text=found.text,
        calendar_texts=MappingProxyType(texts),
    )


def parse_policy(
    found: files.Source, calendars: frozenset[str]
) -> tuple[Mapping[str, ClockKind], tuple[NextRule, ...], str]:
    """Kinds by code, the take-next order and the version of a clock policy."""
    policy = files.fit(found, _Policy, files.plain(found))
    version = f"{policy.version}-{hashlib.sha256(found.text.encode()).hexdigest()[:8]}"
    kinds: dict[str, ClockKind] = {}
    for index, raw in enumerate(policy.clocks):
        if raw.code in kinds:
            raise _fault(found, ("clocks", index, "code"), f"{raw.code} stands twice")
        try:
            kind = _kind(raw, version)
        except BadInput as error:
            why = f"{raw.code}: {error.params.get('why')}"
            raise _fault(found, ("clocks", index, "settings"), why) from None
        unknown = sorted(kind.calendars - calendars)
        if unknown:
            raise _fault(found, ("clocks", index, "calendar"), f"no calendar {unknown[0]}")
        kinds[raw.code] = kind
    order = tuple(_next_rule(raw) for raw in policy.take_next)
    return MappingProxyType(kinds), order, version


def _fault(found: files.Source, path: tuple[int | str, ...], reason: str) -> BadInput:
    line, column = files.position(found, path)
    return files.bad(found, line, column, reason)


def _kind(raw: _Clock, policy: str) -> ClockKind:
    days = raw.counting.in_days
    on_close = OnClose.KEEP if raw.drives is Drives.FACT else OnClose.CANCEL
    return ClockKind(
        code=raw.code,
        policy=policy,
        counting=raw.counting,
        length=raw.length,
        unit=raw.unit,
        calendar=raw.calendar or "hotline",
        drives=raw.drives,
        hard=raw.hard,
        short=raw.short.made(),
        name=raw.name.made(),
        explain=raw.explain.made(),
        pauses=frozenset(raw.pauses),
        pause_cap=None if raw.pause_cap_days is None else timedelta(days=raw.pause_cap_days),
        due_rule=raw.due.made() if raw.due is not None else (DAYS_DUE if days else HOURS_DUE),
        now_rule=raw.now.made() if raw.now is not None else (DAYS_NOW if days else HOURS_NOW),
        settings=tuple(_setting(each, raw.calendar or "hotline") for each in raw.settings),
        on_close=raw.on_close or on_close,
        human_only=raw.human_only,
        rearm=raw.rearm,
        extension=raw.extension,
        source=raw.source,
    )


def _setting(raw: _Setting, calendar: str) -> Setting:
    choices = {name: length.made(calendar) for name, length in raw.choices.items()}
    return Setting(raw.name, raw.type, raw.label.made(), MappingProxyType(choices))


def _next_rule(raw: _Next) -> NextRule:
    within = None if raw.within_minutes is None else timedelta(minutes=raw.within_minutes)
    return NextRule(raw.code, raw.priority, raw.hard, raw.past_due, within)


def load_calendars() -> Mapping[str, Calendar]:
    """The calendars of the book by code."""
    year = working_days()
    calendars: dict[str, Calendar] = {}
    for found in files.sources(FOLDER):
        if PurePath(found.name).name == DAYS_FILE:
            continue
        calendar = parse_calendar(found, year)
        calendars[calendar.code] = calendar
    return MappingProxyType(calendars)


def parse_calendar(found: files.Source, year: WorkingDays) -> Calendar:
    """One calendar from its file. Raises BadBook, for one that is never open too."""
    raw = files.fit(found, _Calendar, files.plain(found))
    weekly = tuple(_minutes(getattr(raw.weekly, name)) for name in _WEEK)
    whole_day = ["00:00-24:00"]
    closed = {when: _minutes(each.hours or whole_day) for each in raw.closed for when in each.dates()}
    opened = {when: _minutes(each.hours or whole_day) for each in raw.opened for when in each.dates()}
    notes = {when: each.note for each in (*raw.closed, *raw.opened) if each.note for when in each.dates()}
    try:
        calendar = Calendar(
            code=raw.calendar,
            version="",
            zone=raw.zone,
            weekly=weekly,
            working_days=year,
            follows_working_days=raw.follows_working_days,
            closed=closed,
            opened=opened,
            notes=notes,
        )
    except BadInput as error:
        never = error.code == "calendar.never_open"
        reason = "this calendar is never open" if never else "hours must be in order, apart, within the day"
        raise _fault(found, ("weekly",), reason) from None
    return _versioned(calendar, raw.version)


def _versioned(calendar: Calendar, number: int) -> Calendar:
    return replace(calendar, version=version_of(freeze(calendar), number, calendar.published_until))


def _minutes(hours: list[str]) -> tuple[tuple[int, int], ...]:
    return tuple((_minute(each[:5]), _minute(each[6:])) for each in hours)


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
