"""Which line of the queue list is which: headings and rows of the sections, digits, where the bar goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bdesk.models.views.queue import Section
from bdesk.widgets.queue_pages import Place

ROOMY = 26
"""From this height on there are column names and blank lines between the sections."""


@dataclass(frozen=True, slots=True)
class Span:
    """A section's lines: its heading's line (or None), its first row's line, and its number of rows."""

    code: str
    heading: int | None
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Sections on lines. Every question is answered from a handful of spans, whatever their length."""

    spans: tuple[Span, ...] = ()
    lines: int = 0
    roomy: bool = False

    @classmethod
    def of(cls, sections: Sequence[Section], height: int) -> "Layout":
        """The layout for a list of this height: roomy, or compact where height is short."""
        roomy = height >= ROOMY
        y = 1 if roomy else 0
        spans: list[Span] = []
        for section in sections:
            if not section.total and section.code != "waiting":
                continue
            # The first section needs no heading in a short list: its digits and chips say it.
            headed = roomy or bool(spans) or section.code != "mine"
            if roomy and spans:
                y += 1
            heading = y if headed else None
            y += 1 if headed else 0
            spans.append(Span(section.code, heading, y, section.total))
            y += section.total
        return cls(tuple(spans), y, roomy and bool(spans))

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(span.count for span in self.spans)

    def line_of(self, place: Place) -> int:
        """The line of a place; 0 for a section that is not shown."""
        span = next((span for span in self.spans if span.code == place[0]), None)
        return span.first + place[1] if span else 0

    def place_at(self, y: int) -> Place | None:
        """The place on a line; None where no row stands."""
        for span in self.spans:
            if span.first <= y < span.first + span.count:
                return span.code, y - span.first
        return None

    def headed_at(self, y: int) -> Span | None:
        """The section whose heading stands on a line."""
        return next((span for span in self.spans if span.heading == y), None)

    def heading_over(self, place: Place) -> int:
        """The line to be seen together with a place: a first row's heading, or its own line."""
        if place[1] == 0:
            for number, span in enumerate(self.spans):
                if span.code == place[0]:
                    return 0 if number == 0 else span.heading or span.first
        return self.line_of(place)

    def digits(self, top: int, height: int) -> dict[int, int]:
        """The digits 1-9 of the first nine rows in view, by line."""
        found: dict[int, int] = {}
        for y in range(top, top + height):
            if len(found) == 9:
                break
            if self.place_at(y) is not None:
                found[y] = len(found) + 1
        return found

    def moved(self, place: Place | None, step: int) -> Place | None:
        """The place so many rows on, across sections, at most the first or last; None without rows."""
        here = 0
        for span in self.spans:
            if place is not None and span.code == place[0]:
                here += place[1]
                break
            here += span.count if place is not None else 0
        target = min(max(0, here + step), self.rows - 1)
        for span in self.spans:
            if 0 <= target < span.count:
                return span.code, target
            target -= span.count
        return None

    def next_section(self, place: Place | None, step: int) -> Place | None:
        """The first row of the section so many on, round in a circle; None without rows."""
        codes = [span.code for span in self.spans if span.count]
        if not codes:
            return None
        here = codes.index(place[0]) if place and place[0] in codes else -1
        return codes[(here + step) % len(codes)], 0
