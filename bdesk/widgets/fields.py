"""A one-line field that a Chinese input method can find, that leaves the desk's keys alone.

Textual's own Input puts the terminal's cursor one cell too far right at the end of a text, and leaves
it on the old screen after a screen was pushed; the candidate window follows that cursor (MEASURED).
F-keys, Ctrl+Z and the reserved keys mean nothing here, so they reach the desk.
"""

import unicodedata
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input
from textual.widgets.input import Selection

from bdesk.text import clean
from bdesk.widgets import theme
from bdesk.widgets.cells import clusters, crop, shown, width
from bdesk.widgets.editing import editing


class Field(Input, inherit_bindings=False):
    """A field of one line. What is typed, composed or pasted is cleaned; digits may be all it takes.

    Posts `Changed` (for drafts) and `Submitted` as Input does, under the names `on_field_changed` and
    `on_field_submitted`; `Filled` when its length is reached, and `Refused` for what it does not take.
    """

    DEFAULT_CSS = """
    Field, Field:focus, Field:ansi {
        height: 1; border: none; padding: 0; background: $surface; background-tint: transparent;
        color: $foreground;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = editing(
        {
            "left": "cursor_left",
            "right": "cursor_right",
            "word left": "cursor_left_word",
            "word right": "cursor_right_word",
            "mark left": "cursor_left(True)",
            "mark right": "cursor_right(True)",
            "start": "home",
            "end": "end",
            "mark to start": "home(True)",
            "mark to end": "end(True)",
            "delete left": "delete_left",
            "delete right": "delete_right",
            "delete to start": "delete_left_all",
            "enter": "submit",
        }
    )

    class Changed(Input.Changed):
        """The value is another."""

    class Submitted(Input.Submitted):
        """Enter was pressed."""

    class Blurred(Input.Blurred):
        """The field lost focus."""

    class Filled(Message):
        """The value has reached its full length."""

        def __init__(self, field: "Field", value: str) -> None:
            super().__init__()
            self.field = field
            self.value = value

        @property
        def control(self) -> "Field":
            return self.field

    class Refused(Message):
        """Something was typed or pasted that the field does not take; `typed` is what."""

        def __init__(self, field: "Field", typed: str) -> None:
            super().__init__()
            self.field = field
            self.typed = typed

        @property
        def control(self) -> "Field":
            return self.field

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        digits: bool = False,
        length: int = 0,
        autoskip: bool = False,
        picks: bool = False,
        overtyped: bool = False,
        password: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`length` is the most characters (0: no limit); with `autoskip` a full field passes focus on.
        In one that `picks` a digit stands for an answer, so another digit takes its place. What is proposed
        in one that is `overtyped` goes when something is typed behind it; edited first, it stays."""
        super().__init__(
            placeholder=shown(placeholder),
            password=password,
            max_length=length,
            select_on_focus=False,
            id=id,
            classes=classes,
            compact=True,
        )
        self.digits = digits
        self.autoskip = autoskip
        self.picks = picks
        self.overtyped = overtyped
        self.set_reactive(Input.cursor_blink, False)
        # Set past the watchers, which look for an app: a field may be built before there is one.
        self.set_reactive(Input.value, clean(value))
        self.set_reactive(Input.selection, Selection.cursor(len(self.value)))
        self._initial_value = False

    def on_mount(self) -> None:
        self._refresh_scrollbars()
        self.virtual_size = Size(self.content_width, 1)

    def put(self, value: str) -> None:
        """Set the value and put the cursor at its end, as for a draft that comes back."""
        self.value = clean(value)[: self.max_length or None]
        self.cursor_position = len(self.value)

    def replace(self, text: str, start: int, end: int) -> None:
        kept = clean(text)
        if self.digits:
            kept = "".join(c for c in unicodedata.normalize("NFKC", kept) if c in "0123456789")
        if text and not kept:
            self.post_message(self.Refused(self, shown(text)))
            return
        if self.picks and len(kept) == 1 and unicodedata.normalize("NFKC", kept) in "123456789":
            start, end = 0, len(self.value)
        if self.overtyped and kept and start == end == len(self.value):
            start = 0
        self.overtyped = False
        if self.max_length:
            start, end = sorted((max(0, start), min(len(self.value), end)))
            room = self.max_length - (len(self.value) - (end - start))
            if text and room <= 0:
                self.post_message(self.Refused(self, shown(text)))
                return
            kept = kept[:room] if text else kept
        super().replace(kept, start, end)
        if kept and self.max_length and len(self.value) >= self.max_length and self.cursor_at_end:
            self.post_message(self.Filled(self, self.value))
            if self.autoskip:
                self.screen.focus_next()

    async def _on_key(self, event: events.Key) -> None:
        focused = self.screen.focused
        if focused is not None and focused is not self:
            # Typed ahead while the field was being filled: it belongs to where the focus has gone.
            event.stop()
            event.prevent_default()
            focused.post_message(events.Key(event.key, event.character))

    def restricted(self) -> None:
        """No bell: the one bell of the desk belongs to the clocks."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = clean(event.text).strip()
        if text:
            self.replace(text, *self.selection)

    # The terminal's cursor

    @property
    def cursor_screen_offset(self) -> Offset:
        x, y, cells, _height = self.content_region
        at = self._position_to_cell(self.cursor_position) - self.scroll_offset.x
        return Offset(x + min(max(0, at), max(0, cells - 1)), y)

    def place_cursor(self) -> None:
        """Put the terminal's cursor where the text is edited; the screen calls it when it is shown again."""
        if self.has_focus and self.is_attached:
            self.app.cursor_position = self.cursor_screen_offset
            self.refresh()

    def on_focus(self) -> None:
        # A screen that was just pushed has no layout yet, so the place is not known before the refresh.
        self.call_after_refresh(self.place_cursor)

    def on_resize(self) -> None:
        self.place_cursor()

    # Painting

    @property
    def _value(self) -> Text:
        text = "*" * len(self.value) if self.password else self.value
        return Text(text, no_wrap=True, overflow="ignore", end="")

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        look = theme.current().style
        if y:
            return Strip([Segment(" " * cells, look("text", "field"))], cells)
        if not self.value:
            return self._empty(cells)
        start, end = sorted(self.selection)
        cursor = self.cursor_position if self.has_focus else -1
        segments: list[Segment] = []
        index = 0
        for cluster in clusters(self._value.plain):
            inside = index <= cursor < index + len(cluster)
            marked = inside or (self.has_focus and start <= index < end)
            segments.append(Segment(cluster, look("cursor" if marked else "text", "field")))
            index += len(cluster)
        if cursor >= len(self.value):
            segments.append(Segment(" ", look("cursor", "field")))
        if self.picks and self.placeholder:
            # What the digits stand for is there to be read after one was typed, too.
            segments.append(Segment(f"   {shown(self.placeholder)}", look("placeholder", "field")))
        strip = Strip(segments).simplify()
        scroll = self.scroll_offset.x
        return strip.crop(scroll, scroll + cells).adjust_cell_length(cells, look("text", "field"))

    def _empty(self, cells: int) -> Strip:
        look = theme.current().style
        length = self.max_length or 0
        hint = self.placeholder or ("_" * length if length <= 20 else "")
        text = crop(shown(hint), cells)
        first = next(clusters(text), " ") if cells else ""
        rest = text[len(first) :] if text else ""
        role = "cursor" if self.has_focus else "placeholder" if hint else "text"
        segments = [Segment(first, look(role, "field")), Segment(rest, look("placeholder", "field"))]
        blanks = cells - width(first) - width(rest)
        segments.append(Segment(" " * max(0, blanks), look("text", "field")))
        return Strip([segment for segment in segments if segment.text], cells)
