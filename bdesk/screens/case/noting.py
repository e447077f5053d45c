"""The note of the case on the screen: one text in whichever of two areas the width shows, never lost."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal

from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.operations import notes
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.panel import Panel, Words

if TYPE_CHECKING:
    from bdesk.screens.case.view import CaseView


class NoteLine(Horizontal):
    """The note where there is no pane for it: one line under the customer, growing as it is written."""

    DEFAULT_CSS = """
    NoteLine { height: auto; background: $panel; }
    NoteLine Panel { width: 10; height: 1; }
    """

    def compose(self) -> ComposeResult:
        yield Panel([Words(((_("Note"), "dim"), (" F5", "dim")))], edge=1)
        yield NoteArea(placeholder=_("Listen and write; Enter keeps"), id="note-narrow")


class Noting:
    """Puts drafts back where notes are written, and keeps what is written there."""

    def __init__(self, screen: "CaseView") -> None:
        self._screen = screen
        self._case_id: int | None = None

    def put_back(self, case_id: int) -> None:
        """The note of this case as it was left: tabs, crashes and other people's changes do not lose it."""
        if self._case_id != case_id:
            self._case_id = case_id
            for area in self._screen.query(NoteArea):
                area.put(self._screen.drafts.text(case_id, "note"))

    def written_now(self, case_id: int) -> bool:
        """Whether the cursor is in the note of this case."""
        return self._case_id == case_id and isinstance(self._screen.focused, NoteArea)

    def show_again(self, case_id: int | None) -> None:
        """The draft has become another than what is shown; the hand goes on writing there."""
        if case_id is not None and case_id == self._screen.case_id:
            self._case_id = None
            self.put_back(case_id)
            self.focus()

    def move(self, wide: bool) -> None:
        """The half-written note goes to where notes stand at this width, and the cursor with it."""
        narrow = self._screen.query_one("#note-narrow", NoteArea)
        pane = self._screen.query_one("#note", NoteArea)
        source, target = (narrow, pane) if wide else (pane, narrow)
        if source.text != target.text:
            target.put(source.text)
        if source.has_focus:
            # It cannot take the focus before the stylesheet has brought it to sight.
            self._screen.call_after_refresh(target.focus)

    def typed(self, text: str) -> None:
        """A keystroke in the note."""
        if self._screen.case_id is not None:
            self._screen.drafts.keep_text(self._screen.case_id, "note", text)

    def keep(self, area: NoteArea, text: str) -> None:
        """Enter: the note is kept; until it is, it stays where it stands."""
        screen, case_id = self._screen, self._screen.case_id
        if case_id is None:
            return

        def kept(_changed: Changed) -> None:
            area.saved(text)
            screen.drafts.keep_text(case_id, "note", "")

        screen.perform(notes.add_note, case_id, text, then=kept)

    def focus(self) -> None:
        """F5: into the note, wherever it stands at this width."""
        shown = [area for area in self._screen.query(NoteArea) if area.region.width]
        if shown:
            shown[0].focus()
