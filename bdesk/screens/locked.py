"""The locked desk: somebody was disabled or signed out while theirs was open.

Nothing of a customer shows on it.
"""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.speech import speak_error
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.panel import Heading, Panel, Words
from bdesk.widgets.strips import StatusLine, StatusValues


class LockedScreen(Screen[Any]):
    """One line; Ctrl+Q leaves, as everywhere. It stands over what was open, whose drafts are on disk."""

    shut = True
    AUTO_FOCUS = None
    DEFAULT_CSS = """
    LockedScreen { background: $background; }
    LockedScreen > #body { height: 1fr; padding: 1 2; }
    LockedScreen Panel { height: auto; }
    LockedScreen #status { dock: bottom; }
    """

    def __init__(self, why: DeskError, *, training: bool) -> None:
        super().__init__()
        self._why = why
        self._training = training

    def compose(self) -> ComposeResult:
        yield Header(HeaderValues(title=_("Locked"), training=self._training), id="header")
        with Vertical(id="body"):
            yield Panel([Heading(_("Locked")), Words(((speak_error(self._why), "warn"),))], edge=0)
        yield StatusLine(StatusValues(hints=(("Ctrl+Q", _("leave")),)), id="status")
