"""What the lookup and the call card share: one find field, numbered hits, Enter for the only one.

Digits are data while the field has the focus; Down, or Enter with several hits, goes to the list, where
digits pick (UX, Keys). Keys that come while a search runs wait in the field and are played after it.
"""

from datetime import datetime
from typing import ClassVar, Protocol

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from bdesk.errors import DeskError
from bdesk.i18n import _
from bdesk.screens import navigation
from bdesk.screens.base import DeskScreen
from bdesk.screens.place import Place
from bdesk.screens.queue.figures import Lines
from bdesk.speech import speak_error
from bdesk.text import normalise_key
from bdesk.widgets.cells import width
from bdesk.widgets.fields import Field
from bdesk.widgets.hits import Hit, Hits

SHORTEST = 4
"""Fewer characters find too much to be of use (UX, Lookup)."""

SLOW_SECONDS = 0.4


class FindField(Field):
    """A field whose Enter and Down lead away from it; what is typed behind them waits for `let_go`."""

    class Left(Message):
        """Enter or Down was pressed; `key` says which."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, value: str = "", *, id: str | None = None) -> None:
        super().__init__(value, length=40, id=id)
        self._waiting = False
        self._kept: list[events.Key] = []

    async def _on_key(self, event: events.Key) -> None:
        if self._waiting:
            self._kept.append(event)
        elif event.key in ("enter", "down"):
            self._waiting = True
            self.post_message(self.Left(event.key))
        else:
            return
        event.stop()
        event.prevent_default()

    def let_go(self) -> None:
        """What Enter or Down asked for is done: play the keys that came behind it."""
        kept, self._kept = self._kept, []
        self._waiting = False
        app: App[object] = self.app
        for event in kept:
            again = events.Key(event.key, event.character)
            again.set_sender(app)
            app.post_message(again)


class Finder(Protocol):
    """What differs between the two: where they look, how a hit reads, and what picking one does."""

    async def look(self, text: str) -> bool:
        """Find what a text means and keep it for `lines`; whether there is more."""

    def lines(self, now: datetime) -> tuple[Hit, ...]:
        """What was found last, as lines of the list."""

    async def pick(self, hit: Hit) -> None:
        """Enter or a digit on a hit."""


class FindScreen(DeskScreen):
    """The find field and the hits of one `finder`, which the screens that have one are themselves."""

    DEFAULT_CSS = """
    FindScreen #find { height: 1; margin: 1 0; }
    FindScreen #find-label { width: 9; }
    FindScreen #field { width: 1fr; }
    FindScreen #find-hint { width: 52; }
    FindScreen #below { margin: 1 0 0 0; }
    """

    drafts: ClassVar[str] = ""
    peeks: ClassVar[bool] = False

    def __init__(self, place: Place, finder: Finder, text: str = "") -> None:
        super().__init__(place)
        self.finder = finder
        self._first_text = text
        self._searched = ""
        self._more = False
        self._failed = ""
        self._known = False

    def compose_find(self) -> ComposeResult:
        """The find line and the hits."""
        with Horizontal(id="find"):
            yield Lines(id="find-label")
            yield FindField(self._first_text or self._draft(), id="field")
            yield Lines(id="find-hint")
        yield Hits(id="hits")
        yield Lines(id="below")

    def compose_body(self) -> ComposeResult:
        yield from self.compose_find()

    def _draft(self) -> str:
        if not self.drafts:
            return ""
        return str(self.place.desk.drafts.load(self.drafts).get("find", ""))

    # Parts

    @property
    def field(self) -> FindField:
        return self.query_one("#field", FindField)

    @property
    def hits(self) -> Hits:
        return self.query_one("#hits", Hits)

    def on_mount(self) -> None:
        self.query_one("#find-label", Lines).show([([(f" {_('Find')} ▸ ", "title")], [])])
        self.set_focus(self.field)

    def on_resize(self) -> None:
        hint = self.find_hint()
        line = self.query_one("#find-hint", Lines)
        line.styles.width = min(width(hint) + 2, max(0, self.size.width - 9 - 22))
        line.show([([], [(f"{hint} ", "dim")])])
        self.show_below()

    # What a subclass says

    def find_hint(self) -> str:
        """What may be typed."""
        return _("Tail 4+ / phone / case / waybill / initials")

    def only(self) -> Hit | None:
        """The hit that Enter opens: the only one."""
        return self.hits.hits[0] if len(self.hits.hits) == 1 else None

    def rows_free(self) -> int:
        """How many hits the screen has room for."""
        return max(9, self.size.height - 9)

    # Searching

    def on_field_changed(self, event: Field.Changed) -> None:
        if event.input is not self.field:
            return
        if self.drafts:
            self.place.desk.drafts.save(self.drafts, "find", event.value)
        self.refresh_now()

    async def reload(self) -> None:
        """Search what stands in the field. What was found stays as it is: no list moves under the bar."""
        text = self.field.value.strip()
        if self._known and text == self._searched:
            return
        slow = self.set_timer(SLOW_SECONDS, lambda: self._say([(_("Searching"), "dim")]))
        try:
            more = await self.finder.look(text)
        except DeskError as refused:
            self._failed, self._known = speak_error(refused), False
            self.hits.show(())
            self.show_below()
            raise
        finally:
            slow.stop()
        if text == self.field.value.strip():
            self._failed, self._searched, self._known = "", text, True
            self.show_hits(more)

    def show_hits(self, more: bool = False) -> None:
        """Show what was found, as much as there is room for."""
        lines = self.finder.lines(self.place.now())
        room = self.rows_free()
        self._more = more or len(lines) > room
        self.hits.show(lines[:room])
        self.show_below()

    def on_hits_moved(self, _message: Hits.Moved) -> None:
        self.frame()

    def tick(self, now: datetime) -> None:
        """Times run on in the list; the bar stays where it is."""
        lines = self.finder.lines(now)[: len(self.hits.hits)]
        if lines != self.hits.hits:
            self.hits.hits = lines
            self.hits.repaint()

    def show_below(self) -> None:
        """One quiet line under the hits: what to do next, or what was not found."""
        text = self.field.value.strip()
        short = SHORTEST - len(normalise_key(text))
        if self._failed:
            self._say([(self._failed, "warn"), (f"   {_('Nothing was changed; Enter tries again')}", "dim")])
        elif not text and self.focused is not self.hits:
            self._say([(self.empty_words(), "soft")])
        elif self.hits.hits:
            self._say(self._hit_words())
        elif short > 0:
            self._say([(_("{count} more to search", count=short), "dim")])
        elif text == self._searched:
            self._say([(_("Nothing has “{text}”.", text=text), "text"), (f"  {self.none_words()}", "soft")])

    def empty_words(self) -> str:
        """Under an empty field."""
        return _("A phone tail and a date find too: 0037 11-14")

    def none_words(self) -> str:
        """What else can be tried."""
        return _("Try the phone tail and a date, or the waybill. F3 empties the field")

    def _hit_words(self) -> list[tuple[str, str]]:
        words: list[tuple[str, str]] = []
        if self._more:
            words.append((_("There are more.") + "  ", "warn"))
        if self.focused is self.hits:
            words += [("1-9 ", "soft"), (_("pick"), "dim")]
            if self.peeks:
                words += [("   Space ", "soft"), (_("look inside"), "dim")]
            return words
        if self.only() is not None:
            words += [("Enter ", "soft"), (_("open it"), "dim")]
        else:
            words += [("Enter ", "soft"), (_("to the list, digits pick"), "dim")]
            words.append((f"   {_('one more digit narrows')}", "dim"))
        return words

    def _say(self, pieces: list[tuple[str, str]]) -> None:
        self.query_one("#below", Lines).show([([("   ", "text"), *pieces], [])])

    # Keys

    def on_find_field_left(self, message: FindField.Left) -> None:
        self.run_worker(self._leave(message.key), group="read-enter")

    async def _leave(self, key: str) -> None:
        field = self.field
        try:
            await self.reload()
            only = self.only() if key == "enter" else None
            if only is not None:
                await self.finder.pick(only)
            elif self.hits.hits:
                self.set_focus(self.hits)
        except DeskError as refused:
            self.say_refusal(refused)
        finally:
            field.let_go()

    def on_hits_picked(self, message: Hits.Picked) -> None:
        if message.hit in self.hits.hits:
            navigation.held(self, self.finder.pick(message.hit))

    def on_descendant_focus(self) -> None:
        self.show_below()

    def do_choose(self, digit: int) -> None:
        self.hits.choose(digit)

    def do_down(self) -> None:
        if self.hits.hits:
            self.set_focus(self.hits)

    def do_next_pane(self) -> None:
        self.set_focus(self.field if self.focused is self.hits else self.hits)

    def do_previous_pane(self) -> None:
        self.do_next_pane()
