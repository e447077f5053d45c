"""Numbered outcomes: what a digit picks, what is not allowed and why, which one stands in the strip."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bdesk.i18n import _
from bdesk.widgets.cells import pad, shown, width, wrap
from bdesk.widgets.lines import Ground, Painted, Piece, line

_GUTTER = 4
"""The bar and the digit's block."""


MANY = 7
"""From so many choices on each takes one line, so that all of them are seen."""


SLIM = 24
"""A reason that would be broken in a column of fewer cells stands under its outcome instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome. `note` says what speaks for it ("within limits"); `reason`, if not empty, greys it."""

    code: str
    label: str
    note: str = ""
    reason: str = ""


def _stands(choices: Sequence[Choice], natural: str | None) -> int:
    """Where the bar stands on a list nobody has moved in: on what is natural, never first on what is grey."""
    possible = [at for at, choice in enumerate(choices) if not choice.reason]
    return next((at for at in possible if choices[at].code == natural), possible[0] if possible else 0)


class Choices(Painted, can_focus=True):
    """A numbered list. Digits and Enter choose; arrows move a bar; a greyed one says why when chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "take", show=False),
    ]

    class Chosen(Message):
        """An allowed choice was picked."""

        def __init__(self, choices: "Choices", choice: Choice) -> None:
            super().__init__()
            self.choices = choices
            self.choice = choice

        @property
        def control(self) -> "Choices":
            return self.choices

    class Refused(Message):
        """A greyed choice was picked; `choice.reason` says why it cannot be."""

        def __init__(self, choices: "Choices", choice: Choice) -> None:
            super().__init__()
            self.choices = choices
            self.choice = choice

        @property
        def control(self) -> "Choices":
            return self.choices

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        title: str = "",
        hint: str = "",
        beside: bool = False,
        ground: Ground = "base",
        id: str | None = None,
    ) -> None:
        """`beside` puts the title to the left of the list, as in 80 columns, instead of above it."""
        super().__init__(id=id)
        self.ground = ground
        self.choices = tuple(choices)
        self.title, self.hint, self.beside = title, hint, beside
        self.tight = True
        self.page, self.at = divmod(_stands(self.choices, None), 9)
        self.chosen: str | None = None
        self._rows: list[int | None] = []

    def show(
        self,
        choices: Sequence[Choice],
        *,
        chosen: str | None = None,
        natural: str | None = None,
        title: str = "",
        hint: str = "",
    ) -> None:
        """Show other choices; `chosen` is the code of the one that stands in the pending strip, `natural`
        of the one that Enter takes, else the first that is possible."""
        wanted = (tuple(choices), chosen, title or self.title, hint)
        if wanted != (self.choices, self.chosen, self.title, self.hint):
            if tuple(choices) != self.choices:
                self.page, self.at = divmod(_stands(choices, natural), 9)
            self.choices, self.chosen, self.title, self.hint = wanted
            at = next((n for n, choice in enumerate(self.choices) if choice.code == chosen), None)
            if at is not None:
                self.page, self.at = divmod(at, 9)
            self.repaint()

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The nine at most that carry digits now; `more` turns to the next nine."""
        return self.choices[self.page * 9 : self.page * 9 + 9]

    def choose(self, digit: int) -> bool:
        """Pick by digit; 0 turns to the next nine when there are more. False when nothing has this digit."""
        if digit == 0:
            return self.more()
        offered = self.offered
        if not 1 <= digit <= len(offered):
            return False
        self.at = digit - 1
        self.repaint()
        self._take(offered[digit - 1])
        return True

    def more(self) -> bool:
        """Turn to the next nine choices, round to the first. False when there are nine at most."""
        if len(self.choices) <= 9:
            return False
        self.page = (self.page + 1) % (-(-len(self.choices) // 9))
        self.at = 0
        self.repaint()
        return True

    def _take(self, choice: Choice) -> None:
        self.post_message(self.Refused(self, choice) if choice.reason else self.Chosen(self, choice))

    def on_key(self, event: events.Key) -> None:
        typed = unicodedata.normalize("NFKC", event.character or "")
        if len(typed) == 1 and typed in "0123456789" and self.choose(int(typed)):
            event.stop()

    def on_click(self, event: events.Click) -> None:
        at = self._rows[event.y] if event.y < len(self._rows) else None
        if at is not None:
            self.choose(at + 1)

    def action_move(self, step: int) -> None:
        self.at = min(max(0, self.at + step), max(0, len(self.offered) - 1))
        self.repaint()
        self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Scroll what it stands in until the line of the bar is seen."""
        lines = [y for y, at in enumerate(self._rows) if at == self.at]
        if lines and isinstance(self.parent, Widget):
            rows = Region(0, lines[0], self.size.width, len(lines)).translate(self.virtual_region.offset)
            self.parent.scroll_to_region(rows, animate=False)

    @property
    def standing(self) -> str | None:
        """The code of the choice that Enter takes."""
        return self.offered[self.at].code if self.at < len(self.offered) else None

    def stand_at(self, code: str | None) -> None:
        """Let Enter take the choice with this code, if there is one."""
        at = next((n for n, choice in enumerate(self.choices) if choice.code == code), None)
        if at is not None:
            self.page, self.at = divmod(at, 9)
            self.repaint()

    def digits_outside(self, first: int, last: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is pressed for the choices that begin above line `first`, and for those that go on from line
        `last`; the 0 that turns to the next nine is one of them."""
        digits = [(y, "0" if at is None else f"{at + 1}") for y, at in enumerate(self._rows) if y or at == 0]
        above = dict.fromkeys(digit for y, digit in digits if y < first)
        below = dict.fromkeys(digit for y, digit in digits if y >= last)
        return tuple(above), tuple(below)

    def action_take(self) -> None:
        if self.at < len(self.offered):
            self._take(self.offered[self.at])

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        indent = min(width(shown(self.title)) + 2, cells // 3) if self.beside and self.title else 0
        lines: list[Strip] = []
        self._rows = []
        if self.title and not self.beside:
            pieces: list[Piece] = [(self.title, "dim"), (f"   {self.hint}" if self.hint else "", "dim")]
            lines.append(line(cells, pieces, ground=self.ground))
            self._rows.append(None)
        label_cells = self._label_cells(cells - indent)
        refused_cells = self._refused_cells(cells - indent, label_cells)
        for at, choice in enumerate(self.offered):
            first = self.title if indent and at == 0 else ""
            wide = refused_cells if choice.reason else label_cells
            for strip in self._choice(at, choice, cells, pad(first, indent), wide):
                lines.append(strip)
                self._rows.append(at)
        if len(self.choices) > 9:
            pieces = [(" " * (indent + 1), "text"), (" 0 ", "digit"), (f" {_('more')}", "dim")]
            lines.append(line(cells, pieces, ground=self.ground))
            self._rows.append(None)
        return lines

    def _few(self) -> bool:
        """Whether lines are few, so that one must do for a choice and its reason."""
        return self.beside or (self.tight and len(self.offered) >= MANY)

    def lines_when(self, tight: bool, cells: int) -> int:
        """How many lines it takes at this width, with every reason whole or cut to one line each."""
        before, self.tight, rows = self.tight, tight, self._rows
        try:
            return len(self.paint(cells))
        finally:
            self.tight, self._rows = before, rows

    def fit(self, tight: bool) -> None:
        """Reasons whole where the screen has the lines for it, cut to one line each where not."""
        if tight != self.tight:
            self.tight = tight
            self.repaint()

    def _label_cells(self, cells: int) -> int:
        longest = max((width(shown(choice.label)) for choice in self.offered), default=0)
        return min(max(longest, 12), max(8, cells - _GUTTER - 12))

    def _refused_cells(self, cells: int, label_cells: int) -> int:
        """The labels of refused choices are no wider than they must be where a reason needs the room."""
        refused = [choice for choice in self.offered if choice.reason]
        room = cells - _GUTTER - 4 - label_cells
        if all(width(shown(choice.reason)) <= room for choice in refused):
            return label_cells
        return min(label_cells, max(width(shown(choice.label)) for choice in refused))

    def _choice(self, at: int, choice: Choice, cells: int, lead: str, label_cells: int) -> list[Strip]:
        chosen = choice.code == self.chosen and not choice.reason
        hot = at == self.at and self.chosen is None
        ground: Ground = "selected" if chosen else self.ground
        digit = "digit.off" if choice.reason else "digit.hot" if hot else "title" if chosen else "digit"
        label = "off" if choice.reason else "strong" if chosen or hot else "text"
        aside, role = (choice.reason, "dim") if choice.reason else (choice.note, "good")
        if label_cells < width(shown(choice.label)) <= cells - width(lead) - _GUTTER - 3:
            # On one line, and what speaks for or against it below.
            label_cells = width(shown(choice.label))
        texts = wrap(shown(choice.label), label_cells, 3)
        label_cells = self._beside(texts, shown(aside), cells - width(lead) - _GUTTER - 4, label_cells)
        room = cells - width(lead) - _GUTTER - label_cells - 4
        # Where lines are few one must do: the whole reason is said when the digit is pressed.
        few = self._few()
        slim = not few and room < SLIM and width(shown(aside)) > room
        asides = wrap(shown(aside), room, 1 if few else 3) if aside and room >= 12 and not slim else ()
        under = aside and not asides and not (few and choice.reason)
        below = wrap(shown(aside), max(8, cells - width(lead) - _GUTTER - 2), 2) if under else ()
        lines: list[Strip] = []
        for n in range(max(len(texts), len(asides), 1)):
            text = texts[n] if n < len(texts) else ""
            note = asides[n] if n < len(asides) else ""
            gutter: list[Piece] = (
                [("▐" if chosen else " ", "mark"), (f" {at + 1} ", digit)] if n == 0 else [("    ", "text")]
            )
            body: list[Piece] = [*gutter, (f" {pad(text, label_cells)}  ", label), (note, role)]
            lines.append(self._led(cells, lead if n == 0 else " " * width(lead), body, ground))
        for text in below:
            lines.append(self._led(cells, " " * width(lead), [("     " + text, role)], ground))
        return lines

    def _beside(self, texts: Sequence[str], aside: str, room: int, label_cells: int) -> int:
        """The label's cells: fewer than in the rows around it where a reason fits its line only so."""
        if len(texts) != 1 or width(aside) <= room - label_cells:
            return label_cells
        least = width(texts[0])
        fits = width(aside) <= room - least
        few = self._few()
        return max(least, room - width(aside)) if fits or (few and room - least >= 12) else label_cells

    def _led(self, cells: int, lead: str, body: list[Piece], ground: Ground) -> Strip:
        """A line whose lead (the title beside the list) keeps the screen's own ground."""
        indent = width(lead)
        if not indent:
            return line(cells, body, ground=ground)
        head = line(indent, [(lead, "dim")], ground=self.ground)
        return Strip([*head, *line(cells - indent, body, ground=ground)], cells)
