"""The Chinese working year: the published years of chinesecalendar, and the override files over it."""

from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from bdesk import paths
from bdesk.data.book import files
from bdesk.rules.clock import Day, WorkingDays

FOLDER = "calendars"
FILE = "working_days.yaml"

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class _Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Fixed(_Raw):
    day: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")]
    name: _Name

    @field_validator("day")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        date.fromisoformat(f"2024-{value}")
        return value

    @property
    def key(self) -> tuple[int, int]:
        month, day = self.day.split("-")
        return int(month), int(day)


class _OneDay(_Raw):
    date: date
    working: bool
    note: _Name | None = None


class _Year(_Raw):
    fixed: list[_Fixed] = Field(default_factory=list)
    days: list[_OneDay] = Field(default_factory=list)
    published_until: date | None = None


@cache
def _published() -> tuple[date, date, MappingProxyType[date, Day]]:
    """First and last published date, and every date that differs from Monday to Friday."""
    from chinese_calendar.constants import holidays, workdays

    table: dict[date, Day] = {}
    for working, dates in ((False, holidays), (True, workdays)):
        for when, name in dates.items():
            # Makes the table the same whatever the package's own order is.
            table[when] = Day(working, _code(name))
    years = [when.year for when in holidays]
    ordered = MappingProxyType({when: table[when] for when in sorted(table)})
    return date(min(years), 1, 1), date(max(years), 12, 31), ordered


def _code(name: object) -> str:
    words = str(getattr(name, "value", name)).lower().replace("'s", "").replace("-", " ").split()
    return {"new year day": "new_year"}.get(" ".join(words), "_".join(words))


def working_days() -> WorkingDays:
    """The working year with the packaged and the person's own override file, the own one ruling.

    Raises BadBook with file, line and column; BadInput("book.unreadable").
    """
    since, until, table = _published()
    packaged = resources.files("bdesk").joinpath("data", "book", FOLDER, FILE)
    sources = [files.Source(f"{FOLDER}/{FILE}", packaged.read_text("utf-8"))]
    own = paths.book_dir() / FOLDER / FILE
    if own.is_file():
        sources.append(files.read(own))
    extra: dict[date, Day] = {}
    fixed: dict[tuple[int, int], str] = {}
    for found in sources:
        year = files.fit(found, _Year, files.plain(found))
        fixed.update({each.key: each.name for each in year.fixed})
        extra.update(_days(found, year))
        until = max(until, year.published_until or until)
    return WorkingDays(since, until, table, extra, fixed)


def _days(found: files.Source, year: _Year) -> dict[date, Day]:
    days: dict[date, Day] = {}
    for index, each in enumerate(year.days):
        if each.date in days:
            line, column = files.position(found, ("days", index, "date"))
            raise files.bad(found, line, column, f"{each.date} stands twice")
        days[each.date] = Day(each.working, each.note)
    return days
