"""A book that is read when something is first asked of it.

Reading it takes as long as a page of the queue, which needs none of it: so the page is painted first.
"""

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from bdesk.data.book.book import Book


class LateBook:
    """Stands for the Book of `load_book`, and raises what that raises at the first use."""

    __slots__ = ("_book",)

    def __init__(self) -> None:
        self._book: Book | None = None

    def __getattr__(self, name: str) -> Any:
        if self._book is None:
            from bdesk.data.book.book import load_book

            self._book = load_book()
        return getattr(self._book, name)


def late_book() -> "Book":
    """A book to hand to a desk before it is read."""
    return cast("Book", LateBook())


def is_read(book: object) -> bool:
    """Whether using this book costs nothing any more."""
    return not isinstance(book, LateBook) or book._book is not None
