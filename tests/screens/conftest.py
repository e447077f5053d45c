"""A store with one agent, and the hand that works a desk on it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bdesk.data.store import Store
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.case.screen import CaseScreen
from tests.builders import make_store, person


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with make_store(tmp_path) as made:
        yield made


@pytest.fixture
def agent(store: Store) -> ActorView:
    return person(store, "1001")


@pytest.fixture
def patient_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock of F8 is a second later: a person who reads before pressing."""
    ticks = count(1)
    monkeypatch.setattr(CaseScreen, "seconds", staticmethod(lambda: float(next(ticks))))
