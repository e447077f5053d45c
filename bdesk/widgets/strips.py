"""The strips above the footer (and below the header): one line each, one thing each.

Every strip is a value; `StripBar` shows the one it is given, or takes no line at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.strip import Strip

from bdesk.i18n import _
from bdesk.widgets.cells import shown, tokens, width, wrap
from bdesk.widgets.lines import Ground, Painted, Piece, line, measure


@dataclass(frozen=True, slots=True)
class StripValues:
    """A strip: its kind (a ground, which also names its label's look), label, words, and keys on the right.

    `keys` are (key, what it does) pairs, the most important first; `count` stands before them and is never
    cropped, as the words may be. `whole`: the words take as many lines as they need.
    """

    kind: Ground
    label: str
    words: tuple[Piece, ...]
    keys: tuple[tuple[str, str], ...] = ()
    count: str = ""
    whole: bool = False


def pending(words: Sequence[Piece], *, flash: bool = False) -> StripValues:
    """What F8 will do, in words. With `flash`, F8 came too early and must be pressed again (UX 5)."""
    does = _("press again") if flash else _("Do")
    return StripValues("pending", _("Pending"), tuple(words), (("F8", does), ("Esc", _("Drop"))))


def recall(words: Sequence[Piece], seconds: int, items: int = 1, others: int = 0) -> StripValues:
    """What was committed, and how many seconds are left in which Ctrl+Z recalls it. `items`: how many commits
    of the case that takes back; `others`: how many can be recalled on other cases after it."""
    left = _("sent in {seconds} s", seconds=seconds)
    if items > 1:
        left = f"{_('{count} together', count=items)}  {left}"
    if others:
        left = f"{_('{count} more behind', count=others)}  {left}"
    return StripValues("recall", _("Committed"), tuple(words), (("Ctrl+Z", _("Recall")),), left)


def alert(word: str, words: Sequence[Piece], key: str, does: str) -> StripValues:
    """A case about to be late, or late: `word` is its state's word."""
    return StripValues("alert", word, tuple(words), ((key, does),) if key else ())


def call(words: Sequence[Piece], does: str, key: str = "F9") -> StripValues:
    """A call is ringing; `does` says what taking it does to the case in hand."""
    return StripValues("call", _("Call"), tuple(words), ((key, does),))


def ime_hint(typed: str) -> StripValues:
    """Han characters came where keys were meant: the input method is in Chinese mode (UX, Keys)."""
    words = _("“{typed}” was not taken as a key. Shift for English, or use F-keys and digits", typed=typed)
    return StripValues("hint", _("Input method is on"), ((words, "text"),))


def notice(label: str, words: Sequence[Piece]) -> StripValues:
    """Something everybody is told; the menu shows it whole."""
    return StripValues("hint", label, tuple(words), (("F10", _("all of it")), ("Esc", _("seen"))))


def offline(words: Sequence[Piece], paused: str = "F8") -> StripValues:
    """The store cannot be reached: since when, how old the data are; what is paused meanwhile."""
    return StripValues("offline", _("Offline"), tuple(words), ((paused, _("paused")),) if paused else ())


class StripBar(Painted):
    """Shows one strip, or nothing and then takes no line."""

    def __init__(self, values: StripValues | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.values = values

    def show(self, values: StripValues | None) -> None:
        """Show this strip from now on; None takes it away."""
        if values != self.values:
            self.values = values
            self.repaint()

    def flash(self, label: str) -> None:
        """Change what the first key is said to do, as when it came too early."""
        if self.values is not None and self.values.keys:
            (key, _does), *rest = self.values.keys
            self.show(replace(self.values, keys=((key, label), *rest)))

    def paint(self, cells: int) -> list[Strip]:
        v = self.values
        if v is None:
            return []
        right: list[Piece] = [(f"  {v.count}", "strong")] if v.count else []
        for key, does in v.keys:
            right += [("   " if right else "  ", "text"), (key, "key"), (f" {does}", "strong")]
        right.append((" ", "text"))
        if measure(right) > cells * 2 // 3:
            right = []
        label: list[Piece] = [(f" {v.label} ", f"label.{v.kind}"), ("  ", "text")]
        room = cells - measure(right) - 1
        if not (v.whole or v.kind in ("pending", "recall")) or measure([*label, *v.words]) <= room:
            return [line(cells, [*label, *v.words], right, v.kind)]
        return _whole(label, v.words, right, cells, v.kind)


def _whole(
    label: list[Piece], words: Sequence[Piece], right: list[Piece], cells: int, ground: Ground
) -> list[Strip]:
    """A strip on as many lines as its words need: nobody commits, or takes back, what they cannot read."""
    indent = min(measure(label), cells // 4)
    lines: list[Strip] = []
    current, room = list(label), cells - measure(right) - 1
    for text, role in words:
        for part in _parts(shown(text), max(8, cells - indent - 1)):
            if measure([*current, (part, role)]) > room and len(current) > (1 if lines else len(label)):
                lines.append(line(cells, current, () if lines else right, ground))
                current, room, part = [(" " * indent, "text")], cells - 1, part.lstrip()
            current.append((part, role))
    lines.append(line(cells, current, () if lines else right, ground))
    return lines


def _parts(text: str, cells: int) -> list[str]:
    """Unbreakable parts of a text, blanks before them, so that an amount or a word stays whole."""
    parts: list[str] = []
    for token in tokens(text):
        if parts and parts[-1].isspace():
            parts[-1] += token
        else:
            parts.append(token)
    return [piece for part in parts for piece in (wrap(part, cells) if width(part) > cells else (part,))]


@dataclass(frozen=True, slots=True)
class StatusValues:
    """The quiet line above the footer: changes that wait, hints, a saved draft, the age of the data."""

    held: int = 0
    hints: tuple[tuple[str, str], ...] = ()
    draft_saved: bool = False
    says: str = ""
    age: str = ""


class StatusLine(Painted):
    """One line: `▴ 2 changes not sorted in  0 re-sort`, hints of keys; on the right how old the data are."""

    def __init__(self, values: StatusValues | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.values = values or StatusValues()

    def show(self, values: StatusValues) -> None:
        """Say something else."""
        if values != self.values:
            self.values = values
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        v = self.values
        left: list[Piece] = [("    ", "text")]
        if v.held:
            left.append((f"▴ {_('{count} changes not sorted in', count=v.held)}", "warn"))
            left += [("  0 ", "key"), (f"{_('re-sort')}   ", "soft")]
        if v.draft_saved:
            left.append((f"✎ {_('draft saved')}   ", "dim"))
        if v.says:
            left.append((f"{v.says}   ", "text"))
        right: list[Piece] = [(f"{v.age} ", "dim")] if v.age else []
        for key, does in v.hints:
            hint: list[Piece] = [(f"{key} ", "soft"), (f"{does}   ", "dim")]
            if measure([*left, *hint]) + measure(right) + bool(right) > cells:
                break  # half a hint says nothing
            left += hint
        return [line(cells, left, right)]
