"""What the system checked: each fact, its value and the rule it was held against, so that one sees why."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.strip import Strip

from bdesk.widgets.cells import pad, shown, width, wrap
from bdesk.widgets.lines import Painted, Piece, line


@dataclass(frozen=True, slots=True)
class Check:
    """A fact and its value as one text ("signed 3 days ago"), the rule, and whether it holds.

    `holds` None: not known yet, which is neither a tick nor a fault. A `plain` fact that is known has no rule
    to hold against: no mark calls it good, high risk least of all.
    """

    text: str
    rule: str = ""
    holds: bool | None = True
    plain: bool = False

    @property
    def mark(self) -> tuple[str, str]:
        """Its mark and the role of that."""
        return (" ", "text") if self.plain and self.holds else _MARKS[self.holds]


MOST_ROWS = 3
"""Lines that checks may take side by side before the rules of those that hold are left out."""

_MARKS = {True: ("✓", "good"), False: ("!", "bad"), None: ("?", "warn")}


class Facts(Painted):
    """Checks one below the other, or side by side on as few lines as will hold them."""

    def __init__(
        self,
        checks: Sequence[Check] = (),
        *,
        title: str = "",
        beside: bool = False,
        indent: int = 0,
        id: str | None = None,
    ) -> None:
        """`beside` puts the title to the left and the checks side by side, as in 80 columns."""
        super().__init__(id=id)
        self.checks = tuple(checks)
        self.title, self.beside, self.indent = title, beside, indent

    def show(self, checks: Sequence[Check]) -> None:
        """Show other checks."""
        if tuple(checks) != self.checks:
            self.checks = tuple(checks)
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        if not self.checks:
            return []
        if self.beside:
            return self._side_by_side(cells)
        lines = [line(cells, [(" " * self.indent + self.title, "dim")])] if self.title else []
        text_cells = min(max(width(shown(check.text)) for check in self.checks), max(8, cells // 2))
        room = max(8, cells - self.indent - text_cells - 4)
        for check in self.checks:
            mark, role = check.mark
            texts = wrap(shown(check.text), text_cells)
            rules = wrap(shown(check.rule), room) if check.rule else ()
            padded = text_cells
            if len(rules) > 1 and len(texts) == 1:
                # Out of line with the others, but whole on one line.
                own = width(texts[0])
                if width(shown(check.rule)) <= room + text_cells - own:
                    rules, padded = (shown(check.rule),), room + text_cells - width(shown(check.rule))
            for n in range(max(len(texts), len(rules))):
                text = texts[n] if n < len(texts) else ""
                rule = rules[n] if n < len(rules) else ""
                pieces: list[Piece] = [
                    (" " * self.indent, "text"),
                    (mark, role) if n == 0 else (" ", "text"),
                    (f" {pad(text, padded)}  ", "text" if check.holds is not False else "strong"),
                    (rule, "dim"),
                ]
                lines.append(line(cells, pieces))
        return lines

    def _side_by_side(self, cells: int) -> list[Strip]:
        """On as few lines as will do; where they are many, checks that hold go without their rule."""
        rows = self._rows(cells, every_rule=True)
        return rows if len(rows) <= MOST_ROWS else self._rows(cells, every_rule=False)

    def _rows(self, cells: int, *, every_rule: bool) -> list[Strip]:
        lead = min(width(shown(self.title)) + 2, cells // 3) if self.title else 0
        rows: list[list[Piece]] = [[(pad(shown(self.title), lead), "dim")]]
        used = lead
        marked = any(check.mark[0] != " " for check in self.checks)
        for check in self.checks:
            mark, role = check.mark
            text = shown(check.text)
            rule = shown(check.rule) if every_rule or check.holds is not True else ""
            size = 2 + width(text) + (width(rule) + 1 if rule else 0)
            if used > lead and used + 3 + size > cells:
                rows.append([(" " * lead, "text")])
                used = lead
            gap = "   " if used > lead else ""
            # Without a mark it stands in line with the marked ones above and below it.
            head = f"{mark} " if mark != " " or (marked and not gap) else ""
            rows[-1] += [(gap, "text"), (head[:1], role), (head[1:], "text")]
            # Longer than a line of its own: what it names last counts as much as what it names first.
            first, *rest = wrap(text, max(8, cells - lead - width(head)))
            rows[-1].append((first, "text"))
            used += len(gap) + width(head) + width(first)
            for more in rest:
                rows.append([(" " * (lead + width(head)), "text"), (more, "text")])
                used = lead + width(head) + width(more)
            if rule and used + 1 + width(rule) <= cells:
                rows[-1].append((f" {rule}", "dim"))
                used += 1 + width(rule)
            elif rule:
                rows.append([(" " * (lead + width(head)), "text"), (rule, "dim")])
                used = lead + width(head) + width(rule)
        return [line(cells, pieces) for pieces in rows]
