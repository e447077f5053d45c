"""Evidence rows: kind, size, time; Enter opens a piece, Space ticks it. Unseen cannot be ticked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from bdesk.clock import LOCAL
from bdesk.i18n import _
from bdesk.models.labels import label
from bdesk.operations.looking.case import CasePage
from bdesk.widgets.cells import crop, pad, shown, width
from bdesk.widgets.lines import Painted, Piece, line


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece. `seen`: by the person who is signed in; `by`: else the colleague who looked at it last."""

    id: int
    kind: str
    about: str
    address: str
    seen: bool
    clear: bool | None
    by: str = ""


def evidence_rows(page: CasePage) -> list[EvidenceRow]:
    """The case's evidence, oldest first."""
    rows = []
    today = page.standing.snapshot.now.astimezone(LOCAL).date()
    for piece in page.standing.snapshot.evidence:
        at = piece.received_at.astimezone(LOCAL)
        when = f"{at:%H:%M}" if at.date() == today else f"{at.month}/{at.day}"
        about = f"{size_words(piece.size_bytes)} {when}".lstrip()
        seen, by = piece.id in page.looked, piece.looked_by or ""
        kind = label(piece.kind)
        rows.append(EvidenceRow(piece.id, kind, about, piece.address, seen, piece.clear, "" if seen else by))
    return rows


def _told(row: EvidenceRow) -> str:
    """Who has not seen a piece yet."""
    if row.seen:
        return ""
    return f"  {_('only {by} saw it', by=row.by) if row.by else _('not seen')}"


def size_words(size: int) -> str:
    """A size as people say it."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, size // 1000)} kB" if size else ""


class EvidenceList(Painted, can_focus=False):
    """A short list; Tab reaches it once it holds a piece."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "open", show=False),
        Binding("space,ideographic_space", "tick", show=False),
    ]

    class Opened(Message):
        """Enter on a piece."""

        def __init__(self, row: EvidenceRow) -> None:
            super().__init__()
            self.row = row

    class Ticked(Message):
        """Space on a piece."""

        def __init__(self, row: EvidenceRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, ground: str = "panel", id: str | None = None) -> None:
        super().__init__(id=id)
        self.ground = ground
        self.rows: tuple[EvidenceRow, ...] = ()
        self.at = 0

    def show(self, rows: Sequence[EvidenceRow]) -> None:
        """Show other evidence."""
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.at = min(self.at, max(0, len(self.rows) - 1))
            self.can_focus = bool(self.rows)
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        if not self.rows:
            return []
        edge = "  " if self.ground == "panel" else ""
        lines = [
            line(
                cells,
                [(edge, "text"), (_("Evidence"), "title"), (f"  {len(self.rows)}", "dim")],
                ground=self.ground,
            )
        ]
        kind_cells, told_cells = self._columns(cells)
        for at, row in enumerate(self.rows):
            mark, role = ("✓", "good") if row.clear else ("!", "bad") if row.clear is False else (" ", "dim")
            bar = "▐" if at == self.at and self.has_focus else " "
            told = pad(_told(row), max(told_cells, width(_told(row))))
            kind = crop(shown(row.kind), kind_cells or cells - 4 - width(told))
            pieces: list[Piece] = [
                (bar, "mark"),
                (f" {mark} ", role),
                (pad(kind, max(kind_cells, width(kind))), "text"),
                (told, "warn"),
            ]
            # The size and day go where there is no room for them, rather than a piece of a word.
            if sum(width(text) for text, _role in pieces) + width(row.about) + 2 <= cells:
                pieces.append((f"  {row.about}", "dim"))
            lines.append(line(cells, pieces, ground=self.ground))
        return lines

    def _columns(self, cells: int) -> tuple[int, int]:
        """What kinds, and what is told of unseen ones, are padded to: sizes and days stand below each other
        where there is room for that; where there is room for none of them, what is told does."""
        kinds = max(width(shown(row.kind)) for row in self.rows)
        told = max(width(_told(row)) for row in self.rows)
        about = max(width(row.about) for row in self.rows)
        if 4 + kinds + told + 2 + about <= cells:
            return kinds, told
        some = any(
            4 + width(shown(row.kind)) + width(_told(row)) + 2 + width(row.about) <= cells
            for row in self.rows
        )
        return (0, 0) if some else (max(2, min(kinds, cells - 5 - told)), told)

    def watch_has_focus(self, _has_focus: bool) -> None:
        # Not on_focus and on_blur: those come before `has_focus` has changed.
        super().watch_has_focus(_has_focus)
        self.repaint()

    def take_up(self, at: int) -> None:
        """Go on at a piece, for who was looking through them."""
        self.at = min(at, max(0, len(self.rows) - 1))
        self.focus()

    def action_move(self, step: int) -> None:
        self.at = min(max(0, self.at + step), max(0, len(self.rows) - 1))
        self.repaint()

    def action_open(self) -> None:
        if self.rows:
            self.post_message(self.Opened(self.rows[self.at]))

    def action_tick(self) -> None:
        if self.rows:
            self.post_message(self.Ticked(self.rows[self.at]))
