"""The first frame: the queue's header and footer, at once, while the store is being opened."""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from bdesk import keys
from bdesk.i18n import _
from bdesk.widgets.footer import Footer, FooterKey
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.strips import StatusLine, StatusValues


class StartingScreen(Screen[Any]):
    """It takes no keys; the app holds them until the queue is there."""

    AUTO_FOCUS = None
    DEFAULT_CSS = """
    StartingScreen { background: $background; }
    StartingScreen > #body { height: 1fr; }
    """

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Queue")), id="header")
        yield Vertical(id="body")
        yield StatusLine(id="status")
        yield Footer(id="footer")

    def on_mount(self) -> None:
        self.query_one("#status", StatusLine).show(StatusValues(says=_("Opening the store")))
        slots = keys.footer(keys.Context.QUEUE)
        self.query_one("#footer", Footer).show([FooterKey(slot.shown, _(slot.short)) for slot in slots])
