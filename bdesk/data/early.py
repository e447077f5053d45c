"""The first rows of somebody's queue by `sqlite3` alone, painted while SQLAlchemy is still being imported.

A second form of `queries.queue` for the first page of each section, nothing more: a test holds the two equal
for every kind of person and case. Whatever is not plain is left to the store (None).
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from bdesk.clock import Clock, SystemClock, TrainingClock
from bdesk.data.glance import file_of
from bdesk.data.migrations.revisions import HEAD
from bdesk.errors import DeskError
from bdesk.models.kinds import CaseKind, CaseState, Channel, Role
from bdesk.models.views.queue import COUNT_CAP, SEE_ALL, FirstRows, QueueRow, Section
from bdesk.rules.masking import mask_name
from bdesk.rules.tags import tags_of

PAGE = 64
"""Rows of a section, as the queue reads them first."""

PATIENCE_SECONDS = 0.1
"""A store that is busy is not waited for here: the queue itself comes a moment later."""

_PLACE = "open = 1 AND {owner} AND aside = {aside} AND stopped = {stopped}"
_WALK = "SELECT queue_at, id FROM work_case WHERE {place} ORDER BY queue_at, id LIMIT {limit}"
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM work_case WHERE {place} LIMIT {limit})"
_ROWS = """
SELECT c.*, customer.name AS customer, customer.vip AS vip, staff.number AS owner, staff_group.code AS team
FROM work_case AS c
LEFT JOIN customer ON customer.id = c.customer_id
LEFT JOIN staff ON staff.id = c.owner_id
LEFT JOIN staff_group ON staff_group.id = c.group_id
WHERE c.id IN ({marks})
"""
_PERSON = """
SELECT staff.*, staff_group.code FROM staff
LEFT JOIN staff_group ON staff_group.id = staff.group_id WHERE number = ? AND active = 1
"""
_GROUPS = "SELECT code, name_zh, name_en FROM staff_group"
_NAMES = "SELECT number, name FROM staff"


def first_rows(url: str, number: str, host: Clock | None = None) -> FirstRows | None:
    """What the queue of a person in a training store shows first; None where only opening it can tell."""
    path = file_of(url)
    if path is None or not os.path.isfile(path):
        return None
    try:
        uri = f"{Path(path).absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_SECONDS)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            return _read(connection, number, host or SystemClock())
    except (sqlite3.Error, LookupError, ValueError, TypeError, ArithmeticError, DeskError):
        # What a store of ours does not hold is left to the store, which says so in its place.
        return None


def _read(connection: sqlite3.Connection, number: str, host: Clock) -> FirstRows | None:
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    info = connection.execute("SELECT * FROM store_info").fetchone()
    person = connection.execute(_PERSON, (number,)).fetchone()
    if person is None or revision is None or revision[0] != HEAD or info is None or not info["training"]:
        return None
    places = _places(person)
    return FirstRows(
        sections=tuple(Section(code, _count(connection, ways)) for code, ways in places.items()),
        rows={code: _page(connection, ways) for code, ways in places.items()},
        now=_now(connection, info, host),
        number=person["number"],
        person=_word(person["name"]),
        language=_word(person["language"]),
        group=person["code"] or "",
        group_names={
            row["code"]: (row["name_zh"], row["name_en"]) for row in connection.execute(_GROUPS).fetchall()
        },
        staff_names={row["number"]: row["name"] for row in connection.execute(_NAMES).fetchall()},
    )


def _places(person: sqlite3.Row) -> dict[str, tuple[tuple[str, ...], ...]]:
    """By section the walks of the running cases and of the stopped ones."""
    own = f"owner_id = {int(person['id'])}"
    groups = [""]
    if Role(person["role"]) not in SEE_ALL:
        groups = [" AND group_id IS NULL"]
        if person["group_id"] is not None:
            groups.append(f" AND group_id = {int(person['group_id'])}")

    def ways(owner: str, aside: int, among: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(_PLACE.format(owner=owner, aside=aside, stopped=stopped) + group for group in among)
            for stopped in (0, 1)
        )

    return {
        "mine": ways(own, 0, [""]),
        "waiting": ways("owner_id IS NULL", 0, groups),
        "aside": ways(own, 1, [""]),
    }


def _count(connection: sqlite3.Connection, ways: Sequence[Sequence[str]]) -> int:
    total = 0
    for place in (place for each in ways for place in each):
        if total < COUNT_CAP:
            total += connection.execute(_COUNT.format(place=place, limit=COUNT_CAP - total)).fetchone()[0]
    return total


def _page(connection: sqlite3.Connection, ways: Sequence[Sequence[str]]) -> tuple[QueueRow, ...]:
    ids: list[int] = []
    for each in ways:
        left = PAGE - len(ids)
        walks = [
            connection.execute(_WALK.format(place=place, limit=left)).fetchall() if left else []
            for place in each
        ]
        ids += [row["id"] for row in islice(merge(*walks, key=tuple), left)]
    marks = ",".join("?" * len(ids))
    found = {row["id"]: row for row in connection.execute(_ROWS.format(marks=marks), ids)}
    flags: dict[int, list[str]] = {}
    for row in connection.execute(
        f"SELECT case_id, flag FROM case_flag WHERE case_id IN ({marks}) ORDER BY id",
        ids,
    ):
        flags.setdefault(row["case_id"], []).append(row["flag"])
    return tuple(_row(found[case_id], flags.get(case_id, [])) for case_id in ids)


def _row(row: sqlite3.Row, flags: list[str]) -> QueueRow:
    clock = row["queue_clock"]
    return QueueRow(
        case_id=row["id"],
        case_no=_word(row["case_no"]),
        kind=CaseKind(row["kind"]).value,
        priority=_count_of(row["priority"]),
        customer=mask_name(row["customer"] or ""),
        tags=tags_of(row, flags),
        summary=_word(row["subject"]),
        due_at=_instant(row["queue_at"]) if clock else None,
        due_from=_instant(row["queue_from"]),
        clock=_word(clock) if clock else clock,
        state=CaseState(row["state"]).value,
        due_from_at=_instant(row["warn_due_at"]),
        now_from_at=_instant(row["warn_now_at"]),
        stopped=bool(row["stopped"]),
        waiting_for=_word(row["waiting_for"]) if row["waiting_for"] else row["waiting_for"],
        aside=bool(row["aside"]),
        owner=row["owner"],
        group=row["team"],
        channel=Channel(row["channel"]).value,
        opened_at=_sure(row["opened_at"]),
        version=_count_of(row["version"]),
        provisional=bool(row["provisional"]),
        sorted_at=_instant(row["queue_at"]),
    )


def _now(connection: sqlite3.Connection, info: sqlite3.Row, host: Clock) -> datetime:
    """The training store's present, as `training_clock.read` has it."""
    seen = connection.execute("SELECT max(seen_at) FROM desk_presence").fetchone()[0]
    clock = TrainingClock(
        anchor=_sure(info["clock_anchor"] or info["made_at"]),
        base=_instant(info["clock_base"]) if seen is not None else None,
        rate=info["clock_rate"],
        last_seen=_instant(seen),
        host=host,
    )
    last = connection.execute("SELECT recorded_at FROM event ORDER BY id DESC LIMIT 1").fetchone()
    return clock.now() if last is None else max(clock.now(), _sure(last[0]))


def _word(value: Any) -> str:
    """SQLite keeps anything in any column. Raises TypeError for what the screen could not draw."""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _count_of(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(type(value).__name__)
    return value


def _instant(text: Any) -> datetime | None:
    return None if text is None else _sure(text)


def _sure(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
