"""One question: numbered answers, and where an answer wants words, a field for them."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bdesk.i18n import _
from bdesk.widgets.choices import Choice, Choices
from bdesk.widgets.fields import Field
from bdesk.widgets.panel import Heading, Panel, Row, Words
from bdesk.widgets.say import Say

BELOW = 5
"""Lines under the answers: the field for words with its gap, and the edge."""


@dataclass(frozen=True, slots=True)
class Question:
    """`wants_words` names the answers that cannot do without a few words; `words_label` asks for them,
    `labels` where an answer of its own (by code) wants something else.
    `chosen`: the answer that is taken to be given already, so that only its words are missing. `says`: what
    stands above the answers, wrapped: what is read out, or asked. `typed`: the answer that a letter begins,
    so that no digit of a number that is typed as it comes to mind picks another."""

    title: str
    choices: tuple[Choice, ...]
    wants_words: frozenset[str] = frozenset()
    words_label: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    note: str = ""
    text: str = ""
    chosen: str = ""
    says: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The chosen code and the words that came with it."""

    code: str
    words: str = ""


class AskModal(ModalScreen[Answered | None]):
    """Digits choose; words are asked for when the answer needs them; Enter goes on, Esc leaves.

    What was typed is given back to `keep` at every change, so that it survives Esc and a crash.
    """

    DEFAULT_CSS = """
    AskModal { align: center top; }
    AskModal > Vertical {
        width: 64; max-width: 96%; height: auto; max-height: 90%; margin: 3 0; padding: 1 2;
        background: $panel;
    }
    AskModal Panel { height: auto; background: $panel; }
    AskModal Say { height: auto; margin: 0 0 1 0; }
    AskModal Choices { height: auto; background: $panel; }
    AskModal Field { display: none; margin: 1 0 0 0; }
    AskModal.-roomy Panel { margin: 0 0 1 0; }
    AskModal.-words Field { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(self, question: Question, keep: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.question = question
        self.keep = keep
        self._code: str | None = None

    def _head(self, warning: str = "") -> list[Row]:
        """Enter stands here only once it is what goes on: after the words."""
        keys = "Enter  Esc" if self._code is not None else "Esc"
        said = (warning, "warn") if warning else (self.question.note, "soft")
        return [Heading(self.question.title, keys), *([Words((said,))] if said[0] else [])]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Panel(self._head(), edge=0)
            if self.question.says:
                yield Say(self.question.says, ground="panel", id="says")
            yield Choices(self.question.choices, ground="panel", id="choices")
            yield Field(self.question.text, placeholder=self.question.words_label, length=200, id="words")

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#choices", Choices))
        if self.question.chosen:
            self._choose(self.question.chosen)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Why something is refused is told whole where the screen has the lines for it; the answers stand
        apart from the title where there is one more."""
        choices = self.query_one("#choices", Choices)
        whole = choices.lines_when(False, choices.size.width)
        top = choices.region.y
        if not self.question.says:
            top = self.query_one(Panel).region.bottom
            apart = top + 1 + whole + BELOW <= self.size.height
            self.set_class(apart, "-roomy")
            top += int(apart)
        choices.fit(top + whole + BELOW > self.size.height)

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        self._choose(message.choice.code)

    def _choose(self, code: str) -> None:
        self._code = code
        if self._code not in self.question.wants_words:
            self.dismiss(Answered(self._code))
            return
        self.query_one(Panel).show(self._head())
        self.query_one("#choices", Choices).show(self.question.choices, chosen=self._code)
        self.add_class("-words")
        words = self.query_one("#words", Field)
        words.placeholder = dict(self.question.labels).get(code, self.question.words_label)
        self.set_focus(words)

    def on_choices_refused(self, message: Choices.Refused) -> None:
        self.query_one(Panel).show(self._head(message.choice.reason))

    def on_key(self, event: events.Key) -> None:
        letter = unicodedata.normalize("NFKC", event.character or "")
        if self.question.typed and self._code is None and len(letter) == 1 and letter.isalpha():
            event.stop()
            self._choose(self.question.typed)
            field = self.query_one("#words", Field)
            field.put(letter)
            field.cursor_position = len(field.value)

    def on_field_changed(self, event: Field.Changed) -> None:
        if self.keep is not None:
            self.keep(event.value)

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if not event.value.strip():
            self.query_one(Panel).show(self._head(_("A few words are needed")))
            return
        if self._code is not None:
            self.dismiss(Answered(self._code, event.value.strip()))

    def action_leave(self) -> None:
        self.dismiss(None)


def numbered(*pairs: tuple[str, str], refused: dict[str, str] | None = None) -> tuple[Choice, ...]:
    """Choices from (code, label) pairs; `refused` greys some with their reason."""
    off = refused or {}
    return tuple(Choice(code, label, reason=off.get(code, "")) for code, label in pairs)
