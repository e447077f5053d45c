"""What every test can rely on: a home of its own, English, no settings and no keyring of whoever runs it."""

import gc
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bdesk import paths
from bdesk.i18n import set_language
from bdesk.secrets import keyrings

# Examples come from the test's own name, so that a failure on one machine is a failure on every one; and
# two busy cores say nothing about a rule, so no example is timed.
settings.register_profile(
    "bdesk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("bdesk")


def pytest_collection_finish() -> None:
    """Looking for rings of garbage through the book and all modules, after every few hundred objects, costs a
    third of the tests of screens. The desk does likewise once it is open."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that there are not yet, in one of their own: the factory looks through all that it made before
    it makes another, which in thousands of tests costs more than many of them."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """BDESK_HOME in a temporary folder, BDESK_STORE unset, the language English."""
    home = next(homes)
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BDESK_HOME", str(home))
    for name in (
        "BDESK_STORE",
        "BDESK_STORE_FILE",
        "BDESK_LANG",
        "BDESK_TRACEBACK",
        "LANGUAGE",
        "LC_ALL",
        "LC_MESSAGES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    # Nobody's own keyring is touched, and nothing waits for one.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    keyrings.ask_again()
    set_language(None)
    yield home
    set_language(None)


@pytest.fixture(scope="session")
def finished_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("book") / "book"


@pytest.fixture
def book_at_hand(own_home: Path, finished_book: Path) -> None:
    """The home of somebody who started the desk before: a process started here finds the book finished, and
    parses no text of it."""
    # Most tests need no book; here, so that a small room starts without it.
    from bdesk.data.book import shelf
    from bdesk.data.book.book import load_book
    from bdesk.data.book.reading import to_plain

    kept = paths.cache_dir()
    assert kept is not None
    name = f"{shelf.key()}.book"
    if not finished_book.exists():
        shelf.put(shelf.key(), to_plain(load_book()))
        shutil.copy(kept / name, finished_book)
    shutil.copy(finished_book, kept / name)
