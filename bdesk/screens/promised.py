"""F10 8: what I promised for today. Digits open the case; a promise is marked as done there (F6 6)."""

from collections.abc import Sequence
from datetime import datetime

from bdesk.i18n import _
from bdesk.models.labels import label
from bdesk.operations.looking.promises import PromisedRow, for_today
from bdesk.screens import navigation
from bdesk.screens.case import menus
from bdesk.screens.hit_list import HitListScreen, fitted
from bdesk.screens.lookup.words import short_no
from bdesk.screens.place import Place
from bdesk.screens.queue.figures import Lines
from bdesk.screens.queue.words import whom
from bdesk.widgets.chip import make_chip
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.strips import StatusValues


class PromisedScreen(HitListScreen):
    """The earliest stands first, what is late on top."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.rows: tuple[PromisedRow, ...] | None = None

    def heading(self) -> str:
        return _("Promised today")

    def extra(self) -> str:
        return "" if self.rows is None else str(len(self.rows))

    def status(self) -> StatusValues:
        says = _("Reading what was promised") if self.rows is None else ""
        return StatusValues(hints=(("1-9", _("open it")), ("Esc", _("back"))), says=says)

    async def reload(self) -> None:
        self.rows = await self.place.desk.read(for_today)
        shown = fitted(_hits(self.rows[: self.room], self.place.now()), self.size.width)
        self.hits.show(shown, empty=_("Nothing more is promised for today"))
        done = _("done: {key} in the case", key=menus.PARK.keys("kept"))
        more = len(self.rows) - len(shown)
        words = f"{_('{count} more are due later', count=more)}   {done}" if more else done
        self.query_one("#below", Lines).show([([("   ", "text"), (words if shown else "", "dim")], [])])

    def on_hits_picked(self, message: Hits.Picked) -> None:
        navigation.open_case(self, int(message.hit.key))


def _hits(rows: Sequence[PromisedRow], now: datetime) -> list[Hit]:
    found = []
    for row in rows:
        chip = make_chip(
            now,
            row.due_at,
            row.due_from_at,
            row.now_from_at,
            stopped=row.stopped,
            whom=whom(row.waiting_for) if row.waiting_for else "",
        )
        columns = (
            row.words or _("erased"),
            row.customer,
            label(row.case_kind),
            short_no(row.case_no),
        )
        by = _("call back") if row.kind == "call_back" else ""
        found.append(Hit("case", str(row.case_id), columns, by, chip))
    return found
