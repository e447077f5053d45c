"""What to say to the customer, wrapped so that it can be read aloud."""

from textual.strip import Strip

from bdesk.text import clean
from bdesk.widgets.cells import pad, shown, width, wrap
from bdesk.widgets.lines import Ground, Painted, line

WIDEST = 132
"""Running text is never set wider than this (UX, Screens)."""


class Say(Painted):
    """A titled paragraph: the step's script, a letter's text, an explanation. Takes no line when empty."""

    def __init__(
        self,
        text: str = "",
        *,
        title: str = "",
        beside: bool = False,
        indent: int = 0,
        role: str = "text",
        ground: Ground = "base",
        most: int | None = None,
        id: str | None = None,
    ) -> None:
        """`beside` puts the title to the left; `most` caps the lines, the last ending in ".."."""
        super().__init__(id=id)
        self.text, self.title, self.beside, self.indent = text, title, beside, indent
        self.role, self.ground, self.most = role, ground, most

    def show(self, text: str) -> None:
        """Say something else."""
        if text != self.text:
            self.text = text
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        if not self.text:
            return []
        lead = min(width(shown(self.title)) + 2, cells // 3) if self.beside and self.title else self.indent
        body = wrap(clean(self.text, multiline=True), min(cells - lead - 1, WIDEST), self.most)
        lines: list[Strip] = []
        if self.title and not self.beside:
            lines.append(line(cells, [(" " * lead + self.title, "dim")], ground=self.ground))
        for n, text in enumerate(body):
            first = pad(shown(self.title), lead) if self.beside and self.title and n == 0 else " " * lead
            lines.append(line(cells, [(first, "dim"), (text, self.role)], ground=self.ground))
        return lines
