"""Text in terminal cells: its width, cutting it, padding it and breaking it into lines.

Widths are Rich's, because the compositor counts with them; text must have been through
`bdesk.text.clean` (use `shown`), which leaves nothing whose width depends on its neighbours.
Numbers, amounts and Latin words are never cut or broken as long as they fit a line by themselves,
and Chinese punctuation keeps to its side of a line break (UX, Screens).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

from bdesk.text import clean

MORE = ".."
"""What stands for text that was left out; an ellipsis is two cells in some terminals."""

_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff01-\uff0b\uff0d\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff60\uffe0-\uffe6"
    "\U0001f200-\U0001faff\U00016fe0-\U00018cff\U0001b000-\U0001b2ff\U00020000-\U0003fffd"
)
_TOKEN = re.compile(f"\n|[ \u3000]+|[{_WIDE}]|[^{_WIDE} \n\u3000]+")
_NO_START = frozenset("，。！？；：、）】》」』〉〕〗’”％·・～—,.;:!?)]}%…‥々")
_NO_END = frozenset("（【《「『〈〔〖‘“([{¥￥$")
_COUNTED = re.compile(r"\d(?:[年月日天时分秒元件次笔个份步位号室]|小时?|[年月]\d)$")
"""A number goes on into what it counts, and a month into its day: 11月19日, 24小时."""
_KEEP = 4096


@lru_cache(_KEEP)
def _shown(text: str) -> str:
    return clean(text)


def shown(text: str) -> str:
    """The text as one line that is safe to paint."""
    return _shown(text) if len(text) < 400 else clean(text)


def width(text: str) -> int:
    """How many cells the text takes."""
    return cell_len(text)


def clusters(text: str) -> Iterator[str]:
    """Characters with the zero-width marks that follow them; a leading mark stands alone."""
    current = ""
    for character in text:
        if current and get_character_cell_size(character):
            yield current
            current = ""
        current += character
    if current:
        yield current


def tokens(text: str) -> list[str]:
    """Newlines, blanks, single wide characters, and runs that may not be broken.

    A mark without a width belongs to what stands before it.
    """
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if found and "\n" not in (found[-1], token) and not get_character_cell_size(token[0]):
            marks = len(token) - len(token.lstrip(_marks(token)))
            found[-1] += token[:marks]
            token = token[marks:]
        if token:
            found.append(token)
    return found


def _marks(token: str) -> str:
    return "".join(character for character in token if not get_character_cell_size(character))


def _cut(text: str, cells: int) -> tuple[str, str]:
    """The part of the text that fits and the rest, cut between characters."""
    taken: list[str] = []
    used = 0
    for cluster in clusters(text):
        size = cell_len(cluster)
        if used + size > cells:
            break
        taken.append(cluster)
        used += size
    head = "".join(taken)
    return head, text[len(head) :]


def _is_number(token: str) -> bool:
    return any(character.isdigit() or character == "*" for character in token)


@lru_cache(_KEEP)
def crop(text: str, cells: int) -> str:
    """The text in at most `cells` cells, ".." standing for what was left out.

    A number, an amount or a masked key is left out whole rather than shown in part, since half an
    amount is another amount; a word is cut only where nothing else would be left.
    """
    if cells <= 0:
        return ""
    if cell_len(text) <= cells:
        return text
    room = cells - len(MORE)
    if room < 0:
        return MORE[:cells]
    kept = ""
    used = 0
    for token in tokens(text):
        size = cell_len(token)
        if used + size > room:
            # A long word beside a short one may lose its end: the words before it say little.
            if not _is_number(token) and size > 2 and used < room // 2:
                kept += _cut(token, room - used)[0]
            break
        kept += token
        used += size
    return kept.rstrip() + MORE


@lru_cache(_KEEP)
def pad(text: str, cells: int, align: str = "left") -> str:
    """The text in exactly `cells` cells, cut or filled with blanks; `align` is left or right."""
    text = crop(text, cells)
    blanks = " " * max(0, cells - cell_len(text))
    return blanks + text if align == "right" else text + blanks


def _units(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces that may not be broken, each with whether it is blank; newlines by themselves."""
    held = ""
    for token in tokens(text):
        if token == "\n" or token[0] in " \u3000":
            if held:
                yield held, False
                held = ""
            yield token, True
        elif not held:
            held = token
        elif token[0] in _NO_START or held[-1] in _NO_END or _COUNTED.search(held[-3:] + token[0]):
            held += token
        else:
            yield held, False
            held = token
    if held:
        yield held, False


class _Lines:
    """Lines being filled with units, `cells` wide."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.done: list[str] = []
        self.line = ""
        self.used = 0

    def end(self) -> None:
        self.done.append(self.line.rstrip(" \u3000"))
        self.line = ""
        self.used = 0

    def add(self, unit: str) -> None:
        size = cell_len(unit)
        if self.used and self.used + size > self.cells:
            self.end()
        while size > self.cells:
            head, rest = _cut(unit, self.cells)
            if not head:
                return
            self.line = head
            self.end()
            unit, size = rest, cell_len(rest)
        self.line += unit
        self.used += size

    def blank(self, unit: str) -> None:
        if unit == "\n":
            self.end()
        elif self.line or not self.done:
            size = cell_len(unit)
            if self.used + size <= self.cells:
                self.line += unit
                self.used += size
            else:
                self.end()


@lru_cache(1024)
def wrap(text: str, cells: int, most: int | None = None) -> tuple[str, ...]:
    """The text as lines of at most `cells` cells; with `most`, the last line kept ends in "..".

    No line starts with a closing mark or ends with an opening one. A piece wider than a line is
    broken where the line ends. At least one line; `cells` below 2 counts as 2.
    """
    lines = _Lines(max(2, cells))
    for unit, is_blank in _units(text):
        if is_blank:
            lines.blank(unit)
        else:
            lines.add(unit)
    if lines.line or not lines.done:
        lines.end()
    result = lines.done
    if most is not None and len(result) > most:
        last = crop(result[most - 1] + " " * lines.cells + ".", lines.cells)
        result = [*result[: most - 1], last]
    return tuple(result)
