"""A screen that is one list: a digit or Enter opens a line of it, and a few words stand below."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from bdesk import keys
from bdesk.i18n import _
from bdesk.screens.base import DeskScreen
from bdesk.screens.queue.figures import Lines
from bdesk.widgets.cells import crop, shown, width
from bdesk.widgets.hits import Hit, Hits

LEAST = 16
"""Cells of words that are worth more than what found a line."""


def fitted(hits: Sequence[Hit], cells: int) -> list[Hit]:
    """The hits with the words in their first column cropped, so that everything beside them stays whole in a
    line of `cells`; what found them gives way first."""
    if not hits:
        return []
    beside = 6 + sum(
        max(width(shown(one.columns[n])) for one in hits) + 2 for n in range(1, len(hits[0].columns))
    )
    beside += max(width(one.chip.text) + 1 if one.chip is not None else 0 for one in hits)
    beside += max(width(shown(one.note)) + 1 if one.note else 0 for one in hits)
    aside = max(width(shown(one.found_by)) for one in hits) + 2
    room = cells - beside - aside
    if room < LEAST:
        room = max(1, cells - beside)
    return [replace(one, columns=(crop(shown(one.columns[0]), room), *one.columns[1:])) for one in hits]


class HitListScreen(DeskScreen):
    """Subclasses read the lines, show them in `hits`, and answer `on_hits_picked`."""

    context: ClassVar[keys.Context] = keys.Context.CUSTOMER
    DEFAULT_CSS = """
    HitListScreen #hits { margin: 1 0 0 0; }
    HitListScreen #below { margin: 1 0 0 0; }
    """

    def compose_body(self) -> ComposeResult:
        yield Hits(chips_first=True, id="hits")
        yield Lines(id="below")

    def on_mount(self) -> None:
        self.set_focus(self.hits)

    @property
    def hits(self) -> Hits:
        return self.query_one("#hits", Hits)

    @property
    def room(self) -> int:
        """How many lines of the list are shown: never fewer than there are digits."""
        return max(9, self.size.height - 8)

    def footer_off(self) -> dict[str, str]:
        here = _("This works in a case: open one by its digit")
        off = dict.fromkeys(("desk.note", "desk.park", "desk.raise", "desk.customer"), here)
        off["desk.commit"] = _("Nothing is pending: F8 does what a strip says")
        return off

    def on_resize(self) -> None:
        self.refresh_now()

    def do_choose(self, digit: int) -> None:
        self.hits.choose(digit)

    def do_back(self) -> None:
        self.dismiss()
