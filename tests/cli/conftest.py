"""One seeded training store for the commands that only look."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bdesk.training.report import Report
from bdesk.training.seed import seed_store

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Report]:
    """Its URL, and what is in it. Nobody may write to it: copy it first (`own_copy`)."""
    url = f"sqlite:///{tmp_path_factory.mktemp('seeded') / 'desk.db'}"
    return url, seed_store(url, size="demo", seed=1, now=NOW, rate=0)


@pytest.fixture
def store_url(seeded: tuple[str, Report], monkeypatch: pytest.MonkeyPatch) -> str:
    """The seeded store named by BDESK_STORE, agent 1001 acting."""
    monkeypatch.setenv("BDESK_STORE", seeded[0])
    monkeypatch.setenv("BDESK_AS", "1001")
    return seeded[0]


@pytest.fixture
def own_copy(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of the seeded store, to be changed."""
    copy = tmp_path / "desk.db"
    copy.write_bytes(Path(store_url.removeprefix("sqlite:///")).read_bytes())
    monkeypatch.setenv("BDESK_STORE", f"sqlite:///{copy}")
    return f"sqlite:///{copy}"


@pytest.fixture
def s1(seeded: tuple[str, Report]) -> str:
    """The case number of scenario S1 in the seeded store."""
    return next(one.cases[0] for one in seeded[1].scenarios if one.code == "S1")
