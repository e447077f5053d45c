"""F10 or ":": the menu. Digits pick; typing finds by English, Chinese or pinyin initials (UX, Keys).

1-4 are my state, 5 the keys by their numbers for terminals that keep some, 8 what is promised for today, 9
the hand-over, 0 the exit. F8 has no digit anywhere: it is there by name only; so is the key test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip

from bdesk import keys
from bdesk.i18n import _, language
from bdesk.models.kinds import CaseKind, PersonState
from bdesk.models.labels import label
from bdesk.operations.looking.supervision import may_look
from bdesk.screens import menu_acts
from bdesk.screens.menu_words import PINYIN, folded
from bdesk.screens.notices import Notices
from bdesk.widgets.fields import Field
from bdesk.widgets.lines import Painted, Piece, line
from bdesk.widgets.panel import Heading, Panel

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen

STATES = (PersonState.ONLINE, PersonState.BREAK, PersonState.AWAY, PersonState.AFTER_CALL)
NO_DIGIT = "f8"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. `digit` picks it, empty: by name only; `off` greys it and says why.

    `words` are what it is found by besides its label.
    """

    code: str
    label: str
    digit: str = ""
    note: str = ""
    off: str = ""
    words: str = ""

    def found_by(self, typed: str) -> bool:
        """Whether what was typed is in the label, or begins one of the words."""
        query = folded(typed).strip()
        return query in folded(self.label) or any(
            word.startswith(query) for word in folded(self.words).split()
        )


def main_entries(
    state: PersonState, on_call: bool, *, board: bool = False, notices: Notices | None = None
) -> tuple[Entry, ...]:
    """The first page. `board`: the supervisor's screen stands at its top, under the bar; then what is
    announced, where anything is."""
    top = (_entry("board", _("Board"), "", _("requests, raised cases, the team")),) if board else ()
    if notices is not None and notices.standing:
        count = _("{count}, {unread} unread", count=len(notices.standing), unread=len(notices.unread))
        top = (*top, _entry("notices", _("Announcements"), "", count))
    states = tuple(
        Entry(
            f"state:{one.value}",
            label(one),
            str(number),
            _("now") if one is state else "",
            words=f"{one.value} {PINYIN.get(one.value, '')}",
        )
        for number, one in enumerate(STATES, start=1)
    )
    other = "English" if language() == "zh" else "中文"
    return (
        *top,
        *states,
        _entry("keys", _("Function keys by number"), "5", _("for terminals that keep some")),
        _entry("card", _("Call card"), "6", _("on call") if on_call else ""),
        _entry("language", other, "7", _("language")),
        _entry("promised", _("Promised today"), "8"),
        _entry("handover", _("Hand over the shift"), "9", _("or accept one")),
        _entry("exit", _("Leave the desk"), "0"),
        _entry("keytest", _("Key test"), "", _("type its name, then Enter")),
    )


def _entry(code: str, text: str, digit: str, note: str = "") -> Entry:
    return Entry(code, text, digit, note, words=f"{code} {PINYIN.get(code, '')}")


def key_entries(screen: "DeskScreen") -> tuple[Entry, ...]:
    """F1 to F9 of the screen below by their own numbers; those that do nothing now are grey."""
    words, off = screen.footer_words(), screen.footer_off()
    found = []
    for name, slot in zip(
        keys.FOOTER_KEYS, keys.footer(screen.context, screen.place.settings.keymap), strict=True
    ):
        if name == "f10":
            continue
        text = f"{slot.shown:<4} {words.get(slot.id, _(slot.short))}"
        digit = "" if name == NO_DIGIT else name[1:]
        reason = off.get(slot.id, "")
        note = _("by name only: type it, then Enter") if name == NO_DIGIT else reason
        known = f"{name} {slot.short} {PINYIN.get(slot.id, '')}"
        found.append(Entry(f"key:{slot.id}", text, digit, note, reason, known))
    return tuple(found)


def kind_entries() -> tuple[Entry, ...]:
    """Found by typing only: the queue with one kind in it."""
    return tuple(
        Entry(
            f"kind:{kind.value}",
            _("Queue: {kind} only", kind=label(kind)),
            words=f"{kind.value} {PINYIN.get(f'kind.{kind.value}', '')}",
        )
        for kind in CaseKind
    )


class MenuList(Painted):
    """The lines of the menu; a bar, no focus of its own: the field keeps it."""

    def __init__(self, entries: Sequence[Entry] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ground = "panel"
        self.entries = tuple(entries)
        self.at = 0

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other lines, the bar on the first."""
        if tuple(entries) != self.entries:
            self.entries, self.at = tuple(entries), 0
            self.repaint()

    def move(self, step: int) -> None:
        """Move the bar."""
        self.at = min(max(0, self.at + step), max(0, len(self.entries) - 1))
        self.repaint()

    @property
    def selected(self) -> Entry | None:
        return self.entries[self.at] if self.at < len(self.entries) else None

    def paint(self, cells: int) -> list[Strip]:
        if not self.entries:
            return [line(cells, [(f"  {_('Nothing is called that')}", "soft")], ground="panel")]
        return [self._line(at, entry, cells) for at, entry in enumerate(self.entries)]

    def _line(self, at: int, entry: Entry, cells: int) -> Strip:
        here = at == self.at
        digit = f" {entry.digit or ' '} "
        look = "digit.off" if entry.off else "digit.hot" if here else "digit"
        pieces: list[Piece] = [
            ("▐" if here else " ", "mark"),
            (digit, look if entry.digit else "dim"),
            (f" {entry.label}", "off" if entry.off else "strong" if here else "text"),
            (f"   {entry.note or entry.off}" if entry.off or entry.note else "", "dim"),
        ]
        return line(cells, pieces, ground="selected" if here else "panel")

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self.entries):
            self.at = event.y
            self.post_message(MenuField.Went("enter"))


class MenuField(Field):
    """The find field of the menu: digits pick while nothing is typed, arrows move the bar."""

    class Went(Message):
        """A key that is the menu's: a digit, up, down or enter."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    async def _on_key(self, event: events.Key) -> None:
        typed = menu_acts.digit_of(event)
        if event.key in ("up", "down", "enter"):
            went = event.key
        elif typed and not self.value:
            went = typed
        else:
            return
        event.stop()
        event.prevent_default()
        self.post_message(self.Went(went))


class MenuModal(ModalScreen[None]):
    """The menu over a screen; what it does, it does there."""

    DEFAULT_CSS = """
    MenuModal { align: center top; }
    MenuModal > Vertical {
        width: 64; max-width: 96%; height: auto; max-height: 100%; margin: 2 0; padding: 1 2;
        background: $panel;
    }
    MenuModal Panel { height: auto; background: $panel; }
    MenuModal MenuField { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("f10", "leave", show=False, priority=True),
    ]

    def __init__(self, under: "DeskScreen") -> None:
        super().__init__()
        self.under = under
        self._keys = False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Panel([Heading(_("Menu"), _("type to find, or press a digit"))], edge=0)
            yield MenuField(placeholder=_("English, Chinese or pinyin initials"), length=20, id="find")
            yield MenuList(self.entries(""), id="list")

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#find", MenuField))

    @property
    def list(self) -> MenuList:
        return self.query_one("#list", MenuList)

    def entries(self, typed: str) -> tuple[Entry, ...]:
        """The lines for what is typed: nothing typed, the page at hand; else whatever is called that."""
        place = self.under.place
        board = may_look(place.desk.actor) and self.under.context is not keys.Context.SUPERVISOR
        page = main_entries(
            self.under.app_state(), place.call is not None, board=board, notices=place.notices
        )
        by_number = key_entries(self.under)
        if not typed.strip():
            return by_number if self._keys else page
        found = [one for one in (*by_number, *page, *kind_entries()) if one.found_by(typed)]
        return tuple(replace(one, digit="") for one in found[:9])

    def on_field_changed(self, event: Field.Changed) -> None:
        self.list.show(self.entries(event.value))

    def on_menu_field_went(self, message: MenuField.Went) -> None:
        if message.key in ("up", "down"):
            self.list.move(-1 if message.key == "up" else 1)
        elif message.key == "enter":
            self._pick(self.list.selected)
        else:
            self._pick(next((one for one in self.list.entries if one.digit == message.key), None))

    def _pick(self, entry: Entry | None) -> None:
        if entry is None:
            return
        if entry.off:
            self.query_one(Panel).show([Heading(_("Menu"), entry.off)])
        elif entry.code == "keys":
            self._keys = True
            self.list.show(self.entries(""))
        else:
            self.dismiss(None)
            menu_acts.run(self.under, entry.code)

    def action_leave(self) -> None:
        field = self.query_one("#find", MenuField)
        if field.value:
            field.put("")
        elif self._keys:
            self._keys = False
            self.list.show(self.entries(""))
        else:
            self.dismiss(None)
