"""A store with one agent, and the hand that works a desk on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bdesk import i18n
from bdesk.clock import FrozenClock
from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.customer.revealed import RevealedModal
from bdesk.training.seed import seed_store
from tests.builders import make_store, person
from tests.screens.scenario import Made, Seeded


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    """The stores of scenarios, each made once."""
    folder, made = tmp_path_factory.mktemp("seeded"), dict[str, Made]()

    def of(code: str) -> Made:
        if code not in made:
            path = folder / f"{code}.db"
            report = seed_store(f"sqlite:///{path}", size="empty", seed=4, scenario=code)
            made[code] = Made(path.read_bytes(), report.password)
        return made[code]

    return of


@pytest.fixture
def host() -> FrozenClock:
    """The clock of the machine; a training store's own runs with it."""
    return FrozenClock(datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture
def agent(store: Store) -> ActorView:
    return person(store, "1001")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Once in each language of the desk."""
    i18n.set_language(request.param)
    yield request.param
    i18n.set_language("en")


@pytest.fixture
def patient_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock of F8 is a second later: a person who reads before pressing. What is revealed
    counts no second down."""
    ticks = count(1)
    monkeypatch.setattr(CaseScreen, "seconds", staticmethod(lambda: float(next(ticks))))
    monkeypatch.setattr(RevealedModal, "seconds", staticmethod(lambda: 0.0))
