"""F5 on the board: a note on the case of the selected row, the same draft as on the case itself; one note on
all the cases that are marked (P15, such as an outage of the warehouse)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.operations import notes
from bdesk.operations.supervising.broadcasting import Broadcast, broadcast
from bdesk.speech import speak

if TYPE_CHECKING:
    from bdesk.screens.supervisor.view import SupervisorView


class Noting:
    """The note that is written in the field above the list; `cases` are the ids of its cases."""

    def __init__(self, screen: "SupervisorView") -> None:
        self.screen = screen
        self.cases: tuple[int, ...] = ()

    @property
    def _draft(self) -> tuple[str, str]:
        """Where its words are kept until Enter."""
        return (f"case:{self.cases[0]}", "note") if len(self.cases) == 1 else ("board", "note")

    def begin(self, cases: Sequence[int], title: str) -> None:
        """Into the note; a choice that waits for words gives way, its words stay kept."""
        if self.screen.deciding.chosen is not None:
            self.screen.deciding.drop()
        self.cases = tuple(cases)
        place, field = self._draft
        kept = str(self.screen.place.desk.drafts.load(place).get(field, ""))
        self.screen.body.ask(
            [("    ", "text"), (f"{_('Note')}  ", "strong"), (title, "soft")],
            words=kept,
            hint=_("Enter keeps it, Esc leaves it as a draft"),
            many=False,
            wordless=False,
        )
        self.screen.focus_field("words")

    def typed(self, text: str) -> None:
        """A keystroke in the note."""
        if self.cases:
            self.screen.place.desk.drafts.save(*self._draft, text)

    def keep(self, text: str) -> None:
        """Enter: the note is kept; until it is, it stays where it stands."""
        if not self.cases or not text.strip():
            self.leave()
        elif len(self.cases) == 1:
            self.screen.perform(notes.add_note, self.cases[0], text.strip(), then=self._kept)
        else:
            self.screen.perform(broadcast, self.cases, text.strip(), then=self._told)

    def _told(self, found: Broadcast) -> None:
        self.screen.toast(speak(found.changed.code, found.changed.params), "hint")
        self.screen.unmark()
        self._kept(found.changed)

    def _kept(self, _changed: Changed) -> None:
        self.screen.place.desk.drafts.save(*self._draft, None)
        self.leave()

    def leave(self) -> None:
        """Out of the note; what was typed is a draft."""
        if self.cases:
            self.cases = ()
            self.screen.body.ask_no_more()
            self.screen.body.list.focus()
