"""Notes: written while listening, one saved by each Enter, never lost in between.

The text stays until the screen says that it was saved; a refused write loses nothing.
"""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from bdesk.text import clean
from bdesk.widgets import theme
from bdesk.widgets.editing import editing

UNDERLINE = Style(underline=True)


class NoteArea(TextArea, inherit_bindings=False):
    """A note of a few lines. Enter posts `Saved`; F-keys and Ctrl+Z are the desk's.

    Line ends come in by pasting only: the terminal cannot tell Shift+Enter from Enter. Posts `Changed`
    (handler `on_note_area_changed`) at every edit, for the draft.
    """

    DEFAULT_CSS = """
    NoteArea, NoteArea:focus, NoteArea:ansi {
        height: auto; min-height: 1; max-height: 6; border: none; padding: 0 1; background: $surface;
        color: $foreground; scrollbar-size: 0 0;
    }
    NoteArea .text-area--cursor-line { background: $surface; }
    NoteArea .text-area--placeholder { color: $foreground 60%; }
    NoteArea:ansi .text-area--placeholder { color: ansi_default; text-style: dim; }
    """

    BINDINGS: ClassVar[list[BindingType]] = editing(
        {
            "up": "cursor_up",
            "down": "cursor_down",
            "left": "cursor_left",
            "right": "cursor_right",
            "word left": "cursor_word_left",
            "word right": "cursor_word_right",
            "mark left": "cursor_left(True)",
            "mark right": "cursor_right(True)",
            "start": "cursor_line_start",
            "end": "cursor_line_end",
            "mark to start": "cursor_line_start(True)",
            "mark to end": "cursor_line_end(True)",
            "page up": "cursor_page_up",
            "page down": "cursor_page_down",
            "delete left": "delete_left",
            "delete right": "delete_right",
            "delete to start": "delete_to_start_of_line",
        }
    )

    class Changed(TextArea.Changed):
        """The text is another."""

    class Saved(Message):
        """Enter: `text` is the note, trimmed. Call `saved` once it is kept."""

        def __init__(self, area: "NoteArea", text: str) -> None:
            super().__init__()
            self.area = area
            self.text = text

        @property
        def control(self) -> "NoteArea":
            return self.area

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        # Without tints a line under the field is what shows where it is and how far it goes.
        return strip.apply_style(UNDERLINE) if theme.current().ansi else strip

    def __init__(self, text: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            clean(text, multiline=True),
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            compact=True,
            placeholder=clean(placeholder),
            highlight_cursor_line=False,
            id=id,
        )
        self.set_reactive(TextArea.cursor_blink, False)

    def put(self, text: str) -> None:
        """Show a draft that comes back, with the cursor at its end."""
        self.load_text(clean(text, multiline=True))
        self.move_cursor(self.document.end)

    def saved(self, text: str) -> None:
        """The note was kept: empty the area, unless something else stands in it by now."""
        if self.text.strip() == text:
            self.load_text("")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            text = self.text.strip()
            if text:
                self.post_message(self.Saved(self, text))
        elif event.is_printable and event.character is not None and event.character != clean(event.character):
            event.stop()
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = clean(event.text, multiline=True)
        if text and (result := self._replace_via_keyboard(text, *self.selection)):
            self.move_cursor(result.end_location)

    @property
    def cursor_screen_offset(self) -> Offset:
        offset = super().cursor_screen_offset
        region = self.content_region
        return Offset(min(offset.x, max(region.x, region.right - 1)), offset.y)

    def place_cursor(self) -> None:
        """Put the terminal's cursor where the text is edited; the screen calls it when it is shown again."""
        if self.has_focus and self.is_attached:
            self.app.cursor_position = self.cursor_screen_offset
            self.refresh()

    def on_focus(self) -> None:
        # A screen that was just pushed has no layout yet, so the place is not known before the refresh.
        self.call_after_refresh(self.place_cursor)
