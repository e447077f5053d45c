"""The rows a queue list holds: a few pages of each section, the rest asked for when it comes into view.

Memory follows the number of pages kept, never the number of cases.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bdesk.models.views.queue import QueueRow, Section

PAGE = 64
KEEP = 24
"""Pages kept; at 64 rows each they cover the tallest terminal several times over."""

Place = tuple[str, int]
"""A section's code and a row's index in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to be read: `limit` rows of a section from `index` on.

    Keyset readers go on after the row `after`, or back from the row `before`; with neither, the page
    is the section's first (index 0), its last, or one in the middle that only an offset can reach.
    """

    section: str
    index: int
    limit: int
    after: QueueRow | None
    before: QueueRow | None


class Pages:
    """Loaded pages by section and page number, least recently used ones dropped."""

    def __init__(self) -> None:
        self.sections: tuple[Section, ...] = ()
        self._pages: OrderedDict[tuple[str, int], list[QueueRow | None]] = OrderedDict()
        self._places: dict[int, Place] = {}
        self._asked: set[tuple[str, int]] = set()

    def reset(self, sections: Sequence[Section], rows: Mapping[str, Sequence[QueueRow]]) -> None:
        """Forget everything and start from these sections and the first rows of each."""
        self.sections = tuple(sections)
        self._pages.clear()
        self._places.clear()
        self._asked.clear()
        for section in self.sections:
            self.put(section.code, 0, rows.get(section.code, ()))

    def total(self, code: str) -> int:
        """How many rows a section has; 0 for one that is not there."""
        return next((section.total for section in self.sections if section.code == code), 0)

    def grow(self, code: str, total: int) -> None:
        """Let a section have so many rows; its last page may be asked for again."""
        last = min(total, self.total(code)) // PAGE
        self.sections = tuple(
            replace(section, total=total) if section.code == code else section for section in self.sections
        )
        self._asked.discard((code, last))

    def put(self, code: str, index: int, rows: Sequence[QueueRow]) -> None:
        """Keep rows that stand from `index` on; rows past the section's total are dropped."""
        total = self.total(code)
        for at, row in enumerate(rows, index):
            if at < total:
                self._page(code, at // PAGE)[at % PAGE] = row
                self._places[row.case_id] = (code, at)
        self._trim()

    def _page(self, code: str, number: int) -> list[QueueRow | None]:
        key = (code, number)
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = [None] * PAGE
        self._pages.move_to_end(key)
        return page

    def _trim(self) -> None:
        while len(self._pages) > KEEP:
            key, page = self._pages.popitem(last=False)
            self._asked.discard(key)
            for row in page:
                if row is not None and self._places.get(row.case_id, ("", -1))[1] // PAGE == key[1]:
                    self._places.pop(row.case_id, None)

    def row(self, code: str, index: int) -> QueueRow | None:
        """The row at a place, or None while its page is not loaded."""
        page = self._pages.get((code, index // PAGE))
        return None if page is None else page[index % PAGE]

    def used(self, code: str, index: int) -> None:
        """Say that a place is in view, so that its page is dropped last."""
        key = (code, index // PAGE)
        if key in self._pages:
            self._pages.move_to_end(key)

    def place(self, case_id: int) -> Place | None:
        """Where a loaded case stands."""
        return self._places.get(case_id)

    def patch(self, rows: Iterable[QueueRow]) -> Iterator[Place]:
        """Replace loaded rows by newer versions of the same cases, in their old places."""
        for row in rows:
            place = self._places.get(row.case_id)
            if place is not None:
                self._page(place[0], place[1] // PAGE)[place[1] % PAGE] = row
                yield place

    def first_ids(self, code: str, most: int) -> list[int]:
        """The ids of the section's rows from the first on, up to the first that is not loaded."""
        ids: list[int] = []
        for index in range(min(most, self.total(code))):
            row = self.row(code, index)
            if row is None:
                break
            ids.append(row.case_id)
        return ids

    def changes(self, section: Section, rows: Sequence[QueueRow]) -> int:
        """How many changes of order there are between what is loaded and the section's newest first rows."""
        new = [row.case_id for row in rows]
        old = self.first_ids(section.code, max(len(new), PAGE))
        full = section.total > len(new) or self.total(section.code) > len(old)
        return count_changes(old[: len(new)] if full else old, new, full)

    def want(self, code: str, index: int) -> Wanted | None:
        """The page to read so that this place is loaded; None when it was asked for already."""
        number = index // PAGE
        if (code, number) in self._asked:
            return None
        self._asked.add((code, number))
        start = number * PAGE
        limit = min(PAGE, self.total(code) - start)
        after = self.row(code, start - 1) if start else None
        before = self.row(code, start + limit)
        return Wanted(code, start, limit, after, before)

    def ask_again(self) -> None:
        """Forget what was asked for, after a read that failed."""
        self._asked.clear()

    def __len__(self) -> int:
        return len(self._pages)


def count_changes(old: Sequence[int], new: Sequence[int], full: bool) -> int:
    """How many cases came, went or changed places between two orders of the same part of a list.

    With `full` both are the first rows of something longer: what was pushed out at the end, or
    moved up into view there, is no change.
    """
    before, after = list(old), list(new)
    if full:
        kept, arrived = set(new), set(old)
        while before and before[-1] not in kept:
            before.pop()
        while after and after[-1] not in arrived:
            after.pop()
    places = {case_id: place for place, case_id in enumerate(before)}
    common = [places[case_id] for case_id in after if case_id in places]
    moved = len(common) - _longest_rising(common)
    return (len(before) - len(common)) + (len(after) - len(common)) + moved


def _longest_rising(numbers: Sequence[int]) -> int:
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)
