"""The right pane: the note being written, notes and timeline, evidence rows."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from bdesk.clock import LOCAL
from bdesk.i18n import _
from bdesk.operations.looking.case import CasePage
from bdesk.screens.case.evidence import EvidenceList, evidence_rows
from bdesk.speech import speak
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.panel import Heading, Panel
from bdesk.widgets.timeline import Entry, Timeline

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen


class SidePane(Vertical):
    """Note area above, evidence when there is some, notes and events below."""

    DEFAULT_CSS = """
    SidePane { background: $panel; padding: 1 0; }
    SidePane #note { margin: 0 1; }
    SidePane Timeline { height: 1fr; margin: 1 0 0 0; }
    SidePane EvidenceList { margin: 1 0 0 0; }
    """

    def compose(self) -> ComposeResult:
        yield Panel([Heading(_("Note"), "F5")], id="note-title")
        yield NoteArea(placeholder=_("Write while you listen; Enter keeps it"), id="note")
        yield EvidenceList(id="evidence")
        yield Timeline(title=_("Timeline"), id="timeline")

    def show_page(self, page: CasePage) -> None:
        """Show the notes, evidence and events of a page."""
        self.query_one("#evidence", EvidenceList).show(evidence_rows(page))
        self.query_one("#timeline", Timeline).show(timeline_entries(page))


def timeline_entries(page: CasePage) -> list[Entry]:
    """Notes and events, newest first: when, who, what."""
    today = page.standing.snapshot.now.astimezone(LOCAL).date()
    entries = []
    for item in page.timeline:
        local = item.at.astimezone(LOCAL)
        at = local.strftime("%H:%M") if local.date() == today else f"{local.month}/{local.day}"
        if item.voided or item.caused:
            continue
        text = item.text or speak(item.code, dict(item.params))
        entries.append(Entry(at, item.by, text, "text" if item.text else "soft"))
    return entries


def focus_note(screen: "DeskScreen") -> None:
    """F5: into the note, wherever it stands at this width."""
    shown = [area for area in screen.query(NoteArea) if area.region.width]
    if shown:
        shown[0].focus()
