"""What a clock kind is: its length, its way of counting, what may stop it, when it warns.

Kinds are data (`bdesk/data/book/policies/clocks.yaml`); this is their checked, frozen form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bdesk.errors import BadInput
from bdesk.models.clock_kinds import Counting, Drives, OnClose, PauseReason, Unit

_SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3600}
_YEARS = range(1970, 9000)
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class LeftAtMost:
    """From when this is left: min(max(`at_least`, `percent` % of the length), `at_most`, `cap_percent` %)."""

    at_least: timedelta
    percent: int
    at_most: timedelta
    cap_percent: int = 100

    def lead(self, length: timedelta) -> timedelta:
        """The time left at which the threshold is reached, for a clock of this length."""
        wanted = max(self.at_least, length * self.percent / 100)
        return min(wanted, self.at_most, length * self.cap_percent / 100)


@dataclass(frozen=True, slots=True)
class OnLastDay:
    """From the beginning of the last day."""


@dataclass(frozen=True, slots=True)
class AfterDay:
    """From the end of so many counted days."""

    days: int


@dataclass(frozen=True, slots=True)
class LastOpenTime:
    """In the last open minutes of the last day."""

    minutes: int


@dataclass(frozen=True, slots=True)
class AfterElapsed:
    """From when the clock has run so long on the wall."""

    elapsed: timedelta


Threshold = LeftAtMost | OnLastDay | AfterDay | LastOpenTime | AfterElapsed

# UX, SLA states.
HOURS_DUE = LeftAtMost(timedelta(minutes=15), 25, timedelta(hours=2), 50)
HOURS_NOW = LeftAtMost(timedelta(minutes=5), 10, timedelta(minutes=30))
DAYS_DUE = OnLastDay()
DAYS_NOW = LastOpenTime(120)


class SettingType(StrEnum):
    CHOICE = "choice"
    DAYS = "days"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Length:
    """How much of what is counted on which calendar."""

    counting: Counting
    length: int
    unit: Unit
    calendar: str

    @property
    def amount(self) -> int:
        """Days for clocks counted in days, else seconds."""
        return self.length if self.counting.in_days else self.length * _SECONDS[self.unit]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a case may set about its clock: a choice of length, days, a date or an instant."""

    name: str
    type: SettingType
    words: Words
    choices: Mapping[str, Length] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A kind made specific for one case: a length to count, or a due time that was given."""

    length: Length
    day: date | None = None
    instant: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockKind:
    """One clock kind of one policy version (B0.6, SLA.md "Kinds").

    `calendar` names the calendar it is counted on, and whose open hours its warnings keep. `pauses`
    are the reasons that may stop it; every pause ends by `pause_cap` of paused time in all, so a kind
    with pauses must have one. `human_only`: only a person's answer fulfils it. `rearm`: a reopened
    case gets it again. `extension`: by how much one extension lengthens it, in its own unit.
    Raises BadInput("clock.bad_kind") for a kind that cannot be counted.
    """

    code: str
    policy: str
    counting: Counting
    length: int
    unit: Unit
    calendar: str
    drives: Drives
    hard: bool
    short: Words
    name: Words
    explain: Words
    pauses: frozenset[PauseReason] = frozenset()
    pause_cap: timedelta | None = None
    due_rule: Threshold = HOURS_DUE
    now_rule: Threshold = HOURS_NOW
    settings: tuple[Setting, ...] = ()
    on_close: OnClose = OnClose.CANCEL
    human_only: bool = False
    rearm: bool = True
    extension: int | None = None
    source: str = ""

    def __post_init__(self) -> None:
        lengths = [self.base, *(each for s in self.settings for each in s.choices.values())]
        for each in lengths:
            if each.length < 1 or each.counting.in_days is not (each.unit is Unit.DAYS):
                raise BadInput("clock.bad_kind", clock=self.code, why="length")
            if any(s.type is SettingType.DAYS for s in self.settings) and not each.counting.in_days:
                raise BadInput("clock.bad_kind", clock=self.code, why="days")
        if bool(self.pauses) is not (self.pause_cap is not None and self.pause_cap > timedelta(0)):
            raise BadInput("clock.bad_kind", clock=self.code, why="pause_cap")

    @property
    def base(self) -> Length:
        return Length(self.counting, self.length, self.unit, self.calendar)

    @property
    def calendars(self) -> frozenset[str]:
        """Every calendar it may be counted on."""
        chosen = (each.calendar for setting in self.settings for each in setting.choices.values())
        return frozenset((self.calendar, *chosen))


def target_of(kind: ClockKind, params: Mapping[str, object] | None = None) -> Target:
    """The kind with what the case sets about it. A date or an instant rules over a length.

    Raises BadInput: "clock.unknown_setting", "clock.bad_setting".
    """
    length = kind.base
    when: date | None = None
    instant: datetime | None = None
    known = {setting.name: setting for setting in kind.settings}
    for name, value in (params or {}).items():
        setting = known.get(name)
        if setting is None:
            raise BadInput("clock.unknown_setting", clock=kind.code, setting=name, allowed=tuple(known))
        if value is None:
            continue
        if setting.type is SettingType.CHOICE:
            length = _choice(kind, setting, str(value))
        elif setting.type is SettingType.DAYS:
            length = Length(length.counting, _days(kind, setting, value), Unit.DAYS, length.calendar)
        elif setting.type is SettingType.DATE:
            when = _date(kind, setting, value)
        else:
            instant = _instant(kind, setting, value)
    return Target(length, when, instant)


def _choice(kind: ClockKind, setting: Setting, value: str) -> Length:
    length = setting.choices.get(value)
    if length is None:
        raise _bad(kind, setting, value, tuple(setting.choices))
    return length


def _days(kind: ClockKind, setting: Setting, value: object) -> int:
    text = str(value)
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 0 < days <= _MOST_DAYS:
        raise _bad(kind, setting, value, ("1", "2", ".."))
    return days


def _date(kind: ClockKind, setting: Setting, value: object) -> date:
    try:
        when = date.fromisoformat(str(value))
    except ValueError:
        raise _bad(kind, setting, value, ("2026-10-13",)) from None
    if when.year not in _YEARS:
        raise _bad(kind, setting, value, ("2026-10-13",))
    return when


def _instant(kind: ClockKind, setting: Setting, value: object) -> datetime:
    instant = reasonable(value)
    if instant is None:
        raise _bad(kind, setting, value, ("2026-10-13T18:00+08:00",))
    return instant


def _bad(kind: ClockKind, setting: Setting, value: object, allowed: tuple[str, ...]) -> BadInput:
    text = str(value)
    return BadInput("clock.bad_setting", clock=kind.code, setting=setting.name, value=text, allowed=allowed)


def reasonable(value: object) -> datetime | None:
    """An aware instant of the years 1970 to 8999 in UTC, from a datetime or ISO 8601; else None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.tzinfo is None or value.year not in _YEARS:
        return None
    return value.astimezone(UTC)
