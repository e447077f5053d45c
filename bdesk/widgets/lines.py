"""Lines built from pieces, and the widget that paints them. Nothing here reads markup."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from bdesk.widgets import theme
from bdesk.widgets.cells import crop, shown, width

Piece = tuple[str, str]
"""A text and the role it is painted in."""

Ground = str


def measure(pieces: Iterable[Piece]) -> int:
    """How many cells the pieces take together."""
    return sum(width(shown(text)) for text, _role in pieces)


def fit(pieces: Iterable[Piece], cells: int) -> list[Piece]:
    """The pieces in at most `cells` cells, the last one cropped; texts come back safe to paint."""
    fitted: list[Piece] = []
    left = cells
    for text, role in pieces:
        text = shown(text)
        size = width(text)
        if size > left:
            cut = crop(text, left)
            if cut:
                fitted.append((cut, role))
            break
        fitted.append((text, role))
        left -= size
    return fitted


def line(
    cells: int, left: Sequence[Piece] = (), right: Sequence[Piece] = (), ground: Ground = "base"
) -> Strip:
    """A strip of exactly `cells` cells: `left` from the left edge, `right` up to the right edge.

    Where both do not fit, the right side stays whole and the left is cropped, with one blank between.
    """
    cells = max(0, cells)
    tail = fit(right, cells)
    tail_width = measure(tail)
    head = fit(left, cells - tail_width - (1 if tail else 0))
    gap = cells - tail_width - measure(head)
    look = theme.current().style
    segments = [Segment(text, look(role, ground)) for text, role in head if text]
    if gap > 0:
        segments.append(Segment(" " * gap, look("text", ground)))
    segments.extend(Segment(text, look(role, ground)) for text, role in tail if text)
    return Strip(joined(segments), cells)


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """The same cells in fewer segments: blanks take the style beside them where only their ink differs.

    Each segment costs up to 40 bytes of colours on the way to the terminal, each second where a chip ticks.
    """
    made: list[Segment] = []
    for segment in segments:
        last = made[-1] if made else None
        if last is None or not _same_ground(last.style, segment.style):
            made.append(segment)
        elif last.style == segment.style or not segment.text.strip(" "):
            made[-1] = Segment(last.text + segment.text, last.style)
        elif not last.text.strip(" "):
            made[-1] = Segment(last.text + segment.text, segment.style)
        else:
            made.append(segment)
    return made


def _same_ground(one: Style | None, other: Style | None) -> bool:
    """Whether a blank looks the same in both styles."""
    if one is None or other is None:
        return one is other
    if one == other:
        return True
    drawn = (one.reverse, other.reverse, one.underline, other.underline, one.strike, other.strike)
    return one.bgcolor == other.bgcolor and not any(drawn)


def blank(cells: int, ground: Ground = "base") -> Strip:
    """An empty strip in a ground's colour."""
    return Strip([Segment(" " * max(0, cells), theme.style("text", ground))], max(0, cells))


class Painted(Widget):
    """A widget that paints the strips `paint` gives it and is as tall as they are many.

    Subclasses keep their values, override `paint` and call `repaint` when a value has changed. The
    strips are kept until then, or until the width or the theme is another.
    """

    DEFAULT_CSS = """
    Painted { width: 1fr; height: auto; }
    """

    ground: Ground = "base"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._painted_for: tuple[int, theme.Theme] | None = None

    def paint(self, cells: int) -> list[Strip]:
        """The widget's lines, each exactly `cells` wide."""
        raise NotImplementedError

    def strips(self, cells: int) -> list[Strip]:
        """The lines for a width, painted anew only when something has changed."""
        wanted = (cells, theme.current())
        if self._painted_for != wanted:
            self._strips = self.paint(cells)
            self._painted_for = wanted
        return self._strips

    def repaint(self) -> None:
        """Paint again; lay out again too when the number of lines has changed."""
        before = self._strips
        known = self._painted_for
        self._painted_for = None
        if not self.is_attached or known is None:
            return
        after = self.strips(known[0])
        if len(after) != len(before):
            # Where a layout is asked for already (another width, other classes) Textual keeps the height it
            # measured meanwhile.
            self._box_model_cache.clear()
            self.refresh(layout=True)
        elif after != before:
            self._refresh_changed(before, after)

    def _refresh_changed(self, before: list[Strip], after: list[Strip]) -> None:
        for y, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.strips(width))

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        strips = self.strips(cells)
        return strips[y] if y < len(strips) else blank(cells, self.ground)
