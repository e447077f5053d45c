"""The texts of the book: a person's own files in BDESK_HOME/book, then the packaged ones."""

import hashlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bdesk import paths
from bdesk.errors import BadInput

LONGEST_FILE = 2_000_000
"""Bytes; the largest packaged one has a fiftieth of it."""


class Source:
    """One file of the book: its name for messages, and its text."""

    __slots__ = ("name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def sources(folder: str) -> Iterator[Source]:
    """The YAML files of a folder of the book, by name; a person's own file stands for the packaged one.

    Raises BadInput("book.unreadable") for a file that cannot be read.
    """
    found = {name: Source(f"{folder}/{name}", entry.read_text("utf-8")) for name, entry in packaged(folder)}
    found.update({path.name: read(path) for path in own(folder)})
    for name in sorted(found):
        yield found[name]


def packaged_source(name: str) -> Source:
    """A file of the book that goes with the code, such as effect_names.yaml: which effect moves money is
    nobody's own to say."""
    return Source(name, _package().joinpath(name).read_text("utf-8"))


def source(name: str) -> Source:
    """One file directly in the book, such as coverage.yaml; an own one goes first."""
    mine = paths.book_dir() / name
    if mine.is_file():
        return read(mine)
    return packaged_source(name)


def read(path: Path) -> Source:
    """A file of somebody's own. Raises BadInput("book.unreadable")."""
    try:
        if not path.is_file() or path.stat().st_size > LONGEST_FILE:
            reason = "too large" if path.is_file() else "not a file"
            raise BadInput("book.unreadable", file=str(path), reason=reason)
        return Source(str(path), path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = (
            "not UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or "cannot be read")
        )
        raise BadInput("book.unreadable", file=str(path), reason=reason) from None


def packaged(folder: str) -> list[tuple[str, Traversable]]:
    """The packaged YAML files of a folder, by name."""
    place = _package().joinpath(folder)
    if not place.is_dir():
        return []
    return sorted(
        ((one.name, one) for one in place.iterdir() if one.name.endswith(".yaml")), key=lambda one: one[0]
    )


def own(folder: str) -> list[Path]:
    """A person's own YAML files of a folder, by name."""
    place = paths.book_dir() / folder
    return sorted(place.glob("*.yaml")) if place.is_dir() else []


def _package() -> Traversable:
    return resources.files("bdesk").joinpath("data", "book")
