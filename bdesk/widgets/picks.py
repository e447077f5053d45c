"""What a field takes by its number, below it, where the field's own line is too short to name it all."""

from collections.abc import Sequence

from textual.strip import Strip

from bdesk.widgets.cells import shown, width
from bdesk.widgets.lines import Painted, line

LEAD = 4
"""Cells before the first name, so that it reads as what belongs to the field above."""
GAP = "  "


class Picks(Painted):
    """Numbered names on as few lines as will do; a name is never broken over two."""

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = tuple(f"{number} {shown(name)}" for number, name in enumerate(names, 1))

    def paint(self, cells: int) -> list[Strip]:
        lines: list[str] = []
        for name in self.names:
            longer = f"{lines[-1]}{GAP}{name}" if lines else name
            if lines and LEAD + width(longer) <= cells:
                lines[-1] = longer
            else:
                lines.append(name)
        return [line(cells, [(" " * LEAD + text, "soft")], ground=self.ground) for text in lines]
