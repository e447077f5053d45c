"""One store of normal size and one demo for everything here that only looks, and copies for what does not."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bdesk.data.store import Store, open_store
from bdesk.training.report import Report
from bdesk.training.seed import seed_store

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""Wednesday 10:00 in Asia/Shanghai."""


@pytest.fixture(scope="session")
def normal_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What `bdesk seed --size normal` says; nobody may write to its store."""
    url = f"sqlite:///{tmp_path_factory.mktemp('normal') / 'desk.db'}"
    return seed_store(url, size="normal", seed=7, now=NOW, rate=0)


@pytest.fixture(scope="session")
def demo_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The same of a demo; nobody may write to its store: copy it first."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'desk.db'}"
    return seed_store(url, size="demo", seed=7, now=NOW)


def copied(report: Report, folder: Path) -> str:
    """The URL of a copy to be changed."""
    return f"sqlite:///{shutil.copy(report.store, folder / 'desk.db')}"


@pytest.fixture(scope="session")
def normal_store(normal_report: Report) -> Iterator[Store]:
    with open_store(f"sqlite:///{normal_report.store}") as store:
        yield store


@pytest.fixture
def normal(normal_store: Store) -> Iterator[Session]:
    """Its rows, as one transaction sees them."""
    with normal_store.read() as session:
        yield session
