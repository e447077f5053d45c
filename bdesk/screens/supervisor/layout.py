"""How the board lies on the screen: figures, the lists, words that are asked for above them, the list itself,
and the selected row beside it or under it. What is typed stands in the upper part: the candidates of an
input method cover the bottom (UX, Screens)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from bdesk.i18n import _
from bdesk.screens.queue.figures import Lines
from bdesk.widgets.board_list import BoardList
from bdesk.widgets.fields import Field
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import Panel

WIDE = 110
"""From so many cells on the selected row and the team stand beside the list; beside the team nothing does."""


class Rows(VerticalScroll, inherit_bindings=False):
    """What the list scrolls in. It takes no keys of its own: up and down move the selection, however long
    the list is."""


class BoardBody(Vertical):
    """The parts of the board by name."""

    DEFAULT_CSS = """
    BoardBody { height: 1fr; }
    BoardBody #figures { min-height: 1; }
    BoardBody #tabs { height: 1; }
    BoardBody #sifting { display: none; height: auto; padding: 0 2 0 4; }
    BoardBody #ask { display: none; height: auto; background: $panel; margin: 0 0 1 0; }
    BoardBody #numbers { display: none; height: 1; }
    BoardBody #numbers Lines { width: 10; }
    BoardBody #count { width: 6; }
    BoardBody #sum { width: 18; }
    BoardBody #words { margin: 0 2 0 4; }
    BoardBody #columns { height: 1fr; }
    BoardBody #rows { width: 1fr; height: 1fr; scrollbar-size: 0 0; }
    BoardBody #beside { display: none; width: 38; height: 1fr; margin: 0 0 0 2; background: $panel; }
    BoardBody #detail { height: auto; max-height: 24; }
    BoardBody #load { height: auto; background: $panel; margin: 1 0 0 0; }
    BoardBody #short { height: auto; }
    BoardBody #verdicts { height: 1; }
    BoardBody.-wide #beside { display: block; }
    BoardBody.-wide #short { display: none; }
    BoardBody.-wide.-team #beside { display: none; }
    BoardBody.-wide #columns { margin: 1 0 0 0; }
    BoardBody.-broad #beside { width: 58; }
    BoardBody.-asking #ask { display: block; }
    BoardBody.-many #numbers { display: block; }
    BoardBody.-wordless #words { display: none; }
    BoardBody.-filtering #sifting { display: block; }
    """

    def __init__(self, now: datetime, seconds: Callable[[], float]) -> None:
        super().__init__(id="board")
        self._now, self._seconds = now, seconds

    def compose(self) -> ComposeResult:
        yield Lines(id="figures")
        yield Lines(id="tabs")
        # In a frame of its own: a margin here would take its cells from the list and all beside it.
        with Vertical(id="sifting"):
            yield Field(placeholder=_("Filter: name, number, what, who asked"), id="filter")
        with Vertical(id="ask"):
            yield Lines(ground="panel", id="asks")
            with Horizontal(id="numbers"):
                yield _label(_("Count"))
                yield Field(digits=True, length=3, id="count")
                yield _label(_("Sum"))
                yield Field(length=14, id="sum")
            yield Field(length=200, id="words")
        with Horizontal(id="columns"):
            with Rows(id="rows", can_focus=False):
                yield BoardList(self._now, self._seconds, id="list")
            with Vertical(id="beside"):
                yield Panel(id="detail")
                yield Lines(ground="panel", id="load")
        yield Lines(ground="panel", id="short")
        yield Lines(id="verdicts")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.width >= 160, "-broad")

    @property
    def list(self) -> BoardList:
        return self.query_one("#list", BoardList)

    def field(self, name: str) -> Field:
        """A field by its name: words, count, sum, filter."""
        return self.query_one(f"#{name}", Field)

    def say(self, name: str, rows: Sequence[tuple[Sequence[Piece], Sequence[Piece]]]) -> None:
        """Show lines by their name: figures, tabs, asks, load, short, verdicts."""
        self.query_one(f"#{name}", Lines).show(rows)

    def ask(
        self, title: Sequence[Piece], *, words: str = "", hint: str = "", many: bool, wordless: bool
    ) -> None:
        """Show the fields for what is missing: with `many` count and sum, unless `wordless` the words."""
        self.say("asks", [(title, [])])
        self.set_class(many, "-many")
        self.set_class(wordless, "-wordless")
        field = self.field("words")
        field.placeholder = hint
        if field.value != words:
            field.put(words)
        self.add_class("-asking")

    def ask_no_more(self) -> None:
        """The fields go; what was typed is kept by whoever asked."""
        self.remove_class("-asking", "-many", "-wordless")


def _label(text: str) -> Lines:
    found = Lines(ground="panel")
    found.show([([(f"    {text}", "dim")], [])])
    return found
