"""What became of each of several requests that were decided together."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from bdesk.i18n import _
from bdesk.models.labels import label
from bdesk.operations.approvals import Judged
from bdesk.speech import speak_error
from bdesk.widgets.panel import Field, Gap, Heading, Panel, Row


class AnswersModal(ModalScreen[None]):
    """A line per request; Enter or Esc closes it."""

    DEFAULT_CSS = """
    AnswersModal { align: center top; }
    AnswersModal > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%; margin: 2 0; padding: 1 2;
        background: $panel;
    }
    AnswersModal VerticalScroll { height: auto; max-height: 16; scrollbar-size: 0 0; }
    AnswersModal Panel { height: auto; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "leave", show=False, priority=True),
    ]

    def __init__(self, answers: Sequence[Judged], about: Mapping[int, str], words: Mapping[str, str]) -> None:
        """`about`: whose each request was and how much, by its number."""
        super().__init__()
        self.answers, self.about, self.words = tuple(answers), about, words

    def compose(self) -> ComposeResult:
        done = sum(1 for one in self.answers if one.refused is None)
        title = _("{done} of {count} decided", done=done, count=len(self.answers))
        with Vertical():
            yield Panel([Heading(title, "Enter  Esc"), Gap()], edge=0)
            with VerticalScroll():
                yield Panel([self._row(one) for one in self.answers], edge=0, id="answers")

    def _row(self, one: Judged) -> Row:
        which = f"{one.case_no}  {self.about.get(one.approval_id, '')}".rstrip()
        if one.refused is not None:
            return Field(which, speak_error(one.refused, self.words), "warn")
        return Field(which, f"✓ {label(one.state)}" if one.state is not None else "", "good")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(VerticalScroll))

    def action_leave(self) -> None:
        self.dismiss(None)
