"""The line of today's figures, and the two-line preview of 80 columns: painted lines, nothing more."""

from collections.abc import Sequence

from textual.strip import Strip

from bdesk.widgets.lines import Painted, Piece, line

NO_FIGURES: tuple[tuple[list[Piece], list[Piece]], ...] = (([(" ", "text")], []),)
"""Their line while they are still being counted: what stands below it must not jump."""


class Lines(Painted):
    """Lines of pieces, each with a left and a right side, on one ground."""

    def __init__(self, *, ground: str = "base", id: str | None = None) -> None:
        super().__init__(id=id)
        self.ground = ground
        self.rows: tuple[tuple[tuple[Piece, ...], tuple[Piece, ...]], ...] = ()

    def show(self, rows: Sequence[tuple[Sequence[Piece], Sequence[Piece]]]) -> None:
        """Show other lines."""
        wanted = tuple((tuple(left), tuple(right)) for left, right in rows)
        if wanted != self.rows:
            self.rows = wanted
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        return [line(cells, left, right, self.ground) for left, right in self.rows]
