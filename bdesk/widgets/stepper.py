"""The steps of a procedure: done ones ticked, the present one marked, later ones dim. No digits (UX 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.strip import Strip

from bdesk.i18n import _
from bdesk.widgets.cells import shown, width
from bdesk.widgets.lines import Ground, Painted, Piece, blank, line, measure


@dataclass(frozen=True, slots=True)
class Step:
    """A step or stage. `state` is done, now or later; `short` is its name for one line of many.

    `by` says how a done step was answered or that the system ticked it, `at` when ("14:33").
    """

    name: str
    state: str
    short: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class StepperValues:
    """A procedure's title and steps, the time spent on this step and its usual time ("00:42", "01:30")."""

    title: str
    steps: tuple[Step, ...] = ()
    spent: str = ""
    usual: str = ""
    slow: bool = False


def _time(v: StepperValues, cells: int) -> list[Piece]:
    if not v.spent:
        return []
    pieces: list[Piece] = [(f"{_('This step')} ", "dim"), (v.spent, "warn" if v.slow else "strong")]
    if v.usual:
        pieces.append((f"  {_('usual')} {v.usual}" if cells >= 48 else f" / {v.usual}", "dim"))
    return [*pieces, (" ", "text")]


def _counted(v: StepperValues) -> str:
    if not v.steps:
        return ""
    done = sum(step.state == "done" for step in v.steps)
    return f"{min(len(v.steps), done + 1)}/{len(v.steps)}"


class StepperHead(Painted):
    """The title, the step's number among all, the time; where one line must do, the steps too.

    With `wide` False the steps stand in the same line, as in 80 columns.
    """

    def __init__(self, values: StepperValues, *, wide: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.values = values
        self.wide = wide

    def show(self, values: StepperValues, *, wide: bool | None = None) -> None:
        """Show other steps, or the same with more time spent."""
        wide = self.wide if wide is None else wide
        if (values, wide) != (self.values, self.wide):
            self.values, self.wide = values, wide
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        v = self.values
        right = _time(v, 0 if not self.wide else cells)
        if self.wide:
            left: list[Piece] = [(f" {v.title}", "strong"), (f"   {_counted(v)}", "dim")]
            if measure(left) + measure(right) >= cells:
                right = _time(v, 0)
            return [line(cells, left, right)]
        left = [(v.title, "strong")]
        inline = _inline(v.steps)
        if measure(left) + measure(inline) + measure(right) + 3 > cells:
            inline = [(_counted(v), "dim"), *_inline(v.steps, only_now=True)]
        return [line(cells, [*left, ("  ", "text"), *inline], right)]


def _inline(steps: Sequence[Step], only_now: bool = False) -> list[Piece]:
    pieces: list[Piece] = []
    for step in steps:
        name = step.short or step.name
        if step.state == "now":
            pieces += [(" ", "text"), (f" {name} ", "step.now"), (" ", "text")]
        elif only_now:
            continue
        elif step.state == "done":
            pieces += [("✓ ", "good"), (f"{name} ", "soft")]
        else:
            pieces += [(f" {name} ", "dim")]
    return pieces


class StepList(Painted):
    """Steps one below the other: those before the present one and itself, or those after it."""

    def __init__(self, steps: Sequence[Step] = (), *, ground: Ground = "base", id: str | None = None) -> None:
        super().__init__(id=id)
        self.steps = tuple(steps)
        self.ground = ground

    def show(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        if tuple(steps) != self.steps:
            self.steps = tuple(steps)
            self.repaint()

    def paint(self, cells: int) -> list[Strip]:
        lines: list[Strip] = []
        for step in self.steps:
            mark, role, name = {
                "done": ("✓", "good", "soft"),
                "now": ("▸", "mark", "strong"),
            }.get(step.state, (" ", "dim", "dim"))
            aside = shown(step.by)
            right: list[Piece] = []
            if step.at or aside:
                if width(aside) > cells // 2 or width(shown(step.name)) + width(aside) + 13 > cells:
                    aside = ""
                # Without a time it stands under those that have one all the same.
                right = [(f"{aside}  " if aside else "", "dim"), (f"{step.at:>5} ", "dim")]
            lines.append(
                line(cells, [("  ", "text"), (mark, role), (f" {step.name}", name)], right, self.ground)
            )
        return lines or [blank(cells, self.ground)]
