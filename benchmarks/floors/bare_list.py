"""The floor of a key press: a list that renders its own lines and moves a cursor; nothing else is shown."""

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

ROWS = 1000
PLAIN, CHOSEN = Style(), Style(reverse=True)


class BareList(ScrollView, can_focus=True):
    BINDINGS = [("up", "move(-1)"), ("down", "move(1)")]  # noqa: RUF012
    cursor = 0

    def on_mount(self) -> None:
        self.virtual_size = Size(self.size.width, ROWS)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        style = CHOSEN if row == self.cursor else PLAIN
        return Strip([Segment(f"ROW{row:04d}".ljust(self.size.width), style)], self.size.width)

    def action_move(self, step: int) -> None:
        before, self.cursor = self.cursor, max(0, min(ROWS - 1, self.cursor + step))
        top = self.scroll_offset.y
        for row in (before, self.cursor):
            self.refresh(Region(0, row - top, self.size.width, 1))
        if not top <= self.cursor < top + self.size.height:
            self.scroll_to(y=max(0, self.cursor - self.size.height + 1), animate=False)


class Bare(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield BareList()


if __name__ == "__main__":
    Bare().run()
