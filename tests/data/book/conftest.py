"""What tests of the book share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def parsed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parsed")


@pytest.fixture
def parsed(own_home: Path, parsed_once: Path) -> Iterator[None]:
    """A cache that begins with what earlier tests parsed: packaged files are parsed once for all."""
    cache = own_home / "cache" / "book"
    cache.parent.mkdir(mode=0o700)
    cache.mkdir(mode=0o700)
    for kept in parsed_once.iterdir():
        shutil.copy(kept, cache)
    yield
    for new in cache.glob("*.json"):
        # A test may have damaged what it began with, never what it added.
        if not (parsed_once / new.name).exists() and new.stat().st_size > 1:
            shutil.copy(new, parsed_once)
