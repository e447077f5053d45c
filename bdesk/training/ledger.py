"""Events on their way into the journal, and cases as they come about by them.

The vocabulary is that of the operations (`operations.change.Act`): the first event of a transaction is
the act, later ones carry its number as `cause`, and what an event changed on the case stands under
`before`. Numbers are given at the end, in the order in which things were recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bdesk.clock import to_iso
from bdesk.data.journal import SET_COLUMNS, SET_TO, STANDS, salted_digest, stands
from bdesk.models.kinds import CaseState, Stream
from bdesk.models.tables import CaseText
from bdesk.operations.change import to_json
from bdesk.rules.cases import may_move
from bdesk.text import clean
from bdesk.training.draw import Draw
from bdesk.training.rows import Row
from bdesk.training.world import Deal, World

SYSTEM = "system"
"""The actor of what came in by itself: a form, an e-mail."""


@dataclass(slots=True)
class Said:
    """One event before it has its number and its place in the chain."""

    stream: Stream
    stream_id: str
    actor: str
    kind: str
    payload: dict[str, object]
    occurred_at: datetime
    recorded_at: datetime
    place: int
    cause: "Said | None" = None
    id: int = 0


@dataclass(slots=True)
class Ledger:
    """All events of the world, and the rows that wait for an event's number."""

    said: list[Said] = field(default_factory=list)
    _links: list[tuple[Row, str, Said]] = field(default_factory=list)
    _later: list[tuple[dict[str, object], str, Row, str]] = field(default_factory=list)

    def say(
        self,
        stream: Stream,
        stream_id: str,
        actor: str,
        kind: str,
        payload: Mapping[str, object],
        recorded_at: datetime,
        occurred_at: datetime | None = None,
        cause: Said | None = None,
    ) -> Said:
        said = Said(
            stream,
            stream_id,
            actor,
            kind,
            dict(payload),
            occurred_at or recorded_at,
            recorded_at,
            len(self.said),
            cause,
        )
        self.said.append(said)
        return said

    def link(self, row: Row, column: str, said: Said) -> None:
        """Let `row[column]` become the number of an event."""
        self._links.append((row, column, said))

    def later(self, payload: dict[str, object], name: str, row: Row, column: str) -> None:
        """Let a payload carry what a row's column will hold in the end."""
        self._later.append((payload, name, row, column))

    def number(self, first: int) -> list[Said]:
        """Give every event its number from `first` on, fill in causes and links; events in order."""
        ordered = sorted(self.said, key=lambda said: (said.recorded_at, said.place))
        for number, said in enumerate(ordered, start=first):
            said.id = number
        for said in ordered:
            if said.cause is not None:
                said.payload["cause"] = said.cause.id
        for row, column, said in self._links:
            row[column] = said.id
        for payload, name, source, column in self._later:
            payload[name] = source[column]
        return ordered


class Work:
    """One case in the making. Time only goes forward, and never past the world's `now`."""

    def __init__(self, world: World, ledger: Ledger, draw: Draw, row: Row, deal: Deal | None) -> None:
        self.world = world
        self.ledger = ledger
        self.draw = draw
        self.row = row
        self.deal = deal
        self.said: list[Said] = []
        self.at = row["opened_at"]
        self.actor = SYSTEM
        self.pieces = 0
        self._first: Said | None = None

    @property
    def customer(self) -> Row | None:
        number = self.row["customer_id"]
        return None if number is None else self.world.customer(number)

    def act(self, at: datetime, actor: str) -> None:
        """What follows is one transaction of `actor`, at `at` or as soon after what was before it."""
        self.at = min(max(at, self.at), self.world.now)
        self.actor = actor
        self._first = None

    def add(
        self,
        kind: str,
        payload: Mapping[str, object] | None = None,
        *,
        occurred_at: datetime | None = None,
        **columns: object,
    ) -> Said:
        """One event on the case's stream, changing `columns` of the case with it.

        Raises ValueError for a state that no operation could bring about (B0.2).
        """
        was, state = self.row["state"], columns.get("state", self.row["state"])
        if state is not was and not (isinstance(state, CaseState) and may_move(was, state)):
            raise ValueError(f"no case goes from {was} to {state}")
        body: dict[str, object] = dict(payload or {})
        before = {name: to_json(self.row[name]) for name, value in columns.items() if self.row[name] != value}
        self.row.update(columns)
        if before:
            body["before"] = before
            if after := {name: to_json(columns[name]) for name in SET_COLUMNS if name in before}:
                body[SET_TO] = after
        row = self.row
        body[STANDS] = stands(row["state"], row["owner_id"], row["verified_level"], row["cycle"])
        said = self.ledger.say(
            Stream.CASE, str(self.row["id"]), self.actor, kind, body, self.at, occurred_at, self._first
        )
        if self._first is None:
            self._first = said
        self.said.append(said)
        return said

    def text(self, kind: str, body: str, by: str | None = None) -> tuple[Row, dict[str, object]]:
        """Words that can be erased, and what a payload says of them."""
        salt, cleaned = self.draw.hex(32), clean(body, multiline=True)
        digest = salted_digest(salt, cleaned)
        row = self.world.rows.add(
            CaseText,
            case_id=self.row["id"],
            kind=kind,
            body=cleaned,
            salt=salt,
            digest=digest,
            by=by or self.actor,
            at=self.at,
        )
        return row, {"text": row["id"], "digest": digest}

    def iso(self, at: datetime | None = None) -> str:
        return to_iso(at or self.at)
