"""A pending letter, exactly as it will be sent (UX 5: nobody commits what they could not read)."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from bdesk.i18n import _
from bdesk.models.views.strip import LetterPreview
from bdesk.widgets.panel import Gap, Heading, Panel
from bdesk.widgets.say import Say


class LetterModal(ModalScreen[None]):
    """The letters of a strip; Esc or Space goes back, nothing is sent here."""

    DEFAULT_CSS = """
    LetterModal { align: center middle; }
    LetterModal VerticalScroll {
        width: 76; max-width: 96%; height: auto; max-height: 90%; padding: 1 2; background: $panel;
        scrollbar-size: 0 0;
    }
    LetterModal Panel, LetterModal Say { height: auto; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,space,ideographic_space,enter", "leave", show=False, priority=True),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
    ]

    def __init__(self, letters: Sequence[LetterPreview]) -> None:
        super().__init__()
        self.letters = tuple(letters)

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            for letter in self.letters:
                yield Panel([Heading(letter.subject or _("Letter"), letter.target_masked), Gap()], edge=0)
                yield Say(letter.body, ground="panel")

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)
