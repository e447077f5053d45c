"""Which columns a queue row has at a width, and a row as a strip."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from rich.segment import Segment
from textual.strip import Strip

from bdesk.i18n import N_, _, language, pick
from bdesk.models.views.queue import QueueRow
from bdesk.widgets import theme
from bdesk.widgets.cells import crop, pad, shown, width
from bdesk.widgets.chip import TIME_CELLS, Chip
from bdesk.widgets.lines import Piece, joined, line

_STRIPS_KEPT = 256

CHIP_AT = 4
"""The chip's first column, after the bar, the digit and the mark."""


def _short_tag(code: str) -> str:
    return {
        "vip": "VIP",
        "minor": pick("未成年", "Minor"),
        "elderly": pick("长者", "Elder"),
        "public": pick("公开", "Public"),
        "regulator": pick("监管", "Regul"),
        "fraud": pick("涉诈", "Fraud"),
        "repeat": pick("重复", "Again"),
        "abusive": pick("辱骂", "Abuse"),
        "letter_failed": pick("信未达", "Bounced"),
        "payment_unknown": pick("款未明", "Unclear"),
        "promise_broken": pick("失约", "Broken"),
        "data_gap": pick("缺数据", "Gap"),
        "common_problem": pick("共性", "Common"),
        "raised": pick("升级", "Raised"),
        "reopened": pick("重开", "Reopen"),
    }.get(code, code)


@dataclass(frozen=True, slots=True)
class QueueWords:
    """How codes read in the list: each a function from a code to a short label in the language in use.

    `whom` names what a stopped clock waits for and has five cells.
    """

    kind: Callable[[str], str] = str
    whom: Callable[[str], str] = str
    group: Callable[[str], str] = str
    channel: Callable[[str], str] = str
    person: Callable[[str], str] = str
    tag: Callable[[str], str] = _short_tag


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column; 0 leaves a column out. The summary takes what is left."""

    cells: int
    chip: int
    kind: int
    customer: int
    summary: int
    owner: int = 0
    group: int = 0
    channel: int = 0
    age: int = 0


@lru_cache(64)
def columns_for(cells: int, name: str) -> Columns:
    """The columns for a list of this width in a language ("zh" or "en")."""
    chip = TIME_CELLS + (5 if name == "zh" else 7)
    # A masked name and the longest tag stand in the customer's column whole.
    kind, customer = (9, 12) if name == "zh" else (15, 13)
    owner = group = channel = age = 0
    if cells >= 104:
        owner, age = 11, 7
    if cells >= 124:
        channel = 9 if name == "zh" else 11
    if cells >= 136:
        group, channel = 13, 13 if name == "zh" else 18
        customer += 2  # a surname of two characters is shown whole
    used = CHIP_AT + chip + 2 + kind + customer + owner + group + channel + age
    return Columns(cells, chip, kind, customer, max(0, cells - used - 1), owner, group, channel, age)


def age_text(opened_at: datetime, now: datetime) -> str:
    """How long ago something was opened: minutes, then hours, then days."""
    minutes = max(0, int((now - opened_at).total_seconds() // 60))
    if minutes < 60:
        return pick(f"{minutes}分", f"{minutes}m")
    if minutes < 48 * 60:
        return pick(f"{minutes // 60}时", f"{minutes // 60}h")
    return pick(f"{minutes // 1440}天", f"{minutes // 1440}d")


def header_pieces(columns: Columns) -> list[Piece]:
    """The names of the columns."""
    pieces: list[Piece] = [
        (" " * CHIP_AT + pad(_("Due"), columns.chip + 2), "dim"),
        (pad(_("Kind"), columns.kind), "dim"),
        (pad(_("Customer"), columns.customer), "dim"),
        (pad(_("Summary"), columns.summary) + " ", "dim"),
    ]
    for cells, name in (
        (columns.owner, _("Owner")),
        (columns.group, _("Group")),
        (columns.channel, _("Channel")),
        (columns.age, _("Age")),
    ):
        if cells:
            pieces.append((pad(" " + name, cells), "dim"))
    return pieces


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row stands in the list: its digit (0 for none), and whether it is selected, marked or gone."""

    digit: int
    selected: bool
    marked: bool
    gone: bool


def _customer(row: QueueRow, cells: int, words: QueueWords, plain: str) -> list[Piece]:
    name = crop(shown(row.customer), cells - 1)
    pieces: list[Piece] = [(name, plain)]
    left = cells - 1 - width(name)
    for tag in row.tags:
        text = " " + shown(words.tag(tag))
        if width(text) > left:
            break
        pieces.append((text, "vip"))
        left -= width(text)
    pieces.append((" " * (left + 1), plain))
    return pieces


def row_strip(
    row: QueueRow, chip: Chip, look: RowLook, columns: Columns, words: QueueWords, now: datetime
) -> Strip:
    """One row, exactly as wide as the columns say."""
    ground = "selected" if look.selected else "base"
    plain, quiet = ("off", "off") if look.gone else ("row", "summary")
    mark = "✓" if look.marked else " "
    pieces: list[Piece] = [
        ("▐" if look.selected else " ", "mark"),
        (str(look.digit) if look.digit else " ", "mark" if look.selected else "soft"),
        (mark + " ", "good"),
        chip.piece,
        ("  ", plain),
        (pad(shown(words.kind(row.kind)), columns.kind - 1) + " ", plain),
        *_customer(row, columns.customer, words, plain),
        (pad(shown(row.summary), columns.summary) + " ", quiet),
    ]
    for cells, text in (
        (columns.owner, words.person(row.owner) if row.owner else ""),
        (columns.group, words.group(row.group) if row.group else ""),
        (columns.channel, words.channel(row.channel) if row.channel else ""),
        (columns.age, age_text(row.opened_at, now) if columns.age else ""),
    ):
        if cells:
            pieces.append((" " + pad(shown(text), cells - 1), "off" if look.gone else "soft"))
    style = theme.current().style
    segments = [Segment(text, style(role, ground)) for text, role in pieces if text]
    made = Strip(joined(segments))
    if made.cell_length == columns.cells:
        return made
    # Only a list narrower than its fixed columns comes here.
    return line(columns.cells, pieces, ground=ground)


class RowStrips:
    """Rows as strips, painted once until the row, its chip or its look is another."""

    def __init__(self, words: QueueWords) -> None:
        self.words = words
        self._kept: OrderedDict[tuple[object, ...], tuple[QueueRow, Strip]] = OrderedDict()

    def forget(self) -> None:
        """Paint everything anew, as after a change of language."""
        self._kept.clear()

    def strip(self, row: QueueRow, chip: Chip, look: RowLook, cells: int, now: datetime) -> Strip:
        """The row's strip, `cells` wide."""
        columns = columns_now(cells)
        # The age moves with the clock, even where nothing else does.
        minute = int(now.timestamp() // 60) if columns.age else 0
        key = (row.case_id, chip, look, columns, minute, theme.current().name)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is row:
            self._kept.move_to_end(key)
            return kept[1]
        made = row_strip(row, chip, look, columns, self.words, now)
        self._kept[key] = (row, made)
        if len(self._kept) > _STRIPS_KEPT:
            self._kept.popitem(last=False)
        return made


_TITLES = {"mine": N_("Mine"), "waiting": N_("Waiting"), "aside": N_("Put aside")}
_NOTES = {"waiting": N_("by due time")}


def section_title(code: str) -> str:
    """The heading of a section."""
    return _(_TITLES[code]) if code in _TITLES else code


def section_note(code: str) -> str:
    """What stands beside a section's heading: the order of its rows."""
    return _(_NOTES[code]) if code in _NOTES else ""


def columns_now(cells: int) -> Columns:
    """The columns for this width in the language in use."""
    return columns_for(cells, language())
