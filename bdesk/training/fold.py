"""From composed events to numbered ones, clocks, and the places of cases in the queue, all by the rules."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from bdesk.clock import to_iso
from bdesk.data.bulk import NewEvent
from bdesk.data.journal import canonical_json
from bdesk.data.refold import clock_values, columns_of
from bdesk.models.clock_kinds import Drives
from bdesk.models.kinds import Stream
from bdesk.models.tables import Case, ClockRow
from bdesk.models.views.journal import Event
from bdesk.rules.clock.calendar import Calendar
from bdesk.rules.clock.folding import fold
from bdesk.rules.clock.kind import ClockKind
from bdesk.rules.clock.reading import Reading
from bdesk.rules.walk.model import ClockMove
from bdesk.training.ledger import SYSTEM, Ledger, Said
from bdesk.training.rows import Row
from bdesk.training.world import World

SWEPT_AFTER = timedelta(seconds=20)
"""How long after a due time passed some desk's sweep wrote the breach down."""


class Folder:
    """Folds the cases of a world with the kinds and calendars they are pinned to."""

    def __init__(
        self, world: World, ledger: Ledger, kinds: Mapping[str, ClockKind], calendars: Mapping[str, Calendar]
    ) -> None:
        self.world = world
        self.ledger = ledger
        self.kinds = kinds
        self.calendars = calendars
        self.readings: dict[int, tuple[Reading, ...]] = {}

    def run(self, first: int) -> list[NewEvent]:
        """Number the events from `first`, record breaches as a sweep would have, fold, fill the rows."""
        self._fold_all(self.ledger.number(first))
        breached = self._record_breaches()
        events = self.ledger.number(first)
        self._fold_all(events)
        self._fill(breached)
        return [_new(said) for said in events]

    def _fold_all(self, events: list[Said]) -> None:
        by_case: dict[str, list[Event]] = {}
        for said in events:
            if said.stream is Stream.CASE:
                by_case.setdefault(said.stream_id, []).append(
                    _view(said, len(by_case.get(said.stream_id, ())) + 1)
                )
        for row in self.world.rows.of(Case):
            told = by_case.get(str(row["id"]), [])
            self.readings[row["id"]] = fold(told, self.kinds, self.calendars, self._until(row))

    def _until(self, row: Row) -> datetime:
        """A case that is worked afterwards stands as it was opened."""
        worked = row["id"] in self.world.walked
        until: datetime = row["opened_at"] if worked else self.world.now
        return until

    def _record_breaches(self) -> dict[tuple[int, str, int, int], Said]:
        found: dict[tuple[int, str, int, int], Said] = {}
        for row in self.world.rows.of(Case):
            for one in self.readings[row["id"]]:
                if one.breached_at is None or one.drives is not Drives.DESK:
                    continue
                payload: dict[str, object] = {
                    "clock": one.kind,
                    "cycle": one.cycle,
                    "number": one.number,
                    "at": to_iso(one.breached_at),
                }
                at = min(one.breached_at + SWEPT_AFTER, self.world.now)
                found[row["id"], one.kind, one.cycle, one.number] = self.ledger.say(
                    Stream.CASE, str(row["id"]), SYSTEM, "clock.breached", payload, at, one.breached_at
                )
        return found

    def _fill(self, breached: Mapping[tuple[int, str, int, int], Said]) -> None:
        for row in self.world.rows.of(Case):
            readings = self.readings[row["id"]]
            row.update(asdict(columns_of(readings, row["opened_at"])))
            row["folded_at"] = self._until(row)
            for one in readings:
                said = breached.get((row["id"], one.kind, one.cycle, one.number))
                values = dict(clock_values(one)) | {"breach_event_id": said.id if said else None}
                self.world.rows.add(ClockRow, case_id=row["id"], **values)


def chip_of(
    clocks: tuple[ClockMove, ...],
    received: datetime,
    now: datetime,
    kinds: Mapping[str, ClockKind],
    calendars: Mapping[str, Calendar],
) -> str:
    """What the chip of a case would read at `now` if these clocks had run since `received`."""
    told = [
        Event(
            number,
            Stream.CASE,
            "0",
            number,
            SYSTEM,
            received,
            received,
            "clock.attached",
            {"clock": move.kind, "start_at": to_iso(received), "params": move.literals},
        )
        for number, move in enumerate(clocks, start=1)
    ]
    found = fold(told, kinds, calendars, now)
    lead = min(found, key=lambda one: one.due_at, default=None)
    return "fine" if lead is None else lead.state(now).value


def _view(said: Said, sequence: int) -> Event:
    return Event(
        id=said.id,
        stream=said.stream,
        stream_id=said.stream_id,
        sequence=sequence,
        actor=said.actor,
        kind=said.kind,
        occurred_at=said.occurred_at,
        recorded_at=said.recorded_at,
        payload=json.loads(canonical_json(said.payload)),
    )


def _new(said: Said) -> NewEvent:
    return NewEvent(
        id=said.id,
        stream=said.stream,
        stream_id=said.stream_id,
        actor=said.actor,
        occurred_at=said.occurred_at,
        recorded_at=said.recorded_at,
        kind=said.kind,
        payload=canonical_json(said.payload),
    )
