"""How the queue lies on the screen: the same while it opens and when it is there, so that nothing jumps."""

from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from bdesk.i18n import _
from bdesk.models.views.queue import COUNT_CAP, QueueRow
from bdesk.screens.queue.figures import Lines
from bdesk.screens.queue.words import preview_rows, short_preview
from bdesk.widgets.panel import Panel
from bdesk.widgets.queue_columns import QueueWords
from bdesk.widgets.queue_list import QueueList

WIDE = 110
"""From so many cells on the selected case stands beside the list, below that in two lines under it."""


class QueueBody(Vertical):
    """The list, and the selected case beside or under it."""

    DEFAULT_CSS = """
    QueueBody { height: 1fr; }
    QueueBody #columns { height: 1fr; }
    QueueBody #preview { width: 38; height: 1fr; background: $panel; margin: 0 0 1 2; display: none; }
    QueueBody #short { height: auto; }
    QueueBody.-wide #preview { display: block; }
    QueueBody.-wide #short { display: none; }
    QueueBody.-wide #columns { margin: 1 0 0 0; }
    """

    def __init__(self, words: QueueWords, now: datetime) -> None:
        super().__init__(id="queue")
        self._words = words
        self._now = now

    def compose(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield QueueList(self._words, now=self._now, count_cap=COUNT_CAP, id="list")
            yield Panel(id="preview")
        yield Lines(ground="panel", id="short")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")

    @property
    def list(self) -> QueueList:
        return self.query_one("#list", QueueList)

    def show_case(self, row: QueueRow | None, now: datetime, clock: str = "", *, empty: bool = False) -> None:
        """Show the selected case; `clock` is its clock's short name, `empty` that the queue has none."""
        panel, short = self.query_one("#preview", Panel), self.query_one("#short", Lines)
        if row is None:
            said = _("Nothing waits. New cases come here by themselves; F5 takes a call.") if empty else ""
            short.show([([("    " + said, "soft")], [])] if said else [])
            panel.show([])
            return
        panel.show(preview_rows(row, now, self._words, clock))
        first, second = short_preview(row, now, self._words)
        short.show([(first, []), (second, [])])
