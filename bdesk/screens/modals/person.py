"""Who is meant: by staff number or name, typed, or with the arrows; never by a digit of the list.

A staff number is typed as it comes to mind, and its first digit must pick nobody (a colleague's case went to
the wrong hands so).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bdesk.i18n import _
from bdesk.text import normalise_key
from bdesk.widgets.cells import pad, shown
from bdesk.widgets.fields import Field
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import Gap, Heading, Panel, Row, Words

SEEN = 9
"""So many people are listed; typing narrows them down."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to choose; `note` says what speaks for them."""

    number: str
    name: str
    note: str = ""


class PersonModal(ModalScreen[Person | None]):
    """Enter takes whoever the typing names, or who the arrows stand on; Esc leaves."""

    DEFAULT_CSS = """
    PersonModal { align: center top; }
    PersonModal > Vertical {
        width: 64; max-width: 96%; height: auto; max-height: 90%; margin: 3 0; padding: 1 2;
        background: $panel;
    }
    PersonModal Panel { height: auto; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
    ]

    def __init__(self, title: str, people: Sequence[Person]) -> None:
        super().__init__()
        self._title, self.people = title, tuple(people)
        self._at: int | None = None
        self._says = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Panel(self._head(), edge=0, id="head")
            yield Field(placeholder=_("Staff number or name"), length=20, id="who")
            yield Panel(self._rows(), edge=0, id="people")

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#who", Field))

    def _head(self) -> list[Row]:
        says: list[Row] = [Words(((self._says, "warn"),))] if self._says else []
        return [Heading(self._title, "Enter  Esc"), *says]

    def _typed(self) -> str:
        return normalise_key(self.query_one("#who", Field).value) if self.is_mounted else ""

    @property
    def found(self) -> tuple[Person, ...]:
        """Whom the typing leaves: numbers that begin with it, names that have it."""
        typed = self._typed()
        return tuple(
            one
            for one in self.people
            if normalise_key(one.number).startswith(typed) or typed in normalise_key(one.name)
        )

    def _rows(self) -> list[Row]:
        rows: list[Row] = [Gap()]
        found, first = self.found, max(0, (self._at or 0) - SEEN + 1)
        for at, one in enumerate(found[first : first + SEEN], first):
            hot = at == self._at
            words: tuple[Piece, ...] = (
                ("▸ " if hot else "  ", "mark"),
                (pad(one.number, 7), "strong" if hot else "soft"),
                (pad(shown(one.name), 11), "strong" if hot else "text"),
                (one.note, "soft"),
            )
            rows.append(Words(words))
        if len(found) > first + SEEN:
            more = _("{count} more people", count=len(found) - first - SEEN)
            rows.append(Words(((f"  {more}", "dim"),)))
        if not found:
            rows.append(Words(((f"  {_('Nobody here has this number or name')}", "warn"),)))
        return rows

    def _show(self, says: str = "") -> None:
        self._says = says
        self.query_one("#head", Panel).show(self._head())
        self.query_one("#people", Panel).show(self._rows())

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self._at = None
        self._show()

    def action_move(self, step: int) -> None:
        found = self.found
        if found:
            at = -1 if self._at is None and step > 0 else self._at or 0
            self._at = min(max(0, at + step), len(found) - 1)
        self._show()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        event.stop()
        found, typed = self.found, self._typed()
        exact = [one for one in self.people if typed in (normalise_key(one.number), normalise_key(one.name))]
        if self._at is not None and self._at < len(found):
            self.dismiss(found[self._at])
        elif typed and len(exact or found) == 1:
            self.dismiss((exact or list(found))[0])
        elif not found:
            self._show(_("Nobody here has this number or name"))
        else:
            self._show(_("Type the number or the name, or go to the line with the arrows"))

    def action_leave(self) -> None:
        self.dismiss(None)
