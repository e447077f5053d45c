"""The first line of every screen: where one is, the call, who one is and in which state, the time."""

from dataclasses import dataclass, replace

from textual.strip import Strip

from bdesk.i18n import _
from bdesk.widgets.lines import Painted, Piece, line

PERSON_STATES = ("online", "break", "away", "after_call", "training", "offline")


@dataclass(frozen=True, slots=True)
class HeaderValues:
    """What the header says. `state` is one of PERSON_STATES and `state_label` its word.

    `call` is the running time of a call ("03:18") or empty; `clock` the store's local time ("14:32").
    `number` is left out where the line is short.
    """

    title: str = ""
    extra: str = ""
    training: bool = False
    call: str = ""
    number: str = ""
    person: str = ""
    state: str = "online"
    state_label: str = ""
    clock: str = ""


class Header(Painted):
    """One line: the desk's name, the screen's title, and on the right the call, the person and the time."""

    ground = "bar"

    def __init__(self, values: HeaderValues | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.values = values or HeaderValues()

    def show(self, values: HeaderValues) -> None:
        """Say something else; only cells that differ are painted."""
        if values != self.values:
            self.values = values
            self.repaint()

    def tick(self, *, clock: str, call: str) -> None:
        """Move the time and the call's timer on."""
        self.show(replace(self.values, clock=clock, call=call))

    def paint(self, cells: int) -> list[Strip]:
        v = self.values
        left: list[Piece] = [(" bdesk ", "brand"), (f" {v.title}", "strong")]
        if v.training:
            left += [(" ", "text"), (f" {_('Training')} ", "training")]
        if v.extra:
            left.append((f"  {v.extra}" if cells >= 100 else f" {v.extra}", "soft"))
        right: list[Piece] = []
        if v.call:
            right += [
                (f"{_('On call')} ", "soft"),
                (v.call, "strong"),
                ("  " if cells < 100 else "   ", "text"),
            ]
        who = v.person if cells < 100 or not v.number else f"{v.number} {v.person}"
        if who:
            right.append((f"{who} ", "soft"))
        if v.state_label:
            right.append((f" {v.state_label} ", f"state.{v.state}"))
        if v.clock:
            right.append((f" {v.clock} " if cells < 100 else f"  {v.clock} ", "text"))
        return [line(cells, left, right, "bar")]
